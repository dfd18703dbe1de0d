"""Changes that a single key makes to one or more task items. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from tldash.editing.edits import Edit, SetDate, SetOwner, SetPriority, SetStatus
from tldash.insight.schedule import find_next_session
from tldash.insight.topics import Agenda, find_agenda_for, place_topics
from tldash.model.dates import format_exact, pluralize, to_local
from tldash.model.frozen import frozen
from tldash.model.item_keys import Key, iter_tasks, task_key
from tldash.model.records import (
    Lead,
    Moment,
    Priority,
    Status,
    Task,
    Workspace,
    is_private,
)

if TYPE_CHECKING:
    from tldash.formats.tasks.parse import Unreadable

Change = Callable[[Task], Edit]
"""Makes the edit of an item. Called with the item as it is once earlier edits are written."""
Changes = tuple[tuple[Task, ...], Change]
"""Items, and the change to make to each."""

PRIORITIES: Final = (
    Priority.LOWEST, Priority.LOW, None, Priority.MEDIUM, Priority.HIGH, Priority.HIGHEST,
)  # fmt: skip
"""From lowest to highest. None is normal, which is not written."""


def set_due(day: date | None, *, by_session: bool = False) -> Change:
    """Set the due date, or remove it. `by_session`: whether it moves along with the session."""
    return lambda task: SetDate(task, "due", day, by_session=by_session)


def next_session_day(lead: Lead, now: datetime) -> date | None:
    """Return the day of a lead's next session, if one is planned."""
    found = find_next_session(lead, now)
    return found.at.day if found.at and found.at.day >= now.date() else None


def move_due(days: int, today: date) -> Change:
    """Move the due date by some days.

    A missing date counts as today, and so does an overdue one that moves forward. One that cannot
    be read moves from the day that its hint suggests; without a hint, the edit is refused.
    """

    def change(task: Task) -> Edit:
        due = task.fields.due
        unreadable = None if due else _find_unreadable(task, "due")
        if unreadable and unreadable.likely:
            due = date.fromisoformat(unreadable.likely)
        base = due or today
        day = (max(base, today) if days > 0 else base) + timedelta(days=days)
        return SetDate(task, "due", day, counted=due is None)

    return change


def move_priority(steps: int) -> Change:
    """Raise the priority by some steps, or lower it. It stops at either end.

    One that cannot be read counts as the one that its hint suggests; without a hint, the edit is
    refused.
    """

    def change(task: Task) -> Edit:
        priority = task.fields.priority
        unreadable = None if priority else _find_unreadable(task, "priority")
        likely = unreadable.likely if unreadable else None
        if likely:
            from tldash.formats.tasks.vocabulary import LETTER_PRIORITIES, WORD_PRIORITIES

            priority = (LETTER_PRIORITIES | WORD_PRIORITIES).get(likely)
        index = min(max(PRIORITIES.index(priority) + steps, 0), len(PRIORITIES) - 1)
        return SetPriority(task, PRIORITIES[index], counted=not priority and not likely)

    return change


def _find_unreadable(task: Task, kind: Literal["due", "priority"]) -> Unreadable | None:
    """Return the field of this kind that cannot be read; None without one."""
    from tldash.formats.tasks.parse import find_unreadable  # the first screen needs no parser

    return find_unreadable(task.raw, kind)


def toggle_status(wanted: Status, tasks: Sequence[Task], today: date) -> Changes:
    """Give all items a status. If all of them have it, reopen them.

    A single item toggles with each press, also before the first one is written.
    """
    if len(tasks) == 1:
        return tuple(tasks), lambda task: SetStatus(
            task, Status.OPEN if task.status is wanted else wanted, today
        )
    others = tuple(task for task in tasks if task.status is not wanted)
    status = wanted if others else Status.OPEN
    return others or tuple(tasks), lambda task: SetStatus(task, status, today)


