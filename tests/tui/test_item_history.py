"""The history of an item, a level and the goals: what the screen shows, with git and without."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, until
from tests.support.git_repository import DAY, START, Story, git, make_repository
from tests.support.records import write
from tests.tui.test_failed_edits import screen_text
from tldash.activity.event import Event, EventKind
from tldash.activity.log import LoggedEvent
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.item_history import ChangeRow, GoalRow, ItemHistoryPage
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.notes import NotesPage
from tldash.tui.screens.page import Page
from tldash.tui.widgets.row_list import Row, RowList

ADA: Final = "Ada Lind <ada@example.org>"
OLD, NEW = "sessions/2026-09-03.md", "sessions/2026-10-03.md"


def lead(goals: str) -> str:
    return f"---\nname: Ada Lindqvist\ncoach: Mira\n---\n## Goals\n{goals}"


def session(actions: str, levels: str = "") -> str:
    return f"---\nlevels: {{{levels}}}\n---\ntalked\n## Actions\n{actions}"


VERSIONS: Final[tuple[dict[str, str], ...]] = (
    {"lead.md": lead("- lead the team\n"), OLD: session("- [ ] call the vendor due:2026-11-03\n")},
    {OLD: session("- [ ] call the vendor due:2026-11-17\n", "vision: beginner")},
    {OLD: session("- [ ] call the other vendor due:2026-11-17\n", "vision: beginner")},
    {
        "lead.md": lead("- lead two teams\n- speak in public\n"),
        OLD: session("", "vision: beginner"),
        NEW: session("- [ ] call the other vendor due:2026-11-17\n", "vision: advanced"),
    },
    {NEW: session("- [ ] call the other vendor due:2026-12-01\n", "vision: advanced")},
)


def repository(folder: Path) -> Path:
    """A lead's folder, with a commit for each version, in turn by the coach and the lead."""
    make_repository(folder)
    story, marks = Story(), ()
    files: dict[str, bytes | tuple[str, bytes]] = {}
    for number, changed in enumerate(VERSIONS):
        files |= {path: text.encode() for path, text in changed.items()}
        who = {"author": ADA} if number % 2 else {}
        marks = (story.commit(files, START + number * DAY, marks, **who),)
    story.write(folder)
    git(folder, "reset", "-q", "--hard", "main")
    return folder


async def show(pilot: Pilot[None], *keys: str) -> TldashApp:
    await loaded(pilot)
    app = pilot.app
    assert isinstance(app, TldashApp)
    await until(pilot, lambda: isinstance(app.screen, LeadPage), "the lead")
    await pilot.press(*keys)
    await until(pilot, lambda: isinstance(app.screen, ItemHistoryPage), "the history")
    await until(pilot, lambda: app.state.history_end is not None, "all of it")
    return app


def text_of(row: Row | None) -> str:
    return " ".join(line.plain for line in row.lines(100)) if row is not None else ""


def changes(app: TldashApp) -> list[str]:
    rows = app.screen.query_one(RowList).rows
    found = (row.lines(110)[0].plain for row in rows if isinstance(row, ChangeRow))
    return [" ".join(line.split()) for line in found]


async def test_an_action_through_a_rewording_and_a_move_to_another_file(tmp_path: Path) -> None:
    folder = repository(tmp_path / "ada")
    async with dashboard(folder).run_test(size=(120, 30)) as pilot:
        app = await show(pilot, "I")
        assert "due 3 Nov → 17 Nov → 1 Dec, reworded once, carried over once" in screen_text(app)
        place = "the session on 3 Oct"
        assert changes(app) == [
            'Mon 13 Oct 2025 08:53 Mira Holm → moved "call the other vendor" from 17 Nov to 1 Dec',
            f'Sun 12 Oct 2025 08:53 Ada Lind → moved "call the other vendor" to {place}',
            "Sat 11 Oct 2025 08:53 Mira Holm "
            '~ reworded "call the vendor" to "call the other vendor"',
            'Fri 10 Oct 2025 08:53 Ada Lind → moved "call the vendor" from 3 Nov to 17 Nov',
            'Thu 9 Oct 2025 08:53 Mira Holm + added "call the vendor"',
        ]
        assert "Sat 3 Oct 2026   agreed in the session, due 1 Dec" in screen_text(app)
        write(folder, {NEW: session("- [x] call the other vendor due:2026-12-01\n")})
        await until(pilot, lambda: len(changes(app)) == 6, "what is not committed")
        assert changes(app)[0] == 'not committed ✔ ticked off "call the other vendor"'
        write(folder, {NEW: session("- [ ] something else entirely\n")})
        await until(pilot, lambda: "no longer in its file" in screen_text(app), "it is gone")


