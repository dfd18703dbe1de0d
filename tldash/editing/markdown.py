"""Edit task items in Markdown: change, remove and add lines.

Each function takes a scanned body and returns the text of the new one. `tldash.editing.patch`
verifies that it is parsed as requested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tldash.editing import semantics
from tldash.editing.edits import AddTask, Refused, SetStatus, TaskChange
from tldash.formats.markdown.body import body_start, kind_of, read_pieces, section_kind
from tldash.formats.markdown.front_matter import split_front
from tldash.formats.markdown.scanner import Kind, Line, heading_title, scan
from tldash.formats.text import line_spans
from tldash.model.frozen import frozen
from tldash.model.records import Task

_BOLD: Final = re.compile(r"(\*\*|__)(?=\S)(.+?)\1[ \t]*:?[ \t]*\Z")
"""A line of bold text, which people use as a heading."""
BOLD_LEVEL: Final = 7
"""The level of a bold line: below all headings."""
_NUMBER: Final = re.compile(r"([0-9]+)([.)][ \t]+)$")


@frozen
class Body:
    """The body of a Markdown file, scanned once for its lines and its task items."""

    text: str
    lines: Sequence[Line]
    tasks: Sequence[Task]
    first_line: int
    """The number of its first line in the file, from 1."""
    ending: str
    """The line end that the file uses."""
    title_line: int = 0
    """As `tldash.formats.markdown.body.Markdown.title_line`."""

    def index(self, task: Task) -> int:
        """Return the index in `lines` of a task item."""
        return task.line - self.first_line


def read(text: str, path: str) -> tuple[str, Body]:
    """Split a file into the text above its body, and the body."""
    front = split_front(text, path)
    lines = scan(front.body, front.body_line)
    found = read_pieces(lines, path)
    body = Body(front.body, lines, found.tasks, front.body_line, line_end(text), found.title_line)
    return text[: len(text) - len(front.body)], body


def line_end(text: str) -> str:
    """Return the line end that a text uses."""
    return "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"


def change(body: Body, here: Task, edit: TaskChange) -> str:
    """Return the body with a task line changed, and the next occurrence of a done one above it.

    Raises Refused if the next occurrence is not clear.
    """
    line = body.lines[body.index(here)]
    before, mark, rest = (
        line.text[: line.box + 1],
        line.text[line.box + 1],
        line.text[line.box + 3 :],
    )
    gap = rest[: len(rest) - len(rest.lstrip(" \t"))]
    text = rest[len(gap) :]
    if not text:  # keep these spaces after the new text, so that undoing leaves them
        gap, text = " ", rest
    new_mark, new_text = semantics.apply_to_body(edit, mark, text)
    new_rest = gap + new_text
    if not new_text.strip(" \t"):
        new_rest = new_rest[1:]
    new = f"{before}{new_mark}]{new_rest}"
    begin, end = line_spans(body.text)[body.index(here)]
    if isinstance(edit, SetStatus) and semantics.repeats(edit, here):
        following = semantics.next_line(here, text, edit.on)
        if following is not None:
            new = f"{before} ]{gap}{following}{_ending(body, end)}{new}"
    return body.text[:begin] + new + body.text[end:]


def remove(body: Body, here: Task) -> str:
    """Return the body without a task item. Raises Refused if other items are nested in it."""
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
    """Return the body with a new task line after the last item of its section, or at its end.

    The section may have another name for the same: `## ✅ Action items:`, or a bold line. Without
    such a section, add one at the end of the file.
    """
    text = semantics.one_line(edit.text)
    if edit.within:
        return _add_within(body, edit, text)
    inside = [task for task in body.tasks if _belongs(task.section, edit.section)]
    if inside:
        return _after_items(body, inside, text)
    heading = _heading(body, edit.section)
    if heading is not None:
        end = section_end(body, heading)
        below = range(body.first_line + heading, body.first_line + end)
        inside = [task for task in body.tasks if task.line in below]
        if inside:
            return _after_items(body, inside, text)
        return _under(body, heading, end, f"- [ ] {text}")
    return _at_end(body, [f"## {semantics.one_line(edit.section)}", f"- [ ] {text}"])


def _add_within(body: Body, edit: AddTask, text: str) -> str:
    """Return the body with a new task line in the session below a dated heading.

    Raises Refused without exactly one such heading.
    """
    start, end = find_dated(body, edit.within)
    level = body.lines[start].level
    start = skip_underline(body, start)
    below = range(body.first_line + start, body.first_line + end)
    tasks = [task for task in body.tasks if task.line in below]
    inside = [task for task in tasks if _belongs(task.section, edit.section)]
    if not inside:
        wanted = kind_of((edit.section,))
        inside = [task for task in tasks if task.section[-1:] == (edit.within,)]
        inside = inside if kind_of((edit.within,)) is wanted else []
    if inside:
        return _after_items(body, inside, text)
    heads = [
        at
        for at, mark, headings in sections(body)
        if mark < BOLD_LEVEL and start < at < end and _belongs(headings, edit.section)
    ]
    if heads:
        return _under(body, heads[-1], section_end(body, heads[-1]), f"- [ ] {text}")
    new = [f"{'#' * min(level + 1, 6)} {semantics.one_line(edit.section)}", f"- [ ] {text}"]
    last = max(at for at in range(start, end) if at == start or body.lines[at].text.strip())
    return insert(body, last, ["", *new])


def find_dated(body: Body, title: str) -> tuple[int, int]:
    """Return the index of a dated heading, and that after its section.

    Raises Refused without exactly one such heading.
    """
    headings = [one for one in sections(body) if one[1] < BOLD_LEVEL]
    dated = [(at, level) for at, level, names in headings if names[-1:] == [title]]
    if len(dated) != 1:
        raise Refused("gone", f"the heading {title} is no longer in the file, or there twice")
    start, level = dated[0]
    following = (at for at, other, _ in headings if at > start and other <= level)
    return start, next(following, len(body.lines))


def skip_underline(body: Body, heading: int) -> int:
    """Return the index of the last line of a heading."""
    while heading + 1 < len(body.lines) and _continues_heading(body.lines[heading + 1]):
        heading += 1
    return heading


def _after_items(body: Body, inside: Sequence[Task], text: str) -> str:
    """Insert a line after the last of the outermost items of a section."""
    highest = min(task.depth for task in inside)
    anchor = [task for task in inside if task.depth == highest][-1]
    at = body.index(anchor)
    new = _prefix(body, anchor, inside) + _box(body.lines[at]) + text
    return insert(body, _last_line(body.lines, at), [new])


def _belongs(headings: Sequence[str], section: str) -> bool:
    """Return whether the innermost heading names a section: as `section` does, or for the same."""
    if not headings:
        return False
    kind = section_kind(section)
    same = headings[-1].casefold() == section.strip().casefold() or (
        kind is not None and section_kind(headings[-1]) is kind
    )
    return same and kind_of(tuple(headings)) is kind_of((section,))


def _last_line(lines: Sequence[Line], first: int) -> int:
    """Return the index of the last line with text of the list item that starts on `first`."""
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
    """Return the indentation and marker of an item after `anchor`, with the next number."""
    line = body.lines[body.index(anchor)]
    prefix = line.text[: line.box]
    number = _NUMBER.search(prefix)
    if number is None:
        return prefix
    siblings = [task for task in inside if task.depth == anchor.depth and task is not anchor]
    above = body.lines[body.index(siblings[-1])].marker if siblings else ""
    following = int(number[1]) + (above != line.marker)  # all items may be `1.`
    return f"{prefix[: number.start()]}{following}{number[2]}"


def _box(line: Line) -> str:
    gap = line.text[line.box + 3 : body_start(line)]
    return f"[ ]{gap or ' '}"


def _heading(body: Body, section: str) -> int | None:
    """Return the index of the last line of the section's heading; of several sections, the last.

    A bold line counts only without a heading.
    """
    found: int | None = None
    bold: int | None = None
    for at, level, headings in sections(body):
        if level < BOLD_LEVEL and _belongs(headings, section):
            found = at
        elif level == BOLD_LEVEL and _belongs(headings[-1:], section):
            # What is read does not know bold lines: the headings above it still decide.
            above = kind_of(tuple(headings[:-1]))
            bold = at if above is kind_of((section,)) else bold
    if found is None:
        return bold
    return skip_underline(body, found)


def sections(body: Body) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the index and level of each heading outside of lists, and its path of headings."""
    above: list[tuple[int, str]] = []
    for at, line in enumerate(body.lines):
        if line.kind is Kind.HEADING and line.level:
            above = [(level, title) for level, title in above if level < line.level]
            if line.number != body.title_line:
                above.append((line.level, heading_title(line)))
            if not line.depth:
                yield at, line.level, [title for _, title in above]
        elif bold := _bold(line):
            yield at, BOLD_LEVEL, [*(title for _, title in above), bold]


