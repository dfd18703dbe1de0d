"""Collect the evidence of a skill, and group it by the agreed levels."""

from __future__ import annotations

from dataclasses import replace

from tests.support.records import NOW, action, day, lead, session, task
from tldash.documents.framework import load_shipped
from tldash.insight.evidence import Evidence, EvidenceKind, find_evidence, group_by_level
from tldash.insight.skills import find_stated_levels
from tldash.model.records import Marker, Status

FRAMEWORK = load_shipped()
VISION = FRAMEWORK.skills[2]
DONE = Status.DONE


def said(text: str, at: str | None) -> Evidence:
    return Evidence(EvidenceKind.QUOTE, text, day(at) if at else None, "ada/x.md", 1)


def test_done_actions_of_the_lead_with_the_skills_tag_and_ticked_markers():
    someone = lead(
        actions=(
            action("told", DONE, done=day("2026-11-03"), tags=("vision",)),
            action(
                "by its name", DONE, "2026-10-03", tags=("skill/articulating-x", "skill/vision")
            ),
            action("not tagged", DONE),
            action("another skill", DONE, tags=("growth",)),
            action("still open", tags=("vision",)),
            action("dropped", Status.CANCELLED, tags=("vision",)),
            action("the coach's", DONE, tags=("vision",), owner="mira", coach_owned=True),
            action("somebody's", DONE, tags=("vision",), owner="owl"),
        ),
        markers=(
            Marker("vision", "beginner", task("says it", DONE, done=day("2026-10-04"), line=4)),
            Marker("vision", "beginner", task("not yet")),
            Marker("growth", "beginner", task("another", DONE)),
        ),
    )
    found = find_evidence(someone, VISION, FRAMEWORK)
    assert [(one.kind, one.text, one.day) for one in found] == [
        (EvidenceKind.ACTION, "told", day("2026-11-03")),
        (EvidenceKind.ACTION, "by its name", day("2026-10-03")),
        (EvidenceKind.MARKER, "says it", day("2026-10-04")),
    ]
    assert (found[2].path, found[2].line) == ("ada/notes.md", 4)


def test_evidence_is_below_the_level_that_it_led_to():
    levels = (("vision", "beginner"),)
    someone = lead(
        replace(session("2026-09-03"), levels=levels),
        replace(session("2026-10-03"), levels_self=levels),
        replace(session("2026-11-03"), levels=levels),
    )
    stated = find_stated_levels(someone, VISION, FRAMEWORK, NOW)
    days = ["2026-09-01", "2026-09-04", "2026-11-03", "2026-11-04", None, "2026-10-10"]
    groups = group_by_level([said(str(at), at) for at in days], stated)
    assert [
        (
            group.agreed and group.agreed.session.at.day.isoformat(),
            [one.text for one in group.evidence],
        )
        for group in groups
    ] == [
        (None, ["2026-11-04", "None"]),
        ("2026-11-03", ["2026-11-03", "2026-10-10", "2026-09-04"]),
        ("2026-09-03", ["2026-09-01"]),
    ]
    assert group_by_level([], ()) == ()
