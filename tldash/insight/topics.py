"""Find the agenda that each open topic is on.

A topic stays in the file that it was written in. It is on the agenda of its own session while that
is to come, and of the next session once it was left open. A `scheduled` date moves it to the first
session from that day on. So each open topic is on exactly one agenda that is still to come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from tldash.insight.lead_cache import LeadCache
from tldash.insight.schedule import (
    NextState,
    estimate_next_day,
    find_next_session,
    find_upcoming_sessions,
)
from tldash.model.dates import to_local
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Moment, Session, SessionStatus, Status, Task
from tldash.model.spelling import fold_accents

_DAY: Final = timedelta(days=1)
USUAL_CADENCE: Final = 30
"""Days between the sessions of a lead without a cadence."""


@frozen
class AgendaTopic:
    """An open topic on an agenda."""

    task: Task
    left_open_from: date | None = None
    """Day of the session that it was left open in; None if it was in none yet."""

    @property
    def by(self) -> str | None:
        """Who added it: the owner of the topic."""
        return self.task.fields.owner


@frozen
class Agenda:
    """The open topics of a session that is still to come, or to be written up."""

    at: Moment | None
    """None as long as no day is planned."""
    session: Session | None
    """The session, if it has a file."""
    topics: tuple[AgendaTopic, ...]
    """Those left open first, by session. Each session's are in the order of its file."""


@frozen
class _Slot:
    """An agenda before it is filled."""

    at: Moment | None
    session: Session | None
    day: date
    """Topics scheduled up to this day are on it."""


def find_agenda(
    lead: Lead, now: datetime, during: Session | None = None
) -> tuple[AgendaTopic, ...]:
    """Return the open topics of the next session, or of the session that is being held."""
    return place_topics(lead, now, during)[0].topics


def find_agenda_of(session: Session, lead: Lead, now: datetime) -> tuple[AgendaTopic, ...]:
    """Return the open topics on the agenda of a session; none if it is over."""
    agendas = place_topics(lead, now)
    return next((one.topics for one in agendas if _is_same(one.session, session)), ())


def find_agenda_for(task: Task, lead: Lead, now: datetime, scheduled: date | None) -> Agenda | None:
    """Return the agenda that an open topic would be on if it were scheduled for another day.

    None if the task item is no topic of the lead.
    """
    session = _find_session(lead, task)
    if session is None:
        return None
    moved = replace(task, fields=replace(task.fields, scheduled=scheduled))
    index = _find_index(_find_slots(lead, now, None), session, moved, now, None)
    return place_topics(lead, now)[index]


def find_day_after_next(lead: Lead, now: datetime) -> date:
    """Return the day of the session after the next one, planned or a cadence later."""
    following, after, *_ = (*place_topics(lead, now), None)
    if after is not None and after.at is not None:
        return to_local(after.at, now).day
    if following.at is not None:
        day = to_local(following.at, now).day
    else:
        day = max(estimate_next_day(lead, now) or date.min, now.date())
    return day + timedelta(days=lead.cadence or USUAL_CADENCE)


def place_topics(lead: Lead, now: datetime, during: Session | None = None) -> tuple[Agenda, ...]:
    """Return the agendas to come, each with its open topics. Cached per lead.

    The first is that of the next session, planned or not; if none is planned and the last one was
    not written up, it is that of the last one. The last is that of the session after all others.

    Args:
        lead: The lead.
        now: The current time.
        during: The session that is being held. It counts as the next one.
    """
    return _place_cached(lead, now, during)


def _place(lead: Lead, now: datetime, during: Session | None) -> tuple[Agenda, ...]:
    slots = _find_slots(lead, now, during)
    placed: list[list[AgendaTopic]] = [[] for _ in slots]
    upcoming = {slot.session.place for slot in slots if slot.session is not None}
    later = _Later(lead.sessions)
    for number, session in enumerate(lead.sessions):
        to_come = session.place in upcoming
        for topic in session.topics:
            if topic.status.closed or (not to_come and later.has(topic, number)):
                continue
            index = _find_index(slots, session, topic, now, during)
            left = None if to_come else to_local(session.at, now).day
            placed[index].append(AgendaTopic(topic, left))
    return tuple(
        Agenda(slot.at, slot.session, tuple(topics))
        for slot, topics in zip(slots, placed, strict=True)
    )


