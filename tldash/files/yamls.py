"""YAML: values by a fast reader, positions by a careful one.

Values come from yaml-rs, which reads YAML 1.2, refuses duplicate keys, alias bombs and endless
nesting, and is quick enough for ten thousand files. It tells no positions of values, so where a
problem needs a line, or an edit needs a span, the document is composed once more by ruamel.yaml,
within limits that keep a hostile document from costing seconds. Nothing is ever dumped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import yaml_rs

from tldash.documents import Fault
from tldash.files import blocks
from tldash.records import Problem, Severity

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

COMPOSE_LIMIT: Final = 128 * 1024
"""Characters beyond which a document is not composed; ruamel.yaml takes about a second for this."""
DEPTH_LIMIT: Final = 50
"""Levels of nesting beyond which a document is not composed."""

_POSITION: Final = re.compile(r"line (\d+),? column (\d+)")
_DUPLICATE: Final = re.compile(r"duplicate mapping key: '?(.*?)'?$")
_TOP_KEY: Final = re.compile(r"([^\s#'\"\[{&*!|>%@`:-][^:#]*?)[ \t]*:(?:\s|$)")
_TAB: Final = re.compile(r"^ *\t[ \t]*[^\s#]", re.MULTILINE)
_SECOND: Final = re.compile(r"(?m)^(?:---|\.\.\.)(?=\s|$)")


def load(text: str, path: str, first_line: int = 1) -> tuple[object, tuple[Problem, ...]]:
    """The value of one YAML document, or None and the reason why there is none.

    `first_line` is the line of the file on which `text` begins.
    """
    try:
        data = yaml_rs.loads(text, parse_datetime=False)
    except (yaml_rs.YAMLDecodeError, ValueError) as error:
        return None, (_syntax_problem(text, str(error), path, first_line),)
    if isinstance(data, list) and (second := _second_document(text)):
        line = first_line + text.count("\n", 0, second)
        return None, (
            Problem(
                path,
                line,
                1,
                Severity.ERROR,
                "two-documents",
                "a second YAML document starts here; one was expected",
                "remove the line of dashes, or quote it",
            ),
        )
    return data, ()


def _second_document(text: str) -> int:
    """Where a second document starts, as an offset; 0 if there is none."""
    starts = [match.start() for match in _SECOND.finditer(text)]
    before = text[: starts[0]].strip() if starts else ""
    if starts and (not before or before.startswith("#") and "\n" not in before):
        starts = starts[1:]
    return starts[0] if starts else 0


def _syntax_problem(text: str, message: str, path: str, first_line: int) -> Problem:
    line, column, hint = 1, 1, ""
    duplicate = _DUPLICATE.search(message)
    position = _POSITION.search(message)
    if duplicate:
        message = f"the key '{duplicate[1]}' is there twice"
        hint = "keep one of them"
        line, column = _find_duplicate(text, duplicate[1]) or (1, 1)
    elif position:
        line, column = int(position[1]), int(position[2])
        message = f"not valid YAML: {message.rpartition(chr(10))[2].strip().rstrip('.')}"
        hint = _syntax_hint(text, line)
    else:
        message = f"not valid YAML: {message.partition(chr(10))[0][:120]}"
    return Problem(path, first_line + line - 1, column, Severity.ERROR, "yaml", message, hint)


def _syntax_hint(text: str, line: int) -> str:
    lines = blocks.split_lines(text)
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    if _TAB.search("\n".join(lines[max(0, line - 2) : line + 1])):
        return "indent with blanks; YAML allows no tabs there"
    if here.count(": ") > 1:
        return "put the value in quotes, because it contains ': '"
    return ""


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, 1-based. Lines end as in every file here, not as in ruamel.yaml's
    marks, which count NEL and U+2028 too."""
    before = blocks.split_lines(text[:offset] + ".")
    return len(before), len(before[-1])


def _find_duplicate(text: str, key: str) -> tuple[int, int] | None:
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    waiting: list[Any] = [compose(text)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, MappingNode):
            same = [name for name, _ in node.value if str(name.value) == key]
            if len(same) > 1:
                return position(text, same[1].start_mark.index)
            waiting.extend(value for _, value in node.value)
        elif isinstance(node, SequenceNode):
            waiting.extend(node.value)
    return None


def compose(text: str) -> Node | None:
    """The node tree of a document, with the marks at which each node starts and ends.

    None where the document is empty, not valid, or beyond the limits.
    """
    if len(text) > COMPOSE_LIMIT or _depth(text) > DEPTH_LIMIT:
        return None
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    reader = YAML(typ="rt", pure=True)
    try:
        return reader.compose(text)  # type: ignore[no-any-return]
    except (YAMLError, ValueError, KeyError, IndexError, AssertionError, RecursionError):
        return None  # ruamel.yaml raises each of these on some document that is not valid


def _depth(text: str) -> int:
    """An upper bound of how deep the document nests."""
    flow = max(text.count("["), text.count("{"))
    block = max(
        (len(line) - len(line.lstrip(" -?")) for line in blocks.split_lines(text)), default=0
    )
    return max(min(flow, DEPTH_LIMIT + 1) if flow > DEPTH_LIMIT else 0, block // 2)


def child(node: Node | None, step: str | int) -> tuple[Any, Any] | None:
    """Key node (the item itself in a sequence) and value node one step down; None if missing."""
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def locate(text: str, where: Sequence[str | int]) -> tuple[int, int]:
    """Line and column, 1-based within `text`, of the key or item at `where`; (1, 1) if not found."""
    if where and (match := re.search(rf"(?m)^{re.escape(str(where[0]))}[ \t]*:", text)):
        top = text.count("\n", 0, match.start()) + 1
    else:
        top = 1
    if len(where) < 2:
        return top, 1
    node, found = compose(text), None
    for step in where:
        pair = child(node, step)
        if pair is None:
            break
        found, node = pair
    if found is None:
        return top, 1
    return position(text, found.start_mark.index)


def key_lines(text: str, first_line: int = 1) -> tuple[tuple[str, int], ...]:
    """The top-level keys of a document in block style, and the line of each."""
    lines = enumerate(blocks.split_lines(text), first_line)
    return tuple((match[1], number) for number, line in lines if (match := _TOP_KEY.match(line)))


def problems(
    faults: Iterable[Fault], text: str, path: str, first_line: int = 1
) -> tuple[Problem, ...]:
    """Faults of a document as problems of the file that it stands in."""
    found = []
    for fault in faults:
        line, column = locate(text, fault.where)
        found.append(
            Problem(
                path,
                first_line + line - 1,
                column,
                fault.severity,
                fault.code,
                fault.message,
                fault.hint,
            )
        )
    return tuple(found)
