"""What is typed into the search: words and filters, complete or not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.records import action, lead
from tldash.insight.place_filter import KEYS, parse_places
from tldash.model.places import PlaceKind
from tldash.model.records import Status


@given(st.text(max_size=40))
def test_anything_can_be_typed(text: str) -> None:
    found = parse_places(text)
    assert found.phrase.split() == sorted(found.phrase.split(), key=found.phrase.split().index)
    assert {*found.query.words} == {*found.phrase.split()}


@pytest.mark.parametrize(
    ("text", "words", "part"),
    [
        ("Müller  twins", {"muller", "twins"}, {}),
        ("lead:Åda in:actions x", {"x"}, {"leads": ("ada",), "kinds": (PlaceKind.ACTION,)}),
        ("in:no in:ag", set(), {"kinds": (PlaceKind.NOTES, PlaceKind.TOPIC)}),
        ("coach: lead:", set(), {"leads": (), "coaches": ()}),
        ("is:o before:2026", set(), {"states": ("open",), "before": date(2026, 1, 1)}),
        ("after:2026-10 after:2026-9-3", set(), {"after": date(2026, 10, 1)}),
        ("before:2026-1", set(), {"before": date(2026, 1, 1)}),
        ("skill:Vis", set(), {"skills": ("vis",)}),
        ("due:fri 16:00", {"due:fri", "16:00"}, {"warning": ""}),
        ("laed:ada", {"laed:ada"}, {"warning": "did you mean lead:?"}),
        ("in:xyz a", {"a"}, {"kinds": (), "warning": "in:xyz is none of notes, actions, goals, "
         "agenda, markers, fields"}),
        ("before:soon", set(), {"before": None, "warning": "write before: with a day: 2026-11-03, "
         "2026-11 or 2026"}),
        ("after:2026-13-40", set(), {"after": None}),
    ],
)  # fmt: skip
def test_filters(text: str, words: set[str], part: dict[str, object]) -> None:
    found = parse_places(text)
    assert {*found.query.words} == words
    assert {name: getattr(found, name) for name in part} == part


@pytest.mark.parametrize("key", KEYS)
def test_every_beginning_of_a_filter_is_no_word(key: str) -> None:
    assert parse_places(f"{key}:").query.words == ()
    assert not parse_places(f"{key}:").finds_anything


def test_what_matches() -> None:
    ada = lead(coach="Mira")
    assert parse_places("lead:ad coach:mi x").matches_lead(ada)
    assert not parse_places("lead:ben").matches_lead(ada)
    assert not parse_places("coach:none").matches_lead(ada)
    assert parse_places("x").matches_lead(None) and not parse_places("lead:a").matches_lead(None)
    autumn = parse_places("after:2026-09 before:2026-11-15")
    assert [
        autumn.matches_day(date(2026, *day)) for day in ((8, 31), (9, 1), (11, 14), (11, 15))
    ] == [False, True, True, False]
    assert not autumn.matches_day(None) and parse_places("x").matches_day(None)
    task = action("call", tags=("vision",)).task
    assert parse_places("skill:vis").matches_place(PlaceKind.ACTION, task, None)
    assert parse_places("skill:vis").matches_place(PlaceKind.NOTES, None, "vision")
    assert not parse_places("skill:vis").matches_place(PlaceKind.NOTES, None, None)
    assert parse_places("is:open").matches_place(PlaceKind.ACTION, task, None)
    assert not parse_places("is:done").matches_place(PlaceKind.ACTION, task, None)
    assert not parse_places("is:open").matches_place(PlaceKind.NOTES, None, None)
    assert task.status is Status.OPEN
