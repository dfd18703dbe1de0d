"""A pair starts and ends in the dashboard: a new lead, what lead.md says, and its notes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, until
from tests.support.records import write
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.notes import NotesPage
from tldash.tui.screens.overview import OverviewPage
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.text_line import TextLine

LEAD = (
    "---\r\nname: Ada\r\ncoach: Mira # since May\r\nstatus: active\r\n---\r\n## Notes\r\nWalks.\r\n"
)
FILES = {
    "ada/lead.md": LEAD,
    "ada/sessions/2026-11-03.md": "We met.\n",
    "ben/2026-11-03.md": "We met.\n",
}


@asynccontextmanager
async def opened(
    root: Path, lead: str = "", me: str | None = None
) -> AsyncIterator[tuple[Pilot[None], TldashApp]]:
    app = dashboard(root)
    app._me = me
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        if lead:
            app.action_open_page("lead", lead)
            await until(pilot, lambda: isinstance(app.screen, LeadPage), "the page")
        yield pilot, app


def look(app: TldashApp) -> str:
    return app.screen.query_one("Prompt #look").render().plain


async def ask(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await until(pilot, lambda: bool(pilot.app.screen.query("Prompt")), "the question")


def snapshot(root: Path) -> dict[str, bytes]:
    """Return the files, also while folders are removed."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder, _, names in os.walk(root)
        for path in (Path(folder, name) for name in names)
    }


