"""Find the git repository around a folder, and open its files without leaving it.

Nothing here runs git, and no setting of the repository has any effect: not its config, hooks,
filters, alternates, replace refs or grafts. Links are followed only inside the repository. The
rules for finding it are those of git (gitrepository-layout(5)), but a repository of another user is
not read, and a `.git` file or link may not lead away from the repository around it. Linked work
trees (`git worktree add`) are the exception. Git notes in the repository where each of them is, and
only a repository that names this very work tree is read.
"""

from __future__ import annotations

import os
import sys
import threading
import weakref
from pathlib import Path
from typing import Final

from tldash.model.frozen import frozen
from tldash.storage.safe_open import (
    Unreadable,
    describe_error,
    is_inside,
    list_names,
    open_regular,
    read_bytes,
)

_POINTER_LIMIT: Final = 64 * 1024
"""Bytes of a `.git` file or of `commondir`, each of which holds one path."""
_BARE: Final = (".git", ".bare")
"""The endings of the name of a repository with linked work trees: `.git`, `team.git`, `.bare`."""
_NAMES_LIMIT: Final = 10_000
"""Names in a folder of packs."""


class NoRepository(Exception):
    """There is no repository that may be read. The message says why, the hint what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@frozen
class Repository:
    """Where a folder has its repository. All paths are real paths."""

    inside: str
    """POSIX path of the folder relative to the top of the work tree; `""` is the top."""
    own: Path
    """The folder with HEAD."""
    shared: Path
    """The folder with objects and refs: `own`, unless this is a linked work tree."""


def find_repository(folder: Path) -> Repository:
    """Find the repository of a folder: in its `.git`, or that of a folder above it.

    The search ends at a folder of another owner than `folder` has.

    Args:
        folder: The real path of the folder.

    Raises:
        NoRepository: There is none, it belongs to another user, or it is elsewhere.
    """
    try:
        owner = folder.stat().st_uid
        for top in (folder, *folder.parents):
            if top.stat().st_uid != owner:
                break
            dot = top / ".git"
            if _is_repository(dot):
                _check_owner(dot, owner)
                return Repository(_relative(folder, top), dot, dot)
            if os.path.lexists(dot) and (dot.is_symlink() or not dot.is_dir()):
                return _follow(folder, top, owner)
    except OSError as error:
        raise NoRepository(f"its repository cannot be found: {describe_error(error)}") from error
    raise NoRepository(
        "it is not in a git repository", "Run git init in it to have a history from now on."
    )


def _is_repository(path: Path) -> bool:
    """Whether this is a real folder, not a link, with a HEAD."""
    return path.is_dir() and not path.is_symlink() and os.path.lexists(path / "HEAD")


def _relative(folder: Path, top: Path) -> str:
    inside = folder.relative_to(top).as_posix()
    return "" if inside == "." else inside


def _check_owner(path: Path, owner: int) -> None:
    """Raise NoRepository unless this belongs to the user, or to the owner of the folder."""
    if path.stat().st_uid not in (owner, _own_uid()):
        raise NoRepository("its git repository belongs to another user", "Ask its owner.")


def _own_uid() -> int:
    return os.geteuid() if sys.platform != "win32" else 0


def _follow(folder: Path, top: Path, owner: int) -> Repository:
    """Follow the `.git` file or link of `top`, as submodules and linked work trees have.

    The target must be below `top` or below the work tree of a repository around it, or a linked
    work tree's folder in the repository.
    """
    bounds = [top]
    for above in top.parents:
        if above.stat().st_uid != owner:
            break
        if _is_repository(above / ".git"):
            bounds.append(above)
            break
    linked_to = _find_linked(top, owner)
    if linked_to is not None:
        return Repository(_relative(folder, top), *linked_to)
    own = _target(top, ".git", bounds)
    linked = os.path.lexists(own / "commondir")
    shared = _target(own, "commondir", bounds) if linked else own
    if not _is_repository(own) or not shared.is_dir():
        raise NoRepository("its .git leads to no repository", "Run git status in it.")
    _check_owner(own, owner)
    _check_owner(shared, owner)
    return Repository(_relative(folder, top), own, shared)


def _target(base: Path, name: str, bounds: list[Path]) -> Path:
    """Return the real path to which the link or file `name` in `base` leads.

    A path that leads away is not even looked at. Raises NoRepository.
    """
    target = _read_pointer(base, name)
    if "\0" not in target and _is_within(target, bounds):
        target = os.path.realpath(target)
        if _is_within(target, bounds):
            return Path(target)
    raise NoRepository(
        "the history of a linked work tree is elsewhere",
        "Run git worktree repair in it, or open the same folder in the main work tree.",
    )


def _read_pointer(base: Path, name: str) -> str:
    """Return the absolute path that the link or file `name` in `base` has. Raises NoRepository."""
    try:
        if (base / name).is_symlink():
            written = os.readlink(base / name)  # noqa: PTH115
        else:
            written = os.fsdecode(read_bytes(base, name, _POINTER_LIMIT))
    except Unreadable as error:
        raise NoRepository(f"its .git file cannot be read: {error}") from error
    return os.path.normpath(base / written.removeprefix("gitdir:").strip())


def _find_linked(top: Path, owner: int) -> tuple[Path, Path] | None:
    """Return the folder of a linked work tree in its repository, and the repository.

    None unless the `.git` file of `top` names `REPOSITORY/worktrees/NAME`, and the repository leads
    back: its `gitdir` to `top`, its `commondir` to itself. Before that is known, only the owners of
    these folders and these two files are looked at.
    """
    if (top / ".git").is_symlink():
        return None
    own = Path(_read_pointer(top, ".git"))
    shared = own.parent.parent
    if "\0" in str(own) or own.parent.name != "worktrees" or not shared.name.endswith(_BARE):
        return None
    try:
        leads_back = _is_plain(own, shared, owner) and _names_work_tree(own, shared, top)
    except (NoRepository, OSError):
        return None
    return (own, shared) if leads_back else None


def _is_plain(own: Path, shared: Path, owner: int) -> bool:
    """Whether these are folders of the right owners, reached without a link. Raises OSError."""
    if Path(os.path.realpath(own)) != own or not (_is_repository(own) and shared.is_dir()):
        return False
    owners = {path.stat().st_uid for path in (own, shared)}
    return owners <= {owner, _own_uid()} and (shared / "objects").is_dir()


def _names_work_tree(own: Path, shared: Path, top: Path) -> bool:
    """Whether a repository names `top` as the work tree of `own`. Raises NoRepository."""
    back = Path(_read_pointer(own, "gitdir"))
    is_top = back.name == ".git" and os.path.realpath(back.parent) == str(top)
    return is_top and _read_pointer(own, "commondir") == str(shared)


def _is_within(path: str, bounds: list[Path]) -> bool:
    return any(is_inside(path, str(bound)) for bound in bounds)


class PartFile:
    """An open file of which parts are read. Closed when nothing refers to it any more.

    It stays readable after git has replaced or removed it.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._lock = threading.Lock()
        weakref.finalize(self, os.close, fd)
        self.size = os.fstat(fd).st_size

    def read(self, offset: int, size: int) -> bytes:
        """Read `size` bytes, fewer at the end of the file. Raises OSError."""
        if sys.platform != "win32":
            return os.pread(self._fd, size, offset)
        with self._lock:
            os.lseek(self._fd, offset, os.SEEK_SET)
            return os.read(self._fd, size)


class GitFiles:
    """The files of a repository. Paths are POSIX paths relative to the `.git` folder."""

    def __init__(self, repository: Repository) -> None:
        self._own = repository.own
        self._shared = repository.shared

    def read_own(self, path: str, limit: int) -> bytes | None:
        """Read a file of the work tree, such as HEAD. As `read`."""
        return _read(self._own, path, limit)

    def read(self, path: str, limit: int) -> bytes | None:
        """Read a file that all work trees share. None if there is none. Raises `Unreadable`."""
        return _read(self._shared, path, limit)

    def list(self, path: str) -> list[str]:
        """List the names in a folder, none if there is no such folder. Raises `Unreadable`."""
        try:
            return list_names(self._shared, path, _NAMES_LIMIT)
        except Unreadable as error:
            if error.code == "gone":
                return []
            raise

    def open(self, path: str) -> PartFile:
        """Open a file to read parts of it. Raises `Unreadable`."""
        return PartFile(open_regular(self._shared, path))


def _read(root: Path, path: str, limit: int) -> bytes | None:
    try:
        return read_bytes(root, path, limit, patience=0.0)
    except Unreadable as error:
        if error.code == "gone":
            return None
        raise
