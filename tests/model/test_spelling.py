"""Correct misspelled words, dates and times if they are unambiguous."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.support.tables import each
from tldash.model.dates import parse_moment, parse_time
from tldash.model.spelling import (
    correct_spelling,
    find_choice,
    is_one_edit_apart,
    normalize_date,
    normalize_time,
    suggest_spelling,
)

KNOWN = ("date", "time", "next", "status", "skill", "levels", "name")


@each(
    ("word", "meant"),
    [
        ("skil", "skill"), ("sklil", "skill"), ("skilll", "skill"), ("skull", "skill"),
        ("Date", "date"), ("DATE", "date"), ("dat", "date"), ("nxt", "next"), ("staus", "status"),
        ("Skil", "skill"),
        ("tame", None),  # time or name
        ("d", None), ("da", None), ("skills_", None), ("mood", None), ("", None), ("skl", None),
    ],
)  # fmt: skip
def test_the_one_word_that_is_meant(word, meant):
    assert correct_spelling(word, KNOWN) == meant


@each(
    ("word", "close"),
    [("skil", "skill"), ("statuses", "status"), ("level", "levels"), ("mood", None), ("x", None)],
)
def test_a_word_near_enough_to_ask(word, close):
    assert suggest_spelling(word, KNOWN) == close


@each(
    ("one", "other", "slip"),
    [
        ("abc", "abc", False), ("abc", "ab", True), ("ab", "abc", True), ("abc", "abd", True),
        ("abc", "acb", True), ("abc", "cba", False), ("abcd", "badc", False), ("", "a", True),
        ("ab", "abcd", False), ("aab", "ab", True), ("abab", "baba", False),
    ],
)  # fmt: skip
def test_one_slip(one, other, slip):
    assert is_one_edit_apart(one, other) is slip
    assert is_one_edit_apart(other, one) is slip


LETTERS = st.text("abc", max_size=5)


@given(LETTERS, st.integers(0, 5), st.sampled_from("abc"))
def test_every_single_slip_is_one(word, at, letter):
    at = min(at, len(word))
    slips = {
        word[:at] + letter + word[at:],
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    }
    for slip in slips - {word}:
        assert is_one_edit_apart(slip, word)


@each(
    ("written", "certain"),
    [
        ("20.11.2026", "2026-11-20"), ("11/20/2026", "2026-11-20"), ("20/11/2026", "2026-11-20"),
        ("20-11-2026", "2026-11-20"), ("2026/11/20", "2026-11-20"), ("2026.11.2", "2026-11-02"),
        ("2026-1-5", "2026-01-05"), ("2026 11 20", "2026-11-20"), ("20261120", "2026-11-20"),
        ("03/04/2026", None), ("03.04.2026", None), ("5.5.2026", None), ("2026-13-01", None),
        ("2026-02-30", None), ("20.11.26", None), ("2026-11/20", None), ("20.11.2026 16:00", None),
        ("soon", None), ("", None), ("about 20.11.2026", None), ("202611", None),
    ],
)  # fmt: skip
def test_a_date_in_another_form(written, certain):
    assert normalize_date(written) == certain


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.sampled_from("./-"))
def test_certain_dates_are_the_ones_that_were_written(day, sign):
    forms = [
        f"{day.year}{sign}{day.month}{sign}{day.day}",
        f"{day:%d}{sign}{day:%m}{sign}{day:%Y}",
        f"{day:%m}{sign}{day:%d}{sign}{day:%Y}",
        f"{day:%Y%m%d}",
    ]
    for written in forms:
        certain = normalize_date(written)
        assert certain in (None, day.isoformat())
        assert certain is None or parse_moment(certain) is not None


@each(
    ("written", "certain"),
    [
        ("4 pm", "16:00"), ("4pm", "16:00"), ("4 PM", "16:00"), ("4:30 p.m.", "16:30"),
        ("12 am", "00:00"), ("12 pm", "12:00"), ("9.15 a.m.", "09:15"), ("11:59pm", "23:59"),
        ("0 pm", None), ("13 pm", None), ("4:60 pm", None), ("4", None), ("16 h", None), ("", None),
        ("4 pm or so", None), ("pm", None),
    ],
)  # fmt: skip
def test_a_time_on_a_clock_of_twelve_hours(written, certain):
    assert normalize_time(written) == certain
    assert certain is None or parse_time(certain) is not None


@each(
    ("typed", "index"),
    [
        ("2", 1), ("vision", 1), (" VIS ", 1), ("articulating", 1), ("l", 0), ("tr", 2),
        ("0", None), ("5", None), ("", None), ("x", None), ("t", None), ("taking", 3),
    ],
)  # fmt: skip
def test_a_choice_is_its_number_its_name_or_the_start_of_only_one(typed, index) -> None:
    names = [("listening", "Listening"), ("vision", "Articulating a vision")]
    names += [("tracking", "Tracking"), ("initiative", "Taking initiative")]
    assert find_choice(typed, names) == index
