"""The two versions of a file in conflict, what is chosen of them, and the result."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from tldash.merging.compare import Choice, Comparison, ItemKey
from tldash.model.dates import pluralize
from tldash.model.sides import Sides
from tldash.tui.keys import commands
from tldash.tui.screens.conflict_rows import (
    ItemRow,
    ReasonRow,
    describe_sides,
    draw_items,
    draw_result,
)
from tldash.tui.screens.messages import LoadText, ResolveConflict, ShowNotice
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
_BESIDE: Final = 3
"""Cells of a list beside its rows: the bar of the cursor, and the scroll bar."""


class ConflictPane(Vertical):
    """The items of a conflict, with a choice for each."""

    class Turned(Message):
        """The result is shown, or the items again."""

    class Written(Message):
        """The last conflict of the file is resolved."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    DEFAULT_CSS = """
    ConflictPane {
        #title { height: auto; padding: 1 2 0 2; }
        #sides { height: auto; padding: 0 1 0 2; border-bottom: solid $panel; }
        RowList { padding: 1 0 0 0; }
    }
    .-short ConflictPane {
        #title { padding: 0 2; }
        RowList { padding: 0; }
    }
    """

    def __init__(self, path: str) -> None:
        """`path` is that of the file or of its copy; empty to show none yet."""
        super().__init__()
        self.compares = path
        self._state: State | None = None
        self._sides: Sides | None = None
        self._found: Comparison | None = None
        self._error = ""
        self._choices: dict[ItemKey, Choice] = {}
        self._folded = True
        self.shows_result = False

    def compose(self) -> ComposeResult:
        yield TextLine(id="title")
        yield TextLine(id="sides")
        yield RowList(id="items", reading=True)

    @property
    def spot(self) -> tuple[str, int] | None:
        """Where the editor opens."""
        path = self._sides.path if self._sides is not None else self.compares
        return (path, 1) if path else None

    def open(self, path: str) -> None:
        """Show the conflict of another file; of none if the path is empty."""
        self.compares = path
        self._sides = self._found = None
        self._choices = {}
        self._error = ""
        self.shows_result = False
        if path:
            self.app.post_message(LoadText())  # this widget may not be mounted yet

    def show_conflict(self, sides: Sides | None, found: Comparison | None, error: str) -> None:
        """Show the versions as they are now. What was chosen stays where its item does."""
        if sides == self._sides and error == self._error:
            return
        self._sides, self._found, self._error = sides, found, error
        known = {item.key for item in found.items} if found is not None else set[ItemKey]()
        self._choices = {key: one for key, one in self._choices.items() if key in known}
        self._redraw()

    def end_writing(self, what: str) -> None:
        """Show the next copy of the file, or tell the screen that there is none."""
        if self._sides is not None and self._sides.others:
            self.open(self._sides.path)
        else:
            self.post_message(self.Written(what))

    # Drawing

    def draw(self, state: State) -> None:
        """Draw the conflict."""
        self._state = state
        self._redraw()

    def _redraw(self, select: ItemKey = None) -> None:
        if self._state is None or not self.compares:
            return
        sides, width = self._sides, self.app.size.width - _BESIDE
        self.query_one("#title", TextLine).show(self._describe(self._state), layout=True)
        about = describe_sides(sides, width) if sides is not None else Content("")
        self.query_one("#sides", TextLine).show(about, layout=True)
        rows = self.query_one(RowList)
        rows.show(reuse_rows(self._rows(self._state), rows.rows), select=select)

    def _describe(self, state: State) -> Content:
        sides, found = self._sides, self._found
        path = sides.path if sides is not None else self.compares
        parts = [Content.assemble(("CONFLICT  ", HEAD), words(path, STRONG))]
        if sides is None or found is None:
            return parts[0]
        left = len(found.undecided(self._choices))
        total = sum(not item.is_minor for item in found.items)
        decided = "everything decided" if total else "no text differs"
        if state.allowed.can_edit:
            decided += f", {state.key_of(commands.WRITE_RESULT)} writes"
        parts.append(words(f"{left} of {total} undecided", LATE) if left else words(decided, DONE))
        if sides.others:
            parts.append(words(f"{pluralize(sides.others, 'more copy', 'more copies')}", MUTED))
        if self.shows_result:
            parts.append(words("the result", STRONG))
        return bullets(parts)

    def _rows(self, state: State) -> list[Row]:
        if self._error:
            back = f"{state.key_of(commands.BACK)} goes back"
            return [ReasonRow(self._error), Line(words(back, MUTED))]
        if self._found is None:
            return [Line(words("comparing…", MUTED))]
        if self.shows_result:
            return draw_result(self._found, self._choices)
        return draw_items(self._found, self._choices, folded=self._folded)

    # Choosing

    def _item(self) -> ItemRow | None:
        row = self.query_one(RowList).selected
        if isinstance(row, ItemRow):
            return row
        self.post_message(ShowNotice("select an item first"))
        return None

    def action_take(self, name: str) -> None:
        """Choose a version of the selected item, and go to the next undecided one."""
        row, choice = self._item(), Choice(name)
        if row is None:
            return
        if choice is Choice.BOTH and not row.item.can_be_both:
            self.post_message(ShowNotice("only one of these can stay: choose ours or theirs"))
            return
        self._choices[row.item.key] = choice
        self._redraw(self._find_undecided(1))

    def action_take_next(self) -> None:
        """Choose the next version of the selected item, or nothing again."""
        row = self._item()
        if row is None:
            return
        now = self._choices.pop(row.item.key, Choice.OURS if row.item.is_minor else None)
        choice = _NEXT[now]
        if choice is Choice.BOTH and not row.item.can_be_both:
            choice = None
        if choice is not None:
            self._choices[row.item.key] = choice
        self._redraw()

    def action_take_all(self, name: str) -> None:
        """Choose one version of all items."""
        if self._found is not None:
            self._choices |= self._found.choose_all(Choice(name))
            self._redraw()

    def _find_undecided(self, by: int) -> ItemKey:
        """Return the key of the next undecided item, round the end; None if there is none."""
        shown = self.query_one(RowList)
        rows = [row for row in shown.rows if isinstance(row, ItemRow)]
        at = next((at for at, row in enumerate(rows) if row is shown.selected), -1)
        order = [*rows[at + 1 :], *rows[: max(at, 0)]][::by]
        left = {item.key for item in self._found.undecided(self._choices)} if self._found else ()
        return next((row.item.key for row in order if row.item.key in left), None)

    def action_undecided(self, by: int) -> None:
        """Go to the next item for which nothing is chosen, or with -1 to the one before."""
        key = self._find_undecided(by)
        if key is None or not self.query_one(RowList).select(key):
            self.post_message(ShowNotice("nothing else is undecided", bad=False))

    def action_show_result(self) -> None:
        """Show the file as it will be, or the items again."""
        self.shows_result = not self.shows_result
        self._redraw()
        self.post_message(self.Turned())

    def action_show_same(self) -> None:
        """Show or fold the lines that both versions have."""
        self._folded = not self._folded
        self._redraw()

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
