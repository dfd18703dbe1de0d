"""The panel that lists the second presses of a key of two presses."""

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
    """Lists keys with their commands. A click on an entry is the same as its key."""

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
        """`first` is the pressed key, `following` has the commands by second key."""
        super().__init__()
        self._first = first
        self._keys = sorted(following, key=lambda key: (shown(key).casefold(), key))
        self._entries = [
            Content.assemble((shown(key), f"bold {ACCENT}"), "  ", (following[key].label, MUTED))
            for key in self._keys
        ]

    def _grid(self, width: int) -> tuple[int, int, int]:
        """Return the width of a column, and the numbers of columns and lines."""
        widest = max(entry.cell_length for entry in self._entries) + GAP
        columns = max(min((width - INDENT) // widest, len(self._entries)), 1)
        lines = -(-len(self._entries) // columns)
        return widest, -(-len(self._entries) // lines), lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines with the heading."""
        del container, viewport
        return 1 + self._grid(width)[2]

    def render(self) -> Content:
        """Render the entries in columns, ordered downwards."""
        width = self.content_size.width
        widest, columns, lines = self._grid(width)
        head = Content.assemble(
            (shown(self._first), f"{STRONG} {ACCENT}"), ("  then · esc cancels", MUTED)
        )
        rows = [head]
        for line in range(lines):
            cells = [self._entries[i] for i in range(line, len(self._entries), lines)]
            parts = [fit(cell, widest) for cell in cells[:columns]]
            rows.append(fit(Content.assemble(" " * INDENT, *parts), width))
        return Content("\n").join(rows)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Stop the event: only a click beside the panel cancels the key."""
        event.stop()

    def on_click(self, event: events.Click) -> None:
        """Treat a click on an entry as its key."""
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
