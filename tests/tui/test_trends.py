"""The screen of a lead's trends: what it shows at each size, what its rows open, and updates."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.dashboard import NOW, dashboard, loaded, sample, until
from tests.support.records import write
from tldash.create.demo import find_sample_data
from tldash.insight.trends import find_trends
from tldash.output.trend_chart import CHART_WIDTH, draw_skill, plan_picture, to_text
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.actions import ActionsPage
from tldash.tui.screens.evidence import EvidencePage
from tldash.tui.screens.session import SessionPage
from tldash.tui.screens.trends import TrendsPage
from tldash.tui.widgets.action_listing import ListedAction
from tldash.tui.widgets.row_list import GUTTER, RowList
from tldash.tui.widgets.trend_rows import SessionTrendRow, SkillTrendRow, SlipRow
from tldash.workspace.folders import Folders

COPIES = {
    f"sessions/2026-{month}-03.md": f"# {month}\n## Actions\n- [{box}] call the vendor due:{due}\n"
    for month, box, due in (
        ("08", "-", "2026-08-10"),
        ("09", "-", "2026-09-10"),
        ("10", "/", "2026-10-10"),
    )
}
FILES = {
    "lead.md": "---\nname: Ada\ncoach: Mira\n---\n",
    "skills.md": "# Vision\n## beginner\n- [x] says it ✅ 2026-09-20\n",
    **COPIES,
    "notes.md": "- [ ] read\n",
}


def text_of(app: TldashApp) -> str:
    """Return all lines of the page, at the width that it has."""
    rows = app.screen.query_one(RowList)
    width = rows.scrollable_content_region.width - GUTTER
    return "\n".join(line.plain for row in rows.rows for line in row.lines(width))


@pytest.mark.parametrize("size", [(60, 14), (80, 24), (120, 40), (200, 60)])
async def test_the_levels_are_a_chart_where_there_is_room(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    """What the page shows is what `tldash stats` prints at that width, and nothing is cut off."""
    workspace = Folders([find_sample_data()]).read()
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=size) as pilot:
        await loaded(pilot)
        app.action_open_page("trends", "chiara")
        await until(pilot, lambda: isinstance(app.screen, TrendsPage), "the trends")
        rows = app.screen.query_one(RowList)
        await until(pilot, lambda: bool(rows.rows), "the rows")
        width = rows.scrollable_content_region.width - GUTTER
        lead = workspace.find_lead("chiara")
        assert lead is not None
        trends = find_trends(lead, workspace.framework, NOW)
        picture = plan_picture(trends, width)
        assert picture.is_chart is (width >= CHART_WIDTH) is (size[0] >= 120)
        shown = [one.rstrip() for one in text_of(app).split("\n")]
        for skill in trends.skills:
            for line in map(to_text, draw_skill(skill, picture)):
                assert line[:width].rstrip() in shown
        assert "26 Oct       35 d         8 ▇" in text_of(app)
        assert rows.scroll_offset.y == 0, "the page starts at its top"
        await pilot.press("end")
        await pilot.pause()
        assert rows.scroll_offset.y > 0 or rows.virtual_size.height <= size[1]


async def test_rows_open_what_they_are_about(tmp_path: Path) -> None:
    async with dashboard(write(tmp_path / "ada", FILES)).run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        app = pilot.app
        assert isinstance(app, TldashApp)
        await pilot.press("percent_sign")
        await until(pilot, lambda: isinstance(app.screen, TrendsPage), "the trends")
        page = app.screen
        rows = page.query_one(RowList)
        for kind, opens in (
            (SkillTrendRow, EvidencePage),
            (SessionTrendRow, SessionPage),
            (SlipRow, SessionPage),
        ):
            row = next(row for row in rows.rows if isinstance(row, kind))
            assert rows.select(row.key)
            await pilot.press("enter")
            await until(pilot, lambda opens=opens: isinstance(app.screen, opens), "the place")
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is page, "the trends again")


async def test_the_page_follows_the_files(tmp_path: Path) -> None:
    root = write(tmp_path / "ada", FILES)
    async with dashboard(root).run_test(size=(200, 60)) as pilot:
        await loaded(pilot)
        app = pilot.app
        assert isinstance(app, TldashApp)
        await pilot.press("percent_sign")
        await until(pilot, lambda: isinstance(app.screen, TrendsPage), "the trends")
        await until(pilot, lambda: "due 10 Aug → 10 Sep → 10 Oct" in text_of(app), "the moves")
        assert "beginner, estimated from markers 20 Sep" in text_of(app)
        assert "◌·····" in text_of(app)
        write(root, {"sessions/2026-11-03.md": "---\nlevels: {vision: advanced}\n---\n# d\nx\n"})
        await until(pilot, lambda: "advanced, agreed 3 Nov" in text_of(app), "the new level")
        assert "4 held" in text_of(app)
        write(root, {"sessions/2026-10-03.md": "# 10\n- [x] call the vendor\n"})
        await until(pilot, lambda: "slipping  none" in text_of(app), "nothing slips")


async def test_a_lead_with_nothing_yet_is_told_what_to_write(tmp_path: Path) -> None:
    root = write(tmp_path / "c", {"ada/lead.md": "---\nname: Ada\n---\n"})
    async with dashboard(root).run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        app = pilot.app
        assert isinstance(app, TldashApp)
        await pilot.press("percent_sign")
        await until(pilot, lambda: isinstance(app.screen, TrendsPage), "the trends")
        text = text_of(app)
        for words in (
            "none agreed yet",
            "levels: {listening: beginner}",
            "press > on a skill",
            "none held yet",
            "sessions/2026-11-20.md",
            "press C",
        ):
            assert words in text
        write(root, {"ada/lead.md": "---\nname: Ada\n---\n", "ben/lead.md": "# Ben\n"})
        (root / "ada" / "lead.md").unlink()
        (root / "ada").rmdir()
        await until(pilot, lambda: "is no longer in the folder" in text_of(app), "it is gone")


async def test_the_filter_of_actions_finds_what_slips(tmp_path: Path) -> None:
    root = write(tmp_path / "ada", {**FILES, "2026-09-01.md": "- [ ] agreed long ago\n"})
    async with dashboard(root).run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        app = pilot.app
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ActionsPage), "the actions")
        rows = app.screen.query_one(RowList)

        def listed() -> list[str]:
            return sorted(one.task.text for one in rows.rows if isinstance(one, ListedAction))

        assert listed() == ["agreed long ago", "call the vendor", "read"]
        await pilot.press("slash", *"is:slipping")
        assert listed() == ["agreed long ago", "call the vendor"]
        await pilot.press(*" @ada call")
        assert listed() == ["call the vendor"]
        await pilot.press("escape")
        assert len(listed()) == 3
