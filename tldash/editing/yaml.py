"""Edits of the items of a YAML session, spliced so that every other byte stays.

A string is edited like a task line, inside its quotes. A mapping has a key for each field; a field
that stands in its text instead is edited there. New items get the style of their neighbours.

The functions yield or return whole documents. The caller checks which of them reads as it should:
a plain scalar may need quotes for its new text.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Final

from tldash.editing import semantics
from tldash.editing.edits import (
    AddTask,
    Refused,
    SetDate,
    SetPriority,
    SetRepeat,
    SetStatus,
    SetTags,
    TaskChange,
)
from tldash.formats.tasks import edit as taskedit
from tldash.formats.tasks import parse
from tldash.formats.yaml import load
from tldash.formats.yaml.compose import compose
from tldash.formats.yaml.nodes import ListNode, MappingNode, Node, Pair, ScalarNode, child, name_of
from tldash.formats.yaml.session import (
    DATE_FIELDS,
    LISTS,
    NO_VALUE,
    TEXT_KEYS,
    TOPIC_KEYS,
    Item,
    split_box,
    status_by_date,
)
from tldash.formats.yaml.splice import (
    Splice,
    Unsafe,
    check_composed,
    check_keys,
    cut_flow,
    cut_lines,
    end_of,
    ending,
    exchange,
    has_anchor,
    inner,
    insert,
    is_missing,
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

__all__ = ["Unsafe", "added", "changed", "list_name", "removed", "repeated", "with_status"]

_CLOSING: Final = {Status.DONE: "done", Status.CANCELLED: "cancelled"}
_MARKS: Final = {Status.DONE: "x", Status.CANCELLED: "-"}
_SHARED: Final = "this item is used in several places of the file (it has an anchor)"
_TAGS_AFTER: Final = re.compile(r"[ \t]+#[^\W\d][\w/-]*(?:[ \t]+#[^\W\d][\w/-]*)*")
"""Tags after a string, which are a comment to YAML."""
_KEYS: Final = (*DATE_FIELDS, "priority", "owner", "repeat", "id")
_STYLES: Final = (None, "'", '"')


def changed(text: str, item: Item, edit: TaskChange) -> Iterator[str]:
    """Yield documents with the item changed, the most natural one first. Raises Unsafe."""
    node = item.node
    if isinstance(edit, SetStatus):
        yield with_status(text, node, edit.status, edit.on)
        return
    _check(text, node)
    if isinstance(node, ScalarNode):
        if isinstance(edit, SetTags):
            yield from _with_tags(text, item, node, edit)
            return
        for quoted in (False, True):
            yield spliced(text, [_on_text(text, node, edit, quoted)])
        return
    for quoted in (False, True):
        yield spliced(text, _on_mapping(text, node, edit, quoted))


def _check(text: str, node: Node) -> None:
    check_composed(text)
    check_keys(node)
    if node.anchor:
        raise Unsafe(_SHARED)


def _on_text(text: str, node: ScalarNode, edit: TaskChange, quoted: bool) -> Splice:
    """Edit a string in the grammar of task lines."""
    inner(text, node)
    _, start = split_box(node.value)
    if isinstance(edit, SetDate | SetPriority | SetRepeat):
        edit = dataclasses.replace(edit, dialect=Dialect.PLAIN)  # as in the rest of such a file
    _, body = semantics.apply_to_body(edit, " ", node.value[start:])
    return rewrite(text, node, node.value[:start] + body, quoted=quoted)


# -- tags ----------------------------------------------------------------------------------------


def _with_tags(text: str, item: Item, node: ScalarNode, edit: SetTags) -> Iterator[str]:
    """Edit the tags of a string: those after it, and those in its text."""
    inner(text, node)
    end = node.end
    match = _TAGS_AFTER.match(text, end)
    behind = text[end : match.end()] if match else ""
    left = taskedit.set_tags(behind.strip(), (), edit.remove)
    left = behind if left == behind.strip() else left and f" {left}"
    words = SetTags(item.task, (), edit.remove)
    wanted = semantics.edited_tags(edit, item.task.fields.tags) - set(item.task.fields.tags)
    added = [tag for tag in edit.add if tag.removeprefix("#") in wanted]
    more = "".join(f" #{tag.removeprefix('#')}" for tag in dict.fromkeys(added))
    for quoted in (False, True):
        if node.style is None and not quoted:
            edits = [_on_text(text, node, words, quoted), (end, end + len(behind), left + more)]
        else:
            both = SetTags(item.task, tuple(added), edit.remove)
            edits = [_on_text(text, node, both, quoted), (end, end + len(behind), left)]
        yield spliced(text, edits)


def _on_tags(text: str, node: MappingNode, edit: SetTags, quoted: bool) -> list[Splice]:
    """Edit the tags of a mapping: those under its key, and those in its text."""
    pairs = _pairs(node, "tags")
    words = _text_of(node)
    edits: list[Splice] = []
    tags = parse.parse(words.value).fields.tags
    gone = {tag.removeprefix("#") for tag in edit.remove}
    if gone.intersection(tags):
        edits.append(_on_text(text, words, SetTags(edit.task, (), edit.remove), quoted))
    known = set(edit.task.fields.tags)
    added = [t for tag in edit.add if (t := tag.removeprefix("#")) not in known]
    if "tags" not in pairs:
        if added:
            edits.append(insert(text, node, "tags", f"[{', '.join(dict.fromkeys(added))}]"))
        return edits
    key, value = pairs["tags"]
    if isinstance(value, ScalarNode):
        return edits + _on_tag_text(text, node, key, value, added, gone)
    if not isinstance(value, ListNode):
        raise Unsafe("tags: is not a list; fix it first")
    leaving = [one for one in value.items if name_of(one).removeprefix("#") in gone]
    if leaving and len(leaving) == len(value.items) and not added:
        edits.append(remove(text, node, key, value))
        return edits
    if leaving and len(leaving) == len(value.items) and value.flow:
        return [*edits, (leaving[0].start, leaving[-1].end, ", ".join(added))]
    for one in leaving:
        cut = cut_flow if value.flow else cut_lines
        edits.append(cut(text, one.start, one.end))
    if added:
        edits.append(_more_tags(text, value, added))
    return edits


def _on_tag_text(  # noqa: PLR0913, PLR0917 - a pair has two parts
    text: str, node: MappingNode, key: Node, value: ScalarNode, added: list[str], gone: set[str]
) -> list[Splice]:
    """Edit tags that are written as one text, with spaces or commas between them."""
    comma = ", " if "," in value.value or " " not in value.value.strip() else " "
    old = [] if value.value.lower() in NO_VALUE else value.value.replace(",", " ").split()
    new = [tag for tag in old if tag.removeprefix("#") not in gone] + added
    if not new:
        return [remove(text, node, key, value)] if old else []
    return [replace(text, key, value, comma.join(new))] if new != old else []


def _more_tags(text: str, tags: ListNode, added: list[str]) -> Splice:
    """Add tags at the end of a list."""
    if not tags.items:
        at = tags.start + 1
        return at, at, ", ".join(added)
    last = tags.items[-1]
    at = last_of(text, last, last)
    if tags.flow:
        return at, at, "".join(f", {tag}" for tag in added)
    lead = text[line_start(text, last.start) : last.start]
    if lead.strip() != "-":
        raise Unsafe("these tags share a line; put each on a line of its own")
    at = line_end(text, at)
    return at, at, "".join(f"{ending(text)}{lead}{tag}" for tag in added)


# -- mappings ------------------------------------------------------------------------------------


def _on_mapping(text: str, node: MappingNode, edit: TaskChange, quoted: bool) -> list[Splice]:
    words = _text_of(node)
    if isinstance(edit, SetTags):
        return _on_tags(text, node, edit, quoted)
    field = semantics.field_of(edit)
    if field is None:
        return [_on_text(text, words, edit, quoted)]
    name, new = field[0], None if field[1] is None else str(field[1])
    pairs = _pairs(node, name)
    in_text = getattr(parse.parse(words.value).fields, name) is not None
    edits: list[Splice] = []
    if isinstance(edit, SetDate | SetPriority):
        in_text = in_text or parse.find_unreadable(words.value, semantics.kind_of(edit)) is not None
        old = pairs[name][1] if name in pairs else None
        if isinstance(old, ScalarNode) and old.value.lower() not in NO_VALUE:
            semantics.check_unreadable(edit, old.value)
            new = new and semantics.keep_time(old.value, new)
        elif new is not None and isinstance(old, ListNode | MappingNode):
            return [_over_brackets(text, old, edit, new, quoted=quoted)]
    if name in pairs and new is None:
        edits.append(remove(text, node, *pairs[name]))
    elif name in pairs and new is not None:
        edits.append(replace(text, *pairs[name], new, quoted=quoted))
    elif new is not None and not in_text:
        edits.append(insert(text, node, name, spelled(new, "'" if quoted else None)))
    if in_text and (new is None or name not in pairs):
        edits.append(_on_text(text, words, edit, quoted))
    return edits


def _over_brackets(
    text: str,
    old: ListNode | MappingNode,
    edit: SetDate | SetPriority,
    new: str,
    *,
    quoted: bool,
) -> Splice:
    """Write a value over a list or mapping in brackets, which cannot be read as one."""
    semantics.check_unreadable(edit, "")
    inside = text[old.start : old.end]
    if not old.flow or has_anchor(old) or "\n" in inside or "\r" in inside:
        raise Unsafe("a list or mapping stands where a text was expected; write a text there")
    return old.start, old.end, spelled(new, "'" if quoted else None)


def _text_of(node: MappingNode) -> ScalarNode:
    """Return the node of a mapping's text. Raises Unsafe if it has an anchor."""
    found = {name_of(key): value for key, value in node.pairs}
    texts = (value for name in TEXT_KEYS if isinstance(value := found.get(name), ScalarNode))
    value = next(texts)
    if value.anchor:
        raise Unsafe("the text of this item is used in several places (it has an anchor)")
    return value


