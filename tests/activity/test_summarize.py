"""The summary line of a history."""

from __future__ import annotations

from datetime import date

from tests.support.records import TODAY, day
from tests.support.tables import each
from tldash.activity.event import Event, EventKind
from tldash.activity.summarize import summarize_history


def event(kind: EventKind, detail: str = "", subject: str = "") -> Event:
    return Event(kind, "ada", "call", "ada/1.md", 1, detail, subject)


MOVED, REWORDED, CARRIED = EventKind.MOVED, EventKind.REWORDED, EventKind.CARRIED


MOVES = event(MOVED, "17 Nov -> 1 Dec"), event(MOVED, "3 Nov -> 17 Nov")
REMOVED = event(MOVED, "3 Nov -> "), event(MOVED, " -> 3 Nov")
THIRD, FIRST = day("2026-11-03"), day("2026-12-01")
CASES = (
    ((), (), 0, ""),
    ((), (THIRD,), 0, "due 3 Nov"),
    ((), (THIRD, FIRST), 1, "due 3 Nov → 1 Dec, carried over once"),
    (MOVES, (THIRD, FIRST), 0, "due 3 Nov → 17 Nov → 1 Dec"),
    (REMOVED, (), 0, "due 3 Nov → no date"),
    ((event(MOVED, "1 Nov -> 2 Nov", "start"),), (), 0, ""),
    ((event(CARRIED), event(REWORDED), event(CARRIED)), (), 1, "reworded once, carried over 3×"),
    (
        (event(EventKind.HANDED_OVER), *[event(EventKind.REOPENED)] * 2),
        *((), 0, "handed over once, reopened twice"),
    ),
)


@each(("events", "due_dates", "carried", "expected"), CASES)
def test_the_summary_line(
    events: tuple[Event, ...], due_dates: tuple[date, ...], carried: int, expected: str
) -> None:
    """Events come latest first; the dates of the files count where there are none."""
    assert summarize_history(events, due_dates, carried, TODAY) == expected
