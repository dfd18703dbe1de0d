"""Search the text of all files of an opened folder.

A file is parsed only if its outline does not tell what the places in it are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tldash.formats.file_record import read_data
from tldash.formats.text import BOM, NotText, decode, unify_line_ends
from tldash.model.file_roles import FileRole
from tldash.model.places import Place, PlaceKind
from tldash.model.word_search import Hit, Query
from tldash.storage import walk
from tldash.storage.layout import detect_layout
from tldash.workspace.builder import root_id
from tldash.workspace.place_kinds import find_kinds
from tldash.workspace.root import Root

_DATED_HEADING: Final = re.compile(rb"^[ ]{0,3}#[^\n]*\d", re.MULTILINE)
"""What each note has whose headings are sessions."""


def search(root: Root, query: Query) -> Iterator[Place]:
    """Yield the places with all words of a query, by path and line.

    Walks the folder and reads every file afresh. Skips what is not readable as text.
    """
    files = root.source.walk().files
    own = sorted(path for path in files if walk.find_original(path, files) is None)
    layout = detect_layout(own)
    running: set[str] = set()
    found: list[tuple[str, list[tuple[Hit, PlaceKind]]]] = []
    with root.source.reader() as reader:
        for path in own:
            role = layout.roles.get(path, FileRole.NOTE)
            try:
                data = reader.read(path)
                if role is FileRole.NOTE and _is_running(data, path):
                    running.add(path)
                if query.may_match(data) and (hits := _find(data, path, role, query)):
                    found.append((path, hits))
            except (walk.Unreadable, NotText):
                continue
    if running:
        layout = detect_layout(own, running)
    layout = layout.below(root.label)
    of_root = root_id(root.builder.name, layout)
    for inside, hits in found:
        path = root.path_of(inside)
        owner = layout.owners.get(path)
        lead = owner or of_root if owner is not None else ""
        for hit, kind in hits:
            yield Place(path, hit.line, hit.column, kind, lead, hit.text.strip())


def _is_running(data: bytes, path: str) -> bool:
    """Return whether a note has several sessions."""
    if _DATED_HEADING.search(data) is None:
        return False
    return bool(read_data(data, path, FileRole.NOTE).dated)


def _find(data: bytes, path: str, role: FileRole, query: Query) -> list[tuple[Hit, PlaceKind]]:
    """Return the places in a file, each with its kind. Raises NotText."""
    text = unify_line_ends(decode(data).removeprefix(BOM))
    hits = [*query.find(text)]
    if not hits:
        return []
    kind_at = find_kinds(data, path, role)
    return [(hit, kind_at(hit.block, hit.begin)) for hit in hits]
