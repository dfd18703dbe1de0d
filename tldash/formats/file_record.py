"""One file as a record: what it holds, and what could not be understood.

A record depends on the file's bytes and role alone, so that it can be kept until the bytes change.
Nothing here raises for what a file holds or for what the file system answers: trouble with one file
becomes that file's problem.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from typing import Final

from tldash.documents.framework import parse_framework
from tldash.documents.front import (
    YAML_READERS,
    ConfigFront,
    Front,
    LeadFront,
    SessionFront,
    understand,
)
from tldash.formats.markdown.body import read_pieces
from tldash.formats.markdown.front_matter import read_front
from tldash.formats.markdown.scanner import Scanner
from tldash.formats.text import BOM, NotText, decode, find_conflict
from tldash.formats.yaml import load
from tldash.formats.yaml.nodes import key_lines
from tldash.model.file_roles import FileRole, is_yaml
from tldash.model.framework import Framework
from tldash.model.frozen import frozen
from tldash.model.records import Goal, Problem, Severity, Task


@frozen
class FileRecord:
    """What one file holds."""

    path: str
    role: FileRole
    digest: int | None = None
    """Of the bytes it was read from; None where they could not be read."""
    front: Front | None = None
    """Its front matter, or the whole of a YAML file."""
    tasks: tuple[Task, ...] = ()
    title: str = ""
    written: bool = False
    """Whether anything but an agenda stands in it, or what stands in it cannot be read."""
    goals: tuple[Goal, ...] = ()
    body_line: int = 1
    keys: tuple[tuple[str, int], ...] = ()
    """The line of each key of its front matter, for problems that show only beside other files."""
    framework: Framework | None = None
    problems: tuple[Problem, ...] = field(default=())

    def line_of(self, key: str) -> int:
        """The line of a key of its front matter; its first line where the key is not there."""
        for name, line in reversed(self.keys):
            if name == key:
                return line
        return 1


def digest(data: bytes) -> int:
    """A fingerprint that tells two versions of a file apart within one process: SipHash, keyed."""
    return hash(data)


def read_data(data: bytes, path: str, role: FileRole) -> FileRecord:
    """Return the record of a file that holds `data`."""
    mark = digest(data)
    try:
        if _NUL in data or not data.isascii():
            decode(data)
    except NotText as error:
        problem = Problem(
            path, error.line, error.column, Severity.ERROR, "encoding", error.message, error.hint
        )
        return unread(path, role, mark, problem)
    reader = _READERS.get(role, _read_markdown)
    if role is FileRole.SESSION and is_yaml(path):
        reader = _read_yaml_session
    if not _may_conflict(data) or (line := find_conflict(data.decode())) is None:
        return reader(data, path, role, mark)
    conflict = Problem(
        path, line, 1, Severity.ERROR, "merge-conflict",
        "an unresolved merge: git left its conflict markers here",
        "keep one side and delete the marker lines; until then the file is read-only",
    )  # fmt: skip
    if is_yaml(path):
        return unread(path, role, mark, conflict)
    record = reader(data, path, role, mark)
    return replace(record, problems=(conflict, *record.problems))


def unread(path: str, role: FileRole, mark: int | None, *problems: Problem) -> FileRecord:
    """Return the record of a file whose content cannot be read."""
    return FileRecord(path, role, mark, written=True, problems=problems)


def _may_conflict(data: bytes) -> bool:
    return (_OURS in data and b"<<<<<<<" in data) or (_THEIRS in data and b">>>>>>>" in data)


_NUL, _OURS, _THEIRS = b"\0<>"
"""As numbers, because searching bytes for a number takes a fifth of the time of one for bytes."""


def _read_markdown(data: bytes, path: str, role: FileRole, mark: int) -> FileRecord:
    kind = (
        SessionFront if role is FileRole.SESSION else LeadFront if role is FileRole.LEAD else None
    )
    front, keys, lines, begin, first, problems = read_front(data, path, kind)
    body = read_pieces(Scanner(lines, first, begin).run(), path)
    return FileRecord(
        path,
        role,
        mark,
        front,
        body.tasks,
        body.title,
        body.written,
        body.goals,
        first,
        keys,
        None,
        (*problems, *body.problems),
    )


def _read_yaml_session(data: bytes, path: str, role: FileRole, mark: int) -> FileRecord:
    from tldash.formats.yaml import session

    text = data.decode().removeprefix(BOM)
    loaded, problems = load.read(text, path)
    if loaded is None and problems:
        return unread(path, role, mark, *problems)
    front, wrong = understand(SessionFront, loaded, YAML_READERS)
    tasks, faults = session.read_loaded(text, path, loaded, problems)
    told = {(problem.line, problem.column, problem.code) for problem in problems}
    new = (fault for fault in faults if (fault.line, fault.column, fault.code) not in told)
    notes = front.notes or ""
    return FileRecord(
        path,
        role,
        mark,
        front,
        tasks,
        written=bool(notes.strip()) or any(not session.is_topic(task) for task in tasks),
        keys=key_lines(text),
        problems=(*problems, *load.problems(wrong, text, path), *new),
    )


def _read_config(data: bytes, path: str, role: FileRole, mark: int) -> FileRecord:
    text = data.decode().removeprefix(BOM)
    loaded, problems = load.read(text, path)
    front, wrong = understand(ConfigFront, loaded)
    return FileRecord(
        path,
        role,
        mark,
        front,
        keys=key_lines(text),
        problems=(*problems, *load.problems(wrong, text, path)),
    )


def _read_framework(data: bytes, path: str, role: FileRole, mark: int) -> FileRecord:
    text = data.decode().removeprefix(BOM)
    loaded, problems = load.read(text, path)
    framework, wrong = parse_framework(loaded) if loaded is not None else (None, ())
    return FileRecord(
        path,
        role,
        mark,
        framework=framework,
        problems=(*problems, *load.problems(wrong, text, path)),
    )


_READERS: Final[dict[FileRole, Callable[[bytes, str, FileRole, int], FileRecord]]] = {
    FileRole.CONFIG: _read_config,
    FileRole.FRAMEWORK: _read_framework,
}
