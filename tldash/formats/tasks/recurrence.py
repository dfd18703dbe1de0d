"""Recurrence: the day on which something comes round again, once its rule has been read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, Literal

from dateutil import rrule
from dateutil.relativedelta import relativedelta

from tldash.model.frozen import frozen

_HORIZON: Final = 100
"""Years after which a rule that has given no day never will (a Monday, 29 February takes 40)."""
WEEKDAYS: Final = (0, 1, 2, 3, 4)


@frozen
class Unreadable:
    """A rule that cannot be followed: why, and what to write instead."""

    reason: str
    hint: str


@frozen
class Rule:
    """When something comes round again.

    `weekdays` holds pairs of weekday (Monday is 0) and which of them in the month or year counts, 0
    for each. `month_days` counts from 1, or from the end from -1.
    """

    unit: str
    """`day`, `business day`, `week`, `month` or `year`."""
    every: int = 1
    from_completion: bool = False
    """Whether it counts from the day it was done, rather than from its own date."""
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    until: date | None = None
    times: int | None = None

    def after(self, day: date) -> date | None:
        """The first occurrence after `day`; None where there is none (within the calendar)."""
        if self.times == 1:
            return None
        try:
            following = self._following(day)
        except (OverflowError, ValueError):  # past the year 9999
            return None
        if following is None or (self.until is not None and following > self.until):
            return None
        return following

    def _following(self, day: date) -> date | None:
        if self.unit == "business day":
            return _business_days_after(day, self.every)
        if not (self.weekdays or self.month_days or self.months or self.weeks):
            # Obsidian Tasks moves to an earlier day where a month is too short, as relativedelta
            # does; an RFC 5545 rule would skip that month.
            return day + _step(self.unit, self.every)
        start = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - days have no zone
        horizon = min(9999, day.year + max(_HORIZON, 5 * self.every))
        days = [(rrule.weekday(d, n) if n else rrule.weekday(d)) for d, n in self.weekdays]
        found = rrule.rrule(
            _FREQUENCY[self.unit],
            dtstart=start,
            interval=self.every,
            byweekday=days or None,
            bymonthday=self.month_days or None,
            bymonth=self.months or None,
            byweekno=self.weeks or None,
            until=datetime(horizon, 12, 31),  # noqa: DTZ001
        ).after(start)
        return found.date() if found is not None else None


_FREQUENCY: Final[dict[str, Literal[0, 1, 2, 3]]] = {
    "day": rrule.DAILY,
    "week": rrule.WEEKLY,
    "month": rrule.MONTHLY,
    "year": rrule.YEARLY,
}


def _step(unit: str, every: int) -> relativedelta:
    if unit == "day":
        return relativedelta(days=every)
    if unit == "week":
        return relativedelta(weeks=every)
    return relativedelta(months=every) if unit == "month" else relativedelta(years=every)


def _business_days_after(day: date, count: int) -> date:
    weeks, rest = divmod(count, 5)
    day += timedelta(weeks=weeks)
    if rest == 0:  # whole weeks from a Saturday or Sunday end on the Friday before
        return day - timedelta(days=max(0, day.weekday() - 4))
    while rest:
        day += timedelta(days=1)
        rest -= day.weekday() in WEEKDAYS
    return day
