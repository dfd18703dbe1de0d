"""The manual."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from tldash import manual
from tldash.output.passages import parse_page
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.state import State
from tldash.tui.widgets.passages import PassageRow
from tldash.tui.widgets.row_list import RowList


class ManualPage(Page):
    """One page of the manual."""

    NAME = "manual"
    OWN: ClassVar[tuple[Command, ...]] = (commands.PAGE_BEFORE, commands.PAGE_AFTER)
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

    def compose_body(self) -> ComposeResult:
        yield RowList(id="manual", reading=True)

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name, "Manual", manual.NAMES[self._index])

    def draw(self, state: State) -> None:
        del state
        text = manual.page(manual.NAMES[self._index])
        self.query_one(RowList).show([PassageRow(passage) for passage in parse_page(text)])

    def action_page_before(self) -> None:
        """Go to the previous page; from the first one to the last."""
        self._turn(-1)

    def action_page_after(self) -> None:
        """Go to the next page; from the last one to the first."""
        self._turn(1)

    def _turn(self, by: int) -> None:
        self._index = (self._index + by) % len(manual.NAMES)
        self.query_one(RowList).scroll_home(animate=False)
        self.redraw()
