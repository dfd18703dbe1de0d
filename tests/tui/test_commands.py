"""Every command can be reached by key, footer or palette, and help, from one definition."""

from __future__ import annotations

import inspect

import pytest
from textual.app import App

from tests.tui.support import dashboard, loaded, sample, until
from tldash.tui import commands
from tldash.tui.app import TldashApp
from tldash.tui.commands import EVERYWHERE, Command
from tldash.tui.palette import CommandProvider
from tldash.tui.screens.actions import ActionsPage
from tldash.tui.screens.activity import ActivityPage
from tldash.tui.screens.help import HelpPage
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.manual import ManualPage
from tldash.tui.screens.overview import OverviewPage
from tldash.tui.screens.page import Page
from tldash.tui.screens.problems import ProblemsPage
from tldash.tui.screens.refused import RefusedPage
from tldash.tui.screens.session import SessionPage
from tldash.tui.widgets.rows import RowList

PAGES: tuple[type[Page], ...] = (
    OverviewPage,
    LeadPage,
    SessionPage,
    ActionsPage,
    ActivityPage,
    ProblemsPage,
    RefusedPage,
    HelpPage,
    ManualPage,
)
DEFINED = [value for _, value in inspect.getmembers(commands) if isinstance(value, Command)]


@pytest.mark.parametrize("page", PAGES)
def test_a_screen_can_do_what_it_offers(page: type[Page]) -> None:
    bound = {binding.action for bindings in page.BINDINGS for binding in [bindings]}
    for command in page.OWN:
        assert callable(getattr(page, f"action_{command.name}"))
        assert command.name in bound


def test_the_app_can_do_what_every_screen_offers() -> None:
    for command in EVERYWHERE:
        assert callable(getattr(TldashApp, f"action_{command.name}"))


def test_no_command_is_defined_and_offered_nowhere() -> None:
    offered = {*EVERYWHERE, *(command for page in PAGES for command in page.OWN)}
    assert set(DEFINED) == offered


@pytest.mark.parametrize("page", PAGES)
def test_no_key_means_two_things_on_a_screen(page: type[Page]) -> None:
    keys = [key for command in (*page.OWN, *EVERYWHERE) for key in command.keys.split(",")]
    assert len(keys) == len(set(keys))


def test_no_key_hides_one_of_textuals_own_ways_out() -> None:
    used = {key for command in DEFINED for key in command.keys.split(",")}
    assert not used & {"ctrl+q", "ctrl+c"}
    assert App.BINDINGS


async def test_help_lists_the_keys_of_the_screen_before(tmp_path) -> None:
    app = dashboard(sample(tmp_path) / "ada")
    async with app.run_test(size=(120, 60)) as pilot:
        await loaded(pilot)
        await pilot.press("question_mark")
        rows = app.screen.query_one(RowList)
        await until(pilot, lambda: bool(rows.rows), "the help")
        text = "\n".join(line.plain for row in rows.rows for line in row.lines(110))
    for command in (*LeadPage.OWN, *EVERYWHERE):
        assert command.says in text


async def test_the_palette_has_every_command_of_the_screen(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test() as pilot:
        await loaded(pilot)
        provider = CommandProvider(app.screen)
        found = [str(hit.help) async for hit in provider.discover()]
        expected = {c.says for c in (*OverviewPage.OWN, *EVERYWHERE) if c is not commands.PALETTE}
        assert set(found) == expected
        searched = [hit async for hit in provider.search("problems")]
        assert searched
        await searched[0].command()
        await until(pilot, lambda: isinstance(app.screen, ProblemsPage), "the problems")


async def test_a_click_on_the_footer_does_what_the_key_does(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await loaded(pilot)
        line = app.screen.query_one("KeyBar").render().plain
        await pilot.click("KeyBar", offset=(line.index("actions") + 1, 0))
        await until(pilot, lambda: isinstance(app.screen, ActionsPage), "the actions")
