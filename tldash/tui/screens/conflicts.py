"""The conflict of a file, or the list of all files in conflict.

Without a path, the conflict of the file on the screen below is shown, else the only one of the
folder, else the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from tldash.insight.conflicts import CONFLICT_CODES
from tldash.model.records import Problem
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.conflict_pane import ConflictPane
from tldash.tui.screens.messages import ClosePage, ShowNotice
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.screens.problems import ProblemRow
from tldash.tui.state import State
from tldash.tui.style.text import DONE, HEAD, MUTED
from tldash.tui.widgets.bars import labelled
from tldash.tui.widgets.row_list import Line, Row, RowList
from tldash.tui.widgets.text_line import TextLine

CHOOSING = (
    commands.TAKE_OURS,
    commands.TAKE_THEIRS,
    commands.TAKE_BOTH,
    commands.CONFLICT_AFTER,
    commands.SHOW_RESULT,
    commands.WRITE_RESULT,
    commands.TAKE_NEXT,
    commands.CONFLICT_BEFORE,
    commands.ALL_OURS,
    commands.ALL_THEIRS,
    commands.ALL_BOTH,
    commands.SHOW_SAME,
)


class ConflictsPage(Page):
    """A list of conflicts, of which enter opens one."""

    NAME = "conflicts"
    OWN: ClassVar[tuple[Command, ...]] = (
        *CHOOSING,
        commands.OPEN,
        commands.EDIT,
        commands.FIND,
    )
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    ConflictsPage {
        #list #heading { height: 3; padding: 1 2 1 2; }
        #list { display: none; }
        &.-listing #list { display: block; }
        &.-listing ConflictPane { display: none; }
    }
    """

    def __init__(self, path: str = "") -> None:
        super().__init__()
        self._pane = ConflictPane(path)
        self.conflict = self.area = self._pane
        self._is_chosen = False
        """Whether it is known what to show first."""
        self._from_list = False

    def compose_body(self) -> ComposeResult:
        with Vertical(id="list"):
            yield TextLine(id="heading")
            yield RowList(id="conflicts")
        yield self._pane

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name, "Conflicts")

    def default_spot(self) -> tuple[str, int] | None:
        return self._pane.spot

    def offered(self, state: State) -> tuple[Command, ...]:
        return (commands.OPEN,)

    def keys(self, state: State) -> tuple[tuple[Command, str], ...]:
        if not self._pane.compares:
            return super().keys(state)
        own = (*(one for one in CHOOSING if one.footer), commands.BACK, commands.HELP)
        shown = map(state.keymap.of, commands.offered(own, state.allowed))
        turn = "items" if self._pane.shows_result else commands.SHOW_RESULT.label
        return labelled([one for one in shown if one.shown], show_result=turn)

    def draw(self, state: State) -> None:
        problems = [one for one in state.workspace.all_problems if one.code in CONFLICT_CODES]
        if not self._is_chosen:
            self._choose_first(problems)
        self._pane.draw(state)
        note = str(len(problems) or "none")
        heading = Content.assemble(("CONFLICTS  ", HEAD), (note, MUTED))
        self.query_one("#heading", TextLine).show(heading)
        listed: list[Row] = [ProblemRow(problem) for problem in problems]
        nothing = [Line(Content.styled("No file is in conflict.", DONE))]
        self.query_one("#conflicts", RowList).show(listed or nothing)

    def _choose_first(self, problems: Sequence[Problem]) -> None:
        """Show the conflict of the file on the screen below, else the only one, else the list."""
        self._is_chosen = True
        stack = self.app.screen_stack
        below = stack[stack.index(self) - 1] if self in stack else None
        reads = below.reads if isinstance(below, Page) else None
        here = [one for one in problems if reads and reads in (one.path, one.about)]
        found = here[:1] or (problems if len(problems) == 1 else [])
        self._show(self._pane.compares or (found[0].path if found else ""))

    def _show(self, path: str) -> None:
        """Show a conflict, or the list if the path is empty."""
        self._pane.open(path)
        self.set_class(not path, "-listing")
        self.query_one("#items" if path else "#conflicts", RowList).focus()

    def step_back(self) -> bool:
        if self._pane.compares and self._pane.shows_result:
            self._pane.action_show_result()
            return True
        return self._show_list()

    def _show_list(self) -> bool:
        """Go back to the list; False if the conflict was not opened from it."""
        if not self._from_list:
            return False
        self._from_list = False
        self._show("")
        self.draw_bars()
        return True

    def on_conflict_pane_turned(self) -> None:
        """Label the key that turns back."""
        self.draw_bars()

    def on_conflict_pane_written(self, message: ConflictPane.Written) -> None:
        """Leave the conflict, and show what was done on the screen below too."""
        if not self._show_list():
            # Both in the queue of the app, since a closed screen passes no messages on.
            self.app.post_message(ClosePage())
            self.app.post_message(ShowNotice(message.what, bad=False))

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Open the selected conflict of the list."""
        if isinstance(message.row, ProblemRow):
            self._from_list = True
            self._show(message.row.problem.path)
            self.redraw()
