"""Messages and clicks that come twice, or for what has just gone, do nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.style import Style
from textual import events
from textual.command import CommandList
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from tests.support.dashboard import dashboard, loaded, sample, until
from tests.tui.test_failed_edits import refused
from tests.tui.test_typed_edits import THREE, plain
from tldash.tui.app.app import TldashApp
from tldash.tui.keys import commands
from tldash.tui.palettes.palette import Palette
from tldash.tui.screens import PLAIN
from tldash.tui.screens.help import HelpPage
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.messages import DismissEdit, RetryEdit, RunCommand
from tldash.tui.widgets.bars import KeyBar, Notice


async def opened(pilot: Pilot[None], *keys: str) -> tuple[TldashApp, list[Screen[object]]]:
    """Press keys on the overview; return the screens below the one in front."""
    app = pilot.app
    assert isinstance(app, TldashApp)
    await loaded(pilot)
    await pilot.press(*keys)
    await until(pilot, lambda: not app.input.queue, "the effect of every key")
    return app, app.screen_stack[:-1]


async def entries(pilot: Pilot[None]) -> CommandList:
    """Return the entries of the palette in front, once there are some."""
    found = pilot.app.screen.query_one(CommandList)
    await until(pilot, lambda: found.option_count > 0, "the entries")
    return found


async def test_enter_twice_in_the_help_runs_a_command_once(tmp_path: Path) -> None:
    async with dashboard(sample(tmp_path)).run_test(notifications=True) as pilot:
        app, below = await opened(pilot, "enter", "question_mark")
        assert isinstance(app.screen, HelpPage)
        for _ in range(3):
            app.post_message(RunCommand(app.screen, commands.BACK))
        await until(pilot, lambda: app.screen_stack == below[:1], "the help and one screen closed")


async def test_the_key_bar_of_a_closed_screen_runs_nothing(tmp_path: Path) -> None:
    async with dashboard(sample(tmp_path)).run_test(notifications=True) as pilot:
        app, below = await opened(pilot, "enter", "a")
        bar = app.screen.query_one(KeyBar)
        for _ in range(3):
            app.post_message(KeyBar.Pressed(bar, commands.BACK))
        await until(pilot, lambda: app.screen_stack == below, "one screen closed")
        await pilot.pause()
        assert app.screen_stack == below


@pytest.mark.parametrize("message", [RetryEdit, DismissEdit])
async def test_a_failed_edit_is_retried_or_dismissed_once(
    tmp_path: Path, message: type[RetryEdit | DismissEdit]
) -> None:
    file = plain(tmp_path, THREE)
    async with dashboard(tmp_path / "ada").run_test(notifications=True) as pilot:
        app = await refused(pilot, file, "- [ ] one 📅 2026-12-01")
        number = app.state.failed_edits[0].number
        for _ in range(2):
            app.post_message(message(number))
        await until(pilot, lambda: not app.state.failed_edits, "it is off the list")
        await until(pilot, lambda: not app.edits.any_pending, "it is done")
        assert file.read_text().count("- [x] one") == (message is RetryEdit)


async def test_enter_twice_in_a_palette_opens_one_screen(tmp_path: Path) -> None:
    async with dashboard(sample(tmp_path)).run_test(notifications=True) as pilot:
        app, below = await opened(pilot, "colon")
        await entries(pilot)
        box = app.screen.query_one(Input)
        for _ in range(3):
            box.post_message(Input.Submitted(box, ""))
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the lead's page")
        await pilot.pause()
        assert app.screen_stack[:-1] == below


async def test_a_double_click_beside_a_palette_closes_it_alone(tmp_path: Path) -> None:
    async with dashboard(sample(tmp_path)).run_test(notifications=True) as pilot:
        app, below = await opened(pilot, "enter", "colon")
        assert isinstance(app.screen, Palette)
        await entries(pilot)
        await pilot.click(offset=(0, 0), times=3)
        await until(pilot, lambda: app.screen_stack == below, "the palette is closed")


async def test_a_click_on_an_entry_that_has_gone_does_nothing(tmp_path: Path) -> None:
    async with dashboard(sample(tmp_path)).run_test(notifications=True) as pilot:
        app, _ = await opened(pilot, "colon")
        found, palette = await entries(pilot), app.screen
        style = Style(meta={"option": found.option_count})
        x, y = found.region.x + 1, found.region.y + 1
        click = events.Click(found, 1, 1, 0, 0, 1, False, False, False, x, y, style=style)
        found.post_message(click)
        await pilot.pause()
        assert app.screen is palette


@pytest.mark.parametrize("keys", ["page_up", "page_down"])
async def test_page_keys_before_the_entries_are_laid_out_do_nothing(
    tmp_path: Path, keys: str
) -> None:
    async with dashboard(sample(tmp_path)).run_test(notifications=True) as pilot:
        app, _ = await opened(pilot, "colon")
        found, palette = await entries(pilot), app.screen
        options = list(found.options)
        found.clear_options().add_options(options)
        found.highlighted = 0
        await app.run_action(f"command_list('{keys}')", palette)
        assert app.screen is palette


async def test_a_notice_on_a_screen_that_is_not_there_yet_is_shown(tmp_path: Path) -> None:
    async with dashboard(sample(tmp_path)).run_test(notifications=True) as pilot:
        app, _ = await opened(pilot)
        app.action_open_page("actions")
        app.show_notice(Notice("hello"))
        bar = app.screen
        await until(pilot, lambda: bar.is_mounted, "the screen")
        await until(pilot, lambda: bar.query_one(KeyBar).notice == Notice("hello"), "the notice")


@pytest.mark.parametrize("name", [*sorted(PLAIN), "lead", "session", "notes", "brief"])
async def test_the_app_may_end_while_a_screen_opens(tmp_path: Path, name: str) -> None:
    """Its widgets are then mounted without the ones inside them."""
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        lead = app.state.workspace.leads[0]
        about = (lead.id, lead.sessions[0].path) if name == "session" else (lead.id,)
        app.action_open_page(name, *(() if name in PLAIN else about))
        app.exit()
    assert app.return_code == 0
