"""Build a framework from its YAML document.

Skills, levels and questions are data. A company with its own ladder puts a `framework.yaml` in its
folder, which replaces the shipped one.
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


def build_framework(document: Mapping[str, Any]) -> Framework:
    """Return the framework that a valid document describes."""
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


def parse_framework(data: object) -> tuple[Framework | None, tuple[Fault, ...]]:
    """Return the framework in a loaded `framework.yaml`, and the faults of the document.

    None if one of them is an error: half a framework would change the meaning of levels.
    """
    from tldash.documents.models import FrameworkDocument
    from tldash.documents.validate import check

    document, faults = check(FrameworkDocument, data)
    if document is None or any(fault.severity is Severity.ERROR for fault in faults):
        return None, faults
    return build_framework(document.model_dump()), faults


@functools.cache
def load_shipped() -> Framework:
    """Return the framework that comes with the package; a test validates it. Cached."""
    data = yaml_rs.loads(SHIPPED.read_text("utf-8"), parse_datetime=False)
    return build_framework(data)  # type: ignore[arg-type]
