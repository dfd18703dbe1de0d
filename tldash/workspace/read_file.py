"""Read one file of an opened folder as a record."""

from __future__ import annotations

from collections.abc import Callable

from tldash.formats.file_record import FileRecord, digest, read_data, unread
from tldash.model.file_roles import FileRole
from tldash.model.records import Problem, Severity
from tldash.storage.safe_open import Unreadable


def read_record(
    read: Callable[[str], bytes],
    inside: str,
    path: str,
    role: FileRole,
    known: FileRecord | None = None,
) -> FileRecord:
    """Read a file as a record. An unreadable file becomes a record with a problem.

    Args:
        read: Returns the bytes of `inside`, or raises `Unreadable`.
        inside: Path of the file relative to its opened folder.
        path: Its workspace path.
        role: Its role.
        known: The record from an earlier read. Returned if the bytes are the same.
    """
    try:
        data = read(inside)
    except Unreadable as error:
        problem = Problem(path, 1, 1, Severity.ERROR, error.code, error.message, error.hint)
        fresh = unread(path, role, None, problem)
        return known if known == fresh else fresh
    if known is not None and known.role is role and known.digest == digest(data):
        return known
    return read_data(data, path, role)
