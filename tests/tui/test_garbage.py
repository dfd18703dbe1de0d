"""Garbage is collected once the dashboard stands, whatever is pressed meanwhile."""

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
    """Nothing is collected while a test begins, as at a start; afterwards all is as before."""
    before = gc.get_threshold()
    gc.disable()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()
    gc.enable()


class Hasty(TldashApp):
    """Somebody presses a key as soon as there is a screen."""

    def on_ready(self) -> None:
        super().on_ready()
        self.screen.refresh()
        self.action_open_page("actions")


async def test_it_is_collected_though_another_screen_came_in_front_at_once(tmp_path):
    app = Hasty(Service(Folders([sample(tmp_path)])), lambda: NOW)
    async with app.run_test() as pilot:
        await until(pilot, gc.isenabled, "garbage is collected")
        assert gc.get_threshold()[2] == garbage.SELDOM
