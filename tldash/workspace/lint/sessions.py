"""Doubts about a lead's sessions: their skills, and their dates one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from tldash.formats.file_record import FileRecord
from tldash.model.file_roles import date_in_name
from tldash.model.framework import Framework
from tldash.model.records import Lead, Moment, Problem, Session, SessionStatus, Severity
from tldash.workspace.lint.words import did_you_mean, problem, value_fix

CALLED_OFF: Final = (SessionStatus.CANCELLED, SessionStatus.MISSED)


def problems(
    lead: Lead, files: Mapping[str, FileRecord], framework: Framework
) -> Iterator[Problem]:
    """Everything doubtful about the sessions of one lead; `files` are its files by path."""
    sound: set[tuple[str | None, tuple[tuple[str, str], ...]]] = set()
    for session in lead.sessions:
        # Most sessions of a lead name what one before it named.
        names = session.skill, session.levels
        if names not in sound:
            wrong = list(_names(session, files[session.path], framework))
            yield from wrong
            if not wrong:
                sound.add(names)
        if _may_be_misdated(session):
            yield from _dates(session, files[session.path])
    yield from _too_early(lead, files)
    yield from _same_day(lead, files)


def _names(session: Session, file: FileRecord, framework: Framework) -> Iterator[Problem]:
    if session.skill and framework.find_skill(session.skill) is None:
        ids = [skill.id for skill in framework.skills]
        message = f"the framework has no skill '{session.skill}'"
        hint = did_you_mean(session.skill, ids)
        fix = value_fix(session.skill, ids)
        yield problem(file, "skill", Severity.ERROR, "unknown-skill", message, hint, fix)
    for skill_id, level in session.levels:
        skill = framework.find_skill(skill_id)
        if skill is None:
            ids = [skill.id for skill in framework.skills]
            message, hint = (
                f"the framework has no skill '{skill_id}'",
                did_you_mean(skill_id, ids),
            )
            fix = value_fix(skill_id, ids)
            yield problem(file, "levels", Severity.ERROR, "unknown-skill", message, hint, fix)
        elif not skill.rank_of(level):
            message = f"{skill.name} has no level '{level}'"
            steps = [step.id for step in skill.levels]
            hint, fix = did_you_mean(level, steps), value_fix(level, steps)
            yield problem(file, "levels", Severity.ERROR, "unknown-level", message, hint, fix)


def _may_be_misdated(session: Session) -> bool:
    """Whether `_dates` has anything to look at: it has not where the name has the same date."""
    path, day, following = session.path, session.at.day, session.next
    return (following is not None and following.day < day) or not path.startswith(
        day.isoformat(), path.rfind("/") + 1
    )


def _dates(session: Session, file: FileRecord) -> Iterator[Problem]:
    day = session.at.day
    if (named := date_in_name(file.path)) and named != day:
        yield problem(
            file,
            "date",
            Severity.WARNING,
            "date-mismatch",
            f"the date {session.at.day} is not the one in the file's name",
            f"rename the file, or write date: {named}",
        )
    if session.next and session.next.day < session.at.day:
        yield problem(
            file,
            "next",
            Severity.ERROR,
            "dates-backwards",
            f"the next session, {session.next.day}, is before this one, {session.at.day}",
            "correct one of the two dates",
        )


def _too_early(lead: Lead, files: Mapping[str, FileRecord]) -> Iterator[Problem]:
    """A first session before the coaching began. Told once, as `started` may be what is wrong."""
    first = lead.sessions[0] if lead.sessions else None
    if first and lead.started and first.at.day < lead.started:
        yield problem(
            files[first.path],
            "date",
            Severity.WARNING,
            "dates-backwards",
            f"this session, {first.at.day}, is before the coaching started, {lead.started}",
            "correct its date, or started: in lead.md",
        )


def _same_day(lead: Lead, files: Mapping[str, FileRecord]) -> Iterator[Problem]:
    """Sessions of one day that nothing tells apart; those that were called off do not count."""
    counted = [session for session in lead.sessions if session.status not in CALLED_OFF]
    if len({session.at.day for session in counted}) == len(counted):
        return
    for _, group in groupby(counted, key=lambda session: session.at.day):
        timed: dict[Moment, str] = {}
        untimed: list[str] = []
        for session in group:
            if session.at.time is None:
                untimed.append(session.path)
            elif other := timed.get(session.at):
                yield _doubled(files[session.path], "at the same time", other)
            else:
                timed[session.at] = session.path
        others = [*timed.values(), *untimed[:1]]
        for path in untimed if timed else untimed[1:]:
            yield _doubled(files[path], "on the same day", others[0])


def _doubled(file: FileRecord, when: str, other: str) -> Problem:
    message = f"another session is {when}: {other}"
    hint = "join the two files, or give each its time"
    return problem(file, "date", Severity.WARNING, "same-day", message, hint)
