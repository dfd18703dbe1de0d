"""The wishes that people have about task items, as values.

A wish names the item as somebody saw it, never a line number alone: between seeing and writing
anybody may have changed the file. `tldash.editing.patch` carries wishes out. Nothing here is slow
to import, so that whoever only passes wishes on needs no more than this.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from tldash.model.frozen import frozen
from tldash.model.records import Dialect, Priority, Status, Task

if TYPE_CHECKING:
    from tldash.formats.tasks.vocabulary import DateKind


class Refused(Exception):
    """An edit that was not made. Nothing was written."""

    def __init__(self, code: str, message: str, found: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.found = found
        """The line as it stands now, where one could be found."""


class AlreadySo(Refused):
    """Somebody else made the same change before; there is nothing to write."""


@frozen
class SetStatus:
    """The wish that a task item have a status."""

    task: Task
    """The item as it was seen when the wish was made; so in all wishes."""
    status: Status
    on: date
    """The day of the wish, for the completion date."""
    dialect: Dialect | None = None
    """What to write a new field in where the line speaks no dialect of its own; so in all wishes.

    None is what the lead's other lines speak most, or Obsidian Tasks' where that is not known.
    """


@frozen
class SetDate:
    """The wish that one of an item's dates be that day, or (None) that it have no such date."""

    task: Task
    field: DateKind
    day: date | None
    dialect: Dialect | None = None


@frozen
class SetPriority:
    """The wish that an item have a priority, or (None) the normal one, which is not written."""

    task: Task
    priority: Priority | None
    dialect: Dialect | None = None


@frozen
class SetOwner:
    """The wish that an item be somebody's, or (None) nobody's in particular."""

    task: Task
    owner: str | None
    """With or without the `@`."""


@frozen
class SetTags:
    """The wish that an item have some tags, and not others."""

    task: Task
    add: tuple[str, ...] = ()
    """With or without the `#`; so in `remove`."""
    remove: tuple[str, ...] = ()


@frozen
class SetText:
    """The wish that an item be worded so. Fields among the words are read as fields."""

    task: Task
    text: str


@frozen
class SetRepeat:
    """The wish that an item come again by that rule (`every week`, `1w`), or (None) not again."""

    task: Task
    rule: str | None
    dialect: Dialect | None = None


@frozen
class Remove:
    """The wish that an item not be there, nor its note."""

    task: Task


@frozen
class AddTask:
    """The wish for a new open item in a file."""

    path: str
    text: str
    """What stands behind the box, in the grammar of task lines."""
    section: str = "Actions"
    """The heading that it belongs under; in a YAML session, the list."""


@frozen
class SetLevel:
    """The wish that a session say a level of a skill."""

    path: str
    skill: str
    """How a new entry names it."""
    level: str
    names: frozenset[str]
    """What files may call that skill, in small letters."""
    was: str | None = None
    """The level as it was seen in this session, in small letters; None where it said none."""


Change = SetStatus | SetDate | SetPriority | SetOwner | SetTags | SetText | SetRepeat
"""The wishes that change an item in its place."""
TaskEdit = Change | Remove | AddTask
"""The wishes about task items."""
Adding = AddTask | SetLevel
"""The wishes that are about no item that is there."""
Edit = TaskEdit | SetLevel


def path_of(edit: Edit) -> str:
    """The path of the file that a wish is about."""
    return edit.path if isinstance(edit, Adding) else edit.task.path


def said(edit: Edit) -> str:
    """An edit that was made, in words; what a file brings among them is not harmless yet."""
    if isinstance(edit, SetLevel):
        return f"level {edit.level}: {edit.skill}"
    about = edit.text if isinstance(edit, AddTask | SetText) else edit.task.text
    return f"{_said(edit)}: {about}"


def said_together(whats: Sequence[str]) -> str:
    """Several edits, each in words as by `said`, in one sentence: `done: 3 items`."""
    if len(whats) == 1:
        return whats[0]
    kinds = {what.partition(": ")[0] for what in whats}
    if len(kinds) > 1:
        moved = all(kind.startswith("due ") for kind in kinds)
        kinds = {"other due dates" if moved else "changed"}
    return f"{kinds.pop()}: {len(whats)} items"


def _said(edit: Edit) -> str:  # noqa: PLR0911 - one sentence a kind
    match edit:
        case SetStatus(status=status):
            return _STATUS_SAID[status]
        case SetDate(field=field, day=day):
            return f"{field} {day}" if day else f"no {field} date"
        case SetPriority(priority=priority):
            return f"priority {priority}" if priority else "no priority"
        case SetOwner(owner=owner):
            return f"for {owner.removeprefix('@')}" if owner else "for nobody in particular"
        case SetTags(add=added, remove=removed):
            come = [f"+#{tag.removeprefix('#')}" for tag in added]
            return " ".join([*come, *(f"-#{tag.removeprefix('#')}" for tag in removed)])
        case SetRepeat(rule=rule):
            return f"repeats {rule}" if rule else "repeats no more"
        case SetText():
            return "reworded"
        case Remove():
            return "removed"
    return "added"


_STATUS_SAID: Final = {
    Status.OPEN: "open again",
    Status.IN_PROGRESS: "in progress",
    Status.DONE: "done",
    Status.CANCELLED: "dropped",
}
