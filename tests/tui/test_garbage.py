"""Garbage collection starts after the first screen, whatever is pressed meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.support.dashboard import NOW, sample, until
from tldash.service.service import Service
from tldash.tui.app import garbage
from tldash.tui.app.app import TldashApp
from tldash.workspace.folders import Folders


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Disable collection, as a start does, and restore it after the test."""
    before = gc.get_threshold()
    gc.disable()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()
    gc.enable()


class OpensAnotherScreen(TldashApp):
    """Opens another screen as soon as the first one is drawn."""

    def on_ready(self) -> None:
        super().on_ready()
        self.screen.refresh()
        self.action_open_page("actions")


async def test_collection_starts_even_if_another_screen_opens_at_once(tmp_path):
    app = OpensAnotherScreen(Service(Folders([sample(tmp_path)])), lambda: NOW)
    async with app.run_test() as pilot:
        await until(pilot, gc.isenabled, "garbage is collected")
        assert gc.get_threshold()[2] == garbage.SELDOM