_place_cached = LeadCache(_place)


def _find_slots(lead: Lead, now: datetime, during: Session | None) -> list[_Slot]:
    coming = [one for one in find_upcoming_sessions(lead, now) if not _is_same(one, during)]
    if during is not None:
        coming = [during, *(one for one in coming if one.at.day >= during.at.day)]
    slots = [_Slot(one.at, one, to_local(one.at, now).day) for one in coming]
    if not slots:
        found = find_next_session(lead, now)
        if found.at is not None and found.state is not NextState.MISSING:
            slots.append(_Slot(found.at, found.session, to_local(found.at, now).day))
        else:
            usual = estimate_next_day(lead, now) or date.min
            slots.append(_Slot(None, None, max(usual, now.date())))
    return [*slots, _Slot(None, None, date.max)]


def _find_index(
    slots: list[_Slot], session: Session, topic: Task, now: datetime, during: Session | None
) -> int:
    """Return the index of the agenda that an open topic of a session is on."""
    first = topic.fields.scheduled
    if (done := _find_done_before(session, topic)) is not None:
        over = max(done, to_local(session.at, now).day) + _DAY
        first = max(first or over, over)
    if first is None:
        own = (at for at, slot in enumerate(slots) if _is_same(slot.session, session))
        # A session that is held late is not about what later ones left open.
        after = during is not None and during.at.day < session.at.day
        return next(own, 1 if after else 0)
    return next(at for at, slot in enumerate(slots) if first <= slot.day)


def _find_done_before(session: Session, topic: Task) -> date | None:
    """Return the day on which the occurrence before a repeating topic was done in its session.

    None if there is no such occurrence. Ticking a repeating topic puts the next occurrence above
    the line that is done, in the same file. It is for a later session.
    """
    rule = topic.fields.repeat
    if rule is None:
        return None
    return max(
        (
            other.fields.done or session.at.day
            for other in session.topics
            if other.status is Status.DONE
            and other.fields.repeat == rule
            and other.text == topic.text
            and other.section == topic.section
        ),
        default=None,
    )


def find_return(lead: Lead, task: Task, on: date) -> Session | None:
    """Return the session whose agenda a repeating topic returns to when it is done on a day.

    None if no such session has a file, or the item is no topic. The next occurrence then stays in
    the file of the topic.
    """
    session = _find_session(lead, task)
    return _find_session_after(lead, session, on) if session is not None else None


def _find_session(lead: Lead, task: Task) -> Session | None:
    """Return the session that has a task item among its topics."""
    return next((one for one in lead.sessions if _has_topic(one, task)), None)


def _has_topic(session: Session, task: Task) -> bool:
    return session.path == task.path and any(
        (topic.raw, topic.text, topic.section) == (task.raw, task.text, task.section)
        for topic in session.topics
    )


def _find_session_after(lead: Lead, session: Session, on: date) -> Session | None:
    """Return the planned session whose agenda a topic of `session` returns to.

    It is the first one with a file after that session, and after the day `on` on which the topic
    was settled. None if no such session is planned.
    """
    over = max(on, session.at.day)
    planned = (None, SessionStatus.PLANNED)
    found = (one for one in lead.sessions if one.at.day > over and one.status in planned)
    return next(found, None)


def _is_same(one: Session | None, other: Session | None) -> bool:
    return one is not None and other is not None and one.place == other.place


class _Later:
    """The texts of topics by the last session that has them.

    People copy topics into the next file by hand. The last copy speaks for all: once it is ticked,
    those before it are settled too.
    """

    def __init__(self, sessions: Iterable[Session]) -> None:
        self._last: dict[str, int] = {}
        for number, session in enumerate(sessions):
            for topic in session.topics:
                self._last[_key(topic)] = number

    def has(self, topic: Task, number: int) -> bool:
        """Return whether a session after the one with that number has the same topic."""
        key = _key(topic)
        return bool(key) and self._last[key] > number


def _key(topic: Task) -> str:
    return " ".join(fold_accents(topic.text).split())
