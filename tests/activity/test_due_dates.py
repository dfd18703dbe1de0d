"""The due dates that the log of git tells of an action."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from tldash.activity.due_dates import collect_due_dates
from tldash.activity.event import Event, EventKind
from tldash.activity.log import LoggedEvent
from tldash.model.dates import format_date, parse_short_date

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def logged(
    kind: EventKind, text: str, detail: str, when: datetime | None = NOW, subject: str = ""
) -> LoggedEvent:
    event = Event(kind, "ada", text, "ada/a.md", 1, detail, subject)
    return LoggedEvent(event, "Ada", "Mira", when, "c0ffee" if when else "")


def test_an_action_is_followed_through_its_rewordings() -> None:
    log = (
        logged(EventKind.MOVED, "call them", "17 Nov -> 1 Dec", None),
        logged(EventKind.REWORDED, "call them", "call the vendor"),
        logged(EventKind.MOVED, "call the vendor", "1 Jan -> ", subject="scheduled"),
        logged(EventKind.MOVED, "call the vendor", "3 Nov -> 17 Nov"),
        logged(EventKind.MOVED, "call the vendor", " -> 3 Nov"),
        logged(EventKind.MOVED, "other", "5 Jan 2025 -> 30 Dec", datetime(2024, 12, 1, tzinfo=UTC)),
        logged(EventKind.TICKED, "other", "5 Jan -> 6 Jan"),
    )
    assert collect_due_dates(log, NOW) == {
        "ada": {
            "call them": (date(2026, 11, 3), date(2026, 11, 17), date(2026, 12, 1)),
            "other": (date(2025, 1, 5), date(2024, 12, 30)),
        }
    }


@given(st.dates(), st.dates())
def test_a_formatted_day_is_parsed_back(day: date, today: date) -> None:
    assert parse_short_date(format_date(day, today), today) == day


def test_other_text_is_no_day() -> None:
    for text in ("", "no date", "31 Feb", "x Nov", "3 Nov 2026 x", "3 nov", "3"):
        assert parse_short_date(text, NOW.date()) is None
