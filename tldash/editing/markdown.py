"""Edits of task items in Markdown: which lines change, come or go, and how they are written.

Each function takes the body of a file with the lines that `scan` made of it, and answers
with the new body. Whether that is read as it was meant is checked by `tldash.editing.patch`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tldash.editing import semantics
from tldash.editing.edits import AddTask, Refused, SetStatus, TaskChange
from tldash.formats.markdown.body import body_start, is_topics, read_body
from tldash.formats.markdown.front_matter import split_front
from tldash.formats.markdown.scanner import Kind, Line, heading_title, scan
from tldash.formats.text import line_spans
from tldash.model.frozen import frozen
from tldash.model.records import Status, Task

_ACTIONS: Final = ("actions", "action items", "next actions", "to do")
"""Headings that people give their actions; the first one is ours."""
_NUMBER: Final = re.compile(r"([0-9]+)([.)][ \t]+)$")


@frozen
class Body:
    """The body of a Markdown file, line by line."""

    text: str
    lines: Sequence[Line]
    tasks: Sequence[Task]
    first_line: int
    """The number of its first line in the file."""
    ending: str
    """The line end that the file uses."""

    def index(self, task: Task) -> int:
        """Where in `lines` a task item of `tasks` stands."""
        return task.line - self.first_line


def read(text: str, path: str) -> tuple[str, Body]:
    """What stands above the body of a file, and the body."""
    front = split_front(text, path)
    tasks = read_body(front.body, path, front.body_line).tasks
    lines = scan(front.body, front.body_line)
    body = Body(front.body, lines, tasks, front.body_line, line_end(text))
    return text[: len(text) - len(front.body)], body


def line_end(text: str) -> str:
    """The line end that a text uses."""
    return "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"


def change(body: Body, here: Task, edit: TaskChange) -> str:
    """The body with a task line changed; below a new one, where the action comes again.

    Raises Refused where it should come again but cannot.
    """
    line = body.lines[body.index(here)]
    before, mark, rest = (
        line.text[: line.box + 1],
        line.text[line.box + 1],
        line.text[line.box + 3 :],
    )
    gap = rest[: len(rest) - len(rest.lstrip(" \t"))]
    words = rest[len(gap) :]
    if not words:  # the blanks there stay behind what is written, so that they are left again
        gap, words = " ", rest
    new_mark, new_words = semantics.apply_to_body(edit, mark, words)
    new_rest = gap + new_words
    if not new_words.strip(" \t"):
        new_rest = new_rest[1:]
    new = f"{before}{new_mark}]{new_rest}"
    begin, end = line_spans(body.text)[body.index(here)]
    if isinstance(edit, SetStatus) and edit.status is Status.DONE and here.fields.repeat:
        following = semantics.next_line(here, words, edit.on)
        if following is not None:
            new = f"{before} ]{gap}{following}{_ending(body, end)}{new}"
    return body.text[:begin] + new + body.text[end:]


def remove(body: Body, here: Task) -> str:
    """The body without a task item's lines. Raises Refused where other items are nested in it."""
    first = body.index(here)
    last = _last_line(body.lines, first)
    if any(line.box >= 0 for line in body.lines[first + 1 : last + 1]):
        raise Refused("nested", "other task items are nested under it; move them first", here.raw)
    spans = line_spans(body.text)
    begin = spans[first][0]
    if last + 1 < len(spans):
        return body.text[:begin] + body.text[spans[last + 1][0] :]
    end = spans[last][1]
    if end == len(body.text) and first:
        return body.text[: spans[first - 1][1]]  # a file without a final line end keeps none
    return body.text[:begin]


def add(body: Body, edit: AddTask) -> str:
    """The body with a new task line behind the last item of its section, or at the section's end.

    Without such a section, one is made at the end of the file.
    """
    words = semantics.one_line(edit.text)
    names = _names(edit.section)
    inside = [task for task in body.tasks if _belongs(task.section, names)]
    if inside:
        highest = min(task.depth for task in inside)
        anchor = [task for task in inside if task.depth == highest][-1]
        at = body.index(anchor)
        new = _prefix(body, anchor, inside) + _box(body.lines[at]) + words
        return _insert(body, _last_line(body.lines, at), [new])
    heading = _heading(body, names)
    if heading is not None:
        return _under(body, heading, f"- [ ] {words}")
    under_agenda = any(is_topics(section[:1]) for _, section in list(_sections(body))[-1:])
    level = "#" if under_agenda and not is_topics(names) else "##"
    return _at_end(body, [f"{level} {semantics.one_line(edit.section)}", f"- [ ] {words}"])


