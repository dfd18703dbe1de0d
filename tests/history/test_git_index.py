"""The index of a git repository, compared with git itself."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.git_repository import git, make_repository
from tests.support.records import write
from tldash.history.git_history import GitHistory
from tldash.history.git_index import StagedFile, parse_index, read_staged
from tldash.history.git_packs import ObjectError
from tldash.storage.git_files import find_repository

LONG = "a-long-name-" * 20
FILES = {
    **{f"ada/sessions/2026-{month:02}-01.md": f"{month}\n" for month in range(1, 13)},
    "ada/lead.md": "a\n",
    "ada.md": "b\n",
    f"ben/{LONG}/x.md": "c\n",
    f"ben/{LONG}/y.md": "d\n",
    "z.md": "e\n",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return write(make_repository(tmp_path / "repository"), FILES)


def staged(folder: Path, index: Path | None = None) -> list[str]:
    repository = find_repository(folder)
    return [one.path for one in read_staged(repository, GitHistory(repository), index)]


def changed(folder: Path) -> list[str]:
    """Return what git itself says is added or changed."""
    names = git(folder, "diff", "--cached", "--name-only", "-z", "--relative", "--diff-filter=d")
    return names.split("\0")[:-1]


@pytest.mark.parametrize("version", [2, 3, 4])
def test_what_is_staged_is_what_git_says(repository: Path, version: int) -> None:
    run = git
    run(repository, "add", "-A")
    run(repository, "update-index", "--index-version", str(version))
    assert staged(repository) == changed(repository)
    assert staged(repository) == sorted(FILES)
    run(repository, "commit", "-qm", "all")
    assert staged(repository) == []
    (repository / "ada/lead.md").write_text("other\n")
    (repository / f"ben/{LONG}/z ü.md").write_text("new\n")
    (repository / "z.md").unlink()
    (repository / "link.md").symlink_to("ada.md")
    (repository / "intended.md").write_text("i\n")
    run(repository, "add", "-A", ":!intended.md")
    run(repository, "add", "-N", "intended.md")
    run(repository, "update-index", "--skip-worktree", "ada.md")
    run(repository, "update-index", "--index-version", str(version))
    assert staged(repository) == ["ada/lead.md", f"ben/{LONG}/z ü.md", "link.md"]
    assert staged(repository) == changed(repository)
    assert staged(repository / "ada") == changed(repository / "ada") == ["lead.md"]


def test_the_content_is_that_of_the_index_not_of_the_folder(repository: Path) -> None:
    git(repository, "add", "ada.md")
    (repository / "ada.md").write_text("later\n")
    found = find_repository(repository)
    history = GitHistory(found)
    (one,) = read_staged(found, history)
    assert history.read(one.id) == b"b\n"


def test_all_sides_of_an_unresolved_merge(repository: Path) -> None:
    git(repository, "add", "-A")
    blobs = [
        git(repository, "hash-object", "-w", "--stdin", stdin=b"%d" % n).strip() for n in (1, 2)
    ]
    lines = "".join(f"100644 {blob} {stage}\tada.md\n" for stage, blob in enumerate(blobs, start=2))
    git(repository, "update-index", "--force-remove", "ada.md")
    git(repository, "update-index", "--index-info", stdin=lines.encode())
    assert staged(repository).count("ada.md") == 2


def test_the_index_that_a_hook_is_given(repository: Path) -> None:
    git(repository, "add", "ada.md")
    other = repository / ".git/next-index-1.lock"
    (repository / ".git/index").rename(other)
    git(repository, "add", "z.md")
    assert staged(repository) == ["z.md"]
    assert staged(repository, other) == ["ada.md"]
    with pytest.raises(ObjectError, match="not in the repository"):
        staged(repository, repository / "ada.md")


def test_indexes_that_are_refused(repository: Path) -> None:
    git(repository, "add", "-A")
    git(repository, "update-index", "--split-index")
    with pytest.raises(ObjectError, match="split index"):
        staged(repository)
    git(repository, "update-index", "--no-split-index")
    data = (repository / ".git/index").read_bytes()
    broken = bytearray(data)
    broken[100] ^= 1
    (repository / ".git/index").write_bytes(broken)
    with pytest.raises(ObjectError, match="another content"):
        staged(repository)
    (repository / ".git/index").unlink()
    assert staged(repository) == []


def signed(body: bytes) -> bytes:
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


@given(st.sampled_from([2, 3, 4]), st.integers(0, 4), st.binary(max_size=300))
def test_any_bytes_are_entries_or_refused(version: int, count: int, rest: bytes) -> None:
    head = b"DIRC" + version.to_bytes(4, "big") + count.to_bytes(4, "big")
    try:
        found = parse_index(signed(head + rest))
    except ObjectError as error:
        assert error.message
    else:
        assert all(isinstance(one, StagedFile) for one in found)


@pytest.mark.parametrize("path", ["../x.md", "/etc/x", ".", "a//b"])
def test_a_path_that_leads_outside_is_refused(path: str) -> None:
    entry = bytes(24) + (0o100644).to_bytes(4, "big") + bytes(12) + bytes(20) + b"\0\4"
    entry += path.encode() + b"\0"
    entry += bytes(-len(entry) % 8)
    with pytest.raises(ObjectError, match="no folder can have"):
        parse_index(signed(b"DIRC\0\0\0\2\0\0\0\1" + entry))
