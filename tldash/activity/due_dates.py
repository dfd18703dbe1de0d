"""Collect the due dates that actions had, from the log of git."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from tldash.activity.event import ARROW, EventKind
from tldash.activity.log import LoggedEvent
from tldash.insight.slipping import DueDates
from tldash.model.dates import parse_short_date


def collect_due_dates(log: Iterable[LoggedEvent], now: datetime) -> DueDates:
    """Return the due dates that actions were moved to, as far as a log tells.

    An action is followed through its rewordings, by its text. `log` has the latest event first.
    """
    names: dict[tuple[str, str], str] = {}
    """The present text of an item, by its lead and an earlier text."""
    found: dict[str, dict[str, list[date]]] = {}
    for logged in log:
        event = logged.event
        lead, text = event.lead_id, names.get((event.lead_id, event.text), event.text)
        if event.kind is EventKind.REWORDED:
            names[lead, event.detail] = text
        elif event.kind is EventKind.MOVED and not event.subject:
            day = (logged.when or now).date()
            moved = (parse_short_date(one, day) for one in event.detail.split(ARROW))
            old, new = (*moved, None)[:2]
            days = found.setdefault(lead, {}).setdefault(text, [])
            days += [one for one in (new, old) if one is not None and one not in days[-1:]]
    return {
        lead: {text: tuple(reversed(days)) for text, days in texts.items()}
        for lead, texts in found.items()
    }