@pytest.mark.parametrize("files", [FILES, {"tldash.yaml": "coach: Mira\n"}])
async def test_a_lead_is_created_opened_and_removed_again(
    tmp_path: Path, files: dict[str, str]
) -> None:
    root = write(tmp_path / "circle", files)
    before = snapshot(root)
    async with opened(root) as (pilot, app):
        await ask(pilot, "A")
        await pilot.press(*"Cyd Moss")
        assert "cyd-moss/lead.md and cyd-moss/skills.md" in look(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the page")
        assert app.screen.lead_id == "cyd-moss"  # type: ignore[attr-defined]
        assert (root / "cyd-moss/lead.md").read_text().startswith("---\nname: Cyd Moss\nstarted: ")
        assert not app.state.activity and not app.state.recent, "it is no news"
        await pilot.press("u")
        await until(pilot, lambda: not (root / "cyd-moss").exists(), "no folder")
        assert snapshot(root) == before
        assert not app.state.activity, "nor is the undo"


async def test_of_several_folders_the_first_gets_the_new_lead(tmp_path: Path) -> None:
    one, other = write(tmp_path / "one", FILES), write(tmp_path / "other", FILES)
    app = dashboard(one, other)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await ask(pilot, "A")
        await pilot.press(*"Cyd", "enter")
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the page")
        assert app.screen.lead_id == "one/cyd"  # type: ignore[attr-defined]
        assert (one / "cyd/lead.md").exists() and not (other / "cyd").exists()
        await pilot.press("u")
        await until(pilot, lambda: not (one / "cyd").exists(), "as before")


async def test_a_name_that_is_taken_is_refused_and_stays_typed(tmp_path: Path) -> None:
    root = write(tmp_path / "circle", FILES)
    async with opened(root) as (pilot, app):
        await ask(pilot, "A")
        await pilot.press(*"ADA", "enter")
        assert "Ada is already a lead, in ada" in look(app)
        await pilot.press("ctrl+u", *"???", "enter")
        assert "no letter or digit" in look(app)
        assert snapshot(root).keys() == FILES.keys()


async def test_a_lead_md_that_somebody_else_created_meanwhile_is_kept(tmp_path: Path) -> None:
    root = write(tmp_path / "circle", FILES)
    file = root / "ben/lead.md"
    async with opened(root, "ben") as (pilot, app):
        await ask(pilot, "comma", "c")
        await pilot.press("ctrl+u", *"Ravi")
        file.write_text("theirs\n")
        await pilot.press("enter")
        await until(pilot, lambda: app.notice is not None and app.notice.bad, "the reason")
        assert ("coach of Ben", "Ravi") in app.state.typed, "it is offered again"
        assert file.read_text() == "theirs\n"


ENDED = LEAD.replace("status: active", "status: ended").replace(
    "Walks.\r\n", "Walks.\r\n\r\nEnded 2026-11-20: she leads.\r\n"
)
EDITS = {
    "name": ("n", "Ada L", LEAD.replace("name: Ada", "name: Ada L"), "name: Ada L"),
    "coach": ("c", "Ravi", LEAD.replace("coach: Mira", "coach: Ravi"), "coach: Ravi # since May"),
    "no coach": ("c", "", LEAD.replace("coach: Mira # since May\r\n", ""), "coach:"),
    "cadence": (
        "k",
        "3 weeks",
        LEAD.replace("status: active\r\n", "status: active\r\ncadence: 3 weeks\r\n"),
        "cadence: 3 weeks",
    ),
    "goal": ("g", "Sleep", f"{LEAD}\r\n## Goals\r\n\r\n- Sleep\r\n", "Sleep"),
    "pause": ("p", "", LEAD.replace("active", "paused"), "status: paused"),
    "end": (
        "e",
        "she leads.",
        ENDED,
        "status: ended, and in the notes: Ended 2026-11-20: she leads.",
    ),
}


@pytest.mark.parametrize("case", EDITS)
@pytest.mark.parametrize("on_page", [True, False])
async def test_lead_md_is_edited_as_shown_and_one_undo_restores_it(
    tmp_path: Path, case: str, on_page: bool
) -> None:
    key, typed, after, shown = EDITS[case]
    root = write(tmp_path / "circle", FILES)
    file = root / "ada/lead.md"
    async with opened(root, "ada" if on_page else "") as (pilot, app):
        if not on_page:
            app.screen.query_one(RowList).select(("lead", "ada"))
            await pilot.pause()
            lead = app.screen.current_lead(app.state)  # type: ignore[attr-defined]
            if lead.id != "ada":
                await pilot.press("down")
        await ask(pilot, "comma", key)
        await pilot.press("ctrl+u", *typed)
        await until(pilot, lambda: shown in look(app), "the line")
        assert file.read_bytes() == LEAD.encode(), "nothing is written before enter"
        await pilot.press("enter")
        await until(pilot, lambda: file.read_bytes() == after.encode(), "the edit")
        await until(pilot, lambda: not app.edits.any_pending, "the notice")
        assert not app.state.activity, "it is no news"
        await pilot.press("u")
        await until(pilot, lambda: file.read_bytes() == LEAD.encode(), "as before")


async def test_what_cannot_be_is_refused_with_what_to_type(tmp_path: Path) -> None:
    root = write(tmp_path / "circle", FILES)
    async with opened(root, "ada") as (pilot, app):
        await ask(pilot, "comma", "k")
        await pilot.press("ctrl+u", *"often", "enter")
        assert "type weekly, fortnightly" in look(app)
        await pilot.press("escape")
        await ask(pilot, "comma", "n")
        await pilot.press("ctrl+u", *"Ben")
        assert "another lead has this name too" in look(app)
        assert (root / "ada/lead.md").read_bytes() == LEAD.encode()


async def test_somebody_elses_change_of_the_same_key_is_kept(tmp_path: Path) -> None:
    root = write(tmp_path / "circle", FILES)
    file = root / "ada/lead.md"
    async with opened(root, "ada") as (pilot, app):
        await ask(pilot, "comma", "c")
        await pilot.press("ctrl+u", *"Ravi")
        theirs = LEAD.replace("Mira", "Tove").encode()
        file.write_bytes(theirs)
        await pilot.press("enter")
        await until(pilot, lambda: len(app.state.failed_edits) == 1, "the refusal")
        assert file.read_bytes() == theirs


async def test_a_paused_pair_goes_on_and_an_ended_one_is_told(tmp_path: Path) -> None:
    root = write(tmp_path / "circle", {**FILES, "ada/lead.md": ENDED})
    file = root / "ada/lead.md"
    async with opened(root, "ada") as (pilot, app):
        await pilot.press("comma", "e")
        said = "coaching of Ada has ended already"
        await until(pilot, lambda: app.notice is not None and app.notice.text == said, said)
        await ask(pilot, "comma", "p")
        await pilot.press(*"by popular demand", "enter")
        await until(pilot, lambda: b"status: active" in file.read_bytes(), "resumed")
        assert b"\r\nResumed 2026-11-20: by popular demand\r\n" in file.read_bytes()


async def test_a_lead_without_lead_md_gets_one(tmp_path: Path) -> None:
    root = write(tmp_path / "circle", FILES)
    file = root / "ben/lead.md"
    async with opened(root, "ben") as (pilot, app):
        await ask(pilot, "comma", "e")
        await pilot.press(*"done")
        assert "creates ben/lead.md" in look(app)
        await pilot.press("enter")
        await until(pilot, file.exists, "the file")
        assert file.read_text() == ("---\nstatus: ended\n---\n## Notes\n\nEnded 2026-11-20: done\n")
        await until(pilot, lambda: not app.edits.any_pending, "the notice")
        assert app.screen.query_one("#header", Canvas).render().plain.startswith("ended")
        await pilot.press("u")
        await until(pilot, lambda: not file.exists(), "as before")


NOTES = {
    **FILES,
    "ada/lead.md": "---\nname: Ada\n---\n# Ada\n## Goals\n- [ ] Sleep\n## Notes\nThinks aloud.\n",
    "ada/reading.md": "# Reading\n- [ ] the book\n\n> a quote\n",
}


def text(app: TldashApp) -> str:
    rows = app.screen.query_one(RowList)
    return "\n".join(line.plain for row in rows.rows for line in row.lines(80))


async def test_the_notes_of_a_lead_are_read_and_ticked(tmp_path: Path) -> None:
    root = write(tmp_path / "circle", NOTES)
    async with opened(root, "ada") as (pilot, app):
        await pilot.press("O")
        await until(pilot, lambda: isinstance(app.screen, NotesPage), "the page")
        await until(pilot, lambda: "Thinks aloud." in text(app), "lead.md")
        names = app.screen.query_one("#files", TextLine).content.plain
        assert names.startswith("lead.md · reading.md")
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: "the book" in text(app), "the other file")
        assert "▎ a quote" in text(app)
        await pilot.press("down", "space")
        file = root / "ada/reading.md"
        await until(pilot, lambda: "- [x] the book ✅ 2026-11-20" in file.read_text(), "the tick")
        await until(pilot, lambda: "✔ the book" in text(app), "on screen")
        file.write_text("# Reading\nsomething else\n")
        await until(pilot, lambda: "something else" in text(app), "what somebody else wrote")
        file.unlink()
        await until(pilot, lambda: "Thinks aloud." in text(app), "the file that is left")


async def test_a_lead_without_notes_says_so(tmp_path: Path) -> None:
    root = write(tmp_path / "circle", FILES)
    async with opened(root, "ben") as (pilot, app):
        await pilot.press("O")
        said = "Ben has no lead.md and no other notes"
        await until(pilot, lambda: app.notice is not None and app.notice.text == said, said)


async def test_the_keys_work_while_nothing_has_the_focus(tmp_path: Path) -> None:
    root = write(tmp_path / "circle", FILES)
    async with opened(root) as (pilot, app):
        assert isinstance(app.screen, OverviewPage)
        app.set_focus(None)
        await ask(pilot, "A")
