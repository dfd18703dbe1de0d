"""Records: the contents of a coaching folder as immutable values.

Every screen, command and export is computed from these. They are slotted dataclasses rather than
pydantic models: only tldash's own parsers create them, by the thousand, and they must be small and
quick to compare. Pydantic validates what people write in YAML (`tldash.documents.models`).

Lines and columns are 1-based and count Unicode characters. Paths are POSIX paths relative to the
opened folder.
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
    """Severity of a problem. Only errors make `tldash check` exit with 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@frozen
class Fix:
    """A replacement in the problem's line that resolves the problem.

    Offered for unambiguous mistakes only. Nothing is replaced before the user confirms.
    """

    column: int
    """Column of `old`, or 0 if `old` occurs once in the line as a whole word, ignoring case."""
    old: str
    new: str


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A problem in a file or folder. Problems sort by path, line and column."""

    path: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str
    hint: str = ""
    fix: Fix | None = field(default=None, compare=False)
    about: str = field(default="", compare=False)
    """The path of the file that a conflict copy is of."""


class Status(StrEnum):
    """Status of a task item, given by the character in its checkbox."""

    OPEN = "open"
    IN_PROGRESS = "in-progress"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def closed(self) -> bool:
        """Whether the item is done or cancelled."""
        return self in (Status.DONE, Status.CANCELLED)


class Dialect(StrEnum):
    """Notation of the fields in a task line."""

    PLAIN = "plain"
    """todo.txt's `due:2026-11-20`."""
    EMOJI = "emoji"
    """Obsidian Tasks' `📅 2026-11-20`."""
    DATAVIEW = "dataview"
    """Dataview's `[due:: 2026-11-20]`."""
    TASKPAPER = "taskpaper"
    """TaskPaper's `@due(2026-11-20)`, as PlainTasks and NotePlan write it too."""


class Priority(StrEnum):
    """Priorities of Obsidian Tasks. Its sixth, normal, is None here."""

    HIGHEST = "highest"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    LOWEST = "lowest"


@frozen
class Fields:
    """Fields of a task line, in any mix of dialects."""

    due: date | None = None
    scheduled: date | None = None
    start: date | None = None
    created: date | None = None
    done: date | None = None
    cancelled: date | None = None
    priority: Priority | None = None
    repeat: str | None = None
    """The recurrence rule as written: `every week`, or todo.txt's `1w`."""
    id: str | None = None
    depends: tuple[str, ...] = ()
    owner: str | None = None
    """Without the leading `@`."""
    tags: tuple[str, ...] = ()
    """Without the leading `#`, in order, without duplicates."""
    block_id: str | None = None
    """Obsidian's block identifier, without the leading `^`."""


NEXT_SESSION_TAG: Final = "next-session"
"""The tag of an action that is due by the next session. Its due date moves along with that."""

TOLD_ONCE: Final = ("unknown-owner",)
"""Codes of problems with one message per name, however many lines have it."""


def _seen(message: str, seen: set[str]) -> bool:
    """Return whether a message was seen before, and remember it."""
    before = message in seen
    seen.add(message)
    return before


NO_FIELDS = Fields()
FIELD_NAMES: Final = tuple(one.name for one in fields(Fields))
NO_FRAMEWORK = Framework("", ())


@frozen
class Task:
    """A task item and its location in a file."""

    path: str
    line: int
    raw: str
    """The whole line without its line end."""
    text: str
    """The description without fields."""
    status: Status
    fields: Fields = NO_FIELDS
    section: tuple[str, ...] = ()
    """The headings above the item, outermost first."""
    depth: int = 0
    """Number of list items around the item."""
    note: str = ""
    """Indented text and list items without a checkbox below the item."""
    yaml_path: tuple[str | int, ...] = ()
    """Location in a YAML document, such as `("actions", 0)`. Empty in Markdown."""
    occurrence: tuple[int, int] = (1, 1)
    """1-based position among the task items with an identical line in the file, and their count."""


