"""The size of a page in characters."""

from __future__ import annotations

from typing import Final

MAX_SIZE: Final = 500
"""Columns and rows of a page."""


def clamp_size(number: int) -> int:
    """Return a number of columns or rows within the limits."""
    return max(1, min(number, MAX_SIZE))
