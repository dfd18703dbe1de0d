"""Load the log and the histories for the screens, and keep what the viewer has not looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tldash.service.results import ActivitySince, LogLoaded, SubjectTraced
from tldash.service.service import Service
from tldash.tui.app.host import Host
from tldash.tui.screens.messages import LoadLog, TraceSubject

if TYPE_CHECKING:
    from datetime import datetime

    from tldash.activity.event import Event


class HistoryController:
    """Passes requests for the history to the service, and its answers to the state."""

    def __init__(self, host: Host, service: Service) -> None:
        self._host = host
        self._service = service
        self._looked = False
        """Whether the screen of activity was opened."""

    def handle_message(self, message: LoadLog | TraceSubject) -> None:
        """Load the log, which the screen of activity does, or a history."""
        if isinstance(message, TraceSubject):
            self._service.trace(message.subject, self._host.state.now)
            return
        self._looked = True
        self._service.load_log(message.wanted, self._host.state.now)

    def take(self, result: ActivitySince | LogLoaded | SubjectTraced) -> None:
        """Pass an answer to the screens."""
        match result:
            case ActivitySince(found, when):
                self._host.set_state(since=found, last_visit=when)
            case LogLoaded(events, end, due_dates):
                self._host.set_state(log=events, log_end=end, due_dates=due_dates)
            case SubjectTraced(subject, events, end):
                self._host.set_state(traced=subject, history=events, history_end=end)

    def unseen(self) -> tuple[tuple[Event, ...], datetime | None]:
        """Return the events that the viewer did not look at, and when they last looked."""
        state = self._host.state
        found = () if self._looked else (*state.since, *state.activity)
        return found, state.last_visit if found else None
