"""Undo what a dashboard does to the garbage collector of its process."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _usual_collector() -> Iterator[None]:
    """Unfreeze what a test's dashboard has frozen: else every closed app stays in memory."""
    usual = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*usual)
    gc.enable()
