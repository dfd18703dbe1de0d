"""A kill, or an error of the disk, at every single system call of every way of writing.

The plain rewrite of a file with one name has its place in `tests/files/test_write_system.py`. Here
are the others: a file with two names, which is rewritten in place; one that is reached by a link
and has what a new file must be given; a new file in a new folder; and a folder in which a killed
process has left somebody's words.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.faults.tracing import Call, Case, Nursery, calls, everyone, nurseries
from tldash.storage import draft
from tldash.storage.filenames import RESCUE_MARK
from tldash.storage.walk import is_ignored, walk
from tldash.storage.write import rewrite

pytestmark = pytest.mark.system

OLD = b"- [ ] tick me, please\n" + b"a line of notes\n" * 20
NEW = OLD.replace(b"- [ ] tick me, please", b"- [x] tick me")
"""Shorter, so that there is a moment at which it is followed by the end of the old one."""
MORE = b"and more\n"
WORDS = b"what somebody else wrote\n"
MODE = 0o640

Make = Callable[[Path], Case]


@pytest.fixture(scope="module")
def free() -> Iterator[SimpleQueue[Nursery]]:
    with nurseries() as started:
        yield started


def two_names(root: Path) -> Case:
    root.mkdir()
    (root / "x.md").write_bytes(OLD)
    root.with_suffix(".md").hardlink_to(root / "x.md")
    return Case("rewrite", root, "x.md")


def linked(root: Path) -> Case:
    """Reached by a link to another folder, and with a mode, an attribute and an owner to keep."""
    (root / "sub").mkdir(parents=True)
    file = root / "sub" / "x.md"
    file.write_bytes(OLD)
    file.chmod(MODE)
    os.setxattr(file, "user.tag", b"blue")
    if os.geteuid() == 0:
        os.chown(file, 1234, 1234)
    (root / "link.md").symlink_to("sub/x.md")
    return Case("rewrite", root, "link.md")


def new(root: Path) -> Case:
    root.mkdir()
    return Case("create", root, "a/b/x.md")


def after_a_kill(root: Path) -> Case:
    """A killed process had exchanged the names, and what came out is not what it had read."""
    root.mkdir()
    (root / "x.md").write_bytes(OLD)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "getpid", lambda: 2**22 + 1)  # more than Linux gives to any process
        left = draft.temporary_name(draft.SWAP, "x.md", b"older", OLD)
    (root / left).write_bytes(WORDS)
    return Case("rewrite", root, "x.md")


def struck(
    free: SimpleQueue[Nursery], top: Path, make: Make, fault: str
) -> list[tuple[Call, Path, str]]:
    """One write for every call of it, with the fault there; its folder, and what it said."""
    nursery = free.get()
    try:
        found = calls(nursery, make(top / "dry"), top / "dry.log")
    finally:
        free.put(nursery)
    assert {"openat", "write", "fsync", "flock", "close"} <= {call.name for call in found}
    cases = [(call, make(top / f"{call.name}-{call.number}")) for call in found]
    outcomes = everyone(free, cases, fault, top)
    return [
        (call, case.root, outcome) for (call, case), outcome in zip(cases, outcomes, strict=True)
    ]


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def hidden(root: Path) -> dict[str, bytes]:
    """What nobody sees: no reader, and no list of files."""
    found = {path: data for path, data in files(root).items() if is_ignored(Path(path).name)}
    assert not found.keys() & walk(root).files.keys()
    assert walk(root).problems == ()
    return found


def test_killed_while_a_file_with_two_names_is_rewritten(
    tmp_path: Path, free: SimpleQueue[Nursery]
) -> None:
    """In place: the file may be torn, but then the whole of it is there, and comes to light."""
    torn = 0
    seen = set()
    for call, root, outcome in struck(free, tmp_path, two_names, "signal=SIGKILL"):
        assert outcome == "", call
        data, left = (root / "x.md").read_bytes(), hidden(root)
        assert files(root).keys() == {"x.md", *left}, call
        assert len(left) <= 1, call
        assert root.with_suffix(".md").samefile(root / "x.md"), call
        whole = data in (OLD, NEW)
        torn += not whole
        seen.add(data)
        assert whole or list(left.values()) == [NEW], call
        rewritten = rewrite(root, "x.md", lambda data: data + MORE)
        assert (root / "x.md").read_bytes() == data + MORE, call
        assert [(root / path).read_bytes() for path in rewritten.rescued] == [NEW] * (not whole)
        assert files(root).keys() == {"x.md", *rewritten.rescued}, call
    assert torn, "no kill came between two calls that change the file"
    assert seen > {OLD, NEW}


def kept(file: Path) -> tuple[int, bytes, int]:
    status = file.stat()
    return status.st_mode & 0o7777, os.getxattr(file, "user.tag"), status.st_uid


def test_killed_while_a_file_is_rewritten_by_way_of_a_link(
    tmp_path: Path, free: SimpleQueue[Nursery]
) -> None:
    """It is the old file or the new one, with everything that belongs to it, at every moment."""
    seen = set()
    linked(tmp_path / "like this")
    before = kept(tmp_path / "like this" / "sub" / "x.md")
    for call, root, outcome in struck(free, tmp_path, linked, "signal=SIGKILL"):
        file = root / "sub" / "x.md"
        assert outcome == "", call
        seen.add(file.read_bytes())
        assert seen <= {OLD, NEW}, call
        assert kept(file) == before, call
        assert (root / "link.md").readlink() == Path("sub/x.md"), call
        assert files(root).keys() == {"sub/x.md", *hidden(root)}, call
        assert rewrite(root, "link.md", lambda data: data + MORE).rescued == (), call
        assert files(root).keys() == {"sub/x.md"}, call
        assert kept(file) == before, call
    assert seen == {OLD, NEW}


def check_left(root: Path, call: Call) -> None:
    """What the disk will not take away, or show, stays unseen, until the next write there."""
    assert not hidden(root) or call.name in ("unlinkat", "newfstatat"), call
    (path,) = files(root).keys() - hidden(root).keys()
    assert rewrite(root, path, lambda data: data + MORE).rescued == (), call
    assert files(root).keys() == {path}, call


def test_an_error_while_a_file_is_rewritten_by_way_of_a_link(
    tmp_path: Path, free: SimpleQueue[Nursery]
) -> None:
    linked(tmp_path / "like this")
    before = kept(tmp_path / "like this" / "sub" / "x.md")
    outcomes = set()
    for call, root, outcome in struck(free, tmp_path, linked, "error=EIO"):
        file, where = root / "sub" / "x.md", f"{call}: {outcome}"
        outcomes.add(outcome)
        assert outcome == "saved" or outcome.startswith("refused "), where
        assert file.read_bytes() == (NEW if outcome == "saved" else OLD), where
        assert kept(file) == before, where
        assert (root / "link.md").readlink() == Path("sub/x.md"), where
        assert files(root).keys() == {"sub/x.md", *hidden(root)}, where
        check_left(root, call)
        assert (call.name, outcome) != ("fsync", "saved"), where
    assert {"saved", "refused not-saved"} <= outcomes


def test_an_error_while_a_file_with_two_names_is_rewritten(
    tmp_path: Path, free: SimpleQueue[Nursery]
) -> None:
    for call, root, outcome in struck(free, tmp_path, two_names, "error=EIO"):
        where = f"{call}: {outcome}"
        assert outcome == "saved" or outcome.startswith("refused "), where
        assert (root / "x.md").read_bytes() == (NEW if outcome == "saved" else OLD), where
        assert root.with_suffix(".md").samefile(root / "x.md"), where
        assert files(root).keys() == {"x.md", *hidden(root)}, where
        check_left(root, call)
        assert (call.name, outcome) != ("fsync", "saved"), where


def test_killed_while_a_file_is_made(tmp_path: Path, free: SimpleQueue[Nursery]) -> None:
    seen = set()
    for call, root, outcome in struck(free, tmp_path, new, "signal=SIGKILL"):
        assert outcome == "", call
        visible = {path: data for path, data in files(root).items() if path not in hidden(root)}
        assert visible in ({}, {"a/b/x.md": b"- [ ] new\n"}), call
        seen.add(bool(visible))
    assert seen == {False, True}


def test_an_error_while_a_file_is_made(tmp_path: Path, free: SimpleQueue[Nursery]) -> None:
    for call, root, outcome in struck(free, tmp_path, new, "error=EIO"):
        where = f"{call}: {outcome}"
        assert outcome == "saved" or outcome.startswith("refused "), where
        made = {path: data for path, data in files(root).items() if path not in hidden(root)}
        assert made in ({}, {"a/b/x.md": b"- [ ] new\n"}), where
        assert bool(made) == (outcome == "saved"), where
        assert not hidden(root) or call.name == "unlinkat", where


def test_killed_while_the_words_that_a_kill_has_left_are_brought_to_light(
    tmp_path: Path, free: SimpleQueue[Nursery]
) -> None:
    for call, root, outcome in struck(free, tmp_path, after_a_kill, "signal=SIGKILL"):
        assert outcome == "", call
        assert WORDS in files(root).values(), call
        assert (root / "x.md").read_bytes() in (OLD, NEW), call
        rewrite(root, "x.md", lambda data: data + MORE)
        rescued = {path: data for path, data in files(root).items() if RESCUE_MARK in path}
        assert list(rescued.values()) == [WORDS], call
        assert files(root).keys() == {"x.md", *rescued}, call
