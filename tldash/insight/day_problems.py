"""Find problems that depend on the current day.

All other problems follow from the files alone and are found while reading them. These appear and
disappear as time passes, so callers pass the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from tldash.insight.phase import is_active
from tldash.model.item_keys import iter_tasks
from tldash.model.records import Lead, Problem, Severity, Task, Workspace

MOVED_DAYS: Final = 3
"""A session this close to the planned day counts as the planned session."""
TIMEZONE_DAYS: Final = 1
"""Days that the date in another time zone can be ahead."""


def find_problems(workspace: Workspace, today: date) -> tuple[Problem, ...]:
    """Return all problems of a workspace as of `today`, by path and line."""
    found = [*workspace.all_problems]
    for lead in workspace.leads:
        found.extend(find_day_problems(lead, today))
    return tuple(sorted(found))


def find_day_problems(lead: Lead, today: date) -> tuple[Problem, ...]:
    """Return a lead's problems that depend on the day."""
    found = [*_next_without_session(lead, today)]
    for task in iter_tasks(lead):
        if task.fields.done or task.fields.cancelled:
            found.extend(_future_done(task, today))
    return tuple(found)


def _next_without_session(lead: Lead, today: date) -> Iterator[Problem]:
    """Report a past `next:` day of the last session that has no session file."""
    last = lead.sessions[-1] if lead.sessions else None
    promised = last.next.day if last and last.next else None
    if (
        last is None
        or promised is None
        or promised >= today
        or not is_active(lead)
        or (promised - last.at.day).days <= MOVED_DAYS
    ):
        return
    folder = last.path.rpartition("/")[0]
    expected = f"{folder}/{promised}.md".removeprefix("/")
    yield Problem(
        last.path,
        last.next_line,
        1,
        Severity.WARNING,
        "next-without-session",
        f"the next session was planned for {promised}, but has no file",
        f"create {expected}, or change next:",
    )


def _future_done(task: Task, today: date) -> Iterator[Problem]:
    """Report a closing date in the future, which nearly always has the wrong year."""
    for field, day in (("done", task.fields.done), ("cancelled", task.fields.cancelled)):
        if day is None or (day - today).days <= TIMEZONE_DAYS:
            continue
        yield Problem(
            task.path,
            task.line,
            task.raw.find(day.isoformat()) + 1 or 1,
            Severity.WARNING,
            "future-done",
            f"{field} on {day}, which is in the future",
            _suggest_day(day, today),
        )


def _suggest_day(day: date, today: date) -> str:
    """Return a hint with the same day in the latest year in which it has passed."""
    for year in (today.year, today.year - 1):
        try:
            likely = day.replace(year=year)
        except ValueError:  # 29 February
            continue
        if likely <= today:
            return f"did you mean {likely}?"
    return "write the day it was closed"
