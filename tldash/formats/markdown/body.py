"""Read the body of a Markdown file: task items, headings, goals.

Pure: text in, values out. No text raises an exception. `scanner` finds the lines with task items,
`tldash.formats.tasks.parse` parses them, and this module adds headings and notes.

The scanner returns runs of similar lines, and single lines between them. A run is read as a whole:
of paragraphs, for example, only their existence matters.
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
    FENCED,
    HEADING,
    ITEMS,
    QUOTE,
    SILENT,
    TASKS,
    TEXT,
    Kind,
    Line,
    Run,
    heading_level,
    heading_title,
    lines_of,
)
from tldash.formats.tasks.parse import LEADING_TEXT, parse, parse_fields, parse_uncached, status_of
from tldash.model.frozen import frozen
from tldash.model.records import Goal, Problem, Task

_TOPICS: Final = re.compile(r"\W*(?:agenda|topics|talking points)\b", re.IGNORECASE)
_GOALS: Final = re.compile(r"\W*goals?\b", re.IGNORECASE)
_MARKERS: Final = re.compile(r"[-+*]|[0-9]{1,9}[.)]")
_TASK: Final = re.compile(
    r"([^\[\n]++\[(.)\][ \t]*+" + LEADING_TEXT + r"([^\n]*+))\n((?:\n*+ [^\n]*+\n)*+)"
)
"""A task item's line, the character in its box, three parts of its text, and the lines below it."""
_BOX_INSIDE: Final = re.compile(r"^[> ][ ]*+[-+*][ ]++\[.\](?=[ \t\v\f\n])", re.MULTILINE)
"""A task item that is nested or quoted."""
_LINE: Final = re.compile(
    r"([ ]*+)((?:[-+*]|[0-9]{1,9}[.)])[ ]++)?+(?=[^ ])(\[.\](?=[ \t\v\f]|\Z))?", re.DOTALL
)
"""A line of a run of items: indentation, marker, box. None if blank."""
_INDENT: Final = re.compile(r"[ ]++(?:[-+*][ ]++)?")
_RAW: Final = attrgetter("raw")

TEXT_KINDS: Final = (Kind.PARAGRAPH, Kind.CODE, Kind.HTML, Kind.MATH)
"""Kinds of lines whose text counts as written by somebody."""
# Looking up a member of an enumeration takes as long as a tenth of a short line.
_BLANK: Final = Kind.BLANK
_HEADING: Final = Kind.HEADING


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


