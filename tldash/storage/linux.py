"""The calls of Linux that Python's library lacks: exchanging two names, opening beneath a folder,
leases, and the kind of a file system.

Each says by its result or by `Unavailable` that this system or file system cannot do it, so that
the callers decide what to promise then.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import sys
from enum import Enum
from functools import cache
from typing import Final

if sys.platform == "linux":
    import fcntl

_RENAME_NOREPLACE: Final = 1
_RENAME_EXCHANGE: Final = 2
_SYS_OPENAT2: Final = 437
"""The same number on every architecture that Python supports."""
_RESOLVE_NO_MAGICLINKS: Final = 0x02
_RESOLVE_BENEATH: Final = 0x08


class Unavailable(Exception):
    """The system or the file system has no such call."""


class Lease(Enum):
    """The answer to a wish for a lease."""

    HELD = "held"
    BUSY = "busy"
    """Another program has the file open in a way that the lease would exclude."""
    NONE = "none"
    """Not ours to ask for: another owner's file, or a file system without leases."""


class _StatFs(ctypes.Structure):
    """The beginning of `struct statfs`, and more room than the rest takes anywhere."""

    _fields_ = (("type", ctypes.c_long), ("rest", ctypes.c_uint64 * 32))


class _OpenHow(ctypes.Structure):
    _fields_ = (
        ("flags", ctypes.c_uint64),
        ("mode", ctypes.c_uint64),
        ("resolve", ctypes.c_uint64),
    )


@cache
def _library() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def file_system(folder: str) -> int:
    """The kind of file system that a folder is on: statfs(2)'s `f_type`; 0 where that is unknown.

    Never raises.
    """
    library = _library()
    if library is None:
        return 0
    answer = _StatFs()
    if library.statfs(os.fsencode(folder), ctypes.byref(answer)) != 0:
        return 0
    kind: int = answer.type
    return kind & 0xFFFFFFFF


def _rename(folder: int, old: str, new: str, flags: int) -> None:
    library = _library()
    call = getattr(library, "renameat2", None)
    if call is None:
        raise Unavailable
    if call(folder, os.fsencode(old), folder, os.fsencode(new), flags) == 0:
        return
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
        raise Unavailable
    raise OSError(code, os.strerror(code), new)


def exchange(folder: int, one: str, other: str) -> None:
    """Swap two names in the open folder in one step (renameat2(2), RENAME_EXCHANGE).

    Raises OSError (FileNotFoundError if either is gone) or `Unavailable`.
    """
    _rename(folder, one, other, _RENAME_EXCHANGE)


def rename_new(folder: int, old: str, new: str) -> None:
    """Rename unless `new` exists. Raises FileExistsError, another OSError, or `Unavailable`."""
    _rename(folder, old, new, _RENAME_NOREPLACE)


def open_beneath(folder: int, path: str, flags: int) -> int:
    """Open `path` without ever leaving the open folder, whatever links are on the way (openat2(2)).

    A link that is absolute fails with EXDEV even if it leads back inside. Raises OSError or
    `Unavailable`.
    """
    library = _library()
    if library is None:
        raise Unavailable
    how = _OpenHow(flags, 0, _RESOLVE_BENEATH | _RESOLVE_NO_MAGICLINKS)
    fd: int = library.syscall(
        ctypes.c_long(_SYS_OPENAT2),
        ctypes.c_int(folder),
        ctypes.c_char_p(os.fsencode(path)),
        ctypes.byref(how),
        ctypes.c_size_t(ctypes.sizeof(how)),
    )
    if fd >= 0:
        return fd
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EPERM):
        raise Unavailable
    raise OSError(code, os.strerror(code), path)


def lease(fd: int, *, write: bool = False) -> Lease:
    """Ask for a lease on an open file (fcntl(2), F_SETLEASE).

    While a read lease (`fd` open for reading) is held, nobody can open the file for writing or
    truncate it: they wait until it is given back. A write lease (`fd` open for writing) makes
    readers wait as well. Whoever waits is seen by `wanted`. Closing `fd` gives the lease back.
    """
    if sys.platform != "linux":
        return Lease.NONE
    try:
        # The notice that somebody waits is SIGIO by default, which ends a process that does not
        # handle it; SIGURG is ignored unless somebody asks for it.
        fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_WRLCK if write else fcntl.F_RDLCK)
    except OSError as error:
        return Lease.BUSY if error.errno == errno.EAGAIN else Lease.NONE
    return Lease.HELD


def wanted(fd: int, *, write: bool = False) -> bool:
    """Whether somebody waits for the lease on `fd`, or it was taken away from us."""
    if sys.platform != "linux":
        return False
    kind = fcntl.F_WRLCK if write else fcntl.F_RDLCK
    return fcntl.fcntl(fd, fcntl.F_GETLEASE) != kind


def release(fd: int) -> None:
    """Give a lease back; whoever waits goes on with the file that `fd` has open."""
    if sys.platform == "linux":
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
