"""Splices at the marks of YAML nodes, so that every other byte of a document stays.

Only what can be spliced without doubt is: plain and quoted scalars on one line, keys, and items
with lines of their own. Block scalars, aliases, tags and scalars over several lines are refused
with the reason, because there the text and the value differ in ways that a splice could break.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tldash.formats.yaml import load, nodes
from tldash.formats.yaml.plain import Collection, Scalar

Splice = tuple[int, int, str]
"""Start and end offset in the document, and what to put there."""


_QUOTE = "'"


class Unsafe(Exception):
    """This YAML cannot be edited safely; the message says why."""


def check_composed(node: Any) -> None:
    """Raise Unsafe for an item of a document that could only be read, not composed."""
    if isinstance(node, Scalar | Collection):
        raise Unsafe("this file is too large, or written in too unusual a way, to be edited here")


def check_keys(node: Any) -> None:
    """Raise Unsafe for a mapping in which a key is there twice: an edit could be of either."""
    names = [str(key.value) for key, _ in node.value] if node.id == "mapping" else []
    twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if twice is not None:
        raise Unsafe(f"{twice}: is there twice in this item; remove one of the two first")


def spliced(text: str, edits: Iterable[Splice]) -> str:
    """The document after some splices that do not overlap."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def inner(text: str, node: Any) -> tuple[int, int]:
    """Offsets of a scalar's words, inside its quotes. Raises Unsafe where text and value differ.

    Quotes within quotes are let pass, since `spelled` writes them the same way again.
    """
    if node.id != "scalar":
        raise Unsafe("a list or mapping stands where a text was expected; write a text there")
    if node.style in ("|", ">"):
        raise Unsafe("this item is a block of text; write it on one line to edit it here")
    start, end = node.start_mark.index, node.end_mark.index
    written = text[start:end]
    if node.style in ("'", '"'):
        written = text[start + 1 : end - 1]
        quote = "''" if node.style == "'" else '\\"'
        if text[start] == node.style and written.replace(quote, node.style) == node.value:
            return start + 1, end - 1
    elif written == node.value:
        return start, end
    if (tag := nodes.tag_at(text, node)) is not None:
        raise Unsafe(f"this item has a tag ({text[slice(*tag)]}); remove it to edit it here")
    if "\n" in written or "\r" in written:
        raise Unsafe("this item spans lines; write it on one line to edit it here")
    raise Unsafe("this item has escapes (\\…) in it; write the signs themselves to edit it here")


def spelled(value: str, style: str | None) -> str:
    """A value as it is written in that style: plain (None), `'` or `"`."""
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    if style == '"':
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value


def rewrite(text: str, node: Any, value: str, *, quoted: bool = False) -> Splice:
    """Give a scalar another value, in its own style; a plain one in quotes if that is asked for."""
    start, end = inner(text, node)
    if node.style is None:
        return start, end, spelled(value, _QUOTE if quoted else None)
    return start, end, spelled(value, node.style)[1:-1]


def replace(text: str, key: Any, value: Any, new: str, *, quoted: bool = False) -> Splice:
    """Give a key another value."""
    if is_missing(value):
        at = end_of(text, key, value)
        return at, at, f" {spelled(new, _QUOTE if quoted else None)}"
    return rewrite(text, value, new, quoted=quoted)


def exchange(text: str, key: Any, value: Any, name: str, new: str) -> Splice:
    """Put another key and value in the place of these."""
    inner(text, value)
    return key.start_mark.index, value.end_mark.index, f"{name}: {new}"


def insert(text: str, node: Any, key: str, value: str) -> Splice:
    """Add a key behind the last one whose end is beyond doubt."""
    simple = [pair for pair in node.value if _is_simple(pair[1])]
    if not simple:
        raise Unsafe(f"this item has no value on one line; add {key}: to it in an editor")
    last_key, last_value = simple[-1]
    at = end_of(text, last_key, last_value)
    if node.flow_style:
        return at, at, f", {key}: {value}"
    at = line_end(text, at)
    indent = " " * (load.position(text, last_key.start_mark.index)[1] - 1)
    return at, at, f"{ending(text)}{indent}{key}: {value}"


def remove(text: str, node: Any, key: Any, value: Any) -> Splice:
    """Take away a key and its value."""
    start, end = key.start_mark.index, last_of(text, key, value)
    if node.flow_style:
        return cut_flow(text, start, end)
    if text[line_start(text, start) : start].strip():
        raise Unsafe("this key shares its line with another; put it on a line of its own")
    return cut_lines(text, start, end)


def cut_flow(text: str, start: int, end: int) -> Splice:
    """Take away an item of a list in brackets, or a key in braces, with one comma."""
    before = text[:start].rstrip()
    if before.endswith(","):
        return len(before) - 1, end, ""
    following = text[end:].lstrip()
    if not following.startswith(","):
        raise Unsafe("nothing would be left of this item")
    return start, len(text) - len(following[1:].lstrip()), ""


def cut_lines(text: str, start: int, end: int) -> Splice:
    """Take away whole lines, from the one of `start` to the one of `end`."""
    begin = line_start(text, start)
    before = next((e for e in ("\r\n", "\n", "\r") if text[:begin].endswith(e)), "")
    return begin - len(before), line_end(text, end), ""


def is_missing(value: Any) -> bool:
    """Whether nothing is written at all, in which case its marks may be on a later line."""
    return value.id == "scalar" and not value.value and value.style is None


def end_of(text: str, key: Any, value: Any) -> int:
    """Where a key and its scalar end."""
    if is_missing(value):
        return text.index(":", key.end_mark.index) + 1
    return int(value.end_mark.index)


def last_of(text: str, key: Any, value: Any) -> int:
    """Where the last thing ends that is written in a key's value, or in an item (its own key).

    The end mark of a block collection is of no use: it stands where the next thing begins.
    """
    if value.id == "scalar":
        end = end_of(text, key, value) if key is not value else int(value.end_mark.index)
        return end if value.style not in ("|", ">") else len(text[:end].rstrip())
    if value.flow_style or not value.value:
        return int(value.end_mark.index)
    if value.id == "mapping":
        return last_of(text, *value.value[-1])
    return last_of(text, value.value[-1], value.value[-1])


def has_anchor(node: Any) -> bool:
    """Whether a node, or anything in it, is used in another place too."""
    if node.anchor or node.id == "scalar":
        return bool(node.anchor)
    parts = (part for pair in node.value for part in pair) if node.id == "mapping" else node.value
    return any(map(has_anchor, parts))


def line_start(text: str, at: int) -> int:
    """Where the line of an offset starts."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_end(text: str, at: int) -> int:
    """Where the line of an offset ends."""
    ends = [found for sign in "\r\n" if (found := text.find(sign, at)) >= 0]
    return min(ends, default=len(text))


def ending(text: str) -> str:
    """The line end that a document uses."""
    return "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"


def _is_simple(value: Any) -> bool:
    return value.id == "scalar" and not value.anchor and value.style not in ("|", ">")
