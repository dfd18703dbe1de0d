"""Parse natural dates in typed actions."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.tables import each
from tldash.model.natural_dates import TypedAction, parse_day, parse_typed_action, parse_when
from tldash.model.records import Moment

FRIDAY = date(2026, 11, 20)
SESSION = date(2026, 12, 2)


@each(
    ("said", "day"),
    [
        ("today", "2026-11-20"),
        ("Tomorrow", "2026-11-21"),
        ("by tom", "2026-11-21"),
        ("fri", "2026-11-27"),
        ("sat", "2026-11-21"),
        ("on Thursday", "2026-11-26"),
        ("next mon", "2026-11-23"),
        ("next fri", "2026-11-27"),
        ("next week", "2026-11-23"),
        ("next month", "2026-12-01"),
        ("3d", "2026-11-23"),
        ("+2w", "2026-12-04"),
        ("in 3 days", "2026-11-23"),
        ("in a week", "2026-11-27"),
        ("in two months", "2027-01-20"),
        ("2 weeks", "2026-12-04"),
        ("eow", "2026-11-20"),
        ("this week", "2026-11-20"),
        ("by the end of the week", "2026-11-20"),
        ("end of month", "2026-11-30"),
        ("by end of the month", "2026-11-30"),
        ("1 dec", "2026-12-01"),
        ("Dec 1st", "2026-12-01"),
        ("december 1, 2027", "2027-12-01"),
        ("19 nov", "2027-11-19"),
        ("29 feb", "2028-02-29"),
        ("2026-12-24", "2026-12-24"),
        ("due 2026-12-24", "2026-12-24"),
        ("next session", "2026-12-02"),
        ("day after tomorrow", "2026-11-22"),
    ],
)
def test_days_that_people_say(said: str, day: str) -> None:
    assert parse_day(said, FRIDAY, SESSION) == date.fromisoformat(day)


@each(
    "said",
    ["", "by", "soon", "31 nov", "2026-02-30", "dec", "12", "the week", "may", "next", "in x days",
     "1 dec 2", "fri mon", "in 3", "2026-12-24 16:00", "999m 1"],
)  # fmt: skip
def test_what_is_no_day(said: str) -> None:
    assert parse_day(said, FRIDAY) is None


def test_next_session_where_none_is_planned() -> None:
    assert parse_day("next session", FRIDAY) is None


@each(
    ("typed", "text", "day", "said"),
    [
        ("call vendor fri #vision @coach", "call vendor #vision @coach", "2026-11-27", "fri"),
        ("call  the vendor by 1 dec", "call the vendor", "2026-12-01", "by 1 dec"),
        ("write it down in 3 days", "write it down", "2026-11-23", "in 3 days"),
        ("send the plan by the end of the month", "send the plan", "2026-11-30",
         "by the end of the month"),
        ("talk next session #growth", "talk #growth", "2026-12-02", "next session"),
        ("plan the fri demo", "plan the fri demo", None, ""),
        ("fri", "fri", None, ""),
        ("#x fri", "#x fri", None, ""),
        ("ask may", "ask may", None, ""),
        ("call due:2026-12-01 fri", "call due:2026-12-01", "2026-11-27", "fri"),
        ("", "", None, ""),
    ],
)  # fmt: skip
def test_a_line_typed_in_one_go(typed: str, text: str, day: str | None, said: str) -> None:
    wanted = TypedAction(text, date.fromisoformat(day) if day else None, said)
    assert parse_typed_action(typed, FRIDAY, SESSION) == wanted


@given(st.text(), st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_no_word_is_lost_whatever_is_typed(typed: str, today: date) -> None:
    found = parse_typed_action(typed, today)
    assert sorted((found.text + " " + found.phrase).split()) == sorted(typed.split())
    assert (found.day is None) == (found.phrase == "")


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.sampled_from(["mon", "wed", "sun"]))
def test_a_weekday_is_within_the_seven_days_that_follow(today: date, name: str) -> None:
    day = parse_day(name, today)
    assert day is not None
    assert timedelta(1) <= day - today <= timedelta(7)
    assert day.strftime("%a").lower() == name


THAT = Moment(SESSION, time(15))


@each(
    ("said", "when"),
    [
        ("fri 16:00", "2026-11-27 16:00"),
        ("1 dec 9.30", "2026-12-01 09:30"),
        ("tomorrow 4pm", "2026-11-21 16:00"),
        ("Tomorrow at 4 p.m.", "2026-11-21 16:00"),
        ("by next mon, 16h30", "2026-11-23 16:30"),
        ("4:15 pm thu", "2026-11-26 16:15"),
        ("in 2 weeks at 16", "2026-12-04 16:00"),
        ("1 december 2027 noon", "2027-12-01 12:00"),
        ("2026-12-04 16:00", "2026-12-04 16:00"),
        ("2026-12-04T16:00", "2026-12-04 16:00"),
        ("2026-12-04 4pm", "2026-12-04 16:00"),
        ("fri 12am", "2026-11-27 00:00"),
        ("fri @ 10h", "2026-11-27 10:00"),
        ("16:30", "2026-12-02 16:30"),
        ("next session", "2026-12-02 15:00"),
        ("next session 17:00", "2026-12-02 17:00"),
        ("fri", "2026-11-27"),
        ("2 weeks", "2026-12-04"),
    ],
)
def test_moments_as_people_say_them(said: str, when: str) -> None:
    found = parse_when(said, FRIDAY, THAT)
    assert found is not None
    assert f"{found.day}{f' {found.time:%H:%M}' if found.time else ''}" == when


@each(
    "said",
    ["", "fri at 4", "fri 4", "25:00", "fri 16:60", "13pm", "fri 0am", "soon 16:00", "16:00"],
)
def test_what_is_no_moment(said: str) -> None:
    assert parse_when(said, FRIDAY) is None


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.times(), st.text(max_size=8))
def test_any_moment_is_read_back_and_no_text_is_an_error(day: date, at: time, text: str) -> None:
    at = at.replace(second=0, microsecond=0)
    assert parse_when(f"{day} {at:%H:%M}", FRIDAY) == Moment(day, at)
    assert parse_when(f"{day} {at:%I.%M %p}", FRIDAY) == Moment(day, at)
    parse_when(f"{text} {at:%H:%M}", FRIDAY, THAT)
    parse_when(text, FRIDAY, THAT)
