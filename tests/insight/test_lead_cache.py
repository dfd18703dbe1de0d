"""Reuse cached results for the same lead only."""

from __future__ import annotations

from dataclasses import replace

from tests.support.records import NOW, TODAY, action
from tests.support.records import lead as made
from tldash.insight import lead_cache
from tldash.insight.actions import count_actions, find_open_actions, find_overdue
from tldash.insight.attention import find_attention_reasons, sort_by_urgency
from tldash.insight.lead_cache import LeadCache
from tldash.model.records import Lead, Status


def lead(name: str, **more: object) -> Lead:
    return replace(made(**more), id=name, path=name, name=name.title())


def counting() -> tuple[LeadCache[int, tuple[str, int]], list[str]]:
    """Return a cached function, and the list of leads it was computed for."""
    asked: list[str] = []

    def ask(about: Lead, number: int) -> tuple[str, int]:
        asked.append(about.id)
        return about.name, number

    return LeadCache(ask), asked


def test_the_same_question_is_asked_once() -> None:
    question, asked = counting()
    ada, ben = lead("ada"), lead("ben")
    answers = [question(one, 1) for one in (ada, ben, ada, ben)]
    assert asked == ["ada", "ben"]
    assert answers[:2] == answers[2:] == [(ada.name, 1), (ben.name, 1)]


def test_another_lead_of_the_same_name_is_asked_about_again() -> None:
    question, asked = counting()
    ada = lead("ada")
    question(ada, 1)
    assert question(replace(ada, name="Ada Changed"), 1) == ("Ada Changed", 1)
    assert question(ada, 1) == (ada.name, 1)
    assert asked == ["ada"] * 3


def test_other_arguments_are_asked_again() -> None:
    question, asked = counting()
    ada = lead("ada")
    assert [question(ada, number)[1] for number in (1, 2, 2, 1)] == [1, 2, 2, 1]
    assert len(asked) == 3


def test_those_first_asked_about_are_let_go(monkeypatch) -> None:
    monkeypatch.setattr(lead_cache, "MAX_LEADS", 2)
    question, asked = counting()
    one, two, three = lead("one"), lead("two"), lead("three")
    for about in (one, two, three, two, three, one):
        question(about, 1)
    assert asked == ["one", "two", "three", "one"]


def test_kept_answers_follow_the_lead_the_day_and_the_hour() -> None:
    late = action("call", due=TODAY)
    ada = lead("ada", actions=(late,))
    tomorrow = NOW.replace(day=NOW.day + 1)
    assert count_actions((ada,), TODAY) == (1, 0)
    assert count_actions((ada,), tomorrow.date()) == (1, 1)
    assert [reason.message for reason in find_attention_reasons(ada, tomorrow)][-1] == "1 overdue"
    assert "1 overdue" not in [reason.message for reason in find_attention_reasons(ada, NOW)]
    done = replace(ada, actions=(replace(late, task=replace(late.task, status=Status.DONE)),))
    assert count_actions((done,), tomorrow.date()) == (0, 0)
    assert "1 overdue" not in [reason.message for reason in find_attention_reasons(done, tomorrow)]


def test_the_numbers_are_those_of_all_leads_together() -> None:
    leads = tuple(
        lead(name, actions=tuple(action(f"{name} {due}", due=due) for due in (None, TODAY)))
        for name in ("ada", "ben", "cleo")
    )
    tomorrow = NOW.replace(day=NOW.day + 1).date()
    assert count_actions(leads, tomorrow) == (
        sum(len(find_open_actions(one)) for one in leads),
        sum(len(find_overdue(one, tomorrow)) for one in leads),
    )
    assert {one.id for one in sort_by_urgency(leads, NOW)} == {"ada", "ben", "cleo"}
