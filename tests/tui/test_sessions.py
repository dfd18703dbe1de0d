"""Sessions that are planned, moved, called off and reopened by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, until
from tests.support.records import write
from tests.tui.test_failed_edits import screen_text
from tldash.tui.app.app import TldashApp
from tldash.tui.prompts.prompt import Prompt
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.session import SessionPage

HELD = "---\ndate: 2026-11-03 16:00\nnext: 2026-12-01\n---\n# Three\n\nTalked.\n\n## Actions\n"
FILES = {
    "lead.md": "---\nname: Ada Lindqvist\ncadence: monthly\n---\n",
    "sessions/2026-10-06.md": "---\ndate: 2026-10-06 16:00\n---\n# Two\n\nTalked.\n",
    "sessions/2026-11-03.md": f"{HELD}- [ ] call due:2026-12-01 #next-session\n",
    "sessions/2026-12-01.md": "---\ndate: 2026-12-01 16:00\n---\n# Four\n\n## Agenda\n- [ ] own\n",
}
PLAN = "sessions/2026-12-01.md"
MOVED = {path.replace("12-01", "12-04"): text for path, text in FILES.items()}
MOVED = {path: text.replace("2026-12-01", "2026-12-04") for path, text in MOVED.items()}
MOVED["sessions/2026-12-04.md"] = MOVED["sessions/2026-12-04.md"].replace("16:00", "09:30")
MOVED["sessions/2026-11-03.md"] = MOVED["sessions/2026-11-03.md"].replace(
    "next: 2026-12-04", "next: 2026-12-04 09:30"
)


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "ada", FILES)


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def shown(app: TldashApp, text: str) -> Callable[[], bool]:
    return lambda: text in " ".join(screen_text(app).split())


async def asked(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait for the prompt."""
    await pilot.press(*keys)
    await until(pilot, lambda: bool(pilot.app.screen.query(Prompt)), "the prompt")


async def on_session(pilot: Pilot[None], app: TldashApp, path: str = PLAN) -> SessionPage:
    app.action_open_page("session", "ada", path)
    await until(pilot, lambda: isinstance(app.screen, SessionPage), "the page")
    await until(pilot, shown(app, "Talked." if path != PLAN else "own"), "its text")
    page = app.screen
    assert isinstance(page, SessionPage)
    return page


async def test_a_session_moves_with_a_preview_and_its_page_follows(folder: Path) -> None:
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        page = await on_session(pilot, app)
        await asked(pilot, "x", "m")
        await until(pilot, shown(app, "fri 16:00, tomorrow 4pm"), "what to type")
        await pilot.press(*"4 dec 9.30")
        preview = "Fri 4 Dec 09:30, in 14 days 2026-12-04.md"
        await until(pilot, shown(app, preview), "the day")
        await until(pilot, shown(app, "also next: in 2026-11-03.md, 1 action due by then"), "all")
        assert contents(folder) == FILES
        await pilot.press("enter")
        await until(pilot, lambda: contents(folder) == MOVED, "the files")
        await until(pilot, lambda: page.path == "sessions/2026-12-04.md", "the page")
        await until(pilot, shown(app, "moved to 2026-12-04 09:30"), "the notice")
        assert app.screen is page
        assert shown(app, "Fri 4 Dec 09:30")()
        await pilot.press("space")
        await until(pilot, lambda: "- [x] own" in contents(folder)[page.path], "a tick")
        await pilot.press("u", "u")
        await until(pilot, lambda: contents(folder) == FILES, "as before")
        await until(pilot, shown(app, "undone: moved to 2026-12-04 09:30"), "the notice")
        await until(pilot, lambda: page.path == PLAN, "the page")
        await pilot.press("U")
        await until(pilot, lambda: contents(folder) == MOVED, "again")
        assert app.state.activity == ()


async def test_days_that_are_taken_or_gone(folder: Path) -> None:
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await on_session(pilot, app)
        await asked(pilot, "x", "m")
        await pilot.press(*"2026-11-03", "enter")
        await until(pilot, shown(app, "already has a session on 2026-11-03"), "taken")
        await pilot.press("ctrl+u", *"19 nov 2026")
        await until(pilot, shown(app, "yesterday 2026-11-19.md in the past"), "the past")
        await pilot.press("ctrl+u", *"soon")
        await until(pilot, shown(app, "type fri 16:00"), "no day")
        assert contents(folder) == FILES
        (folder / PLAN).unlink()
        await until(pilot, shown(app, "is gone"), "the page without its file")
        await pilot.press("ctrl+u", *"4 dec", "enter")
        await until(pilot, shown(app, "is no longer in the folder"), "the notice")
        assert contents(folder) == {path: FILES[path] for path in FILES if path != PLAN}


