"""The nodes of a YAML document: each value with its offsets in the text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from tldash.model.frozen import frozen
from tldash.model.patterns import compile_pattern

QUOTES: Final = ("'", '"')
CORE: Final = "tag:yaml.org,2002:"
"""The prefix of the tags of YAML's own types."""

_LINE_END: Final = compile_pattern(r"\r\n|\n|\r")
_TOP_KEY: Final = compile_pattern(r"\n([^\s#'\"\[{&*!|>%@`:-][^:#\n]*+):(?=\s|\Z)")
"""Starts with a line end, since searching for a character is ten times as fast as for `^`."""
_PROPERTIES: Final = compile_pattern(r"(?:&\S+\s+)?(![^\s\[\]{},]*)")
_BEFORE: Final = compile_pattern(r"(?<![^\s\[{,])(![^\s\[\]{},]*)\s+\Z")
_LONGEST_TAG: Final = 200


@frozen
class Trouble:
    """The reason why a document that yaml-rs accepts has no nodes."""

    offset: int
    message: str


class ScalarNode(NamedTuple):
    """A scalar. A named tuple, since a document has many and each must be cheap to make."""

    value: str
    """The text without quotes, escapes and indentation."""
    start: int
    """Offset of its first character, a quote or block indicator included."""
    end: int
    style: str | None = None
    """`'`, `"`, `|` or `>`; None if plain."""
    anchor: str | None = None
    tag: str = ""
    """The resolved tag, as a URI; `""` in a document that the scanner covers."""


class ListNode(NamedTuple):
    """A list in block or flow style."""

    items: list[Node]
    start: int
    end: int
    """Where a list in flow style ends; in block style the same as `start`."""
    flow: bool = False
    anchor: str | None = None
    tag: str = ""


class MappingNode(NamedTuple):
    """A mapping in block or flow style, with a pair for each key in the order of the text."""

    pairs: list[tuple[Node, Node]]
    start: int
    end: int
    """Where a mapping in flow style ends; in block style the same as `start`."""
    flow: bool = False
    anchor: str | None = None
    tag: str = ""


Node = ScalarNode | ListNode | MappingNode
Pair = tuple[Node, Node]


def walk(root: Node | None) -> Iterator[Node]:
    """Yield every node of a tree once; an alias is the node that it stands for."""
    waiting = [] if root is None else [root]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, MappingNode):
            waiting.extend(part for pair in node.pairs for part in pair)
        elif isinstance(node, ListNode):
            waiting.extend(node.items)


def tag_span(text: str, node: Node) -> tuple[int, int] | None:
    """Return the offsets of the tag written before a node, None if there is none."""
    match = _PROPERTIES.match(text, node.start)
    if match is None and node.anchor:  # in `!tag &anchor value`, a node starts at its anchor
        match = _BEFORE.search(text, max(0, node.start - _LONGEST_TAG), node.start)
    return match.span(1) if match else None


def child(node: Node | None, step: str | int) -> Pair | None:
    """Return key and value one step down, the item twice in a list; None if missing."""
    if isinstance(node, MappingNode):
        return next((pair for pair in node.pairs if name_of(pair[0]) == str(step)), None)
    if isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
        return node.items[step], node.items[step]
    return None


def name_of(key: Node) -> str:
    """Return the text of a key; one that is a list or mapping has a text that no name equals."""
    return key.value if isinstance(key, ScalarNode) else f"\0{key.start}"


class Places:
    """Lines and columns of offsets in a text, both from 1. Lines end at CR LF, LF and CR only."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._has_returns = "\r" in text
        self._last = 0, 1
        """The start of a line that was asked for, and its number."""

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(end.end() for end in _LINE_END.finditer(self._text))]

    def of(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, offset: int) -> tuple[int, str]:
        """Return the line of an offset and its text, without the line end.

        For a few offsets in rising order, counting lines is cheaper than a table of all.
        """
        text = self._text
        if self._has_returns:
            line = bisect_right(self._starts, offset)
            end = self._starts[line] if line < len(self._starts) else None
            return line, text[self._starts[line - 1] : end].rstrip("\r\n")
        start = text.rfind("\n", 0, offset) + 1
        at, line = self._last if self._last[0] <= start else (0, 1)
        line += text.count("\n", at, start)
        self._last = start, line
        end = text.find("\n", start)
        return line, text[start : end if end >= 0 else None]


def position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of one offset, both from 1; `Places` is quicker for many."""
    return Places(text).of(offset)


def key_lines(text: str, first_line: int = 1) -> tuple[tuple[str, int], ...]:
    """Return the plain top-level keys of a document in block style, and the line of each."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = _TOP_KEY.split("\n" + text)
    found = []
    line = first_line - 1
    for between, key in zip(parts[::2], parts[1::2], strict=False):  # there is one more between
        line += between.count("\n") + 1
        found.append((key.rstrip(" \t"), line))
    return tuple(found)
