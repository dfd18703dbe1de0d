"""The evidence of a skill or a marker: a list whose rows open the places."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, until
from tests.support.records import write
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.evidence import EvidencePage, EvidenceRow
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.session import SessionPage
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.skill_rows import MarkerRow
from tldash.tui.widgets.text_line import TextLine

FILES = {
    "lead.md": "---\nname: Ada\ncoach: Mira\n---\n",
    "skills.md": "# Vision\n## beginner\n- [x] says it ✅ 2026-10-20\n- [ ] tells it\n",
    "sessions/2026-10-22.md": "---\nskill: vision\nlevels: {vision: beginner}\n---\n"
    "## Notes\n> I keep the long version\n> for myself.\n\nOther things.\n",
    "sessions/2026-11-03.yaml": "notes: |\n  Her vision got shorter.\n\n  > not about it\n"
    "actions:\n  - text: Told the team\n    done: 2026-11-09\n    tags: [vision]\n",
}


def lines(app: TldashApp) -> list[str]:
    rows = app.screen.query_one(RowList).rows
    return [" ".join(line.plain.split()) for row in rows for line in row.lines(90) if line.plain]


async def on_skill(pilot: Pilot[None]) -> TldashApp:
    await loaded(pilot)
    app = pilot.app
    assert isinstance(app, TldashApp) and isinstance(app.screen, LeadPage)
    rows = app.screen.query_one("#skills", RowList)
    rows.focus()
    rows.select(("skill", "vision"))
    await pilot.pause()
    return app


async def test_evidence_stands_below_the_levels_and_opens_its_place(tmp_path: Path) -> None:
    root = write(tmp_path / "ada", FILES)
    async with dashboard(root).run_test(size=(120, 40)) as pilot:
        app = await on_skill(pilot)
        await pilot.press("F")
        await until(pilot, lambda: isinstance(app.screen, EvidencePage), "the page")
        expected = [
            "since then",
            "✔ Told the team 9 Nov",
            "done action · sessions/2026-11-03.yaml:6",
            "– Her vision got shorter. 3 Nov",
            "line · sessions/2026-11-03.yaml:2",
            "beginner agreed 22 Oct",
            "▎ I keep the long version for myself. 22 Oct",
            "quote · sessions/2026-10-22.md:6",
            "▰ says it 20 Oct",
            "ticked marker · skills.md:3",
        ]
        await until(pilot, lambda: lines(app) == expected, "all of it")
        title = app.screen.query_one("#title", TextLine).content.plain
        assert "1 done action · 1 ticked marker · 1 quote · 1 line" in title
        file = root / "sessions/2026-10-22.md"
        file.write_text(file.read_text().replace("Other things.", "A vision of others."))
        await until(pilot, lambda: "– A vision of others. 22 Oct" in lines(app), "a new line")
        await pilot.press("home", "enter")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")
        assert isinstance(app.screen, SessionPage)
        assert app.screen.path == "sessions/2026-11-03.yaml"


async def test_the_evidence_of_a_marker_has_the_marker_selected(tmp_path: Path) -> None:
    root = write(tmp_path / "ada", FILES)
    async with dashboard(root).run_test(size=(120, 40)) as pilot:
        app = await on_skill(pilot)
        await pilot.press("enter", "down")
        await until(pilot, lambda: isinstance(app.screen.selected(), MarkerRow), "the marker")
        await pilot.press("F")
        await until(pilot, lambda: isinstance(app.screen, EvidencePage), "the page")
        title = app.screen.query_one("#title", TextLine).content.plain
        assert title.endswith("marker    says it · ticked")
        row = app.screen.query_one(RowList).selected
        assert isinstance(row, EvidenceRow)
        assert (row.evidence.text, row.spot) == ("says it", ("skills.md", 3))


async def test_a_skill_without_any_says_what_counts(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if name in ("lead.md", "skills.md")}
    root = write(tmp_path / "ada", {**files, "skills.md": "# Vision\n## beginner\n- [ ] says it\n"})
    async with dashboard(root).run_test(size=(120, 40)) as pilot:
        app = await on_skill(pilot)
        await pilot.press("F")
        await until(pilot, lambda: isinstance(app.screen, EvidencePage), "the page")
        assert lines(app)[0].startswith("none yet done actions tagged #vision")
        await pilot.press("escape", "1", "F")
        said = "select a skill or a marker first"
        await until(pilot, lambda: app.notice is not None and app.notice.text == said, said)
