"""Go to a line of a text once it is shown, and highlight the words that led there."""

from __future__ import annotations

from tldash.tui.screens.find_bar import FindBar
from tldash.tui.widgets.row_list import RowList


class ReadingPlace:
    """A line to go to, and words to highlight. Empty words mean no place."""

    def __init__(self, line: str, words: str) -> None:
        """`line` is the line of the file, from 1."""
        self._line = int(line or 0)
        self._words = words

    def show(self, rows: RowList, find_bar: FindBar | None) -> None:
        """Go there, the first time that the list has rows of the text."""
        lines = [getattr(row, "spot", (None, 0))[1] for row in rows.rows]
        if not self._words or not any(lines):
            return
        words, self._words = self._words, ""
        at = max((index for index, line in enumerate(lines) if 0 < line <= self._line), default=0)
        rows.reveal(at, 0)
        if find_bar is not None:
            find_bar.call_later(find_bar.begin, words, (rows, at), given=True)
