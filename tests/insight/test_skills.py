"""Compute levels, and suggest the skill to explore next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.records import NOW, day, lead, opened, session, task
from tests.support.tables import each
from tldash.documents.framework import load_shipped
from tldash.insight.people import ViewerRole
from tldash.insight.skills import (
    Suggestion,
    build_skill_progress,
    find_part_questions,
    find_skill_for,
    find_stated_levels,
    order_questions,
    suggest_skill,
)
from tldash.insight.starters import find_position
from tldash.model.framework import Focus, Framework
from tldash.model.records import Marker, SessionStatus, Status

FRAMEWORK = load_shipped()
SKILLS = ("listening", "initiative", "vision", "tracking", "growth")


def talk(at: str, skill: str | None = None, **levels: str):
    return replace(session(at), skill=skill, levels=tuple(levels.items()))


def view(someone, skill: str):
    return next(v for v in build_skill_progress(someone, FRAMEWORK, NOW) if v.skill.id == skill)


def marker(skill: str, level: str | None, done: bool) -> Marker:
    return Marker(skill, level, task("sign", Status.DONE if done else Status.OPEN))


def test_every_skill_in_the_order_of_the_framework():
    views = build_skill_progress(lead(), FRAMEWORK, NOW)
    assert tuple(view.skill.id for view in views) == SKILLS
    assert all(view.rank == 0 and view.level is None and view.ticked == 0 for view in views)


def test_the_level_is_the_one_agreed_on_last():
    someone = lead(
        talk("2026-09-03", vision="beginner", growth="advanced"),
        talk("2026-10-03", "vision", vision="advanced"),
        talk("2026-11-03", "Articulating a vision", vision="Intermediate", unknown="x"),
        talk("2026-12-03", "vision", vision="advanced"),
    )
    vision = view(someone, "vision")
    assert vision.rank == 2
    assert vision.level is not None
    assert vision.level.id == "intermediate"
    assert vision.history == (
        (day("2026-09-03"), 1),
        (day("2026-10-03"), 3),
        (day("2026-11-03"), 2),
    )
    assert vision.explored == (day("2026-10-03"), day("2026-11-03"))
    assert view(someone, "growth").rank == 3


def test_a_level_that_the_scale_has_not_is_none():
    assert view(lead(talk("2026-11-03", vision="master")), "vision").history == ()


def test_sessions_that_did_not_take_place_teach_nothing():
    missed = replace(talk("2026-11-03", "vision", vision="advanced"), status=SessionStatus.MISSED)
    assert view(lead(missed), "vision").history == ()
    assert view(lead(missed), "vision").explored == ()


@each(
    ("skill", "signs", "rank"),
    [
        ("vision", [], 0),
        ("vision", [("beginner", True), ("beginner", True)], 1),
        ("vision", [("beginner", True), ("beginner", False)], 0),
        ("vision", [("beginner", True), ("intermediate", True)], 2),
        ("vision", [("beginner", False), ("intermediate", True)], 0),
        ("vision", [("beginner", True), ("advanced", True)], 1),
        ("vision", [(None, True)], 0),
        ("growth", [("beginner", False), ("intermediate", True)], 2),
        ("growth", [("beginner", True), ("advanced", True)], 3),
        ("growth", [("beginner", True), ("intermediate", False)], 1),
    ],
)
def test_without_a_level_in_any_session_the_markers_count(skill, signs, rank):
    markers = tuple(marker(skill, level, done) for level, done in signs)
    other = "growth" if skill == "vision" else "vision"
    someone = lead(markers=(*markers, marker(other, "beginner", True)))
    found = view(someone, skill)
    assert found.rank == rank
    assert found.markers == markers
    assert found.ticked == sum(done for _, done in signs)


def test_what_both_agreed_on_beats_the_markers():
    someone = lead(
        talk("2026-11-03", vision="beginner"), markers=(marker("vision", "beginner", False),)
    )
    assert view(someone, "vision").rank == 1


def suggestion(*sessions):
    found = suggest_skill(lead(*sessions), FRAMEWORK, NOW)
    assert found is not None
    return found.skill.id, found.explored, found.last


def test_the_skill_explored_least_is_suggested():
    assert suggestion() == ("listening", 0, None)
    assert suggestion(talk("2026-11-03", "listening")) == ("initiative", 0, None)
    days = [f"2026-0{month}-01" for month in (1, 2, 3, 4, 5)]
    once_each = [talk(at, skill) for at, skill in zip(days, reversed(SKILLS), strict=True)]
    assert suggestion(*once_each) == ("growth", 1, day("2026-01-01"))


def test_of_skills_not_explored_the_lowest_is_suggested():
    everything = dict.fromkeys(SKILLS, "intermediate")
    assert suggestion(talk("2026-11-03", None, **{**everything, "vision": "beginner"})) == (
        "vision",
        0,
        None,
    )


def test_a_skill_at_its_top_is_suggested_last():
    levels = dict.fromkeys(SKILLS, "advanced")
    talks = [talk("2026-10-03", "growth", **{**levels, "growth": "beginner"})]
    assert suggestion(*talks)[0] == "growth"
    assert suggestion(*talks, talk("2026-11-03", "growth", growth="advanced"))[0] == "listening"


def test_a_framework_without_skills_suggests_nothing():
    assert suggest_skill(lead(), Framework("", ()), NOW) is None
    assert build_skill_progress(lead(), Framework("", ()), NOW) == ()


@each("skill", ["initiative", "growth"])
def test_on_a_sliding_scale_a_position_may_move_back_and_counts_before_the_markers(skill):
    moved = (
        talk("2026-09-03", skill, **{skill: "advanced"}),
        talk("2026-10-03", skill, **{skill: "beginner"}),
    )
    signs = tuple(marker(skill, level, True) for level in ("beginner", "intermediate", "advanced"))
    found = view(replace(lead(*moved), markers=signs), skill)
    assert found.rank == 1
    assert [rank for _, rank in found.history] == [3, 1]
    assert found.ticked == 3


@pytest.mark.parametrize("name", ["2026-11-03.md", "2026-11-03.yaml"])
def test_the_lead_and_the_coach_state_levels_beside_the_agreed_ones(tmp_path, name):
    front = (
        "levels: {vision: beginner}\nlevels_self: {Vision: Advanced}\nlevels_coach:\n  vision: x\n"
    )
    text = front if name.endswith("yaml") else f"---\n{front}---\n"
    workspace = opened(tmp_path, {f"ada/sessions/{name}": text, "ada/lead.md": ""})
    (ada,) = workspace.leads
    (held,) = ada.sessions
    assert held.levels == (("vision", "beginner"),)
    assert held.levels_self == (("vision", "advanced"),)
    assert held.levels_coach == (("vision", "x"),)
    (stated,) = find_stated_levels(ada, FRAMEWORK.skills[2], FRAMEWORK, NOW)
    assert (stated.agreed, stated.by_lead, stated.by_coach) == (1, 3, 0)


LEAD, COACH, ANOTHER = ViewerRole.LEAD, ViewerRole.COACH, ViewerRole.ANOTHER


@each(
    ("said", "hidden"),
    [
        ({"levels_self": "advanced"}, [(LEAD, COACH), (LEAD, ANOTHER)]),
        ({"levels_coach": "advanced"}, [(COACH, LEAD), (COACH, ANOTHER)]),
        ({"levels_self": "beginner", "levels_coach": "advanced"}, []),
        ({"levels_self": "beginner", "levels": "advanced"}, []),
    ],
)
def test_each_sees_what_the_other_states_once_both_have_or_agreed(said, hidden):
    pairs = {name: (("vision", level),) for name, level in said.items()}
    someone = lead(replace(session("2026-11-03"), **pairs))
    (stated,) = find_stated_levels(someone, FRAMEWORK.skills[2], FRAMEWORK, NOW)
    found = [
        (role, you)
        for role in (LEAD, COACH)
        for you in (LEAD, COACH, ANOTHER)
        if stated.rank(role) and stated.is_hidden(role, you)
    ]
    assert found == hidden


def test_levels_are_stated_in_sessions_that_were_held_and_in_that_of_today():
    pairs = (("vision", "beginner"),)
    sessions = (
        replace(session("2026-10-03", SessionStatus.MISSED), levels_self=pairs),
        replace(session("2026-11-03"), levels_self=pairs),
        replace(session("2026-11-20", None, False), levels_self=pairs),
        replace(session("2026-12-03", None, False), levels_self=pairs),
    )
    found = find_stated_levels(lead(*sessions), FRAMEWORK.skills[2], FRAMEWORK, NOW)
    assert [one.session.at.day.isoformat() for one in found] == ["2026-11-03", "2026-11-20"]


def test_the_skill_of_a_session_is_the_chosen_one_else_a_suggestion():
    held = [talk("2026-08-03"), talk("2026-09-03", "vision"), talk("2026-10-03", "growth")]
    chosen = replace(talk("2026-12-03", "Vision"), status=SessionStatus.PLANNED)
    idea = find_skill_for(lead(*held, chosen), FRAMEWORK, NOW)
    assert idea == Suggestion(FRAMEWORK.skills[2], 1, day("2026-09-03"), chosen=True)
    open_one = replace(chosen, skill=None)
    idea = find_skill_for(lead(*held, open_one), FRAMEWORK, NOW)
    assert idea == Suggestion(FRAMEWORK.skills[0], 0, None)
    assert find_skill_for(lead(), FRAMEWORK, NOW) is None, "the first session is about no skill"


def test_a_session_keeps_its_questions_while_it_is_held():
    planned = replace(talk("2026-11-20", "vision"), has_notes=False)
    before = lead(talk("2026-09-03"), talk("2026-10-03", "vision"), planned)
    during = lead(*before.sessions[:2], replace(planned, has_notes=True))
    after = lead(*during.sessions, talk("2026-12-03"))
    ideas = [
        find_skill_for(someone, FRAMEWORK, NOW, someone.sessions[2])
        for someone in (before, during, after)
    ]
    assert ideas == [Suggestion(FRAMEWORK.skills[2], 1, day("2026-10-03"), chosen=True)] * 3


@each("count", range(8))
def test_questions_come_round_evenly(count: int):
    asked = tuple(map(str, range(count)))
    first = [order_questions(asked, turn)[:3] for turn in range(count)]
    assert all(set(order_questions(asked, turn)) == set(asked) for turn in range(9))
    times = [sum(question in turn for turn in first) for question in asked]
    assert set(times) <= {min(3, count)}


def test_the_questions_of_every_part():
    someone = lead(talk("2026-09-03"), talk("2026-10-03", "listening"), talk("2026-11-03"))
    position = find_position(someone, FRAMEWORK, NOW)
    shape = FRAMEWORK.shape_for(position.number)
    idea = find_skill_for(someone, FRAMEWORK, NOW)
    assert shape is not None
    assert idea is not None
    for part in shape.parts:
        expected = idea.skill.questions if part.focus is Focus.SKILL else part.questions
        assert set(find_part_questions(part, idea, position)) == set(expected)
    goals = shape.parts[0]
    assert find_part_questions(goals, None, position) != goals.questions, "in another order"
