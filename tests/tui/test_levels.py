"""The level of a skill raised and lowered by key: asked for, shown, written, and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, until
from tests.support.dashboard import loaded as on_screen
from tests.support.records import write
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.lead import LeadPage
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.skill_rows import SkillRow

OLD = "---\nlevels: {vision: beginner, listening: advanced}\n---\nWe met.\n"
NEW = "---\r\nlevels:\r\n  listening: 'intermediate'  # at last\r\n---\r\nWe met.\r\n"


def folder(tmp_path: Path, **more: str) -> Path:
    files = {
        "lead.md": "---\nname: Ada\n---\n",
        "sessions/2026-10-01.md": OLD,
        "sessions/2026-11-03.md": NEW,
        "skills.md": "# Vision\n## beginner\n- [ ] says it\n# Growth mindset\n- [ ] asks\n",
    }
    return write(tmp_path / "ada", {**files, **more})


async def at(pilot: Pilot[None], skill: str) -> TldashApp:
    """The dashboard with that skill selected."""
    await on_screen(pilot)
    app = pilot.app
    assert isinstance(app, TldashApp) and isinstance(app.screen, LeadPage)
    rows = app.screen.query_one("#skills", RowList)
    rows.focus()
    rows.select(("skill", skill))
    await until(pilot, lambda: isinstance(app.screen.selected(), SkillRow), "the skill")
    return app


def look(app: TldashApp) -> str:
    return app.screen.query_one("Prompt #look").render().plain


CASES = {
    "listening": (
        "greater_than_sign",
        "listening: advanced",
        NEW.replace("intermediate", "advanced"),
    ),
    "listening-lower": (
        "less_than_sign",
        "listening: beginner",
        NEW.replace("intermediate", "beginner"),
    ),
    "vision": (
        "greater_than_sign",
        "vision: intermediate",
        NEW.replace("at last\r\n", "at last\r\n  vision: intermediate\r\n"),
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_what_is_shown_is_written_where_the_last_session_is(tmp_path, case) -> None:
    key, shown, after = CASES[case]
    root = folder(tmp_path)
    file = root / "sessions/2026-11-03.md"
    async with dashboard(root).run_test(size=(120, 40), notifications=True) as pilot:
        app = await at(pilot, case.partition("-")[0])
        await pilot.press(key)
        await until(pilot, lambda: bool(app.screen.query("Prompt")), "the question")
        assert shown in look(app) and "sessions/2026-11-03.md" in look(app)
        assert file.read_bytes() == NEW.encode(), "nothing is written before enter"
        await pilot.press("enter")
        await until(pilot, lambda: file.read_bytes() == after.encode(), "the level")
        await until(
            pilot,
            lambda: app.notice is not None and "level" in app.notice.text,
            "the word",
        )
        assert (root / "sessions/2026-10-01.md").read_text() == OLD
        assert isinstance(app.screen.selected(), SkillRow), "the cursor is where it was"
        assert not app.state.activity and not app.state.recent, "it is no news"
        await pilot.press("u")
        await until(pilot, lambda: file.read_bytes() == NEW.encode(), "the level before")


async def test_another_level_may_be_typed_and_nonsense_is_not_written(tmp_path) -> None:
    root = folder(tmp_path)
    file = root / "sessions/2026-11-03.md"
    async with dashboard(root).run_test(size=(120, 40), notifications=True) as pilot:
        app = await at(pilot, "vision")
        await pilot.press("greater_than_sign")
        await until(pilot, lambda: bool(app.screen.query("Prompt")), "the question")
        await pilot.press("ctrl+u", *"expert", "enter")
        assert "type beginner or intermediate or advanced" in look(app)
        await pilot.press("ctrl+u", *"Advanced", "enter")
        await until(pilot, lambda: b"  vision: advanced\r\n" in file.read_bytes(), "the level")


@pytest.mark.parametrize(
    ("skill", "key", "says"),
    [
        (
            "growth",
            "greater_than_sign",
            "Growth mindset is agreed yet; add levels: {growth:",
        ),
        ("initiative", "less_than_sign", "is agreed yet; add levels: {initiative:"),
    ],
)
async def test_a_level_that_no_session_says_is_not_changed(tmp_path, skill, key, says) -> None:
    root = folder(tmp_path)
    async with dashboard(root).run_test(size=(120, 40), notifications=True) as pilot:
        app = await at(pilot, skill)
        await pilot.press(key)
        await until(pilot, lambda: app.notice is not None and says in app.notice.text, says)
        assert not app.screen.query("Prompt")


async def test_a_level_that_follows_from_the_markers_is_not_changed(tmp_path) -> None:
    root = folder(tmp_path, **{"skills.md": "# Growth mindset\n## beginner\n- [x] asks\n"})
    async with dashboard(root).run_test(size=(120, 40), notifications=True) as pilot:
        app = await at(pilot, "growth")
        await pilot.press("greater_than_sign")
        says = "no level of Growth mindset is agreed yet (estimated from its markers)"
        await until(pilot, lambda: app.notice is not None and says in app.notice.text, says)


async def test_at_the_end_of_the_scale_there_is_nothing_to_write(tmp_path) -> None:
    root = folder(tmp_path)
    async with dashboard(root).run_test(size=(120, 40), notifications=True) as pilot:
        app = await at(pilot, "vision")
        await pilot.press("less_than_sign")
        await until(pilot, lambda: bool(app.screen.query("Prompt")), "the question")
        assert "it is at beginner already, the lowest there is" in look(app)


async def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path) -> None:
    root = folder(tmp_path)
    file = root / "sessions/2026-11-03.md"
    async with dashboard(root).run_test(size=(120, 40), notifications=True) as pilot:
        app = await at(pilot, "listening")
        await pilot.press("greater_than_sign")
        await until(pilot, lambda: bool(app.screen.query("Prompt")), "the question")
        other = NEW.replace("intermediate", "beginner").encode()
        file.write_bytes(other)
        await pilot.press("enter")
        await until(pilot, lambda: len(app.state.failed_edits) == 1, "the refusal")
        assert app.state.failed_edits[0].what == "level advanced: listening"
        assert "'beginner'" in app.state.failed_edits[0].now
        assert file.read_bytes() == other


async def test_a_marker_is_ticked_with_space(tmp_path) -> None:
    root = folder(tmp_path)
    async with dashboard(root).run_test(size=(120, 40), notifications=True) as pilot:
        app = await at(pilot, "vision")
        await pilot.press("enter", "down")
        await until(pilot, lambda: not isinstance(app.screen.selected(), SkillRow), "the marker")
        await pilot.press("space")
        file = root / "skills.md"
        await until(pilot, lambda: "- [x] says it ✅ 2026-11-20" in file.read_text(), "the tick")


@pytest.mark.parametrize("day", ["2026-11-20", "2026-11-20 16:00"])
async def test_on_the_day_of_a_session_the_level_goes_into_it(tmp_path: Path, day: str) -> None:
    root = folder(tmp_path, **{"sessions/2026-11-20.md": f"---\ndate: {day}\n---\n"})
    file, last = root / "sessions/2026-11-20.md", root / "sessions/2026-11-03.md"
    async with dashboard(root).run_test(size=(120, 40), notifications=True) as pilot:
        app = await at(pilot, "listening")
        await pilot.press("greater_than_sign")
        await until(pilot, lambda: bool(app.screen.query("Prompt")), "the question")
        await until(pilot, lambda: "sessions/2026-11-20.md" in look(app), "its file")
        await pilot.press("enter")
        await until(pilot, lambda: "listening: advanced" in file.read_text(), "the level")
        assert last.read_bytes() == NEW.encode()
