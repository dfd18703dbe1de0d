"""Edits of YAML sessions by splicing text at the marks of nodes, so that every other byte stays.

Only what can be spliced without doubt is edited: plain and quoted scalars on one line, block and
flow mappings. Block scalars, aliases, tags and scalars over several lines are refused with the
reason, because there the text and the value differ in ways that a splice could break.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tldash.files import taskedit
from tldash.files.yamlsession import split_box
from tldash.records import Dialect, Status


class Unsafe(Exception):
    """This YAML cannot be edited safely; the message says why."""


def with_status(text: str, node: Any, status: Status, on: date) -> str:
    """The document with the item at `node` in that status. Raises Unsafe."""
    from ruamel.yaml.nodes import ScalarNode

    if node.anchor:
        raise Unsafe("this item is used in several places of the file (it has an anchor)")
    if isinstance(node, ScalarNode):
        return _string_status(text, node, status, on)
    return _mapping_status(text, node, status, on)


def _string_status(text: str, node: Any, status: Status, on: date) -> str:
    start, end = _inner(text, node)
    value = text[start:end]
    mark, words = split_box(value)
    new_mark, body = taskedit.with_status(mark, value[words:], status, on, Dialect.PLAIN)
    if words:
        new = f"[{new_mark}]{value[3:words]}{body}"
    elif status is Status.IN_PROGRESS:
        raise Unsafe("a text without a box cannot be marked as in progress; write it as a mapping")
    else:
        new = body
    return text[:start] + new + text[end:]


def _inner(text: str, node: Any) -> tuple[int, int]:
    """Offsets of a scalar's words, inside its quotes. Raises Unsafe where text and value differ."""
    if node.style in ("|", ">"):
        raise Unsafe("this item is a block of text; write it on one line to edit it here")
    start, end = node.start_mark.index, node.end_mark.index
    if text[start : start + 1] in ("&", "*", "!"):
        raise Unsafe("this item has an anchor, an alias or a tag")
    if node.style in ("'", '"'):
        start, end = start + 1, end - 1
    if text[start:end] != node.value:
        raise Unsafe("this item spans lines or has escapes; write it on one line to edit it here")
    return start, end


def _mapping_status(text: str, node: Any, status: Status, on: date) -> str:
    values = {str(key.value): (key, value) for key, value in node.value}
    edits: list[tuple[int, int, str]] = []
    closing = {Status.DONE: "done", Status.CANCELLED: "cancelled"}
    kept = closing.get(status)
    for name in closing.values():
        if name in values and name != kept:
            edits.append(_remove(text, node, *values[name]))
    written = values.get("status")
    if kept and kept not in values:
        edits.append(_insert(text, node, kept, on.isoformat()))
    elif kept and not values[kept][1].value:
        edits.append(_replace(text, values[kept][1], on.isoformat()))
    if written is not None and written[1].value != status:
        edits.append(_replace(text, written[1], status.value))
    elif written is None and status is Status.IN_PROGRESS:
        edits.append(_insert(text, node, "status", status.value))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _replace(text: str, node: Any, value: str) -> tuple[int, int, str]:
    if not node.value:
        at = node.start_mark.index
        return at, at, value if text[at - 1 : at].isspace() else " " + value
    return (*_inner(text, node), value)


def _insert(text: str, node: Any, key: str, value: str) -> tuple[int, int, str]:
    last_key, last_value = node.value[-1]
    if node.flow_style:
        at = _after(text, last_value)
        return at, at, f", {key}: {value}"
    at = _line_end(text, _after(text, last_value))
    indent = " " * last_key.start_mark.column
    ending = "\r\n" if "\r\n" in text else "\n"
    return at, at, f"{ending}{indent}{key}: {value}"


def _after(text: str, node: Any) -> int:
    """Where a value ends in the text, without the blanks and comments that follow it."""
    end: int = node.end_mark.index
    start: int = node.start_mark.index
    if node.id == "scalar" and node.style in ("|", ">"):
        raise Unsafe("the last value of this item is a block of text; put another key after it")
    return start + len(text[start:end].rstrip())


def _line_end(text: str, at: int) -> int:
    ends = [found for sign in "\r\n" if (found := text.find(sign, at)) >= 0]
    return min(ends, default=len(text))


def _remove(text: str, node: Any, key: Any, value: Any) -> tuple[int, int, str]:
    start, end = key.start_mark.index, _after(text, value)
    if node.flow_style:
        before = text[:start].rstrip(" \t")
        if before.endswith(","):
            return len(before) - 1, end, ""
        rest = text[end:]
        following = rest.lstrip(" \t")
        skipped = len(rest) - len(following)
        if following.startswith(","):
            after = following[1:].lstrip(" \t")
            return start, end + skipped + 1 + len(following[1:]) - len(after), ""
        return start, end, ""
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    if text[line_start:start].strip():
        raise Unsafe("this key shares its line with another; put it on a line of its own")
    line_end = _line_end(text, end)
    if line_start and text[line_start - 1] == "\n":
        line_start -= 2 if text[line_start - 2 : line_start] == "\r\n" else 1
    return line_start, line_end, ""
