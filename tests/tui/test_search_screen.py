"""One box for leads, sessions, actions, text and commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.support.dashboard import dashboard, loaded, sample, until
from tests.tui.test_failed_edits import screen_text
from tldash.activity.event import Event, EventKind
from tldash.create.demo import find_sample_data
from tldash.insight.lead_filter import Flag, find_flags
from tldash.insight.place_filter import parse_places
from tldash.model.dates import format_date
from tldash.model.spelling import fold_accents
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.actions import ActionsPage
from tldash.tui.screens.find_bar import FindBar
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.notes import NotesPage
from tldash.tui.screens.overview import OverviewPage
from tldash.tui.screens.search import SearchPage
from tldash.tui.screens.search_names import MOST, Names
from tldash.tui.screens.search_rows import NameRow, PlaceRow
from tldash.tui.screens.session import SessionPage
from tldash.tui.state import State
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.row_list import RowList
from tldash.workspace.folders import Folders


def results(app: TldashApp) -> RowList:
    return app.screen.query_one("#found", RowList)


def note(app: TldashApp) -> str:
    return app.screen.query_one("#note").render().plain


async def searched(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    page = pilot.app.screen
    assert isinstance(page, SearchPage)
    await until(pilot, lambda: not page.search.is_searching, "the results")


@pytest.mark.parametrize("key", ["ctrl+k", "ctrl+p"])
async def test_a_lead_in_one_burst(tmp_path: Path, key: str) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press(key, *"chiara", "enter")
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the lead's page")
        assert app.screen.lead_id == "chiara"
        await pilot.press("escape")
        assert isinstance(app.screen, OverviewPage)


async def test_text_opens_at_the_place_with_the_words_highlighted(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await searched(pilot, "ctrl+k", *"DUKE to ask lead:erin", "down")
        row = results(app).selected
        assert isinstance(row, PlaceRow)
        assert "Duke" in row.lines(80)[0].plain
        around = app.screen.query_one("#around", Canvas).render().plain
        assert around.startswith(f"{row.found.place.path}:{row.found.place.line}\n")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")
        await until(pilot, lambda: app.screen.query_one(FindBar).is_active, "the words")
        assert "1 of" in screen_text(app)
        await pilot.press("escape")
        assert isinstance(app.screen, SearchPage)
        assert results(app).selected.key == row.key
        assert app.focused is results(app)


async def test_notes_and_settings_open_in_the_reader(tmp_path: Path) -> None:
    folder = sample(tmp_path)
    (folder / "ada" / "zebra.md").write_text("first\n\nsecond\n\nthe zebra paragraph\n")
    app = dashboard(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        await searched(pilot, "ctrl+k", *"zebra para")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, NotesPage), "the notes")
        await until(pilot, lambda: app.screen.query_one(FindBar).is_active, "the words")
        assert "the zebra paragraph" in screen_text(app)
        await pilot.press("escape", "escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, OverviewPage), "the overview")
        await searched(pilot, "ctrl+k", *"coaching circle in:fields")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, NotesPage), "the settings")
        wanted = (folder / "tldash.yaml").read_text().splitlines()
        await until(pilot, lambda: wanted[-1] in screen_text(app), "their text")
        assert "› tldash.yaml" in screen_text(app)
        for key in ("space", "I", "left_square_bracket", "J", "escape"):
            await pilot.press(key)
        assert (folder / "tldash.yaml").read_text().splitlines() == wanted
        (folder / "tldash.yaml").write_text("name: Another circle\n")
        await until(pilot, lambda: "name: Another circle" in screen_text(app), "the new text")
        (folder / "tldash.yaml").unlink()
        await until(pilot, lambda: "no longer exists" in screen_text(app), "that it is gone")


async def test_commands_are_run_on_the_screen_below(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await searched(pilot, "ctrl+p", *"list the open actions")
        row = results(app).selected
        assert isinstance(row, NameRow) and row.name.note == "a"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ActionsPage), "the actions")
        assert [type(page) for page in app.pages] == [OverviewPage, ActionsPage]


async def test_filters_and_what_is_wrong_with_them(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("ctrl+k")
        assert "before:2026-10" in screen_text(app) and "Chiara Rossi" in screen_text(app)
        await searched(pilot, *"is:open lead:ada")
        places = [row.found.place for row in results(app).rows if isinstance(row, PlaceRow)]
        lead = app.state.lead("ada")
        wanted = {a.task.line for a in lead.actions if not a.task.status.closed}
        assert wanted <= {place.line for place in places}
        assert {place.lead for place in places} == {"ada"}
        await pilot.press(*" in:xyz")
        assert note(app).startswith("in:xyz is none of")


async def test_results_follow_the_files(tmp_path: Path) -> None:
    folder = sample(tmp_path)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await searched(pilot, "ctrl+k", *"hippopotamus")
        assert note(app) == "no text has all of these"
        lead = app.state.workspace.leads[0]
        file = folder / lead.sessions[0].path
        file.write_text(file.read_text() + "\nA hippopotamus.\n")
        await until(pilot, lambda: note(app) == "1 place in 1 file", "the new place")
        file.write_text("gone\n")
        await until(pilot, lambda: note(app) == "no text has all of these", "no place")


async def test_letters_are_commands_only_in_the_results(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await searched(pilot, "ctrl+k", *"aqu")
        assert isinstance(app.screen, SearchPage)
        await pilot.press("tab")
        assert app.focused is results(app)
        await pilot.press("slash")
        assert isinstance(app.focused, Input)
        await pilot.press("v", "escape")
        assert isinstance(app.screen, OverviewPage)
        assert app.service._index is None and app.service._search is None


async def test_hostile_words_are_shown_as_written(tmp_path: Path) -> None:
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "lead.md").write_text("---\nname: '[red]Ada[/] \x9b31m'\n---\n")
    (folder / "2026-11-03.md").write_text("- [ ] say [/] and [@click=app.quit]x[/] \x9b5n\n")
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await searched(pilot, "ctrl+k", *"say", "down")
        assert screen_text(app).count("say [/] and [@click=app.quit]x[/]") >= 2, "row and preview"
        assert "\x9b" not in screen_text(app)


async def test_flags_of_the_overview_find_leads(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        state = app.state
        flags = {"needs": Flag.NEEDS, "over": Flag.OVERDUE, "noplan": Flag.NO_PLAN}
        for typed, flag in {**flags, "paused": Flag.PAUSED, "new": Flag.NEW}.items():
            expected = {
                lead.name for lead in state.workspace.leads if flag in find_flags(lead, state.now)
            }
            found = Names(state).find_leads(parse_places(typed))
            assert {name.text for name in found} == expected, typed
        one = Event(EventKind.ADDED, "ben", "x", "ben/lead.md", 1)
        news = replace(state, since=(one,))
        (ben,) = Names(news).find_leads(parse_places("new ben"))
        assert ben.page == ("lead", "ben")
        await searched(pilot, "ctrl+k", *"overdue ada")
        row = results(app).selected
        assert isinstance(row, NameRow) and row.name.page == ("lead", "ada")
        assert row.name.note == "past cadence (7 weeks)"


@pytest.mark.parametrize(
    "typed", ["a", "vision", "erin 2026", "e v", "nov erin", "é", "zzz", "n: "]
)
def test_the_sessions_are_those_of_a_plain_scan(typed: str) -> None:
    folders = Folders([find_sample_data()])
    state = State(folders.read(), datetime(2026, 11, 20, 12, tzinfo=UTC))
    wanted = parse_places(typed)
    plain = []
    for lead in state.workspace.leads:
        for session in lead.sessions:
            day = format_date(session.at.day, state.today)
            name = f"{lead.name} {day} {session.skill or session.title}".strip()
            if all(word in fold_accents(name) for word in wanted.query.words):
                is_first = fold_accents(name).startswith(wanted.phrase)
                plain.append((is_first, session.at.day, fold_accents(name), name))
    expected = [name for *_, name in sorted(plain, reverse=True)[:MOST]]
    assert [name.text for name in Names(state).find_sessions(wanted)] == expected