def _pairs(node: MappingNode, *names: str) -> dict[str, Pair]:
    """Return the pairs of a mapping by key. Raises Unsafe if a value of `names` has an anchor."""
    pairs = {name_of(key): (key, value) for key, value in node.pairs}
    for name in names:
        if name in pairs and pairs[name][1].anchor:
            raise Unsafe(f"the value of {name} is used in several places (it has an anchor)")
    return pairs


# -- the status ----------------------------------------------------------------------------------


def with_status(text: str, node: Node, status: Status, on: date) -> str:
    """Return the document with the item at `node` in that status. Raises Unsafe."""
    _check(text, node)
    if isinstance(node, MappingNode):
        return spliced(text, _mapping_status(text, node, status, on))
    return spliced(text, [_string_status(text, node, status, on)])


def _string_status(text: str, node: Node, status: Status, on: date) -> Splice:
    inner(text, node)
    value = name_of(node)
    mark, start = split_box(value)
    body = value[start:]
    before = mark or _MARKS.get(status_by_date(parse.parse(body).fields), " ")
    after, body = taskedit.set_status(before, body, status, on, Dialect.PLAIN)
    if not mark and status is Status.IN_PROGRESS:
        raise Unsafe("a text without a box cannot be marked as in progress; write it as a mapping")
    box = f"[{after}]{value[3:start]}" if mark else ""
    return rewrite(text, node, box + body)


