"""A Markdown file: its front matter, headings and task items.

Pure: text in, values out, and never an exception for what somebody wrote. Which lines are task
items is decided by `tldash.formats.markdown.blocks`, what a task line says by
`tldash.formats.tasks.parse`; here the two meet and each task learns its headings and its note.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tldash.formats.markdown import blocks
from tldash.formats.markdown.blocks import Kind, Line
from tldash.formats.markdown.parts import TOP, Markdown, below, is_topics, with_twins
from tldash.formats.tasks import parse
from tldash.formats.text import BOM
from tldash.model.frozen import frozen
from tldash.model.records import Goal, Problem, Severity, Task

__all__ = [
    "BOM",
    "SAYING",
    "Front",
    "Markdown",
    "body_start",
    "find_conflict",
    "is_topics",
    "read",
    "split_front",
    "with_twins",
]

_FENCE: Final = re.compile(r"---[ \t]*")
_KEY: Final = re.compile(r"""[\w"'][\w "'.-]*:(?:\s|$)""")
_TASK: Final = re.compile(r"[-*+][ \t]+\[[^\r\n]\][ \t]+\S")
_MARKERS: Final = re.compile(r"[-+*]|[0-9]{1,9}[.)]")
_REMARK: Final = re.compile(r"\s*(?:#|\Z)")
_CONFLICT: Final = re.compile(r"(?:<{7}|>{7})(?: .*)?", re.DOTALL)
_CONFLICT_MIDDLE: Final = re.compile(r"={7}")

SAYING: Final = frozenset({Kind.PARAGRAPH, Kind.CODE, Kind.HTML, Kind.MATH})
"""Kinds of lines that carry somebody's words."""


@frozen
class Front:
    """The front matter of a file, and where the body starts."""

    yaml: str | None
    """The YAML between the dashes; None where there is no front matter."""
    body: str
    body_line: int
    """The line on which the body starts, 1-based."""
    problems: tuple[Problem, ...] = ()


def split_front(text: str, path: str) -> Front:
    """Part front matter from body.

    Front matter starts on the first line with three dashes and ends at the next such line, as in
    Jekyll and Obsidian. It is never closed where there is no such line, or a task item before it:
    that is a problem, and the rest is body. Three dashes are a thematic break where no key follows
    and the block is not closed, or begins with a blank line as pandoc's metadata may not.
    """
    body = text.removeprefix(BOM)
    spans = blocks.line_spans(body)
    if not spans or not _FENCE.fullmatch(body, *spans[0]):
        return Front(None, body, 1)
    begins_with_key = _begins_with_key(body, spans)
    for number, (begin, end) in enumerate(spans[1:], 2):
        if _TASK.match(body, begin, end):
            break
        if _FENCE.fullmatch(body, begin, end):
            if not body[spans[1][0] : spans[1][1]].strip() and not begins_with_key:
                break
            after = spans[number][0] if number < len(spans) else len(body)
            return Front(body[spans[1][0] : begin], body[after:], number + 1)
    if not begins_with_key:
        return Front(None, body, 1)
    problem = Problem(
        path,
        1,
        1,
        Severity.ERROR,
        "front-matter",
        "the front matter that starts here is never closed",
        "put a line with --- after its last key",
    )
    return Front(None, body[spans[1][0] :], 2, (problem,))


def _begins_with_key(body: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether the first line below the dashes that says anything is a key with its value."""
    for begin, end in spans[1:]:
        if not _REMARK.match(body, begin, end):
            return _KEY.match(body, begin, end) is not None
    return False


def find_conflict(text: str) -> int | None:
    """The line of the first conflict marker that git left behind, 1-based; None without any."""
    # A look for one sign takes a fortieth of the time of a look for seven.
    if ("<" not in text and ">" not in text) or ("<<<<<<<" not in text and ">>>>>>>" not in text):
        return None
    spans = blocks.line_spans(text)
    lines = (at for at, span in enumerate(spans, 1) if _CONFLICT.fullmatch(text, *span))
    first = next(lines, None)
    if first is None or not any(_CONFLICT_MIDDLE.fullmatch(text, *span) for span in spans):
        return None
    return first


def read(body: str, path: str, first_line: int = 1) -> Markdown:
    """Everything that the body of a Markdown file holds; `first_line` is where it starts."""
    lines = blocks.scan(body, first_line)
    found: list[Task] = []
    problems: list[Problem] = []
    goals: list[Goal] = []
    section = TOP
    title, written = "", False
    goal_end = 0
    for index, line in enumerate(lines):
        if line.kind is Kind.HEADING and line.level:
            name = blocks.heading_title(line)
            title = title or name
            section = below(section, line.level, name)
        elif line.box >= 0:
            task = _task(lines, index, path, section.headings, problems)
            found.append(task)
            written = written or (not section.topics and bool(task.text))
            if section.goals:
                goals.append(Goal(task.text, path, line.number, task.status))
                goal_end = line.number
        elif line.kind in SAYING:
            words = line.text[line.content :].strip()
            if words and not section.topics:
                written = True
            if words and section.goals:
                if goal_end == line.number - 1 and not line.marker:
                    goals[-1] = replace(goals[-1], text=f"{goals[-1].text} {words}")
                elif line.marker or not line.depth:
                    goals.append(Goal(words, path, line.number))
                else:
                    continue
                goal_end = line.number
    return Markdown(with_twins(found), title, written, tuple(goals), tuple(problems))


def _task(
    lines: Sequence[Line],
    index: int,
    path: str,
    section: tuple[str, ...],
    problems: list[Problem],
) -> Task:
    line = lines[index]
    start = body_start(line)
    parsed = parse.parse(line.text[start:])
    problems.extend(found.in_file(path, line.number, start) for found in parsed.problems)
    return Task(
        path,
        line.number,
        line.text,
        parsed.text,
        parse.status_of(line.text[line.box + 1]),
        parsed.fields,
        section,
        line.depth - 1,
        _note(lines, index),
    )


def body_start(line: Line) -> int:
    """Where the words of a task line begin: after the box and the blanks that follow it."""
    rest = line.text[line.box + 3 :]
    return len(line.text) - len(rest.lstrip(" \t"))


def _note(lines: Sequence[Line], index: int) -> str:
    """The words under a task: what its list item holds beside nested task items."""
    task = lines[index]
    words: list[str] = []
    nested = 0
    for line in lines[index + 1 :]:
        if line.kind is Kind.BLANK and not line.marker:
            continue
        begins = _begins(line)
        if line.depth < task.depth or begins <= task.depth:
            break
        if line.box >= 0 and (not nested or begins <= nested):
            nested = line.depth
        elif nested and (line.depth < nested or begins <= nested):
            nested = 0
        if not nested and line.kind in SAYING:
            words.append(line.text[line.content :].strip())
    return "\n".join(filter(None, words))


def _begins(line: Line) -> int:
    """The depth of the outermost list item that starts on a line; where none does, one deeper."""
    started = len(_MARKERS.findall(line.text, 0, line.content)) if line.marker else 0
    return line.depth + 1 - started
