"""Rows of text to read, in lines of a readable length."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tldash.output.passage import Passage, PassageKind
from tldash.tui.style.text import ACCENT, MUTED, PLAIN, STRONG, fit, hanging, prose, words, wrap
from tldash.tui.widgets.row_list import Row

MEASURE = 84
"""The maximum length of a line, in cells."""
FIRST_CELL = 16
"""The minimum width of the first column of a table."""


class PassageRow(Row):
    """A paragraph, heading, list item, quote, code line or table row."""

    def __init__(self, passage: Passage, *, targets: bool = True) -> None:
        """`targets` shows where links lead."""
        self.passage = passage
        self.basis = (passage,)
        self.anchor = (passage.kind, passage.text) if passage.text else None
        self._targets = targets
        self.spot = (None, passage.line)
        self._drawn: tuple[int, list[Content]] = (0, [])

    def lines(self, width: int) -> Sequence[Content]:
        if self._drawn[0] != width:
            lines = _lines(self.passage, min(width, MEASURE), width, targets=self._targets)
            self._drawn = width, lines
        return self._drawn[1]


def _lines(passage: Passage, width: int, window: int, *, targets: bool) -> list[Content]:
    """Draw a passage. Prose takes `width` cells at most, code all of the window."""
    quote = "▎ " * passage.quote
    lead_in = Content.assemble((quote, MUTED), " " * (2 * passage.indent))
    if passage.kind is PassageKind.HEADING:
        style = f"bold {ACCENT}" if passage.level <= 2 else STRONG
        return wrap(prose(passage.text, style), width)
    if passage.kind is PassageKind.RULE:
        return [Content.styled("─" * min(width, 24), MUTED)]
    if passage.kind in (PassageKind.CODE, PassageKind.COMMENT):
        style = MUTED if passage.kind is PassageKind.COMMENT else PLAIN
        bar = "│ " if passage.kind is PassageKind.CODE else ""
        before = Content.assemble(lead_in, (bar, MUTED))
        room = max(window - before.cell_length, 1)
        pieces = words(passage.text, style).fold(room) or [Content("")]
        return [Content.assemble(before, piece) for piece in pieces]
    if passage.kind is PassageKind.TABLE:
        return _cells(passage.text.split("\t"), width, targets=targets)
    marker = ""
    if passage.marker:
        marker = "• " if passage.marker in "-*+" else f"{passage.marker} "
    room = width - lead_in.cell_length - len(marker)
    text = prose(passage.text, targets=targets)
    pieces = wrap(text, room) if passage.text else [Content("")]
    return [
        Content.assemble(lead_in, words(marker, ACCENT) if not index else " " * len(marker), piece)
        for index, piece in enumerate(pieces)
    ]


def _cells(cells: Sequence[str], width: int, *, targets: bool) -> list[Content]:
    """Format a row of a table."""
    name = prose(cells[0], STRONG)
    name = fit(name, max(FIRST_CELL, name.cell_length))
    others = Content("   ").join([prose(cell, targets=targets) for cell in cells[1:] if cell])
    if name.cell_length + 2 + others.cell_length <= width:
        return [Content.assemble(name, "  ", others)]
    return [*wrap(name, width), *hanging("    ", others, width)]
