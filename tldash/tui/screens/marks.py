"""The marked task items of a screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tldash.model.item_keys import Key, iter_tasks, task_key
from tldash.model.records import Task, Workspace
from tldash.tui.widgets.mark_list import Mark


class Marks:
    """Marked items, each as it was last read, in the order in which they were marked.

    A mark follows its item when files change, and goes when the item goes.
    """

    def __init__(self) -> None:
        self.tasks: tuple[Task, ...] = ()

    @property
    def keys(self) -> frozenset[Mark]:
        """The marks as lists show them."""
        return frozenset(map(mark_of_task, self.tasks))

    def toggle(self, task: Task) -> None:
        """Mark an item, or unmark it."""
        others = tuple(one for one in self.tasks if mark_of_task(one) != mark_of_task(task))
        self.tasks = others if len(others) < len(self.tasks) else (*others, task)

    def toggle_all(self, tasks: Mapping[Mark, Task]) -> None:
        """Mark all of these items; unmark them if all are marked."""
        known = self.keys
        if tasks.keys() <= known:
            self.tasks = tuple(one for one in self.tasks if mark_of_task(one) not in tasks)
        else:
            new = (task for mark, task in tasks.items() if mark not in known)
            self.tasks = (*self.tasks, *new)

    def clear(self) -> bool:
        """Unmark all; False if none is marked."""
        before, self.tasks = self.tasks, ()
        return bool(before)

    def follow(self, workspace: Workspace) -> None:
        """Replace the items by those of a workspace that was read since."""
        if self.tasks:
            self.tasks = follow(self.tasks, workspace)

    def in_order(self, shown: Iterable[Mark]) -> tuple[Task, ...]:
        """Return the items in the order in which lists show them; those not shown come last."""
        place = {mark: index for index, mark in enumerate(shown)}
        return tuple(sorted(self.tasks, key=lambda task: place.get(mark_of_task(task), len(place))))


def mark_of_task(task: Task) -> Mark:
    """Return the mark of an item."""
    return task_key(task), task.line


def follow(tasks: Iterable[Task], workspace: Workspace) -> tuple[Task, ...]:
    """Return the items as they are in a workspace, without those that are gone."""
    tasks = tuple(tasks)
    keys = set(map(task_key, tasks))
    paths = {task.path for task in tasks}
    found: dict[Key, list[Task]] = {}
    for lead in workspace.readable_leads:
        for task in iter_tasks(lead):
            if task.path in paths and (key := task_key(task)) in keys:
                found.setdefault(key, []).append(task)
    now = []
    for task in tasks:
        if candidates := found.get(task_key(task)):
            nearest = min(candidates, key=lambda one: _difference(one, task))
            candidates.remove(nearest)
            now.append(nearest)
    return tuple(now)


def _difference(one: Task, other: Task) -> tuple[bool, bool, int]:
    """Rank how much two items with the same key differ."""
    return one.raw != other.raw, one.status is not other.status, abs(one.line - other.line)
