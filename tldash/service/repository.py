"""Read the state of the repository, and sync, on the git thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from tldash.history.git_status import StatusReader
from tldash.model.repository import RepositoryStatus
from tldash.service.results import SyncEnded
from tldash.workspace.folders import Folders


class Repositories:
    """The repositories around the opened folders."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._readers = [StatusReader(root) for root in folders.roots]

    def read(self) -> RepositoryStatus | None:
        """Return the state of the repository; None without one, or with several."""
        found = {reader.read() for reader in self._readers}
        return found.pop() if len(found) == 1 else None


def sync(
    folders: Folders, now: datetime, stop: threading.Event, report: Callable[[str], None]
) -> SyncEnded:
    """Sync each folder, and return what that did. One that fails does not stop the others."""
    from tldash.sync.failure import SyncFailed
    from tldash.sync.sync import Control, Sync

    def sync_one(root: Path) -> SyncEnded:
        try:
            return SyncEnded(Sync(folders, root, now, Control(stop, report)).run().sentence)
        except SyncFailed as error:
            what, _, hint = str(error).partition(". ")
            return SyncEnded(what.rstrip("."), error.code, hint)

    said: list[str] = []
    failed: list[SyncEnded] = []
    for root in folders.roots:
        where = f"{root.name}: " if len(folders.roots) > 1 else ""
        ended = sync_one(root)
        said.append(f"{where}{ended.sentence}")
        failed += [SyncEnded(said[-1], ended.code, ended.hint)] if ended.code else []
    return failed[0] if failed else SyncEnded("; ".join(said))
