"""Batches of edits: one undo restores all of them, whatever others changed since."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.records import NOW, write
from tests.workspace.test_undo import TODAY, _own_state, folders, tldash
from tldash.editing.edits import SetDate, SetStatus
from tldash.editing.splice import NotAsLeft
from tldash.history.journal import Journal, NothingLeft, redo, undo
from tldash.model.records import Status, Task
from tldash.service.apply import apply_edits, apply_undo
from tldash.service.results import (
    EditFailed,
    EditsApplied,
    EditWritten,
    UndoApplied,
    UndoFailed,
)
from tldash.storage.write import Rewritten, rewrite
from tldash.workspace.folders import Folders

__all__ = ["_own_state"]

ADA, BEN = "ada/2026-11-03.md", "ben/2026-11-03.md"
SESSION = "# One\r\n## Actions\r\n- [ ] call\r\n- [ ] write\r\n- [ ] ask\r\n"


@pytest.fixture
def coaching(tmp_path: Path) -> Path:
    return write(tmp_path / "coaching", {ADA: SESSION, BEN: SESSION})


def tasks(opened: Folders, *places: tuple[str, int]) -> list[Task]:
    found = [opened.find_task(path, line) for path, line in places]
    return [task for task in found if task is not None]


def tick(opened: Folders, batch: str, *places: tuple[str, int]) -> EditsApplied:
    edits = [SetStatus(task, Status.DONE, TODAY) for task in tasks(opened, *places)]
    return apply_edits(opened, edits, batch)


def texts(coaching: Path) -> tuple[str, str]:
    ada, ben = ((coaching / path).read_bytes().decode() for path in (ADA, BEN))
    return ada, ben


def test_edits_of_one_batch_in_several_files_are_undone_together(coaching, tmp_path) -> None:
    opened = folders(tmp_path, coaching)
    opened.edit(SetStatus(tasks(opened, (BEN, 5))[0], Status.DONE, TODAY))
    before = texts(coaching)
    done = tick(opened, "b", (ADA, 3), (ADA, 5), (BEN, 3))
    assert all(isinstance(result, EditWritten) for result in done.outcomes)
    after = texts(coaching)
    again = folders(tmp_path, coaching)  # after a restart
    taken = again.undo()
    assert (taken.what, len(taken.done), taken.failed) == ("done: 3 items", 3, ())
    assert texts(coaching) == before
    assert again.find_task(ADA, 3).status is Status.OPEN
    assert len(again.redo().done) == 3
    assert texts(coaching) == after
    again.undo()
    assert again.undo().what == "done: ask", "the one before, which was made alone"
    assert texts(coaching) == (SESSION, SESSION)
    with pytest.raises(NothingLeft):
        again.undo()


def test_undo_skips_lines_changed_since_and_undoes_the_rest(coaching, tmp_path) -> None:
    opened = folders(tmp_path, coaching)
    tick(opened, "b", (ADA, 3), (ADA, 4), (BEN, 3))
    file = coaching / ADA
    file.write_bytes(file.read_bytes().replace(b"- [x] write", b"- [x] write it"))
    opened.read()
    taken = opened.undo()
    assert [entry.what for entry in taken.done] == ["done: call", "done: call"]
    assert [left.entry.what for left in taken.failed] == ["done: write"]
    ada, ben = texts(coaching)
    assert ben == SESSION
    assert "- [ ] call\r\n- [x] write it" in ada
    with pytest.raises(NotAsLeft):
        opened.undo()
    assert len(opened.redo().done) == 2, "those that were undone can be made again"
    opened.undo()
    assert [entry.what for entry in opened.discard().done] == ["done: write"]
    with pytest.raises(NothingLeft):
        opened.undo()
    assert len(opened.redo().done) == 2


def test_results_of_undo_and_discard(coaching, tmp_path) -> None:
    opened = folders(tmp_path, coaching)
    tick(opened, "b", (ADA, 3), (ADA, 4), (BEN, 3))
    file = coaching / ADA
    file.write_bytes(file.read_bytes().replace(b"- [x] write", b"- [x] write it"))
    result = apply_undo(opened, "undone", Folders.undo)
    assert isinstance(result, UndoApplied) and result.what == "done: 2 items"
    (left,) = result.failed
    assert left.entry is not None and left.entry.path == ADA
    assert "write it" in left.found
    result = apply_undo(opened, "undone", Folders.undo)
    assert isinstance(result, UndoFailed) and result.entry is not None
    assert (
        apply_undo(opened, "discarded", lambda folders: folders.discard(left.entry)).what
        == "done: write"
    )


def test_tldash_undo_of_a_batch(coaching, tmp_path) -> None:
    state = tmp_path / "state" / "tldash"
    opened = Folders([coaching], lambda root: Journal(state, root, lambda: NOW))
    opened.read()
    tick(opened, "b", (ADA, 3), (ADA, 4), (BEN, 3))
    after = texts(coaching)
    said = tldash("undo", coaching).stdout.splitlines()
    assert sorted(said[::2]) == ["undone: done: call"] * 2 + ["undone: done: write"]
    assert sorted(said[1::2]) == [
        f"{coaching / ADA}:3",
        f"{coaching / ADA}:4",
        f"{coaching / BEN}:3",
    ]
    assert texts(coaching) == (SESSION, SESSION)
    tldash("undo", coaching, "--redo")
    assert texts(coaching) == after
    (coaching / BEN).write_text("# One\n- [x] call her\n")
    result = tldash("undo", coaching, code=1)
    assert "not undone: done: call: " in result.stderr
    assert "2 of 3 undone" in result.stderr
    assert texts(coaching)[0] == SESSION
    assert tldash("undo", coaching, "--skip").stdout.startswith("discarded: done: call\n")
    assert "there is no edit to undo" in tldash("undo", coaching, code=1).stderr


def test_from_one_leads_folder_only_that_leads_edits_are_undone(coaching, tmp_path) -> None:
    opened = folders(tmp_path, coaching)
    tick(opened, "b", (ADA, 3), (BEN, 3))
    ada = Folders([coaching / "ada"], lambda root: Journal(tmp_path / "state", root, lambda: NOW))
    ada.read()
    assert ada.undo().path == "2026-11-03.md"
    assert texts(coaching)[0] == SESSION != texts(coaching)[1]
    assert opened.undo().path == BEN
    assert texts(coaching) == (SESSION, SESSION)


def test_of_several_opened_folders_a_batch_is_one_step(coaching, tmp_path) -> None:
    opened = folders(tmp_path, coaching / "ada", coaching / "ben")
    tick(opened, "b", (ADA, 3), (BEN, 3), (BEN, 5))
    assert len(opened.undo().done) == 3
    assert texts(coaching) == (SESSION, SESSION)
    assert {entry.path for entry in opened.redo().done} == {ADA, BEN}


def test_a_refused_edit_neither_stops_others_nor_enters_the_history(coaching, tmp_path) -> None:
    opened = folders(tmp_path, coaching)
    first, gone, last = tasks(opened, (ADA, 3), (ADA, 4), (ADA, 5))
    gone = replace(gone, raw="- [ ] no such line", text="no such line")
    done = apply_edits(opened, [SetDate(t, "due", TODAY) for t in (first, gone, last)], "b")
    assert [type(result) for result in done.outcomes] == [EditWritten, EditFailed, EditWritten]
    assert [result.edit.task.text for result in done.outcomes] == ["call", "no such line", "ask"]
    assert len(opened.undo().done) == 2
    assert texts(coaching) == (SESSION, SESSION)


@given(
    st.lists(st.sampled_from(["a", "b", "c 🔁 every week", "d repeat:1w"]), min_size=1, max_size=7),
    st.sets(st.integers(0, 6)),
)
def test_edits_of_equal_lines_hit_the_intended_ones(tmp_path_factory, words, chosen) -> None:
    root = tmp_path_factory.mktemp("twins")
    lines = [f"- [ ] {result}\n" for result in words]
    path = "ada/2026-11-03.md"
    file = write(root / "x", {path: "## Actions\n" + "".join(lines)}) / path
    opened = folders(root, root / "x")
    chosen = {at for at in chosen if at < len(words)}
    done = tick(opened, "b", *((path, at + 2) for at in sorted(chosen)))
    assert all(isinstance(result, EditWritten) for result in done.outcomes)
    after = file.read_text().splitlines()[1:]
    ticked = []
    for at, result in enumerate(words):
        again = at in chosen and "🔁" in result
        ticked.extend([f"- [ ] {result}"] * again)
        ticked.append(
            f"- [{'x' if at in chosen else ' '}] {result}{' ✅ 2026-11-20' * (at in chosen)}"
        )
    assert after == ticked
    if chosen:
        opened.undo()
    assert file.read_text() == "## Actions\n" + "".join(lines)


def made(journal: Journal, root: Path, what: bytes, batch: str = "") -> None:
    done = rewrite(root, "x.md", lambda data: data.replace(b"[ ] " + what, b"[x] " + what))
    journal.add("x.md", what.decode(), done, batch)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "one", {"x.md": "- [ ] one\n- [ ] two\n- [ ] three\n"})


def test_history_lines_without_a_batch_stay_valid(tmp_path, root) -> None:
    journal = Journal(tmp_path / "state", root, lambda: NOW)
    made(journal, root, b"one")
    made(journal, root, b"two", "b")
    file = tmp_path / "state" / "edits.jsonl"
    old, new = map(json.loads, file.read_text().splitlines())
    assert "batch" not in old and new["batch"] == "b"
    file.write_text("".join(json.dumps(line) + "\n" for line in (old, {**new, "batch": 7})))
    entries = Journal(tmp_path / "state", root, lambda: NOW).entries()
    assert [(entry.what, entry.batch) for entry in entries] == [("one", ""), ("two", "")]


def test_a_partly_undone_batch_survives_a_cut_of_the_history(tmp_path, root, monkeypatch) -> None:
    journal = Journal(tmp_path / "state", root, lambda: NOW)
    for what in (b"one", b"two", b"three"):
        made(journal, root, what, "b")
    first, second, third = journal.entries()
    undo(journal, root, first)
    undo(journal, root, third)
    monkeypatch.setattr("tldash.history.journal.LINE_LIMIT", 0)  # the next line has the list cut
    journal.discard(replace(first, id="nobody"))
    again = Journal(tmp_path / "state", root, lambda: NOW)
    assert [entry.undone for entry in again.entries()] == [True, False, True]
    newest = again.last_undone()
    assert newest is not None
    assert [entry.what for entry in again.batch_of(newest)] == ["one", "three"]
    assert [entry.what for entry in again.batch_of(second)] == ["two"]


@pytest.mark.parametrize("many", [60, 130])
def test_a_batch_above_the_entry_limit_is_undone_whole(tmp_path, monkeypatch, many) -> None:
    monkeypatch.setattr("tldash.history.journal.ENTRY_LIMIT", 40)
    monkeypatch.setattr("tldash.history.journal.LINE_LIMIT", 80)
    text = "# One\n## Actions\n" + "".join(f"- [ ] {at}\n" for at in range(many))
    file = write(tmp_path / "coaching", {ADA: text, BEN: SESSION}) / ADA
    opened = folders(tmp_path, tmp_path / "coaching")
    opened.edit(SetStatus(tasks(opened, (BEN, 5))[0], Status.DONE, TODAY))
    done = tick(opened, "b", *((ADA, at + 3) for at in range(many)))
    assert all(isinstance(result, EditWritten) for result in done.outcomes)
    after = file.read_text()
    assert after.count("[x]") == many
    opened.edit(SetStatus(tasks(opened, (BEN, 4))[0], Status.DONE, TODAY))
    again = folders(tmp_path, tmp_path / "coaching")  # after a restart
    assert [entry.what for entry in again.undo().done] == ["done: write"]
    taken = again.undo()
    assert (taken.what, taken.failed) == (f"done: {many} items", ())
    assert file.read_text() == text
    again.redo()
    assert file.read_text() == after
    again.undo()
    assert file.read_text() == text


def kept(journal: Journal) -> list[str]:
    return [entry.what for entry in journal.entries()]


def add(journal: Journal, what: str, batch: str = "") -> None:
    journal.add("x.md", what, Rewritten(b"a\n", b"b\n"), batch)


def test_the_history_is_never_cut_within_a_batch(tmp_path, root, monkeypatch) -> None:
    monkeypatch.setattr("tldash.history.journal.ENTRY_LIMIT", 4)
    monkeypatch.setattr("tldash.history.journal.LINE_LIMIT", 0)  # each line has the list cut
    journal = Journal(tmp_path / "state", root, lambda: NOW)
    add(journal, "old")
    for number in range(3):
        add(journal, f"first {number}", "a")
        add(Journal(tmp_path / "state", root, lambda: NOW), f"between {number}")
    for number in range(2):
        add(journal, f"second {number}", "b")
    firsts = [what for what in kept(journal) if what.startswith("first")]
    assert firsts == ["first 0", "first 1", "first 2"]
    assert "old" not in kept(journal)
    for number in range(2, 6):
        add(journal, f"second {number}", "b")
    assert kept(journal) == [f"second {number}" for number in range(6)]
    for number in range(4):
        add(journal, f"new {number}")
    assert kept(journal) == [f"new {number}" for number in range(4)]


def test_a_large_batch_does_not_cause_a_cut_at_every_edit(tmp_path, root, monkeypatch) -> None:
    monkeypatch.setattr("tldash.history.journal.ENTRY_LIMIT", 20)
    monkeypatch.setattr("tldash.history.journal.LINE_LIMIT", 40)
    journal = Journal(tmp_path / "state", root, lambda: NOW)
    files = []
    for number in range(60):
        add(journal, str(number), "b")
        (file,) = (tmp_path / "state").glob("*.jsonl")
        files.append(file.stat().st_ino)
    assert sum(one != other for one, other in pairwise(files)) == 1
    for number in range(41):
        add(journal, f"new {number}")
    new = [what for what in kept(journal) if what.startswith("new")]
    assert new[-1] == "new 40"
    assert len(kept(journal)) - len(new) in {0, 60}


def test_an_edit_that_another_process_undid_is_not_undone_twice(tmp_path, root) -> None:
    journal = Journal(tmp_path / "state", root, lambda: NOW)
    made(journal, root, b"one")
    (entry,) = journal.entries()
    undo(Journal(tmp_path / "state", root, lambda: NOW), root)
    with pytest.raises(NothingLeft):
        undo(journal, root, entry)
    redo(journal, root, entry)
    assert (root / "x.md").read_text().startswith("- [x] one")


def test_a_new_edit_discards_an_undone_batch(coaching, tmp_path) -> None:
    opened = folders(tmp_path, coaching)
    tick(opened, "b", (ADA, 3), (ADA, 4))
    opened.undo()
    tick(opened, "c", (ADA, 5))
    with pytest.raises(NothingLeft):
        opened.redo()


@pytest.mark.parametrize(("path", "line"), [(ADA, "call"), (ADA, "write"), (BEN, "call")])
def test_redo_works_whichever_edit_could_not_be_undone(coaching, tmp_path, path, line) -> None:
    opened = folders(tmp_path, coaching)
    tick(opened, "b", (ADA, 3), (ADA, 4), (BEN, 3))
    file = coaching / path
    file.write_bytes(file.read_bytes().replace(f"[x] {line}".encode(), b"[x] other"))
    opened.read()
    assert (len(opened.undo().done), len(opened.redo().done)) == (2, 2)
