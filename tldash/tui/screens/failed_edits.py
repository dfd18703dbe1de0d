"""The failed edits, with the line before and now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.messages import DismissEdit, RetryEdit
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.state import FailedEdit, State
from tldash.tui.style.text import ACCENT, DONE, LATE, MUTED, STRONG, words, wrap
from tldash.tui.widgets.row_list import Line, Row, RowList
from tldash.tui.widgets.text_line import TextLine


class FailedEditRow(Row):
    """A failed edit."""

    space = 1

    def __init__(self, failed: FailedEdit) -> None:
        self.key = failed.number
        self.spot = (failed.path, failed.line)
        self.failed = failed

    def lines(self, width: int) -> Sequence[Content]:
        failed = self.failed
        place = words(f"{failed.path}:{failed.line}", MUTED)
        lines = [
            *wrap(Content.assemble(("✗ ", LATE), words(failed.what, STRONG)), width),
            Content.assemble("  ", place).truncate(width, ellipsis=True),
            *_indented(words(failed.why[:1].upper() + failed.why[1:]), width),
        ]
        if failed.was:
            lines.extend(_indented(_labelled("before  ", failed.was, MUTED), width))
        if failed.now and failed.now != failed.was:
            lines.extend(_indented(_labelled("now     ", failed.now, ACCENT), width))
        return lines


def _labelled(label: str, text: str, style: str) -> Content:
    return Content.assemble((label, MUTED), words(text, style))


def _indented(content: Content, width: int) -> list[Content]:
    return [Content.assemble("  ", line) for line in wrap(content, width - 2)]


class FailedEditsPage(Page):
    """The failed edits. Enter retries one on the line as it is now."""

    NAME = "failed_edits"
    OWN: ClassVar[tuple[Command, ...]] = (
        commands.RETRY,
        commands.DISMISS,
        commands.EDIT,
        commands.FIND,
    )
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    FailedEditsPage { #title { height: 3; padding: 1 2 1 2; } }
    """

    def compose_body(self) -> ComposeResult:
        yield TextLine(id="title")
        yield RowList(id="failed")

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name, "Failed edits")

    def draw(self, state: State) -> None:
        note = str(len(state.failed_edits) or "none")
        self.query_one("#title", TextLine).show(
            Content.assemble(("FAILED EDITS  ", f"bold {MUTED}"), (note, MUTED))
        )
        rows: list[Row] = [FailedEditRow(failed) for failed in state.failed_edits]
        if not rows:
            rows.append(Line(Content.styled("No failed edits.", DONE)))
        self.query_one(RowList).show(rows)

    def _selected(self) -> FailedEdit | None:
        row = self.selected()
        return row.failed if isinstance(row, FailedEditRow) else None

    def action_retry(self) -> None:
        """Retry the selected edit."""
        if (failed := self._selected()) is not None:
            self.post_message(RetryEdit(failed.number))

    def action_dismiss_edit(self) -> None:
        """Dismiss the selected edit."""
        if (failed := self._selected()) is not None:
            self.post_message(DismissEdit(failed.number))

    def on_row_list_opened(self) -> None:
        """Retry the edit."""
        self.action_retry()
