"""Every command can be reached by key, footer or palette, and help, from one definition."""

from __future__ import annotations

import inspect
import re

import pytest
from textual.app import App
from textual.widgets import Input

from tests.support.dashboard import dashboard, loaded, sample, until
from tldash.tui.app.app import TldashApp
from tldash.tui.keys import commands
from tldash.tui.keys.commands import EVERYWHERE, MOVING, Command
from tldash.tui.palettes.commands import CommandProvider
from tldash.tui.prompts.prompt import Prompt
from tldash.tui.screens.actions import ActionsPage
from tldash.tui.screens.activity import ActivityPage
from tldash.tui.screens.brief import BriefPage
from tldash.tui.screens.conflict_pane import ConflictPane
from tldash.tui.screens.conflicts import ConflictsPage
from tldash.tui.screens.conversation_pane import ConversationPane
from tldash.tui.screens.evidence import EvidencePage
from tldash.tui.screens.failed_edits import FailedEditsPage
from tldash.tui.screens.find_bar import FindBar
from tldash.tui.screens.help import TYPING, HelpPage
from tldash.tui.screens.item_history import ItemHistoryPage
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.lead_area import LeadArea
from tldash.tui.screens.manual import ManualPage
from tldash.tui.screens.notes import NotesPage
from tldash.tui.screens.overview import OverviewPage
from tldash.tui.screens.overview_list import OverviewList
from tldash.tui.screens.page import Page
from tldash.tui.screens.problems import ProblemsPage
from tldash.tui.screens.search import SearchPage
from tldash.tui.screens.search_pane import SearchPane
from tldash.tui.screens.session import SessionPage
from tldash.tui.screens.session_area import SessionArea
from tldash.tui.screens.session_mode import SessionModePage
from tldash.tui.screens.task_area import TaskArea
from tldash.tui.screens.trends import TrendsPage
from tldash.tui.widgets.bars import KeyBar
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.text_input import TextInput

PAGES: tuple[type[Page], ...] = (
    OverviewPage,
    LeadPage,
    SessionPage,
    SessionModePage,
    NotesPage,
    BriefPage,
    EvidencePage,
    TrendsPage,
    ItemHistoryPage,
    ActionsPage,
    ActivityPage,
    ProblemsPage,
    ConflictsPage,
    FailedEditsPage,
    HelpPage,
    ManualPage,
    SearchPage,
)
PARTS = {
    OverviewPage: (OverviewPage, TaskArea, SessionArea, OverviewList, LeadArea),
    LeadPage: (LeadPage, TaskArea, SessionArea, LeadArea),
    NotesPage: (NotesPage, TaskArea),
    SessionPage: (SessionPage, TaskArea, SessionArea),
    BriefPage: (BriefPage, TaskArea, SessionArea),
    SessionModePage: (SessionModePage, TaskArea, ConversationPane),
    ActionsPage: (ActionsPage, TaskArea),
    SearchPage: (SearchPage, SearchPane),
    ConflictsPage: (ConflictsPage, ConflictPane),
}
"""The parts of a screen that carry out its commands, where there are several."""
DEFINED = [value for _, value in inspect.getmembers(commands) if isinstance(value, Command)]


@pytest.mark.parametrize("page", PAGES)
def test_a_screen_can_do_what_it_offers(page: type[Page]) -> None:
    bound = {binding.action for bindings in page.BINDINGS for binding in [bindings]}
    parts = (*PARTS.get(page, (page,)), FindBar)
    for command in page.OWN:
        name = f"action_{command.action.partition('(')[0]}"
        assert any(callable(getattr(part, name, None)) for part in parts), name
        assert command.action in bound


def test_the_app_can_do_what_every_screen_offers() -> None:
    for command in EVERYWHERE:
        assert callable(getattr(TldashApp, f"action_{command.action.partition('(')[0]}"))


def test_no_command_is_defined_and_offered_nowhere() -> None:
    offered = {*EVERYWHERE, *MOVING, *(command for page in PAGES for command in page.OWN)}
    assert set(DEFINED) == offered


@pytest.mark.parametrize("page", PAGES)
def test_no_key_means_two_things_on_a_screen(page: type[Page]) -> None:
    here = (*page.OWN, *EVERYWHERE, *MOVING)
    keys = [key for command in here for key in command.keys.split(",")]
    assert len(keys) == len(set(keys))


KINDRED = (
    {"filter", "find", "search_manual", "search_words"},
    {"tick", "fold", "retry", "take_next"},  # the one thing to be done to what is selected
    {"group"},
    {"earlier", "page_before", "note_before", "part_before", "conflict_before"},
    {"later", "page_after", "note_after", "next_part", "conflict_after"},
    {"fold_all", "show_same"},
    {"save_brief", "write_result"},
    {"session_mode", "finish"},  # the session begins and ends with one key
    {"new_session", "set_next"},  # both say when the next session is
)
"""Commands that share a key, because they are the same thing done to something else."""


def test_no_key_means_one_thing_here_and_another_there() -> None:
    meant: dict[str, set[str]] = {}
    for command in DEFINED:
        for key in command.keys.split(","):
            meant.setdefault(key, set()).add(command.name)
    several = {key: names for key, names in meant.items() if len(names) > 1}
    assert all(any(names <= kin for kin in KINDRED) for names in several.values()), several
    assert meant["n"] == {"new_session", "set_next"}


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
        assert command.help_text in text


