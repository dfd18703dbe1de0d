"""How long a change stays marked: each for its own few seconds, whatever else changes meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tldash.model.item_keys import Key

GLOW: Final = 4.0
"""Seconds for which a change stays marked."""
STEP: Final = 0.5
"""Seconds between two looks at what has gone out, so that many changes do not mean many looks."""


class Glow:
    """What is marked, and until when. Times are those of a monotonic clock, in seconds."""

    def __init__(self) -> None:
        self._until: dict[Key, float] = {}
        self.lit_at = 0.0
        """When something changed last, whether or not anything was marked."""

    @property
    def keys(self) -> frozenset[Key]:
        """What is marked now."""
        return frozenset(self._until)

    def light(self, keys: Iterable[Key], now: float) -> None:
        """Mark these, those that are marked already for longer."""
        self.lit_at = now
        for key in keys:
            self._until[key] = now + GLOW

    def fade(self, now: float) -> None:
        """Let go of what was marked long enough."""
        self._until = {key: until for key, until in self._until.items() if until > now}

    def wait(self, now: float) -> float:
        """Seconds until there is something to let go of again; 0 where nothing is marked."""
        return max(min(self._until.values()) - now, STEP) if self._until else 0.0
