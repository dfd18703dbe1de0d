"""Read the objects of a git repository by name: commits, trees and blobs, loose or packed.

Every object is checked against its name, so one that is damaged is never taken for another.
"""

from __future__ import annotations

import hashlib
import re
import stat
import zlib
from typing import Final

from tldash.history.git_packs import (
    KINDS,
    OBJECT_LIMIT,
    Cache,
    ObjectError,
    Pack,
    check_size,
    damaged,
)
from tldash.model.frozen import frozen
from tldash.storage.git_files import GitFiles
from tldash.storage.safe_open import Unreadable, describe_error

_PACKS: Final = "objects/pack"
_PACK_LIMIT: Final = 200
"""Packs that are open at once, with two files each. git packs them together from 50 on."""
_HEAD: Final = 32
"""Bytes that have the kind and the size of a loose object."""

_SUBMODULE: Final = 0o160000
_NAME: Final = re.compile(r"[0-9a-f]{40}")
_PERSON: Final = re.compile(
    rb"(?P<name>[^<]*)<(?P<email>[^>]*)>[ ]?(?P<time>-?\d{1,18})?(?:[ ][-+]\d+)?.*", re.DOTALL
)
_LAST_SECOND: Final = 253_402_100_000
"""Near the end of the year 9999, in seconds since 1970: a date in every time zone."""


@frozen
class Commit:
    """A commit. Times are in seconds since 1970; 0 if they are not numbers."""

    name: str
    """Its SHA-1 in hexadecimal digits."""
    tree: str
    parents: tuple[str, ...]
    author: str
    email: str
    author_time: int
    committer_time: int
    subject: str
    """The first paragraph of its message, on one line."""


@frozen
class TreeEntry:
    """A name in a tree."""

    name: str
    """As the operating system has it: bytes that are not UTF-8 are surrogates."""
    mode: int
    """As in `st_mode`; S_IFDIR is a tree."""
    id: str

    @property
    def is_tree(self) -> bool:
        return stat.S_ISDIR(self.mode)

    @property
    def is_file(self) -> bool:
        return stat.S_ISREG(self.mode)

    @property
    def is_submodule(self) -> bool:
        return stat.S_IFMT(self.mode) == _SUBMODULE


def is_name(text: str) -> bool:
    """Whether this is the full name of an object."""
    return _NAME.fullmatch(text) is not None


