"""Edits of YAML sessions by splicing text at the marks of nodes, so that every other byte stays.

Only what can be spliced without doubt is edited: plain and quoted scalars on one line, block and
flow mappings. Block scalars, aliases, tags and scalars over several lines are refused with the
reason, because there the text and the value differ in ways that a splice could break.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from tldash.dates import parse_moment
from tldash.files import taskedit, tasks, yamls
from tldash.files.yamlsession import NO_VALUE, split_box, status_by_date
from tldash.records import Dialect, Status

_CLOSING: Final = {Status.DONE: "done", Status.CANCELLED: "cancelled"}
_MARKS: Final = {Status.DONE: "x", Status.CANCELLED: "-"}

Edit = tuple[int, int, str]
"""Start and end offset in the document, and what to put there."""


class Unsafe(Exception):
    """This YAML cannot be edited safely; the message says why."""


def with_status(text: str, node: Any, status: Status, on: date) -> str:
    """The document with the item at `node` in that status. Raises Unsafe."""
    from ruamel.yaml.nodes import ScalarNode

    if node.anchor:
        raise Unsafe("this item is used in several places of the file (it has an anchor)")
    if isinstance(node, ScalarNode):
        return _string_status(text, node, status, on)
    for start, end, new in sorted(_mapping_edits(text, node, status, on), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _string_status(text: str, node: Any, status: Status, on: date) -> str:
    start, end = _inner(text, node)
    value = text[start:end]
    mark, words = split_box(value)
    body = value[words:]
    before = mark or _MARKS.get(status_by_date(tasks.parse(body).fields), " ")
    after, body = taskedit.with_status(before, body, status, on, Dialect.PLAIN)
    if not mark and status is Status.IN_PROGRESS:
        raise Unsafe("a text without a box cannot be marked as in progress; write it as a mapping")
    box = f"[{after}]{value[3:words]}" if mark else ""
    return text[:start] + box + body + text[end:]


def _inner(text: str, node: Any) -> tuple[int, int]:
    """Offsets of a scalar's words, inside its quotes. Raises Unsafe where text and value differ.

    Quotes within quotes are let pass, since an edit touches none of them.
    """
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
    raise Unsafe("this item spans lines, or has escapes or a tag; write it plainly to edit it here")


def _mapping_edits(text: str, node: Any, status: Status, on: date) -> list[Edit]:
    pairs = _pairs(node)
    written = pairs.get("status")
    dated = [name for name in _CLOSING.values() if name in pairs and _is_date(pairs[name][1])]
    kept = _CLOSING.get(status)
    if kept and kept not in pairs and written and written[1].value == Status.IN_PROGRESS:
        return [_exchange(text, *written, kept, on.isoformat())]
    if status is Status.IN_PROGRESS and written is None and len(dated) == 1:
        return [_exchange(text, *pairs[dated[0]], "status", status.value)]
    edits = _closing_edits(text, node, kept, on)
    if written is not None and written[1].value != status:
        edits.append(_replace(text, *written, status.value))
    elif written is None and status is Status.IN_PROGRESS:
        edits.append(_insert(text, node, "status", status.value))
    return edits


def _closing_edits(text: str, node: Any, kept: str | None, on: date) -> list[Edit]:
    """Leave of the completion fields `kept` alone, or none; its day takes the other one's place."""
    pairs = _pairs(node)
    dated = [name for name in _CLOSING.values() if name in pairs and _is_date(pairs[name][1])]
    if kept and kept not in pairs and dated:
        return [_exchange(text, *pairs[dated[0]], kept, on.isoformat())]
    edits: list[Edit] = []
    for name in _CLOSING.values():
        if name in pairs and name != kept:
            edits.extend(_reopen(text, node, *pairs[name]))
    if kept and kept in pairs:
        edits.extend(_close(text, *pairs[kept], on))
    elif kept:
        edits.append(_insert(text, node, kept, on.isoformat()))
    return edits


