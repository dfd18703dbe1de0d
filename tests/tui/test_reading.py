"""Reading a long text: its headings, its links, and a place that stays when the file changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, until
from tests.support.records import write
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.session import SessionPage
from tldash.tui.widgets.row_list import RowList

HEAD = "## Agenda\n- [ ] topic\n\n"
PARTS = [f"## Part {part}\n\n{'A line of the part. ' * 20}\n\n" for part in range(40)]
PATH = "ada/2026-11-10.md"


def text(*parts: str) -> str:
    return HEAD + "".join(parts or PARTS)


async def reading(pilot: Pilot[None]) -> RowList:
    await loaded(pilot)
    app = pilot.app
    assert isinstance(app, TldashApp)
    lead = app.state.workspace.leads[0]
    app.action_open_page("session", lead.id, lead.sessions[0].path)
    await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")
    await until(pilot, lambda: bool(app.screen.query_one(RowList).rows), "its text")
    return app.screen.query_one(RowList)


def at_top(rows: RowList) -> str:
    """Return the first line of the text on screen that has words."""
    lines = ("".join(part.text for part in rows.render_line(y)).strip() for y in range(20))
    return next(filter(None, lines))


async def test_a_heading_is_gone_to(tmp_path: Path) -> None:
    app = dashboard(write(tmp_path / "circle", {PATH: text()}))
    async with app.run_test(size=(100, 30)) as pilot:
        rows = await reading(pilot)
        await pilot.press("J", *"part 23", "enter")
        await until(pilot, lambda: at_top(rows) == "Part 23", "the heading")
        assert app.focused is rows


@pytest.mark.parametrize("where", ["above", "below", "here"])
async def test_the_place_stays_when_the_file_changes(tmp_path: Path, where: str) -> None:
    folder = write(tmp_path / "circle", {PATH: text()})
    app = dashboard(folder)
    async with app.run_test(size=(100, 30)) as pilot:
        rows = await reading(pilot)
        await pilot.press("J", *"part 23", "enter")
        await until(pilot, lambda: at_top(rows) == "Part 23", "the heading")
        before = rows.scroll_offset.y
        new = "## New\n\nSomething that somebody has just written.\n\n"
        at = {"above": 10, "below": 30, "here": 24}[where]
        lines = len(rows.rows)
        (folder / PATH).write_text(text(*PARTS[:at], new, *PARTS[at:]))
        await until(pilot, lambda: len(rows.rows) > lines, "the new text")
        assert at_top(rows) == "Part 23"
        assert (rows.scroll_offset.y > before) is (where == "above")


async def test_links_show_where_they_lead(tmp_path: Path) -> None:
    links = "[The plan](https://a.example/plan), [[2026-10-01|last time]], [[notes]].\n"
    app = dashboard(write(tmp_path / "circle", {PATH: links}))
    async with app.run_test(size=(100, 30)) as pilot:
        rows = await reading(pilot)
        shown = "\n".join(line.plain for row in rows.rows for line in row.lines(90))
        assert "The plan (https://a.example/plan), last time (2026-10-01), notes." in shown
