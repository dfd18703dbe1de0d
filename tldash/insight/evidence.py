"""Collect the evidence of a lead's skill: done actions, ticked markers, and what sessions say.

The texts of sessions are not among the records. `tldash.output.evidence` finds what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from tldash.insight.people import is_leads_own
from tldash.insight.skills import StatedLevels
from tldash.model.framework import Framework, Skill
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Status


class EvidenceKind(StrEnum):
    """Kind of a piece of evidence."""

    ACTION = "done action"
    """Done by the lead, and tagged with the skill."""
    MARKER = "ticked marker"
    QUOTE = "quote"
    """Of the lead, in a session about the skill or with its name."""
    NOTE = "line"
    """Of a session, with the name of the skill."""


@frozen
class Evidence:
    """A piece of evidence, and where it stands."""

    kind: EvidenceKind
    text: str
    day: date | None
    """When it was done or said, if that is known."""
    path: str
    line: int


@frozen
class LevelEvidence:
    """What came before a level was agreed, since the one before."""

    agreed: StatedLevels | None
    """None for what came after the last one."""
    evidence: tuple[Evidence, ...]
    """Latest first; without a day last."""


def find_evidence(lead: Lead, skill: Skill, framework: Framework) -> tuple[Evidence, ...]:
    """Return the done actions tagged with a skill, and its ticked markers."""
    found = []
    for action in lead.actions:
        task = action.task
        tagged = any(
            framework.find_skill(tag.rpartition("/")[2]) is skill for tag in task.fields.tags
        )
        if tagged and task.status is Status.DONE and is_leads_own(action, lead):
            day = task.fields.done or action.session
            found.append(Evidence(EvidenceKind.ACTION, task.text, day, task.path, task.line))
    for marker in lead.markers:
        task = marker.task
        if marker.skill == skill.id and task.status is Status.DONE:
            day = task.fields.done
            found.append(Evidence(EvidenceKind.MARKER, task.text, day, task.path, task.line))
    return tuple(found)


def group_by_level(
    found: Iterable[Evidence], stated: Sequence[StatedLevels]
) -> tuple[LevelEvidence, ...]:
    """Group evidence by the agreed levels that it led to, the latest first.

    What has no day is in the group after the last level.
    """
    agreed = [one for one in stated if one.agreed]
    groups: list[list[Evidence]] = [[] for _ in range(len(agreed) + 1)]
    days = [one.session.at.day for one in agreed]
    for one in found:
        later = (place for place, day in enumerate(days) if one.day is not None and one.day <= day)
        groups[next(later, len(agreed))].append(one)
    for group in groups:
        group.sort(key=lambda one: one.day or date.min, reverse=True)
    parts = [
        LevelEvidence(one, tuple(group)) for one, group in zip([*agreed, None], groups, strict=True)
    ]
    return tuple(part for part in reversed(parts) if part.agreed or part.evidence)
