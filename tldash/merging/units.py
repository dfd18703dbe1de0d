"""The pieces of a file that are merged as wholes: task items, keys, headings and lines.

The text of a file is exactly that of its units in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tldash.model.frozen import frozen
from tldash.model.records import Task


class Unstructured(Exception):
    """A file has no structure that can be merged, so its lines are merged."""


class Kind(StrEnum):
    """What a unit is."""

    TASK = "task"
    PAIR = "pair"
    """A key of a YAML mapping and its value."""
    BULLET = "bullet"
    """A list item without a checkbox."""
    HEADING = "heading"
    FENCE = "fence"
    """A line of dashes around front matter."""
    TEXT = "text"
    BLANK = "blank"


@frozen
class TaskLine:
    """The parts of a line with a task item. Joined, they are the line."""

    lead: str
    """All before the character in the box, or before the text if there is no box."""
    mark: str
    """The character in the box; empty without one."""
    gap: str
    """The end of the box and the spaces after it."""
    body: str
    tail: str = ""
    """In YAML, what follows the string."""

    def joined(self) -> str:
        """Return the line."""
        return f"{self.lead}{self.mark}{self.gap}{self.body}{self.tail}"


@dataclass(slots=True, eq=False)
class Unit:
    """A piece of a file: its head, and the units that belong to it."""

    kind: Kind
    head: str
    """One or more whole lines, with their line ends."""
    rest: tuple[Unit, ...] = ()
    name: str = ""
    """The key of a pair, or the text of a heading."""
    level: int = 0
    """The level of a heading."""
    task: Task | None = None
    line: TaskLine | None = None
    """Of a task item whose fields can be merged."""
    token: object = None
    """Equal for two units that are versions of one, where that does not follow from the text."""

    @property
    def text(self) -> str:
        """The whole text of the unit."""
        return self.head + "".join(unit.text for unit in self.rest) if self.rest else self.head

    @property
    def indent(self) -> int:
        """The number of spaces at the start of the first line."""
        return len(self.head) - len(self.head.lstrip(" \t"))

    @property
    def identity(self) -> object:
        """What is compared to align two versions of a list of units."""
        if self.kind is Kind.TASK:
            return self.token or self
        if self.kind is Kind.PAIR:
            return Kind.PAIR, self.name
        if self.kind is Kind.HEADING:
            return Kind.HEADING, self.level, self.name
        return self.kind, self.text


def text_units(lines: Iterable[str]) -> list[Unit]:
    """Return a unit for each line."""
    return [Unit(Kind.TEXT if line.strip() else Kind.BLANK, line) for line in lines]


_LINES: Final = re.compile(r"[^\n]*+\n|[^\n]++")


def split_lines(text: str) -> list[str]:
    """Return the lines of a text with their line feeds."""
    return _LINES.findall(text)


def join(units: Iterable[Unit]) -> str:
    """Return the text of some units."""
    return "".join(unit.text for unit in units)


def walk(units: Sequence[Unit]) -> Iterator[Unit]:
    """Yield all units and those that belong to them, in the order of the text."""
    for unit in units:
        yield unit
        if unit.rest:
            yield from walk(unit.rest)
