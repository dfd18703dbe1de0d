"""The folder a file lies in, held open while the file is written: locks, names, spare copies.

Everything is done relative to the open folder, so that nobody can move the ground under a write by
renaming a folder or putting a link in its place.
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
from tldash.storage.safe_open import is_contained, is_inside

if sys.platform != "win32":
    import fcntl

LOCK_PATIENCE: Final = 5.0
"""Seconds to wait for another tldash that writes in the same folder."""
PAUSE: Final = 0.002
"""Seconds between two looks at something that will change soon."""

_RELATIVE: Final = os.open in os.supports_dir_fd
"""Whether the system opens files relative to an open folder; Windows does not."""
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
    """A write that did not happen; the file holds what it held, or what somebody else wrote.

    Codes: `gone`, `exists`, `busy`, `link-outside`, `not-a-file`, `too-large`, `not-downloaded`,
    `read-only`, `permission`, `full`, `not-saved`. `rescued` names copies (relative to the root)
    that were kept because another program wrote at the same moment.
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
    """A name in an open folder."""

    folder: str
    """The folder's real path."""
    within: str
    """The same, relative to the root; `""` for the root."""
    name: str
    fd: int | None
    """The open folder; None where the system cannot work relative to one."""

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
        """Rename unless `new` exists: FileExistsError. In two steps where one is not to be had."""
        if self.fd is not None:
            with suppress(linux.Unavailable):
                linux.rename_new(self.fd, old, new)
                return
        try:
            os.link(self.at(old), self.at(new), src_dir_fd=self.fd, dst_dir_fd=self.fd)
        except FileExistsError:
            raise
        except OSError:
            # No hard links either. Windows' own rename never overwrites; elsewhere look first.
            with suppress(FileNotFoundError):
                self.status(new)
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new) from None
            os.rename(self.at(old), self.at(new), src_dir_fd=self.fd, dst_dir_fd=self.fd)
        else:
            self.remove(old)

    def sync(self) -> None:
        """Make the names durable, where a folder can be synced."""
        if self.fd is None:
            return
        try:
            os.fsync(self.fd)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.EBADF, errno.ENOTSUP):
                raise

    def path(self, name: str) -> str:
        """The name as a path relative to the root."""
        return f"{self.within}/{name}" if self.within else name


@contextmanager
def locate(root: Path, path: str, *, make: bool = False) -> Iterator[Place]:
    """Open the folder that the relative POSIX `path` really lies in, which must be inside `root`.

    With `make`, folders that are missing are created, and the last name is taken as it stands;
    without, a link is followed to the file it leads to. Raises `WriteRefused` or OSError.
    """
    outside = WriteRefused(
        "link-outside", f"{path!r} leads out of the folder", "edit the file where it really is"
    )
    if not is_contained(path):
        raise outside
    real_root = os.path.realpath(root)
    if make:
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
        fd = _open_folder(real_root, within, made if make else None)
        yield Place(os.path.dirname(target), "/".join(within), name, fd)  # noqa: PTH120
    except BaseException:
        _remove_made(real_root, within, made)
        raise
    finally:
        if fd is not None:
            with suppress(OSError):
                os.close(fd)


def _open_folder(real_root: str, within: list[str], made: list[int] | None = None) -> int | None:
    """Go down from the root one folder at a time, through no link.

    With `made`, folders that are missing are created, and their depths added to it.
    """
    if not _RELATIVE:
        if made is not None:
            for depth in range(len(within)):
                with suppress(FileExistsError):
                    Path(real_root, *within[: depth + 1]).mkdir()
                    made.append(depth)
        return None
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    fd = os.open(real_root, flags)
    try:
        for depth, part in enumerate(within):
            if made is not None:
                with suppress(FileExistsError):
                    os.mkdir(part, dir_fd=fd)
                    made.append(depth)
            below = os.open(part, flags | _NO_FOLLOW, dir_fd=fd)
            os.close(fd)
            fd = below
    except BaseException:
        os.close(fd)
        raise
    return fd


def _remove_made(real_root: str, within: list[str], made: list[int]) -> None:
    """Remove the folders that were made for nothing, unless somebody has put something in them."""
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


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Be the only tldash that writes in this folder: of all threads, and of all processes.

    The lock between processes is on the folder itself (flock(2)), so that it leaves no file behind
    and works on a folder that nothing can be written to. Raises `WriteRefused` (`busy`).
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
            return True  # A file system without locks: NFS has none on folders.
        else:
            return True


def check_writable(place: Place, status: os.stat_result) -> None:
    """Raise `WriteRefused` if its owner has marked it as not to be written, even to root."""
    writable = os.access(
        place.at(place.name),
        os.W_OK,
        dir_fd=place.fd,
        effective_ids=_EFFECTIVE,
    )
    if not stat.S_IMODE(status.st_mode) & 0o222 or not writable:
        raise WriteRefused(
            "read-only", "the file may only be read", "give yourself the right to write it"
        )
    if place.fd is not None and not stat.S_IMODE(os.fstat(place.fd).st_mode) & 0o222:
        raise WriteRefused(
            "read-only",
            "its folder may only be read, so the file cannot be replaced safely",
            "give yourself the right to write in the folder",
        )


def rescue(place: Place, held: str, original: str) -> str:
    """Give the file called `held` a name beside `original` that people see; returns its path."""
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


def refusal(error: OSError, rescued: tuple[str, ...] = ()) -> WriteRefused:
    """What an error of the system means for whoever wanted to write."""
    words = error.strerror or error.__class__.__name__
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            what = ("gone", "the file is not there any more", "")
        case errno.ENOSPC | errno.EDQUOT:
            what = ("full", f"nothing was saved: {words}", "make room, then try again")
        case errno.EROFS:
            what = ("read-only", "the disk is mounted read-only", "")
        case errno.EACCES | errno.EPERM:
            what = ("permission", f"nothing was saved: {words}", "ask for the right to write here")
        case errno.ELOOP | errno.ENXIO | errno.EISDIR:
            what = ("not-a-file", f"this is no regular file: {words}", "")
        case _:
            what = ("not-saved", f"nothing was saved: {words}", "try again; check the disk")
    return WriteRefused(*what, rescued)
