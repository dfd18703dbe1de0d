"""Everything about git: the log, the histories, the state of the repository, and the sync.

Also keep what the viewer has not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tldash.model.records import Problem, Severity
from tldash.service.results import (
    ActivitySince,
    DueDatesFound,
    HistoryResult,
    LogLoaded,
    RepositoryRead,
    SubjectTraced,
    SyncEnded,
    SyncProgress,
)
from tldash.service.service import Service
from tldash.tui.app.host import Host
from tldash.tui.keys.commands import PROBLEMS, SYNC
from tldash.tui.screens.messages import FindDueDates, LoadLog, TraceSubject
from tldash.tui.widgets.bars import Notice

if TYPE_CHECKING:
    from datetime import datetime

    from tldash.activity.event import Event


class HistoryController:
    """Passes requests for the history to the service, and its answers to the state."""

    def __init__(self, host: Host, service: Service) -> None:
        self._host = host
        self._service = service
        self._typed_at = host.timer()
        self._may_sync = False
        """Whether a key or click came since the last sync that began by itself."""
        self._looked = False
        """Whether the screen of activity was opened."""

    def handle_message(self, message: LoadLog | FindDueDates | TraceSubject) -> None:
        """Load the log, which the screen of activity does, due dates, or a history."""
        if isinstance(message, TraceSubject):
            self._service.history.trace(message.subject, self._host.state.now)
            return
        if isinstance(message, FindDueDates):
            self._service.history.find_due_dates(self._host.state.now)
            return
        self._looked = True
        self._service.history.load_log(message.wanted, self._host.state.now)

    def take(self, result: HistoryResult) -> None:
        """Pass an answer to the screens."""
        match result:
            case ActivitySince(found, when):
                self._host.set_state(since=found, last_visit=when)
            case LogLoaded(events, end):
                self._host.set_state(log=events, log_end=end)
            case DueDatesFound(due_dates):
                if due_dates != self._host.state.due_dates:  # else nothing is drawn again
                    self._host.set_state(due_dates=due_dates)
            case SubjectTraced(subject, events, end):
                self._host.set_state(traced=subject, history=events, history_end=end)
            case RepositoryRead(status):
                self._host.set_state(repository=status)
            case SyncProgress(doing):
                if self._host.state.syncing:  # else it comes from another thread than the end
                    self._host.set_state(syncing=doing)
            case SyncEnded():
                self._end_sync(result)

    def _end_sync(self, result: SyncEnded) -> None:
        """Show what a sync did, or why it could not; the way out is among the problems."""
        if not result.code:
            self._host.set_state(syncing="")
            self._host.show_notice(Notice(result.sentence))
            return
        code = f"sync-{result.code}"
        problem = Problem("", 1, 1, Severity.ERROR, code, result.sentence, result.hint)
        self._host.set_state(syncing="", sync_problem=problem)
        key = self._host.state.key_of(PROBLEMS)
        self._host.show_notice(Notice(f"not synced ({key}): {result.sentence}", bad=True))

    def note_input(self) -> None:
        """Note that the viewer is here: a key, a click or a paste came."""
        self._typed_at = self._host.timer()
        self._may_sync = True

    def sync_if_idle(self, minutes: int) -> None:
        """Sync once after so many minutes without a key, if the viewer has set that; 0 is never.

        Not while a session is held, and not where the key would be refused.
        """
        state = self._host.state
        idle = self._host.timer() - self._typed_at >= 60 * minutes
        if not (minutes and idle and self._may_sync) or state.syncing:
            return
        held = any(page.conversation is not None for page in self._host.pages)
        if not held and not state.allowed.refusal(SYNC.needs):
            self._may_sync = False
            self.sync()

    def sync(self) -> None:
        """Sync the folders, unless that is being done. The keys go on working meanwhile."""
        if self._host.state.syncing:
            self._host.show_notice(Notice("a sync is running", bad=True))
            return
        self._host.set_state(syncing="syncing", sync_problem=None)
        self._service.sync(self._host.state.now)

    def unseen(self) -> tuple[tuple[Event, ...], datetime | None]:
        """Return the events that the viewer did not look at, and when they last looked."""
        state = self._host.state
        found = () if self._looked else (*state.since, *state.activity)
        return found, state.last_visit if found else None
