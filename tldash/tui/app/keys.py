"""Keys of two presses, such as `g a`, and the panel that lists the second ones.

Keys of one press are Textual bindings. Those of two are handled where keys arrive that no widget
took. They arrive in the order in which they were pressed, so fast typing works.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from tldash.tui.app.host import Host
from tldash.tui.keys.commands import EVERYWHERE, MOVING, Command, offered
from tldash.tui.keys.keymap import shown
from tldash.tui.screens.page import Page
from tldash.tui.widgets.bars import KeyBar, Notice

if TYPE_CHECKING:
    from tldash.tui.widgets.which_key import WhichKey

NOTICE_FOR: Final = 2.0
"""Seconds for which the notice about a key that does nothing stays."""


class KeyController:
    """The first press of a key of two, and what may follow it."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._first = ""
        self._following: Mapping[str, Command] = {}
        self._panel: WhichKey | None = None

    async def press(self, key: str) -> bool:
        """Handle a key press that goes to found words or is part of a key of two presses.

        False if it is neither.
        """
        page = self._host.page
        if page is None:
            return False
        if self._first and self._panel is None and key not in self._following:
            self.cancel()  # after a refused first press, any other key is one of its own
        if self._first:
            await self.choose(key)
            return True
        if page.find_bar is not None and page.find_bar.press(key):
            return True
        following = self._after(key, page)
        allowed = {second: one for second, one in following.items() if self._allows(one)}
        if allowed:
            self._begin(page, key, allowed)
            self._following = following  # the app shows why one of the others is refused
        elif following:  # the app shows why the command is refused
            await page.carry_out(next(iter(following.values())))
            self._first, self._following = key, following
        return bool(following)

    def _after(self, first: str, page: Page) -> Mapping[str, Command]:
        """Return the commands by second press; none if the key is one of a single press."""
        if page.state is None:
            return {}
        return page.state.keymap.after(first, (*page.OWN, *EVERYWHERE, *MOVING))

    def _allows(self, command: Command) -> bool:
        return bool(offered([command], self._host.state.allowed))

    def _begin(self, page: Page, first: str, following: Mapping[str, Command]) -> None:
        from tldash.tui.widgets.which_key import WhichKey  # the first screen does not need it

        self._first, self._following = first, following
        self._panel = WhichKey(first, following)
        page.query_one(KeyBar).notice = None
        page.mount(self._panel)

    async def choose(self, key: str) -> None:
        """Run the command of a second press, if one is waited for."""
        if not self._first:
            return
        first, command, page = self._first, self._following.get(key), self._host.page
        self.cancel()
        if command is not None and page is not None:
            await page.carry_out(command)
        elif key == "escape":
            self._host.show_notice(Notice("cancelled"), NOTICE_FOR)
        else:
            self.refuse(f"{first} {key}")

    def refuse(self, key: str) -> None:
        """Say that a key does nothing here."""
        self._host.show_notice(Notice(f"{shown(key)} is not a key here", bad=True), NOTICE_FOR)

    def cancel(self) -> None:
        """Stop waiting for a second press, and remove the panel."""
        self._first, self._following = "", {}
        if self._panel is not None and self._panel.is_attached:
            self._panel.remove()
        self._panel = None
