"""Check the files of an opened folder for listed names and the contacts of others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tldash.formats.private_text import Guard, decode_anyhow, find_in_name, find_places
from tldash.model.contacts import find_emails
from tldash.model.name_search import NameFinder
from tldash.model.records import Problem, Severity, Workspace
from tldash.storage.safe_open import Unreadable
from tldash.storage.source import FileReader
from tldash.workspace.root import Root

_HINT: Final = "make it readable, or look through it yourself"


def make_guard(names: NameFinder, workspace: Workspace) -> Guard:
    """Return what must not stand in the files of a workspace.

    The email addresses of leads and coaches in `lead.md` may.
    """
    known: set[str] = set()
    for lead in (*workspace.leads, *workspace.unlisted):
        known.update(find_emails(f"{lead.email or ''} {lead.coach or ''}"))
    return Guard(names, frozenset(known))


def check_files(part: Root, guard: Guard) -> Iterator[Problem]:
    """Yield the places in the files of a folder, and in the names of its files and folders.

    A file that cannot be read is a problem, since it may have any name in it.
    """
    for path in (*part.tree.folders, *part.tree.files):
        yield from find_in_name(part.path_of(path), guard)
    with part.source.reader() as reader:
        for inside in part.tree.files:
            yield from check_file(inside, part.path_of(inside), reader, guard)


def check_file(inside: str, path: str, reader: FileReader, guard: Guard) -> Iterator[Problem]:
    """Yield the places in the text of a file, which is at `inside` for the reader."""
    try:
        data = reader.read(inside)
    except Unreadable as error:
        yield describe_unchecked(path, error.message)
    else:
        yield from check_data(data, path, guard)


def check_data(data: bytes, path: str, guard: Guard) -> Iterator[Problem]:
    """Yield the places in the bytes of a file."""
    return (place.problem for place in find_places(decode_anyhow(data), path, guard))


def describe_unchecked(path: str, reason: str) -> Problem:
    """Return the problem of a file that was not searched for names."""
    message = f"not searched for names: {reason}"
    return Problem(path, 1, 1, Severity.ERROR, "private-unchecked", message, _HINT)
