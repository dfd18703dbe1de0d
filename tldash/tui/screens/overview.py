"""The overview: the leads in the order in which they need the coach, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content

from tldash.insight.overview import Grouping, LeadGroup, SortOrder, View
from tldash.insight.schedule import find_last_session
from tldash.model.records import Lead, Session
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.last_session import LastSessionNotes
from tldash.tui.screens.lead_area import LeadArea
from tldash.tui.screens.messages import LoadText, OpenPage, OpenPalette
from tldash.tui.screens.overview_list import SPACED_UP_TO, OverviewList
from tldash.tui.screens.page import Page, is_on_stack, own_bindings
from tldash.tui.screens.session_area import SESSION_COMMANDS, SessionArea
from tldash.tui.screens.task_area import TaskArea, only_lead
from tldash.tui.state import State
from tldash.tui.style.text import ACCENT, MUTED, STRONG, words
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.lead_groups import GroupRow, group_summary
from tldash.tui.widgets.leads import LeadRow, summary
from tldash.tui.widgets.row_list import Row, RowList
from tldash.tui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from tldash.user.saved_views import DeletedView

VIEWING = (commands.FILTER, commands.GROUP_LEADS, commands.SORT, commands.VIEWS)
"""The commands that change which leads are listed, and how."""


class OverviewPage(Page):
    """A list of leads, with a summary of the selected lead or group beside it."""

    NAME = "overview"
    # Beside the summary there must be room for every column of the list.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (118, "-wide"), (160, "-huge")]  # noqa: RUF012
    # Below the list there must be room for the next days.
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall"), (44, "-high")]  # noqa: RUF012
    OWN: ClassVar[tuple[Command, ...]] = (
        commands.OPEN,
        commands.ADD,
        *SESSION_COMMANDS,
        commands.SESSION_MODE,
        commands.EDIT,
        commands.TOPIC,
        *commands.PRIVATE_COMMANDS,
        *VIEWING,
        commands.FOLD,
        commands.FOLD_ALL,
        commands.NEW_LEAD,
        *commands.LEAD_COMMANDS,
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
        #agenda { display: none; height: 1fr; padding: 1 1 0 2; border-top: solid $panel; }
        &.-huge.-high.-few #agenda { display: block; }
        &.-huge.-high.-few #leads { height: auto; max-height: 60%; }
        &.-empty #empty { display: block; }
        &.-empty #main { display: none; }
    }
    """

    def __init__(self, filter: str = "", sort: str = SortOrder.NEED, group: str = "") -> None:
        """Start with a view. An empty `group` depends on the number of leads."""
        super().__init__()
        self.tasks: TaskArea = TaskArea(self.current_lead)
        self._leads = OverviewList(
            View(filter, SortOrder(sort), Grouping(group) if group else None)
        )
        self.deleted: DeletedView | None = None
        """The saved view that was deleted last and can be restored."""
        self._kind: type[Row | None] = type(None)
        """The kind of row that the key bar is about."""
        self._notes = LastSessionNotes()

    def compose_body(self) -> ComposeResult:
        yield TextLine(id="empty")
        area = SessionArea(self.tasks, self.current_lead)
        with area, LeadArea(self.tasks, self.current_lead), Horizontal(id="main"):
            yield self._leads
            yield Canvas(id="summary")

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name or "reading",)

    def offered(self, state: State) -> tuple[Command, ...]:
        """Return the commands for the selected row; none without leads."""
        leads = state.workspace.leads
        if state.loaded and not leads:
            return ()
        if self._kind is GroupRow:
            return (commands.FOLD, *VIEWING, commands.FOLD_ALL)
        if not issubclass(self._kind, LeadRow) and state.loaded:
            return VIEWING
        first, *others = (one for one in super().offered(state) if one not in VIEWING)
        return (first, *(VIEWING if len(leads) > SPACED_UP_TO else ()), *others)

    def draw(self, state: State) -> None:
        empty = state.loaded and not state.workspace.leads
        self.set_class(empty, "-empty")
        if empty:
            key = state.key_of(commands.NEW_LEAD) if state.allowed.can_edit else ""
            text = _no_leads(key, state.how_to_add, state.key_of(commands.QUIT))
            self.query_one("#empty", TextLine).show(text, layout=True)
        self.set_class(len(state.workspace.leads) <= SPACED_UP_TO, "-few")
        self._leads.draw(state)
        self._draw_sides(state)

    def _draw_sides(self, state: State) -> None:
        """Draw the summary of the selected row, and its keys."""
        subject, arrangement = self._leads.subject, self._leads.arrangement

        def paint(width: int, height: int) -> Content:
            if isinstance(subject, LeadGroup) and arrangement is not None:
                return group_summary(
                    subject, arrangement.grouping, state.now, width, height, arrangement.audience
                )
            if isinstance(subject, Lead):
                return summary(subject, state, width, height, notes)
            return Content("")

        if self._notes.follow(self._last):
            self.post_message(LoadText())
        notes = self._notes.found or ()
        basis = state.workspace.framework, state.now, state.allowed, state.keymap, state.viewer
        self.query_one("#summary", Canvas).paint(paint, (subject, notes, *basis))
        if type(self._leads.selected) is not self._kind:
            self._kind = type(self._leads.selected)
            self.draw_bars()

    # The last session of the selected lead

    @property
    def _last(self) -> Session | None:
        """The session whose notes are shown; None if there is no room for them."""
        subject = self._leads.subject
        if self.state is None or not isinstance(subject, Lead):
            return None
        roomy = self.has_class("-huge") and self.has_class("-high")
        return find_last_session(subject, self.state.now) if roomy else None

    @property
    def reads(self) -> str | None:
        last = self._last
        return last.path if last is not None else None

    def show_text(self, text: str | None, error: str) -> None:
        last = self._last
        if last is not None and self._notes.take_text(last, text, error) and self.state is not None:
            self._draw_sides(self.state)

    # The selection

    def current_lead(self, state: State) -> Lead | None:
        """Return the selected lead."""
        subject = self._leads.subject
        return subject if isinstance(subject, Lead) else only_lead(state)

    @on(RowList.Moved)
    @on(OverviewList.Changed)
    def _update_sides(self) -> None:
        """Show the summary of another row."""
        self._leads.note_selection()
        if self.state is not None and is_on_stack(self):
            self._draw_sides(self.state)

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Open the page of a lead."""
        if isinstance(message.row, LeadRow):
            self._leads.choose(message.row.key)
            self.post_message(OpenPage("lead", message.row.lead.id))

    def step_back(self) -> bool:
        """Clear the filter."""
        return self._leads.clear_filter()

    @property
    def view(self) -> View:
        """The filter, the order and the groups."""
        return self._leads.view

    def show_view(self, view: View) -> None:
        """Show another view."""
        self._leads.show_view(view)

    def action_views(self) -> None:
        """Open the palette of saved views."""
        self.post_message(OpenPalette("views"))


def _no_leads(key: str, how_to_add: str, leave: str) -> Content:
    """Say how to create a lead: with a key, if that is allowed, or with a command."""
    press = Content.assemble((key, ACCENT), " creates one, and so does this command:")
    return Content("\n").join(
        [
            Content.styled("No leads yet.", STRONG),
            Content(""),
            press if key else Content("Create one, and it appears here at once:"),
            Content(""),
            words(f"    {how_to_add}", MUTED),
            Content(""),
            Content("A lead's folder has a lead.md or session files named by date:"),
            Content(""),
            Content.styled("    ada/lead.md", MUTED),
            Content.styled("    ada/sessions/2026-11-03.md", MUTED),
            Content(""),
            Content(f"To see an example, quit with {leave} and run tldash demo."),
        ]
    )
