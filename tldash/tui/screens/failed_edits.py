"""What was wished for and not done: what was there, what is there now, and the ways on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.messages import DismissEdit, RetryEdit
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.state import FailedEdit, State
from tldash.tui.style.text import ACCENT, DONE, LATE, MUTED, STRONG, words, wrap
from tldash.tui.widgets.row_list import Line, Row, RowList


class RefusalRow(Row):
    """One wish."""

    space = 1

    def __init__(self, refusal: FailedEdit) -> None:
        self.key = refusal.number
        self.spot = (refusal.path, refusal.line)
        self.refusal = refusal

    def lines(self, width: int) -> Sequence[Content]:
        refusal = self.refusal
        place = words(f"{refusal.path}:{refusal.line}", MUTED)
        lines = [
            *wrap(Content.assemble(("✗ ", LATE), words(refusal.what, STRONG)), width),
            Content.assemble("  ", place).truncate(width, ellipsis=True),
            *_indented(words(refusal.why[:1].upper() + refusal.why[1:]), width),
        ]
        if refusal.was:
            lines.extend(_indented(_labelled("was  ", refusal.was, MUTED), width))
        if refusal.now and refusal.now != refusal.was:
            lines.extend(_indented(_labelled("now  ", refusal.now, ACCENT), width))
        return lines


def _labelled(label: str, text: str, style: str) -> Content:
    return Content.assemble((label, MUTED), words(text, style))


def _indented(content: Content, width: int) -> list[Content]:
    return [Content.assemble("  ", line) for line in wrap(content, width - 2)]


class RefusedPage(Page):
    """The wishes that did not come true; Enter tries again, on the line as it stands now."""

    NAME = "failed_edits"
    OWN: ClassVar[tuple[Command, ...]] = (commands.AGAIN, commands.LET_GO, commands.EDIT)
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    RefusedPage { #title { height: 3; padding: 1 2 1 2; } }
    """

    def compose_body(self) -> ComposeResult:
        yield Static(id="title", markup=False)
        yield RowList(id="refused")

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name, "Edits not made")

    def draw(self, state: State) -> None:
        note = str(len(state.failed_edits) or "none")
        self.query_one("#title", Static).update(
            Content.assemble(("EDITS NOT MADE  ", f"bold {MUTED}"), (note, MUTED))
        )
        rows: list[Row] = [RefusalRow(refusal) for refusal in state.failed_edits]
        if not rows:
            rows.append(Line(Content.styled("All that you wished for was done.", DONE)))
        self.query_one(RowList).show(rows)

    def _selected(self) -> FailedEdit | None:
        row = self.selected()
        return row.refusal if isinstance(row, RefusalRow) else None

    def action_again(self) -> None:
        """Try again what is selected."""
        if (refusal := self._selected()) is not None:
            self.post_message(RetryEdit(refusal.number))

    def action_let_go(self) -> None:
        """Take what is selected off the list."""
        if (refusal := self._selected()) is not None:
            self.post_message(DismissEdit(refusal.number))

    def on_row_list_opened(self) -> None:
        """As the key does."""
        self.action_again()
