"""Read the index of a git repository: the files that the next commit will have.

The format is that of gitformat-index(5), versions 2 to 4 with SHA-1 names. Nothing here runs git.
An index that refers to another one (`core.splitIndex`) is not supported. A folder outside a sparse
checkout counts as unchanged.
"""

from __future__ import annotations

import hashlib
import stat
import struct
from pathlib import Path
from typing import Final

from tldash.history.git_history import GitHistory
from tldash.history.git_packs import ObjectError, damaged
from tldash.model.frozen import frozen
from tldash.storage.git_files import GitFiles, Repository
from tldash.storage.safe_open import Unreadable, is_contained
from tldash.storage.walk import ENTRY_LIMIT

_INDEX_LIMIT: Final = 64 * 1024 * 1024
"""Bytes of an index. An entry has about a hundred."""
_HEADER: Final = struct.Struct(">4sII")
_FIXED: Final = struct.Struct(">24xI12x20sH")
"""The mode, the name of the blob and the flags of an entry, after two times and two numbers."""
_CHECKSUM: Final = 20
_NO_CHECKSUM: Final = b"\0" * _CHECKSUM
"""With `index.skipHash`."""
_EXTENDED: Final = 0x4000
_INTENT_TO_ADD: Final = 0x2000
"""In the extended flags: `git add -N`, which stages a name without content."""


@frozen
class StagedFile:
    """A file in the index."""

    path: str
    """Relative to the top of the work tree. Bytes that are not UTF-8 are surrogates."""
    mode: int
    """As in `st_mode`."""
    id: str
    """Name of the blob."""


def read_staged(
    repository: Repository, history: GitHistory, index: Path | None = None
) -> list[StagedFile]:
    """Return the files of a folder that the next commit adds or changes, by path.

    Paths are relative to the folder. Submodules are left out.

    Args:
        repository: The repository of the folder.
        history: The history of the folder.
        index: An index in the place of the usual one, as git names it to its hooks in
            GIT_INDEX_FILE. It must be in the folder of the repository.

    Raises:
        ObjectError: The repository is damaged, or its index is too large or of another kind.
    """
    files = GitFiles(repository)
    name = _name_in(repository, index) if index is not None else "index"
    try:
        data = files.read_own(name, _INDEX_LIMIT)
    except Unreadable as error:
        raise damaged(f"its index cannot be read ({error.message})") from error
    entries = parse_index(data) if data is not None else []
    prefix = f"{repository.inside}/" if repository.inside else ""
    committed = _Committed(history)
    return [
        StagedFile(entry.path[len(prefix) :], entry.mode, entry.id)
        for entry in entries
        if entry.path.startswith(prefix) and committed.differs(entry.path[len(prefix) :], entry)
    ]


def _name_in(repository: Repository, index: Path) -> str:
    try:
        return index.resolve().relative_to(repository.own).as_posix()
    except (OSError, ValueError, RuntimeError):
        raise ObjectError("unsupported", f"the index {index} is not in the repository") from None


class _Committed:
    """The files of a folder as the commit that is checked out has them."""

    def __init__(self, history: GitHistory) -> None:
        self._history = history
        commit = next(history.commits(), None)
        tree = history.folder(commit) if commit is not None else None
        self._trees: dict[str, dict[str, tuple[int, str]]] = {"": self._list(tree)}

    def _list(self, tree: str | None) -> dict[str, tuple[int, str]]:
        if tree is None:
            return {}
        return {entry.name: (entry.mode, entry.id) for entry in self._history.tree(tree)}

    def _folder(self, path: str) -> dict[str, tuple[int, str]]:
        if path not in self._trees:
            above, _, name = path.rpartition("/")
            mode, tree = self._folder(above).get(name, (0, ""))
            self._trees[path] = self._list(tree if stat.S_ISDIR(mode) else None)
        return self._trees[path]

    def differs(self, path: str, entry: StagedFile) -> bool:
        """Return whether the commit has something else at a path than the index."""
        folder, _, name = path.rpartition("/")
        return self._folder(folder).get(name) != (entry.mode, entry.id)


def parse_index(data: bytes) -> list[StagedFile]:
    """Parse an index: its regular files and links, in its order. Raises ObjectError.

    Of a file with an unresolved merge, all sides are returned.
    """
    if len(data) < _HEADER.size + _CHECKSUM:
        raise damaged("its index is too short")
    signature, version, count = _HEADER.unpack_from(data)
    if signature != b"DIRC" or version not in (2, 3, 4):
        raise ObjectError("unsupported", "the index of the git repository is of an unknown version")
    body, checksum = data[:-_CHECKSUM], data[-_CHECKSUM:]
    expected = hashlib.sha1(body, usedforsecurity=False).digest()
    if checksum not in (_NO_CHECKSUM, expected):
        raise damaged("its index has another content than it declares, or uses SHA-256")
    if count > ENTRY_LIMIT:
        raise ObjectError("too-large", f"the git repository has more than {ENTRY_LIMIT:,} files")
    parser = _Parser(body, version)
    found = [entry for _ in range(count) if (entry := parser.read_entry()) is not None]
    parser.check_extensions()
    if not all(is_contained(entry.path) for entry in found):
        raise damaged("its index has a path that no folder can have")
    return found


class _Parser:
    """Parse the entries of an index, one after the other."""

    def __init__(self, body: bytes, version: int) -> None:
        self._body = body
        self._version = version
        self._at = _HEADER.size
        self._path = b""
        """The path of the entry before, whose start the next one of version 4 shares."""

    def read_entry(self) -> StagedFile | None:
        """Read an entry; None for a submodule, a folder, or a name without content."""
        begin = self._at
        try:
            mode, name, flags = _FIXED.unpack_from(self._body, begin)
            self._at += _FIXED.size
            extended = 0
            if flags & _EXTENDED and self._version > 2:
                (extended,) = struct.unpack_from(">H", self._body, self._at)
                self._at += 2
            cut = self._read_number() if self._version == 4 else len(self._path)
        except (struct.error, IndexError):
            raise damaged("its index ends in an entry") from None
        end = self._body.find(b"\0", self._at)
        if end < 0 or cut > len(self._path):
            raise damaged("its index has a malformed entry")
        self._path = self._path[: len(self._path) - cut] + self._body[self._at : end]
        # Up to version 3, null bytes fill an entry up to a multiple of eight bytes.
        self._at = end + 1 if self._version == 4 else begin + (end - begin) // 8 * 8 + 8
        if extended & _INTENT_TO_ADD or stat.S_IFMT(mode) not in (stat.S_IFREG, stat.S_IFLNK):
            return None
        return StagedFile(self._path.decode("utf-8", "surrogateescape"), mode, name.hex())

    def _read_number(self) -> int:
        """Read a number of variable length, as in packs for the offset of a delta."""
        byte = self._body[self._at]
        self._at += 1
        value = byte & 127
        while byte & 128:
            byte = self._body[self._at]
            self._at += 1
            value = ((value + 1) << 7) | (byte & 127)
        return value

    def check_extensions(self) -> None:
        """Raise ObjectError if the index has a part that must be understood, and is not."""
        while self._at + 8 <= len(self._body):
            signature = self._body[self._at : self._at + 4]
            (size,) = struct.unpack_from(">I", self._body, self._at + 4)
            if signature == b"link":
                raise ObjectError(
                    "unsupported", "the git repository has a split index, which tldash cannot read"
                )
            if not signature[:1].isupper() and signature != b"sdir":
                raise ObjectError("unsupported", "its index has a part of an unknown kind")
            self._at += 8 + size
