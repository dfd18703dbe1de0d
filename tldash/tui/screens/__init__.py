"""The screens. Each is imported when it is first opened, to keep the start fast."""

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
    "notes": "NotesPage",
    "brief": "BriefPage",
    "evidence": "EvidencePage",
    "trends": "TrendsPage",
    "item_history": "ItemHistoryPage",
    "session_mode": "SessionModePage",
    "actions": "ActionsPage",
    "activity": "ActivityPage",
    "problems": "ProblemsPage",
    "conflicts": "ConflictsPage",
    "failed_edits": "FailedEditsPage",
    "manual": "ManualPage",
    "search": "SearchPage",
}
"""The class of a screen by its module, which is also its name."""
PLAIN: Final = frozenset(
    {"actions", "activity", "problems", "conflicts", "failed_edits", "manual", "search"}
)
"""The screens that need no arguments."""


def make(name: str, *about: str) -> Page:
    """Create a screen.

    `lead`, `brief` and `trends` take the id of a lead; `session` the id, a path and optionally a
    line and words to highlight there; `notes` the same with an optional path; `session_mode` the
    id, a path and optionally the dated heading of the session in its file; `evidence` the id, that
    of a skill and optionally the line of a marker; `item_history` a kind (`item`, `level` or
    `goals`), the id, and the text, path and line of an item or the id of a skill. `conflicts` may
    take the path of a file in conflict.
    """
    made: Callable[..., Page] = getattr(import_module(f"{__name__}.{name}"), _PAGES[name])
    return made(*about)


def classes() -> list[type[Page]]:
    """Return the classes of all screens."""
    names = {**_PAGES, "help": "HelpPage"}
    return [getattr(import_module(f"{__name__}.{name}"), one) for name, one in names.items()]
