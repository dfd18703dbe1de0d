"""Several items marked, and what one key then does to all of them in their files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, sample, until
from tests.support.records import action, lead, task
from tests.tui.test_typed_edits import plain, put
from tldash.history.journal import BATCH_LIMIT
from tldash.model.records import Status, Workspace
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.actions import ActionsPage
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.marks import follow
from tldash.tui.screens.page import Page
from tldash.tui.screens.session import SessionPage
from tldash.tui.widgets.bars import KeyBar, TitleBar
from tldash.tui.widgets.mark_list import MarkList, mark_of
from tldash.tui.widgets.row_list import RowList

FOUR = "# Session\n\n## Actions\n- [ ] one\n- [ ] two due:2026-11-24\n- [/] three\n- [ ] four\n"


def page(app: TldashApp) -> Page:
    assert isinstance(app.screen, Page)
    return app.screen


def marked(app: TldashApp) -> list[str]:
    """The words of the rows that carry the sign of a mark, as drawn."""
    found = []
    for rows in app.screen.query(MarkList):
        for index, row in enumerate(rows.rows):
            strip = rows.render_line(rows.top_of(index) - rows.scroll_offset.y)
            if strip.text[1:2] == "*":
                found.append(row.task.text)
    return found


def notice(app: TldashApp) -> str:
    return app.notice.text if app.notice else ""


async def holds(pilot: Pilot[None], file: Path, text: str) -> None:
    """Wait for the bytes of a file."""
    wanted = text.encode()
    await until(pilot, lambda: file.read_bytes() == wanted, f"{text!r}, but {file.read_text()!r}")


async def says(pilot: Pilot[None], text: str) -> None:
    app = pilot.app
    assert isinstance(app, TldashApp)
    await until(pilot, lambda: notice(app) == text, f"{text!r}, but {notice(app)!r}")


BULK = {
    "space": FOUR.replace("[ ] one", "[x] one done:2026-11-20").replace(
        "[ ] two due:2026-11-24", "[x] two due:2026-11-24 done:2026-11-20"
    ),
    "i": FOUR.replace("[ ] one", "[/] one").replace("[ ] two", "[/] two"),
    "minus": FOUR.replace("[ ] one", "[-] one cancelled:2026-11-20").replace(
        "[ ] two due:2026-11-24", "[-] two due:2026-11-24 cancelled:2026-11-20"
    ),
    "greater_than_sign": FOUR.replace("one", "one due:2026-11-21").replace("-24", "-25"),
    "less_than_sign": FOUR.replace("one", "one due:2026-11-19").replace("-24", "-23"),
    "W": FOUR.replace("one", "one due:2026-11-27").replace("11-24", "12-01"),
    "at": FOUR.replace("one", "one @coach").replace("two", "two @coach"),
}


@pytest.mark.parametrize("key", BULK)
async def test_a_key_changes_all_that_are_marked_and_one_undo_takes_all_back(tmp_path, key) -> None:
    file = plain(tmp_path, FOUR)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await mark(pilot, "one", "two")
        await pilot.press(key)
        await holds(pilot, file, BULK[key])
        await until(pilot, lambda: "2 items" in notice(app), "what was done")
        assert sorted(marked(app)) == ["one", "two"], "marks stay for the next key"
        await pilot.press("u")
        await holds(pilot, file, FOUR)
        await until(pilot, lambda: notice(app).startswith("undone: "), "what was undone")
        await pilot.press("U")
        await holds(pilot, file, BULK[key])


async def mark(pilot: Pilot[None], *texts: str) -> None:
    """Go to these rows and mark them with the key."""
    app = pilot.app
    assert isinstance(app, TldashApp)
    rows = app.screen.query(MarkList).first()
    for text in texts:
        row = next(row for row in rows.rows if getattr(row, "task", None) and row.task.text == text)
        rows.select(row.key)
        await pilot.press("m")
        await until(pilot, lambda text=text: text in marked(app), f"a mark at {text}")


async def test_a_mark_is_shown_counted_and_let_go(tmp_path) -> None:
    plain(tmp_path, FOUR)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        first = page(app).selected()
        await pilot.press("m", "m")
        assert len(marked(app)) == 2
        assert page(app).selected() is not first, "the cursor goes on"
        assert "2 marked" in app.screen.query_one(TitleBar).render().plain
        keys = app.screen.query_one(KeyBar).render().plain
        assert keys.startswith("m 2 marked  space tick") and "esc unmark" in keys
        await pilot.press("shift+up")
        assert len(marked(app)) == 3
        await pilot.press("shift+down")
        assert len(marked(app)) == 2, "a second time takes a mark away"
        await pilot.press("escape")
        assert marked(app) == []
        assert "marked" not in app.screen.query_one(TitleBar).render().plain
        assert "marked" not in app.screen.query_one(KeyBar).render().plain
        assert isinstance(app.screen, LeadPage)


async def test_all_shown_are_marked_and_then_none(tmp_path) -> None:
    plain(tmp_path, FOUR)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("m", "ctrl+a")
        assert sorted(marked(app)) == ["four", "one", "three", "two"]
        await pilot.press("ctrl+a")
        assert marked(app) == []


async def test_escape_lets_marks_go_before_filter_and_page(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ActionsPage), "the actions")
        await pilot.press("slash", *"ada", "enter", "ctrl+a")
        await until(pilot, lambda: len(marked(app)) > 1, "marks")
        count = len(marked(app))
        await pilot.press("slash", *" cutover", "enter")
        await until(pilot, lambda: 0 < len(marked(app)) < count, "a narrower list")
        hidden = count - len(marked(app))
        keys = app.screen.query_one(KeyBar).render().plain
        assert keys.startswith(f"m {count} marked, {hidden} not shown")
        await pilot.press("escape")
        assert marked(app) == [] and app.screen.query_one("FilterInput").value
        await pilot.press("escape")
        assert not app.screen.query_one("FilterInput").value
        assert isinstance(app.screen, ActionsPage)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ActionsPage), "the way back")


async def test_marks_follow_their_items_and_go_with_them(tmp_path) -> None:
    file = plain(tmp_path, FOUR)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await mark(pilot, "one", "two")
        put(
            file,
            "# Session\n\nNew words.\n\n## Actions\n- [ ] zero\n- [x] two\n- [ ] four\n- [ ] one\n",
        )
        await until(pilot, lambda: marked(app) == ["one"], "the mark at its item")
        put(file, "# Session\n\n## Actions\n- [ ] four\n")
        await until(pilot, lambda: "marked" not in keybar(app), "no mark")
        assert marked(app) == []


def keybar(app: TldashApp) -> str:
    return app.screen.query_one(KeyBar).render().plain


async def test_a_date_is_asked_for_once_and_its_first_line_shown(tmp_path) -> None:
    file = plain(tmp_path, FOUR)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await mark(pilot, "one", "two", "four")
        await pilot.press("D")
        await until(pilot, lambda: bool(app.screen.query("Prompt")), "the question")
        await pilot.press(*"1 dec")
        shown = app.screen.query_one("Prompt #look").render().plain
        assert "- [ ] two due:2026-12-01  and 2 more" in shown
        await pilot.press("enter")
        after = FOUR.replace("2026-11-24", "2026-12-01").replace("one", "one due:2026-12-01")
        await holds(pilot, file, after.replace("four", "four due:2026-12-01"))
        await says(pilot, "due 2026-12-01: 3 items")


async def test_what_is_refused_stops_no_other(tmp_path) -> None:
    file = plain(tmp_path, FOUR)
    other = file.with_name("2026-11-05.yaml")
    other.write_text("actions:\n  - |\n    five\n")
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await mark(pilot, "one", "two", "five")
        await pilot.press("W")
        await says(pilot, "2 of 3 done; 1 failed: w")
        assert file.read_text() == BULK["W"]
        assert [refusal.what for refusal in app.state.failed_edits] == ["due 2026-11-27: five"]
        await pilot.press("u")
        await holds(pilot, file, FOUR)


async def test_lines_that_read_the_same_are_all_ticked(tmp_path) -> None:
    text = "# S\n\n## Actions\n- [ ] same\n- [ ] same\n- [ ] same\n"
    file = plain(tmp_path, text)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("ctrl+a", "space")
        await holds(pilot, file, text.replace("[ ] same", "[x] same ✅ 2026-11-20"))
        await says(pilot, "done: 3 items")
        await pilot.press("u")
        await holds(pilot, file, text)


REPEATING = {
    "- [ ] water 🔁 every week\n": "- [ ] water 🔁 every week\n"
    "- [x] water 🔁 every week ✅ 2026-11-20\n",
    "- [ ] water  [repeat:: every week]\r\n": "- [ ] water  [repeat:: every week]\r\n"
    "- [x] water  [repeat:: every week]  [completion:: 2026-11-20]\r\n",
    "- [ ] water 🔁 every week 📅 2026-11-20\n": "- [ ] water 🔁 every week 📅 2026-11-27\n"
    "- [x] water 🔁 every week 📅 2026-11-20 ✅ 2026-11-20\n",
}


@pytest.mark.parametrize("line", REPEATING, ids=["emoji", "dataview", "dated"])
async def test_repeating_lines_that_read_the_same_are_all_done_and_come_again(
    tmp_path, line: str
) -> None:
    """Two of three, so that the one that stays is told apart as well."""
    head, other = "# S\n\n## Actions\n", "- [ ] other\n"
    text = head + line + other + line + line
    file = plain(tmp_path, text)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        rows = app.screen.query(MarkList).first()
        places = {row.task.line: at for at, row in enumerate(rows.rows) if mark_of(row)}
        for number in (4, 7):
            rows.cursor = places[number]
            await pilot.press("m")
        assert marked(app) == ["water", "water"]
        await pilot.press("space")
        done = head + REPEATING[line] + other + line + REPEATING[line]
        await holds(pilot, file, done)
        await says(pilot, "done: 2 items")
        await pilot.press("u")
        await holds(pilot, file, text)
        await says(pilot, "undone: done: 2 items")
        await pilot.press("U")
        await holds(pilot, file, done)
        assert app.state.failed_edits == ()


async def test_more_than_one_undo_could_take_back_are_not_changed(tmp_path) -> None:
    text = "# S\n\n## Actions\n" + "".join(f"- [ ] {at}\n" for at in range(BATCH_LIMIT + 1))
    file = plain(tmp_path, text)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("ctrl+a", "space")
        await says(pilot, "failed for 1,001 items: at most 1,000 items at once")
        assert not app.edits.pending.sent
        assert "1001 marked" in app.screen.query_one(TitleBar).render().plain
        await pilot.press("i")
        await says(pilot, "failed for 1,001 items: at most 1,000 items at once")
        assert file.read_text() == text


async def test_two_keys_at_once_are_two_steps_for_undo(tmp_path) -> None:
    file = plain(tmp_path, FOUR)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await mark(pilot, "one", "two")
        await pilot.press("W", "W")
        twice = FOUR.replace("one", "one due:2026-12-04").replace("2026-11-24", "2026-12-08")
        await holds(pilot, file, twice)
        await until(pilot, lambda: not app.edits.pending.sent, "both answers")
        await pilot.press("u")
        await holds(pilot, file, BULK["W"])
        await pilot.press("u")
        await holds(pilot, file, FOUR)


async def test_open_ones_are_ticked_and_where_none_is_all_get_their_status_back(tmp_path) -> None:
    file = plain(tmp_path, FOUR.replace("[ ] one", "[x] one"))
    before = file.read_text()
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await mark(pilot, "two", "three")
        await pilot.press("space")
        await says(pilot, "done: 2 items")
        await until(pilot, lambda: not app.edits.pending.sent, "the answer")
        await pilot.press("space")
        await holds(pilot, file, before)


async def test_by_the_next_session_says_whose_lead_has_none(tmp_path) -> None:
    folder = sample(tmp_path)
    app = dashboard(folder)
    async with app.run_test(size=(160, 60), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ActionsPage), "the actions")
        await pilot.press("ctrl+a", "N")
        await until(pilot, lambda: "no next session planned" in notice(app), "what was left")
        assert "Ada Lindqvist" in notice(app) and " not: " in notice(app)
        assert not app.state.failed_edits


async def test_marks_on_a_session_stay_with_the_session(tmp_path) -> None:
    folder = sample(tmp_path) / "ada"
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")
        await until(pilot, lambda: bool(app.screen.query_one(RowList).rows), "its text")
        before = (folder / page(app).reads).read_bytes()
        await pilot.press("m")
        assert len(marked(app)) == 1
        await pilot.press("ctrl+a", "i")
        await until(pilot, lambda: (folder / page(app).reads).read_bytes() != before, "a change")
        await pilot.press("u")
        await until(pilot, lambda: (folder / page(app).reads).read_bytes() == before, "undone")
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: "marked" not in keybar(app), "no marks")


async def test_a_click_with_ctrl_marks(tmp_path) -> None:
    plain(tmp_path, FOUR)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        rows = app.screen.query_one("#actions", MarkList)
        index = next(
            i for i, row in enumerate(rows.rows) if mark_of(row) and row.task.text == "four"
        )
        where = (2, rows.top_of(index))
        await pilot.click(rows, offset=where, control=True)
        assert marked(app) == ["four"] and page(app).selected() is rows.rows[index]
        await pilot.click(rows, offset=where, control=True)
        assert marked(app) == []


@pytest.mark.parametrize(
    ("keys", "copied"),
    [
        (["Y"], "- [ ] two due:2026-11-24"),
        (["ctrl+a", "Y"], "- [ ] two due:2026-11-24\n- [ ] one\n- [/] three\n- [ ] four"),
    ],
)
async def test_lines_are_copied_as_they_stand(tmp_path, keys, copied) -> None:
    plain(tmp_path, FOUR)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press(*keys)
        await until(pilot, lambda: notice(app).startswith("copied: "), "what was copied")
        assert app.clipboard == copied


async def test_other_rows_are_copied_as_they_are_shown(tmp_path) -> None:
    app = dashboard(sample(tmp_path) / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("2", "Y")
        await until(pilot, lambda: notice(app).startswith("copied: "), "what was copied")
        assert app.clipboard.startswith("▸ Listening") and "intermediate" in app.clipboard


async def test_the_line_shown_is_the_line_written(tmp_path) -> None:
    """A line without fields gets one as the lead's other lines write theirs."""
    for spoken in ("due:2026-11-24", "📅 2026-11-24", "[due:: 2026-11-24]"):
        folder = tmp_path / str(len(spoken.encode()))
        file = plain(folder, f"## Actions\n- [ ] (A) one #x\n- [ ] two\n- [x] old {spoken}\n")
        app = dashboard(folder / "ada")
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            await loaded(pilot)
            await pilot.press("m", "m", "D")
            await until(pilot, lambda app=app: bool(app.screen.query("Prompt")), "the question")
            await pilot.press(*"1 dec")
            shown = app.screen.query_one("Prompt #look").render().plain
            await pilot.press("enter")
            await says(pilot, "due 2026-12-01: 2 items")
            written = file.read_text().splitlines()[1]
            assert shown.startswith(f"→ {written}  and 1 more  1 Dec"), (shown, written)


def test_a_mark_stays_with_its_own_line_where_another_has_the_same_words() -> None:
    """What comes again stands above what was done, and says the same."""
    done = replace(task("water", Status.DONE, line=5), raw="- [x] water 🔁 every week")
    following = replace(task("water", line=4), raw="- [ ] water 🔁 every week")
    actions = tuple(
        replace(action("water"), task=replace(t, line=t.line + 1)) for t in (following, done)
    )
    now = Workspace("w", (lead(actions=actions),))
    assert [t.status for t in follow([done], now)] == [Status.DONE]
    assert [t.status for t in follow([following], now)] == [Status.OPEN]
    assert len(follow([following, done], now)) == 2
