"""Find where a lead stands among the starters, and the shape of a session.

The framework says how many starters there are, what each is for, and what comes after them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from tldash.insight.schedule import find_next_session, resolve_status
from tldash.model.dates import is_past
from tldash.model.framework import Framework, Shape, Starter
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Session, SessionStatus
from tldash.model.sanitize import to_single_line

_NUMBERS: Final = "no one two three four five six seven eight nine ten eleven twelve"


@frozen
class Position:
    """The place of a session among those of a lead that took place or are planned."""

    number: int
    """From 1."""
    starter: Starter | None
    """The starter with this number; after the last one, what comes after them."""
    last: int
    """The number of the last starter, or 0 without starters."""

    @property
    def is_starter(self) -> bool:
        """Whether the session is one of the starters."""
        return self.number <= self.last


def find_position(
    lead: Lead, framework: Framework, now: datetime, session: Session | None = None
) -> Position:
    """Return the position of a session, by default of the next one.

    Cancelled and missed sessions do not count, so the session after one takes its place.
    """
    if session is None:
        found = find_next_session(lead, now)
        if found.session is None:
            return find_position_on(lead, framework, now, found.at.day if found.at else None)
        session = found.session
    places = [other.place for other in lead.sessions]
    before = lead.sessions[: places.index(session.place)] if session.place in places else ()
    return _position(framework, 1 + sum(takes_place(other, now) for other in before))


def find_position_on(lead: Lead, framework: Framework, now: datetime, day: date | None) -> Position:
    """Return the position of a session without a file on a day; None for after all others."""
    before = (other for other in lead.sessions if day is None or other.at.day < day)
    return _position(framework, 1 + sum(takes_place(other, now) for other in before))


def _position(framework: Framework, number: int) -> Position:
    starter = framework.find_starter(number)
    last = framework.last_starter
    return Position(number, starter or (framework.after if number > last else None), last)


def takes_place(session: Session, now: datetime) -> bool:
    """Return whether a session took place or is to come, so that it counts."""
    status = resolve_status(session, now)
    is_ahead = status is SessionStatus.PLANNED and not is_past(session.at, now)
    return status is SessionStatus.HELD or is_ahead


def find_shape(
    lead: Lead, framework: Framework, now: datetime, session: Session | None = None
) -> Shape | None:
    """Return the shape of a session, by default of the next one."""
    return framework.shape_for(find_position(lead, framework, now, session).number)


def describe_position(position: Position) -> str:
    """Format as `session 4 of the seven starters: The hard one`, or `session 9: …` after them."""
    text = f"session {position.number}"
    if position.is_starter:
        last = position.last
        names = _NUMBERS.split()
        number = names[last] if last < len(names) else str(last)
        text += f" of the {number} starters" if last > 1 else " of one starter"
    title = to_single_line(position.starter.title) if position.starter else ""
    return f"{text}: {title}" if title else text
