"""`tldash add`: the file that a new action goes into, the output, and refusals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.service.test_service import Listener
from tests.support.edits import already
from tests.support.records import write
from tldash.cli import main
from tldash.editing.edits import AddTask, Refused, Remove, SetDate
from tldash.service.results import EditFailed, EditsApplied, EditWritten, FolderRead
from tldash.service.service import Service
from tldash.workspace.folders import Folders

FILES = {
    "ada/lead.md": "---\nname: Ada Lindqvist\n---\n",
    "ada/sessions/2026-10-03.md": "# One\n## Actions\n- [ ] old\n",
    "ada/sessions/2026-11-03.md": "# Two\n## Actions\n- [ ] a ⏫\n\n## Notes\n",
    "ada/sessions/2026-11-04.md": "---\nstatus: missed\n---\n# Missed\n",
    "ada/sessions/2026-12-01.md": "# Three\n## Agenda\n",
    "ben-o/sessions/2026-12-01.yaml": "date: 2026-12-01\n",
    "ben-x/lead.md": "# Ben Xu\n",
}
TODAY = date(2026, 11, 20)


@pytest.fixture
def coaching(tmp_path: Path) -> Path:
    return write(tmp_path / "coaching", FILES)


def add(coaching: Path, *arguments: str, today: str = "2026-11-20", code: int = 0) -> Result:
    given = ["add", *arguments, "--folder", str(coaching), "--today", today]
    result = CliRunner().invoke(main, given, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


@pytest.mark.parametrize("lead", ["ada", "Ada", "Ada Lindqvist", "ada/"])
def test_an_action_goes_into_the_latest_held_session(coaching, lead):
    said = add(coaching, lead, "Call the vendor #x due:2026-12-01 @coach").stdout
    file = coaching / "ada/sessions/2026-11-03.md"
    line = "- [ ] Call the vendor #x due:2026-12-01 @coach"
    assert said == f"{line}\n{file}:4\n"
    assert file.read_text() == f"# Two\n## Actions\n- [ ] a ⏫\n{line}\n\n## Notes\n"
    others = [path for path in FILES if path != "ada/sessions/2026-11-03.md"]
    assert all((coaching / path).read_text() == FILES[path] for path in others)


@pytest.mark.parametrize(
    ("today", "file"),
    [
        ("2026-10-02", "2026-10-03.md"),
        ("2026-10-03", "2026-10-03.md"),
        ("2026-11-30", "2026-11-03.md"),
        ("2026-12-01", "2026-12-01.md"),
    ],
)
def test_today_decides_which_session(coaching, today, file):
    assert f"/{file}:" in add(coaching, "ada", "n", today=today).stdout


def test_a_missing_section_is_added(coaching):
    said = add(coaching, "ada", "n", today="2026-12-01").stdout
    assert said.endswith("/2026-12-01.md:5\n")
    written = (coaching / "ada/sessions/2026-12-01.md").read_text()
    assert written == "# Three\n## Agenda\n\n## Actions\n- [ ] n\n"


def test_an_action_goes_into_a_planned_session_if_none_was_held(coaching):
    said = add(coaching, "ben-o", "n: m").stdout
    file = coaching / "ben-o/sessions/2026-12-01.yaml"
    assert said == f"- 'n: m'\n{file}:3\n"
    assert file.read_text() == "date: 2026-12-01\nactions:\n  - 'n: m'\n"


def test_a_duplicate_line_is_added(coaching):
    first = add(coaching, "ada", "n").stdout
    second = add(coaching, "ada", "n").stdout
    assert (first[-3:], second[-3:]) == (":4\n", ":5\n")


@pytest.mark.parametrize(
    ("lead", "text", "words"),
    [
        ("nobody", "n", "there is no lead nobody; choose from ada (Ada Lindqvist)"),
        ("Ben", "n", "Ben could be any of ben-o (Ben O), ben-x (Ben Xu); use the folder name"),
        (
            "ben-x",
            "n",
            "Ben Xu has no session to add it to; create one first: tldash new session ben-x",
        ),
        ("ada", "", "an action needs text"),
        ("ada", "due:2026-12-01", "an action needs text"),
    ],
)
def test_a_refused_action_prints_the_reason_and_writes_nothing(coaching, lead, text, words):
    result = add(coaching, lead, text, code=1)
    assert words in result.stderr
    assert result.stdout == ""
    assert all((coaching / path).read_text() == words for path, words in FILES.items())


def test_a_file_that_cannot_be_written_is_left_alone(coaching):
    file = coaching / "ada/sessions/2026-11-03.md"
    file.write_bytes(b"# Actions\n\xff")
    assert "not added" in add(coaching, "ada", "n", code=1).stderr
    assert file.read_bytes() == b"# Actions\n\xff"


def test_the_folder_defaults_to_the_environment_variable(coaching, monkeypatch):
    monkeypatch.setenv("TLDASH_FOLDER", str(coaching))
    result = CliRunner().invoke(main, ["add", "ada", "n", "--today", "2026-11-20"])
    assert result.exit_code == 0
    assert "- [ ] n\n" in (coaching / "ada/sessions/2026-11-03.md").read_text()


def test_folders_apply_each_kind_of_edit_and_read_it_back(coaching):
    folders = Folders([coaching])
    folders.read()
    task = folders.workspace.leads[0].sessions[1].actions[0].task
    folders.edit(SetDate(task, "due", TODAY))
    after = folders.workspace.leads[0].sessions[1].actions[0].task
    assert after.raw == "- [ ] a ⏫ 📅 2026-11-20"
    with already():
        folders.edit(SetDate(task, "due", TODAY))
    with pytest.raises(Refused):
        folders.edit(Remove(task))
    folders.edit(Remove(after))
    assert folders.workspace.leads[0].sessions[1].actions == ()
    folders.edit(AddTask("ada/sessions/2026-11-03.md", "again"))
    assert folders.workspace.leads[0].sessions[1].actions[0].task.text == "again"


def test_new_fields_use_the_dialect_of_the_lead(coaching):
    write(coaching, {"ben-o/notes.md": "- [ ] a due:2026-11-20\n- [ ] b\n"})
    folders = Folders([coaching])
    folders.read()
    task = folders.find_task("ben-o/notes.md", 2)
    assert task is not None
    folders.edit(SetDate(task, "due", TODAY))
    assert folders.read_text("ben-o/notes.md").endswith("- [ ] b due:2026-11-20\n")


def test_the_service_publishes_the_outcome_of_each_edit(coaching):
    service = Service(Folders([coaching]))
    results = Listener()
    service.connect(results)
    workspace = results.wait(FolderRead).workspace
    task = workspace.leads[0].sessions[1].actions[0].task
    edit = SetDate(task, "due", TODAY)
    service.apply([edit])
    results.wait(FolderRead, lambda result: result.workspace.leads[0].actions[1].due == TODAY)
    assert results.wait(EditsApplied).outcomes == (EditWritten(edit, already=False),)
    service.apply([edit])
    assert results.wait(EditsApplied).outcomes == (EditWritten(edit, already=True),)
    service.apply([Remove(task)])
    (refused,) = results.wait(EditsApplied).outcomes
    assert isinstance(refused, EditFailed)
    assert refused.edit == Remove(task)
    assert "somebody changed this line" in refused.message
    assert refused.found == "- [ ] a ⏫ 📅 2026-11-20"
    service.stop()
