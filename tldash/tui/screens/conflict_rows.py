"""The rows of a file in conflict: items with both versions, equal lines, and the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from textual.content import Content

from tldash.merging.compare import Choice, Choices, Comparison, Item, Place, find_changed, lines_of
from tldash.merging.units import Kind
from tldash.model.dates import pluralize
from tldash.model.sanitize import sanitize
from tldash.model.sides import Sides
from tldash.tui.style.text import ACCENT, LATE, MUTED, STRONG, fit, words, wrap
from tldash.tui.widgets.row_list import Row

SIDE_BY_SIDE: Final = 90
"""The width from which the versions stand side by side."""
_SHOWN: Final = 60
"""Lines of a version that are shown at most; the result has all of them."""
_COMPARED: Final = 20_000
"""Characters of two versions up to which their words are compared."""
CHANGED: Final = f"bold underline {ACCENT}"
_SEPARATOR: Final = " │ "
_LABELS: Final = {
    None: ("? undecided", LATE),
    Choice.OURS: ("‹ ours", STRONG),
    Choice.THEIRS: ("› theirs", STRONG),
    Choice.BOTH: ("& both", STRONG),
}
_KINDS: Final = {
    Kind.TASK: "task item",
    Kind.PAIR: "key",
    Kind.BULLET: "list item",
    Kind.HEADING: "heading",
    Kind.FENCE: "front matter",
    Kind.TEXT: "text",
    Kind.BLANK: "empty lines",
    None: "form of the file",
}


class ItemRow(Row):
    """An item: what is chosen, and both versions with the words that differ."""

    space = 1

    def __init__(self, item: Item, choice: Choice | None, index: int, total: int) -> None:
        self.item = item
        self.key = item.key
        self.basis = (choice, index, total)
        self._choice = choice
        self._count = f"{index} of {total}"

    def lines(self, width: int) -> Sequence[Content]:
        item, choice = self.item, self._choice
        label, style = _LABELS[Choice.OURS if choice is None and item.is_minor else choice]
        notes = [self._count, _KINDS[item.kind]]
        if item.is_moved:
            notes.append("in another place")
        elif item.theirs is None:
            notes.append("only in ours")
        elif item.ours is None:
            notes.append("only in theirs")
        head = Content.assemble((label, style), words(f"  {' · '.join(notes)}", MUTED))
        return [head.truncate(width, ellipsis=True), *self._versions(width)]

    def _versions(self, width: int) -> Iterator[Content]:
        taken = self._choice
        left = "" if taken in (None, Choice.OURS, Choice.BOTH) else MUTED
        right = "" if taken in (None, Choice.THEIRS, Choice.BOTH) else MUTED
        ours, theirs = _highlight(self.item, left, right)
        if width >= SIDE_BY_SIDE:
            half = (width - len(_SEPARATOR)) // 2
            pairs = zip_longest(_lay(ours, half), _lay(theirs, half), fillvalue=Content(""))
            for one, other in pairs:
                yield Content.assemble(fit(one, half), (_SEPARATOR, MUTED), fit(other, half))
            return
        for sign, version in (("‹ ", ours), ("› ", theirs)):
            if version is not None:
                for line in _lay(version, width - 2):
                    yield Content.assemble((sign, MUTED), line)


def _lay(version: Sequence[Content] | None, width: int) -> list[Content]:
    """Wrap the lines of a version."""
    if version is None:
        return [Content.styled("(nothing)", MUTED)]
    laid = [part for line in version[:_SHOWN] for part in wrap(line, width)]
    left = len(version) - _SHOWN
    return [*laid, Content.styled(f"… {pluralize(left, 'more line')}", MUTED)] if left > 0 else laid


def _highlight(
    item: Item, left: str, right: str
) -> tuple[list[Content] | None, list[Content] | None]:
    """Return the safe lines of both versions, with the words that differ highlighted."""
    one, other = (_clean(text) if text is not None else None for text in (item.ours, item.theirs))
    if one is None or other is None or len(one) + len(other) > _COMPARED or one == other:
        return _cut(one, left), _cut(other, right)
    first, second = find_changed(one, other)
    return _cut(one, left, first), _cut(other, right, second)


def _clean(text: str) -> str:
    lines = [sanitize(line) or " " for line in lines_of(text)]
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines)


def _cut(
    text: str | None, style: str, spans: Sequence[tuple[int, int]] = ()
) -> list[Content] | None:
    if text is None:
        return None
    found: list[Content] = []
    start = 0
    for line in text.split("\n"):
        shown = words(line, style)
        end = start + len(line)
        for first, last in spans:
            if first < end and last > start:
                shown = shown.stylize(CHANGED, max(first, start) - start, min(last, end) - start)
        found.append(shown)
        start = end + 1
    return found


class ReasonRow(Row):
    """Why the versions cannot be compared here."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.basis = (text,)

    def lines(self, width: int) -> Sequence[Content]:
        return wrap(words(self._text, LATE), width)


