"""Find words on a screen: the line to type them in, and the keys that go from place to place.

The words are highlighted in every list of the screen. While they are, `n` and `N` go to the next
place and the one before, whatever else they do on that screen, and Escape ends it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar, Final, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from tldash.model.word_search import Phrase
from tldash.tui.keys.commands import BACK, Command
from tldash.tui.screens.messages import OpenPalette, WordsChanged
from tldash.tui.style.text import ACCENT, LATE, MUTED, words
from tldash.tui.widgets.row_list import Row, RowList
from tldash.tui.widgets.text_input import TextInput

STEPS: Final = {"n": 1, "N": -1}
"""The keys that go to another place, and by how many."""
MOST: Final = 10_000
"""Places that are counted."""


class Place(NamedTuple):
    """A place with the words."""

    rows: RowList
    at: int
    """Index of its row."""
    row: Row
    nth: int
    """Its number in the row."""
    line: int
    """The line of the row on which it begins."""


class _Spot(NamedTuple):
    """Where the viewer was in a list before typing."""

    cursor: int
    """Index of the selected row."""
    key: Hashable
    """Key of that row."""
    top: int
    """The first line on screen."""
    line: int
    """The line from which to find: that of the selected row, if it was on screen."""


def _spot_in(rows: RowList) -> _Spot:
    top = rows.scroll_offset.y
    at = rows.top_of(rows.cursor) if rows.selected is not None else top
    is_seen = top <= at < top + rows.size.height
    key = rows.selected.key if rows.selected is not None else None
    return _Spot(rows.cursor, key, top, at if is_seen else top)


def _return_to(spot: _Spot, rows: RowList) -> None:
    """Select the row of a spot again, and scroll as it was."""
    same = rows.rows[spot.cursor : spot.cursor + 1] if spot.cursor >= 0 else ()
    if same and same[0].key == spot.key:
        rows.cursor = spot.cursor
    else:
        rows.select(spot.key)
    rows.scroll_to(y=spot.top, animate=False, immediate=True, force=True)


class FindInput(TextInput):
    """The words. Enter goes to the place found, and Escape back to where the viewer was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False),
    ]

    def action_cancel(self) -> None:
        """Find nothing."""
        if isinstance(self.parent, FindBar):
            self.parent.cancel()


