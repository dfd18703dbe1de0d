"""The meaning of an edit for one task item: is it valid, is it already made, and how to make it.

The same for Markdown and YAML, which differ only in where the text of an item is.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from tldash.editing.edits import (
    AddTask,
    Edit,
    Refused,
    SetDate,
    SetOwner,
    SetPriority,
    SetRepeat,
    SetStatus,
    SetTags,
    SetText,
    TaskChange,
)
from tldash.formats.tasks import edit as taskedit
from tldash.formats.tasks import next_occurrence, parse, reword
from tldash.formats.tasks.recurrence import InvalidRule, parse_rule
from tldash.formats.tasks.vocabulary import Kind, is_tag
from tldash.model.dates import guess_date, parse_moment
from tldash.model.patterns import compile_pattern
from tldash.model.records import FIELD_NAMES, NEXT_SESSION_TAG, Dialect, Status, Task
from tldash.model.sanitize import sanitize

_FORBIDDEN: Final = compile_pattern("[\0\ud800-\udfff]")
_LINK: Final = compile_pattern(r"(\[\[(?:[^\[\]/]*+/)*+)[^\[\]/]*(\]\])")
_LINE_ENDS: Final = compile_pattern(r"[\r\n]+")


def one_line(text: str) -> str:
    """Return `text` on one line, as in a task line."""
    return _LINE_ENDS.sub(" ", text).strip()


def is_forbidden(text: str) -> bool:
    """Return whether a text has characters that a text file cannot hold."""
    return _FORBIDDEN.search(text) is not None


def check_values(edit: Edit) -> None:
    """Raise Refused if the values of an edit are invalid in every file."""
    match edit:
        case SetText(text=text) | AddTask(text=text) | SetOwner(owner=str(text)) if is_forbidden(
            text
        ):
            raise Refused("encoding", "this text has characters that a text file cannot hold")
        case SetText(text=text) | AddTask(text=text) if not parse.parse(one_line(text)).text:
            raise Refused("empty", "an action needs text")
        case SetTags(add=added):
            for tag in added:
                if not is_tag(_bare(tag)):
                    raise Refused(
                        "tag", f"'{tag}' cannot be a tag; use letters, digits, '-', '_' and '/'"
                    )
        case SetOwner(owner=str(name)) if not normalize_owner(name):
            raise Refused("owner", f"'{name}' is not a name")
        case SetRepeat(rule=str(rule)) if isinstance(why := parse_rule(rule), InvalidRule):
            raise Refused("repeat", f"'{rule}' is not a recurrence rule: {why.reason}; {why.hint}")


def normalize_owner(name: str) -> str:
    """Return a name as it is parsed: without the `@` and brackets, which would end a field."""
    return " ".join(re.sub(r"[\[\]]", " ", name.removeprefix("@")).split())


def kind_of(edit: SetDate | SetPriority) -> Kind:
    """Return the kind of field that an edit sets."""
    return edit.field if isinstance(edit, SetDate) else "priority"


def field_of(edit: Edit) -> tuple[str, date | str | None] | None:
    """Return the name and new value of the field that an edit sets, if it sets a single one."""
    match edit:
        case SetDate(field=name, day=day):
            return name, day
        case SetPriority(priority=priority):
            return "priority", priority
        case SetOwner(owner=owner):
            return "owner", normalize_owner(owner) if owner is not None else None
        case SetRepeat(rule=rule):
            return "repeat", rule
    return None


def is_made(edit: Edit, task: Task) -> bool:
    """Return whether an item already is as the edit would make it."""
    match edit:
        case SetStatus(status=status):
            return task.status is status
        case SetTags():
            return edited_tags(edit, task.fields.tags) == set(task.fields.tags)
        case SetText(text=text, shown=shown):
            same = shown is not None and sanitize(task.text).strip() == one_line(text)
            return same or _has_text(task, text)
    field = field_of(edit)
    if field is None:
        return False
    if isinstance(edit, SetDate) and session_tag(edit, task.fields.tags) is not None:
        return False
    name, value = field
    known = getattr(task.fields, name)
    return bool(known == value) or (name == "repeat" and _same_rule(known, str(value)))


def describe_made(edit: Edit, task: Task) -> str:
    """Return the message for an edit that is already made."""
    if isinstance(edit, SetStatus):
        return f"already {task.status}"
    return "already as requested"


def session_tag(edit: SetDate, tags: tuple[str, ...]) -> SetTags | None:
    """Return the edit of the tag that says that a due date moves along with the next session.

    None if the tag is right. Another due date, chosen on its own, removes it.
    """
    wanted = edit.by_session
    if edit.field != "due" or wanted is None or wanted is (NEXT_SESSION_TAG in tags):
        return None
    tag = (NEXT_SESSION_TAG,)
    return SetTags(edit.task, tag, ()) if wanted else SetTags(edit.task, (), tag)


def apply_to_body(edit: TaskChange, mark: str, body: str) -> tuple[str, str]:
    """Apply an edit to the character in a box and the text after the box."""
    match edit:
        case SetStatus(status=status, on=on, dialect=dialect):
            return taskedit.set_status(mark, body, status, on, _or_emoji(dialect))
        case SetDate() | SetPriority():
            body = _set_value(edit, body)
        case SetOwner(owner=owner):
            body = taskedit.set_owner(body, owner)
        case SetTags(add=added, remove=removed):
            body = taskedit.set_tags(body, added, removed)
        case SetText(text=text, shown=shown):
            body = reword.set_text(body, text, shown)
        case SetRepeat(rule=rule, dialect=dialect):
            body = taskedit.set_repeat(body, rule, _or_emoji(dialect))
    return mark, body


def _set_value(edit: SetDate | SetPriority, body: str) -> str:
    """Set a date or priority. Raises Refused rather than add a second one to an unreadable one."""
    kind = kind_of(edit)
    known = getattr(parse.parse(body).fields, kind)
    unreadable = parse.find_unreadable(body, kind) if known is None else None
    if unreadable and edit.counted:
        raise _unreadable(kind, unreadable.hint)
    dialect = _or_emoji(edit.dialect)
    if isinstance(edit, SetPriority):
        return taskedit.set_priority(body, edit.priority, dialect)
    after = taskedit.set_date(body, edit.field, edit.day, dialect)
    if unreadable and edit.day:
        left = parse.find_unreadable(after, kind)
        if left and left.places >= unreadable.places:  # it was not replaced
            raise _unreadable(kind, left.hint)
    return after


def _unreadable(name: str, hint: str) -> Refused:
    noun = name if name == "priority" else f"{name} date"
    return Refused("unreadable", f"the {noun} of this item cannot be read; {hint}")


def check_unreadable(edit: SetDate | SetPriority, value: str) -> None:
    """Raise Refused if an edit counted without the `value` that an item has in YAML."""
    if edit.counted:
        likely = guess_date(value) if isinstance(edit, SetDate) else None
        name = edit.field if isinstance(edit, SetDate) else "priority"
        raise _unreadable(name, f"write {likely}" if likely else "correct it first")


def keep_time(old: str, new: str) -> str:
    """Return the new value of a date in YAML, with the time and the wiki link of the old one."""
    if link := _LINK.fullmatch(old):
        return f"{link[1]}{new}{link[2]}"
    return new + old[len(new) :] if parse_moment(old) else new


def repeats(edit: SetStatus, here: Task) -> bool:
    """Return whether an edit writes the next occurrence of an item above it."""
    return edit.follows and edit.status is Status.DONE and here.fields.repeat is not None


def next_line(here: Task, body: str, on: date) -> str | None:
    """Return the body of the next occurrence when `here` is done; None if there is none.

    Raises Refused if the recurrence rule is invalid.
    """
    following = next_occurrence.next_line(body, on)
    if isinstance(following, InvalidRule):
        raise Refused(
            "repeat",
            f"the next occurrence is not clear: {following.reason}; {following.hint}",
            here.raw,
        )
    return following


def next_elsewhere(here: Task, on: date) -> str | None:
    """Return the next occurrence of an item as a task line for another file.

    The line is as in Markdown. An item in YAML, which may have its fields under keys of their own,
    is written in the plain dialect. None if there is no next occurrence, or no such line would be
    read as the same item. Raises Refused if the recurrence rule is invalid.
    """
    body = here.raw.partition("] ")[2].strip() if not here.yaml_path else ""
    if not body or parse.parse(body).text != here.text:
        body = _as_line(here)
    if parse.parse(body).text != here.text:
        return None
    return next_line(here, body, on)


def _as_line(task: Task) -> str:
    fields, body = task.fields, task.text
    for name in ("start", "scheduled", "due", "created"):
        if (day := getattr(fields, name)) is not None:
            body = taskedit.set_date(body, name, day, Dialect.PLAIN)
    if fields.priority is not None:
        body = taskedit.set_priority(body, fields.priority, Dialect.PLAIN)
    body = taskedit.set_repeat(body, fields.repeat, Dialect.PLAIN)
    body = taskedit.set_tags(body, fields.tags)
    return taskedit.set_owner(body, fields.owner) if fields.owner else body


def edited_tags(edit: SetTags, tags: tuple[str, ...]) -> set[str]:
    """Return the tags that an item with `tags` has after the edit."""
    return set(tags) - set(map(_bare, edit.remove)) | set(map(_bare, edit.add))


def _bare(tag: str) -> str:
    return tag.removeprefix("#")


def _or_emoji(dialect: Dialect | None) -> Dialect:
    return dialect or Dialect.EMOJI


def _has_text(task: Task, text: str) -> bool:
    """Return whether an item has this text, and the fields in it."""
    parsed = parse.parse(one_line(text))
    return task.text == parsed.text and all(
        set(value) <= set(task.fields.tags)
        if name == "tags"
        else value == getattr(task.fields, name)
        for name in FIELD_NAMES
        if (value := getattr(parsed.fields, name))
    )


def _same_rule(one: str | None, other: str) -> bool:
    rule = parse_rule(other)
    return one is not None and not isinstance(rule, InvalidRule) and (parse_rule(one) == rule)
