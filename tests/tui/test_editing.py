"""Changing task items by key or by typing, and writing new ones down: what the file holds then."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.support.dashboard import dashboard, loaded, until
from tests.tui.test_failed_edits import screen_text
from tldash.tui.app.app import TldashApp
from tldash.tui.prompts.prompt import Prompt
from tldash.tui.screens.messages import TOGGLE
from tldash.tui.screens.session import SessionPage
from tldash.tui.widgets.row_list import RowList

ONE = "- [ ] call the vendor 📅 2026-11-24"
BODY = f"# Two\n\n## Actions\n{ONE}\n- [ ] write it down\n"
PLAN = "---\nname: Plan\n---\n## Agenda\n- [ ] the outage\n"
NOT_TYPED = {
    " ": "space",
    "#": "number_sign",
    "@": "at",
    "-": "minus",
    "+": "plus",
    "'": "apostrophe",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A lead's folder with a session held and one planned."""
    root = tmp_path / "ada"
    (root / "sessions").mkdir(parents=True)
    (root / "lead.md").write_text("---\nname: Ada\ncoach: Mira\n---\n")
    (root / "sessions" / "2026-11-03.md").write_text(BODY)
    (root / "sessions" / "2026-12-02.md").write_text(PLAN)
    return root


def held(folder: Path) -> str:
    return (folder / "sessions" / "2026-11-03.md").read_text()


async def keys(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*(NOT_TYPED.get(sign, sign) for sign in text))


@pytest.mark.parametrize(
    ("pressed", "line"),
    [
        ("i", "- [/] call the vendor 📅 2026-11-24"),
        ("minus", "- [-] call the vendor 📅 2026-11-24 ❌ 2026-11-20"),
        ("greater_than_sign", "- [ ] call the vendor 📅 2026-11-25"),
        ("less_than_sign", "- [ ] call the vendor 📅 2026-11-23"),
        ("W", "- [ ] call the vendor 📅 2026-12-01"),
        ("N", "- [ ] call the vendor #next-session 📅 2026-12-02"),
        ("at", "- [ ] call the vendor @coach 📅 2026-11-24"),
        ("W greater_than_sign greater_than_sign", "- [ ] call the vendor 📅 2026-12-03"),
        ("i i", ONE),
        ("space greater_than_sign", "- [x] call the vendor 📅 2026-11-25 ✅ 2026-11-20"),
        ("greater_than_sign space", "- [x] call the vendor 📅 2026-11-25 ✅ 2026-11-20"),
        ("i space space", "- [/] call the vendor 📅 2026-11-24"),
    ],
)
async def test_by_one_key(folder: Path, pressed: str, line: str) -> None:
    app = dashboard(folder)
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press(*pressed.split())
        wanted = BODY.replace(ONE, line)
        await until(pilot, lambda: not app.edits.pending.sent and held(folder) == wanted, line)
        for _ in pressed.split():
            await pilot.press("u")
        await until(pilot, lambda: held(folder) == BODY, "the undoing")
        assert not app.state.failed_edits


async def test_a_key_on_a_row_that_is_older_than_the_file_changes_what_is_there(folder) -> None:
    """The status that two quick ticks restore is that of the file, not that of the row."""
    app = dashboard(folder)
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        drawn = app.state.workspace.leads[0].actions[0].task
        await pilot.press("i")
        started = BODY.replace(ONE, "- [/] call the vendor 📅 2026-11-24")
        await until(pilot, lambda: not app.edits.any_pending and held(folder) == started, "[/]")
        for wanted in (
            "- [x] call the vendor 📅 2026-11-24 ✅ 2026-11-20",
            ONE.replace(" ]", "/]"),
        ):
            app.edits.change([drawn], TOGGLE)
            changed = BODY.replace(ONE, wanted)
            await until(pilot, lambda: held(folder) == changed, wanted)  # noqa: B023 - at once
            await until(pilot, lambda: not app.edits.any_pending, "the result")


async def test_a_new_action_shows_its_line_before_it_is_written(folder: Path) -> None:
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("plus")
        await until(pilot, lambda: "new action of Ada" in screen_text(app), "the question")
        await keys(pilot, "ask Bob fri #vision @coach")
        line = "- [ ] ask Bob #vision @coach 📅 2026-11-27"
        shown = "→ - [ ] ask Bob #vision @coach"
        await until(pilot, lambda: shown in screen_text(app), "the line")
        assert "in 7 days" in screen_text(app) and "sessions/2026-11-03.md" in screen_text(app)
        assert held(folder) == BODY
        await pilot.press("enter")
        await until(pilot, lambda: held(folder) == f"{BODY}{line}\n", "the action")
        assert not app.screen.query(Prompt)
        assert isinstance(app.screen.focused, RowList)
        await until(
            pilot,
            lambda: app.notice is not None and "added" in app.notice.text,
            "the word",
        )
        await pilot.press(
            "greater_than_sign"
        )  # what was just written is what the next key is about
        later = line.replace("11-27", "11-28")
        await until(pilot, lambda: held(folder) == f"{BODY}{later}\n", "a day later")


