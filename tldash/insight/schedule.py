"""Find held and upcoming sessions, and compare their intervals with the cadence."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Final

from tldash.insight.phase import is_active
from tldash.model.dates import is_past, to_local
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Moment, Session, SessionStatus

PAST_CADENCE_FACTOR: Final = 1.4
"""Number of cadences between two sessions from which a lead is past cadence."""
STRIP_CELLS: Final = 6
"""Length of the cadence strip."""
_SETTLED: Final = (SessionStatus.CANCELLED, SessionStatus.MISSED, SessionStatus.HELD)
"""The statuses of sessions that are not to come, whatever their day."""


class NextState(StrEnum):
    """State of a lead's next session."""

    PLANNED = "planned"
    NOT_WRITTEN_UP = "not written up"
    """In the past, with a file that has no notes."""
    MISSING = "missing"
    """In the past, without a file."""
    NONE = "none"


@frozen
class NextSession:
    """A lead's next session, or the latest planned one that was not written up."""

    state: NextState
    at: Moment | None = None
    session: Session | None = None
    """The session, if it has a file."""


class CadenceCell(StrEnum):
    """A cell of the cadence strip."""

    HELD = "held"
    PAST_CADENCE = "past cadence"
    """Held more than `PAST_CADENCE_FACTOR` cadences after the session before."""
    MISSED = "missed"
    TO_COME = "to come"


def resolve_status(session: Session, now: datetime) -> SessionStatus:
    """Return the status in the file, else held for a past session and planned for a future one.

    A session of today without a time is held once it has notes, levels or a next date.
    """
    if session.status is not None:
        return session.status
    if is_past(session.at, now) or (session.has_notes and _is_today(session.at, now)):
        return SessionStatus.HELD
    return SessionStatus.PLANNED


def _is_today(moment: Moment, now: datetime) -> bool:
    """Return whether a moment is today, at no known time."""
    return moment.time is None and moment.day == now.date()


def find_held_sessions(lead: Lead, now: datetime) -> tuple[Session, ...]:
    """Return the held sessions by date. A session without notes counts if its status is held."""
    return tuple(
        session
        for session in lead.sessions
        if resolve_status(session, now) is SessionStatus.HELD
        and (session.has_notes or session.status is SessionStatus.HELD)
        and (is_past(session.at, now) or _is_today(session.at, now))
    )


def find_last_session(lead: Lead, now: datetime) -> Session | None:
    """Return the latest held session."""
    return next(reversed(find_held_sessions(lead, now)), None)


def count_days_since_session(lead: Lead, now: datetime) -> int | None:
    """Return the days since the last held session, or None before the first."""
    last = find_last_session(lead, now)
    return (now.date() - to_local(last.at, now).day).days if last else None


def find_upcoming_sessions(lead: Lead, now: datetime) -> tuple[Session, ...]:
    """Return the session files that are planned and not past, by date."""
    return tuple(
        session
        for session in lead.sessions
        if session.status not in _SETTLED
        and not is_past(session.at, now)
        and resolve_status(session, now) is SessionStatus.PLANNED
    )


def find_next_session(lead: Lead, now: datetime) -> NextSession:
    """Find a lead's next session.

    It is the first future session file, else the `next` date of the last session. Without either it
    is the latest past session that was not written up, unless coaching is paused or has ended.
    """
    ahead = find_upcoming_sessions(lead, now)
    if ahead:
        return NextSession(NextState.PLANNED, ahead[0].at, ahead[0])
    last = find_last_session(lead, now)
    promised = last.next if last else None
    days = {session.at.day for session in lead.sessions}
    if promised and promised.day not in days and not is_past(promised, now):
        return NextSession(NextState.PLANNED, promised)
    if not is_active(lead):
        return NextSession(NextState.NONE)
    unwritten = [
        session
        for session in lead.sessions
        if session.status not in _SETTLED
        and not session.has_notes
        and (last is None or session.at.day > last.at.day)
    ]
    if unwritten:
        return NextSession(NextState.NOT_WRITTEN_UP, unwritten[-1].at, unwritten[-1])
    if promised and promised.day not in days:
        return NextSession(NextState.MISSING, promised)
    return NextSession(NextState.NONE)


