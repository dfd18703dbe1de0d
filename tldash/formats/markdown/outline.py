"""Find what the lines of a Markdown file are without parsing its task items.

A search needs this for a few lines of thousands of files. Parsing the items takes most of the time
of reading a file.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from tldash.formats.markdown.body import (
    BOX_INSIDE,
    TOP,
    Section,
    below_heading,
    below_run,
    title_like_section,
)
from tldash.formats.markdown.scanner import (
    HEADING,
    ITEMS,
    QUOTE,
    TASKS,
    TEXT,
    Kind,
    Line,
    Run,
    Scanner,
    heading_title,
)
from tldash.model.patterns import compile_pattern
from tldash.model.records import ItemKind

_HEADING: Final = Kind.HEADING
_TOPIC, _ACTION = ItemKind.TOPIC, ItemKind.ACTION
_INSIDE: Final = (" ", ">")
"""How a line begins that is in a list item or quote."""
_NESTED: Final = compile_pattern(r"[ ]+[-+*][ ]")
"""How a list item begins inside of another one, in a run of items."""


class Unclear(Exception):
    """Only the record of the file tells what a line is."""


class Outline:
    """The runs of lines of a file, each with the section that it is in."""

    def __init__(self, data: bytes, begin: int, body_line: int) -> None:
        """Scan a body, as `find_body` returns it."""
        self._body_line = body_line
        self._pieces = Scanner(data, body_line, begin).run()
        self._numbers: list[int] = [
            piece.number if isinstance(piece, Line) else piece[1] for piece in self._pieces
        ]
        self._headings: list[int] = []
        self._sections = [TOP]
        """The indexes of the pieces with a heading, and the section above and below each."""
        self._is_clear = self._read_sections()

    def kind_at(self, line: int, text: str) -> ItemKind | None:
        """Return the kind of the task item or goal that begins on a line; None if none does.

        `text` is the line. Raises Unclear.
        """
        if line < self._body_line:
            return None
        index = bisect_right(self._numbers, line) - 1
        if not self._is_clear or index < 0:
            raise Unclear
        piece, section = self._pieces[index], self._sections[bisect_right(self._headings, index)]
        if isinstance(piece, Line):
            if section.goals:
                raise Unclear
            return _kind_of_items(section) if piece.box >= 0 else None
        if section.goals:
            return self._goal_at(index, piece, line, text)
        return _kind_in_run(piece, section, text)

    def _read_sections(self) -> bool:
        """Find the sections. Return whether every heading counts."""
        section = TOP
        tops: list[tuple[int, str]] = []
        for index, piece in enumerate(self._pieces):
            if isinstance(piece, Line):
                if piece.kind is not _HEADING or not piece.level:
                    continue
                title = heading_title(piece)
                section = below_heading(section, piece.level, title)
                top = title if piece.level == 1 else None
            elif piece[0] == HEADING:
                section, top = below_run(section, piece[2])
            else:
                continue
            if top is not None:
                tops.append((self._numbers[index], top))
            self._headings.append(index)
            self._sections.append(section)
        return not title_like_section(tops)

    def _goal_at(self, index: int, piece: Run, line: int, text: str) -> ItemKind | None:
        """Return the kind of a line in a section of goals, all of whose items are goals."""
        kind, number, data = piece
        if kind == HEADING:
            return None
        if kind in (TASKS, ITEMS):
            is_below = text.startswith(" ") and not _NESTED.match(text)
            return None if is_below else ItemKind.GOAL
        if kind != TEXT or "\r" in text:
            raise Unclear
        if line > number:
            above = data.split(b"\n", line - number)[line - number - 1]
            return None if above.decode("utf-8", "surrogatepass").strip() else ItemKind.GOAL
        before = self._pieces[index - 1]
        if isinstance(before, Line) or not (before[0] == HEADING or before[2].endswith(b"\n\n")):
            raise Unclear  # it may go on with a goal
        return ItemKind.GOAL


def _kind_in_run(piece: Run, section: Section, text: str) -> ItemKind | None:
    kind = piece[0]
    if kind in (TASKS, ITEMS, QUOTE) and text.startswith(_INSIDE):
        is_task = "[" in text and BOX_INSIDE.match(f"{text}\n") is not None
    else:
        is_task = kind == TASKS
    return _kind_of_items(section) if is_task else None


def _kind_of_items(section: Section) -> ItemKind:
    """Return the kind of the task items of a section other than goals."""
    return _TOPIC if section.topics else _ACTION
