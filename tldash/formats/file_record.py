"""Parse one file into a record of its content and its problems.

A record depends only on the bytes, path and role of the file, so it is kept until the bytes change.
No content raises an exception: it becomes a problem of the file.
"""

from __future__ import annotations

import re
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
    parse_front,
)
from tldash.formats.markdown.body import DatedSection, read_pieces
from tldash.formats.markdown.front_matter import read_front
from tldash.formats.markdown.scanner import Scanner
from tldash.formats.text import BOM, BrokenMarkers, NotText, decode, find_conflict, keep_ours
from tldash.formats.yaml import load
from tldash.formats.yaml.nodes import key_lines
from tldash.model.file_roles import (
    FileRole,
    date_in_name,
    is_container,
    is_markdown,
    is_template,
    is_yaml,
)
from tldash.model.framework import Framework
from tldash.model.frozen import frozen
from tldash.model.records import Goal, Problem, Severity, Task

_Reader = Callable[[bytes, str, FileRole, int], "FileRecord"]


@frozen
class FileRecord:
    """What one file holds."""

    path: str
    role: FileRole
    digest: int | None = None
    """Of the bytes; None if they could not be read."""
    front: Front | None = None
    """The front matter, or all of a YAML file."""
    tasks: tuple[Task, ...] = ()
    title: str = ""
    written: bool = False
    """Whether there is anything but an agenda in it, or it cannot be read."""
    goals: tuple[Goal, ...] = ()
    body_line: int = 1
    keys: tuple[tuple[str, int], ...] = ()
    """The line of each front matter key, for problems found by comparing files."""
    framework: Framework | None = None
    problems: tuple[Problem, ...] = field(default=())
    is_template: bool = False
    """Whether its items are examples: in a README, or in a template with placeholders."""
    dated: tuple[DatedSection, ...] = ()
    """The parts of a note below dated headings, if they are the sessions of a running file."""

    def line_of(self, key: str) -> int:
        """Return the line of a front matter key; 1 if there is no such key."""
        for name, line in reversed(self.keys):
            if name == key:
                return line
        return 1


def digest(data: bytes) -> int:
    """Return the hash of a file's bytes: SipHash with the key of this process."""
    return hash(data)


def read_data(data: bytes, path: str, role: FileRole) -> FileRecord:
    """Parse the bytes of a file. `path` is relative to the opened folder."""
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
    if role is _SESSION and is_yaml(path):
        reader = _read_yaml_session
    conflict = _find_conflict(data, path) if may_conflict(data) else None
    if conflict is not None and conflict.severity is Severity.ERROR:
        return _read_conflict(data, path, role, mark, conflict, reader)
    record = reader(data, path, role, mark)
    if (role is _NOTE and is_template(path)) or (
        _may_have_placeholders(data) and _has_placeholders(data, path)
    ):
        return replace(record, problems=(), is_template=True, dated=())
    return record if conflict is None else replace(record, problems=(*record.problems, conflict))


def _find_conflict(data: bytes, path: str) -> Problem | None:
    """Return the problem of a file with git's conflict markers."""
    text = data.decode()
    if (line := find_conflict(text)) is not None:
        return Problem(
            path, line, 1, Severity.ERROR, "merge-conflict",
            "an unresolved merge: git left its conflict markers here; our side is shown",
            "choose a side on the conflicts screen of the dashboard, or delete the other side and "
            "the marker lines; until then the file is read-only",
        )  # fmt: skip
    if (line := find_conflict(text, in_code=True)) is not None:
        return Problem(
            path, line, 1, Severity.INFO, "conflict-in-code",
            "git's conflict markers in a code block, taken as a sample",
            "if they are from a merge, choose a side on the conflicts screen of the dashboard",
        )  # fmt: skip
    return None


def _read_conflict(  # noqa: PLR0913, PLR0917 - what read_data knows
    data: bytes, path: str, role: FileRole, mark: int, problem: Problem, reader: _Reader
) -> FileRecord:
    """Read our side of a file with conflicts, so that no item counts twice.

    Where it is not clear which lines those are, Markdown is read as it stands.
    """
    try:
        ours = keep_ours(data.decode()).encode()
    except BrokenMarkers as error:
        problem = replace(problem, message=f"unclear conflict markers: {error.message}")
        ours = data
        if is_yaml(path):
            return unread(path, role, mark, problem)
    record = reader(ours, path, role, mark)
    return replace(record, written=True, problems=(problem, *record.problems))


