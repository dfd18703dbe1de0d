"""Search the text of all files of an opened folder. Only files with the words are parsed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from tldash.formats.file_record import FileRecord, read_data
from tldash.formats.markdown.body import kind_of
from tldash.formats.text import BOM, NotText, decode, split_lines
from tldash.formats.yaml.session import is_topic
from tldash.model.file_roles import FileRole, is_yaml
from tldash.model.places import Place, PlaceKind
from tldash.model.records import ItemKind, Task
from tldash.model.word_search import Hit, Query
from tldash.storage import walk
from tldash.storage.layout import detect_layout
from tldash.workspace.builder import root_id
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
    found: list[tuple[str, Hit, PlaceKind]] = []
    with root.source.reader() as reader:
        for path in own:
            role = layout.roles.get(path, FileRole.NOTE)
            try:
                data = reader.read(path)
                if role is FileRole.NOTE and _is_running(data, path):
                    running.add(path)
                if query.may_match(data):
                    found.extend((path, *hit) for hit in _find(data, path, role, query))
            except (walk.Unreadable, NotText):
                continue
    if running:
        layout = detect_layout(own, running)
    layout = layout.below(root.label)
    of_root = root_id(root.builder.name, layout)
    for inside, hit, kind in found:
        path = root.path_of(inside)
        owner = layout.owners.get(path)
        lead = owner or of_root if owner is not None else ""
        yield Place(path, hit.line, hit.column, kind, lead, hit.text.strip())


def _is_running(data: bytes, path: str) -> bool:
    """Return whether a note has several sessions."""
    if _DATED_HEADING.search(data) is None:
        return False
    return bool(read_data(data, path, FileRole.NOTE).dated)


def _find(data: bytes, path: str, role: FileRole, query: Query) -> Iterator[tuple[Hit, PlaceKind]]:
    """Yield the places in a file, each with its kind. Raises NotText."""
    hits = [*query.find(split_lines(decode(data).removeprefix(BOM)))]
    if hits:
        kinds = Kinds(read_data(data, path, role))
        yield from ((hit, kinds.find(hit.block)) for hit in hits)


class Kinds:
    """Finds what the lines of a file are."""

    def __init__(self, record: FileRecord) -> None:
        self._record = record
        self._tasks = {task.line: task for task in record.tasks}
        self._goals = {goal.line for goal in record.goals}
        self._keys = sorted((line, name) for name, line in record.keys)

    def find(self, line: int) -> PlaceKind:
        """Return what the block is that begins at a line."""
        record = self._record
        if (task := self._tasks.get(line)) is not None:
            return _kind_of_task(task, record.role)
        if line in self._goals:
            return PlaceKind.GOAL
        if is_yaml(record.path):
            at = bisect_right(self._keys, (line, "\U0010ffff"))
            key = self._keys[at - 1][1] if at else ""
            return PlaceKind.NOTES if key == "notes" else PlaceKind.FIELD
        return PlaceKind.FIELD if line < record.body_line else PlaceKind.NOTES


def _kind_of_task(task: Task, role: FileRole) -> PlaceKind:
    if role is FileRole.SKILLS:
        return PlaceKind.MARKER
    if task.yaml_path:
        return PlaceKind.TOPIC if is_topic(task) else PlaceKind.ACTION
    kind = kind_of(task.section)
    return PlaceKind(kind.value) if kind in (ItemKind.TOPIC, ItemKind.GOAL) else PlaceKind.ACTION
