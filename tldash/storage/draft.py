"""Write the new content of a file to a hidden temporary file beside it, before it is swapped in.

Also clean up such files after a crash. Their name encodes which process wrote them and what they
may contain, so a later process can tell garbage from the only copy of an edit.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from secrets import token_hex
from typing import Final

from tldash.storage import linux
from tldash.storage.directory import Place, rescue
from tldash.storage.linux import Lease
from tldash.storage.safe_open import PAUSE, SIZE_LIMIT

PART: Final = "part"
"""Still being written. Worthless after a crash."""
SWAP: Final = "swap"
"""Complete. After the exchange, the name belongs to the old content of the file."""
JOURNAL: Final = "journal"
"""Complete, and kept until the file is rewritten in place."""

SETTLE_PATIENCE: Final = 2.0
"""Seconds to wait for a program that has the unlinked file open for writing."""
LINGER: Final = 0.05
"""Seconds within which a program opens the file after the lease that blocked it is released."""

_NAME: Final = re.compile(
    r"\.tldash-(?P<host>[0-9a-f]{8})-(?P<pid>\d+)-[0-9a-f]{8}-(?P<kind>part|swap|journal)"
    r"-(?P<before>[0-9a-f]{16})-(?P<after>[0-9a-f]{16})-(?P<name>.*)\.tmp",
    re.DOTALL,
)
_cleared: Final[set[tuple[int, int]]] = set()


@dataclass(slots=True)
class Draft:
    """A complete temporary file, in the same folder as the file it will replace."""

    name: str
    fd: int
    """Open for reading."""
    status: os.stat_result
    data: bytes
    original: os.stat_result
    """The status of the original when its attributes were copied."""
    in_place: bool
    """Whether it is a journal, kept until the original is rewritten in place. If not, it has the
    owner, group, mode and extended attributes of the original."""
    exposed: bool = False
    """Whether other programs may have opened it under the name of the file."""
    needed: bool = False
    """Whether it is the only complete copy of the new content."""

    def is_for(self, original: os.stat_result, data: bytes, *, in_place: bool) -> bool:
        """Whether it can still serve for this content, and the original has the attributes."""
        return (
            not self.exposed
            and self.in_place is in_place
            and (original.st_dev, original.st_ino, original.st_ctime_ns)
            == (self.original.st_dev, self.original.st_ino, self.original.st_ctime_ns)
            and self.data == data
        )

    def close(self) -> None:
        """Close the file descriptor. May be called more than once."""
        if self.fd >= 0:
            with suppress(OSError):
                os.close(self.fd)
            self.fd = -1


def digest(data: bytes) -> str:
    """Return a digest of 16 hexadecimal digits."""
    return blake2b(data, digest_size=8).hexdigest()


def _host() -> str:
    node = os.uname().nodename if sys.platform != "win32" else os.environ.get("COMPUTERNAME", "")
    return blake2b(node.encode(), digest_size=4).hexdigest()


def temporary_name(kind: str, original: str, before: bytes = b"", after: bytes = b"") -> str:
    """Return a hidden name that encodes the host, process, kind and digests for the clean-up."""
    short = os.fsencode(original)[:120].decode("utf-8", "ignore")
    return (
        f".tldash-{_host()}-{os.getpid()}-{token_hex(4)}-{kind}"
        f"-{digest(before)}-{digest(after)}-{short}.tmp"
    )


def create_draft(
    place: Place, original: int, before: bytes, after: bytes, *, in_place: bool
) -> Draft:
    """Write `after` to a temporary file beside the open file `original`, with its attributes.

    It is made for a rewrite in place if `in_place`, or if the attributes allow nothing else. The
    file is fsynced. Raises OSError, with the temporary file removed.
    """
    status = os.fstat(original)
    name = temporary_name(PART, place.name, before, after)
    fd = place.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        try:
            same_attributes = _copy_attributes(fd, original, status)
            write_all(fd, after)
            os.fsync(fd)
        finally:
            os.close(fd)
        in_place = in_place or status.st_nlink > 1 or not same_attributes
        ready = temporary_name(JOURNAL if in_place else SWAP, place.name, before, after)
        place.replace(name, ready)
        name = ready
        fd = place.open(name, os.O_RDONLY)
        try:
            return Draft(name, fd, os.fstat(fd), after, status, in_place)
        except BaseException:
            os.close(fd)
            raise
    except BaseException:
        with suppress(OSError):
            place.remove(name)
        raise


def write_all(fd: int, data: bytes) -> None:
    """Write all bytes. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def is_settled(fd: int, expected: bytes) -> bool:
    """Whether an unlinked file still has the content `expected` once no program writes to it.

    A program that was blocked by a lease needs a moment to open the file after the release, so a
    new lease is held for `LINGER` before the content is compared. False also if a program keeps
    the file open for longer than `SETTLE_PATIENCE`.
    """
    until = time.monotonic() + SETTLE_PATIENCE
    while time.monotonic() < until:
        lease = linux.request_lease(fd)
        if lease is Lease.NONE or (lease is Lease.HELD and not _is_broken_soon(fd)):
            return read_all(fd) == expected
        if lease is Lease.HELD:
            linux.release_lease(fd)
        time.sleep(PAUSE)
    return False


