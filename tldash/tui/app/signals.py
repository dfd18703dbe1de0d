"""Handle the signals that end, stop and continue the dashboard, so that the terminal is restored.

Handlers of Python run between any two instructions, also while the terminal is written to. So they
only schedule the work on the event loop, except while another program has the terminal.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver

ENDING: Final = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
"""In raw mode ctrl+c and ctrl+\\ are keys, but other programs send these signals too."""


class SignalController:
    """The handlers of signals."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._driver: Driver | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = False
        self._ends = False
        """Whether a signal to end came before the first screen was ready."""
        self._is_outside = False
        """Whether another program has the terminal."""
        self._resumes = False
        """Whether the dashboard stopped itself, and comes back by itself."""

    def install(self) -> None:
        """Install the handlers that end the app, before the terminal is changed."""
        self._loop = asyncio.get_running_loop()
        for name in ENDING:
            if hasattr(signal, name):
                try:
                    self._loop.add_signal_handler(getattr(signal, name), self._end)
                except (NotImplementedError, ValueError, RuntimeError):
                    return  # Windows, or another thread than the main one

    def _end(self) -> None:
        """End the app, but not while its first screen mounts."""
        self._ends = True
        if self._ready:
            self._app.exit()

    def begin(self, driver: Driver | None) -> bool:
        """Handle every signal from now on; False if the app ends because one came before."""
        self._ready = True
        if self._ends:
            self._app.exit()
            return False
        if driver is not None and driver.can_suspend and hasattr(signal, "SIGTSTP"):
            self._driver = driver
            signal.signal(signal.SIGTSTP, self._stop)
            signal.signal(signal.SIGCONT, self._continue)
        return True

    @contextmanager
    def leave_terminal(self) -> Iterator[None]:
        """Give the terminal to another program."""
        with self._app.suspend():
            self._is_outside = True
            try:
                yield
            finally:
                self._is_outside = False

    def _stop(self, *_: object) -> None:
        if self._is_outside:
            os.kill(os.getpid(), signal.SIGSTOP)
        else:
            self._schedule(self._stop_now)

    def _continue(self, *_: object) -> None:
        if not self._is_outside:
            self._schedule(self._take_terminal)

    def _schedule(self, job: Callable[[], None]) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(job)

    def _stop_now(self) -> None:
        """Restore the terminal for the shell, and stop until the shell continues the process."""
        if self._driver is None:
            return
        self._driver.suspend_application_mode()
        self._resumes = True
        os.kill(os.getpid(), signal.SIGSTOP)
        self._driver.resume_application_mode()
        self._app.refresh(layout=True)

    def _take_terminal(self) -> None:
        """Set the modes of the terminal again after a stop, and draw everything."""
        if self._driver is None:
            return
        if self._resumes:
            self._resumes = False
            return
        self._driver.suspend_application_mode()
        self._driver.resume_application_mode()
        self._app.refresh(layout=True)
