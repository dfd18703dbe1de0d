"""The base of every screen: title bar, body and key bar, drawn from the state."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.dom import DOMNode
from textual.geometry import Size
from textual.reactive import var
from textual.screen import Screen
from textual.widget import Widget

from tldash.model.item_keys import task_key
from tldash.model.records import Task, is_private
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens import frame
from tldash.tui.screens.messages import FindDueDates, FindReaders, OpenEditor, WordsChanged
from tldash.tui.screens.task_area import TaskArea
from tldash.tui.state import State
from tldash.tui.widgets.bars import KeyBar, TitleBar, TooSmall
from tldash.tui.widgets.row_list import Row, RowList

if TYPE_CHECKING:
    from tldash.insight.conversation import SessionClock
    from tldash.merging.compare import Comparison
    from tldash.model.places import PlacesFound
    from tldash.model.sides import Sides
    from tldash.tui.screens.find_bar import FindBar


class Page(Screen[None], inherit_bindings=False):
    """A screen of the dashboard. It draws `state` and posts messages for everything else."""

    NAME: ClassVar[str]
    """The name in messages and in the help."""
    OWN: ClassVar[tuple[Command, ...]] = ()
    """The commands of this screen, besides those of every screen."""
    CALM: ClassVar[bool] = False
    """Whether the title bar leaves out when the files were last checked, while that works."""
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it without ClassVar
        (0, "-narrow"),
        (100, "-wide"),
        (160, "-huge"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "RowList"
    PANES: ClassVar[str] = "RowList"
    """Selects the panes that can have the focus."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,super+c", "screen.copy_text", "Copy", show=False)
    ]
    DEFAULT_CSS = """
    Page { layers: base above; overflow: hidden; }
    Page Static { width: 1fr; }
    """

    state: var[State | None] = var(None, init=False)
    timer: Callable[[], float] = time.monotonic
    """The clock of a session; seconds from any start."""
    tasks: TaskArea | None = None
    """The container of the body, on screens with task items."""
    find_bar: FindBar | None = None
    """The line to find words, on screens that have no filter."""
    area: DOMNode | None = None
    """A further part of the body that has actions, also while nothing has the focus."""
    also_reads: str | None = None
    """The path of a second file whose text the screen shows, if any."""
    shows_slipping: bool = False
    """Whether the screen shows slipping actions, which the history of git tells."""
    concerns: tuple[str, ...] = ()
    """The files or folders of which the screen shows who can read them."""
    private: PrivateTexts | None = None
    """The private files below the text, on the screen of a session."""
    search: SearchView | None = None
    """The search, on the screen of that."""
    conflict: ConflictView | None = None
    """The file in conflict, on the screen of that."""
    conversation: ConversationView | None = None
    """The session under way, on the screen of session mode."""
    _is_composed: bool = False
    """Whether all widgets are there. The inner ones come later than those that hold them."""
    _drawn: State | None = None
    _drawn_classes: frozenset[str] = frozenset()
    """Its classes when it was drawn, those of the breakpoints among them."""

    def compose(self) -> ComposeResult:
        yield TitleBar()
        if self.tasks is None:
            yield from self.compose_body()
        else:
            with self.tasks:
                yield from self.compose_body()
        if any(command in commands.FINDING for command in self.OWN):
            from tldash.tui.screens.find_bar import FindBar  # 1 ms, and not on the first screen

            self.find_bar = FindBar()
            yield self.find_bar
        yield KeyBar()
        yield TooSmall()

    def compose_body(self) -> ComposeResult:
        """Yield the widgets between the two bars."""
        raise NotImplementedError

    def draw(self, state: State) -> None:
        """Draw the body."""
        raise NotImplementedError

    def place(self, state: State) -> tuple[str, ...]:
        """Return the path of names from the first screen to this one."""
        raise NotImplementedError

    # Drawing

    def fit(self, size: Size) -> None:
        """Set the classes of the breakpoints before the first frame, as Textual does after it."""
        for points, extent in (
            (self.HORIZONTAL_BREAKPOINTS, size.width),
            (self.VERTICAL_BREAKPOINTS, size.height),
        ):
            fitting = max((least for least, _ in points or () if least <= extent), default=0)
            for least, name in points or ():
                self.set_class(least == fitting, name)

    def on_mount(self) -> None:
        """Draw the state."""
        self._is_composed = True
        self.query_one(TooSmall).cover(self.app.size)
        self._catch_up()
        if self.shows_slipping:
            self.post_message(FindDueDates())

    def on_resize(self, event: events.Resize) -> None:
        """Cover a screen that is too small, and draw what another breakpoint shows or hides."""
        if not is_on_stack(self):
            return
        self.query_one(TooSmall).cover(event.size)
        self.fit(event.size)
        if self._drawn is not None and self.classes != self._drawn_classes:
            self.redraw()

    def on_screen_resume(self) -> None:
        """Draw the changes since another screen came in front."""
        self._catch_up()

    def update_age(self, state: State) -> None:
        """Take a state that differs only in the age of the data, and draw the title bar alone."""
        if self._drawn is self.state and self._is_seen():
            self.set_reactive(Page.state, state)
            self._drawn = state
            _draw_title(self, state)
        else:
            self.state = state

    def watch_state(self) -> None:
        """Draw a new state, unless another page covers this one."""
        if self.is_mounted and self._is_seen():
            self._catch_up()

    def _is_seen(self) -> bool:
        """Return whether no other page is in front. For Textual, the one below is visible too."""
        pages = [screen for screen in self.app.screen_stack if isinstance(screen, Page)]
        return pages[-1:] == [self]

    def _catch_up(self) -> None:
        if self.state is not self._drawn:
            self.redraw()

    def redraw(self) -> None:
        """Draw everything."""
        state = self.state
        if state is None or not is_on_stack(self) or not self._is_composed:
            return  # a text can arrive before the widgets that show it
        self._drawn = state
        self.query_one(TitleBar).place = self.place(state)
        if self.tasks is not None:
            self.tasks.update_state(state)
        self.draw(state)
        if self.tasks is not None:
            self.tasks.show_marks()
        if self.find_bar is not None:
            self.find_bar.follow()
        self.draw_bars()
        self._drawn_classes = self.classes
        if not dict(state.readers).keys() >= {*self.concerns}:
            self.post_message(FindReaders())

    @on(TaskArea.MarksChanged)
    @on(WordsChanged)
    def draw_bars(self) -> None:
        """Draw the status of the title bar, and the key bar."""
        if self.state is not None and is_on_stack(self):
            _draw_title(self, self.state)
            keys, find = self.keys(self.state), self.find_bar
            if find is not None and find.is_active:
                keys = find.relabel(keys)
            self.query_one(KeyBar).commands = keys

    def keys(self, state: State) -> tuple[tuple[Command, str], ...]:
        """Return the commands of the key bar with their labels."""
        if self.tasks is not None and (marked := self.tasks.marked_keys(state)):
            return marked
        last = commands.BACK if len(self.app.screen_stack) > 1 else commands.QUIT
        return frame.key_bar(state, self.NAME, self.offered(state), last)

    def offered(self, state: State) -> tuple[Command, ...]:
        """Return the commands of this screen for the key bar, the most useful first."""
        del state
        return tuple(command for command in self.OWN if command.footer)

    def status(self, state: State) -> Content:
        """Return the right end of the title bar."""
        return frame.workspace_status(state, self.tasks, narrow=self.has_class("-narrow"))

    # Commands

    def action_targets(self, action: str) -> list[DOMNode]:
        """Return the parts of this screen that have an action, from the focused widget outwards."""
        parts: Iterable[DOMNode | None] = (
            *self.query("SessionArea"), self.area, self.tasks, self.find_bar, self,
        )  # fmt: skip
        if self.focused is not None:
            parts = (*self.focused.ancestors_with_self, self.find_bar)
        return [part for part in parts if part is not None and hasattr(part, f"action_{action}")]

    async def carry_out(self, command: Command) -> None:
        """Run a command, as its key does."""
        name = command.action.partition("(")[0]
        await self.app.run_action(command.action, self if self.action_targets(name) else self.app)

    def step_back(self) -> bool:
        """Undo a step within the screen; False if there is none and going back leaves it."""
        return self.tasks is not None and (self.tasks.cancel_prompt() or self.tasks.unmark())

    def to_copy(self) -> str:
        """Return the lines of the chosen items, else the text of the selected row.

        Nothing that only the viewer can read is copied.
        """
        if self.tasks is not None and (lines := self.tasks.to_copy()):
            return lines
        row, rows = self.selected(), self.list_in_focus()
        if row is None or rows is None or shows_private(self):
            return ""
        shown = (line.plain.rstrip() for line in row.lines(rows.content_size.width))
        return "\n".join(shown).strip()

    def action_open_selected(self) -> None:
        """Open the selected row."""
        rows = self.list_in_focus()
        if rows is not None:
            rows.action_open()

    def action_edit(self) -> None:
        """Open the editor at the line of the selected row."""
        spot = getattr(self.selected(), "spot", None) or self.default_spot()
        if spot is not None:
            self.post_message(OpenEditor(*spot))

    def default_spot(self) -> tuple[str, int] | None:
        """Return path and line for the editor if the selected row has none."""
        return None

    def action_move_pane(self, by: int) -> None:
        """Focus the next pane, or with -1 the one before."""
        if by > 0:
            self.focus_next(self.PANES)
        else:
            self.focus_previous(self.PANES)

    # The focused list

    def focus_list(self) -> None:
        """Focus a list, once a browser page is looked at; it has no focus before."""
        if self.is_current and self.focused is None:
            self.set_focus(next((rows for rows in self.query(RowList) if rows.focusable), None))

    def list_in_focus(self) -> RowList | None:
        """Return the focused list."""
        focused: Widget | None = self.focused
        return focused if isinstance(focused, RowList) else None

    def selected(self) -> Row | None:
        """Return the selected row of the focused list."""
        rows = self.list_in_focus()
        return rows.selected if rows is not None else None

    def select_task(self, task: Task) -> bool:
        """Select an item that was just added, and focus its list; False if no list shows it."""
        found = [rows for rows in self.query(RowList) if rows.select(task_key(task))]
        for rows in found[:1]:
            rows.focus()
        return bool(found)

    def keep(self, task: Task) -> None:
        """Leave an item in its place although it is being closed, until the pane is left."""

    # The file that the screen shows

    @property
    def reads(self) -> str | None:
        """The path of the file whose text the screen shows, if any."""
        return None

    def show_text(self, text: str | None, error: str) -> None:
        """Show the text of that file, or why it could not be read."""

    def show_other_text(self, text: str | None) -> None:
        """Show the text of the second file; None if it could not be read."""


