"""Find what in a folder has changed since the last commit, and what may be committed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tldash.formats.private_text import Guard, find_in_name
from tldash.formats.text import find_conflict
from tldash.history.git_history import GitHistory
from tldash.history.git_objects import TreeEntry
from tldash.model.dates import pluralize
from tldash.model.frozen import frozen
from tldash.model.records import Problem
from tldash.storage.filenames import find_original, is_ignored
from tldash.storage.safe_open import WRITER_PATIENCE, Unreadable, is_being_written, read_bytes
from tldash.storage.walk import Tree, printable, walk
from tldash.sync.failure import SyncFailed
from tldash.sync.git import Git
from tldash.sync.trees import (
    find_entry,
    find_inside,
    is_link,
    is_readable_name,
    name_blob,
)
from tldash.workspace.name_check import check_data

FILE: Final = 0o100644
"""The mode of a new file."""
GRACE: Final = 0.1
"""Seconds to wait for a file that is missing, before it counts as removed."""
_SHOWN: Final = 3
"""Places that a sentence lists."""
_UNMERGED: Final = ("DD", "AU", "UD", "UA", "DU", "AA", "UU")


@frozen
class ChangedFile:
    """A file to commit."""

    path: str
    """Relative to the top of the work tree."""
    inside: str
    """Relative to the folder."""
    data: bytes | None
    """None if it was removed."""
    before: TreeEntry | None
    """What the last commit has; None if the file is new."""

    @property
    def mode(self) -> int:
        return self.before.mode if self.before is not None and self.before.is_file else FILE


@frozen
class Changes:
    """What has changed in a folder."""

    files: tuple[ChangedFile, ...]
    left_out: tuple[str, ...]
    """Paths below the folder that have changed and are not committed."""
    unmerged: tuple[str, ...] = ()
    """Paths of files from both sides, relative to the top, as the index has them."""


def find_changes(git: Git, history: GitHistory, tree: str | None, folder: Path) -> Changes:
    """Return what has changed in a folder since the commit with a tree. Raises SyncFailed.

    Only Markdown and YAML files that tldash reads are committed: no temporary file, no copy of a
    sync tool, no link, and none that another program is writing.
    """
    prefix = "".join(f"{part}/" for part in history.inside)
    listed = [*_list_changed(git, "/".join(history.inside) or ".")]
    walked = walk(folder)
    if walked.root is None:
        raise SyncFailed("unsupported", f"{folder} is gone, so nothing was committed")
    files: list[ChangedFile] = []
    left_out: list[str] = []
    for _, path in listed:
        inside = find_inside(path, prefix)
        before = find_entry(history, tree, path)
        found = _read_changed(folder, path, inside, before, walked)
        if found is None:
            left_out += [inside] if not any(map(is_ignored, inside.split("/"))) else []
        elif found.data is None or before is None or name_blob(found.data) != before.id:
            files.append(found)
    unmerged = tuple(path for status, path in listed if status in _UNMERGED)
    return Changes(tuple(files), tuple(left_out), unmerged)


def _list_changed(git: Git, folder: str) -> Iterator[tuple[str, str]]:
    """Yield the status and the path of each file that is not as in HEAD."""
    listed = git.run(
        "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames",
        "--ignore-submodules=all", "--", folder,
    )  # fmt: skip
    if listed.code:
        raise SyncFailed("git", f"git status failed: {listed.errors.strip()[:200]}")
    for entry in listed.data.decode("utf-8", "surrogateescape").split("\0"):
        if entry:
            yield entry[:2], entry[3:]


def _read_changed(
    folder: Path, path: str, inside: str, before: TreeEntry | None, walked: Tree
) -> ChangedFile | None:
    """Return a file to commit; None if it is left out."""
    if not is_readable_name(inside) or is_link(folder, inside):
        return None
    if not _exists(folder / inside):
        is_file = before is not None and before.is_file
        return ChangedFile(path, inside, None, before) if is_file else None
    known = inside in walked.files or inside in walked.aliases
    if not known or find_original(inside, walked.files) is not None:
        return None
    if is_being_written(folder, inside, WRITER_PATIENCE):
        return None
    try:
        data = read_bytes(folder, inside)
    except Unreadable:
        return None
    return ChangedFile(path, inside, data, before)


def _exists(file: Path) -> bool:
    """Whether there is a file now or soon: some editors rename it before they write a new one."""
    if not file.exists():
        time.sleep(GRACE)
    return file.exists()


def check_markers(changes: Changes, history: GitHistory) -> None:
    """Raise SyncFailed if a file has conflict markers in it that the last commit does not have."""
    found = []
    for file in changes.files:
        line = _find_marker(file.data)
        before = history.read(file.before.id) if line is not None and file.before else None
        if line is not None and _find_marker(before) is None:
            found.append(f"{printable(file.inside)}:{line}")
    if found:
        raise SyncFailed("conflict", describe_conflicts(found))


def _find_marker(data: bytes | None) -> int | None:
    return find_conflict(data.decode("utf-8", "replace")) if data is not None else None


def describe_conflicts(places: Iterable[str]) -> str:
    """Return the sentence about files in which both sides changed the same."""
    found = [*places]
    return (
        f"both sides changed the same in {pluralize(len(found), 'file')}: {_list(found)}. "
        "Choose in the dashboard with g c, or remove the marker lines, and sync again. "
        "git merge --abort goes back."
    )


def _list(found: list[str]) -> str:
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + more


def check_private(changes: Changes, guard: Guard | None) -> None:
    """Raise SyncFailed if a file has names in it that the viewer keeps private."""
    if guard is None:
        return
    found = sorted(one for file in changes.files for one in _find_private(file, guard))
    if found:
        places = [f"{printable(one.path)}:{one.line}:{one.column}" for one in found]
        number = pluralize(len(found), "name or contact", "names or contacts")
        raise SyncFailed(
            "private",
            f"{number} of others would be shared: {_list(places)}. Nothing was committed. Run "
            "tldash check --private --fix, or change them by hand, and sync again.",
        )


def _find_private(file: ChangedFile, guard: Guard) -> Iterator[Problem]:
    if file.data is None:
        return
    yield from check_data(file.data, printable(file.inside), guard)
    if file.before is None:
        parts = file.inside.split("/")
        for count in range(len(parts)):
            yield from find_in_name(printable("/".join(parts[: count + 1])), guard)
