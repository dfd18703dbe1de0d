"""The brief of a session as a screen, and on the page of a session that has not begun."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import NOW, dashboard, loaded, sample, until
from tests.support.records import write
from tldash.insight.schedule import find_last_session
from tldash.output.brief import BriefReader, build_brief, extract_last, format_brief
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.brief import BriefPage
from tldash.tui.screens.session import SessionPage
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.row_list import RowList
from tldash.workspace.folders import Folders


def text(app: TldashApp, width: int = 200) -> str:
    """Return all rows of all lists on screen."""
    found = [rows.rows for rows in app.screen.query(RowList)]
    lines = [line.plain for rows in found for row in rows for line in row.lines(width)]
    return "\n".join(lines)


async def open_brief(pilot: Pilot[None], app: TldashApp, last: str) -> None:
    """Open it from the first screen. `last` is written about the last session."""
    await loaded(pilot)
    await pilot.press("B")
    await until(pilot, lambda: isinstance(app.screen, BriefPage), "the brief")
    await until(pilot, lambda: last in text(app), "the last session")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_it_shows_what_the_command_prints(tmp_path: Path, size: tuple[int, int]) -> None:
    root = sample(tmp_path) / "deniz"
    folders = Folders([root])
    folders.read()
    [deniz] = folders.workspace.leads
    last = find_last_session(deniz, NOW)
    assert last is not None
    brief = build_brief(
        deniz,
        folders.workspace.framework,
        BriefReader(NOW),
        extract_last(last, folders.read_text(last.path)),
    )
    app = dashboard(root)
    async with app.run_test(size=size) as pilot:
        await open_brief(pilot, app, "The Professor hears")
        shown = " ".join(text(app).replace("*", "").split())
        for section in brief.sections:
            assert section.title.upper() in shown
            assert section.note in shown
            for item in section.items:
                for words in item.text.replace("*", "").split():
                    assert words in shown, item
        first = app.screen.query(RowList).first()
        assert first.scroll_offset.y == 0, "it begins at the top"
        assert "Next session" in first.rows[0].lines(80)[0].plain
        await pilot.press("Y")
        assert app.clipboard == format_brief(brief).rstrip("\n")


async def test_it_is_saved_without_overwriting_and_the_saving_is_undone(tmp_path: Path) -> None:
    root = sample(tmp_path)
    (root / "ada" / "brief.md").write_text("mine", "utf-8")
    app = dashboard(root / "ada")
    async with app.run_test(size=(120, 40)) as pilot:
        await open_brief(pilot, app, "Owl has stopped making jokes")
        await pilot.press("ctrl+s")
        saved = root / "ada" / "brief-2.md"
        await until(pilot, saved.exists, "the file")
        assert saved.read_text("utf-8").startswith("# Ada Lindqvist\n\n- **Next session:** none")
        assert (root / "ada" / "brief.md").read_text("utf-8") == "mine"
        before = len(app.state.workspace.leads[0].actions)
        await until(pilot, lambda: "brief-2.md" in app.state.workspace.leads[0].notes, "a note")
        assert len(app.state.workspace.leads[0].actions) == before
        await pilot.press("u")
        await until(pilot, lambda: not saved.exists(), "undone")


async def test_promises_are_ticked_while_reading(tmp_path: Path) -> None:
    file = "## Actions\n- [ ] call the vendor\n- [ ] @coach send it\n"
    root = write(tmp_path / "f", {"ada/lead.md": "coach: Mira", "ada/2026-11-03.md": file})
    app = dashboard(root)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("B")
        await until(pilot, lambda: "call the vendor" in text(app), "the brief")
        await pilot.press("space")
        await until(pilot, lambda: "- [x] call" in (root / "ada/2026-11-03.md").read_text(), "it")
        await until(pilot, lambda: "Done: call the vendor · 20 Nov" in text(app), "a change")


async def test_without_a_lead_it_says_what_to_do(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("exclamation_mark", "B")
        await pilot.pause()
        assert app.screen.NAME == "problems"
        assert app.notice is not None
        assert app.notice.text == "select a lead first"


async def test_a_lead_that_is_gone_is_no_failure(tmp_path: Path) -> None:
    root = write(tmp_path / "f", {"ada/lead.md": "", "ben/lead.md": ""})
    app = dashboard(root)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("B")
        await until(pilot, lambda: isinstance(app.screen, BriefPage), "the brief")
        page = app.screen
        assert isinstance(page, BriefPage)
        (root / page.lead_id / "lead.md").unlink()
        (root / page.lead_id).rmdir()
        await until(pilot, lambda: "is no longer in the folder" in text(app), "what happened")
        await pilot.press("ctrl+s", "Y", "space", "enter")


PLANNED = {
    "ada/lead.md": "---\ncoach: Mira\n---\n",
    "ada/2026-11-03.md": "## Agenda\n- [ ] left open\n## Notes\nWe talked.\n- [ ] call\n",
    "ada/2026-12-03.md": "## Agenda\n- [ ] its own topic\n## Notes\n",
}


async def test_a_session_that_has_not_begun_shows_the_brief_below(tmp_path: Path) -> None:
    root = write(tmp_path / "f", PLANNED)
    app = dashboard(root)
    async with app.run_test(size=(200, 60)) as pilot:
        await loaded(pilot)
        app.action_open_page("session", "ada", "ada/2026-12-03.md")
        await until(pilot, lambda: "We talked." in text(app), "the last session")
        shown = text(app)
        assert shown.count("its own topic") == 1
        for words in ("LAST TIME", "ADA PROMISED", "call", "left open · left open 3 Nov"):
            assert words in shown
        assert "Where you are" not in shown
        aside = app.screen.query_one("#aside", Canvas).render().plain
        for words in ("THE FIRST FULL ROUND", "Read the goals aloud.", "You both remember"):
            assert words in aside
        await pilot.press("down", "space")
        await until(pilot, lambda: "- [x]" in (root / "ada/2026-11-03.md").read_text(), "ticked")
        (root / "ada/2026-12-03.md").write_text("## Notes\nBegun.\n", "utf-8")
        page = app.screen
        assert isinstance(page, SessionPage)
        await until(pilot, lambda: "Begun." in text(app), "the notes")
        assert "PROMISED" not in text(app), "the session has begun"
        assert page.also_reads is None
