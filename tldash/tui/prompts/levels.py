"""Draft another level of a skill: the agreed one, or what the viewer states.

Levels are agreed in a session, so the one of today gets the entry, else the last held one. Pure.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tldash.editing.edits import LevelKey, SetLevel
from tldash.insight.people import ViewerRole, format_voice
from tldash.insight.skills import (
    SkillProgress,
    build_skill_progress,
    find_level_sessions,
    find_stated_levels,
)
from tldash.model.framework import Framework, Skill
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Session
from tldash.model.spelling import find_choice
from tldash.tui.prompts.drafts import Draft
from tldash.tui.prompts.questions import Question
from tldash.tui.state import State

_KEYS: Final[dict[ViewerRole, LevelKey]] = {
    ViewerRole.LEAD: "levels_self",
    ViewerRole.COACH: "levels_coach",
}


@frozen
class _Target:
    """The entry to write."""

    skill: Skill
    session: Session
    key: LevelKey
    before: str | None
    """Its value in the file."""
    rank: int
    """The rank that there is nothing to write for, or 0."""
    hidden_from: str = ""
    """Who will not see it yet."""


def ask_level(
    lead: Lead, view: SkillProgress, steps: int, framework: Framework, now: datetime
) -> Question | str:
    """Return the question for another agreed level, or a sentence that says why there is none.

    The level so many steps higher or lower is proposed; the last one at either end. Without an
    agreed level, the steps count from the one that is estimated from the markers.
    """
    skill = view.skill
    session = _find_session(lead, now)
    if isinstance(session, str):
        return session
    before = next(
        (level for name, level in session.levels if framework.find_skill(name) is skill), None
    )
    agreed = view.rank if view.history else 0
    start = f", from {skill.levels[agreed - 1].id}" if agreed else ""
    proposed = min(max(view.rank - 1 + steps, 0), len(skill.levels) - 1)
    target = _Target(skill, session, "levels", before, agreed)
    return Question(
        f"level of {skill.name}{start}",
        lambda typed: _draft(target, typed),
        skill.levels[proposed].id,
        path=session.path,
    )


def ask_level_in(session: Session, view: SkillProgress, framework: Framework) -> Question:
    """Return the question for the level that both agree on in a session; the last one is proposed.

    The number of a level will do, or the beginning of its name.
    """
    skill = view.skill
    before = next(
        (level for name, level in session.levels if framework.find_skill(name) is skill), None
    )
    names = [(one.id, one.name) for one in skill.levels]
    listed = ", ".join(f"{number} {one.id}" for number, one in enumerate(skill.levels, 1))
    target = _Target(skill, session, "levels", before, skill.rank_of(before))

    def draft(typed: str) -> Draft:
        at = find_choice(typed, names)
        return _draft(target, skill.levels[at].id if at is not None else typed)

    return Question(
        f"agreed level of {skill.name}: {listed}",
        draft,
        view.level.id if view.level is not None else "",
        selects=True,
        path=session.path,
    )


def ask_own_level(lead: Lead, skill: Skill, state: State) -> Question | str:
    """Return the question for the level that the viewer states, or why there is none.

    What they stated last is proposed, else the current level.
    """
    you, framework, now = state.you(lead), state.workspace.framework, state.now
    if you is ViewerRole.ANOTHER:
        if state.viewer is None:
            return "tldash does not know who you are; start it with --me NAME to state a level"
        return f"only {lead.name} and their coach state levels"
    session = _find_session(lead, now)
    if isinstance(session, str):
        return session
    mine = session.levels_self if you is ViewerRole.LEAD else session.levels_coach
    before = next((level for name, level in mine if framework.find_skill(name) is skill), None)
    stated = [one for one in find_stated_levels(lead, skill, framework, now) if one.rank(you)]
    views = build_skill_progress(lead, framework, now)
    current = next((view.rank for view in views if view.skill is skill), 0)
    proposed = stated[-1].rank(you) if stated else current
    one = ViewerRole.COACH if you is ViewerRole.LEAD else ViewerRole.LEAD
    other = format_voice(one, lead, you)
    target = _Target(
        skill,
        session,
        _KEYS[you],
        before,
        skill.rank_of(before),
        other,
    )
    whose = "your own level" if you is ViewerRole.LEAD else f"the level that you see in {lead.name}"
    return Question(
        f"{skill.name}: {whose}",
        lambda typed: _draft(target, typed),
        skill.levels[max(proposed - 1, 0)].id,
        path=session.path,
    )


def _find_session(lead: Lead, now: datetime) -> Session | str:
    """Return the session that gets a level, or why there is none."""
    last = next(reversed(find_level_sessions(lead, now)), None)
    if last is None:
        return f"{lead.name} has had no session to write a level into"
    if last.section:
        return f"{last.path} holds several sessions; levels need a file for each session"
    return last


def _draft(target: _Target, typed: str) -> Draft:
    skill = target.skill
    wanted = skill.rank_of(typed)
    if not wanted:
        return Draft(trouble=f"type {' or '.join(level.id for level in skill.levels)}")
    level = skill.levels[wanted - 1]
    if wanted == target.rank:
        end = {1: "the lowest", len(skill.levels): "the highest"}.get(wanted)
        also = f", {end} there is" if end else ""
        return Draft(trouble=f"it is at {level.id} already{also}")
    names = frozenset({skill.id.strip().lower(), skill.name.strip().lower()})
    edit = SetLevel(target.session.path, skill.id, level.id, names, target.before, target.key)
    place = target.session.path
    if not target.hidden_from:
        return Draft(f"{skill.id}: {level.id}", f"under {target.key}: in {place}", add=edit)
    note = f"in {place}; {target.hidden_from} sees it once both have one"
    return Draft(f"{target.key}: {{{skill.id}: {level.id}}}", note, add=edit)
