"""Edits of the items of a YAML session, spliced so that every other byte stays.

A string is edited as a task line is, inside its quotes. A mapping has a key for each field; where a
field stands among its words instead, it is edited there.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from tldash.editing import semantics
from tldash.editing.edits import SetDate, SetPriority, SetRepeat, SetStatus, SetTags, TaskChange
from tldash.formats.tasks import edit as taskedit
from tldash.formats.tasks import parse
from tldash.formats.yaml.session import NO_VALUE, Item, split_box, status_by_date
from tldash.formats.yaml.splice import (
    Splice,
    Unsafe,
    check_composed,
    check_keys,
    cut_flow,
    cut_lines,
    ending,
    exchange,
    inner,
    insert,
    last_of,
    line_end,
    line_start,
    remove,
    replace,
    rewrite,
    spelled,
    spliced,
)
from tldash.model.dates import parse_moment
from tldash.model.records import Dialect, Status

__all__ = ["Unsafe", "changed", "with_status"]

WORDS: Final = ("text", "action", "topic")
"""Keys of a mapping's words."""
_CLOSING: Final = {Status.DONE: "done", Status.CANCELLED: "cancelled"}
_MARKS: Final = {Status.DONE: "x", Status.CANCELLED: "-"}
_SHARED: Final = "this item is used in several places of the file (it has an anchor)"
TAGS_BEHIND: Final = re.compile(r"[ \t]+#[^\W\d][\w/-]*(?:[ \t]+#[^\W\d][\w/-]*)*")
"""Tags behind a string, which are a comment to YAML."""


def changed(text: str, item: Item, edit: TaskChange) -> Iterator[str]:
    """Documents that may be what was wished for, the most natural one first.

    Which of them are read as they should be is for the caller to find out: a plain scalar may need
    quotes for its new words. Raises Unsafe.
    """
    if isinstance(edit, SetStatus):
        yield with_status(text, item.node, edit.status, edit.on)
        return
    check_composed(item.node)
    check_keys(item.node)
    if item.node.anchor:
        raise Unsafe(_SHARED)
    if item.node.id == "scalar" and isinstance(edit, SetTags):
        yield from _with_tags(text, item, edit)
        return
    for quoted in (False, True):
        if item.node.id == "scalar":
            yield spliced(text, [_on_words(text, item.node, edit, quoted)])
        else:
            yield spliced(text, _on_mapping(text, item, edit, quoted))


def _on_words(text: str, node: Any, edit: TaskChange, quoted: bool) -> Splice:
    """Edit a string in the grammar of task lines."""
    inner(text, node)
    _, start = split_box(node.value)
    if isinstance(edit, SetDate | SetPriority | SetRepeat):
        edit = dataclasses.replace(edit, dialect=Dialect.PLAIN)  # as in the rest of such a file
    _, body = semantics.apply_to_body(edit, " ", node.value[start:])
    return rewrite(text, node, node.value[:start] + body, quoted=quoted)


# -- tags ----------------------------------------------------------------------------------------


def _with_tags(text: str, item: Item, edit: SetTags) -> Iterator[str]:
    """Edit the tags of a string: those behind it, and those among its words."""
    node = item.node
    inner(text, node)
    end = node.end_mark.index
    match = TAGS_BEHIND.match(text, end)
    behind = text[end : match.end()] if match else ""
    left = taskedit.set_tags(behind.strip(), (), edit.remove)
    left = behind if left == behind.strip() else left and f" {left}"
    words = SetTags(item.task, (), edit.remove)
    wanted = semantics.edited_tags(edit, item.task.fields.tags) - set(item.task.fields.tags)
    added = [tag for tag in edit.add if tag.removeprefix("#") in wanted]
    more = "".join(f" #{tag.removeprefix('#')}" for tag in dict.fromkeys(added))
    for quoted in (False, True):
        if node.style is None and not quoted:
            edits = [_on_words(text, node, words, quoted), (end, end + len(behind), left + more)]
        else:
            both = SetTags(item.task, tuple(added), edit.remove)
            edits = [_on_words(text, node, both, quoted), (end, end + len(behind), left)]
        yield spliced(text, edits)


