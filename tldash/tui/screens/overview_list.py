"""The list of the overview: leads, filtered, sorted, and grouped under headings that fold."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from tldash.insight.lead_filter import warm_cache
from tldash.insight.overview import (
    Arrangement,
    FoldState,
    Grouping,
    LeadGroup,
    SortOrder,
    View,
    arrange_leads,
    iter_rows,
)
from tldash.model.item_keys import lead_key
from tldash.model.records import Lead
from tldash.tui.state import State
from tldash.tui.style.text import LATE, MUTED, STRONG, words
from tldash.tui.widgets.agenda import draw_agenda
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.lead_groups import GroupedLeadRow, GroupRow, title, why
from tldash.tui.widgets.leads import LeadRow, heading
from tldash.tui.widgets.row_list import GUTTER, Line, Row, RowList

if TYPE_CHECKING:
    from tldash.tui.widgets.filter_input import FilterInput

SPACED_UP_TO = 12
"""The number of leads up to which there is an empty line below each."""


class OverviewList(Vertical):
    """The list with its heading and filter, and the view that it shows.

    The selection stays on the row that the viewer chose last. While a filter or a fold hides that
    row, its group or a neighbour is selected.
    """

    class Changed(Message):
        """The rows have changed for another reason than a new state."""

    def __init__(self, view: View) -> None:
        super().__init__(id="leads-side")
        self.view = view
        self._filter: FilterInput | None = None
        """None until it is opened. The first screen takes 2 to 4 of its 190 ms less without it."""
        self._state: State | None = None
        self.arrangement: Arrangement | None = None
        self._heading = Canvas(id="heading")
        self._agenda = Canvas(id="agenda")
        self._list = RowList(id="leads")
        self._folds = FoldState()
        self._wanted: Hashable = None
        """Key of the row that the viewer chose last."""
        self._shown: Hashable = None
        """Key of the row that was selected when the list was last drawn."""
        self._loaded = False

    def compose(self) -> ComposeResult:
        yield self._heading
        if self.view.filter:
            yield self._make_filter(self.view.filter)
        yield self._list
        yield self._agenda

    def _make_filter(self, text: str) -> FilterInput:
        """Return an input that filters on each key press, in the same frame as the character."""
        from tldash.tui.widgets.filter_input import FilterInput  # 1 ms

        self._filter = FilterInput(
            text, placeholder="text, coach:mira, needs, overdue, noplan, new, cadence:monthly"
        )
        self.watch(self._filter, "value", self._filter_by, init=False)
        return self._filter

    @property
    def selected(self) -> Row | None:
        """The selected row."""
        return self._list.selected

    @property
    def subject(self) -> Lead | LeadGroup | None:
        """The lead or the group of the selected row."""
        row = self.selected
        if isinstance(row, LeadRow):
            return row.lead
        return row.group if isinstance(row, GroupRow) else None

    # Drawing

    def draw(self, state: State, *, select_first: bool = False) -> None:
        """Draw the rows. `select_first` selects the first row if the chosen one is hidden."""
        known = self._state.viewer if self._state is not None else None
        if state.viewer != known and self._wanted is None:
            select_first = True  # those who concern the viewer come first from now on
        self._state = state
        leads, news = state.workspace.leads, _news(state)
        arrangement = self.arrangement = arrange_leads(
            leads, self.view, state.now, news, state.audience
        )
        if state.loaded and leads and self.view.group is None:
            self.view = replace(self.view, group=arrangement.grouping)  # keep the default
        self.note_selection()
        rows = self._rows(arrangement, state, news)
        key = self._key_to_select(rows, arrangement, select_first=select_first or not self._loaded)
        self._loaded = state.loaded
        selected = self._list.selected.key if self._list.selected is not None else None
        self._list.show(rows, select=None if key == selected else key, fresh=state.recent)
        self._shown = self._list.selected.key if self._list.selected is not None else None
        self._draw_heading(state)
        self._draw_agenda(state)

    def _draw_agenda(self, state: State) -> None:
        """Draw the next two weeks, if the list leaves room for them."""

        def paint(width: int, height: int) -> Content:
            return draw_agenda(state, width - GUTTER, height)

        self._agenda.paint(paint, (state.workspace.leads, state.now, state.viewer))

    def _redraw(self, *, select_first: bool = False) -> None:
        if self._state is not None:
            self.draw(self._state, select_first=select_first)
            self.post_message(self.Changed())

    def _key_to_select(
        self, rows: list[Row], arrangement: Arrangement, *, select_first: bool
    ) -> Hashable:
        keys = {row.key for row in rows}
        if self._wanted in keys:
            return self._wanted
        groups = (group for group in arrangement.groups if _has_lead(group, self._wanted))
        key = next((("group", group.key) for group in groups), None)
        if key in keys or not select_first:
            return key if key in keys else None
        return next((row.key for row in rows if row.key is not None), None)

    def _rows(self, arrangement: Arrangement, state: State, news: dict[str, str]) -> list[Row]:
        if arrangement.total and not arrangement.groups:
            return [Line(line) for line in _nothing_found(arrangement)]
        grouped = arrangement.grouping is not Grouping.NONE
        kind = GroupedLeadRow if grouped else LeadRow
        spaced = arrangement.shown <= SPACED_UP_TO and not grouped
        last = {group.leads[-1].id for group in arrangement.groups[:-1]}
        neutral = any(group.neutral for group in arrangement.groups)
        return [
            GroupRow(
                one,
                parting=arrangement.grouping,
                folded=self._folds.is_folded(one, arrangement),
                neutral=neutral,
            )
            if isinstance(one, LeadGroup)
            else kind(
                one,
                state.workspace.framework,
                state.now,
                airy=spaced or one.id in last,
                news=news.get(one.id, ""),
                folder=state.workspace.folder_of(one.id),
                audience=arrangement.audience,
                private=state.workspace.count_private(one.id),
            )
            for one in iter_rows(arrangement, self._folds)
        ]

    def _draw_heading(self, state: State) -> None:
        """Draw the title, and the names of the columns or the reasons."""
        framework, arrangement = state.workspace.framework, self.arrangement
        has_leads = any(isinstance(row, LeadRow) for row in self._list.rows)
        grouped = arrangement is not None and arrangement.grouping is not Grouping.NONE
        indent = GroupedLeadRow.indent if grouped else 0

        def paint(width: int, height: int) -> Content:
            del height
            room = width - GUTTER - 1  # the list has a gutter and a scroll bar
            first = second = Content("")
            if arrangement is not None:
                first = title(arrangement, room) if arrangement.total else first
                second = why(arrangement.reasons).truncate(room, ellipsis=True)
            if has_leads:
                second = Content.assemble(" " * indent, heading(room - indent, framework))
            pad = " " * GUTTER
            return Content.assemble(pad, first, "\n", pad, second)

        self._heading.paint(paint, (framework, arrangement, has_leads))

    # The selection

    def note_selection(self) -> None:
        """Note the selected row as chosen, if it is not the one that drawing selected."""
        row = self.selected
        if row is not None and row.key != self._shown:
            self._wanted = self._shown = row.key

    def choose(self, key: Hashable) -> None:
        """Select a row at the next drawing, once it is shown."""
        self._wanted = key

    # The view

    def show_view(self, view: View) -> None:
        """Show another view."""
        if self._filter is not None:
            self._filter.set_text(view.filter)
        elif view.filter:
            self.mount(self._make_filter(view.filter), before=self._list)
        text = self._filter.value if self._filter is not None else ""
        self.view, self._folds = replace(view, filter=text), FoldState()
        self._redraw()

    def clear_filter(self) -> bool:
        """Clear and hide the filter; False if it is empty."""
        return self._filter is not None and self._filter.clear_text()

    async def action_filter(self) -> None:
        """Open the filter."""
        if self.arrangement is not None and self.arrangement.total:
            line = self._filter
            if line is None:
                line = self._make_filter("")
                await self.mount(line, before=self._list)
            line.open()
            self.call_after_refresh(self._warm_cache)

    def _warm_cache(self) -> None:
        if self._state is not None:
            warm_cache(self._state.workspace.leads, self._state.now)

    def _filter_by(self, text: str) -> None:
        self.view, self._folds = replace(self.view, filter=text), FoldState()
        self._redraw(select_first=True)

    def on_input_submitted(self) -> None:
        """Return from the filter to the list."""
        if self._filter is not None:
            self._filter.close()
        self._list.focus()

    def action_sort(self) -> None:
        """Sort in the next order."""
        orders = list(SortOrder)
        order = orders[(orders.index(self.view.sort) + 1) % len(orders)]
        self.view = replace(self.view, sort=order)
        self._redraw()

    def action_group(self) -> None:
        """Group in the next way. A selected group selects its first lead."""
        if self.arrangement is None:
            return
        ways = list(Grouping)
        grouping = ways[(ways.index(self.arrangement.grouping) + 1) % len(ways)]
        row = self.selected
        if isinstance(row, GroupRow):
            self._wanted, self._shown = lead_key(row.group.leads[0]), row.key
        self.view, self._folds = replace(self.view, group=grouping), FoldState()
        self._redraw()

    def _fold(self, group: LeadGroup) -> None:
        """Fold or unfold a group, and choose its heading."""
        self._folds = self._folds.toggle(group)
        self.note_selection()
        self._wanted = ("group", group.key)
        self._redraw()

    def action_fold(self) -> None:
        """Fold or unfold the group of the selected row."""
        row = self.selected
        if isinstance(row, GroupRow):
            self._fold(row.group)
        elif isinstance(row, LeadRow) and self.arrangement is not None:
            for group in self.arrangement.groups:
                if group.name and _has_lead(group, row.key):
                    self._fold(group)

    def action_fold_all(self) -> None:
        """Fold or unfold every group."""
        if self.arrangement is not None:
            self._folds = self._folds.toggle_all(self.arrangement)
            self._redraw()

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Fold or unfold a group."""
        if isinstance(message.row, GroupRow):
            self._fold(message.row.group)

    def on_row_list_pressed(self, message: RowList.Pressed) -> None:
        """Fold or unfold a group on a click on its icon."""
        if isinstance(message.row, GroupRow):
            self._fold(message.row.group)


def _has_lead(group: LeadGroup, key: Hashable) -> bool:
    return any(lead_key(lead) == key for lead in group.leads)


def _nothing_found(arrangement: Arrangement) -> list[Content]:
    lines = [Content.styled("No lead matches the filter.", STRONG)]
    if arrangement.warning:
        lines.append(words(arrangement.warning, LATE))
    return [*lines, words(f"esc shows all {arrangement.total}", MUTED)]


def _news(state: State) -> dict[str, str]:
    """Summarize the changes by others for each lead."""
    events = (*state.since, *state.activity)
    if not events:
        return {}
    from tldash.activity.describe import summarize_events

    leads = dict.fromkeys(event.lead_id for event in events)
    return {
        lead: summarize_events([one for one in events if one.lead_id == lead]) for lead in leads
    }
