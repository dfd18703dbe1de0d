"""Open folders, and the dashboard over them. Used by `tldash.__main__`, `cli` and `web`."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

if TYPE_CHECKING:
    from tldash.history.journal import Journal
    from tldash.model.permissions import Permissions
    from tldash.model.places import Place
    from tldash.model.records import Workspace
    from tldash.model.word_search import Query
    from tldash.user.conversations import ConversationStore
    from tldash.user.last_seen import LastSeen
    from tldash.workspace.folders import Folders
    from tldash.workspace.writer import OpenJournal

FOLDER_VARIABLE: Final = "TLDASH_FOLDER"
HEAD_START: Final = 0.05
"""Seconds that the first read runs alone: on one processor it is faster than beside imports."""
LAST_SECOND: Final = time(23, 59, 59)
"""Of a day. git counts in seconds."""
CANNOT_RUN: Final = 2
"""Exit code if there is no folder to work on."""


class FirstScreen(NamedTuple):
    """Options for the first screen."""

    me: str | None = None
    """The name of the viewer."""
    view: str | None = None
    """The name of a saved view for the overview."""
    holds: str | None = None
    """The id of the lead whose session to hold at once."""


DEFAULT: Final = FirstScreen()


def is_terminal() -> bool:
    """Whether input and output are a terminal that can place its cursor."""
    dumb = os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and sys.stdin.isatty() and not dumb


def choose_roots(folders: Iterable[str]) -> list[Path]:
    """Return the folders to open: those given, else `$TLDASH_FOLDER`, else the current one."""
    given = tuple(folders) or (os.environ.get(FOLDER_VARIABLE) or ".",)
    return [Path(folder) for folder in given]


def open_or_exit(
    folders: list[Path],
    state: Path | None = None,
    *,
    read_only: bool = False,
    as_of: date | None = None,
) -> Folders:
    """Open folders without reading them. Prints why and exits with 2 if that fails.

    `state` is the folder of the edit history, by default in the user's state folder. With
    `read_only`, every edit is refused. With `as_of`, the folders are as git had them at the end of
    that day in the local time zone, and every edit is refused.
    """
    return _call_or_exit(partial(_open, folders, state, read_only=read_only, as_of=as_of))


def _call_or_exit(make: Callable[[], Folders]) -> Folders:
    from tldash.workspace.labels import NoFolder

    try:
        return make()
    except NoFolder as error:
        _exit(str(error))


def _open(
    folders: list[Path],
    state: Path | None,
    *,
    read_only: bool,
    as_of: date | None = None,
    with_private: bool = False,
) -> Folders:
    """Open folders as `open_or_exit` does, but raise NoFolder: for use on any thread.

    Lays the viewer's private folders over them `with_private`.
    """
    from tldash.workspace.folders import Folders

    if as_of is not None:
        from tldash.model.dates import LOCAL_ZONE

        return Folders(folders, as_of=datetime.combine(as_of, LAST_SECOND, LOCAL_ZONE))
    journal = None if read_only else _journal_factory(state)
    private = _load_private if with_private else None
    return Folders(folders, journal, read_only=read_only, load_private=private)


def _load_private() -> tuple[tuple[str, str], ...]:
    """Return the private folders of the viewer's settings."""
    from tldash.user.settings import load_private

    return load_private()


def read_or_exit(opened: Folders) -> None:
    """Read the folders. Prints why and exits with 2 if they are damaged or there is nothing."""
    from tldash.workspace.labels import NoFolder

    try:
        found = opened.read()
    except NoFolder as error:
        _exit(str(error))
    exit_if_empty(found, opened.roots, opened.as_of and opened.as_of.date())


def search_or_exit(opened: Folders, query: Query) -> list[Place]:
    """Return the places with all words of a query. Prints why and exits with 2 on damage."""
    from tldash.workspace.labels import NoFolder

    try:
        return opened.search(query)
    except NoFolder as error:
        _exit(str(error))


