"""Write shared files without overwriting what another program writes.

Guarantees, by system:

Linux, local disk, a file owned by this user with one name: no write of any program is lost, except
in the two cases below. The new content is written and fsynced under a hidden name. Then a read
lease is taken, which ensures that no program has the file open for writing, and blocks those that
try. Under the lease, the file is compared with what was read, the two names are exchanged
atomically, and the old content is verified. If it differs, the names are exchanged back and the
change is applied to the newer content. After a crash at any moment, the file has either the old or
the new content.

The two cases are writes to the old file after the exchange: by a program that had resolved the name
before the exchange and opens the file after the last check of the lease, some microseconds to
milliseconds later; and by a program that was blocked by the lease and then keeps the file open for
longer than `draft.SETTLE_PATIENCE`. What the latter had written by then is kept as a rescue copy,
but not what it writes later.

A file with several names (hard links), or whose owner, group or attributes cannot be copied, is
rewritten in place under a write lease. A crash between two system calls can leave a mixture. The
complete new content stays beside it, and the next write in that folder makes it visible.

Without leases (files of another owner, network drives): compare, exchange, verify. A write is lost
if the program had the file open before the exchange and writes after the verification. Without the
exchange call either (macOS, Windows): compare, replace, verify. A write is lost if another program
replaces the file between the first two steps.
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
    rescue,
    to_refusal,
)
from tldash.storage.draft import Draft, is_settled, read_all
from tldash.storage.filenames import RESCUE_MARK
from tldash.storage.linux import Lease
from tldash.storage.safe_open import Unreadable, check_length, check_readable

__all__ = ["RESCUE_MARK", "Rewritten", "WriteRefused", "create", "rewrite"]

PATIENCE: Final = 2.0
"""Seconds to retry while other programs keep writing the same file."""
GRACE: Final = 0.05
"""Seconds to wait for a missing file: vim renames a file before it writes the new one."""


@frozen
class Rewritten:
    """The content before and after a rewrite."""

    before: bytes
    after: bytes
    rescued: tuple[str, ...] = ()
    """Relative paths of copies kept because another program wrote at the same time."""


@dataclass(slots=True)
class _Opened:
    """The file as it was read."""

    fd: int
    status: os.stat_result
    before: bytes
    lease: Lease = Lease.NONE

    def intact(self) -> bool:
        """Whether it still has the content that was read, and no writer is blocked by the lease."""
        if read_all(self.fd) != self.before:
            return False
        return self.lease is not Lease.HELD or not linux.is_lease_broken(self.fd)

    def release_lease(self) -> None:
        """Release the lease, if one is held."""
        if self.lease is Lease.HELD and self.fd >= 0:
            with suppress(OSError):
                linux.release_lease(self.fd)
        self.lease = Lease.NONE

    def close(self) -> None:
        """Close the file descriptor. May be called more than once."""
        if self.fd >= 0:
            with suppress(OSError):
                os.close(self.fd)
            self.fd = -1


def rewrite(root: Path, path: str, change: Callable[[bytes], bytes]) -> Rewritten:
    """Replace the content of an existing file. Never creates one.

    Mode, owner and extended attributes stay.

    Args:
        root: The opened folder.
        path: POSIX path relative to `root`. A symbolic link that stays inside is followed and kept.
        change: Returns the new content for the current one. May be called again with newer content.
            If it raises or returns its argument, nothing is written.

    Raises:
        WriteRefused: Nothing was written.
    """
    rescued: list[str] = []
    try:
        with locate(root, path) as place, locked(place):
            rescued += drafts.clear_leftovers(place)
            return _retry(place, change, rescued)
    except WriteRefused as refused:
        refused.rescued = tuple(rescued)
        raise
    except OSError as error:
        raise to_refusal(error, tuple(rescued)) from error


def create(root: Path, path: str, data: bytes) -> None:
    """Create a file and its missing folders.

    The file appears with its whole content or not at all. Raises `WriteRefused`, with the code
    `exists` if the name is taken.
    """
    try:
        with locate(root, path, make=True) as place, locked(place):
            _create(place, data)
    except FileExistsError:
        raise WriteRefused(
            "exists", "the file already exists", "choose another name, or edit that file"
        ) from None
    except NotADirectoryError:
        raise WriteRefused(
            "not-a-file", "a parent folder of the file is a file", "choose another name"
        ) from None
    except OSError as error:
        raise to_refusal(error) from error


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
        _remove_created(place, data)
        raise


def _remove_created(place: Place, data: bytes) -> None:
    """Remove a new file whose fsync failed, so that the next attempt does not find it."""
    with suppress(OSError):
        fd = place.open(place.name, os.O_RDONLY)
        try:
            ours = read_all(fd) == data
        finally:
            os.close(fd)
        if ours:
            place.remove(place.name)


def _retry(place: Place, change: Callable[[bytes], bytes], rescued: list[str]) -> Rewritten:
    """Attempt the write until no other program interferes, for at most `PATIENCE`."""
    until = time.monotonic() + PATIENCE
    missing_until = time.monotonic() + GRACE
    while True:
        try:
            before, after = _attempt(place, change, rescued, until)
        except FileNotFoundError:
            if time.monotonic() >= missing_until:
                raise
        except (_Interrupted, BlockingIOError):
            missing_until = time.monotonic() + GRACE
            if time.monotonic() >= until:
                raise _busy() from None
        else:
            return Rewritten(before, after, tuple(rescued))
        time.sleep(PAUSE)


class _Interrupted(Exception):
    """Another program wrote meanwhile."""


def _busy() -> WriteRefused:
    return WriteRefused(
        "busy",
        "another program keeps writing this file, or has it open for writing",
        "save or close it there, then try again",
    )


def _attempt(
    place: Place, change: Callable[[bytes], bytes], rescued: list[str], until: float
) -> tuple[bytes, bytes]:
    """Read, change and write once. Returns the bytes before and after.

    Raises `_Interrupted` or OSError.
    """
    with _open(place, os.O_RDONLY) as opened:
        after = change(opened.before)
        if after == opened.before:
            return opened.before, after
        check_writable(place, opened.status)
        draft = drafts.create_draft(place, opened.fd, opened.before, after)
        if opened.status.st_nlink == 1 and draft.same_attributes:
            try:
                _exchange(place, opened, draft, rescued, until)
            finally:
                opened.release_lease()
                _discard(place, draft, rescued)
            return opened.before, after
    try:
        _overwrite(place, opened, draft, until)
    finally:
        _discard(place, draft, rescued)
    return opened.before, after


@contextmanager
def _open(place: Place, flags: int) -> Iterator[_Opened]:
    fd = place.open(place.name, flags)
    try:
        opened = _Opened(fd, os.fstat(fd), b"")
    except OSError:
        os.close(fd)
        raise
    try:
        try:
            check_readable(opened.status)
            opened.before = read_all(fd)
            check_length(len(opened.before))
        except Unreadable as error:
            raise WriteRefused(error.code, error.message, error.hint) from error
        yield opened
    finally:
        opened.close()


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)


def _exchange(
    place: Place, opened: _Opened, draft: Draft, rescued: list[str], until: float
) -> None:
    """Exchange the draft and the file that was read, or leave everything as it is."""
    opened.lease = _acquire_lease(opened.fd, until)
    if not _same(place.status(place.name), opened.status) or not opened.intact():
        raise _Interrupted
    try:
        place.exchange(draft.name, place.name)
    except linux.Unavailable:
        _replace(place, opened, draft, rescued)
        return
    draft.exposed = True
    out = opened.status
    try:
        out = place.status(draft.name)
        # Check twice: a program that resolved the name before needs time to open the old file.
        landed = _same(out, opened.status) and opened.intact()
        if landed:
            place.sync()
            landed = opened.intact()
    except OSError:
        _put_back(place, draft, out)
        raise
    if not landed:
        _put_back(place, draft, out)
        raise _Interrupted
    # From here on, the name of the draft belongs to the old content.
    draft.status, draft.exposed = out, False
    with suppress(OSError):
        place.remove(draft.name)
    with suppress(OSError):
        if not opened.intact():
            _rescue_late_write(place, opened, rescued)


def _put_back(place: Place, draft: Draft, out: os.stat_result) -> None:
    """Undo an exchange, so that the latest version of another program gets the name back.

    `out` came out of the exchange. If anything but our draft comes out now, another program put it
    there even later, so it goes back in turn. The name of the draft then has an older version.
    """
    put, expected = out, draft.status
    while True:
        try:
            place.exchange(draft.name, place.name)
        except FileNotFoundError:
            return  # Deleted meanwhile. What came out is kept as a rescue copy.
        now = place.status(draft.name)
        if _same(now, expected):
            return
        put, expected = now, put


def _replace(place: Place, opened: _Opened, draft: Draft, rescued: list[str]) -> None:
    """Replace the file, on systems that cannot exchange two names."""
    if place.fd is None:
        # Windows cannot replace an open file.
        opened.close()
        draft.close()
        place.replace(draft.name, place.name)
        return
    place.replace(draft.name, place.name)
    if not opened.intact():
        _rescue_late_write(place, opened, rescued)
    place.sync()


def _rescue_late_write(place: Place, opened: _Opened, rescued: list[str]) -> None:
    """Keep what a program writes to the old file after the exchange, as a rescue copy."""
    opened.release_lease()
    if is_settled(opened.fd, opened.before):
        return
    late = read_all(opened.fd)
    name = drafts.temporary_name(drafts.SWAP, place.name)
    fd = place.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IMODE(opened.status.st_mode))
    try:
        drafts.write_all(fd, late)
        os.fsync(fd)
    finally:
        os.close(fd)
    rescued.append(rescue(place, name, place.name))


def _acquire_lease(fd: int, until: float, *, write: bool = False) -> Lease:
    """Wait until no program has the file open for writing (nor reading, if `write`)."""
    while (answer := linux.request_lease(fd, write=write)) is Lease.BUSY:
        if time.monotonic() >= until:
            raise _busy()
        time.sleep(PAUSE)
    return answer


def _discard(place: Place, draft: Draft, rescued: list[str]) -> None:
    """Remove the file under the draft's name, or rescue it if it may be the only copy."""
    try:
        status = place.status(draft.name)
        own = _same(status, draft.status) and not draft.needed
        if own and (not draft.exposed or is_settled(draft.fd, draft.data)):
            place.remove(draft.name)
        else:
            rescued.append(rescue(place, draft.name, place.name))
    except OSError:
        pass  # Already removed, or a broken disk. The name is hidden anyway.
    finally:
        draft.close()


