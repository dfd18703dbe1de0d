"""The questions of session mode: skill, level, next date, and whether the structure works. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from tldash.editing.edits import PutText, SetField
from tldash.insight.conversation import Closing
from tldash.insight.moving import find_usual_time, find_zone, plan_move
from tldash.insight.people import ViewerRole
from tldash.insight.skills import suggest_skill
from tldash.model.dates import (
    format_date,
    format_plain,
    format_relative,
    from_local,
    pluralize,
    to_local,
)
from tldash.model.framework import Framework
from tldash.model.natural_dates import parse_when
from tldash.model.records import Lead, Moment, Session
from tldash.model.spelling import find_choice
from tldash.tui.prompts.changes import next_session_day
from tldash.tui.prompts.drafts import Draft, draft_action_in, draft_topic_in
from tldash.tui.prompts.questions import Question
from tldash.tui.widgets.session_line import LineKind, TypedLine

NOTES: Final = "Notes"
AGREEMENTS: Final = "Agreements"
STRUCTURE: Final = "Structure"


def line_edit_of(line: TypedLine, session: Session) -> PutText | None:
    """Return the edit that writes a line while it is typed; None for one written at its end."""
    path, within = session.path, session.section
    match line.kind:
        case LineKind.NOTE:
            return PutText(path, NOTES, line.text, within=within)
        case LineKind.QUOTE:
            return PutText(path, NOTES, line.text, form="quote", within=within)
        case LineKind.AGREEMENT:
            return PutText(path, AGREEMENTS, line.text, form="item", within=within)
    return None


def draft_line(
    line: TypedLine, session: Session, lead: Lead, now: datetime, you: ViewerRole
) -> Draft:
    """Draft an action or a topic of a session."""
    if line.kind is LineKind.TOPIC:
        return draft_topic_in(session, lead, line.text, you)
    return draft_action_in(session, lead, line.text, now, _next(session, lead, now))


def _next(session: Session, lead: Lead, now: datetime) -> date | None:
    """Return the day of the session after this one, if it is planned."""
    if session.next is not None:
        return session.next.day
    day = next_session_day(lead, now)
    return day if day is not None and day > session.at.day else None


def ask_skill(session: Session, lead: Lead, framework: Framework, now: datetime) -> Question:
    """Return the question for the skill to explore, with the suggested one proposed."""
    idea = suggest_skill(lead, framework, now)
    names = ", ".join(f"{number} {one.id}" for number, one in enumerate(framework.skills, 1))
    proposed = session.skill or (idea.skill.id if idea is not None else "")
    return Question(
        f"skill to explore: {names}",
        lambda typed: _draft_skill(session, framework, typed),
        proposed,
        selects=True,
        path=session.path,
    )


def _draft_skill(session: Session, framework: Framework, typed: str) -> Draft:
    at = find_choice(typed, [(one.id, one.name) for one in framework.skills])
    if at is None:
        return Draft(trouble=f"type {_either([one.id for one in framework.skills])}")
    skill = framework.skills[at]
    if framework.find_skill(session.skill) is skill:
        return Draft(trouble=f"it is about {skill.name} already; esc keeps it")
    edit = SetField(session.path, "skill", skill.id)
    return Draft(f"skill: {skill.id}", skill.summary, add=edit)


def _either(names: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def ask_next(session: Session, lead: Lead, now: datetime) -> Question:
    """Return the question for the day and the time of the next session.

    Proposed is one cadence from this session, on the same day of the week at the same time.
    """
    return Question(
        f"next session with {lead.name}",
        lambda typed: _draft_next(session, lead, now, typed),
        propose_next(session, lead, now),
        selects=True,
        path=session.path,
    )


def propose_next(session: Session, lead: Lead, now: datetime) -> str:
    """Return the usual day and time of the session after this one, as text."""
    if session.next is not None:
        at = to_local(session.next, now)
    else:
        if lead.cadence is None:
            return ""
        here = to_local(session.at, now)
        weeks = max(round(lead.cadence / 7), 1)
        time = here.time or find_usual_time(lead, now)
        at = Moment(max(here.day + timedelta(weeks=weeks), now.date()), time)
    return format_plain(at)


def _draft_next(session: Session, lead: Lead, now: datetime, typed: str) -> Draft:
    at = parse_when(typed, now.date(), session.next)
    if at is None:
        return Draft(trouble="type fri 16:00, in 4 weeks 9:30, 1 dec or 2026-12-01 16:00")
    if at.day < now.date():
        return Draft(trouble=f"{at.day} is in the past")
    if at.day == session.at.day:
        return Draft(trouble=f"{at.day} is the day of this session")
    if (moved := _draft_move(session, lead, at, now)) is not None:
        return moved
    others = (one for one in lead.sessions if one.at.day == at.day and one is not session)
    taken = next(others, None)
    there = from_local(at, find_zone(lead), now)
    written = format_plain(there)
    note = f"{format_date(at.day, now.date())}, {format_relative(at.day, now.date())}"
    if taken is not None:
        note += f"; {taken.path} is planned for that day"
    if session.next == there:
        return Draft(trouble=f"next is {written} already; esc keeps it")
    return Draft(f"next: {written}", note, add=SetField(session.path, "next", written))


def _draft_move(session: Session, lead: Lead, at: Moment, now: datetime) -> Draft | None:
    """Draft the move of the session after this one, if `next:` has its day already.

    Its file and what is due by it move along.
    """
    day = session.next.day if session.next is not None else None
    planned = next((one for one in lead.sessions if one.at.day == day), None)
    move = plan_move(lead, planned, at, now)
    if isinstance(move, str) or move.promiser is None or move.promiser.place != session.place:
        return None
    note = f"{format_date(at.day, now.date())}, {format_relative(at.day, now.date())}"
    notes = [note, f"moves {planned.path}"] if planned is not None else [note]
    if move.actions and move.at.day != move.was.day:
        notes.append(f"{pluralize(len(move.actions), 'action')} due by then")
    place = planned.place if planned is not None else ""
    shown = f"next: {format_plain(move.at)}"
    return Draft(shown, ", ".join(notes), move=(lead.id, place, at))


def ask_structure(session: Session, person: str, was: str) -> Question:
    """Return the question whether the structure works for one person; `was` is their line."""
    before = was.partition(": ")[2] if was else ""

    def draft(typed: str) -> Draft:
        line = f"{person}: {' '.join(typed.split())}"
        if line == was:
            return Draft(trouble="that is written already; esc keeps it")
        edit = PutText(session.path, STRUCTURE, line, was, form="item", within=session.section)
        return Draft(f"- {line}", f"under {STRUCTURE} in {session.path}", add=edit)

    return Question(
        f"is this structure working? One line from {person}", draft, before, path=session.path
    )


def leave_out(session: Session, *parts: Closing) -> SetField | None:
    """Return the edit that says in the file that these are left out on purpose.

    None if it says so already.
    """
    wanted = tuple(dict.fromkeys((*session.left_out, *(str(one) for one in parts))))
    if wanted == session.left_out:
        return None
    return SetField(session.path, "left_out", wanted)
