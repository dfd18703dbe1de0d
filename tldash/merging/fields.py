"""Merge two versions of one line by its fields: task items, and flow collections of YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any, Final, TypeVar

from tldash.formats.tasks import edit
from tldash.formats.tasks.parse import metadata_tokens, parse, status_of
from tldash.formats.tasks.scan import scan
from tldash.formats.tasks.vocabulary import DATE_KINDS
from tldash.formats.yaml.session import status_by_date
from tldash.merging import lines
from tldash.merging.units import TaskLine
from tldash.model.records import Dialect, Fields, Status

Value = TypeVar("Value")


class Differs(Exception):
    """Both sides changed the same thing in different ways."""


def pick(base: Value, ours: Value, theirs: Value) -> Value:
    """Return the value that a side changed.

    Raises:
        Differs: Both sides changed it, in different ways.
    """
    if theirs in (ours, base):
        return ours
    if ours == base:
        return theirs
    raise Differs


# -- task items ----------------------------------------------------------------------------------


def merge_task_line(base: TaskLine, ours: TaskLine, theirs: TaskLine) -> TaskLine:
    """Merge the lines of one task item: box, text, each field, and each tag.

    Raises:
        Differs: Both sides changed the same field in different ways, or no line has exactly the
            merged fields.
    """
    sides = (base, ours, theirs)
    pick(*(_status(line) for line in sides))
    return TaskLine(
        pick(*(line.lead for line in sides)),
        pick(*(line.mark for line in sides)),
        pick(*(line.gap for line in sides)),
        _merge_body(*(line.body for line in sides)),
        pick(*(line.tail for line in sides)),
    )


def _status(line: TaskLine) -> Status:
    return status_of(line.mark) if line.mark else status_by_date(parse(line.body).fields)


def merge_fields(base: Fields, ours: Fields, theirs: Fields) -> Fields:
    """Merge the values of the fields; tags one by one. Raises Differs."""
    values: dict[str, Any] = {
        one.name: pick(*(getattr(side, one.name) for side in (base, ours, theirs)))
        for one in fields_of(Fields)
        if one.name != "tags"
    }
    return Fields(**values, tags=_merge_sets(base.tags, ours.tags, theirs.tags))


def _merge_sets(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    """Return the members that both sides kept, in the order of the base, then the added ones."""
    kept = [one for one in base if one in ours and one in theirs]
    added = {one for one in (*ours, *theirs) if one not in base}
    return (*kept, *sorted(added))


def _merge_body(base: str, ours: str, theirs: str) -> str:
    try:
        return pick(base, ours, theirs)
    except Differs:
        pass
    old, one, other = parse(base), parse(ours), parse(theirs)
    text = pick(old.text, one.text, other.text)
    fields = merge_fields(old.fields, one.fields, other.fields)
    spaced = merge_words(base, ours, theirs)
    for body in (spaced, _rebuild(base, ours, theirs, text, fields)):
        if body is None:
            continue
        found = parse(body)
        if found.text == text and _unordered(found.fields) == _unordered(fields):
            return body
    raise Differs


def _unordered(fields: Fields) -> Fields:
    return replace(fields, tags=tuple(sorted(fields.tags)))


_WORDS: Final = re.compile(r"[ \t]+|[^ \t]+")


def merge_words(base: str, ours: str, theirs: str) -> str | None:
    """Merge two lines by words; None if both changed the same or adjacent words."""
    old, one, other = (_WORDS.findall(line) for line in (base, ours, theirs))
    here, there = dict(lines.match(old, one)), dict(lines.match(old, other))
    shared = [(b, here[b], there[b]) for b in here if b in there]
    parts: list[str] = []
    b, o, t = 0, 0, 0
    for at in [*shared, (len(old), len(one), len(other))]:
        try:
            parts += pick(old[b : at[0]], one[o : at[1]], other[t : at[2]])
        except Differs:
            return None
        parts += old[at[0] : at[0] + 1]
        b, o, t = (index + 1 for index in at)
    return "".join(parts)


def _rebuild(base: str, ours: str, theirs: str, text: str, fields: Fields) -> str | None:
    """Set the merged fields on the base, in one order, so that either side gives the same line."""
    old = parse(base).fields
    dialect = _new_dialect(base, ours, theirs)
    body = edit.replace_text(base, text)
    for kind in sorted(DATE_KINDS):
        if getattr(old, kind) != (day := getattr(fields, kind)):
            body = edit.set_date(body, kind, day, dialect)  # type: ignore[arg-type]
    if old.priority is not fields.priority:
        body = edit.set_priority(body, fields.priority, dialect)
    if old.repeat != fields.repeat:
        body = edit.set_repeat(body, fields.repeat, dialect)
    if old.owner != fields.owner:
        body = edit.set_owner(body, fields.owner)
    gone = [tag for tag in old.tags if tag not in fields.tags]
    added = [tag for tag in fields.tags if tag not in old.tags]
    return edit.set_tags(body, added, gone)


def _new_dialect(*bodies: str) -> Dialect:
    """Return the dialect of the first field in any version of a line."""
    found = {t.dialect for body in bodies for t in metadata_tokens(scan(body)) if t.dialect}
    return min(found, default=Dialect.PLAIN)


# -- flow collections ----------------------------------------------------------------------------

_FLOW: Final = re.compile(
    r"((?:[^\s:#]+:[ \t]+)?)([\[{])([^\[\]{}\"'\n]*)([\]}])([ \t]*(?:#.*)?)\n"
)
_ENTRY: Final = re.compile(r"[ \t]*([^,:\s][^,:]*?)[ \t]*(?::[ \t]+([^,]*?))?[ \t]*(?:,|\Z)")


def merge_flow(base: str | None, ours: str, theirs: str) -> str:
    """Merge two versions of `key: {a: b}` or `key: [a, b]`, entry by entry.

    `base` is None for a key that both sides added. Raises Differs.
    """
    sides = [_read_flow(line) for line in (base, ours, theirs) if line is not None]
    if base is None:
        sides.insert(0, {})
    before, one, other = sides
    merged: dict[str, str | None] = {}
    missing = "\0"
    for name in (*before, *sorted({*one, *other} - {*before})):
        value = pick(*(side.get(name, missing) for side in (before, one, other)))
        if value != missing:
            merged[name] = value
    spaced = merge_words(base, ours, theirs) if base is not None else None
    if spaced is not None and _FLOW.fullmatch(spaced.lstrip()) and _read_flow(spaced) == merged:
        return spaced
    return _put_flow(min(ours, theirs) if base is None else base, merged)


def merge_removed_flow(base: str, changed: str) -> str:
    """Merge a line that one side changed and the other removed: it removed all its entries.

    Raises Differs.
    """
    return merge_flow(base, changed, _put_flow(base, {}) if _read_flow(base) else base)


def _put_flow(line: str, entries: Mapping[str, str | None]) -> str:
    """Return a line with other entries in its brackets."""
    inside = ", ".join(n if v is None else f"{n}: {v}" for n, v in entries.items())
    start = min(line.find(c) for c in "[{" if c in line)
    end = max(line.rfind("]"), line.rfind("}"))
    return f"{line[: start + 1]}{inside}{line[end:]}"


def _read_flow(line: str) -> dict[str, str | None]:
    """Return the entries of a flow collection of plain words. Raises Differs for any other."""
    found = _FLOW.fullmatch(line.lstrip(" \t"))
    if found is None or (found[2] == "{") != (found[4] == "}"):
        raise Differs
    entries: dict[str, str | None] = {}
    at = 0
    inside = found[3].strip()
    while at < len(inside):
        entry = _ENTRY.match(inside, at)
        if entry is None or entry[1] in entries:
            raise Differs
        entries[entry[1]] = entry[2]
        at = entry.end()
    return entries
