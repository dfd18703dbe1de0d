"""The coach's first screen: who needs attention, and why."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tldash.changes import lead_key
from tldash.insight.attention import by_need
from tldash.tui import commands
from tldash.tui.commands import Command
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.state import State
from tldash.tui.text import MUTED, STRONG
from tldash.tui.widgets.leads import LeadRow, heading, summary
from tldash.tui.widgets.rows import GUTTER, RowList

AIRY_UP_TO = 12
"""Leads up to which each has a blank line below it."""


class LeadSummary(Widget):
    """The selected lead, beside the list."""

    DEFAULT_CSS = """
    LeadSummary { width: 41; border-left: solid $panel; padding: 1 1 0 1; display: none; }
    """

    content: reactive[Content] = reactive(Content(""))

    def render(self) -> Content:
        return self.content


class OverviewPage(Page):
    """A row a lead, ordered by need; the selected one in short beside it."""

    NAME = "overview"
    OWN: ClassVar[tuple[Command, ...]] = (commands.OPEN, commands.EDIT)
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    OverviewPage {
        #leads-side { width: 1fr; }
        #heading { height: 2; padding: 1 0 0 0; }
        #empty { padding: 2 4; display: none; }
        &.-wide LeadSummary { display: block; }
        &.-huge LeadSummary { display: block; width: 62; padding: 1 2; }
        &.-empty #empty { display: block; }
        &.-empty #main { display: none; }
    }
    """

    def compose_body(self) -> ComposeResult:
        yield Static(id="empty", markup=False)
        with Horizontal(id="main"):
            with Vertical(id="leads-side"):
                yield Static(id="heading", markup=False)
                yield RowList(id="leads")
            yield LeadSummary()

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name or "reading",)

    def draw(self, state: State) -> None:
        framework = state.workspace.method
        leads = by_need(state.workspace.leads, state.now)
        self.set_class(state.loaded and not leads, "-empty")
        if state.loaded and not leads:
            self.query_one("#empty", Static).update(_nothing_here())
        airy = len(leads) <= AIRY_UP_TO
        self.query_one(RowList).show(
            [
                LeadRow(lead, framework, state.now, fresh=lead_key(lead) in state.fresh, airy=airy)
                for lead in leads
            ]
        )
        self._draw_side()

    def on_row_list_moved(self) -> None:
        """Another lead beside the list."""
        self._draw_side()

    def _draw_side(self) -> None:
        state = self.state
        if state is None or not self.is_mounted:
            return
        width = self.query_one(RowList).scrollable_content_region.width - GUTTER
        if width < 1:
            return
        title = Content.assemble(" " * GUTTER, heading(width, state.workspace.method))
        self.query_one("#heading", Static).update(title if state.workspace.leads else "")
        side = self.query_one(LeadSummary)
        row = self.query_one(RowList).selected
        if isinstance(row, LeadRow) and side.display:
            size = side.content_size
            side.content = summary(
                row.lead, state.workspace.method, state.now, size.width, size.height
            )
        else:
            side.content = Content("")

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """To the lead's own page."""
        if isinstance(message.row, LeadRow):
            self.post_message(self.WantsPage("lead", message.row.lead.id))


def _nothing_here() -> Content:
    return Content("\n").join(
        [
            Content.styled("No leads here yet.", STRONG),
            Content(""),
            Content("A lead's folder has a lead.md, or session files named by date:"),
            Content(""),
            Content.styled("    ada/lead.md", MUTED),
            Content.styled("    ada/sessions/2026-11-03.md", MUTED),
            Content(""),
            Content("Make one with any editor, and it appears here at once."),
            Content("To see what it can look like: quit with q, and start tldash demo."),
        ]
    )
