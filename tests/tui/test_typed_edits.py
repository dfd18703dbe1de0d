"""What happens in the files when keys are pressed, and on the screen when files change."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.support.dashboard import NOW, dashboard, loaded, sample, until
from tldash.model.item_keys import iter_tasks
from tldash.model.records import Status, Task
from tldash.service.service import Service
from tldash.tui.app import app as app_module
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.actions import ActionsPage
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.messages import TOGGLE, EditTasks
from tldash.tui.screens.overview import OverviewPage
from tldash.tui.screens.page import Page
from tldash.tui.screens.session import SessionPage
from tldash.tui.widgets.bars import TitleBar
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.task_rows import TaskRow
from tldash.workspace.folders import Folders


def put(path: Path, text: str) -> None:
    """Save as careful editors do: whole, under another name, then in place of the old file."""
    other = path.with_name(f".{path.name}.new")
    other.write_bytes(text.encode("utf-8"))
    other.replace(path)


def selected(app: TldashApp) -> Task | None:
    """The task under the cursor of the screen in front."""
    assert isinstance(app.screen, Page)
    row = app.screen.selected()
    return row.task if isinstance(row, TaskRow) else None


def task_called(app: TldashApp, text: str) -> Task | None:
    """A task of the workspace by its words."""
    found = (task for lead in app.state.workspace.leads for task in iter_tasks(lead))
    return next((task for task in found if task.text == text), None)


def plain(tmp_path: Path, text: str) -> Path:
    """A lead's folder with one session."""
    folder = tmp_path / "ada"
    (folder / "sessions").mkdir(parents=True)
    (folder / "lead.md").write_text("---\nname: Ada\n---\n")
    file = folder / "sessions" / "2026-11-03.md"
    file.write_bytes(text.encode("utf-8"))
    return file


THREE = "# Session\n\n## Actions\n- [ ] one\n- [ ] two\n- [ ] three\n"


@pytest.mark.parametrize("name", ["", "ada"])
async def test_a_first_reading_that_takes_long_ends_on_the_right_screen(
    tmp_path, monkeypatch, name
) -> None:
    monkeypatch.setattr(app_module, "FIRST_READ", 0.0)
    folder = sample(tmp_path) / name
    app = dashboard(folder)
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        assert isinstance(app.screen, LeadPage if name else OverviewPage)
        assert len(app.screen_stack) == 1
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ActionsPage), "the actions")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: not isinstance(app.screen, ActionsPage), "the way back")
        assert isinstance(app.screen, LeadPage if name else OverviewPage)


@pytest.mark.parametrize("lead", ["", "ada"])
async def test_a_page_chosen_during_a_long_first_reading_stays(tmp_path, lead) -> None:
    class Slow(Folders):
        go = threading.Event()

        def read(self, progress=None):
            self.go.wait(20)
            return super().read(progress)

    folders = Slow([sample(tmp_path) / lead])
    app = TldashApp(Service(folders), lambda: NOW)
    async with app.run_test() as pilot:
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ActionsPage), "the actions")
        folders.go.set()
        await until(pilot, lambda: app.state.loaded, "loaded")
        await until(pilot, lambda: isinstance(app.screen, ActionsPage), "the actions again")
        await pilot.press("escape")
        await until(pilot, lambda: len(app.screen_stack) == 1, "the first screen")
        assert isinstance(app.screen, LeadPage if lead else OverviewPage)


async def test_a_next_session_that_nobody_wrote_up_is_among_the_problems(tmp_path) -> None:
    file = plain(tmp_path, "---\ndate: 2026-10-03\nnext: 2026-11-03\n---\n- [ ] one\n")
    file.rename(file.with_name("2026-10-03.md"))
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("exclamation_mark")
        rows = app.screen.query_one(RowList)
        await until(pilot, lambda: bool(rows.rows), "the problems")
        text = "\n".join(line.plain for row in rows.rows for line in row.lines(100))
    assert "next-without-session" in text


