"""One change for several items, where what it is depends on all of them.

A key that turns something on and off for one item must do the same for each of several: whether
that is on or off is decided by all, and those that are so already are left alone. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from tldash.editing.edits import SetDate, SetOwner, SetStatus
from tldash.model.item_keys import Key, task_key
from tldash.model.records import Lead, Status, Task
from tldash.tui.prompts.typed_edits import Change

Wish = tuple[tuple[Task, ...], Change]
"""Which items to change, and how."""


def status(wanted: Status, tasks: Sequence[Task], today: date) -> Wish:
    """All get a status; where all have it, all are open again."""
    others = tuple(task for task in tasks if task.status is not wanted)
    become = wanted if others else Status.OPEN
    return others or tuple(tasks), lambda task: SetStatus(task, become, today)


def handed_over(leads: Iterable[Lead], tasks: Sequence[Task]) -> Wish:
    """All go to the coach; where all are the coach's, each goes back to its lead."""
    owned = {
        (action.task.path, action.task.line)
        for lead in leads
        for action in lead.actions
        if action.coach_owned
    }
    others = tuple(task for task in tasks if (task.path, task.line) not in owned)
    owner = "coach" if others else None
    return others or tuple(tasks), lambda task: SetOwner(task, owner)


def on_days(days: Mapping[Key, date]) -> Change:
    """Each is due on a day of its own."""
    return lambda task: SetDate(task, "due", days[task_key(task)])
