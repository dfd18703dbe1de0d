"""Find what sessions say about a skill: quotes, and lines with its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from tldash.insight.evidence import Evidence, EvidenceKind
from tldash.model.framework import Framework, Skill
from tldash.model.records import Session
from tldash.output.passage import Passage, PassageKind
from tldash.output.story import iter_quotes


def find_spoken(
    passages: Sequence[Passage], session: Session, skill: Skill, framework: Framework
) -> tuple[Evidence, ...]:
    """Return the quotes about a skill, and the lines with its name, in the notes of a session."""
    is_about = framework.find_skill(session.skill) is skill
    found = []
    quotes = {passage.line for passage in iter_quotes(passages)}
    for passage in passages:
        if passage.kind not in (PassageKind.TEXT, PassageKind.ITEM):
            continue
        named = bool(_names(skill).search(passage.text))
        kind = EvidenceKind.QUOTE if passage.line in quotes else EvidenceKind.NOTE
        if named or (is_about and kind is EvidenceKind.QUOTE):
            day = session.at.day
            found.append(Evidence(kind, passage.text, day, session.path, passage.line))
    return tuple(found)


@lru_cache(maxsize=64)
def _names(skill: Skill) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in (skill.name, skill.id) if name)
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)
