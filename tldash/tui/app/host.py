"""The part of the app that its controllers use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from tldash.tui.screens.page import Page
from tldash.tui.state import State
from tldash.tui.widgets.bars import Notice


class Host(Protocol):
    """The app, as controllers see it."""

    state: State
    timer: Callable[[], float]
    """The clock of sessions: seconds from any start, which never jump."""

    @property
    def page(self) -> Page | None:
        """The screen in front; None if it is a palette."""

    @property
    def pages(self) -> list[Page]:
        """The open screens without palettes, the first one at the bottom."""

    def set_state(self, **parts: object) -> None:
        """Replace parts of the state, and pass it to the screens."""

    def show_notice(self, notice: Notice, seconds: float | None = None) -> None:
        """Show a notice in the key bar; by default as long as its kind requires."""

    def action_open_page(self, name: str, *arguments: str) -> None:
        """Show another screen."""

    def set_timer(self, delay: float, callback: Callable[[], None]) -> object:
        """Call back after so many seconds."""
