"""The state that the app passes to its screens: one frozen value, replaced as a whole."""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from typing import TYPE_CHECKING

from tldash.insight.audience import Audience, find_audience
from tldash.insight.people import Viewer, ViewerRole, find_role
from tldash.model.frozen import frozen
from tldash.model.item_keys import Key
from tldash.model.permissions import FULL_ACCESS, Permissions
from tldash.model.records import Lead, Workspace
from tldash.tui.keys.keymap import DEFAULT, Keymap

if TYPE_CHECKING:
    from tldash.activity.event import Event
    from tldash.activity.log import LoggedEvent, Subject
    from tldash.formats.private_text import Guard
    from tldash.insight.slipping import DueDates
    from tldash.model.records import Problem
    from tldash.model.repository import RepositoryStatus
    from tldash.tui.keys.commands import Command


@frozen
class FailedEdit:
    """An edit that was refused, that could not be undone, or that was saved over later."""

    number: int
    what: str
    """The edit as a phrase, for example "done: call the vendor"."""
    why: str
    path: str
    line: int
    was: str = ""
    """The line as the viewer saw it."""
    now: str = ""
    """The line as it is now; empty if it was not found."""
    typed: str = ""
    """The text that the viewer typed and that is in no file; empty for other edits."""


@frozen
class State:
    """Everything that a screen may draw."""

    workspace: Workspace
    now: datetime
    allowed: Permissions = FULL_ACCESS
    """What the viewer may do besides reading."""
    as_of: date | None = None
    """The day of which git's copy of the folder is shown; None if it is the folder on disk."""
    loaded: bool = False
    """Whether the first read is complete."""
    progress: tuple[int, int] | None = None
    """Files read and files in total, during a long first read."""
    watch_warning: str = ""
    """The problem with watching the folders; empty if there is none."""
    age: int = 0
    """Seconds since every file was last checked, in steps of ten."""
    recent: frozenset[Key] = frozenset()
    """Items that somebody else changed in the last seconds."""
    failed_edits: tuple[FailedEdit, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()
    """Questions of cancelled prompts, and the text that was typed."""

    activity: tuple[Event, ...] = ()
    """What others did while the dashboard is open, oldest first."""
    since: tuple[Event, ...] = ()
    """What others did between the visit in which the viewer last looked and this one."""
    last_visit: datetime | None = None
    """When the viewer last closed the dashboard after they looked; None if that is unknown."""
    log: tuple[LoggedEvent, ...] | None = None
    """The log of git as far as the screen of activity loaded it, the latest first."""
    log_end: str | None = None
    """None if there are earlier events, else why it ends early; empty if it does not."""
    due_dates: DueDates = field(default_factory=dict)
    """The due dates of actions that the log tells."""
    traced: Subject | None = None
    """The item, level or goal whose history was asked for last, as soon as something is known."""
    history: tuple[LoggedEvent, ...] = ()
    """What is known of it, the latest first."""
    history_end: str | None = None
    """As `log_end`."""

    repository: RepositoryStatus | None = None
    """The state of the git repository around the folder; None if there is none."""
    syncing: str = ""
    """What a sync is doing, in a word; empty if none is running."""
    sync_problem: Problem | None = None
    """Why the last sync did not finish. It has no path."""

    keymap: Keymap = DEFAULT
    settings_problems: tuple[Problem, ...] = ()
    """Problems in the viewer's settings and saved views."""

    guard: Guard | None = None
    """The names that the viewer listed to be kept out of shared files; None without a list."""
    name_problems: tuple[Problem, ...] = ()
    """Where they are in the files. For this viewer alone, so never part of the workspace."""

    readers: tuple[tuple[str, str], ...] = ()
    """Paths of the files and folders on screen, and who can read them; empty if unknown."""
    readable: tuple[Problem, ...] = ()
    """The opened folders that all users of this machine can read."""

    viewer: Viewer | None = None
    """Who the viewer is, if that is known."""
    how_to_add: str = "tldash new lead NAME"
    """The command that creates a lead in the opened folder."""

    def key_of(self, command: Command) -> str:
        """Return the key of a command as sentences name it."""
        return self.keymap.of(command).shown

    @property
    def today(self) -> date:
        return self.now.date()

    def lead(self, lead_id: str) -> Lead | None:
        """Return a lead by id."""
        return self.workspace.find_lead(lead_id)

    @property
    def own_problems(self) -> tuple[Problem, ...]:
        """The problems that concern this viewer alone, and are never part of the workspace."""
        private = self.workspace.private
        found = private.problems if private is not None else ()
        return (*self.settings_problems, *self.name_problems, *self.readable, *found)

    def readers_of(self, path: str) -> str:
        """Return who can read a file, as `describe_readers` does; empty if that is not known."""
        return dict(self.readers).get(path, "")

    @property
    def audience(self) -> Audience:
        """To whom texts about leads are addressed."""
        return find_audience(self.viewer, self.workspace.leads)

    def you(self, lead: Lead) -> ViewerRole:
        """Return who the viewer is to a lead."""
        return find_role(self.viewer, lead)
