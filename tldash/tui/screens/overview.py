"""The coach's first screen: who needs attention, and why."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from tldash.insight.attention import by_need
from tldash.records import Lead
from tldash.tui import commands
from tldash.tui.commands import Command
from tldash.tui.screens.page import own_bindings
from tldash.tui.screens.taskpage import TaskPage
from tldash.tui.state import State
from tldash.tui.text import MUTED, STRONG
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.leads import LeadRow, heading, summary
from tldash.tui.widgets.rows import GUTTER, Row, RowList

AIRY_UP_TO = 12
"""Leads up to which each has a blank line below it."""


class OverviewPage(TaskPage):
    """A row a lead, ordered by need; the selected one in short beside it."""

    NAME = "overview"
    # Beside the summary there must be room for every column of the list.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (118, "-wide"), (160, "-huge")]  # noqa: RUF012
    OWN: ClassVar[tuple[Command, ...]] = (
        commands.OPEN,
        commands.ADD,
        commands.NEW_SESSION,
        commands.EDIT,
        commands.TOPIC,
    )
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    OverviewPage {
        #leads-side { width: 1fr; }
        #heading { height: 2; padding: 1 0 0 0; }
        #empty { padding: 2 4; display: none; }
        #summary { width: 41; height: 100%; padding: 1 1 0 1; display: none; }
        #summary { border-left: solid $panel; }
        &.-wide #summary { display: block; }
        &.-huge #summary { display: block; width: 62; padding: 1 2; }
        &.-empty #empty { display: block; }
        &.-empty #main { display: none; }
    }
    """

    _top: Hashable = None
    """The key of the first row during a long first reading, until something else is selected."""

    def compose_body(self) -> ComposeResult:
        yield Static(id="empty", markup=False)
        with Horizontal(id="main"):
            with Vertical(id="leads-side"):
                yield Canvas(id="heading")
                yield RowList(id="leads")
            yield Canvas(id="summary")

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name or "reading",)

    def draw(self, state: State) -> None:
        framework = state.workspace.method
        leads = by_need(state.workspace.leads, state.now)
        self.set_class(state.loaded and not leads, "-empty")
        if state.loaded and not leads:
            self.query_one("#empty", Static).update(_nothing_here())
        airy = len(leads) <= AIRY_UP_TO
        news = _news(state)
        rows = [
            LeadRow(lead, framework, state.now, airy=airy, news=news.get(lead.id, ""))
            for lead in leads
        ]
        listed = self.query_one(RowList)
        listed.show(rows, self._stay_on_top(listed, rows, state), state.fresh)
        self._draw_sides(state)

    def _stay_on_top(self, listed: RowList, rows: Sequence[Row], state: State) -> Hashable:
        """What to select while rows come above others: the first, unless the viewer chose one."""
        chosen = listed.selected
        if chosen is not None and chosen.key != self._top:
            return None
        self._top = rows[0].key if rows and not state.loaded else None
        return rows[0].key if rows else None

    def on_row_list_moved(self) -> None:
        """Another lead beside the list."""
        if self.state is not None:
            self._draw_sides(self.state)

    def _draw_sides(self, state: State) -> None:
        """The names of the columns, and the selected lead beside the list."""
        framework = state.workspace.method
        row = self.query_one(RowList).selected
        lead = row.lead if isinstance(row, LeadRow) else None

        def names(width: int, height: int) -> Content:
            del height
            # The list below has a gutter at its left and a scroll bar at its right.
            return Content.assemble(" " * GUTTER, heading(width - GUTTER - 1, framework))

        def side(width: int, height: int) -> Content:
            if lead is None:
                return Content("")
            return summary(lead, state, width, height)

        self.query_one("#heading", Canvas).paint(names, (framework,))
        self.query_one("#summary", Canvas).paint(side, (lead, framework, state.now))

    def lead_here(self, state: State) -> Lead | None:
        row = self.query_one(RowList).selected
        return row.lead if isinstance(row, LeadRow) else super().lead_here(state)

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """To the lead's own page."""
        if isinstance(message.row, LeadRow):
            self.post_message(self.WantsPage("lead", message.row.lead.id))


def _news(state: State) -> dict[str, str]:
    """What others did for each lead, in words."""
    told = (*state.since, *state.activity)
    if not told:
        return {}
    from tldash.eventwords import summary

    leads = dict.fromkeys(event.lead_id for event in told)
    return {lead: summary([one for one in told if one.lead_id == lead]) for lead in leads}


def _nothing_here() -> Content:
    return Content("\n").join(
        [
            Content.styled("No leads here yet.", STRONG),
            Content(""),
            Content("Make one, and it appears here at once:"),
            Content(""),
            Content.styled("    tldash new lead NAME", MUTED),
            Content(""),
            Content("A lead's folder has a lead.md, or session files named by date:"),
            Content(""),
            Content.styled("    ada/lead.md", MUTED),
            Content.styled("    ada/sessions/2026-11-03.md", MUTED),
            Content(""),
            Content("To see what it can look like: quit with q, and start tldash demo."),
        ]
    )
