"""Texts address the viewer, and leads whose coaching is paused or has ended count nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.dashboard import dashboard, loaded, until
from tests.support.records import write
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.actions import ActionsPage
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.overview import OverviewPage
from tldash.tui.widgets.bars import TitleBar
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.lead_groups import GroupRow
from tldash.tui.widgets.leads import LeadRow
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.timeline import Timeline

SIZE = (160, 44)
HELD = "---\ndate: 2026-11-10\n---\n## Notes\nWe met.\n## Actions\n"
OVERDUE = "- [ ] call the vendor due:2026-11-12\n- [ ] @coach send the article due:2026-11-30\n"


def front(name: str, coach: str, status: str = "active") -> str:
    return f"---\nname: {name}\ncoach: {coach}\nstatus: {status}\n---\n"


FILES = {
    "ada/lead.md": front("Ada", "Mira"),
    "ada/sessions/2026-11-10.md": HELD + OVERDUE,
    "ben/lead.md": front("Ben", "Ravi"),
    "ben/sessions/2026-11-10.md": HELD + OVERDUE,
    "cyd/lead.md": front("Cyd", "Mira", "paused"),
    "cyd/sessions/2026-08-10.md": HELD + OVERDUE,
    "dee/lead.md": front("Dee", "Ravi", "ended"),
    "dee/sessions/2026-06-10.md": HELD + OVERDUE + "- [ ] plan due:2026-11-22\n",
}
ONE_COACH = {name: text.replace("Ravi", "Mira") for name, text in FILES.items()}


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    yield


@asynccontextmanager
async def running(folder: Path, me: str | None, files: dict[str, str] = FILES) -> Any:
    app = dashboard(write(folder / "circle", files))
    app._me = me
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        if me is not None:
            await until(pilot, lambda: app.state.viewer is not None, "the viewer")
        yield pilot, app


def page(app: TldashApp) -> OverviewPage:
    assert isinstance(app.screen, OverviewPage)
    return app.screen


def rows(app: TldashApp) -> list[str]:
    """Return the flag and the name of each lead, or the heading of a group."""
    return [
        row.lines(110)[0].plain.strip().split("  ")[0]
        if isinstance(row, LeadRow)
        else row.group.name
        for row in page(app).query_one(RowList).rows
        if isinstance(row, LeadRow | GroupRow)
    ]


def below(app: TldashApp, name: str) -> str:
    row = next(
        row
        for row in page(app).query_one(RowList).rows
        if isinstance(row, LeadRow) and row.lead.name == name
    )
    return row.lines(110)[1].plain.strip()


def title(app: TldashApp) -> str:
    return page(app).query_one("#heading", Canvas).render().plain


@pytest.mark.parametrize(
    ("me", "files", "listed", "heading"),
    [
        ("Mira", FILES, ["! Ada", "Ben", "paused and ended"], "1 needs you"),
        ("Ravi", FILES, ["! Ben", "Ada", "paused and ended"], "1 needs you"),
        (None, FILES, ["! Ada", "! Ben", "paused and ended"], "2 of 2 need attention"),
        (None, ONE_COACH, ["! Ada", "! Ben", "paused and ended"], "2 of 2 need you"),
        ("Mira", ONE_COACH, ["! Ada", "! Ben", "paused and ended"], "2 of 2 need you"),
    ],
)
async def test_only_your_own_leads_need_you_and_come_first(
    tmp_path: Path, me: str | None, files: dict[str, str], listed: list[str], heading: str
) -> None:
    async with running(tmp_path, me, files) as (pilot, app):
        await until(pilot, lambda: heading in title(app), heading)
        assert rows(app) == listed
        summary = page(app).query_one("#summary", Canvas).render().plain
        addressed = me is not None or files is ONE_COACH
        assert ("Needs you: " if addressed else "Needs attention: ") in summary
        assert ("you coach" in summary) is (me is not None)
        if me == "Mira" and files is FILES:
            assert below(app, "Ben").startswith("coach Ravi · ")
            await pilot.press("down")
            summary = page(app).query_one("#summary", Canvas).render().plain
            assert "coach Ravi" in summary
            assert "eeds" not in summary, "the reasons of other coaches' leads are neutral"


async def test_the_filter_and_the_groups_mean_the_viewer_too(tmp_path: Path) -> None:
    async with running(tmp_path, "Mira") as (pilot, app):
        await pilot.press("slash", *"needs", "enter")
        assert rows(app) == ["! Ada"]
        await pilot.press("escape", "v")
        await until(pilot, lambda: "Mira (you)" in rows(app), "by coach")
        assert rows(app) == ["Mira (you)", "! Ada", "Ravi", "Ben", "paused and ended"]
        shown = [row.lines(90)[0].plain for row in page(app).query_one(RowList).rows]
        assert any("1 needs attention" in line for line in shown)
        await pilot.press("v")
        await until(pilot, lambda: "needs you" in rows(app), "by need")
        assert rows(app) == ["needs you", "! Ada", "other leads", "Ben", "paused and ended"]


async def test_a_lead_reads_you(tmp_path: Path) -> None:
    async with running(tmp_path, "Ada") as (pilot, app):
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the own page")
        header = app.screen.query_one("#header", Canvas).render().plain
        assert "your coach Mira" in header
        assert "needs you: no next session · 1 overdue" in header
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, OverviewPage), "the overview")
        await until(pilot, lambda: "1 needs you" in title(app), "the title")
        first = page(app).query_one(RowList).rows[0].lines(110)[0].plain
        assert first.startswith("! Ada (you)")
        assert rows(app)[1:] == ["Ben", "paused and ended"]


@pytest.mark.parametrize(
    ("me", "names"),
    [
        ("Mira", ["overdue", "yours", "coach's", "paused and ended"]),
        ("Ada", ["overdue", "coach's", "paused and ended"]),
        (None, ["overdue", "coach's", "paused and ended"]),
    ],
)
async def test_own_promises_are_yours_in_the_list_of_all_actions(
    tmp_path: Path, me: str | None, names: list[str]
) -> None:
    async with running(tmp_path, me) as (pilot, app):
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ActionsPage), "the actions")

        def groups() -> list[str]:
            lines = [
                line.plain for row in app.screen.query_one(RowList).rows for line in row.lines(90)
            ]
            return [line.split("  ")[0] for line in lines if line and line[0] not in "▢ "]

        await until(pilot, lambda: groups() == names, str(names))
        text = "\n".join(
            line.plain for row in app.screen.query_one(RowList).rows for line in row.lines(90)
        )
        assert "5 open · c shows them" in text
        assert "4 open" in app.screen.query_one("#title").render().plain
        assert text.count("2026") == 0
        await pilot.press("c")
        await until(pilot, lambda: "c shows them" not in groups()[-1], "unfolded")
        assert groups()[-1] == "paused and ended"
        assert "4 open" in app.screen.query_one("#title").render().plain
        await pilot.press("c", "slash", *"plan")
        await until(pilot, lambda: groups() == ["paused and ended"], "found by its words")


async def test_own_promises_are_yours_on_a_leads_page(tmp_path: Path) -> None:
    async with running(tmp_path, "Mira") as (pilot, app):
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the page")
        actions = app.screen.query_one("#actions", RowList)
        text = [line.plain.strip() for row in actions.rows for line in row.lines(90)]
        assert "yours" in text
        assert any(line.startswith("▢ you: send the article") for line in text)


@pytest.mark.parametrize("me", ["Mira", None])
async def test_paused_and_ended_leads_count_nowhere_and_say_so(
    tmp_path: Path, me: str | None
) -> None:
    async with running(tmp_path, me) as (pilot, app):
        status = app.screen.query_one(TitleBar).status.plain
        assert status.startswith("2 leads · 4 open · 2 overdue")
        agenda = page(app).query_one("#agenda", Canvas).render().plain
        assert "send the article" in agenda
        assert "plan" not in agenda
        assert "Cyd" not in agenda
        await pilot.press("end", "space")
        await until(pilot, lambda: len(rows(app)) == 5, "unfolded")
        assert rows(app)[2:] == ["paused and ended", "Cyd", "Dee"]
        assert (below(app, "Cyd"), below(app, "Dee")) == ("paused", "ended")
        everything = "\n".join(
            line.plain for row in page(app).query_one(RowList).rows for line in row.lines(110)
        )
        assert "on track" not in everything
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the page")
        assert app.screen.query_one(TitleBar).status.plain.startswith("paused")
        assert app.screen.query_one("#header", Canvas).render().plain.startswith("paused · ")
        assert "coaching is paused" in app.screen.query_one("#next", Canvas).render().plain
        assert app.screen.query_one(Timeline).ending.plain == "· paused"


async def test_a_filter_that_finds_paused_leads_unfolds_them(tmp_path: Path) -> None:
    async with running(tmp_path, None) as (pilot, app):
        await pilot.press("slash", *"paused", "enter")
        await until(pilot, lambda: "Cyd" in rows(app), "the paused lead")
        assert "nobody" not in title(app)


async def test_a_folder_of_ended_leads_alone_shows_them(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if name[0] == "d"}
    async with running(tmp_path, None, files) as (_, app):
        assert rows(app) == ["ended", "Dee"]
        assert "nobody" not in title(app)
