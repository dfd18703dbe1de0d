"""What the app tells its screens: one frozen value, replaced as a whole."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from tldash.insight.people import Viewer, ViewerRole
from tldash.model.frozen import frozen
from tldash.model.item_keys import Key
from tldash.model.permissions import FULL_ACCESS, Permissions
from tldash.model.records import Lead, Workspace
from tldash.tui.keys.keymap import DEFAULT, Keymap

if TYPE_CHECKING:
    from tldash.activity.event import Event
    from tldash.model.records import Problem
    from tldash.tui.keys.commands import Command


@frozen
class Refusal:
    """A wish that did not come true, or did not last."""

    number: int
    what: str
    """The wish in words."""
    why: str
    path: str
    line: int
    was: str = ""
    """The line as the viewer saw it."""
    now: str = ""
    """The line as it stands, where one was found."""


@frozen
class State:
    """Everything that a screen may draw."""

    workspace: Workspace
    now: datetime
    allowed: Permissions = FULL_ACCESS
    """What the viewer may do beside looking."""
    loaded: bool = False
    """Whether the first reading is over."""
    progress: tuple[int, int] | None = None
    """Files read and files there are, during a long first reading."""
    note: str = ""
    """What is wrong with watching; empty where nothing is."""
    age: int = 0
    """Seconds since every file was last looked at, in steps of ten."""
    fresh: frozenset[Key] = frozenset()
    """What somebody else has just changed."""
    refused: tuple[Refusal, ...] = ()
    """What was wished for and could not be done."""

    activity: tuple[Event, ...] = ()
    """What others did while the dashboard is open, oldest first."""
    since: tuple[Event, ...] = ()
    """What happened between the viewer's last look and this one."""
    looked: datetime | None = None
    """When that last look was; None where there was none."""

    keymap: Keymap = DEFAULT
    """The keys in force."""
    own: tuple[Problem, ...] = ()
    """What is wrong with the viewer's own settings."""

    viewer: Viewer | None = None
    """Who looks, where somebody said so."""

    def key_of(self, command: Command) -> str:
        """The key of a command, to be told in a sentence."""
        return self.keymap.of(command).shown

    @property
    def today(self) -> date:
        return self.now.date()

    def lead(self, lead_id: str) -> Lead | None:
        """A lead by id."""
        return self.workspace.lead(lead_id)

    def you(self, lead: Lead) -> ViewerRole:
        """Who the viewer is to a lead."""
        if self.viewer is None:
            return ViewerRole.ANOTHER
        if self.viewer.lead == lead.id:
            return ViewerRole.LEAD
        return ViewerRole.COACH if lead.id in self.viewer.coaches else ViewerRole.ANOTHER
