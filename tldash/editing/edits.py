"""Edits of task items and skill levels, as values.

An edit holds the task item as it was read, never a line number alone: the file may have changed
since. `tldash.editing.patch` applies edits. Imports nothing slow, since the first screen loads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from tldash.model.frozen import frozen
from tldash.model.records import Dialect, Priority, Status, Task

if TYPE_CHECKING:
    from tldash.formats.tasks.vocabulary import DateKind

ALREADY: Final = "already"
"""The code of a refusal because somebody has made the same change before."""
FOLLOWING: Final = "next occurrence: "
"""Starts the description of an edit that belongs to another one of its batch."""
UNRESOLVED_MERGE: Final = (
    "the file has an unresolved merge; it is read-only until that is resolved on the "
    "conflicts screen"
)


LevelKey = Literal["levels", "levels_self", "levels_coach"]
TextForm = Literal["text", "quote", "item"]
"""How a line of text stands in Markdown: as the text of its section does, in a block quote, or as a
list item."""


class Refused(Exception):
    """An edit was not made. Nothing was written."""

    def __init__(self, code: str, message: str, found: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.found = found
        """The line as it is now; empty where it could not be found."""

    @property
    def already(self) -> bool:
        """Whether there is nothing to write because the file already is as requested."""
        return self.code == ALREADY


@frozen
class SetStatus:
    """Set the status of a task item."""

    task: Task
    """The item as it was read when the edit was requested; the same for all edits."""
    status: Status
    on: date
    """The completion date to write."""
    dialect: Dialect | None = None
    """The dialect of a new field if the line has no field yet; the same for all edits.

    None stands for the most common dialect of the lead's other lines, or else Obsidian Tasks'.
    """
    follows: bool = True
    """Whether the next occurrence of a repeating item that is done is written above it."""


@frozen
class SetDate:
    """Set one of the dates of a task item, or (None) remove it."""

    task: Task
    field: DateKind
    day: date | None
    dialect: Dialect | None = None
    counted: bool = False
    """Whether `day` was counted because the item seemed to have no such date.

    Refused if it has one that cannot be read."""
    by_session: bool | None = False
    """For a due date: whether it moves along with the next session, which a tag says. None leaves
    the tag as it is."""


@frozen
class SetPriority:
    """Set the priority of a task item, or (None) remove it, which means normal priority."""

    task: Task
    priority: Priority | None
    dialect: Dialect | None = None
    counted: bool = False
    """The same as for a date."""


@frozen
class SetOwner:
    """Set the owner of a task item, or (None) remove it."""

    task: Task
    owner: str | None
    """With or without the `@`."""


@frozen
class SetTags:
    """Add some tags to a task item, and remove others."""

    task: Task
    add: tuple[str, ...] = ()
    """With or without the `#`, as in `remove`."""
    remove: tuple[str, ...] = ()


@frozen
class SetText:
    """Replace the text of a task item. Fields in the new text are parsed as fields."""

    task: Task
    text: str
    shown: str | None = None
    """The text as it was shown, with what is not safe to display dropped or replaced.

    Only what differs from it was typed. None stands for the text itself."""


@frozen
class SetRepeat:
    """Set the recurrence rule of a task item (`every week`, `1w`), or (None) remove it."""

    task: Task
    rule: str | None
    dialect: Dialect | None = None


@frozen
class Remove:
    """Remove a task item and the note below it."""

    task: Task


@frozen
class AddTask:
    """Add an open task item to a file."""

    path: str
    text: str
    """The line after its box, in the grammar of task lines."""
    section: str = "Actions"
    """The heading to add it under; in a YAML session, the list."""
    within: str = ""
    """In a file of several sessions, the dated heading of the one to add it to."""


@frozen
class SetLevel:
    """Set the level of a skill in a session."""

    path: str
    skill: str
    """The key of a new entry."""
    level: str
    names: frozenset[str]
    """The keys of an existing entry, in lower case."""
    was: str | None = None
    """The level that this session had when the edit was requested, in lower case; None for none."""
    key: LevelKey = "levels"
    """Whose view it is: what both agreed on, what the lead says, or what the coach says."""


ANY: Final = object()
"""Stands for any previous value."""


@frozen
class SetField:
    """Set a key of the front matter of a Markdown file or of a YAML session, or (None) remove it.

    A Markdown file without front matter gets one.
    """

    path: str
    key: str
    value: str | tuple[str, ...] | None
    """The value, which is quoted if YAML needs it; several become a list in brackets."""
    was: object = ANY
    """The value that the file had when the edit was requested (None for none), or ANY."""


@frozen
class PutText:
    """Add a line of text to a section of a file, or change the one that was added before.

    In Markdown the section is a heading, which is added if it is missing; in a YAML session it is
    a key: `notes` is a block of text, all others are lists of texts.
    """

    path: str
    section: str
    text: str
    """One line. Empty to remove the line that `was` names."""
    was: str = ""
    """The text of the line to change, as it was given to the edit that added it; empty to add."""
    form: TextForm = "text"
    within: str = ""
    """The same as of AddTask."""


TaskChange = SetStatus | SetDate | SetPriority | SetOwner | SetTags | SetText | SetRepeat
"""Edits that change a task item in its place."""
TaskEdit = TaskChange | Remove | AddTask
"""Edits of task items."""
FrontEdit = SetLevel | SetField
"""Edits of the keys of a file."""
FileEdit = AddTask | FrontEdit | PutText
"""Edits that name a file, not a task item in it."""
Edit = TaskEdit | FrontEdit | PutText


def path_of(edit: Edit) -> str:
    """Return the path of the file to edit."""
    return edit.path if isinstance(edit, FileEdit) else edit.task.path


def describe(edits: Sequence[Edit]) -> str:
    """Describe edits in one line: `done: call the vendor`, `done: 3 items`.

    Text from files is not sanitized.
    """
    return summarize([_describe(edit) for edit in edits])


def summarize(descriptions: Sequence[str]) -> str:
    """Combine the descriptions of single edits, as `describe` returns them, into one line."""
    if len(descriptions) == 1:
        return descriptions[0]
    made = [one for one in descriptions if not one.startswith(FOLLOWING)]
    if 0 < len(made) < len(descriptions):
        return summarize(made)
    changes = {description.partition(": ")[0] for description in descriptions}
    if len(changes) > 1:
        only_due = all(change.startswith("due ") for change in changes)
        changes = {"due dates changed" if only_due else "changed"}
    return f"{changes.pop()}: {len(descriptions)} items"


def _describe(edit: Edit) -> str:
    match edit:
        case SetLevel(skill=skill, level=level):
            return f"level {level}: {skill}"
        case SetField(key=key, value=value):
            shown = value if isinstance(value, str) else ", ".join(value or ("none",))
            return f"{key.replace('_', ' ')}: {shown}"
        case PutText(text=text, was=was):
            return f"removed: {was}" if not text else f"{'reworded' if was else 'wrote'}: {text}"
    text = edit.text if isinstance(edit, AddTask | SetText) else edit.task.text
    return f"{_describe_change(edit)}: {text}"


def _describe_change(edit: TaskEdit) -> str:  # noqa: PLR0911 - one return for each kind
    match edit:
        case SetStatus(status=status):
            return _STATUS_CHANGES[status]
        case SetDate(field=field, day=day):
            by = ", by the next session" if edit.by_session else ""
            return f"{field} {day}{by}" if day else f"no {field} date"
        case SetPriority(priority=priority):
            return f"priority {priority}" if priority else "no priority"
        case SetOwner(owner=owner):
            return f"for {owner.removeprefix('@')}" if owner else "no owner"
        case SetTags(add=added, remove=removed):
            tags = [f"+#{tag.removeprefix('#')}" for tag in added]
            return " ".join([*tags, *(f"-#{tag.removeprefix('#')}" for tag in removed)])
        case SetRepeat(rule=rule):
            return f"repeats {rule}" if rule else "no longer repeats"
        case SetText():
            return "reworded"
        case Remove():
            return "deleted"
        case AddTask():
            return "added"


_STATUS_CHANGES: Final = {
    Status.OPEN: "open again",
    Status.IN_PROGRESS: "in progress",
    Status.DONE: "done",
    Status.CANCELLED: "dropped",
}