WAYS = {
    "overview": {},
    "lead": {"enter": "lead"},
    "session": {"enter": "lead", "right": "session"},
    "brief": {"B": "brief"},
    "trends": {"percent_sign": "trends"},
    "actions": {"a": "actions"},
    "activity": {"y": "activity"},
    "problems": {"exclamation_mark": "problems"},
    "conflicts": {"g": "overview", "c": "conflicts"},
    "failed_edits": {"w": "failed_edits"},
    "manual": {"M": "manual"},
}
"""The keys that lead from the first screen to each, and the screens that they lead to."""


@pytest.mark.parametrize("name", WAYS)
async def test_no_key_works_that_the_help_does_not_list(tmp_path, name: str) -> None:
    """With the focus in each pane of the screen, and then in a prompt."""
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(160, 50)) as pilot:
        await loaded(pilot)
        for key, there in WAYS[name].items():
            await pilot.press(key)
            await until(pilot, lambda there=there: there == app.screen.NAME, there)
        page = app.screen
        assert isinstance(page, Page)
        here = (*page.OWN, *EVERYWHERE, *MOVING)
        listed = {key for command in here for key in command.presses} | {commands.NEVER}
        listed |= {"left", "right", "h", "l"}  # the row of sessions
        listed |= {"ctrl+c", "super+c", "ctrl+q"}
        listed |= {command.shown for command in here}  # enter retries a failed edit
        if not hasattr(page, "on_row_list_opened"):
            listed.add("enter")  # nothing opens
        for widget in page.query("*"):
            if widget.focusable and not isinstance(widget, Input):
                widget.focus()
                await pilot.pause()
                assert {*page.active_bindings} - listed == set(), widget


def test_the_keys_of_an_input_are_those_of_the_help() -> None:
    told = {key for keys, text in TYPING for key in re.findall(r"[\w+←→]+", f"{keys} {text}")}
    told = {{"←": "left", "→": "right"}.get(key, key) for key in told} | {"ctrl+c", "super+c"}
    arrows = {"left", "right", "home", "end"}
    told |= {f"{also}+{key}" for also in ("ctrl", "shift", "ctrl+shift") for key in arrows}
    bindings = (*Input.BINDINGS, *TextInput.BINDINGS)
    bound = {key for one in bindings for key in one.key.split(",")}  # type: ignore[union-attr]
    assert bound - told == set()
    assert {key for key in told if key.startswith("ctrl+") and key.count("+") == 1} - bound <= {
        *("ctrl+home", "ctrl+end"),  # by words, as the ends are not
    }


@pytest.mark.parametrize("name", WAYS)
async def test_every_command_is_reached_by_key_by_mouse_and_by_palette(tmp_path, name: str) -> None:
    """The mouse reaches them through the help, which the last line always offers."""
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(100, 80), notifications=True) as pilot:
        await loaded(pilot)
        for key, there in WAYS[name].items():
            await pilot.press(key)
            await until(pilot, lambda there=there: there == app.screen.NAME, there)
        page = app.screen
        assert isinstance(page, Page)
        here = (*page.OWN, *EVERYWHERE, *MOVING)
        offered = {command.name for command in here}
        bound = {item.binding.action for item in page.active_bindings.values()}
        bound = {action if "(" in action else action.rpartition(".")[2] for action in bound}
        follows = {command.action for command in here if " " in command.shown}
        assert {command.action for command in here} <= bound | follows
        provider = CommandProvider(page)
        hits = [str(hit.help) async for hit in provider.discover()]
        said = {c.help_text for c in (*page.OWN, *EVERYWHERE) if c is not commands.PALETTE}
        assert set(hits) == said
        line = page.query_one(KeyBar).render().plain
        await pilot.click("KeyBar", offset=(line.index("help") + 1, 0))
        await until(pilot, lambda: isinstance(app.screen, HelpPage), "the help")
        rows = app.screen.query_one(RowList)
        await until(pilot, lambda: bool(rows.rows), "its rows")
        assert offered <= {row.key for row in rows.rows}
        wanted = commands.MANUAL if name != "manual" else commands.PROBLEMS
        index = next(i for i, row in enumerate(rows.rows) if row.key == wanted.name)
        spot = (10, rows.top_of(index) - rows.scroll_offset.y + 1)
        await pilot.click(rows, offset=spot, times=2)
        reached = ManualPage if name != "manual" else ProblemsPage
        await until(pilot, lambda: isinstance(app.screen, reached), "what was chosen")
        assert app.screen_stack[-2] is page


async def test_what_is_chosen_in_the_help_is_done_on_the_screen_before(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(100, 60), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpPage), "the help")
        rows = app.screen.query_one(RowList)
        await until(pilot, lambda: bool(rows.rows), "its rows")
        rows.select(commands.ADD.name)
        await pilot.press("enter")
        await until(pilot, lambda: bool(app.screen.query(Prompt)), "the question")
        assert isinstance(app.screen, OverviewPage)


async def test_the_palette_has_every_command_of_the_screen(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test() as pilot:
        await loaded(pilot)
        provider = CommandProvider(app.screen)
        found = [str(hit.help) async for hit in provider.discover()]
        expected = {
            c.help_text for c in (*OverviewPage.OWN, *EVERYWHERE) if c is not commands.PALETTE
        }
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
