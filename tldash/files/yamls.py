"""YAML: values by a fast reader, positions by a careful one.

Values come from yaml-rs, which reads YAML 1.2, refuses duplicate keys and alias bombs, and is quick
enough for ten thousand files. It tells no positions of values, so where a problem needs a line, or
an edit needs a span, the document is composed once more by ruamel.yaml, within limits that keep a
hostile document from costing seconds. Nothing is ever dumped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import yaml_rs
from yaml_rs import AliasLimits, DuplicateKeyPolicy

from tldash.files import blocks
from tldash.records import Problem, Severity

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

    from tldash.documents import Fault

COMPOSE_LIMIT: Final = 128 * 1024
"""Characters beyond which a document is not composed; ruamel.yaml takes about a second for this."""
DEPTH_LIMIT: Final = 100
"""Block collections in each other beyond which a document is not read.

yaml-rs stops at some 250 levels in flow style. In block style it goes on until the stack is full,
which ends the process.
"""

_ALIASES: Final = AliasLimits(max_total_replayed_events=10_000)
_FAR_IN: Final = re.compile(rf"(?m)^(?:[-?:]?[ \t]){{{DEPTH_LIMIT // 2}}}")
_LEADING: Final = re.compile(r"(?m)^(?:[-?:]?[ \t])*+(?!\Z)")
_INDICATOR: Final = re.compile(r"[-?:]")
_POSITION: Final = re.compile(r"line (\d+),? column (\d+)")
_DUPLICATE: Final = re.compile(r"duplicate mapping key: '?(.*?)'?$")
_BAD_TAG: Final = re.compile(r"Invalid tag: '(.*)'")
_BAD_VALUE: Final = re.compile(r"Invalid value '.*' for '(.*)' tag")
_ALIAS: Final = re.compile(r"(?<![\w*])\*(?=\w)")
_TOP_KEY: Final = re.compile(r"([^\s#'\"\[{&*!|>%@`:-][^:#]*?)[ \t]*:(?:\s|$)")
_TAB: Final = re.compile(r"^ *\t[ \t]*[^\s#]", re.MULTILINE)
_TOP_CONTENT: Final = re.compile(r"\s*[^\s#%]")
_SECOND: Final = re.compile(r"(?m)^(?:---|\.\.\.)(?=\s|$)")


def load(text: str, path: str, first_line: int = 1) -> tuple[object, tuple[Problem, ...]]:
    """The value of one YAML document, or None, and what is wrong with it.

    `first_line` is the line of the file on which `text` begins. Where a key is there twice, the
    first one counts.
    """
    problems: tuple[Problem, ...] = ()
    try:
        data = _load(text, DuplicateKeyPolicy.Error)
    except ValueError as error:
        problems = (_syntax_problem(text, str(error), path, first_line),)
        try:
            data = _load(text, DuplicateKeyPolicy.FirstWins)
        except ValueError:
            return None, problems
    if isinstance(data, list) and (second := _second_document(text)):
        line = first_line + position(text, second)[0] - 1
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
    return data, problems


def _load(text: str, duplicates: DuplicateKeyPolicy) -> object:
    """Raises ValueError, of which yaml-rs' own error is a kind."""
    if _too_deep(text) is not None:
        raise ValueError("nested too deeply")
    return yaml_rs.loads(
        text, parse_datetime=False, alias_limits=_ALIASES, duplicate_key_policy=duplicates
    )


def _too_deep(text: str) -> int | None:
    """Where block collections begin to nest too deeply, as an offset; None if they never do.

    Each level of block style starts in a column further to the right than the one around it, but
    for a list in a mapping, which may stand in the same one. Counting columns needs no parser.
    """
    text = text.replace("\r", "\n") + "\n"
    if not _FAR_IN.search(text):
        return None
    columns: list[int] = []
    for leading in _LEADING.finditer(text):
        starts = [sign.start() for sign in _INDICATOR.finditer(leading[0])]
        if text[leading.end()] != "\n":
            starts.append(len(leading[0]))
        if not starts:
            continue
        while columns and columns[-1] >= starts[0]:
            columns.pop()
        columns.extend(starts)
        if len(columns) > DEPTH_LIMIT:
            return leading.start() + starts[0]
    return None


