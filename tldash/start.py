"""Opening folders and the dashboard over them, for the two ways that lead there."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tldash.folders import Folders

FOLDER_VARIABLE: Final = "TLDASH_FOLDER"
COULD_NOT_RUN: Final = 2
"""The exit code where there is no folder to work on."""


def is_terminal() -> bool:
    """Whether somebody sits in front of it."""
    return sys.stdout.isatty() and sys.stdin.isatty()


def roots(folders: Iterable[str]) -> list[Path]:
    """The folders to open: those named, else `$TLDASH_FOLDER`, else the current one."""
    given = tuple(folders) or (os.environ.get(FOLDER_VARIABLE) or ".",)
    return [Path(folder) for folder in given]


def checked(folders: list[Path]) -> Folders:
    """These folders, not read yet. Says why and exits with 2 where one cannot be opened."""
    from tldash.folders import Folders, NoFolder

    try:
        return Folders(folders)
    except NoFolder as error:
        from tldash.shown import clean

        sys.stderr.write(clean(f"tldash: {error}") + "\n")
        sys.exit(COULD_NOT_RUN)


def open_dashboard(folders: list[Path], today: date | None) -> None:
    """Show the dashboard until it is left. Exits with 2 where a folder cannot be opened."""
    gc.disable()  # what is imported stays; the app collects again from its first screen on
    from tldash.live import Live

    files = Live(checked(folders))  # reads while the dashboard is imported
    from tldash.tui.app import run

    run(files, today)
