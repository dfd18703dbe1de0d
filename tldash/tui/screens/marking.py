"""What screens with task items share about marks: which are marked, and what that changes.

A mark follows its item through changes of the files as the selection does, and goes with it. While
there are marks, the key bar says how many, and what can be done to all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from textual.content import Content

from tldash.model.item_keys import Key, iter_tasks, task_key
from tldash.model.records import Task, Workspace
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.messages import ShowNotice
from tldash.tui.screens.page import Page
from tldash.tui.state import State
from tldash.tui.style.text import ACCENT
from tldash.tui.widgets.bars import KeyBar, TitleBar, labelled
from tldash.tui.widgets.mark_list import Mark, MarkList, mark_of

MARKING: Final[tuple[Command, ...]] = (
    commands.MARK,
    commands.MARK_DOWN,
    commands.MARK_UP,
    commands.MARK_ALL,
)
TO_ALL: Final[tuple[Command, ...]] = (
    commands.MARK,
    commands.TICK,
    commands.DATE,
    commands.PROGRESS,
    commands.DROP,
    commands.HAND_OVER,
    commands.TAGS,
    commands.DELETE,
    commands.COPY,
    commands.UNDO,
    commands.BACK,
    commands.HELP,
)
"""What the key bar offers while there are marks; the last two always."""


class MarkPage(Page):
    """A screen on which task items can be marked."""

    _marks: tuple[Task, ...] = ()
    """In order of marking, each as it was last read."""
    _shown: frozenset[Mark] = frozenset()
    """The marks that the screen shows."""

    def task_here(self) -> Task | None:
        """The task item that is selected."""
        task = getattr(self.selected(), "task", None)
        return task if isinstance(task, Task) else None

    def chosen(self) -> tuple[Task, ...]:
        """What a command is about: the marked items, those on screen first; else the selected."""
        if not self._marks:
            task = self.task_here()
            return (task,) if task is not None else ()
        place = {mark: at for at, mark in enumerate(self._markable())}
        return tuple(sorted(self._marks, key=lambda task: place.get(_mark(task), len(place))))

    def _markable(self, rows: Iterable[MarkList] | None = None) -> Iterator[Mark]:
        """The marks that rows on screen can have."""
        for some in self.query(MarkList) if rows is None else rows:
            yield from (mark for row in some.rows if (mark := mark_of(row)) is not None)

    # Marks come and go

    def action_mark(self) -> None:
        """Mark, and go on."""
        self._mark_and_go(1)

    def action_mark_down(self) -> None:
        """Mark, and go down."""
        self._mark_and_go(1)

    def action_mark_up(self) -> None:
        """Mark, and go up."""
        self._mark_and_go(-1)

    def _mark_and_go(self, by: int) -> None:
        rows = self.list_in_focus()
        if not isinstance(rows, MarkList):
            return
        task = self.task_here()
        if task is not None:
            self._toggle(task)
        elif rows.selected is not None:
            self.post_message(ShowNotice("actions, topics and markers can be marked"))
        rows.step(by)

    def action_mark_all(self) -> None:
        """All that are shown; none where all of them are marked."""
        rows = self.list_in_focus()
        if not isinstance(rows, MarkList):
            return
        shown = {
            mark: row.task  # type: ignore[attr-defined]
            for row in rows.rows
            if (mark := mark_of(row)) is not None
        }
        known = set(map(_mark, self._marks))
        if shown.keys() <= known:
            self._set_marks(task for task in self._marks if _mark(task) not in shown)
        else:
            new = (task for mark, task in shown.items() if mark not in known)
            self._set_marks((*self._marks, *new))

    def on_mark_list_marked(self, message: MarkList.Marked) -> None:
        """A click with ctrl held."""
        task = getattr(message.row, "task", None)
        if isinstance(task, Task):
            self._toggle(task)

    def _toggle(self, task: Task) -> None:
        others = [other for other in self._marks if _mark(other) != _mark(task)]
        self._set_marks(others if len(others) < len(self._marks) else [*others, task])

    def step_back(self) -> bool:
        """First let all marks go."""
        if not self._marks:
            return super().step_back()
        self.unmark()
        return True

    def unmark(self) -> None:
        """Let all marks go."""
        self._set_marks(())

    def _set_marks(self, tasks: Iterable[Task]) -> None:
        self._marks = tuple(tasks)
        self.show_marks()

    # Marks are shown

    def redraw(self) -> None:
        """As always; marks follow their items first."""
        if self._marks and self.state is not None:
            self._marks = followed(self._marks, self.state.workspace)
        super().redraw()
        self.show_marks()

    def show_marks(self) -> None:
        """Bring signs, title and keys in line with the marks."""
        if self.state is None or not self.query(TitleBar):
            return
        marked = frozenset(map(_mark, self._marks))
        if not marked and not self._shown:
            return
        self._shown = marked
        for rows in self.query(MarkList):
            rows.show_marks(marked)
        self.query_one(TitleBar).status = self.status(self.state)
        self.query_one(KeyBar).commands = self.keys(self.state)

    def unseen(self, state: State) -> list[Content]:
        marked = [Content.styled(f"{len(self._marks)} marked", ACCENT)] if self._marks else []
        return [*marked, *super().unseen(state)]

    def keys(self, state: State) -> tuple[tuple[Command, str], ...]:
        if not self._marks:
            return super().keys(state)
        hidden = len(set(map(_mark, self._marks)).difference(self._markable()))
        aside = f", {hidden} not shown" if hidden else ""
        return labelled(
            commands.offered(TO_ALL, state.allowed),
            mark=f"{len(self._marks)} marked{aside}",
            go_back="let go",
        )


def _mark(task: Task) -> Mark:
    return task_key(task), task.line


def followed(marks: Iterable[Task], workspace: Workspace) -> tuple[Task, ...]:
    """The marked items as they stand now, without those that are gone."""
    marks = tuple(marks)
    keys = set(map(task_key, marks))
    paths = {task.path for task in marks}
    found: dict[Key, list[Task]] = {}
    for lead in workspace.leads:
        for task in iter_tasks(lead):
            if task.path in paths and (key := task_key(task)) in keys:
                found.setdefault(key, []).append(task)
    now = []
    for mark in marks:
        same = found.get(task_key(mark))
        if same:
            nearest = min(same, key=lambda task: _distance(task, mark))
            same.remove(nearest)
            now.append(nearest)
    return tuple(now)


def _distance(task: Task, mark: Task) -> tuple[bool, bool, int]:
    """How unlike a marked item is to what has its key now."""
    return task.raw != mark.raw, task.status is not mark.status, abs(task.line - mark.line)
