"""Topics and actions of a session that is written as YAML, with the place of each in the text.

An item is a string in the grammar of task lines, or a mapping with `text` and the fields by name.
In YAML a `#` after a blank starts a comment, so that the tag in `- call Ann #vision` is none to a
YAML reader; people mean a tag all the same, so tags that directly follow an item count as its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeGuard

from tldash.dates import guess_date, parse_moment
from tldash.files import blocks, tasks, yamlquick, yamls
from tldash.files.markdown import with_twins
from tldash.records import Fields, Priority, Problem, Severity, Status, Task

TOPIC_KEYS: Final = ("agenda", "topics")
ACTION_KEY: Final = "actions"
LISTS: Final = (*TOPIC_KEYS, ACTION_KEY)

DATE_FIELDS: Final = ("due", "scheduled", "start", "created", "done", "cancelled")
NO_VALUE: Final = ("", "~", "null")
"""How YAML 1.2 writes nothing, in lower case."""
_TEXT_FIELDS: Final = ("owner", "repeat", "id")
_WORDS: Final = ("text", "action", "topic")
_ITEM_KEYS: Final = {*_WORDS, *DATE_FIELDS, *_TEXT_FIELDS, "priority", "tags", "status", "note"}
_BOX: Final = re.compile(r"\[(.)\](?: +|$)")
_TAGS: Final = re.compile(r"[ \t]+((?:#[^\W\d][\w/-]*[ \t]*)+)")


@dataclass(frozen=True, slots=True)
class Item:
    """One topic or action, and the YAML nodes that it was read from."""

    task: Task
    node: Any
    """The composed node: a scalar or a mapping."""


Read = tuple[tuple[Item, ...], tuple[Problem, ...]]


def read_known(text: str, path: str, data: object) -> Read:
    """The same as `read`, quicker where a document is plainly written; `data` are its values.

    The items have no nodes to edit by.
    """
    nodes = yamlquick.nodes(text, data, LISTS)
    if nodes is not None:
        items, problems = _items(text, path, nodes)
        if not problems:
            return items, ()
    return read(text, path)


def read(text: str, path: str) -> Read:
    """The items of a YAML session, in order of appearance, and what was wrong with them."""
    root = yamls.compose(text)
    if root is None:
        if yamls.load(text, path)[0] is None:
            return (), ()
        return (), (
            Problem(
                path, 1, 1, Severity.ERROR, "too-large",
                "this YAML is too large to find its actions in",
                "split it, or write the session as Markdown",
            ),
        )  # fmt: skip
    nodes = [(name, index, node) for name in LISTS for index, node in _nodes(root, name)]
    return _items(text, path, nodes)


def _items(text: str, path: str, nodes: Iterable[tuple[str, int, Any]]) -> Read:
    lines = blocks.split_lines(text)
    items: list[Item] = []
    problems: list[Problem] = []
    for name, index, node in nodes:
        item = _Reader(text, lines, path, problems).item(name, index, node)
        if item is not None:
            items.append(item)
    items.sort(key=lambda item: item.node.start_mark.index)
    told_apart = with_twins([item.task for item in items])
    marked = tuple(Item(task, item.node) for task, item in zip(told_apart, items, strict=True))
    return marked, tuple(sorted(problems))


def _nodes(root: Any, name: str) -> Iterator[tuple[int, Any]]:
    from ruamel.yaml.nodes import SequenceNode

    pair = yamls.child(root, name)
    if pair is not None and isinstance(pair[1], SequenceNode):
        yield from enumerate(pair[1].value)


def is_topic(task: Task) -> bool:
    """Whether an item of a YAML session is a topic rather than an action."""
    return bool(task.yaml_path) and task.yaml_path[0] in TOPIC_KEYS


def split_box(value: str) -> tuple[str, int]:
    """The mark of a string that begins with a box, and where its words start; else `""` and 0."""
    match = _BOX.match(value)
    return (match[1], match.end()) if match else ("", 0)


class _Reader:
    """Reads the items of one document, collecting what is wrong with them."""

    def __init__(self, text: str, lines: list[str], path: str, problems: list[Problem]) -> None:
        self.text = text
        self.lines = lines
        self.path = path
        self.problems = problems

    def item(self, name: str, index: int, node: Any) -> Item | None:
        line, _ = yamls.position(self.text, node.start_mark.index)
        task = Task(
            self.path,
            line,
            self.lines[line - 1],
            "",
            Status.OPEN,
            section=(name,),
            yaml_path=(name, index),
        )
        if node.id == "scalar":
            return Item(self._from_string(task, node), node)
        if node.id == "mapping":
            read = self._from_mapping(task, node)
            return Item(read, node) if read is not None else None
        self._problem(node, "item", "a text or a mapping was expected here", "")
        return None

    def _from_string(self, task: Task, node: Any) -> Task:
        mark, start = split_box(node.value)
        parsed = tasks.parse(node.value[start:].replace("\n", " "))
        opening = 1 if node.style in ("'", '"') else 0
        _, column = yamls.position(self.text, node.start_mark.index)
        self.problems.extend(
            found.in_file(self.path, task.line, column - 1 + opening + start)
            for found in parsed.problems
        )
        tags = (*parsed.fields.tags, *self._tags_after(node))
        fields = replace(parsed.fields, tags=tuple(dict.fromkeys(tags)))
        status = tasks.status_of(mark) if mark else status_by_date(fields)
        return replace(task, text=parsed.text, fields=fields, status=status)

    def _tags_after(self, node: Any) -> list[str]:
        match = _TAGS.match(self.text, node.end_mark.index)
        return [tag[1:] for tag in match[1].split()] if match else []

    def _from_mapping(self, task: Task, node: Any) -> Task | None:
        values: dict[str, Any] = {str(key.value): value for key, value in node.value}
        words = next((values[name] for name in _WORDS if name in values), None)
        if not _is_text(words):
            hint = "add a key: text: …"
            if len(values) == 1 and not _ITEM_KEYS & values.keys():
                hint = "put the whole text in quotes, because it contains ': '"
            self._problem(node, "item", "this item has no text", hint)
            return None
        parsed = tasks.parse(words.value.replace("\n", " "))
        fields: dict[str, Any] = {}
        for name in DATE_FIELDS:
            if name in values and (day := self._date(name, values[name])):
                fields[name] = day
        for name in _TEXT_FIELDS:
            given = values.get(name)
            if _is_text(given) and str(given.value).lower() not in NO_VALUE:
                fields[name] = str(given.value).removeprefix("@")
        if _is_text(values.get("priority")):
            fields["priority"] = self._priority(values["priority"])
        written = values.get("tags")
        if written is not None and written.id != "mapping":
            names = (
                written.value.replace(",", " ").split()
                if _is_text(written)
                else [str(tag.value) for tag in written.value]
            )
            fields["tags"] = tuple(
                dict.fromkeys((*parsed.fields.tags, *(name.removeprefix("#") for name in names)))
            )
        merged = replace(parsed.fields, **fields)
        status = self._status_of(values)
        if status is Status.OPEN:
            status = status_by_date(merged)
        note = values.get("note") or values.get("notes")
        return replace(
            task,
            text=parsed.text,
            fields=merged,
            status=status,
            note=str(note.value).strip() if _is_text(note) else "",
        )

    def _status_of(self, values: dict[str, Any]) -> Status:
        for name, status in (("done", Status.DONE), ("cancelled", Status.CANCELLED)):
            if name in values and _written(values[name]).lower() == "true":
                return status
        written = values.get("status")
        if written is None:
            return Status.OPEN
        try:
            return Status(_written(written).strip().lower())
        except ValueError:
            self._problem(
                written,
                "value",
                f"'{_written(written)[:40]}' is not a status",
                "write open, in-progress, done or cancelled",
            )
            return Status.OPEN

    def _date(self, name: str, node: Any) -> date | None:
        value = _written(node)
        if value.lower() in NO_VALUE or (
            name in ("done", "cancelled") and value.lower() in ("true", "false")
        ):
            return None
        moment = parse_moment(value)
        if moment is None:
            guess = guess_date(value)
            self._problem(
                node,
                "date",
                f"'{value[:40]}' is not a date",
                f"write {guess.isoformat()}" if guess else "write it as YYYY-MM-DD",
            )
        return moment.day if moment else None

    def _priority(self, node: Any) -> Priority | None:
        value = str(node.value).strip().lower()
        if value in ("", "normal", "none"):
            return None
        try:
            return Priority(value)
        except ValueError:
            names = ", ".join(Priority)
            self._problem(
                node, "priority", f"'{value[:40]}' is not a priority", f"write one of {names}"
            )
            return None

    def _problem(self, node: Any, code: str, message: str, hint: str) -> None:
        line, column = yamls.position(self.text, node.start_mark.index)
        self.problems.append(Problem(self.path, line, column, Severity.ERROR, code, message, hint))


def _is_text(node: Any | None) -> TypeGuard[Any]:
    return node is not None and node.id == "scalar"


def _written(node: Any) -> str:
    """The words of a value; what it is where it has none."""
    kinds = {"sequence": "a list", "mapping": "a mapping"}
    return kinds.get(node.id) or str(node.value)


def status_by_date(fields: Fields) -> Status:
    """The status of an item without a box or status: a completion date says that it is closed."""
    if fields.done:
        return Status.DONE
    return Status.CANCELLED if fields.cancelled else Status.OPEN
