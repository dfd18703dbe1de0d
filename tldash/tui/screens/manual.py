"""The manual: its pages, and a search through all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tldash import manual
from tldash.model.spelling import fold_accents
from tldash.output.passage import Passage, PassageKind
from tldash.output.passages import parse_page
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.find_bar import FindBar
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.state import State
from tldash.tui.style.text import MUTED, words
from tldash.tui.widgets.filter_input import FilterInput
from tldash.tui.widgets.passages import PassageRow
from tldash.tui.widgets.row_list import Row, RowList
from tldash.tui.widgets.task_rows import Heading


class FoundRow(Row):
    """A passage that a search found, below its page and heading."""

    space = 1

    def __init__(self, page: int, heading: str, passage: Passage) -> None:
        self.page = page
        self.line = passage.line
        self.key = ("found", page, passage.line)
        self.basis = (heading, passage)
        self._heading = heading
        self._passage = PassageRow(passage, targets=False)

    def lines(self, width: int) -> Sequence[Content]:
        where = " › ".join(filter(None, (manual.NAMES[self.page], self._heading)))
        return [words(where, MUTED).truncate(width, ellipsis=True), *self._passage.lines(width)]


def find_passages(pages: Sequence[Sequence[Passage]], terms: Sequence[str]) -> Iterator[FoundRow]:
    """Yield the passages that have all terms, which are as `fold_accents` returns them."""
    for number, passages in enumerate(pages):
        heading = ""
        for passage in passages:
            if passage.kind is PassageKind.HEADING:
                heading = passage.text
            text = fold_accents(passage.text)
            if all(term in text for term in terms):
                yield FoundRow(number, heading, passage)


class ManualPage(Page):
    """One page of the manual, or what a search found in all of them."""

    NAME = "manual"
    OWN: ClassVar[tuple[Command, ...]] = (
        commands.PAGE_BEFORE,
        commands.PAGE_AFTER,
        commands.SEARCH_MANUAL,
        commands.HEADINGS,
        commands.OPEN,
    )
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    ManualPage {
        RowList { padding: 1 0 0 1; }
        &.-huge RowList { padding: 1 0 0 8; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._index = 0
        self._pages: list[tuple[Passage, ...]] = []
        """Every page, from the first search on."""

    def compose_body(self) -> ComposeResult:
        yield FilterInput(placeholder="words to find in all pages")
        yield RowList(id="manual", reading=True)

    def on_mount(self) -> None:
        """Search on each key press."""
        self.watch(self.query_one(FilterInput), "value", self._search, init=False)

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name, "Manual", manual.NAMES[self._index])

    def draw(self, state: State) -> None:
        del state
        terms = fold_accents(self.query_one(FilterInput).value).split()
        rows: list[Row]
        if terms:
            self._pages = self._pages or [parse_page(text) for text in manual.pages().values()]
            rows = list(find_passages(self._pages, terms))
            rows = rows or [Heading("nothing found", "esc goes back to the page", first=True)]
        else:
            text = manual.page(manual.NAMES[self._index])
            rows = [PassageRow(passage, targets=False) for passage in parse_page(text)]
        self.query_one(RowList).show(rows)

    def _search(self) -> None:
        self.query_one(RowList).scroll_to(y=0, animate=False, immediate=True)
        self.redraw()

    def action_search_manual(self) -> None:
        """Open the line for the words to find."""
        self.query_one(FindBar).clear()
        self.query_one(FilterInput).open()

    def on_input_submitted(self) -> None:
        """Return to the list."""
        self.query_one(FilterInput).close()
        self.query_one(RowList).focus()

    def step_back(self) -> bool:
        """Clear the search."""
        return self.query_one(FilterInput).clear_text()

    async def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Open the page of a found passage, at that passage, with the words highlighted."""
        if isinstance(found := message.row, FoundRow):
            self._index = found.page
            typed = self.query_one(FilterInput).value
            self.query_one(FilterInput).set_text("")
            self.redraw()
            rows = self.query_one(RowList)
            at = [row.spot[1] for row in rows.rows if isinstance(row, PassageRow)]
            top = rows.top_of(at.index(found.line))
            rows.scroll_to(y=top, animate=False, immediate=True, force=True)
            await self.query_one(FindBar).begin(typed)

    def action_page_before(self) -> None:
        """Go to the previous page; from the first one to the last."""
        self._turn(-1)

    def action_page_after(self) -> None:
        """Go to the next page; from the last one to the first."""
        self._turn(1)

    def _turn(self, by: int) -> None:
        self._index = (self._index + by) % len(manual.NAMES)
        self.query_one(FilterInput).set_text("")
        self.query_one(RowList).scroll_to(y=0, animate=False, immediate=True)
        self.redraw()
