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
from tldash.tui.widgets.canvas import Canvas
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
        "listening: 'advanced'  # at last",
        NEW.replace("intermediate", "advanced"),
    ),
    "listening-lower": (
        "less_than_sign",
        "listening: 'beginner'  # at last",
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
        await until(pilot, lambda: shown in look(app), "the exact line")
        assert "sessions/2026-11-03.md" in look(app)
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
    ("skill", "key", "ticked", "level"),
    [
        ("growth", "greater_than_sign", False, "beginner"),
        ("growth", "greater_than_sign", True, "intermediate"),
        ("initiative", "less_than_sign", False, "beginner"),
    ],
)
async def test_a_first_level_is_agreed_by_key_too(tmp_path, skill, key, ticked, level) -> None:
    markers = f"# Growth mindset\n## beginner\n- [{'x' if ticked else ' '}] asks\n"
    root = folder(tmp_path, **{"skills.md": markers})
    file = root / "sessions/2026-11-03.md"
    async with dashboard(root).run_test(size=(120, 40), notifications=True) as pilot:
        app = await at(pilot, skill)
        await pilot.press(key)
        await until(pilot, lambda: bool(app.screen.query("Prompt")), "the question")
        assert f"{skill}: {level}" in look(app)
        await pilot.press("enter")
        entry = f"at last\r\n  {skill}: {level}\r\n".encode()
        await until(pilot, lambda: entry in file.read_bytes(), "the entry")


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


VOICES = {
    "lead.md": "---\nname: Ada Lindqvist\ncoach: Mira\n---\n",
    "sessions/2026-11-03.md": "---\nlevels: {listening: beginner}\n"
    "levels_coach: {vision: beginner}\n---\nWe met.\n",
}


def skills(app: TldashApp) -> str:
    rows = app.screen.query_one("#skills", RowList)
    return "\n".join(line.plain for row in rows.rows for line in row.lines(90))


async def seen_by(pilot: Pilot[None], skill: str) -> TldashApp:
    app = await at(pilot, skill)
    await until(pilot, lambda: app.state.viewer is not None, "the viewer")
    return app


async def test_the_lead_states_a_level_and_then_both_see_both(tmp_path: Path) -> None:
    root = folder(tmp_path, **VOICES)
    file = root / "sessions/2026-11-03.md"
    app = dashboard(root)
    app._me = "Ada Lindqvist"
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await seen_by(pilot, "vision")
        await until(pilot, lambda: "Mira stated a level" in skills(app), "that there is one")
        assert "Mira ▰" not in skills(app)
        await pilot.press("L")
        await until(pilot, lambda: bool(app.screen.query("Prompt")), "the question")
        await until(pilot, lambda: "levels_self: {vision: beginner}" in look(app), "the line")
        assert "Mira sees it once both have one" in look(app)
        await pilot.press("ctrl+u", *"advanced", "enter")
        await until(pilot, lambda: "levels_self: {vision: advanced}" in file.read_text(), "it")
        await until(pilot, lambda: "you ▰▰▰ · Mira ▰▱▱" in skills(app), "both voices")
        app.action_open_page("session", "ada", "sessions/2026-11-03.md")
        await until(pilot, lambda: bool(app.screen.query("#aside")), "the session")
        aside = app.screen.query_one("#aside", Canvas)
        both = "vision        you ▰▰▰ · Mira ▰▱▱"
        await until(pilot, lambda: both in aside.render().plain, "both voices there too")
        await pilot.press("escape", "u")
        await until(pilot, lambda: file.read_text() == VOICES["sessions/2026-11-03.md"], "undone")
        await until(pilot, lambda: "Mira stated a level" in skills(app), "hidden again")


async def test_the_coach_changes_the_own_level_in_a_yaml_session(tmp_path: Path) -> None:
    text = (
        "date: 2026-11-10\nlevels_self:\n  vision: advanced\n"
        "levels_coach:\n  vision: beginner # so far\n"
    )
    root = folder(tmp_path, **{**VOICES, "sessions/2026-11-10.yaml": f"{text}notes: we met\n"})
    file = root / "sessions/2026-11-10.yaml"
    app = dashboard(root)
    app._me = "Mira"
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await seen_by(pilot, "vision")
        await until(pilot, lambda: "Ada ▰▰▰ · you ▰▱▱" in skills(app), "both voices")
        await pilot.press("L")
        await until(pilot, lambda: bool(app.screen.query("Prompt")), "the question")
        assert "it is at beginner already" in look(app)
        await pilot.press("ctrl+u", *"Intermediate", "enter")
        after = text.replace("vision: beginner", "vision: intermediate")
        await until(pilot, lambda: file.read_text() == f"{after}notes: we met\n", "the level")
        await pilot.press("enter")
        await until(pilot, lambda: "not agreed" in skills(app), "growth by session")
        lines = [line.split() for line in skills(app).split("\n")]
        assert ["10", "Nov", "not", "agreed", "Ada", "▰▰▰", "·", "you", "▰▰▱"] in lines
        assert ["3", "Nov", "not", "agreed", "you", "▰▱▱"] in lines
        assert ["1", "Oct", "▰▱▱", "beginner"] in lines


@pytest.mark.parametrize(
    ("me", "says"),
    [
        (None, "tldash does not know who you are; start it with --me NAME"),
        ("Ravi", "only Ada Lindqvist and their coach state levels"),
    ],
)
async def test_only_the_lead_and_the_coach_state_levels(tmp_path, me, says) -> None:
    root = folder(tmp_path, **VOICES).parent
    write(root / "ben", {"lead.md": "---\nname: Ben\ncoach: Ravi\n---\n"})
    app = dashboard(root)
    app._me = me
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await on_screen(pilot)
        if me is not None:
            await until(pilot, lambda: app.state.viewer is not None, "the viewer")
        app.action_open_page("lead", "ada")
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the page")
        await pilot.press("L")
        await until(pilot, lambda: app.notice and app.notice.text == "select a skill first", "why")
        await at(pilot, "vision")
        assert "▰▱▱ · " not in skills(app)
        assert "Mira stated a level" in skills(app)
        await pilot.press("L")
        await until(pilot, lambda: app.notice is not None and says in app.notice.text, says)
