"""What a write leaves behind, and what it refuses."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tldash.storage import linux
from tldash.storage.directory import Place
from tldash.storage.linux import Lease
from tldash.storage.walk import is_ignored
from tldash.storage.write import Rewritten, WriteRefused, create, remove, rename, rewrite

OLD = b"- [ ] tick me\r\nand a line without an end"
NEW = b"- [x] tick me due:2026-11-20\r\nand a line without an end"


def tick(data: bytes) -> bytes:
    return data.replace(b"- [ ] tick me", b"- [x] tick me due:2026-11-20")


def refused(root: Path, path: str) -> WriteRefused:
    with pytest.raises(WriteRefused) as caught:
        rewrite(root, path, tick)
    return caught.value


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "ada" / "x.md"
    file.parent.mkdir()
    file.write_bytes(OLD)
    return file


def alone(file: Path) -> bool:
    return os.listdir(file.parent) == [file.name]  # noqa: PTH208


def test_the_change_and_nothing_else(tmp_path: Path, file: Path) -> None:
    assert rewrite(tmp_path, "ada/x.md", tick) == Rewritten(OLD, NEW)
    assert file.read_bytes() == NEW
    assert alone(file)


def state_of(file: Path) -> tuple[int, ...]:
    """Return what a write changes about a file; reading sets the time of the last access."""
    found = file.stat()
    return found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def test_no_change_is_no_write(tmp_path: Path, file: Path) -> None:
    before = state_of(file)
    file.parent.chmod(0o500)
    assert rewrite(tmp_path, "ada/x.md", lambda data: data) == Rewritten(OLD, OLD)
    file.parent.chmod(0o700)
    assert state_of(file) == before


def test_a_refusal_of_the_change_passes_through(tmp_path: Path, file: Path) -> None:
    class Mine(Exception):
        pass

    def refuse(data: bytes) -> bytes:
        raise Mine

    before = state_of(file)
    with pytest.raises(Mine):
        rewrite(tmp_path, "ada/x.md", refuse)
    assert (state_of(file), file.read_bytes(), alone(file)) == (before, OLD, True)


@pytest.mark.parametrize("mode", [0o640, 0o600, 0o664, 0o4755])
def test_mode_and_attributes_stay(tmp_path: Path, file: Path, mode: int) -> None:
    file.chmod(mode)
    os.setxattr(file, "user.tag", b"blue")
    before = file.stat()
    rewrite(tmp_path, "ada/x.md", tick)
    after = file.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )
    assert os.getxattr(file, "user.tag") == b"blue"
    assert file.read_bytes() == NEW


def test_what_a_new_file_could_not_be_given_stays_because_the_old_file_does(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.setxattr(file, "user.tag", b"blue")

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "setxattr", denied)
    inode = file.stat().st_ino
    rewrite(tmp_path, "ada/x.md", tick)
    assert file.stat().st_ino == inode
    assert os.getxattr(file, "user.tag") == b"blue"
    assert (file.read_bytes(), alone(file)) == (NEW, True)


@pytest.mark.parametrize("absolute", [False, True])
def test_a_link_inside_stays_a_link(tmp_path: Path, file: Path, absolute: bool) -> None:
    link = tmp_path / "link.md"
    link.symlink_to(file if absolute else "ada/x.md")
    rewrite(tmp_path, "link.md", tick)
    assert link.is_symlink()
    assert not file.is_symlink()
    assert file.read_bytes() == NEW


def test_hard_links_stay_one_file(tmp_path: Path, file: Path) -> None:
    other = tmp_path / "y.md"
    other.hardlink_to(file)
    rewrite(tmp_path, "ada/x.md", tick)
    assert (file.read_bytes(), other.read_bytes()) == (NEW, NEW)
    assert file.samefile(other)
    rewrite(tmp_path, "ada/x.md", lambda data: data[:5])
    assert (other.read_bytes(), alone(file)) == (NEW[:5], True)


@pytest.mark.parametrize(
    "path", ["../x.md", "/etc/hostname", "ada/../../x.md", "", "a\0.md", "out.md", "folder/x.md"]
)
def test_nothing_outside_is_written(tmp_path: Path, path: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.md").write_bytes(OLD)
    (tmp_path / "x.md").write_bytes(OLD)
    root = tmp_path / "root"
    root.mkdir()
    (root / "out.md").symlink_to("../x.md")
    (root / "folder").symlink_to("../outside")
    assert refused(root, path).code == "link-outside"
    with pytest.raises(WriteRefused):
        create(root, path if path != "out.md" else "folder/new.md", b"")
    assert (tmp_path / "x.md").read_bytes() == (outside / "x.md").read_bytes() == OLD
    assert sorted(os.listdir(tmp_path)) == ["outside", "root", "x.md"]  # noqa: PTH208


def test_a_missing_file_is_not_made(tmp_path: Path, file: Path) -> None:
    assert refused(tmp_path, "ada/y.md").code == "gone"
    assert refused(tmp_path, "bob/y.md").code == "gone"
    assert refused(tmp_path / "nowhere", "y.md").code == "gone"
    assert alone(file)


def test_what_is_no_file_or_too_large_is_refused(tmp_path: Path, file: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "huge.md").touch()
    os.truncate(tmp_path / "huge.md", 1 << 30)
    assert refused(tmp_path, "pipe.md").code == "not-a-file"
    assert refused(tmp_path, "folder.md").code == "not-a-file"
    assert refused(tmp_path, "huge.md").code == "too-large"


def test_a_file_or_folder_that_may_only_be_read(tmp_path: Path, file: Path) -> None:
    file.chmod(0o444)
    assert refused(tmp_path, "ada/x.md").code == "read-only"
    file.chmod(0o644)
    file.parent.chmod(0o555)
    assert refused(tmp_path, "ada/x.md").code == "read-only"
    file.parent.chmod(0o755)
    assert (file.read_bytes(), alone(file)) == (OLD, True)


@pytest.mark.parametrize(
    ("call", "error", "code"),
    [
        ("write", errno.ENOSPC, "full"),
        ("write", errno.EDQUOT, "full"),
        ("fsync", errno.EIO, "not-saved"),
        ("replace", errno.EACCES, "permission"),
    ],
)
def test_an_error_on_the_way_leaves_the_old_file_alone(
    file: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: int, code: str
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    with monkeypatch.context() as patched:
        patched.setattr(os, call, failing)
        refusal = refused(file.parent, "x.md")
    assert refusal.code == code
    assert refusal.message
    assert (file.read_bytes(), alone(file)) == (OLD, True)


def test_an_error_from_the_last_sync_puts_the_old_file_back(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inode = file.stat().st_ino
    real = os.fsync

    def failing(fd: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{fd}"):  # noqa: PTH112
            raise OSError(errno.EIO, "Input/output error")
        real(fd)

    monkeypatch.setattr(os, "fsync", failing)
    assert refused(tmp_path, "ada/x.md").code == "not-saved"
    assert (file.read_bytes(), file.stat().st_ino, alone(file)) == (OLD, inode, True)


def test_a_failed_rewrite_in_place_restores_the_old_bytes(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "y.md").hardlink_to(file)
    inode = file.stat().st_ino
    real = os.write
    failed = []

    def short(fd: int, data: bytes) -> int:
        if os.fstat(fd).st_ino != inode or len(failed) == 2:
            return real(fd, data)
        failed.append(fd)
        if len(failed) == 1:
            return real(fd, data[:3])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", short)
    assert refused(tmp_path, "ada/x.md").code == "full"
    assert (file.read_bytes(), alone(file)) == (OLD, True)


def test_where_names_cannot_be_exchanged_nor_files_leased(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_: object) -> None:
        raise linux.Unavailable

    monkeypatch.setattr(linux, "exchange", unavailable)
    monkeypatch.setattr(linux, "rename_new", unavailable)
    monkeypatch.setattr(linux, "request_lease", lambda fd, write=False: Lease.NONE)
    rewrite(tmp_path, "ada/x.md", tick)
    assert (file.read_bytes(), alone(file)) == (NEW, True)
    create(tmp_path, "ada/y.md", b"new")
    with pytest.raises(WriteRefused):
        create(tmp_path, "ada/y.md", b"newer")
    assert (file.parent / "y.md").read_bytes() == b"new"
    assert len(os.listdir(file.parent)) == 2  # noqa: PTH208


def test_somebody_who_keeps_the_file_open_for_writing(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tldash.storage.write.PATIENCE", 0.05)
    with file.open("ab") as other:
        assert refused(tmp_path, "ada/x.md").code == "busy"
        other.write(b"!")
    assert (file.read_bytes(), alone(file)) == (OLD + b"!", True)
    with file.open("rb"):
        rewrite(tmp_path, "ada/x.md", tick)
    assert file.read_bytes() == NEW + b"!"


def count(data: bytes) -> bytes:
    return b"%d" % (int(data) + 1)


COUNT = """
import sys
from pathlib import Path
from tldash.storage.write import rewrite
for _ in range(50):
    rewrite(Path(sys.argv[1]), "x.md", lambda data: b"%d" % (int(data) + 1))