def _pairs(node: Any) -> dict[str, tuple[Any, Any]]:
    pairs = {str(key.value): (key, value) for key, value in node.value}
    for name in ("status", *_CLOSING.values()):
        if name in pairs and pairs[name][1].anchor:
            raise Unsafe(f"the value of {name} is shared with another place (it has an anchor)")
    return pairs


def _reopen(text: str, node: Any, key: Any, value: Any) -> list[Edit]:
    """Take away a completion field; one that is true or false becomes false."""
    if _is_date(value):
        return [_remove(text, node, key, value)]
    return [_replace(text, key, value, "false")] if _word(value) == "true" else []


def _close(text: str, key: Any, value: Any, on: date) -> list[Edit]:
    """Make a completion field that is there say so, in the way in which it says that it is not."""
    if _word(value) in NO_VALUE:
        return [_replace(text, key, value, on.isoformat())]
    if _word(value) == "false":
        return [_replace(text, key, value, "true")]
    if _word(value) == "true" or _is_date(value):
        return []
    raise Unsafe(f"what stands at {key.value} is no date; correct it first")


def _word(value: Any) -> str:
    return str(value.value).lower()


def _is_date(value: Any) -> bool:
    return parse_moment(str(value.value)) is not None


def _replace(text: str, key: Any, value: Any, new: str) -> Edit:
    if _is_missing(value):
        at = _end(text, key, value)
        return at, at, f" {new}"
    return (*_inner(text, value), new)


def _is_missing(value: Any) -> bool:
    """Whether nothing is written at all, in which case its marks may be on a later line."""
    return value.id == "scalar" and not value.value and value.style is None


def _end(text: str, key: Any, value: Any) -> int:
    """Where a key and its value end."""
    if _is_missing(value):
        return text.index(":", key.end_mark.index) + 1
    return int(value.end_mark.index)


def _exchange(text: str, key: Any, value: Any, name: str, new: str) -> Edit:
    """Put another key and value in the place of these."""
    _inner(text, value)
    return key.start_mark.index, value.end_mark.index, f"{name}: {new}"


def _insert(text: str, node: Any, key: str, value: str) -> Edit:
    """Add a key behind the last one whose end is beyond doubt."""
    simple = [pair for pair in node.value if _is_simple(pair[1])]
    if not simple:
        raise Unsafe("this item has no value on one line; add done: to it in an editor")
    last_key, last_value = simple[-1]
    at = _end(text, last_key, last_value)
    if node.flow_style:
        return at, at, f", {key}: {value}"
    at = _line_end(text, at)
    indent = " " * (yamls.position(text, last_key.start_mark.index)[1] - 1)
    return at, at, f"{_ending(text)}{indent}{key}: {value}"


def _is_simple(value: Any) -> bool:
    return value.id == "scalar" and not value.anchor and value.style not in ("|", ">")


def _ending(text: str) -> str:
    """The line end that a document uses."""
    return "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"


def _line_end(text: str, at: int) -> int:
    ends = [found for sign in "\r\n" if (found := text.find(sign, at)) >= 0]
    return min(ends, default=len(text))


def _remove(text: str, node: Any, key: Any, value: Any) -> Edit:
    start, end = key.start_mark.index, value.end_mark.index
    if node.flow_style:
        before = text[:start].rstrip()
        if before.endswith(","):
            return len(before) - 1, end, ""
        following = text[end:].lstrip()
        if not following.startswith(","):
            raise Unsafe("nothing would be left of this item")
        return start, len(text) - len(following[1:].lstrip()), ""
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    if text[line_start:start].strip():
        raise Unsafe("this key shares its line with another; put it on a line of its own")
    before = text[:line_start]
    ending = next((e for e in ("\r\n", "\n", "\r") if before.endswith(e)), "")
    return line_start - len(ending), _line_end(text, end), ""
