"""Questions about actions: which are open, late, or carried along, and how to group them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from tldash.insight.lead_cache import LeadCache
from tldash.insight.schedule import find_held_sessions
from tldash.model.frozen import frozen
from tldash.model.records import Action, Lead, Priority, Status, Task

_PRIORITY: Final[dict[Priority | None, int]] = {
    Priority.HIGHEST: 0,
    Priority.HIGH: 1,
    Priority.MEDIUM: 2,
    None: 3,
    Priority.LOW: 4,
    Priority.LOWEST: 5,
}


class DueGroup(StrEnum):
    """The groups in which actions are read, most pressing first."""

    OVERDUE = "overdue"
    THIS_WEEK = "this week"
    LATER = "later"
    UNDATED = "no date"
    COACH = "coach's"
    CLOSED = "done since last time"


@frozen
class TaskItem:
    """Any task item of a lead."""

    kind: str
    """`action`, `topic` or `marker`."""
    task: Task
    owner: str
    coach_owned: bool
    session: date | None
    """The day of the session that it stands in."""

    @property
    def status(self) -> Status:
        return self.task.status

    @property
    def due(self) -> date | None:
        return self.task.fields.due


def iter_task_items(lead: Lead) -> Iterator[TaskItem]:
    """Every task item of a lead's files, each once."""
    for session in lead.sessions:
        for topic in session.topics:
            owner = topic.fields.owner or lead.id
            yield TaskItem("topic", topic, owner, False, session.at.day)
    for action in lead.actions:
        yield TaskItem("action", action.task, action.owner, action.coach_owned, action.session)
    for marker in lead.markers:
        yield TaskItem("marker", marker.task, lead.id, False, None)


def is_open(action: Action | TaskItem) -> bool:
    """Whether something is left to do."""
    return not action.status.closed


def is_overdue(action: Action | TaskItem, today: date) -> bool:
    """Whether it is open and its due date has passed."""
    return is_open(action) and action.due is not None and action.due < today


def find_open_actions(lead: Lead) -> tuple[Action, ...]:
    """The lead's and the coach's open actions."""
    return tuple(filter(is_open, lead.actions))


def find_overdue(lead: Lead, today: date) -> tuple[Action, ...]:
    """The open actions whose due date has passed."""
    return tuple(action for action in lead.actions if is_overdue(action, today))


def count_actions(leads: Iterable[Lead], today: date) -> tuple[int, int]:
    """How many actions of these leads are open, and how many of those overdue.

    The last answer about each lead is kept.
    """
    opened = late = 0
    for lead in leads:
        its_open, its_late = _numbers(lead, today)
        opened += its_open
        late += its_late
    return opened, late


def _count(lead: Lead, today: date) -> tuple[int, int]:
    return len(find_open_actions(lead)), len(find_overdue(lead, today))


_numbers = LeadCache(_count)


def find_due_group(action: Action, today: date) -> DueGroup:
    """The group of an action, as if it were open; this week is the seven days from today."""
    if action.coach_owned:
        return DueGroup.COACH
    if action.due is None:
        return DueGroup.UNDATED
    if action.due < today:
        return DueGroup.OVERDUE
    return DueGroup.THIS_WEEK if (action.due - today).days < 7 else DueGroup.LATER


def sort_key(action: Action | TaskItem) -> tuple[date, int, date, int]:
    """A sort key: due first, then priority, then age, then place in the file."""
    return (
        action.due or date.max,
        _PRIORITY[action.task.fields.priority],
        action.session or date.max,
        action.task.line,
    )


def group_by_due(
    actions: Iterable[Action], today: date
) -> tuple[tuple[DueGroup, tuple[Action, ...]], ...]:
    """Actions by group, in the order of `When`, each sorted; empty groups are left out."""
    groups: dict[DueGroup, list[Action]] = {name: [] for name in DueGroup}
    for action in actions:
        groups[find_due_group(action, today)].append(action)
    return tuple((n, tuple(sorted(found, key=sort_key))) for n, found in groups.items() if found)


def find_closed_since(lead: Lead, since: date | None) -> tuple[Action, ...]:
    """Actions that were ticked off since a day, newest first; an undated tick is not counted."""

    def day(action: Action) -> date:
        return action.task.fields.done or date.min

    found = [a for a in lead.actions if a.status is Status.DONE and since and day(a) >= since]
    return tuple(sorted(found, key=day, reverse=True))


def find_carried_over(lead: Lead, now: datetime, times: int = 3) -> tuple[Action, ...]:
    """The open actions that at least so many sessions have passed over since they were agreed."""
    days = [session.at.day for session in find_held_sessions(lead, now)]
    return tuple(
        action
        for action in lead.actions
        if is_open(action)
        and action.session is not None
        and sum(day > action.session for day in days) >= times
    )


@frozen
class ActionFilter:
    """Which actions to show; the empty filter shows every open one."""

    lead: str | None = None
    owner: str | None = None
    tag: str | None = None
    overdue: bool = False
    closed: bool = False
    """Whether to show closed ones too."""

    def matches(self, action: Action | TaskItem, lead: Lead, today: date) -> bool:
        """Whether it passes; names are compared without regard to case."""
        if not self.closed and not is_open(action):
            return False
        if self.overdue and not is_overdue(action, today):
            return False
        if self.lead is not None and not matches_lead(lead, self.lead):
            return False
        if self.owner is not None and not _is_owner(action, lead, self.owner):
            return False
        return self.tag is None or has_tag(action, self.tag)


def matches_lead(lead: Lead, name: str) -> bool:
    """Whether a lead is meant by that id, name or first name."""
    wanted = name.strip().rstrip("/").casefold()
    full = lead.name.casefold()
    return wanted in (lead.id.casefold(), lead.id.casefold().rpartition("/")[2], full) or (
        wanted == full.partition(" ")[0]
    )


def _is_owner(action: Action | TaskItem, lead: Lead, owner: str) -> bool:
    wanted = owner.removeprefix("@").casefold()
    if wanted == action.owner.casefold():
        return True
    coach = (lead.coach or "coach").casefold()
    if wanted in ("coach", coach, coach.partition(" ")[0]):
        return action.coach_owned
    return not action.task.fields.owner and matches_lead(lead, wanted)


def has_tag(action: Action | TaskItem, tag: str) -> bool:
    """Whether it has the tag, or one below it; `#skill/vision` and `#vision` are the same."""
    wanted = tag.removeprefix("#").casefold()
    same = wanted.removeprefix("skill/")
    for written in action.task.fields.tags:
        name = written.casefold()
        if name.removeprefix("skill/") == same or name.startswith(wanted + "/"):
            return True
    return False
