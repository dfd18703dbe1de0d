"""Linux system calls that the standard library lacks.

renameat2(2) exchanges two names, openat2(2) opens below a folder, fcntl(2) leases block writers,
and statfs(2) names the file system. Callers learn from the result or from `Unavailable` that the
system or file system does not support a call.
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
"""The same on every architecture that Python supports."""
_RESOLVE_NO_MAGICLINKS: Final = 0x02
_RESOLVE_BENEATH: Final = 0x08


class Unavailable(Exception):
    """The system or the file system does not support the call."""


class Lease(Enum):
    """The result of requesting a lease."""

    HELD = "held"
    BUSY = "busy"
    """Another program has the file open in a way that conflicts with the lease."""
    NONE = "none"
    """Not possible: the file has another owner, or the file system has no leases."""


class _StatFs(ctypes.Structure):
    """The start of `struct statfs`, and more space than the rest takes on any architecture."""

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


def file_system_type(folder: str) -> int:
    """Return the file system type of a folder, `f_type` of statfs(2); 0 if unknown.

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
    """Exchange two names in an open folder atomically (renameat2(2), RENAME_EXCHANGE).

    Raises OSError (FileNotFoundError if either is gone) or `Unavailable`.
    """
    _rename(folder, one, other, _RENAME_EXCHANGE)


def rename_new(folder: int, old: str, new: str) -> None:
    """Rename, unless `new` exists (RENAME_NOREPLACE).

    Raises FileExistsError, another OSError, or `Unavailable`.
    """
    _rename(folder, old, new, _RENAME_NOREPLACE)


def open_beneath(folder: int, path: str, flags: int) -> int:
    """Open `path` without leaving the open folder (openat2(2)).

    An absolute symbolic link fails with EXDEV, even if it leads back inside. Raises OSError or
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


def request_lease(fd: int, *, write: bool = False) -> Lease:
    """Request a lease on an open file (fcntl(2), F_SETLEASE).

    While a read lease is held (`fd` open for reading), programs that open the file for writing or
    truncate it block until the release. A write lease (`fd` open for writing) blocks readers too.
    `is_lease_broken` returns whether a program is blocked. Closing `fd` releases the lease.
    """
    if sys.platform != "linux":
        return Lease.NONE
    try:
        # When a program blocks, the kernel sends a signal. The default, SIGIO, would end this
        # process. SIGURG is ignored by default.
        fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_WRLCK if write else fcntl.F_RDLCK)
    except OSError as error:
        return Lease.BUSY if error.errno == errno.EAGAIN else Lease.NONE
    return Lease.HELD


def is_lease_broken(fd: int, *, write: bool = False) -> bool:
    """Whether a program is blocked by the lease on `fd`, or the kernel has revoked it."""
    if sys.platform != "linux":
        return False
    kind = fcntl.F_WRLCK if write else fcntl.F_RDLCK
    return fcntl.fcntl(fd, fcntl.F_GETLEASE) != kind


def has_writer(fd: int) -> bool:
    """Whether another open file descriptor can write to the file, as far as a lease tells."""
    answer = request_lease(fd)
    if answer is Lease.HELD:
        release_lease(fd)
    return answer is Lease.BUSY


def release_lease(fd: int) -> None:
    """Release a lease. Blocked programs continue with the file that `fd` has open."""
    if sys.platform == "linux":
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
