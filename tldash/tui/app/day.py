"""Show the folders of an earlier day, and go back to now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final

from tldash.model.dates import LOCAL_ZONE, format_full_date, resolve_now
from tldash.model.permissions import READ_ONLY
from tldash.service.results import DayShown
from tldash.service.service import Service
from tldash.tui.app.host import Host
from tldash.tui.state import State
from tldash.tui.widgets.bars import Notice

_LAST_SECOND: Final = time(23, 59, 59)


class DayController:
    """The day that is shown."""

    def __init__(self, host: Host, service: Service, clock: Callable[[], datetime]) -> None:
        self._host = host
        self._service = service
        self._clock = clock
        self._day: date | None = None
        self._left: State | None = None
        """The state before an earlier day was shown."""
        self.is_changing = False
        """Whether another day is on its way, which later keys are for."""

    @property
    def is_earlier(self) -> bool:
        """Whether an earlier day is shown, from which one can go back."""
        return self._day is not None

    def now(self) -> datetime:
        """Return the time, on the day that is shown."""
        return resolve_now(self._clock(), self._day)

    def show(self, day: date | None) -> None:
        """Show a day, or (None) the folders as they are now."""
        if any(page.conversation is not None for page in self._host.pages):
            self._host.show_notice(Notice("close the session first", bad=True))
            return
        if day is None and self._left is None:
            self._host.show_notice(Notice("the folder is as it was opened"))
            return
        self.is_changing = True
        moment = datetime.combine(day, _LAST_SECOND, LOCAL_ZONE) if day is not None else None
        self._service.show_day(day, moment)

    def take(self, shown: DayShown) -> None:
        """Show the folders of a day, or why that is not possible.

        For now, the state is as it was left; what has changed since comes as after any reading.
        """
        self.is_changing = False
        if shown.error:
            self._host.show_notice(Notice(shown.error, bad=True))
            return
        left = self._left or self._host.state
        self._day = shown.day
        self._left = left if shown.day is not None else None
        self._host.set_state(
            workspace=shown.workspace or left.workspace,
            as_of=shown.day or left.as_of,
            allowed=READ_ONLY if shown.day is not None else left.allowed,
            now=self.now(),
            recent=frozenset(),
            log=None,
            log_end=None,
            due_dates={},
        )
        if any(page.shows_slipping for page in self._host.pages):
            self._service.history.find_due_dates(self.now())
        what = "as it is now"
        if shown.day is not None:
            what = f"as of {format_full_date(shown.day)}, read-only"
        self._host.show_notice(Notice(f"the folder {what}"))