def _overwrite(place: Place, opened: _Opened, draft: Draft, until: float) -> None:
    """Rewrite the file in place, from the first byte that differs."""
    with _open(place, os.O_RDWR) as now:
        # The descriptor for reading is closed by now. It would conflict with this lease.
        lease = _acquire_lease(now.fd, until, write=True)
        waiting = lease is Lease.HELD and linux.is_lease_broken(now.fd, write=True)
        same = _same(now.status, opened.status) and _same(place.status(place.name), opened.status)
        if waiting or not same or read_all(now.fd) != opened.before:
            raise _Interrupted
        draft.needed = True
        try:
            _splice(now.fd, opened.before, draft.data)
            os.fsync(now.fd)
        except OSError:
            _splice(now.fd, draft.data, opened.before)
            draft.needed = read_all(now.fd) != opened.before
            raise
        draft.needed = False
        if lease is Lease.NONE and read_all(now.fd) != draft.data:
            raise _Interrupted


def _splice(fd: int, old: bytes, new: bytes) -> None:
    """Turn `old` into `new`, writing only from the first difference on."""
    start = next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
        min(len(old), len(new)),
    )
    os.lseek(fd, start, os.SEEK_SET)
    drafts.write_all(fd, new[start:])
    if len(new) < len(old):
        os.ftruncate(fd, len(new))
