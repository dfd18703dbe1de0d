"""Parse and format dates."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.support.tables import each
from tldash.model import dates
from tldash.model.dates import LocalZone
from tldash.model.records import Moment

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
OSLO = timezone(timedelta(hours=1))


@each(
    ("text", "moment"),
    [
        ("2026-11-03", Moment(date(2026, 11, 3))),
        (" 2026-11-03 ", Moment(date(2026, 11, 3))),
        ("2026-11-03 16:00", Moment(date(2026, 11, 3), time(16))),
        ("2026-11-03 9:05", Moment(date(2026, 11, 3), time(9, 5))),
        ("2026-11-03T16:00:30.25", Moment(date(2026, 11, 3), time(16, 0, 30))),
        ("2026-11-03T16:00Z", Moment(date(2026, 11, 3), time(16), UTC)),
        ("2026-11-03T16:00:00+01:00", Moment(date(2026, 11, 3), time(16), OSLO)),
        ("2026-11-03 16:00 +0100", Moment(date(2026, 11, 3), time(16), OSLO)),
        (
            "2026-11-03 16:00 -05:30",
            Moment(date(2026, 11, 3), time(16), timezone(-timedelta(hours=5, minutes=30))),
        ),
        ("2024-02-29", Moment(date(2024, 2, 29))),
        ("2024-02-30", None),
        ("2026-11-03 24:00", None),
        ("2026-11-03 16:60", None),
        ("2026-11-03T16:00+99:00", None),
        ("0000-01-01", None),
        ("2026-11-3", None),
        ("20261103", None),
        ("２０２６-11-03", None),
        ("tomorrow", None),
        ("", None),
        ("9" * 5000, None),
    ],
)
def test_a_moment_is_read_as_iso_and_rfc_3339_write_it(text, moment):
    assert dates.parse_moment(text) == moment


@given(st.datetimes(), st.sampled_from([None, UTC, OSLO]))
def test_what_iso_says_is_read_as_the_same_moment(at, zone):
    at = at.replace(second=0, microsecond=0)
    moment = Moment(at.date(), at.time(), zone)
    assert dates.parse_moment(dates.format_iso(moment)) == moment
    assert dates.parse_moment(dates.format_iso(Moment(at.date()))) == Moment(at.date())


@each(
    ("text", "clock"),
    [
        ("16:00", time(16)),
        ("9:30", time(9, 30)),
        (" 16:00:59 ", time(16)),
        ("24:00", None),
        ("16:60", None),
        ("16", None),
        ("16.00", None),
    ],
)
def test_a_time_of_day(text, clock):
    assert dates.parse_time(text) == clock


@each(
    ("text", "minutes"),
    [
        ("45m", 45),
        ("45 min", 45),
        ("1h", 60),
        ("1 hour", 60),
        ("1h 15m", 75),
        ("1H15M", 75),
        ("2 hours 5 minutes", 125),
        ("90", 90),
        (" 90 ", 90),
        ("", None),
        ("an hour", None),
        ("-5", None),
        ("1.5h", None),
        ("99999", None),
        ("٤٥", None),
    ],
)
def test_a_duration(text, minutes):
    assert dates.parse_duration(text) == minutes


@each(
    ("text", "meant"),
    [
        ("20.11.2026", "2026-11-20"),
        ("3.4.2026", "2026-04-03"),
        ("20/11/2026", "2026-11-20"),
        ("11/20/2026", "2026-11-20"),
        ("2026/11/20", "2026-11-20"),
        ("2026.11.20", "2026-11-20"),
        ("2026-1-5", "2026-01-05"),
        ("20261120", "2026-11-20"),
        ("on 2026-1-5, early", "2026-01-05"),
        ("1/2/2026", None),
        ("3.4.26", None),
        ("2026-13-05", None),
        ("2026-02-30", None),
        ("20261340", None),
        ("2026-11", None),
        ("123456789", None),
        ("2026-11-20-1", None),
        ("1700-01-01", None),
        ("2024-W06-5", "2024-02-09"),
        ("2024W065", "2024-02-09"),
        ("2026-W53-5", "2027-01-01"),
        ("2025-W53-1", None),
        ("2024-W06", None),
        ("2024-W06-8", None),
        ("5 W06 2024", None),
        ("Q1 2026 v11 20", None),
        ("20.11.2026 9:00", "2026-11-20"),
        ("2026-1-5T09:00", "2026-01-05"),
        ("２０２６-１１-２０", "2026-11-20"),
        ("2026–11–20", "2026-11-20"),
        ("\u200b2026-11-20", "2026-11-20"),
        ("soon", None),
        ("", None),
    ],
)
def test_what_was_likely_meant_is_guessed_only_where_it_is_clear(text, meant):
    assert dates.guess_date(text) == (date.fromisoformat(meant) if meant else None)


@given(st.text())
def test_no_text_upsets_the_readers(text):
    dates.parse_moment(text)
    dates.parse_time(text)
    dates.parse_duration(text)
    dates.guess_date(text)


def test_a_fixed_day_stands_for_nine_in_the_morning_in_the_viewers_zone():
    now = datetime(2026, 11, 20, 23, 30, tzinfo=OSLO)
    assert dates.resolve_now(now, None) is now
    assert dates.resolve_now(now, date(2027, 1, 2)) == datetime(2027, 1, 2, 9, tzinfo=OSLO)


def test_a_zoned_moment_is_shown_by_the_viewers_clock():
    late = Moment(date(2026, 11, 20), time(23, 30), UTC)
    assert dates.to_local(late, NOW.astimezone(OSLO)) == Moment(date(2026, 11, 21), time(0, 30))
    bare = Moment(date(2026, 11, 20), time(23, 30))
    assert dates.to_local(bare, NOW) == bare
    assert dates.to_local(late, NOW.replace(tzinfo=None)) == late


@each("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_no_trouble(day):
    for hours in (-12, 14):
        far = Moment(day, time(0, 5), timezone(timedelta(hours=hours)))
        assert dates.to_local(far, NOW).day.year == day.year
        assert dates.format_exact(far, NOW)


@each(
    ("moment", "past"),
    [
        (Moment(TODAY), False),
        (Moment(TODAY - timedelta(1)), True),
        (Moment(TODAY + timedelta(1)), False),
        (Moment(TODAY, time(15)), True),
        (Moment(TODAY, time(15, 1)), False),
        (Moment(TODAY, time(15, 30), OSLO), True),
        (Moment(TODAY, time(9), ZoneInfo("America/New_York")), True),
        (Moment(TODAY, time(11), ZoneInfo("America/New_York")), False),
    ],
)
def test_whether_something_has_begun(moment, past):
    assert dates.is_past(moment, NOW) is past


@each(
    ("days", "relative", "due"),
    [
        (0, "today", "today"),
        (1, "tomorrow", "tomorrow"),
        (-1, "yesterday", "1 d ago"),
        (3, "in 3 days", "Mon"),
        (6, "in 6 days", "Thu"),
        (7, "in 7 days", "27 Nov"),
        (27, "in 27 days", "17 Dec"),
        (28, "in 4 weeks", "18 Dec"),
        (83, "in 12 weeks", "11 Feb 2027"),
        (84, "in 3 months", "12 Feb 2027"),
        (699, "in 23 months", "19 Oct 2028"),
        (700, "in 2 years", "20 Oct 2028"),
        (-12, "12 days ago", "12 d ago"),
        (-47, "7 weeks ago", "47 d ago"),
        (-99, "3 months ago", "99 d ago"),
        (-100, "3 months ago", "14 wk ago"),
        (-365, "12 months ago", "52 wk ago"),
    ],
)
def test_a_day_as_people_say_it(days, relative, due):
    day = TODAY + timedelta(days)
    assert dates.format_relative(day, TODAY) == relative
    assert dates.format_due(day, TODAY) == due


def test_a_time_is_said_only_when_it_is_close():
    assert dates.format_moment(Moment(TODAY, time(16)), NOW) == "today 16:00"
    assert dates.format_moment(Moment(TODAY + timedelta(1), time(9, 30)), NOW) == "tomorrow 09:30"
    assert dates.format_moment(Moment(TODAY + timedelta(2), time(9, 30)), NOW) == "in 2 days"
    assert dates.format_moment(Moment(TODAY), NOW) == "today"


def test_exact_dates():
    assert dates.format_exact(Moment(date(2026, 11, 23), time(16)), NOW) == "Mon 23 Nov 16:00"
    assert dates.format_exact(Moment(date(2027, 1, 4)), NOW) == "Mon 4 Jan 2027"
    assert dates.format_full_date(date(2026, 11, 20)) == "Fri 20 Nov 2026"


@each(
    ("seconds", "said"),
    [
        (0, "just now"), (9, "just now"), (10, "10 s ago"), (59, "59 s ago"), (60, "1 min ago"),
        (3599, "59 min ago"), (3600, "1 h ago"), (90_000, "25 h ago"),
    ],
)  # fmt: skip
def test_ago(seconds, said):
    assert dates.format_ago(seconds) == said


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2037, 1, 1)))
def test_the_local_zone_converts_as_the_system_does(naive):
    zone = LocalZone()
    utc = naive.replace(tzinfo=UTC)
    there = utc.astimezone(zone)
    assert there == utc
    assert there.replace(tzinfo=None) == utc.astimezone().replace(tzinfo=None)
    assert (there.utcoffset(), there.tzname()) == (
        utc.astimezone().utcoffset(), utc.astimezone().tzname(),
    )  # fmt: skip
    assert pickle.loads(pickle.dumps(there)) == there
    assert zone == LocalZone()
    assert hash(zone) == hash(LocalZone())


@each("day", [date.min, date.max, date(1969, 12, 31)])
@each("zone", [None, UTC, timezone(timedelta(hours=14)), OSLO])
def test_no_day_is_too_far_away(day, zone):
    now = datetime(2026, 11, 20, 9, tzinfo=dates.LOCAL_ZONE)
    for clock in (time(0), time(23, 59)):
        moment = Moment(day, clock, zone)
        assert abs((dates.to_local(moment, now).day - day).days) <= 1
        assert dates.format_iso(dates.with_offset(moment, now)).startswith(str(day))
