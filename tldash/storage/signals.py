"""The signals that end a process: hold them back while files are half-written."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

ENDING: Final = tuple(
    number
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
    if (number := getattr(signal, name, None)) is not None
)
"""Ctrl+c, `kill`, a closed terminal, ctrl+\\ — as far as the system has them."""


@contextmanager
def held_back() -> Iterator[None]:
    """Hold back signals to this thread. They arrive when the block ends."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def handlers_restored() -> Iterator[None]:
    """Restore the handlers of these signals at the end. Only for the main thread."""
    before = {number: signal.getsignal(number) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


def set_on_signals(event: threading.Event) -> None:
    """Set an event on each of these signals, instead of ending at once. Only for the main thread.

    A program that runs meanwhile can then be ended too.
    """
    for number in ENDING:
        signal.signal(number, lambda *_: event.set())
