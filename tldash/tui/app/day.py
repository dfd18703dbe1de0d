"""Show the folders of an earlier day, and go back to now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final

from tldash.model.dates import LOCAL_ZONE, format_full_date, resolve_now
from tldash.model.permissions import READ_ONLY, Permissions
from tldash.service.results import DayShown
from tldash.service.service import Service
from tldash.tui.app.host import Host
from tldash.tui.widgets.bars import Notice

_LAST_SECOND: Final = time(23, 59, 59)


class DayController:
    """The day that is shown."""

    def __init__(
        self, host: Host, service: Service, clock: Callable[[], datetime], allowed: Permissions
    ) -> None:
        """`allowed` is what the viewer may do now."""
        self._host = host
        self._service = service
        self._clock = clock
        self._allowed = allowed
        self._day: date | None = None

    @property
    def is_earlier(self) -> bool:
        """Whether an earlier day is shown, from which one can go back."""
        return self._day is not None

    def now(self) -> datetime:
        """Return the time, on the day that is shown."""
        return resolve_now(self._clock(), self._day)

    def show(self, day: date | None) -> None:
        """Show a day, or (None) the folders as they are now."""
        page = self._host.page
        if page is not None and page.conversation is not None:
            self._host.show_notice(Notice("close the session first", bad=True))
            return
        moment = datetime.combine(day, _LAST_SECOND, LOCAL_ZONE) if day is not None else None
        self._service.show_day(day, moment)

    def take(self, shown: DayShown) -> None:
        """Show the folders of a day, or why that is not possible."""
        if shown.workspace is None:
            self._host.show_notice(Notice(shown.error, bad=True))
            return
        self._day = shown.day
        self._host.set_state(
            workspace=shown.workspace,
            as_of=shown.day,
            allowed=READ_ONLY if shown.day is not None else self._allowed,
            now=self.now(),
            recent=frozenset(),
        )
        what = "as it is now"
        if shown.day is not None:
            what = f"as of {format_full_date(shown.day)}, read-only"
        self._host.show_notice(Notice(f"the folder {what}"))