def _names(section: str) -> tuple[str, ...]:
    name = section.strip().casefold()
    return _ACTIONS if name == _ACTIONS[0] else (name,)


def _belongs(section: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a section is directly the one that is meant, and no part of an agenda by mistake."""
    return (
        bool(section) and section[-1].casefold() in names and is_topics(section) == is_topics(names)
    )


def _last_line(lines: Sequence[Line], first: int) -> int:
    """The last line of the list item that starts on `first`, blank ones at its end left out."""
    item, last = lines[first], first
    for at in range(first + 1, len(lines)):
        line = lines[at]
        if line.kind is Kind.BLANK:
            continue
        if line.depth < item.depth or (line.depth == item.depth and line.marker):
            break
        last = at
    return last


def _prefix(body: Body, anchor: Task, inside: Sequence[Task]) -> str:
    """What stands before the box of an item that follows `anchor`."""
    line = body.lines[body.index(anchor)]
    prefix = line.text[: line.box]
    number = _NUMBER.search(prefix)
    if number is None:
        return prefix
    siblings = [task for task in inside if task.depth == anchor.depth and task is not anchor]
    above = body.lines[body.index(siblings[-1])].marker if siblings else ""
    following = int(number[1]) + (above != line.marker)  # all `1.` is a way of numbering too
    return f"{prefix[: number.start()]}{following}{number[2]}"


def _box(line: Line) -> str:
    gap = line.text[line.box + 3 : body_start(line)]
    return f"[ ]{gap or ' '}"


def _heading(body: Body, names: Sequence[str]) -> int | None:
    """The last line of the heading of the section that is meant; of several sections the last."""
    fitting = (at for at, section in _sections(body) if _belongs(section, names))
    found = max(fitting, default=None)
    if found is None:
        return None
    while found + 1 < len(body.lines) and _is_rest_of_heading(body.lines[found + 1]):
        found += 1
    return found


def _sections(body: Body) -> Iterator[tuple[int, list[str]]]:
    """The index of each heading outside of lists, and the headings there, outermost first."""
    above: list[tuple[int, str]] = []
    for at, line in enumerate(body.lines):
        if line.kind is Kind.HEADING and line.level:
            above = [(level, words) for level, words in above if level < line.level]
            above.append((line.level, heading_title(line)))
            if not line.depth:
                yield at, [words for _, words in above]


def _is_rest_of_heading(line: Line) -> bool:
    return line.kind is Kind.UNDERLINE or (line.kind is Kind.HEADING and not line.level)


def _under(body: Body, heading: int, new: str) -> str:
    """Put a line at the end of what stands under a heading, apart from text above it."""
    last = heading
    for at in range(heading + 1, len(body.lines)):
        line = body.lines[at]
        if line.kind is Kind.HEADING:
            break
        if line.kind is not Kind.BLANK:
            last = at
    line = body.lines[heading]
    quote = line.text[: line.content] if line.quote else ""
    apart = last != heading and not body.lines[last].depth
    return _insert(body, last, [quote.rstrip()] * apart + [quote + new])


def _at_end(body: Body, new: Sequence[str]) -> str:
    """Put a section at the end of a body, a blank line apart from what stands above it."""
    if not body.lines:
        return "".join(line + body.ending for line in new)
    apart = [""] if body.lines[-1].kind is not Kind.BLANK else []
    return _insert(body, len(body.lines) - 1, [*apart, *new])


def _insert(body: Body, after: int, new: Sequence[str]) -> str:
    """Put lines behind the line of that index; the last one ends as the line before did."""
    end = line_spans(body.text)[after][1]
    ending = _ending(body, end)
    return body.text[:end] + "".join(ending + line for line in new) + body.text[end:]


def _ending(body: Body, end: int) -> str:
    """The line end that follows `end`; at the end of the body, the one that the file uses."""
    following = (e for e in ("\r\n", "\n", "\r") if body.text.startswith(e, end))
    return next(following, body.ending)
