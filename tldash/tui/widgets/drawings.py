"""The rows of a list as they were drawn, kept while they look the same.

A new state brings new rows, most of which look as those before. What was drawn is handed on from
one to the other, and what the screen shows before and after tells which lines must be drawn again.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual.strip import Strip

from tldash.tui.widgets.row import Row, look_alike

KEPT = 400
"""Rows whose drawing is kept for when they are seen again."""

Look = tuple[bool, ...]
"""Whether a row has the cursor, the mouse, the mark of what is fresh, and the focus; in lists that
have marks, whether it is marked."""
Drawn = tuple[Look, list[Strip]]
"""A row as it was drawn: how, and its lines."""
Seen = tuple[Row, int, Look] | None
"""What a line of the screen shows: a line of a row, from 0. None below the last row."""


class Drawings:
    """What was drawn of each row."""

    def __init__(self) -> None:
        self._drawn: dict[Row, Drawn] = {}

    def __len__(self) -> int:
        return len(self._drawn)

    def find(self, row: Row, look: Look) -> list[Strip] | None:
        """The lines of a row, if it was drawn looking so."""
        drawn = self._drawn.get(row)
        return drawn[1] if drawn is not None and drawn[0] == look else None

    def keep(self, row: Row, look: Look, strips: list[Strip]) -> None:
        """Remember how a row was drawn."""
        self._drawn[row] = look, strips
        if len(self._drawn) > KEPT:
            del self._drawn[next(iter(self._drawn))]

    def clear(self) -> None:
        """Everything must be drawn again."""
        self._drawn.clear()

    def renew(self, before: Sequence[Seen], now: Sequence[Seen]) -> list[int]:
        """Hand drawings on; the numbers of the screen's lines, from 0, that must be drawn again."""
        self._hand_on(before, now)
        changed = [
            y
            for y, (old, new) in enumerate(zip(before, now, strict=True))
            if not self._is_same(old, new)
        ]
        if len(self._drawn) > KEPT:
            rows = {seen[0] for seen in now if seen is not None}
            self._drawn = {row: drawn for row, drawn in self._drawn.items() if row in rows}
        return changed

    def _is_same(self, old: Seen, new: Seen) -> bool:
        if old is None or new is None:
            return old is new
        drawn = self._drawn.get(old[0])
        return drawn is not None and drawn is self._drawn.get(new[0]) and old[1:] == new[1:]

    def _hand_on(self, before: Sequence[Seen], now: Sequence[Seen]) -> None:
        known: dict[Hashable, list[Row]] = {}
        for seen in before:
            if seen is not None and seen[0] in self._drawn:
                known.setdefault(seen[0].key, []).append(seen[0])
        for seen in now:
            if seen is None or seen[0] in self._drawn:
                continue
            like = (old for old in known.get(seen[0].key, ()) if look_alike(old, seen[0]))
            if (old := next(like, None)) is not None:
                self._drawn[seen[0]] = self._drawn[old]
