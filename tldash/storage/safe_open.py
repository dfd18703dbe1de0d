"""Open files without leaving their folder and without blocking.

Every path that reaches the disk goes through this module, whether it was listed, typed, or written
in a file.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from tldash.storage import linux

SIZE_LIMIT: Final = 2 * 1024 * 1024
"""Bytes of a file. A session has a few thousand."""

LEASE_PATIENCE: Final = 0.5
"""Seconds to wait for a program that holds a lease on the file."""
WRITER_PATIENCE: Final = 1.0
"""Seconds to wait for a program that has the file open for writing."""
RECENT: Final = 5.0
"""Only a file that was modified within so many seconds may be half written."""
PAUSE: Final = 0.002
"""Seconds between two attempts at anything that another process blocks for a moment."""

READ_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
_FOLDER_FLAGS: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_BY_NAME: Final = os.open in os.supports_dir_fd and _NO_FOLLOW != 0
_NO_NAMES: Final = ("", ".", "..")
_DATALESS: Final = 0x40000000
"""SF_DATALESS in `st_flags` of macOS: the content is still in the cloud."""
_RECALL: Final = 0x00001000 | 0x00040000 | 0x00400000
"""OFFLINE, RECALL_ON_OPEN and RECALL_ON_DATA_ACCESS in `st_file_attributes` of Windows."""


class Unreadable(Exception):
    """A file that cannot be read.

    Codes: `gone`, `permission`, `not-a-file`, `link-outside`, `too-large`, `not-downloaded`,
    `unreadable`.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def is_contained(path: str) -> bool:
    """Whether `path` is a relative POSIX path without `..` that stays below its root."""
    if not path or "\0" in path or path.startswith("/"):
        return False
    if os.sep != "/" and (os.sep in path or ":" in path):
        return False
    return all(part not in ("", ".", "..") for part in path.split("/"))


def is_inside(target: str, real_root: str) -> bool:
    """Whether the real path `target` is `real_root` or below it."""
    return target == real_root or target.startswith(real_root.rstrip(os.sep) + os.sep)


def describe_error(error: OSError) -> str:
    """Return the error message of the system."""
    return error.strerror or error.__class__.__name__


def read_bytes(
    root: Path, path: str, limit: int = SIZE_LIMIT, patience: float = WRITER_PATIENCE
) -> bytes:
    """Read the file at the POSIX path `path`, relative to `root`.

    Never blocks on a pipe or device. Waits for `patience` seconds at most if another program may be
    in the middle of writing it, then reads what there is. Never leaves `root`: the path must not
    contain `..`, and symbolic links must lead inside. Raises only `Unreadable`, also if the file
    has more than `limit` bytes.
    """
    fd = _open_inside(root, path)
    try:
        return _read_open(fd, limit, patience)
    except OSError as error:
        raise to_unreadable(error) from error
    finally:
        os.close(fd)


def open_regular(root: Path, path: str) -> int:
    """Open the file at the POSIX path `path` below `root`, to read parts of it.

    Never blocks and never leaves `root`, as `read_bytes`. The caller closes the descriptor and
    limits what it reads. Raises only `Unreadable`.
    """
    fd = _open_inside(root, path)
    try:
        status = os.fstat(fd)
        check_readable(status, status.st_size)
    except BaseException:
        os.close(fd)
        raise
    return fd


def list_names(root: Path, path: str, limit: int) -> list[str]:
    """List the names in the folder at the POSIX path `path` below `root`, `limit` at most.

    The folder must not be or be reached through a link that leads outside. Raises only
    `Unreadable`, with the code `gone` if there is no such folder.
    """
    if not is_contained(path):
        raise Unreadable("link-outside", "the path leads outside the folder")
    try:
        if not _BY_NAME:
            target = os.path.realpath(root / path)
            if not is_inside(target, os.path.realpath(root)):
                raise Unreadable("link-outside", "the link leads outside the folder")
            with os.scandir(target) as entries:
                return [entry.name for entry in islice(entries, limit)]
        fd = _open_now(root, path, _FOLDER_FLAGS)
        try:
            with os.scandir(fd) as entries:
                return [entry.name for entry in islice(entries, limit)]
        finally:
            os.close(fd)
    except FileNotFoundError:
        raise Unreadable("gone", "the folder does not exist") from None
    except OSError as error:
        raise to_unreadable(error) from error


def _open_inside(root: Path, path: str) -> int:
    """Open a file below `root` for reading. Raises only `Unreadable`."""
    if not is_contained(path):
        raise Unreadable("link-outside", "the path leads outside the folder")
    try:
        return _open(root, path)
    except FileNotFoundError:
        raise Unreadable("gone", "the file no longer exists") from None
    except OSError as error:
        raise to_unreadable(error) from error


def is_being_written(root: Path, path: str, patience: float = 0.0) -> bool:
    """Whether another program has the file open for writing, so that it may be incomplete.

    Waits for it to be closed, `patience` seconds at most. False if that cannot be told: on network
    drives, for files of other users, and outside of Linux. Never raises.
    """
    until = time.monotonic() + patience
    while _has_writer(root, path):
        if time.monotonic() >= until:
            return True
        time.sleep(PAUSE)
    return False


def _has_writer(root: Path, path: str) -> bool:
    try:
        fd = _open_now(root, path, READ_FLAGS)
    except BlockingIOError:
        return True  # It is blocked by the lease of a program that is about to write.
    except (OSError, ValueError, Unreadable):
        return False
    try:
        return linux.has_writer(fd)
    except OSError:
        return False
    finally:
        os.close(fd)


