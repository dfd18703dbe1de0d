"""Divide the text of a Markdown file into units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tldash.formats.markdown.body import read_pieces
from tldash.formats.markdown.front_matter import split_front
from tldash.formats.markdown.scanner import ATX, Line, heading_title, scan
from tldash.formats.markdown.scanner import Kind as LineKind
from tldash.merging.units import Kind, TaskLine, Unit, Unstructured, join, split_lines, text_units
from tldash.merging.yaml import divide_yaml
from tldash.model.records import Task

_SPACES: Final = " \t"


def divide_markdown(text: str, path: str, *, front_by_line: bool = False) -> list[Unit]:
    """Return the units of a file whose lines all end at line feeds.

    Args:
        front_by_line: Whether the lines of the front matter are text instead of keys.

    Raises:
        Unstructured: The keys cannot be told from each other.
    """
    parts = split_front(text, path)
    if parts.problems and not front_by_line:
        raise Unstructured
    units: list[Unit] = []
    front = text[: len(text) - len(parts.body)]
    if front_by_line:
        units += text_units(split_lines(front))
    elif parts.yaml is not None:
        opening = split_lines(front)[0]
        end = len(opening) + len(parts.yaml)
        units.append(Unit(Kind.FENCE, opening))
        units += divide_yaml(parts.yaml, path, in_session=False)
        units.append(Unit(Kind.FENCE, front[end:]))
    units += _divide_body(parts.body, path, parts.body_line)
    if join(units) != text:
        raise Unstructured
    return units


def _divide_body(body: str, path: str, first_line: int) -> list[Unit]:
    lines = scan(body, first_line)
    tasks = {task.line: task for task in read_pieces(lines, path).tasks}
    inside = _find_items(lines)
    units: list[Unit] = []
    at = 0
    while at < len(lines):
        unit, at = _read_unit(lines, at, tasks, inside)
        units.append(unit)
    return units


def _read_unit(
    lines: Sequence[Line], at: int, tasks: Mapping[int, Task], inside: Sequence[frozenset[int]]
) -> tuple[Unit, int]:
    """Return the unit that starts at an index, and the index after it."""
    line = lines[at]
    if line.number in tasks and line.box >= 0:
        end = _end_of_item(lines, at, inside, tasks)
        rest = text_units(f"{one.text}\n" for one in lines[at + 1 : end])
        task = tasks[line.number]
        unit = Unit(Kind.TASK, f"{line.text}\n", tuple(rest), task=task, line=_task_line(line))
        return unit, end
    if line.kind is LineKind.BLANK:
        return Unit(Kind.BLANK, f"{line.text}\n"), at + 1
    if line.kind is LineKind.HEADING and not line.depth and not line.quote:
        return _read_heading(lines, at)
    if not line.marker or line.quote:
        return Unit(Kind.TEXT, f"{line.text}\n"), at + 1
    end = at + 1
    while end < len(lines) and lines[end].item == line.number and _continues(lines[end]):
        end += 1
    rest = text_units(f"{one.text}\n" for one in lines[at + 1 : end])
    return Unit(Kind.BULLET, f"{line.text}\n", tuple(rest)), end


def _continues(line: Line) -> bool:
    """Return whether a line goes on with the text of a list item."""
    return not line.marker and line.kind is not LineKind.BLANK


def _read_heading(lines: Sequence[Line], at: int) -> tuple[Unit, int]:
    """Read a heading, with the line under it and all lines of its text."""
    line = lines[at]
    end = at + 1
    if line.level and ATX.match(line.text, line.content):
        return Unit(Kind.HEADING, f"{line.text}\n", (), heading_title(line), line.level), end
    while end < len(lines) and lines[end - 1].kind is LineKind.HEADING:
        end += 1
    text = "".join(f"{one.text}\n" for one in lines[at:end])
    return Unit(Kind.HEADING, text, (), text.strip(), lines[end - 1].level), end


def _task_line(line: Line) -> TaskLine:
    text, box = line.text, line.box + 1
    body = text[box + 2 :].lstrip(_SPACES)
    start = len(text) - len(body)
    return TaskLine(text[:box], text[box], text[box + 1 : start], body, "\n")


def _find_items(lines: Sequence[Line]) -> list[frozenset[int]]:
    """Return the numbers of the lines on which the list items around each line start."""
    found: list[frozenset[int]] = []
    open_items: list[tuple[int, int, int]] = []
    around: frozenset[int] = frozenset()
    for line in lines:
        starts = bool(line.marker) and line.item == line.number
        if starts:
            indent = len(line.text) - len(line.text.lstrip(_SPACES))
            kept = [i for i in open_items if i[0] < line.depth and i[1] < indent]
            open_items = [*kept, (line.depth, indent, line.number)]
        else:
            kept = [item for item in open_items if item[0] <= line.depth]
            if len(kept) == len(open_items):
                found.append(around)
                continue
            open_items = kept
        around = frozenset(number for _, _, number in open_items)
        found.append(around)
    return found


def _end_of_item(
    lines: Sequence[Line],
    at: int,
    inside: Sequence[frozenset[int]],
    tasks: Mapping[int, Task],
) -> int:
    """Return the index after the lines that belong to a task item alone."""
    number = lines[at].number
    end = at + 1
    if lines[at].quote:
        return end
    last = end
    while end < len(lines) and number in inside[end] and lines[end].number not in tasks:
        end += 1
        if lines[end - 1].kind is not LineKind.BLANK:
            last = end
    return last