async def test_own_folder_opens_on_the_first_open_action_and_space_ticks_it(tmp_path) -> None:
    folder = sample(tmp_path) / "ada"
    app = dashboard(folder)
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        assert isinstance(app.screen, LeadPage)
        task = selected(app)
        assert task is not None and task.status is Status.OPEN
        file = folder / task.path
        before = file.read_bytes()
        await pilot.press("space")
        await until(pilot, lambda: file.read_bytes() != before, "the tick in the file")
        lines = zip(before.splitlines(), file.read_bytes().splitlines(), strict=True)
        changed = [(old, new) for old, new in lines if old != new]
        assert [new for _, new in changed] == [
            changed[0][0].replace(b"[ ]", b"[x]") + b" done:2026-11-20"
        ]
        await until(
            pilot, lambda: (t := selected(app)) is not None and t.status is Status.DONE, "the tick"
        )
        await pilot.press("space")
        await until(pilot, lambda: file.read_bytes() == before, "the same bytes again")


async def test_a_ticked_action_stays_in_place_until_the_pane_is_left(tmp_path) -> None:
    plain(tmp_path, THREE)
    app = dashboard(tmp_path / "ada")
    async with app.run_test() as pilot:
        await loaded(pilot)
        rows = app.screen.query_one("#actions", RowList)

        def listed() -> list[str]:
            return [row.task.text for row in rows.rows if isinstance(row, TaskRow)]

        await pilot.press("down", "space")
        await until(
            pilot, lambda: (t := selected(app)) is not None and t.status is Status.DONE, "the tick"
        )
        assert listed() == ["one", "two", "three"]
        assert selected(app).text == "two"
        await pilot.press("tab")
        await until(pilot, lambda: listed() == ["one", "three"], "the list without it")


async def test_of_many_presses_the_last_wish_wins(tmp_path) -> None:
    file = plain(tmp_path, THREE)
    app = dashboard(tmp_path / "ada")
    async with app.run_test() as pilot:
        await loaded(pilot)
        for _ in range(9):
            await pilot.press("space")
        await until(
            pilot,
            lambda: not app.edits.pending.sent and b"- [x] one" in file.read_bytes(),
            "the last wish",
        )
        await pilot.press("space")
        await until(pilot, lambda: file.read_bytes() == THREE.encode(), "the first bytes")


async def test_a_change_by_another_program_is_shown_and_marked(tmp_path) -> None:
    file = plain(tmp_path, THREE)
    app = dashboard(tmp_path / "ada")
    async with app.run_test() as pilot:
        await loaded(pilot)
        await pilot.press("down", "down")
        assert selected(app).text == "three"
        put(file, THREE.replace("- [ ] one", "- [ ] zero\n- [ ] one due:2026-11-30"))
        rows = app.screen.query_one("#actions", RowList)

        def fresh() -> set[str]:
            marked = (row for row in rows.rows if row.key in rows.fresh)
            return {row.task.text for row in marked if isinstance(row, TaskRow)}

        await until(pilot, lambda: fresh() == {"zero", "one"}, "both marked")
        assert selected(app).text == "three"
        await until(pilot, lambda: fresh() == set(), "the marks gone")


async def test_the_selection_goes_to_the_neighbour_of_what_was_deleted(tmp_path) -> None:
    file = plain(tmp_path, THREE)
    app = dashboard(tmp_path / "ada")
    async with app.run_test() as pilot:
        await loaded(pilot)
        await pilot.press("down")
        assert selected(app).text == "two"
        put(file, THREE.replace("- [ ] two\n", ""))
        await until(pilot, lambda: selected(app).text == "three", "the neighbour")


async def test_an_old_wish_never_touches_a_reworded_line(tmp_path) -> None:
    file = plain(tmp_path, THREE)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        seen = selected(app)
        put(file, THREE.replace("- [ ] one", "- [ ] one [/] reworded"))
        await until(pilot, lambda: task_called(app, "one [/] reworded") is not None, "the words")
        before = file.read_bytes()
        app.screen.post_message(EditTasks([seen], TOGGLE))
        await until(pilot, lambda: app.notice is not None and app.notice.bad, "the refusal")
        assert "one [/] reworded" in app.notice.text
        assert file.read_bytes() == before