def _second_document(text: str) -> int:
    """Where a second document starts, as an offset; 0 if there is none."""
    starts = [match.start() for match in _SECOND.finditer(text)]
    if starts and not any(map(_TOP_CONTENT.match, blocks.split_lines(text[: starts[0]]))):
        starts = starts[1:]
    return starts[0] if starts else 0


def _syntax_problem(text: str, message: str, path: str, first_line: int) -> Problem:
    line, column, hint = 1, 1, ""
    if (deep := _too_deep(text)) is not None:
        message = f"nested more than {DEPTH_LIMIT} levels deep"
        line, column = position(text, deep)
    elif duplicate := _DUPLICATE.search(message):
        message = f"the key '{duplicate[1]}' is there twice"
        hint = "keep one of them"
        line, column = _find_duplicate(text, duplicate[1]) or (1, 1)
    elif place := _POSITION.search(message):
        line, column = int(place[1]), int(place[2])
        message = f"not valid YAML: {message.rpartition(chr(10))[2].strip().rstrip('.')}"
        hint = _syntax_hint(text, line)
    elif tag := _BAD_TAG.search(message):
        message = f"the tag {tag[1]} means nothing here"
        hint = "remove the tag"
        line, column = position(text, max(text.find(tag[1]), 0))
    elif value := _BAD_VALUE.search(message):
        message = f"not valid YAML: {message}"
        hint = "remove the tag"
        line, column = position(text, max(text.find(value[1]), 0))
    elif "alias" in message:
        message = "the aliases here stand for more values than anybody would write"
        hint = "write the values out"
        line, column = position(text, max((m.start() for m in _ALIAS.finditer(text)), default=0))
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
    """Line and column of an offset, 1-based.

    Lines end as in every file here, not as in ruamel.yaml's marks, which count NEL and U+2028 too.
    """
    before = blocks.split_lines(text[:offset] + ".")
    return len(before), len(before[-1])


def _find_duplicate(text: str, key: str) -> tuple[int, int] | None:
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    waiting: list[Any] = [compose(text)]
    seen: set[int] = set()  # an alias is the very node that it stands for
    found: list[int] = []
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            same = [name for name, _ in node.value if str(name.value) == key]
            found.extend(name.start_mark.index for name in same[1:])
            waiting.extend(value for _, value in node.value)
        elif isinstance(node, SequenceNode):
            waiting.extend(node.value)
    return position(text, min(found)) if found else None


def compose(text: str) -> Node | None:
    """The node tree of a document, with the marks at which each node starts and ends.

    None where the document is empty, not valid or too large.
    """
    if len(text) > COMPOSE_LIMIT or _is_refused(text):
        return None
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    reader = YAML(typ="rt", pure=True)
    reader.composer.warn_double_anchors = False  # not our business, and stderr is the screen's
    try:
        return reader.compose(text)  # type: ignore[no-any-return]
    except (YAMLError, ValueError, KeyError, IndexError, AssertionError, RecursionError):
        return None  # ruamel.yaml raises each of these on some document that is not valid


def _is_refused(text: str) -> bool:
    """Whether yaml-rs, which takes a hundredth of the time, finds the document not valid.

    A key that is there twice is no reason: finding it is what such a document is composed for.
    """
    try:
        _load(text, DuplicateKeyPolicy.FirstWins)
    except ValueError:
        return True
    return False


def child(node: Node | None, step: str | int) -> tuple[Any, Any] | None:
    """Key node (the item itself in a sequence) and value node one step down; None if missing."""
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def locate(text: str, where: Sequence[str | int]) -> tuple[int, int]:
    """Line and column, 1-based in `text`, of the key or item at `where`; (1, 1) if not found."""
    if len(where) == 1:
        for key, line in key_lines(text):
            if key == where[0]:
                return line, 1
    node, found = compose(text), None
    for step in where:
        pair = child(node, step)
        if pair is None:
            break
        found, node = pair
    return position(text, found.start_mark.index) if found else (1, 1)


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
                fault.fix,
            )
        )
    return tuple(found)
