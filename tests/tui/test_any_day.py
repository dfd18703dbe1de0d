"""The key that shows the folder of an earlier day, and the way back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import NOW, dashboard, loaded, until
from tests.support.git_repository import Story, make_repository
from tests.tui.test_failed_edits import screen_text
from tests.tui.test_reading_only import everything
from tldash.model.natural_dates import parse_past_day
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.overview import OverviewPage
from tldash.tui.screens.search_rows import PlaceRow
from tldash.tui.widgets.bars import TitleBar

TODAY = NOW.date()
THEN = "- [ ] one due:2026-11-30\n"
PATH = "ada/2026-10-01.md"


def seconds(day: date) -> int:
    return int(NOW.timestamp()) - 86_400 * (TODAY - day).days


def repository(top: Path) -> Path:
    folder = make_repository(top / "circle")
    story = Story()
    mark = story.commit({PATH: THEN.encode()}, seconds(date(2026, 10, 2)))
    now = THEN.replace("one", "one, as it is now")
    story.commit({PATH: now.encode()}, seconds(date(2026, 11, 15)), (mark,))
    story.write(folder)
    (folder / "ada").mkdir()
    (folder / PATH).write_text(now)
    return folder


def texts(app: TldashApp) -> list[str]:
    return [action.task.text for lead in app.state.workspace.leads for action in lead.actions]


def places(app: TldashApp) -> list[PlaceRow]:
    """Return the places that the search shows."""
    return [row for row in app.screen.query_one("#found").rows if isinstance(row, PlaceRow)]


async def show(pilot: Pilot[None], *typed: str) -> None:
    await pilot.press("Z")
    await until(pilot, lambda: pilot.app.screen.is_modal, "the palette")
    await pilot.press(*typed, "enter")


async def test_an_earlier_day_is_shown_read_only_and_left_again(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    app = dashboard(folder)
    before = everything(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await show(pilot, *"3 nov")
        await until(pilot, lambda: app.state.as_of == date(2026, 11, 3), "the day")
        assert texts(app) == ["one"]
        assert app.state.today == date(2026, 11, 3)
        assert "as of Tue 3 Nov 2026" in app.screen.query_one(TitleBar).render().plain
        await pilot.press("a")
        app.notice = None
        await pilot.press("space")
        await until(pilot, lambda: app.notice is not None and app.notice.bad, "the refusal")
        (folder / PATH).write_text("- [ ] somebody else's\n")
        await app.workers.wait_for_complete()
        assert texts(app) == ["one"]
        await pilot.press("escape")
        assert isinstance(app.screen, OverviewPage)
        await pilot.press("escape")
        await until(pilot, lambda: app.state.as_of is None, "now")
        assert texts(app) == ["somebody else's"]
        assert not app.state.failed_edits
        assert app.state.today == TODAY
        await pilot.press("a", "space")
        await until(pilot, lambda: "[x]" in (folder / PATH).read_text(), "an edit")
    after = everything(tmp_path)
    assert {path for path in after if ".git" in path} == {path for path in before if ".git" in path}


async def test_keys_behind_the_day_are_for_that_day(tmp_path: Path) -> None:
    """All in one burst; on the items of now, the last one would tick."""
    folder = repository(tmp_path)
    app = dashboard(folder)
    before = (folder / PATH).read_bytes()
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("a", "Z", *"3 nov", "enter", "space")
        await until(pilot, lambda: app.notice is not None and app.notice.bad, "the refusal")
        assert app.state.as_of == date(2026, 11, 3)
        assert (folder / PATH).read_bytes() == before


async def test_what_others_do_meanwhile_is_news_afterwards(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("ctrl+k", *"one", "tab")
        await show(pilot, *"3 nov")
        await until(pilot, lambda: app.state.as_of is not None, "the day")
        found = app.screen.search
        await until(pilot, lambda: not found.is_searching, "the places of that day")
        assert [row.found.place.text for row in places(app)] == ["- [ ] one due:2026-11-30"]
        (folder / PATH).write_text(THEN.replace("[ ] one", "[x] one, as it is now"))
        await show(pilot, *"now")
        await until(pilot, lambda: app.state.as_of is None, "now")
        await until(pilot, lambda: bool(app.state.activity), "the news")
        assert [event.text for event in app.state.activity] == ["one, as it is now"]
        await until(
            pilot, lambda: "[x]" in "".join(row.found.place.text for row in places(app)), "it"
        )


async def test_a_day_that_git_does_not_have_is_said(tmp_path: Path) -> None:
    app = dashboard(repository(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await show(pilot, *"2026-01-01")
        await until(pilot, lambda: app.notice is not None and app.notice.bad, "why")
        assert app.state.as_of is None and texts(app) == ["one, as it is now"]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("yesterday", TODAY - timedelta(days=1)),
        ("2 weeks ago", TODAY - timedelta(days=14)),
        ("a month ago", date(2026, 10, 20)),
        ("3 nov", date(2026, 11, 3)),
        ("25 dec", date(2025, 12, 25)),
        ("3 nov 2024", date(2024, 11, 3)),
        ("2026-11-03", date(2026, 11, 3)),
        ("today", TODAY),
        ("tomorrow", None),
        ("mon", TODAY - timedelta(days=4)),
        ("2027-01-01", None),
        ("next week", None),
        ("soon", None),
        ("", None),
    ],
)
def test_days_that_are_past(typed: str, day: date | None) -> None:
    assert parse_past_day(typed, TODAY) == day


async def test_the_log_ends_on_the_day_that_is_shown(tmp_path: Path) -> None:
    app = dashboard(repository(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "15 Nov" in screen_text(app), "the commit of that day")
        await show(pilot, *"3 nov")
        await until(pilot, lambda: app.state.as_of == date(2026, 11, 3), "the day")
        await until(pilot, lambda: bool(app.state.log), "its log")
        await until(pilot, lambda: "added the lead" in screen_text(app), "the log on the screen")
        assert "15 Nov" not in screen_text(app)
