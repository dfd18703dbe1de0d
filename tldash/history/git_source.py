"""A folder as a commit has it, as a source of files.

A walk treats it as it would treat a checkout: links are followed inside the folder, and submodules
are empty folders. Files are as git stores them, so no filter and no conversion of line endings
applies. A link that leads outside the repository is not looked up on the disk.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Final, NamedTuple

from tldash.history.git_history import GitHistory
from tldash.history.git_objects import Commit, TreeEntry
from tldash.history.git_packs import ObjectError
from tldash.model.frozen import frozen
from tldash.storage.safe_open import SIZE_LIMIT, WRITER_PATIENCE, Unreadable, check_length
from tldash.storage.source import SourceError
from tldash.storage.walk import Entry, Stamp, Status, Tree, make_stamp, walk_listing

_LINK_LIMIT: Final = 40
"""Links that are followed for one path, as on Linux."""
_TARGET_LIMIT: Final = 4096
"""Bytes of the target of a link."""


_Parts = tuple[str, ...]
"""The parts of an absolute path."""
_OUTSIDE: Final = TreeEntry("", stat.S_IFREG, "")


class _Status(NamedTuple):
    """A stat result. The inode is a number for each path."""

    st_mode: int
    st_ino: int
    st_dev: int = 0
    st_nlink: int = 1
    st_size: int = 0
    st_mtime_ns: int = 0
    st_ctime_ns: int = 0


@frozen
class _Listed:
    """A name in a folder, as os.scandir yields it."""

    name: str
    status: _Status

    def is_file(self, *, follow_symlinks: bool) -> bool:
        return stat.S_ISREG(self.status.st_mode)

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        return stat.S_ISDIR(self.status.st_mode)

    def is_symlink(self) -> bool:
        return stat.S_ISLNK(self.status.st_mode)

    def stat(self, *, follow_symlinks: bool) -> Status:
        return self.status


class GitSource:
    """The files of a folder in a commit. They never change."""

    def __init__(self, history: GitHistory, commit: Commit, root: Path) -> None:
        """Create a source from a commit that has the folder, whose real path is `root`."""
        self._history = history
        self._root = tuple(part for part in root.as_posix().split("/") if part)
        self._top = self._root[: len(self._root) - len(history.inside)]
        self._tree = TreeEntry("", stat.S_IFDIR, commit.tree)
        self._folders: dict[_Parts, dict[str, TreeEntry]] = {}
        self._inodes: dict[_Parts, int] = {}
        self._scanned: dict[str, tuple[_Parts, TreeEntry]] = {}
        """What `_locate` returned for the folders of the walk."""

    def walk(self) -> Tree:
        return walk_listing(self)

    def reader(self) -> AbstractContextManager[GitSource]:
        return nullcontext(self)

    def read(self, path: str, patience: float = WRITER_PATIENCE) -> bytes:
        try:
            real, entry = self._locate(path)
        except OSError:
            raise Unreadable("gone", "the file no longer exists") from None
        if not self._is_inside(real):
            raise Unreadable("link-outside", "the link leads outside the folder")
        if not stat.S_ISREG(entry.mode):
            raise Unreadable("not-a-file", "not a regular file", "rename or remove it")
        try:
            return self._history.read(entry.id)
        except ObjectError as error:
            if error.code == "too-large":
                check_length(SIZE_LIMIT + 1)
            raise to_source_error(error) from error

    def stamp(self, path: str) -> Stamp | None:
        try:
            real, entry = self._locate(path, follow=False)
        except OSError:
            return None
        return make_stamp(self._status(real, entry)) if stat.S_ISREG(entry.mode) else None

    def is_being_written(self, path: str, patience: float = 0.0) -> bool:
        return False

    # The listing for a walk

    def status(self) -> Status:
        """As `walk.Listing.status`."""
        return self._status(*self._locate(""))

    @contextmanager
    def scan(self, folder: str, *, follow: bool) -> Iterator[tuple[Status, Iterator[Entry]]]:
        """As `walk.Listing.scan`."""
        real, entry = self._scanned[folder] = self._locate(folder, follow=follow)
        names = self._children(real, entry)
        listed = (_Listed(one.name, self._status((*real, one.name), one)) for one in names.values())
        yield self._status(real, entry), listed

    def resolve(self, path: str) -> tuple[Status, bool]:
        """As `walk.Listing.resolve`. What is outside the repository counts as a file."""
        real, entry = self._locate(path)
        return self._status(real, entry), self._is_inside(real)

    def _is_inside(self, real: _Parts) -> bool:
        return real[: len(self._root)] == self._root

    def _status(self, real: _Parts, entry: TreeEntry) -> _Status:
        mode = stat.S_IFDIR if entry.is_submodule else entry.mode
        return _Status(mode, self._inodes.setdefault(real, len(self._inodes) + 1))

    def _children(self, real: _Parts, entry: TreeEntry) -> dict[str, TreeEntry]:
        """Return the entries of a folder by name, those of `entry` at the path `real`."""
        found = self._folders.get(real)
        if found is None:
            try:
                entries = self._history.tree(entry.id) if entry.is_tree else ()
            except ObjectError as error:
                raise to_source_error(error) from error
            found = self._folders[real] = {one.name: one for one in entries}
        return found

    def _target(self, link: TreeEntry) -> list[str]:
        """Return the parts of the target of a link; an absolute one starts with an empty part."""
        try:
            target = self._history.read(link.id, _TARGET_LIMIT)
        except ObjectError as error:
            if error.code == "too-large":
                raise _error(errno.ENAMETOOLONG) from None
            raise to_source_error(error) from error
        if not target or b"\0" in target:
            raise _error(errno.ENOENT)
        return target.decode("utf-8", "surrogateescape").split("/")

    def _locate(self, path: str, *, follow: bool = True) -> tuple[_Parts, TreeEntry]:
        """Resolve the links in a path: the absolute path without links, and what is there.

        With `follow`, the last name may be a link too. Outside of the repository everything counts
        as a file. Raises OSError.
        """
        # Nearly every path is a name in a folder that was scanned before.
        folder, _, name = path.rpartition("/")
        if name and (known := self._scanned.get(folder)) is not None:
            real, entry = known
            there = self._children(real, entry).get(name)
            if there is not None and not stat.S_ISLNK(there.mode):
                return (*real, name), there
        return self._resolve(path, follow=follow)

    def _resolve(self, path: str, *, follow: bool) -> tuple[_Parts, TreeEntry]:
        """Resolve a path from the top of the work tree, one name after the other."""
        at = _Position(self._top, self._tree)
        todo = [*path.split("/")[::-1], *self._root[: len(self._top) - 1 : -1]]
        links = 0
        while todo:
            part = todo.pop()
            if at.move(part):
                continue
            found = self._children(at.real, at.entry).get(part)
            if found is None:
                raise _error(errno.ENOENT)
            if stat.S_ISLNK(found.mode) and (todo or follow):
                links += 1
                if links > _LINK_LIMIT:
                    raise _error(errno.ELOOP)
                target = self._target(found)
                if not target[0]:
                    at.leave(())
                todo += target[::-1]
            else:
                at.enter(found)
        return at.real, at.entry


class _Position:
    """Where a path has led so far: to a folder or file of a commit, or outside the repository."""

    def __init__(self, top: _Parts, tree: TreeEntry) -> None:
        """Start at the top of the work tree, whose absolute path is `top`."""
        self._top = top
        self._entries = [tree]
        self.real = top
        """The absolute path, without links inside the repository."""

    @property
    def entry(self) -> TreeEntry:
        return self._entries[-1] if self._is_inside() else _OUTSIDE

    def _is_inside(self) -> bool:
        return self.real[: len(self._top)] == self._top

    def enter(self, entry: TreeEntry) -> None:
        """Go to an entry of this folder."""
        self._entries.append(entry)
        self.real = (*self.real, entry.name)

    def leave(self, real: _Parts) -> None:
        """Go to an absolute path that is not below the top of the work tree."""
        del self._entries[1:]
        self.real = real

    def move(self, part: str) -> bool:
        """Take one step, unless it has to be looked up in the commit: return False then."""
        inside = self._is_inside()
        if inside and not (self.entry.is_tree or self.entry.is_submodule):
            raise _error(errno.ENOTDIR)
        if part == ".." and len(self._entries) > 1:
            self._entries.pop()
            self.real = self.real[:-1]
        elif part == "..":
            self.leave(self.real[:-1])
        elif part not in ("", "."):
            if inside:
                return False
            self.real = (*self.real, part)
        return True


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def to_source_error(error: ObjectError) -> SourceError:
    """Return the error that a folder cannot be shown, with the way out."""
    hints = {
        "missing": "This may be a partial clone: run git fetch --refetch --no-filter in it.",
        "damaged": "Run git fsck in it.",
        "unsupported": "Run git gc in it.",
    }
    return SourceError(f"{error.message}. {hints.get(error.code, '')}".rstrip())
