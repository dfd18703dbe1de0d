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

from tldash.files import blocks, tasks
from tldash.files.blocks import Kind, Line
from tldash.files.blocks_outline import LINE, MARKS, UNSURE, plain_source
from tldash.files.mdparts import TOP, Markdown, Section, below, with_twins
from tldash.records import Problem, Task

_SAYS: Final = re.compile(r"\n(?:(?:[-+*]|[0-9]{1,9}[.)])[ ])?(?:\*{1,2}|_{1,2}|[\"'(])?[^\W\d_]")
"""The start of a line that can be nothing but somebody's words."""
_NOTE: Final = re.compile(r"(?:\n[ ]{2,5}(?:[-+*][ ]{1,3})?(?:\*{1,2}|[\"'(])?[^\W\d_][^\n]*+)*+")
"""The words below a task item of the first column whose own words begin in the third."""
_CLOSED: Final = re.compile(r"\n?\Z|\n\n++(?![ \t])|\n[-+*][ ](?:\*{1,2}|[\"'(])?[^\W\d_]")
"""What ends an item, beside a heading or another task item."""
_INDENT: Final = re.compile(r"[ ]++(?:[-+*][ ]++)?")


def read(body: str, path: str, first_line: int) -> Markdown | None:
    """What `tldash.files.markdown.read` promises; None where that takes a look at every line."""
    source = plain_source(body)
    if source is None:
        return None
    matches = list(LINE.finditer(source))
    starts = [match.start() for match in matches]
    starts.append(len(source))
    section, title = TOP, ""
    written = _says(source, 1, starts[0])
    number, counted = first_line, 1
    found: list[Task] = []
    problems: list[Problem] = []
    for match, following in zip(matches, starts[1:], strict=True):
        kind = match.lastindex
        if kind == UNSURE or written is None:
            return None
        start, end = match.span()
        number += source.count("\n", counted, start)
        counted = start
        if kind == MARKS:
            section, name = _heading(section, source[start + 1 : end])
            title = title or name
            if section.goals:
                return None
        else:
            note = "" if end == following else _note(source, match, following)
            if note is None:
                return None
            box = match.end("gap")
            words = source[box + 3 : end].lstrip(" \t")
            parsed = tasks.parse(words)
            raw = source[start + 1 : end]
            if parsed.problems:
                before = len(raw) - len(words)
                problems.extend(one.in_file(path, number, before) for one in parsed.problems)
            found.append(
                Task(
                    path,
                    number,
                    raw,
                    parsed.text,
                    tasks.status_of(source[box + 1]),
                    parsed.fields,
                    section.headings,
                    0,
                    note,
                )
            )
            written = written or (not section.topics and bool(parsed.text))
        if not written and end != following and not section.topics:
            written = _says(source, end, following)
    if written is None:
        return None
    return Markdown(with_twins(found), title, written, (), tuple(problems))


@lru_cache(maxsize=1024)
def _heading(section: Section, line: str) -> tuple[Section, str]:
    """The place below a heading, and what that says."""
    level = len(line) - len(line.lstrip("#"))
    words = blocks.heading_title(Line(0, line, Kind.HEADING, 0, 0, 0, level))
    return below(section, level, words), words


def _says(source: str, start: int, end: int) -> bool | None:
    """Whether any words stand there, headings and task items left out; None if that is unsure."""
    if _SAYS.search(source, start, end):
        return True
    return None if source[start:end].strip() else False


def _note(source: str, task: re.Match[str], following: int) -> str | None:
    """What a task item holds beside its line; None if that is unsure."""
    start = task.end()
    words = _NOTE.match(source, start)
    end = words.end() if words else start
    if end != following and not _CLOSED.match(source, end):
        return None
    if end == start:
        return ""
    if task.end("gap") - task.start() != 3:
        return None
    lines = source[start + 1 : end].split("\n")
    return "\n".join(_INDENT.sub("", line, count=1).strip() for line in lines)
