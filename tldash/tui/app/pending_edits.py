"""Edits that wait to be written, that failed, or that another program may overwrite.

Pure bookkeeping: `tldash.tui.app.edits` sends the edits and passes the outcomes back.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Final, NamedTuple

from tldash.editing.edits import (
    AddTask,
    Edit,
    FileEdit,
    Remove,
    SetStatus,
    SetText,
    TaskChange,
    describe,
    path_of,
)
from tldash.model.frozen import frozen
from tldash.model.item_keys import Key, find_current, iter_tasks, task_key
from tldash.model.records import Status, Task, Workspace
from tldash.service.results import EditFailed, Outcome, UndoFailed
from tldash.tui.prompts.changes import Change
from tldash.tui.state import FailedEdit

if TYPE_CHECKING:
    from tldash.history.journal import Entry

WATCH_LIMIT: Final = 100
"""Written edits that are checked for overwrites, the latest ones."""
ROW_AGE: Final = 100
"""Written edits that a row may not show yet, the latest ones."""
OVERWRITTEN: Final = "someone saved an older version of the line"


Item = tuple[Key, int]
"""The key of an item and its line, since two items with the same words have the same key."""


def _item(task: Task) -> Item:
    return task_key(task), task.line


@frozen
class Tick:
    """Tick an item, or restore the status that it had before its tick."""

    before: dict[Key, Status]
    today: date
    close: bool

    def __call__(self, task: Task) -> Edit:
        key = task_key(task)  # its line may have moved since the tick
        if not self.close:
            return SetStatus(task, self.before.pop(key, Status.OPEN), self.today)
        if not task.status.closed:
            self.before[key] = task.status
        return SetStatus(task, Status.DONE, self.today)


class Waiting(NamedTuple):
    """A change of an item whose earlier edit is still being written."""

    task: Task
    change: Change
    batch: str


class Ready(NamedTuple):
    """An edit to send now, and the batch that it belongs to."""

    edit: Edit
    batch: str


class PendingEdits:
    """The edits of this session. Each item has at most one edit on its way to its file."""

    def __init__(self) -> None:
        self.sent: dict[Item, Edit] = {}
        """Edits on their way to a file, by item."""
        self.additions: list[FileEdit] = []
        """Those of no existing item."""
        self.failed: tuple[FailedEdit, ...] = ()
        self._waiting: dict[Item, deque[Waiting]] = {}
        self._before: dict[Key, Status] = {}
        """The status that ticked items had before."""
        self._numbers = count(1)
        self._retries: dict[int, Edit] = {}
        """Failed edits, by their number in the list."""
        self._blocking: dict[int, Entry] = {}
        """Edits that could not be undone, by their number in the list."""
        self._watched: dict[tuple[Key, str], TaskChange] = {}
        """Written edits to check for overwrites, by item and kind; oldest first."""
        self._written: deque[TaskChange] = deque(maxlen=ROW_AGE)
        """Written edits of items, oldest first."""

    @property
    def any(self) -> bool:
        """Whether an edit is on its way, or waits for one."""
        return bool(self.sent or self.additions)

    @property
    def keys(self) -> frozenset[Key]:
        """The keys of the items with an edit on its way."""
        return frozenset(key for key, _ in self.sent)

    @property
    def moves_rows(self) -> bool:
        """Whether an edit on its way may add, move, reword or remove a row.

        An item whose status changes stays in its place, unless it repeats.
        """
        waiting = (one.change for queue in self._waiting.values() for one in queue)
        return (
            bool(self.additions)
            or any(not isinstance(change, Tick) for change in waiting)
            or any(
                not isinstance(edit, SetStatus) or edit.task.fields.repeat
                for edit in self.sent.values()
            )
        )

    def catch_up(self, tasks: Sequence[Task], workspace: Workspace) -> list[Task]:
        """Return the items of rows, as the viewer's own edits left them.

        A row is drawn a moment after its edit is written, and a key may come between. An item that
        somebody else has changed since stays as its row shows it, so that the edit is refused.
        """
        now = find_current(workspace, tasks)
        return [
            new if self._is_own(seen, new) else seen for seen, new in zip(tasks, now, strict=True)
        ]

    def _is_own(self, seen: Task, now: Task) -> bool:
        """Return whether an item became what it is now by the viewer's own edits."""
        same = [edit for edit in self._written if _item(edit.task) == _item(seen)]
        return any(edit.task == seen for edit in same) and _is_made(same[-1], now)

    def toggle(self, tasks: Sequence[Task], today: date, batch: str) -> list[Edit]:
        """Tick the items that are open; if none is, untick them all. Return the edits to send.

        Counts what is pending: a second press unticks although the first is not written yet. A
        third one cancels the second if that still waits.
        """
        opened = [task for task in tasks if not self._will_be_closed(task)]
        change = Tick(self._before, today, close=bool(opened))
        changed = []
        for task in opened or tasks:
            waiting = self._waiting.get(_item(task))
            if waiting and isinstance(waiting[-1].change, Tick):
                waiting.pop()
            else:
                changed.append(task)
        return self.submit(changed, change, batch)

    def _will_be_closed(self, task: Task) -> bool:
        for waiting in reversed(self._waiting.get(_item(task), ())):
            if isinstance(waiting.change, Tick):
                return waiting.change.close
        sent = self.sent.get(_item(task))
        return (sent.status if isinstance(sent, SetStatus) else task.status).closed

    def submit(self, tasks: Iterable[Task], change: Change, batch: str) -> list[Edit]:
        """Return the edits to send now; queue the change of items that have one on its way."""
        ready = []
        for task in tasks:
            item = _item(task)
            if item in self.sent:
                self._waiting.setdefault(item, deque()).append(Waiting(task, change, batch))
            else:
                self.sent[item] = change(task)
                ready.append(self.sent[item])
        return ready

    def finish(self, outcome: Outcome, workspace: Workspace) -> Ready | None:
        """Take the outcome of an edit. Return the next one of the same item, if one waits.

        A failed edit drops what waits for it.
        """
        edit = outcome.edit
        item, waiting = None, None
        if isinstance(edit, FileEdit):
            self.additions = [other for other in self.additions if other != edit]
        else:
            item = _item(edit.task)
            self.sent.pop(item, None)
            waiting = self._waiting.pop(item, None)
        if isinstance(outcome, EditFailed):
            self._add_failed(edit, outcome.message, outcome.found)
            return None
        self._watch(edit)
        if isinstance(edit, TaskChange):
            self._written.append(edit)
        if not waiting:
            return None
        following = waiting.popleft()
        (task,) = find_current(workspace, [following.task])
        item = _item(task)
        if waiting:
            self._waiting[item] = waiting
        self.sent[item] = following.change(task)
        return Ready(self.sent[item], following.batch)

    def fail_undo(self, failures: Iterable[UndoFailed]) -> None:
        """List edits that could not be undone, instead of those listed before."""
        blocking = [(one, one.entry) for one in failures if one.entry is not None]
        if blocking:
            for number in [*self._blocking]:
                self.dismiss(number)
        for failure, entry in blocking:
            failed = self._list(
                f"undo {entry.what}",
                failure.message,
                (entry.path, entry.line),
                (failure.expected, failure.found),
            )
            self._blocking[failed.number] = entry

    def find_overwritten(
        self, before: Workspace, after: Workspace, own: Collection[Key] | None
    ) -> tuple[FailedEdit, ...]:
        """List written edits that somebody has since saved over, for example an old buffer.

        `own` are items that the viewer is changing here; None is any, as by undo. Those that
        differ are no longer watched.
        """
        if not self._watched:
            return ()
        same = set(map(id, before.readable_leads))
        keys = {key for key, _ in self._watched}
        now = {
            key: task
            for lead in after.readable_leads
            if id(lead) not in same
            for task in iter_tasks(lead)
            if (key := task_key(task)) in keys
        }
        found = []
        for mark, edit in [*self._watched.items()]:
            task = now.get(mark[0])
            if task is None or _is_made(edit, task):
                continue
            del self._watched[mark]
            if own is not None and mark[0] not in own:
                found.append(self._add_failed(edit, OVERWRITTEN, task.raw))
        return tuple(found)

    def retry(self, number: int, workspace: Workspace) -> Edit | None:
        """Remove a failed edit from the list and return it for the line as it is now.

        None if it was a failed undo.
        """
        failed = next(one for one in self.failed if one.number == number)
        edit = self._retries.get(number)
        self.dismiss(number)
        if edit is None or isinstance(edit, FileEdit):
            return edit
        line = failed.now or failed.was
        same = [
            task
            for task in _tasks(workspace)
            if task.path == failed.path and task.raw.strip() == line
        ]
        return dataclasses.replace(edit, task=same[0]) if len(same) == 1 else edit

    def dismiss(self, number: int) -> Entry | None:
        """Remove a failed edit from the list. Return the history entry if it was a failed undo."""
        self.failed = tuple(one for one in self.failed if one.number != number)
        self._retries.pop(number, None)
        return self._blocking.pop(number, None)

    def _watch(self, edit: Edit) -> None:
        if isinstance(edit, FileEdit | Remove | SetText):
            return
        mark = (task_key(edit.task), f"{type(edit).__name__} {getattr(edit, 'field', '')}")
        self._watched.pop(mark, None)
        self._watched[mark] = edit
        while len(self._watched) > WATCH_LIMIT:
            del self._watched[next(iter(self._watched))]

    def _add_failed(self, edit: Edit, why: str, now: str) -> FailedEdit:
        seen = None if isinstance(edit, FileEdit) else edit.task
        place = (path_of(edit), seen.line if seen else 1)
        typed = edit.text if isinstance(edit, AddTask | SetText) else ""
        failed = self._list(describe([edit]), why, place, (seen.raw if seen else "", now), typed)
        self._retries[failed.number] = edit
        return failed

    def _list(
        self, what: str, why: str, place: tuple[str, int], lines: tuple[str, str], typed: str = ""
    ) -> FailedEdit:
        was, now = (line.strip() for line in lines)
        failed = FailedEdit(next(self._numbers), what, why, *place, was, now, typed)
        self.failed = (*self.failed, failed)
        return failed


def _is_made(edit: TaskChange, task: Task) -> bool:
    from tldash.editing.semantics import is_made  # not needed by the first screen

    return is_made(edit, task)


def _tasks(workspace: Workspace) -> Iterator[Task]:
    for lead in workspace.readable_leads:
        yield from iter_tasks(lead)
