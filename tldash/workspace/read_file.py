"""Read one file of an opened folder as a record.

What the file system answers for one file becomes that file's problem, never an exception.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tldash.formats.file_record import FileRecord, digest, read_data, unread
from tldash.model.file_roles import FileRole
from tldash.model.records import Problem, Severity
from tldash.storage.walk import Unreadable, read_bytes


def read_file(
    root: Path, inside: str, path: str, role: FileRole, known: FileRecord | None = None
) -> FileRecord:
    """Read the file at `inside` below `root` as the record of `path`.

    Answers `known`, the record that was made of it before, where the bytes are still the same.
    """
    return read_with(partial(read_bytes, root), inside, path, role, known)


def read_with(
    read: Callable[[str], bytes],
    inside: str,
    path: str,
    role: FileRole,
    known: FileRecord | None = None,
) -> FileRecord:
    """As `read_file`, where `read` answers with the bytes of `inside`, or raises `Unreadable`."""
    try:
        data = read(inside)
    except Unreadable as error:
        problem = Problem(path, 1, 1, Severity.ERROR, error.code, error.message, error.hint)
        fresh = unread(path, role, None, problem)
        return known if known == fresh else fresh
    if known is not None and known.role is role and known.digest == digest(data):
        return known
    return read_data(data, path, role)
