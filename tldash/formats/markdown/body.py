"""Read the body of a Markdown file: task items, headings, goals.

Pure: text in, values out. No text raises an exception. `scanner` finds the lines with task items,
`tldash.formats.tasks.parse` parses them, and this module adds headings and notes.

The scanner returns runs of similar lines, and single lines between them. A run is read as a whole:
of paragraphs, for example, only their existence matters.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Final

from tldash.formats.markdown import near_tasks
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
from tldash.formats.tasks.parse import (
    LEADING_TEXT,
    parse_fields,
    parse_uncached,
    parse_words,
    status_of,
)
from tldash.model.file_roles import date_in_name
from tldash.model.frozen import frozen
from tldash.model.patterns import compile_pattern
from tldash.model.records import Goal, ItemKind, Problem, Status, Task

_TOPIC_NAMES: Final = r"agenda|topics|talking points"
_GOAL_NAMES: Final = r"goals?"
_ACTION_NAMES: Final = (
    r"(?:next )?actions?|action (?:items?|points?|list)|to[- ]?dos?|tasks?|next steps?"
    r"|follow[- ]?ups?"
)
_SECTION: Final = compile_pattern(
    rf"[\W\d_]*+(?:(?P<topic>{_TOPIC_NAMES})|(?P<goal>{_GOAL_NAMES})|(?P<action>{_ACTION_NAMES}))"
    r"(?!\w)",
    re.IGNORECASE,
)
"""A heading that decides what the task items below it are. Groups are named as kinds of items."""
_NOTES: Final = r"(?:meeting |session )?notes|summary|decisions?"
_NOTES_SECTION: Final = compile_pattern(rf"[\W\d_]*+(?:{_NOTES})[\W_]*", re.IGNORECASE)
"""A heading that ends the agenda or the goals that it stands in."""
_SECTION_NAME: Final = compile_pattern(
    rf"[\W\d_]*+(?:{_TOPIC_NAMES}|{_GOAL_NAMES}|{_ACTION_NAMES}|{_NOTES}"
    r"|attendees|participants|discussion|background)[\W_]*",
    re.IGNORECASE,
)
"""A heading that is only the name of a section, and never that of a session or lead."""
_MARKERS: Final = compile_pattern(r"[-+*]|[0-9]{1,9}[.)]")
_TASK: Final = compile_pattern(
    r"([^\[\n]++\[(.)\][ \t]*+" + LEADING_TEXT + r"([^\n]*+))\n((?:\n*+ [^\n]*+\n)*+)"
)
"""A task item's line, the character in its box, three parts of its text, and the lines below it."""
BOX_INSIDE: Final = compile_pattern(r"^[> ][ ]*+[-+*][ ]++\[.\](?=[ \t\v\f\n])", re.MULTILINE)
"""A task item that is nested or quoted."""
_LINE: Final = compile_pattern(
    r"([ ]*+)((?:[-+*]|[0-9]{1,9}[.)])[ ]++)?+(?=[^ ])(\[.\](?=[ \t\v\f]|\Z))?", re.DOTALL
)
"""A line of a run of items: indentation, marker, box. None if blank."""
_INDENT: Final = compile_pattern(r"[ ]++([-+*][ ]++)?+")
_WORDS_BELOW: Final = compile_pattern(r"[ ]++(?:[-+*][ ]++)?+([^\n]++)")
"""The words of each line below a task item in a run."""
_MARKED_BELOW: Final = compile_pattern(r"\n[ ]++[-+*][ ]")
_MAY_NEST_BOX: Final = compile_pattern(rb"\n[ ]++[-+*][ ]++\[")
_RAW: Final = attrgetter("raw")
(_BRACKET, _BOX), _TODO = near_tasks.SIGNS, near_tasks.TODO_SIGN

TEXT_KINDS: Final = (Kind.PARAGRAPH, Kind.CODE, Kind.HTML, Kind.MATH)
"""Kinds of lines whose text counts as written by somebody."""
# Looking up a member of an enumeration takes as long as a tenth of a short line.
_BLANK: Final = Kind.BLANK
_HEADING: Final = Kind.HEADING
_PARAGRAPH: Final = Kind.PARAGRAPH
_OPEN: Final = Status.OPEN


@frozen
class Markdown:
    """What the body of a Markdown file holds."""

    tasks: tuple[Task, ...]
    title: str
    """The first heading of level one that is not the name of a section."""
    written: bool
    """Whether there is anything but an agenda in it."""
    goals: tuple[Goal, ...]
    problems: tuple[Problem, ...]
    title_line: int = 0
    """The line of a title that is like the name of a section (`# Agenda for 30 Oct`), else 0.

    It decides nothing, and is no section of the items below it.
    """
    dated: tuple[DatedSection, ...] = ()


