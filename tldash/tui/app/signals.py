"""End the dashboard on the signals that end a process, so that the threads finish their writes."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Final

ENDING: Final = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
"""In raw mode ctrl+c and ctrl+\\ are keys, but other programs send these signals too."""


class SignalController:
    """The handlers of signals."""

    def __init__(self, end: Callable[[], None]) -> None:
        self._end = end
        self._ready = False
        self._came = False
        """Whether a signal came before the first screen was ready."""

    def install(self) -> None:
        """Install the handlers, before the terminal is changed."""
        with suppress(NotImplementedError):  # Windows
            for name in ENDING:
                asyncio.get_running_loop().add_signal_handler(getattr(signal, name), self._handle)

    def _handle(self) -> None:
        """End the app, but not while its first screen mounts."""
        self._came = True
        if self._ready:
            self._end()

    def begin(self) -> bool:
        """Handle signals at once from now on; True if one came before."""
        self._ready = True
        if self._came:
            self._end()
        return self._came