def _bold(line: Line) -> str:
    """Return the text of a line that is bold as a whole and stands outside of lists, else ''."""
    if line.kind is not Kind.PARAGRAPH or line.depth or line.quote or line.marker:
        return ""
    found = _BOLD.fullmatch(line.text[line.content :])
    return found[2] if found else ""


def section_end(body: Body, heading: int) -> int:
    """Return the index after the last line of a section: that of the next heading or bold line."""
    for at in range(heading + 1, len(body.lines)):
        if body.lines[at].kind is Kind.HEADING or _bold(body.lines[at]):
            return at
    return len(body.lines)


def _continues_heading(line: Line) -> bool:
    return line.kind is Kind.UNDERLINE or (line.kind is Kind.HEADING and not line.level)


def _under(body: Body, heading: int, end: int, new: str) -> str:
    """Insert a line at the end of a section, with an empty line after text."""
    last = heading
    for at in range(heading + 1, end):
        if body.lines[at].kind is not Kind.BLANK:
            last = at
    line = body.lines[heading]
    quote = line.text[: line.content] if line.quote else ""
    apart = last != heading and not body.lines[last].depth
    return insert(body, last, [quote.rstrip()] * apart + [quote + new])


def _at_end(body: Body, new: Sequence[str]) -> str:
    """Append a section to the body, after an empty line."""
    if not body.lines:
        return "".join(line + body.ending for line in new)
    apart = [""] if body.lines[-1].kind is not Kind.BLANK else []
    return insert(body, len(body.lines) - 1, [*apart, *new])


def insert(body: Body, after: int, new: Sequence[str]) -> str:
    """Insert lines after the line with that index, with its line end."""
    end = line_spans(body.text)[after][1]
    ending = _ending(body, end)
    return body.text[:end] + "".join(ending + line for line in new) + body.text[end:]


def _ending(body: Body, end: int) -> str:
    """Return the line end at `end`; at the end of the body, the one that the file uses."""
    following = (e for e in ("\r\n", "\n", "\r") if body.text.startswith(e, end))
    return next(following, body.ending)
