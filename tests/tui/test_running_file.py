"""A file that holds several sessions: each has its own page, and edits go to its section."""

from __future__ import annotations

from pathlib import Path

from tests.support.dashboard import dashboard, loaded, until
from tests.support.records import write
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.session import SessionPage
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.timeline import Timeline

TEXT = (
    "# Ada\n\n## 2026-11-16\n### Topics\n- [ ] the rota\n### Tasks\n- [ ] write to Wren\n\n"
    "## 2026-11-02\nWe planned.\n- [ ] read the plan\n"
)


def shown(page: SessionPage) -> list[str]:
    return [row.task.text for row in page.query_one(RowList).rows if getattr(row, "task", None)]


async def test_every_section_of_a_running_file_is_a_session(tmp_path: Path) -> None:
    folder = write(tmp_path / "ada", {"1on1.md": TEXT})
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        lead = app.screen
        assert isinstance(lead, LeadPage)
        timeline = lead.query_one(Timeline)
        assert [str(stop.session.at.day) for stop in timeline.stops] == ["2026-11-02", "2026-11-16"]
        timeline.focus()
        await pilot.press("left", "enter")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")
        page = app.screen
        assert isinstance(page, SessionPage)
        await until(pilot, lambda: shown(page) == ["read the plan"], "its items alone")
        await pilot.press("]")
        await until(pilot, lambda: shown(page) == ["the rota", "write to Wren"], "the later one")
        await pilot.press("[")
        await until(pilot, lambda: shown(page) == ["read the plan"], "the earlier one again")
