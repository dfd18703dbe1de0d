"""An overview of many leads: filtered, sorted, grouped, folded, and the selection that stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from tests.benchmarks.leads import make
from tests.support.dashboard import NOW, dashboard, loaded, remember, sample, until
from tests.support.records import write
from tldash.insight.overview import Grouping, SortOrder, View
from tldash.model.permissions import READ_ONLY
from tldash.service.service import Service
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.overview import OverviewPage
from tldash.tui.screens.problems import ProblemsPage
from tldash.tui.widgets.bars import KeyBar
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.filter_input import FilterInput
from tldash.tui.widgets.lead_groups import GroupRow
from tldash.tui.widgets.leads import LeadRow
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.text_line import TextLine
from tldash.user import saved_views
from tldash.user.paths import views_file
from tldash.workspace.folders import Folders

SIZE = (120, 40)


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    yield


@pytest.fixture
def many(tmp_path: Path) -> TldashApp:
    """64 leads of 8 coaches."""
    return dashboard(make(tmp_path / "circle", 64))


def page(app: TldashApp) -> OverviewPage:
    assert isinstance(app.screen, OverviewPage)
    return app.screen


def listed(app: TldashApp) -> RowList:
    return page(app).query_one(RowList)


def leads(app: TldashApp) -> list[str]:
    return [row.lead.name for row in listed(app).rows if isinstance(row, LeadRow)]


def groups(app: TldashApp) -> list[GroupRow]:
    return [row for row in listed(app).rows if isinstance(row, GroupRow)]


def selected(app: TldashApp) -> str:
    row = listed(app).selected
    if isinstance(row, GroupRow):
        return f"> {row.group.name}"
    return row.lead.name if isinstance(row, LeadRow) else ""


def shown(app: TldashApp) -> str:
    """The title of the list, and the list."""
    heading = page(app).query_one("#heading", Canvas).render().plain
    rows = (line.plain for row in listed(app).rows for line in row.lines(110))
    return "\n".join([heading, *rows])


def offered(app: TldashApp) -> list[str]:
    return [command.name for command, _ in page(app).query_one(KeyBar).commands]


async def words(pilot: Pilot[None], text: str) -> None:
    """Type words to filter by, and go back to the list."""
    await pilot.press(
        "slash", *(("space" if c == " " else "colon" if c == ":" else c) for c in text)
    )
    await pilot.press("enter")
    await pilot.pause()


async def test_a_letter_narrows_at_once_and_escape_lets_all_in(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        everybody = leads(app)
        assert not page(app).query(FilterInput), "none at the start, which is quicker"
        await pilot.press("slash", "b", "e", "n")
        assert leads(app) == ["Ben Okafor"]
        assert "1 of 5" in shown(app)
        await pilot.press("enter")
        assert listed(app).has_focus
        assert leads(app) == ["Ben Okafor"]
        await pilot.press("escape")
        assert leads(app) == everybody
        assert not page(app).query_one(FilterInput).has_class("-shown")


async def test_words_of_ours_and_one_that_is_none(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        await words(pilot, "needs")
        assert leads(app)
        assert all(row.lines(80)[0].plain.startswith("! ") for row in listed(app).rows)
        await pilot.press("escape")
        await words(pilot, "coahc:mira")
        assert "No lead matches the filter." in shown(app)
        assert "did you mean coach:?" in shown(app)
        assert "esc shows all 5" in shown(app)
        assert "new_session" not in offered(app)
        assert "filter" in offered(app)
        await pilot.press("escape")
        assert len(leads(app)) == 5
        assert "new_session" in offered(app)


async def test_every_way_to_sort_is_told(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        before = selected(app)
        for said in ("name", "next", "last", "overdue", "need"):
            assert f"↓ {said}" not in shown(app)
            await pilot.press("S")
            await pilot.pause()
            assert f"↓ {said}" in shown(app)
            assert selected(app) == before
            if said == "name":
                assert leads(app) == sorted(leads(app))


async def test_many_leads_are_a_line_a_coach_those_who_are_needed_first(many: TldashApp) -> None:
    async with many.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        headings = groups(many)
        assert len(headings) == len(listed(many).rows) == 8
        needing = [row.group.needing for row in headings]
        assert needing == sorted(needing, reverse=True)
        first = headings[0]
        assert f"8 leads  {first.group.needing:>2} need attention" in first.lines(90)[0].plain
        assert f"{sum(needing)} of 64 need attention" in shown(many)
        assert selected(many) == f"> {first.group.name}"
        assert "add" not in offered(many)
        assert offered(many)[0] == "fold"


@pytest.mark.parametrize("key", ["enter", "space", "l"])
async def test_a_heading_opens_and_folds(many: TldashApp, key: str) -> None:
    async with many.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        await pilot.press("down")
        heading = selected(many)
        await pilot.press(key)
        await pilot.pause()
        assert len(leads(many)) == 8
        assert selected(many) == heading
        await pilot.press(key)
        await pilot.pause()
        assert not leads(many)
        assert selected(many) == heading


async def test_a_click_on_the_sign_opens_too(many: TldashApp) -> None:
    async with many.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        await pilot.click(RowList, offset=(2, 3))
        await pilot.pause()
        assert len(leads(many)) == 8
        assert listed(many).cursor == 3


async def test_a_lead_stays_selected_through_folding_grouping_sorting(many: TldashApp) -> None:
    async with many.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        await pilot.press("z")
        await pilot.press("down", "down", "down")
        await pilot.pause()
        lead = selected(many)
        assert not lead.startswith(">")
        await pilot.press("z")
        await pilot.pause()
        assert selected(many) == f"> {groups(many)[0].group.name}"
        await pilot.press("z")
        await pilot.pause()
        assert selected(many) == lead
        for _ in range(3):
            await pilot.press("v", "S")
            await pilot.pause()
            row = listed(many).selected
            within = row.group.leads if isinstance(row, GroupRow) else ()
            assert selected(many) == lead or lead in [one.name for one in within]
        await pilot.press("space")
        await pilot.pause()
        assert selected(many).startswith("> ")


async def test_a_lead_is_selected_again_once_the_filter_lets_it_in(many: TldashApp) -> None:
    async with many.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        await pilot.press("z", "down", "down")
        await pilot.pause()
        lead = selected(many)
        other = leads(many)[-1]
        await words(pilot, other.rpartition(" ")[2])
        assert lead not in leads(many)
        assert selected(many)
        await pilot.press("escape")
        await pilot.press("z")
        await pilot.pause()
        assert selected(many) == lead


async def test_a_live_change_leaves_the_selection_and_the_folds(
    many: TldashApp, tmp_path: Path
) -> None:
    async with many.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        await pilot.press("down", "down", "space", "down", "down")
        await pilot.pause()
        lead, opened = selected(many), leads(many)
        assert not lead.startswith(">")
        workspace = many.state.workspace
        changed = next(one for one in workspace.leads if one.name == opened[0])
        file = tmp_path / "circle" / changed.path / "lead.md"
        file.write_text(file.read_text("utf-8").replace(changed.name, "Zoe Zimmer"), "utf-8")
        await until(pilot, lambda: "Zoe Zimmer" in leads(many), "the new name")
        assert selected(many) == lead
        assert len(leads(many)) == 8


async def test_few_that_a_filter_leaves_are_seen_at_once(many: TldashApp) -> None:
    async with many.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        await words(pilot, "rossi")
        assert 0 < len(leads(many)) <= 40
        assert "rossi" in shown(many).casefold()


async def test_a_group_is_told_beside_the_list(many: TldashApp) -> None:
    async with many.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        side = page(many).query_one("#summary", Canvas).render().plain
        group = groups(many)[0].group
        assert side.startswith(f"coach {group.name}\n8 leads")
        assert f"NEED ATTENTION  {group.needing}" in side


async def test_enter_on_a_lead_in_a_group_goes_to_its_page(many: TldashApp) -> None:
    async with many.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        await pilot.press("enter", "down", "enter")
        await until(pilot, lambda: isinstance(many.screen, LeadPage), "the lead's page")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(many.screen, OverviewPage), "the overview")
        assert selected(many) == leads(many)[0]


async def test_a_view_is_saved_and_shown_again(many: TldashApp) -> None:
    async with many.run_test(size=SIZE, notifications=True) as pilot:
        await loaded(pilot)
        await words(pilot, "needs")
        await pilot.press("S", "v")
        await pilot.pause()
        saved = page(many).view
        assert saved == View("needs", SortOrder.NAME, Grouping.NEED)
        await pilot.press("V")
        await pilot.pause()
        await pilot.press("m", "i", "n", "e")
        await until(pilot, lambda: "mine" in _palette(many), "the offer to save")
        await pilot.press("enter")
        await until(pilot, lambda: views_file().exists(), "the file")
        assert saved_views.load(views_file()).own == {"mine": saved}
        await until(pilot, lambda: many.notice is not None, "the notice")
        assert many.notice is not None
        assert many.notice.text.startswith("saved as “mine”")
        await pilot.press("escape", "S")
        await pilot.pause()
        assert page(many).view != saved
        await pilot.press("V")
        await pilot.pause()
        await pilot.press("m", "i", "n")
        await until(pilot, lambda: "mine" in _palette(many), "the view")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(many.screen, OverviewPage), "the overview")
        await until(pilot, lambda: page(many).view == saved, "the view")
        assert page(many).query_one(FilterInput).value == "needs"
        assert len(leads(many)) == len([r for g in groups(many) for r in g.group.leads])


async def test_it_begins_with_the_view_that_was_asked_for(tmp_path: Path) -> None:
    files = Service(Folders([make(tmp_path / "circle", 64)], remember))
    app = TldashApp(files, lambda: NOW, view=("needs", "name", "need"))
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        assert page(app).view == View("needs", SortOrder.NAME, Grouping.NEED)
        assert page(app).query_one(FilterInput).has_class("-shown")
        assert listed(app).has_focus
        assert [row.group.name for row in groups(app)] == ["needs attention"]


async def test_where_nothing_is_kept_no_view_can_be_saved(tmp_path: Path) -> None:
    files = Service(Folders([sample(tmp_path)], remember))
    app = TldashApp(files, lambda: NOW, allowed=READ_ONLY)
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        await pilot.press("V")
        await until(pilot, lambda: "no session planned" in _palette(app), "the views")
        await pilot.press("n", "e", "e")
        await until(pilot, lambda: "all" not in _palette(app), "those with the letters")
        assert "needs you" in _palette(app)
        assert "save" not in _palette(app)


def _palette(app: TldashApp) -> str:
    found = app.screen.query(OptionList)
    return "\n".join(str(o.prompt) for one in found for o in one.options) if found else ""


async def test_a_broken_file_of_views_is_told_and_the_others_are_there(many: TldashApp) -> None:
    file = views_file()
    file.parent.mkdir(parents=True)
    file.write_text("late: overdue\nbad: {sort: nmae}\n")
    async with many.run_test(size=SIZE, notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("V")
        await until(pilot, lambda: "late" in _palette(many), "the views")
        assert "cannot be sorted by 'nmae'" in _palette(many)
        assert "no session planned" in _palette(many)


async def chosen(pilot: Pilot[None], entry: str) -> None:
    """Press Enter on an entry of the palette."""
    app = pilot.app
    assert isinstance(app, TldashApp)
    await until(pilot, lambda: entry in _palette(app), entry)
    (options,) = app.screen.query(OptionList)
    index = next(i for i, o in enumerate(options.options) if str(o.prompt).startswith(entry))
    while options.highlighted != index:
        await pilot.press("down")
    await pilot.press("enter")


async def test_a_view_is_deleted_and_put_back(many: TldashApp) -> None:
    text = "# mine\nlate: overdue   # Mondays\n'[/x] b': {filter: '[/x]'}\n"
    file = views_file()
    file.parent.mkdir(parents=True)
    file.write_text(text)
    async with many.run_test(size=SIZE, notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("V")
        await until(pilot, lambda: "late" in _palette(many), "the views")
        assert "[/x] b\n[/x]" in _palette(many)
        assert "restore" not in _palette(many)
        await chosen(pilot, "delete a view…")
        await until(pilot, lambda: "delete “late”" in _palette(many), "the own views")
        assert "needs you" not in _palette(many)
        await pilot.press("l", "a", "t")
        await until(pilot, lambda: "[/x]" not in _palette(many), "those with the letters")
        await pilot.press("enter")
        await until(pilot, lambda: many.notice is not None, "the notice")
        assert many.notice is not None
        assert many.notice.text == "deleted “late”; V can restore it"
        assert file.read_text() == text.replace("late: overdue   #", "#")
        await until(pilot, lambda: isinstance(many.screen, OverviewPage), "the overview")
        await pilot.press("V")
        await chosen(pilot, "restore “late”")
        await until(pilot, lambda: "restored" in many.notice.text, "the notice")
        assert file.read_text() == text
        await pilot.press("V")
        await until(pilot, lambda: "late" in _palette(many), "the views")
        assert "restore" not in _palette(many)


async def test_a_view_whose_name_is_typed_can_be_deleted(many: TldashApp) -> None:
    file = views_file()
    file.parent.mkdir(parents=True)
    file.write_text("late: overdue\nlater: noplan\n")
    async with many.run_test(size=SIZE, notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("V", "l", "a", "t")
        await until(pilot, lambda: "save the current view as" in _palette(many), "the offer")
        assert "delete" not in _palette(many)
        await pilot.press("e")
        await chosen(pilot, "delete “late”")
        await until(pilot, lambda: file.read_text() == "later: noplan\n", "the file")


async def test_where_nothing_is_kept_no_view_can_be_deleted(tmp_path: Path) -> None:
    file = views_file()
    file.parent.mkdir(parents=True)
    file.write_text("late: overdue\n")
    app = TldashApp(Service(Folders([sample(tmp_path)], remember)), lambda: NOW, allowed=READ_ONLY)
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        await pilot.press("V")
        await until(pilot, lambda: "late" in _palette(app), "the views")
        assert "delete" not in _palette(app)
        await pilot.press("l", "a", "t", "e")
        await until(pilot, lambda: "all" not in _palette(app), "those with the letters")
        assert "delete" not in _palette(app)


async def test_a_broken_file_of_views_is_told_with_the_settings_until_it_is_mended(
    many: TldashApp,
) -> None:
    file = views_file()
    file.parent.mkdir(parents=True)
    file.write_text("late: overdue\nbad: {sort: nmae}\n")
    async with many.run_test(size=SIZE, notifications=True) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: many.notice is not None, "the notice")
        assert many.notice is not None
        assert many.notice.text.startswith("1 problem in your views (! lists them): line 2, bad")
        (problem,) = many.state.settings_problems
        assert (problem.path, problem.line) == (str(file), 2)
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: isinstance(many.screen, ProblemsPage), "the problems")
        rows = many.screen.query_one(RowList).rows
        assert any(f"{file}:2" in row.lines(300)[0].plain for row in rows)
        await pilot.press("escape")
        file.write_text("late: overdue\n")
        await pilot.press("V")
        await until(pilot, lambda: not many.state.settings_problems, "nothing wrong any more")


async def test_an_empty_overview_offers_only_what_can_be_done(tmp_path) -> None:
    (tmp_path / "nothing").mkdir()
    app = dashboard(tmp_path / "nothing")
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        assert offered(app) == ["leave", "help"]
        await pilot.press("slash", "S", "v", "space", "z")
        await pilot.pause()
        assert isinstance(app.screen, OverviewPage)


@pytest.mark.parametrize("width", [80, 120, 200])
async def test_reasons_wrap_above_an_empty_line(tmp_path: Path, width: int) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(width, 40)) as pilot:
        await loaded(pilot)
        rows = listed(app)
        lines = [line.plain for row in rows.rows for line in row.lines(rows.size.width - 3)]
        assert not [line for line in lines if "…" in line]


async def test_an_empty_folder_is_named_in_the_command_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "our circle", {"tldash.yaml": "name: Circle\n"})
    app = dashboard(tmp_path / "our circle")
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        hint = page(app).query_one("#empty", TextLine)
        command = "tldash new lead NAME --folder 'our circle'"
        await until(pilot, lambda: command in hint.render().plain, "the command")


async def test_a_window_that_grows_shows_the_last_notes(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        summary = page(app).query_one("#summary", Canvas)
        assert "LAST SESSION" not in summary.render().plain
        await pilot.resize_terminal(200, 60)
        await until(pilot, lambda: "LAST SESSION" in summary.render().plain, "the notes")
        await pilot.resize_terminal(*SIZE)
        await until(pilot, lambda: "LAST SESSION" not in summary.render().plain, "no notes")
