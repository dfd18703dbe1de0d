"""Rows for task items: actions, topics and skill markers, the same in every list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from textual.content import Content

from tldash.changes import task_key
from tldash.dates import say_date, say_due
from tldash.method.model import Framework
from tldash.records import Action, Priority, Status, Task
from tldash.tui.text import (
    ACCENT,
    DONE,
    LATE,
    MUTED,
    PLAIN,
    STRUCK,
    fit,
    prose,
    row,
    words,
    wrap,
)
from tldash.tui.widgets.rows import Row

BOX = {
    Status.OPEN: ("▢", PLAIN),
    Status.IN_PROGRESS: ("◩", ACCENT),
    Status.DONE: ("✔", DONE),
    Status.CANCELLED: ("✕", MUTED),
}
PRIORITY = {
    Priority.HIGHEST: "‼ ",
    Priority.HIGH: "! ",
    Priority.MEDIUM: "",
    Priority.LOW: "",
    Priority.LOWEST: "",
}
DUE_WIDTH = 9
TAG_WIDTH = 10
LEAD_WIDTH = 14
LEAST_WORDS = 38
"""Cells that the words of an action keep, before its tag is shown."""
MOST_LINES = 3


def box_sign(status: Status) -> Content:
    """The sign of a status; its shape tells it without colour."""
    sign, style = BOX[status]
    return Content.styled(sign, style)


def due(task: Task, today: date) -> Content:
    """The due date as people say it; when it was done, if it is."""
    fields = task.fields
    if task.status is Status.DONE:
        said = f"done {say_date(fields.done, today)}" if fields.done else "done"
        return Content.styled(said if len(said) <= DUE_WIDTH + 2 else "done", DONE)
    if task.status is Status.CANCELLED:
        return Content.styled("dropped", MUTED)
    if fields.due is None:
        return (
            Content.styled("started", ACCENT)
            if task.status is Status.IN_PROGRESS
            else (Content(""))
        )
    style = LATE if fields.due < today else ACCENT if fields.due == today else PLAIN
    return Content.styled(say_due(fields.due, today), style)


Draw = Callable[[], Content]
Column = tuple[Draw, int] | tuple[Draw, int, str]
"""What draws a cell, its width, and `right` where it is flushed there. Drawn when it is seen."""


class TaskRow(Row):
    """A task item: box, words on as many lines as they need, and what is known beside them."""

    box = (0, 2)

    def __init__(  # noqa: PLR0913 - one word each, for how it looks
        self,
        task: Task,
        *,
        tag: Draw | None = None,
        side: Sequence[Column] = (),
        indent: int = 0,
        fresh: bool = False,
        closed_style: str = STRUCK,
    ) -> None:
        """`side` are the columns at the right.

        The column of the tag comes before them, where it leaves the words enough room.
        """
        self.task = task
        self.key = task_key(task)
        self.spot = (task.path, task.line)
        self.fresh = fresh
        self.box = (indent, indent + 2)
        self._tag = tag
        self._side = tuple(side)
        self._indent = indent
        self._closed_style = closed_style

    def height(self, width: int) -> int:
        room = self._room(width)
        if self.task.text.isascii() and len(self.task.text) <= room - 2:
            return 1  # signs of emphasis and priority take two cells at most
        return min(len(self._text(room)), MOST_LINES)

    def lines(self, width: int) -> Sequence[Content]:
        room = self._room(width)
        text = self._text(room)
        if len(text) > MOST_LINES:
            rest = Content(" ").join(text[MOST_LINES - 1 :])
            text = [*text[: MOST_LINES - 1], rest.truncate(room, ellipsis=True)]
        side: list[Column] = list(self._side)
        if self._tag is not None and self._tagged(width):
            side.insert(0, (self._tag, TAG_WIDTH))
        drawn = [(cell[0](), *cell[1:]) for cell in side]
        first = row([(text[0], room), *drawn], gap=2)
        pad = Content(" " * self._indent)
        lines = [Content.assemble(pad, box_sign(self.task.status), " ", first)]
        lines.extend(Content.assemble(pad, "  ", fit(line, room)) for line in text[1:])
        return lines

    def _room(self, width: int) -> int:
        tag = TAG_WIDTH + 2 if self._tagged(width) else 0
        return max(self._beside(width) - tag, 8)

    def _beside(self, width: int) -> int:
        return width - self._indent - 2 - sum(cell[1] + 2 for cell in self._side)

    def _tagged(self, width: int) -> bool:
        return self._tag is not None and self._beside(width) - TAG_WIDTH - 2 >= LEAST_WORDS

    def _text(self, room: int) -> list[Content]:
        closed = self.task.status.closed
        sign = PRIORITY.get(self.task.fields.priority) if self.task.fields.priority else ""
        content = prose(self.task.text, self._closed_style if closed else PLAIN)
        if sign and not closed:
            content = Content.assemble((sign, f"bold {ACCENT}"), content)
        return wrap(content, room)


def tags(task: Task, framework: Framework) -> Content:
    """The skill that a task item is about, else its first tag."""
    for tag in task.fields.tags:
        if skill := framework.skill(tag.rpartition("/")[2]):
            return words(skill.id, MUTED)
    return words(f"#{task.fields.tags[0]}", MUTED) if task.fields.tags else Content("")


def action_row(
    action: Action,
    today: date,
    framework: Framework,
    *,
    lead: str = "",
    fresh: bool = False,
) -> TaskRow:
    """An action in a list; `lead` is the name of its lead where the list is of several."""
    task = action.task
    side: list[Column] = [(lambda: due(task, today), DUE_WIDTH + 2, "right")]
    if lead:
        side.insert(0, (lambda: words(lead, MUTED), LEAD_WIDTH))
    return TaskRow(task, tag=lambda: tags(task, framework), side=side, fresh=fresh)


class Heading(Row):
    """The name of a group of rows."""

    def __init__(
        self, name: str, note: str = "", *, late: bool = False, first: bool = False
    ) -> None:
        self._name = name
        self._note = note
        self._late = late
        self._first = first

    def height(self, width: int) -> int:
        del width
        return 1 if self._first else 2

    def lines(self, width: int) -> Sequence[Content]:
        name = words(self._name, LATE if self._late else f"bold {MUTED}")
        line = Content.assemble(name, (f"  {self._note}" if self._note else "", MUTED))
        line = line.truncate(width, ellipsis=True)
        return (line,) if self._first else (Content(""), line)
