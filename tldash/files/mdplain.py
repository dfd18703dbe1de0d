"""The body of a plainly written Markdown file, without a look at every line.

Nearly every session file is headings, paragraphs, lists and task items that start in the first
column, with a few words indented below them. There `tldash.files.blocks_outline` finds headings and
task items by one regular expression, and what stands between two of them only has to answer two
questions: is it a note of the item above it, and does it say anything. Where that is not plain to
see, there is no answer, and `tldash.files.markdown` looks at every line. A test holds the two to
the same results.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from tldash.files import tasks
from tldash.files.blocks_line import Kind, Line, heading_title
from tldash.files.blocks_outline import GAP, LINE, UNSURE, hides
from tldash.files.mdparts import TOP, Markdown, Section, below, with_twins
from tldash.records import Problem, Task

_LETTER: Final = (
    rb"(?:\*{1,2}|_{1,2}|[\"'(])?"
    rb"(?:[A-Za-z\xc3-\xdf\xe4-\xed]|\xe1[\xb8-\xbf]|\xe3[\x81-\xbf]|\xf0\x9f)"
)
"""The start of words: nothing that Markdown knows, and no white space of any alphabet."""
_SAYS: Final = re.compile(rb"\n(?:(?:[-+*]|[0-9]{1,9}[.)])[ ])?" + _LETTER)
"""The start of a line that can be nothing but somebody's words."""
_NOTE: Final = re.compile(rb"(?:\n[ ]{2,5}(?:[-+*][ ]{1,3})?" + _LETTER + rb"[^\n]*+)*+")
"""The words below a task item of the first column whose own words begin in the third."""
_CLOSED: Final = re.compile(rb"\n?\Z|\n\n++(?![ \t])|\n[-+*][ ]" + _LETTER)
"""What ends an item, beside a heading or another task item."""
_INDENT: Final = re.compile(r"[ ]++(?:[-+*][ ]++)?")


def read(data: bytes, begin: int, path: str, first_line: int) -> Markdown | None:
    """What `tldash.files.markdown.read` promises of the body that begins at `begin`.

    Lines have to end with a line feed. None where that takes a look at every line, or where the
    body is no UTF-8.
    """
    if hides(data):
        return None
    if begin == 0:
        data, begin = b"\n\n" + data, 2
    try:
        return _read(data, begin - 1, path, first_line)
    except UnicodeDecodeError:
        return None


def _read(source: bytes, begin: int, path: str, number: int) -> Markdown | None:
    """The body behind the line end at `begin`, whose first line has that number."""
    matches = list(LINE.finditer(source, begin))
    starts = [match.start() for match in matches]
    starts.append(len(source))
    if not source.isascii():
        _check(source, [begin, *(match.end() for match in matches)], starts)
    section, title = TOP, ""
    written = _says(source, begin, starts[0])
    counted = begin
    found: list[Task] = []
    problems: list[Problem] = []
    for match, following in zip(matches, starts[1:], strict=True):
        kind = match.lastindex
        start, end = match.span()
        number += source.count(b"\n", counted, start)
        counted = start
        if kind == GAP:
            task = _task(source, match, following, path, number, section.headings, problems)
            if task is None:
                return None
            found.append(task)
            if task.text and not section.topics:
                written = True
        elif kind == UNSURE:
            return None
        else:
            section, name = _heading(section, source[start + 1 : end])
            title = title or name
            if section.goals:
                return None
        if written is False and end != following and not section.topics:
            written = _says(source, end, following)
    if written is None:
        return None
    return Markdown(with_twins(found), title, written, (), tuple(problems))


def _task(  # noqa: PLR0913, PLR0917 - it is called for every item of every file
    source: bytes,
    match: re.Match[bytes],
    following: int,
    path: str,
    number: int,
    headings: tuple[str, ...],
    problems: list[Problem],
) -> Task | None:
    """A task item, above what starts at `following`; None where its note is unsure."""
    start, end = match.span()
    note = "" if end == following else _note(source, match, following)
    if note is None:
        return None
    raw = source[start + 1 : end].decode()
    box = match.end(GAP) - start
    words = raw[box + 2 :].lstrip(" \t")
    parsed = tasks.parse(words)
    if parsed.problems:
        before = len(raw) - len(words)
        problems.extend(one.in_file(path, number, before) for one in parsed.problems)
    status = tasks.status_of(raw[box])
    return Task(path, number, raw, parsed.text, status, parsed.fields, headings, 0, note)


@lru_cache(maxsize=1024)
def _heading(section: Section, line: bytes) -> tuple[Section, str]:
    """The place below a heading, and what that says."""
    text = line.decode()
    level = len(text) - len(text.lstrip("#"))
    words = heading_title(Line(0, text, Kind.HEADING, 0, 0, 0, level))
    return below(section, level, words), words


def _check(source: bytes, starts: list[int], ends: list[int]) -> None:
    """Raise UnicodeDecodeError unless there is UTF-8 in all of these pieces."""
    for start, end in zip(starts, ends, strict=True):
        if start != end and not (piece := source[start:end]).isascii():
            piece.decode()


def _says(source: bytes, start: int, end: int) -> bool | None:
    """Whether any words stand there, headings and task items left out; None if that is unsure."""
    if _SAYS.search(source, start, end):
        return True
    return None if source[start:end].strip() else False


def _note(source: bytes, task: re.Match[bytes], following: int) -> str | None:
    """What a task item holds beside its line; None if that is unsure."""
    start = task.end()
    words = _NOTE.match(source, start)
    end = words.end() if words else start
    if end != following and not _CLOSED.match(source, end):
        return None
    if end == start:
        return ""
    if task.end(GAP) - task.start() != 3:
        return None
    lines = source[start + 1 : end].decode().split("\n")
    return "\n".join(_INDENT.sub("", line, count=1).strip() for line in lines)
