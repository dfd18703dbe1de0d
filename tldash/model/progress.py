"""How often a long reading tells how far it is: what is told has to be built and drawn."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from tldash.model.records import Workspace

ProgressCallback = Callable[[int, int, Callable[[], Workspace]], None]
"""Called now and then during a reading, with the files read, the files there are, and what answers
with the workspace of those leads of which every file was read."""

FIRST_REPORT_AFTER: Final = 0.1
"""Seconds after which a reading tells how far it is, and again after each so many more."""
REPORT_INTERVAL: Final = 0.25


class ThrottledProgress:
    """Passes on how far a reading is, but seldom."""

    def __init__(self, tell: ProgressCallback) -> None:
        self._tell = tell
        self._at = time.monotonic() + FIRST_REPORT_AFTER

    def __call__(self, done: int, of: int, so_far: Callable[[], Workspace]) -> None:
        if time.monotonic() >= self._at:
            self._tell(done, of, so_far)
            self._at = time.monotonic() + REPORT_INTERVAL