def _on_tags(text: str, node: Any, edit: SetTags, quoted: bool) -> list[Splice]:
    """Edit the tags of a mapping: those of its key, and those among its words."""
    pairs = _pairs(node, "tags")
    words = _words(node)
    edits: list[Splice] = []
    tags = parse.parse(words.value).fields.tags
    gone = {tag.removeprefix("#") for tag in edit.remove}
    if gone.intersection(tags):
        edits.append(_on_words(text, words, SetTags(edit.task, (), edit.remove), quoted))
    known = set(edit.task.fields.tags)
    added = [t for tag in edit.add if (t := tag.removeprefix("#")) not in known]
    if "tags" not in pairs:
        if added:
            edits.append(insert(text, node, "tags", f"[{', '.join(dict.fromkeys(added))}]"))
        return edits
    key, value = pairs["tags"]
    if value.id == "scalar":
        return edits + _on_tag_words(text, node, (key, value), added, gone)
    if value.id != "sequence":
        raise Unsafe("what stands at tags: is no list; correct it first")
    leaving = [one for one in value.value if str(one.value).removeprefix("#") in gone]
    if leaving and len(leaving) == len(value.value) and not added:
        edits.append(remove(text, node, key, value))
        return edits
    if leaving and len(leaving) == len(value.value) and value.flow_style:
        start, end = leaving[0].start_mark.index, leaving[-1].end_mark.index
        return [*edits, (start, end, ", ".join(added))]
    for one in leaving:
        start, end = one.start_mark.index, one.end_mark.index
        edits.append((cut_flow if value.flow_style else cut_lines)(text, start, end))
    if added:
        edits.append(_more_tags(text, value, added))
    return edits


def _on_tag_words(
    text: str, node: Any, pair: tuple[Any, Any], added: list[str], gone: set[str]
) -> list[Splice]:
    """Edit tags that are written as words, with blanks or commas between them."""
    value = pair[1]
    comma = ", " if "," in value.value or " " not in value.value.strip() else " "
    old = [] if value.value.lower() in NO_VALUE else value.value.replace(",", " ").split()
    new = [tag for tag in old if tag.removeprefix("#") not in gone] + added
    if not new:
        return [remove(text, node, *pair)] if old else []
    return [replace(text, *pair, comma.join(new))] if new != old else []


def _more_tags(text: str, sequence: Any, added: list[str]) -> Splice:
    if not sequence.value:
        at = sequence.start_mark.index + 1
        return at, at, ", ".join(added)
    last = sequence.value[-1]
    at = last_of(text, last, last)
    if sequence.flow_style:
        return at, at, "".join(f", {tag}" for tag in added)
    lead = text[line_start(text, last.start_mark.index) : last.start_mark.index]
    if lead.strip() != "-":
        raise Unsafe("these tags share a line; put each on a line of its own")
    at = line_end(text, at)
    return at, at, "".join(f"{ending(text)}{lead}{tag}" for tag in added)


# -- mappings ------------------------------------------------------------------------------------


def _on_mapping(text: str, item: Item, edit: TaskChange, quoted: bool) -> list[Splice]:
    node = item.node
    words = _words(node)
    if isinstance(edit, SetTags):
        return _on_tags(text, node, edit, quoted)
    wish = semantics.field_of(edit)
    if wish is None:
        return [_on_words(text, words, edit, quoted)]
    name, new = wish[0], None if wish[1] is None else str(wish[1])
    pairs = _pairs(node, name)
    in_words = getattr(parse.parse(words.value).fields, name) is not None
    edits: list[Splice] = []
    if name in pairs and new is None:
        edits.append(remove(text, node, *pairs[name]))
    elif name in pairs and new is not None:
        edits.append(replace(text, *pairs[name], new, quoted=quoted))
    elif new is not None and not in_words:
        edits.append(insert(text, node, name, spelled(new, "'" if quoted else None)))
    if in_words and (new is None or name not in pairs):
        edits.append(_on_words(text, words, edit, quoted))
    return edits


