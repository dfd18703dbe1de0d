"""The clock of a session, the part that it has reached, and what is missing at its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldash.insight.conversation import (
    LONGEST,
    Closing,
    SessionClock,
    find_missing,
    find_session_to_hold,
    guess_part,
)
from tldash.model.framework import SessionPart, Shape
from tldash.model.records import Lead, Moment, Session, SessionStatus

NOW = datetime(2026, 11, 20, 16, tzinfo=UTC)
SHAPE = Shape(
    "regular", "Regular", tuple(SessionPart(name, name, box) for name, box in
    (("goals", (3, 5)), ("explore", (25, 30)), ("open", None), ("none", (0, 0)), ("next", (1, 2))))
)  # fmt: skip
moves = st.one_of(st.just("start"), st.just("stop"), st.integers(0, 4))


@given(st.lists(st.tuples(moves, st.floats(0, 3000)), max_size=12))
def test_the_time_of_all_parts_is_the_time_that_the_clock_ran(steps) -> None:
    clock, now, ran, parts = SessionClock(), 100.0, 0.0, [0.0] * 5
    for step, seconds in steps:
        if step == "start":
            clock = clock.start(now)
        elif step == "stop":
            clock = clock.stop(now)
        else:
            clock = clock.go(step, now)
        now += seconds
        if clock.running:
            ran += seconds
            parts[clock.part] += seconds
    assert clock.total(now) == pytest.approx(ran)
    assert [clock.seconds_in(part, now) for part in range(5)] == pytest.approx(parts)
    assert clock.stop(now).total(now + 99) == pytest.approx(ran)


def test_a_clock_left_running_or_going_back_counts_nothing_absurd() -> None:
    clock = SessionClock().start(1000.0)
    assert clock.total(1000.0 + 1e9) == LONGEST
    assert clock.total(0.0) == 0.0


def session(at: datetime | None = None, **parts) -> Session:
    moment = Moment(at.date(), at.time()) if at else Moment(NOW.date())
    return Session("ada", "ada/1.md", moment, None, 1, **parts)


@pytest.mark.parametrize(
    ("began", "part"),
    [("15:58", 0), ("15:55", 1), ("15:26", 1), ("15:25", 4), ("15:00", 4), ("12:00", 0)],
)
def test_another_machine_begins_with_the_part_of_the_time_of_day(began: str, part: int) -> None:
    at = datetime.combine(NOW.date(), time.fromisoformat(began))
    assert guess_part(SHAPE, session(at), NOW) == part


def test_a_session_of_no_known_time_or_of_another_day_begins_with_its_first_part() -> None:
    assert guess_part(SHAPE, session(), NOW) == 0
    assert guess_part(SHAPE, session(datetime(2026, 11, 19, 15, 30)), NOW) == 0
    assert guess_part(Shape("", "", ()), session(datetime(2026, 11, 20, 15)), NOW) == 0


def test_what_is_missing_and_what_is_left_out_on_purpose() -> None:
    bare = session(skill="vision")
    assert find_missing(bare, ()) == tuple(Closing)
    assert find_missing(session(), ("Ada: fine",)) == (Closing.ACTIONS, Closing.NEXT)
    full = replace(
        bare, levels=(("vision", "beginner"),), next=Moment(date(2026, 12, 1)),
        left_out=("actions",),
    )  # fmt: skip
    assert find_missing(full, ("Ada: fine",)) == ()


def test_the_session_to_hold_is_that_of_today_else_the_next() -> None:
    today, later = session(), replace(session(), path="b", at=Moment(date(2026, 12, 1)))
    off = replace(today, status=SessionStatus.CANCELLED)
    lead = Lead("ada", "ada", "Ada")
    assert find_session_to_hold(replace(lead, sessions=(today, later)), NOW) is today
    assert find_session_to_hold(replace(lead, sessions=(off, later)), NOW) is later
    assert find_session_to_hold(replace(lead, sessions=(off,)), NOW) is None
