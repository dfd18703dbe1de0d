"""Failed edits: listed, retried and dismissed."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, until
from tests.tui.test_typed_edits import THREE, plain, put
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.failed_edits import FailedEditsPage
from tldash.tui.screens.messages import TOGGLE, EditTasks


def screen_text(app: TldashApp) -> str:
    """Return the text of the screen in front."""
    width, height = app.size
    lines = app.screen._compositor.render_strips()
    assert len(lines) <= height and width
    return "\n".join("".join(segment.text for segment in line) for line in lines)


async def refused(pilot: Pilot[None], file: Path, instead: str) -> TldashApp:
    """Tick `one` while another program changes its line."""
    app = pilot.app
    assert isinstance(app, TldashApp)
    await loaded(pilot)
    message = app.screen
    task = app.state.workspace.leads[0].actions[0].task
    put(file, THREE.replace("- [ ] one", instead))
    message.post_message(EditTasks([task], TOGGLE))
    await until(pilot, lambda: bool(app.state.failed_edits), "the refusal")
    return app


async def test_a_failed_edit_is_listed_and_can_be_retried(
    tmp_path: Path,
) -> None:
    file = plain(tmp_path, THREE)
    async with dashboard(tmp_path / "ada").run_test(notifications=True) as pilot:
        app = await refused(pilot, file, "- [ ] one 📅 2026-12-01")
        now = file.read_text()
        assert "1 failed edit" in screen_text(app)
        await pilot.press("w")
        assert isinstance(app.screen, FailedEditsPage)
        await until(pilot, lambda: "before  - [ ] one" in screen_text(app), "the list")
        text = screen_text(app)
        assert "✗ done: one" in text
        assert "sessions/2026-11-03.md:4" in text
        assert "now     - [ ] one 📅" in text
        assert file.read_text() == now
        await pilot.press("enter")
        await until(
            pilot, lambda: "- [x] one 📅 2026-12-01 ✅ 2026-11-20" in file.read_text(), "it"
        )
        assert app.state.failed_edits == ()
        await until(pilot, lambda: "No failed edits." in screen_text(app), "none")


async def test_a_failed_edit_can_be_dismissed(tmp_path: Path) -> None:
    file = plain(tmp_path, THREE)
    async with dashboard(tmp_path / "ada").run_test(notifications=True) as pilot:
        app = await refused(pilot, file, "- [ ] eins")
        now = file.read_text()
        await pilot.press("w", "d")
        await until(pilot, lambda: not app.state.failed_edits, "the letting go")
        assert file.read_text() == now


async def test_an_overwritten_tick_is_listed_and_can_be_retried(
    tmp_path: Path,
) -> None:
    file = plain(tmp_path, THREE)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("space")
        await until(
            pilot, lambda: app.notice is not None and not app.edits.pending.sent, "the tick"
        )
        ticked = file.read_text()
        put(file, THREE + "\nmore of an older buffer\n")
        await until(pilot, lambda: bool(app.state.failed_edits), "the loss")
        assert app.notice is not None and app.notice.bad
        assert "someone saved an older version of the line: done: one" in app.notice.text
        await pilot.press("w", "enter")
        await until(pilot, lambda: file.read_text().startswith(ticked), "the tick again")
        assert file.read_text() == ticked + "\nmore of an older buffer\n"
        assert not app.state.failed_edits


async def test_own_untick_and_undo_are_not_overwrites(tmp_path: Path) -> None:
    file = plain(tmp_path, THREE)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        for key in ("space", "space", "space", "u"):
            app.notice = None
            await pilot.press(key)
            await until(pilot, lambda: app.notice is not None and not app.edits.pending.sent, key)
        await until(
            pilot,
            lambda: app.notice is not None and "undone" in app.notice.text,
            "the undo",
        )
        assert file.read_text() == THREE
        assert app.state.failed_edits == ()


async def test_a_failed_undo_blocks_undo_until_dismissed(
    tmp_path: Path,
) -> None:
    file = plain(tmp_path, THREE)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        for key in ("space", "j", "space"):
            await pilot.press(key)
            await until(pilot, lambda: not app.edits.pending.sent, key)
        await until(pilot, lambda: file.read_text().count("[x]") == 2, "both ticks")
        put(file, file.read_text().replace("two", "zwei"))
        for _ in range(2):
            await pilot.press("u")
            await until(pilot, lambda: bool(app.state.failed_edits), "the refusal")
        await pilot.press("g", "g", "space")
        await until(pilot, lambda: "- [ ] one" in file.read_text(), "a newer edit")
        [one] = app.state.failed_edits
        assert one.what == "undo done: two"
        assert "two" in one.was and "zwei" in one.now
        await pilot.press("w", "d")
        await until(pilot, lambda: not app.state.failed_edits, "the letting go")
        await pilot.press("u")
        await until(pilot, lambda: "- [x] one" in file.read_text(), "the newer edit undone")
        await pilot.press("u")
        await until(pilot, lambda: "- [ ] one" in file.read_text(), "the one before")
        assert "- [x] zwei" in file.read_text()
