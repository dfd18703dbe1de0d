"""Topics and actions of a session that is written as YAML, with the place of each in the text.

There are two ways to the same items: a quick one for what is plainly written, which is nearly
everything, and a careful one that also gives the nodes to edit by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from tldash.formats.markdown.body import with_twins
from tldash.formats.yaml import load
from tldash.formats.yaml import plain as yamlquick
from tldash.formats.yaml.items import DATE_FIELDS, NO_VALUE, ItemReader, split_box, status_by_date
from tldash.formats.yaml.nodes import Places, Trouble, look
from tldash.model.frozen import frozen
from tldash.model.records import Problem, Severity, Task

__all__ = [
    "DATE_FIELDS",
    "LISTS",
    "NO_VALUE",
    "Item",
    "is_topic",
    "read",
    "read_known",
    "split_box",
    "status_by_date",
]

TOPIC_KEYS: Final = ("agenda", "topics")
ACTION_KEY: Final = "actions"
LISTS: Final = (*TOPIC_KEYS, ACTION_KEY)


@frozen
class Item:
    """One topic or action, and the YAML nodes that it was read from."""

    task: Task
    node: Any
    """The composed node: a scalar or a mapping. One of `yamlquick` cannot be edited by."""


Read = tuple[tuple[Item, ...], tuple[Problem, ...]]


def read_known(text: str, path: str, data: object, wrong: Sequence[Problem]) -> Read:
    """The same as `read`, quicker where a document is plainly written.

    `data` is its value, and `wrong` what `yamls.read` or `yamls.load` found to be wrong with it.
    The items have no nodes to edit by.
    """
    nodes = None if wrong else yamlquick.nodes(text, data, LISTS)
    if nodes is not None:
        items, problems = _items(text, path, nodes)
        if not problems:
            return items, ()
    return read(text, path)


def read(text: str, path: str) -> Read:
    """The items of a YAML session, in order of appearance, and what was wrong with them.

    A document that cannot be composed is read the quick way, if it is plainly written.
    """
    root = look(text)
    if not isinstance(root, Trouble):
        nodes = [(name, index, node) for name in LISTS for index, node in _nodes(root, name)]
        return _items(text, path, nodes)
    data, wrong = load.load(text, path)
    if data is None:
        return (), ()
    plain = None if wrong else yamlquick.nodes(text, data, LISTS)
    if plain is not None:
        return _items(text, path, plain)
    line, column = Places(text).of(root.offset)
    problem = (
        Problem(
            path, line, column, Severity.ERROR, "too-large",
            "this YAML is too large to find its actions in",
            "split it, or write the session as Markdown",
        )
        if len(text) > load.COMPOSE_LIMIT
        else Problem(
            path, line, column, Severity.ERROR, "yaml", root.message,
            "until then its topics and actions cannot be read",
        )
    )  # fmt: skip
    return (), (problem,)


def _items(text: str, path: str, nodes: Iterable[tuple[str, int, Any]]) -> Read:
    reader = ItemReader(text, path)
    items = [
        Item(task, node)
        for name, index, node in nodes
        if (task := reader.item(name, index, node)) is not None
    ]
    items.sort(key=lambda item: item.node.start_mark.index)
    told_apart = with_twins([item.task for item in items])
    marked = tuple(Item(task, item.node) for task, item in zip(told_apart, items, strict=True))
    return marked, tuple(sorted(reader.problems))


def _nodes(root: Any, name: str) -> Iterator[tuple[int, Any]]:
    pair = load.child(root, name)
    if pair is not None and pair[1].id == "sequence":
        yield from enumerate(pair[1].value)


def is_topic(task: Task) -> bool:
    """Whether an item of a YAML session is a topic rather than an action."""
    return bool(task.yaml_path) and task.yaml_path[0] in TOPIC_KEYS
