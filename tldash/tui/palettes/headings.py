"""The palette of the headings of a text: its outline, to go to one of them."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tldash.model.frozen import frozen
from tldash.model.spelling import fold_accents
from tldash.output.passage import PassageKind
from tldash.tui.palettes.palette import Palette
from tldash.tui.style.text import words
from tldash.tui.widgets.passages import PassageRow
from tldash.tui.widgets.row_list import RowList


@frozen
class Heading:
    """A heading, and where it is."""

    text: str
    level: int
    rows: RowList
    index: int
    """Index of its row."""

    def shown(self) -> Content:
        """Return the line of the list, indented by level."""
        return words("  " * (self.level - 1) + self.text)


class HeadingProvider(Provider):
    """The headings of the texts on the screen below."""

    async def startup(self) -> None:
        """Collect the headings when the palette opens."""
        self._headings = [
            Heading(row.passage.text, row.passage.level, rows, index)
            for rows in self.screen.query(RowList)
            for index, row in enumerate(rows.rows)
            if isinstance(row, PassageRow) and row.passage.kind is PassageKind.HEADING
        ]

    def _go(self, heading: Heading) -> None:
        heading.rows.focus()
        heading.rows.scroll_to(
            y=heading.rows.top_of(heading.index), animate=False, immediate=True, force=True
        )

    async def discover(self) -> Hits:
        """Yield every heading, before anything is typed."""
        for heading in self._headings:
            yield DiscoveryHit(heading.shown(), partial(self._go, heading), text=heading.text)

    async def search(self, query: str) -> Hits:
        """Yield the headings that match."""
        matcher = self.matcher(fold_accents(query))
        for heading in self._headings:
            score = matcher.match(fold_accents(heading.text))
            if score > 0:
                go = partial(self._go, heading)
                yield Hit(score, heading.shown(), go, text=heading.text)


def palette() -> Palette:
    """Return the palette."""
    return Palette(providers=[HeadingProvider], placeholder="a heading of this text")
