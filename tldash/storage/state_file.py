"""Small files of lines in the user's state folder, shared by all processes of that user.

Lines are appended. When there are too many, the whole file is replaced atomically. An exclusive
lock on a file beside it keeps writers apart, and nothing is written without it. The mode is 0600,
and a line cut short by a power failure is the only one lost.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

READ_LIMIT: Final = 16 << 20
"""Bytes to read from the end of a file. Ours are far smaller."""
FULL_LIMIT: Final = 256 << 20
"""Bytes of a file that is read in full."""
LOCK_PATIENCE: Final = 10.0
"""Seconds to wait for the lock of another process."""
LOCK_RETRY: Final = 0.002
"""Seconds between two attempts to take the lock."""

_FLAGS: Final = (
    getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)


def replace_file(
    path: Path, data: bytes, mode: int = 0o600, *, only_if: Callable[[], bool] | None = None
) -> bool:
    """Replace a file atomically: write a temporary file beside it, fsync, rename.

    Creates the folder if it is missing. Raises OSError, and what `only_if` raises. No temporary
    file is left behind.

    Args:
        path: The file. It need not exist.
        data: The new content.
        mode: The permissions of the new file.
        only_if: Called right before the rename. If it returns False, nothing is replaced.

    Returns:
        Whether the file was replaced.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{token_hex(4)}.part")
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(fd)
        if mode != 0o600:
            part.chmod(mode)
        if only_if is not None and not only_if():
            return False
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink()
    return True


class StateFile:
    """A file of lines. Its folder is created by the first write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0

    def read(self) -> list[bytes]:
        """Return the lines without their ends, none if there is no file. Raises OSError.

        Of a file larger than `READ_LIMIT`, returns only the last lines, which are the newest.
        """
        return self._read(READ_LIMIT)

    def read_all(self) -> list[bytes]:
        """Return every line, to replace them. Raises OSError, also if there are far too many."""
        with self.locked():
            lines = self._read(FULL_LIMIT)
            with suppress(FileNotFoundError):
                if self.path.stat().st_size > FULL_LIMIT:
                    raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
            return lines

    def _read(self, limit: int) -> list[bytes]:
        try:
            fd = self._open(os.O_RDONLY)
        except FileNotFoundError:
            return []
        with os.fdopen(fd, "rb") as file:
            start = os.fstat(fd).st_size - limit
            if start > 0:
                file.seek(start - 1)
                file.readline()  # the rest of a line whose start is not read
            return file.read(limit).splitlines()

    def append(self, lines: Iterable[bytes]) -> int:
        """Append lines that contain no line end, fsync, and return the new size in bytes.

        Raises OSError, with the file truncated to its old size, or TimeoutError as `locked` does.
        """
        with self.locked():
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd = self._open(os.O_RDWR | os.O_CREAT | os.O_APPEND)
            with os.fdopen(fd, "r+b", buffering=0) as file:
                size = os.fstat(fd).st_size
                torn = size > 0 and file.seek(size - 1) >= 0 and file.read(1) != b"\n"
                data = b"\n" * torn + b"".join(line + b"\n" for line in lines)
                try:
                    left = memoryview(data)
                    while left:
                        left = left[file.write(left) :]
                    os.fsync(fd)
                except OSError:
                    with suppress(OSError):
                        file.truncate(size)
                    raise
                return size + len(data)

    def replace(self, lines: Iterable[bytes]) -> None:
        """Replace all lines atomically. Raises OSError, or TimeoutError as `locked` does."""
        with self.locked():
            replace_file(self.path, b"".join(line + b"\n" for line in lines))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock of this file against other threads and processes. May be nested.

        Raises TimeoutError if another process holds it for `LOCK_PATIENCE`, or OSError if there
        can be no lock file.
        """
        with self._lock:
            fd = None if self._depth else self._lock_file()
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if fd is not None:
                    os.close(fd)

    def _lock_file(self) -> int:
        """Open and lock `NAME.lock`.

        A process that waits for it holds `NAME.turn`. So one that writes again and again takes its
        turn like the others, instead of having the lock again before they notice.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        until = time.monotonic() + LOCK_PATIENCE
        turn = self._open_lock("turn", until)
        try:
            return self._open_lock("lock", until)
        finally:
            os.close(turn)

    def _open_lock(self, ending: str, until: float) -> int:
        flags = os.O_RDWR | os.O_CREAT | _FLAGS
        fd = os.open(self.path.with_name(f"{self.path.name}.{ending}"), flags, 0o600)
        try:
            while not _lock(fd):
                if time.monotonic() >= until:
                    raise TimeoutError(errno.ETIMEDOUT, "another tldash keeps it locked")
                time.sleep(LOCK_RETRY)
        except OSError:
            os.close(fd)
            raise
        return fd

    def _open(self, flags: int) -> int:
        fd = os.open(self.path, flags | _FLAGS, 0o600)
        try:
            _check_own(fd)
        except OSError:
            os.close(fd)
            raise
        return fd


def _check_own(fd: int) -> None:
    """Raise OSError unless this is a regular file. Set its mode to 0600."""
    mode = os.fstat(fd).st_mode
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "not a regular file")
    if sys.platform != "win32" and stat.S_IMODE(mode) != 0o600:
        os.fchmod(fd, 0o600)


if sys.platform == "win32":

    def _lock(fd: int) -> bool:
        """Try to lock; False if another process holds the lock."""
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:

    def _lock(fd: int) -> bool:
        """Try to lock; False if another process holds the lock."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # The file system has no locks.
        return True
