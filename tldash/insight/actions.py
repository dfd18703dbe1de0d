"""Select, count and group actions: open, overdue, carried over."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from tldash.insight.lead_cache import LeadCache
from tldash.insight.people import ViewerRole
from tldash.insight.phase import is_active
from tldash.insight.schedule import find_held_sessions, find_last_session
from tldash.model.dates import to_local
from tldash.model.frozen import frozen
from tldash.model.records import Action, ItemKind, Lead, Priority, Status, Task
from tldash.model.spelling import fold_accents

_PRIORITY: Final[dict[Priority | None, int]] = {
    Priority.HIGHEST: 0,
    Priority.HIGH: 1,
    Priority.MEDIUM: 2,
    None: 3,
    Priority.LOW: 4,
    Priority.LOWEST: 5,
}


class DueGroup(StrEnum):
    """Groups of actions, most urgent first."""

    OVERDUE = "overdue"
    YOURS = "yours"
    """Those of the coach, for the coach."""
    THIS_WEEK = "this week"
    NEXT_WEEK = "next week"
    LATER = "later"
    UNDATED = "no date"
    WAITING = "waiting"
    COACH = "coach's"
    CLOSED = "done since last time"


@frozen
class TaskItem:
    """A task item of a lead: an action, topic or marker."""

    kind: ItemKind
    task: Task
    owner: str
    coach_owned: bool
    session: date | None
    """Day of the session that contains it."""
    waiting_for: tuple[str, ...] = ()
    """As of an action."""

    @property
    def status(self) -> Status:
        return self.task.status

    @property
    def due(self) -> date | None:
        return self.task.fields.due


def iter_task_items(lead: Lead) -> Iterator[TaskItem]:
    """Yield every task item of a lead once."""
    for session in lead.sessions:
        for topic in session.topics:
            owner = topic.fields.owner or lead.id
            yield TaskItem(ItemKind.TOPIC, topic, owner, False, session.at.day)
    for action in lead.actions:
        yield TaskItem(
            ItemKind.ACTION,
            action.task,
            action.owner,
            action.coach_owned,
            action.session,
            action.waiting_for,
        )
    for marker in lead.markers:
        yield TaskItem(ItemKind.MARKER, marker.task, lead.id, False, None)
    for other in lead.others:
        task = other.task
        yield TaskItem(other.kind, task, task.fields.owner or lead.id, False, None)


def is_open(action: Action | TaskItem) -> bool:
    """Return whether an action is neither done nor cancelled."""
    return not action.status.closed


def is_overdue(action: Action | TaskItem, today: date) -> bool:
    """Return whether an action is open and its due date is before `today`.

    One that waits for another item is not overdue.
    """
    late = action.due is not None and action.due < today
    return late and is_open(action) and not action.waiting_for


def describe_waiting(action: Action | TaskItem) -> str:
    """Return what an open action waits for, as in `waiting for the draft and 1 more`."""
    if not action.waiting_for or not is_open(action):
        return ""
    first, *others = action.waiting_for
    more = f" and {len(others)} more" if others else ""
    return f"waiting for {first or 'an item without text'}{more}"


def find_open_actions(lead: Lead) -> tuple[Action, ...]:
    """Return a lead's open actions, including those owned by the coach."""
    return tuple(filter(is_open, lead.actions))


def find_overdue(lead: Lead, today: date) -> tuple[Action, ...]:
    """Return a lead's overdue actions."""
    return tuple(action for action in lead.actions if is_overdue(action, today))


def count_actions(leads: Iterable[Lead], today: date) -> tuple[int, int]:
    """Count the open actions of some leads, and the overdue ones among them. Cached per lead.

    Those of paused and ended leads count as none.
    """
    opened = overdue = 0
    for lead in leads:
        open_here, overdue_here = _count_cached(lead, today)
        opened += open_here
        overdue += overdue_here
    return opened, overdue


def _count(lead: Lead, today: date) -> tuple[int, int]:
    if not is_active(lead):
        return 0, 0
    return len(find_open_actions(lead)), len(find_overdue(lead, today))


_count_cached = LeadCache(_count)


def find_due_group(action: Action, today: date, you: ViewerRole = ViewerRole.ANOTHER) -> DueGroup:
    """Return the group of an action as if it were open. Weeks begin on Monday (ISO 8601).

    An overdue action is in the same group whoever owns it, so that the group has as many as
    `count_actions` counts.
    """
    due = action.due
    if action.waiting_for:
        return DueGroup.WAITING
    if due is not None and due < today:
        return DueGroup.OVERDUE
    if action.coach_owned:
        return DueGroup.YOURS if you is ViewerRole.COACH else DueGroup.COACH
    if due is None:
        return DueGroup.UNDATED
    days = (due - today).days + today.weekday()
    if days < 7:
        return DueGroup.THIS_WEEK
    return DueGroup.NEXT_WEEK if days < 14 else DueGroup.LATER


def sort_key(action: Action | TaskItem) -> tuple[date, int, date, int]:
    """Return a sort key: due date, then priority, then session, then line."""
    return (
        action.due or date.max,
        _PRIORITY[action.task.fields.priority],
        action.session or date.max,
        action.task.line,
    )


def group_by_due(
    actions: Iterable[Action], today: date, you: ViewerRole = ViewerRole.ANOTHER
) -> tuple[tuple[DueGroup, tuple[Action, ...]], ...]:
    """Group actions by due date and sort each group. Empty groups are left out."""
    groups: dict[DueGroup, list[Action]] = {name: [] for name in DueGroup}
    for action in actions:
        groups[find_due_group(action, today, you)].append(action)
    return tuple((n, tuple(sorted(found, key=sort_key))) for n, found in groups.items() if found)


