"""Several folders in one dashboard: whatever is shown says in which of them it lives."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, sample, until
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.page import Page
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.row_list import RowList

WIDTH = 100


def private(target: Path) -> list[Path]:
    """A folder for each of two leads, as a coach keeps who shows nobody another's notes."""
    whole = sample(target)
    roots = []
    for lead in ("ada", "ben"):
        root = target / f"with-{lead}"
        root.mkdir()
        shutil.copytree(whole / lead, root / lead)
        shutil.copy(whole / "tldash.yaml", root)
        roots.append(root)
    return roots


def listed(app: TldashApp, width: int = WIDTH) -> str:
    rows = app.screen.query_one(RowList).rows
    return "\n".join(line.plain.rstrip() for row in rows for line in row.lines(width))


async def front(pilot: Pilot[None], name: str, *keys: str) -> TldashApp:
    app = pilot.app
    assert isinstance(app, TldashApp)
    await pilot.press(*keys)
    await until(pilot, lambda: isinstance(app.screen, Page) and name == app.screen.NAME, name)
    return app


async def test_each_screen_tells_the_folder(tmp_path: Path) -> None:
    roots = private(tmp_path)
    file = roots[1] / "ben" / "sessions" / "2026-07-16.md"
    file.write_text(file.read_text("utf-8").replace("skill:", "skil:"), "utf-8")
    async with dashboard(*roots).run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        app = await front(pilot, "overview")
        lines = listed(app).splitlines()
        assert [line.split()[-1] for line in lines if "with-" in line] == ["with-ada", "with-ben"]
        await front(pilot, "actions", "a")
        ada = next(line for line in listed(app).splitlines() if "cutover vision" in line)
        assert "with-ada" in ada
        await pilot.press("v")
        assert "Ben Okafor · with-ben" in listed(app)
        assert "with-ben" not in listed(app).replace("Ben Okafor · with-ben", "")
        await front(pilot, "problems", "escape", "exclamation_mark")
        assert listed(app).startswith("with-ben/ben/sessions/2026-07-16.md:")
        await front(pilot, "lead", "escape", "enter")
        head = app.screen.query_one("#header", Canvas).render().plain
        assert head.startswith("in with-ada · coach Mira")
        await front(pilot, "session", "s", "enter")
        assert "in with-ada" in str(app.screen.query_one("#header").render())


async def test_activity_tells_the_folder(tmp_path: Path) -> None:
    roots = private(tmp_path)
    async with dashboard(*roots).run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        app = await front(pilot, "overview")
        file = roots[1] / "ben" / "sessions" / "2026-10-22.md"
        file.write_text(file.read_text("utf-8") + "\n- [ ] a word with Mole\n", "utf-8")
        await until(pilot, lambda: bool(app.state.activity), "the change")
        await front(pilot, "activity", "y")
        line = next(line for line in listed(app).splitlines() if "a word with Mole" in line)
        assert "Ben Okafor · with-ben" in line


async def test_a_narrow_screen_tells_the_folder_too(tmp_path: Path) -> None:
    async with dashboard(*private(tmp_path)).run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        app = await front(pilot, "lead", "enter")
        head = app.screen.query_one("#header", Canvas).render().plain.split("\n")
        assert head[0].startswith("in with-ada · needs you: ")
        assert "and 3 more" in head[0]
        assert len(head) == 2


@pytest.mark.parametrize("keys", ["", "a", "enter"])
async def test_one_folder_alone_is_not_named(tmp_path: Path, keys: str) -> None:
    roots = private(tmp_path)
    async with dashboard(roots[0]).run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press(*keys.split())
        await pilot.pause()
        app = pilot.app
        assert isinstance(app, TldashApp)
        assert "with-ada" not in listed(app)
        for canvas in app.screen.query(Canvas):
            assert "with-ada" not in canvas.render().plain


async def test_a_folder_can_be_filtered_by(tmp_path: Path) -> None:
    async with dashboard(*private(tmp_path)).run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        app = await front(pilot, "actions", "a")
        await pilot.press("slash", *"with", "minus", *"ben")
        assert "Ada Lindqvist" not in listed(app)
        assert "Ben Okafor" in listed(app)