def _words(node: Any) -> Any:
    """The node of a mapping's words."""
    found = {str(key.value): value for key, value in node.value}
    words = next(found[name] for name in WORDS if name in found)
    if words.anchor:
        raise Unsafe("the words of this item are shared with another place (they have an anchor)")
    return words


def _pairs(node: Any, *names: str) -> dict[str, tuple[Any, Any]]:
    pairs = {str(key.value): (key, value) for key, value in node.value}
    for name in names:
        if name in pairs and pairs[name][1].anchor:
            raise Unsafe(f"the value of {name} is shared with another place (it has an anchor)")
    return pairs


# -- the status ----------------------------------------------------------------------------------


def with_status(text: str, node: Any, status: Status, on: date) -> str:
    """The document with the item at `node` in that status. Raises Unsafe."""
    check_composed(node)
    check_keys(node)
    if node.anchor:
        raise Unsafe(_SHARED)
    if node.id == "scalar":
        return spliced(text, [_string_status(text, node, status, on)])
    return spliced(text, _mapping_status(text, node, status, on))


def _string_status(text: str, node: Any, status: Status, on: date) -> Splice:
    inner(text, node)
    mark, start = split_box(node.value)
    body = node.value[start:]
    before = mark or _MARKS.get(status_by_date(parse.parse(body).fields), " ")
    after, body = taskedit.set_status(before, body, status, on, Dialect.PLAIN)
    if not mark and status is Status.IN_PROGRESS:
        raise Unsafe("a text without a box cannot be marked as in progress; write it as a mapping")
    box = f"[{after}]{node.value[3:start]}" if mark else ""
    return rewrite(text, node, box + body)


def _mapping_status(text: str, node: Any, status: Status, on: date) -> list[Splice]:
    pairs = _pairs(node, "status", *_CLOSING.values())
    written = pairs.get("status")
    dated = [name for name in _CLOSING.values() if name in pairs and _is_date(pairs[name][1])]
    kept = _CLOSING.get(status)
    if kept and kept not in pairs and written and written[1].value == Status.IN_PROGRESS:
        return [exchange(text, *written, kept, on.isoformat())]
    if status is Status.IN_PROGRESS and written is None and len(dated) == 1:
        return [exchange(text, *pairs[dated[0]], "status", status.value)]
    edits = _closing_edits(text, node, kept, on)
    if written is not None and written[1].value != status:
        edits.append(replace(text, *written, status.value))
    elif written is None and status is Status.IN_PROGRESS:
        edits.append(insert(text, node, "status", status.value))
    return edits


def _closing_edits(text: str, node: Any, kept: str | None, on: date) -> list[Splice]:
    """Leave of the completion fields `kept` alone, or none; its day takes the other one's place."""
    pairs = _pairs(node)
    dated = [name for name in _CLOSING.values() if name in pairs and _is_date(pairs[name][1])]
    if kept and kept not in pairs and dated:
        return [exchange(text, *pairs[dated[0]], kept, on.isoformat())]
    edits: list[Splice] = []
    for name in _CLOSING.values():
        if name in pairs and name != kept:
            edits.extend(_reopen(text, node, *pairs[name]))
    if kept and kept in pairs:
        edits.extend(_close(text, *pairs[kept], on))
    elif kept:
        edits.append(insert(text, node, kept, on.isoformat()))
    return edits


def _reopen(text: str, node: Any, key: Any, value: Any) -> list[Splice]:
    """Take away a completion field; one that is true or false becomes false."""
    if _is_date(value):
        return [remove(text, node, key, value)]
    return [replace(text, key, value, "false")] if _word(value) == "true" else []


def _close(text: str, key: Any, value: Any, on: date) -> list[Splice]:
    """Make a completion field that is there say so, in the way in which it says that it is not."""
    if _word(value) in NO_VALUE:
        return [replace(text, key, value, on.isoformat())]
    if _word(value) == "false":
        return [replace(text, key, value, "true")]
    if _word(value) == "true" or _is_date(value):
        return []
    raise Unsafe(f"what stands at {key.value} is no date; correct it first")


def _word(value: Any) -> str:
    return str(value.value).lower()


def _is_date(value: Any) -> bool:
    return parse_moment(str(value.value)) is not None