def toggle_owner(leads: Iterable[Lead], tasks: Sequence[Task]) -> Changes:
    """Hand all items to the coach. If all are the coach's, hand them back to their leads.

    A single item toggles with each press, also before the first one is written.
    """
    actions = [action for lead in leads for action in lead.actions]
    if len(tasks) == 1:
        coach_owned = {action.task.raw: action.coach_owned for action in actions}
        return tuple(tasks), lambda task: SetOwner(
            task, None if coach_owned.get(task.raw) else "coach"
        )
    owned = {(action.task.path, action.task.line) for action in actions if action.coach_owned}
    others = tuple(task for task in tasks if (task.path, task.line) not in owned)
    owner = "coach" if others else None
    return others or tuple(tasks), lambda task: SetOwner(task, owner)


def due_by_next_session(
    tasks: Sequence[Task], workspace: Workspace, now: datetime
) -> tuple[Changes, tuple[str, ...]]:
    """Make items due by the next session of their leads, and move along with it.

    Returns the changes, and the names of the leads that have no next session planned.
    """
    days: dict[Key, date] = {}
    missing: dict[str, None] = {}
    for task in tasks:
        lead = find_lead(task, workspace)
        day = next_session_day(lead, now) if lead is not None else None
        if day is not None:
            days[task_key(task)] = day
        elif lead is not None:
            missing[lead.name] = None
    found = tuple(task for task in tasks if task_key(task) in days)
    return (
        (found, lambda task: SetDate(task, "due", days[task_key(task)], by_session=True)),
        tuple(missing),
    )


@frozen
class Kept:
    """Topics to keep for the next agenda."""

    tasks: tuple[Task, ...]
    """Those that have to be changed."""
    change: Change
    what: str
    """What is done with them, or why nothing is; empty if no item is a topic."""


def keep_topics(tasks: Sequence[Task], workspace: Workspace, now: datetime) -> Kept:
    """Keep topics for the next agendas of their leads.

    Removes the day that they are scheduled for. A topic of a later session is scheduled for the
    day of the next one.
    """
    days: dict[Key, date | None] = {}
    names: dict[str, None] = {}
    why = ""
    for task in find_topics(tasks, workspace):
        lead = find_lead(task, workspace)
        if lead is None:
            continue
        following = place_topics(lead, now)[0]
        name = name_agenda(following, now)
        today = to_local(following.at, now).day if following.at is not None else now.date()
        days_to_try = (task.fields.scheduled, None, today)
        found = [day for day in days_to_try if find_agenda_for(task, lead, now, day) is following]
        if not found:
            why = why or "it repeats: it is for the session after the next one"
        elif found[0] == task.fields.scheduled:
            why = why or f"already on the next agenda{name}"
        else:
            days[task_key(task)] = found[0]
            names[name] = None
    kept = tuple(task for task in tasks if task_key(task) in days)
    whose = "".join(names) if len(names) == 1 else ""
    what = kept[0].text if len(kept) == 1 else pluralize(len(kept), "topic")
    what = f"kept for the next agenda{whose}: {what}" if kept else why
    return Kept(kept, lambda task: SetDate(task, "scheduled", days[task_key(task)]), what)


def name_agenda(agenda: Agenda, now: datetime) -> str:
    """Return the day of an agenda as in `, Tue 1 Dec`; empty as long as none is planned."""
    return f", {format_exact(Moment(to_local(agenda.at, now).day), now)}" if agenda.at else ""


def find_topics(tasks: Iterable[Task], workspace: Workspace) -> tuple[Task, ...]:
    """Return the open topics among some items."""
    opened = [task for task in tasks if not task.status.closed]
    paths = {task.path for task in opened}
    topics = {
        (topic.path, topic.line, topic.raw)
        for lead in workspace.leads
        for session in lead.sessions
        if session.path in paths
        for topic in session.topics
    }
    return tuple(task for task in opened if (task.path, task.line, task.raw) in topics)


def find_lead(task: Task, workspace: Workspace) -> Lead | None:
    """Return the lead of a task item; of a private one, the shared lead that it is about."""
    if is_private(task.path):
        found = workspace.private.leads if workspace.private is not None else ()
        owners = (one.of for one in found if any(task.path == t.path for t in iter_tasks(one.lead)))
        return workspace.find_lead(next(owners, ""))
    for lead in workspace.leads:
        if any(task.path == other.path for other in iter_tasks(lead)):
            return lead
    return None
