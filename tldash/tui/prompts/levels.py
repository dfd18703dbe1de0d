"""Draft another agreed level of a skill.

Levels are agreed in a session, so the one of today gets the entry, else the last held one. Until a
level is agreed, it is estimated from the ticked markers and cannot be changed here. Pure.
"""

from __future__ import annotations

from datetime import datetime

from tldash.editing.edits import SetLevel
from tldash.insight.skills import SkillProgress, find_level_sessions
from tldash.model.framework import Framework, Skill
from tldash.model.records import Lead, Session
from tldash.tui.prompts.drafts import Draft
from tldash.tui.prompts.questions import Question


def ask_level(
    lead: Lead, view: SkillProgress, steps: int, framework: Framework, now: datetime
) -> Question | str:
    """Return the question for another level, or a sentence that says why there is none.

    The level so many steps higher or lower is proposed; the last one at either end.
    """
    skill = view.skill
    last = next(reversed(find_level_sessions(lead, now)), None)
    if last is None:
        return f"{lead.name} has had no session, so no level is agreed yet"
    if last.section:
        return f"{last.path} holds several sessions; levels need a file for each session"
    if not view.history:
        entry = f"levels: {{{skill.id}: {skill.levels[0].id}}}"
        how = " (estimated from its markers)" if view.rank else ""
        return f"no level of {skill.name} is agreed yet{how}; add {entry} to {last.path}"
    before = next(
        (level for name, level in last.levels if framework.find_skill(name) is skill), None
    )
    proposed = min(max(view.rank - 1 + steps, 0), len(skill.levels) - 1)
    return Question(
        f"level of {skill.name}, from {skill.levels[view.rank - 1].id}",
        lambda typed: _draft(skill, view.rank, last, before, typed),
        skill.levels[proposed].id,
        path=last.path,
    )


def _draft(skill: Skill, rank: int, session: Session, before: str | None, typed: str) -> Draft:
    wanted = skill.rank_of(typed)
    if not wanted:
        return Draft(trouble=f"type {' or '.join(level.id for level in skill.levels)}")
    level = skill.levels[wanted - 1]
    if wanted == rank:
        end = {1: "the lowest", len(skill.levels): "the highest"}.get(rank)
        also = f", {end} there is" if end else ""
        return Draft(trouble=f"it is at {level.id} already{also}")
    names = frozenset({skill.id.strip().lower(), skill.name.strip().lower()})
    edit = SetLevel(session.path, skill.id, level.id, names, before)
    return Draft(f"{skill.id}: {level.id}", f"under levels: in {session.path}", add=edit)
