"""Conflict copies and git's markers: what is read of them, and the one edit that resolves them."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.merging.test_compare import texts
from tests.support.records import NOW, write
from tests.support.tables import each
from tldash.editing.edits import Refused
from tldash.history import journal as journals
from tldash.history.journal import Journal
from tldash.merging.compare import Choice, compare
from tldash.storage.write import WriteRefused
from tldash.workspace.folders import Folders

FILE = "ada/2026-11-03.md"
COPY = "ada/2026-11-03.sync-conflict-20261103-101112-ABCDEFG.md"
OURS = "# One\n## Actions\n- [ ] call Bo\n- [ ] write\n"
THEIRS = "# One\n## Actions\n- [x] call Bo\n- [ ] write\n- [ ] ask\n"


def opened(tmp_path: Path, files: Mapping[str, str | bytes]) -> Folders:
    root = write(tmp_path / "coaching", {"ada/lead.md": "---\nname: Ada\n---\n", **files})
    folders = Folders([root], lambda top: Journal(tmp_path / "state", top, lambda: NOW))
    folders.read()
    return folders


def everything(tmp_path: Path) -> dict[str, bytes]:
    root = tmp_path / "coaching"
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def take(folders: Folders, path: str, choice: Choice) -> str:
    sides = folders.read_sides(path)
    found = compare(sides.ours, sides.theirs, sides.path)
    return folders.resolve(sides, found.result(found.choose_all(choice)))


@pytest.mark.parametrize("opens", [FILE, COPY])
@pytest.mark.parametrize("choice", Choice)
def test_a_copy_is_resolved_and_undone_as_one_edit(
    tmp_path: Path, choice: Choice, opens: str
) -> None:
    folders = opened(tmp_path, {FILE: OURS, COPY: THEIRS})
    before = everything(tmp_path)
    assert take(folders, opens, choice) == f"resolved the conflict in {FILE}"
    after = everything(tmp_path)
    assert COPY not in after
    both = OURS.replace("Bo\n", "Bo\n- [x] call Bo\n") + "- [ ] ask\n"
    assert after[FILE].decode() == {"ours": OURS, "theirs": THEIRS, "both": both}[choice]
    assert folders.workspace.all_problems == ()
    assert folders.undo().what == f"resolved the conflict in {FILE}"
    assert everything(tmp_path) == before
    assert [problem.code for problem in folders.workspace.all_problems] == ["conflict-copy"]
    folders.redo()
    assert everything(tmp_path) == after


@given(texts(), texts(), st.randoms(use_true_random=False))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_undo_restores_both_files_whatever_was_chosen(tmp_path: Path, ours, theirs, random) -> None:
    shutil.rmtree(tmp_path / "coaching", ignore_errors=True)
    folders = opened(tmp_path, {FILE: ours, COPY: theirs})
    before = everything(tmp_path)
    try:
        sides = folders.read_sides(COPY)
    except Refused as refused:
        assert refused.code == "merge-conflict"
        return
    found = compare(sides.ours, sides.theirs, sides.path)
    text = found.result({item.key: random.choice([*Choice]) for item in found.items})
    folders.resolve(sides, text)
    assert everything(tmp_path)[FILE] == text.encode()
    folders.undo()
    assert everything(tmp_path) == before


def test_a_copy_comes_back_with_its_permissions(tmp_path: Path) -> None:
    """Also in another process: nobody else can read what they could not read before."""
    folders = opened(tmp_path, {FILE: OURS, COPY: THEIRS})
    copy = tmp_path / "coaching" / COPY
    for mode in (0o600, 0o664):
        copy.chmod(mode)
        take(folders, FILE, Choice.OURS)
        assert not copy.exists()
        opened(tmp_path, {}).undo()
        assert stat.S_IMODE(copy.stat().st_mode) == mode
        folders.read()


def test_markers_are_resolved_and_undone(tmp_path: Path) -> None:
    text = "a\r\n<<<<<<< HEAD\r\n- [ ] b\r\n||||||| base\r\n=======\r\n- [x] b\r\n>>>>>>> mira\r\nc"
    folders = opened(tmp_path, {FILE: text})
    sides = folders.read_sides(FILE)
    assert (sides.names, sides.copy) == (("HEAD", "mira"), "")
    assert (sides.ours, sides.theirs) == ("a\r\n- [ ] b\r\nc", "a\r\n- [x] b\r\nc")
    take(folders, FILE, Choice.THEIRS)
    assert everything(tmp_path)[FILE] == b"a\r\n- [x] b\r\nc"
    folders.undo()
    assert everything(tmp_path)[FILE] == text.encode()


def test_a_sample_in_a_code_block_stays_and_the_real_conflict_goes(tmp_path: Path) -> None:
    sample = "```\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n```\n"
    real = "<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> t\n"
    folders = opened(tmp_path, {FILE: sample + real})
    take(folders, FILE, Choice.THEIRS)
    assert everything(tmp_path)[FILE] == (sample + "c\n").encode()
    assert [problem.code for problem in folders.workspace.all_problems] == ["conflict-in-code"]
    take(folders, FILE, Choice.OURS)  # only if asked for
    assert everything(tmp_path)[FILE] == b"```\nx\n```\nc\n"


def test_copies_of_one_file_and_copies_of_copies_are_resolved_one_by_one(tmp_path: Path) -> None:
    again = COPY.replace(".md", ".sync-conflict-20261104-101112-ABCDEFH.md")
    dropbox = (
        "ada/2026-11-03 (Bo's conflicted copy 2026-11-20) (conflicted copy 2026-11-21 1011).md"
    )
    folders = opened(
        tmp_path, {FILE: OURS, COPY: THEIRS, again: OURS + "- [ ] third\n", dropbox: OURS}
    )
    assert len(folders.workspace.all_problems) == 3
    assert {folders.read_sides(path).others for path in (FILE, COPY, dropbox)} == {2}
    assert folders.read_sides(dropbox).path == FILE
    for left in (2, 1, 0):
        take(folders, FILE, Choice.BOTH)
        assert len(folders.workspace.all_problems) == left
    text = everything(tmp_path)[FILE].decode()
    assert [text.count(line) for line in ("third", "ask", "- [ ] write")] == [1, 1, 1]
    with pytest.raises(Refused, match="there is no conflict"):
        folders.read_sides(FILE)
    for _ in range(3):
        folders.undo()
    assert len(folders.workspace.all_problems) == 3


@pytest.mark.parametrize(("choice", "left"), [(Choice.OURS, None), (Choice.THEIRS, THEIRS)])
def test_a_copy_whose_original_is_gone(tmp_path: Path, choice: Choice, left: str | None) -> None:
    folders = opened(tmp_path, {COPY: THEIRS})
    before = everything(tmp_path)
    assert folders.read_sides(COPY).names[0] == "2026-11-03.md is gone"
    take(folders, COPY, choice)
    after = everything(tmp_path)
    assert COPY not in after
    assert after.get(FILE) == (left.encode() if left else None)
    folders.undo()
    assert everything(tmp_path) == before


@each(
    ("files", "code"),
    [
        ({FILE: OURS, COPY: b"\xff\xfe"}, "encoding"),
        ({FILE: b"a\0", COPY: THEIRS}, "encoding"),
        ({FILE: OURS, COPY: b"x" * (3 << 20)}, "too-large"),
        ({FILE: "<<<<<<< a\n=======\n>>>>>>> b\n", COPY: THEIRS}, "merge-conflict"),
        ({FILE: "a\n<<<<<<< a\n=======\n"}, "merge-conflict"),
        ({FILE: "<<<<<<< a\n<<<<<<< a\n=======\n>>>>>>> b\n>>>>>>> b\n"}, "merge-conflict"),
        ({FILE: OURS}, "no-conflict"),
        ({}, "gone"),
    ],
)
def test_what_cannot_be_compared_here_says_why(files, code) -> None:
    with TemporaryDirectory() as folder:
        folders = opened(Path(folder), files)
        path = COPY if COPY in files else FILE
        with pytest.raises(Refused) as refused:
            folders.read_sides(path)
        assert refused.value.code == code
        assert refused.value.message


@pytest.mark.parametrize("changed", [FILE, COPY])
@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("chosen", [OURS, THEIRS])
def test_a_version_that_changed_meanwhile_is_kept(
    tmp_path: Path, changed: str, gone: bool, chosen: str
) -> None:
    folders = opened(tmp_path, {FILE: OURS, COPY: THEIRS})
    sides = folders.read_sides(FILE)
    file = tmp_path / "coaching" / changed
    if gone:
        file.unlink()
    else:
        file.write_bytes(file.read_bytes() + b"more\n")
    before = everything(tmp_path)
    with pytest.raises(Refused):
        folders.resolve(sides, chosen)
    assert everything(tmp_path) == before


def test_a_copy_that_cannot_be_removed_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """Here it changes between the two writes, when the journal records the first."""
    folders = opened(tmp_path, {FILE: OURS, COPY: THEIRS})
    sides = folders.read_sides(FILE)
    copy = tmp_path / "coaching" / COPY

    def recorded(_: Path) -> Journal:
        class Late(Journal):
            def add(self, *given: object, **named: object) -> object:  # type: ignore[override]
                copy.write_bytes(b"new\n")
                return super().add(*given, **named)  # type: ignore[arg-type]

        return Late(tmp_path / "state", tmp_path / "coaching", lambda: NOW)

    other = Folders([tmp_path / "coaching"], recorded)
    other.read()
    with pytest.raises(Refused):
        other.resolve(sides, THEIRS)
    assert everything(tmp_path)[FILE] == OURS.encode()
    assert copy.read_bytes() == b"new\n"


@pytest.mark.parametrize("trouble", ["large", "unsaved"])
def test_nothing_is_removed_that_undo_could_not_bring_back(
    tmp_path: Path, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if trouble == "large":
        monkeypatch.setattr(journals, "EDIT_SIZE_LIMIT", journals._FIELDS_SIZE + 50)
    else:
        (tmp_path / "state").write_text("a file in the place of the folder")
    folders = opened(tmp_path, {FILE: OURS, COPY: THEIRS})
    before = everything(tmp_path)
    with pytest.raises(Refused, match="undone"):
        take(folders, FILE, Choice.THEIRS)
    assert everything(tmp_path) == before


def test_a_copy_that_is_a_link_is_left_alone(tmp_path: Path) -> None:
    folders = opened(tmp_path, {FILE: OURS, "ada/other.md": "- [ ] other\n"})
    (tmp_path / "coaching" / COPY).symlink_to("other.md")
    folders.read()
    before = everything(tmp_path)
    with pytest.raises(Refused):
        take(folders, COPY, Choice.THEIRS)
    assert everything(tmp_path) == before
    assert (tmp_path / "coaching" / COPY).is_symlink()


def test_a_folder_that_is_read_only(tmp_path: Path) -> None:
    folders = opened(tmp_path, {FILE: OURS, COPY: THEIRS})
    sides = folders.read_sides(FILE)
    closed = Folders([tmp_path / "coaching"], read_only=True)
    closed.read()
    with pytest.raises(Refused) as refused:
        closed.resolve(sides, THEIRS)
    assert refused.value.code == "read-only"


@pytest.mark.parametrize("step", ["undo", "redo"])
def test_undo_and_redo_are_refused_whole_if_the_copy_changed(tmp_path: Path, step: str) -> None:
    folders = opened(tmp_path, {FILE: OURS, COPY: THEIRS})
    take(folders, FILE, Choice.THEIRS)
    if step == "redo":
        folders.undo()
    (tmp_path / "coaching" / COPY).write_text("another\n")
    before = everything(tmp_path)
    with pytest.raises(WriteRefused):
        folders.undo() if step == "undo" else folders.redo()
    assert everything(tmp_path) == before


def test_several_folders_and_a_damaged_journal(tmp_path: Path) -> None:
    one, two = (write(tmp_path / name, {FILE: OURS, COPY: THEIRS}) for name in ("one", "two"))
    folders = Folders([one, two], lambda top: Journal(tmp_path / "state", top, lambda: NOW))
    folders.read()
    sides = folders.read_sides(f"two/{COPY}")
    assert (sides.path, sides.copy) == (f"two/{FILE}", f"two/{COPY}")
    assert {problem.about for problem in folders.workspace.all_problems} == {
        *(f"one/{FILE}", f"two/{FILE}"),
    }
    folders.resolve(sides, THEIRS)
    assert (one / COPY).exists() and not (two / COPY).exists()
    journal = tmp_path / "state" / "edits.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"removed": 1}\n{"removed": "\\ud800\\ud800"}\n')
    folders.undo()
    assert (two / COPY).read_text() == THEIRS
