"""A file in conflict: both versions item by item, a choice for each, and the result.

Without a path, the conflict of the file on the screen below is shown, else the only one of the
folder, else a list of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tldash.merging.compare import Choice, Comparison, ItemKey
from tldash.model.dates import pluralize
from tldash.model.records import Problem
from tldash.model.sides import Sides
from tldash.service.results import ConflictLoaded
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.conflict_rows import (
    ItemRow,
    describe_sides,
    draw_items,
    draw_result,
)
from tldash.tui.screens.messages import ClosePage, LoadText, ResolveConflict, ShowNotice
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.screens.problems import CONFLICT_CODES, ProblemRow
from tldash.tui.state import State
from tldash.tui.style.text import DONE, HEAD, LATE, MUTED, STRONG, bullets, words
from tldash.tui.widgets.row_list import Line, Row, RowList, reuse_rows
from tldash.tui.widgets.text_line import TextLine

_NEXT: Final = {
    None: Choice.OURS,
    Choice.OURS: Choice.THEIRS,
    Choice.THEIRS: Choice.BOTH,
    Choice.BOTH: None,
}


class ConflictsPage(Page):
    """The conflict of a file, or the list of all conflicts."""

    NAME = "conflicts"
    OWN: ClassVar[tuple[Command, ...]] = (
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
        commands.OPEN,
        commands.EDIT,
        commands.FIND,
    )
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    ConflictsPage {
        #title { height: auto; padding: 1 2 0 2; }
        #sides { height: auto; padding: 0 2 1 2; border-bottom: solid $panel; }
        RowList { padding: 1 0 0 0; }
        &.-short #title { padding: 0 2; }
        &.-short #sides { padding: 0 2; }
        &.-short RowList { padding: 0; }
    }
    """

    def __init__(self, path: str = "") -> None:
        super().__init__()
        self.conflict = self
        self.compares = path
        self._chosen_list = bool(path)
        """Whether the choice between the list and a conflict is made."""
        self._from_list = False
        self._sides: Sides | None = None
        self._found: Comparison | None = None
        self._error = ""
        self._choices: dict[ItemKey, Choice] = {}
        self._folded = True
        self._shows_result = False
        self._selects: ItemKey = None
        """The item to select next."""

    def compose_body(self) -> ComposeResult:
        yield TextLine(id="title")
        yield TextLine(id="sides")
        yield RowList(id="items")

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name, "Conflicts")

    def default_spot(self) -> tuple[str, int] | None:
        path = self._sides.path if self._sides is not None else self.compares
        return (path, 1) if path else None

    def offered(self, state: State) -> tuple[Command, ...]:
        if not self.compares:
            return (commands.OPEN,)
        return super().offered(state)

    # Which conflict

    def _find_first(self, problems: Sequence[Problem]) -> None:
        """Choose the conflict of the file on the screen below, else the only one."""
        self._chosen_list = True
        stack = self.app.screen_stack
        below = stack[stack.index(self) - 1] if self in stack else None
        reads = below.reads if isinstance(below, Page) else None
        here = [one for one in problems if reads and reads in (one.path, one.about)]
        for problem in here[:1] or (problems if len(problems) == 1 else []):
            self._open(problem.path)

    def _open(self, path: str) -> None:
        self.compares = path
        self._sides = self._found = None
        self._choices = {}
        self._error = ""
        self._shows_result = False
        self.post_message(LoadText())

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Open the selected conflict of the list."""
        row = message.row
        if isinstance(row, ProblemRow):
            self._from_list = True
            self._open(row.problem.path)
            self.redraw()

    def step_back(self) -> bool:
        if self._shows_result:
            self.action_show_result()
            return True
        if not self._from_list or not self.compares:
            return False
        self.compares, self._from_list = "", False
        self.redraw()
        return True

    def show_conflict(self, loaded: ConflictLoaded) -> None:
        """Show the versions as they are now. What was chosen stays where its item does."""
        if (loaded.sides, loaded.error) == (self._sides, self._error) and loaded.sides is not None:
            return
        self._sides, self._found, self._error = loaded.sides, loaded.found, loaded.error
        if self._found is not None:
            keys = {item.key for item in self._found.items}
            self._choices = {key: one for key, one in self._choices.items() if key in keys}
        self.redraw()

    def end_writing(self, *, written: bool) -> None:
        """Close the screen, unless there is another copy of the file, or nothing was written."""
        self._choices = {} if written else self._choices
        if not written or (self._sides is not None and self._sides.others):
            return
        if not self.step_back():
            self.app.post_message(ClosePage())

    # Drawing

    def draw(self, state: State) -> None:
        problems = [one for one in state.workspace.all_problems if one.code in CONFLICT_CODES]
        if not self._chosen_list:
            self._find_first(problems)
        title, sides = self.query_one("#title", TextLine), self.query_one("#sides", TextLine)
        rows = self.query_one(RowList)
        select, self._selects = self._selects, None
        if self.compares:
            title.show(self._describe(), layout=True)
            width = self.size.width - 5
            about = describe_sides(self._sides, width) if self._sides is not None else Content("")
            sides.show(about, layout=True)
            rows.show(reuse_rows(self._rows(state), rows.rows), select=select)
            return
        note = str(len(problems) or "none")
        title.show(Content.assemble(("CONFLICTS  ", HEAD), (note, MUTED)), layout=True)
        sides.show(Content(""), layout=True)
        listed: list[Row] = [ProblemRow(problem) for problem in problems]
        rows.show(listed or [Line(Content.styled("No file is in conflict.", DONE))])

    def _describe(self) -> Content:
        sides, found = self._sides, self._found
        path = sides.path if sides is not None else self.compares
        name = Content.assemble(("CONFLICT  ", HEAD), words(path, STRONG))
        if sides is None or found is None:
            return name
        left = len(found.undecided(self._choices))
        total = sum(not item.is_minor for item in found.items)
        count = words(f"{left} of {total} undecided", LATE) if left else words("decided", DONE)
        others = [words(f"{sides.others} more", MUTED)] if sides.others else []
        shown = [words("the result", STRONG)] if self._shows_result else []
        return bullets([name, count, *others, *shown])

    def _rows(self, state: State) -> list[Row]:
        if self._error:
            back = f"{state.key_of(commands.BACK)} goes back"
            return [Line(words(self._error, LATE)), Line(words(back, MUTED))]
        if self._found is None:
            return [Line(words("comparing…", MUTED))]
        if self._shows_result:
            return draw_result(self._found, self._choices)
        return draw_items(self._found, self._choices, folded=self._folded)

    # Choosing

    def _item(self) -> ItemRow | None:
        row = self.selected()
        return row if isinstance(row, ItemRow) else None

    def action_take(self, name: str) -> None:
        """Choose a version of the selected item, and go to the next undecided one."""
        row, choice = self._item(), Choice(name)
        if row is None:
            self.post_message(ShowNotice("select an item first"))
            return
        if choice is Choice.BOTH and not row.item.can_be_both:
            self.post_message(ShowNotice("only one of these can stay: choose ours or theirs"))
            return
        self._choices[row.item.key] = choice
        self._selects = self._find_undecided(1)
        self.redraw()

    def action_take_next(self) -> None:
        """Choose the next version of the selected item, or nothing again."""
        row = self._item()
        if row is None:
            self.post_message(ShowNotice("select an item first"))
            return
        now = self._choices.pop(row.item.key, Choice.OURS if row.item.is_minor else None)
        choice = _NEXT[now]
        if choice is Choice.BOTH and not row.item.can_be_both:
            choice = None
        if choice is not None:
            self._choices[row.item.key] = choice
        self.redraw()

    def action_take_all(self, name: str) -> None:
        """Choose one version of all items."""
        if self._found is not None:
            self._choices.update(self._found.choose_all(Choice(name)))
            self.redraw()

    def _find_undecided(self, by: int) -> ItemKey:
        """Return the key of the next undecided item, round the end; None if there is none."""
        rows = [row for row in self.query_one(RowList).rows if isinstance(row, ItemRow)]
        here = self._item()
        at = rows.index(here) if here in rows else -1
        order = [*rows[at + 1 :], *rows[: max(at, 0)]][::by]
        undecided = (
            row.item.key
            for row in order
            if row.item.key not in self._choices and not row.item.is_minor
        )
        return next(undecided, None)

    def action_undecided(self, by: int) -> None:
        """Go to the next item for which nothing is chosen, or with -1 to the one before."""
        key = self._find_undecided(by)
        if key is None or not self.query_one(RowList).select(key):
            self.post_message(ShowNotice("nothing else is undecided", bad=False))

    def action_show_result(self) -> None:
        """Show the file as it will be, or the items again."""
        self._shows_result = not self._shows_result
        self.redraw()

    def action_show_same(self) -> None:
        """Show or fold the lines that both versions have."""
        self._folded = not self._folded
        self.redraw()

    def action_write_result(self) -> None:
        """Write the result, if something is chosen for each item."""
        if self._found is None or self._sides is None:
            self.post_message(ShowNotice("there is no result to write"))
            return
        left = len(self._found.undecided(self._choices))
        if left:
            self.post_message(ShowNotice(f"{pluralize(left, 'item')} undecided: nothing written"))
            return
        self.post_message(ResolveConflict(self._sides, self._found.result(self._choices)))
