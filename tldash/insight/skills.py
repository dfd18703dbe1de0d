"""Compute a lead's level in each skill, its history, and the skill to explore next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from tldash.insight.people import ViewerRole
from tldash.insight.schedule import find_held_sessions, find_next_session, resolve_status
from tldash.insight.starters import Position, find_shape
from tldash.model.dates import format_relative, pluralize, to_local
from tldash.model.framework import Focus, Framework, Level, SessionPart, Skill
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Marker, Session, SessionStatus, Status
from tldash.model.sanitize import to_single_line

QUESTION_COUNT: Final = 3
"""Number of questions in a new session file and in the brief."""


@frozen
class SkillProgress:
    """A lead's progress in one skill."""

    skill: Skill
    rank: int
    """1-based rank of the level, or 0 if it is unknown."""
    history: tuple[tuple[date, int], ...]
    """Days and ranks of the agreed levels, by date."""
    markers: tuple[Marker, ...]
    explored: tuple[date, ...]
    """Days of the sessions about this skill."""

    @property
    def level(self) -> Level | None:
        return self.skill.levels[self.rank - 1] if self.rank else None

    @property
    def ticked(self) -> int:
        """Number of ticked markers."""
        return sum(marker.task.status is Status.DONE for marker in self.markers)


def build_skill_progress(
    lead: Lead, framework: Framework, now: datetime
) -> tuple[SkillProgress, ...]:
    """Return a lead's progress in every skill of the framework, in its order.

    The level is the last agreed one. Until a level is agreed in a session, it is the highest level
    with all markers ticked. Unless the skill is sliding, all lower levels must be ticked too.
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
        rank = history[-1][1] if history else rank_by_markers(skill, markers)
        explored = tuple(s.at.day for s in sessions if framework.find_skill(s.skill) is skill)
        views.append(SkillProgress(skill, rank, history, markers, explored))
    return tuple(views)


@frozen
class StatedLevels:
    """What a session says about the level of a skill, as 1-based ranks or 0 for nothing."""

    session: Session
    agreed: int
    by_lead: int
    by_coach: int

    @property
    def is_open_to_both(self) -> bool:
        """Whether each may see what the other states: both do, or they have agreed."""
        return bool(self.agreed or (self.by_lead and self.by_coach))

    def is_hidden(self, role: ViewerRole, you: ViewerRole) -> bool:
        """Return whether what `role` states is hidden from the viewer for now.

        It is in the file for everybody to read: this is a courtesy, not a secret.
        """
        return role is not you and not self.is_open_to_both

    def rank(self, role: ViewerRole) -> int:
        """Return what the lead or the coach states."""
        return self.by_lead if role is ViewerRole.LEAD else self.by_coach


def find_stated_levels(
    lead: Lead, skill: Skill, framework: Framework, now: datetime
) -> tuple[StatedLevels, ...]:
    """Return what the sessions held, and that of today, say about the level of a skill."""
    sessions = find_level_sessions(lead, now)
    found = (read_stated_levels(session, skill, framework) for session in sessions)
    return tuple(one for one in found if one.agreed or one.by_lead or one.by_coach)


def read_stated_levels(session: Session, skill: Skill, framework: Framework) -> StatedLevels:
    """Return what a session says about the level of a skill."""

    def rank(levels: tuple[tuple[str, str], ...]) -> int:
        found = [
            skill.rank_of(level) for name, level in levels if framework.find_skill(name) is skill
        ]
        return found[-1] if found else 0

    return StatedLevels(
        session, rank(session.levels), rank(session.levels_self), rank(session.levels_coach)
    )


def find_level_sessions(lead: Lead, now: datetime) -> tuple[Session, ...]:
    """Return the sessions that levels can be stated in: those held, and that of today.

    The last one gets what is stated now: levels are agreed during a session, when its notes are
    not written yet.
    """
    held = {session.place for session in find_held_sessions(lead, now)}
    return tuple(
        session
        for session in lead.sessions
        if session.place in held
        or (
            to_local(session.at, now).day == now.date()
            and resolve_status(session, now) in (SessionStatus.PLANNED, SessionStatus.HELD)
        )
    )


def rank_by_markers(skill: Skill, markers: Iterable[Marker]) -> int:
    """Return the highest rank whose markers are all ticked, or 0.

    Unless the skill is sliding, the markers of all lower levels must be ticked too.
    """
    rank, markers = 0, tuple(markers)
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
    """A skill to explore, chosen for a session or suggested."""

    skill: Skill
    explored: int
    """Number of sessions about it before."""
    last: date | None
    """Day of the latest of them."""
    chosen: bool = False
    """Whether the file of the session names it."""


def find_skill_for(
    lead: Lead, framework: Framework, now: datetime, session: Session | None = None
) -> Suggestion | None:
    """Return the skill of a session, by default of the next one: the chosen one, else a suggestion.

    None if no part of its shape is about a skill, or the framework has no skills. Only sessions
    before this one count, so the answer stays the same while it is held.
    """
    if session is None:
        session = find_next_session(lead, now).session
    shape = find_shape(lead, framework, now, session)
    skill = framework.find_skill(session.skill) if session is not None else None
    if skill is None:
        explores = shape is None or shape.is_about(Focus.SKILL)
        return suggest_skill(_before(lead, session), framework, now) if explores else None
    views = build_skill_progress(_before(lead, session), framework, now)
    explored = next(view.explored for view in views if view.skill is skill)
    return Suggestion(skill, len(explored), explored[-1] if explored else None, chosen=True)


def _before(lead: Lead, session: Session | None) -> Lead:
    """Return a lead with the sessions before one, of those with a file."""
    places = [one.place for one in lead.sessions]
    if session is None or session.place not in places:
        return lead
    return replace(lead, sessions=lead.sessions[: places.index(session.place)])


def suggest_skill(lead: Lead, framework: Framework, now: datetime) -> Suggestion | None:
    """Suggest the skill explored least often, then longest ago, then at the lowest level.

    Skills at the highest level come last. Returns None for a framework without skills.
    """
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
    """Format as `not explored yet` or `explored once, 3 weeks ago`."""
    if idea.last is None:
        return "not explored yet"
    times = "once" if idea.explored == 1 else pluralize(idea.explored, "time")
    return f"explored {times}, {format_relative(idea.last, today)}"


def order_questions(questions: Sequence[str], turn: int) -> tuple[str, ...]:
    """Return all questions, those not asked for longest first.

    Which ones were asked is stored nowhere. Each turn begins with the questions after those of the
    turn before, so the first `QUESTION_COUNT` come round evenly. Of a few, another one is first.
    """
    step = QUESTION_COUNT if len(questions) > QUESTION_COUNT else 1
    start = turn * step % len(questions) if questions else 0
    return tuple(map(to_single_line, (*questions[start:], *questions[:start])))


def pick_questions(idea: Suggestion) -> tuple[str, ...]:
    """Return some questions of a skill, the next ones for each session about it."""
    return order_questions(idea.skill.questions, idea.explored)[:QUESTION_COUNT]


def find_part_questions(
    part: SessionPart, idea: Suggestion | None, position: Position
) -> tuple[str, ...]:
    """Return the questions of a part of a session, those not asked for longest first.

    A part about a skill has the questions of the skill, before any of its own.
    """
    own = order_questions(part.questions, position.number - 1)
    if part.focus is not Focus.SKILL or idea is None:
        return own
    return (*order_questions(idea.skill.questions, idea.explored), *own)
