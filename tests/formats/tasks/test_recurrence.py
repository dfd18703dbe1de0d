"""The next occurrence of a repeating action."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.formats.tasks import task_strategies as lines
from tests.support.examples import examples
from tests.support.tables import each
from tldash.formats.tasks.next_occurrence import next_line
from tldash.formats.tasks.parse import parse
from tldash.formats.tasks.recurrence import InvalidRule, parse_rule, translate_rule
from tldash.model.records import Dialect

ON = date(2026, 11, 9)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@each(
    ("rule", "day", "following"),
    [
        ("every day", "2026-11-20", "2026-11-21"),
        ("every 3 days", "2026-11-20", "2026-11-23"),
        ("every 10 days when done", "2026-11-20", "2026-11-30"),
        ("every week", "2026-11-20", "2026-11-27"),
        ("EVERY 2 Weeks", "2026-11-20", "2026-12-04"),
        ("every weekday", "2026-11-20", "2026-11-23"),
        ("every week on Sunday", "2026-11-20", "2026-11-22"),
        ("every week on Tuesday, Friday", "2026-11-20", "2026-11-24"),
        ("every 3 weeks on Friday", "2026-11-20", "2026-12-11"),
        ("every Monday", "2026-11-20", "2026-11-23"),
        ("every mon, wed and fri", "2026-11-23", "2026-11-25"),
        ("every month", "2026-11-20", "2026-12-20"),
        ("every 2 months", "2026-11-20", "2027-01-20"),
        ("every month on the 1st", "2026-11-20", "2026-12-01"),
        ("every month on the 1st and 15th", "2026-11-01", "2026-11-15"),
        ("every month on the last", "2022-01-31", "2022-02-28"),
        ("every month on the last", "2022-02-28", "2022-03-31"),
        ("every month on the last Friday", "2026-11-20", "2026-11-27"),
        ("every month on the 2nd last Friday", "2026-11-20", "2026-12-18"),
        ("every month on the first Monday", "2026-11-20", "2026-12-07"),
        ("every 6 months on the 2nd Wednesday", "2026-11-11", "2027-05-12"),
        ("every January on the 15th", "2026-11-20", "2027-01-15"),
        ("every February on the last", "2026-11-20", "2027-02-28"),
        ("every April and December on the 1st and 24th", "2026-12-01", "2026-12-24"),
        ("every year", "2026-11-20", "2027-11-20"),
        ("every year in week 7", "2026-11-20", "2027-02-15"),
        ("every month for 3 times", "2026-11-20", "2026-12-20"),
        # Obsidian Tasks' documentation, "if next calculated date does not exist"
        ("every month", "2021-10-31", "2021-11-30"),
        ("every month", "2022-01-31", "2022-02-28"),
        ("every month", "2022-02-28", "2022-03-28"),
        ("every 3 months", "2022-01-31", "2022-04-30"),
        ("every 2 months", "2023-12-31", "2024-02-29"),
        ("every 11 months", "2020-03-31", "2021-02-28"),
        ("every 13 months", "2020-01-31", "2021-02-28"),
        ("every 2 years", "2024-02-29", "2026-02-28"),
        ("every year", "2024-02-29", "2025-02-28"),
        # and, where the rule names the day, skipping months without it
        ("every month on the 31st", "2022-01-31", "2022-03-31"),
        ("every month on the 31st", "2022-05-31", "2022-07-31"),
        ("+1d", "2026-11-20", "2026-11-21"),
        ("+1m", "2026-01-31", "2026-02-28"),
        ("2y", "2026-11-20", "2028-11-20"),
        ("1b", "2026-11-20", "2026-11-23"),
        ("5b", "2026-11-20", "2026-11-27"),
        ("5b", "2026-11-21", "2026-11-27"),
        ("7b", "2026-11-22", "2026-12-01"),
        ("every year until January 5, 2027", "2025-12-01", "2026-12-01"),
        ("every week until 5 January 2027", "2026-12-20", "2026-12-27"),
        # other common phrases
        ("each week", "2026-11-20", "2026-11-27"),
        ("weekly", "2026-11-20", "2026-11-27"),
        ("Weekly on Monday when done", "2026-11-20", "2026-11-23"),
        ("daily", "2026-11-20", "2026-11-21"),
        ("monthly on the 1st", "2026-11-20", "2026-12-01"),
        ("quarterly", "2026-11-20", "2027-02-20"),
        ("yearly", "2026-11-20", "2027-11-20"),
        ("annually", "2026-11-20", "2027-11-20"),
        ("fortnightly", "2026-11-20", "2026-12-04"),
        ("every fortnight", "2026-11-20", "2026-12-04"),
        ("every 2 fortnights", "2026-11-20", "2026-12-18"),
        ("every quarter", "2026-11-20", "2027-02-20"),
        ("every other week", "2026-11-20", "2026-12-04"),
        ("each other month", "2026-11-20", "2027-01-20"),
        ("every other Friday", "2026-11-20", "2026-12-04"),
        ("every second day", "2026-11-20", "2026-11-22"),
        ("every two weeks on Monday", "2026-11-23", "2026-12-07"),
        ("each Monday", "2026-11-20", "2026-11-23"),
    ],
)
def test_when_it_comes_round_again(rule, day, following):
    assert parse_rule(rule).after(date.fromisoformat(day)) == date.fromisoformat(following)


@each(
    "rule",
    [
        "",
        "every",
        "week",
        "biweekly",
        "weekly call",
        "each",
        "each blue moon",
        "every other weekday",
        "every blue moon",
        "every week with Bob",
        "every 0 days",
        "every 1000 weeks",
        "every 99999999999999999999 days",
        "every 2 hours",
        "every month on",
        "every month on the 32nd",
        "every month on the 999999999th",
        "every month on the 1st Tuesday and the last Friday",  # Obsidian loses the Friday
        "every year in week 54",
        "every Monday, Bob",
        "every week for",
        "every week until soon",
        "every week until February 30, 2027",
        "1x",
        "0w",
        "+w",
        "+9999y",
    ],
)
def test_a_rule_that_makes_no_sense_says_why(rule):
    unreadable = parse_rule(rule)
    assert isinstance(unreadable, InvalidRule)
    assert unreadable.reason
    assert unreadable.hint


@each(
    ("rule", "dialect", "same"),
    [
        ("1w", Dialect.PLAIN, "1w"),
        ("1w", Dialect.EMOJI, "every week when done"),
        ("+2m", Dialect.DATAVIEW, "every 2 months"),
        ("every year when done", Dialect.PLAIN, "1y"),
        ("every 3 days", Dialect.PLAIN, "+3d"),
        ("every Monday", Dialect.PLAIN, None),
        ("2b", Dialect.EMOJI, None),
        ("every week until January 5, 2027", Dialect.PLAIN, None),
        ("weekly", Dialect.EMOJI, "every week"),
        ("every other Friday when done", Dialect.EMOJI, "every 2 weeks on Friday when done"),
        ("every fortnight", Dialect.PLAIN, "+2w"),
        ("EVERY 2 Weeks", Dialect.EMOJI, "EVERY 2 Weeks"),
    ],
)
def test_the_same_rule_in_another_dialect(rule, dialect, same):
    assert translate_rule(rule, dialect) == same


@each(
    ("body", "following"),
    [
        ("a 🔁 every week 📅 2026-11-20", "a 🔁 every week 📅 2026-11-27"),
        ("a 🔁 every week 📅 2026-11-20 ✅ 2026-11-09", "a 🔁 every week 📅 2026-11-27"),
        ("a 🔁 every week when done 📅 2026-11-20", "a 🔁 every week when done 📅 2026-11-16"),
        (
            "a 🔁 every 2 weeks ⏳ 2021-10-28 📅 2021-10-30",
            "a 🔁 every 2 weeks ⏳ 2021-11-11 📅 2021-11-13",
        ),
        (
            "a 🆔 x ⛔ y 🔁 every day 🏁 delete ➕ 2026-01-01 🛫 2026-11-01 ⏳ 2026-11-03 ^b-1",
            "a 🔁 every day 🏁 delete ➕ 2026-11-09 🛫 2026-11-02 ⏳ 2026-11-04",
        ),
        ("a 🔁 every day 🛫 2026-11-01 ❌ 2026-11-05", "a 🔁 every day 🛫 2026-11-02"),
        ("a 🔁 every day #x  ", "a 🔁 every day #x  "),
        ("a 🔁 every day ✅ 2026-11-09", "a 🔁 every day"),
        ("a rec:1w due:2026-11-20 t:2026-11-18", "a rec:1w due:2026-11-16 t:2026-11-14"),
        ("a rec:+1m due:2026-01-31 done:2026-02-01", "a rec:+1m due:2026-02-28"),
        (
            "a [repeat:: every month]  [due:: 2026-11-20]  [completion:: 2026-11-09]",
            "a [repeat:: every month]  [due:: 2026-12-20]",
        ),
        ("due:2026-11-20 a id:x rec:+1d b", "due:2026-11-21 a rec:+1d b"),
        ("a `due:2026-11-20` rec:+1d due:2026-11-20", "a `due:2026-11-20` rec:+1d due:2026-11-21"),
        ("a rec:+1d due:2026-11-20 ^b  ", "a rec:+1d due:2026-11-21  "),
        ("rec:1w a ^1 ^b", "rec:1w a \\^1"),
        ("a ^1 rec:1w id:b", "a ^1 rec:1w"),
        ("rec:1w a ^1 id:b", "rec:1w a \\^1"),
        ("a 🔁 every week ⛔ b on Monday", "a on Monday 🔁 every week"),
        ("a 🔁 each week 📅 2026-11-20", "a 🔁 each week 📅 2026-11-27"),
        ("a 🔁 weekly 📅 2026-11-20", "a 🔁 weekly 📅 2026-11-27"),
        (
            "a [repeat:: every fortnight] 📅 2026-11-20",
            "a [repeat:: every fortnight] 📅 2026-12-04",
        ),
    ],
)
def test_the_next_line(body, following):
    assert next_line(body, ON) == following


@each(
    "body",
    [
        "a",
        "a 📅 2026-11-20",
        "a `🔁 every day`",
        "a 🔁",
        "a 🔁 every week until January 5, 2026 📅 2026-11-20",
        "a 🔁 every week for 1 time 📅 2026-11-20",
    ],
)
def test_nothing_follows(body):
    assert next_line(body, ON) is None


@each(
    "body",
    [
        "a 🔁 every now and then 📅 2026-11-20",
        "a rec:often",
        "a 🔁 every February on the 30th 📅 2026-11-20",
        "a 🔁 every year 📅 9999-12-31",
        "a 🔁 every year 📅 9998-06-01 ⏳ 9999-12-31",
        "🔁 dep:i every rec:2w",
        "a rec:1w ⛔ b done:2026-11-01 ,c",
        "📅 id:x 2026-11-20 rec:1w",
    ],
)
def test_a_rule_that_leads_nowhere_says_so(body):
    following = next_line(body, ON)
    assert isinstance(following, InvalidRule)
    assert following.reason


@settings(max_examples=examples(300), deadline=None)
@given(st.one_of(lines.bodies(), st.text()), DAYS)
def test_the_next_line_of_any_line(body, on):
    assume(not re.search(r"\S\^", body))  # glued to a field, text is shown with a blank before it
    following = next_line(body, on)
    if not isinstance(following, str):
        return
    before, after = parse(body), parse(following)
    # without its block id, a line may end in a backslash, which is a hard break then
    assert after.text.rstrip("\\").rstrip() == before.text.rstrip("\\").rstrip()
    assert after.fields.repeat == before.fields.repeat
    assert after.fields.priority == before.fields.priority
    assert after.fields.tags == before.fields.tags
    assert after.fields.owner == before.fields.owner
    gone = after.fields
    for name in ("due", "scheduled", "start", "created"):
        assert (getattr(gone, name) is None) == (getattr(before.fields, name) is None)
    assert (gone.done, gone.cancelled, gone.id, gone.depends, gone.block_id) == (
        None,
        None,
        None,
        (),
        None,
    )


@settings(max_examples=examples(200), deadline=None)
@given(DAYS, st.integers(1, 999), st.sampled_from("dwmyb"), st.integers(-30, 30))
def test_dates_move_on_together(due, every, unit, distance):
    start = due + timedelta(days=distance)
    following = parse(str(next_line(f"a rec:+{every}{unit} due:{due} t:{start}", ON))).fields
    assert following.due is not None
    assert following.start is not None
    assert following.due > due
    assert following.start - following.due == timedelta(days=distance)


WORDS = [
    "every",
    "each",
    "weekly",
    "other",
    "two",
    "fortnight",
    "week",
    "month",
    "year",
    "day",
    "2",
    "on",
    "the",
    "in",
    "1st",
    "last",
    "second",
    "Friday",
    "mo",
    "weekday",
    ",",
    "and",
    "when",
    "done",
    "until",
    "for",
    "times",
    "53",
    "30th",
]


@settings(max_examples=examples(300), deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=9),
    DAYS,
)
def test_any_words_are_a_rule_or_are_none(words, day):
    rule = parse_rule(" ".join(words))
    if isinstance(rule, InvalidRule):
        assert rule.hint
    else:
        following = rule.after(day)
        assert following is None or following > day
