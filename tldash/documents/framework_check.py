"""Validate a framework, also for what its model cannot see: ids used twice, and unknown shapes.

A skill or a level with the id of another one is an error, since files could mean either. A fault in
the shape of a session costs only that shape, part or starter.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from tldash.documents.models import FrameworkDocument
from tldash.documents.scalars import shorten
from tldash.documents.time_box import describe_minutes
from tldash.documents.validate import Fault, Rewrite, check
from tldash.model.framework import REGULAR
from tldash.model.records import Severity
from tldash.model.spelling import correct_spelling

Place = tuple[str | int, ...]


def check_framework(data: object) -> tuple[Mapping[str, Any] | None, tuple[Fault, ...]]:
    """Return the valid part of a loaded `framework.yaml` as a mapping, and all faults."""
    document, faults = check(FrameworkDocument, data)
    if document is None:
        return None, faults
    written = document.model_dump()
    return written, (*faults, *_faults(written))


def _faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _skill_faults(document)
    yield from _part_faults(document.get("session") or (), ("session",))
    yield from _shape_faults(document)
    yield from _starter_faults(document)


def _skill_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    skills = document["skills"]
    yield from _twice(skills, ("skills",), "skill", Severity.ERROR)
    expected = document.get("levels")
    names = expected if isinstance(expected, (list, tuple)) else ()
    for index, skill in enumerate(skills):
        yield from _twice(skill["levels"], ("skills", index, "levels"), "level", Severity.ERROR)
        known = {_fold(level["id"]) for level in skill["levels"]}
        for name in names:
            if isinstance(name, str) and _fold(name) not in known:
                yield Fault(
                    ("skills", index, "levels"),
                    Severity.WARNING,
                    "missing-level",
                    f"the skill '{shorten(skill['id'])}' has no level '{shorten(name)}'",
                    "add it, or remove it from levels at the top of the file",
                )


def _twice(
    documents: Iterable[Mapping[str, Any]], where: Place, what: str, severity: Severity
) -> Iterator[Fault]:
    """Yield a fault for each id that one of the documents before has, ignoring case."""
    seen: set[str] = set()
    for index, document in enumerate(documents):
        name = _fold(document["id"])
        if name in seen:
            message = f"there are two {what}s with the id '{shorten(document['id'])}'"
            yield Fault(
                (*where, index, "id"), severity, "duplicate-id", message, "give each its own id"
            )
        seen.add(name)


def _shape_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    shapes = document.get("shapes") or ()
    yield from _twice(shapes, ("shapes",), "shape", Severity.WARNING)
    for index, shape in enumerate(shapes):
        if document.get("session") and _fold(shape["id"]) == REGULAR:
            yield Fault(
                ("shapes", index, "id"),
                Severity.WARNING,
                "duplicate-id",
                f"'session' is the shape '{REGULAR}', so this one is not used",
                "keep one of the two",
            )
        yield from _part_faults(shape["parts"], ("shapes", index, "parts"))


def _part_faults(parts: Iterable[Mapping[str, Any]], where: Place) -> Iterator[Fault]:
    parts = tuple(parts)
    yield from _twice(parts, where, "part", Severity.WARNING)
    for index, part in enumerate(parts):
        if wrong := describe_minutes(part.get("minutes")):
            message, hint = wrong
            yield Fault((*where, index, "minutes"), Severity.WARNING, "minutes", message, hint)


def _starter_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    known = {_fold(shape["id"]): shape["id"] for shape in document.get("shapes") or ()}
    if document.get("session"):
        known[REGULAR] = REGULAR
    seen: set[Hashable] = set()
    for index, starter in enumerate(document.get("starters") or ()):
        number = starter["number"]
        place = ("starters", index, "number")
        if number < 1:
            message = f"starters count from 1, so there is no starter {shorten(number)}"
            yield Fault(place, Severity.WARNING, "number", message, "write its place, such as 1")
        elif number in seen:
            message = f"there are two starters with the number {shorten(number)}"
            yield Fault(place, Severity.WARNING, "duplicate-id", message, "the first one is used")
        seen.add(number)
        yield from _unknown_shape(starter, ("starters", index, "shape"), known)
    if document.get("after"):
        yield from _unknown_shape(document["after"], ("after", "shape"), known)


def _unknown_shape(
    starter: Mapping[str, Any], where: Place, known: Mapping[str, str]
) -> Iterator[Fault]:
    shape = starter.get("shape")
    if shape is None or _fold(shape) in known:
        return
    meant = correct_spelling(shape, known.values())
    hint = f"did you mean '{meant}'?" if meant else f"write {' or '.join(known.values())}"
    yield Fault(
        where,
        Severity.WARNING,
        "unknown-shape",
        f"there is no shape '{shorten(shape)}', so the regular one is used",
        hint if known else "define it below shapes",
        Rewrite(shape, meant) if meant else None,
    )


def _fold(name: str) -> str:
    return name.strip().lower()