def _journal_factory(state: Path | None) -> OpenJournal:
    """Return a function that makes the edit history of a folder."""

    def remember(root: Path) -> Journal:
        from tldash.history.journal import Journal
        from tldash.user.paths import state_folder

        return Journal(state or state_folder(), root, lambda: datetime.now().astimezone())

    return remember


def _exit(sentence: str) -> NoReturn:
    from tldash.model.sanitize import sanitize

    sys.stderr.write(sanitize(f"tldash: {sentence}") + "\n")
    sys.exit(CANNOT_RUN)


def exit_if_empty(found: Workspace, roots: Iterable[Path], as_of: date | None = None) -> None:
    """Exit with 2 and a hint if the folders have, or had, no Markdown or YAML file."""
    if found.files or found.leads or found.problems:
        return
    names = ", ".join(map(str, roots))
    if as_of is not None:
        _exit(f"git had no Markdown or YAML files in {names} on {as_of}. Choose a later day.")
    ways = "Run tldash init FOLDER to start, or tldash demo to try it."
    _exit(f"no Markdown or YAML files in {names}. {ways}")


def load_view(name: str) -> tuple[str, ...]:
    """Return filter, order and groups of a saved view. Exits with 2 if there is none."""
    from tldash.user import saved_views
    from tldash.user.paths import views_file

    found = saved_views.find(name, views_file())
    if isinstance(found, str):
        _exit(found)
    return found.filter, found.sort, found.group or ""


def open_dashboard(  # noqa: PLR0913, PLR0917 - everything that a start can set
    folders: list[Path],
    today: date | None,
    state: Path | None = None,
    first: FirstScreen = DEFAULT,
    allowed: Permissions | None = None,
    as_of: date | None = None,
    *,
    with_private: bool = False,
) -> None:
    """Run the dashboard until it is closed. Exits with 2 if a folder cannot be opened.

    `state` and `as_of` as for `open_or_exit`; `allowed` is full access by default. With `as_of`,
    nothing is written, and today is that day unless `today` is given. `with_private` shows the
    viewer's private folders: only for a terminal of their own, never for a page that is served.
    """
    gc.disable()  # imported objects stay; the app enables it after its first screen
    from tldash.model.permissions import FULL_ACCESS, READ_ONLY
    from tldash.service import preload
    from tldash.storage.signals import handlers_restored
    from tldash.workspace.labels import NoFolder

    may = READ_ONLY if as_of is not None else allowed or FULL_ACCESS
    overview = load_view(first.view) if first.view is not None else ()
    make = partial(
        _open, folders, state, read_only=not may.can_edit, as_of=as_of, with_private=with_private
    )
    # A child could not pass on the open files of a repository.
    alone = as_of is not None or not _all_readable(folders)
    child = None if alone else preload.start(make, _journal_factory(state))
    source = child or _call_or_exit(make)

    from tldash.service.service import Service

    def recall() -> LastSeen:
        from tldash.user.last_seen import LastSeen
        from tldash.user.paths import state_folder

        return LastSeen(state or state_folder(), source.places)

    def conversations() -> ConversationStore:
        from tldash.user.conversations import ConversationStore
        from tldash.user.paths import state_folder

        return ConversationStore(state or state_folder())

    # What the viewer saw last is not compared with an earlier day.
    service = Service(source) if as_of is not None else Service(source, recall, conversations)
    try:
        if child is None:
            service.first(HEAD_START)
        from tldash.tui.app.app import FIRST_READ, run

        if (found := service.first(FIRST_READ)) is not None:
            exit_if_empty(found, source.places.values(), as_of)
        with handlers_restored():  # asyncio leaves one that raises an exception on ctrl+c
            run(service, today, first.me, may, overview, first.holds, as_of)
    except NoFolder as error:  # it went away after the start
        _exit(str(error))
    finally:
        service.stop()  # if the app could not: a process ends only when its threads do


def _all_readable(folders: list[Path]) -> bool:
    """Whether a child can open the folders. If it cannot, this process prints the reason."""
    try:
        for folder in folders:
            with os.scandir(folder.expanduser()):
                pass
    except (OSError, RuntimeError, ValueError):
        return False
    return True
