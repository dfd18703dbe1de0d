"""Where a lead stands in each skill, how it came to be, and which to explore next."""

from __future__ import annotations

from datetime import date, datetime

from tldash.insight.schedule import find_held_sessions
from tldash.model.dates import format_relative, pluralize
from tldash.model.framework import Framework, Level, Skill
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Marker, Status


@frozen
class SkillProgress:
    """One skill of one lead."""

    skill: Skill
    rank: int
    """The level that was last agreed on, from 1; 0 where none was."""
    history: tuple[tuple[date, int], ...]
    """Day and rank of every session that recorded a level."""
    markers: tuple[Marker, ...]
    explored: tuple[date, ...]
    """The days of the sessions about it."""

    @property
    def level(self) -> Level | None:
        return self.skill.levels[self.rank - 1] if self.rank else None

    @property
    def ticked(self) -> int:
        """How many of its markers have been seen."""
        return sum(marker.task.status is Status.DONE for marker in self.markers)


def build_skill_progress(
    lead: Lead, framework: Framework, now: datetime
) -> tuple[SkillProgress, ...]:
    """Every skill of the framework, in its order.

    The level is the one agreed on last; where sessions record none, the highest level whose
    markers, and those of every level below on a stacking scale, have all been ticked.
    """
    sessions = find_held_sessions(lead, now)
    views = []
    for skill in framework.skills:
        history = tuple(
            (session.at.day, skill.rank_of(level))
            for session in sessions
            for name, level in session.levels
            if framework.find_skill(name) is skill and skill.rank_of(level)
        )
        markers = tuple(marker for marker in lead.markers if marker.skill == skill.id)
        rank = history[-1][1] if history else _rank_by_markers(skill, markers)
        explored = tuple(s.at.day for s in sessions if framework.find_skill(s.skill) is skill)
        views.append(SkillProgress(skill, rank, history, markers, explored))
    return tuple(views)


def _rank_by_markers(skill: Skill, markers: tuple[Marker, ...]) -> int:
    rank = 0
    for place, level in enumerate(skill.levels, 1):
        here = [marker for marker in markers if marker.level == level.id]
        complete = bool(here) and all(marker.task.status is Status.DONE for marker in here)
        if complete:
            rank = place
        elif not skill.sliding:
            break
    return rank


@frozen
class Suggestion:
    """A skill worth exploring next."""

    skill: Skill
    explored: int
    """How many sessions were about it."""
    last: date | None


def suggest_skill(lead: Lead, framework: Framework, now: datetime) -> Suggestion | None:
    """Of the skills that can still grow, the one explored least; then longest ago, then lowest."""
    views = build_skill_progress(lead, framework, now)
    if not views:
        return None
    best = min(
        views,
        key=lambda view: (
            view.rank == len(view.skill.levels),
            len(view.explored),
            view.explored[-1:] or (date.min,),
            view.rank,
        ),
    )
    return Suggestion(best.skill, len(best.explored), best.explored[-1] if best.explored else None)


def format_explored(idea: Suggestion, today: date) -> str:
    """`not explored yet`, `explored once, 3 weeks ago`."""
    if idea.last is None:
        return "not explored yet"
    times = "once" if idea.explored == 1 else pluralize(idea.explored, "time")
    return f"explored {times}, {format_relative(idea.last, today)}"
