"""A Textual driver that talks to the web server and exits when the server is gone."""

from __future__ import annotations

from textual.drivers.web_driver import WebDriver
from textual.messages import ExitApp


class PageDriver(WebDriver):
    """The web driver of Textual, which by itself waits forever for a server that was killed."""

    def run_input_thread(self) -> None:
        """Read input until the server closes the pipe, then exit the app."""
        super().run_input_thread()
        self._app.post_message(ExitApp())
