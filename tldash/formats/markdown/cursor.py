"""The place in a line up to which Markdown's block structure has been read.

Indentation counts in columns, where a tab goes on to the next multiple of four, and a list item or
a block quote may take only some of a tab's columns. That arithmetic is here, away from the blocks.
"""

from __future__ import annotations

import re

TAB = 4
"""Columns between tab stops (section 2.2), and of the indentation of code (section 4.4)."""

_BLANKS = re.compile(r"[ \t]*+")


class Cursor:
    """A line's text, and how much of it belongs to containers.

    `_pos` is the index after the last marker, `_column` its column, `_first` the index of the next
    character that is neither blank nor tab, `_lead` the columns between the two, and `_used` how
    many of these belong to the open containers. The scanner's base and not a part of it, because it
    looks at these several times a line.
    """

    def __init__(self) -> None:
        self._text = ""
        self._pos = self._column = self._first = self._lead = self._used = 0

    def _read_indent(self, pos: int, column: int) -> None:
        """Move to `pos`, which is in that column, and measure the white space there."""
        text = self._text
        self._pos = pos
        self._column = column
        self._used = 0
        if pos < len(text) and text[pos] not in " \t":
            self._first = pos
            self._lead = 0
            return
        found = _BLANKS.match(text, pos)
        self._first = first = found.end() if found else pos
        self._lead = first - pos
        if "\t" in text[pos:first]:
            at = column
            for char in text[pos:first]:
                at += TAB - at % TAB if char == "\t" else 1
            self._lead = at - column

    def _index(self, columns: int) -> int:
        """Index into the line of what stands `columns` after `_pos`, or of the tab around it."""
        if self._lead == self._first - self._pos:
            return self._pos + min(columns, self._lead)
        at = self._column
        for index in range(self._pos, self._first):
            step = TAB - at % TAB if self._text[index] == "\t" else 1
            if at + step > self._column + columns:
                return index
            at += step
        return self._first
