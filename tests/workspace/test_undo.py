"""Undo by command and through the opened folders: exact, after a restart, refused where unsure."""

from __future__ import annotations

import signal
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.records import write
from tldash.cli import main
from tldash.editing.edits import AddTask, Edit, Remove, SetDate, SetOwner, SetStatus, SetText
from tldash.editing.splice import NotAsLeft
from tldash.history.journal import Journal, NothingLeft
from tldash.model.records import Status, Task
from tldash.storage import write as write_module
from tldash.storage.signals import handlers_restored
from tldash.storage.write import WriteRefused
from tldash.workspace.folders import Folders

SESSION = "# One\r\n## Actions\r\n- [ ] call\r\n- [ ] write 📅 2026-11-30\r\n- [ ] write\r\n"
TODAY = date(2026, 11, 20)


@pytest.fixture
def coaching(tmp_path: Path) -> Path:
    names = ("ada/2026-11-03.md", "ben/2026-11-03.md")
    return write(tmp_path / "coaching", dict.fromkeys(names, SESSION))


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def tldash(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


class Ticking:
    """A clock that never shows the same moment twice."""

    def __init__(self) -> None:
        self.minute = 0

    def __call__(self) -> datetime:
        self.minute += 1
        return datetime(2026, 11, 20, self.minute // 60, self.minute % 60, tzinfo=UTC)


def folders(tmp_path: Path, *roots: Path) -> Folders:
    clock = Ticking()
    opened = Folders(roots, lambda root: Journal(tmp_path / "state", root, clock))
    opened.read()
    return opened


def task_in(opened: Folders, path: str, line: int) -> Task:
    found = opened.find_task(path, line)
    assert found is not None
    return found


def test_by_command(coaching: Path) -> None:
    file = coaching / "ada/2026-11-03.md"
    tldash("done", f"{file}:4", "--today", TODAY)
    tldash("add", "ada", "ask Bob", "--folder", coaching, "--today", TODAY)
    both = file.read_bytes()
    said = tldash("undo", coaching).stdout
    assert said == f"undone: added: ask Bob\n{file}:6\n"
    assert tldash("undo", coaching / "ada").stdout == f"undone: done: write\n{file}:4\n"
    assert file.read_bytes() == SESSION.encode()
    assert "there is no edit to undo" in tldash("undo", coaching, code=1).stderr
    tldash("undo", coaching, "--redo")
    assert tldash("undo", coaching, "--redo").stdout.startswith("redone: added: ask Bob\n")
    assert file.read_bytes() == both
    tldash("undo", coaching, "--redo", code=1)
    tldash("undo", coaching, "--redo", "--skip", code=2)


def test_what_changed_since_is_refused_until_it_is_let_go(coaching: Path) -> None:
    file = coaching / "ada/2026-11-03.md"
    for line in (3, 4):
        tldash("done", f"{file}:{line}", "--today", TODAY)
    changed = file.read_bytes().replace(b"write", b"\x1b[31mwrote", 1)
    file.write_bytes(changed)
    refused = tldash("undo", coaching, code=1).stderr
    assert "these lines have changed since; the line is now: - [x] " in refused
    assert "\x1b" not in refused
    assert file.read_bytes() == changed
    assert tldash("undo", coaching, "--skip").stdout.startswith("discarded: done: write\n")
    tldash("undo", coaching)
    assert file.read_bytes() == changed.replace(
        b"- [x] call \xe2\x9c\x85 2026-11-20", b"- [ ] call"
    )


EDITS = {
    "done: call": lambda task: None,
    "due 2026-12-24: call": lambda task: SetDate(task, "due", date(2026, 12, 24)),
    "for mira: call": lambda task: SetOwner(task, "mira"),
    "reworded: phone": lambda task: SetText(task, "phone"),
    "deleted: call": Remove,
    "added: more": lambda task: AddTask(task.path, "more"),
}


@pytest.mark.parametrize("what", EDITS)
def test_every_kind_of_edit_can_be_undone_and_made_again(
    coaching: Path, tmp_path: Path, what: str
) -> None:
    opened = folders(tmp_path, coaching)
    file = coaching / "ada/2026-11-03.md"
    task = task_in(opened, "ada/2026-11-03.md", 3)
    wish: Edit | None = EDITS[what](task)
    if wish is None:
        opened.edit(SetStatus(task, Status.DONE, TODAY))
    else:
        opened.edit(wish)
    after = file.read_bytes()
    assert after != SESSION.encode()
    again = folders(tmp_path, coaching)
    assert (again.undo().what, file.read_bytes()) == (what, SESSION.encode())
    assert task_in(again, "ada/2026-11-03.md", 3).text == "call"
    assert (again.redo().what, file.read_bytes()) == (what, after)


def test_of_several_folders_the_newest_edit_goes_first(coaching: Path, tmp_path: Path) -> None:
    opened = folders(tmp_path, coaching / "ada", coaching / "ben")
    for path in ("ada/2026-11-03.md", "ben/2026-11-03.md", "ada/2026-11-03.md"):
        line = next(n for n in (3, 4, 5) if not task_in(opened, path, n).status.closed)
        opened.edit(SetStatus(task_in(opened, path, line), Status.DONE, TODAY))
    undone = [opened.undo().path for _ in range(3)]
    assert undone == ["ada/2026-11-03.md", "ben/2026-11-03.md", "ada/2026-11-03.md"]
    assert [opened.redo().path for _ in range(3)] == undone[::-1]


def test_nothing_to_undo_and_nothing_remembered(coaching: Path, tmp_path: Path) -> None:
    opened = folders(tmp_path, coaching)
    for step in (opened.undo, opened.redo, opened.discard):
        with pytest.raises(NothingLeft):
            step()
    forgetful = Folders([coaching])
    forgetful.read()
    forgetful.edit(SetStatus(task_in(forgetful, "ada/2026-11-03.md", 3), Status.DONE, TODAY))
    with pytest.raises(NothingLeft):
        forgetful.undo()


def test_a_refused_undo_leaves_what_is_known_true_to_the_disk(
    coaching: Path, tmp_path: Path
) -> None:
    opened = folders(tmp_path, coaching)
    path = "ada/2026-11-03.md"
    opened.edit(SetStatus(task_in(opened, path, 3), Status.DONE, TODAY))
    file = coaching / path
    file.write_bytes(file.read_bytes().replace(b"call", b"phone"))
    with pytest.raises(NotAsLeft):
        opened.undo()
    assert task_in(opened, path, 3).text == "phone"


def test_an_edit_that_was_refused_is_none_to_undo(coaching: Path, tmp_path: Path) -> None:
    opened = folders(tmp_path, coaching)
    tldash("done", f"{coaching}/ada/2026-11-03.md:2", code=1)
    with pytest.raises(NothingLeft):
        opened.undo()


# Files that were created and renamed


def snapshot(root: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(root.rglob("*"))
    }


def test_files_created_by_command_are_removed_and_created_again(coaching: Path) -> None:
    before = snapshot(coaching)
    tldash("new", "lead", "Chiara Rossi", "--folder", coaching, "--today", TODAY)
    with_lead = snapshot(coaching)
    tldash("new", "session", "chiara-rossi", "--folder", coaching, "--today", TODAY)
    after = snapshot(coaching)
    assert {"chiara-rossi/lead.md", "chiara-rossi/sessions/2026-11-20.md"} <= after.keys()
    said = tldash("undo", coaching).stdout
    assert said.startswith("undone: new session: chiara-rossi/sessions/2026-11-20.md\n")
    assert snapshot(coaching) == with_lead
    tldash("undo", coaching)
    assert snapshot(coaching) == before
    for expected in (with_lead, after):
        tldash("undo", coaching, "--redo")
        assert snapshot(coaching) == expected


def test_a_created_file_with_somebodys_words_stays(coaching: Path, tmp_path: Path) -> None:
    opened = folders(tmp_path, coaching)
    before = snapshot(coaching)
    opened.edit(SetStatus(task_in(opened, "ada/2026-11-03.md", 3), Status.DONE, TODAY))
    edited = snapshot(coaching)
    path = "ada/sessions/2026-12-01.md"
    opened.create(path, "# New\r\n")
    (coaching / path).write_bytes(b"# New\r\n\r\nwords\r\n")
    with pytest.raises(WriteRefused, match="changed since"):
        opened.undo()
    assert (coaching / path).read_bytes() == b"# New\r\n\r\nwords\r\n"
    (coaching / path).unlink()
    with pytest.raises(WriteRefused, match="no longer exists"):
        opened.undo()
    assert opened.discard().what == f"created: {path}"
    (coaching / "ada/sessions").rmdir()
    assert snapshot(coaching) == edited
    opened.undo()
    assert snapshot(coaching) == before


def test_a_batch_with_a_renamed_file_is_undone_as_a_whole(coaching: Path, tmp_path: Path) -> None:
    opened = folders(tmp_path, coaching)
    before = snapshot(coaching)
    old, new, other = "ada/2026-11-03.md", "ada/2026-11-05.md", "ben/2026-11-03.md"
    opened.rename(old, "2026-11-05.md", "moved: ada", "b")
    opened.edit(SetText(task_in(opened, new, 3), "phone"), "b")
    opened.edit(SetText(task_in(opened, other, 3), "mail"), "b")
    after = snapshot(coaching)
    theirs = (coaching / other).read_bytes().replace(b"mail", b"their words")
    for taken in (False, True):
        if taken:
            (coaching / old).write_bytes(b"taken")
        else:
            (coaching / other).write_bytes(theirs)
        there = snapshot(coaching)
        with pytest.raises((NotAsLeft, WriteRefused)):
            opened.undo()
        assert snapshot(coaching) == there
        (coaching / other).write_bytes(after[other] or b"")
    (coaching / old).unlink()
    assert len(opened.undo().done) == 3
    assert snapshot(coaching) == before
    assert opened.workspace.leads[0].sessions[0].path == old
    (coaching / new).write_bytes(b"taken")
    with pytest.raises(WriteRefused, match="there is a file"):
        opened.redo()
    (coaching / new).unlink()
    opened.redo()
    assert snapshot(coaching) == after


def test_what_was_undone_of_a_batch_is_redone_if_the_rest_fails(
    coaching: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program takes the old name after the rehearsal."""
    opened = folders(tmp_path, coaching)
    old, new = "ada/2026-11-03.md", "ada/2026-11-05.md"
    opened.rename(old, "2026-11-05.md", "moved: ada", "b")
    opened.edit(SetText(task_in(opened, new, 3), "phone"), "b")
    after = snapshot(coaching)
    real = write_module.rename

    def meanwhile(root: Path, before: str, then: str) -> None:
        (coaching / old).write_bytes(b"taken")
        real(root, before, then)

    monkeypatch.setattr(write_module, "rename", meanwhile)
    with pytest.raises(WriteRefused):
        opened.undo()
    assert snapshot(coaching) == {**after, old: b"taken"}
    (coaching / old).unlink()
    monkeypatch.undo()
    assert len(opened.undo().done) == 2


def test_a_signal_that_ends_the_process_waits_for_the_edit_list(
    tmp_path: Path, coaching: Path
) -> None:
    recorded: list[str] = []

    def clock() -> datetime:
        signal.raise_signal(signal.SIGINT)
        assert not recorded
        return datetime(2026, 11, 20, tzinfo=UTC)

    def end(*_: object) -> None:
        recorded.append(Folders([coaching], journal).next_undo().what)

    def journal(root: Path) -> Journal:
        return Journal(tmp_path / "state", root, clock)

    opened = Folders([coaching], journal)
    opened.read()
    with handlers_restored():
        signal.signal(signal.SIGINT, end)
        opened.edit(SetStatus(task_in(opened, "ada/2026-11-03.md", 3), Status.DONE, TODAY))
    assert recorded == [opened.next_undo().what]
