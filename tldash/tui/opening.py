"""The part of the dashboard that leaves the screen to an editor, and looks again afterwards."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from tldash.tui.screens.page import Page
from tldash.tui.widgets.bars import Notice
from tldash.tui.wishing import Wishing

if TYPE_CHECKING:
    from tldash.config import Config


class Opening(Wishing):
    """An app whose files can be opened in an editor; the user's own settings can, too."""

    own: Config | None = None
    """The user's own settings, if there are any."""

    def on_page_wants_editor(self, message: Page.WantsEditor) -> None:
        """Leave the screen to the editor, and look at everything again afterwards."""
        from tldash.tui import editor

        own = self.own is not None and message.path == str(self.own.file)
        path = Path(message.path) if own else self._live.absolute(message.path)
        try:
            command = editor.arguments(path, message.line, os.environ)
        except editor.NoEditor as error:
            self.notice(Notice(str(error), bad=True))
            return
        self._leave_to(command)
        if own:
            from tldash import config

            self.own = config.read(path)
            found = self.heed(self.own)
            self._set(keymap=found.keymap, own=found.problems)

    def _leave_to(self, command: list[str]) -> None:
        from tldash.tui import editor

        trouble = ""
        try:
            with self.suspend():
                trouble = editor.run(command)
        except SuspendNotSupported:
            trouble = "an editor cannot be opened from here"
        self.refresh(layout=True)
        self._news.at_editor = True
        self._live.reread()
        if trouble:
            self.notice(Notice(trouble, bad=True))