class ObjectStore:
    """The objects of a repository. Every read raises ObjectError if there is a problem.

    What other repositories have is not read, nor are replacements: `objects/info/alternates`,
    `refs/replace` and grafts have no effect.
    """

    def __init__(self, files: GitFiles) -> None:
        self._files = files
        self._cache = Cache()
        self._packs: dict[str, Pack] | None = None

    def commit(self, name: str) -> Commit:
        """Read a commit."""
        return parse_commit(name, self._read(name, "commit", OBJECT_LIMIT))

    def tree(self, name: str) -> tuple[TreeEntry, ...]:
        """Read a tree."""
        return parse_tree(self._read(name, "tree", OBJECT_LIMIT))

    def blob(self, name: str, limit: int) -> bytes:
        """Read a blob of `limit` bytes at most."""
        return self._read(name, "blob", limit)

    def _read(self, name: str, kind: str, limit: int) -> bytes:
        try:
            found, data = (
                self._packed(name, limit) or self._loose(name, limit) or self._new(name, limit)
            )
        except OSError as error:
            raise damaged(f"an object cannot be read ({describe_error(error)})") from error
        except Unreadable as error:
            raise damaged(f"an object cannot be read ({error.message})") from error
        digest = hashlib.sha1(b"%s %d\0" % (found.encode(), len(data)), usedforsecurity=False)
        digest.update(data)
        if found != kind or digest.hexdigest() != name:
            raise damaged(f"{kind} {name} has another content")
        return data

    def _new(self, name: str, limit: int) -> tuple[str, bytes]:
        """Look for an object in packs that git has written since the others were opened."""
        known = self._packs
        self._packs = None
        if self._open_packs().keys() != (known or {}).keys():
            found = self._packed(name, limit)
            if found is not None:
                return found
        raise ObjectError("missing", f"object {name} is not on this machine")

    def _packed(self, name: str, limit: int) -> tuple[str, bytes] | None:
        wanted = bytes.fromhex(name)
        for pack in self._open_packs().values():
            offset = pack.find(wanted)
            if offset is not None:
                return pack.read(offset, limit)
        return None

    def _open_packs(self) -> dict[str, Pack]:
        if self._packs is None:
            names = {*self._files.list(_PACKS)}
            found = sorted(
                stem
                for name in names
                if name.endswith(".idx") and f"{(stem := name[:-4])}.pack" in names
            )
            if len(found) > _PACK_LIMIT:
                raise ObjectError(
                    "unsupported", f"the git repository has more than {_PACK_LIMIT} packs"
                )
            packs = {stem: self._open_pack(stem) for stem in found}
            self._packs = {stem: pack for stem, pack in packs.items() if pack is not None}
        return self._packs

    def _open_pack(self, stem: str) -> Pack | None:
        """Open a pack; None if git has removed it since it was listed."""
        try:
            index = self._files.open(f"{_PACKS}/{stem}.idx")
            return Pack(stem, index, self._files.open(f"{_PACKS}/{stem}.pack"), self._cache)
        except Unreadable as error:
            if error.code == "gone":
                return None
            raise

    def _loose(self, name: str, limit: int) -> tuple[str, bytes] | None:
        # Deflate adds 5 bytes to each 16 KB that it cannot make smaller.
        try:
            data = self._files.read(f"objects/{name[:2]}/{name[2:]}", limit + limit // 1024 + 1024)
        except Unreadable as error:
            if error.code == "too-large":
                check_size(limit + 1, limit)
            raise
        return None if data is None else parse_loose(data, limit)


def parse_loose(data: bytes, limit: int) -> tuple[str, bytes]:
    """Inflate a loose object: kind and size, a null byte, the content. Raises ObjectError."""
    stream = zlib.decompressobj()
    try:
        start = stream.decompress(data, _HEAD)
        head, null, content = start.partition(b"\0")
        kind, _, digits = head.decode("latin-1").partition(" ")
        if not null or kind not in KINDS.values() or not digits.isdecimal():
            raise damaged("a loose object has an unknown type")
        size = int(digits)
        check_size(size, limit)
        left = size + 1 - len(content)
        if left > 0:
            content += stream.decompress(stream.unconsumed_tail, left)
    except zlib.error as error:
        raise damaged(f"an object cannot be inflated ({error})") from error
    if len(content) != size or not stream.eof:
        raise damaged("an object has another size than it declares")
    return kind, content


def parse_commit(name: str, data: bytes) -> Commit:
    """Parse a commit (git-commit-tree(1)). Raises ObjectError if it has no tree.

    Text that is not UTF-8 is read as ISO 8859-1.
    """
    head, _, message = data.partition(b"\n\n")
    fields: dict[str, list[bytes]] = {}
    for line in head.split(b"\n"):
        key, _, value = line.partition(b" ")  # lines of a signature start with a space
        fields.setdefault(key.decode("latin-1"), []).append(value)
    trees = [one.decode("latin-1") for one in fields.get("tree", ())]
    parents = tuple(one.decode("latin-1") for one in fields.get("parent", ()))
    if len(trees) != 1 or not all(map(is_name, (*trees, *parents))):
        raise damaged(f"commit {name} is malformed")
    author, email, authored = _parse_person(fields.get("author", [b""])[0])
    committed = _parse_person(fields.get("committer", [b""])[0])[2]
    paragraph = message.strip(b"\n").partition(b"\n\n")[0]
    subject = " ".join(_text(paragraph).split())
    return Commit(name, trees[0], parents, author, email, authored, committed, subject)


def _parse_person(value: bytes) -> tuple[str, str, int]:
    """Parse `Name <address> seconds zone`, as far as it is one."""
    match = _PERSON.fullmatch(value)
    if match is None:
        return _text(value).strip(), "", 0
    seconds = min(max(int(match["time"] or 0), 0), _LAST_SECOND)
    return _text(match["name"]).strip(), _text(match["email"]).strip(), seconds


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


_TREE_ENTRY: Final = re.compile(rb"([0-7]{0,7}) ([^\0]*)\0(.{20})", re.DOTALL)
_NO_NAMES: Final = frozenset({"", ".", ".."})


def parse_tree(data: bytes) -> tuple[TreeEntry, ...]:
    """Parse a tree: for each entry its mode, a space, its name, a null byte, its SHA-1.

    Raises ObjectError, also for names that no folder can have and for names that occur twice.
    """
    entries = _TREE_ENTRY.findall(data)
    if sum([len(mode) + len(name) + 22 for mode, name, _ in entries]) != len(data):
        raise damaged("a tree is malformed")
    found = [
        TreeEntry(name.decode("utf-8", "surrogateescape"), int(mode or b"0", 8), digest.hex())
        for mode, name, digest in entries
    ]
    names = {entry.name for entry in found}
    if len(names) < len(found) or names & _NO_NAMES or any("/" in name for name in names):
        raise damaged("a tree has a name that no folder can have")
    return tuple(found)
