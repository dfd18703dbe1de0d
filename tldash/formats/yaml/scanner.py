"""Scan a YAML document for the position of every value, in one pass over its lines.

yaml-rs reads values in microseconds but reports no positions, and composing with ruamel.yaml takes
20 to 100 times as long. This scanner covers block lists and mappings, flow collections, and plain,
quoted and block scalars. It raises `Unusual` for the rest (anchors, aliases, tags, complex keys,
directives, tabs between tokens), which `tldash.formats.yaml.compose` leaves to ruamel.yaml.

The document must be one that yaml-rs accepts: the scanner finds nodes and reports no mistakes.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from tldash.formats.yaml import values
from tldash.formats.yaml.nodes import QUOTES, ListNode, MappingNode, Node, ScalarNode, name_of
from tldash.model.patterns import compile_pattern

_FLOW_DEPTH: Final = 50
"""Flow collections in each other beyond which a document is left to ruamel.yaml."""
_GAP: Final = r"(?:[ ]*+(?:#[^\r\n]*+)?(?:\r\n|\n))*+(?:[ ]*+#[^\r\n]*+\Z)?+"
"""The end of a line, and the empty lines and comments after it."""
_MARKS: Final = r"\s#'\"\[\]{},&*!|>%@`:?-"
_PLAIN: Final = (
    rf"(?:[^{_MARKS}]|-(?=[^\s]))[^\r\n\t:#]*+"
    r"(?:(?::(?=[^\s])|(?<![ ])#)[^\r\n\t:#]*+)*+(?=[#\r\n]|\Z)"
)
"""A plain scalar in block style, and the spaces after it."""
_VALUE: Final = rf"(?:({_PLAIN})(?:#[^\r\n]*+)?|([^\r\n]*+))"
"""A plain scalar and the comment after it, or any other rest of a line."""
_COLON: Final = compile_pattern(rf"[ ]*+:(?:[ ]++|(?=[\r\n]|\Z)){_VALUE}")
_LINE: Final = compile_pattern(
    rf"{_GAP}([ ]*+)((?:-[ ]++)*+)"
    rf"(?:([^{_MARKS}][^:#\r\n\t]{{0,1000}}+):(?:[ ]++|(?=[\r\n]|\Z)))?+{_VALUE}"
)
"""The next line with content: its indentation, dashes, plain key and value."""
_HEAD: Final = compile_pattern(rf"{_GAP}---(?:[ ]++#[^\r\n]*+|[ ]*+)(?=[\r\n])")
_AFTER: Final = compile_pattern(r"[ ]*+(?:(?<=[ ])#[^\r\n]*+)?(?=[\r\n]|\Z)")
_QUOTED: Final = {
    "'": compile_pattern(r"'[^']*+(?:''[^']*+)*+'"),
    '"': compile_pattern(r'"[^"\\]*+(?:\\[\s\S][^"\\]*+)*+"'),
}
_REST: Final = compile_pattern(r"[^\r\n]*+")
_HEADER: Final = compile_pattern(r"[|>](?:([1-9])([-+]?)|([-+]?)([1-9]?))[ ]*+(?:(?<=[ ])#.*)?\Z")
_SPACE: Final = compile_pattern(r"[ ]*+(?:(?:\r\n|\n)[ ]*+)*+")
_FLOW_PLAIN: Final = compile_pattern(
    rf"(?:[^{_MARKS}]|-(?=[^\s,\[\]{{}}]))"
    r"[^\r\n\t#:,\[\]{}]*+(?::(?=[^\s,\[\]{}])[^\r\n\t#:,\[\]{}]*+)*+"
)
_FLOW_COLON: Final = compile_pattern(r"[ ]*+:(?=[ \r\n])")


class Unusual(Exception):
    """The document holds something that the scanner does not cover."""


def scan(text: str) -> Node | None:
    """Return the root node of a document, None if the document is empty. Raises Unusual."""
    _check_line_ends(text)
    head = _HEAD.match(text)
    root = _Scanner(text).block(head.end() if head else 0, whole=True)
    if root is None and head is not None:
        raise Unusual  # an empty value, which has a node
    return root


def scan_entry(text: str, at: int) -> Node:
    """Return the value of the top-level key on the line at offset `at`. Raises Unusual.

    The lines before that key, and those from the next key of the top level on, are not scanned.
    """
    _check_line_ends(text)
    root = _Scanner(text).block(at, whole=False)
    if not isinstance(root, MappingNode):
        raise Unusual
    return root.pairs[0][1]


def _check_line_ends(text: str) -> None:
    if "\r" in text and "\r" in text.replace("\r\n", ""):
        raise Unusual


class _Scanner:
    """The scan of one text: a stack of open block collections, and the last value in them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.columns: list[int] = []
        self.nodes: list[ListNode | MappingNode] = []
        self.key: Node | None = None
        """The last key, while it has no value."""
        self.open_at = -1
        """The end of the last key or dash while it has no value, else -1."""
        self.is_plain = False
        """Whether the last value is a plain scalar that the next line may continue."""

    def block(self, at: int, *, whole: bool) -> Node | None:  # noqa: C901 - each call costs 2 %
        """Scan the block collection whose first line is at `at`.

        `whole`: up to the end of the text; else up to the second key of the top level.
        """
        text, columns, nodes = self.text, self.columns, self.nodes
        while True:
            line = _LINE.match(text, at)
            if line is None:
                raise Unusual
            pad, dashes, name, plain, rest = line.groups()
            column, begin = len(pad), line.end(1)
            is_list = dashes != "" or (rest == "-" and name is None)
            if begin == len(text) or (column == 0 and nodes and not (whole or is_list)):
                self._fill(begin)
                return nodes[0] if nodes else None
            if self.open_at < 0 and columns and column > columns[-1]:
                at = self._continue(at, begin)
                continue
            at = line.end()
            value_at = line.start(5) if plain is None else line.start(4)
            key, scalar = None, None
            if name is not None:
                key_at, name = line.start(3), name.rstrip(" ")
                key = ScalarNode(name, key_at, key_at + len(name))
            elif rest and rest[0] in QUOTES:
                key, scalar, value_at, plain, rest = self._quoted_key(value_at, rest)
            if is_list or name is None or not self._is_in_mapping(column):
                self._enter(line, is_list, key)
            if key is not None:
                self.key, self.open_at = key, value_at
            if plain is not None:
                words = plain.rstrip(" ")
                self._attach(ScalarNode(words, value_at, value_at + len(words)))
                self.is_plain = value_at + len(plain) == at
            elif rest and rest[0] != "#" and (rest != "-" or key is not None):
                at = self._value(at, value_at, rest, scalar)

    def _is_in_mapping(self, column: int) -> bool:
        """Whether a key in this column belongs to the innermost collection."""
        return (
            self.open_at < 0
            and self.columns[-1:] == [column]
            and isinstance(self.nodes[-1], MappingNode)
        )

    def _quoted_key(
        self, at: int, rest: str
    ) -> tuple[ScalarNode | None, ScalarNode | None, int, str | None, str]:
        """Scan a scalar in quotes that may be a key.

        Returns the key, the scalar if it is no key, and offset, plain scalar and rest of the value.
        """
        scalar = self._quoted(at)
        colon = _COLON.match(self.text, scalar.end)
        if colon is None:
            return None, scalar, at, None, rest
        if "\n" in self.text[at : scalar.end]:
            raise Unusual
        plain, rest = colon.groups()
        return scalar, None, colon.start(2) if plain is None else colon.start(1), plain, rest

    def _enter(self, line: re.Match[str], is_list: bool, key: ScalarNode | None) -> None:
        """Open the collections that a line starts, and close those that it is not in."""
        columns, nodes = self.columns, self.nodes
        begin = line.end(1)
        column = begin - line.start(1)
        is_list_of_key = (
            is_list
            and self.open_at >= 0
            and column == columns[-1]
            and isinstance(nodes[-1], MappingNode)
        )
        if columns and column <= columns[-1] and not is_list_of_key:
            self._fill(begin)
        if nodes and self.open_at < 0:
            self._close(column, is_list)
        elif is_list or key is not None:
            self._open(is_list, column, begin)
        elif not nodes:
            raise Unusual  # a scalar as the root
        if is_list:
            last = line.start(5) if line[5] == "-" else -1
            self._dashes(begin, column, line.end(2), last, key)

    def _fill(self, begin: int) -> None:
        """Give the last key or dash an empty value, if it has none; `begin` is the next token."""
        if self.open_at >= 0:
            at = self.open_at if isinstance(self.nodes[-1], ListNode) else begin
            self._attach(ScalarNode("", at, at))

    def _close(self, column: int, is_list: bool) -> None:
        """Close the collections that a line in this column is not in."""
        columns, nodes = self.columns, self.nodes
        while columns and (
            columns[-1] > column
            or (columns[-1] == column and not is_list and isinstance(nodes[-1], ListNode))
        ):
            columns.pop()
            nodes.pop()
        if not columns or columns[-1] != column or isinstance(nodes[-1], ListNode) is not is_list:
            raise Unusual

    def _dashes(
        self, at: int, column: int, stop: int, last_dash: int, key: ScalarNode | None
    ) -> None:
        """Open a list for each dash after the first one, and a mapping for the key after them.

        The dashes end at `stop`, where `last_dash` may be one more, with nothing after it.
        """
        text, begin = self.text, at
        while True:
            self.open_at = at + 1
            at += 1
            while at < stop and text[at] == " ":
                at += 1
            if at >= stop and (at != last_dash or key is not None):
                break
            self._open(True, column + at - begin, at)
        if key is not None:
            self._open(False, column + key.start - begin, key.start)

    def _value(self, at: int, value_at: int, rest: str, scalar: Node | None) -> int:
        """Attach the value that starts on a line, which ends at `at`; return where it ends."""
        first = rest[0]
        if first in "|>":
            return self._block_scalar(value_at, rest)
        if scalar is None and first in QUOTES:
            scalar = self._quoted(value_at)
        elif first in "[{":
            scalar = self._flow(value_at, _FLOW_DEPTH)
        if scalar is None:
            raise Unusual
        self._attach(scalar)
        if scalar.end == at:
            return at
        after = _AFTER.match(self.text, scalar.end)
        if after is None:
            raise Unusual
        return after.end()

    def _open(self, is_list: bool, column: int, at: int) -> None:
        """Start a block collection in the one that is open."""
        node = ListNode([], at, at) if is_list else MappingNode([], at, at)
        if self.nodes:
            self._attach(node)
        self.open_at = -1
        self.columns.append(column)
        self.nodes.append(node)

    def _attach(self, node: Node) -> None:
        """Add an item to the innermost list, or the value of the last key to the mapping."""
        top = self.nodes[-1]
        if isinstance(top, ListNode):
            top.items.append(node)
        elif self.key is None:
            raise Unusual
        else:
            top.pairs.append((self.key, node))
            self.key = None
        self.open_at = -1
        self.is_plain = False

    def _rest(self, at: int) -> str:
        """The text from an offset to the end of its line."""
        return _REST.match(self.text, at)[0]  # type: ignore[index]

    @staticmethod
    def _plain(rest: str) -> str:
        """The words of a plain scalar in block style, without the comment after them."""
        comment = rest.find(" #")
        words = (rest if comment < 0 else rest[:comment]).rstrip(" ")
        if ": " in words or words[-1:] == ":" or "\t" in rest:
            raise Unusual
        return words

    def _continue(self, at: int, begin: int) -> int:
        """Add the lines from `begin` on to the plain scalar that ends at `at`; return their end."""
        text, top = self.text, self.nodes[-1]
        if not self.is_plain or "#" in text[at:begin]:
            raise Unusual
        if isinstance(top, ListNode):
            last = top.items.pop()
        else:
            self.key, last = top.pairs.pop()
        parts = [name_of(last)]
        while True:
            parts.append("\n" * (text.count("\n", at, begin) - 1) or " ")
            rest = self._rest(begin)
            words = self._plain(rest)
            parts.append(words)
            end = begin + len(words)
            at = begin + len(rest)
            indent, begin = self._next(at)
            if " #" in rest or indent <= self.columns[-1] or text[begin : begin + 1] in {"", "#"}:
                break
        self._attach(ScalarNode("".join(parts), last.start, end))
        return at

    def _next(self, at: int) -> tuple[int, int]:
        """Return the indentation and the offset of what follows empty lines."""
        begin = _SPACE.match(self.text, at).end()  # type: ignore[union-attr]
        return begin - self.text.rfind("\n", 0, begin) - 1, begin

    def _quoted(self, at: int) -> ScalarNode:
        """A scalar in quotes."""
        style = self.text[at]
        match = _QUOTED[style].match(self.text, at)
        if match is None:
            raise Unusual
        written = match[0]
        value: object = written[1:-1]
        if "\n" in written or ("\\" in written and style == '"'):
            value = values.load(written)
        elif style == "'" and "''" in written:
            value = written[1:-1].replace("''", "'")
        if not isinstance(value, str):
            raise Unusual
        return ScalarNode(value, at, match.end(), style)

    def _block_scalar(self, at: int, rest: str) -> int:
        """Attach the literal or folded scalar whose indicator is at `at`; return its end."""
        text, parent = self.text, self.columns[-1]
        header = _HEADER.match(rest)
        if header is None:
            raise Unusual
        chomping = header[2] or header[3]
        given = header[1] or header[4]
        begin = at + len(rest)
        begin += 2 if text.startswith("\r\n", begin) else begin < len(text)
        indent, first = self._next(begin)
        empty = text[begin : first - indent]
        if given:
            indent = parent + int(given)
        if indent <= parent or first == len(text) or text[first] == "\t" or " " in empty:
            if chomping == "+" or empty or given or indent > parent:
                raise Unusual
            self._attach(ScalarNode("", at, begin, rest[0]))
            return begin
        body = _body(indent).match(text, begin)
        if body is None:
            raise Unusual
        end = body.end()
        if end == len(text) and text[-1] == " " and not text[text.rfind("\n") + 1 :].strip(" "):
            raise Unusual  # spaces without a line end, which belong to no line of the value
        value = _unindented(body[0].replace("\r\n", "\n"), indent, rest[0], chomping)
        self._attach(ScalarNode(value, at, end, rest[0]))
        return end

    def _flow(self, at: int, depth: int) -> Node:
        """A node in flow style."""
        text = self.text
        first = text[at : at + 1]
        if first == "[" and depth:
            return self._flow_list(at, depth - 1)
        if first == "{" and depth:
            return self._flow_mapping(at, depth - 1)
        if first and first in QUOTES:
            return self._quoted(at)
        plain = _FLOW_PLAIN.match(text, at)
        if plain is None:
            raise Unusual
        words = plain[0].rstrip(" ")
        return ScalarNode(words, at, at + len(words))

    def _flow_list(self, start: int, depth: int) -> ListNode:
        items: list[Node] = []
        at = self._after_space(start + 1)
        while self.text[at : at + 1] != "]":
            items.append(self._flow(at, depth))
            at = self._after_comma(items[-1].end, "]")
        return ListNode(items, start, at + 1, True)

    def _flow_mapping(self, start: int, depth: int) -> MappingNode:
        text = self.text
        pairs: list[tuple[Node, Node]] = []
        at = self._after_space(start + 1)
        while text[at : at + 1] != "}":
            key = self._flow(at, 0)
            colon = _FLOW_COLON.match(text, key.end)
            if colon is None or "\n" in text[at : key.end]:
                raise Unusual
            pairs.append((key, self._flow(self._after_space(colon.end()), depth)))
            at = self._after_comma(pairs[-1][1].end, "}")
        return MappingNode(pairs, start, at + 1, True)

    def _after_space(self, at: int) -> int:
        return _SPACE.match(self.text, at).end()  # type: ignore[union-attr]

    def _after_comma(self, at: int, closing: str) -> int:
        """Return the offset of the next entry or closing bracket after an entry."""
        at = self._after_space(at)
        found = self.text[at : at + 1]
        if found == ",":
            return self._after_space(at + 1)
        if found != closing:
            raise Unusual
        return at