async def test_a_level_and_the_goals(tmp_path: Path) -> None:
    folder = repository(tmp_path / "ada")
    async with dashboard(folder).run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("2")
        page = pilot.app.screen
        assert isinstance(page, Page)
        while getattr(page.selected(), "key", None) != ("skill", "vision"):
            await pilot.press("down")
        app = await show(pilot, "I")
        assert "beginner → advanced" in screen_text(app)
        assert [line.partition(" ▲ ")[2] for line in changes(app)] == [
            "raised articulating a vision to advanced",
            "raised articulating a vision to beginner",
        ]
        assert "Ada Lind" in changes(app)[0]
        await pilot.press("escape")
        app.set_state(history_end=None)
        app = await show(pilot, "comma", "h")
        assert [line.partition(" ~ ")[2] for line in changes(app)] == [
            'changed the goal from "lead the team" to "lead two teams"',
            'set the goal to "lead the team"',
            'set the goal to "speak in public"',
        ]
        rows = app.screen.query_one(RowList)
        assert isinstance(rows.selected, GoalRow)
        assert "open, since Thu 9 Oct 2025, reworded 1 time" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: len(changes(app)) == 2, "the history of this goal alone")
        assert "lead two teams" in screen_text(app) and "speak in public" not in screen_text(app)
        await until(pilot, lambda: app.state.history_end == "", "all of it")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, NotesPage), "the file of the change")
        write(folder, {"lead.md": lead("- [ ] lead two teams\n- speak in public\n")})
        rows = app.screen.query_one(RowList)
        await until(pilot, lambda: "lead two teams" in text_of(rows.selected), "its line")
        await pilot.press("I")
        await until(pilot, lambda: isinstance(app.screen, ItemHistoryPage), "the history again")
        await until(pilot, lambda: len(changes(app)) == 2, "of the goal on that line")


async def test_without_git_it_shows_what_the_files_tell(tmp_path: Path) -> None:
    files = {
        "lead.md": "---\nname: Ada\n---\n",
        OLD: session("- [-] call the vendor due:2026-11-03\n"),
        NEW: session("- [ ] call the vendor due:2026-11-17\n"),
        "sessions/2026-11-03.md": session(""),
    }
    async with dashboard(write(tmp_path / "ada", files)).run_test(size=(80, 24)) as pilot:
        app = await show(pilot, "I")
        text = screen_text(app)
        assert "due 3 Nov → 17 Nov, carried over once" in text
        for line in (
            "Tue 3 Nov 2026   carried over in the session",
            "Sat 3 Oct 2026   agreed in the session, due 17 Nov",
            "Thu 3 Sep 2026   agreed in the session, due 3 Nov",
            "No history of git: it is not in a git repository.",
        ):
            assert line in text


async def test_nothing_selected_is_said(tmp_path: Path) -> None:
    async with dashboard(write(tmp_path / "ada", {"lead.md": "# Ada\n"})).run_test() as pilot:
        await loaded(pilot)
        app = pilot.app
        assert isinstance(app, TldashApp)
        await pilot.press("I")
        await until(pilot, lambda: app.notice is not None, "the notice")
        assert app.notice is not None and app.notice.text.startswith("select an action")


@pytest.mark.parametrize("width", [40, 58, 76, 90, 116])
def test_a_change_is_shown_with_every_word_within_the_width(width: int) -> None:
    text = "ask the people on the release train what the whole of it is for"
    event = Event(EventKind.ADDED, "ada", text, NEW, 4)
    when = datetime(2026, 11, 15, 10, tzinfo=UTC)
    logged = LoggedEvent(event, "Ada", "Ada Lindqvist", when, "c0ffee")
    lines = ChangeRow(logged, 0).lines(width)
    assert max(line.cell_length for line in lines) <= width
    shown = " ".join(" ".join(line.plain for line in lines).split())
    assert {*text.split(), "Lindqvist"} <= {word.strip('"') for word in shown.split()}


async def test_dates_that_moved_in_git_make_an_action_slip(tmp_path: Path) -> None:
    """Also in a commit that is made while the screen is not open, and as of an earlier day."""
    folder = repository(tmp_path / "ada")
    async with dashboard(folder).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, TldashApp)
        await loaded(pilot)
        await pilot.press("a", "v", "v")
        reason = "due 3 Nov → 17 Nov → 1 Dec"
        await until(pilot, lambda: reason in screen_text(app), "the reason")
        await pilot.press("escape")
        write(folder, {NEW: session("- [ ] call the other vendor due:2026-12-24\n")})
        git(folder, "commit", "-qam", "later")
        await until(pilot, lambda: "24 Dec" in screen_text(app), "the file read again")
        await pilot.press("percent_sign", "end")
        await until(pilot, lambda: f"{reason[4:]} → 24 Dec" in screen_text(app), "the trends")
        await pilot.press("Z")
        await pilot.press(*"2025-10-10", "enter")
        await until(pilot, lambda: app.state.as_of is not None, "the earlier day")
        await until(pilot, lambda: "slipping  none" in screen_text(app), "nothing moved yet")
