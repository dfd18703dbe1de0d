"""One file as a record: what it holds, and what could not be understood.

A record depends on the file's bytes and role alone, so that it can be kept until the bytes change.
Nothing here raises for what a file holds or for what the file system answers: trouble with one file
becomes that file's problem.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from typing import Final

from tldash.documents.framework import checked
from tldash.documents.front import (
    YAML_READERS,
    ConfigFront,
    Front,
    LeadFront,
    SessionFront,
    understand,
)
from tldash.formats.markdown import front_plain
from tldash.formats.markdown import plain as mdplain
from tldash.formats.text import BOM, NotText, decode
from tldash.formats.yaml import load
from tldash.model.file_roles import FileRole, is_markdown, is_yaml
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
    """The record of a file that holds `data`."""
    mark = digest(data)
    return _read_plain(data, path, role, mark) or _read_fully(data, path, role, mark)


def _read_plain(data: bytes, path: str, role: FileRole, mark: int) -> FileRecord | None:
    """The record of a plainly written file, as nearly every one is; None of any other."""
    if not is_markdown(path) or _NUL in data or _may_be_merging(data):
        return None
    if _RETURN in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    front: SessionFront | LeadFront | None = None
    keys: front_plain.Keys = ()
    begin, first = 0, 1
    if data.startswith(b"---"):
        kind = _FRONTS.get(role)
        plain = front_plain.read(data, kind) if kind is not None else None
        if plain is None:
            return None
        front, keys, begin = plain
        first = data.count(b"\n", 0, begin) + 1
    body = mdplain.read(data, begin, path, first)
    if body is None:
        return None
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
        body.problems,
    )


def _read_fully(data: bytes, path: str, role: FileRole, mark: int) -> FileRecord:
    from tldash.formats.markdown import document  # a plainly written file needs nothing of it

    try:
        text = decode(data)
    except NotText as error:
        problem = Problem(
            path, error.line, error.column, Severity.ERROR, "encoding", error.message, error.hint
        )
        return unread(path, role, mark, problem)
    reader = _READERS.get(role, _read_markdown)
    if role is FileRole.SESSION and is_yaml(path):
        reader = _read_yaml_session
    if (line := document.find_conflict(text)) is None:
        return reader(text, path, role, mark)
    conflict = Problem(
        path, line, 1, Severity.ERROR, "merge-conflict",
        "an unresolved merge: git left its conflict markers here",
        "keep one side and delete the marker lines; until then the file is read-only",
    )  # fmt: skip
    if is_yaml(path):
        return unread(path, role, mark, conflict)
    record = reader(text, path, role, mark)
    return replace(record, problems=(conflict, *record.problems))


def unread(path: str, role: FileRole, mark: int | None, *problems: Problem) -> FileRecord:
    """The record of a file that holds something, of which nobody can say what."""
    return FileRecord(path, role, mark, written=True, problems=problems)


def _may_be_merging(data: bytes) -> bool:
    return (_OURS in data and b"<<<<<<<" in data) or (_THEIRS in data and b">>>>>>>" in data)


_NUL, _RETURN, _OURS, _THEIRS = b"\0\r<>"
"""Numbers, as Python looks for a number in bytes five times as fast as for bytes."""
_FRONTS: Final[dict[FileRole, front_plain.Kind]] = {
    FileRole.SESSION: SessionFront,
    FileRole.LEAD: LeadFront,
}


def _read_markdown(text: str, path: str, role: FileRole, mark: int) -> FileRecord:
    from tldash.formats.markdown import document

    front = document.split_front(text, path)
    problems = list(front.problems)
    said: Front | None = None
    if front.yaml is not None and role in (FileRole.SESSION, FileRole.LEAD):
        data, faults = load.read(front.yaml, path, first_line=2)
        problems.extend(faults)
        if data is not None:
            said, wrong = (
                understand(SessionFront, data)
                if role is FileRole.SESSION
                else understand(LeadFront, data)
            )
            problems.extend(load.problems(wrong, front.yaml, path, first_line=2))
    body = document.read(front.body, path, front.body_line)
    return FileRecord(
        path,
        role,
        mark,
        said,
        body.tasks,
        body.title,
        body.written,
        body.goals,
        front.body_line,
        load.key_lines(front.yaml or "", first_line=2),
        problems=(*problems, *body.problems),
    )


def _read_yaml_session(text: str, path: str, role: FileRole, mark: int) -> FileRecord:
    from tldash.formats.yaml import session

    text = text.removeprefix(BOM)
    data, problems = load.read(text, path)
    if data is None and problems:
        return unread(path, role, mark, *problems)
    front, wrong = understand(SessionFront, data, YAML_READERS)
    items, faults = session.read_known(text, path, data, problems)
    told = {(problem.line, problem.column, problem.code) for problem in problems}
    new = (fault for fault in faults if (fault.line, fault.column, fault.code) not in told)
    tasks = tuple(item.task for item in items)
    notes = front.notes or ""
    return FileRecord(
        path,
        role,
        mark,
        front,
        tasks,
        written=bool(notes.strip()) or any(not session.is_topic(task) for task in tasks),
        keys=load.key_lines(text),
        problems=(*problems, *load.problems(wrong, text, path), *new),
    )


def _read_config(text: str, path: str, role: FileRole, mark: int) -> FileRecord:
    text = text.removeprefix(BOM)
    data, problems = load.read(text, path)
    front, wrong = understand(ConfigFront, data)
    return FileRecord(
        path,
        role,
        mark,
        front,
        keys=load.key_lines(text),
        problems=(*problems, *load.problems(wrong, text, path)),
    )


def _read_framework(text: str, path: str, role: FileRole, mark: int) -> FileRecord:
    text = text.removeprefix(BOM)
    data, problems = load.read(text, path)
    framework, wrong = checked(data) if data is not None else (None, ())
    return FileRecord(
        path,
        role,
        mark,
        framework=framework,
        problems=(*problems, *load.problems(wrong, text, path)),
    )


_READERS: Final[dict[FileRole, Callable[[str, str, FileRole, int], FileRecord]]] = {
    FileRole.CONFIG: _read_config,
    FileRole.FRAMEWORK: _read_framework,
}
