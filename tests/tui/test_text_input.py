"""Prompts and filters: pastes are text, typing can be undone, and typed text is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.support.dashboard import dashboard, loaded, sample, until
from tldash.tui.app.app import TldashApp
from tldash.tui.prompts.prompt import Prompt
from tldash.tui.screens.session import SessionPage
from tldash.tui.widgets.pasted import join_items, join_lines, split_items
from tldash.tui.widgets.row_list import RowList

LAST = "ada/sessions/2026-10-05.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return sample(tmp_path)


async def lead_page(pilot: Pilot[None]) -> TldashApp:
    """The only lead's page."""
    app = pilot.app
    assert isinstance(app, TldashApp)
    await loaded(pilot)
    return app


async def done(pilot: Pilot[None], app: TldashApp) -> None:
    """Wait until all keys and edits are done."""
    await until(pilot, lambda: not len(app.input.queue) and not app.edits.any_pending, "all done")


def new_lines(before: str, after: str) -> list[str]:
    old = before.splitlines()
    return [line for line in after.splitlines() if line not in old]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one", "one"),
        ("  one ", "  one "),
        ("one\r\ntwo\rthree\n", "one two three"),
        ("\x1b[31mred\x1b[0m and \x1b]0;title\x07blue", "red and blue"),
        ("a\x1b[1mb\x1bc", "abc"),
        ("", ""),
    ],
)
def test_pasted_lines_become_one(text: str, line: str) -> None:
    assert join_lines(text) == line


def test_pasted_lists_lose_their_markers() -> None:
    text = "- [ ] call Wren\n  * draft it\n3. [x] send\n\nplain - text"
    for start in (True, False):
        joined = join_items(text, start=start)
        assert split_items(joined) == ["call Wren", "draft it", "send", "plain - text"]


def test_a_pasted_line_loses_its_marker_only_at_the_start() -> None:
    assert join_items("- [ ] call Wren\n", start=True) == "call Wren"
    assert join_items("2. Wren ", start=False) == "2. Wren "


async def test_a_pasted_list_adds_an_action_a_line_and_one_undo_removes_them(folder: Path) -> None:
    before = (folder / LAST).read_text()
    app = dashboard(folder / "ada")
    async with app.run_test(notifications=True) as pilot:
        await lead_page(pilot)
        await pilot.press("plus")
        app.post_message(events.Paste("- [ ] call Wren fri\n- [ ] draft it\n\n- \x1b[1msend it"))
        await until(pilot, lambda: "⏎" in app.screen.query_one(Input).value, "the paste")
        assert (folder / LAST).read_text() == before
        await pilot.press("enter")
        await until(pilot, lambda: (folder / LAST).read_text() != before, "they are written")
        await done(pilot, app)
        assert new_lines(before, (folder / LAST).read_text()) == [
            "- [ ] call Wren due:2026-11-27",
            "- [ ] draft it",
            "- [ ] send it",
        ]
        await pilot.press("u")
        await until(pilot, lambda: (folder / LAST).read_text() == before, "all are undone")


async def test_a_paste_without_a_prompt_is_offered_as_a_new_action(folder: Path) -> None:
    before = (folder / LAST).read_text()
    app = dashboard(folder / "ada")
    async with app.run_test(notifications=True) as pilot:
        await lead_page(pilot)
        app.post_message(events.Paste("D1 dec\n x dd"))
        await until(pilot, lambda: bool(app.screen.query(Prompt)), "the prompt")
        assert app.screen.query_one(Input).value == "D1 dec ⏎ x dd"
        assert (folder / LAST).read_text() == before


async def test_a_paste_where_no_lead_is_selected_is_offered_later(folder: Path) -> None:
    app = dashboard(folder / "ada")
    async with app.run_test(notifications=True) as pilot:
        await lead_page(pilot)
        await pilot.press("question_mark")
        app.post_message(events.Paste("call Wren"))
        await until(pilot, lambda: bool(app.state.typed), "it is kept")
        await pilot.press("escape", "plus")
        await until(pilot, lambda: bool(app.screen.query(Prompt)), "the prompt")
        assert app.screen.query_one(Input).value == "call Wren"


