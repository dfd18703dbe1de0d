"""Open and close screens. Whoever closes one names it: another may have come in front."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from textual.app import App
from textual.screen import Screen

from tldash.tui import screens
from tldash.tui.app.host import Host
from tldash.tui.keys.commands import Command
from tldash.tui.screens.page import Page

HOME: Final = "home"
"""Textual mode of the first screen, if the folder needs another one than the default."""


class NavigationController:
    """The stack of screens."""

    def __init__(self, app: App[None], host: Host, closing: Callable[[], None]) -> None:
        """`closing` is called before a screen is closed."""
        self._app = app
        self._host = host
        self._closing = closing

    def open(self, page: Page) -> None:
        """Put a screen in front."""
        page.state = self._host.state
        page.timer = self._host.timer
        page.fit(self._app.size)
        self._app.push_screen(page)

    def close(self, screen: Screen[Any]) -> bool:
        """Close a screen; False if it is not in front any more, or is the first one."""
        stack = self._app.screen_stack
        if len(stack) < 2 or stack[-1] is not screen:
            return False
        under_way = screen.conversation if isinstance(screen, Page) else None
        if under_way is not None and not under_way.may_close():
            return True
        self._closing()
        self._app.pop_screen()
        return True

    async def carry_out(self, page: Page, command: Command) -> None:
        """Run a command of a screen, unless another one came in front meanwhile."""
        if self._host.page is page:
            await page.carry_out(command)

    def settle(self, wanted: Page) -> None:
        """Replace the first screen if the folder needs another one; keep those in front."""
        first, *above = self._host.pages
        if first.NAME == wanted.NAME:
            return
        # Textual cannot replace a default screen, but a mode has one of its own.
        self._app.add_mode(HOME, lambda: wanted)
        self._app.switch_mode(HOME)
        for page in above:
            if page.NAME in screens.PLAIN:
                self._host.action_open_page(page.NAME)