@frozen
class DatedSection:
    """The part of a body below a heading with a date, up to the next heading of its level."""

    day: date
    title: str
    """The heading, as in `Task.section`."""
    level: int
    line: int
    """The line of the heading."""
    end: int = 0
    """The last line."""
    written: bool = False
    """As `Markdown.written`."""


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A place below some headings."""

    levels: tuple[int, ...] = ()
    headings: tuple[str, ...] = ()
    """Outermost first."""
    topics: bool = False
    """Whether task items here are topics of an agenda."""
    goals: bool = False
    day: date | None = None
    """The date in its own heading."""


TOP: Final = Section()
"""The place above the first heading."""


@lru_cache(maxsize=4096)
def below_heading(section: Section, level: int, title: str) -> Section:
    """Return the place below a heading: the same object for the same headings, in any file."""
    kept = sum(outer < level for outer in section.levels)
    headings = (*section.headings[:kept], title)
    kind = kind_of(headings)
    return Section(
        (*section.levels[:kept], level),
        headings,
        kind is ItemKind.TOPIC,
        kind is ItemKind.GOAL,
        date_in_name(title.lstrip("[ ").replace("/", " ").replace("]", " ")),
    )


@lru_cache(maxsize=1024)
def below_run(section: Section, data: bytes) -> tuple[Section, str | None]:
    """Return the place below a run of one heading, and its title if it is of level one."""
    text = data.decode("utf-8", "surrogatepass").rstrip("\n")
    level = heading_level(text)
    title = heading_title(Line(0, text, Kind.HEADING, 0, 0, 0, level))
    return below_heading(section, level, title), title if level == 1 else None


@lru_cache(maxsize=1024)
def kind_of(headings: tuple[str, ...]) -> ItemKind:
    """Return what task items below these headings are: the nearest one that tells decides."""
    for heading in reversed(headings):
        found = _SECTION.match(heading)
        if found is not None:
            return ItemKind(str(found.lastgroup))
        if _NOTES_SECTION.fullmatch(heading):
            break
    return ItemKind.ACTION


def is_topics(headings: Sequence[str]) -> bool:
    """Whether task items below these headings are topics of an agenda."""
    return kind_of(tuple(headings)) is ItemKind.TOPIC


def section_kind(heading: str) -> ItemKind | None:
    """Return the kind of the items in a section of exactly that name: `## ✅ Action items:`.

    None if it is not the name of a section of topics, goals or actions.
    """
    found = _SECTION.match(heading)
    if found is None or _SECTION_NAME.fullmatch(heading) is None:
        return None
    return ItemKind(str(found.lastgroup))


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
    tops = reader.tops
    title_line = title_like_section(tops)
    if title_line:
        reader = _Reader(path, title_line)
        reader.read(pieces)
    dated = reader.finish_dated()
    return Markdown(
        with_occurrences(reader.tasks),
        _choose_title(tops) if tops else "",
        reader.written,
        tuple(reader.goals),
        tuple(reader.problems),
        title_line,
        dated,
    )


def title_like_section(tops: Sequence[tuple[int, str]]) -> int:
    """Return the line of a title as `Markdown.title_line`, given the headings of level one."""
    if len(tops) == 1 and _SECTION.match(tops[0][1]) and not _SECTION_NAME.fullmatch(tops[0][1]):
        return tops[0][0]
    return 0


def _choose_title(tops: Sequence[tuple[int, str]]) -> str:
    """Return the first heading of level one that names no section."""
    alone = len(tops) == 1
    titles = (
        title
        for _, title in tops
        if not _SECTION_NAME.fullmatch(title) and (alone or not _SECTION.match(title))
    )
    return next(titles, "")


class _Reader:
    """What has been found in a body so far, and the place that was reached."""

    def __init__(self, path: str, title_line: int = 0) -> None:
        """`title_line` is that of a title that decides nothing, as in `Markdown`."""
        self._path = path
        self._title_line = title_line
        self.tasks: list[Task] = []
        self.problems: list[Problem] = []
        self.goals: list[Goal] = []
        self._goal_lines: list[str] = []
        """The lines of the open goal. Joined at its end, since there may be very many."""
        self.tops: list[tuple[int, str]] = []
        """Line and title of each heading of level one."""
        self._dated: list[DatedSection] = []
        self._near: list[near_tasks.NearTask] = []

    written = False
    _was_written = False
    """Whether anything was written above the open dated section."""
    _section = TOP
    _goal_start = 0
    """The first line of the open goal."""
    _goal_end = 0
    """The last line of its text."""
    _goal_status = _OPEN

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
            kind, number, data = piece
            self._read_run(kind, number, data)
            if kind > TASKS and (
                _BRACKET in data or _BOX in data or (kind == ITEMS and _TODO in data)
            ):
                self._find_near_tasks(kind, number, data)
        if lines:
            self._read_lines(lines)
        self._join_goal()
        if self._near:
            self.problems.extend(near_tasks.select(self._near, self.tasks))

    def _read_run(self, kind: int, number: int, data: bytes) -> None:
        section = self._section
        if kind == HEADING:
            self._enter(number, *below_run(section, data))
        elif section.goals:
            self._read_goals(kind, number, data)
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

    def _enter(self, number: int, section: Section, top: str | None) -> None:
        """Enter the section below a heading. `top` is its title if it is of level one."""
        self._section = section
        if top is not None:
            self.tops.append((number, top))
            if number == self._title_line:
                self._section = TOP
        if self._dated or section.day is not None:
            self._read_day(number, section)

    def _read_day(self, number: int, section: Section) -> None:
        """Close the open dated section at a heading, and open the next one."""
        level = section.levels[-1]
        self._close_dated(number - 1, level)
        if section.day is not None and not (self._dated and self._dated[-1].end == 0):
            self._dated.append(DatedSection(section.day, section.headings[-1], level, number))
            self._was_written, self.written = self.written, False

    def _close_dated(self, end: int, level: int = 0) -> None:
        """Close the open dated section, if a heading of that level does."""
        if self._dated and not self._dated[-1].end and level <= self._dated[-1].level:
            self._dated[-1] = replace(self._dated[-1], end=end, written=self.written)
            self.written = self.written or self._was_written

    def finish_dated(self) -> tuple[DatedSection, ...]:
        """Return the dated sections; the last one goes on to the end of the file."""
        self._close_dated(sys.maxsize)
        return tuple(self._dated)

    def _find_near_tasks(self, kind: int, number: int, data: bytes) -> None:
        """Report the lines of a run that were probably meant as task items."""
        if kind in (FENCED, SILENT) or not near_tasks.may_contain(data):
            return
        if self._section.goals and kind != TEXT:
            return  # read line by line before
        lines = enumerate(data.decode("utf-8", "surrogatepass").split("\n"), number)
        self._near.extend(near_tasks.find_in_lines(self._path, lines))

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
            nested: list[_FoundTask] = []
            if below:
                if near_tasks.may_be(below):
                    lines = enumerate(below.split("\n"), number + 1)
                    self._near.extend(near_tasks.find_in_lines(path, lines))
                if "[" in below and BOX_INSIDE.search(below):
                    inside: list[str] = []
                    nested = _find_tasks(number + 1, below, 0, [(2, inside)], [])
                    note = "\n".join(filter(None, inside))
                else:
                    note = "\n".join(map(str.strip, _WORDS_BELOW.findall(below)))
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
            if section.goals:
                self._start_goal(number, [text], found[-1].status)
                self._read_below_goal(number + 1, below)
            for one in nested:
                self._add_task(*one)
            number += 1 + below.count("\n") if below else 1
        if some and not section.topics:
            self.written = True

    def _read_items(self, number: int, data: str, prefix: int) -> None:
        """Read list items and paragraphs of a run, in which task items are nested or quoted.

        `prefix`: how many characters of each line are quote marks.
        """
        outside: list[str] = []
        for task in _find_tasks(number, data, prefix, [], outside):
            self._add_task(*task)
        if outside and not self._section.topics:
            self.written = True

    def _add_task(self, number: int, line: str, box: int, depth: int, words: list[str]) -> None:
        """Add a task item. `words` are the lines of text below it."""
        note = "\n".join(filter(None, words)) if words else ""
        rest = line[box + 3 :]
        body = rest.lstrip(" \t")
        found = parse_words(body)
        if found is None:
            parsed = parse_uncached(body)
            for problem in parsed.problems:
                self.problems.append(problem.in_file(self._path, number, len(line) - len(body)))
            found = parsed.text, parsed.fields
        text, fields = found
        section = self._section
        status = status_of(line[box + 1])
        task = Task(self._path, number, line, text, status, fields, section.headings, depth, note)
        self.tasks.append(task)
        if (text or note) and not section.topics:
            self.written = True
        if section.goals:
            self._start_goal(number, [text], status)

    def _read_lines(self, lines: Sequence[Line]) -> None:
        """Read lines one by one."""
        for index, line in enumerate(lines):
            if line.kind is _HEADING and line.level:
                title = heading_title(line)
                below = below_heading(self._section, line.level, title)
                self._enter(line.number, below, title if line.level == 1 else None)
            elif line.box >= 0:
                inside = _words_below(lines, index)
                self._add_task(line.number, line.text, line.box, line.depth - 1, inside)
            elif line.kind in TEXT_KINDS:
                words = line.text[line.content :].strip()
                if line.kind is _PARAGRAPH and near_tasks.may_be(line.text):
                    here = [(line.number, line.text)]
                    self._near.extend(near_tasks.find_in_lines(self._path, here))
                if words and not self._section.topics:
                    self.written = True
                if words and self._section.goals:
                    self._add_goal(
                        line.number, words, starts=bool(line.marker), inside=line.depth > 0
                    )

    def _read_goals(self, kind: int, number: int, data: bytes) -> None:
        """Read a run below a Goals heading."""
        if kind == TEXT:
            self._read_goal_text(number, data.decode("utf-8", "surrogatepass"))
        elif kind == TASKS and not _MAY_NEST_BOX.search(data):
            self._read_tasks(number, data)
        else:
            self._read_lines(lines_of([(kind, number, data)]))

    def _read_goal_text(self, number: int, text: str) -> None:
        """Add the paragraphs of a run to the goals."""
        lines, end = self._goal_lines, self._goal_end
        for at, line in enumerate(text.split("\n"), number):
            words = line.strip()
            if not words:
                continue
            if end == at - 1:
                lines.append(words)
            else:
                lines = [words]
                self._start_goal(at, lines, _OPEN)
            end = at
            self.written = True
        self._goal_end = end

    def _read_below_goal(self, number: int, below: str) -> None:
        """Add the lines below a task item to the goals. `number` is that of the first one."""
        if below[:1] == "\n" and not _MARKED_BELOW.search(below):
            return  # such text neither goes on with the item nor starts another one
        for at, line in enumerate(below.split("\n"), number):
            if found := _INDENT.match(line):
                words = line[found.end() :].strip()
                self._add_goal(at, words, starts=found[1] is not None, inside=True)

    def _add_goal(self, number: int, words: str, *, starts: bool, inside: bool) -> None:
        """Add a line of text to the goals.

        `starts`, `inside`: whether it starts a list item, or is in one.
        """
        if self._goal_end == number - 1 and not starts:
            self._goal_lines.append(words)
            self._goal_end = number
        elif starts or not inside:
            self._start_goal(number, [words], _OPEN)

    def _start_goal(self, number: int, lines: list[str], status: Status) -> None:
        self._join_goal()
        self._goal_lines = lines
        self._goal_start = self._goal_end = number
        self._goal_status = status

    def _join_goal(self) -> None:
        """Add the open goal to the others."""
        if self._goal_lines:
            text = " ".join(self._goal_lines)
            self.goals.append(Goal(text, self._path, self._goal_start, self._goal_status))
            self._goal_lines = []


def body_start(line: Line) -> int:
    """Return where the text of a task line begins: after the box and the white space behind it."""
    rest = line.text[line.box + 3 :]
    return len(line.text) - len(rest.lstrip(" \t"))


_FoundTask = tuple[int, str, int, int, list[str]]
"""The number and text of a line, the offset of its box, its depth, and the lines of text below."""


def _find_tasks(
    number: int, data: str, prefix: int, items: list[tuple[int, list[str]]], outside: list[str]
) -> list[_FoundTask]:
    """Return the task items among list items and paragraphs.

    Args:
        number: that of the first line
        prefix: how many characters of each line are quote marks
        items: the list items around all of it: the column of their content, and the lines of text
            of the task item that it belongs to, which more are added to
        outside: the same for text that belongs to no task item
    """
    tasks: list[_FoundTask] = []
    blank = False
    match = _LINE.match
    for number_here, line in enumerate(data.split("\n"), number):
        found = match(line, prefix)
        if found is None:
            blank = True
            continue
        indent, content = found.end(1), found.end(2)
        if blank or content >= 0:  # else, it goes on with the paragraph above
            blank = False
            while items and items[-1][0] > indent:
                items.pop()
        words = items[-1][1] if items else outside
        if content < 0:
            words.append(line[indent:].strip())
            continue
        if found.end(3) >= 0:
            words = []
            tasks.append((number_here, line, content, len(items), words))
        else:
            words.append(line[content:].strip())
        items.append((content, words))
    return tasks


def _words_below(lines: Sequence[Line], index: int) -> list[str]:
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
    return words


def _begins(line: Line) -> int:
    """Return the depth of the outermost list item that starts on a line; if none, one deeper."""
    if not line.marker:
        return line.depth + 1
    return line.depth + 1 - len(_MARKERS.findall(line.text, 0, line.content))
