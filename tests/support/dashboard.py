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
"""Seconds after which a state that has not come never will."""


def dashboard(*folders: Path) -> TldashApp:
    """The dashboard on these folders, on the day on which the sample data is true."""
    return TldashApp(Service(Folders(folders, remember)), lambda: NOW)


def remember(root: Path) -> Journal:
    """The list of edits, beside the folder that they were made in."""
    return Journal(root.parent / ".state", root, lambda: NOW)


def sample(target: Path) -> Path:
    """A copy of the sample data that a test may change."""
    copy = target / "coaching"
    shutil.copytree(find_sample_data(), copy)
    return copy


async def until(pilot: Pilot[None], true: Callable[[], bool], what: str) -> None:
    """Wait for a state."""
    left = PATIENCE
    while not true():
        await pilot.pause(0.01)
        left -= 0.01
        assert left > 0, f"never: {what}"
    await pilot.pause()


async def loaded(pilot: Pilot[None]) -> None:
    """Wait for the first screen, until keys reach it."""
    app = pilot.app
    assert isinstance(app, TldashApp)

    def ready() -> bool:
        page = app.screen
        listens = page.focused is not None or page.has_class("-empty")
        return app.state.loaded and isinstance(page, Page) and listens

    await until(pilot, ready, "the first screen")
