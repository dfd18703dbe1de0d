"""Verify the result of an edit: the requested change was made, and nothing else.

Compares the file before and after the edit as it is parsed, however the edit was made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from tldash.editing import semantics
from tldash.editing.edits import (
    AddTask,
    Edit,
    Remove,
    SetDate,
    SetPriority,
    SetStatus,
    SetTags,
    SetText,
)
from tldash.formats.markdown.body import kind_of
from tldash.formats.markdown.scanner import Kind, Line
from tldash.formats.tasks import parse
from tldash.formats.tasks.scan import scan
from tldash.formats.yaml import load
from tldash.model.records import FIELD_NAMES, Fields, Status, Task
from tldash.model.sanitize import sanitize

_NAME_OR_TAG: Final = re.compile(r"(?<!\S)[@#]\S+")
_ESCAPE: Final = re.compile(r"\\(?=[@#\[(^:])")


def is_applied(
    edit: Edit, here: Task | None, before: Sequence[Task], after: Sequence[Task]
) -> bool:
    """Return whether only the item `here` changed, and as the edit requested.

    `here` is None for a new item. A recurring action that is done may have its next occurrence
    above it.
    """
    rest = list(after)
    others = [task for task in before if task is not here]
    if here is None:
        pairs = zip(before, after, strict=False)
        at = next((i for i, (a, b) in enumerate(pairs) if not _unchanged(a, b)), len(before))
        if len(after) != len(before) + 1 or not _is_edited(edit, here, rest.pop(at)):
            return False
    elif not isinstance(edit, Remove):
        at = next(i for i, task in enumerate(before) if task is here)
        grew = len(after) == len(before) + 1
        if grew and isinstance(edit, SetStatus) and semantics.repeats(edit, here):
            following = rest.pop(at)
            if following.status is not Status.OPEN or following.section != here.section:
                return False
        if len(rest) != len(before) or not _is_edited(edit, here, rest.pop(at)):
            return False
    return len(others) == len(rest) and all(map(_unchanged, others, rest))


def same_outline(before: Sequence[Line], after: Sequence[Line]) -> bool:
    """Return whether all lines outside one run are the same, with the same block structure."""
    one, other = _outline(before), _outline(after)
    start = _common([line[-1] for line in one], [line[-1] for line in other])
    rest = _common(
        [line[-1] for line in one[start:]][::-1], [line[-1] for line in other[start:]][::-1]
    )
    return one[:start] == other[:start] and one[len(one) - rest :] == other[len(other) - rest :]


def _outline(lines: Sequence[Line]) -> list[tuple[Kind, int, int, int, str]]:
    return [(at.kind, at.quote, at.depth, at.level, at.text) for at in lines if at.text.strip()]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the number of equal items at the start of both."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def same_values(before: str, after: str, name: str) -> bool:
    """Return whether all values of a document outside the list `name` are the same."""
    old, new = load.load(before, ""), load.load(after, "")
    if old[1] != new[1] and new[1]:
        return False
    one, other = (value if isinstance(value, dict) else {} for value in (old[0], new[0]))
    return _others(one, name) == _others(other, name)


def _others(values: dict[object, object], name: str) -> dict[object, object]:
    """Strip the line ends that a final block scalar gains when a key is added after it."""
    return {
        key: value.rstrip("\n") if isinstance(value, str) else value
        for key, value in values.items()
        if key != name
    }


def _is_edited(edit: Edit, before: Task | None, after: Task) -> bool:
    """Return whether `after` is the item `before` with the edit, and otherwise the same."""
    if isinstance(edit, AddTask):
        return _is_new(edit, after)
    if before is None or not _same_place(before, after):
        return False
    if not isinstance(edit, SetStatus) and after.status is not before.status:
        return False
    if isinstance(edit, SetText):
        return _is_reworded(edit, before, after)
    if isinstance(edit, SetTags) and set(after.fields.tags) != semantics.edited_tags(
        edit, before.fields.tags
    ):
        return False
    old, new = _other_fields(edit, before.fields), _other_fields(edit, after.fields)
    return semantics.is_made(edit, after) and old == new and _same_text(edit, before, after)


def same_tasks(before: Sequence[Task], after: Sequence[Task]) -> bool:
    """Return whether all items are the same, on any lines."""
    return len(before) == len(after) and all(map(_unchanged, before, after))


def _unchanged(before: Task, after: Task) -> bool:
    """Return whether an item is the same, on any line."""
    return (
        before.text == after.text
        and before.status is after.status
        and before.fields == after.fields
        and _same_place(before, after)
    )


def _same_place(before: Task, after: Task) -> bool:
    """Return whether an item is below the same headings and items, with the same note."""
    return (before.section, before.depth, before.note) == (after.section, after.depth, after.note)


def _is_new(edit: AddTask, after: Task) -> bool:
    meant = parse.parse(semantics.one_line(edit.text))
    return (
        after.status is Status.OPEN
        and after.text == meant.text
        and not after.note
        and kind_of(after.section) is kind_of((edit.section,))
        and _other_fields(edit, after.fields) == _other_fields(edit, meant.fields)
    )


def _other_fields(edit: Edit, fields: Fields) -> Fields:
    """Return the fields that an edit does not set."""
    if isinstance(edit, SetStatus):
        return replace(fields, done=None, cancelled=None)
    if isinstance(edit, SetTags):
        return replace(fields, tags=())
    field = semantics.field_of(edit)
    changes: dict[str, Any] = {field[0]: None} if field else {}
    return replace(fields, **changes)


def _same_text(edit: Edit, before: Task, after: Task) -> bool:
    """Return whether the text is the same, except for spaces and a value that became valid.

    A value that cannot be read counts as text until it is replaced. Backslashes before punctuation
    are ignored: an edit adds them to keep text from becoming a field.
    """
    text = before.text
    if isinstance(edit, SetTags):
        text = _without_tags(text, {tag.removeprefix("#") for tag in edit.remove})
    old, new = ("".join(_ESCAPE.sub("", one).split()) for one in (text, after.text))
    if old == new:
        return True
    if not isinstance(edit, SetDate | SetPriority):
        return False
    rest = iter(old)
    unreadable = parse.find_unreadable(before.text, semantics.kind_of(edit))
    return unreadable is not None and all(character in rest for character in new)


def _without_tags(text: str, names: set[str]) -> str:
    """Return a text without the tags inside it that an edit removes."""
    for token in reversed(scan(text).tokens):
        if token.kind == "tag" and token.value in names:
            text = text[: token.start] + text[token.end :]
    return text


def _is_reworded(edit: SetText, before: Task, after: Task) -> bool:
    """Return whether an item has the new text, and all fields that this does not set.

    Names and tags are compared as fields, since they are part of the text only inside a sentence.
    If the item has an owner, names in the text are mentions.
    """
    parsed = parse.parse(semantics.one_line(edit.text))
    if _words(after.text) != _words(parsed.text):
        return False
    new, old, now = parsed.fields, before.fields, after.fields
    changes: dict[str, Any] = {name: value for name in FIELD_NAMES if (value := getattr(new, name))}
    changes["tags"] = now.tags
    if now.owner == old.owner and old.owner is not None:
        changes["owner"] = now.owner
    inside = {token.value for token in scan(before.text).tokens if token.kind == "tag"}
    gone = set(old.tags) - set(now.tags)
    return (
        replace(old, **changes) == now
        and set(new.tags) <= set(now.tags) <= {*old.tags, *new.tags}
        and gone <= inside
    )


def _words(text: str) -> str:
    """Return a text without names, tags, spaces and backslashes, as it is shown."""
    return "".join(_NAME_OR_TAG.sub("", _ESCAPE.sub("", sanitize(text))).split())