async def test_what_was_typed_and_left_is_there_the_next_time(folder: Path) -> None:
    app = dashboard(folder)
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("plus")
        await keys(pilot, "half a th")
        await pilot.press("escape")
        await until(pilot, lambda: not app.screen.query(Prompt), "no prompt")
        await pilot.press("plus")
        await keys(pilot, "ought")
        await pilot.press("enter")
        await until(pilot, lambda: "- [ ] half a thought\n" in held(folder), "the action")
        await pilot.press("plus")
        await pilot.pause()
        assert app.screen.query_one(Input).value == ""


@pytest.mark.parametrize(
    ("key", "typed", "line"),
    [
        ("R", " now", "- [ ] call the vendor now 📅 2026-11-24"),
        ("D", "1 dec", "- [ ] call the vendor 📅 2026-12-01"),
        ("D", "next session", "- [ ] call the vendor #next-session 📅 2026-12-02"),
        ("D", "none", "- [ ] call the vendor"),
    ],
)
async def test_by_typing(folder: Path, key: str, typed: str, line: str) -> None:
    app = dashboard(folder)
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press(key)
        await keys(pilot, typed)
        await pilot.press("enter")
        await until(pilot, lambda: held(folder) == BODY.replace(ONE, line), line)


async def test_what_nobody_understands_is_said_and_nothing_is_lost(folder: Path) -> None:
    app = dashboard(folder)
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("D")
        await keys(pilot, "some day")
        await pilot.press("enter")
        await until(pilot, lambda: "type fri, 2w, 1 dec" in screen_text(app), "the way out")
        assert "some day" in screen_text(app)
        assert held(folder) == BODY


async def test_a_topic_goes_on_the_agenda_of_the_next_session(folder: Path) -> None:
    app = dashboard(folder)
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("T")
        await keys(pilot, "hiring")
        await pilot.press("enter")
        file = folder / "sessions" / "2026-12-02.md"
        await until(pilot, lambda: file.read_text() == f"{PLAN}- [ ] hiring\n", "the topic")


async def test_from_the_overview_it_goes_to_the_selected_lead(tmp_path: Path) -> None:
    for name in ("ada", "ben"):
        (tmp_path / "c" / name).mkdir(parents=True)
        (tmp_path / "c" / name / "2026-11-03.md").write_text("- [ ] x\n")
    app = dashboard(tmp_path / "c")
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("down", "plus")
        await keys(pilot, "more")
        await pilot.press("enter")
        texts = [tmp_path / "c" / name / "2026-11-03.md" for name in ("ada", "ben")]
        await until(pilot, lambda: any("more" in path.read_text() for path in texts), "the action")
        assert sum("more" in path.read_text() for path in texts) == 1


async def test_where_there_is_no_session_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "lead.md").write_text("# Ada\n")
    app = dashboard(tmp_path / "ada")
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("plus")
        await keys(pilot, "more")
        await pilot.press("enter")
        await until(pilot, lambda: "has no session file" in screen_text(app), "why")
        assert isinstance(app, TldashApp)
        await pilot.press("escape")


async def test_n_plans_the_next_session_on_the_page_of_a_session_too(tmp_path: Path) -> None:
    folder = tmp_path / "ada"
    (folder / "sessions").mkdir(parents=True)
    (folder / "lead.md").write_text("---\nname: Ada\ncadence: monthly\n---\n")
    for day in ("2026-10-06", "2026-11-03"):
        (folder / "sessions" / f"{day}.md").write_text(BODY)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")
        page = app.screen
        assert isinstance(page, SessionPage)
        assert page.path == "sessions/2026-10-06.md"
        await pilot.press("right_square_bracket")
        assert page.path == "sessions/2026-11-03.md"
        await pilot.press("p")
        assert page.path == "sessions/2026-11-03.md"
        await pilot.press("left_square_bracket")
        assert page.path == "sessions/2026-10-06.md"
        await pilot.press("n")
        await until(pilot, lambda: "next session with Ada" in screen_text(app), "the question")
        assert page.path == "sessions/2026-10-06.md"
        await pilot.press("enter")
        made = folder / "sessions" / "2026-12-03.md"
        await until(pilot, made.exists, "the session")
        await until(pilot, lambda: getattr(app.screen, "path", "").endswith(made.name), "its page")


async def test_n_plans_the_next_session_and_shows_it(tmp_path: Path) -> None:
    folder = tmp_path / "ada"
    (folder / "sessions").mkdir(parents=True)
    (folder / "lead.md").write_text("---\nname: Ada\ncadence: monthly\n---\n")
    (folder / "sessions" / "2026-11-03.md").write_text(BODY)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: "n plans it" in screen_text(app), "the hint")
        await pilot.press("n")
        await until(pilot, lambda: "sessions/2026-12-03.md" in screen_text(app), "the usual day")
        await pilot.press(*["backspace"] * 10)
        await keys(pilot, "in 2 weeks")
        await until(pilot, lambda: "sessions/2026-12-04.md" in screen_text(app), "the day")
        assert not (folder / "sessions" / "2026-12-04.md").exists()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")
        assert (
            (folder / "sessions" / "2026-12-04.md").read_text().startswith("---\ndate: 2026-12-04")
        )
        await pilot.press("escape", "n")
        await until(pilot, lambda: "planned already" in screen_text(app), "the planned one")
        assert isinstance(app.screen, SessionPage)
