"""Check the sessions of a lead: skills, levels, and the order of their dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from tldash.formats.file_record import FileRecord
from tldash.model.file_roles import date_in_name
from tldash.model.framework import Framework
from tldash.model.records import Lead, Problem, Session, SessionStatus, Severity
from tldash.workspace.lint.hints import make_fix, make_problem, suggest

CALLED_OFF: Final = (SessionStatus.CANCELLED, SessionStatus.MISSED)


def check_sessions(
    lead: Lead, files: Mapping[str, FileRecord], framework: Framework
) -> Iterator[Problem]:
    """Check the sessions of a lead. `files` maps paths to its files."""
    sound: set[tuple[str | None, *tuple[tuple[tuple[str, str], ...], ...]]] = set()
    for session in lead.sessions:
        # Most sessions of a lead have the same skill and levels as an earlier one.
        names = session.skill, session.levels, session.levels_self, session.levels_coach
        if names not in sound:
            wrong = list(_check_names(session, files[session.path], framework))
            yield from wrong
            if not wrong:
                sound.add(names)
        if _may_be_misdated(session):
            yield from _check_dates(session, files[session.path])
    yield from _check_first(lead, files)
    yield from _check_same_day(lead, files)


def _check_names(session: Session, file: FileRecord, framework: Framework) -> Iterator[Problem]:
    if session.skill and framework.find_skill(session.skill) is None:
        ids = [skill.id for skill in framework.skills]
        message = f"the framework has no skill '{session.skill}'"
        hint = suggest(session.skill, ids)
        fix = make_fix(session.skill, ids)
        yield make_problem(file, "skill", Severity.ERROR, "unknown-skill", message, hint, fix)
    for key, levels in (
        ("levels", session.levels),
        ("levels_self", session.levels_self),
        ("levels_coach", session.levels_coach),
    ):
        for skill_id, level in levels:
            yield from _check_level(key, skill_id, level, file, framework)


def _check_level(
    key: str, skill_id: str, level: str, file: FileRecord, framework: Framework
) -> Iterator[Problem]:
    """Check that the framework has a skill, and the skill a level."""
    skill = framework.find_skill(skill_id)
    if skill is None:
        ids = [skill.id for skill in framework.skills]
        message, hint = (
            f"the framework has no skill '{skill_id}'",
            suggest(skill_id, ids),
        )
        fix = make_fix(skill_id, ids)
        yield make_problem(file, key, Severity.ERROR, "unknown-skill", message, hint, fix)
    elif not skill.rank_of(level):
        message = f"{skill.name} has no level '{level}'"
        steps = [step.id for step in skill.levels]
        hint, fix = suggest(level, steps), make_fix(level, steps)
        yield make_problem(file, key, Severity.ERROR, "unknown-level", message, hint, fix)


def _may_be_misdated(session: Session) -> bool:
    """Whether `_check_dates` may find anything. Not if the file name starts with the date."""
    path, day, following = session.path, session.at.day, session.next
    return (following is not None and following.day < day) or not path.startswith(
        day.isoformat(), path.rfind("/") + 1
    )


def _check_dates(session: Session, file: FileRecord) -> Iterator[Problem]:
    day = session.at.day
    if (named := date_in_name(file.path)) and named != day:
        yield make_problem(
            file,
            "date",
            Severity.WARNING,
            "date-mismatch",
            f"the date {session.at.day} differs from the one in the file name",
            f"rename the file, or write date: {named}",
        )
    if session.next and session.next.day < session.at.day:
        yield make_problem(
            file,
            "next",
            Severity.ERROR,
            "dates-backwards",
            f"the next session, {session.next.day}, is before this one, {session.at.day}",
            "correct one of the two dates",
        )


def _check_first(lead: Lead, files: Mapping[str, FileRecord]) -> Iterator[Problem]:
    """Report a first session before `started`, once, since `started` may be wrong."""
    first = lead.sessions[0] if lead.sessions else None
    if first and lead.started and first.at.day < lead.started:
        yield make_problem(
            files[first.path],
            "date",
            Severity.WARNING,
            "dates-backwards",
            f"this session, {first.at.day}, is before the coaching started, {lead.started}",
            "correct its date, or started: in lead.md",
        )


def _check_same_day(lead: Lead, files: Mapping[str, FileRecord]) -> Iterator[Problem]:
    """Report sessions at the same time, and those on the same day whose order matters.

    Without a time, nobody knows which of two was later. That matters if they give the same skill
    different levels, or different days for the next session. Cancelled and missed sessions do not
    count.
    """
    counted = [session for session in lead.sessions if session.status not in CALLED_OFF]
    if len({session.at.day for session in counted}) == len(counted):
        return
    for _, group in groupby(counted, key=lambda session: session.at.day):
        before: list[Session] = []
        for session in group:
            for other in before:
                timed = session.at.time is not None and other.at.time is not None
                if timed and session.at == other.at:
                    yield _same_day_problem(files[session.path], "at the same time", other.path)
                    break
                if not timed and _disagree(session, other):
                    yield _same_day_problem(files[session.path], "on the same day", other.path)
                    break
            before.append(session)


def _disagree(one: Session, other: Session) -> bool:
    """Return whether it matters which of two sessions was later."""
    levels = dict(one.levels)
    if any(levels.get(skill, level) != level for skill, level in other.levels):
        return True
    return None not in (one.next, other.next) and one.next != other.next


def _same_day_problem(file: FileRecord, when: str, other: str) -> Problem:
    message = f"another session is {when}: {other}"
    hint = "merge the two files, or give each a time"
    return make_problem(file, "date", Severity.WARNING, "same-day", message, hint)
