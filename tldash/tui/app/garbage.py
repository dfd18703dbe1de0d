"""Collect garbage while the dashboard is idle, so that no frame waits for it.

A full collection scans every object, which takes longer than a frame with thousands of actions.
Objects of the first read are frozen (`gc.freeze`), so they are never scanned.
"""

from __future__ import annotations

import gc
from typing import Final

REST: Final = 2.0
"""Seconds without a change after which the dashboard counts as idle."""
ENOUGH: Final = 10
"""Collections of generation 1 after which a full one is worth its time."""
SELDOM: Final = 50
"""The same, if the dashboard is never idle."""


def begin() -> None:
    """Freeze the objects that exist by now, and enable collection."""
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, SELDOM)
    gc.enable()


def collect_if_idle(idle_for: float) -> None:
    """Run a full collection if enough has piled up and nothing changed for `REST` seconds."""
    if idle_for >= REST and gc.isenabled() and gc.get_count()[2] >= ENOUGH:
        gc.collect()
