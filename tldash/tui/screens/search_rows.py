"""The rows of the search screen, and the lines around a place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from textual.content import Content

from tldash.model.dates import format_date
from tldash.model.places import FoundPlace, PlaceKind
from tldash.model.records import is_private
from tldash.model.word_search import Phrase
from tldash.tui.screens.search_names import Name
from tldash.tui.style.text import ACCENT, MUTED, PLAIN, STRONG, fit, spread, words
from tldash.tui.widgets.row_list import Row, highlight_phrase
from tldash.tui.widgets.task_rows import ONLY_YOU

DAY_WIDTH: Final = 11
KIND_WIDTH: Final = 7
BEFORE: Final = 20
"""Characters of a line that are shown before the word, if the line is too long."""


class NameRow(Row):
    """A lead, session or command."""

    def __init__(self, kind: str, name: Name, phrases: Sequence[Phrase]) -> None:
        self.key = (kind, name.text)
        self.name = name
        self.basis = (name, phrases)
        self._phrases = phrases

    def height(self, width: int) -> int:
        del width
        return 1

    def lines(self, width: int) -> Sequence[Content]:
        style = ACCENT if self.name.command is not None else STRONG
        text = highlight_words(words(self.name.text), self._phrases)
        return [spread(text, words(self.name.note, style), width)]


class PlaceRow(Row):
    """A place: its day, its kind, and the line around the words."""

    def __init__(self, found: FoundPlace, phrases: Sequence[Phrase], today: date) -> None:
        place = found.place
        self.found = found
        self.key = ("place", place.path, place.line)
        self.spot = (place.path, place.line)
        self.basis = (found, phrases, today)
        self._phrases = phrases
        self._today = today

    def height(self, width: int) -> int:
        del width
        return 1

    def lines(self, width: int) -> Sequence[Content]:
        place, day = self.found.place, self.found.day
        when = format_date(day, self._today) if day is not None else ""
        kind = "" if place.kind is PlaceKind.NOTES else str(place.kind)
        side = [fit(words(when, MUTED), DAY_WIDTH), fit(words(kind, MUTED), KIND_WIDTH)]
        text = place.text
        room = max(width - DAY_WIDTH - KIND_WIDTH - 2, 1)
        first = next((at for one in self._phrases if (at := _find(text, one)) >= 0), 0)
        if len(text) > room and first > BEFORE:
            text = f"…{text[min(first - BEFORE, max(len(text) - room + 1, 0)) :]}"
        line = highlight_words(words(text), self._phrases)
        if is_private(place.path):
            line = Content.assemble((f"{ONLY_YOU}  ", ACCENT), line)
        line = line.truncate(room, ellipsis=True)
        return [Content.assemble(side[0], " ", side[1], " ", line)]


def highlight_words(line: Content, phrases: Sequence[Phrase]) -> Content:
    """Highlight every word in a line."""
    for phrase in phrases:
        (line,) = highlight_phrase([line], phrase)
    return line


def _find(text: str, phrase: Phrase) -> int:
    """Return the index of the first character of a phrase; -1 if it is not there."""
    return next((place[0].start for place in phrase.find([text])), -1)


def preview(found: FoundPlace, phrases: Sequence[Phrase], width: int, height: int) -> Content:
    """Draw the lines around a place, with the place in the upper half."""
    place = found.place
    mark, path = "", place.path
    if is_private(path):
        mark, path = f"{ONLY_YOU}  ", path.partition("/")[2]
    head = Content.assemble((mark, ACCENT), words(f"{path}:{place.line}", MUTED))
    head = head.truncate(width, ellipsis=True)
    at = place.line - found.first_line
    lines: list[Content] = [head, Content("")]
    before: list[Content] = []
    for text in found.lines[:at]:
        before.extend(_wrapped(text, width, MUTED))
    room = max((height - len(lines)) // 3, 1)
    lines += before[-room:]
    for number, text in enumerate(found.lines[at:]):
        style = PLAIN if not number else MUTED
        lines += [highlight_words(line, phrases) for line in _wrapped(text, width, style)]
        if len(lines) >= height:
            break
    return Content("\n").join(lines[:height])


def _wrapped(text: str, width: int, style: str) -> list[Content]:
    line = words(text.rstrip(), style)
    return line.wrap(max(width, 1)) if line.cell_length > width else [line]
