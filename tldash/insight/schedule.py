"""Sessions in time: which were held, which comes next, and whether the cadence is kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Final

from tldash.model.dates import is_past, to_local
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Moment, Session, SessionStatus

PAST_CADENCE_FACTOR: Final = 1.4
"""How many cadences may pass between two sessions before the second counts as late."""
STRIP_CELLS: Final = 6


class NextState(StrEnum):
    """What is known of a lead's next session."""

    PLANNED = "planned"
    NOT_WRITTEN_UP = "unwritten"
    """Its time has passed, and its file holds no more than an agenda."""
    MISSING = "missing"
    """Its time has passed, and there is no file of that day."""
    NONE = "none"


@frozen
class NextSession:
    """The next session, as far as the files tell."""

    state: NextState
    at: Moment | None = None
    session: Session | None = None
    """Its file, if there is one yet."""


class CadenceCell(StrEnum):
    """One cell of the cadence strip."""

    HELD = "held"
    PAST_CADENCE = "late"
    MISSED = "missed"
    TO_COME = "to come"


def resolve_status(session: Session, now: datetime) -> SessionStatus:
    """Whether a session took place: as written, else the future is planned and the past held."""
    if session.status is not None:
        return session.status
    return SessionStatus.HELD if is_past(session.at, now) else SessionStatus.PLANNED


def find_held_sessions(lead: Lead, now: datetime) -> tuple[Session, ...]:
    """The sessions that took place, in order of date. One that nobody wrote up did not, as yet."""
    return tuple(
        session
        for session in lead.sessions
        if resolve_status(session, now) is SessionStatus.HELD
        and (session.has_notes or session.status is SessionStatus.HELD)
        and is_past(session.at, now)
    )


def find_last_session(lead: Lead, now: datetime) -> Session | None:
    """The latest session that took place."""
    return next(reversed(find_held_sessions(lead, now)), None)


def count_days_since_session(lead: Lead, now: datetime) -> int | None:
    """Whole days since the last session; None before the first."""
    last = find_last_session(lead, now)
    return (now.date() - to_local(last.at, now).day).days if last else None


def find_next_session(lead: Lead, now: datetime) -> NextSession:
    """The next session: a file with a day to come, else what the last session says in `next`."""
    called_off = (SessionStatus.CANCELLED, SessionStatus.MISSED, SessionStatus.HELD)
    planned = [session for session in lead.sessions if session.status not in called_off]
    ahead = [session for session in planned if not is_past(session.at, now)]
    if ahead:
        return NextSession(NextState.PLANNED, ahead[0].at, ahead[0])
    last = find_last_session(lead, now)
    promised = last.next if last else None
    days = {session.at.day for session in lead.sessions}
    if promised and promised.day not in days and not is_past(promised, now):
        return NextSession(NextState.PLANNED, promised)
    unwritten = [s for s in planned if not s.has_notes and (last is None or s.at.day > last.at.day)]
    if unwritten:
        return NextSession(NextState.NOT_WRITTEN_UP, unwritten[-1].at, unwritten[-1])
    if promised and promised.day not in days:
        return NextSession(NextState.MISSING, promised)
    return NextSession(NextState.NONE)


def estimate_next_day(lead: Lead, now: datetime) -> date | None:
    """When the next session would be by cadence; None without one, or a session to count from."""
    last = find_last_session(lead, now)
    if last is None or lead.cadence is None:
        return None
    return to_local(last.at, now).day + timedelta(days=lead.cadence)


def find_session_for(lead: Lead, today: date) -> Session | None:
    """The session in which something agreed today is written down, if there is one.

    The latest up to today that took place, else the next that is planned.
    """
    lost = (SessionStatus.CANCELLED, SessionStatus.MISSED)
    taking_place = [session for session in lead.sessions if session.status not in lost]
    past = [session for session in taking_place if session.at.day <= today]
    return past[-1] if past else taking_place[0] if taking_place else None


def build_cadence_strip(
    lead: Lead, now: datetime, cells: int = STRIP_CELLS
) -> tuple[CadenceCell, ...]:
    """The last sessions as a row of beats, one a period of the cadence, at most `cells` of them.

    Counted from session to session rather than in fixed windows, so that a day more or less moves
    nothing. A gap of several cadences counts as the sessions that were missed in it.
    """
    beats: list[CadenceCell] = []
    before: date | None = None
    took_place = {session.path for session in find_held_sessions(lead, now)}
    for session in lead.sessions:
        day = to_local(session.at, now).day
        if session.status is SessionStatus.MISSED:
            beats.append(CadenceCell.MISSED)
            before = day
        elif session.path in took_place:
            beats.extend(_beats(before, day, lead.cadence))
            before = day
    ahead = find_next_session(lead, now).state is NextState.PLANNED
    if before is not None and lead.cadence and not ahead:
        missed = ceil((now.date() - before).days / lead.cadence - PAST_CADENCE_FACTOR)
        beats.extend([CadenceCell.MISSED] * max(0, missed))
    if ahead:
        beats.append(CadenceCell.TO_COME)
    return tuple(beats[-cells:])


def _beats(before: date | None, day: date, cadence: int | None) -> list[CadenceCell]:
    if before is None or cadence is None:
        return [CadenceCell.HELD]
    gap = (day - before).days / cadence
    if gap <= PAST_CADENCE_FACTOR:
        return [CadenceCell.HELD]
    missed = round(gap) - 1
    return (
        [*[CadenceCell.MISSED] * missed, CadenceCell.HELD] if missed else [CadenceCell.PAST_CADENCE]
    )