@functools.lru_cache(maxsize=16)
def _body(indent: int) -> re.Pattern[str]:
    """The lines of a block scalar that is indented by so many spaces."""
    return compile_pattern(
        rf"(?:[ ]{{{indent}}}[^\r\n]*+(?:\r\n|\n|\Z)|[ ]{{0,{indent - 1}}}(?:\r\n|\n))*+"
    )


def _unindented(body: str, indent: int, style: str, chomping: str) -> str:
    """The value of a block scalar with these lines: section 8.1 of YAML 1.2.2."""
    lines = [line[indent:] for line in body.split("\n")]
    value = "\n".join(lines) if style == "|" else _folded(lines)
    stripped = value.rstrip("\n")
    if chomping == "+":
        return value
    if chomping == "-" or len(stripped) == len(value):
        return stripped
    return stripped + "\n" if stripped else ""


def _folded(lines: list[str]) -> str:
    """The lines of a folded scalar, with a space in place of each line end between words."""
    parts: list[str] = []
    was_words = False
    empty = 0
    for line in lines:
        if not line:
            empty += 1
            continue
        is_words = line[0] not in " \t"
        if not parts:
            parts.append("\n" * empty)
        elif was_words and is_words:
            parts.append("\n" * empty or " ")
        else:
            parts.append("\n" * (empty + 1))
        parts.append(line)
        was_words, empty = is_words, 0
    return "".join(parts) + "\n" * empty
