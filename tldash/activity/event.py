"""What can happen to what people keep in a folder: the kinds, and the shape of an event."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from tldash.model.dates import format_date, to_local
from tldash.model.framework import Framework
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Moment, Session

ARROW: Final = " -> "
"""Between what was and what is, in the detail of an event; either may be missing."""


class Kind(StrEnum):
    """What happened."""

    TICKED = "ticked"
    REACHED = "marker reached"
    RAISED = "level raised"
    LOWERED = "level lowered"
    HELD = "session held"
    NOTES = "notes written"
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
    REMOVED = "removed"
    GOAL = "goal changed"
    LEAD_NEW = "lead new"
    LEAD_GONE = "lead gone"


ORDER: Final = {kind: place for place, kind in enumerate(Kind)}


@frozen
class Event:
    """Something that somebody did. `tldash.telling` has the words for it."""

    kind: Kind
    lead_id: str
    text: str
    """The item's words, the name of the skill or lead, or the day of the session, for people."""
    path: str
    """Where it can be seen now; of what was removed, where it was."""
    line: int
    detail: str = ""
    """What is new about it, or what it was; of days `what was -> what is`."""
    subject: str = ""
    """What it is about where that is no action, or which part: `topic`, `marker`, `start`."""
    when: Moment | None = None
    """The day that the line itself tells, or the moment at which it was noticed; else None."""


def stamp_events(found: tuple[Event, ...], now: datetime) -> tuple[Event, ...]:
    """The same events, with the moment at which somebody saw them happen."""
    moment = Moment(now.date(), now.time(), now.tzinfo)
    return tuple(replace(event, when=moment) for event in found)


@frozen
class Between:
    """A lead as it was and as it is, and what is needed to tell the difference."""

    before: Lead
    after: Lead
    framework: Framework
    now: datetime

    def event(self, kind: Kind, text: str, path: str, line: int, detail: str = "") -> Event:
        """An event of this lead."""
        return Event(kind, self.after.id, text, path, line, detail)

    def day(self, day: date) -> str:
        """A day as it is said today."""
        return format_date(day, self.now.date())

    def of_day(self, session: Session) -> str:
        """The day of a session as the viewer's clock has it."""
        return self.day(to_local(session.at, self.now).day)


def lower(name: str) -> str:
    """A name as it stands in a sentence; one in capitals stays as it is."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
