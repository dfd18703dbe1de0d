"""Check the time box of a part of a session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

MAX_MINUTES: Final = 24 * 60
"""The longest time box."""


def describe_minutes(minutes: Sequence[int | None] | None) -> tuple[str, str] | None:
    """Return what is wrong with the time box of a part, and what to write; None if it is right."""
    low, high = minutes or (None, None)
    if low is None or high is None or (0 <= low <= high <= MAX_MINUTES and high > 0):
        return None
    if low == high == 0:
        return "a part of 0 minutes has no clock", "write how long it takes, or leave minutes out"
    if low < 0 or high > MAX_MINUTES:
        return f"a part takes from 0 to {MAX_MINUTES} minutes", "write them as [3, 5]"
    return f"the shorter time is first: {low} is more than {high}", f"write [{high}, {low}]"
