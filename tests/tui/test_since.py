"""What others did since the viewer last looked, and while the dashboard is open."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.dashboard import NOW, loaded, remember, sample, until
from tests.tui.test_failed_edits import screen_text
from tests.tui.test_typed_edits import put
from tldash.activity.describe import describe_event
from tldash.service.service import Service
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.activity import ActivityPage
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.overview import OverviewPage
from tldash.user import settings
from tldash.user.last_seen import LastSeen
from tldash.workspace.folders import Folders

FILES = {"ada": "- [ ] one\n- [ ] two 📅 2026-11-24\n", "ben": "- [ ] three\n"}


def coaching(tmp_path: Path) -> Path:
    top = tmp_path / "coaching"
    for name, text in FILES.items():
        (top / name).mkdir(parents=True)
        (top / name / "2026-11-03.md").write_text(text)
    return top


def viewer(tmp_path: Path, now: datetime = NOW) -> TldashApp:
    folders = Folders([tmp_path / "coaching"], remember)
    live = Service(folders, lambda: LastSeen(tmp_path / "state", folders.places))
    return TldashApp(live, lambda: now)


async def test_one_visit_without_a_look_clears_nothing(tmp_path) -> None:
    """Neither what happened before that visit nor during it, and without what one did oneself."""
    file = coaching(tmp_path) / "ada" / "2026-11-03.md"
    async with viewer(tmp_path, NOW - timedelta(days=2)).run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
    put(file, "- [x] one ✅ 2026-11-19\n- [ ] two 📅 2026-12-04\n")
    app = viewer(tmp_path)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: len(app.state.since) == 2, "the news")
        put(file, file.read_text() + "- [ ] four\n")
        await until(pilot, lambda: len(app.state.activity) == 1, "more news")
        app.action_open_page("lead", "ben")
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the lead")
        await until(pilot, lambda: app.screen.selected() is not None, "the action")
        await pilot.press("space")
        await until(pilot, lambda: "[x] three" in read(tmp_path, "ben"), "the tick")
    for looks in (False, True):
        app = viewer(tmp_path)
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            await loaded(pilot)
            await until(pilot, lambda: app.state.last_visit is not None, "the answer")  # noqa: B023
            told = [describe_event(event) for event in app.state.since]
            assert told == [
                'ticked off "one"', 'moved "two" from 24 Nov to 4 Dec', 'added "four"',
            ]  # fmt: skip
            assert app.state.last_visit == NOW - timedelta(days=2)
            if looks:
                await pilot.press("y")
                await until(pilot, lambda: 'added "four"' in screen_text(app), "them")  # noqa: B023
    app = viewer(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: app.state.last_visit is not None, "the answer")
        assert app.state.since == ()
        assert app.state.last_visit == NOW


def read(tmp_path: Path, lead: str) -> str:
    return (tmp_path / "coaching" / lead / "2026-11-03.md").read_text()


async def test_the_next_visit_tells_what_happened_and_the_one_after_nothing(tmp_path) -> None:
    file = coaching(tmp_path) / "ada" / "2026-11-03.md"
    async with viewer(tmp_path).run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        assert "new:" not in screen_text(pilot.app)
    put(file, "- [x] one ✅ 2026-11-19\n- [ ] two 📅 2026-12-04\n")
    app = viewer(tmp_path)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: "new: ticked 1, moved 1" in screen_text(app), "the news")
        await pilot.press("y")
        assert isinstance(app.screen, ActivityPage)
        await until(pilot, lambda: 'ticked off "one"' in screen_text(app), "the list")
        assert 'moved "two" from' in screen_text(app)
    app = viewer(tmp_path)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: app.state.last_visit is not None, "the answer")
        assert app.state.since == ()


async def test_what_others_do_meanwhile_is_told_and_what_one_does_oneself_is_not(tmp_path) -> None:
    file = coaching(tmp_path) / "ada" / "2026-11-03.md"
    app = viewer(tmp_path)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("a")
        await pilot.press("space")
        await until(
            pilot, lambda: app.notice is not None and not app.edits.pending.sent, "the tick"
        )
        assert app.state.activity == ()
        put(file, file.read_text() + "- [ ] four\n")
        await until(pilot, lambda: len(app.state.activity) == 1, "the news")
        await until(pilot, lambda: "new (1)" in screen_text(app), "the key")


@pytest.mark.parametrize("said", ["option", "variable", "settings"])
async def test_a_lead_sees_their_own_page_first_and_the_overview_behind_it(
    tmp_path, monkeypatch, said
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    if said == "variable":
        monkeypatch.setenv("TLDASH_ME", "Chiara")
    if said == "settings":
        (tmp_path / "config" / "tldash").mkdir(parents=True)
        (tmp_path / "config" / "tldash" / "config.yaml").write_text("me: chiara\n")
    live = Service(Folders([sample(tmp_path)]))
    me = "Chiara Rossi" if said == "option" else None
    app = TldashApp(live, lambda: NOW, me, config=settings.load())
    async with app.run_test(notifications=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the own page")
        assert app.screen.lead_id == "chiara"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, OverviewPage), "the overview")


async def test_a_name_that_nobody_has_is_told(tmp_path) -> None:
    app = TldashApp(Service(Folders([sample(tmp_path)])), lambda: NOW, "Zoe")
    async with app.run_test(notifications=True) as pilot:
        await until(pilot, lambda: app.notice is not None, "the word")
        assert app.notice is not None and app.notice.bad and "--me" in app.notice.text
        assert isinstance(app.screen, OverviewPage)
