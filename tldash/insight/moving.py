"""Plan how a session moves: its file name, what else names its day, and why it cannot.

Also the usual time of a lead's sessions, and which session a key of the lead means.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, tzinfo
from datetime import time as time_of_day
from typing import Final

from tldash.insight.schedule import (
    NextState,
    find_last_session,
    find_next_session,
    find_upcoming_sessions,
    resolve_status,
)
from tldash.model.dates import from_local, is_past, load_zone, to_local
from tldash.model.frozen import frozen
from tldash.model.records import (
    NEXT_SESSION_TAG,
    Lead,
    Moment,
    Session,
    SessionStatus,
    Task,
)

USUAL_OF: Final = 6
"""The number of latest sessions with a time that the usual time is taken from."""
CALLED_OFF: Final = (SessionStatus.CANCELLED, SessionStatus.MISSED)


@frozen
class SessionMove:
    """How a session moves to another day or time."""

    session: Session | None
    """None for a session without a file, which only the `next` date of another one names."""
    was: Moment
    at: Moment
    """In the time zone of the session."""
    name: str = ""
    """The new name of its file; empty if it keeps its name."""
    promiser: Session | None = None
    """The session before, whose `next` date is this session."""
    actions: tuple[Task, ...] = ()
    """Open actions that are due by this session and move along with it."""
    reopens: bool = False
    """Whether it was cancelled or missed and is planned again."""

    @property
    def path(self) -> str:
        """The path of its file after the move; empty without a file."""
        if self.session is None:
            return ""
        folder, slash, _ = self.session.path.rpartition("/")
        return f"{folder}{slash}{self.name}" if self.name else self.session.path


def find_usual_time(lead: Lead, now: datetime) -> time_of_day | None:
    """Return the most frequent time of the latest sessions, in the viewer's time zone."""
    moments = [to_local(one.at, now) for one in lead.sessions if one.at.time is not None]
    times = [moment.time for moment in moments[-USUAL_OF:][::-1]]
    return Counter(times).most_common(1)[0][0] if times else None


def find_zone(lead: Lead) -> tzinfo | None:
    """Return the time zone of times without one in the lead's files; None for the viewer's."""
    return load_zone(lead.timezone)


def find_session_to_miss(lead: Lead, now: datetime) -> Session | None:
    """Return the session that can be marked as missed: the latest past one not written up."""
    found = [
        session
        for session in lead.sessions
        if session.status not in (*CALLED_OFF, SessionStatus.HELD)
        and not session.has_notes
        and is_past(session.at, now)
    ]
    return found[-1] if found else None


def find_called_off(lead: Lead) -> Session | None:
    """Return the latest session that was cancelled or missed."""
    found = [session for session in lead.sessions if session.status in CALLED_OFF]
    return found[-1] if found else None


def plan_move(
    lead: Lead, session: Session | None, wanted: Moment, now: datetime
) -> SessionMove | str:
    """Plan to move a session, or return why it cannot be moved.

    Args:
        lead: The lead.
        session: The session; None for the next one, if only a `next` date names it.
        wanted: The new moment in the viewer's time zone. Without a time, the session keeps its own.
        now: The current time.
    """
    promiser = _find_promiser(lead, session, now)
    if session is None and (promiser is None or promiser.next is None):
        return f"{lead.name} has no next session planned"
    was = session.at if session is not None else promiser.next  # type: ignore[union-attr]
    assert was is not None
    if session is not None and session.section:
        return (
            f"{session.path} holds several sessions; change the date in its heading there: "
            f"{session.section}"
        )
    local = to_local(was, now)
    zone = was.zone if was.time is not None else find_zone(lead)
    at = from_local(Moment(wanted.day, wanted.time or local.time), zone, now)
    if wanted.day == local.day and (at.day, at.time) == (was.day, was.time):
        return "it is on that day already"
    for other in lead.sessions:
        if other.at.day == at.day and other is not session:
            return f"{lead.name} already has a session on {at.day}: {other.path}"
    name = ""
    if session is not None and at.day != was.day:
        old = session.path.rpartition("/")[2]
        from tldash.model.file_roles import with_date_in_name  # the first screen needs no parser

        name = with_date_in_name(old, at.day) or ""
        name = "" if name == old else name
    reopens = session is not None and session.status in CALLED_OFF and not is_past(at, now)
    named = promiser if promiser is not None and at != was else None
    return SessionMove(session, was, at, name, named, find_promised(lead, was.day), reopens)


def find_promise_to_move(
    lead: Lead, day: date | None, time: time_of_day | None, now: datetime
) -> SessionMove | None:
    """Return how the next session moves when a file for it is created on another day.

    None if only files name the sessions to come, if it is on that day already, or if the file is
    for a day in the past: that session is written up late, and the next one stays.
    """
    found = find_next_session(lead, now)
    if day is None or found.at is None or found.session is not None or day < now.date():
        return None
    if found.state is not NextState.PLANNED or day == found.at.day:
        return None
    at = Moment(day, time, found.at.zone)
    promiser = find_last_session(lead, now)
    return SessionMove(
        None, found.at, at, promiser=promiser, actions=find_promised(lead, found.at.day)
    )


def find_promised(lead: Lead, day: date) -> tuple[Task, ...]:
    """Return the open actions of a lead that are due by the session on a day."""
    return tuple(
        action.task
        for action in lead.actions
        if not action.status.closed
        and action.due == day
        and NEXT_SESSION_TAG in action.task.fields.tags
    )


def find_moved_topics(lead: Lead, day: date) -> tuple[Task, ...]:
    """Return the open topics of a lead that were moved to the session on a day."""
    return tuple(
        topic
        for session in lead.sessions
        for topic in session.topics
        if not topic.status.closed and topic.fields.scheduled == day
    )


def check_status(session: Session, status: SessionStatus | None, now: datetime) -> str:
    """Return why a session cannot get a status, or (None) lose it; empty if it can."""
    if session.section:
        return f"{session.path} holds several sessions, so it cannot hold a status of one"
    if session.status is status:
        return f"it is {resolve_status(session, now)} already"
    if status is SessionStatus.MISSED and not is_past(session.at, now):
        today = to_local(session.at, now).day == now.date()
        return "" if today else "it is still to come; cancel it or move it"
    return ""


def find_planned(lead: Lead, now: datetime) -> Session | None:
    """Return the planned session that is not past, if it has a file."""
    return next(iter(find_upcoming_sessions(lead, now)), None)


def _find_promiser(lead: Lead, session: Session | None, now: datetime) -> Session | None:
    """Return the latest session before this one whose `next` date it is."""
    if session is None:
        found = find_next_session(lead, now)
        promised = found.session is None and found.state is not NextState.NONE
        return find_last_session(lead, now) if promised else None
    before = [
        other
        for other in lead.sessions
        if other.at.day < session.at.day
        and other.next is not None
        and other.next.day == session.at.day
    ]
    return before[-1] if before else None
