"""The manual: search in all pages, and code at the width of the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, sample, until
from tldash import manual
from tldash.output.passage import PassageKind
from tldash.output.passages import parse_page
from tldash.tui.screens.manual import FoundRow, ManualPage
from tldash.tui.widgets.passages import PassageRow
from tldash.tui.widgets.row_list import RowList


async def opened(pilot: Pilot[None]) -> RowList:
    await loaded(pilot)
    await pilot.press("M")
    await until(pilot, lambda: isinstance(pilot.app.screen, ManualPage), "the manual")
    return pilot.app.screen.query_one(RowList)


def at_top(rows: RowList) -> str:
    """Return the text of the first passage in sight."""
    tops = enumerate(map(rows.top_of, range(len(rows.rows))))
    first = next((index for index, top in tops if top >= rows.scroll_y), -1)
    row = rows.rows[first]
    return row.passage.text if isinstance(row, PassageRow) else ""


def shown(rows: RowList) -> list[str]:
    return [line.plain for row in rows.rows for line in row.lines(76)]


async def test_a_search_covers_all_pages_and_opens_the_passage(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        rows = await opened(pilot)
        await pilot.press("slash", *"VARIATION", "space", *"selector", "enter")
        await until(pilot, lambda: isinstance(rows.rows[0], FoundRow), "the passages")
        found = [row for row in rows.rows if isinstance(row, FoundRow)]
        assert {manual.NAMES[row.page] for row in found} == {"format"}
        assert len(found) == len(rows.rows)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(rows.rows[0], PassageRow), "the page")
        await until(pilot, lambda: "variation selector" in at_top(rows), "the passage")


async def test_escape_ends_the_search_before_it_leaves(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        rows = await opened(pilot)
        page = shown(rows)
        await pilot.press("slash", *"zzz", "enter")
        await until(pilot, lambda: shown(rows)[0].startswith("nothing found"), "the answer")
        await pilot.press("escape")
        await until(pilot, lambda: shown(rows) == page, "the page")
        assert isinstance(app.screen, ManualPage)


@pytest.mark.parametrize("width", [40, 60, 100])
def test_code_wraps_and_loses_no_character(width: int) -> None:
    for text in manual.pages().values():
        for passage in parse_page(text):
            if passage.kind is PassageKind.CODE:
                lines = [line.plain.removeprefix("│ ") for line in PassageRow(passage).lines(width)]
                assert "".join(lines) == passage.text
                assert all(len(line) <= width for line in lines)
