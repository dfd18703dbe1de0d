"""Reading a framework from its document.

The five skills, their levels and questions are data: a company that brings its own ladder replaces
the shipped file with a `framework.yaml` in its folder, and no code changes.
"""

from __future__ import annotations

import functools
from importlib.resources import files

import yaml_rs

from tldash.documents import FrameworkDocument, SkillDocument, check
from tldash.method.model import Framework, Level, Part, Skill


def from_document(document: FrameworkDocument) -> Framework:
    """The framework that a checked document describes."""
    return Framework(
        document.name,
        tuple(map(_skill, document.skills)),
        tuple(Part(part.name, part.minutes, part.prompt) for part in document.session),
        tuple(s.title for s in sorted(document.starters, key=lambda s: s.number)),
        dict(document.cadences),
    )


def _skill(document: SkillDocument) -> Skill:
    return Skill(
        document.id,
        document.name,
        (document.short or document.name[:3]).upper(),
        document.scale == "sliding",
        document.summary,
        tuple(Level(lv.id, lv.name or lv.id, lv.description) for lv in document.levels),
        document.questions,
    )


@functools.cache
def shipped() -> Framework:
    """The framework that comes with the package."""
    text = files("tldash.method").joinpath("framework.yaml").read_text("utf-8")
    document, faults = check(FrameworkDocument, yaml_rs.loads(text, parse_datetime=False))
    if document is None or faults:
        raise ValueError(f"the shipped framework is not valid: {faults}")
    return from_document(document)
