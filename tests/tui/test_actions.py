"""The list of all actions: its counts, its groups and whose the actions are."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, sample, until
from tests.support.records import write
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.actions import ActionsPage
from tldash.tui.screens.messages import OpenPage
from tldash.tui.screens.session import SessionPage
from tldash.tui.style.text import LATE
from tldash.tui.widgets.action_listing import ListedAction
from tldash.tui.widgets.bars import TitleBar
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.leads import summary
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.task_rows import Heading

FILES = {
    "ada/lead.md": "---\nname: Ada\ncoach: Mira\n---\n",
    "ada/sessions/2026-11-03.md": "## Actions\n"
    "- [ ] call the vendor due:2026-11-10\n"
    "- [ ] @mira send the article due:2026-11-12\n"
    "- [ ] @sparrow review the draft due:2026-11-22\n"
    "- [ ] write it down due:2026-11-23\n",
}


async def opened(pilot: Pilot[None]) -> ActionsPage:
    await loaded(pilot)
    await pilot.press("a")
    await until(pilot, lambda: isinstance(pilot.app.screen, ActionsPage), "the actions")
    page = pilot.app.screen
    assert isinstance(page, ActionsPage)
    return page


def groups(page: ActionsPage) -> dict[str, list[str]]:
    """Return the first line of every action, by the heading above it."""
    found: dict[str, list[str]] = {}
    name = ""
    for row in page.query_one(RowList).rows:
        line = row.lines(100)[-1 if isinstance(row, Heading) else 0].plain
        if isinstance(row, Heading):
            name = line
        elif isinstance(row, ListedAction):
            found.setdefault(name, []).append(line[2:].split("   ")[0].strip())
    return found


async def test_overdue_is_one_number_in_title_group_and_filter(tmp_path: Path) -> None:
    app = dashboard(write(tmp_path, FILES))
    async with app.run_test(size=(120, 40)) as pilot:
        page = await opened(pilot)
        assert "2 overdue" in page.query_one(TitleBar).status.plain
        assert groups(page) == {
            "overdue  2": ["call the vendor", "Mira: send the article"],
            "this week  1": ["@sparrow: review the draft"],
            "next week  1": ["write it down"],
        }
        await pilot.press("slash", *"overdue", "enter")
        assert list(groups(page)) == ["overdue  2"]


async def test_a_tick_changes_the_number_of_its_group(tmp_path: Path) -> None:
    app = dashboard(write(tmp_path, FILES))
    async with app.run_test(size=(120, 40)) as pilot:
        page = await opened(pilot)
        await pilot.press("space")
        await until(pilot, lambda: "overdue  1" in groups(page), "the number")
        assert len(groups(page)["overdue  1"]) == 2, "the ticked action stays"
        assert "1 overdue" in page.query_one(TitleBar).status.plain


@pytest.mark.parametrize("presses", [0, 1, 2])
async def test_owners_are_named_in_every_grouping(tmp_path: Path, presses: int) -> None:
    app = dashboard(write(tmp_path, FILES))
    async with app.run_test(size=(120, 40)) as pilot:
        page = await opened(pilot)
        await pilot.press(*["v"] * presses)
        found = [line for lines in groups(page).values() for line in lines]
        assert any(line.startswith("Mira: send the article") for line in found)
        assert any(line.startswith("@sparrow: review the draft") for line in found)


@pytest.mark.parametrize("width", [100, 160, 200])
async def test_text_and_date_are_close_in_wide_windows(tmp_path: Path, width: int) -> None:
    app: TldashApp = dashboard(sample(tmp_path))
    async with app.run_test(size=(width, 40)) as pilot:
        page = await opened(pilot)
        rows = page.query_one(RowList).rows
        lines = [row.lines(width - 3)[0].plain for row in rows if isinstance(row, ListedAction)]
        assert max(len(line.rstrip()) for line in lines) <= 125


async def test_wide_windows_show_the_details_of_the_selected_action(tmp_path: Path) -> None:
    text = "## Actions\n- [ ] @mira call due:2026-11-23 #vision\n  ask for the **long** form\n"
    app = dashboard(write(tmp_path, {**FILES, "ada/sessions/2026-11-03.md": text}))
    async with app.run_test(size=(159, 40)) as pilot:
        page = await opened(pilot)
        details = page.query_one("#details", Canvas)
        assert not details.display
        await pilot.resize_terminal(160, 40)
        await until(pilot, lambda: "NOTE" in details.render().plain, "the details")
        lines = [line.rstrip() for line in details.render().plain.split("\n")]
        assert lines == [
            "call",
            "",
            "lead      Ada",
            "owner     Mira",
            "due       Mon 23 Nov 2026, in 3 days",
            "agreed    Tue 3 Nov 2026, 17 days ago",
            "tags      #vision",
            "below     Actions",
            "file      ada/sessions/2026-11-03.md:2",
            "",
            "NOTE",
            "ask for the long form",
        ]
        await pilot.press("space")
        await until(
            pilot, lambda: "done      Fri 20 Nov 2026, today" in details.render().plain, "it"
        )


async def test_an_action_says_how_often_it_was_carried_over_and_when(tmp_path: Path) -> None:
    held = {f"ada/2026-{month}-03.md": "talked\n" for month in ("09", "10", "11")}
    text = "## Actions\n- [ ] the old one\n- [ ] second due:2026-11-24\n"
    app = dashboard(write(tmp_path, {"ada/lead.md": "", "ada/2026-08-03.md": text, **held}))
    async with app.run_test(size=(160, 40)) as pilot:
        await loaded(pilot)
        first = app.screen.query_one(RowList)
        assert first.selected is not None

        def rows() -> str:
            found = app.screen.query(RowList).first()
            return "\n".join(line.plain for row in found.rows for line in row.lines(110))

        await pilot.press("enter")
        await until(pilot, lambda: "the old one · carried over 3 times" in rows(), "the lead")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ActionsPage), "the list")
        await until(pilot, lambda: "second · carried over 3 times" in rows(), "the list of all")
        details = app.screen.query_one("#details", Canvas)
        expected = "carried   over 3 times: 3 Sep, 3 Oct, 3 Nov"
        await until(pilot, lambda: expected in details.render().plain, "the dates")
        await pilot.press("enter")
        await until(pilot, lambda: "second · carried over 3 times" in rows(), "its session")
        await pilot.press("space")
        await until(pilot, lambda: "done 20" in rows(), "done")
        assert "second · carried" not in rows()


async def test_an_action_that_waits_is_nowhere_overdue(tmp_path: Path) -> None:
    text = "## Actions\n- [ ] send it due:2026-11-10 dep:w\n- [ ] write it id:w\n"
    app = dashboard(write(tmp_path, {"ada/lead.md": "", "ada/2026-11-03.md": text}))
    async with app.run_test(size=(200, 50)) as pilot:
        page = await opened(pilot)
        assert "waiting  1" in groups(page)
        await pilot.press("end")
        details = page.query_one("#details", Canvas)
        await until(pilot, lambda: "waiting" in details.render().plain, "the details")
        beside = summary(page.state.workspace.leads[0], page.state, 60, 40)
        assert "send it · waiting for write it" in beside.plain
        assert "overdue" not in beside.plain
        app.screen.post_message(OpenPage("session", "ada", "ada/2026-11-03.md"))
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")
        rows = app.screen.query_one(RowList)
        await until(pilot, lambda: len(rows.rows) > 1, "its rows")
        shown = [line for row in rows.rows for line in row.lines(100)]
        assert any("send it · waiting for write it" in line.plain for line in shown)
        assert not any(str(span.style) == LATE for line in shown for span in line.spans)
