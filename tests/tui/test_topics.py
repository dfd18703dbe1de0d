"""Topics on the agenda: settled, kept, moved and dropped where they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, until
from tests.support.records import write
from tests.tui.test_failed_edits import screen_text
from tldash.tui.app.app import TldashApp
from tldash.tui.prompts.prompt import Prompt
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.session import SessionPage
from tldash.tui.widgets.row_list import RowList

LEAD = "---\nname: Ada Lindqvist\ncoach: Mira\ncadence: monthly\n---\n"
OLD, NEXT, LATER = (f"sessions/{day}.md" for day in ("2026-11-03", "2026-12-01", "2027-01-05"))
HELD = (
    "# Three\n\n## Agenda\n- [ ] the outage @coach\n- [x] goals ✅ 2026-11-03\n\n## Notes\nSome.\n"
)
PLAN = "# Four\n\n## Agenda\n- [ ] own\n\n## Notes\n"
FAR = "# Five\n\n## Agenda\n- [ ] budget\n"
FILES = {"lead.md": LEAD, OLD: HELD, NEXT: PLAN, LATER: FAR}
OUTAGE = "- [ ] the outage @coach"


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "ada", FILES)


def contents(folder: Path) -> dict[str, str]:
    return {path: (folder / path).read_text() for path in FILES}


def agenda(app: TldashApp) -> list[str]:
    """The lines of the agenda on the lead's page."""
    rows = app.screen.query_one("#agenda", RowList).rows
    return [line.plain.strip() for row in rows for line in row.lines(90)]


async def on_agenda(pilot: Pilot[None], row: int = 0) -> None:
    """Open the lead's page with a topic of the agenda selected."""
    await loaded(pilot)
    rows = pilot.app.screen.query_one("#agenda", RowList)
    rows.focus()
    await until(pilot, lambda: rows.has_focus, "the agenda")
    await pilot.press(*["down"] * row)


async def undone(pilot: Pilot[None], folder: Path) -> None:
    await pilot.press("u")
    await until(pilot, lambda: contents(folder) == FILES, "the undoing")


async def test_the_leads_page_shows_what_was_left_open(folder: Path) -> None:
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        assert isinstance(app.screen, LeadPage)
        assert agenda(app) == ["▢ the outage · left open 3 Nov · Mira", "▢ own"]


@pytest.mark.parametrize(
    ("row", "key", "path", "before", "after"),
    [
        (0, "space", OLD, OUTAGE, "- [x] the outage @coach ✅ 2026-11-20"),
        (0, "minus", OLD, OUTAGE, "- [-] the outage @coach ❌ 2026-11-20"),
        (1, "space", NEXT, "- [ ] own", "- [x] own ✅ 2026-11-20"),
    ],
)
async def test_a_topic_is_settled_where_it_is_shown(
    folder: Path, row: int, key: str, path: str, before: str, after: str
) -> None:
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await on_agenda(pilot, row)
        await pilot.press(key)
        wanted = {**FILES, path: FILES[path].replace(before, after)}
        await until(pilot, lambda: contents(folder) == wanted, "the edit")
        await until(pilot, lambda: agenda(app)[row][0] in "✔✕", "the sign")
        assert len(agenda(app)) == 2, "it keeps its place"
        await undone(pilot, folder)
        await pilot.press(key, "1")
        await until(pilot, lambda: len(agenda(app)) == 1, "it goes when the list is left")


async def test_a_topic_is_moved_to_another_session_and_kept_again(folder: Path) -> None:
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await on_agenda(pilot)
        await pilot.press("X")
        await until(pilot, lambda: "move to another session: the outage" in screen_text(app), "it")
        line = f"{OUTAGE} ⏳ 2027-01-05"
        await until(pilot, lambda: line in screen_text(app), "the preview")
        assert "on the agenda of Tue 5 Jan 2027" in screen_text(app)
        await pilot.press("enter")
        moved = {**FILES, OLD: HELD.replace(OUTAGE, line)}
        await until(pilot, lambda: contents(folder) == moved, "the move")
        await until(pilot, lambda: agenda(app) == ["▢ own"], "the agenda")
        app.action_open_page("session", "ada", LATER)
        await until(pilot, lambda: "▢ the outage · left open 3 Nov" in screen_text(app), "there")
        page = app.screen
        assert isinstance(page, SessionPage)
        await until(pilot, lambda: page.selected() is not None, "a row")
        await pilot.press("down", "K")
        await until(pilot, lambda: contents(folder) == FILES, "kept")
        shown = "kept for the next agenda, Tue 1 Dec: the outage"
        await until(pilot, lambda: app.notice is not None and app.notice.text == shown, "why")
        await pilot.press("u")
        await until(pilot, lambda: contents(folder) == moved, "the first undoing")
        await undone(pilot, folder)


