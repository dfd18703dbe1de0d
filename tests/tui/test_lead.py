"""A lead's page as something to prepare a conversation from: nothing is cut without a sign."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, sample, until
from tldash.insight.people import ViewerRole, format_owner
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.session import SessionPage
from tldash.tui.widgets.action_details import ActionDetails
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.last_notes import LastNotes
from tldash.tui.widgets.lead_header import header
from tldash.tui.widgets.next_session import NextSessionView
from tldash.tui.widgets.row_list import RowList
from tldash.workspace.folders import Folders

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SESSION = """---
date: 2026-11-23 16:00
duration: 50m
---
## Agenda
- [ ] a first topic that goes on for much longer than any column of a screen would be wide
- [ ] is monthly still right? @mira
- [ ] what I would rather not say @ada
- [x] closed already
- [ ] and one of @sparrow
"""


def folder(tmp_path: Path, goals: str = "- one\n- two\n") -> Path:
    lead = tmp_path / "ada"
    (lead / "sessions").mkdir(parents=True)
    front = "---\nname: Ada Lindqvist\ncoach: Mira Marks\n---\n"
    (lead / "lead.md").write_text(f"{front}## Goals\n{goals}", "utf-8")
    (lead / "sessions" / "2026-11-23.md").write_text(SESSION, "utf-8")
    return lead


def coming(
    path: Path, width: int, height: int = 99, you: ViewerRole = ViewerRole.ANOTHER
) -> list[str]:
    workspace = Folders([path]).read()
    told = NextSessionView(workspace.leads[0], workspace.framework, NOW, you)
    return [line.plain.rstrip() for line in told.lines(width, height)]


def head(path: Path, width: int, *, tall: bool) -> list[str]:
    workspace = Folders([path]).read()
    drawn = header(workspace.leads[0], workspace.framework, NOW, width, tall=tall)
    return [line.rstrip() for line in drawn.plain.split("\n")]


def test_every_topic_is_told_whole_with_who_put_it_there(tmp_path: Path) -> None:
    lines = coming(folder(tmp_path), 40)
    assert lines[0] == "in 3 days · Mon 23 Nov 16:00 · 50 min"
    assert " ".join(line.removeprefix("– ").strip() for line in lines[1:4]) == (
        "a first topic that goes on for much longer than any column of a screen would be wide"
    )
    assert lines[4:7] == [
        "– is monthly still right? · Mira",
        "– what I would rather not say · Ada",
        "– and one of · @sparrow",
    ]
    assert len(lines) == 7, "the first session is about no skill"
    held = tmp_path / "ada" / "sessions" / "2026-10-23.md"
    held.write_text("talked", "utf-8")
    assert coming(tmp_path / "ada", 40)[7].startswith("suggested  ")


@pytest.mark.parametrize(
    ("owner", "you", "name"),
    [
        ("mira", ViewerRole.COACH, "you"),
        ("COACH", ViewerRole.LEAD, "Mira"),
        ("Mira", ViewerRole.ANOTHER, "Mira"),
        ("ada", ViewerRole.LEAD, "you"),
        ("Ada", ViewerRole.COACH, "Ada"),
        ("owl", ViewerRole.COACH, "@owl"),
    ],
)
def test_names_are_those_that_the_reader_uses(
    tmp_path: Path, owner: str, you: ViewerRole, name: str
) -> None:
    lead = Folders([folder(tmp_path)]).read().leads[0]
    assert format_owner(owner, lead, you) == name


@pytest.mark.parametrize("height", range(1, 9))
def test_what_has_no_room_is_counted(tmp_path: Path, height: int) -> None:
    lines = coming(folder(tmp_path), 60, height)
    assert len(lines) <= height
    told = sum(line.startswith("– ") for line in lines)
    words = " ".join(lines)
    if told < 4:
        assert f"and {4 - told} more" in words if told else "4 topics" in words
    assert lines[0].startswith("in 3 days")


def test_goals_stand_whole_below_each_other_where_there_is_room(tmp_path: Path) -> None:
    goals = "- [x] told what it is for\n- [-] no more\n" + "- " + "a long goal " * 10 + "\n- last\n"
    path = folder(tmp_path, goals)
    tall = head(path, 80, tall=True)
    assert tall[1:3] == ["Goals  ✔ told what it is for", "       ✕ no more"]
    assert " ".join(tall[3:5]).split() == ("a long goal " * 10).split()
    assert tall[5].strip() == "last"
    short = head(path, 80, tall=False)
    assert len(short) == 2
    assert short[1] == "Goals  ✔ told what it is for · ✕ no more · and 2 more"


def test_many_goals_leave_room_for_the_rest(tmp_path: Path) -> None:
    goals = "".join(f"- goal number {number} is not a short one\n" for number in range(20))
    lines = head(folder(tmp_path, goals), 80, tall=True)
    assert lines[-2].strip() == "and 15 more in lead.md"
    assert lines[-1].startswith("Files  ")
    assert len(lines) == 8


def test_all_reasons_are_told_or_counted(tmp_path: Path) -> None:
    ada = sample(tmp_path) / "ada"
    assert "1 action carried over 3 times" in " ".join(head(ada, 120, tall=True))
    narrow = head(ada, 80, tall=False)[0]
    assert narrow.startswith("needs you: past cadence (7 weeks) · no next session")
    assert "and 2 more" in narrow


def test_the_header_says_where_among_the_starters_the_lead_is(tmp_path: Path) -> None:
    [first, *_] = head(folder(tmp_path), 120, tall=True)
    assert first.startswith(
        "coach Mira Marks · monthly · session 1 of the seven starters: Get to know each other"
    )
    after = head(sample(tmp_path / "other") / "chiara", 120, tall=True)[0]
    assert "session 8: On your own terms" in after


async def open_lead(pilot: Pilot[None]) -> None:
    await loaded(pilot)
    await pilot.press("down", "down", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, LeadPage), "the lead's page")


async def test_the_last_notes_stand_where_there_is_room(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(200, 60)) as pilot:
        await open_lead(pilot)
        notes = app.screen.query_one(LastNotes)
        await until(pilot, lambda: bool(notes.rows), "the notes")
        words = "\n".join(line.plain for row in notes.rows for line in row.lines(80))
        assert "Two teams asked to borrow the form" in words
        assert "the review, and what it set off" not in words, "the agenda"
        assert "Migration yes" not in words, "what belongs to an action"
        assert "QUESTIONS" in app.screen.query_one("#prepare", Canvas).render().plain
        await pilot.press("tab")
        assert app.focused is notes
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")
        assert isinstance(app.screen, SessionPage)
        assert app.screen.path.endswith("2026-10-22.md")


async def test_the_details_of_the_selected_action_stand_where_there_is_room(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path) / "erin")
    async with app.run_test(size=(160, 53)) as pilot:
        await loaded(pilot)
        details = app.screen.query_one(ActionDetails)

        def shown() -> str:
            return details.render().plain

        assert not details.display
        await pilot.resize_terminal(160, 54)
        await until(pilot, lambda: "Ask the Duke for an hour" in shown(), "the first action")
        await pilot.press("down")
        await until(pilot, lambda: "Tell Wren what I have heard" in shown(), "the next one")
        assert "file      sessions/2026-" in shown()
        await pilot.press("space")
        await until(pilot, lambda: "done      Fri 20 Nov 2026, today" in shown(), "the tick")


async def test_the_notes_come_and_go_with_the_size(tmp_path: Path) -> None:
    root = sample(tmp_path)
    app = dashboard(root / "ben")
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        page = app.screen
        notes = page.query_one(LastNotes)
        assert not notes.display
        assert isinstance(page, LeadPage)
        assert page.reads is None, "nothing is read that nobody sees"
        await pilot.resize_terminal(180, 50)
        await until(pilot, lambda: notes.display and bool(notes.rows), "the notes")
        file = root / "ben" / "sessions" / "2026-10-22.md"
        file.write_text(file.read_text("utf-8").replace("Two teams", "Three teams"), "utf-8")

        def told() -> bool:
            return any("Three teams" in line.plain for line in notes.rows[0].lines(80))

        await until(pilot, told, "what was written meanwhile")
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: not notes.display, "no notes")
        assert app.screen.query_one("#actions", RowList).has_focus


async def test_your_own_topic_is_called_yours(tmp_path: Path) -> None:
    app = dashboard(folder(tmp_path))
    app._me = "Mira Marks"
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        rows = app.screen.query_one("#agenda", RowList)

        def said() -> str:
            return " ".join(line.plain.strip() for row in rows.rows for line in row.lines(44))

        await until(pilot, lambda: "right? · you" in said(), "you")
        assert "say · Ada" in said()


SIZES = [(80, 24), (120, 40), (200, 60)]


@pytest.mark.parametrize("size", SIZES)
async def test_numbers_go_to_panes(tmp_path: Path, size: tuple[int, int]) -> None:
    app = dashboard(sample(tmp_path) / "ada")
    async with app.run_test(size=size) as pilot:
        await loaded(pilot)
        panes = {"2": "#skills", "3": "Timeline", "1": "#actions", "4": "#last"}
        for key, pane in panes.items():
            there = app.screen.query_one(pane)
            before = app.focused
            await pilot.press(key)
            assert app.focused is (there if there.display else before), key


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("key", "pane"), [("1", "#actions"), ("2", "#skills")])
async def test_a_pane_is_enlarged_and_all_are_back(
    tmp_path: Path, size: tuple[int, int], key: str, pane: str
) -> None:
    app = dashboard(sample(tmp_path) / "ada")
    async with app.run_test(size=size) as pilot:
        await loaded(pilot)
        await pilot.press(key)
        await pilot.pause()
        enlarged = app.screen.query_one(pane)
        before = enlarged.size
        await pilot.press("f")
        await until(pilot, lambda: enlarged.size.area > before.area, "a larger pane")
        others = [one for one in app.screen.query("RowList, Timeline") if one is not enlarged]
        assert not any(one.region.area for one in others)
        await pilot.press("f")
        await until(pilot, lambda: enlarged.size == before, "all panes")
