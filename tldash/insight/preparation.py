"""Collect what both need to know before a session."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from tldash.insight.actions import (
    find_carried_through,
    find_closed_since,
    find_held_days,
    find_open_actions,
    sort_key,
)
from tldash.insight.schedule import NextSession, NextState, find_last_session, find_next_session
from tldash.insight.skills import Suggestion, find_part_questions, find_skill_for, pick_questions
from tldash.insight.starters import Position, find_position
from tldash.insight.topics import AgendaTopic, find_agenda, find_agenda_of
from tldash.model.dates import to_local
from tldash.model.framework import Framework, SessionPart, Shape
from tldash.model.frozen import frozen
from tldash.model.records import Action, Lead, Session, Status


@frozen
class Promise:
    """An open action that the lead or the coach agreed to do."""

    action: Action
    through: tuple[date, ...]
    """Days of the sessions that it was carried through."""


@frozen
class Preparation:
    """What to know before a session."""

    next: NextSession
    """The session to prepare."""
    position: Position
    shape: Shape | None
    last: Session | None
    """The last session that was held."""
    by_lead: tuple[Promise, ...]
    """Open actions that the coach does not own, most urgent first."""
    by_coach: tuple[Promise, ...]
    done: tuple[Action, ...]
    """Done since the last session, newest first."""
    dropped: tuple[Action, ...]
    added: tuple[Action, ...]
    """Created since the last session, not agreed in it."""
    topics: tuple[AgendaTopic, ...]
    idea: Suggestion | None
    """The skill of the session, if it is about one."""
    questions: tuple[tuple[str, str], ...]
    """A few questions that were not asked for longest, each after the name of its part.

    Those about the skill have no name.
    """


def prepare(
    lead: Lead, framework: Framework, now: datetime, session: Session | None = None
) -> Preparation:
    """Collect what to know before a session with a lead, by default the next one."""
    found = find_next_session(lead, now)
    topics = find_agenda(lead, now)
    if session is not None and (found.session is None or found.session.place != session.place):
        found = NextSession(NextState.PLANNED, session.at, session)
        topics = find_agenda_of(session, lead, now)
    position = find_position(lead, framework, now, found.session)
    last = find_last_session(lead, now)
    since = to_local(last.at, now).day if last is not None else None
    idea = find_skill_for(lead, framework, now, found.session)
    shape = framework.shape_for(position.number)
    held = find_held_days(lead, now)
    opened = sorted(find_open_actions(lead), key=sort_key)
    promises = [Promise(action, find_carried_through(action, held)) for action in opened]
    return Preparation(
        found,
        position,
        shape,
        last,
        tuple(one for one in promises if not one.action.coach_owned),
        tuple(one for one in promises if one.action.coach_owned),
        find_closed_since(lead, since),
        tuple(a for a in lead.actions if _is_since(a, a.task.fields.cancelled, since)),
        tuple(a for a in opened if _is_new(a, since)),
        topics,
        idea,
        _choose_questions(shape, idea, position),
    )


def _is_since(action: Action, day: date | None, since: date | None) -> bool:
    is_dropped = action.status is Status.CANCELLED
    return is_dropped and day is not None and since is not None and day >= since


def _is_new(action: Action, since: date | None) -> bool:
    created = action.task.fields.created
    is_later = action.session is None or since is None or action.session > since
    return created is not None and since is not None and created > since and is_later


def _choose_questions(
    shape: Shape | None, idea: Suggestion | None, position: Position
) -> tuple[tuple[str, str], ...]:
    """Return questions about the skill, else the first one of each part of the session."""
    if idea is not None:
        return tuple(("", question) for question in pick_questions(idea))
    parts: Iterable[SessionPart] = shape.parts if shape is not None else ()
    asked = ((part.name, find_part_questions(part, None, position)[:1]) for part in parts)
    return tuple((name, question) for name, found in asked for question in found)
