"""Reading a framework from its document.

The five skills, their levels and questions are data: a company that brings its own ladder replaces
the shipped file with a `framework.yaml` in its folder, and no code changes.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml_rs

from tldash.model.framework import Framework, Level, SessionPart, Skill
from tldash.model.records import Severity

if TYPE_CHECKING:
    from tldash.documents.validate import Fault


SHIPPED: Final = Path(__file__).with_name("framework.yaml")


def from_mapping(document: Mapping[str, Any]) -> Framework:
    """The framework that a right document describes."""
    starters = sorted(document.get("starters") or (), key=lambda starter: starter["number"])
    return Framework(
        document.get("name") or "Framework",
        tuple(map(_skill, document["skills"])),
        tuple(map(_part, document.get("session") or ())),
        tuple(starter["title"] for starter in starters),
        dict(document.get("cadences") or {}),
    )


def _skill(document: Mapping[str, Any]) -> Skill:
    return Skill(
        document["id"],
        document["name"],
        (document.get("short") or document["name"][:3]).upper(),
        document.get("scale") == "sliding",
        document.get("summary") or "",
        tuple(map(_level, document["levels"])),
        tuple(document.get("questions") or ()),
    )


def _level(document: Mapping[str, Any]) -> Level:
    return Level(
        document["id"],
        document.get("name") or document["id"],
        document.get("description") or "",
        tuple(document.get("markers") or ()),
    )


def _part(document: Mapping[str, Any]) -> SessionPart:
    low, high = document.get("minutes") or (None, None)
    span = None if low is None or high is None else (low, high)
    return SessionPart(document["name"], span, document.get("prompt") or "")


def checked(data: object) -> tuple[Framework | None, tuple[Fault, ...]]:
    """The framework that a loaded `framework.yaml` describes, and what is wrong with it.

    None if any of that is an error: half a framework would give levels another meaning.
    """
    from tldash.documents.models import FrameworkDocument
    from tldash.documents.validate import check

    document, faults = check(FrameworkDocument, data)
    if document is None or any(fault.severity is Severity.ERROR for fault in faults):
        return None, faults
    return from_mapping(document.model_dump()), faults


@functools.cache
def shipped() -> Framework:
    """The framework that comes with the package; that it is right, a test makes sure of."""
    data = yaml_rs.loads(SHIPPED.read_text("utf-8"), parse_datetime=False)
    return from_mapping(data)  # type: ignore[arg-type]
