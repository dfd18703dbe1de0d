"""Receive change events of the operating system for some folders.

Events are only a hint: they can be lost, and some file systems send none, so `tldash.storage.watch`
also sweeps. Linux uses inotify(7) directly, which costs nothing while idle and reports a queue
overflow. Other systems use watchfiles, which polls a hundred times a second. On network drives
either reports only the changes made by this machine. Folders are watched one by one, so no symbolic
link leads the watch outside the root.
"""

from __future__ import annotations

import ctypes
import errno
import os
import select
import struct
import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from tldash.storage import linux

if TYPE_CHECKING:
    from collections.abc import Generator

    from watchfiles.main import FileChange

_CREATED: Final = 0x100
_DELETED: Final = 0x200
_MOVED: Final = 0x40 | 0x80
_WRITTEN: Final = 0x2 | 0x8
_ATTRIBUTES: Final = 0x4
_SELF: Final = 0x400 | 0x800
_OVERFLOW: Final = 0x4000
_IGNORED: Final = 0x8000
_UNMOUNTED: Final = 0x2000
_ONLY_FOLDERS: Final = 0x01000000
_UNLINKED: Final = 0x04000000
_MASK: Final = (
    _CREATED | _DELETED | _MOVED | _WRITTEN | _ATTRIBUTES | _SELF | _ONLY_FOLDERS | _UNLINKED
)
_HEAD: Final = struct.Struct("iIII")
_STEP_MS: Final = 10
"""How often watchfiles polls. The latency is one or two of these."""

SILENT: Final = "this file system sends no change events"
_SILENT_TYPES: Final = frozenset(
    {
        *(0x6969, 0x517B, 0xFF534D42, 0xFE534D42),  # NFS; SMB in its three ages
        *(0x65735546, 0x01021997),  # FUSE (sshfs, rclone, virtiofs); 9P (WSL, virtual machines)
        *(0x786F4256, 0xBACBACBC, 0x7C7C6673),  # VirtualBox, VMware, Parallels
        *(0x5346414F, 0x6B414653, 0x73757245),  # AFS, the kernel's own AFS, Coda
        *(0x00C36400, 0x0BD00BD0, 0x7461636F, 0x01161970),  # Ceph, Lustre, OCFS2, GFS2
    }
)
"""`f_type` (statfs(2), linux/magic.h) of file systems that other machines change silently."""


class Changed(NamedTuple):
    """The paths that changed since the last call."""

    paths: frozenset[str] = frozenset()
    """Full paths: a folder as given to `watch`, and a name. They need not exist any more."""
    incomplete: bool = False
    """Whether more paths may have changed."""


NOTHING: Final = Changed()


class EventSource(Protocol):
    """A source of change events. Its methods raise OSError or RuntimeError if it breaks."""

    def watch(self, folders: Iterable[str]) -> bool:
        """Watch these folders, without those below. Returns whether any of them is new."""

    def wait(self, seconds: float) -> Changed:
        """Return when something changes, or `NOTHING` after that time."""

    def close(self) -> None:
        """Stop watching."""


class Inotify:
    """Events from inotify(7)."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None, use_errno=True)
        self._paths: dict[int, list[str]] = {}
        self._fd: int = self._library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._fd < 0:
            raise _last_error()
        self._poll = select.poll()
        self._poll.register(self._fd, select.POLLIN)

    def watch(self, folders: Iterable[str]) -> bool:
        """Watch these folders. A folder that replaced another of the same name counts as new."""
        known = self._paths
        paths: dict[int, list[str]] = {}
        for folder in folders:
            watch = self._library.inotify_add_watch(self._fd, os.fsencode(folder), _MASK)
            if watch >= 0:
                paths.setdefault(watch, []).append(folder)
            elif ctypes.get_errno() not in (errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ELOOP):
                raise _last_error()
        for watch in known.keys() - paths.keys():
            self._library.inotify_rm_watch(self._fd, watch)
        self._paths = paths
        return not paths.keys() <= known.keys()

    def wait(self, seconds: float) -> Changed:
        if not self._poll.poll(seconds * 1000):
            return NOTHING
        found: set[str] = set()
        incomplete = False
        try:
            data = os.read(self._fd, 1 << 18)
        except BlockingIOError:
            return NOTHING
        offset = 0
        while offset < len(data):
            watch, mask, _, length = _HEAD.unpack_from(data, offset)
            offset += _HEAD.size + length
            name = os.fsdecode(data[offset - length : offset].rstrip(b"\0"))
            if mask & _IGNORED:
                self._paths.pop(watch, None)
            if name:
                found.update(f"{folder}/{name}" for folder in self._paths.get(watch, ()))
            elif mask & (_OVERFLOW | _SELF | _UNMOUNTED):
                incomplete = True
        return Changed(frozenset(found), incomplete)

    def close(self) -> None:
        os.close(self._fd)


class Watchfiles:
    """Events from the watchfiles package, which takes 0.1 s to import."""

    def __init__(self) -> None:
        from watchfiles import watch

        self._make = watch
        self._changes: Generator[set[FileChange], None, None] | None = None
        self._early: set[FileChange] = set()
        self._folders: tuple[str, ...] = ()

    def watch(self, folders: Iterable[str]) -> bool:
        wanted = tuple(sorted(folder for folder in folders if os.path.isdir(folder)))  # noqa: PTH112
        if wanted == self._folders:
            return False
        old, self._changes = self._changes, None
        if wanted:
            self._changes = self._make(
                *wanted,
                watch_filter=None,
                debounce=50,
                step=_STEP_MS,
                rust_timeout=_STEP_MS,
                yield_on_timeout=True,
                recursive=False,
                ignore_permission_denied=True,
            )
            # watchfiles starts to watch at the first next().
            self._early |= next(self._changes)
        self._folders = wanted
        if old is not None:
            old.close()
        return True

    def wait(self, seconds: float) -> Changed:
        if self._changes is None:
            select.select((), (), (), seconds)
            return NOTHING
        until = time.monotonic() + seconds
        changes, self._early = self._early, set()
        while not changes:
            changes = next(self._changes)
            if time.monotonic() >= until:
                break
        if not changes:
            return NOTHING
        # A deleted folder is not watched any more, even if it is created again.
        lost = not all(map(os.path.isdir, self._folders))
        if lost:
            self._folders = ()
        return Changed(frozenset(path for _, path in changes), lost)

    def close(self) -> None:
        if self._changes is not None:
            self._changes.close()


def is_silent(folder: str) -> bool:
    """Whether other machines can change the folder without an event on this one."""
    return linux.file_system_type(folder) in _SILENT_TYPES


def open_source() -> EventSource:
    """Return the cheapest event source of this system. Raises OSError."""
    return Inotify() if sys.platform == "linux" else Watchfiles()


def _last_error() -> OSError:
    code = ctypes.get_errno()
    if code == errno.ENOSPC:
        return OSError(code, "the system limit of watched folders is reached")
    if code == errno.EMFILE:
        return OSError(code, "the system limit of watching programs is reached")
    return OSError(code, os.strerror(code))
