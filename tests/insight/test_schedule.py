"""Find held and upcoming sessions, and build the cadence strip."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.records import NOW, TODAY, day, lead, session
from tests.support.tables import each
from tldash.insight import schedule
from tldash.insight.schedule import CadenceCell, NextState
from tldash.model.records import Moment, SessionStatus

PLANNED, HELD = SessionStatus.PLANNED, SessionStatus.HELD
CANCELLED, MISSED = SessionStatus.CANCELLED, SessionStatus.MISSED


@each(
    ("made", "status", "took_place"),
    [
        (session("2026-11-03"), HELD, True),
        (session("2026-11-03", written=False), HELD, False),
        (session("2026-11-03", HELD, written=False), HELD, True),
        (session("2026-11-03", PLANNED), PLANNED, False),
        (session("2026-11-03", MISSED), MISSED, False),
        (session("2026-11-03", CANCELLED), CANCELLED, False),
        (session("2026-11-20", written=False), PLANNED, False),
        (session("2026-11-20"), HELD, True),
        (session("2026-11-20", HELD, written=False), HELD, True),
        (session("2026-11-20", PLANNED), PLANNED, False),
        (replace(session("2026-11-20"), at=Moment(TODAY, time(16))), PLANNED, False),
        (session("2026-12-01"), PLANNED, False),
        (session("2026-12-01", HELD), HELD, False),
    ],
)
def test_whether_a_session_took_place(made, status, took_place):
    assert schedule.resolve_status(made, NOW) is status
    assert (made in schedule.find_held_sessions(lead(made), NOW)) is took_place


def test_the_last_session_and_the_days_since():
    someone = lead(session("2026-10-01"), session("2026-11-03"), session("2026-12-01"))
    assert schedule.find_last_session(someone, NOW) == someone.sessions[1]
    assert schedule.count_days_since_session(someone, NOW) == 17
    assert schedule.estimate_next_day(someone, NOW) == day("2026-12-03")
    assert schedule.count_days_since_session(lead(), NOW) is None
    assert schedule.estimate_next_day(lead(), NOW) is None
    assert schedule.estimate_next_day(replace(someone, cadence=None), NOW) is None


def plain(*sessions, **more):
    found = schedule.find_next_session(lead(*sessions, **more), NOW)
    return found.state, found.at.day.isoformat() if found.at else None, found.session is not None


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        pytest.param([], (NextState.NONE, None, False), id="nothing"),
        pytest.param([session("2026-11-03")], (NextState.NONE, None, False), id="none planned"),
        pytest.param(
            [session("2026-11-03"), session("2026-12-01"), session("2026-12-24")],
            (NextState.PLANNED, "2026-12-01", True),
            id="a file to come",
        ),
        pytest.param(
            [session("2026-11-20", written=False)],
            (NextState.PLANNED, "2026-11-20", True),
            id="today without a time",
        ),
        pytest.param(
            [session("2026-11-20", next="2026-12-01")],
            (NextState.PLANNED, "2026-12-01", False),
            id="today, and held already",
        ),
        pytest.param(
            [session("2026-11-03", next="2026-12-01")],
            (NextState.PLANNED, "2026-12-01", False),
            id="promised by the last",
        ),
        pytest.param(
            [session("2026-10-03", next="2026-12-01"), session("2026-11-03")],
            (NextState.NONE, None, False),
            id="an older promise does not count",
        ),
        pytest.param(
            [session("2026-11-03", next="2026-12-01"), session("2026-12-01", CANCELLED)],
            (NextState.NONE, None, False),
            id="promised and called off",
        ),
        pytest.param(
            [session("2026-11-03", next="2026-12-01"), session("2026-11-30")],
            (NextState.PLANNED, "2026-11-30", True),
            id="a file beats a promise",
        ),
        pytest.param(
            [session("2026-11-03"), session("2026-11-17", written=False)],
            (NextState.NOT_WRITTEN_UP, "2026-11-17", True),
            id="past, and not written up",
        ),
        pytest.param(
            [session("2026-10-17", written=False), session("2026-11-03")],
            (NextState.NONE, None, False),
            id="not written up long ago",
        ),
        pytest.param(
            [session("2026-11-03"), session("2026-11-10", MISSED, written=False)],
            (NextState.NONE, None, False),
            id="missed",
        ),
        pytest.param(
            [session("2026-11-03", next="2026-11-17")],
            (NextState.MISSING, "2026-11-17", False),
            id="promised, past, no file",
        ),
        pytest.param(
            [session("2026-11-03", next="2026-11-17"), session("2026-11-17", HELD, written=False)],
            (NextState.NONE, None, False),
            id="promised and held",
        ),
        pytest.param(
            [session("2026-11-03"), session("2026-11-10", written=False), session("2026-12-01")],
            (NextState.PLANNED, "2026-12-01", True),
            id="one to come hides one that was not written up",
        ),
    ],
)
def test_what_comes_next(sessions, expected):
    assert plain(*sessions) == expected


def test_a_session_with_a_time_is_past_once_it_has_begun():
    later = replace(session("2026-11-20", written=False), at=Moment(TODAY, time(16)))
    assert schedule.find_next_session(lead(later), NOW).state is NextState.PLANNED
    assert (
        schedule.find_next_session(lead(later), NOW.replace(hour=16)).state
        is NextState.NOT_WRITTEN_UP
    )
    far = replace(later, at=Moment(TODAY, time(16), ZoneInfo("Asia/Tokyo")))
    assert schedule.find_next_session(lead(far), NOW).state is NextState.NOT_WRITTEN_UP


def strip(*days: str, cadence: int | None = 30, cells: int = 6) -> str:
    signs = {
        CadenceCell.HELD: "●",
        CadenceCell.PAST_CADENCE: "◐",
        CadenceCell.MISSED: "○",
        CadenceCell.TO_COME: "·",
    }
    made = [session(d.rstrip("!"), MISSED if d.endswith("!") else None) for d in days]
    beats = schedule.build_cadence_strip(lead(*made, cadence=cadence), NOW, cells)
    return "".join(signs[beat] for beat in beats)


@each(
    ("days", "expected"),
    [
        ([], ""),
        (["2026-11-03"], "●"),
        (["2026-10-05", "2026-11-03"], "●●"),
        (["2026-10-05", "2026-11-03", "2026-12-01"], "●●·"),
        (["2026-09-20", "2026-11-03"], "●◐"),
        (["2026-08-04", "2026-11-03"], "●○○●"),
        (["2026-10-08"], "●○"),
        (["2026-10-09"], "●"),
        (["2026-09-01"], "●○○"),
        (["2026-10-05", "2026-11-03!"], "●○"),
        (["2026-09-03", "2026-10-05!", "2026-11-03"], "●○●"),
        (["2020-01-01"], "○○○○○○"),
        (["2026-09-01", "2026-12-01"], "●○○·"),
        (["2026-10-09", "2026-12-01"], "●·"),
        (["2026-12-01"], "·"),
    ],
)
def test_the_cadence_strip(days, expected):
    assert strip(*days) == expected


def test_the_strip_without_a_cadence_and_with_fewer_cells():
    assert strip("2020-01-01", "2026-11-03", cadence=None) == "●●"
    assert strip("2026-09-03", "2026-10-05", "2026-11-03", "2026-12-01", cells=2) == "●·"


def test_the_strip_counts_what_was_held_by_its_status_alone():
    made = [session("2026-10-05"), session("2026-11-03", HELD, written=False)]
    assert schedule.build_cadence_strip(lead(*made), NOW) == (CadenceCell.HELD, CadenceCell.HELD)
    assert schedule.build_cadence_strip(lead(session("2026-11-03", written=False)), NOW) == ()


@given(
    st.lists(
        st.tuples(
            st.dates(TODAY - timedelta(900), TODAY + timedelta(100)),
            st.sampled_from([None, *SessionStatus]),
            st.booleans(),
            st.none() | st.dates(TODAY - timedelta(900), TODAY + timedelta(100)),
        ),
        max_size=6,
        unique_by=lambda entry: entry[0],
    ),
    st.sampled_from([None, 7, 30, 91]),
)
def test_every_series_has_an_answer(entries, cadence):
    entries.sort(key=lambda entry: entry[0])
    sessions = [
        session(at.isoformat(), status, written, next=following and following.isoformat())
        for at, status, written, following in entries
    ]
    someone = lead(*sessions, cadence=cadence)
    found = schedule.find_next_session(someone, NOW)
    assert (found.at is None) == (found.state is NextState.NONE)
    if found.at is not None:
        coming = found.at.day >= TODAY
        assert coming == (found.state is NextState.PLANNED)
    beats = schedule.build_cadence_strip(someone, NOW)
    assert len(beats) <= schedule.STRIP_CELLS
    assert (CadenceCell.TO_COME in beats) == (found.state is NextState.PLANNED)
    since = schedule.count_days_since_session(someone, NOW)
    assert since is None or since >= 0


def test_days_are_counted_by_the_viewers_clock():
    late = replace(
        session("2026-11-19"), at=Moment(day("2026-11-19"), time(23), ZoneInfo("America/New_York"))
    )
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert schedule.count_days_since_session(lead(late), now) == 0
