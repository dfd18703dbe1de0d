"""A Textual driver that talks to the web server, and takes only what a page can send.

A visitor may send anything. So events are created only for what the terminal in the page sends,
sizes have limits, and input is read no faster than the dashboard handles it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

from textual import events, messages
from textual.drivers._input_reader import InputReader
from textual.drivers.web_driver import WebDriver
from textual.message import Message
from textual.messages import ExitApp

from tldash.web.size import MAX_SIZE, clamp_size

FROM_PAGE: Final = (
    events.Key,
    events.Paste,
    events.MouseEvent,
    events.AppFocus,
    events.AppBlur,
    messages.TerminalSupportsSynchronizedOutput,
)
"""What the terminal in the page sends. Others could report a size of millions of characters."""
MAX_PASTE: Final = 1 << 20
"""Bytes of a paste. Until its end arrives, the parser keeps all of it."""
HANDLED_CHECK: Final = 0.2
"""Seconds between two looks at whether the app still runs."""


class PageDriver(WebDriver):
    """The web driver of Textual, which by itself waits forever for a server that was killed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as the base class
        super().__init__(*args, **kwargs)
        self._unparsed = 0
        """Bytes read since the parser last created an event."""
        self._input_reader = _PacedReader(self._is_ready)

    def run_input_thread(self) -> None:
        """Read input until the server closes the pipe, then exit the app."""
        super().run_input_thread()
        self._app.post_message(ExitApp())

    def process_message(self, message: Message) -> None:
        """Post an event that the parser created, if it is one that a page can send."""
        self._unparsed = 0
        if not isinstance(message, FROM_PAGE):
            return
        if isinstance(message, events.MouseEvent) and max(message.x, message.y) > MAX_SIZE:
            return
        super().process_message(message)

    def _on_meta(self, packet_type: str, payload: bytes) -> None:
        self._unparsed -= len(payload)
        super()._on_meta(packet_type, payload)

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Handle a packet of the server. A size is clamped before an event has it."""
        match payload:
            case {"width": int(width), "height": int(height)}:
                payload = {**payload, "width": clamp_size(width), "height": clamp_size(height)}
        super().on_meta(packet_type, payload)

    def _is_ready(self, data: bytes) -> bool:
        """Wait until the app has handled the events so far. False if this is too much for a paste.

        Without waiting, a flood of keys would fill the memory, and the app would still handle them
        long after the page is closed.
        """
        self._unparsed += len(data)
        if self._unparsed > MAX_PASTE + len(data):
            return False
        handled = threading.Event()
        while not self.exit_event.is_set() and self._app.call_later(handled.set):
            if handled.wait(HANDLED_CHECK):
                break
        return True


class _PacedReader(InputReader):
    """Reads input no faster than it is handled."""

    def __init__(self, is_ready: Callable[[bytes], bool]) -> None:
        super().__init__()
        self._is_ready = is_ready

    def __iter__(self) -> Iterator[bytes]:
        """Yield input, until `is_ready` returns False for it."""
        for data in super().__iter__():
            if data and not self._is_ready(data):
                return
            yield data
