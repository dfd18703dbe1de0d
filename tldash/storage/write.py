"""The one place that writes shared files, without ever destroying what somebody else wrote.

What is promised, by system:

Linux, on a local disk, a file of ours with one name: nothing that any program saves is lost, save
in the two cases below. The new content is complete on the disk under a hidden name. Then, under a
read lease (nobody has the file open for writing, and whoever wants to waits), the file is compared
with what was read, the two names are exchanged in one step, and what came out is verified. If it is
not what was read, it goes back, and the change is made anew on the newer bytes. Killed at any
moment, the file is the old one or the new.

What can still be lost there is what a program writes to the old file after it has lost its name:
one that had looked the name up before the exchange, and opens what it found only after the last
look at the lease, some microseconds to milliseconds later; and one that was waiting to open it and
then keeps it open for longer than `draft.SETTLE_PATIENCE`: what it had written by then is kept as a
rescue copy, what it writes later is not.

A file with several names (hard links), or whose owner, group or attributes a new file could not be
given, is rewritten in place under a write lease. A kill between two system calls can then leave a
mixture; the complete new content stays beside it and is brought to light by the next write there.

Without leases (another owner's file, network drives): compare, exchange, verify. A program that had
the file open before the exchange and writes after the verification loses that write. Without the
exchange either (macOS, Windows): compare, replace, verify; what another program saves between the
first two is lost if it replaces the file.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tldash.model.frozen import frozen
from tldash.storage import draft as drafts
from tldash.storage import linux
from tldash.storage.directory import (
    PAUSE,
    Place,
    WriteRefused,
    check_writable,
    locate,
    locked,
    refusal,
    rescue,
)
from tldash.storage.draft import Draft, content, settled
from tldash.storage.filenames import RESCUE_MARK
from tldash.storage.linux import Lease
from tldash.storage.safe_open import Unreadable, check_length, check_readable

__all__ = ["RESCUE_MARK", "Rewritten", "WriteRefused", "create", "rewrite"]

PATIENCE: Final = 2.0
"""Seconds that a rewrite goes on trying while others keep writing the same file."""
GRACE: Final = 0.05
"""Seconds for a missing file to come back: vim moves a file away before it writes the new one."""


@frozen
class Rewritten:
    """What a rewrite found and left."""

    before: bytes
    after: bytes
    rescued: tuple[str, ...] = ()
    """Relative paths of copies kept because another program wrote at the same moment."""


@dataclass(slots=True)
class _Seen:
    """The file as it was read."""

    fd: int
    status: os.stat_result
    before: bytes
    lease: Lease = Lease.NONE

    def intact(self) -> bool:
        """Whether it holds what was read, and nobody waits to change that."""
        if content(self.fd) != self.before:
            return False
        return self.lease is not Lease.HELD or not linux.wanted(self.fd)

    def let_go(self) -> None:
        """Give the lease back."""
        if self.lease is Lease.HELD and self.fd >= 0:
            with suppress(OSError):
                linux.release(self.fd)
        self.lease = Lease.NONE

    def close(self) -> None:
        """Close the handle; more than once does no harm."""
        if self.fd >= 0:
            with suppress(OSError):
                os.close(self.fd)
            self.fd = -1


def rewrite(root: Path, path: str, change: Callable[[bytes], bytes]) -> Rewritten:
    """Replace the content of an existing file by `change` of it.

    `path` is POSIX, relative to `root`; a link is followed if it stays inside, and kept. `change`
    may be called more than once, each time with newer bytes, and may raise to refuse: nothing is
    written then, and the exception passes through. If it returns what it was given, nothing is
    written. A file that is not there is not made. Mode, owner and extended attributes stay.
    Raises `WriteRefused`.
    """
    rescued: list[str] = []
    try:
        with locate(root, path) as place, locked(place):
            rescued += drafts.clear_leftovers(place)
            return _persist(place, change, rescued)
    except WriteRefused as refused:
        refused.rescued = tuple(rescued)
        raise
    except OSError as error:
        raise refusal(error, tuple(rescued)) from error


def create(root: Path, path: str, data: bytes) -> None:
    """Make a new file with that content, and the folders above it that are missing.

    The file appears complete or not at all, and an existing one is never touched. Raises
    `WriteRefused` (`exists` among others).
    """
    try:
        with locate(root, path, make=True) as place, locked(place):
            _create(place, data)
    except FileExistsError:
        raise WriteRefused(
            "exists", "there is such a file already", "choose another name, or edit that file"
        ) from None
    except NotADirectoryError:
        raise WriteRefused(
            "not-a-file", "there is a file where a folder is needed", "choose another name"
        ) from None
    except OSError as error:
        raise refusal(error) from error


def _create(place: Place, data: bytes) -> None:
    with suppress(FileNotFoundError):
        place.status(place.name)
        raise FileExistsError
    name = drafts.temporary_name(drafts.PART, place.name, b"", data)
    fd = place.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        try:
            drafts.write_all(fd, data)
            os.fsync(fd)
        finally:
            os.close(fd)
        place.rename_new(name, place.name)
    except BaseException:
        with suppress(OSError):
            place.remove(name)
        raise
    try:
        place.sync()
    except OSError:
        _take_away(place, data)
        raise


def _take_away(place: Place, data: bytes) -> None:
    """Remove a new file that may not be on the disk, so that it is not in the way of a next try."""
    with suppress(OSError):
        fd = place.open(place.name, os.O_RDONLY)
        try:
            ours = content(fd) == data
        finally:
            os.close(fd)
        if ours:
            place.remove(place.name)


def _persist(place: Place, change: Callable[[bytes], bytes], rescued: list[str]) -> Rewritten:
    """Try until the file held still for long enough."""
    until = time.monotonic() + PATIENCE
    missing_until = time.monotonic() + GRACE
    while True:
        try:
            before, after = _attempt(place, change, rescued, until)
        except FileNotFoundError:
            if time.monotonic() >= missing_until:
                raise
        except (_Again, BlockingIOError):
            missing_until = time.monotonic() + GRACE
            if time.monotonic() >= until:
                raise _busy() from None
        else:
            return Rewritten(before, after, tuple(rescued))
        time.sleep(PAUSE)


class _Again(Exception):
    """Somebody else wrote meanwhile."""


def _busy() -> WriteRefused:
    return WriteRefused(
        "busy",
        "another program keeps writing this file, or has it open for writing",
        "save or close it there, then try again",
    )


def _attempt(
    place: Place, change: Callable[[bytes], bytes], rescued: list[str], until: float
) -> tuple[bytes, bytes]:
    """Read, change, write once; returns the bytes before and after. Raises `_Again`, OSError."""
    with _opened(place, os.O_RDONLY) as seen:
        after = change(seen.before)
        if after == seen.before:
            return seen.before, after
        check_writable(place, seen.status)
        draft = drafts.make(place, seen.fd, seen.before, after)
        if seen.status.st_nlink == 1 and draft.alike:
            try:
                _exchange(place, seen, draft, rescued, until)
            finally:
                seen.let_go()
                _discard(place, draft, rescued)
            return seen.before, after
    try:
        _overwrite(place, seen, draft, until)
    finally:
        _discard(place, draft, rescued)
    return seen.before, after


@contextmanager
def _opened(place: Place, flags: int) -> Iterator[_Seen]:
    fd = place.open(place.name, flags)
    try:
        seen = _Seen(fd, os.fstat(fd), b"")
    except OSError:
        os.close(fd)
        raise
    try:
        try:
            check_readable(seen.status)
            seen.before = content(fd)
            check_length(len(seen.before))
        except Unreadable as error:
            raise WriteRefused(error.code, error.message, error.hint) from error
        yield seen
    finally:
        seen.close()


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)


def _exchange(place: Place, seen: _Seen, draft: Draft, rescued: list[str], until: float) -> None:
    """Put the draft in the place of the file that was seen, or leave everything as it is."""
    seen.lease = _lease(seen.fd, until)
    if not _same(place.status(place.name), seen.status) or not seen.intact():
        raise _Again
    try:
        place.exchange(draft.name, place.name)
    except linux.Unavailable:
        _replace(place, seen, draft, rescued)
        return
    draft.exposed = True
    out = seen.status
    try:
        out = place.status(draft.name)
        # Twice: once at once, and once when whoever found the old file has had time to open it.
        landed = _same(out, seen.status) and seen.intact()
        if landed:
            place.sync()
            landed = seen.intact()
    except OSError:
        _put_back(place, draft, out)
        raise
    if not landed:
        _put_back(place, draft, out)
        raise _Again
    # From here on, what has the draft's name is what was there before, and of no more use.
    draft.status, draft.exposed = out, False
    with suppress(OSError):
        place.remove(draft.name)
    with suppress(OSError):
        if not seen.intact():
            _keep_late(place, seen, rescued)


def _put_back(place: Place, draft: Draft, out: os.stat_result) -> None:
    """Undo an exchange: whatever others put under the file's name last gets it back.

    `out` came out of the exchange. Anything but our draft that comes out now was put there later
    still, so it goes back in turn; what is left under the draft's name is then an older version.
    """
    put, expected = out, draft.status
    while True:
        try:
            place.exchange(draft.name, place.name)
        except FileNotFoundError:
            return  # Removed meanwhile: what came out is kept as a copy, not put in its place.
        now = place.status(draft.name)
        if _same(now, expected):
            return
        put, expected = now, put


def _replace(place: Place, seen: _Seen, draft: Draft, rescued: list[str]) -> None:
    """Where two names cannot be exchanged."""
    if place.fd is None:
        # Windows replaces no file that is open.
        seen.close()
        draft.close()
        place.replace(draft.name, place.name)
        return
    place.replace(draft.name, place.name)
    if not seen.intact():
        _keep_late(place, seen, rescued)
    place.sync()


def _keep_late(place: Place, seen: _Seen, rescued: list[str]) -> None:
    """Somebody had found the old file before the exchange, and opens it only now."""
    seen.let_go()
    if settled(seen.fd, seen.before):
        return
    late = content(seen.fd)
    name = drafts.temporary_name(drafts.SWAP, place.name)
    fd = place.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IMODE(seen.status.st_mode))
    try:
        drafts.write_all(fd, late)
        os.fsync(fd)
    finally:
        os.close(fd)
    rescued.append(rescue(place, name, place.name))


def _lease(fd: int, until: float, *, write: bool = False) -> Lease:
    """Wait until nobody has the file open for writing (nor for reading, if `write`)."""
    while (answer := linux.lease(fd, write=write)) is Lease.BUSY:
        if time.monotonic() >= until:
            raise _busy()
        time.sleep(PAUSE)
    return answer


def _discard(place: Place, draft: Draft, rescued: list[str]) -> None:
    """Remove what the draft's name stands for, unless it may hold somebody's words."""
    try:
        status = place.status(draft.name)
        own = _same(status, draft.status) and not draft.needed
        if own and (not draft.exposed or settled(draft.fd, draft.data)):
            place.remove(draft.name)
        else:
            rescued.append(rescue(place, draft.name, place.name))
    except OSError:
        pass  # Gone, as it should be; or a disk that takes nothing, and the name is a hidden one.
    finally:
        draft.close()


def _overwrite(place: Place, seen: _Seen, draft: Draft, until: float) -> None:
    """Rewrite the file in place, from the first byte that differs."""
    with _opened(place, os.O_RDWR) as now:
        # Our own reading handle is closed by now; it would have stood in the way of this lease.
        lease = _lease(now.fd, until, write=True)
        waiting = lease is Lease.HELD and linux.wanted(now.fd, write=True)
        same = _same(now.status, seen.status) and _same(place.status(place.name), seen.status)
        if waiting or not same or content(now.fd) != seen.before:
            raise _Again
        draft.needed = True
        try:
            _splice(now.fd, seen.before, draft.data)
            os.fsync(now.fd)
        except OSError:
            _splice(now.fd, draft.data, seen.before)
            draft.needed = content(now.fd) != seen.before
            raise
        draft.needed = False
        if lease is Lease.NONE and content(now.fd) != draft.data:
            raise _Again


def _splice(fd: int, old: bytes, new: bytes) -> None:
    """Turn `old` into `new`, writing nothing before the first difference."""
    start = next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
        min(len(old), len(new)),
    )
    os.lseek(fd, start, os.SEEK_SET)
    drafts.write_all(fd, new[start:])
    if len(new) < len(old):
        os.ftruncate(fd, len(new))
