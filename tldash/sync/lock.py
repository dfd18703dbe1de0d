"""Keep two syncs of one repository apart."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tldash.sync.failure import SyncFailed

PATIENCE: Final = 30.0
"""Seconds to wait for another sync."""
_PAUSE: Final = 0.05

if sys.platform != "win32":
    import fcntl


@contextmanager
def only_sync(own: Path, stop: threading.Event) -> Iterator[None]:
    """Lock a repository against other syncs, with flock(2) on its folder.

    git does not know this lock. Raises SyncFailed.
    """
    if sys.platform == "win32":
        raise SyncFailed("unsupported", "sync does not run on Windows; run git yourself")
    fd = os.open(own, os.O_RDONLY)
    try:
        until = time.monotonic() + PATIENCE
        while not _lock(fd):
            if stop.wait(_PAUSE) or time.monotonic() > until:
                raise SyncFailed("locked", "another sync of this folder is running. Try again.")
        yield
    finally:
        os.close(fd)


def _lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
