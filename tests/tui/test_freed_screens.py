"""A screen that was closed is freed: opening pages all day takes no more memory."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from weakref import ref

import pytest
from textual.screen import Screen

from tests.support.dashboard import dashboard, loaded, until
from tests.support.examples import THOROUGH
from tests.support.records import write
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.messages import OpenPalette

TIMES = 50 if THOROUGH else 5
"""A page that is kept once is found; in the thorough profile, as often as somebody opens it."""
SESSION = "ada/2026-10-05.md"
SCREENS: dict[str, Callable[[TldashApp], object]] = {
    "lead": lambda app: app.action_open_page("lead", "ada"),
    "session": lambda app: app.action_open_page("session", "ada", SESSION),
    "notes": lambda app: app.action_open_page("notes", "ada"),
    "evidence": lambda app: app.action_open_page("evidence", "ada", "vision"),
    "trends": lambda app: app.action_open_page("trends", "ada"),
    "history": lambda app: app.action_open_page("item_history", "goals", "ada"),
    "actions": lambda app: app.action_open_page("actions"),
    "activity": lambda app: app.action_open_page("activity"),
    "problems": lambda app: app.action_open_page("problems"),
    "conflicts": lambda app: app.action_open_page("conflicts", SESSION),
    "failed edits": lambda app: app.action_open_page("failed_edits"),
    "manual": lambda app: app.action_open_page("manual"),
    "search": lambda app: app.action_open_page("search"),
    "help": lambda app: app.action_help(),
    "palette of commands": lambda app: app.action_open_palette("commands"),
    "palette of views": lambda app: app.post_message(OpenPalette("views")),
}


@pytest.mark.parametrize("name", SCREENS)
async def test_a_closed_screen_is_freed(tmp_path: Path, name: str) -> None:
    files = {"ada/lead.md": "---\nname: Ada\n---\n", SESSION: "# One\n## Actions\n- [ ] call\n"}
    app = dashboard(write(tmp_path, files))
    async with app.run_test(size=(40, 15)) as pilot:
        await loaded(pilot)
        first = app.screen
        closed: list[ref[Screen[object]]] = []
        for _ in range(TIMES):
            SCREENS[name](app)
            await until(pilot, lambda: app.screen is not first and app.screen.is_mounted, name)
            closed.append(ref(app.screen))
            await app.screen.dismiss()
            await until(pilot, lambda: app.screen is first, "the first screen")

        def all_freed() -> bool:
            gc.unfreeze()
            gc.collect()
            return not any(screen() for screen in closed)

        await until(pilot, all_freed, "no closed screen is in memory")