class ItemKind(StrEnum):
    """What a task item is."""

    ACTION = "action"
    TOPIC = "topic"
    """On the agenda of a session."""
    MARKER = "marker"
    """Observable behaviour, in `skills.md`."""
    GOAL = "goal"
    """Below a Goals heading. Goals, blanks and items of templates are counted nowhere."""
    BLANK = "blank"
    """Without words."""
    TEMPLATE = "template"
    """In a template, or in a file about its folder such as a README."""


@frozen
class OtherItem:
    """A task item that is counted nowhere: a goal, a blank, or an item of a template."""

    kind: ItemKind
    task: Task


@frozen
class Moment:
    """A date with an optional time of day."""

    day: date
    time: time_of_day | None = None
    zone: tzinfo | None = None
    """The time zone, if the file gives one."""


class SessionStatus(StrEnum):
    """Status of a session, as written in its file."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
    MISSED = "missed"


@frozen
class Action:
    """A task item that the lead or the coach agreed to do."""

    lead: str
    task: Task
    owner: str
    """The `@name` in the line, else the lead's id."""
    coach_owned: bool
    session: date | None
    """Day of the session it was agreed in, or None for an action in a note."""
    waiting_for: tuple[str, ...] = ()
    """Texts of the lead's open items that it depends on (`dep:`, `⛔`)."""

    @property
    def status(self) -> Status:
        return self.task.status

    @property
    def due(self) -> date | None:
        return self.task.fields.due


@frozen
class Session:
    """A past or future session of a lead."""

    lead: str
    path: str
    at: Moment
    status: SessionStatus | None
    """None if the file has no status; see `tldash.insight.schedule.resolve_status`."""
    number: int
    """1-based position among the lead's sessions by date."""
    title: str = ""
    skill: str | None = None
    """Id of the skill explored in the session."""
    levels: tuple[tuple[str, str], ...] = ()
    """Agreed levels, as pairs of skill id and level id. Keys and values are in lower case."""
    next: Moment | None = None
    duration: int | None = None
    """In minutes."""
    topics: tuple[Task, ...] = ()
    actions: tuple[Action, ...] = ()
    has_notes: bool = False
    """Whether the file has text outside the agenda, an agreed level, an action or a `next:`."""
    body_line: int = 1
    """First line of the Markdown body."""
    next_line: int = 1
    """Line of the `next:` key, if there is one."""
    section: str = ""
    """The dated heading that it is below, in a file of several sessions; else empty."""
    last_line: int = 0
    """The last line of that section; the first one is `body_line`."""
    levels_self: tuple[tuple[str, str], ...] = ()
    """Levels that the lead states, as `levels`."""
    levels_coach: tuple[tuple[str, str], ...] = ()
    """Levels that the coach states, as `levels`."""
    left_out: tuple[str, ...] = ()
    """What was left out on purpose at its end, as `left_out:` lists it."""

    @property
    def place(self) -> str:
        """What tells it from other sessions: its file, and its day in a file of several."""
        return f"{self.path}#{self.at.day}" if self.section else self.path


@frozen
class Marker:
    """A task item in `skills.md`: observable behaviour at a level of a skill."""

    skill: str
    level: str | None
    task: Task


@frozen
class Goal:
    """A list item or line below the Goals heading of `lead.md`."""

    text: str
    path: str
    line: int
    status: Status = Status.OPEN
    """Open for a goal without a checkbox."""


@frozen
class Lead:
    """A lead and everything in the lead's folder."""

    id: str
    """Path of the lead's folder below the opened one. If they are the same, the folder's name."""
    path: str
    """Same as `id`, or `""` if the opened folder is the lead's own."""
    name: str
    coach: str | None = None
    email: str | None = None
    timezone: str | None = None
    cadence: int | None = None
    """Days between sessions, or None if sessions are ad hoc."""
    cadence_name: str = "monthly"
    started: date | None = None
    status: str | None = None
    goals: tuple[Goal, ...] = ()
    sessions: tuple[Session, ...] = ()
    """By date."""
    actions: tuple[Action, ...] = ()
    """Actions of sessions by date, then those of notes."""
    markers: tuple[Marker, ...] = ()
    notes: tuple[str, ...] = ()
    """Paths of all other Markdown files."""
    problems: tuple[Problem, ...] = ()
    others: tuple[OtherItem, ...] = ()
    about: str = ""
    """Path of `lead.md`; empty without one."""
    written: tuple[tuple[str, str], ...] = ()
    """Name, coach, cadence and status as `lead.md` has them, where it does."""
    is_rest: bool = False
    """Whether this stands for the files beside the leads' folders, with whom nobody meets."""


