"""A file's new content, complete on the disk under a hidden name, before anybody can see it.

Also what becomes of such files when the process that made them was killed: the name says who made
it and what it may hold, so that whoever comes next can tell rubbish from somebody's words.
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
from tldash.storage.directory import PAUSE, Place, rescue
from tldash.storage.linux import Lease
from tldash.storage.safe_open import SIZE_LIMIT

PART: Final = "part"
"""Being written; of no worth to anybody else."""
SWAP: Final = "swap"
"""Complete; after the exchange the name belongs to the file that came out."""
JOURNAL: Final = "journal"
"""Complete, and kept until the file has been rewritten in place."""

SETTLE_PATIENCE: Final = 2.0
"""Seconds to wait for somebody who has a file open for writing that has lost its name."""
LINGER: Final = 0.05
"""Seconds within which a program that was woken opens the file it waited for."""

_NAME: Final = re.compile(
    r"\.tldash-(?P<host>[0-9a-f]{8})-(?P<pid>\d+)-[0-9a-f]{8}-(?P<kind>part|swap|journal)"
    r"-(?P<before>[0-9a-f]{16})-(?P<after>[0-9a-f]{16})-(?P<name>.*)\.tmp",
    re.DOTALL,
)
_cleared: Final[set[tuple[int, int]]] = set()


@dataclass(slots=True)
class Draft:
    """A complete temporary file in the folder of the file it is for."""

    name: str
    fd: int
    """Open for reading."""
    status: os.stat_result
    data: bytes
    alike: bool
    """Whether owner, group, mode and extended attributes are those of the original."""
    exposed: bool = False
    """Whether other programs may have found it under the file's own name."""
    needed: bool = False
    """Whether it is the only complete copy."""

    def close(self) -> None:
        """Close the handle; more than once does no harm."""
        if self.fd >= 0:
            with suppress(OSError):
                os.close(self.fd)
            self.fd = -1


def digest(data: bytes) -> str:
    """16 hexadecimal digits."""
    return blake2b(data, digest_size=8).hexdigest()


def _host() -> str:
    node = os.uname().nodename if sys.platform != "win32" else os.environ.get("COMPUTERNAME", "")
    return blake2b(node.encode(), digest_size=4).hexdigest()


def temporary_name(kind: str, original: str, before: bytes = b"", after: bytes = b"") -> str:
    """A name that nobody sees, and that tells the next tldash what it was for."""
    short = os.fsencode(original)[:120].decode("utf-8", "ignore")
    return (
        f".tldash-{_host()}-{os.getpid()}-{token_hex(4)}-{kind}"
        f"-{digest(before)}-{digest(after)}-{short}.tmp"
    )


def make(place: Place, original: int, before: bytes, after: bytes) -> Draft:
    """Write `after` beside the file that `original` has open, and like it in all but content.

    The bytes are on the disk when this returns. Raises OSError; no file is left then.
    """
    status = os.fstat(original)
    name = temporary_name(PART, place.name, before, after)
    fd = place.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        try:
            alike = _make_alike(fd, original, status)
            write_all(fd, after)
            os.fsync(fd)
        finally:
            os.close(fd)
        in_place = status.st_nlink > 1 or not alike
        ready = temporary_name(JOURNAL if in_place else SWAP, place.name, before, after)
        place.replace(name, ready)
        name = ready
        return _reopened(place, name, after, alike)
    except BaseException:
        with suppress(OSError):
            place.remove(name)
        raise


def _reopened(place: Place, name: str, data: bytes, alike: bool) -> Draft:
    fd = place.open(name, os.O_RDONLY)
    try:
        return Draft(name, fd, os.fstat(fd), data, alike)
    except BaseException:
        os.close(fd)
        raise


def write_all(fd: int, data: bytes) -> None:
    """Write every byte. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def settled(fd: int, expected: bytes) -> bool:
    """Whether a file holds `expected` once nobody has it open for writing, or is about to.

    For files that have lost their name, or soon will. Whoever was woken by a lease given back needs
    a moment to open the file, so a new lease is held for that long before the content is believed.
    False as well if somebody keeps the file open.
    """
    until = time.monotonic() + SETTLE_PATIENCE
    while time.monotonic() < until:
        lease = linux.lease(fd)
        if lease is Lease.NONE or (lease is Lease.HELD and not _wanted_soon(fd)):
            return content(fd) == expected
        if lease is Lease.HELD:
            linux.release(fd)
        time.sleep(PAUSE)
    return False


def _wanted_soon(fd: int) -> bool:
    until = time.monotonic() + LINGER
    while time.monotonic() < until:
        if linux.wanted(fd):
            return True
        time.sleep(PAUSE)
    return linux.wanted(fd)


def content(fd: int) -> bytes:
    """What an open file holds now, from its beginning; cut where it is far too long to be ours."""
    chunks = []
    offset = 0
    while offset <= SIZE_LIMIT and (chunk := read_at(fd, SIZE_LIMIT, offset)):
        chunks.append(chunk)
        offset += len(chunk)
    return b"".join(chunks)


if sys.platform == "win32":

    def read_at(fd: int, size: int, offset: int) -> bytes:
        """At most `size` bytes from `offset`."""
        os.lseek(fd, offset, os.SEEK_SET)
        return os.read(fd, size)

    def _make_alike(fd: int, original: int, status: os.stat_result) -> bool:
        return True
else:

    def read_at(fd: int, size: int, offset: int) -> bytes:
        """At most `size` bytes from `offset`."""
        return os.pread(fd, size, offset)

    def _make_alike(fd: int, original: int, status: os.stat_result) -> bool:
        """Give `fd` the owner, group, attributes and mode of `original`; False if it cannot be."""
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
        """The extended attributes, access control lists among them. Raises OSError.

        None where there can be none, or nobody may see them.
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
    """Once for each folder, take away what a killed process of this machine left in it.

    Must be called with the folder locked. What may be somebody's words is kept under a visible
    name; returns those paths. Raises nothing: what cannot be cleared stays, unseen.
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
                if _worthless(place, match):
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


def _worthless(place: Place, match: re.Match[str]) -> bool:
    """Whether every word in a leftover is elsewhere too, or was never anybody's."""
    known = (match["before"], match["after"])
    if match["kind"] == PART:
        return True
    # A journal is needed unless the file it was for is whole; a swapped file unless it is known.
    subject = match["name"] if match["kind"] == JOURNAL else match.string
    try:
        fd = place.open(subject, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return digest(content(fd)) in known
    finally:
        os.close(fd)
