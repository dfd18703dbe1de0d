"""Find what others change while the dashboard is open, mark it, and announce it.

A file does not record who wrote a line. The edits made here are known, though, and changes made
to a file while the viewer has it open in an editor count as the viewer's own.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from textual.widgets import Input

from tldash.editing.edits import AddTask, FileEdit
from tldash.model.dates import pluralize
from tldash.model.frozen import frozen
from tldash.model.item_keys import Key, find_changed_keys
from tldash.model.records import Workspace
from tldash.tui.app.host import Host
from tldash.tui.state import State
from tldash.tui.widgets.bars import KeyBar, Notice

if TYPE_CHECKING:
    from tldash.activity.event import Event

EVENT_LIMIT: Final = 500
"""Events that are kept. A change of more items at once is not described at all."""
MARKED_FOR: Final = 4.0
"""Seconds for which a changed item stays marked."""
STEP: Final = 0.5
"""Least seconds between two redraws that remove marks, so that a burst does not cause many."""


@frozen
class OwnChanges:
    """What the viewer is changing here, so that it is not announced as the work of others."""

    keys: frozenset[Key]
    """Items and sessions with an edit on its way."""
    additions: tuple[FileEdit, ...]
    planned: Mapping[str, frozenset[str]]
    """Leads who get a new session, by id, and the paths of their sessions before."""
    leads: bool = False
    """Whether a lead is created, or its creation undone."""


class NewsController:
    """What others changed."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.recent = RecentChanges()
        self.edited = ""
        """The file that the viewer had open in an editor, until everything is read again."""
        self._still_open: set[str] = set()
        """Files in editors that run in a window of their own: nobody knows when they are closed."""

    def note_editor(self, path: str, *, stays: bool) -> None:
        """Take what happens to a file as the viewer's own: they had it in an editor.

        `stays` if the editor runs on beside the dashboard. Then it is so until the dashboard ends.
        """
        self.edited = path
        if stays:
            self._still_open.add(path)

    def compare(self, before: State, after: Workspace, own: OwnChanges) -> tuple[Event, ...]:
        """Mark the items that changed; return the events of others."""
        by_hand = {self.edited, *self._still_open}
        new = find_changed_keys(before.workspace, after, own.keys, by_hand)
        self.recent.add(new, time.monotonic())
        if new and not before.recent:
            self._fade_later()
        if not 0 < len(new) <= EVENT_LIMIT:
            return ()
        from tldash.activity.detect import detect_events, stamp_events

        found = detect_events(before.workspace, after, before.now, own=own.keys)
        others = tuple(
            event for event in found if not _is_own(event, after, own) and event.path not in by_hand
        )
        return stamp_events(others, before.now)

    def end_editing(self, *, asked: bool) -> None:
        """Forget the file that was open in an editor, once everything is read as asked."""
        if asked:
            self.edited = ""

    def announce(self, found: tuple[Event, ...]) -> None:
        """Show a notice, except over another notice or while the viewer types."""
        page = self._host.page
        if not found or page is None or not page.is_mounted:
            return
        shown = page.query_one(KeyBar).notice
        if isinstance(page.focused, Input) or (shown is not None and not shown.news):
            return
        self._host.show_notice(describe(found, self._host.state.workspace, shown))

    def _fade_later(self) -> None:
        if wait := self.recent.wait(time.monotonic()):
            self._host.set_timer(wait, self._fade)

    def _fade(self) -> None:
        self.recent.remove_old(time.monotonic())
        if self.recent.keys != self._host.state.recent:
            self._host.set_state(recent=self.recent.keys)
        self._fade_later()


class RecentChanges:
    """Items that stay marked for some seconds each. Times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._until: dict[Key, float] = {}
        self.updated_at = 0.0
        """When the workspace changed last, even if no item did."""

    @property
    def keys(self) -> frozenset[Key]:
        """The marked items."""
        return frozenset(self._until)

    def add(self, keys: Iterable[Key], now: float) -> None:
        """Mark these items, or extend their time."""
        self.updated_at = now
        for key in keys:
            self._until[key] = now + MARKED_FOR

    def remove_old(self, now: float) -> None:
        """Remove the marks whose time is over."""
        self._until = {key: until for key, until in self._until.items() if until > now}

    def wait(self, now: float) -> float:
        """Return the seconds until the next mark to remove; 0 if there is none."""
        return max(min(self._until.values()) - now, STEP) if self._until else 0.0


_OF_SESSION: Final = frozenset(
    {
        *("level raised", "level lowered", "session held", "notes written", "session planned"),
        *("session rescheduled", "session cancelled", "session missed", "changed"),
        "goal changed",
    }
)
"""The events that setting a key of a file, or writing a line of notes, can lead to."""


def _is_own(event: Event, after: Workspace, own: OwnChanges) -> bool:
    """Whether the viewer made an item, a level or a session that has no key yet."""
    if own.leads and event.kind in ("lead new", "lead gone"):
        return True
    for edit in own.additions:
        if event.path != edit.path:
            continue
        if not isinstance(edit, AddTask):
            if event.kind in _OF_SESSION:
                return True
            continue
        from tldash.formats.tasks.parse import parse  # the overview does not need it

        if event.text == parse(edit.text).text:
            return True
    before = own.planned.get(event.lead_id)
    lead = after.find_lead(event.lead_id) if before is not None else None
    if before is None or lead is None:
        return False
    return any(s.path == event.path and s.path not in before for s in lead.sessions)


def describe(found: tuple[Event, ...], workspace: Workspace, shown: Notice | None) -> Notice:
    """Describe a single event, or count several.

    Adds the count of the news notice that is `shown` now, which this one replaces.
    """
    from tldash.activity.describe import describe_event

    changes = len(found) + (shown.news if shown is not None else 0)
    if changes > 1:
        return Notice(pluralize(changes, "change"), news=changes)
    lead = workspace.find_lead(found[0].lead_id)
    whose = f"{workspace.display_name(lead)}: " if lead is not None else ""
    return Notice(f"{whose}{describe_event(found[0])}", news=1)
