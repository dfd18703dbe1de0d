"""What a wish means for one task item: whether it makes sense, is so already, and how to do it.

The same for Markdown and YAML, which differ only in where the words of an item stand.
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
from tldash.formats.tasks import next_occurrence, parse
from tldash.formats.tasks.recurrence import InvalidRule, parse_rule
from tldash.formats.tasks.vocabulary import is_tag
from tldash.model.records import FIELD_NAMES, Dialect, Task

_NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")
_LINE_ENDS: Final = re.compile(r"[\r\n]+")


def one_line(text: str) -> str:
    """`text` as it can stand in a task line."""
    return _LINE_ENDS.sub(" ", text).strip()


def check_sense(edit: Edit) -> None:
    """Raises Refused where a wish cannot come true in any file."""
    match edit:
        case SetText(text=words) | AddTask(text=words) | SetOwner(owner=str(words)) if (
            _NO_TEXT.search(words)
        ):
            raise Refused("encoding", "these words hold signs that no text file may hold")
        case SetText(text=text) | AddTask(text=text) if not parse.parse(one_line(text)).text:
            raise Refused("empty", "an action needs words that say what to do")
        case SetTags(add=added):
            for tag in added:
                if not is_tag(_bare(tag)):
                    raise Refused(
                        "tag", f"'{tag}' cannot be a tag; use letters, digits, '-', '_' and '/'"
                    )
        case SetOwner(owner=str(name)) if not owner_of(name):
            raise Refused("owner", f"'{name}' is no name")
        case SetRepeat(rule=str(rule)) if isinstance(why := parse_rule(rule), InvalidRule):
            raise Refused("repeat", f"'{rule}' is no rule of recurrence: {why.reason}; {why.hint}")


def owner_of(name: str) -> str:
    """A name as it is read again, without the `@` and what would end a field."""
    return " ".join(re.sub(r"[\[\]]", " ", name.removeprefix("@")).split())


def field_of(edit: Edit) -> tuple[str, date | str | None] | None:
    """The name and value of the one field that a wish is about, if it is about one."""
    match edit:
        case SetDate(field=name, day=day):
            return name, day
        case SetPriority(priority=priority):
            return "priority", priority
        case SetOwner(owner=owner):
            return "owner", owner_of(owner) if owner is not None else None
        case SetRepeat(rule=rule):
            return "repeat", rule
    return None


def is_so(edit: Edit, task: Task) -> bool:
    """Whether an item is already as a wish would have it."""
    match edit:
        case SetStatus(status=status):
            return task.status is status
        case SetTags():
            return wanted_tags(edit, task.fields.tags) == set(task.fields.tags)
        case SetText(text=text):
            return _is_worded(task, text)
    wish = field_of(edit)
    if wish is None:
        return False
    name, value = wish
    known = getattr(task.fields, name)
    return bool(known == value) or (name == "repeat" and _same_rule(known, str(value)))


def already(edit: Edit, task: Task) -> str:
    """The sentence for a wish that is so already."""
    if isinstance(edit, SetStatus):
        return f"already {task.status}"
    return "it is so already"


def on_body(edit: TaskChange, mark: str, body: str) -> tuple[str, str]:
    """The box's character and the words behind it, once the wish has come true."""
    match edit:
        case SetStatus(status=status, on=on, dialect=dialect):
            return taskedit.set_status(mark, body, status, on, _or_emoji(dialect))
        case SetDate(field=name, day=day, dialect=dialect):
            body = taskedit.set_date(body, name, day, _or_emoji(dialect))
        case SetPriority(priority=priority, dialect=dialect):
            body = taskedit.set_priority(body, priority, _or_emoji(dialect))
        case SetOwner(owner=owner):
            body = taskedit.set_owner(body, owner)
        case SetTags(add=added, remove=removed):
            body = taskedit.set_tags(body, added, removed)
        case SetText(text=text):
            body = taskedit.set_text(body, one_line(text))
        case SetRepeat(rule=rule, dialect=dialect):
            body = taskedit.set_repeat(body, rule, _or_emoji(dialect))
    return mark, body


def next_line(here: Task, body: str, on: date) -> str | None:
    """The words of the action that follows when `here` is done; None where nothing does.

    Raises Refused where that is not clear.
    """
    following = next_occurrence.next_line(body, on)
    if isinstance(following, InvalidRule):
        raise Refused(
            "repeat",
            f"when this comes again is not clear: {following.reason}; {following.hint}",
            here.raw,
        )
    return following


def wanted_tags(edit: SetTags, tags: tuple[str, ...]) -> set[str]:
    """The tags that an item with `tags` should have."""
    return set(tags) - set(map(_bare, edit.remove)) | set(map(_bare, edit.add))


def _bare(tag: str) -> str:
    return tag.removeprefix("#")


def _or_emoji(dialect: Dialect | None) -> Dialect:
    return dialect or Dialect.EMOJI


def _is_worded(task: Task, text: str) -> bool:
    """Whether an item's words are these, and its fields those among them."""
    said = parse.parse(one_line(text))
    return task.text == said.text and all(
        set(value) <= set(task.fields.tags)
        if name == "tags"
        else value == getattr(task.fields, name)
        for name in FIELD_NAMES
        if (value := getattr(said.fields, name))
    )


def _same_rule(one: str | None, other: str) -> bool:
    rule = parse_rule(other)
    return one is not None and not isinstance(rule, InvalidRule) and (parse_rule(one) == rule)