def estimate_next_day(lead: Lead, now: datetime) -> date | None:
    """Return the day one cadence after the last session.

    None without a cadence or session, and while coaching is paused or has ended.
    """
    last = find_last_session(lead, now)
    if last is None or lead.cadence is None or not is_active(lead):
        return None
    return to_local(last.at, now).day + timedelta(days=lead.cadence)


def find_session_for(lead: Lead, today: date) -> Session | None:
    """Return the session that new actions are added to.

    It is the latest session up to `today` that was not cancelled or missed, else the first one
    after it.
    """
    skipped = (SessionStatus.CANCELLED, SessionStatus.MISSED)
    candidates = [session for session in lead.sessions if session.status not in skipped]
    past = [session for session in candidates if session.at.day <= today]
    return past[-1] if past else candidates[0] if candidates else None


def build_cadence_strip(
    lead: Lead, now: datetime, cells: int = STRIP_CELLS
) -> tuple[CadenceCell, ...]:
    """Build the strip of the last sessions, one cell per cadence, at most `cells` long.

    Intervals are measured from session to session, so small shifts do not add up. An interval of
    several cadences adds one missed cell for each cadence without a session. None are added for the
    time in which coaching is paused or has ended.
    """
    strip: list[CadenceCell] = []
    before: date | None = None
    took_place = {session.place for session in find_held_sessions(lead, now)}
    for session in lead.sessions:
        day = to_local(session.at, now).day
        if session.status is SessionStatus.MISSED:
            strip.append(CadenceCell.MISSED)
            before = day
        elif session.place in took_place:
            strip.extend(_cells_between(before, day, lead.cadence))
            before = day
    ahead = find_next_session(lead, now).state is NextState.PLANNED
    if before is not None and lead.cadence and is_active(lead):
        missed = ceil((now.date() - before).days / lead.cadence - PAST_CADENCE_FACTOR)
        strip.extend([CadenceCell.MISSED] * max(0, missed))
    if ahead:
        strip.append(CadenceCell.TO_COME)
    return tuple(strip[-cells:])


def build_months(
    lead: Lead, now: datetime, first: date, months: int
) -> tuple[tuple[CadenceCell, ...], ...]:
    """Return the held, missed and coming sessions of each month, from the month of `first` on."""
    cells: list[list[CadenceCell]] = [[] for _ in range(months)]
    took_place = {session.path for session in find_held_sessions(lead, now)}
    coming = find_next_session(lead, now)

    def add(day: date, cell: CadenceCell) -> None:
        month = (day.year - first.year) * 12 + day.month - first.month
        if 0 <= month < months:
            cells[month].append(cell)

    for session in lead.sessions:
        if session.path in took_place:
            add(to_local(session.at, now).day, CadenceCell.HELD)
        elif session.status is SessionStatus.MISSED:
            add(to_local(session.at, now).day, CadenceCell.MISSED)
    if coming.at is not None and coming.state is NextState.PLANNED:
        add(to_local(coming.at, now).day, CadenceCell.TO_COME)
    return tuple(map(tuple, cells))


def _cells_between(before: date | None, day: date, cadence: int | None) -> list[CadenceCell]:
    if before is None or cadence is None:
        return [CadenceCell.HELD]
    gap = (day - before).days / cadence
    if gap <= PAST_CADENCE_FACTOR:
        return [CadenceCell.HELD]
    missed = round(gap) - 1
    return (
        [*[CadenceCell.MISSED] * missed, CadenceCell.HELD] if missed else [CadenceCell.PAST_CADENCE]
    )
