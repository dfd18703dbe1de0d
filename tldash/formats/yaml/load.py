"""Load a YAML document: its value, and its problems with their positions.

yaml-rs reads the value (`tldash.formats.yaml.values`). A position comes from the nodes of the
document, which are composed when a problem needs one. Nothing is ever dumped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from yaml_rs import DuplicateKeyPolicy

from tldash.formats.text import line_spans, split_lines
from tldash.formats.yaml import ambiguities, values
from tldash.formats.yaml.compose import compose
from tldash.formats.yaml.nodes import (
    QUOTES,
    ListNode,
    MappingNode,
    Node,
    Pair,
    Places,
    ScalarNode,
    key_lines,
    name_of,
    position,
    walk,
)
from tldash.model.patterns import compile_pattern
from tldash.model.records import Fix, Problem, Severity

if TYPE_CHECKING:
    from tldash.documents.validate import Fault, Rewrite

_POSITION: Final = compile_pattern(r"line (\d+),? column (\d+)")
_DUPLICATE: Final = compile_pattern(r"duplicate mapping key: '?(.*?)'?$")
_BAD_TAG: Final = compile_pattern(r"Invalid tag: '(.*)'")
_BAD_VALUE: Final = compile_pattern(r"Invalid value '.*' for '(.*)' tag")
_BAD_KEY: Final = "a key was expected here, not a list or mapping"
_ALIAS: Final = compile_pattern(r"(?<![\w*])\*(?=\w)")
_TAB: Final = compile_pattern(r"^ *\t[ \t]*[^\s#]", re.MULTILINE)
_TOP_CONTENT: Final = compile_pattern(r"\s*[^\s#%]")
_SECOND: Final = compile_pattern(r"(?m)^(?:---|\.\.\.)(?=\s|$)")


def read(text: str, path: str, first_line: int = 1) -> tuple[object, tuple[Problem, ...]]:
    """Return the same as `load`, and report all that other YAML readers may read differently."""
    data, problems = load(text, path, first_line)
    if data is None and problems:
        return None, problems
    return data, (*problems, *ambiguities.find_ambiguities(text, path, first_line))


_ENTRY_START: Final = compile_pattern(r"[^\s\-#}\]]")
"""A line of a mapping in block style that belongs to none of the lines above it."""
_PLAIN_ENTRY: Final = compile_pattern(
    r"([^\s:'\"][^:\n]*?):[ \t]+([^\s\[{'\"|>!].*?)[ \t]*(?:[ \t]#.*)?\Z"
)
"""A key and a text on one line. One that begins like another value may be meant as that."""
_ITEM_START: Final = compile_pattern(r"( *)-(?: |\Z)")
_MOST_ENTRIES: Final = 500
"""Top-level keys of a document that is read key by key."""

_ANCHOR: Final = compile_pattern(r"[:,\[{-][ ]+&[^\s,\[\]{}]")


def read_keys(text: str, path: str, first_line: int = 1) -> tuple[object, tuple[Problem, ...]]:
    """Return the same as `read`, but of a mapping that is not valid YAML, each key that is.

    A key in the first column with everything indented below it is a document of its own. The
    problem of a line that is not valid has a fix if it would be valid with its value in quotes. A
    mapping with an anchor is not split, since another key may refer to it.
    """
    data, problems = read(text, path, first_line)
    if data is not None or not problems or _ANCHOR.search(text):
        return data, problems
    entries = _split_entries(text)
    if len(entries) > _MOST_ENTRIES:
        return None, problems
    values: dict[object, object] = {}
    found: list[Problem] = []
    for line, entry in entries:
        value, wrong = read(entry, path, first_line + line)
        if isinstance(value, dict):
            values = {**value, **values}
            found.extend(wrong)
        elif value is not None or wrong:
            found.append(_bad_entry(entry, wrong, path, first_line + line))
    return (values, tuple(found)) if values and found else (None, problems)


def read_parts(text: str, path: str) -> tuple[str, object, tuple[Problem, ...]]:
    """Return a mapping that is not valid YAML with all that is wrong made a comment, and its value.

    That is a key with everything below it, or an item of a list. Every other character keeps its
    place. Returns the text as it is, and the same as `read`, if it is valid, or not even in parts.
    """
    data, problems = read(text, path)
    if data is not None or not problems or _ANCHOR.search(text):
        return text, data, problems
    entries = _split_entries(text)
    if len(entries) > _MOST_ENTRIES:
        return text, None, problems
    found: list[Problem] = []
    wrong_lines: list[int] = []
    for first, entry in entries:
        value, wrong = read(entry, path, first + 1)
        if isinstance(value, dict) or (value is None and not wrong):
            continue
        inside = _find_bad_items(entry, path, first)
        if inside:
            found.extend(problem for _, problem in inside)
            wrong_lines.extend(line for lines, _ in inside for line in lines)
        else:
            found.append(_bad_entry(entry, wrong, path, first + 1))
            wrong_lines.extend(range(first, first + entry.count("\n") + 1))
    masked = _comment_out(text, wrong_lines)
    data, more = read(masked, path)
    return (masked, data, (*found, *more)) if isinstance(data, dict) else (text, None, problems)


def _comment_out(text: str, lines: Iterable[int]) -> str:
    """Return a text in which the lines with these indices are comments of the same length."""
    spans = line_spans(text)
    for begin, end in (spans[line] for line in lines if line < len(spans)):
        content = text[begin:end].lstrip()
        if content:
            text = f"{text[: end - len(content)]}#{' ' * (len(content) - 1)}{text[end:]}"
    return text


def _find_bad_items(entry: str, path: str, first: int) -> list[tuple[range, Problem]]:
    """Return the indices of the lines of each item that is not valid YAML, and its problem.

    Empty if the entry is no list in block style, or is not valid without these items either.
    """
    lines = entry.split("\n")
    dashes = [(n, found[1]) for n, line in enumerate(lines) if (found := _ITEM_START.match(line))]
    starts = [number for number, indent in dashes if indent == dashes[0][1]]
    bad: list[tuple[range, Problem]] = []
    for start, stop in pairwise([*starts, len(lines)]):
        value, wrong = read("\n".join(lines[start:stop]), path, first + start + 1)
        if not isinstance(value, list) and wrong:
            bad.append((range(first + start, first + stop), wrong[0]))
    rest = _comment_out(entry, [line - first for found, _ in bad for line in found])
    return bad if isinstance(load(rest, path)[0], dict) else []


def _split_entries(text: str) -> list[tuple[int, str]]:
    """Return the entries of a mapping in block style, each with the number of lines above it."""
    entries: list[tuple[int, list[str]]] = []
    for number, line in enumerate(split_lines(text)):
        if not entries or _ENTRY_START.match(line):
            entries.append((number, []))
        entries[-1][1].append(line)
    return [(number, "\n".join(lines)) for number, lines in entries]


def _bad_entry(entry: str, problems: Sequence[Problem], path: str, line: int) -> Problem:
    """Return the problem of an entry, with a fix if quotes around its value are enough."""
    if not problems:
        return Problem(
            path, line, 1, Severity.ERROR, "yaml", "a key with a value was expected here",
            "write key: value",
        )  # fmt: skip
    problem = problems[0]
    found = _PLAIN_ENTRY.fullmatch(entry.rstrip("\n"))
    if found is None:
        return problem
    value = found[2]
    quoted = f'"{value}"' if '"' not in value and "\\" not in value else None
    quoted = quoted or "'" + value.replace("'", "''") + "'"
    if load(f"{found[1]}: {quoted}", path)[0] != {found[1]: value}:
        return problem
    return Problem(
        path, line, found.start(2) + 1, Severity.ERROR, "yaml",
        "this value is not valid YAML without quotes", f"write {quoted}",
        Fix(found.start(2) + 1, value, quoted),
    )  # fmt: skip


def load(text: str, path: str, first_line: int = 1) -> tuple[object, tuple[Problem, ...]]:
    """Return the value of one YAML document, or None, and its syntax problems.

    The first one of a duplicate key counts. Unknown tags are ignored.

    Args:
        first_line: the line of the file on which `text` begins
    """
    problems: tuple[Problem, ...] = ()
    try:
        data = values.load(text, DuplicateKeyPolicy.Error)
    except ValueError:
        text = ambiguities.without_tags(text)
        try:
            data = values.load(text, DuplicateKeyPolicy.Error)
        except ValueError as error:
            problems = (_syntax_problem(text, str(error), path, first_line),)
            try:
                data = values.load(text, DuplicateKeyPolicy.FirstWins)
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


def _second_document(text: str) -> int:
    """Return the offset of a second document, 0 without one."""
    starts = [match.start() for match in _SECOND.finditer(text)]
    if starts and not any(map(_TOP_CONTENT.match, split_lines(text[: starts[0]]))):
        starts = starts[1:]
    return starts[0] if starts else 0


def _syntax_problem(text: str, message: str, path: str, first_line: int) -> Problem:
    line, column, hint = 1, 1, ""
    if (deep := values.too_deep(text)) is not None:
        message = f"nested more than {values.DEPTH_LIMIT} levels deep"
        line, column = position(text, deep)
    elif duplicate := _DUPLICATE.search(message):
        message = f"duplicate key '{duplicate[1]}'"
        hint = "keep one of them"
        line, column = _find_duplicate(text, duplicate[1]) or (1, 1)
    elif _BAD_KEY in message:
        message, hint = _BAD_KEY, "write a text as the key, or put it in quotes"
        line, column = _find_bad_key(text) or (1, 1)
    elif place := _POSITION.search(message):
        line, column = _inside(text, int(place[1]), int(place[2]))
        message = f"not valid YAML: {message.rpartition(chr(10))[2].strip().rstrip('.')}"
        hint = _syntax_hint(text, line)
    elif tag := _BAD_TAG.search(message):
        message = f"the tag {tag[1]} is unknown"
        hint = "remove the tag"
        line, column = position(text, max(text.find(tag[1]), 0))
    elif value := _BAD_VALUE.search(message):
        message = f"not valid YAML: {message}"
        hint = "remove the tag"
        line, column = position(text, max(text.find(value[1]), 0))
    elif "alias" in message:
        message = "the aliases in this document stand for too many values"
        hint = "write the values out"
        line, column = position(text, max((m.start() for m in _ALIAS.finditer(text)), default=0))
    else:
        message = f"not valid YAML: {message.partition(chr(10))[0][:120]}"
    return Problem(path, first_line + line - 1, column, Severity.ERROR, "yaml", message, hint)


def _inside(text: str, line: int, column: int) -> tuple[int, int]:
    """Limit a position to the end of the text, since yaml-rs may report one after it."""
    last = position(text, len(text))
    return (line, column) if (line, column) <= last else last


def _syntax_hint(text: str, line: int) -> str:
    lines = split_lines(text)
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    if _TAB.search("\n".join(lines[max(0, line - 2) : line + 1])):
        return "indent with spaces; YAML does not allow tabs there"
    if here.count(": ") > 1:
        return "put the value in quotes, because it contains ': '"
    return ""


def _find_duplicate(text: str, key: str) -> tuple[int, int] | None:
    found: list[int] = []
    for node in walk(compose(text)):
        if isinstance(node, MappingNode):
            same = [name for name, _ in node.pairs if name_of(name) == key]
            found.extend(name.start for name in same[1:])
    return position(text, min(found)) if found else None


def _find_bad_key(text: str) -> tuple[int, int] | None:
    found = [
        key.start
        for node in walk(compose(text))
        if isinstance(node, MappingNode)
        for key, _ in node.pairs
        if not isinstance(key, ScalarNode)
    ]
    return position(text, min(found)) if found else None


class Source:
    """The places of the values of one document, which is composed when one is asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._known: dict[int, dict[str, Pair]] = {}

    @cached_property
    def _places(self) -> Places:
        return Places(self.text)

    @cached_property
    def _root(self) -> Node | None:
        return compose(self.text)

    @cached_property
    def _keys(self) -> dict[str, int]:
        return dict(reversed(key_lines(self.text)))

    def _pair(self, where: Sequence[str | int]) -> Pair | None:
        """Return key and value at `where`, or those of the last step that exists."""
        node = self._root
        found = None
        for step in where:
            pair = self._children(node).get(str(step)) if node is not None else None
            if pair is None:
                break
            found, node = pair, pair[1]
        return found

    def _children(self, node: Node) -> dict[str, Pair]:
        """Return the parts of a node by key or index; the first one of a duplicate key."""
        if id(node) not in self._known:
            pairs: dict[str, Pair] = {}
            if isinstance(node, MappingNode):
                pairs = {name_of(key): (key, value) for key, value in reversed(node.pairs)}
            elif isinstance(node, ListNode):
                pairs = {str(index): (item, item) for index, item in enumerate(node.items)}
            self._known[id(node)] = pairs
        return self._known[id(node)]

    def place(self, where: Sequence[str | int]) -> tuple[int, int]:
        """Return line and column of the key or item at `where`, or of the last step that exists.

        (1, 1) if not even the first one does.
        """
        if len(where) == 1 and where[0] in self._keys:
            return self._keys[str(where[0])], 1
        found = self._pair(where)
        return self._places.of(found[0].start) if found else (1, 1)

    def fix(self, rewrite: Rewrite, where: Sequence[str | int]) -> Fix | None:
        """Return the rewrite as a fix of the line of the key at `where`; None without its text."""
        pair = self._pair(where)
        if pair is None:
            return None
        node = pair[0 if rewrite.key else 1]
        line, column = self._places.of(node.start)
        written = self.text[node.start : node.end]
        if written[:1] in QUOTES:
            written, column = written[1:-1], column + 1
        if written != rewrite.old or self._places.of(pair[0].start)[0] != line:
            return None
        return Fix(column, rewrite.old, rewrite.new)


def problems(
    faults: Iterable[Fault], text: str, path: str, first_line: int = 1
) -> tuple[Problem, ...]:
    """Return the faults of a document as problems of its file."""
    source = Source(text)
    found = []
    for fault in faults:
        line, column = source.place(fault.where)
        fix = source.fix(fault.rewrite, fault.where) if fault.rewrite else None
        found.append(
            Problem(
                path,
                first_line + line - 1,
                column,
                fault.severity,
                fault.code,
                fault.message,
                fault.hint,
                fix,
            )
        )
    return tuple(found)
