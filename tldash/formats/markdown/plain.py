"""The body of a plainly written Markdown file, without a look at every line.

Nearly every session file is headings, paragraphs, lists and task items that start in the first
column, with a few words indented below them. There `tldash.formats.markdown.outline` finds headings
and task items by one regular expression, and what stands between two of them only has to answer two
questions: is it a note of the item above it, and does it say anything. Where that is not plain to
see, there is no answer, and `tldash.formats.markdown.document` looks at every line. A test holds
the two to the same results.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from tldash.formats.markdown.outline import LINE, heading_level, hides
from tldash.formats.markdown.parts import TOP, Markdown, Section, below, with_twins
from tldash.formats.tasks import parse
from tldash.formats.tasks.parse import status_of
from tldash.formats.text import Kind, Line, heading_title
from tldash.model.records import Problem, Task

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
_ITEM: Final = re.compile(r"([^\[]++\[(.)\][ \t]*+" + parse.LEADING_TEXT + r"([^\n]*+))(?:\n|\Z)")
"""A task item's line, its mark, and the three parts of its words."""
_INDENT: Final = re.compile(r"[ ]++(?:[-+*][ ]++)?")


def read(data: bytes, begin: int, path: str, first_line: int) -> Markdown | None:
    """What `tldash.formats.markdown.document.read` promises of the body that begins at `begin`.

    Lines have to end with a line feed. None where that takes a look at every line, or where the
    body is no UTF-8.
    """
    if hides(data):
        return None
    try:
        if not data.isascii():
            data.decode()
    except UnicodeDecodeError:
        return None
    if begin == 0:
        return _read(b"\n\n" + data, path, first_line - 1)
    return _read(data[begin - 1 :], path, first_line)


def _read(source: bytes, path: str, number: int) -> Markdown | None:
    """The body below the line end that `source` begins with; its first line has that number."""
    above, *parts = LINE.split(source)
    section, title = TOP, ""
    written = _says(above)
    number += above.count(b"\n")
    found: list[Task] = []
    problems: list[Problem] = []
    for heading, items, unsure, between in zip(*[iter(parts)] * 4, strict=True):
        if unsure is not None:
            return None
        if heading:
            section, name = _heading(section, heading)
            if section.goals:
                return None
            title = title or name
            number += 1
        else:
            lines = items.decode()
            note = _note(lines, between)
            if note is None:
                return None
            here = _tasks(lines, path, number, section.headings, note, problems)
            found += here
            number += len(here)
            if not (written or section.topics) and any(task.text for task in here):
                written = True
        if between:
            number += between.count(b"\n")
            if written is False and not section.topics:
                written = _says(between)
    if written is None:
        return None
    return Markdown(with_twins(found), title, written, (), tuple(problems))


def _tasks(  # noqa: PLR0913, PLR0917 - it is called for nearly every file
    lines: str,
    path: str,
    number: int,
    headings: tuple[str, ...],
    note: str,
    problems: list[Problem],
) -> list[Task]:
    """The task items on these lines, of which the first has that number and the last the note."""
    found = []
    items = _ITEM.findall(lines)
    last = number + len(items) - 1
    for at, (raw, mark, first, words, end) in enumerate(items, number):
        fields = parse.parse_fields(first + end)
        if fields is not None:
            text, values = words.strip(), fields[0]
        else:
            body = first + words + end
            parsed = parse.parse_uncached(body)
            text, values = parsed.text, parsed.fields
            if parsed.problems:
                before = len(raw) - len(body)
                problems.extend(one.in_file(path, at, before) for one in parsed.problems)
        below = note if at == last else ""
        found.append(Task(path, at, raw, text, status_of(mark), values, headings, 0, below))
    return found


@lru_cache(maxsize=1024)
def _heading(section: Section, line: bytes) -> tuple[Section, str]:
    """The place below a heading, and what that says."""
    text = line.decode()
    level = heading_level(text)
    words = heading_title(Line(0, text, Kind.HEADING, 0, 0, 0, level))
    return below(section, level, words), words


def _says(between: bytes) -> bool | None:
    """Whether there are any words between headings and task items; None if that is unsure."""
    if not between or between.isspace():
        return False
    return True if _SAYS.search(between) else None


def _note(items: str, below: bytes) -> str | None:
    """What the last of some items holds below its line; None if that is unsure."""
    if not below.strip(b"\n"):
        return ""
    words = _NOTE.match(below)
    end = words.end() if words else 0
    if end != len(below) and not _CLOSED.match(below, end):
        return None
    if end == 0:
        return ""
    item = items[items.rfind("\n") + 1 :]
    if item.index("[") != 2:
        return None
    lines = below[1:end].decode().split("\n")
    return "\n".join(_INDENT.sub("", line, count=1).strip() for line in lines)
