"""The open actions of all leads in one list."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content

from tldash.insight.actions import count_actions
from tldash.insight.private import find_listed
from tldash.model.item_keys import Key, task_key
from tldash.model.records import Task, is_private
from tldash.model.spelling import fold_accents
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.prompts.changes import find_lead
from tldash.tui.screens.messages import OpenPage
from tldash.tui.screens.page import Page, is_on_stack, own_bindings
from tldash.tui.screens.task_area import TASK_COMMANDS, TaskArea, only_lead, task_of
from tldash.tui.state import State
from tldash.tui.style.text import MUTED
from tldash.tui.widgets.action_details import ActionDetails
from tldash.tui.widgets.action_listing import PAUSED, Grouping, ListedAction, Listing, ListOptions
from tldash.tui.widgets.filter_input import FilterInput
from tldash.tui.widgets.mark_list import MarkList
from tldash.tui.widgets.row_list import Row, RowList
from tldash.tui.widgets.task_rows import ONLY_YOU, Heading
from tldash.tui.widgets.text_line import TextLine


class ActionsPage(Page):
    """The actions of all leads, filtered and grouped."""

    NAME = "actions"
    OWN: ClassVar[tuple[Command, ...]] = (
        commands.TICK,
        commands.OPEN,
        commands.EDIT,
        commands.FILTER,
        commands.GROUP,
        commands.CLOSED,
        *TASK_COMMANDS,
    )
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    ActionsPage {
        #title { height: 2; padding: 1 2 0 2; }
        RowList { padding: 0 1 0 0; }
        #details { width: 52; height: 100%; padding: 1 2; display: none; }
        #details { border-left: solid $panel; }
        &.-huge #details { display: block; }
    }
    """

    shows_slipping = True

    def __init__(self) -> None:
        super().__init__()
        self.tasks: TaskArea = TaskArea(only_lead)
        self._grouping = Grouping.DUE
        self._show_closed = False
        self._kept: set[Key] = set()
        self._listing = Listing()

    def compose_body(self) -> ComposeResult:
        yield TextLine(id="title")
        yield FilterInput(placeholder="text, a lead, overdue, is:slipping, @owner or #tag")
        with Horizontal():
            yield MarkList(id="actions")
            yield ActionDetails(id="details")

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name, "Actions")

    def draw(self, state: State) -> None:
        words = fold_accents(self.query_one(FilterInput).value).split()
        self._listing.update_rows(
            find_listed(state.workspace),
            ListOptions(
                state.today,
                state.workspace.framework,
                self._grouping,
                self._show_closed,
                frozenset(self._kept),
                bool(state.workspace.folders),
                state.viewer,
                state.due_dates,
                state.now,
            ),
        )
        everything = self._listing.find(words)
        # Words find them everywhere; without any, those of paused and ended leads are folded.
        folded = not words and not self._show_closed
        found = [one for one in everything if not (folded and one.is_aside)]
        counted = [one for one in found if not (one.is_aside or is_private(one.lead_id))]
        total, _ = count_actions(state.workspace.leads, state.today)
        all_open = not self._show_closed and not self._kept
        opened = len(counted) if all_open else sum(one.is_open for one in counted)
        shown = f"{opened} open" if opened == total else f"{opened} of {total} open"
        if own := sum(one.is_open and is_private(one.lead_id) for one in found):
            shown = f"{shown} · {own} {ONLY_YOU}"
        label = f"{shown} · by {self._grouping}" if self._grouping is not Grouping.NONE else shown
        self.query_one("#title", TextLine).show(
            Content.assemble(("ACTIONS  ", f"bold {MUTED}"), (label, MUTED))
        )
        rows = self._rows(found, bool(words))
        if aside := len(everything) - len(found):
            key = state.key_of(commands.CLOSED)
            rows.append(Heading(PAUSED, f"{aside} open · {key} shows them", first=not rows))
        self.query_one(RowList).show(rows, fresh=state.recent)
        self._draw_details()

    @on(RowList.Moved)
    def _draw_details(self) -> None:
        """Draw the details of the selected action, where the window has room."""
        state = self.state
        if state is None or not self.has_class("-huge") or not is_on_stack(self):
            return
        row = self.query_one(RowList).selected
        action, lead = None, None
        if isinstance(row, ListedAction):
            action, lead = row.action, find_lead(row.task, state.workspace)
        self.query_one(ActionDetails).show(action, lead, state)

    def _rows(self, found: list[ListedAction], filtered: bool) -> list[Row]:
        rows: list[Row] = []
        for name, listed in self._listing.iter_groups(found):
            if name:
                opened = sum(one.is_open for one in listed)
                rows.append(Heading(name, str(opened or "none open"), first=not rows))
            rows.extend(listed)
        if not rows:
            note = (
                "no action matches; esc shows all"
                if filtered
                else "an action is a line like - [ ] call the vendor in a lead's files"
            )
            rows.append(
                Heading("nothing open" if not filtered else "nothing found", note, first=True)
            )
        return rows

    def select_task(self, task: Task) -> bool:
        """Select an item that was just added. Clear a filter that hides it."""
        return super().select_task(task) or (
            self.query_one(FilterInput).clear_text() and super().select_task(task)
        )

    def keep(self, task: Task) -> None:
        self._kept.add(task_key(task))

    def action_filter(self) -> None:
        """Open the filter."""
        self.query_one(FilterInput).open()
        self.call_after_refresh(self._listing.prepare)

    def on_mount(self) -> None:
        """Filter on each key press, in the same frame as the character."""
        self.watch(self.query_one(FilterInput), "value", self._filter, init=False)

    def _filter(self) -> None:
        if self.state is not None:
            self.draw(self.state)
            self.tasks.show_marks()

    def on_input_submitted(self) -> None:
        """Return to the list."""
        self.query_one(FilterInput).close()
        self.query_one(RowList).focus()

    def step_back(self) -> bool:
        """Remove the marks, then the filter."""
        return super().step_back() or self.query_one(FilterInput).clear_text()

    def action_group(self) -> None:
        """Group in the next way."""
        ways = list(Grouping)
        self._grouping = ways[(ways.index(self._grouping) + 1) % len(ways)]
        self.redraw()

    def action_closed(self) -> None:
        """Show or hide closed actions."""
        self._show_closed = not self._show_closed
        self.redraw()

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Open the session of an action, else its file."""
        task = task_of(message.row)
        if task is None or self.state is None:
            return
        if is_private(task.path) and (lead := find_lead(task, self.state.workspace)) is not None:
            self.post_message(OpenPage("notes", lead.id, task.path, str(task.line)))
            return
        for lead in self.state.workspace.leads:
            if any(session.path == task.path for session in lead.sessions):
                self.post_message(OpenPage("session", lead.id, task.path, str(task.line)))
                return
        self.action_edit()
