"""A long first read: leads appear as they are read, and keys work."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.support.dashboard import NOW, until
from tests.support.records import write
from tldash.model.progress import ProgressCallback
from tldash.service.service import Service
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.lead import LeadPage
from tldash.tui.widgets.bars import TitleBar
from tldash.tui.widgets.leads import LeadRow
from tldash.tui.widgets.row_list import RowList
from tldash.workspace.folders import Folders
from tldash.workspace.labels import NoFolder

LEADS = "abcdefg"


class Halting(Folders):
    """Folders whose first read pauses after so many files."""

    def __init__(self, folder: Path, at: int) -> None:
        super().__init__([folder])
        self.at, self.go_on = at, threading.Event()

    def read(self, progress: ProgressCallback | None = None):
        assert progress is not None

        def told(done, of, so_far) -> None:
            progress(done, of, so_far)
            if done >= self.at and not self.go_on.is_set():
                assert self.go_on.wait(20)

        return super().read(told)


@pytest.fixture
def halting(tmp_path, monkeypatch) -> Halting:
    """Seven leads with thirty sessions; the read pauses after four. The last needs attention."""
    monkeypatch.setattr("tldash.model.progress.FIRST_REPORT_AFTER", 0.0)
    monkeypatch.setattr("tldash.model.progress.REPORT_INTERVAL", 0.0)
    days = [f"2026-10-{day:02}" for day in range(1, 31)]
    files = {f"{lead}/sessions/{day}.md": "- [ ] one\n" for lead in LEADS for day in days}
    files |= {f"{lead}/sessions/2026-11-30.md": "" for lead in LEADS if lead != "g"}
    return Halting(write(tmp_path / "many", files), 120)


def names(app: TldashApp) -> list[str]:
    """Return the names of the listed leads, from the top."""
    return [row.lead.name for row in app.screen.query_one(RowList).rows if isinstance(row, LeadRow)]


def chosen(app: TldashApp) -> str:
    """Return the name of the selected lead."""
    row = app.screen.query_one(RowList).selected
    assert isinstance(row, LeadRow)
    return row.lead.name


async def test_leads_appear_before_the_last_file_is_read(halting) -> None:
    app = TldashApp(Service(halting), lambda: NOW)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: names(app) == ["A", "B", "C", "D"], "the first leads")
        assert "reading 124 of 216 files" in str(app.screen.query_one(TitleBar).status)
        assert chosen(app) == "A"
        halting.go_on.set()
        await until(pilot, lambda: app.state.loaded and len(names(app)) == 7, "all leads")
        assert names(app)[0] == "G"  # which no session is planned for
        assert chosen(app) == "G"  # nobody had chosen another


async def test_the_selection_stays_when_the_read_ends(halting) -> None:
    app = TldashApp(Service(halting), lambda: NOW)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: names(app) == ["A", "B", "C", "D"], "the first leads")
        await pilot.press("j", "j")
        assert chosen(app) == "C"
        halting.go_on.set()
        await until(pilot, lambda: app.state.loaded and len(names(app)) == 7, "all leads")
        assert chosen(app) == "C"


async def test_an_opened_lead_stays_in_front_when_the_read_ends(halting) -> None:
    app = TldashApp(Service(halting), lambda: NOW)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: names(app) == ["A", "B", "C", "D"], "the first leads")
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the lead")
        halting.go_on.set()
        await until(pilot, lambda: app.state.loaded, "loaded")
        assert isinstance(app.screen, LeadPage)
        await pilot.press("space")
        file = halting.roots[0] / "b/sessions/2026-10-01.md"
        await until(pilot, lambda: file.read_text().startswith("- [x] one"), "ticked")


async def test_a_folder_that_goes_away_while_it_is_read_ends_the_app(halting, capfd) -> None:
    """The one who started it gets the reason; a thread that prints would print into the screen."""
    read = halting.read

    def fails(progress: ProgressCallback | None = None):
        read(progress)
        raise NoFolder("there is no folder a")

    halting.read = fails
    app = TldashApp(Service(halting), lambda: NOW)
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(names(app)), "the first leads")
        halting.go_on.set()
        await until(pilot, lambda: app.gone is not None, "the reason")
    assert str(app.gone) == "there is no folder a"
    assert not any(capfd.readouterr())
