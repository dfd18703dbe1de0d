"""Find private words where they must not be: in files and names, git objects and system calls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.support.git_repository import git

_CALL = re.compile(r"^(?:\d+ +)?(?:<\.\.\. )?(\w+)(?:\(| resumed)")
READING = frozenset({"read", "pread64", "readv", "openat", "execve", "readlink"})
"""System calls that change nothing."""


def find_in_tree(top: Path, words: Sequence[str]) -> Iterator[str]:
    """Yield the files and folders below `top`, in hidden ones too, with one of the words."""
    for path in sorted(top.rglob("*")):
        name = path.relative_to(top).as_posix()
        data = path.read_bytes() if path.is_file() else b""
        if path.is_symlink():
            data = str(path.readlink()).encode()
        for word in words:
            if word in name or word.encode() in data:
                yield f"{path}: {word}"


def find_in_git(repository: Path, words: Sequence[str]) -> Iterator[str]:
    """Yield the words in any object of a repository: blobs, trees with names, and commits."""
    listed = git(repository, "cat-file", "--batch-all-objects", "--batch-check")
    trees = [line.split()[0] for line in listed.splitlines() if line.split()[1] == "tree"]
    names = "".join(git(repository, "ls-tree", "-r", "-t", tree) for tree in trees)
    shown = git(repository, "cat-file", "--batch-all-objects", "--batch")
    yield from (f"in {repository}: {word}" for word in words if word in names or word in shown)


def find_in_calls(log: str, places: Iterable[Path], words: Sequence[str]) -> Iterator[str]:
    """Yield the system calls of strace (with `-y`) that write one of the words into the places."""
    below = tuple(f"{place}" for place in places)
    for line in log.splitlines():
        call = _CALL.match(line)
        if call is None or call[1] in READING or not any(place in line for place in below):
            continue
        yield from (f"{line[:300]}: {word}" for word in words if word in line)
