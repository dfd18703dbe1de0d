"""Work on a file through the open file descriptor of its folder: locks, names, rescue copies.

All calls are relative to a dir_fd, so renaming a folder or putting a symbolic link in its place
cannot redirect a write.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tldash.model.frozen import frozen
from tldash.storage import linux
from tldash.storage.filenames import RESCUE_MARK
from tldash.storage.safe_open import PAUSE, is_contained, is_inside

if sys.platform != "win32":
    import fcntl

LOCK_PATIENCE: Final = 5.0
"""Seconds to wait for another tldash that is writing in the same folder."""

_RELATIVE: Final = os.open in os.supports_dir_fd
"""Whether the system has dir_fd. Windows does not."""
_EFFECTIVE: Final = os.access in os.supports_effective_ids
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
_FLAGS: Final = (
    getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
    | _NO_FOLLOW
)
_HELD: Final[dict[tuple[int, int] | str, threading.Lock]] = {}


class WriteRefused(Exception):
    """A write that did not happen. The file is as it was, or as another program wrote it.

    Codes: `gone`, `exists`, `changed`, `busy`, `link-outside`, `not-a-file`, `too-large`,
    `not-downloaded`, `read-only`, `permission`, `full`, `not-saved`. `rescued` has the paths
    (relative to the root) of copies that were kept because another program wrote at the same time.
    """

    def __init__(
        self, code: str, message: str, hint: str = "", rescued: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.rescued = rescued


@frozen
class Place:
    """A file name in an open folder. All calls are relative to its dir_fd."""

    folder: str
    """Real path of the folder."""
    within: str
    """Path of the folder relative to the root, `""` for the root."""
    name: str
    fd: int | None
    """The dir_fd of the folder; None if the system has none."""
    made: int = 0
    """The number of folders that were created for it, the innermost ones of its path."""

    def at(self, name: str) -> str:
        return name if self.fd is not None else f"{self.folder}{os.sep}{name}"

    def open(self, name: str, flags: int, mode: int = 0o600) -> int:
        return os.open(self.at(name), flags | _FLAGS, mode, dir_fd=self.fd)

    def status(self, name: str) -> os.stat_result:
        return os.stat(self.at(name), dir_fd=self.fd, follow_symlinks=False)

    def remove(self, name: str) -> None:
        os.unlink(self.at(name), dir_fd=self.fd)

    def replace(self, old: str, new: str) -> None:
        os.replace(self.at(old), self.at(new), src_dir_fd=self.fd, dst_dir_fd=self.fd)

    def exchange(self, one: str, other: str) -> None:
        if self.fd is None:
            raise linux.Unavailable
        linux.exchange(self.fd, one, other)

    def rename_new(self, old: str, new: str) -> None:
        """Rename, unless `new` exists: FileExistsError. Not atomic where no call does that."""
        if self.fd is not None:
            with suppress(linux.Unavailable):
                linux.rename_new(self.fd, old, new)
                return
        try:
            os.link(self.at(old), self.at(new), src_dir_fd=self.fd, dst_dir_fd=self.fd)
        except FileExistsError:
            raise
        except OSError:
            # No hard links either. On Windows rename never overwrites; elsewhere check first.
            with suppress(FileNotFoundError):
                self.status(new)
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new) from None
            os.rename(self.at(old), self.at(new), src_dir_fd=self.fd, dst_dir_fd=self.fd)
        else:
            self.remove(old)

    def sync(self) -> None:
        """Fsync the folder, so that its names survive a power failure. Skipped if unsupported."""
        if self.fd is None:
            return
        try:
            os.fsync(self.fd)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.EBADF, errno.ENOTSUP):
                raise

    def path(self, name: str) -> str:
        """Return the path of a name relative to the root."""
        return f"{self.within}/{name}" if self.within else name


@contextmanager
def locate(
    root: Path, path: str, *, make: bool = False, follow: bool = True, private: bool = False
) -> Iterator[Place]:
    """Open the real parent folder of a file, which must be inside `root`.

    Args:
        root: The opened folder.
        path: POSIX path of the file, relative to `root`.
        make: Create missing folders, and do not resolve the last name.
        follow: Follow a symbolic link to its target. If not, the last name is that of the link.
        private: Create folders that only the user can read.

    Raises:
        WriteRefused: The path leads outside `root`.
        OSError: The folder cannot be opened.
    """
    outside = WriteRefused(
        "link-outside", f"{path!r} leads outside the folder", "edit the file it leads to"
    )
    if not is_contained(path):
        raise outside
    real_root = os.path.realpath(root)
    if make or not follow:
        folder, _, last = path.rpartition("/")
        target = os.path.join(os.path.realpath(os.path.join(real_root, folder)), last)  # noqa: PTH118
    else:
        target = os.path.realpath(os.path.join(real_root, path))  # noqa: PTH118
    if not is_inside(target, real_root) or target == real_root:
        raise outside
    *within, name = Path(target).relative_to(real_root).parts
    made: list[int] = []
    fd = None
    try:
        fd = _open_folder(real_root, within, made if make else None, 0o700 if private else 0o777)
        new = sum(1 for depth, at in enumerate(made) if at == len(within) - len(made) + depth)
        yield Place(os.path.dirname(target), "/".join(within), name, fd, new)  # noqa: PTH120
    except BaseException:
        _remove_made(real_root, within, made)
        raise
    finally:
        if fd is not None:
            with suppress(OSError):
                os.close(fd)


def _open_folder(
    real_root: str, within: list[str], made: list[int] | None = None, mode: int = 0o777
) -> int | None:
    """Open a folder below the root, one level at a time and with O_NOFOLLOW.

    With `made`, creates missing folders with a `mode` and appends their depths to it.
    """
    if not _RELATIVE:
        if made is not None:
            for depth in range(len(within)):
                with suppress(FileExistsError):
                    Path(real_root, *within[: depth + 1]).mkdir(mode)
                    made.append(depth)
        return None
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    fd = os.open(real_root, flags)
    try:
        for depth, part in enumerate(within):
            if made is not None:
                with suppress(FileExistsError):
                    os.mkdir(part, mode, dir_fd=fd)
                    made.append(depth)
            below = os.open(part, flags | _NO_FOLLOW, dir_fd=fd)
            os.close(fd)
            fd = below
    except BaseException:
        os.close(fd)
        raise
    return fd


def _remove_made(real_root: str, within: list[str], made: list[int]) -> None:
    """Remove the folders that were created for a failed write, unless they are in use by now."""
    with suppress(OSError):
        for depth in reversed(made):
            fd = _open_folder(real_root, within[:depth])
            if fd is None:
                Path(real_root, *within[: depth + 1]).rmdir()
                continue
            try:
                os.rmdir(within[depth], dir_fd=fd)
            finally:
                os.close(fd)


def remove_empty(root: Path, place: Place, folders: int) -> None:
    """Remove so many folders of a file, from the innermost one on, unless they are in use."""
    within = place.within.split("/") if place.within else []
    first = max(len(within) - folders, 0)
    _remove_made(os.path.realpath(root), within, list(range(first, len(within))))


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Lock the folder against writes by other threads and by other tldash processes.

    Processes are kept apart with flock(2) on the folder itself, which leaves no lock file and works
    in a read-only folder. Raises `WriteRefused` (`busy`).
    """
    key: tuple[int, int] | str = place.folder
    if place.fd is not None:
        status = os.fstat(place.fd)
        key = (status.st_dev, status.st_ino)
    busy = WriteRefused("busy", "another tldash is writing in this folder", "try again in a moment")
    lock = _HELD.setdefault(key, threading.Lock())
    if not lock.acquire(timeout=LOCK_PATIENCE):
        raise busy
    try:
        if not _lock_folder(place):
            raise busy
        yield
    finally:
        if place.fd is not None:
            with suppress(OSError):
                fcntl.flock(place.fd, fcntl.LOCK_UN)
        lock.release()


