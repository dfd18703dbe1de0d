"""The palette that jumps to leads, sessions and actions."""

from __future__ import annotations

from tests.support.dashboard import dashboard, loaded, sample, until
from tests.tui.test_failed_edits import screen_text
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.session import SessionPage


async def test_jump_to_a_lead(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("ctrl+k")
        await until(pilot, lambda: "Chiara Rossi  lead" in screen_text(app), "the leads")
        await pilot.press(*"chir")
        await until(pilot, lambda: "Chiara Rossi  lead" in screen_text(app), "the lead")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the lead's page")
        assert app.screen.lead_id == "chiara"


async def test_jump_to_an_action_in_its_session(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("ctrl+k", *"rehearsal")
        await until(pilot, lambda: "action of Ada" in screen_text(app), "the action")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")


async def test_jump_to_a_closed_action(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("ctrl+k", *"the captain")
        await until(pilot, lambda: "done action of Ada" in screen_text(app), "the action")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")


async def test_hostile_names_are_shown_as_written(tmp_path) -> None:
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "lead.md").write_text("---\nname: '[red]Ada[/] \x9b31m'\n---\n")
    (folder / "2026-11-03.md").write_text("- [ ] say [/] and [@click=app.quit]x[/]\n")
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("ctrl+k", *"say")
        wanted = "say [/] and [@click=app.quit]x[/]"
        await until(pilot, lambda: wanted in screen_text(app), "the action")
        assert "\x9b" not in screen_text(app)
