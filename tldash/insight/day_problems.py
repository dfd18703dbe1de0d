"""Problems that depend on the day: what was to be by now and is not, and what cannot be yet.

Every other problem follows from the files alone and is found when they are read; these come and go
as time passes, so they are asked for with the day, like everything else that depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from tldash.insight.attention import PAUSED_STATUSES
from tldash.model.item_keys import iter_tasks
from tldash.model.records import Lead, Problem, Severity, Task, Workspace

MOVED_DAYS: Final = 3
"""A session within so many days of a promised day is the promised one, moved."""
TIMEZONE_DAYS: Final = 1
"""How many days ahead it may be where somebody else is."""


def find_problems(workspace: Workspace, today: date) -> tuple[Problem, ...]:
    """Every problem of the workspace as of `today`, in order of path and line."""
    found = [*workspace.all_problems]
    for lead in workspace.leads:
        found.extend(find_day_problems(lead, today))
    return tuple(sorted(found))


def find_day_problems(lead: Lead, today: date) -> tuple[Problem, ...]:
    """The problems of a lead that depend on the day."""
    found = [*_next_without_session(lead, today)]
    for task in iter_tasks(lead):
        if task.fields.done or task.fields.cancelled:
            found.extend(_future_done(task, today))
    return tuple(found)


def _next_without_session(lead: Lead, today: date) -> Iterator[Problem]:
    """The day that the last session named for the next one has passed, and no file tells of it."""
    last = lead.sessions[-1] if lead.sessions else None
    promised = last.next.day if last and last.next else None
    if (
        last is None
        or promised is None
        or promised >= today
        or (lead.status or "").strip().lower() in PAUSED_STATUSES
        or (promised - last.at.day).days <= MOVED_DAYS
    ):
        return
    folder = last.path.rpartition("/")[0]
    written_up = f"{folder}/{promised}.md".removeprefix("/")
    yield Problem(
        last.path,
        last.next_line,
        1,
        Severity.WARNING,
        "next-without-session",
        f"the next session was to be on {promised}; there is no file for it",
        f"write it up as {written_up}, or change next:",
    )


def _future_done(task: Task, today: date) -> Iterator[Problem]:
    """An item that was closed on a day to come; nearly always the year is wrong."""
    for what, day in (("done", task.fields.done), ("cancelled", task.fields.cancelled)):
        if day is None or (day - today).days <= TIMEZONE_DAYS:
            continue
        yield Problem(
            task.path,
            task.line,
            task.raw.find(day.isoformat()) + 1 or 1,
            Severity.WARNING,
            "future-done",
            f"{what} on {day}, which is still to come",
            _likely(day, today),
        )


def _likely(day: date, today: date) -> str:
    """A hint: the same day of the latest year in which it has passed."""
    for year in (today.year, today.year - 1):
        try:
            likely = day.replace(year=year)
        except ValueError:  # 29 February
            continue
        if likely <= today:
            return f"did you mean {likely}?"
    return "write the day on which it was closed"