PRIVATE: Final = ".only-you"
"""How every workspace path in a private folder begins. No shared path does: files and folders whose
names begin with a dot are never read."""


def is_private(path: str) -> bool:
    """Return whether a workspace path or lead id is in a private folder of the viewer."""
    return path.startswith(PRIVATE)


@frozen
class PrivateLead:
    """What the viewer alone keeps about a lead."""

    lead: Lead
    """As read from the private folder, with its ids and paths there."""
    of: str
    """Id of the shared lead that it belongs to; empty if it matches none."""


@frozen
class Private:
    """What the viewer alone sees: the private folders that are laid over the shared ones.

    It is beside `Workspace.leads`, never in them, so that whatever writes, exports or counts shared
    leads cannot reach it.
    """

    leads: tuple[PrivateLead, ...] = ()
    folders: tuple[tuple[str, str], ...] = ()
    """Pairs of a shared lead's id and the path of its private folder, which may not exist."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with the private folders. Refused ones are not among `folders`."""


@frozen
class Workspace:
    """The contents of all opened folders."""

    name: str
    leads: tuple[Lead, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Problems in files of no lead. `Lead.problems` has the others."""
    files: int = 0
    """Number of files that were read."""
    framework: Framework = NO_FRAMEWORK
    """The coaching framework. It has no skills until the files are loaded."""
    folders: tuple[str, ...] = ()
    """First component of all ids and paths of each folder. Empty if only one folder is open."""
    unlisted: tuple[Lead, ...] = ()
    """Files beside the leads' folders in which nothing is counted, as leads (`Lead.is_rest`)."""
    private: Private | None = None
    """Only in a dashboard on the viewer's own machine, if the settings name a private folder."""

    @property
    def readable_leads(self) -> tuple[Lead, ...]:
        """The leads, and what the viewer keeps about them in private."""
        if self.private is None:
            return self.leads
        return (*self.leads, *(one.lead for one in self.private.leads))

    def private_of(self, lead_id: str) -> tuple[Lead, ...]:
        """Return what the viewer keeps about a lead in private."""
        if self.private is None:
            return ()
        return tuple(one.lead for one in self.private.leads if one.of == lead_id)

    def private_actions(self, lead_id: str) -> list[Action]:
        """Return the private actions about a lead."""
        return [action for own in self.private_of(lead_id) for action in own.actions]

    def private_topics(self, lead_id: str) -> list[Task]:
        """Return the private topics about a lead, those of earlier sessions first."""
        own = (session for one in self.private_of(lead_id) for session in one.sessions)
        return [topic for session in own for topic in session.topics]

    def count_private(self, lead_id: str) -> int:
        """Count the open private actions and topics about a lead."""
        actions = sum(not one.status.closed for one in self.private_actions(lead_id))
        return actions + sum(not one.status.closed for one in self.private_topics(lead_id))

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """All problems, by path and line. One that is about a name is told once."""
        found = [*self.problems]
        for lead in (*self.leads, *self.unlisted):
            found.extend(lead.problems)
        found.sort()
        seen: set[str] = set()
        return tuple(p for p in found if p.code not in TOLD_ONCE or not _seen(p.message, seen))

    def find_lead(self, lead_id: str) -> Lead | None:
        """Return the lead with this id, or None."""
        return next((lead for lead in self.leads if lead.id == lead_id), None)

    def folder_of(self, path: str) -> str:
        """Return the folder that a path or lead id belongs to, or `""` if only one is open."""
        return path.partition("/")[0] if self.folders else ""

    def display_name(self, lead: Lead) -> str:
        """Return the name of a lead, followed by the folder's name if several are open."""
        folder = self.folder_of(lead.id)
        return f"{lead.name} · {folder}" if folder else lead.name
