"""Undo what a dashboard does to the garbage collector of its process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Final

import pytest

EVERY: Final = 8
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
