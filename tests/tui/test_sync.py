"""`g s` and the state of the repository in the title bar, with real clones."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.clones import (
    NOBODY,
    await_end,
    contents,
    git,
    hang,
    make_clones,
    make_far_clone,
    sync,
    tick,
    write,
)
from tests.support.dashboard import NOW, dashboard, loaded, remember, until
from tldash.model.permissions import NO_SYNC_MESSAGE, Permissions
from tldash.model.repository import RepositoryStatus
from tldash.service.service import Service
from tldash.tui.app.app import TldashApp
from tldash.tui.keys.commands import objection
from tldash.tui.screens.problems import ProblemsPage
from tldash.tui.widgets.bars import TitleBar
from tldash.user.settings_parser import parse
from tldash.workspace.folders import Folders

SESSION = "ada/2026-11-03.md"


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NOBODY.items():
        monkeypatch.setenv(name, value)


def title(app: TldashApp) -> str:
    return app.screen.query_one(TitleBar).render().plain


def shown(app: TldashApp) -> str:
    return "\n".join(
        "".join(segment.text for segment in line) for line in app.screen._compositor.render_strips()
    )


async def ended(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, TldashApp)
    await until(pilot, lambda: app.notice is not None and "sync" in app.notice.text, "a result")


async def test_the_key_syncs_and_the_screen_shows_it(tmp_path: Path) -> None:
    one, other = make_clones(tmp_path, "one", "other")
    tick(other, "book")
    sync(other)
    tick(one, "call")
    app = dashboard(one)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: "main · " in title(app), "the branch")
        await pilot.press("g", "s")
        expected = "committed: tick 1 action · received 1 commit · sent 2 commits"

        def is_synced() -> bool:
            return app.notice is not None and app.notice.text == expected

        await until(pilot, is_synced, "the result")
        assert app.state.syncing == ""

        def is_read() -> bool:
            lead = app.state.workspace.leads[0]
            return [task.status.closed for task in lead.sessions[0].actions] == [True, True, False]

        await until(pilot, is_read, "the tick of the other")
        git(one, "commit", "-q", "--allow-empty", "-m", "x")

        def shows(text: str) -> bool:
            app.service.read_repository()
            return text in title(app)

        await until(pilot, lambda: shows("main ↑1 · "), "one ahead")
        name = b"x[red]y\x1b[31m" + b"z" * 40
        (one / ".git/HEAD").write_bytes(b"ref: refs/heads/%s\n" % name)
        await until(pilot, lambda: shows("x[red]y"), "the branch as it is called")
        assert "\x1b" not in title(app)
        assert "z" * 20 not in title(app)
        assert "live" in title(app)


async def test_a_failure_is_among_the_problems_until_a_sync_succeeds(tmp_path: Path) -> None:
    (one,) = make_clones(tmp_path, "one")
    git(one, "checkout", "-q", "--detach")
    app = dashboard(one)
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("g", "s")
        await ended(pilot)
        assert app.notice is not None
        assert (app.notice.bad, app.notice.text) == (
            True, "not synced (!): no branch is checked out"
        )  # fmt: skip
        await until(pilot, lambda: "not synced" in title(app), "the title")
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: isinstance(app.screen, ProblemsPage), "the problems")
        await until(pilot, lambda: "→ Run git switch main" in shown(app), "the way out")
        before = contents(one)
        await pilot.press("enter", "o")
        git(one, "checkout", "-q", "main")
        await pilot.press("g", "s")
        await until(pilot, lambda: app.state.sync_problem is None, "it is gone")
        await until(pilot, lambda: not app.state.syncing, "the end")
        assert "sync-detached" not in shown(app)
        assert contents(one) == before


async def test_a_sync_that_hangs_ends_with_the_dashboard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meanwhile keys work, another sync is refused, and what is ticked is written."""
    started = tmp_path / "started"
    one, path = make_far_clone(tmp_path, hang(started))
    monkeypatch.setenv("PATH", path)
    app = dashboard(one)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("g", "s")
        await until(pilot, lambda: "fetching…" in title(app), "the progress")
        await until(pilot, started.exists, "ssh")
        await pilot.press("g", "s")
        await ended(pilot)
        assert app.notice is not None
        assert app.notice.text == "a sync is running"
        await pilot.press("a", "space")
        await until(pilot, lambda: "[x]" in (one / SESSION).read_text(), "the tick")
        assert app.state.syncing == "fetching"
    await_end(started.read_text().split()[0])
    assert not list((one / ".git").glob("tldash*"))


def test_nobody_else_syncs() -> None:
    assert objection("sync", Permissions(can_start_programs=False)) == NO_SYNC_MESSAGE
    assert objection("sync", Permissions(can_edit=False))
    assert objection("sync", Permissions()) == ""


async def test_a_narrow_screen_shows_a_merge_alone(tmp_path: Path) -> None:
    (one,) = make_clones(tmp_path, "one")
    write(one, {".git/MERGE_HEAD": git(one, "rev-parse", "HEAD")})
    for width, expected in ((80, "· merging ·"), (120, "· main merging ·")):
        app = dashboard(one)
        async with app.run_test(size=(width, 24)) as pilot:
            await loaded(pilot)
            await until(pilot, lambda app=app: app.state.repository is not None, "it is read")
            assert app.state.repository == RepositoryStatus(
                "main", git(one, "rev-parse", "HEAD").strip(), 0, 0, "merging"
            )
            await until(pilot, lambda e=expected, app=app: e in title(app), expected)


async def test_it_syncs_by_itself_only_if_the_viewer_has_set_that(tmp_path: Path) -> None:
    """Once after so many minutes without a key, and again after the next key."""
    (one,) = make_clones(tmp_path, "one")
    now = 0.0

    def timer() -> float:
        return now

    for config, commits in (("me: ada\n", 1), ("sync: 10\n", 3)):
        own = parse(config, tmp_path / "config.yaml")
        app = TldashApp(Service(Folders([one], remember)), lambda: NOW, config=own, timer=timer)
        async with app.run_test(size=(120, 40)) as pilot:
            await loaded(pilot)
            for words, minutes in (("call", 11), ("book", 9), ("book", 30), ("write", 60)):
                path = one / SESSION
                path.write_text(path.read_text().replace(f"[ ] {words}", f"[x] {words}"))
                if minutes != 60:
                    await pilot.press("down")
                now += 60 * minutes
                app._tick_clock()
                await until(pilot, lambda app=app: not app.state.syncing, "the end")
        assert len(git(one, "log", "--format=%h").split()) == commits
        git(one, "checkout", "-q", ".")
