"""Read objects from the packs of a git repository.

The format is that of gitformat-pack(5): an index of version 2, and a pack of version 2 or 3 with
whole objects and deltas. Written here because dulwich, the usual library for it, cannot be given
limits: `unpack_object` inflates whatever size an object declares, and `apply_delta` allocates the
size that a delta declares, before anything can check it. Its import takes 0.13 s of processor time,
half as much again as `tldash status`, and it installs a network library.

Every size is checked before anything of that size is made. Nothing recurses.
"""

from __future__ import annotations

import struct
import threading
import zlib
from collections import OrderedDict
from typing import Final

from tldash.model.frozen import frozen
from tldash.storage.git_files import PartFile

OBJECT_LIMIT: Final = 16 * 1024 * 1024
"""Bytes of the largest object that is unpacked. A list of 200,000 names has 8 million."""
_CHAIN_LIMIT: Final = 4096
"""Deltas on top of each other. git writes 50, and at most 4095."""
_WORK_LIMIT: Final = 256 * 1024 * 1024
"""Bytes that all steps of one chain may make: 50 steps of a note of 2 MB are 100 MB."""
_CACHE_LIMIT: Final = 32 * 1024 * 1024
"""Bytes of unpacked objects that are kept, since most are the base of others."""
_BLOCK: Final = 128
"""Names of an index that are read at once."""
_CHUNK: Final = 64 * 1024

_INDEX_START: Final = b"\xfftOc\x00\x00\x00\x02"
_FANOUT: Final = len(_INDEX_START)
_NAMES: Final = _FANOUT + 256 * 4
_NAME: Final = 20
"""Bytes of an SHA-1 name."""
_TRAILER: Final = 2 * _NAME
_FAR: Final = 0x80000000
"""Marks an offset that is in the table of 64-bit offsets."""

KINDS: Final = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
_OFFSET_DELTA: Final = 6
_NAME_DELTA: Final = 7


class ObjectError(Exception):
    """An object that cannot be read. Codes: `missing`, `damaged`, `too-large`, `unsupported`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def damaged(what: str) -> ObjectError:
    """Return the error for data that git did not write so."""
    return ObjectError("damaged", f"the git repository is damaged: {what}")


def check_size(size: int, limit: int) -> None:
    """Raise ObjectError if an object of this size is too large."""
    if size > limit:
        raise ObjectError("too-large", f"an object in git is larger than {limit:,} bytes")


class Cache:
    """Unpacked objects by the name of their pack and their offset, the latest ones.

    Several threads may read the history at once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], tuple[str, bytes]] = OrderedDict()
        self._size = 0

    def get(self, key: tuple[str, int]) -> tuple[str, bytes] | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: tuple[str, int], kind: str, data: bytes) -> None:
        with self._lock:
            if len(data) > _CACHE_LIMIT // 8 or key in self._kept:
                return
            self._kept[key] = kind, data
            self._size += len(data)
            while self._size > _CACHE_LIMIT:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._size -= len(dropped)


@frozen
class _Stored:
    """An object or a delta as it is in a pack."""

    at: int
    """Offset of its header."""
    kind: int
    size: int
    """Bytes, inflated."""
    data: int
    """Offset of the deflated bytes."""
    base: int
    """Offset of what a delta applies to; 0 for a whole object."""