async def test_a_paste_into_a_palette_keeps_every_line(folder: Path) -> None:
    app = dashboard(folder)
    async with app.run_test(notifications=True) as pilot:
        await lead_page(pilot)
        await pilot.press("colon")
        app.post_message(events.Paste("ada\nlind"))
        await until(pilot, lambda: app.screen.query_one(Input).value == "ada lind", "both lines")


async def test_ctrl_z_and_ctrl_y_in_a_prompt_edit_the_prompt(folder: Path) -> None:
    app = dashboard(folder / "ada")
    async with app.run_test(notifications=True) as pilot:
        await lead_page(pilot)
        await pilot.press("space")
        await done(pilot, app)
        ticked = (folder / LAST).read_text()
        await pilot.press("plus", *"one two")
        box = app.screen.query_one(Input)
        await pilot.press("ctrl+z")
        assert box.value == "one "
        await pilot.press("ctrl+z", "ctrl+z", "ctrl+z", "ctrl+z")
        assert box.value == ""
        await pilot.press("ctrl+y", "ctrl+y", "ctrl+r")
        assert box.value == "one two"
        await pilot.press("ctrl+p", "f5")
        assert app.screen.focused is box
        await done(pilot, app)
        assert (folder / LAST).read_text() == ticked


@pytest.mark.parametrize("leave", [("escape",), ()])
async def test_quitting_asks_before_typed_text_is_lost(
    folder: Path, leave: tuple[str, ...]
) -> None:
    app = dashboard(folder / "ada")
    async with app.run_test(notifications=True) as pilot:
        await lead_page(pilot)
        await pilot.press("plus", *"call", *leave)
        key = "q" if leave else "ctrl+q"
        await pilot.press(key)
        await until(pilot, lambda: app.notice is not None, "the notice")
        assert app.notice is not None
        assert app.notice.text == f"{key} again discards the text “call”"
        assert app.is_running
        await pilot.press(key)
        await until(pilot, lambda: not app.is_running, "the end")


async def test_typed_text_survives_leaving_the_page(folder: Path) -> None:
    app = dashboard(folder)
    async with app.run_test(notifications=True) as pilot:
        await lead_page(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: len(app.screen_stack) == 2, "the lead's page")
        await pilot.press("plus", *"call", "escape", "escape", "enter", "plus")
        await until(pilot, lambda: bool(app.screen.query(Prompt)), "the prompt")
        await until(pilot, lambda: app.screen.query_one(Input).value == "call", "the text")


async def test_text_is_kept_if_its_item_is_gone(folder: Path) -> None:
    app = dashboard(folder / "ada")
    path = folder / LAST
    async with app.run_test(notifications=True) as pilot:
        await lead_page(pilot)
        await pilot.press("R", "X")
        text = app.screen.query_one(Input).value
        path.write_text(path.read_text().replace("Write the one-page cutover", "Another"))
        await until(pilot, lambda: "Another" in str(app.state.workspace.leads[0].actions), "read")
        await pilot.press("enter")
        look = app.screen.query_one("#look", Static)
        await until(pilot, lambda: "no longer in its file" in look.render().plain, "the reason")
        assert app.screen.query_one(Input).value == text
        await pilot.press("escape")
        await until(pilot, lambda: bool(app.state.typed), "it is kept")
        assert app.state.typed[0][1] == text
        assert text not in path.read_text()


async def test_an_action_added_on_a_session_page_is_selected(folder: Path) -> None:
    app = dashboard(folder / "ada")
    before = (folder / LAST).read_text()
    async with app.run_test(notifications=True) as pilot:
        await lead_page(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")
        await pilot.press("left_square_bracket", "plus", *"call Wren fri", "enter", "W")
        await done(pilot, app)
        assert new_lines(before, (folder / LAST).read_text()) == ["- [ ] call Wren due:2026-12-04"]
        page = app.screen
        assert isinstance(page, SessionPage)
        assert page.path == "sessions/2026-10-05.md"
        task = getattr(page.query_one(RowList).selected, "task", None)
        assert task is not None
        assert task.text == "call Wren"
