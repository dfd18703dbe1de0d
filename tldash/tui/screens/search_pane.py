"""The box that searches: a line to type in, the results, and the lines around the selected one.

The names are matched here, at each key. The text is searched on a thread (`Service.search`), which
sends its results one search after the other; those of an earlier one are dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count, groupby
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input

from tldash.insight.place_filter import PlaceFilter, parse_places
from tldash.model.dates import pluralize
from tldash.model.places import FoundPlace, PlacesFound
from tldash.model.records import Lead
from tldash.model.word_search import Phrase
from tldash.tui.keys.commands import Command
from tldash.tui.screens.messages import SearchPlaces
from tldash.tui.screens.search_names import Name, Names, find_commands
from tldash.tui.screens.search_rows import NameRow, PlaceRow, preview
from tldash.tui.state import State
from tldash.tui.style.text import LATE, MUTED, words
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.row_list import Line, Row, RowList, find_nearest
from tldash.tui.widgets.task_rows import Heading
from tldash.tui.widgets.text_input import TextInput
from tldash.tui.widgets.text_line import TextLine

HINTS: Final = (
    ("lead:ada  coach:mira", "of a lead, or a coach's leads"),
    ("needs  overdue  noplan  new  paused", "leads in that state, as in the overview"),
    ("in:notes  in:actions  in:goals  in:agenda", "only there"),
    ("is:open  is:done", "in that state"),
    ("skill:vision", "about a skill"),
    ("before:2026-10  after:2026-09-15", "before a day, or from it on"),
)
"""The filters, and what they keep."""
_NAMED_BY: Final = ("workspace", "since", "activity", "viewer")
"""The parts of the state that names and flags follow from."""
_numbers = count(1)


class SearchInput(TextInput):
    """The words. The keys that move go up and down in the results."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("pagedown", "leap(1)", "Page down", show=False),
        Binding("pageup", "leap(-1)", "Page up", show=False),
        Binding("tab", "leave", "To the results", show=False),
        Binding("escape", "app.go_back", "Back", show=False),
    ]

    def __init__(self, results: RowList) -> None:
        """`results` are those that the keys move in."""
        super().__init__(placeholder="leads, sessions, actions, notes, commands")
        self.keeps_keys = True
        self._results = results

    def action_move(self, by: int) -> None:
        """Select the next result."""
        self._results.action_move(by)

    def action_leap(self, by: int) -> None:
        """Go on by a page of results."""
        self._results.action_leap(by)

    def action_leave(self) -> None:
        """Leave the line for the results, where letters are commands."""
        self._results.focus()


