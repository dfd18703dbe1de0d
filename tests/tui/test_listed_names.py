"""Listed names while somebody types: what is offered, held back, written, and reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.support.dashboard import NOW, dashboard, loaded, remember, until
from tests.support.records import write
from tests.support.spellings import LIST
from tldash.model.permissions import Permissions
from tldash.model.records import Problem
from tldash.service.service import Service
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.session_mode import SessionModePage
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.session_line import SessionLine
from tldash.user.conversations import ConversationStore
from tldash.workspace.folders import Folders

SESSION = "sessions/2026-11-20.md"
NEXT = "sessions/2026-12-01.md"
TEXT = "---\ndate: 2026-11-20 09:00\n---\n# Session\n\n## Notes\n\n## Actions\n- [ ] one\n"
ASKED = "Maria is listed: ctrl+n writes Fox"


@pytest.fixture
def ada(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    write(tmp_path / "config", {"tldash/names.yaml": LIST})
    lead = "---\nname: Ada\n---\n"
    return write(tmp_path / "ada", {"lead.md": lead, SESSION: TEXT, NEXT: "## Agenda\n"})


async def guarded(pilot: Pilot[None]) -> TldashApp:
    """Wait until the list of names is read."""
    await loaded(pilot)
    app = pilot.app
    assert isinstance(app, TldashApp)
    await until(pilot, lambda: app.state.guard is not None, "the list of names")
    return app


async def type_into(pilot: Pilot[None], text: str) -> Input:
    await until(pilot, lambda: isinstance(pilot.app.focused, Input), "an input")
    line = pilot.app.focused
    assert isinstance(line, Input)
    line.insert_text_at_cursor(text)
    await pilot.pause()
    return line


def shown(app: TldashApp) -> str:
    return str(app.screen.query_one("#look", Static).content)


@pytest.mark.parametrize("key", ["plus", "T", "R"])
async def test_a_prompt_offers_the_nickname(ada: Path, key: str) -> None:
    async with dashboard(ada).run_test(size=(120, 40)) as pilot:
        app = await guarded(pilot)
        await pilot.press(key)
        await type_into(pilot, " ask Maria")
        assert shown(app) == ASKED
        await pilot.press("ctrl+n")
        await until(pilot, lambda: "→" in shown(app), "the line")
        assert "Fox" in shown(app)
        await pilot.press("enter")
        await until(pilot, lambda: "ask Fox" in written(ada), "the line")
    assert "Maria" not in written(ada)


def written(ada: Path) -> str:
    return "".join((ada / path).read_text() for path in (SESSION, NEXT))


async def test_a_second_enter_writes_it_as_typed(ada: Path) -> None:
    async with dashboard(ada).run_test(size=(120, 40)) as pilot:
        app = await guarded(pilot)
        await pilot.press("plus")
        await type_into(pilot, "ask Maria")
        await pilot.press("enter")
        await until(pilot, lambda: shown(app).endswith("enter again writes it"), "why")
        await pilot.press("!", "enter")  # another text is asked about again
        await until(pilot, lambda: shown(app).endswith("enter again writes it"), "why")
        assert (ada / SESSION).read_text() == TEXT
        await pilot.press("enter")
        await until(pilot, lambda: "ask Maria!" in (ada / SESSION).read_text(), "the line")


async def session(pilot: Pilot[None]) -> tuple[TldashApp, SessionLine]:
    app = await guarded(pilot)
    await pilot.press("C")
    await until(pilot, lambda: isinstance(app.screen, SessionModePage), "session mode")
    return app, app.screen.query_one(SessionLine)


def explained(line: SessionLine) -> str:
    return line.query_one("#where").render_line(0).text.strip()


async def test_a_note_with_a_listed_name_waits_in_session_mode(ada: Path) -> None:
    """What was written of it is removed, until the nickname is there, or enter twice."""
    file = ada / SESSION
    async with dashboard(ada).run_test(size=(120, 40)) as pilot:
        _, line = await session(pilot)
        await type_into(pilot, "talked to ")
        await until(pilot, lambda: "talked to" in file.read_text(), "the start of the note")
        await type_into(pilot, "Maria")
        await until(pilot, lambda: "talked to" not in file.read_text(), "the removal")
        assert explained(line).startswith(ASKED)
        await pilot.press("enter")
        await until(pilot, lambda: "again writes it" in explained(line), "why")
        assert file.read_text() == TEXT
        await pilot.press("ctrl+n")
        await until(pilot, lambda: "talked to Fox" in file.read_text(), "the nickname")
        await pilot.press("enter")
        await type_into(pilot, "met José")
        await pilot.press("enter", "enter")
        await until(pilot, lambda: "met José" in file.read_text(), "the second enter")
    assert "Maria" not in file.read_text()


async def test_an_action_with_a_listed_name_waits_too(ada: Path) -> None:
    file = ada / SESSION
    async with dashboard(ada).run_test(size=(120, 40)) as pilot:
        _, line = await session(pilot)
        await type_into(pilot, "+ ask Maria")
        await pilot.press("enter")
        await until(pilot, lambda: "again writes it" in explained(line), "why")
        assert file.read_text() == TEXT
        await pilot.press("ctrl+n", "enter")
        await until(pilot, lambda: "- [ ] ask Fox" in file.read_text(), "the action")


async def test_leaving_writes_no_listed_name(ada: Path, tmp_path: Path) -> None:
    """The line is kept in the viewer's own state folder, and offered again."""
    file = ada / SESSION
    service = Service(
        Folders([ada], remember), conversations=lambda: ConversationStore(tmp_path / "state")
    )
    app = TldashApp(service, lambda: NOW)
    async with app.run_test(size=(120, 40)) as pilot:
        await session(pilot)
        await type_into(pilot, "talked to ")
        await until(pilot, lambda: "talked to" in file.read_text(), "the start of the note")
        await type_into(pilot, "Maria")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: not isinstance(app.screen, SessionModePage), "the way out")
        await until(pilot, lambda: "talked to" not in file.read_text(), "the removal")
        _, line = await session(pilot)
        await until(pilot, lambda: line.typed == "talked to Maria", "the line again")
        assert explained(line) == ASKED
    assert file.read_text() == TEXT


