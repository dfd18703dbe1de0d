"""What may follow a key of two presses, over the last lines of a screen."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from tldash.tui.keys.commands import Command
from tldash.tui.keys.keymap import shown
from tldash.tui.style.text import ACCENT, MUTED, STRONG, fit

GAP = 3
"""Cells between two columns."""
INDENT = 2


class WhichKey(Widget):
    """The keys that may be pressed now, each with what it does; a click does the same."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    WhichKey {
        layer: above; dock: bottom; height: auto; width: 100%; margin: 0 0 1 0; padding: 0 1;
        background: $surface; border-top: solid $panel;
    }
    """

    class Chosen(Message):
        """An entry was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, first: str, following: Mapping[str, Command]) -> None:
        """`first` is the key that was pressed, `following` what each second one does."""
        super().__init__()
        self._first = first
        self._keys = sorted(following, key=lambda key: (shown(key).casefold(), key))
        self._entries = [
            Content.assemble((shown(key), f"bold {ACCENT}"), "  ", (following[key].label, MUTED))
            for key in self._keys
        ]

    def _grid(self, width: int) -> tuple[int, int, int]:
        """The width of a column, and how many columns and lines there are."""
        widest = max(entry.cell_length for entry in self._entries) + GAP
        columns = max(min((width - INDENT) // widest, len(self._entries)), 1)
        lines = -(-len(self._entries) // columns)
        return widest, -(-len(self._entries) // lines), lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A line for the heading, and those of the entries."""
        del container, viewport
        return 1 + self._grid(width)[2]

    def render(self) -> Content:
        """The entries in columns, to be read downwards."""
        width = self.content_size.width
        widest, columns, lines = self._grid(width)
        head = Content.assemble(
            (shown(self._first), f"{STRONG} {ACCENT}"), ("  and then · esc lets go", MUTED)
        )
        rows = [head]
        for line in range(lines):
            cells = [self._entries[i] for i in range(line, len(self._entries), lines)]
            parts = [fit(cell, widest) for cell in cells[:columns]]
            rows.append(fit(Content.assemble(" " * INDENT, *parts), width))
        return Content("\n").join(rows)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click beside the panel would let go of the key; this one is not."""
        event.stop()

    def on_click(self, event: events.Click) -> None:
        """A click on an entry is its key."""
        event.stop()
        offset = event.get_content_offset(self)
        if offset is None or offset.y < 1:
            return
        widest, columns, lines = self._grid(self.content_size.width)
        column, inside = divmod(offset.x - INDENT, widest)
        index = column * lines + offset.y - 1
        there = 0 <= column < columns and index < len(self._entries)
        if there and inside < self._entries[index].cell_length:
            self.post_message(self.Chosen(self._keys[index]))