def _lock_folder(place: Place) -> bool:
    if place.fd is None:
        return True
    until = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(place.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(PAUSE)
        except OSError:
            return True  # No locks on this file system. NFS has none on folders.
        else:
            return True


def check_writable(place: Place, status: os.stat_result) -> None:
    """Raise `WriteRefused` if the file or its folder is read-only, even for root."""
    writable = os.access(
        place.at(place.name),
        os.W_OK,
        dir_fd=place.fd,
        effective_ids=_EFFECTIVE,
    )
    if not stat.S_IMODE(status.st_mode) & 0o222 or not writable:
        raise WriteRefused("read-only", "the file is read-only", "run chmod u+w on it to edit it")
    if place.fd is not None and not stat.S_IMODE(os.fstat(place.fd).st_mode) & 0o222:
        raise WriteRefused(
            "read-only",
            "the folder of the file is read-only, so the file cannot be replaced safely",
            "run chmod u+w on the folder to edit the file",
        )


def rescue(place: Place, held: str, original: str) -> str:
    """Rename the file `held` to a visible rescue copy of `original`. Returns its path."""
    stem, dot, extension = original.rpartition(".")
    if not dot:
        stem, extension = original, ""
    stem = os.fsencode(stem)[:200].decode("utf-8", "ignore")
    number = 1
    while True:
        name = f"{stem}{RESCUE_MARK}{number}{dot}{extension}"
        try:
            place.rename_new(held, name)
        except FileExistsError:
            number += 1
        else:
            return place.path(name)


def to_refusal(error: OSError, rescued: tuple[str, ...] = ()) -> WriteRefused:
    """Convert an OSError of a write into a WriteRefused."""
    reason = error.strerror or error.__class__.__name__
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            what = ("gone", "the file no longer exists", "")
        case errno.ENOSPC | errno.EDQUOT:
            what = ("full", f"nothing was saved: {reason}", "free some space, then try again")
        case errno.EROFS:
            what = ("read-only", "the disk is mounted read-only", "remount it to edit the file")
        case errno.EACCES | errno.EPERM:
            what = (
                "permission",
                f"nothing was saved: {reason}",
                "ask the owner for write permission",
            )
        case errno.ELOOP | errno.ENXIO | errno.EISDIR:
            what = ("not-a-file", f"not a regular file: {reason}", "rename or remove it")
        case _:
            what = ("not-saved", f"nothing was saved: {reason}", "check the disk, then try again")
    return WriteRefused(*what, rescued)