def problems(app: TldashApp) -> list[tuple[str, int, int]]:
    return [(one.path, one.line, one.column) for one in app.state.name_problems]


async def test_what_an_editor_saves_is_a_problem_for_this_viewer(ada: Path) -> None:
    file = ada / SESSION
    async with dashboard(ada).run_test(size=(120, 40)) as pilot:
        app = await guarded(pilot)
        file.write_text(TEXT + "- [ ] ask **Mar**ia\n")
        await until(pilot, lambda: problems(app) == [(SESSION, 10, 13)], "the place")
        assert not app.state.workspace.all_problems
        await pilot.press("exclamation_mark")
        rows = app.screen.query_one(RowList)
        await until(pilot, lambda: bool(rows.rows), "the problems")
        text = "\n".join(line.plain for row in rows.rows for line in row.lines(100))
        assert "'Mar**ia' is on your list of names" in text.replace("\n  ", " ")
        (ada / "kim@corp.io").mkdir()
        write(ada, {"maria/x.md": "kim@corp.io\n"})
        file.write_text(TEXT)
        wanted = [("maria", 1, 1), ("maria/x.md", 1, 1)]
        await until(pilot, lambda: problems(app) == wanted, "the other places")


async def test_a_list_with_a_mistake_is_a_problem_and_the_rest_counts(
    ada: Path, tmp_path: Path
) -> None:
    own = tmp_path / "config/tldash/names.yaml"
    own.write_text(f"{LIST}word: [x]\n")
    async with dashboard(ada).run_test(size=(120, 40)) as pilot:
        app = await guarded(pilot)
        (problem,) = app.state.settings_problems
        assert isinstance(problem, Problem)
        assert (problem.path, problem.line) == (str(own), 6)


async def test_nobody_else_learns_of_the_list(ada: Path) -> None:
    """A viewer of `tldash serve` starts no programs, and gets neither names nor nicknames."""
    (ada / SESSION).write_text(f"{TEXT}Maria\n")
    allowed = Permissions(can_start_programs=False)
    app = TldashApp(Service(Folders([ada], remember)), lambda: NOW, allowed=allowed)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: app.state.viewer is not None or app.state.loaded, "ready")
        await pilot.press("plus")
        await type_into(pilot, "ask Maria")
        assert "listed" not in shown(app)
        assert app.state.guard is None
        assert app.state.name_problems == ()
