"""Raising and lowering the level of a skill: which session says it, and what would be written.

A level is what both agreed on in a conversation, so it is written where the last one is. Where no
session has said one yet, the level shown follows from the markers, and there is nothing to change.
Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tldash.editing.edits import SetLevel
from tldash.insight.schedule import find_held_sessions
from tldash.insight.skills import SkillProgress
from tldash.model.framework import Framework, Skill
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Session
from tldash.tui.prompts.typed_edits import Draft


@frozen
class Asked:
    """The question for another level, or why there is none."""

    about: str = ""
    trouble: str = ""
    view: SkillProgress | None = None
    draft: Callable[[str], Draft] = lambda typed: Draft(trouble=typed)

    def level(self, by: int) -> str:
        """The level so many steps higher, or lower; at either end, where it is."""
        if self.view is None:
            return ""
        levels = self.view.skill.levels
        return levels[min(max(self.view.rank - 1 + by, 0), len(levels) - 1)].id


def ask(lead: Lead, view: SkillProgress, framework: Framework, now: datetime) -> Asked:
    """What to ask for another level of a lead's skill."""
    skill = view.skill
    sessions = find_held_sessions(lead, now)
    if not sessions:
        return Asked(trouble=f"{lead.name} has had no session that could say a level")
    last = sessions[-1]
    if not view.history:
        entry = f"levels: {{{skill.id}: {skill.levels[0].id}}}"
        why = "follows from its markers" if view.rank else "was said in no session yet"
        return Asked(trouble=f"the level of {skill.name} {why}; write {entry} in {last.path}")
    said = [name for name, _ in last.levels if framework.find_skill(name) is skill]
    was = dict(last.levels)[said[0]] if said else None
    return Asked(
        f"level of {skill.name}, from {skill.levels[view.rank - 1].id}",
        "",
        view,
        lambda typed: _draft(skill, view.rank, last, was, typed),
    )


def _draft(skill: Skill, rank: int, session: Session, was: str | None, typed: str) -> Draft:
    wanted = skill.rank_of(typed)
    if not wanted:
        return Draft(trouble=f"type {' or '.join(level.id for level in skill.levels)}")
    level = skill.levels[wanted - 1]
    if wanted == rank:
        end = {1: "the lowest", len(skill.levels): "the highest"}.get(rank)
        also = f", {end} there is" if end else ""
        return Draft(trouble=f"it is at {level.id} already{also}")
    names = frozenset({skill.id.strip().lower(), skill.name.strip().lower()})
    edit = SetLevel(session.path, skill.id, level.id, names, was)
    return Draft(f"{skill.id}: {level.id}", f"under levels: in {session.path}", add=edit)