class SameRow(Row):
    """Lines that both versions have, folded into one line or shown."""

    def __init__(self, text: str, *, folded: bool, first: bool) -> None:
        self._lines = lines_of(text)
        self._folded = folded
        self.basis = (text, folded, first)
        self._first = first
        self.space = 1

    def lines(self, width: int) -> Sequence[Content]:
        if not self._folded:
            shown = (words(line, MUTED) for line in self._lines)
            return [part for line in shown for part in wrap(line, width)] or [Content("")]
        headings = [line for line in self._lines if line.startswith("#")]
        around = f": {headings[-1].lstrip('# ')}" if headings else ""
        text = f"· {pluralize(len(self._lines), 'equal line')}{around}"
        return (words(text, MUTED).truncate(width, ellipsis=True),)


class ResultRow(Row):
    """Lines of the result, and which version they are from."""

    def __init__(self, text: str, sign: str, style: str) -> None:
        self._lines = lines_of(text)
        self._sign = sign
        self._style = style
        self.basis = (text, sign, style)

    def lines(self, width: int) -> Sequence[Content]:
        sign = Content.styled(f"{self._sign} ", LATE if self._sign == "?" else MUTED)
        return [
            Content.assemble(sign, part)
            for line in self._lines
            for part in wrap(words(line, self._style), width - 2)
        ] or [Content("")]


def draw_items(found: Comparison, choices: Choices, *, folded: bool) -> list[Row]:
    """Return the rows of all items, in the order of the file, and of the lines between them."""
    rows: list[Row] = []
    items = found.items
    numbers = {item.key: number for number, item in enumerate(items, 1)}
    shown: set[object] = set()
    for part in found.parts:
        if isinstance(part, str):
            rows.append(SameRow(part, folded=folded, first=not rows))
        elif part.item.key not in shown:
            item = part.item
            shown.add(item.key)
            rows.append(ItemRow(item, choices.get(item.key), numbers[item.key], len(items)))
    return rows


def draw_result(found: Comparison, choices: Choices) -> list[Row]:
    """Return the rows of the file as it will be."""
    rows: list[Row] = []
    for part in found.parts:
        if isinstance(part, str):
            rows.append(ResultRow(part, " ", MUTED))
        elif part.item.kind is not None:
            rows.extend(_result_of(part, choices))
    return rows


def _result_of(part: Place, choices: Choices) -> Iterator[Row]:
    item = part.item
    choice = choices.get(item.key, Choice.OURS)
    undecided = item.key not in choices and not item.is_minor
    sign = "?" if undecided else _LABELS[choice][0][0]
    text = item.text(choice, part.side)
    if text:
        yield ResultRow(text, sign, STRONG)
    if undecided and item.theirs is not None and part.side is not Choice.OURS:
        yield ResultRow(item.theirs, "?", MUTED)


def describe_sides(sides: Sides, width: int) -> Content:
    """Return the heading of the columns: what is known of each version."""
    one, other = sides.names
    ours = Content.assemble(("‹ ours  ", STRONG), words(one, MUTED))
    theirs = Content.assemble(("› theirs  ", STRONG), words(other, MUTED))
    if width >= SIDE_BY_SIDE:
        half = (width - len(_SEPARATOR)) // 2
        return Content.assemble(fit(ours, half), (_SEPARATOR, MUTED), fit(theirs, half))
    return Content.assemble(ours, "\n", theirs)
