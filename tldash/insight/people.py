"""What somebody is called to the one who reads: you, the lead, the coach, or as it is written."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from tldash.model.frozen import frozen
from tldash.model.records import Lead

COACH: Final = "coach"


@frozen
class Viewer:
    """Somebody whom the files know."""

    name: str
    """As the files have it."""
    lead: str | None = None
    """The id of the lead that this is, if it is one."""
    coaches: tuple[str, ...] = ()
    """The ids of the leads whose coach this is."""


class ViewerRole(StrEnum):
    """Who reads, as far as one lead is concerned."""

    COACH = "coach"
    LEAD = "lead"
    ANOTHER = "another"
    """Or nobody said who."""


def format_owner(owner: str, lead: Lead, you: ViewerRole = ViewerRole.ANOTHER) -> str:
    """The owner of one of the lead's task items, by name: `you`, `Ada`, `Mira`, `@sparrow`."""
    name = owner.casefold()
    coach = lead.coach or ""
    if name in _names(COACH, coach):
        return "you" if you is ViewerRole.COACH else _first(coach) or "the coach"
    if name in _names(lead.id.rpartition("/")[2], lead.name):
        return "you" if you is ViewerRole.LEAD else _first(lead.name)
    return f"@{owner}"


def _names(*names: str) -> set[str]:
    folded = [name.casefold() for name in names if name]
    return {*folded, *map(_first, folded)}


def _first(name: str) -> str:
    return next(iter(name.split()), "")
