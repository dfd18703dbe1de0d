"""A dashboard for reading only: no key writes, none starts a program, and each says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import NOW, loaded, sample, until
from tests.tui.test_commands import DEFINED, PAGES
from tldash.editing.edits import AddTask
from tldash.model.permissions import NO_PROGRAMS_MESSAGE, READ_ONLY, READ_ONLY_MESSAGE, Permissions
from tldash.service.service import Service
from tldash.tui.app.app import TldashApp
from tldash.tui.keys.commands import EVERYWHERE, PALETTE, SEARCH, Command
from tldash.tui.palettes.commands import CommandProvider
from tldash.tui.prompts.prompt import Prompt
from tldash.tui.screens.help import HelpPage
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.messages import TOGGLE, ApplyEdit, EditTasks
from tldash.tui.screens.overview import OverviewPage
from tldash.tui.screens.page import Page
from tldash.tui.widgets.bars import KeyBar
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.task_rows import TaskRow
from tldash.user.last_seen import LastSeen
from tldash.workspace.folders import Folders

CHANGING = [command for command in DEFINED if command.needs]
WAYS = {
    "overview": [],
    "lead": ["enter"],
    "session": ["enter", "enter"],
    "actions": ["a"],
    "activity": ["y"],
    "problems": ["exclamation_mark"],
    "conflicts": ["g", "c"],
    "failed_edits": ["w"],
    "help": ["question_mark"],
    "manual": ["M"],
    "notes": ["O"],
    "brief": ["B"],
    "evidence": ["enter", "2", "F"],
    "search": ["ctrl+k", "tab"],
    "trends": ["percent_sign"],
    "item_history": ["enter", "I"],
    "session_mode": ["down", "down", "down", "C"],
}
"""The keys that lead from the first screen to each."""
WITHOUT_ITEMS = (
    *("overview", "help", "manual", "evidence", "notes", "search", "trends"),
    *("item_history", "conflicts"),
)
"""The screens on which no item may be selected."""


def reader(folder: Path, allowed: Permissions = READ_ONLY) -> TldashApp:
    """A dashboard of somebody who may only look, though the app remembers what was seen."""
    opened = Folders((folder,), read_only=True)
    files = Service(opened, lambda: LastSeen(folder.parent / "state", opened.places))
    return TldashApp(files, lambda: NOW, allowed=allowed)


def everything(top: Path) -> dict[str, tuple[bytes, int]]:
    """The bytes of every file below a folder and when it was changed; folders as well."""
    return {
        str(path.relative_to(top)): (
            path.read_bytes() if path.is_file() else b"",
            path.lstat().st_mtime_ns,
        )
        for path in sorted(top.rglob("*"))
    }


async def go(pilot: Pilot[None], name: str) -> None:
    """From the first screen to one, with a task item selected where it has any."""
    app = pilot.app
    for key in WAYS[name]:
        await pilot.press(key)
        await pilot.pause()

    def there() -> bool:
        return isinstance(app.screen, Page) and name == app.screen.NAME

    await until(pilot, there, name)
    for _ in range(30):
        assert isinstance(app.screen, Page)
        if name in WITHOUT_ITEMS or isinstance(app.screen.selected(), TaskRow):
            return
        await pilot.press("down")


def test_every_screen_is_walked_to() -> None:
    assert set(WAYS) == {page.NAME for page in PAGES}


@pytest.mark.parametrize("name", WAYS)
async def test_no_key_of_any_command_writes(name: str, tmp_path: Path, monkeypatch) -> None:
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\necho started > {tmp_path}/coaching/started\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    app = reader(sample(tmp_path))
    before = everything(tmp_path)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await go(pilot, name)
        page = app.screen
        assert isinstance(page, Page)
        everywhere = {command.name for command in EVERYWHERE}
        own = {command.name for command in page.OWN}
        # For time, the keys of every screen and those that a screen does not know are tried on one.
        others = everywhere | {command.name for command in CHANGING} if name == "lead" else set()
        for command in (one for one in DEFINED if one.name in own | others):
            for key in command.keys.split(","):
                await press(pilot, command, key, bound=command.name in own | everywhere)
                while app.screen is not page:
                    await pilot.press("escape")
                    if len(app.screen_stack) == 1:
                        await pilot.press(*WAYS[name])
                        await pilot.pause()
                        page = app.screen
        assert app.state.failed_edits == (), (
            "a command that writes does not say that it needs `edits`"
        )
    assert everything(tmp_path) == before


async def press(pilot: Pilot[None], command: Command, key: str, *, bound: bool) -> None:
    """A key, then what somebody would type who is asked something."""
    app = pilot.app
    assert isinstance(app, TldashApp)
    app.notice = None
    if command.name == "leave" and len(app.screen_stack) == 1:
        return
    await pilot.press(*key.split())
    await pilot.pause()
    if command.needs and bound:
        assert app.notice is not None, key
        assert app.notice.text == READ_ONLY_MESSAGE
    assert not app.screen.query(Prompt)
    if command in (PALETTE, SEARCH):
        await pilot.press("escape")
    if command.name in ("filter", "find", "search_manual"):
        await pilot.press("t", "enter", "escape")


@pytest.mark.parametrize("name", WAYS)
async def test_what_is_not_allowed_is_not_offered(name: str, tmp_path: Path) -> None:
    app = reader(sample(tmp_path))
    async with app.run_test(size=(200, 60)) as pilot:
        await loaded(pilot)
        await go(pilot, name)
        shown = {command for command, _ in app.screen.query_one(KeyBar).commands}
        assert shown
        assert not shown & set(CHANGING)
        found = {str(hit.help) async for hit in CommandProvider(app.screen).discover()}
        assert found
        assert not found & {command.help_text for command in CHANGING}
        if name != "help":
            await pilot.press("question_mark")
            await until(pilot, lambda: isinstance(app.screen, HelpPage), "the help")
        rows = app.screen.query_one(RowList)
        text = "\n".join(line.plain for row in rows.rows for line in row.lines(180))
        assert not [command.help_text for command in CHANGING if command.help_text in text]
        assert "read-only" in app.screen.query_one("TitleBar").render().plain


async def test_the_mouse_is_answered_as_the_keys_are(tmp_path: Path) -> None:
    folder = sample(tmp_path)
    app = reader(folder / "ada")
    before = everything(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        rows = app.screen.query_one("#actions", RowList)
        row = next(row for row in rows.rows if isinstance(row, TaskRow))
        app.screen.post_message(EditTasks([row.task], TOGGLE))
        await until(pilot, lambda: app.notice is not None, "the answer")
        assert app.notice is not None
        assert app.notice.text == READ_ONLY_MESSAGE
        assert not app.edits.pending.sent
    assert everything(folder) == before


async def test_a_wish_that_slips_by_ends_at_the_door(tmp_path: Path) -> None:
    app = reader(sample(tmp_path) / "ada")
    before = everything(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        lead = app.state.workspace.leads[0]
        page = app.screen
        assert isinstance(page, LeadPage)
        page.post_message(ApplyEdit(AddTask(lead.sessions[0].path, "slipped by")))
        await until(pilot, lambda: app.notice is not None, "the answer")
        assert app.notice is not None
        assert READ_ONLY_MESSAGE in app.notice.text
        for step in ("undo", "redo"):
            app.notice = None
            app.action_revert(step)
            await until(pilot, lambda: app.notice is not None, step)
            assert app.notice.text == READ_ONLY_MESSAGE
    assert everything(tmp_path) == before


async def test_who_may_edit_but_start_no_program_is_told_why(tmp_path: Path) -> None:
    folder = sample(tmp_path)
    allowed = Permissions(can_start_programs=False)
    app = TldashApp(Service(Folders((folder,))), lambda: NOW, allowed=allowed)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        assert isinstance(app.screen, OverviewPage)
        await pilot.press("o")
        assert app.notice is not None
        assert app.notice.text == NO_PROGRAMS_MESSAGE
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the lead")
        assert "add" in {command.name for command, _ in app.screen.query_one(KeyBar).commands}
