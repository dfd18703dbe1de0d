"""How a dashboard speaks to the server: as Textual does, but it ends when the server is gone."""

from __future__ import annotations

from textual.drivers.web_driver import WebDriver
from textual.messages import ExitApp


class PageDriver(WebDriver):
    """Textual's driver for browsers, which would wait for ever for a server that was killed."""

    def run_input_thread(self) -> None:
        """Listen until the server closes the line, then leave."""
        super().run_input_thread()
        self._app.post_message(ExitApp())