class SearchPane(Vertical):
    """Finds names and places, and draws them."""

    DEFAULT_CSS = """
    SearchPane {
        SearchInput { height: 1; border: none; margin: 1 2 0 2; padding: 0; }
        SearchInput, SearchInput:focus { border: none; background: $surface; }
        #note { height: 2; padding: 0 2 1 2; }
        #found { width: 1fr; }
        #found > .rows--cursor { background: $primary 22%; }
        #around { width: 45%; height: 100%; padding: 0 1 0 2; display: none; }
        #around { border-left: solid $panel; }
    }
    """

    def __init__(self, offered: Callable[[], Sequence[Command]]) -> None:
        """`offered` returns the commands to search."""
        super().__init__()
        self._offered = offered
        self._state: State | None = None
        self._wanted = parse_places("")
        self._number = 0
        self._found: PlacesFound | None = None
        """The latest results. Those of the search before stay until there are others."""
        self._phrases: tuple[Phrase, ...] = ()
        """The words as they were typed, then each of them, the longest first."""
        self._names: tuple[State, Names] | None = None
        self._named: tuple[State, PlaceFilter, list[Row]] | None = None
        """The rows of the names that were found in a state."""

    def compose(self) -> ComposeResult:
        results = RowList(id="found")
        yield SearchInput(results)
        yield TextLine(id="note")
        with Horizontal():
            yield results
            yield Canvas(id="around")

    @property
    def selected(self) -> FoundPlace | Name | None:
        """The selected result."""
        row = self.query_one("#found", RowList).selected
        if isinstance(row, PlaceRow):
            return row.found
        return row.name if isinstance(row, NameRow) else None

    @property
    def phrase(self) -> str:
        """The words, folded, without the filters."""
        return self._wanted.phrase

    # Searching

    @property
    def is_searching(self) -> bool:
        """Whether the results of the words typed are on their way."""
        found = self._found
        is_there = found is not None and found.number == self._number and found.is_complete
        return bool(self._number) and not is_there

    @on(Input.Changed)
    def _type(self, message: Input.Changed) -> None:
        message.stop()
        self._wanted = parse_places(message.value)
        several = (self._wanted.phrase,) if len(self._wanted.query.words) > 1 else ()
        self._phrases = tuple(map(Phrase, (*several, *self._wanted.query.words)))
        self._search()
        self.query_one("#found", RowList).action_edge(-1)
        self._redraw()

    def on_mount(self) -> None:
        """Read the files while nothing is typed yet."""
        self.post_message(SearchPlaces(next(_numbers), self._wanted))

    def _search(self) -> None:
        number = next(_numbers)
        self._number = number if self._wanted.finds_anything else 0
        self.post_message(SearchPlaces(number, self._wanted))

    def show_places(self, found: PlacesFound) -> None:
        """Show the places of a search, if it is the latest."""
        if found.number == self._number:
            self._found = found
            self._redraw()

    def search_again(self) -> None:
        """Search files that have changed."""
        if self._number:
            self._search()

    # Drawing

    def _redraw(self) -> None:
        if self._state is not None:
            self.draw(self._state)

    def draw(self, state: State) -> None:
        """Draw what is found in a state."""
        self._state = state
        places = self._found.places if self._found is not None and self._number else ()
        self.set_class(bool(places), "-places")
        self.query_one("#note", TextLine).show(self._note())
        rows = list(self._find_names(state))
        rows += self._list_places(places, state, is_first=not rows)
        if not self._number:
            rows = _hints(self._names_of(state).leads)
        results = self.query_one("#found", RowList)
        is_first = results.cursor <= find_nearest(results.rows, 0)
        results.show(rows)
        if is_first:
            results.action_edge(-1)
        self._draw_around()

    def _note(self) -> Content:
        """Return what is found, or what is wrong with a filter."""
        if self._wanted.warning:
            return words(self._wanted.warning, LATE)
        if not self._number:
            return words("type words; ↓ ↑ choose, enter opens", MUTED)
        if self._found is None or self._found.number != self._number:
            return words("searching…", MUTED)
        places, files = len(self._found.places), self._found.files
        if not places:
            return words("no text has all of these" if self._found.is_complete else "…", MUTED)
        shown = pluralize(places, "place")
        more = f"the first {shown}" if files > len(_paths(self._found.places)) else shown
        return words(f"{more} in {pluralize(files, 'file')}", MUTED)

    def _names_of(self, state: State) -> Names:
        known = self._names[0] if self._names is not None else None
        if self._names is None or any(
            getattr(known, one) is not getattr(state, one) for one in _NAMED_BY
        ):
            self._names = state, Names(state)
        return self._names[1]

    def _find_names(self, state: State) -> list[Row]:
        """Return the rows of the names. Results of the text leave them as they are."""
        known = self._named
        if known is None or known[0] is not state or known[1] is not self._wanted:
            self._named = known = state, self._wanted, list(self._list_names(state))
        return known[2]

    def _list_names(self, state: State) -> Iterator[Row]:
        names = self._names_of(state)
        groups = (
            ("leads", "lead", names.find_leads(self._wanted)),
            ("sessions", "session", names.find_sessions(self._wanted)),
            ("commands", "command", find_commands(self._wanted, self._offered(), state)),
        )
        is_first = True
        for heading, kind, found in groups:
            if found:
                yield Heading(heading, first=is_first)
                yield from (NameRow(kind, name, self._phrases) for name in found)
                is_first = False

    def _list_places(
        self, found: Sequence[FoundPlace], state: State, *, is_first: bool
    ) -> Iterator[Row]:
        """Yield the places by lead; the lead with the best one comes first."""
        leads = [*dict.fromkeys(one.place.lead for one in found)]
        by_lead = sorted(found, key=lambda one: leads.index(one.place.lead))
        for lead_id, group in groupby(by_lead, key=lambda one: one.place.lead):
            places = list(group)
            lead = _find_lead(state, lead_id)
            name = state.workspace.display_name(lead) if lead is not None else "no lead"
            yield Heading(name, pluralize(len(places), "place"), first=is_first)
            yield from (PlaceRow(one, self._phrases, state.today) for one in places)
            is_first = False

    @on(RowList.Moved)
    def _draw_around(self) -> None:
        row = self.query_one("#found", RowList).selected
        found = row.found if isinstance(row, PlaceRow) else None
        phrases = self._phrases
        if found is None:
            self.query_one("#around", Canvas).paint(lambda width, height: Content(""), ())
            return
        self.query_one("#around", Canvas).paint(
            lambda width, height: preview(found, phrases, width, height), (found, phrases)
        )

    def action_search_words(self) -> None:
        """Go back to the line."""
        line = self.query_one(SearchInput)
        line.select_all()
        line.focus()

    @on(Input.Submitted)
    def _open_from_line(self, message: Input.Submitted) -> None:
        message.stop()
        results = self.query_one("#found", RowList)
        results.focus()  # so that letters are commands for whoever comes back
        results.call_later(results.action_open)  # Textual stops a message at the one who posts it


def _find_lead(state: State, lead_id: str) -> Lead | None:
    rest = (lead for lead in state.workspace.unlisted if lead.id == lead_id)
    return state.lead(lead_id) or next(rest, None)


def _paths(places: Sequence[FoundPlace]) -> set[str]:
    return {found.place.path for found in places}


def _hints(leads: Sequence[Name]) -> list[Row]:
    """Return the rows before anything is typed: the leads, and the filters."""
    rows: list[Row] = [Heading("leads", first=True)] if leads else []
    rows.extend(NameRow("lead", name, ()) for name in leads)
    rows.append(Heading("filters", "beside words, or alone", first=not rows))
    for filters, meaning in HINTS:
        rows.append(Line(Content.assemble(words(filters.ljust(42)), words(meaning, MUTED))))
    return rows
