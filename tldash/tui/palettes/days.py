"""The palette that shows the folder as it was on an earlier day."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Final

from dateutil.relativedelta import relativedelta
from textual.command import DiscoveryHit, Hit, Hits, Provider

from tldash.model.dates import format_full_date
from tldash.model.natural_dates import parse_past_day
from tldash.tui.palettes.palette import Palette
from tldash.tui.screens.messages import ShowDay
from tldash.tui.screens.page import Page

SPANS: Final = (
    ("yesterday", relativedelta(days=1)),
    ("a week ago", relativedelta(weeks=1)),
    ("a month ago", relativedelta(months=1)),
    ("3 months ago", relativedelta(months=3)),
    ("a year ago", relativedelta(years=1)),
)
"""The days that are offered before anything is typed."""


class DayProvider(Provider):
    """Now, some earlier days, and the day that is typed."""

    def _show(self, day: date | None) -> None:
        self.screen.post_message(ShowDay(day))

    async def discover(self) -> Hits:
        """Yield now, if another day is shown, and some earlier days."""
        state = self.screen.state if isinstance(self.screen, Page) else None
        if state is None:
            return
        if state.as_of is not None:
            yield DiscoveryHit("now", partial(self._show, None), text="now")
        for name, span in SPANS:
            day = state.today - span
            shown = f"{name}: {format_full_date(day)}"
            yield DiscoveryHit(shown, partial(self._show, day), text=name)

    async def search(self, query: str) -> Hits:
        """Yield the day that is typed."""
        state = self.screen.state if isinstance(self.screen, Page) else None
        if state is None:
            return
        if state.as_of is not None and "now".startswith(query.strip().casefold()):
            yield Hit(1, "now", partial(self._show, None), text="now")
        day = parse_past_day(query, state.today)
        if day is not None:
            yield Hit(0.5, f"as of {format_full_date(day)}", partial(self._show, day), text=query)


def palette() -> Palette:
    """Return the palette."""
    return Palette(providers=[DayProvider], placeholder="a day: 3 nov, 2 weeks ago, 2026-11-03")
