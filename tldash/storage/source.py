"""Where the files of an opened folder come from: the disk, or another store of the same shape."""

from __future__ import annotations

import stat
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from tldash.storage.safe_open import WRITER_PATIENCE, Reader, is_being_written, read_bytes
from tldash.storage.walk import Stamp, Tree, make_stamp, walk


class SourceError(Exception):
    """A source that is damaged as a whole. The message is a sentence, with the way out."""


class FileReader(Protocol):
    """Reads many files of a source."""

    def read(self, path: str) -> bytes:
        """Read the file at a relative POSIX path. Raises `Unreadable`, or SourceError."""


class Source(Protocol):
    """The files of an opened folder. Paths are POSIX paths relative to it.

    `walk` and every read raise SourceError if the source is damaged as a whole. The disk never is.
    """

    def walk(self) -> Tree:
        """List the Markdown and YAML files, as `tldash.storage.walk.walk` does."""

    def reader(self) -> AbstractContextManager[FileReader]:
        """Return what reads many files in a row."""

    def read(self, path: str, patience: float = WRITER_PATIENCE) -> bytes:
        """Read a file, as `read_bytes` does. Raises `Unreadable`."""

    def stamp(self, path: str) -> Stamp | None:
        """Return the stamp of a regular file; None for anything else, links included."""

    def is_being_written(self, path: str, patience: float = 0.0) -> bool:
        """Whether another program has a file open for writing."""


class DiskSource:
    """The files of a folder on disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def walk(self) -> Tree:
        return walk(self._root)

    def reader(self) -> Reader:
        return Reader(self._root)

    def read(self, path: str, patience: float = WRITER_PATIENCE) -> bytes:
        return read_bytes(self._root, path, patience=patience)

    def stamp(self, path: str) -> Stamp | None:
        try:
            status = (self._root / path).lstat()
        except (OSError, ValueError):
            return None
        return make_stamp(status) if stat.S_ISREG(status.st_mode) else None

    def is_being_written(self, path: str, patience: float = 0.0) -> bool:
        return is_being_written(self._root, path, patience)
