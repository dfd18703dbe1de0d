"""A list that shows marks.

The marks themselves are in `tldash.tui.screens.marks`. A mark has the line besides the key, because
a repeated item has the same key as its next occurrence.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.style import Style

from tldash.model.records import Task
from tldash.tui.widgets.row_list import GUTTER, Look, Row, RowList

SIGN = "*"

Mark = tuple[Hashable, int]
"""The key of a row, and the line of its item."""


def mark_of(row: Row | None) -> Mark | None:
    """Return the mark of a row; None if it shows no task item."""
    task = getattr(row, "task", None)
    return (row.key, task.line) if row is not None and isinstance(task, Task) else None


class MarkList(RowList):
    """A `RowList` with an icon in the gutter and a tint for marked rows."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--marked", "rows--tint"}
    DEFAULT_CSS = """
    MarkList {
        & > .rows--marked { color: $accent; text-style: bold; }
        & > .rows--tint { background: $accent 12%; }
    }
    """

    class Marked(RowList.Moved):
        """A row was clicked with ctrl held."""

    def __init__(self, *, id: str | None = None, reading: bool = False) -> None:
        super().__init__(id=id, reading=reading)
        self.marked: frozenset[Mark] = frozenset()

    def show_marks(self, marked: frozenset[Mark]) -> None:
        """Show other marks."""
        before, self.marked = self.marked, marked
        changed = before ^ marked
        if changed:
            self._redraw(*(i for i, row in enumerate(self.rows) if mark_of(row) in changed))

    def markable(self) -> dict[Mark, Task]:
        """Return the task items of the rows by their marks, in order."""
        return {
            mark: row.task  # type: ignore[attr-defined]
            for row in self.rows
            if (mark := mark_of(row)) is not None
        }

    def step(self, by: int) -> None:
        """Select the next row, if there is one."""
        found = self._step(self.cursor, by)
        if found >= 0:
            self.cursor = found

    def _look(self, index: int, row: Row) -> Look:
        return *super()._look(index, row), bool(self.marked) and mark_of(row) in self.marked

    def _base(self, look: Look) -> Style:
        base = super()._base(look)
        at_cursor, *_, marked = look
        if not marked or at_cursor:
            return base
        return base + self.get_visual_style("rows--tint", partial=True)

    def _gutter(self, look: Look, number: int, base: Style) -> Strip:
        gutter = super()._gutter(look, number, base)
        if not look[-1] or number:
            return gutter
        style = base + self.get_visual_style("rows--marked", partial=True)
        bar = next(iter(gutter))
        return Strip([bar, Segment(SIGN, style.rich_style)], GUTTER)

    def on_click(self, event: events.Click) -> None:
        """Mark on a click with ctrl held."""
        index = self._clicked(event)
        if event.ctrl and index >= 0:
            event.prevent_default()
            self.cursor = index
            self.post_message(self.Marked(self, self.rows[index]))