async def test_a_wish_that_came_true_elsewhere_is_said_and_not_written(tmp_path) -> None:
    file = plain(tmp_path, THREE)
    app = dashboard(tmp_path / "ada")
    async with app.run_test() as pilot:
        await loaded(pilot)
        seen = selected(app)
        put(file, THREE.replace("- [ ] one", "- [x] one"))
        await until(pilot, lambda: task_called(app, "one").status is Status.DONE, "their tick")
        before = file.read_bytes()
        app.screen.post_message(EditTasks([seen], TOGGLE))
        await until(pilot, lambda: app.notice is not None, "the word")
        assert app.notice.text.startswith("already done")
        assert file.read_bytes() == before


async def test_files_and_leads_come_and_go(tmp_path) -> None:
    file = plain(tmp_path, THREE)
    app = dashboard(tmp_path)
    async with app.run_test() as pilot:
        await loaded(pilot)
        assert isinstance(app.screen, OverviewPage)
        bob = tmp_path / "bob" / "2026-11-05.md"
        bob.parent.mkdir()
        bob.write_text("- [ ] call\n")
        await until(pilot, lambda: app.state.lead("bob") is not None, "a new lead")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "a lead's page")
        file.unlink()
        bob.unlink()
        (tmp_path / "ada" / "lead.md").unlink()
        await until(pilot, lambda: not app.state.workspace.leads, "nobody left")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen.has_class("-empty"), "the empty folder")


async def test_filter_and_groups_of_all_actions(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 50)) as pilot:
        await loaded(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ActionsPage), "the actions")
        rows = app.screen.query_one(RowList)

        def listed() -> set[str]:
            return {row.task.path.partition("/")[0] for row in rows.rows if hasattr(row, "task")}

        await until(pilot, lambda: len(listed()) == 5, "everybody's actions")
        await pilot.press("slash", *"deniz")
        await until(pilot, lambda: listed() == {"deniz"}, "one lead's")
        await pilot.press("enter", "v", "v")
        assert listed() == {"deniz"}
        await pilot.press("escape")
        await until(pilot, lambda: len(listed()) == 5, "everybody's again")
        await pilot.press("slash", *"no such words", "enter")
        await until(pilot, lambda: listed() == set(), "nothing")
        await pilot.press("escape", "c")
        closed = [r for r in rows.rows if isinstance(r, TaskRow) and r.task.status.closed]
        assert len(closed) > 20
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, OverviewPage), "the way back")


async def test_a_skill_unfolds_and_its_marker_is_ticked(tmp_path) -> None:
    folder = sample(tmp_path) / "ada"
    app = dashboard(folder)
    before = (folder / "skills.md").read_bytes()
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("2", "enter")
        rows = app.screen.query_one("#skills", RowList)
        markers = [row for row in rows.rows if isinstance(row, TaskRow)]
        assert len(markers) == 6
        wanted = next(row for row in markers if row.task.status is Status.OPEN)
        rows.select(wanted.key)
        await pilot.press("space")
        skills = folder / "skills.md"
        await until(pilot, lambda: skills.read_bytes() != before, "the marker in the file")
        old = set(before.splitlines())
        assert sum(line not in old for line in skills.read_bytes().splitlines()) == 1


async def test_from_the_timeline_to_a_session_and_its_neighbours(tmp_path) -> None:
    app = dashboard(sample(tmp_path) / "deniz")
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("s", "left", "enter")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")
        page = app.screen
        rows = page.query_one(RowList)
        await until(pilot, lambda: bool(rows.rows), "its text")
        first = page.path
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: page.path < first and bool(rows.rows), "the one before")
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: page.path == first and bool(rows.rows), "and back")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the lead")


