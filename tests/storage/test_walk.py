"""What a walk lists and what it says about the rest; reading that cannot hang or leave."""

from __future__ import annotations

import os
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from tldash.storage import linux
from tldash.storage.safe_open import is_contained
from tldash.storage.walk import Unreadable, read_bytes, walk


def put(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("- [ ] x\n")


def codes(root: Path) -> dict[str, str]:
    return {problem.path: problem.code for problem in walk(root).problems}


def test_lists_what_could_be_ours_in_order(tmp_path: Path) -> None:
    put(tmp_path, "b/x.md", "a/y.MD", "a/z.markdown", "a/q.yaml", "r.YML", "a/no.txt", "mdx")
    tree = walk(tmp_path)
    assert list(tree.files) == ["a/q.yaml", "a/y.MD", "a/z.markdown", "b/x.md", "r.YML"]
    assert tree.folders == ("", "a", "b")
    assert tree.problems == ()
    assert tree.root == (tmp_path.stat().st_dev, tmp_path.stat().st_ino)


def test_stamp_tells_an_edit_even_if_size_and_time_are_set_back(tmp_path: Path) -> None:
    put(tmp_path, "x.md")
    before = walk(tmp_path).files["x.md"]
    status = (tmp_path / "x.md").stat()
    (tmp_path / "x.md").write_text("- [x] x\n")
    os.utime(tmp_path / "x.md", ns=(status.st_atime_ns, status.st_mtime_ns))
    after = walk(tmp_path).files["x.md"]
    assert (before.size, before.mtime_ns) == (after.size, after.mtime_ns)
    assert before != after


def test_leftovers_of_other_programs_are_not_seen(tmp_path: Path) -> None:
    put(
        tmp_path,
        *("x.md", ".#x.md", ".hidden.md", ".git/x.md", ".obsidian/x.md", ".stversions/x.md"),
        *(".trash/x.md", "node_modules/x.md", "~$x.md", "~syncthing~x.md.tmp", "~SyncThing~x.md"),
        *(".syncthing.x.md.tmp", "x.md~", "x.md.swp", "4913", "#x.md#"),
    )
    (tmp_path / ".#lock.md").symlink_to("ada@host.1234")
    tree = walk(tmp_path)
    assert list(tree.files) == ["x.md"]
    assert tree.problems == ()


def test_reading_waits_for_somebody_who_is_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = Event()
    real = linux.request_lease

    def request(fd: int, *, write: bool = False) -> linux.Lease:
        answer = real(fd, write=write)
        if answer is linux.Lease.BUSY:
            refused.set()
        return answer

    monkeypatch.setattr(linux, "request_lease", request)
    with ThreadPoolExecutor(1) as pool:
        with (tmp_path / "x.md").open("w") as handle:
            handle.write("half")
            handle.flush()
            assert read_bytes(tmp_path, "x.md", patience=0.0) == b"half"
            refused.clear()
            reading = pool.submit(read_bytes, tmp_path, "x.md", patience=20.0)
            assert refused.wait(20)
            handle.write(" and the rest")
        assert reading.result() == b"half and the rest"


def test_what_is_no_file_is_a_problem_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    put(tmp_path, "folder.md/inner.md", "good.md")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.yaml"))
        assert codes(tmp_path) == dict.fromkeys(
            ("pipe.md", "folder.md", "socket.yaml"), "not-a-file"
        )
    assert list(walk(tmp_path).files) == ["good.md"]
    (tmp_path / "null.md").symlink_to("/dev/null")
    for name in ("pipe.md", "folder.md", "socket.yaml"):
        with pytest.raises(Unreadable) as caught:
            read_bytes(tmp_path, name)
        assert caught.value.code == "not-a-file"
    with pytest.raises(Unreadable, match="outside the folder"):
        read_bytes(tmp_path, "null.md")


def test_links_inside_are_followed_once_and_loops_end(tmp_path: Path) -> None:
    put(tmp_path, "ada/x.md", ".store/y.md", "z/w.md")
    (tmp_path / "ada/loop").symlink_to("..")
    (tmp_path / "ada/self").symlink_to("self")
    (tmp_path / "again").symlink_to("ada")
    (tmp_path / "kept").symlink_to(".store")
    (tmp_path / "ada/link.md").symlink_to("../z/w.md")
    (tmp_path / "one.md").symlink_to(tmp_path / ".store" / "y.md")
    tree = walk(tmp_path)
    assert list(tree.files) == ["ada/x.md", "kept/y.md", "z/w.md"]
    assert tree.aliases == {"ada/link.md": "z/w.md", "one.md": "kept/y.md"}
    assert read_bytes(tmp_path, "ada/link.md") == read_bytes(tmp_path, "one.md") == b"- [ ] x\n"


def test_a_file_with_several_names_is_listed_once_under_the_first(tmp_path: Path) -> None:
    put(tmp_path, "b/x.md", "alone.md", ".hidden/y.md")
    for name in ("a.md", "b/z.MD", "c.txt"):
        os.link(tmp_path / "b/x.md", tmp_path / name)
    os.link(tmp_path / ".hidden/y.md", tmp_path / "y.md")
    (tmp_path / "link.md").symlink_to("b/x.md")
    (tmp_path / "in").symlink_to(".hidden")
    tree = walk(tmp_path)
    assert list(tree.files) == ["a.md", "alone.md", "y.md"]
    assert tree.aliases == {
        **dict.fromkeys(("b/x.md", "b/z.MD", "link.md"), "a.md"),
        "in/y.md": "y.md",
    }
    (tmp_path / "a.md").unlink()
    tree = walk(tmp_path)
    assert list(tree.files) == ["alone.md", "b/x.md", "y.md"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada/Über.md", "ada/U\u0308ber.md"),
        ("ada/x.md", "ada/X.MD"),
        ("straße.md", "STRASSE.md"),
        ("\u1fb3\u0345.md", "\u0391\u0399\u0399.md"),
    ],
)
def test_names_that_not_every_system_can_tell_apart(tmp_path: Path, one: str, other: str) -> None:
    put(tmp_path, one, other, "ada/y.md", "bob/x.md", "bob/Über.md")
    tree = walk(tmp_path)
    assert {(p.path, p.code, p.severity) for p in tree.problems} == {
        (one, "twin-name", "warning"),
        (other, "twin-name", "warning"),
    }
    assert repr(other.rpartition("/")[2]) in next(p for p in tree.problems if p.path == one).message
    assert {one, other} < tree.files.keys()