def unread(path: str, role: FileRole, mark: int | None, *problems: Problem) -> FileRecord:
    """Return the record of a file whose content cannot be read."""
    return FileRecord(path, role, mark, written=True, problems=problems)


_PLACEHOLDER: Final = r"[^\n]*?(?:\{\{[^\n]*?\}\}|<%[^\n]*?%>)"
_PLACEHOLDERS: Final = re.compile(
    rf"\A---\n(?:(?!---\n)[^\n]*\n)*?[\w -]+:{_PLACEHOLDER}|^\#{{1,6}}[ \t]{_PLACEHOLDER}",
    re.MULTILINE,
)
"""A placeholder of Obsidian's templates, Templater or Jinja in front matter or a heading."""


def _has_placeholders(data: bytes, path: str) -> bool:
    """Return whether a file is a template: its front matter or headings are to be filled in.

    A dated file is none: it may quote a placeholder.
    """
    if date_in_name(path) is not None or not is_markdown(path):
        return False
    text = data.decode().removeprefix(BOM).replace("\r\n", "\n")
    return _PLACEHOLDERS.search(text) is not None


def _may_have_placeholders(data: bytes) -> bool:
    brace = data.find(_BRACE)
    if brace >= 0 and data.find(b"{{", brace, data.rfind(_BRACE) + 1) >= 0:
        return True
    return _OURS in data and b"<%" in data


def may_conflict(data: bytes) -> bool:
    """Return whether there may be git's conflict markers in a file."""
    return (_OURS in data and b"<<<<<<<" in data) or (_THEIRS in data and b">>>>>>>" in data)


# Looking up a member of an enumeration takes as long as calling a function.
_SESSION, _LEAD, _NOTE = FileRole.SESSION, FileRole.LEAD, FileRole.NOTE
_NUL, _OURS, _THEIRS, _BRACE = b"\0<>{"
"""As numbers, because searching bytes for a number takes a fifth of the time of one for bytes."""


def _read_markdown(data: bytes, path: str, role: FileRole, mark: int) -> FileRecord:
    kind = SessionFront if role is _SESSION else LeadFront if role is _LEAD else None
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
        False,
        _find_sessions(body.dated, path) if body.dated and role is _NOTE else (),
    )


def _find_sessions(dated: tuple[DatedSection, ...], path: str) -> tuple[DatedSection, ...]:
    """Return the sessions among the dated sections of a note: those of one level, one for a day.

    A single one counts in a file that is named for sessions, such as `1on1.md`.
    """
    level = min(section.level for section in dated)
    found = {section.day: section for section in dated if section.level == level}
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return tuple(found.values()) if len(found) > 1 or is_container(stem) else ()


def _read_yaml_session(data: bytes, path: str, role: FileRole, mark: int) -> FileRecord:
    from tldash.formats.yaml import session

    text = data.decode().removeprefix(BOM)
    valid, loaded, problems = load.read_parts(text, path)
    if loaded is None and problems:
        return unread(path, role, mark, *problems)
    front, wrong = parse_front(SessionFront, loaded, YAML_READERS)
    tasks, faults = session.read_loaded(valid, path, loaded, problems if valid == text else ())
    if wrong or faults:
        told = {(problem.line, problem.column, problem.code) for problem in problems}
        new = (fault for fault in faults if (fault.line, fault.column, fault.code) not in told)
        problems = (*problems, *load.problems(wrong, valid, path), *new)
    notes = front.notes or ("" if valid == text else text)  # what is wrong may be the notes
    return FileRecord(
        path,
        role,
        mark,
        front,
        tasks,
        written=bool(notes.strip()) or any(not session.is_topic(task) for task in tasks),
        keys=key_lines(text),
        problems=problems,
    )


def _read_config(data: bytes, path: str, role: FileRole, mark: int) -> FileRecord:
    text = data.decode().removeprefix(BOM)
    loaded, problems = load.read_keys(text, path)
    front, wrong = parse_front(ConfigFront, loaded)
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


_READERS: Final[dict[FileRole, _Reader]] = {
    FileRole.CONFIG: _read_config,
    FileRole.FRAMEWORK: _read_framework,
}
