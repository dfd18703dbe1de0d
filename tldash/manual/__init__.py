"""The user's manual: Markdown pages that come with the package, for screens and commands."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

NAMES: Final = ("start", "format", "commands", "problems", "files", "speed")
"""The pages, in the order in which to read them."""


def page(name: str) -> str:
    """The Markdown of one page: one of `NAMES`, else KeyError."""
    if name not in NAMES:
        raise KeyError(name)
    return files(__name__).joinpath(f"{name}.md").read_text("utf-8")


def pages() -> dict[str, str]:
    """Every page by its name, in the order of `NAMES`."""
    return {name: page(name) for name in NAMES}
