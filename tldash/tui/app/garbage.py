"""When garbage is collected: while nothing happens, rather than while somebody waits.

A full collection looks at every object, which takes longer than a frame with thousands of actions.
What was read at the start stays, so it is never looked at; what comes after is, at rest.
"""

from __future__ import annotations

import gc
from typing import Final

REST: Final = 2.0
"""Seconds without a change after which nobody waits."""
ENOUGH: Final = 10
"""Collections of middle-aged objects after which a full one is worth it."""
SELDOM: Final = 50
"""The same, where there is no rest at all."""


def begin() -> None:
    """Collect from now on, but never look again at what there is by now."""
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, SELDOM)
    gc.enable()


def collect_at_rest(seconds: float) -> None:
    """Look at everything, if there is reason to and nothing has changed for so many seconds."""
    if seconds >= REST and gc.isenabled() and gc.get_count()[2] >= ENOUGH:
        gc.collect()
