"""Look up files in a commit, and tell which files of a work tree are those of the folder."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

from tldash.history.git_history import GitHistory
from tldash.history.git_objects import TreeEntry
from tldash.storage.filenames import is_ignored
from tldash.storage.walk import is_ours

NOTHING: str = "0" * 40
"""The name that stands for no object."""


def find_entry(history: GitHistory, tree: str | None, path: str) -> TreeEntry | None:
    """Return what a tree has at a path. Raises ObjectError."""
    if tree is None:
        return None
    folder, _, name = path.rpartition("/")
    below = history.subtree(tree, folder.split("/") if folder else ())
    if below is None:
        return None
    return next((one for one in history.tree(below) if one.name == name), None)


def is_file_or_nothing(entry: TreeEntry | None) -> bool:
    """Whether an entry is a regular file, or there is none."""
    return entry is None or stat.S_ISREG(entry.mode)


def name_blob(data: bytes) -> str:
    """Return the name that git gives to the content of a file."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def is_readable_name(inside: str) -> bool:
    """Whether tldash reads files with this path below the folder."""
    *folders, name = inside.split("/")
    return is_ours(name) and not any(map(is_ignored, folders))


def find_inside(path: str, prefix: str) -> str:
    """Return a path from the top of the work tree relative to the folder; empty if outside."""
    return path[len(prefix) :] if path.startswith(prefix) else ""


def is_link(folder: Path, inside: str) -> bool:
    """Whether a file, or a folder above it, is a symbolic link."""
    at = folder
    for part in inside.split("/"):
        at /= part
        if at.is_symlink():
            return True
    return False
