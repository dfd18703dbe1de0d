"""What the viewer has wished for in this session, and what became of it.

Nothing here touches the screen or a file: the app hands in what the files thread says, and gets
back what to ask of it next. A wish that could not be carried out stays until somebody has seen to
it; one that was, is watched, because an editor with an older buffer may save over it.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Final

from tldash.editing.edits import Edit, FileEdit, Remove, SetStatus, SetText, describe, path_of
from tldash.model.frozen import frozen
from tldash.model.item_keys import Key, iter_tasks, task_key
from tldash.model.records import Status, Task, Workspace
from tldash.service import service
from tldash.tui.prompts.typed_edits import Change
from tldash.tui.state import Refusal

if TYPE_CHECKING:
    from tldash.history.journal import Entry

WATCHED: Final = 100
"""Edits that are watched at most; the oldest is let go."""


@frozen
class _Toggle:
    """A tick, or the status before it, whichever the item has not when its turn comes."""

    before: dict[Key, Status]
    today: date

    def __call__(self, task: Task) -> Edit:
        key = task_key(task)
        if task.status.closed:
            return SetStatus(task, self.before.pop(key, Status.OPEN), self.today)
        self.before[key] = task.status
        return SetStatus(task, Status.DONE, self.today)


@frozen
class _Ticking:
    """A tick, or the status before it, whichever several items are to have."""

    before: dict[Key, Status]
    today: date
    close: bool

    def __call__(self, task: Task) -> Edit:
        key = task_key(task)
        if not self.close:
            return SetStatus(task, self.before.pop(key, Status.OPEN), self.today)
        if not task.status.closed:
            self.before[key] = task.status
        return SetStatus(task, Status.DONE, self.today)


@frozen
class _Together:
    """A change of an item that was wished for with those of others."""

    change: Change
    batch: str

    def __call__(self, task: Task) -> Edit:
        return self.change(task)


class Wishes:
    """The wishes on their way, those that were refused, and those that came true."""

    def __init__(self) -> None:
        self.own: set[Key] = set()
        """What the viewer is changing: no news when it has changed."""
        self.undoing = False
        self.refused: tuple[Refusal, ...] = ()
        self._numbers = count(1)
        self._edits: dict[int, Edit] = {}
        """What to try again, by the number of the refusal."""
        self._entries: dict[int, Entry] = {}
        """What could not be undone, by the number of the refusal."""
        self._before: dict[Key, Status] = {}
        self._waiting: dict[Key, deque[Change]] = {}
        """By item of which a wish is on its way: the changes that wait for it."""
        self._batches: dict[Key, str] = {}
        """By item: the batch of the wish about it that is asked for next."""
        self._watched: dict[tuple[Key, str], Edit] = {}

    @property
    def waiting(self) -> bool:
        """Whether a wish about an item is on its way to a file."""
        return bool(self._waiting)

    def toggle(self, task: Task, today: date) -> Edit | None:
        """A press of the key that ticks and unticks; a second one takes back a first that waits.

        What to ask of the files now, as for `change`.
        """
        waiting = self._waiting.get(task_key(task))
        if waiting and isinstance(waiting[-1], _Toggle):
            waiting.pop()
            return None
        return self.change(task, _Toggle(self._before, today))

    def ticking(self, tasks: Iterable[Task], today: date) -> Change:
        """One press of that key for several: the open ones are ticked; where none is, all are
        unticked."""
        return _Ticking(self._before, today, any(not task.status.closed for task in tasks))

    def change_all(self, tasks: Iterable[Task], change: Change, batch: str) -> list[Edit]:
        """A press of a key that changes several items in one go: what to ask of the files now.

        Those of which an earlier wish is on its way follow when it is answered.
        """
        edits = (self.change(task, _Together(change, batch)) for task in tasks)
        return [edit for edit in edits if edit is not None]

    def batch_of(self, edit: Edit) -> str:
        """The batch that an edit asked for by `written` belongs to; mostly none."""
        return "" if isinstance(edit, FileEdit) else self._batches.pop(task_key(edit.task), "")

    def change(self, task: Task, change: Change) -> Edit | None:
        """A press of a key that changes an item; each is made, one after the other.

        What to ask of the files now; None while an earlier one about the item is on its way.
        """
        key = task_key(task)
        if key in self._waiting:
            self._waiting[key].append(change)
            return None
        self._waiting[key] = deque()
        self.own.add(key)
        return change(task)

    def written(self, word: service.Written, workspace: Workspace) -> Edit | None:
        """A wish came true; a further wish about the same item where there was one meanwhile."""
        edit = word.edit
        self._watch(edit)
        if isinstance(edit, FileEdit):
            return None
        key = task_key(edit.task)
        changes = self._waiting.pop(key, None)
        task = _find(workspace, key) if changes else None
        if not changes or task is None:
            return None
        self._waiting[key] = changes
        self.own.add(key)
        change = changes.popleft()
        if isinstance(change, _Together):
            self._batches[key] = change.batch
        return change(task)

    def not_written(self, word: service.NotWritten) -> None:
        """A wish was refused."""
        if not isinstance(word.edit, FileEdit):
            self._waiting.pop(task_key(word.edit.task), None)
        self._refuse(word.edit, word.message, word.found)

    def not_taken_back(self, *words: service.NotTakenBack) -> None:
        """Edits could not be undone; they stand in the way of those before them."""
        if any(word.entry is not None for word in words):
            for number in [*self._entries]:
                self.let_go(number)
        for word in words:
            if word.entry is None:
                continue
            refusal = self._add(
                f"undo {word.entry.what}",
                word.message,
                (word.entry.path, word.entry.splice.line),
                (word.expected, word.found),
            )
            self._entries[refusal.number] = word.entry

    def taken_over(self, before: Workspace, after: Workspace) -> tuple[Refusal, ...]:
        """What came true and is so no more, because somebody else wrote the file since.

        It is refused from now on.
        """
        if not self._watched:
            return ()
        from tldash.editing.semantics import is_so

        same = set(map(id, before.leads))
        keys = {key for key, _ in self._watched}
        now = {
            key: task
            for lead in after.leads
            if id(lead) not in same
            for task in iter_tasks(lead)
            if (key := task_key(task)) in keys
        }
        lost = []
        for mark, edit in [*self._watched.items()]:
            task = now.get(mark[0])
            if task is None or is_so(edit, task):
                continue
            del self._watched[mark]
            if not self.undoing and mark[0] not in self.own:
                lost.append(self._refuse(edit, "somebody has saved the line without it", task.raw))
        return tuple(lost)

    def again(self, number: int, workspace: Workspace) -> Edit | None:
        """Take a refused wish off the list, and what to ask of the files: the same, about the
        line as it stands now."""
        refusal = next(one for one in self.refused if one.number == number)
        edit = self._edits.get(number)
        self.let_go(number)
        if edit is None:
            return None
        if not isinstance(edit, FileEdit):
            same = [
                task
                for task in _tasks(workspace)
                if task.path == refusal.path and task.raw.strip() == (refusal.now or refusal.was)
            ]
            edit = dataclasses.replace(edit, task=same[0]) if len(same) == 1 else edit
            self.own.add(task_key(edit.task))
        return edit

    def let_go(self, number: int) -> Entry | None:
        """Take a refused wish off the list; the edit that could not be undone, if it was one."""
        self.refused = tuple(one for one in self.refused if one.number != number)
        self._edits.pop(number, None)
        return self._entries.pop(number, None)

    def _watch(self, edit: Edit) -> None:
        if isinstance(edit, FileEdit | Remove | SetText):
            return
        mark = (task_key(edit.task), f"{type(edit).__name__} {getattr(edit, 'field', '')}")
        self._watched.pop(mark, None)
        self._watched[mark] = edit
        while len(self._watched) > WATCHED:
            del self._watched[next(iter(self._watched))]

    def _refuse(self, edit: Edit, why: str, now: str) -> Refusal:
        seen = None if isinstance(edit, FileEdit) else edit.task
        place = (path_of(edit), seen.line if seen else 1)
        refusal = self._add(describe([edit]), why, place, (seen.raw if seen else "", now))
        self._edits[refusal.number] = edit
        return refusal

    def _add(self, what: str, why: str, place: tuple[str, int], lines: tuple[str, str]) -> Refusal:
        was, now = (line.strip() for line in lines)
        refusal = Refusal(next(self._numbers), what, why, *place, was, now)
        self.refused = (*self.refused, refusal)
        return refusal


def _tasks(workspace: Workspace) -> Iterator[Task]:
    for lead in workspace.leads:
        yield from iter_tasks(lead)


def _find(workspace: Workspace, key: Key) -> Task | None:
    return next((task for task in _tasks(workspace) if task_key(task) == key), None)
