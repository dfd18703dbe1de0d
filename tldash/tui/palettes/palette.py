"""A palette that closes itself only, and once.

Textual's palette closes whatever screen is in front, runs an entry again if Enter is pressed twice
in one read, and fails on a click on an entry that has just gone.
"""

from __future__ import annotations

from contextlib import suppress

from textual import on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.command import CommandInput, CommandList, CommandPalette, SearchIcon
from textual.containers import Horizontal, Vertical
from textual.events import Click
from textual.message import Message
from textual.widgets import Input, LoadingIndicator, OptionList


class _Entries(CommandList):
    """The entries of a palette."""

    def on_click(self, event: Click) -> None:
        """Ignore a click on an entry that has gone since it was drawn."""
        if event.style.meta.get("option") not in range(self.option_count):
            event.prevent_default()

    def action_page_up(self) -> None:
        """Go up by a page, once the entries are laid out."""
        with suppress(LookupError):
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """Go down by a page, once the entries are laid out."""
        with suppress(LookupError):
            super().action_page_down()  # type: ignore[no-untyped-call]


class Palette(CommandPalette):
    """The palette of commands, places or views."""

    def compose(self) -> ComposeResult:
        """Yield the same widgets as Textual's palette, with our list."""
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield SearchIcon()
                yield CommandInput(placeholder=self._placeholder, select_on_focus=False)
            with Vertical(id="--results"):
                yield _Entries()
                yield LoadingIndicator()

    @property
    def _is_closed(self) -> bool:
        return self.app.screen_stack[-1:] != [self]

    @on(Click)
    @on(Input.Changed)
    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _ignore_once_closed(self, message: Message) -> None:
        if self._is_closed:
            message.prevent_default()

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, unless it is closed already."""
        return AwaitComplete() if self._is_closed else super().dismiss(result)
