"""The palettes: commands, saved views and headings. Each is imported when it is first opened."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tldash.tui.palettes.palette import Palette


def make(name: str) -> Palette:
    """Create the palette of a module of this package."""
    made: Palette = import_module(f"{__name__}.{name}").palette()
    return made
