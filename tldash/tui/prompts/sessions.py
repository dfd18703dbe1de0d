"""Draft the day and time of a new session, and of one that moves. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tldash.create import templates
from tldash.editing.edits import Refused
from tldash.insight.moving import find_promise_to_move, find_usual_time, find_zone, plan_move
from tldash.insight.schedule import find_next_session
from tldash.model.dates import (
    format_exact,
    format_plain,
    format_relative,
    from_local,
    is_past,
    pluralize,
    to_local,
)
from tldash.model.framework import Framework
from tldash.model.natural_dates import parse_when
from tldash.model.records import Lead, Moment, Session
from tldash.tui.prompts.drafts import Draft
from tldash.tui.prompts.questions import Question
from tldash.tui.state import State

HOW: Final = "fri 16:00, tomorrow 4pm, 1 dec 9.30, in 2 weeks"
"""What can be typed."""


def ask_new_session(lead: Lead, state: State) -> Question:
    """Return the question for the day and time of a new session."""
    framework, now = state.workspace.framework, state.now
    return Question(
        f"next session with {lead.name}",
        lambda typed: draft_session(lead, framework, typed, now),
        format_plain(_propose(lead, now)),
    )


def ask_move(lead: Lead, session: Session | None, state: State) -> Question | str:
    """Return the question for another day, or why there is none.

    `session` is None for the next one, if it has no file.
    """
    now = state.now
    at = session.at if session is not None else find_next_session(lead, now).at
    if at is None:
        return f"{lead.name} has no next session planned"
    if session is not None and session.section:
        return f"{session.path} holds several sessions; change the date in its heading there"
    return Question(
        f"move the session with {lead.name}, {format_exact(at, now)}, to",
        lambda typed: draft_move(lead, session, at, typed, now),
        hint=HOW,
    )


def draft_session(lead: Lead, framework: Framework, typed: str, now: datetime) -> Draft:
    """Draft the file of a lead's next session. It is at the usual time unless one is typed."""
    proposed = _propose(lead, now)
    at = parse_when(typed, now.date(), proposed)
    if at is None:
        return Draft(trouble=f"type {HOW} or 2026-12-01")
    usual = at.time is None and proposed.time is not None
    if usual:
        at = Moment(at.day, proposed.time)
    if at.day < now.date():
        return Draft(trouble=f"{at.day} is in the past")
    there = from_local(at, find_zone(lead), now)
    try:
        path, _ = templates.render_next_session(lead, framework, now, there.day, there.time)
    except Refused as error:
        return Draft(trouble=error.message)
    notes = [_describe(at, now)]
    if usual:
        notes.append("the usual time")
    if (promise := find_promise_to_move(lead, there.day, there.time, now)) is not None:
        notes.append(f"instead of {format_exact(promise.was, now)}")
    return Draft(path, ", ".join(notes), plan=(lead, there))


def draft_move(
    lead: Lead, session: Session | None, was: Moment, typed: str, now: datetime
) -> Draft:
    """Draft another day or time of a session, with all that moves along."""
    wanted = parse_when(typed, now.date(), to_local(was, now))
    if wanted is None:
        return Draft(trouble=f"type {HOW} or 2026-12-01")
    move = plan_move(lead, session, wanted, now)
    if isinstance(move, str):
        return Draft(trouble=move)
    notes = []
    if is_past(move.at, now):
        notes.append("in the past")
    if move.reopens:
        notes.append("planned again")
    if move.promiser is not None and session is not None:
        notes.append(f"also next: in {move.promiser.path.rpartition('/')[2]}")
    if move.actions and move.at.day != move.was.day:
        notes.append(f"{pluralize(len(move.actions), 'action')} due by then")
    place = session.place if session is not None else ""
    shown = _describe(move.at, now) + (f"  {move.name}" if move.name else "")
    return Draft(shown, ", ".join(notes), move=(lead.id, place, wanted))


def _propose(lead: Lead, now: datetime) -> Moment:
    """Propose the day of the next session, at the usual time unless another one is planned."""
    proposed = to_local(templates.propose_moment(lead, now), now)
    return Moment(proposed.day, proposed.time or find_usual_time(lead, now))


def _describe(at: Moment, now: datetime) -> str:
    day = to_local(at, now).day
    return f"{format_exact(at, now)}, {format_relative(day, now.date())}"