async def test_a_session_follows_its_file(tmp_path) -> None:
    file = plain(tmp_path, "# Session\n\nquiet words\n\n- [ ] one\n")
    app = dashboard(tmp_path / "ada")
    async with app.run_test() as pilot:
        await loaded(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")
        rows = app.screen.query_one(RowList)

        def text() -> str:
            return "\n".join(line.plain for row in rows.rows for line in row.lines(70))

        await until(pilot, lambda: "quiet words" in text(), "its words")
        put(file, "# Session\n\nother words\n\n- [ ] one\n")
        await until(pilot, lambda: "other words" in text(), "the new words")
        await pilot.press("space")
        await until(pilot, lambda: b"[x] one" in file.read_bytes(), "the tick")
        file.unlink()
        await until(pilot, lambda: not rows.rows, "the empty page")


async def test_clicks_select_tick_and_open(tmp_path) -> None:
    file = plain(tmp_path, THREE)
    app = dashboard(tmp_path / "ada")
    async with app.run_test() as pilot:
        await loaded(pilot)
        rows = app.screen.query_one("#actions", RowList)
        await until(pilot, lambda: rows.size.height > 0, "the layout")
        at = {
            row.task.text: rows.top_of(i) for i, row in enumerate(rows.rows) if hasattr(row, "task")
        }
        await pilot.click("#actions", offset=(8, at["two"]))
        assert selected(app).text == "two"
        await pilot.click("#actions", offset=(2, at["three"]))
        await until(pilot, lambda: b"[x] three" in file.read_bytes(), "the tick")
        await pilot.click("#actions", offset=(8, at["one"]), times=2)
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")


@pytest.mark.parametrize("editor", ["no-such-editor-here", "'unclosed"])
async def test_without_an_editor_the_last_line_says_so(tmp_path, monkeypatch, editor: str) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    plain(tmp_path, THREE)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("o")
        await until(pilot, lambda: app.notice is not None and app.notice.bad, "the sentence")
        assert "EDITOR" in app.notice.text


async def test_back_and_quit(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test() as pilot:
        await loaded(pilot)
        await pilot.press("enter", "a", "question_mark", "q", "escape", "escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, OverviewPage), "the first screen")
        await pilot.press("q")
        await until(pilot, lambda: app.return_code is not None, "the end")
        assert app.return_code == 0


async def test_u_takes_the_last_tick_back_and_capital_u_makes_it_again(tmp_path) -> None:
    file = plain(tmp_path, THREE)
    app = dashboard(tmp_path / "ada")
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("space")
        await until(pilot, lambda: app.notice is not None, "the tick")
        ticked = file.read_text()
        assert ticked != THREE
        await pilot.press("u")
        await until(pilot, lambda: app.notice.text == "undone: done: one", "the undoing")
        assert file.read_text() == THREE
        assert not app.state.recent, "what one does oneself is no news"
        await pilot.press("U")
        await until(pilot, lambda: app.notice.text == "redone: done: one", "the redoing")
        assert file.read_text() == ticked
        await pilot.press("U")
        await until(pilot, lambda: "no edit" in app.notice.text, "the answer")
        put(file, ticked.replace("one", "eins"))
        await pilot.press("u")
        await until(pilot, lambda: app.notice.bad, "the refusal")
        assert "eins" in app.notice.text
        assert file.read_text() == ticked.replace("one", "eins")


async def test_the_title_says_when_the_folder_was_last_looked_at(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        bar = app.screen.query_one(TitleBar)
        assert bar.render().plain.endswith("live, read just now")
        drawn = app.screen.query_one(RowList).rows
        age = 42.0
        app.service.age = lambda: age  # type: ignore[method-assign]
        app._tick_clock()
        assert bar.render().plain.endswith("live, read 40 s ago")
        assert app.screen.query_one(RowList).rows is drawn, "nothing else was drawn again"
        await pilot.press("a")
        await pilot.pause()
        assert app.screen.query_one(TitleBar).render().plain.endswith("read 40 s ago")
        age = 0.0
        app._tick_clock()
        await pilot.press("escape")
        await pilot.pause()
        assert bar.render().plain.endswith("read just now")