def test_twin_folders_are_one_problem_each_whatever_is_in_them(tmp_path: Path) -> None:
    put(tmp_path, "Ada/x.md", "ada/x.md", "ada/y.md")
    assert codes(tmp_path) == {"Ada": "twin-name", "ada": "twin-name"}


def test_a_link_that_takes_the_place_of_a_folder_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the listing of a folder and a look into it, anybody may put a link there."""
    root = tmp_path / "root"
    put(tmp_path, "secret/x.md", "root/ada/ok.md")
    real = os.open

    def meanwhile(path: str, *args: int, **more: int) -> int:
        if str(path).endswith("/ada") and not (root / "ada").is_symlink():
            (root / "ada").rename(root / "was")
            (root / "ada").symlink_to(tmp_path / "secret")
        return real(path, *args, **more)

    monkeypatch.setattr(os, "open", meanwhile)
    tree = walk(root)
    assert (tree.files, tree.folders) == ({}, ("",))


def test_links_that_lead_out_are_one_problem_each(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(tmp_path, "secret/x.md", "root/ada/ok.md", "root-b/x.md")
    (root / "all").symlink_to("/")
    (root / "secret").symlink_to("../secret")
    (root / "twin").symlink_to(tmp_path / "root-b")
    (root / "ada/x.md").symlink_to("../../secret/x.md")
    (root / "ada/broken.md").symlink_to("nowhere.md")
    (root / "picture.png").symlink_to("/etc/hostname")
    assert codes(root) == {
        **dict.fromkeys(("all", "secret", "twin", "ada/x.md"), "link-outside"),
        "ada/broken.md": "link-broken",
    }
    assert list(walk(root).files) == ["ada/ok.md"]
    for path in ("secret/x.md", "twin/x.md", "ada/x.md", "all/etc/hostname"):
        with pytest.raises(Unreadable) as caught:
            read_bytes(root, path)
        assert caught.value.code == "link-outside"


def test_a_name_that_is_no_utf8_is_told_in_plain_text(tmp_path: Path) -> None:
    put(tmp_path, "good.md")
    bad = os.fsencode(tmp_path) + b"/caf\xe9.md"
    os.close(os.open(bad, os.O_CREAT | os.O_WRONLY))
    (tmp_path / "dir\udcff").mkdir()
    (tmp_path / "link\udcfe.md").symlink_to("good.md")
    tree = walk(tmp_path)
    assert list(tree.files) == ["good.md"]
    assert [(problem.path, problem.code) for problem in tree.problems] == [
        (r"caf\xe9.md", "bad-name"),
        (r"dir\xff", "bad-name"),
        (r"link\xfe.md", "bad-name"),
    ]
    for problem in tree.problems:
        problem.path.encode()
    with pytest.raises(Unreadable):
        read_bytes(tmp_path, "caf\udcff.md")


def test_limits_end_the_walk_and_say_so(tmp_path: Path) -> None:
    put(tmp_path, *(f"{folder}/{n}.md" for folder in "abc" for n in range(5)), "a/b/c/d/e.md")
    crowded = walk(tmp_path, entry_limit=7)
    assert len(crowded.files) <= 7
    assert [problem.code for problem in crowded.problems] == ["too-many-files"]
    deep = walk(tmp_path, depth_limit=3)
    assert [(p.path, p.code) for p in deep.problems] == [("a/b/c/d", "too-deep")]
    assert "c/4.md" in deep.files


def test_an_error_half_way_costs_one_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a/x.md", "b/y.md", "c/z.md")
    real = os.open

    def failing(path: str, flags: int, *more: int, **named: int) -> int:
        if str(path).endswith("/b"):
            raise OSError(5, "Input/output error")
        return real(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", failing)
    tree = walk(tmp_path)
    assert list(tree.files) == ["a/x.md", "c/z.md"]
    assert [(p.path, p.code) for p in tree.problems] == [("b", "folder-unreadable")]


def test_a_root_that_is_not_there_or_is_a_file(tmp_path: Path) -> None:
    put(tmp_path, "x.md")
    assert walk(tmp_path / "nowhere").root is None
    assert codes(tmp_path / "nowhere") == {".": "folder-gone"}
    assert codes(tmp_path / "x.md") == {".": "not-a-folder"}


@pytest.mark.parametrize("name", [".x.md.icloud", "x.md.nextcloud", "x.md.owncloud"])
def test_a_file_left_in_the_cloud_is_a_problem(tmp_path: Path, name: str) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / name).touch()
    assert codes(tmp_path) == {"ada/x.md": "not-downloaded"}


def test_reading_stops_at_the_limit(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_bytes(b"x" * 11)
    assert read_bytes(tmp_path, "x.md", 11) == b"x" * 11
    with pytest.raises(Unreadable) as caught:
        read_bytes(tmp_path, "x.md", 10)
    assert caught.value.code == "too-large"
    (tmp_path / "huge.md").touch()
    os.truncate(tmp_path / "huge.md", 1 << 40)
    with pytest.raises(Unreadable):
        read_bytes(tmp_path, "huge.md")


def test_a_file_that_grows_while_it_is_read_stops_at_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a network drive. A lease would make the other program wait."""
    monkeypatch.setattr(linux, "request_lease", lambda fd: linux.Lease.NONE)
    (tmp_path / "x.md").write_bytes(b"x")
    real = os.read

    def growing(fd: int, size: int) -> bytes:
        with (tmp_path / "x.md").open("ab") as file:
            file.write(b"x" * 100)
        return real(fd, size)

    monkeypatch.setattr(os, "read", growing)
    with pytest.raises(Unreadable) as caught:
        read_bytes(tmp_path, "x.md", 1000)
    assert caught.value.code == "too-large"


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../x.md", "a/../../x.md", "a//x.md", "./x.md", "a/\0.md", ".."]
)
def test_paths_that_climb_go_nowhere(tmp_path: Path, path: str) -> None:
    (tmp_path / "x.md").touch()
    (tmp_path / "root" / "a").mkdir(parents=True)
    assert not is_contained(path)
    with pytest.raises(Unreadable):
        read_bytes(tmp_path / "root", path)


def test_a_vanished_file_is_gone(tmp_path: Path) -> None:
    for path in ("x.md", "a/x.md"):
        with pytest.raises(Unreadable) as caught:
            read_bytes(tmp_path, path)
        assert caught.value.code == "gone"
