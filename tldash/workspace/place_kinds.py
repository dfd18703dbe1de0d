"""Find what the lines of a file are that a search has found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Final

from tldash.formats.file_record import FileRecord, may_conflict, read_data
from tldash.formats.markdown.body import kind_of
from tldash.formats.markdown.front_matter import find_body
from tldash.formats.markdown.outline import Outline, Unclear
from tldash.formats.text import BOM
from tldash.formats.yaml import load
from tldash.formats.yaml.nodes import key_lines
from tldash.formats.yaml.session import TOPIC_KEYS, find_item_lines, is_topic
from tldash.model.file_roles import FileRole, is_yaml
from tldash.model.places import PlaceKind
from tldash.model.records import ItemKind, Task

KindFinder = Callable[[int, str], PlaceKind]
"""Returns what the block is that begins at a line, given its number and text."""

_KINDS: Final = {
    ItemKind.TOPIC: PlaceKind.TOPIC,
    ItemKind.GOAL: PlaceKind.GOAL,
    ItemKind.ACTION: PlaceKind.ACTION,
}


def find_kinds(data: bytes, path: str, role: FileRole) -> KindFinder:
    """Return a function from a line of a file to its kind, as `kinds_of_record` does.

    Parses the file only for lines whose kind the outline of the file does not tell. The bytes of
    the file are text.
    """
    if may_conflict(data):  # the record of a conflict has one side of it
        return kinds_of_record(read_data(data, path, role))
    try:
        if is_yaml(path):
            return _find_in_yaml(data, path, role)
    except Unclear:
        return kinds_of_record(read_data(data, path, role))
    return _MarkdownKinds(data, path, role).find


class _MarkdownKinds:
    """The kinds of the lines of a Markdown file, which is parsed as little as it takes."""

    def __init__(self, data: bytes, path: str, role: FileRole) -> None:
        self._data, self._path, self._role = data, path, role
        self._body, self._begin, self._body_line = find_body(data, path)
        self._may_have_goals = b"goal" in data.lower()
        self._outline: Outline | None = None
        self._of_record: KindFinder | None = None

    def find(self, line: int, text: str) -> PlaceKind:
        """Return the kind of a line. One without a bracket can only be a goal or text."""
        if not self._may_have_goals and "[" not in text:
            return _kind_of_text(line, self._body_line)
        if self._of_record is not None:
            return self._of_record(line, text)
        try:
            if self._outline is None:
                self._outline = Outline(self._body, self._begin, self._body_line)
            kind = self._outline.kind_at(line, text)
            return _kind_of_item(kind, self._role) if kind else _kind_of_text(line, self._body_line)
        except Unclear:
            self._of_record = kinds_of_record(read_data(self._data, self._path, self._role))
            return self._of_record(line, text)


def kinds_of_record(record: FileRecord) -> KindFinder:
    """Return a function from a line of a file to its kind."""
    tasks = {task.line: task for task in record.tasks}
    goals = {goal.line for goal in record.goals}
    in_yaml = _find_keys(record.keys) if is_yaml(record.path) else None

    def find(line: int, text: str) -> PlaceKind:
        if (task := tasks.get(line)) is not None:
            return _kind_of_task(task, record.role)
        if line in goals:
            return PlaceKind.GOAL
        return in_yaml(line, text) if in_yaml is not None else _kind_of_text(line, record.body_line)

    return find


def _find_in_yaml(data: bytes, path: str, role: FileRole) -> KindFinder:
    """Return a function for the lines of a YAML session. Raises Unclear."""
    if role is not FileRole.SESSION:
        raise Unclear
    text = data.decode().removeprefix(BOM)
    loaded, problems = load.read(text, path)
    if problems or not isinstance(loaded, dict):
        raise Unclear
    items = find_item_lines(text, loaded)
    of_key: list[KindFinder] = []

    def find(line: int, shown: str) -> PlaceKind:
        name = items.get(line)
        if name is None:
            if not of_key:
                of_key.append(_find_keys(key_lines(text)))
            return of_key[0](line, shown)
        return PlaceKind.TOPIC if name in TOPIC_KEYS else PlaceKind.ACTION

    return find


def _find_keys(lines_of_keys: Sequence[tuple[str, int]]) -> KindFinder:
    """Return a function from a line of YAML to its kind, by the top-level key that it is below."""
    keys = sorted((line, name) for name, line in lines_of_keys)

    def find(line: int, _: str) -> PlaceKind:
        at = bisect_right(keys, (line, "\U0010ffff"))
        key = keys[at - 1][1] if at else ""
        return PlaceKind.NOTES if key == "notes" else PlaceKind.FIELD

    return find


def _kind_of_text(line: int, body_line: int) -> PlaceKind:
    return PlaceKind.FIELD if line < body_line else PlaceKind.NOTES


def _kind_of_task(task: Task, role: FileRole) -> PlaceKind:
    if role is FileRole.SKILLS:
        return PlaceKind.MARKER
    if task.yaml_path:
        return PlaceKind.TOPIC if is_topic(task) else PlaceKind.ACTION
    return _KINDS[kind_of(task.section)]


def _kind_of_item(kind: ItemKind, role: FileRole) -> PlaceKind:
    """Return the kind of a task item or goal in Markdown. Raises Unclear."""
    if role is not FileRole.SKILLS:
        return _KINDS[kind]
    if kind is ItemKind.GOAL:
        raise Unclear  # a goal, or a marker below a heading for goals
    return PlaceKind.MARKER