def find_closed_since(lead: Lead, since: date | None) -> tuple[Action, ...]:
    """Return the actions with a done date from `since` on, newest first."""

    def day(action: Action) -> date:
        return action.task.fields.done or date.min

    found = [a for a in lead.actions if a.status is Status.DONE and since and day(a) >= since]
    return tuple(sorted(found, key=day, reverse=True))


DatedKind = Literal["done", "dropped", "added", "reached"]


class DatedChange(NamedTuple):
    """What a date in a file tells: an action that was done, dropped or added, a marker reached."""

    day: date
    kind: DatedKind
    task: Task


def find_since_session(lead: Lead, now: datetime) -> tuple[date, tuple[DatedChange, ...]] | None:
    """Return the day of the last held session, and what happened after it by the dates in files.

    The latest comes first. None if no session was held.
    """
    last = find_last_session(lead, now)
    if last is None:
        return None
    day = to_local(last.at, now).day
    return day, _find_dated(lead, day, now.date())


def _list_dated(lead: Lead, after: date, until: date) -> tuple[DatedChange, ...]:
    def list_all() -> Iterator[tuple[date | None, DatedKind, Task]]:
        for action in lead.actions:
            task = action.task
            yield task.fields.created, "added", task
            yield task.fields.done if task.status is Status.DONE else None, "done", task
            is_dropped = task.status is Status.CANCELLED
            yield task.fields.cancelled if is_dropped else None, "dropped", task
        for marker in lead.markers:
            task = marker.task
            yield task.fields.done if task.status is Status.DONE else None, "reached", task

    found = [
        DatedChange(day, kind, task)
        for day, kind, task in list_all()
        if day is not None and after < day <= until
    ]
    return tuple(sorted(found, key=lambda one: one.day, reverse=True))


_find_dated = LeadCache(_list_dated)


def _find_held_days(lead: Lead, now: datetime) -> tuple[date, ...]:
    return tuple(session.at.day for session in find_held_sessions(lead, now))


find_held_days = LeadCache(_find_held_days)
"""Return the days of a lead's held sessions, in order. Cached per lead."""


def find_closing_day(action: Action) -> date | None:
    """Return the day when an action was done or dropped; None if it is open, or without a date."""
    fields = action.task.fields
    return (fields.done or fields.cancelled) if action.status.closed else None


def find_carried_range(action: Action, held: Sequence[date]) -> tuple[int, int]:
    """Return start and end of the held sessions that an action stayed open through, as indices.

    Args:
        action: The action. One that was closed without a date was carried through none.
        held: The days of all held sessions, from `find_held_days`.
    """
    closed = find_closing_day(action)
    if action.session is None or (action.status.closed and closed is None):
        return 0, 0
    first = bisect_right(held, action.session)
    last = bisect_left(held, closed) if closed else len(held)
    return first, max(first, last)


def find_carried_through(action: Action, held: Sequence[date]) -> tuple[date, ...]:
    """Return the days of the held sessions of `find_carried_range`."""
    first, last = find_carried_range(action, held)
    return tuple(held[first:last])


def describe_carried(times: int) -> str:
    """Format as `carried over 3 times`; empty for 0."""
    if not times:
        return ""
    return f"carried over {('once', 'twice')[times - 1] if times < 3 else f'{times} times'}"


def find_carried_over(lead: Lead, now: datetime, times: int = 3) -> tuple[Action, ...]:
    """Return the open actions with at least `times` held sessions since they were agreed."""
    held = find_held_days(lead, now)
    return tuple(
        action
        for action in lead.actions
        if is_open(action) and len(find_carried_through(action, held)) >= times
    )


@frozen
class ActionFilter:
    """A filter for actions. Without arguments it matches every open action."""

    lead: str | None = None
    owner: str | None = None
    tag: str | None = None
    overdue: bool = False
    closed: bool = False
    """Whether closed actions match too."""

    def matches(self, action: Action | TaskItem, lead: Lead, today: date) -> bool:
        """Return whether an action matches. Names are compared ignoring case."""
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
    """Return whether `name` is the id, folder name, name or first name of a lead.

    Case, accents and their composition are ignored, as in all comparisons here.
    """
    wanted = fold_accents(name.strip().rstrip("/"))
    full, lead_id = fold_accents(lead.name), fold_accents(lead.id)
    return wanted in (lead_id, lead_id.rpartition("/")[2], full, full.partition(" ")[0])


def _is_owner(action: Action | TaskItem, lead: Lead, owner: str) -> bool:
    wanted = fold_accents(owner.removeprefix("@"))
    if wanted == fold_accents(action.owner):
        return True
    coach = fold_accents(lead.coach or "coach")
    if wanted in ("coach", coach, coach.partition(" ")[0]):
        return action.coach_owned
    return not action.task.fields.owner and matches_lead(lead, wanted)


def has_tag(action: Action | TaskItem, tag: str) -> bool:
    """Return whether an action has a tag or one nested below it.

    `#skill/vision` and `#vision` are the same tag.
    """
    wanted = fold_accents(tag.removeprefix("#"))
    same = wanted.removeprefix("skill/")
    for written in action.task.fields.tags:
        name = fold_accents(written)
        if name.removeprefix("skill/") == same or name.startswith(wanted + "/"):
            return True
    return False
