"""Undo what a dashboard does to the garbage collector of its process."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pytest
import textual.app
from textual.app import App
from textual.pilot import wait_for_idle

EVERY: Final = 16
"""A closed dashboard takes 3 MB until the collector frees it, which takes 0.1 s."""
_since = 0


@pytest.fixture(autouse=True)
def _usual_collector() -> Iterator[None]:
    """Unfreeze what a test's dashboard has frozen, and free closed dashboards now and then.

    The collector would look at them only after the heap has grown by a quarter.
    """
    global _since  # noqa: PLW0603 - counts the tests of this process
    usual = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*usual)
    gc.enable()
    _since += 1
    if _since == EVERY:
        gc.collect()
        _since = 0


@pytest.fixture(autouse=True)
def _fast_typing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Type the keys of one `press` in one burst, and wait once after it.

    Textual waits after each key until the process has been idle for 40 ms. The dashboard has to
    take keys however fast they come (see `tldash.tui.app.input_queue`).
    """
    press = App._press_keys

    async def burst(app: App[Any], keys: Iterable[str]) -> None:
        await press(app, keys)
        await wait_for_idle(0)

    async def give_way(_: float = 0) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(textual.app, "wait_for_idle", give_way)
    monkeypatch.setattr(App, "_press_keys", burst)