class FindBar(Horizontal):
    """The line below the lists of a screen. It is hidden while nothing is to be found."""

    DEFAULT_CSS = """
    FindBar {
        height: 1; padding: 0 2; background: $surface; display: none;
        &.-shown { display: block; }
        & > Static { width: auto; }
        & > Input { width: 1fr; height: 1; border: none; padding: 0; background: $surface; }
        & > Input:focus { border: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._phrase = Phrase("")
        self._places: list[Place] = []
        self._at = -1
        """Index of the place that is highlighted most."""
        self._spots: dict[RowList, _Spot] = {}
        """Where the viewer was, in each list to search; empty unless the words are being typed."""
        self._focused: Widget | None = None
        """What had the focus then."""
        self._was_given = False
        """Whether the words were typed on another screen, so that Escape goes back there."""

    @property
    def is_active(self) -> bool:
        """Whether words are highlighted."""
        return self.has_class("-shown")

    async def action_find(self) -> None:
        """Ask for the words."""
        if not self.is_attached:
            return
        self._was_given = False
        await self._open()
        self._look_around()
        line = self.query_one(FindInput)
        line.select_all()
        line.focus()
        self._phrase = Phrase(line.value)
        self._search()
        self._show()
        self.post_message(WordsChanged())

    def action_headings(self) -> None:
        """List the headings of the text on the screen."""
        self.post_message(OpenPalette("headings"))

    async def _open(self, text: str = "") -> None:
        """Show the line; with the words of the last time if there are no others."""
        if not self.children:
            sign = Static(words("/", f"bold {ACCENT}"), markup=False)
            await self.mount(sign, FindInput(), Static(markup=False))
            self.query_one(FindInput).keeps_keys = True
        if text:
            self.query_one(FindInput).value = text
        self.add_class("-shown")

    def press(self, key: str) -> bool:
        """Go to another place if that is what a key does now; False if it is for the screen."""
        if key not in STEPS or not self.is_active:
            return False
        self._go(STEPS[key])
        return True

    def relabel(self, keys: Sequence[tuple[Command, str]]) -> tuple[tuple[Command, str], ...]:
        """Return the commands of the key bar whose keys do the same as ever while words are shown.

        The key that goes back ends it.
        """
        return tuple(
            (command, "end find" if command is BACK and not self._was_given else label)
            for command, label in keys
            if command.keys not in STEPS
        )

    def follow(self) -> None:
        """Find the words in the rows that the lists show now."""
        if not self.is_active:
            return
        before = self._places[self._at] if self._places else None
        key = (before.row.key, before.nth) if before is not None else None
        self._search()
        same = [at for at, place in enumerate(self._places) if (place.row.key, place.nth) == key]
        near = min(same, key=lambda at: abs(at - self._at), default=self._at)
        self._at = max(min(near, len(self._places) - 1), 0)
        self._show()

    async def begin(
        self, text: str, start: tuple[RowList, int] | None = None, *, given: bool = False
    ) -> None:
        """Highlight words that the viewer has typed elsewhere; the longest if they are apart.

        Args:
            text: The words.
            start: The list and the index of the row from which to find them; None for what is on
                screen.
            given: Whether they were typed on another screen, to which Escape goes back.
        """
        if not self.is_attached:
            return  # the screen was closed meanwhile
        self._was_given = given
        await self._open(text)
        self._look_around()
        if start is not None:
            rows, at = start
            self._spots[rows] = self._spots.get(rows, _spot_in(rows))._replace(line=rows.top_of(at))
            self._focused = rows
        for phrase in (text, *sorted(text.split(), key=len, reverse=True)):
            self._phrase = Phrase(phrase)
            self._search()
            if self._places:
                self.query_one(FindInput).value = phrase
                break
        self._at = self._find_first()
        self._spots = {}
        if not self._places:
            self.clear()
        else:
            self._show()
            self.post_message(WordsChanged())

    def step_back(self) -> bool:
        """End it; False if nothing was highlighted, or what was found on another screen."""
        return not self._was_given and self.clear()

    def clear(self) -> bool:
        """Highlight nothing any more; False if nothing was."""
        self._was_given = False
        if not self.is_active:
            return False
        self._phrase, self._places, self._at = Phrase(""), [], -1
        self._spots = {}
        self.remove_class("-shown")
        for rows in self.screen.query(RowList):
            rows.highlight(None)
        self.post_message(WordsChanged())
        return True

    def cancel(self) -> None:
        """Go back to where the viewer was before typing."""
        focused = self._focused
        self._return()
        self.clear()
        if focused is not None and focused.is_attached:
            focused.focus()

    def _return(self) -> None:
        for rows, spot in self._spots.items():
            _return_to(spot, rows)

    @on(Input.Changed)
    def _type(self, message: Input.Changed) -> None:
        """Go to the first place from where the viewer was."""
        message.stop()
        if not self._spots:
            return  # `begin` has set the words
        self._phrase = Phrase(message.value)
        self._search()
        self._at = self._find_first()
        self._show()
        if self._places:
            self._reveal()
        else:
            self._return()

    @on(Input.Submitted)
    def _keep(self, message: Input.Submitted) -> None:
        """Go to the place; end if there are no words."""
        message.stop()
        if not self._phrase:
            self.cancel()
            return
        self._spots = {}
        back = self._places[self._at].rows if self._places else self._focused
        if back is not None:
            back.focus()
        self._show()

    def on_descendant_blur(self) -> None:
        """Keep the words if another widget takes the focus."""
        focused = self.screen.focused
        if focused is not None and self not in focused.ancestors:
            self._spots = {}
            self._show()

    def _look_around(self) -> None:
        """Remember where the viewer is."""
        self._focused = self.screen.focused
        self._spots = {rows: _spot_in(rows) for rows in self._lists()}

    def _lists(self) -> list[RowList]:
        """Return the lists on screen."""
        return [rows for rows in self.screen.query(RowList) if rows.size and rows.visible]

    def _search(self) -> None:
        """Find all places, up to `MOST`."""
        self._places = []
        for rows in self._spots or self._lists():
            nth, last = 0, -1
            for index, (first, *_) in rows.find(self._phrase):
                nth, last = (nth + 1 if index == last else 0), index
                self._places.append(Place(rows, index, rows.rows[index], nth, first.line))
                if len(self._places) == MOST:
                    return

    def _find_first(self) -> int:
        """Return the index of the first place from where the viewer was; -1 if there is none."""
        lists = [*self._spots]
        focused = lists.index(self._focused) if self._focused in lists else 0
        for at, place in enumerate(self._places):
            number, line = lists.index(place.rows), place.rows.top_of(place.at) + place.line
            if number > focused or (number == focused and line >= self._spots[place.rows].line):
                return at
        return 0 if self._places else -1

    def _go(self, by: int) -> None:
        """Go on by some places, round and round."""
        if self._places:
            self._at = (self._at + by) % len(self._places)
            self._show()
            self._reveal()
            self._places[self._at].rows.focus()

    def _reveal(self) -> None:
        place = self._places[self._at]
        place.rows.reveal(place.at, place.line)

    def _show(self) -> None:
        """Highlight the places, and show how many there are."""
        here = self._places[self._at] if self._places else None
        for rows in self.screen.query(RowList):
            is_here = here is not None and here.rows is rows
            rows.highlight(self._phrase, (here.row, here.nth) if here and is_here else None)
        if statics := self.query(Static):  # none while the screen is closed
            statics.last(Static).update(self._describe())

    def _describe(self) -> Content:
        """Return the number of places, and the keys."""
        if not self._phrase:
            return words("words to find", MUTED)
        if not self._places:
            return words("not found", LATE)
        most = "at least " * (len(self._places) == MOST)
        count = words(f"{self._at + 1} of {most}{len(self._places):,}")
        keys = "enter goes there · esc goes back" if self._spots else "n next · N before"
        keys += "" if self._spots or self._was_given else " · esc ends"
        return Content.assemble(count, "  ", words(keys, MUTED))
