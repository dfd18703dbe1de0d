"""Decide what keys, clicks and pastes wait for besides the widgets; see `input_queue`."""

from __future__ import annotations

from typing import Final

from textual import events
from textual.app import App
from textual.events import Paste
from textual.geometry import Offset
from textual.widgets import Input

from tldash.model.dates import pluralize
from tldash.tui.app.day import DayController
from tldash.tui.app.edits import EditController
from tldash.tui.app.host import Host
from tldash.tui.app.input_queue import Event, InputQueue, as_enter
from tldash.tui.app.typed import TypedController
from tldash.tui.keys.commands import ADD, MOVING, TICK
from tldash.tui.screens.messages import PASTED
from tldash.tui.widgets.bars import Notice
from tldash.tui.widgets.pasted import join_items, join_lines
from tldash.tui.widgets.row_list import LEFT
from tldash.tui.widgets.text_input import TextInput

_COMPARED: Final = "compared: "
SCROLLING: Final = (
    events.MouseScrollDown,
    events.MouseScrollUp,
    events.MouseScrollLeft,
    events.MouseScrollRight,
)


class InputController:
    """The queue of events from the terminal, and the work that they wait for."""

    def __init__(
        self,
        app: App[None],
        host: Host,
        edits: EditController,
        typed: TypedController,
        days: DayController,
    ) -> None:
        self._app = app
        self._host = host
        self._edits = edits
        self._typed = typed
        self._days = days
        self.queue = InputQueue(app, self._is_waiting, self._report_dropped)
        self._loading: set[str] = set()
        """Paths of the files whose text is being loaded."""
        self._pressed = (0, Offset())
        """The mouse button that went down last, and where."""
        self._started = False

    def hold(self, event: events.Event) -> bool:
        """Hold an event from the terminal; False if it is to be dispatched now."""
        if not isinstance(event, Event) or event.is_forwarded:
            return False
        return self.queue.hold(event if self._binds("ctrl+j") else as_enter(event))

    def is_no_click(self, event: events.Event) -> bool:
        """Return whether a button was released that makes no click: another one, or after a drag.

        Textual makes a click of each release over the widget that was pressed.
        """
        if isinstance(event, events.MouseDown):
            self._pressed = event.button, event.screen_offset
        if not isinstance(event, events.MouseUp):
            return False
        return event.button != LEFT or self._pressed != (event.button, event.screen_offset)

    def prepare_paste(self, event: Paste) -> Paste:
        """Return a paste that its input takes as text; an empty one if no input has the focus.

        Textual's own input, that of a palette, would take the first line alone.
        """
        focused = self._app.focused
        if isinstance(focused, TextInput):
            return event
        if isinstance(focused, Input):
            return Paste(join_lines(event.text))
        if event.text.strip():
            self._offer(join_items(event.text, start=True))
        return Paste("")

    def _offer(self, pasted: str) -> None:
        """Offer text that was pasted while nothing is asked as a new action."""
        page, state = self._host.page, self._host.state
        if why := state.allowed.refusal("edits"):
            self._host.show_notice(Notice(why, bad=True))
        elif page is None or page.tasks is None or not page.tasks.offer(pasted):
            self._typed.keep(PASTED, pasted)
            key = state.key_of(ADD)
            self._host.show_notice(Notice(f"select a lead, and {key} offers the pasted text"))

    def start(self) -> None:
        """Release the events: the first screen takes them."""
        self._started = True
        self.queue.check()

    def expect_text(self, path: str) -> None:
        """Hold events while a screen that shows this file is in front, until its text comes."""
        self._loading.add(path)

    def expect_conflict(self, path: str) -> None:
        """Hold events while a screen that compares this file is in front, until that is done."""
        self._loading.add(f"{_COMPARED}{path}")

    def take_conflict(self, path: str) -> None:
        """No longer wait for the versions of a file."""
        self._loading.discard(f"{_COMPARED}{path}")

    def take_text(self, path: str) -> None:
        """No longer wait for the text of a file."""
        self._loading.discard(path)

    def _binds(self, key: str) -> bool:
        """Return whether the viewer's settings bind a key."""
        return any(key in one.presses for one in self._host.state.keymap.changed.values())

    def _is_waiting(self, event: Event) -> bool:
        """Return whether an event waits for an edit, a day, text, or what is searched.

        Going down a list and ticking item after item does not wait for the ticks: the rows stay in
        their places.
        """
        return (
            not self._started
            or self._days.is_changing
            or (self._edits.moves_rows if self._is_simple(event) else self._edits.any_pending)
            or self._loads_text()
            or (not self._is_typing(event) and self._works())
        )

    def _is_simple(self, event: Event) -> bool:
        """Return whether an event scrolls, moves the selection or ticks."""
        if isinstance(event, SCROLLING):
            return True
        keymap = self._host.state.keymap
        key = event.key if isinstance(event, events.Key) else ""
        return any(key in keymap.of(one).presses for one in (TICK, *MOVING))

    def _is_typing(self, event: Event) -> bool:
        """Return whether an event enters text into an input."""
        typing = isinstance(event, Paste) or (isinstance(event, events.Key) and event.is_printable)
        return typing and isinstance(self._app.focused, Input)

    def _loads_text(self) -> bool:
        page = self._host.page
        if page is None:
            return False
        compared = f"{_COMPARED}{page.conflict.compares}" if page.conflict is not None else None
        return page.reads in self._loading or compared in self._loading

    def _works(self) -> bool:
        """Return whether something is searched, or a command runs that was clicked."""
        page = self._host.page
        if page is not None and page.search is not None and page.search.is_searching:
            return True
        return any(not worker.is_finished for worker in self._app.workers)

    def _report_dropped(self, number: int) -> None:
        """Show that keys were dropped."""
        why = "the last command is still running" if self._started else "still reading the folder"
        self._host.show_notice(Notice(f"ignored {pluralize(number, 'key')}: {why}", bad=True))
