"""Build a framework from its YAML document.

Skills, levels, questions and the shapes of a session are data. A company with its own ladder puts a
`framework.yaml` in its folder, which replaces the shipped one.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml_rs

from tldash.documents.time_box import describe_minutes
from tldash.model.framework import (
    REGULAR,
    Focus,
    Framework,
    Level,
    SessionPart,
    Shape,
    Skill,
    Starter,
)
from tldash.model.records import Severity

if TYPE_CHECKING:
    from tldash.documents.validate import Fault


SHIPPED: Final = Path(__file__).with_name("framework.yaml")

_FOCUS_BY_ID: Final = {
    **{focus.value: focus for focus in Focus if focus},
    "check-in": Focus.LAST_ACTIONS,
    "explore": Focus.SKILL,
}
"""The focus of a part without one, by its id. Copies of older shipped frameworks have none."""


def build_framework(document: Mapping[str, Any]) -> Framework:
    """Return the framework that a document describes, as far as its values are valid.

    `tldash.documents.framework_check` reports what is left out here.
    """
    given = sorted(document.get("starters") or (), key=lambda starter: starter["number"])
    starters: dict[int, Starter] = {}
    for starter in given:
        number = starter["number"]
        if number > 0:
            starters.setdefault(number, _starter(starter, number))
    after = document.get("after")
    return Framework(
        document.get("name") or "Framework",
        tuple(map(_skill, document["skills"])),
        tuple(_shapes(document)),
        tuple(starters.values()),
        _starter(after, max(starters, default=0) + 1) if after else None,
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


def _shapes(document: Mapping[str, Any]) -> Iterator[Shape]:
    """Yield the shapes. `session:` is the regular one; of two with an id, the first counts."""
    regular = {"id": REGULAR, "name": "Session", "parts": document.get("session")}
    given = [*([regular] if document.get("session") else ()), *(document.get("shapes") or ())]
    for shape in _first_of_each(given):
        name = shape.get("name") or shape["id"]
        yield Shape(shape["id"], name, tuple(_parts(shape.get("parts") or ())))


def _first_of_each(documents: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    seen: set[str] = set()
    for document in documents:
        name = document["id"].strip().lower()
        if name not in seen:
            yield document
        seen.add(name)


def _parts(documents: Iterable[Mapping[str, Any]]) -> Iterator[SessionPart]:
    """Yield the parts of a shape, each with an id of its own."""
    taken: set[str] = set()
    for number, document in enumerate(documents, 1):
        part_id = document.get("id") or f"part-{number}"
        while part_id in taken:
            part_id += f"-{number}"
        taken.add(part_id)
        focus = document.get("focus")
        yield SessionPart(
            part_id,
            document["name"],
            _span(document.get("minutes")),
            document.get("prompt") or "",
            document.get("purpose") or "",
            tuple(document.get("questions") or ()),
            Focus(focus) if focus is not None else _FOCUS_BY_ID.get(part_id, Focus.NONE),
        )


def _span(minutes: Sequence[int | None] | None) -> tuple[int, int] | None:
    low, high = minutes or (None, None)
    is_missing = low is None or high is None or describe_minutes(minutes)
    return None if is_missing else (low, high)  # type: ignore[return-value]


def _starter(document: Mapping[str, Any], number: int) -> Starter:
    shape = document.get("shape") or REGULAR
    return Starter(number, document["title"], document.get("purpose") or "", shape)


def parse_framework(data: object) -> tuple[Framework | None, tuple[Fault, ...]]:
    """Return the framework in a loaded `framework.yaml`, and the faults of the document.

    None if one of them is an error: half a framework would change the meaning of levels.
    """
    from tldash.documents.framework_check import check_framework

    document, faults = check_framework(data)
    if document is None or any(fault.severity is Severity.ERROR for fault in faults):
        return None, faults
    return build_framework(document), faults


@functools.cache
def load_shipped() -> Framework:
    """Return the framework that comes with the package; a test validates it. Cached."""
    data = yaml_rs.loads(SHIPPED.read_text("utf-8"), parse_datetime=False)
    return build_framework(data)  # type: ignore[arg-type]
