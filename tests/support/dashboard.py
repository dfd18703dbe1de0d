"""A dashboard on a folder, for tests that drive it without a terminal."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from tldash.create.demo import find_sample_data
from tldash.history.journal import Journal
from tldash.service.service import Service
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.page import Page
from tldash.workspace.folders import Folders

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
PATIENCE = 20.0
"""Seconds after which `until` gives up."""


def dashboard(*folders: Path) -> TldashApp:
    """Return the dashboard on these folders, on the day that the sample data is made for."""
    return TldashApp(Service(Folders(folders, remember)), lambda: NOW)


def remember(root: Path) -> Journal:
    """Return the edit history, kept beside the folder."""
    return Journal(root.parent / ".state", root, lambda: NOW)


def sample(target: Path) -> Path:
    """Return a copy of the sample data, for a test to change. No other user can read it."""
    copy = target / "coaching"
    shutil.copytree(find_sample_data(), copy)
    copy.chmod(0o700)
    return copy


async def until(pilot: Pilot[None], true: Callable[[], bool], what: str) -> None:
    """Wait until `true` returns True; `what` names the state in the failure."""
    left = PATIENCE
    while not true():
        await pilot.pause(0.01)
        left -= 0.01
        assert left > 0, f"never: {what}"
    await pilot.pause()


async def loaded(pilot: Pilot[None]) -> None:
    """Wait for the first screen, and until keys reach it."""
    app = pilot.app
    assert isinstance(app, TldashApp)

    def ready() -> bool:
        page = app.screen
        listens = page.focused is not None or page.has_class("-empty")
        return app.state.loaded and isinstance(page, Page) and listens

    await until(pilot, ready, "the first screen")
