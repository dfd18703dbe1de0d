"""Convert records to the JSON of the command line. Its keys are stable."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from tldash.insight.actions import TaskItem, count_actions
from tldash.insight.attention import find_attention_reasons
from tldash.insight.phase import find_phase
from tldash.insight.schedule import find_last_session, find_next_session, resolve_status
from tldash.insight.skills import build_skill_progress
from tldash.insight.topics import place_topics
from tldash.model.dates import format_iso, to_local, with_offset
from tldash.model.framework import Framework
from tldash.model.records import ItemKind, Lead, Moment, Problem, Session

Locate = Callable[[str], tuple[str, str]]
"""Splits a workspace path into the opened folder, as given by the user, and the path below it."""

Json = dict[str, Any]


def task_to_json(item: TaskItem, lead: Lead, now: datetime, locate: Locate) -> Json:
    """Convert a task item."""
    task = item.task
    folder, path = locate(task.path)
    fields = task.fields
    return {
        "kind": str(item.kind),
        "id": fields.id,
        "lead": lead.id,
        "text": task.text,
        "owner": item.owner,
        "status": str(task.status),
        "due": _day(fields.due),
        "scheduled": _day(fields.scheduled),
        "start": _day(fields.start),
        "created": _day(fields.created),
        "done": _day(fields.done),
        "cancelled": _day(fields.cancelled),
        "priority": fields.priority and str(fields.priority),
        "repeat": fields.repeat,
        "tags": list(fields.tags),
        "depends": list(fields.depends),
        "waiting_for": list(item.waiting_for),
        "session": _day(item.session),
        "agenda": _moment(_find_agenda(item, lead, now)),
        "folder": folder,
        "path": path,
        "line": task.line,
        "raw": task.raw,
    }


def _find_agenda(item: TaskItem, lead: Lead, now: datetime) -> Moment | None:
    """Return the day of the session whose agenda an open topic is on, if that is planned."""
    if item.kind is not ItemKind.TOPIC or item.status.closed:
        return None
    for agenda in place_topics(lead, now):
        if any(topic.task is item.task for topic in agenda.topics):
            return Moment(to_local(agenda.at, now).day) if agenda.at is not None else None
    return None


def session_to_json(session: Session, now: datetime, locate: Locate) -> Json:
    """Convert a session. `date` and `time` are those of the viewer; `at` has the UTC offset."""
    folder, path = locate(session.path)
    here = to_local(session.at, now)
    return {
        "lead": session.lead,
        "date": here.day.isoformat(),
        "time": here.time.isoformat("minutes") if here.time else None,
        "at": _moment(with_offset(session.at, now)),
        "status": str(resolve_status(session, now)),
        "skill": session.skill,
        "levels": dict(session.levels),
        "levels_self": dict(session.levels_self),
        "levels_coach": dict(session.levels_coach),
        "number": session.number,
        "next": _moment(with_offset(session.next, now)) if session.next else None,
        "title": session.title,
        "folder": folder,
        "path": path,
    }


def lead_to_json(lead: Lead, framework: Framework, now: datetime) -> Json:
    """Convert the summary of a lead. Nothing of a paused or ended one counts as open."""
    opened, overdue = count_actions((lead,), now.date())
    last = find_last_session(lead, now)
    return {
        "id": lead.id,
        "name": lead.name,
        "coach": lead.coach,
        "cadence": lead.cadence_name,
        "next_session": _moment(find_next_session(lead, now).at),
        "last_session": _moment(last.at) if last else None,
        "status": str(find_phase(lead)),
        "open": opened,
        "overdue": overdue,
        "skills": {
            view.skill.id: view.level.id if view.level else None
            for view in build_skill_progress(lead, framework, now)
        },
        "attention": [
            {"code": str(reason.code), "message": reason.message}
            for reason in find_attention_reasons(lead, now)
        ],
    }


def problems_to_json(problems: Iterable[Problem], locate: Locate) -> list[Json]:
    """Convert problems, in the given order."""
    found = []
    for problem in problems:
        folder, path = locate(problem.path)
        found.append(
            {
                "folder": folder,
                "path": path,
                "line": problem.line,
                "column": problem.column,
                "severity": str(problem.severity),
                "code": problem.code,
                "message": problem.message,
                "hint": problem.hint,
                "fix": _fix(problem),
            }
        )
    return found


def _fix(problem: Problem) -> Json | None:
    fix = problem.fix
    return {"column": fix.column, "old": fix.old, "new": fix.new} if fix else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(moment: Moment | None) -> str | None:
    return format_iso(moment) if moment else None
