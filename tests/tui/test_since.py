"""What others did since the viewer last looked, and while the dashboard is open."""

from __future__ import annotations

from pathlib import Path

from tests.tui.support import NOW, loaded, remember, until
from tests.tui.test_doing import put
from tests.tui.test_refused import screen_text
from tldash.folders import Folders
from tldash.live import Live
from tldash.seen import Seen
from tldash.tui.app import TldashApp
from tldash.tui.screens.activity import ActivityPage

FILES = {"ada": "- [ ] one\n- [ ] two 📅 2026-11-24\n", "ben": "- [ ] three\n"}


def coaching(tmp_path: Path) -> Path:
    top = tmp_path / "coaching"
    for name, text in FILES.items():
        (top / name).mkdir(parents=True)
        (top / name / "2026-11-03.md").write_text(text)
    return top


def viewer(tmp_path: Path) -> TldashApp:
    folders = Folders([tmp_path / "coaching"], remember)
    live = Live(folders, lambda: Seen(tmp_path / "state", folders.places))
    return TldashApp(live, lambda: NOW)


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
        await until(pilot, lambda: app.state.looked is not None, "the answer")
        assert app.state.since == ()


async def test_what_others_do_meanwhile_is_told_and_what_one_does_oneself_is_not(tmp_path) -> None:
    file = coaching(tmp_path) / "ada" / "2026-11-03.md"
    app = viewer(tmp_path)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("a")
        await pilot.press("space")
        await until(pilot, lambda: app.said is not None and not app.wishing, "the tick")
        assert app.state.activity == ()
        put(file, file.read_text() + "- [ ] four\n")
        await until(pilot, lambda: len(app.state.activity) == 1, "the news")
        await until(pilot, lambda: "new (1)" in screen_text(app), "the key")
