"""What the files say, as values.

Everything that is read from a folder becomes one of these frozen records, and every screen, command
and export is computed from them. They are plain slotted dataclasses rather than pydantic models:
they are made only by our own readers, in large numbers, and need to be small, hashable and quick to
compare. Pydantic checks what people wrote by hand, at the edge (see `tldash.documents.models`).

Lines and columns are 1-based and count Unicode characters; paths are POSIX paths relative to the
folder that was opened.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, tzinfo
from datetime import time as time_of_day
from enum import StrEnum
from typing import Final

from tldash.model.framework import Framework
from tldash.model.frozen import frozen


class Severity(StrEnum):
    """How much a problem matters: an error makes `tldash check` exit 1, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@frozen
class Fix:
    """Words of the problem's line, and what to put there so that the problem is gone.

    Only for what can be meant in one way; nobody is asked before it is offered, but everybody
    before it is written.
    """

    column: int
    """Of the first character of `old`, from 1; 0 where it is the one place in the line at which
    `old` stands as a word, in capitals or not."""
    old: str
    new: str


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something in a file, or about one, that could not be understood as written."""

    path: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str
    hint: str = ""
    fix: Fix | None = field(default=None, compare=False)


class Status(StrEnum):
    """What has become of a task item, from the character in its box."""

    OPEN = "open"
    IN_PROGRESS = "in-progress"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def closed(self) -> bool:
        """Whether nothing is left to do."""
        return self in (Status.DONE, Status.CANCELLED)


class Dialect(StrEnum):
    """How a task line writes its metadata."""

    PLAIN = "plain"
    """todo.txt's `due:2026-11-20`."""
    EMOJI = "emoji"
    """Obsidian Tasks' `📅 2026-11-20`."""
    DATAVIEW = "dataview"
    """Dataview's `[due:: 2026-11-20]`."""


class Priority(StrEnum):
    """Obsidian Tasks' six priorities; a line without one is normal, and has `None`."""

    HIGHEST = "highest"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    LOWEST = "lowest"


@frozen
class Fields:
    """The metadata of one task line, whatever dialect each part was written in."""

    due: date | None = None
    scheduled: date | None = None
    start: date | None = None
    created: date | None = None
    done: date | None = None
    cancelled: date | None = None
    priority: Priority | None = None
    repeat: str | None = None
    """The rule as written: `every week` or todo.txt's `1w`."""
    id: str | None = None
    depends: tuple[str, ...] = ()
    owner: str | None = None
    """Without the `@`."""
    tags: tuple[str, ...] = ()
    """Without the `#`, in order of appearance, each once."""
    block_id: str | None = None
    """Obsidian's `^block` anchor, without the caret."""


NO_FIELDS = Fields()
FIELD_NAMES: Final = tuple(one.name for one in fields(Fields))
NO_FRAMEWORK = Framework("", ())


@frozen
class Task:
    """A task item where it stands in a file."""

    path: str
    line: int
    raw: str
    """The whole line as it stands, without its line end."""
    text: str
    """The description without metadata."""
    status: Status
    fields: Fields = NO_FIELDS
    section: tuple[str, ...] = ()
    """The headings above it, outermost first."""
    depth: int = 0
    """How many list items it is nested in."""
    note: str = ""
    """Indented text and plain sub-bullets under it."""
    yaml_path: tuple[str | int, ...] = ()
    """Where it stands in a YAML document (`("actions", 0)`); empty in Markdown."""
    occurrence: tuple[int, int] = (1, 1)
    """The how manieth of how many task items of the file whose lines are the same."""


@frozen
class Moment:
    """A date, and the time of day where one is given."""

    day: date
    time: time_of_day | None = None
    zone: tzinfo | None = None
    """The zone that was written with the time, if one was."""


class SessionStatus(StrEnum):
    """Whether a session took place."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
    MISSED = "missed"


@frozen
class Action:
    """Something that somebody agreed to do."""

    lead: str
    task: Task
    owner: str
    """Who does it: the `@name` of the line, else the lead's id."""
    coach_owned: bool
    """Whether the owner is the coach."""
    session: date | None
    """The day of the session it was agreed in; None in a note."""

    @property
    def status(self) -> Status:
        return self.task.status

    @property
    def due(self) -> date | None:
        return self.task.fields.due


@frozen
class Session:
    """One conversation, held or to come."""

    lead: str
    path: str
    at: Moment
    status: SessionStatus | None
    """As written; without it, the future is planned and the past held."""
    number: int
    """Its place among the lead's sessions by date, from 1."""
    title: str = ""
    skill: str | None = None
    """The id of the skill that was explored."""
    levels: tuple[tuple[str, str], ...] = ()
    """Skill id and level id, as agreed on that day."""
    next: Moment | None = None
    duration: int | None = None
    """Minutes."""
    topics: tuple[Task, ...] = ()
    actions: tuple[Action, ...] = ()
    has_notes: bool = False
    """Whether anything was noted: prose outside the agenda, a level, or an action."""
    body_line: int = 1
    """The line on which the Markdown body begins."""
    next_line: int = 1
    """The line of its `next:`, if it has one."""


@frozen
class Marker:
    """One observable sign of a skill at a level: a task item in `skills.md`."""

    skill: str
    level: str | None
    task: Task


@frozen
class Goal:
    """A line under Goals in `lead.md`."""

    text: str
    path: str
    line: int
    status: Status = Status.OPEN
    """Of one with a box; one without is open."""


@frozen
class Lead:
    """A lead's whole folder."""

    id: str
    """The folder's path below the one that was opened; its name where it is that folder."""
    path: str
    """`""` where the opened folder is the lead's own, else the same as `id`."""
    name: str
    coach: str | None = None
    email: str | None = None
    timezone: str | None = None
    cadence: int | None = None
    """Days between sessions; None where sessions are ad hoc."""
    cadence_name: str = "monthly"
    started: date | None = None
    status: str | None = None
    goals: tuple[Goal, ...] = ()
    sessions: tuple[Session, ...] = ()
    """In order of date."""
    actions: tuple[Action, ...] = ()
    """Sessions' actions by date, then those of notes."""
    markers: tuple[Marker, ...] = ()
    notes: tuple[str, ...] = ()
    """Paths of the Markdown files that are neither sessions nor about the lead."""
    problems: tuple[Problem, ...] = ()


@frozen
class Workspace:
    """Everything that was read from the opened folders."""

    name: str
    leads: tuple[Lead, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Of files that belong to no lead; each lead carries its own."""
    files: int = 0
    framework: Framework = NO_FRAMEWORK
    """The coaching framework of the folder. It has no skills until files were read."""
    folders: tuple[str, ...] = ()
    """What the ids and paths of each opened folder begin with; none where there is one alone."""

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """Every problem, in order of path and line."""
        return tuple(sorted((*self.problems, *(p for lead in self.leads for p in lead.problems))))

    def find_lead(self, lead_id: str) -> Lead | None:
        """The lead with that id, if there is one."""
        return next((lead for lead in self.leads if lead.id == lead_id), None)

    def folder_of(self, path: str) -> str:
        """Which of several folders a path or the id of a lead belongs to; nothing of one alone."""
        return path.partition("/")[0] if self.folders else ""

    def display_name(self, lead: Lead) -> str:
        """The name of a lead, and of the folder where there are several."""
        folder = self.folder_of(lead.id)
        return f"{lead.name} · {folder}" if folder else lead.name
