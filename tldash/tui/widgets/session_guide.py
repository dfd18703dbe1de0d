"""Preparation for a session: questions about a skill, and the parts of a session."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from textual.content import Content

from tldash.insight.skills import Suggestion, find_part_questions, order_questions
from tldash.insight.starters import Position
from tldash.model.framework import Shape
from tldash.tui.style.text import HEAD, MUTED, STRONG, hanging, words, wrap


def purpose(position: Position, width: int) -> list[Content]:
    """Say what a session is for under its title, if the framework does."""
    starter = position.starter
    if starter is None:
        return []
    lines = wrap(words(starter.title.upper(), HEAD), width)
    return [*lines, *wrap(words(starter.purpose), width)] if starter.purpose else lines


def questions(idea: Suggestion | None, width: int) -> list[Content]:
    """List the questions of a skill under a heading, those not asked for longest first."""
    if idea is None or not idea.skill.questions:
        return []
    lines = [Content.assemble(("QUESTIONS  ", HEAD), words(idea.skill.id, MUTED))]
    for text in order_questions(idea.skill.questions, idea.explored):
        lines.extend(hanging("– ", words(text), width))
    return lines


class Detail(IntEnum):
    """How much of a shape to show."""

    NAMES = 0
    PROMPTS = 1
    """Each part with its prompt and its purpose."""
    QUESTIONS = 2
    """And with its own questions."""


def shape(
    found: Shape | None, position: Position, width: int, detail: Detail = Detail.NAMES
) -> list[Content]:
    """List the parts of a session with their time boxes under a heading."""
    if found is None or not found.parts:
        return []
    lines = [Content.assemble(("SHAPE  ", HEAD), words(found.name, MUTED))]
    for part in found.parts:
        low, high = part.minutes or (0, 0)
        span = f"{low}–{high}" if low != high else f"{low}"
        time = f"{span:>5} min  " if part.minutes else " " * 11
        lines.extend(hanging(time, words(part.name, STRONG if detail else ""), width))
        pad = " " * len(time)
        if detail >= Detail.PROMPTS:
            lines.extend(hanging(pad, words(part.prompt), width) if part.prompt else [])
            lines.extend(hanging(pad, words(part.purpose, MUTED), width) if part.purpose else [])
        if detail >= Detail.QUESTIONS:
            for question in find_part_questions(part, None, position):
                lines.extend(hanging(f"{pad}– ", words(question), width))
    return lines


def parts(found: Sequence[Sequence[Content]], height: int) -> list[Content]:
    """Join the sections that fit completely into `height` lines."""
    lines: list[Content] = []
    for part in found:
        gap = [Content("")] if lines else []
        if part and len(lines) + len(gap) + len(part) <= height:
            lines.extend((*gap, *part))
    return lines