class PrivateTexts(Protocol):
    """The part of a screen that shows private files beside a shared one."""

    reads: tuple[str, ...]
    """The paths of the files."""

    def take_text(self, path: str, text: str | None) -> bool:
        """Take the text of a file; True if there is something new to draw."""


class SearchView(Protocol):
    """The part of a screen that shows found places."""

    @property
    def is_searching(self) -> bool:
        """Whether results are on their way."""

    def search_again(self) -> None:
        """Search once more, since files have changed."""

    def show_places(self, found: PlacesFound) -> None:
        """Show the places of a search, if it is the latest."""


class ConflictView(Protocol):
    """The part of a screen that shows the two versions of a file."""

    @property
    def compares(self) -> str:
        """The path of the file or of its copy; empty if none is shown."""

    def show_conflict(self, sides: Sides | None, found: Comparison | None, error: str) -> None:
        """Show the versions, or why they cannot be compared."""

    def end_writing(self, what: str) -> None:
        """Go on after the result was written, which `what` describes."""


class ConversationView(Protocol):
    """The part of a screen that shows a session under way."""

    def may_close(self) -> bool:
        """Return whether the screen can be closed now. One that cannot shows what is left."""

    def show_writing(self, trouble: str, *, busy: bool) -> None:
        """Show whether the line being typed is in its file."""

    def show_conversation(self, clock: SessionClock | None, typed: str) -> None:
        """Go on with a session that was begun before; None if it was not begun on this machine."""


def _draw_title(page: Page, state: State) -> None:
    bar = page.query_one(TitleBar)
    narrow = page.CALM or page.has_class("-narrow")
    bar.status, bar.age = page.status(state), frame.describe_age(state, narrow=narrow)


def shows_private(page: Page) -> bool:
    """Return whether the selected row is one that only the viewer can read."""
    path = (getattr(page.selected(), "spot", None) or (None,))[0]
    return is_private(path or page.reads or "")


def is_on_stack(page: Page) -> bool:
    """Return whether a page is on the stack of screens of a running app.

    A closed page, and each page of an app that ends, still gets messages, such as its first size,
    while its widgets are removed one by one.
    """
    return page.app.is_running and page in page.app.screen_stack


def own_bindings(own: tuple[Command, ...]) -> list[BindingType]:
    """Return the bindings of a screen's commands."""
    return [command.binding for command in own]