"""


def test_writers_in_threads_and_processes_wait_for_each_other(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_bytes(b"0")
    others = [
        subprocess.Popen(
            [sys.executable, "-c", COUNT, str(tmp_path)],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        )
        for _ in range(2)
    ]
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(rewrite, tmp_path, "x.md", count) for _ in range(50)]:
            assert done.result().rescued == ()
    assert [other.wait(30) for other in others] == [0, 0]
    assert (tmp_path / "x.md").read_bytes() == b"150"
    assert os.listdir(tmp_path) == ["x.md"]  # noqa: PTH208


def dead_process() -> int:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    return process.pid


@pytest.mark.parametrize(
    ("kind", "content", "kept"),
    [
        ("part", b"half of", False),
        ("swap", OLD, False),
        ("swap", NEW, False),
        ("swap", b"somebody's words", True),
        ("journal", NEW, False),
    ],
)
def test_what_a_killed_process_left_is_cleared_unless_it_is_somebodys(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    content: bytes,
    kept: bool,
) -> None:
    from tldash.storage import draft

    with monkeypatch.context() as patched:
        patched.setattr(os, "getpid", dead_process)
        name = draft.temporary_name(kind, "x.md", OLD, NEW)
    assert is_ignored(name)
    (file.parent / name).write_bytes(content)
    living = draft.temporary_name(kind, "x.md", OLD, NEW)
    (file.parent / living).write_bytes(content)
    result = rewrite(file.parent, "x.md", tick)
    assert file.read_bytes() == NEW
    assert not (file.parent / name).exists()
    assert (file.parent / living).exists()
    assert result.rescued == (("x.tldash-rescue-1.md",) if kept else ())
    for path in result.rescued:
        assert (file.parent / path).read_bytes() == content


def test_a_file_torn_by_a_kill_gives_its_complete_copy_a_visible_name(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tldash.storage import draft

    with monkeypatch.context() as patched:
        patched.setattr(os, "getpid", dead_process)
        name = draft.temporary_name("journal", "x.md", OLD, NEW)
    (file.parent / name).write_bytes(NEW)
    file.write_bytes(NEW[:20] + OLD[20:])
    result = rewrite(tmp_path, "ada/x.md", lambda data: data)
    assert [(tmp_path / path).read_bytes() for path in result.rescued] == [NEW]


def test_create_makes_folders_and_never_overwrites(tmp_path: Path) -> None:
    create(tmp_path, "ada/sessions/2026-11-03.md", b"one")
    with pytest.raises(WriteRefused) as caught:
        create(tmp_path, "ada/sessions/2026-11-03.md", b"two")
    assert caught.value.code == "exists"
    (tmp_path / "ada" / "dangling.md").symlink_to("nowhere.md")
    with pytest.raises(WriteRefused):
        create(tmp_path, "ada/dangling.md", b"two")
    with pytest.raises(WriteRefused):
        create(tmp_path, "ada/sessions/2026-11-03.md/x.md", b"two")
    folder = tmp_path / "ada" / "sessions"
    assert (folder / "2026-11-03.md").read_bytes() == b"one"
    assert os.listdir(folder) == ["2026-11-03.md"]  # noqa: PTH208
    umask = os.umask(0)
    os.umask(umask)
    assert (folder / "2026-11-03.md").stat().st_mode & 0o777 == 0o666 & ~umask


@pytest.mark.parametrize("when", ["mkdir", "open", "write"])
def test_create_leaves_no_folder_behind_when_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    (tmp_path / "ada").mkdir()
    real = getattr(os, when)

    def full(*args: object, **more: object) -> object:
        if when == "write" or str(args[0]).startswith(("sessions", ".tldash-")):
            raise OSError(errno.ENOSPC, "no room")
        return real(*args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(os, when, full)
        with pytest.raises(WriteRefused) as caught:
            create(tmp_path, "ada/2026/sessions/x.md", b"new")
    assert caught.value.code == "full"
    assert list(tmp_path.rglob("*")) == [tmp_path / "ada"]
    create(tmp_path, "ada/2026/sessions/x.md", b"new")
    with pytest.raises(WriteRefused):
        create(tmp_path, "ada/2026/sessions/x.md", b"newer")
    with pytest.raises(WriteRefused):
        create(tmp_path, "ada/2026/sessions/x.md/y.md", b"new")
    assert (tmp_path / "ada/2026/sessions/x.md").read_bytes() == b"new"


def test_create_keeps_a_new_folder_that_somebody_else_uses_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(_: int) -> None:
        (tmp_path / "ada/sessions/theirs.md").write_bytes(b"theirs")
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(WriteRefused):
        create(tmp_path, "ada/sessions/x.md", b"ours")
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert found == [tmp_path / "ada/sessions/theirs.md"]


def test_create_loses_to_whoever_was_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def meanwhile(fd: int) -> None:
        (tmp_path / "x.md").write_bytes(b"theirs")
        real(fd)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(WriteRefused) as caught:
        create(tmp_path, "x.md", b"ours")
    assert caught.value.code == "exists"
    assert (tmp_path / "x.md").read_bytes() == b"theirs"
    assert os.listdir(tmp_path) == ["x.md"]  # noqa: PTH208


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(WriteRefused) as caught:
        call()
    return caught.value.code


def test_remove_removes_exactly_what_was_created(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    assert create(tmp_path, "ada/2026/sessions/x.md", NEW) == 2
    file = tmp_path / "ada/2026/sessions/x.md"
    assert code_of(lambda: remove(tmp_path, "ada/2026/sessions/x.md", OLD, 2)) == "changed"
    assert file.read_bytes() == NEW
    assert alone(file)
    remove(tmp_path, "ada/2026/sessions/x.md", NEW, 2)
    assert list(tmp_path.rglob("*")) == [tmp_path / "ada"]
    assert code_of(lambda: remove(tmp_path, "ada/x.md", NEW, 9)) == "gone"
    assert create(tmp_path, "ada/sessions/x.md", NEW) == 1
    (tmp_path / "ada/sessions/theirs").write_bytes(b"")
    remove(tmp_path, "ada/sessions/x.md", NEW, 1)
    assert [path.name for path in (tmp_path / "ada/sessions").iterdir()] == ["theirs"]


def test_neither_remove_nor_rename_follows_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_bytes(NEW)
    root = tmp_path / "root"
    root.mkdir()
    (root / "link.md").symlink_to(outside)
    (root / "folder.md").mkdir()
    assert code_of(lambda: remove(root, "link.md", NEW)) == "not-a-file"
    assert code_of(lambda: remove(root, "../outside.md", NEW)) == "link-outside"
    assert code_of(lambda: rename(root, "../outside.md", "../x.md")) == "link-outside"
    assert code_of(lambda: rename(root, "link.md", "sub/link.md")) == "link-outside"
    assert code_of(lambda: rename(root, "folder.md", "other.md")) == "not-a-file"
    rename(root, "link.md", "moved.md")
    assert (root / "moved.md").readlink() == outside
    assert outside.read_bytes() == NEW


def test_rename_never_replaces(tmp_path: Path, file: Path) -> None:
    (file.parent / "y.md").write_bytes(NEW)
    (file.parent / "z.md").symlink_to("nowhere")
    for name in ("y.md", "z.md"):
        assert code_of(lambda name=name: rename(tmp_path, "ada/x.md", f"ada/{name}")) == "exists"
    assert code_of(lambda: rename(tmp_path, "ada/none.md", "ada/new.md")) == "gone"
    assert (file.read_bytes(), (file.parent / "y.md").read_bytes()) == (OLD, NEW)
    rename(tmp_path, "ada/x.md", "ada/new.md")
    assert (file.parent / "new.md").read_bytes() == OLD
    assert not file.exists()


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_is_read_only_is_neither_removed_nor_renamed(
    tmp_path: Path, file: Path, what: str
) -> None:
    subject = file if what == "file" else file.parent
    mode = subject.stat().st_mode
    subject.chmod(mode & ~0o222)
    try:
        assert code_of(lambda: remove(tmp_path, "ada/x.md", OLD)) == "read-only"
        assert code_of(lambda: rename(tmp_path, "ada/x.md", "ada/y.md")) == "read-only"
    finally:
        subject.chmod(mode)
    assert (file.read_bytes(), alone(file)) == (OLD, True)


@pytest.mark.parametrize("again", [False, True])
def test_a_file_that_is_replaced_while_it_is_removed_stays(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    """Another program saves just before the name is taken away, and perhaps just after it."""
    real = linux.rename_new

    def meanwhile(folder: int, old: str, new: str) -> None:
        if old == "x.md":
            (file.parent / "theirs.part").write_bytes(NEW)
            (file.parent / "theirs.part").replace(file)
        real(folder, old, new)
        if old == "x.md" and again:
            file.write_bytes(b"even newer")

    monkeypatch.setattr(linux, "rename_new", meanwhile)
    with pytest.raises(WriteRefused) as caught:
        remove(tmp_path, "ada/x.md", OLD)
    assert caught.value.code == "changed"
    kept = [(tmp_path / path).read_bytes() for path in caught.value.rescued]
    assert [file.read_bytes(), *kept] == ([b"even newer", NEW] if again else [NEW])


def test_a_rename_that_was_cut_short_between_two_calls_is_completed(
    tmp_path: Path, file: Path
) -> None:
    """Where one system call cannot do it, a crash may leave both names."""
    os.link(file, file.parent / "y.md")
    rename(tmp_path, "ada/x.md", "ada/y.md")
    assert [path.name for path in file.parent.iterdir()] == ["y.md"]
    assert (file.parent / "y.md").read_bytes() == OLD


def test_a_removal_that_was_cut_short_is_completed_by_the_next_write(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is hidden already; nobody else has its content under that name."""
    (file.parent / "y.md").write_bytes(OLD)
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(Place, "remove", lambda *_: os._exit(0))
        remove(tmp_path, "ada/x.md", OLD)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert not file.exists()
    assert len(os.listdir(file.parent)) == 2  # noqa: PTH208
    rewrite(tmp_path, "ada/y.md", tick)
    assert [path.name for path in file.parent.iterdir()] == ["y.md"]
