"""Opened folders with the door to their files shut: every way to write refuses with a sentence.

Screens that are for reading only offer nothing that writes. This is for what they forget: whichever
key finds a way past them, it ends here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from tldash.model.permissions import READ_ONLY_MESSAGE
from tldash.workspace.folders import Folders

if TYPE_CHECKING:
    from tldash.history.journal import Entry
    from tldash.model.records import Workspace
    from tldash.storage.write import Rewritten
    from tldash.workspace.undo import Taken


class ForReading(Folders):
    """Folders of which no file is ever written and no list of edits looked up, whoever asks."""

    def _write(
        self, path: str, change: Callable[[bytes], bytes], what: str, batch: str = ""
    ) -> Rewritten:
        del path, change, what, batch
        _refuse()

    def create(self, path: str, text: str) -> Workspace:
        """Raise WriteRefused."""
        del path, text
        _refuse()

    def undo(self) -> Taken:
        """Raise NothingLeft: here nothing was done."""
        _nothing_left()

    def redo(self) -> Taken:
        """Raise NothingLeft."""
        _nothing_left()

    def let_go(self, entry: Entry | None = None) -> Taken:
        """Raise NothingLeft."""
        del entry
        _nothing_left()


def _refuse() -> NoReturn:
    from tldash.storage.write import WriteRefused

    raise WriteRefused("read-only", READ_ONLY_MESSAGE)


def _nothing_left() -> NoReturn:
    from tldash.history.journal import NothingLeft

    raise NothingLeft(READ_ONLY_MESSAGE)
