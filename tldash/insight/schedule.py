"""Sessions in time: which were held, which comes next, and whether the cadence is kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Final

from tldash.model.dates import is_past, local
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Moment, Session, SessionStatus

LATE: Final = 1.4
"""How many cadences may pass between two sessions before the second counts as late."""
STRIP_CELLS: Final = 6


class Standing(StrEnum):
    """What is known of a lead's next session."""

    PLANNED = "planned"
    UNWRITTEN = "unwritten"
    """Its time has passed, and its file holds no more than an agenda."""
    MISSING = "missing"
    """Its time has passed, and there is no file of that day."""
    NONE = "none"


@frozen
class Upcoming:
    """The next session, as far as the files tell."""

    standing: Standing
    at: Moment | None = None
    session: Session | None = None
    """Its file, if there is one yet."""


class Beat(StrEnum):
    """One cell of the cadence strip."""

    HELD = "held"
    LATE = "late"
    MISSED = "missed"
    TO_COME = "to come"


def status_of(session: Session, now: datetime) -> SessionStatus:
    """Whether a session took place: as written, else the future is planned and the past held."""
    if session.status is not None:
        return session.status
    return SessionStatus.HELD if is_past(session.at, now) else SessionStatus.PLANNED


def held(lead: Lead, now: datetime) -> tuple[Session, ...]:
    """The sessions that took place, in order of date. One that nobody wrote up did not, as yet."""
    return tuple(
        session
        for session in lead.sessions
        if status_of(session, now) is SessionStatus.HELD
        and (session.written or session.status is SessionStatus.HELD)
        and is_past(session.at, now)
    )


def last_held(lead: Lead, now: datetime) -> Session | None:
    """The latest session that took place."""
    return next(reversed(held(lead, now)), None)


def days_since(lead: Lead, now: datetime) -> int | None:
    """Whole days since the last session; None before the first."""
    last = last_held(lead, now)
    return (now.date() - local(last.at, now).day).days if last else None


def upcoming(lead: Lead, now: datetime) -> Upcoming:
    """The next session: a file with a day to come, else what the last session says in `next`."""
    called_off = (SessionStatus.CANCELLED, SessionStatus.MISSED, SessionStatus.HELD)
    planned = [session for session in lead.sessions if session.status not in called_off]
    ahead = [session for session in planned if not is_past(session.at, now)]
    if ahead:
        return Upcoming(Standing.PLANNED, ahead[0].at, ahead[0])
    last = last_held(lead, now)
    promised = last.next if last else None
    days = {session.at.day for session in lead.sessions}
    if promised and promised.day not in days and not is_past(promised, now):
        return Upcoming(Standing.PLANNED, promised)
    unwritten = [s for s in planned if not s.written and (last is None or s.at.day > last.at.day)]
    if unwritten:
        return Upcoming(Standing.UNWRITTEN, unwritten[-1].at, unwritten[-1])
    if promised and promised.day not in days:
        return Upcoming(Standing.MISSING, promised)
    return Upcoming(Standing.NONE)


def expected(lead: Lead, now: datetime) -> date | None:
    """When the next session would be by cadence; None without one, or a session to count from."""
    last = last_held(lead, now)
    if last is None or lead.cadence is None:
        return None
    return local(last.at, now).day + timedelta(days=lead.cadence)


def place_for(lead: Lead, today: date) -> Session | None:
    """The session in which something agreed today is written down, if there is one.

    The latest up to today that took place, else the next that is planned.
    """
    lost = (SessionStatus.CANCELLED, SessionStatus.MISSED)
    taking_place = [session for session in lead.sessions if session.status not in lost]
    past = [session for session in taking_place if session.at.day <= today]
    return past[-1] if past else taking_place[0] if taking_place else None


def strip(lead: Lead, now: datetime, cells: int = STRIP_CELLS) -> tuple[Beat, ...]:
    """The last sessions as a row of beats, one a period of the cadence, at most `cells` of them.

    Counted from session to session rather than in fixed windows, so that a day more or less moves
    nothing. A gap of several cadences counts as the sessions that were missed in it.
    """
    beats: list[Beat] = []
    before: date | None = None
    took_place = {session.path for session in held(lead, now)}
    for session in lead.sessions:
        day = local(session.at, now).day
        if session.status is SessionStatus.MISSED:
            beats.append(Beat.MISSED)
            before = day
        elif session.path in took_place:
            beats.extend(_beats(before, day, lead.cadence))
            before = day
    ahead = upcoming(lead, now).standing is Standing.PLANNED
    if before is not None and lead.cadence and not ahead:
        missed = ceil((now.date() - before).days / lead.cadence - LATE)
        beats.extend([Beat.MISSED] * max(0, missed))
    if ahead:
        beats.append(Beat.TO_COME)
    return tuple(beats[-cells:])


def _beats(before: date | None, day: date, cadence: int | None) -> list[Beat]:
    if before is None or cadence is None:
        return [Beat.HELD]
    gap = (day - before).days / cadence
    if gap <= LATE:
        return [Beat.HELD]
    missed = round(gap) - 1
    return [*[Beat.MISSED] * missed, Beat.HELD] if missed else [Beat.LATE]
