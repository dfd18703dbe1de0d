"""Tell whether a folder is kept apart from shared ones: on disk, and in git.

Nothing here runs git. Of a repository only `.git` files and `commondir` are read, each as one path.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from tldash.storage.safe_open import Unreadable, is_inside, read_bytes

_POINTER_LIMIT: Final = 64 * 1024
"""Bytes of a `.git` file or of `commondir`."""


def find_objection(folder: Path, shared: Iterable[Path]) -> str:
    """Return why files in a folder would be shared with these ones; empty if they would not be.

    Takes real paths. The folder need not exist.
    """
    for other in shared:
        if folder == other or _is_same(folder, other):
            return f"it is the shared folder {other}"
        if is_inside(str(folder), str(other)) or _is_below(folder, other):
            return f"it is inside the shared folder {other}"
        if is_inside(str(other), str(folder)) or _is_below(other, folder):
            return f"the shared folder {other} is inside it"
        repository = find_repository_folder(folder)
        if repository is not None and repository == find_repository_folder(other):
            return f"it is in the same git repository as {other}"
    return ""


def _is_same(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.samefile(other)
    return False


def _is_below(folder: Path, other: Path) -> bool:
    """Return whether a folder above is the same as `other`, by another path: a bind mount."""
    return any(_is_same(parent, other) for parent in folder.parents)


def find_work_tree(folder: Path) -> Path | None:
    """Return the top of the work tree around a folder, which need not exist."""
    tops = (top for top in (folder, *folder.parents) if os.path.lexists(top / ".git"))
    return next(tops, None)


def find_repository_folder(folder: Path) -> Path | None:
    """Return the real path of the repository around a folder, the same for linked work trees.

    It may lead anywhere, so only compare it.
    """
    top = find_work_tree(folder)
    if top is None:
        return None
    dot = top / ".git"
    own = Path(os.path.realpath(dot))
    if not dot.is_dir():
        own = _follow(top, ".git") or own
    return _follow(own, "commondir") or own


def _follow(base: Path, name: str) -> Path | None:
    """Return the real path that a file holds; None if there is none."""
    try:
        written = os.fsdecode(read_bytes(base, name, _POINTER_LIMIT, patience=0.0))
    except Unreadable:
        return None
    target = written.removeprefix("gitdir:").strip()
    if not target or "\0" in target:
        return None
    return Path(os.path.realpath(base / target))