def _is_broken_soon(fd: int) -> bool:
    until = time.monotonic() + LINGER
    while time.monotonic() < until:
        if linux.is_lease_broken(fd):
            return True
        time.sleep(PAUSE)
    return linux.is_lease_broken(fd)


def read_all(fd: int) -> bytes:
    """Read an open file from its beginning, up to a little over `SIZE_LIMIT`."""
    chunks = []
    offset = 0
    while offset <= SIZE_LIMIT and (chunk := read_at(fd, SIZE_LIMIT, offset)):
        chunks.append(chunk)
        offset += len(chunk)
    return b"".join(chunks)


if sys.platform == "win32":

    def read_at(fd: int, size: int, offset: int) -> bytes:
        """Read at most `size` bytes from `offset`."""
        os.lseek(fd, offset, os.SEEK_SET)
        return os.read(fd, size)

    def _copy_attributes(fd: int, original: int, status: os.stat_result) -> bool:
        return True
else:

    def read_at(fd: int, size: int, offset: int) -> bytes:
        """Read at most `size` bytes from `offset`."""
        return os.pread(fd, size, offset)

    def _copy_attributes(fd: int, original: int, status: os.stat_result) -> bool:
        """Copy owner, group, extended attributes and mode to `fd`. Returns False if any differs."""
        own = os.fstat(fd)
        if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
            with suppress(OSError):
                os.fchown(fd, status.st_uid, status.st_gid)
        wanted = _attributes(original)
        for name in _attributes(fd).keys() - wanted.keys():
            with suppress(OSError):
                os.removexattr(fd, name)
        for name, value in wanted.items():
            with suppress(OSError):
                os.setxattr(fd, name, value)
        with suppress(OSError):
            os.fchmod(fd, stat.S_IMODE(status.st_mode))
        now = os.fstat(fd)
        return (now.st_uid, now.st_gid, now.st_mode) == (
            status.st_uid,
            status.st_gid,
            status.st_mode,
        ) and _attributes(fd) == wanted

    def _attributes(fd: int) -> dict[str, bytes]:
        """Return the extended attributes, access control lists included. Raises OSError.

        Empty if the system or file system has none, or denies reading them.
        """
        if sys.platform != "linux":
            return {}
        try:
            return {name: os.getxattr(fd, name) for name in os.listxattr(fd)}
        except OSError as error:
            if error.errno in (errno.ENOTSUP, errno.ENOSYS, errno.EPERM, errno.EACCES):
                return {}
            raise


def clear_leftovers(place: Place) -> tuple[str, ...]:
    """Clean up the temporary files that killed processes of this machine left in a folder.

    Does so once per folder and process. The folder must be locked. A file that may be the only
    copy of some content becomes a visible rescue copy. Never raises.

    Returns:
        The paths of the rescue copies.
    """
    if place.fd is None:
        return ()
    status = os.fstat(place.fd)
    if (status.st_dev, status.st_ino) in _cleared:
        return ()
    _cleared.add((status.st_dev, status.st_ino))
    kept: list[str] = []
    with suppress(OSError):
        for name in os.listdir(place.fd):  # noqa: PTH208
            match = _NAME.fullmatch(name)
            if match is None or match["host"] != _host() or _alive(int(match["pid"])):
                continue
            with suppress(OSError):
                if _is_redundant(place, match):
                    place.remove(name)
                else:
                    kept.append(rescue(place, name, match["name"]))
    return tuple(kept)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _is_redundant(place: Place, match: re.Match[str]) -> bool:
    """Whether the content of a leftover also exists elsewhere, or was never complete."""
    known = (match["before"], match["after"])
    if match["kind"] == PART:
        return True
    # A journal is redundant if its file is complete, a swapped file if its content is known.
    subject = match["name"] if match["kind"] == JOURNAL else match.string
    try:
        fd = place.open(subject, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return digest(read_all(fd)) in known
    finally:
        os.close(fd)
