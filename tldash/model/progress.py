"""Throttle progress reports while a large folder loads."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from tldash.model.records import Workspace

ProgressCallback = Callable[[int, int, Callable[[], Workspace]], None]
"""Called with the number of files read, the number of files, and a function that builds a workspace
from the leads whose files have all been read."""

FIRST_REPORT_AFTER: Final = 0.1
"""Seconds until the first report. Shorter loads report nothing."""
REPORT_INTERVAL: Final = 0.25
"""Seconds between reports. Each one builds and draws a workspace."""


class ThrottledProgress:
    """Forward progress to a callback at most every `REPORT_INTERVAL` seconds."""

    def __init__(self, report: ProgressCallback) -> None:
        self._report = report
        self._next = time.monotonic() + FIRST_REPORT_AFTER

    def __call__(self, done: int, total: int, build: Callable[[], Workspace]) -> None:
        if time.monotonic() >= self._next:
            self._report(done, total, build)
            self._next = time.monotonic() + REPORT_INTERVAL
