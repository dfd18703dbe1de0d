"""A small file of lines in the user's own state folder, shared by all processes of that user.

Lines are only ever added; when there are too many, the file is written anew as a whole. One process
writes at a time, only the owner may read it, and a line that was torn by a power cut costs itself.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

import platformdirs

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

READ_LIMIT: Final = 16 << 20
"""Bytes of a file that are looked at; ours are far smaller."""
LOCK_PATIENCE: Final = 2.0
"""Seconds to wait for another process that writes the same file; then it is done without."""
PAUSE: Final = 0.002

_FLAGS: Final = (
    getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)


def state_folder() -> Path:
    """Where this system keeps such files for its user: `$XDG_STATE_HOME/tldash` on Linux."""
    return platformdirs.user_state_path("tldash", appauthor=False)


class StateFile:
    """One such file; its folder is made when something is first written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0

    def read(self) -> list[bytes]:
        """Its lines, without their ends; none if there is no such file. Raises OSError."""
        try:
            fd = self._open(os.O_RDONLY)
        except FileNotFoundError:
            return []
        with os.fdopen(fd, "rb") as file:
            return file.read(READ_LIMIT).splitlines()

    def append(self, lines: Iterable[bytes]) -> int:
        """Add lines that hold no line end; returns the size in bytes.

        They are on the disk when this returns. Raises OSError; then the file is as it was.
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
        """Put these lines in the place of all others, at once. Raises OSError."""
        with self.locked():
            part = self.path.with_name(f"{self.path.name}.{token_hex(4)}.part")
            fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600)
            try:
                with os.fdopen(fd, "wb") as file:
                    file.writelines(line + b"\n" for line in lines)
                    file.flush()
                    os.fsync(fd)
                part.replace(self.path)
            except OSError:
                with suppress(OSError):
                    part.unlink()
                raise

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only one, of all threads and processes, who changes the file; may be nested."""
        with self._lock:
            fd = None if self._depth else self._lock_file()
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if fd is not None:
                    os.close(fd)

    def _lock_file(self) -> int | None:
        """Lock the file beside it that stands for it; None where that cannot be done."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | _FLAGS
            fd = os.open(self.path.with_name(f"{self.path.name}.lock"), flags, 0o600)
        except OSError:
            return None
        until = time.monotonic() + LOCK_PATIENCE
        while not _lock(fd) and time.monotonic() < until:
            time.sleep(PAUSE)
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
    """Raise OSError unless this is a regular file that nobody else may read."""
    mode = os.fstat(fd).st_mode
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "this is no regular file")
    if sys.platform != "win32" and stat.S_IMODE(mode) != 0o600:
        os.fchmod(fd, 0o600)


if sys.platform == "win32":

    def _lock(fd: int) -> bool:
        """Whether there is nothing to wait for any more."""
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:

    def _lock(fd: int) -> bool:
        """Whether there is nothing to wait for any more."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # A file system without locks.
        return True
