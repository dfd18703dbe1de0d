"""Name the owners of task items from the viewer's point of view."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from tldash.model.frozen import frozen
from tldash.model.records import Action, Lead

COACH: Final = "coach"


@frozen
class Viewer:
    """The person who uses the dashboard."""

    name: str
    """The name as in the files."""
    lead: str | None = None
    """Id of the lead who is the viewer, if any."""
    coaches: tuple[str, ...] = ()
    """Ids of the leads that the viewer coaches."""


class ViewerRole(StrEnum):
    """Role of the viewer towards one lead."""

    COACH = "coach"
    LEAD = "lead"
    ANOTHER = "another"
    """Someone else, or unknown."""


def find_role(viewer: Viewer | None, lead: Lead) -> ViewerRole:
    """Return who the viewer is to a lead."""
    if viewer is None:
        return ViewerRole.ANOTHER
    if viewer.lead == lead.id:
        return ViewerRole.LEAD
    return ViewerRole.COACH if lead.id in viewer.coaches else ViewerRole.ANOTHER


def format_owner(owner: str, lead: Lead, you: ViewerRole = ViewerRole.ANOTHER) -> str:
    """Format the owner of a lead's task item: `you`, `Ada`, `Mira`, `the coach`, `@sparrow`."""
    name = owner.casefold()
    coach = lead.coach or ""
    if name in _names(COACH, coach):
        return "you" if you is ViewerRole.COACH else _first(coach) or "the coach"
    if name in _names(lead.id.rpartition("/")[2], lead.name):
        return "you" if you is ViewerRole.LEAD else _first(lead.name)
    return f"@{owner}"


def is_leads_own(action: Action, lead: Lead) -> bool:
    """Return whether the lead does an action, not the coach or somebody else."""
    if action.coach_owned:
        return False
    names = _names(lead.id.rpartition("/")[2], lead.name)
    return action.owner == lead.id or action.owner.casefold() in names


def format_voice(of: ViewerRole, lead: Lead, you: ViewerRole) -> str:
    """Name the lead or the coach as the viewer does: `you`, `Ada`, `Mira`, `the coach`."""
    if of is you:
        return "you"
    return _first(lead.name) if of is ViewerRole.LEAD else _first(lead.coach or "") or "the coach"


def _names(*names: str) -> set[str]:
    folded = [name.casefold() for name in names if name]
    return {*folded, *map(_first, folded)}


def _first(name: str) -> str:
    return next(iter(name.split()), "")