class Pack:
    """A pack and its index."""

    def __init__(self, name: str, index: PartFile, pack: PartFile, cache: Cache) -> None:
        """Open a pack. `name` distinguishes it in the cache. Raises ObjectError or OSError."""
        self._name = name
        self._index = index
        self._pack = pack
        self._cache = cache
        start = index.read(0, _NAMES)
        if len(start) < _NAMES or not start.startswith(_INDEX_START):
            raise damaged("the index of a pack has an unknown format")
        self._fanout = struct.unpack_from(">256I", start, _FANOUT)
        self._count = self._fanout[-1]
        self._sums = _NAMES + self._count * _NAME
        self._offsets = self._sums + self._count * 4
        self._far = self._offsets + self._count * 4
        if list(self._fanout) != sorted(self._fanout) or index.size < self._far + _TRAILER:
            raise damaged("the index of a pack is incomplete")
        if pack.read(0, 8) not in (b"PACK\0\0\0\x02", b"PACK\0\0\0\x03"):
            raise damaged("a pack has an unknown format")

    def find(self, name: bytes) -> int | None:
        """Return the offset of an object; None if it is not in this pack."""
        low = self._fanout[name[0] - 1] if name[0] else 0
        high = self._fanout[name[0]]
        while high - low > _BLOCK:
            middle = (low + high) // 2
            if self._index.read(_NAMES + middle * _NAME, _NAME) <= name:
                low = middle
            else:
                high = middle
        names = self._index.read(_NAMES + low * _NAME, (high - low) * _NAME)
        at = names.find(name)
        while at >= 0 and at % _NAME:  # the end of one name and the start of the next
            at = names.find(name, at + 1)
        return None if at < 0 else self._offset(low + at // _NAME)

    def _offset(self, position: int) -> int:
        offset = self._integer_at(self._offsets + position * 4, 4)
        if offset & _FAR:
            offset = self._integer_at(self._far + (offset ^ _FAR) * 8, 8)
        return offset

    def _integer_at(self, at: int, size: int) -> int:
        found = self._index.read(at, size)
        if len(found) < size:
            raise damaged("the index of a pack is incomplete")
        return int.from_bytes(found, "big")

    def read(self, offset: int, limit: int) -> tuple[str, bytes]:
        """Return the kind and the bytes of the object at an offset. Raises ObjectError, OSError."""
        chain: list[_Stored] = []
        at = offset
        while (found := self._cache.get((self._name, at))) is None:
            stored = self._stored(at)
            check_size(stored.size, OBJECT_LIMIT if chain or stored.base else limit)
            if not stored.base:
                found = KINDS[stored.kind], self._inflate(stored)
                self._cache.put((self._name, at), *found)
                break
            if not chain:
                check_size(self._result_size(stored), limit)
            chain.append(stored)
            if len(chain) > _CHAIN_LIMIT:
                raise damaged("too many deltas on top of each other")
            at = stored.base
        kind, data = found
        check_size(len(data), OBJECT_LIMIT if chain else limit)
        work = 0
        for stored in reversed(chain):
            delta = self._inflate(stored)
            data = apply_delta(data, delta, OBJECT_LIMIT)
            work += len(delta) + len(data)
            check_size(work, _WORK_LIMIT)
            self._cache.put((self._name, stored.at), kind, data)
        return kind, data

    def _stored(self, at: int) -> _Stored:
        """Parse the header of an object or a delta."""
        head = self._pack.read(at, 64)
        end = self._pack.size - _NAME
        if at < 12 or at >= end or not head:
            raise damaged("an object is outside of its pack")
        kind = head[0] >> 4 & 7
        size = head[0] & 15
        more, length = parse_size(head, 1) if head[0] & 0x80 else (0, 1)
        size |= more << 4
        base = 0
        if kind == _OFFSET_DELTA:
            back, length = _parse_back(head, length)
            base = at - back
        elif kind == _NAME_DELTA:
            name = head[length : length + _NAME]
            length += _NAME
            base = (self.find(name) if len(name) == _NAME else None) or 0
        if kind in (_OFFSET_DELTA, _NAME_DELTA):
            if base <= 0:
                raise damaged("the base of a delta is missing")
        elif kind not in KINDS:
            raise damaged("an object has an unknown type")
        return _Stored(at, kind, size, at + length, base)

    def _inflate(self, stored: _Stored) -> bytes:
        return inflate(self._pack, stored.data, stored.size)

    def _result_size(self, stored: _Stored) -> int:
        """Return the size that a delta declares for its result, from its first bytes."""
        start = inflate(self._pack, stored.data, min(stored.size, 32), whole=False)
        _, at = parse_size(start, 0)
        return parse_size(start, at)[0]


def inflate(file: PartFile, at: int, size: int, *, whole: bool = True) -> bytes:
    """Inflate `size` bytes of the zlib stream at an offset, all of it if `whole`.

    Never makes more than `size` bytes. Raises ObjectError.
    """
    stream = zlib.decompressobj()
    parts: list[bytes] = []
    left = size + 1 if whole else size
    wanted = min(size + 64, _CHUNK)
    try:
        while left > 0 and not stream.eof:
            chunk = stream.unconsumed_tail or file.read(at, wanted)
            if not chunk:
                break
            if not stream.unconsumed_tail:
                at += len(chunk)
                wanted = _CHUNK
            parts.append(stream.decompress(chunk, left))
            left -= len(parts[-1])
    except zlib.error as error:
        raise damaged(f"an object cannot be inflated ({error})") from error
    data = b"".join(parts)
    if len(data) != size or (whole and not stream.eof):
        raise damaged("an object has another size than it declares")
    return data


def parse_size(data: bytes, at: int) -> tuple[int, int]:
    """Parse a size of 7 bits per byte, the lowest first. Returns it and the position after it."""
    size = shift = 0
    while True:
        if at >= len(data) or shift > 56:
            raise damaged("a size is incomplete")
        size |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not data[at - 1] & 0x80:
            return size, at


def _parse_back(data: bytes, at: int) -> tuple[int, int]:
    """Parse the distance to the base of a delta, in which each further byte adds one."""
    back = -1
    while True:
        if at >= len(data) or back > 1 << 56:
            raise damaged("a distance is incomplete")
        back = back + 1 << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            return back, at


def apply_delta(base: bytes, delta: bytes, limit: int) -> bytes:
    """Return the object that a delta makes of its base.

    A delta is the two sizes, then instructions: a byte with the highest bit copies from the base,
    another one inserts so many bytes of the delta. Raises ObjectError.
    """
    size, at = parse_size(delta, 0)
    if size != len(base):
        raise damaged("a delta is for another object")
    size, at = parse_size(delta, at)
    check_size(size, limit)
    made, end = bytearray(), len(delta)
    while at < end:
        what = delta[at]
        at += 1
        if what & 0x80:
            start, length, at = _parse_copy(delta, at, what)
            part = base[start : start + length]
        else:
            length = what
            part = delta[at : at + length]
            at += length
        if not length or len(part) != length or len(made) + length > size:
            raise damaged("a delta has an instruction that cannot be followed")
        made += part
    if len(made) != size:
        raise damaged("a delta is incomplete")
    return bytes(made)


def _parse_copy(delta: bytes, at: int, what: int) -> tuple[int, int, int]:
    """Parse a copy instruction: start and length in the base, and the position after it.

    The bits of `what` tell which bytes of the two numbers follow; the others are 0.
    """
    values = [0] * 7
    for bit in range(7):
        if what >> bit & 1:
            if at >= len(delta):
                raise damaged("a delta is incomplete")
            values[bit] = delta[at]
            at += 1
    start = int.from_bytes(bytes(values[:4]), "little")
    return start, int.from_bytes(bytes(values[4:]), "little") or 0x10000, at