async def test_the_row_of_sessions_and_the_lead(folder: Path) -> None:
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        assert isinstance(app.screen, LeadPage)
        await pilot.press("x", "c")  # the next one
        cancelled = FILES[PLAN].replace("16:00\n", "16:00\nstatus: cancelled\n")
        await until(pilot, lambda: contents(folder)[PLAN] == cancelled, "cancelled")
        await until(pilot, shown(app, "cancelled: session of Ada Lindqvist on 2026-12-01"), "it")
        await pilot.press("x", "r")  # the one that is called off
        await until(pilot, lambda: contents(folder) == FILES, "reopened")
        await pilot.press("s", "left", "x", "x")  # the one under the cursor
        missed = FILES["sessions/2026-11-03.md"].replace(
            "next: 2026-12-01\n", "next: 2026-12-01\nstatus: missed\n"
        )
        await until(pilot, lambda: contents(folder)["sessions/2026-11-03.md"] == missed, "missed")
        await pilot.press("right", "x", "x")
        await until(pilot, shown(app, "it is still to come"), "why not")
        await pilot.press("u")
        await until(pilot, lambda: contents(folder) == FILES, "undone")


async def test_n_opens_the_planned_session_and_offers_to_move_it(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "coaching",
        {**{f"ada/{path}": text for path, text in FILES.items()}, "ben/lead.md": ""},
    )
    before = contents(folder)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("slash", *"ada", "enter", "n")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the page")
        notice = "planned already: Tue 1 Dec 16:00; x m moves it"
        await until(pilot, shown(app, notice), "the offer")
        await asked(pilot, "x", "m")
        await pilot.press("escape", "escape")
        await pilot.press("x", "m")
        await until(pilot, shown(app, "move the session with Ada Lindqvist"), "the prompt")
        await pilot.press("ctrl+u", *"11:15", "enter")
        moved = before[f"ada/{PLAN}"].replace("16:00", "11:15")
        await until(pilot, lambda: contents(folder)[f"ada/{PLAN}"] == moved, "another time")
        assert contents(folder).keys() == before.keys()


async def test_a_new_session_is_at_the_usual_time_and_takes_what_was_due(folder: Path) -> None:
    (folder / PLAN).unlink()
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await asked(pilot, "n")
        await until(pilot, shown(app, "Tue 1 Dec 16:00, in 11 days"), "the proposal")
        await pilot.press("ctrl+u", *"4 dec")
        preview = "Fri 4 Dec 16:00, in 14 days, the usual time, instead of Tue 1 Dec"
        await until(pilot, shown(app, preview), "another day")
        await pilot.press("enter")
        made = "sessions/2026-12-04.md"
        await until(pilot, lambda: made in contents(folder), "the file")
        assert contents(folder)[made].startswith("---\ndate: 2026-12-04 16:00\n")
        last = MOVED["sessions/2026-11-03.md"].replace("09:30", "16:00")
        await until(pilot, lambda: contents(folder)["sessions/2026-11-03.md"] == last, "next:")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "its page")
        await pilot.press("u")
        left = {path: text for path, text in FILES.items() if path != PLAN}
        await until(pilot, lambda: contents(folder) == left, "undone")
        await until(pilot, shown(app, "undone: new session"), "the notice")


async def test_without_a_session_the_keys_say_so(tmp_path: Path) -> None:
    folder = write(tmp_path / "ada", {"lead.md": "---\nname: Ada\n---\n"})
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        for key, why in (
            ("m", "Ada has no next session planned"),
            ("c", "Ada has no next session planned"),
            ("x", "Ada has no session that could be missed"),
            ("r", "Ada has no cancelled or missed session"),
        ):
            app.notice = None
            await pilot.press("x", key)
            await until(pilot, lambda: app.notice is not None, key)
            assert app.notice is not None
            assert app.notice.text == why
