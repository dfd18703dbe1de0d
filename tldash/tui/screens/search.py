"""Search everything: leads, sessions and commands by name, and the text of all files."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from tldash.model.places import FoundPlace
from tldash.model.records import is_private
from tldash.tui.keys import commands
from tldash.tui.keys.commands import EVERYWHERE, Command
from tldash.tui.screens.messages import ClosePage, OpenPage, RunCommand, SearchPlaces
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.screens.search_names import Name
from tldash.tui.screens.search_pane import SearchInput, SearchPane
from tldash.tui.state import State
from tldash.tui.widgets.bars import labelled


class SearchPage(Page):
    """The box that searches. Enter opens a result.

    It closes for a name, and stays below the text of a place, to go on to the next one.
    """

    NAME = "search"
    OWN: ClassVar[tuple[Command, ...]] = (
        commands.OPEN,
        commands.EDIT,
        commands.SEARCH_WORDS,
        commands.PANE,
    )
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    AUTO_FOCUS = "SearchInput"
    PANES: ClassVar[str] = "SearchInput, RowList"
    DEFAULT_CSS = """
    SearchPage {
        &.-wide SearchPane.-places #around { display: block; }
        &.-huge SearchPane.-places #around { display: block; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.search: SearchPane = SearchPane(self._list_commands)
        self.area = self.search

    def compose_body(self) -> ComposeResult:
        yield self.search

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name, "Search")

    def draw(self, state: State) -> None:
        self.search.draw(state)

    def keys(self, state: State) -> tuple[tuple[Command, str], ...]:
        """Return only keys that do something while words are typed."""
        if not isinstance(self.focused, SearchInput):
            return super().keys(state)
        typing = map(state.keymap.of, (commands.OPEN, commands.PANE, commands.BACK))
        return labelled(tuple(typing), next_pane="to the results")

    def on_descendant_focus(self) -> None:
        """Show the keys of the line, or those of the results."""
        self.draw_bars()

    def on_unmount(self) -> None:
        """Stop searching, and free what it needs. A closed screen passes no messages on."""
        self.app.post_message(SearchPlaces(0, None))

    def _list_commands(self) -> tuple[Command, ...]:
        """Return the commands of the screen below, and of every screen."""
        stack = self.app.screen_stack
        at = stack.index(self) - 1 if self in stack else -1
        page = stack[at] if at >= 0 else None
        return (*(page.OWN if isinstance(page, Page) else ()), *EVERYWHERE)

    def on_row_list_opened(self) -> None:
        """Open the selected result: a screen or a command."""
        match self.search.selected:
            case Name(command=command) if command is not None:
                self.post_message(RunCommand(self, command))
            case Name(page=page):
                # Both in the queue of the app, since a closed screen passes no messages on.
                self.app.post_message(ClosePage())
                self.app.post_message(OpenPage(*page))
            case FoundPlace() as found if self.state is not None:
                self.post_message(OpenPage(*_find_page(found, self.state), self.search.phrase))


def _find_page(found: FoundPlace, state: State) -> tuple[str, ...]:
    """Return the name and the arguments of the screen that shows a place."""
    place = found.place
    lead = state.lead(place.lead)
    if lead is not None and any(session.path == place.path for session in lead.sessions):
        return ("session", lead.id, place.path, str(place.line))
    is_note = lead is not None and (
        is_private(place.path) or place.path in (lead.about, *lead.notes)
    )
    return ("notes", lead.id if is_note and lead else "", place.path, str(place.line))