def _mapping_status(text: str, node: MappingNode, status: Status, on: date) -> list[Splice]:
    pairs = _pairs(node, "status", *_CLOSING.values())
    written = pairs.get("status")
    dated = [name for name in _CLOSING.values() if name in pairs and _is_date(pairs[name][1])]
    kept = _CLOSING.get(status)
    if kept and kept not in pairs and written and name_of(written[1]) == Status.IN_PROGRESS:
        return [exchange(text, *written, kept, on.isoformat())]
    if status is Status.IN_PROGRESS and written is None and len(dated) == 1:
        return [exchange(text, *pairs[dated[0]], "status", status.value)]
    edits = _closing_edits(text, node, kept, on)
    if written is not None and name_of(written[1]) != status:
        edits.append(replace(text, *written, status.value))
    elif written is None and status is Status.IN_PROGRESS:
        edits.append(insert(text, node, "status", status.value))
    return edits


def _closing_edits(text: str, node: MappingNode, kept: str | None, on: date) -> list[Splice]:
    """Keep no completion field but `kept`; its day replaces the other field in place."""
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


def _reopen(text: str, node: MappingNode, key: Node, value: Node) -> list[Splice]:
    """Remove a completion field with a date; set one that is true to false."""
    if _is_date(value):
        return [remove(text, node, key, value)]
    return [replace(text, key, value, "false")] if name_of(value).lower() == "true" else []


