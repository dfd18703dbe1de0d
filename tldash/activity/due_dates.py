"""Collect the due dates that actions had, from the log of git."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Final

from tldash.activity.event import ARROW, EventKind
from tldash.activity.log import LoggedEvent, list_events
from tldash.insight.slipping import DueDates
from tldash.model.commits import FolderCommit
from tldash.model.dates import parse_short_date

COMMITS: Final = 2000
"""The number of commits that tell due dates, the latest ones."""
_TOLD_BY: Final = (EventKind.MOVED, EventKind.REWORDED)


def find_due_dates(commits: Iterable[FolderCommit], now: datetime) -> DueDates:
    """Return the due dates that actions had in the latest of some commits, newest first."""
    return collect_due_dates(_list_events(islice(commits, COMMITS)), now)


def _list_events(commits: Iterable[FolderCommit]) -> Iterator[LoggedEvent]:
    for commit in commits:
        yield from (one for one in list_events(commit) if one.event.kind in _TOLD_BY)


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
