"""Parse and apply filters of the overview, including arbitrary text."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.support.manual_pages import PAGES, rows, section, spans
from tests.support.records import NOW, action, day, lead, session
from tests.support.tables import each
from tldash.insight.lead_filter import FILTER_KEYS, Flag, find_flags, matches, parse_filter
from tldash.model.records import Lead

FINE = replace(
    lead(session("2026-11-10", next="2026-12-08")),
    id="fine",
    name="Chiara Rossi",
    coach="Mira Sand",
)
STALLED = replace(
    lead(session("2026-08-01"), cadence_name="monthly"), id="stalled", name="Élodie", coach="Jonas"
)
LATE = replace(
    FINE, id="late", name="Newton", coach=None, cadence_name="every 3 weeks",
    actions=(action(due=day("2026-11-01")),),
)  # fmt: skip
OVER = replace(STALLED, id="over", name="Needham", status="Ended")
ALL = (FINE, STALLED, LATE, OVER)


def found(text: str, new: str = "") -> list[str]:
    query = parse_filter(text)
    return [one.id for one in ALL if matches(query, one, NOW, one.id == new)]


@each(
    ("text", "ids"),
    [
        ("", ["fine", "stalled", "late", "over"]),
        ("ROSSI chiara", ["fine"]),
        ("mira", ["fine"]),
        ("coach:mira", ["fine"]),
        ("coach:", ["fine", "stalled", "late", "over"]),
        ("coach:none", ["late"]),
        ("Coach:JONAS needs", ["stalled"]),
        ("cadence:monthly", ["fine", "stalled", "over"]),
        ("cadence:weeks", ["late"]),
        ("needs", ["stalled"]),
        ("nee", ["stalled", "over"]),
        ("overdue", ["late"]),
        ("overd", ["late"]),
        ("noplan", ["stalled"]),
        ("past cadence", ["stalled"]),
        ("paused", ["over"]),
        ("ended", ["over"]),
        ("new", []),
        ("newt", ["late"]),
        ("e\u0301lo", ["stalled"]),
        ("\u00e9lo", ["stalled"]),
        ("elo", ["stalled"]),
        ("coach:mira needs", []),
        ("coahc:mira", []),
    ],
)
def test_words_mean_leads(text: str, ids: list[str]) -> None:
    assert found(text) == ids


def test_new_are_those_for_whom_others_did_something() -> None:
    assert found("new", new="fine") == ["fine"]
    assert found("ne", new="fine") == ["fine", "stalled", "late", "over"]


@each(
    ("text", "trouble"),
    [
        ("coahc:mira", "unknown key 'coahc'; did you mean coach:?"),
        ("cadnce:x", "unknown key 'cadnce'; did you mean cadence:?"),
        ("overdu:", "unknown key 'overdu'; did you mean overdue?"),
        ("zzz:x", "unknown key 'zzz'; use coach: or cadence:"),
        ("10:30", ""),
        ("mira: sand", "unknown key 'mira'; use coach: or cadence:"),
        ("coach:a:b", ""),
    ],
)
def test_an_unknown_word_before_a_colon_is_told(text: str, trouble: str) -> None:
    assert parse_filter(text).warning == trouble


def test_whoever_needs_the_coach_is_found_by_the_word_only_if_so() -> None:
    assert [Flag.NEEDS in find_flags(one, NOW) for one in ALL] == [False, True, False, False]


def test_the_manual_has_every_word() -> None:
    told = [spans(row[0])[0] for row in rows(section(PAGES["start"], "Many leads"))]
    assert [word for word in told if ":" not in word] == list(Flag)
    assert [word.partition(":")[0] for word in told if ":" in word] == list(FILTER_KEYS)


pieces = st.one_of(
    st.text(),
    st.sampled_from(
        [*Flag, *(f"{key}:" for key in FILTER_KEYS), "coach:mira", " ", "É", "ﬁ", "İ", "x:"]
    ),
)
typed = st.lists(pieces, max_size=5).map("".join)
leads = st.builds(
    lambda name, coach, status, base: replace(base, name=name, coach=coach, status=status),
    st.text(max_size=5),
    st.none() | st.text(max_size=5),
    st.none() | st.sampled_from(["paused", "active"]),
    st.sampled_from(ALL),
)


@given(typed, leads, st.booleans())
def test_any_words_can_be_asked_of_any_lead(text: str, one: Lead, new: bool) -> None:
    query = parse_filter(text)
    assert isinstance(matches(query, one, NOW, new), bool)
    assert bool(query) == bool(text.split())


@given(typed)
def test_what_was_understood_is_understood_the_same_again(text: str) -> None:
    query = parse_filter(text)
    assert replace(parse_filter(str(query)), warning="") == replace(query, warning="")


@given(typed, st.text(max_size=3), leads, st.booleans())
def test_a_further_word_never_brings_a_lead_back(
    text: str, more: str, one: Lead, new: bool
) -> None:
    if matches(parse_filter(f"{text} {more}"), one, NOW, new):
        assert matches(parse_filter(text), one, NOW, new)


@given(typed, leads)
def test_every_name_finds_its_lead(text: str, one: Lead) -> None:
    named = replace(one, name=text)
    words = [word for word in text.split() if word.casefold() not in list(Flag) and ":" not in word]
    assert matches(parse_filter(" ".join(words)), named, NOW)
