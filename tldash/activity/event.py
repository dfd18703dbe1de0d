"""Events: what people did to the items, sessions and leads of a folder."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from tldash.model.frozen import frozen
from tldash.model.records import Moment

ARROW: Final = " -> "
"""Separates the old from the new value in `Event.detail`. Either side can be empty."""


class EventKind(StrEnum):
    """Kind of an event. Events on the same line sort in this order."""

    TICKED = "ticked"
    REACHED = "marker reached"
    RAISED = "level raised"
    LOWERED = "level lowered"
    HELD = "session held"
    NOTES_WRITTEN = "notes written"
    PLANNED = "session planned"
    RESCHEDULED = "session rescheduled"
    CANCELLED = "session cancelled"
    MISSED = "session missed"
    ADDED = "added"
    TOPIC = "topic added"
    STARTED = "started"
    REOPENED = "reopened"
    MOVED = "moved"
    CARRIED = "carried"
    HANDED_OVER = "handed over"
    REWORDED = "reworded"
    CHANGED = "changed"
    DROPPED = "dropped"
    DELETED = "removed"
    GOAL = "goal changed"
    LEAD_ADDED = "lead new"
    LEAD_DELETED = "lead gone"


ORDER: Final = {kind: place for place, kind in enumerate(EventKind)}


@frozen
class Event:
    """A change of an item, session or lead. `tldash.activity.describe` formats it."""

    kind: EventKind
    lead_id: str
    text: str
    """Text of the item, name of the skill or lead, or formatted day of the session."""
    path: str
    """Current location, or the last one of a deleted item."""
    line: int
    detail: str = ""
    """The new or the old value, depending on the kind. For dates `old -> new` (see `ARROW`)."""
    subject: str = ""
    """`topic`, `marker`, `goal`, `session`, or the changed field. Empty for actions, due dates."""
    when: Moment | None = None
    """The date written in the line, else the time of detection, else None."""
