"""What a list shows: rows that know how to draw themselves at a width.

A row never changes. The next state makes new ones, and a list has to know which of them look as one
that it has drawn already: those are told by what they were made of.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import accumulate

from textual.content import Content


class Row:
    """One row, of one or more lines. Subclasses draw; the base is a blank line."""

    key: Hashable = None
    """What it is about; a row without a key cannot be selected."""
    basis: tuple[object, ...] | None = None
    """All that its looks depend on, beside the width. None where nobody can tell."""
    space: int = 0
    """Blank lines below it, which are not part of it."""
    box: tuple[int, int] | None = None
    """The cells of its first line, from and up to, where a click ticks it."""
    takes: int = 0
    """Lines that it takes with the blank ones below, once measured."""
    measured_at: int = 0
    """The width at which that was."""

    def height(self, width: int) -> int:
        """How many lines it takes at that width."""
        return len(self.lines(width))

    def lines(self, width: int) -> Sequence[Content]:
        """What it looks like; every line at most `width` cells wide."""
        del width
        return (Content(""),)

    def measure(self, width: int) -> int:
        """How many lines it takes at that width with the blank ones below; remembered."""
        self.measured_at, self.takes = width, self.height(width) + self.space
        return self.takes


class Line(Row):
    """A row that is one fixed line."""

    def __init__(self, content: Content, key: Hashable = None) -> None:
        self.content = content
        self.key = key

    def height(self, width: int) -> int:
        del width
        return 1

    def lines(self, width: int) -> Sequence[Content]:
        return (self.content.truncate(width, ellipsis=True),)


def tops(rows: Sequence[Row], width: int) -> tuple[list[int], list[int]]:
    """The line on which each row begins, and at last the number of all lines.

    Then the indices of the rows that were never measured at that width.
    """
    takes = [row.takes if row.measured_at == width else 0 for row in rows]
    new = [index for index, lines in enumerate(takes) if not lines]
    for index in new:
        takes[index] = rows[index].measure(width)
    return [0, *accumulate(takes)], new


def look_alike(one: Row, other: Row) -> bool:
    """Whether two rows are drawn alike, as far as can be told without drawing them."""
    return one is other or (
        type(one) is type(other)
        and one.basis is not None
        and one.key == other.key
        and one.basis == other.basis
    )


def known_again(rows: Iterable[Row], before: Iterable[Row]) -> list[Row]:
    """The rows, with those of before in place of new ones that look like them.

    Those are measured, which takes long where words have to be wrapped.
    """
    known = {row.key: row for row in before}
    found = []
    for row in rows:
        old = known.get(row.key)
        found.append(old if old is not None and look_alike(old, row) else row)
    return found


def nearest(rows: Sequence[Row], near: int) -> int:
    """The row nearest to an index that can be selected, the later of two; -1 where none can.

    The first of all where the index is negative.
    """
    for away in range(len(rows) + max(near, 0) + 1):
        for index in (near + away, near - away):
            if 0 <= index < len(rows) and rows[index].key is not None:
                return index
    return -1
