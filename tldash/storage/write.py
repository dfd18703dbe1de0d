"""Write shared files without overwriting what another program writes.

Guarantees, by system:

Linux, local disk, a file owned by this user with one name: no write of any program is lost, except
in the two cases below. The new content is written and fsynced under a hidden name. Then a read
lease is taken, which ensures that no program has the file open for writing, and blocks those that
try. Under the lease, the file is compared with what was read, the two names are exchanged
atomically, and the old content is verified. If it differs, the names are exchanged back and the
change is applied to the newer content. After a crash at any moment, the file has either the old or
the new content.

The file is read under such a lease as well, so a file that another program has open for writing is
read when that program closes it. If other programs write so often that `POLITE_TRIES` attempts
fail, the file is read, changed and written in place under one write lease, while they wait.

The two cases are writes to the old file after the exchange: by a program that had resolved the name
before the exchange and opens the file after the last check of the lease, some microseconds to
milliseconds later; and by a program that was blocked by the lease and then keeps the file open for
longer than `draft.SETTLE_PATIENCE`. What the latter had written by then is kept as a rescue copy,
but not what it writes later.

A file with several names (hard links), or whose owner, group or attributes cannot be copied, is
always rewritten in place under a write lease. A crash between two system calls of a rewrite in
place can leave a mixture. The complete new content stays beside it, and the next write in that
folder makes it visible.

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
    Place,
    WriteRefused,
    check_writable,
    locate,
    locked,
    remove_empty,
    rescue,
    to_refusal,
)
from tldash.storage.draft import Draft, is_settled, read_all
from tldash.storage.filenames import RESCUE_MARK
from tldash.storage.linux import Lease
from tldash.storage.safe_open import PAUSE, Unreadable, check_length, check_readable

__all__ = ["RESCUE_MARK", "Rewritten", "WriteRefused", "create", "remove", "rename", "rewrite"]

PATIENCE: Final = 2.0
"""Seconds to retry while other programs keep writing the same file."""
POLITE_TRIES: Final = 3
"""Attempts that other programs may interrupt, before one during which they have to wait."""
LEASE_PATIENCE: Final = 0.2
"""Seconds to wait for the lease of that attempt. Programs that only read prevent it too."""
LEASE_LIMIT: Final = 20.0
"""Seconds to hold a lease at most. The kernel revokes it after 45."""
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
    before: bytes = b""
    lease: Lease = Lease.NONE
    leased_at: float = 0.0

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
            return _Rewrite(place, change, rescued).run()
    except WriteRefused as refused:
        refused.rescued = tuple(rescued)
        raise
    except OSError as error:
        raise to_refusal(error, tuple(rescued)) from error


def create(
    root: Path, path: str, data: bytes, *, private: bool = False, mode: int | None = None
) -> int:
    """Create a file and its missing folders. Returns the number of folders created.

    The file appears with its whole content or not at all. If it is `private`, only the user can
    read it (mode 0600), and the new folders (0700), of which `root` may be one. `mode` has the
    permissions that it gets whatever the umask. Raises `WriteRefused`, with the code `exists` if
    the name is taken.
    """
    try:
        if private:
            _make_private(root)
        with locate(root, path, make=True, private=private) as place, locked(place):
            _create(place, data, 0o600 if private else 0o666, mode)
            return place.made
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


def _make_private(folder: Path) -> None:
    """Create a folder that only the user can read, and those around it that are missing."""
    missing = [path for path in (folder, *folder.parents) if not os.path.lexists(path)]
    for path in reversed(missing):
        with suppress(FileExistsError):
            path.mkdir(mode=0o700)


def _create(place: Place, data: bytes, usual: int, exact: int | None) -> None:
    """Create a file. `usual` are its permissions, less the umask, unless they are to be `exact`."""
    with suppress(FileNotFoundError):
        place.status(place.name)
        raise FileExistsError
    name = drafts.temporary_name(drafts.PART, place.name, b"", data)
    fd = place.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, usual)
    try:
        try:
            if exact is not None and hasattr(os, "fchmod"):
                os.fchmod(fd, exact & 0o777)
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


def remove(root: Path, path: str, expected: bytes, folders: int = 0) -> int:
    """Remove a file that has exactly the content `expected`, and so many folders left empty.

    Returns the permissions of the file.

    The file is first renamed to a hidden name and compared again, so a program that writes or
    replaces it meanwhile keeps what it wrote. After a crash in between, the next write in that
    folder removes the hidden file.

    Args:
        root: The opened folder.
        path: POSIX path relative to `root`. A symbolic link is not followed, and not removed.
        expected: The content of the file.
        folders: The number of folders to remove if they are empty, the innermost ones of the path.

    Raises:
        WriteRefused: Nothing was removed. The code is `changed` if the content is another one.
    """
    rescued: list[str] = []
    try:
        with locate(root, path, follow=False) as place, locked(place):
            rescued += drafts.clear_leftovers(place)
            _await_file(place)
            mode = _remove(place, expected, rescued)
            remove_empty(root, place, folders)
            return mode
    except WriteRefused as refused:
        refused.rescued = tuple(rescued)
        raise
    except OSError as error:
        raise to_refusal(error, tuple(rescued)) from error


def _remove(place: Place, expected: bytes, rescued: list[str]) -> int:
    until = time.monotonic() + PATIENCE
    with _open(place, os.O_RDONLY) as opened:
        check_writable(place, opened.status)
        while (answer := linux.request_lease(opened.fd)) is Lease.BUSY:
            if time.monotonic() >= until:
                raise _busy()
            time.sleep(PAUSE)
        opened.lease = answer
        try:
            _read(place, opened)
        except _Interrupted:
            raise _changed() from None
        if opened.before != expected:
            raise _changed()
        if place.fd is None:  # Windows cannot rename an open file.
            opened.close()
            place.remove(place.name)
            return stat.S_IMODE(opened.status.st_mode)
        away = drafts.temporary_name(drafts.SWAP, place.name, expected)
        place.rename_new(place.name, away)
        try:
            same = _same(place.status(away), opened.status) and opened.intact()
            opened.release_lease()
            if not same or not is_settled(opened.fd, expected):
                raise _changed()
            place.remove(away)
        except (OSError, WriteRefused):
            try:
                place.rename_new(away, place.name)
            except FileExistsError:  # another program has created the file again
                rescued.append(rescue(place, away, place.name))
            raise
        mode = stat.S_IMODE(opened.status.st_mode)
    place.sync()
    return mode


def rename(root: Path, old: str, new: str) -> None:
    """Give a file another name in its folder, unless that is taken.

    Args:
        root: The opened folder.
        old: POSIX path relative to `root`. A symbolic link is renamed itself.
        new: The new path, in the same folder.

    Raises:
        WriteRefused: Nothing was renamed. The code is `exists` if the name is taken.
    """
    folder, _, name = new.rpartition("/")
    if folder != old.rpartition("/")[0]:
        raise WriteRefused("link-outside", f"{new!r} is in another folder")
    rescued: tuple[str, ...] = ()
    try:
        with locate(root, old, follow=False) as place, locked(place):
            rescued = drafts.clear_leftovers(place)
            status = _await_file(place)
            check_writable(place, status)
            if not (stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode)):
                raise WriteRefused("not-a-file", "not a regular file", "rename it yourself")
            try:
                place.rename_new(place.name, name)
            except FileExistsError:
                if not _same(place.status(name), status):
                    raise
                place.remove(place.name)  # a crash between two system calls left both names
            place.sync()
    except FileExistsError:
        raise WriteRefused(
            "exists", f"there is a file {new} already", "choose another day, or rename that file"
        ) from None
    except OSError as error:
        raise to_refusal(error, rescued) from error


def _await_file(place: Place) -> os.stat_result:
    """Wait for a missing file, as `rewrite` does. Raises FileNotFoundError."""
    until = time.monotonic() + GRACE
    while True:
        try:
            return place.status(place.name)
        except FileNotFoundError:
            if time.monotonic() >= until:
                raise
            time.sleep(PAUSE)


def _changed() -> WriteRefused:
    return WriteRefused(
        "changed", "the file has been changed since it was created", "delete it yourself"
    )


class _Rewrite:
    """One rewrite: attempts until no other program interferes."""

    def __init__(self, place: Place, change: Callable[[bytes], bytes], rescued: list[str]) -> None:
        self._place = place
        self._change = change
        self._rescued = rescued
        self._changed: tuple[bytes, bytes] | None = None
        """The content that was read last, and the new content for it."""
        self._draft: Draft | None = None
        self._tries = 0
        """Attempts that another program interrupted."""
        self._only_in_place = False
        """Whether no other file can take the place of this one."""
        self._until = time.monotonic() + PATIENCE

    def run(self) -> Rewritten:
        """Write the file. Raises what `rewrite` does, or OSError."""
        missing_until = time.monotonic() + GRACE
        try:
            while True:
                try:
                    before, after = self._attempt()
                except FileNotFoundError:
                    if time.monotonic() >= missing_until:
                        raise
                except BlockingIOError:  # another program holds a lease
                    missing_until = time.monotonic() + GRACE
                    if time.monotonic() >= self._until:
                        raise _busy() from None
                except _Interrupted:
                    missing_until = time.monotonic() + GRACE
                    self._tries += 1
                    if self._draft is not None and self._draft.exposed:
                        self._drop_draft()
                    if time.monotonic() >= self._until and self._tries > POLITE_TRIES:
                        raise _busy() from None
                else:
                    return Rewritten(before, after, tuple(self._rescued))
                time.sleep(PAUSE)
        finally:
            self._drop_draft()

    def _attempt(self) -> tuple[bytes, bytes]:
        """Read, change and write once. Returns the bytes before and after.

        Raises `_Interrupted` or OSError.
        """
        late = self._tries - POLITE_TRIES
        # Where a write lease is impossible, every other attempt is one without.
        stubborn = late >= 0 and late % 2 == 0
        in_place = self._only_in_place or stubborn
        with _open(self._place, os.O_RDWR if in_place else os.O_RDONLY) as opened:
            self._acquire_lease(opened, stubborn=stubborn, write=in_place)
            _read(self._place, opened)
            if not in_place and not self._is_prepared(opened):
                opened.release_lease()  # other programs can write meanwhile
            after = self._apply(opened.before)
            if after == opened.before:
                return opened.before, after
            draft = self._prepare_draft(opened, after, in_place=in_place)
            if in_place:
                polite = not stubborn and opened.lease is Lease.HELD
                if polite and linux.is_lease_broken(opened.fd, write=True):
                    raise _Interrupted  # first let the program write that is blocked
                if time.monotonic() - opened.leased_at > LEASE_LIMIT:
                    raise _Interrupted
                _overwrite(self._place, opened, draft)
            elif draft.in_place:
                self._only_in_place = True
                opened.close()
                return self._attempt()
            else:
                if opened.lease is not Lease.HELD:
                    self._acquire_lease(opened)
                _exchange(self._place, opened, draft, self._rescued)
            return opened.before, after

    def _acquire_lease(
        self, opened: _Opened, *, stubborn: bool = False, write: bool = False
    ) -> None:
        """Wait until no program has the file open for writing (nor reading, if `write`).

        Raises `_Interrupted` if `stubborn` and there is no lease.
        """
        until = time.monotonic() + LEASE_PATIENCE if stubborn else self._until
        while (answer := linux.request_lease(opened.fd, write=write)) is Lease.BUSY:
            if time.monotonic() >= until:
                raise _Interrupted if stubborn else _busy()
            time.sleep(PAUSE)
        if stubborn and answer is Lease.NONE:
            raise _Interrupted
        opened.lease, opened.leased_at = answer, time.monotonic()

    def _is_prepared(self, opened: _Opened) -> bool:
        """Whether there is a draft for the content that the file has now."""
        return (
            self._changed is not None
            and self._changed[0] == opened.before
            and self._draft is not None
            and self._draft.is_for(opened.status, self._changed[1], in_place=False)
        )

    def _apply(self, before: bytes) -> bytes:
        """Return the new content. Calls `change` only if the content differs from the last one."""
        if self._changed is None or self._changed[0] != before:
            self._changed = before, self._change(before)
        return self._changed[1]

    def _prepare_draft(self, opened: _Opened, after: bytes, *, in_place: bool) -> Draft:
        if self._draft is not None and self._draft.is_for(opened.status, after, in_place=in_place):
            return self._draft
        self._drop_draft()
        check_writable(self._place, opened.status)
        self._draft = drafts.create_draft(
            self._place, opened.fd, opened.before, after, in_place=in_place
        )
        return self._draft

    def _drop_draft(self) -> None:
        if self._draft is not None:
            _discard(self._place, self._draft, self._rescued)
            self._draft = None


class _Interrupted(Exception):
    """Another program wrote meanwhile."""


def _busy() -> WriteRefused:
    return WriteRefused(
        "busy",
        "another program keeps writing this file, or has it open for writing",
        "save or close it there, then try again",
    )


@contextmanager
def _open(place: Place, flags: int) -> Iterator[_Opened]:
    fd = place.open(place.name, flags)
    try:
        opened = _Opened(fd, os.fstat(fd))
    except OSError:
        os.close(fd)
        raise
    try:
        _check_readable(opened)
        yield opened
    finally:
        opened.release_lease()
        opened.close()


def _check_readable(opened: _Opened) -> None:
    try:
        check_readable(opened.status)
        check_length(len(opened.before))
    except Unreadable as error:
        raise WriteRefused(error.code, error.message, error.hint) from error


def _read(place: Place, opened: _Opened) -> None:
    """Read the file. Raises `_Interrupted` if it has lost its name since it was opened."""
    opened.status = os.fstat(opened.fd)
    if not _same(place.status(place.name), opened.status):
        raise _Interrupted
    opened.before = read_all(opened.fd)
    _check_readable(opened)


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)


def _exchange(place: Place, opened: _Opened, draft: Draft, rescued: list[str]) -> None:
    """Exchange the draft and the file that was read, or leave everything as it is."""
    if not _same(place.status(place.name), opened.status) or not opened.intact():
        raise _Interrupted
    if not draft.is_for(os.fstat(opened.fd), draft.data, in_place=False):
        raise _Interrupted  # somebody changed its mode or attributes
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


def _overwrite(place: Place, opened: _Opened, draft: Draft) -> None:
    """Rewrite the open file in place, from the first byte that differs."""
    if not _same(place.status(place.name), opened.status):
        raise _Interrupted
    if opened.lease is Lease.NONE and read_all(opened.fd) != opened.before:
        raise _Interrupted
    draft.needed = True
    try:
        _splice(opened.fd, opened.before, draft.data)
        os.fsync(opened.fd)
    except OSError:
        _splice(opened.fd, draft.data, opened.before)
        draft.needed = read_all(opened.fd) != opened.before
        raise
    draft.needed = False
    if opened.lease is Lease.NONE and read_all(opened.fd) != draft.data:
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
