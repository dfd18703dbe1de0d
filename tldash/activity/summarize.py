"""Summarize the history of an item in one line: `due 3 Nov → 17 Nov → 1 Dec, reworded once`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from tldash.activity.event import ARROW, Event, EventKind
from tldash.model.dates import format_date


def summarize_history(
    events: Sequence[Event], due_dates: Iterable[date], carried: int, today: date
) -> str:
    """Return the due dates, and how often an item was reworded, carried over and handed over.

    Args:
        events: The events of the item, the latest first.
        due_dates: The due dates that its files tell, the oldest first and the current one last.
        carried: How many held sessions it was carried through without a move to another file.
        today: The current day, used to format days.
    """
    days = _list_due_dates(events)
    for day in due_dates if not days else [*due_dates][-1:]:
        if (text := format_date(day, today)) not in days[-1:]:
            days.append(text)
    counts = [
        ("reworded", _count(events, EventKind.REWORDED)),
        ("carried over", _count(events, EventKind.CARRIED) + carried),
        ("handed over", _count(events, EventKind.HANDED_OVER)),
        ("reopened", _count(events, EventKind.REOPENED)),
    ]
    parts = [f"due {' → '.join(days)}"] if days else []
    parts += [f"{what} {_format_times(times)}" for what, times in counts if times]
    return ", ".join(parts)


def _list_due_dates(events: Iterable[Event]) -> list[str]:
    """Return the due dates that the events tell, the oldest first."""
    days: list[str] = []
    for event in reversed([*events]):
        if event.kind is EventKind.MOVED and not event.subject:
            was, _, now = event.detail.partition(ARROW)
            if was and was not in days[-1:]:
                days.append(was)
            days.append(now or "no date")
    return days


def _count(events: Iterable[Event], kind: EventKind) -> int:
    return sum(event.kind is kind for event in events)


def _format_times(times: int) -> str:
    return ("once", "twice")[times - 1] if times < 3 else f"{times}×"