def _close(text: str, key: Node, value: Node, on: date) -> list[Splice]:
    """Set a completion field that is empty to the day, and one that is false to true."""
    now = name_of(value).lower()
    if now in NO_VALUE:
        return [replace(text, key, value, on.isoformat())]
    if now == "false":
        return [replace(text, key, value, "true")]
    if now == "true" or _is_date(value):
        return []
    raise Unsafe(f"{name_of(key)}: is not a date; fix it first")


def _is_date(value: Node) -> bool:
    return parse_moment(name_of(value)) is not None


# -- new items, and items with their lines -------------------------------------------------------


def list_name(section: str, text: str) -> str:
    """Return the list of a YAML session that a section stands for. Raises Refused without one.

    Topics go under whichever of their keys the document has.
    """
    name = section.strip().casefold()
    if name not in LISTS:
        raise Refused("section", f"a YAML session has no list {section}: only {', '.join(LISTS)}")
    if name in TOPIC_KEYS and child(root := compose(text), name) is None:
        return next((other for other in TOPIC_KEYS if child(root, other) is not None), name)
    return name


def removed(text: str, name: str, node: Node) -> str:
    """Return the document without an item of the list `name`. Raises Unsafe."""
    check_composed(text)
    if has_anchor(node):
        raise Unsafe("this item, or a part of it, is used in other places (it has an anchor)")
    pair = child(compose(text), name)
    if pair is None or not isinstance(pair[1], ListNode):
        raise Unsafe("this list cannot be found again; remove it in an editor")
    start, end = node.start, last_of(text, node, node)
    if pair[1].flow:
        one = len(pair[1].items) == 1
        return spliced(text, [(start, end, "") if one else cut_flow(text, start, end)])
    if text[line_start(text, start) : start].strip() != "-":
        raise Unsafe("this item shares its line with something else; remove it in an editor")
    return spliced(text, [cut_lines(text, start, end)])


def added(text: str, name: str, edit: AddTask) -> Iterator[str]:
    """Yield documents with one more item in the list `name`, the most natural one first.

    Raises Unsafe.
    """
    root = compose(text)
    line = semantics.one_line(edit.text)
    pair = None
    if root is None and load.load(text, "") != (None, ()):
        raise Unsafe("this file is not valid YAML, or too large; fix it first")
    if root is not None and not is_missing(root):
        if not isinstance(root, MappingNode) or root.flow:
            raise Unsafe("this file has no keys on lines of their own; add it in an editor")
        pair = child(root, name)
    for item in _new_items(pair[1] if pair else None, line):
        yield spliced(text, [_place(text, name, pair, item)])


