"""Check what the next commit of a git repository adds or changes for listed names.

Reads the index and the objects as they are. No git runs, and no filter of the repository: a file
is checked as git stores it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tldash.formats.private_text import Guard, find_in_name
from tldash.history.git_history import GitHistory
from tldash.history.git_index import read_staged
from tldash.history.git_packs import ObjectError
from tldash.history.git_source import to_source_error
from tldash.model.records import Problem
from tldash.storage.git_files import NoRepository, find_repository
from tldash.storage.source import SourceError
from tldash.storage.walk import is_ours, printable
from tldash.workspace.name_check import check_data, describe_unchecked
from tldash.workspace.root import Root

_BINARY_AFTER: Final = 8000
"""Bytes within which a null byte means that a file is no text, as for git diff."""


def check_staged(part: Root, guard: Guard, index: Path | None) -> Iterator[Problem]:
    """Yield the places in the staged files of a folder, and in their names and folders.

    Raises SourceError if the folder is in no repository, or that is damaged.
    """
    try:
        repository = find_repository(part.path)
        history = GitHistory(repository)
        staged = read_staged(repository, history, index)
    except NoRepository as error:
        raise SourceError(f"{part.path}: {error.message}. {error.hint}".rstrip()) from error
    except ObjectError as error:
        raise to_source_error(error) from error
    paths = dict.fromkeys(above for one in staged for above in _with_folders(printable(one.path)))
    for path in paths:
        yield from find_in_name(part.path_of(path), guard)
    for one in staged:
        path = part.path_of(printable(one.path))
        try:
            data = history.read(one.id)
        except ObjectError as error:
            yield describe_unchecked(path, error.message)
            continue
        if is_ours(one.path) or b"\0" not in data[:_BINARY_AFTER]:
            yield from check_data(data, path, guard)


def _with_folders(path: str) -> Iterator[str]:
    """Yield the folders of a path, and the path."""
    parts = path.split("/")
    return ("/".join(parts[: count + 1]) for count in range(len(parts)))