def read_anywhere(file: Path, limit: int) -> bytes:
    """Read a file outside the opened folders, following links wherever they lead.

    Never blocks on a pipe or device. Raises FileNotFoundError or `Unreadable`.
    """
    try:
        fd = os.open(file, READ_FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(file) from None
    except OSError as error:
        raise to_unreadable(error) from error
    except ValueError as error:  # a null byte in the path
        raise Unreadable("unreadable", f"cannot be read: {error}") from error
    try:
        return _read_open(fd, limit)
    except OSError as error:
        raise to_unreadable(error) from error
    finally:
        os.close(fd)


def _read_open(fd: int, limit: int, patience: float = WRITER_PATIENCE) -> bytes:
    """Read an open file. Raises `Unreadable` or OSError."""
    status = os.fstat(fd)
    check_readable(status, limit)
    if status.st_mtime > time.time() - RECENT:
        _await_writer(fd, patience)
        status = os.fstat(fd)
        check_readable(status, limit)
    size = status.st_size
    data = os.read(fd, size + 1)
    # If the size was right, there is no need for a second call to find the end.
    return data if len(data) == size else b"".join((data, *_chunks(fd, limit, len(data))))


def _await_writer(fd: int, patience: float) -> None:
    """Wait until no program has the file open for writing, and keep others from opening it.

    The lease that does so ends when `fd` is closed.
    """
    until = time.monotonic() + patience
    while linux.request_lease(fd) is linux.Lease.BUSY and time.monotonic() < until:
        time.sleep(PAUSE)


class Reader:
    """Reads many files below a folder, faster than `read_bytes`. A context manager.

    Keeps the folder of the last file open, and opens regular files in it by name with its dir_fd
    and O_NOFOLLOW. Everything else is left to `read_bytes`.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder: str | None = None
        self._fd = -1

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._enter(None)

    def read(self, path: str) -> bytes:
        """Read the file at the relative POSIX path `path`. Raises `Unreadable`."""
        folder, _, name = path.rpartition("/")
        if folder != self._folder:
            self._enter(folder)
        if self._fd < 0 or name in _NO_NAMES or "\0" in name:
            return read_bytes(self._root, path)
        try:
            fd = os.open(name, READ_FLAGS | _NO_FOLLOW, dir_fd=self._fd)
        except OSError:
            return read_bytes(self._root, path)  # a symbolic link, or to get the error
        try:
            return _read_open(fd, SIZE_LIMIT)
        except OSError as error:
            raise to_unreadable(error) from error
        finally:
            os.close(fd)

    def _enter(self, folder: str | None) -> None:
        """Open this folder instead of the last one, if possible."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        self._folder = folder
        if folder is not None and _BY_NAME and (not folder or is_contained(folder)):
            with suppress(OSError, Unreadable):
                self._fd = _open_now(self._root, folder or ".", _FOLDER_FLAGS)


def _open(root: Path, path: str) -> int:
    """Open for reading. Retry while another program holds a lease on the file."""
    until = time.monotonic() + LEASE_PATIENCE
    while True:
        try:
            return _open_now(root, path, READ_FLAGS)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise
            time.sleep(PAUSE)


def _open_now(root: Path, path: str, flags: int) -> int:
    if sys.platform == "linux":
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            return linux.open_beneath(folder, path, flags)
        except linux.Unavailable:
            pass
        except OSError as error:
            # An absolute link may still lead inside. Resolve it below.
            if error.errno != errno.EXDEV:
                raise
        finally:
            os.close(folder)
    real_root = os.path.realpath(root)
    target = os.path.realpath(f"{real_root}/{path}")
    if not is_inside(target, real_root):
        raise Unreadable(
            "link-outside", "the link leads outside the folder", "put the file itself here"
        )
    return os.open(target, flags | _NO_FOLLOW)


def check_readable(status: os.stat_result, limit: int = SIZE_LIMIT) -> None:
    """Raise `Unreadable` unless this is a regular file, downloaded, and not too large."""
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("not-a-file", "not a regular file", "rename or remove it")
    if sys.platform != "linux" and (
        getattr(status, "st_flags", 0) & _DATALESS
        or getattr(status, "st_file_attributes", 0) & _RECALL
    ):
        raise Unreadable(
            "not-downloaded",
            "the file is in the cloud, not on this machine",
            "let the sync client download it",
        )
    check_length(status.st_size, limit)


def check_length(size: int, limit: int = SIZE_LIMIT) -> None:
    """Raise `Unreadable` if a file of this size is too large."""
    if size > limit:
        raise Unreadable(
            "too-large",
            f"the file is larger than {limit:,} bytes and is not read",
            "split it, or move it out of the folder",
        )


def _chunks(fd: int, limit: int, total: int) -> Iterator[bytes]:
    check_length(total, limit)
    while chunk := os.read(fd, min(limit + 1, 1 << 18)):
        total += len(chunk)
        check_length(total, limit)
        yield chunk


def to_unreadable(error: OSError) -> Unreadable:
    """Convert an OSError of reading into an Unreadable."""
    if isinstance(error, PermissionError):
        return Unreadable(
            "permission", "you have no permission to read it", "ask its owner for read permission"
        )
    if error.errno in (errno.ELOOP, errno.ENXIO, errno.ENODEV):
        return Unreadable(
            "not-a-file", f"cannot be opened: {describe_error(error)}", "rename or remove it"
        )
    if isinstance(error, NotADirectoryError):
        return Unreadable("gone", "the file no longer exists")
    return Unreadable("unreadable", f"cannot be read: {describe_error(error)}")
