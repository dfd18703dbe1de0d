"""Opening folders and the dashboard over them, for the two ways that lead there."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

if TYPE_CHECKING:
    from tldash.history.journal import Journal
    from tldash.model.permissions import Permissions
    from tldash.model.records import Workspace
    from tldash.user.last_seen import LastSeen
    from tldash.workspace.folders import Folders
    from tldash.workspace.writer import OpenJournal

FOLDER_VARIABLE: Final = "TLDASH_FOLDER"
HEAD_START: Final = 0.05
"""Seconds that a reading has for itself: reading and importing at once take longer than in turn."""
COULD_NOT_RUN: Final = 2
"""The exit code where there is no folder to work on."""


class Begin(NamedTuple):
    """What the viewer said of the first screen."""

    me: str | None = None
    """Who they are."""
    view: str | None = None
    """The name of a saved view of the overview."""


USUAL: Final = Begin()


def is_terminal() -> bool:
    """Whether somebody sits in front of it."""
    return sys.stdout.isatty() and sys.stdin.isatty()


def roots(folders: Iterable[str]) -> list[Path]:
    """The folders to open: those named, else `$TLDASH_FOLDER`, else the current one."""
    given = tuple(folders) or (os.environ.get(FOLDER_VARIABLE) or ".",)
    return [Path(folder) for folder in given]


def checked(folders: list[Path], state: Path | None = None, *, read_only: bool = False) -> Folders:
    """These folders, not read yet. Says why and exits with 2 where one cannot be opened.

    `state` is where edits are remembered; None is the user's own state folder. Folders that are
    `read_only` refuse every edit.
    """
    from tldash.workspace.folders import Folders, NoFolder

    try:
        if read_only:
            return Folders(folders, read_only=True)
        return Folders(folders, _remembering(state))
    except NoFolder as error:
        _refuse(str(error))


def _remembering(state: Path | None) -> OpenJournal:
    """Where the edits of a folder are remembered."""

    def remember(root: Path) -> Journal:
        from tldash.history.journal import Journal
        from tldash.user.paths import state_folder

        return Journal(state or state_folder(), root, lambda: datetime.now().astimezone())

    return remember


def _refuse(sentence: str) -> NoReturn:
    from tldash.model.sanitize import sanitize

    sys.stderr.write(sanitize(f"tldash: {sentence}") + "\n")
    sys.exit(COULD_NOT_RUN)


def refuse_empty(found: Workspace, roots: Iterable[Path]) -> None:
    """Say so and exit with 2 where what was found in these folders is nothing of ours at all."""
    if found.files or found.leads or found.problems:
        return
    names = ", ".join(map(str, roots))
    ways = "to begin: tldash init FOLDER; to see it: tldash demo"
    _refuse(f"there is no Markdown or YAML file in {names}; {ways}")


def named_view(name: str) -> tuple[str, ...]:
    """What the overview begins with. Says so and exits with 2 where there is no such view."""
    from tldash.user import saved_views
    from tldash.user.paths import views_file

    found = saved_views.find(name, views_file())
    if isinstance(found, str):
        _refuse(found)
    return found.filter, found.sort, found.group or ""


def open_dashboard(
    folders: list[Path],
    today: date | None,
    state: Path | None = None,
    begin: Begin = USUAL,
    allowed: Permissions | None = None,
) -> None:
    """Show the dashboard until it is left. Exits with 2 where a folder cannot be opened.

    `state` as for `checked`; `allowed` is what the viewer may do: everything, unless it says less.
    """
    gc.disable()  # what is imported stays; the app collects again from its first screen on
    from tldash.model.permissions import FULL_ACCESS
    from tldash.service import preload

    may = allowed or FULL_ACCESS
    overview = named_view(begin.view) if begin.view is not None else ()
    make = partial(checked, folders, state, read_only=not may.can_edit)
    elsewhere = preload.begin(make, _remembering(state)) if _can_all_be_listed(folders) else None
    source = elsewhere or make()

    from tldash.service.service import Service

    def recall() -> LastSeen:
        from tldash.user.last_seen import LastSeen
        from tldash.user.paths import state_folder

        return LastSeen(state or state_folder(), source.places)

    files = Service(source, recall)
    if elsewhere is None:
        files.first(HEAD_START)
    from tldash.tui.app.app import FIRST_READ, run

    if (found := files.first(FIRST_READ)) is not None:
        refuse_empty(found, source.places.values())
    run(files, today, begin.me, may, overview)


def _can_all_be_listed(folders: list[Path]) -> bool:
    """Whether another process can open them; of those that nobody can, this one says why."""
    try:
        for folder in folders:
            with os.scandir(folder.expanduser()):
                pass
    except (OSError, RuntimeError, ValueError):
        return False
    return True
