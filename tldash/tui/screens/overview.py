"""The coach's first screen: who needs attention, and why."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

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
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.messages import OpenPage
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.screens.task_area import TaskArea, only_lead
from tldash.tui.state import State
from tldash.tui.style.text import LATE, MUTED, STRONG, words
from tldash.tui.widgets.bars import KeyBar
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.filter_input import FilterInput
from tldash.tui.widgets.lead_groups import GroupRow, InGroup, group_summary, title, why
from tldash.tui.widgets.leads import LeadRow, heading, summary
from tldash.tui.widgets.row_list import GUTTER, Line, Row, RowList

if TYPE_CHECKING:
    from tldash.user.saved_views import DeletedView

AIRY_UP_TO = 12
"""Leads up to which each has a blank line below it."""
ARRANGING = (commands.FILTER, commands.GROUP_LEADS, commands.SORT, commands.VIEWS)


class OverviewPage(Page):
    """A row a lead, ordered by need; the selected one in short beside it.

    Many leads of several coaches are a row a coach, which opens.
    """

    NAME = "overview"
    # Beside the summary there must be room for every column of the list.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (118, "-wide"), (160, "-huge")]  # noqa: RUF012
    OWN: ClassVar[tuple[Command, ...]] = (
        commands.OPEN,
        commands.ADD,
        commands.NEW_SESSION,
        commands.EDIT,
        commands.TOPIC,
        *ARRANGING,
        commands.FOLD,
        commands.FOLD_ALL,
    )
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    OverviewPage {
        #leads-side { width: 1fr; }
        #heading { height: 2; }
        #empty { padding: 2 4; display: none; }
        #summary { width: 41; height: 100%; padding: 1 1 0 1; display: none; }
        #summary { border-left: solid $panel; }
        &.-wide #summary { display: block; }
        &.-huge #summary { display: block; width: 62; padding: 1 2; }
        &.-empty #empty { display: block; }
        &.-empty #main { display: none; }
    }
    """

    def __init__(self, words: str = "", sort: str = SortOrder.NEED, group: str = "") -> None:
        """The view to begin with; an empty `group` is the one that fits the number of leads."""
        super().__init__()
        self.tasks: TaskArea = TaskArea(self.current_lead)
        self._view = View(words, SortOrder(sort), Grouping(group) if group else None)
        self.deleted: DeletedView | None = None
        """The saved view that was deleted last, which can be put back."""
        self._folds = FoldState()
        self._plan: Arrangement | None = None
        self._aim: Hashable = None
        """What the viewer selected last; it is selected again when it can be seen again."""
        self._placed: Hashable = None
        """What is selected, as far as it is known."""
        self._settled = False
        """Whether the first reading is over; until then rows come above others."""
        self._kind: type[Row | None] = type(None)
        """What kind of row the last line of the screen speaks of."""

    def compose_body(self) -> ComposeResult:
        yield Static(id="empty", markup=False)
        with Horizontal(id="main"):
            with Vertical(id="leads-side"):
                yield Canvas(id="heading")
                yield FilterInput(
                    self._view.filter,
                    placeholder="words, coach:mira, needs, overdue, noplan, new, cadence:monthly",
                    select_on_focus=False,
                    classes="-shown" if self._view.filter else None,
                )
                yield RowList(id="leads")
            yield Canvas(id="summary")

    def on_mount(self) -> None:
        """Filter as one types: at once, so that a letter and what it finds are one frame."""
        self.watch(self.query_one(FilterInput), "value", self._filter, init=False)

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name or "reading",)

    def offered(self, state: State) -> tuple[Command, ...]:
        """What can be done with the selected row; with no lead at all, nothing."""
        leads = state.workspace.leads
        if state.loaded and not leads:
            return ()
        if self._kind is GroupRow:
            return (commands.FOLD, *ARRANGING, commands.FOLD_ALL)
        if not issubclass(self._kind, LeadRow) and state.loaded:
            return ARRANGING
        opened, *others = (one for one in super().offered(state) if one not in ARRANGING)
        return (opened, *(ARRANGING if len(leads) > AIRY_UP_TO else ()), *others)

    def draw(self, state: State) -> None:
        leads = state.workspace.leads
        self.set_class(state.loaded and not leads, "-empty")
        if state.loaded and not leads:
            self.query_one("#empty", Static).update(_nothing_here(state.key_of(commands.QUIT)))
        news = _news(state)
        plan = self._plan = arrange_leads(leads, self._view, state.now, news)
        if state.loaded and leads and self._view.group is None:
            self._view = replace(self._view, group=plan.grouping)  # stays so while it is looked at
        self._list(plan, state, news)
        self._draw_sides(state)

    def _list(
        self, plan: Arrangement, state: State, news: dict[str, str], *, anew: bool = False
    ) -> None:
        """Show the rows; `anew` where what is selected matters no more once it is gone."""
        self._follow()
        rows = self._rows(plan, state, news)
        keys = {row.key for row in rows}
        aim = self._aim
        if aim not in keys:
            aim = next((("group", g.key) for g in plan.groups if _holds(g, aim)), None)
        if aim not in keys:
            first = anew or not self._settled
            aim = next((row.key for row in rows if row.key is not None), None) if first else None
        self._settled = state.loaded
        listed = self.query_one(RowList)
        at = listed.selected.key if listed.selected is not None else None
        listed.show(rows, select=None if aim == at else aim, fresh=state.recent)
        self._placed = listed.selected.key if listed.selected is not None else None

    def _rows(self, plan: Arrangement, state: State, news: dict[str, str]) -> list[Row]:
        if plan.total and not plan.groups:
            return [Line(line) for line in _nothing_found(plan)]
        grouped = plan.grouping is not Grouping.NONE
        kind = InGroup if grouped else LeadRow
        airy = plan.shown <= AIRY_UP_TO and not grouped
        last = {group.leads[-1].id for group in plan.groups[:-1]}
        return [
            GroupRow(one, parting=plan.grouping, folded=self._folds.is_folded(one, plan))
            if isinstance(one, LeadGroup)
            else kind(
                one,
                state.workspace.framework,
                state.now,
                airy=airy or one.id in last,
                news=news.get(one.id, ""),
                folder=state.workspace.folder_of(one.id),
            )
            for one in iter_rows(plan, self._folds)
        ]

    def _follow(self) -> None:
        """Take note of where the viewer went."""
        row = self.query_one(RowList).selected
        if row is not None and row.key != self._placed:
            self._aim = self._placed = row.key

    def on_row_list_moved(self) -> None:
        """Another lead beside the list."""
        self._follow()
        if self.state is not None:
            self._draw_sides(self.state)

    def _draw_sides(self, state: State) -> None:
        """What is above the list, beside it, and on the last line."""
        framework, plan = state.workspace.framework, self._plan
        listed = self.query_one(RowList)
        row = listed.selected
        about: Lead | LeadGroup | None = None
        if isinstance(row, LeadRow):
            about = row.lead
        elif isinstance(row, GroupRow):
            about = row.group
        has_leads = any(isinstance(one, LeadRow) for one in listed.rows)
        indent = InGroup.indent if plan is not None and plan.grouping is not Grouping.NONE else 0

        def names(width: int, height: int) -> Content:
            del height
            # The list below has a gutter at its left and a scroll bar at its right.
            room = width - GUTTER - 1
            over = title(plan, room) if plan is not None and plan.total else Content("")
            below = (
                why(plan.reasons).truncate(room, ellipsis=True) if plan is not None else Content("")
            )
            if has_leads:
                below = Content.assemble(" " * indent, heading(room - indent, framework))
            pad = " " * GUTTER
            return Content.assemble(pad, over, "\n", pad, below)

        def side(width: int, height: int) -> Content:
            if isinstance(about, LeadGroup) and plan is not None:
                return group_summary(about, plan.grouping, state.now, width, height)
            if isinstance(about, Lead):
                return summary(about, state, width, height)
            return Content("")

        self.query_one("#heading", Canvas).paint(names, (framework, plan, has_leads))
        known = framework, state.now, state.allowed, state.keymap, state.viewer
        self.query_one("#summary", Canvas).paint(side, (about, *known))
        if type(row) is not self._kind:
            self._kind = type(row)
            self.query_one(KeyBar).commands = self.keys(state)

    def current_lead(self, state: State) -> Lead | None:
        """Return the selected lead."""
        row = self.query_one(RowList).selected
        return row.lead if isinstance(row, LeadRow) else only_lead(state)

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """To the lead's own page; a heading folds, or opens."""
        if isinstance(message.row, LeadRow):
            self._aim = message.row.key
            self.post_message(OpenPage("lead", message.row.lead.id))
        elif isinstance(message.row, GroupRow):
            self._turn(message.row.group)

    def on_row_list_pressed(self, message: RowList.Pressed) -> None:
        """A click on the sign before a heading folds, too."""
        if isinstance(message.row, GroupRow):
            self._turn(message.row.group)

    # Filtering

    def action_filter(self) -> None:
        """Type words."""
        if self._plan is not None and self._plan.total:
            box = self.query_one(FilterInput)
            box.add_class("-shown")
            box.focus()
            self.call_after_refresh(self._prepare)

    def _prepare(self) -> None:
        if self.state is not None:
            warm_cache(self.state.workspace.leads, self.state.now)

    def _filter(self, value: str) -> None:
        if self.state is None:
            return
        self._view, self._folds = replace(self._view, filter=value), FoldState()
        news = _news(self.state)
        self._plan = arrange_leads(self.state.workspace.leads, self._view, self.state.now, news)
        self._list(self._plan, self.state, news, anew=True)
        self._draw_sides(self.state)

    def on_input_submitted(self) -> None:
        """Back to the list; an empty filter disappears."""
        box = self.query_one(FilterInput)
        box.set_class(bool(box.value), "-shown")
        self.query_one(RowList).focus()

    def step_back(self) -> bool:
        """First let everything in again."""
        box = self.query_one(FilterInput)
        if not box.value:
            return False
        box.value = ""
        box.remove_class("-shown")
        return True

    # Sorting, grouping, and all three under a name

    @property
    def view(self) -> View:
        """Which leads are listed, and how."""
        return self._view

    def show_view(self, view: View) -> None:
        """List leads in that way."""
        box = self.query_one(FilterInput)
        box.value = view.filter
        box.set_class(bool(view.filter), "-shown")
        self._view, self._folds = replace(view, filter=box.value), FoldState()
        self.redraw()

    def action_views(self) -> None:
        """One of the saved views."""
        from tldash.tui.palettes import views

        self.app.push_screen(views.palette())

    def action_sort(self) -> None:
        """The next way to sort."""
        ways = list(SortOrder)
        following = ways[(ways.index(self._view.sort) + 1) % len(ways)]
        self._view = replace(self._view, sort=following)
        self.redraw()

    def action_group(self) -> None:
        """The next way to group."""
        if self._plan is None:
            return
        ways = list(Grouping)
        following = ways[(ways.index(self._plan.grouping) + 1) % len(ways)]
        row = self.query_one(RowList).selected
        if isinstance(row, GroupRow):
            self._aim = lead_key(row.group.leads[0])
            self._placed = row.key
        self._view, self._folds = replace(self._view, group=following), FoldState()
        self.redraw()

    def action_fold(self) -> None:
        """The group of the selected row."""
        row = self.query_one(RowList).selected
        if isinstance(row, GroupRow):
            self._turn(row.group)
        elif isinstance(row, LeadRow) and self._plan is not None:
            for group in self._plan.groups:
                if group.name and _holds(group, row.key):
                    self._turn(group)

    def _turn(self, group: LeadGroup) -> None:
        self._folds = self._folds.toggle(group)
        self._follow()
        self._aim = ("group", group.key)
        self.redraw()

    def action_fold_all(self) -> None:
        """All groups."""
        if self._plan is not None:
            self._folds = self._folds.toggle_all(self._plan)
            self.redraw()


def _holds(group: LeadGroup, key: Hashable) -> bool:
    """Whether a lead of that key is in a group."""
    return any(lead_key(lead) == key for lead in group.leads)


def _nothing_found(plan: Arrangement) -> list[Content]:
    lines = [Content.styled("No lead has these words.", STRONG)]
    if plan.warning:
        lines.append(words(plan.warning, LATE))
    return [*lines, words(f"esc shows all {plan.total} again", MUTED)]


def _news(state: State) -> dict[str, str]:
    """What others did for each lead, in words."""
    told = (*state.since, *state.activity)
    if not told:
        return {}
    from tldash.activity.describe import summarize_events

    leads = dict.fromkeys(event.lead_id for event in told)
    return {lead: summarize_events([one for one in told if one.lead_id == lead]) for lead in leads}


def _nothing_here(leave: str) -> Content:
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
            Content(f"To see what it can look like: quit with {leave}, and start tldash demo."),
        ]
    )
