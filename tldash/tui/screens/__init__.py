"""The screens, each imported when it is first asked for, because a start is waited for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tldash.tui.screens.page import Page

_PAGES: Final = {
    "overview": "OverviewPage",
    "lead": "LeadPage",
    "session": "SessionPage",
    "actions": "ActionsPage",
    "activity": "ActivityPage",
    "problems": "ProblemsPage",
    "failed_edits": "FailedEditsPage",
    "manual": "ManualPage",
}
"""The module of a screen, which is its name too, and the class in it."""
PLAIN: Final = frozenset({"actions", "activity", "problems", "failed_edits", "manual"})
"""The screens that are about everything."""


def make(name: str, *about: str) -> Page:
    """A new screen: `lead` about an id; `session` about a lead's id, a path and maybe a line."""
    made: Callable[..., Page] = getattr(import_module(f"{__name__}.{name}"), _PAGES[name])
    return made(*about)


def classes() -> list[type[Page]]:
    """Every screen's class."""
    names = {**_PAGES, "help": "HelpPage"}
    return [getattr(import_module(f"{__name__}.{name}"), one) for name, one in names.items()]
