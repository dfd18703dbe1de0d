"""Read the body of a Markdown file: task items, headings, goals.

Pure: text in, values out, and never an exception for what somebody wrote. `scanner` decides which
lines are task items and `tldash.formats.tasks.parse` reads a task line; here each task gets its
headings and its note.

The scanner returns runs of lines that are all alike, and single lines between them. A run is read
as a whole: of a run of paragraphs, only whether there is one matters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Final

from tldash.formats.markdown.scanner import (
    HEADING,
    ITEMS,
    TASKS,
    Kind,
    Line,
    Run,
    heading_level,
    heading_title,
    lines_of,
    split_last,
)
from tldash.formats.tasks.parse import LEADING_TEXT, parse, parse_fields, parse_uncached, status_of
from tldash.model.frozen import frozen
from tldash.model.records import Goal, Problem, Task

_TOPICS: Final = re.compile(r"\W*(?:agenda|topics|talking points)\b", re.IGNORECASE)
_GOALS: Final = re.compile(r"\W*goals?\b", re.IGNORECASE)
_MARKERS: Final = re.compile(r"[-+*]|[0-9]{1,9}[.)]")
_TASK: Final = re.compile(r"([^\[\n]++\[(.)\][ \t]*+" + LEADING_TEXT + r"([^\n]*+))\n")
"""A task item's line, the character in its box, and three parts of its text."""
_RAW: Final = attrgetter("raw")

TEXT_KINDS: Final = frozenset({Kind.PARAGRAPH, Kind.CODE, Kind.HTML, Kind.MATH})
"""Kinds of lines whose text counts as written by somebody."""


