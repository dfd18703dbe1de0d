"""Notices about changes by others: when they are shown, and when not."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, sample, until
from tests.support.tables import each
from tldash.tui.app.app import TldashApp
from tldash.tui.app.editor import runs_on
from tldash.tui.prompts.prompt import Prompt
from tldash.tui.screens.activity import ActivityPage
from tldash.tui.screens.messages import OpenEditor
from tldash.tui.widgets.bars import KeyBar, Notice

BEN = "ben/sessions/2026-10-22.md"
ADA = "ada/sessions/2026-10-05.md"


def append(folder: Path, path: str, *texts: str) -> None:
    file = folder / path
    lines = "".join(f"- [ ] {text}\n" for text in texts)
    file.write_text(f"{file.read_text('utf-8')}\n{lines}", "utf-8")


def bar(app: TldashApp) -> KeyBar:
    return app.screen.query_one(KeyBar)


def line(app: TldashApp) -> str:
    return bar(app).render().plain.rstrip()


async def heard(pilot: Pilot[None], app: TldashApp, events: int) -> None:
    await until(pilot, lambda: len(app.state.activity) == events, f"{events} events")


async def test_a_change_by_others_shows_a_notice_for_a_while(tmp_path: Path) -> None:
    folder = sample(tmp_path)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        before = [widget.region for widget in app.screen.query("*")]
        keys = line(app)
        append(folder, BEN, "a word with Mole")
        await heard(pilot, app, 1)
        assert line(app) == '• Ben Okafor: added "a word with Mole" · y'
        assert [widget.region for widget in app.screen.query("*")] == before, "nothing moves"
        await until(pilot, lambda: bar(app).notice is None, "the keys again")
        assert keys.startswith("enter open") and line(app).startswith("enter open")


async def test_many_changes_are_one_notice(tmp_path: Path) -> None:
    folder = sample(tmp_path)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        append(folder, BEN, "one", "two", "three")
        await heard(pilot, app, 3)
        assert line(app) == "• 3 changes · y"
        append(folder, ADA, "four")
        await heard(pilot, app, 4)
        assert line(app) == "• 4 changes · y"
        await pilot.click(KeyBar, offset=(5, 0))
        await until(pilot, lambda: isinstance(app.screen, ActivityPage), "the list of all")


async def test_a_long_notice_keeps_its_key(tmp_path: Path) -> None:
    folder = sample(tmp_path)
    app = dashboard(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        append(folder, BEN, "words " * 40)
        await heard(pilot, app, 1)
        assert line(app).endswith("… · y")
        assert bar(app).render().cell_length <= 78


async def test_own_edits_are_not_announced(tmp_path: Path) -> None:
    folder = sample(tmp_path)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("down", "down", "enter")
        await pilot.pause()
        for keys in (("space",), ("u",), ("plus", *"mine", "space", *"tomorrow", "enter"), ("u",)):
            app.notice = None
            await pilot.press(*keys)
            await until(pilot, lambda: app.notice is not None, f"what came of {keys}")
            assert app.notice is not None
            assert not app.notice.bad
            assert not app.notice.news, keys
        assert app.state.activity == ()


async def test_an_own_session_is_not_announced(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("n", "enter")
        await until(
            pilot,
            lambda: bool(app.notice and "created" in app.notice.text),
            "the session",
        )
        assert app.state.activity == ()


@pytest.mark.parametrize("keys", ["plus", "a slash"])
async def test_no_notice_while_the_viewer_types(tmp_path: Path, keys: str) -> None:
    folder = sample(tmp_path)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press(*keys.split(), *"words")
        append(folder, BEN, "a word with Mole")
        await heard(pilot, app, 1)
        assert bar(app).notice is None


async def test_a_prompt_removes_the_notice(tmp_path: Path) -> None:
    folder = sample(tmp_path)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        append(folder, BEN, "a word with Mole")
        await heard(pilot, app, 1)
        assert bar(app).notice is not None
        await pilot.press("plus")
        await until(pilot, lambda: bool(app.screen.query(Prompt)), "the prompt")
        assert bar(app).notice is None


async def test_a_failure_notice_is_not_replaced(tmp_path: Path) -> None:
    folder = sample(tmp_path)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        app.show_notice(Notice("not done", bad=True))
        append(folder, BEN, "a word with Mole")
        await heard(pilot, app, 1)
        assert bar(app).notice == Notice("not done", bad=True)


async def test_changes_made_in_the_editor_are_the_viewers_own(tmp_path: Path) -> None:
    folder = sample(tmp_path)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        app.news.edited = BEN
        before = app.state.workspace
        append(folder, BEN, "by hand")
        await until(pilot, lambda: app.state.workspace is not before, "the change")
        assert app.state.activity == ()
        assert app.state.recent == frozenset()
        assert bar(app).notice is None
        app.action_reread()
        await until(pilot, lambda: not app.news.edited, "the look at everything")
        await until(pilot, lambda: bar(app).notice is None, "the last line free")
        append(folder, BEN, "by another")
        await heard(pilot, app, 1)
        assert "by another" in line(app)


@each(("command", "stays"), [
    ("vim +1 a.md", False), ("/opt/code --goto a.md:1", True), ("code --wait --goto a.md:1", False),
    ("subl a.md:1", True), ("subl -w a.md:1", False), ("gvim -f a.md", False), ("hx a.md:1", False),
])  # fmt: skip
def test_which_editors_run_on_in_a_window(command: str, stays: bool) -> None:
    assert runs_on(command.split()) is stays


async def test_a_file_in_an_editor_with_a_window_is_the_viewers_own_until_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The editor returns at once and saves later; what others do elsewhere is still news."""
    folder = sample(tmp_path)
    editor = tmp_path / "code"
    editor.write_text("#!/bin/sh\nexit 0\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        app.screen.post_message(OpenEditor(BEN, 1))
        await until(pilot, lambda: app.editor.stays_open, "the editor")
        await until(pilot, lambda: not app.news.edited, "everything read again")
        before = app.state.workspace
        append(folder, BEN, "by hand")
        await until(pilot, lambda: app.state.workspace is not before, "the change")
        assert app.state.activity == ()
        append(folder, ADA, "by another")
        await heard(pilot, app, 1)
        assert [event.text for event in app.state.activity] == ["by another"]