def with_occurrences(tasks: Sequence[Task]) -> tuple[Task, ...]:
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
        with_occurrences(reader.tasks),
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
        self._goal_lines: list[str] = []
        """Further lines of the last goal. Joined at its end, since there may be very many."""

    title = ""
    written = False
    _section = _TOP
    _goal_end = 0
    """The last line of the text of the last goal."""

    def read(self, pieces: Sequence[Line | Run]) -> None:
        """Read pieces of a body in order."""
        lines: list[Line] = []
        for piece in pieces:
            if isinstance(piece, Line):
                lines.append(piece)
                continue
            if lines:
                self._read_lines(lines)
                lines = []
            self._read_run(*piece)
        if lines:
            self._read_lines(lines)
        self._join_goal()

    def _read_run(self, kind: int, number: int, data: bytes) -> None:
        section = self._section
        if kind == HEADING:
            self._section, title = _below_run(section, data)
            self.title = self.title or title
        elif section.goals and kind == TEXT:
            for at, line in enumerate(data.decode("utf-8", "surrogatepass").split("\n"), number):
                if words := line.strip():
                    self._add_goal(at, words, starts=False, inside=False)
            self.written = self.written or not (section.topics or data.isspace())
        elif section.goals:
            self._read_lines(lines_of([(kind, number, data)]))
        elif kind == TASKS:
            self._read_tasks(number, data)
        elif b" [" in data and (kind == QUOTE or (kind == ITEMS and b"\n " in data)):
            self._read_items(number, data.decode("utf-8", "surrogatepass"), 2 * (kind == QUOTE))
        elif not (self.written or section.topics or kind == SILENT):
            if kind == FENCED:
                code = data[data.index(b"\n") : data.rindex(b"\n", 0, data.rindex(b"`"))]
                self.written = bool(code.decode("utf-8", "surrogatepass").strip())
            else:
                self.written = not data.isspace()

    def _read_tasks(self, number: int, data: bytes) -> None:
        """Read a run of task items; the first is on that line."""
        path = self._path
        section = self._section
        found = self.tasks
        some = False
        for raw, mark, first, words, end, below in _TASK.findall(
            data.decode("utf-8", "surrogatepass")
        ):
            note = ""
            if below:
                if "[" in below and _BOX_INSIDE.search(below):
                    self._read_items(number, f"{raw}\n{below}", 0)
                    number += 1 + below.count("\n")
                    continue
                note = _note_of_run(below)
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
            some = some or bool(text or note)
            found.append(
                Task(path, number, raw, text, status_of(mark), values, section.headings, 0, note)
            )
            number += 1 + below.count("\n") if below else 1
        if some and not section.topics:
            self.written = True

    def _read_items(self, number: int, data: str, prefix: int) -> None:
        """Read list items and paragraphs of a run, in which task items are nested or quoted.

        `prefix`: how many characters of each line are quote marks.
        """
        # The open list items: the column of their content, and the note that their text belongs to.
        items: list[tuple[int, list[str]]] = []
        tasks: list[tuple[int, str, int, int, list[str]]] = []
        outside: list[str] = []
        blank = False
        for number_here, line in enumerate(data.split("\n"), number):
            found = _LINE.match(line, prefix)
            if found is None:
                blank = True
                continue
            indent = found.end(1)
            starts = found[2] is not None
            if blank or starts:  # else, it goes on with the paragraph above
                while items and items[-1][0] > indent:
                    items.pop()
            blank = False
            content = found.end(2) if starts else indent
            note = items[-1][1] if items else outside
            if starts and found[3]:
                note = []
                tasks.append((number_here, line, content, len(items), note))
            else:
                note.append(line[content:].strip())
            if starts:
                items.append((content, note))
        for number_here, line, box, depth, note in tasks:
            self._add_task(number_here, line, box, depth, "\n".join(filter(None, note)))
        if outside and not self._section.topics:
            self.written = True

    def _add_task(self, number: int, line: str, box: int, depth: int, note: str) -> None:
        rest = line[box + 3 :]
        body = rest.lstrip(" \t")
        parsed = parse(body)
        for problem in parsed.problems:
            self.problems.append(problem.in_file(self._path, number, len(line) - len(body)))
        text = parsed.text
        section = self._section
        status = status_of(line[box + 1])
        task = Task(
            self._path, number, line, text, status, parsed.fields, section.headings, depth, note
        )
        self.tasks.append(task)
        if (text or note) and not section.topics:
            self.written = True
        if section.goals:
            self._start_goal(Goal(text, self._path, number, status))

    def _read_lines(self, lines: Sequence[Line]) -> None:
        """Read lines one by one."""
        for index, line in enumerate(lines):
            if line.kind is _HEADING and line.level:
                title = heading_title(line)
                self.title = self.title or title
                self._section = _below(self._section, line.level, title)
            elif line.box >= 0:
                note = _note(lines, index)
                self._add_task(line.number, line.text, line.box, line.depth - 1, note)
            elif line.kind in TEXT_KINDS:
                words = line.text[line.content :].strip()
                if words and not self._section.topics:
                    self.written = True
                if words and self._section.goals:
                    self._add_goal(
                        line.number, words, starts=bool(line.marker), inside=line.depth > 0
                    )

    def _add_goal(self, number: int, words: str, *, starts: bool, inside: bool) -> None:
        """Add a line of text to the goals.

        `starts`, `inside`: whether it starts a list item, or is in one.
        """
        if self._goal_end == number - 1 and not starts:
            self._goal_lines.append(words)
            self._goal_end = number
        elif starts or not inside:
            self._start_goal(Goal(words, self._path, number))

    def _start_goal(self, goal: Goal) -> None:
        self._join_goal()
        self.goals.append(goal)
        self._goal_end = goal.line

    def _join_goal(self) -> None:
        """Add the further lines of the last goal to its text."""
        if self._goal_lines:
            goal = self.goals[-1]
            self.goals[-1] = replace(goal, text=" ".join((goal.text, *self._goal_lines)))
            self._goal_lines.clear()


def body_start(line: Line) -> int:
    """Return where the text of a task line begins: after the box and the white space behind it."""
    rest = line.text[line.box + 3 :]
    return len(line.text) - len(rest.lstrip(" \t"))


def _note_of_run(below: str) -> str:
    """Return the text of lines below a task in a run."""
    lines = (_INDENT.sub("", line, count=1).strip() for line in below.split("\n"))
    return "\n".join(filter(None, lines))


def _note(lines: Sequence[Line], index: int) -> str:
    """Return the text below a task: what its list item holds beside nested task items."""
    depth = lines[index].depth
    words: list[str] = []
    nested = 0
    for at in range(index + 1, len(lines)):
        line = lines[at]
        if line.depth < depth:
            break
        if line.kind is _BLANK and not line.marker:
            continue
        begins = _begins(line)
        if begins <= depth:
            break
        if line.box >= 0 and (not nested or begins <= nested):
            nested = line.depth
        elif nested and (line.depth < nested or begins <= nested):
            nested = 0
        if not nested and line.kind in TEXT_KINDS:
            words.append(line.text[line.content :].strip())
    return "\n".join(filter(None, words)) if words else ""


def _begins(line: Line) -> int:
    """Return the depth of the outermost list item that starts on a line; if none, one deeper."""
    if not line.marker:
        return line.depth + 1
    return line.depth + 1 - len(_MARKERS.findall(line.text, 0, line.content))