def repeated(text: str, item: Item, on: date) -> Iterator[str]:
    """Yield documents with a repeating action done, and its next occurrence on a line above it.

    Raises Unsafe, and Refused if the date of the next occurrence is not clear.
    """
    node = item.node
    if not isinstance(node, ScalarNode):
        raise Unsafe("this action repeats, and the next one can only be written by hand here")
    done = with_status(text, node, Status.DONE, on)
    _, start = split_box(node.value)
    following = semantics.next_line(item.task, node.value[start:], on)
    if following is None:
        yield done
        return
    begin = line_start(text, node.start)
    lead = text[begin : node.start]
    if lead.strip() != "-":
        raise Unsafe("this action repeats, and shares its line with something else")
    box = f"[ ]{node.value[3:start]}" if start else ""
    tags = _TAGS_AFTER.match(text, node.end)
    for style in dict.fromkeys((node.style, "'")):
        line = lead + spelled(box + following, style) + (tags[0] if tags else "")
        yield done[:begin] + line + ending(text) + done[begin:]


def _new_items(value: Node | None, line: str) -> Iterator[tuple[str, ...]]:
    """Yield the lines of a new item in the style of its neighbours, then in other styles."""
    neighbours = value.items if isinstance(value, ListNode) else []
    last = neighbours[-1] if neighbours else None
    if isinstance(last, MappingNode) and all(isinstance(one, MappingNode) for one in neighbours):
        keys = _as_keys(line)
        for style, other in product(_STYLES, (None, "'")):
            lines = tuple(f"{key}: {_spelled(key, value, style, other)}" for key, value in keys)
            yield (_in_braces(lines),) if last.flow else lines
    strings = [node.style for node in neighbours if isinstance(node, ScalarNode)]
    first = strings[-1] if strings and strings[-1] in _STYLES else None
    for style in dict.fromkeys((first, *_STYLES)):
        yield (spelled(line, style),)


def _as_keys(line: str) -> list[tuple[str, str]]:
    """Return a task line as the keys and values of a mapping."""
    parsed = parse.parse(line)
    pairs = [("text", parsed.text)]
    for key in _KEYS:
        if (value := getattr(parsed.fields, key)) is not None:
            pairs.append((key, str(value)))
    if parsed.fields.tags:
        pairs.append(("tags", f"[{', '.join(parsed.fields.tags)}]"))
    return pairs


def _spelled(key: str, value: str, style: str | None, other: str | None) -> str:
    """Write a value in the style of the text, or in that of the other values."""
    if key == "text":
        return spelled(value, style)
    return spelled(value, other if key in {"owner", "repeat", "id"} else None)


def _in_braces(lines: tuple[str, ...]) -> str:
    return "{" + ", ".join(lines) + "}"


def _place(text: str, name: str, pair: Pair | None, item: tuple[str, ...]) -> Splice:
    """Put an item at the end of the list `name`, which may have to be created."""
    end = ending(text)
    if pair is None:
        start = "" if not text or text.endswith(("\r", "\n")) else end
        last = end if not start else ""
        lines = f"{end}    ".join(item)
        return len(text), len(text), f"{start}{name}:{end}  - {lines}{last}"
    key, value = pair
    if is_missing(value) and not value.anchor:
        at = line_end(text, end_of(text, key, value))
        return at, at, f"{end}  - " + f"{end}    ".join(item)
    if not isinstance(value, ListNode):
        raise Unsafe(f"{name}: is not a list; fix it first")
    if value.anchor:
        raise Unsafe("this list is used in several places of the file (it has an anchor)")
    return _after_last(text, value, item)


def _after_last(text: str, items: ListNode, item: tuple[str, ...]) -> Splice:
    """Put an item after the last one of a list."""
    on_one_line = item[0] if len(item) == 1 else _in_braces(item)
    if not items.items:
        at = items.start + 1
        return at, at, on_one_line
    last = items.items[-1]
    if last.start < items.start or last.anchor:
        raise Unsafe("the last item is an alias or has an anchor; add it in an editor")
    at = last_of(text, last, last)
    if items.flow:
        return at, at, ", " + on_one_line
    lead = text[line_start(text, last.start) : last.start]
    if lead.strip() != "-":
        raise Unsafe("the last item shares its line with something else; add it in an editor")
    at = line_end(text, at)
    indent = " " * len(lead)
    return at, at, ending(text) + lead + f"{ending(text)}{indent}".join(item)
