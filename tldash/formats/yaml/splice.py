"""Splices at the nodes of a YAML document, so that every other byte stays.

Plain and quoted scalars on one line, keys, and items with lines of their own can be spliced. Block
scalars, aliases, tags and scalars over several lines are refused with the reason: their text and
their value differ in ways that a splice could break.
"""

from __future__ import annotations

from collections.abc import Iterable

from tldash.formats.yaml.compose import compose
from tldash.formats.yaml.nodes import (
    ListNode,
    MappingNode,
    Node,
    Pair,
    ScalarNode,
    name_of,
    position,
    tag_span,
)

Splice = tuple[int, int, str]
"""Start and end offset in the document, and the text to put there."""

_QUOTE = "'"
_BLOCKS = ("|", ">")


class Unsafe(Exception):
    """This YAML cannot be edited safely; the message says why."""


def check_composed(text: str) -> None:
    """Raise Unsafe for a document whose items are read, but which cannot be composed."""
    if compose(text) is None:
        raise Unsafe("this file is too large, or written in too unusual a way, to be edited here")


def check_keys(node: Node) -> None:
    """Raise Unsafe for a mapping with a duplicate key: an edit could be of either."""
    names = [name_of(key) for key, _ in node.pairs] if isinstance(node, MappingNode) else []
    twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if twice is not None:
        raise Unsafe(f"duplicate key {twice}: in this item; remove one of them first")


def spliced(text: str, edits: Iterable[Splice]) -> str:
    """Return the document after some splices that do not overlap."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def inner(text: str, node: Node) -> tuple[int, int]:
    """Return the offsets of a scalar's text, inside its quotes.

    Raises Unsafe where the text is not the value, except for escaped quotes and backslashes, since
    `spelled` writes them the same way again.
    """
    if not isinstance(node, ScalarNode):
        raise Unsafe("a list or mapping stands where a text was expected; write a text there")
    if node.style in _BLOCKS:
        raise Unsafe("this item is a block of text; write it on one line to edit it here")
    start, end = node.start, node.end
    written = text[start:end]
    if node.style is not None:
        written = text[start + 1 : end - 1]
        if text[start] == node.style and spelled(node.value, node.style)[1:-1] == written:
            return start + 1, end - 1
    elif written == node.value:
        return start, end
    if (tag := tag_span(text, node)) is not None:
        raise Unsafe(f"this item has a tag ({text[slice(*tag)]}); remove it to edit it here")
    if "\n" in written or "\r" in written:
        raise Unsafe("this item spans lines; write it on one line to edit it here")
    raise Unsafe(
        "this item has escapes (\\…) in it; write the characters themselves to edit it here"
    )


def spelled(value: str, style: str | None) -> str:
    """Write a value in a style: plain (None), `'` or `"`."""
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    if style == '"':
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value


def rewrite(text: str, node: Node, value: str, *, quoted: bool = False) -> Splice:
    """Replace the value of a scalar in its style; in quotes if it is plain and `quoted` is set."""
    start, end = inner(text, node)
    style = node.style if isinstance(node, ScalarNode) else None
    if style is None:
        return start, end, spelled(value, _QUOTE if quoted else None)
    return start, end, spelled(value, style)[1:-1]


def replace(text: str, key: Node, value: Node, new: str, *, quoted: bool = False) -> Splice:
    """Replace the value of a key."""
    if is_missing(value):
        at = end_of(text, key, value)
        return at, at, f" {spelled(new, _QUOTE if quoted else None)}"
    return rewrite(text, value, new, quoted=quoted)


def exchange(text: str, key: Node, value: Node, name: str, new: str) -> Splice:
    """Replace a key and its value by others."""
    inner(text, value)
    return key.start, value.end, f"{name}: {new}"


def insert(text: str, node: MappingNode, key: str, value: str) -> Splice:
    """Add a key after the last one with a scalar on one line. Raises Unsafe without one."""
    simple = [pair for pair in node.pairs if _is_simple(pair[1])]
    if not simple:
        raise Unsafe(f"this item has no value on one line; add {key}: to it in an editor")
    last_key, last_value = simple[-1]
    at = end_of(text, last_key, last_value)
    if node.flow:
        return at, at, f", {key}: {value}"
    at = line_end(text, at)
    indent = " " * (position(text, last_key.start)[1] - 1)
    return at, at, f"{ending(text)}{indent}{key}: {value}"


def remove(text: str, node: MappingNode, key: Node, value: Node) -> Splice:
    """Remove a key and its value. Raises Unsafe."""
    start, end = key.start, last_of(text, key, value)
    if node.flow:
        return cut_flow(text, start, end)
    if text[line_start(text, start) : start].strip():
        raise Unsafe("this key shares its line with another; put it on a line of its own")
    return cut_lines(text, start, end)


def cut_flow(text: str, start: int, end: int) -> Splice:
    """Remove an item of a list in brackets, or a key in braces, with one comma. Raises Unsafe."""
    before = text[:start].rstrip()
    if before.endswith(","):
        return len(before) - 1, end, ""
    following = text[end:].lstrip()
    if not following.startswith(","):
        raise Unsafe("nothing would be left of this item")
    return start, len(text) - len(following[1:].lstrip()), ""


def cut_lines(text: str, start: int, end: int) -> Splice:
    """Remove whole lines, from that of `start` to that of `end`."""
    begin = line_start(text, start)
    before = next((e for e in ("\r\n", "\n", "\r") if text[:begin].endswith(e)), "")
    stop = line_end(text, end)
    if not begin:
        after = next((e for e in ("\r\n", "\n", "\r") if text.startswith(e, stop)), "")
        return begin, stop + len(after), ""
    return begin - len(before), stop, ""


def is_missing(value: Node) -> bool:
    """Whether a value is missing, so that its offsets may be on a later line."""
    return isinstance(value, ScalarNode) and not value.value and value.style is None


def end_of(text: str, key: Node, value: Node) -> int:
    """Return the end of a key and its scalar."""
    if is_missing(value):
        return text.index(":", key.end) + 1
    return value.end


def last_of(text: str, key: Node, value: Node) -> int:
    """Return the end of a key and all of its value; for an item, both are the item."""
    if isinstance(value, ScalarNode):
        end = end_of(text, key, value) if key is not value else value.end
        return len(text[:end].rstrip()) if value.style in _BLOCKS else end
    last: Pair | None = None
    if isinstance(value, MappingNode):
        last = value.pairs[-1] if value.pairs else None
    elif value.items:
        last = value.items[-1], value.items[-1]
    return value.end if value.flow or last is None else last_of(text, *last)


def has_anchor(node: Node) -> bool:
    """Whether a node, or any node in it, is used in another place too."""
    if node.anchor or isinstance(node, ScalarNode):
        return bool(node.anchor)
    if isinstance(node, ListNode):
        return any(map(has_anchor, node.items))
    return any(has_anchor(part) for pair in node.pairs for part in pair)


def column(text: str, node: Node) -> int:
    """Return the number of characters before a node on its line."""
    return node.start - line_start(text, node.start)


def line_start(text: str, at: int) -> int:
    """Return the start of the line of an offset."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_end(text: str, at: int) -> int:
    """Return the end of the line of an offset, before its line end."""
    ends = [found for end in "\r\n" if (found := text.find(end, at)) >= 0]
    return min(ends, default=len(text))


def ending(text: str) -> str:
    """Return the line end that a document uses."""
    return "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"


def _is_simple(value: Node) -> bool:
    return isinstance(value, ScalarNode) and not value.anchor and value.style not in _BLOCKS
