"""The part of the dashboard that leaves the screen to an editor, and looks again afterwards.

The user's own files, settings and saved views, are told of and opened like those of the folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from tldash.model.dates import pluralize
from tldash.tui.app.edits import Wishing
from tldash.tui.keys.commands import PROBLEMS
from tldash.tui.screens.page import Page
from tldash.tui.widgets.bars import Notice
from tldash.user.paths import is_there, settings_file

if TYPE_CHECKING:
    from tldash.model.records import Problem
    from tldash.user.settings import Config


class Opening(Wishing):
    """An app whose files can be opened in an editor; the user's own settings can, too."""

    own: Config | None = None
    """The user's own settings, if there are any."""
    _wrong_views: tuple[Problem, ...] = ()

    def heed_views(self) -> None:
        """Tell what is wrong with the file of saved views now."""
        wrong: tuple[Problem, ...] = ()
        if is_there(settings_file().with_name("views.yaml")):
            from tldash.user import saved_views

            wrong = saved_views.load(saved_views.views_file()).problems
        if wrong != self._wrong_views:
            self._wrong_views = wrong
            self._set(own=(*self.settings.problems, *wrong))

    def trouble(self) -> str:
        """What is wrong with the user's own files, and where the list is; empty if nothing."""
        of_settings = super().trouble()
        if of_settings or not self._wrong_views:
            return of_settings
        key = self.settings.keymap.of(PROBLEMS).shown
        first = self._wrong_views[0]
        found = pluralize(len(self._wrong_views), "problem")
        return f"{found} in your views ({key} lists): line {first.line}, {first.message}"

    def on_page_wants_editor(self, message: Page.WantsEditor) -> None:
        """Leave the screen to the editor, and look at everything again afterwards."""
        from tldash.tui.app import editor

        own = any(message.path == problem.path for problem in self.state.own)
        path = Path(message.path) if own else self._live.absolute(message.path)
        try:
            command = editor.arguments(path, message.line, os.environ)
        except editor.NoEditor as error:
            self.notice(Notice(str(error), bad=True))
            return
        self._leave_to(command)
        if self.own is not None and path == self.own.file:
            from tldash.user import settings

            self.own = settings.read(path)
            found = self.heed(self.own)
            self._set(keymap=found.keymap, own=(*found.problems, *self._wrong_views))
        elif own:
            self.heed_views()

    def _leave_to(self, command: list[str]) -> None:
        from tldash.tui.app import editor

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