@frozen
class Markdown:
    """What the body of a Markdown file holds."""

    tasks: tuple[Task, ...]
    title: str
    """The first heading."""
    written: bool
    """Whether there is anything but an agenda in it."""
    goals: tuple[Goal, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A place below some headings."""

    levels: tuple[int, ...] = ()
    headings: tuple[str, ...] = ()
    """Outermost first."""
    topics: bool = False
    """Whether task items here are topics of an agenda."""
    goals: bool = False


_TOP: Final = Section()
"""The place above the first heading."""


@lru_cache(maxsize=4096)
def _below(section: Section, level: int, title: str) -> Section:
    """Return the place below a heading: the same object for the same headings, in any file."""
    kept = sum(outer < level for outer in section.levels)
    headings = (*section.headings[:kept], title)
    return Section(
        (*section.levels[:kept], level),
        headings,
        is_topics(headings),
        any(map(_GOALS.match, headings)),
    )


@lru_cache(maxsize=1024)
def _below_run(section: Section, data: bytes) -> tuple[Section, str]:
    """Return the place below a run of one heading, and its title."""
    text = data.decode("utf-8", "surrogatepass").rstrip("\n")
    level = heading_level(text)
    title = heading_title(Line(0, text, Kind.HEADING, 0, 0, 0, level))
    return _below(section, level, title), title


def is_topics(headings: Sequence[str]) -> bool:
    """Whether task items below these headings are topics of an agenda."""
    return any(map(_TOPICS.match, headings))


def with_twins(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """Return the tasks with `twin` set on those whose lines are the same."""
    if len(set(map(_RAW, tasks))) == len(tasks):
        return tuple(tasks)
    totals = Counter(task.raw for task in tasks)
    seen: Counter[str] = Counter()
    marked = []
    for task in tasks:
        seen[task.raw] += 1
        marked.append(replace(task, occurrence=(seen[task.raw], totals[task.raw])))
    return tuple(marked)


def read_pieces(pieces: Sequence[Line | Run], path: str) -> Markdown:
    """Read a body that was scanned into lines, runs of lines, or both."""
    reader = _Reader(path)
    reader.read(pieces)
    return Markdown(
        with_twins(reader.tasks),
        reader.title,
        reader.written,
        tuple(reader.goals),
        tuple(reader.problems),
    )


class _Reader:
    """What has been found in a body so far, and the place that was reached."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.tasks: list[Task] = []
        self.problems: list[Problem] = []
        self.goals: list[Goal] = []

    title = ""
    written = False
    _section = _TOP
    _goal_end = 0
    """The last line of the text of the last goal."""

    def read(self, pieces: Sequence[Line | Run]) -> None:
        """Read pieces of a body in order.

        Lines that follow each other are read together, and with them the task item above, because
        they may be its note.
        """
        lines: list[Line] = []
        for at, piece in enumerate(pieces, 1):
            if isinstance(piece, Line):
                lines.append(piece)
                continue
            if lines:
                self._read_lines(lines)
            goes_on = at < len(pieces) and isinstance(pieces[at], Line)
            lines = self._read_run(piece, goes_on)
        if lines:
            self._read_lines(lines)

    def _read_run(self, run: Run, goes_on: bool) -> list[Line]:
        """Read a run as a whole, and return the lines that have to be read one by one.

        `goes_on`: whether lines follow that are in no run.
        """
        kind, number, data = run
        section = self._section
        if kind == HEADING:
            self._section, title = _below_run(section, data)
            self.title = self.title or title
        elif section.goals:
            return lines_of([run])
        elif kind == TASKS:
            if goes_on:
                above, last = split_last(run)
                self._read_tasks(number, b"".join(data for _, _, data in above))
                return lines_of([last])
            self._read_tasks(number, data)
        elif not (self.written or section.topics):
            self.written = kind == ITEMS or not data.isspace()
        return []

    def _read_tasks(self, number: int, data: bytes) -> None:
        """Read task items that have no notes; the first is on that line."""
        path = self._path
        section = self._section
        found = self.tasks
        some = False
        for raw, mark, first, words, end in _TASK.findall(data.decode("utf-8", "surrogatepass")):
            fields = parse_fields(first + end)
            if fields is not None:
                text, values = words.strip(), fields[0]
            else:
                body = first + words + end
                parsed = parse_uncached(body)
                text, values = parsed.text, parsed.fields
                if parsed.problems:
                    before = len(raw) - len(body)
                    self.problems.extend(p.in_file(path, number, before) for p in parsed.problems)
            some = some or bool(text)
            found.append(Task(path, number, raw, text, status_of(mark), values, section.headings))
            number += 1
        if some and not section.topics:
            self.written = True

    def _read_lines(self, lines: Sequence[Line]) -> None:
        """Read lines one by one."""
        for index, line in enumerate(lines):
            if line.kind is Kind.HEADING and line.level:
                title = heading_title(line)
                self.title = self.title or title
                self._section = _below(self._section, line.level, title)
            elif line.box >= 0:
                self._read_task(lines, index)
            elif line.kind in TEXT_KINDS:
                words = line.text[line.content :].strip()
                if words and not self._section.topics:
                    self.written = True
                if words and self._section.goals:
                    self._read_goal(line, words)

    def _read_task(self, lines: Sequence[Line], index: int) -> None:
        line = lines[index]
        start = body_start(line)
        parsed = parse(line.text[start:])
        section = self._section
        self.problems.extend(p.in_file(self._path, line.number, start) for p in parsed.problems)
        task = Task(
            self._path,
            line.number,
            line.text,
            parsed.text,
            status_of(line.text[line.box + 1]),
            parsed.fields,
            section.headings,
            line.depth - 1,
            _note(lines, index),
        )
        self.tasks.append(task)
        if task.text and not section.topics:
            self.written = True
        if section.goals:
            self.goals.append(Goal(task.text, self._path, line.number, task.status))
            self._goal_end = line.number

    def _read_goal(self, line: Line, words: str) -> None:
        goals = self.goals
        if self._goal_end == line.number - 1 and not line.marker:
            goals[-1] = replace(goals[-1], text=f"{goals[-1].text} {words}")
        elif line.marker or not line.depth:
            goals.append(Goal(words, self._path, line.number))
        else:
            return
        self._goal_end = line.number


def body_start(line: Line) -> int:
    """Return where the text of a task line begins: after the box and the white space behind it."""
    rest = line.text[line.box + 3 :]
    return len(line.text) - len(rest.lstrip(" \t"))


def _note(lines: Sequence[Line], index: int) -> str:
    """Return the text below a task: what its list item holds beside nested task items."""
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
        if not nested and line.kind in TEXT_KINDS:
            words.append(line.text[line.content :].strip())
    return "\n".join(filter(None, words))


def _begins(line: Line) -> int:
    """Return the depth of the outermost list item that starts on a line; if none, one deeper."""
    started = len(_MARKERS.findall(line.text, 0, line.content)) if line.marker else 0
    return line.depth + 1 - started
