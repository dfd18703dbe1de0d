"""The time of a conversation by its parts, and what is missing when it ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from tldash.insight.schedule import find_next_session
from tldash.model.dates import to_local
from tldash.model.framework import Shape
from tldash.model.frozen import frozen
from tldash.model.records import Action, Lead, Session, SessionStatus

MINUTE: Final = 60.0
LONGEST: Final = 8 * 60 * MINUTE
"""Seconds beyond which a clock that was left running says nothing about a conversation."""


@frozen
class SessionClock:
    """Seconds spent in each part of a conversation.

    Times are readings of a clock that never jumps (`time.monotonic`), so neither a sleeping
    machine nor midnight nor a change of the time zone counts.
    """

    part: int = 0
    """Index of the current part."""
    spent: tuple[float, ...] = ()
    """Seconds in each part up to `since`; a missing one counts as 0."""
    since: float | None = None
    """When the current part began or went on; None while the clock is stopped."""

    @property
    def running(self) -> bool:
        """Whether the clock runs."""
        return self.since is not None

    def start(self, now: float) -> SessionClock:
        """Return the clock running."""
        return self if self.running else replace(self, since=now)

    def stop(self, now: float) -> SessionClock:
        """Return the clock stopped, with the time up to now."""
        return replace(self, spent=self._add(now), since=None)

    def go(self, part: int, now: float) -> SessionClock:
        """Return the clock in another part. It runs on if it ran."""
        return SessionClock(part, self._add(now), now if self.running else None)

    def seconds_in(self, part: int, now: float) -> float:
        """Return the seconds spent in a part."""
        spent = self._add(now)
        return spent[part] if part < len(spent) else 0.0

    def total(self, now: float) -> float:
        """Return the seconds spent in all parts."""
        return sum(self._add(now))

    def _add(self, now: float) -> tuple[float, ...]:
        if self.since is None:
            return self.spent
        spent = [*self.spent, *[0.0] * (self.part + 1 - len(self.spent))]
        spent[self.part] += min(max(now - self.since, 0.0), LONGEST)
        return tuple(spent)


def guess_part(shape: Shape, session: Session, now: datetime) -> int:
    """Return the part that a conversation on another machine has reached, by the time of day.

    A conversation without a time, or one that is not under way, is in its first part.
    """
    at = to_local(session.at, now)
    if at.time is None or at.day != now.date() or not shape.parts:
        return 0
    minutes = (now.hour - at.time.hour) * 60 + now.minute - at.time.minute
    if not 0 <= minutes <= 2 * max(shape.minutes[1], 1):
        return 0
    for index, part in enumerate(shape.parts):
        minutes -= part.minutes[1] if part.minutes else 0
        if minutes < 0:
            return index
    return len(shape.parts) - 1


def find_session_to_hold(lead: Lead, now: datetime) -> Session | None:
    """Return the session of today, else the next planned one; None if neither has a file."""
    off = (SessionStatus.CANCELLED, SessionStatus.MISSED)
    today = [
        one
        for one in lead.sessions
        if to_local(one.at, now).day == now.date() and one.status not in off
    ]
    return today[-1] if today else find_next_session(lead, now).session


class Closing(StrEnum):
    """What a conversation should leave behind, in the order of the closing page.

    The values are those of `left_out:` in the file.
    """

    ACTIONS = "actions"
    STRUCTURE = "structure"
    LEVELS = "levels"
    NEXT = "next"


REQUIRED: Final = (Closing.ACTIONS, Closing.NEXT)
"""Without these a session does not end unnoticed."""


def find_missing(session: Session, structure: Iterable[str]) -> tuple[Closing, ...]:
    """Return what a session lacks and does not leave out on purpose.

    `structure` are the lines about the structure of the conversation that its file has.
    """
    missing = {
        Closing.ACTIONS: not session.actions,
        Closing.STRUCTURE: not tuple(structure),
        Closing.LEVELS: bool(session.skill) and not session.levels,
        Closing.NEXT: session.next is None,
    }
    return tuple(one for one in Closing if missing[one] and one not in session.left_out)


def find_incomplete(actions: Iterable[Action]) -> tuple[Action, ...]:
    """Return the open actions without a due date. All have an owner: by default the lead."""
    return tuple(action for action in actions if not action.status.closed and action.due is None)
