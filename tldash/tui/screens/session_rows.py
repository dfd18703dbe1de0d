"""Rows of task items among the text of a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from textual.content import Content

from tldash.model.dates import format_date
from tldash.model.records import Task
from tldash.output.passage import Passage
from tldash.tui.style.text import MUTED, words
from tldash.tui.widgets.passages import MEASURE
from tldash.tui.widgets.task_rows import DUE_WIDTH, TAG_WIDTH, TaskRow, due


class PassageTask(TaskRow):
    """A task item among the passages."""

    def __init__(  # noqa: PLR0913 - all that the row says
        self,
        passage: Passage,
        task: Task,
        today: date,
        waiting: str = "",
        carried: str = "",
        *,
        is_topic: bool = False,
    ) -> None:
        """`waiting` is what the item waits for; `carried` how often it was carried over.

        A topic shows the day that it is moved to.
        """
        super().__init__(task)
        self._is_topic = is_topic
        self._today = today
        self.waiting = waiting
        self._owner = words(f"@{task.fields.owner}", MUTED) if task.fields.owner else None
        self.indent = 2 * passage.indent
        self.carried = carried
        self.basis = (task, self.indent, today, waiting, carried, is_topic)
        owned = (min(self._owner.cell_length, TAG_WIDTH),) if self._owner else ()
        self.widths = (*owned, DUE_WIDTH + 2)

    def side(self) -> Sequence[Content]:
        when = due(self.task, self._today, waiting=bool(self.waiting))
        moved = self.task.fields.scheduled
        if self._is_topic and moved is not None and not self.task.status.closed:
            when = words(f"→ {format_date(moved, self._today)}", MUTED)
        return (self._owner, when) if self._owner else (when,)

    def height(self, width: int) -> int:
        return super().height(min(width, MEASURE))

    def lines(self, width: int) -> Sequence[Content]:
        return super().lines(min(width, MEASURE))
