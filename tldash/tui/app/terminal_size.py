"""Look at the size of the terminal a second time after a change, and draw it all again.

Linux sends SIGWINCH before it changes the size that a program can read (`pty_resize` in
drivers/tty/pty.c). So Textual may read the old size, and no further signal comes. And if the size
changes and changes back at once, Textual finds the same size and draws nothing, although the
terminal has cut off what was there.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from textual import events
from textual.geometry import Size

if TYPE_CHECKING:
    from textual.app import App

SECOND_LOOK: Final = 0.1
"""Seconds after a signal."""


def check_later(app: App[None]) -> None:
    """Compare the size of the app with that of its terminal in a moment, and draw the screen."""
    if not (app.is_headless or app.is_web):
        app.set_timer(SECOND_LOOK, lambda: _check(app))


def _check(app: App[None]) -> None:
    size = Size(*shutil.get_terminal_size())
    if size != app.size:
        app.post_message(events.Resize(size, size))
    else:
        app.refresh()