async def test_a_topic_of_a_later_session_is_brought_forward(folder: Path) -> None:
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        app.action_open_page("session", "ada", LATER)
        await until(pilot, lambda: "▢ budget" in screen_text(app), "the topic")
        await pilot.press("K")
        wanted = {**FILES, LATER: FAR.replace("budget", "budget ⏳ 2026-12-01")}
        await until(pilot, lambda: contents(folder) == wanted, "kept")
        await until(pilot, lambda: "→ 1 Dec" in screen_text(app), "where it went")
        await undone(pilot, folder)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("some day", "type 5 jan, in 6 weeks, next session, session after"),
        ("2026-11-01", "2026-11-01 is in the past"),
        ("next session", "it is already on that agenda, Tue 1 Dec"),
        ("session after", "on the agenda of Tue 5 Jan 2027"),
        ("1 mar", "on the agenda of the session from 2027-03-01 on"),
    ],
)
async def test_the_prompt_says_where_a_topic_goes(folder: Path, typed: str, answer: str) -> None:
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await on_agenda(pilot)
        await pilot.press("X")
        await until(pilot, lambda: bool(app.screen.query(Prompt)), "the prompt")
        names = {" ": "space", "-": "minus"}
        await pilot.press("ctrl+u", *(names.get(sign, sign) for sign in typed))
        await until(pilot, lambda: answer in screen_text(app), answer)
        await pilot.press("escape")
        assert contents(folder) == FILES


@pytest.mark.parametrize(("pane", "key"), [("#actions", "K"), ("#actions", "X"), ("#skills", "K")])
async def test_other_items_are_no_topics(folder: Path, pane: str, key: str) -> None:
    (folder / NEXT).write_text(f"{PLAN}\n## Actions\n- [ ] call\n")
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        app.screen.query_one(pane).focus()
        await pilot.press(key)
        await until(
            pilot,
            lambda: app.notice is not None and app.notice.text == "select a topic first",
            "the notice",
        )


async def test_what_is_on_the_next_agenda_already_needs_no_change(folder: Path) -> None:
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await on_agenda(pilot)
        await pilot.press("K")
        shown = "already on the next agenda, Tue 1 Dec"
        await until(pilot, lambda: app.notice is not None and app.notice.text == shown, "why")
        assert contents(folder) == FILES


@pytest.mark.parametrize(
    ("me", "typed", "line"),
    [
        ("Ada Lindqvist", "hiring", "- [ ] hiring @ada"),
        ("Mira", "hiring", "- [ ] hiring @coach"),
        ("Mira", "hiring @ada", "- [ ] hiring @ada"),
        ("Mira", "hiring #growth", "- [ ] hiring #growth @coach"),
        (None, "hiring", "- [ ] hiring"),
    ],
)
async def test_a_new_topic_shows_who_added_it(
    folder: Path, me: str | None, typed: str, line: str
) -> None:
    app = dashboard(folder)
    app._me = me
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        if me is not None:
            await until(pilot, lambda: app.state.viewer is not None, "the viewer")
        names = {"@": "at", "#": "number_sign", " ": "space"}
        await pilot.press("T", *(names.get(sign, sign) for sign in typed))
        await until(pilot, lambda: f"→ {line}" in screen_text(app), "the preview")
        await pilot.press("enter")
        wanted = PLAN.replace("- [ ] own", f"- [ ] own\n{line}")
        await until(pilot, lambda: (folder / NEXT).read_text() == wanted, "the topic")
        await until(pilot, lambda: len(agenda(app)) == 3, "the agenda")
        if me is not None and "@ada" not in typed:
            assert agenda(app)[-1] == "▢ hiring · you"


async def test_a_session_page_shows_topics_of_earlier_sessions(folder: Path) -> None:
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        app.action_open_page("session", "ada", NEXT)
        shown = "▢ the outage · left open 3 Nov · Mira"
        await until(pilot, lambda: shown in screen_text(app), "the topic")
        assert "from earlier sessions" in screen_text(app)
        await pilot.press("down", "space")
        wanted = {**FILES, OLD: HELD.replace(OUTAGE, f"- [x]{OUTAGE[5:]} ✅ 2026-11-20")}
        await until(pilot, lambda: contents(folder) == wanted, "the tick, in its own file")
        await until(pilot, lambda: "✔ the outage" in screen_text(app), "it keeps its place")
        await pilot.press("left_square_bracket", "right_square_bracket")
        await until(pilot, lambda: "▢ own" in screen_text(app), "the session again")
        await until(pilot, lambda: "the outage" not in screen_text(app), "it is gone")


async def test_a_repeating_topic_returns_and_is_no_news(folder: Path) -> None:
    (folder / OLD).write_text(HELD.replace("outage @coach", "outage 🔁 every month"))
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await on_agenda(pilot)
        await pilot.press("space")
        wanted = PLAN.replace("- [ ] own", "- [ ] own\n- [ ] the outage 🔁 every month")
        await until(pilot, lambda: (folder / NEXT).read_text() == wanted, "the next one")
        shown = f"done: the outage · next in {NEXT}"
        await until(pilot, lambda: app.notice is not None and app.notice.text == shown, "where")
        await until(pilot, lambda: "▢ the outage" in agenda(app), "the agenda")
        assert app.state.activity == ()
