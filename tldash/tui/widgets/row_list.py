"""A list of rows that draws only the lines on screen.

Leads, actions, markers, passages and problems are all shown in such lists. A row draws itself at a
width and never changes: a new state makes new rows. The list knows the cursor, the mouse and the
scroll offset, and keeps them by the rows' keys. It implements Textual's line API, so a list of
thousands costs no more than the lines on screen, and of those only the changed ones are drawn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from tldash.model.word_search import Phrase, Span
from tldash.tui.keys.commands import MOVING

GUTTER = 2
"""Cells before every row: the bar of the cursor, and the dot of a recent change."""
LEFT = 1
"""The number of the left mouse button."""
KEPT = 400
"""The number of rows whose drawings are cached."""

FOUND, FOUND_HERE = "underline $text-warning", "reverse bold $text-warning"
"""The styles of found words, and of the place that the viewer went to."""

Look = tuple[bool, ...]
"""Whether a row has the cursor, the mouse, a recent change and the focus. `MarkList` adds whether
it is marked."""
Drawn = tuple[Look, list[Strip]]
"""A drawing: the look, and the lines."""


class Row:
    """A row of one or more lines. The base class is an empty line."""

    key: Hashable = None
    """Identifies the row across states. A row without a key cannot be selected."""
    basis: tuple[object, ...] | None = None
    """Everything that its drawing depends on besides the width; None if that is unknown."""
    anchor: Hashable = None
    """Identifies a row of a text that is read, as long as its words stay; None for no row."""
    space: int = 0
    """Empty lines below the row."""
    box: tuple[int, int] | None = None
    """Start and end of the box in the first line, in cells. A click there ticks."""
    takes: int = 0
    """Lines with the empty ones below; 0 until measured."""
    measured_at: int = 0
    """The width at which it was measured."""

    def height(self, width: int) -> int:
        """Return the number of lines at a width."""
        return len(self.lines(width))

    def lines(self, width: int) -> Sequence[Content]:
        """Return the lines, each at most `width` cells wide."""
        del width
        return (Content(""),)

    def measure(self, width: int) -> int:
        """Measure and store the number of lines at a width, with the empty ones below."""
        self.measured_at, self.takes = width, self.height(width) + self.space
        return self.takes


class Line(Row):
    """A row with one fixed line."""

    def __init__(self, content: Content, key: Hashable = None) -> None:
        self.content = content
        self.key = key

    def height(self, width: int) -> int:
        del width
        return 1

    def lines(self, width: int) -> Sequence[Content]:
        return (self.content.truncate(width, ellipsis=True),)


def measure_rows(rows: Sequence[Row], width: int) -> tuple[list[int], list[int]]:
    """Return the first line of each row, then the total number of lines.

    The second value has the indices of the rows that were not measured at that width before.
    """
    takes = [row.takes if row.measured_at == width else 0 for row in rows]
    new = [index for index, lines in enumerate(takes) if not lines]
    for index in new:
        takes[index] = rows[index].measure(width)
    return [0, *accumulate(takes)], new


def looks_same(one: Row, other: Row) -> bool:
    """Return whether two rows are known to look the same, without drawing them."""
    return one is other or (
        type(one) is type(other)
        and one.basis is not None
        and one.key == other.key
        and one.basis == other.basis
    )


def reuse_rows(rows: Iterable[Row], before: Iterable[Row]) -> list[Row]:
    """Replace rows by earlier ones that look the same and are measured already.

    Measuring is slow if text has to be wrapped.
    """
    known = {row.key: row for row in before}
    found = []
    for row in rows:
        old = known.get(row.key)
        found.append(old if old is not None and looks_same(old, row) else row)
    return found


class Anchor(NamedTuple):
    """A row by which a list that is read finds its place in a changed text."""

    row: Hashable
    at: int
    """Its index."""
    below: int
    """Lines of the screen above it; negative if its own first lines are above the screen."""


def find_anchor(rows: Sequence[Row], tops: Sequence[int], first: int) -> Anchor | None:
    """Return the first row of a text that is on screen, from the line `first` on."""
    start = max(bisect_right(tops, first) - 1, 0)
    for index in range(start, len(rows)):
        if (row := rows[index]).anchor is not None:
            return Anchor(row.anchor, index, tops[index] - first)
    return None


def follow_anchor(anchor: Anchor, rows: Sequence[Row], tops: Sequence[int]) -> int | None:
    """Return the first line to show, so that a row stays where it was; None if it is gone."""
    same = [index for index, row in enumerate(rows) if row.anchor == anchor.row]
    if not same:
        return None
    return tops[min(same, key=lambda index: abs(index - anchor.at))] - anchor.below


def find_nearest(rows: Sequence[Row], near: int) -> int:
    """Return the selectable row find_nearest to an index, the later of two; -1 if there is none."""
    for away in range(len(rows) + max(near, 0) + 1):
        for index in (near + away, near - away):
            if 0 <= index < len(rows) and rows[index].key is not None:
                return index
    return -1


def highlight_phrase(
    lines: Sequence[Content], phrase: Phrase | None, here: int = -1
) -> Sequence[Content]:
    """Highlight a phrase in drawn lines; most of all its place number `here`, from 0."""
    if phrase is None:
        return lines
    found = list(lines)
    for number, place in enumerate(phrase.find([line.plain for line in lines])):
        style = FOUND_HERE if number == here else FOUND
        for line, start, end in place:
            found[line] = found[line].stylize(style, start, end)
    return found


Seen = tuple[Row, int, Look] | None
"""A line of the screen: a row, the index of its line, and the look. None below the last row."""


class Drawings:
    """A cache of drawn rows."""

    def __init__(self) -> None:
        self._drawn: dict[Row, Drawn] = {}

    def __len__(self) -> int:
        return len(self._drawn)

    def find(self, row: Row, look: Look) -> list[Strip] | None:
        """Return the lines of a row if it was drawn with that look."""
        drawn = self._drawn.get(row)
        return drawn[1] if drawn is not None and drawn[0] == look else None

    def keep(self, row: Row, look: Look, strips: list[Strip]) -> None:
        """Store the drawing of a row."""
        self._drawn[row] = look, strips
        if len(self._drawn) > KEPT:
            del self._drawn[next(iter(self._drawn))]

    def clear(self) -> None:
        """Remove all drawings."""
        self._drawn.clear()

    def renew(self, before: Sequence[Seen], now: Sequence[Seen]) -> list[int]:
        """Reuse drawings for new rows; return the lines of the screen to draw, from 0."""
        self._hand_on(before, now)
        changed = [
            y
            for y, (old, new) in enumerate(zip(before, now, strict=True))
            if not self._is_same(old, new)
        ]
        if len(self._drawn) > KEPT:
            rows = {seen[0] for seen in now if seen is not None}
            self._drawn = {row: drawn for row, drawn in self._drawn.items() if row in rows}
        return changed

    def _is_same(self, old: Seen, new: Seen) -> bool:
        if old is None or new is None:
            return old is new
        drawn = self._drawn.get(old[0])
        return drawn is not None and drawn is self._drawn.get(new[0]) and old[1:] == new[1:]

    def _hand_on(self, before: Sequence[Seen], now: Sequence[Seen]) -> None:
        known: dict[Hashable, list[Row]] = {}
        for seen in before:
            if seen is not None and seen[0] in self._drawn:
                known.setdefault(seen[0].key, []).append(seen[0])
        for seen in now:
            if seen is None or seen[0] in self._drawn:
                continue
            like = (old for old in known.get(seen[0].key, ()) if looks_same(old, seen[0]))
            if (old := next(like, None)) is not None:
                self._drawn[seen[0]] = self._drawn[old]


class RowList(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows with a cursor.

    Bindings are not inherited, so a key that the viewer gave to a command does not scroll.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rows--cursor",
        "rows--bar",
        "rows--fresh",
        "rows--hover",
    }
    DEFAULT_CSS = """
    RowList {
        height: 1fr;
        scrollbar-size-vertical: 1;
        scrollbar-color: $border;
        scrollbar-color-hover: $text-muted;
        scrollbar-color-active: $accent;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
        scrollbar-gutter: stable;
        overflow-x: hidden;
        & > .rows--cursor { background: $boost; }
        &:focus > .rows--cursor { background: $primary 22%; }
        & > .rows--hover { background: $boost; }
        & > .rows--bar { color: $accent; text-style: bold; }
        & > .rows--fresh { color: $accent; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(command.binding for command in MOVING),
        Binding("enter", "open", "Open", show=False, id="open"),
    ]

    cursor: reactive[int] = reactive(-1, repaint=False)
    """Index of the selected row; -1 if there is none."""

    class Moved(Message):
        """Another row is selected."""

        def __init__(self, rows: RowList, row: Row | None) -> None:
            super().__init__()
            self.rows = rows
            self.row = row

        @property
        def control(self) -> RowList:
            return self.rows

    class Opened(Moved):
        """A row was opened with Enter or a double-click."""

    class Pressed(Moved):
        """A row's box was clicked."""

    def __init__(self, *, id: str | None = None, reading: bool = False) -> None:
        """`reading` scrolls between two selectable rows that are far apart."""
        super().__init__(id=id)
        self._reading = reading
        self.rows: Sequence[Row] = ()
        self.fresh: frozenset[Hashable] = frozenset()
        """Keys of the rows with a recent change by somebody else."""
        self._tops: list[int] = [0]
        self._drawings = Drawings()
        self._hovered = -1
        self._pressed: Hashable = None
        """Key of the row on which the left button of the mouse went down."""
        self._measured = -1
        self._phrase: Phrase | None = None
        """The words to highlight."""
        self._found: tuple[Row, int] | None = None
        """The place of them that is highlighted most: its row, and which one there."""

    # What is shown

    def show(
        self,
        rows: Sequence[Row],
        select: Hashable = None,
        fresh: frozenset[Hashable] = frozenset(),
    ) -> None:
        """Show other rows, and draw only the lines that look different.

        The cursor goes to `select`, else it stays on the row with the same key, else on its
        neighbour. The selected row stays on its line of the screen if there are enough rows. If it
        is not on screen in a text that is read, the first passage there stays where it is.
        `fresh` has the keys of rows with a recent change.
        """
        before = self.selected
        seen = self._seen()
        offset = self.top_of(self.cursor) - self.scroll_offset.y if self.cursor >= 0 else -1
        index = self.cursor
        anchor = None
        if self._reading and select is None and not 0 <= offset < self.size.height:
            anchor = find_anchor(self.rows, self._tops, self.scroll_offset.y)
        self.rows, self.fresh = rows, fresh
        new = self._measure()
        if select is None:
            cursor = self._find_again(before, index, new)
        else:
            cursor = self._find(select, index, range(len(rows)))
        moved = cursor != index
        self.set_reactive(RowList.cursor, cursor)
        place = follow_anchor(anchor, rows, self._tops) if anchor is not None else None
        if place is not None:
            self.scroll_to(y=place, animate=False, immediate=True, force=True)
        else:
            if cursor >= 0 and moved and select is None:
                self.scroll_to(y=self.top_of(cursor) - offset, animate=False, immediate=True)
            self._reveal()
        for y in self._drawings.renew(seen, self._seen()):
            self.refresh_lines(self.scroll_offset.y + y)
        after = self.selected
        if (before.key if before else None) != (after.key if after else None) or before is None:
            self.post_message(self.Moved(self, after))

    @property
    def selected(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def select(self, key: Hashable) -> bool:
        """Select the row with a key; False if there is none."""
        index = self._find(key, -1, range(len(self.rows)))
        found = index >= 0 and self.rows[index].key == key
        if found:
            self.cursor = index
        return found

    def _find_again(self, row: Row | None, near: int, new: Iterable[int]) -> int:
        """Return the index of a row, or of a new one with the same key."""
        if row is None:
            return find_nearest(self.rows, near)
        try:
            return self.rows.index(row)
        except ValueError:
            return self._find(row.key, near, new)

    def _find(self, key: Hashable, near: int, among: Iterable[int]) -> int:
        """Return the find_nearest row with a key, else the find_nearest selectable one."""
        same = [index for index in among if self.rows[index].key == key]
        if same and key is not None:
            return min(same, key=lambda index: abs(index - near))
        return find_nearest(self.rows, near)

    def top_of(self, index: int) -> int:
        """Return the first line of a row."""
        return self._tops[min(max(index, 0), len(self._tops) - 1)]

    @property
    def _inner(self) -> int:
        return max(self.scrollable_content_region.width - GUTTER, 1)

    def _measure(self) -> Iterable[int]:
        """Update the first lines; return the indices of the rows measured now."""
        if self._measured != self._inner:
            self._drawings.clear()
        self._measured = self._inner
        if not self.scrollable_content_region.width:
            return range(len(self.rows))  # not laid out yet; measured when it is
        self._tops, new = measure_rows(self.rows, self._measured)
        self.virtual_size = Size(self.scrollable_content_region.width, self._tops[-1])
        return new

    def on_resize(self) -> None:
        """Measure again at another width."""
        if self._inner != self._measured:
            self._measure()
        self._reveal()

    def notify_style_update(self) -> None:
        """Draw again with another theme."""
        super().notify_style_update()
        self._drawings.clear()
        self.refresh()

    # Drawing

    def _seen(self) -> list[Seen]:
        """Return the rows of the visible lines."""
        first = self.scroll_offset.y
        return [self._seen_at(first + y) for y in range(self.scrollable_content_region.height)]

    def _seen_at(self, line: int) -> Seen:
        index = bisect_right(self._tops, line) - 1
        if not 0 <= index < len(self.rows):
            return None
        row = self.rows[index]
        return row, line - self._tops[index], self._look(index, row)

    def _look(self, index: int, row: Row) -> Look:
        if row.key is None:
            return False, False, False, False
        at_cursor = index == self.cursor
        focus = at_cursor and self.has_focus
        return at_cursor, index == self._hovered, row.key in self.fresh, focus

    def render_line(self, y: int) -> Strip:
        """Render one visible line, for Textual's line API."""
        if self._inner != self._measured:
            self._measure()
        width = self.scrollable_content_region.width
        seen = self._seen_at(y + self.scroll_offset.y)
        if seen is None:
            return Strip.blank(width, self.rich_style)
        row, line, look = seen
        strips = self._drawings.find(row, look)
        if strips is None:
            strips = self._draw(row, look, width)
            self._drawings.keep(row, look, strips)
        return strips[line] if line < len(strips) else Strip.blank(width, self.rich_style)

    def _draw(self, row: Row, look: Look, width: int) -> list[Strip]:
        base = self._base(look)
        strips = []
        here = self._found[1] if self._found and self._found[0] is row else -1
        lines = highlight_phrase(row.lines(width - GUTTER), self._phrase, here)
        for number, content in enumerate(lines):
            body = Visual.to_strips(self, content, width - GUTTER, 1, base, pad=True)
            line = Strip.join([self._gutter(look, number, base), *body[:1]])
            strips.append(line.adjust_cell_length(width, base.rich_style))
        return strips

    def _base(self, look: Look) -> Style:
        """Return the background of a row."""
        at_cursor, hovered, *_ = look
        if at_cursor:
            return self.visual_style + self.get_visual_style("rows--cursor", partial=True)
        if hovered:
            return self.visual_style + self.get_visual_style("rows--hover", partial=True)
        return self.visual_style

    def _gutter(self, look: Look, number: int, base: Style) -> Strip:
        _, _, fresh, focus, *_ = look
        bar = self.get_visual_style("rows--bar", partial=True)
        mark = self.get_visual_style("rows--fresh", partial=True)
        return Strip(
            [
                Segment("▌" if focus else " ", (base + bar).rich_style),
                Segment("•" if fresh and number == 0 else " ", (base + mark).rich_style),
            ],
            GUTTER,
        )

    def _redraw(self, *indices: int) -> None:
        """Draw some rows again."""
        for index in indices:
            if 0 <= index < len(self.rows):
                top = self.top_of(index)
                self.refresh_lines(top, self.top_of(index + 1) - top)

    def on_focus(self) -> None:
        """Show the bar of the cursor."""
        self._redraw(self.cursor)

    def on_blur(self) -> None:
        """Hide the bar of the cursor."""
        self._redraw(self.cursor)

    # Found words

    def find(self, phrase: Phrase) -> Iterator[tuple[int, list[Span]]]:
        """Yield each place of a phrase: the index of its row, and the parts of the row's lines."""
        for index, row in enumerate(self.rows):
            for place in phrase.find([line.plain for line in row.lines(self._inner)]):
                yield index, place

    def highlight(self, phrase: Phrase | None, here: tuple[Row, int] | None = None) -> None:
        """Highlight a phrase wherever it is; most of all `here`: in a row, and which one there."""
        if (phrase, here) != (self._phrase, self._found):
            self._phrase, self._found = phrase, here
            self._drawings.clear()
            self.refresh()

    def reveal(self, index: int, line: int) -> None:
        """Select a row if it can be selected, and scroll to one of its lines."""
        if self.rows[index].key is not None:
            self.cursor = index
        region = Region(0, self.top_of(index) + line, 1, 1)
        self.scroll_to_region(region, animate=False, immediate=True, force=True)

    # Moving

    def watch_cursor(self, old: int, new: int) -> None:
        """Draw both rows, and scroll to the selected one."""
        self._redraw(old, new)
        self._reveal()
        if old != new:
            self.post_message(self.Moved(self, self.selected))

    def _reveal(self) -> None:
        if not 0 <= self.cursor < len(self.rows) or not self.scrollable_content_region.height:
            return
        top = self.top_of(self.cursor)
        above = self.cursor
        while above > 0 and self.rows[above - 1].key is None and self.cursor - above < 2:
            above -= 1  # a heading just above comes into sight with its first row
        room = self.scrollable_content_region.height
        is_first = all(row.key is None for row in self.rows[: self.cursor])
        if is_first and self.top_of(self.cursor + 1) <= room:
            above = 0  # what is above the first row to select cannot be reached otherwise
        first = self.top_of(above)
        height = self.top_of(self.cursor + 1) - first
        if height > room:
            first, height = top, min(self.top_of(self.cursor + 1) - top, room)
        self.scroll_to_region(
            Region(0, first, 1, height), animate=False, immediate=True, force=True
        )

    def _step(self, index: int, by: int) -> int:
        index += by
        while 0 <= index < len(self.rows):
            if self.rows[index].key is not None:
                return index
            index += by
        return -1

    def action_move(self, by: int) -> None:
        """Select the next row. At either end, scroll."""
        found = self._step(self.cursor, by)
        if self._reading and (found < 0 or not self._is_near(found, by)):
            self.scroll_relative(y=3 * by, animate=False)
        elif found >= 0:
            self.cursor = found
        elif by < 0:
            self.scroll_home(animate=False)
        else:
            self.scroll_end(animate=False)

    def _is_near(self, index: int, by: int) -> bool:
        """Return whether a row is visible, or less than four lines away."""
        first = self.scroll_offset.y
        last = first + self.scrollable_content_region.height
        return self.top_of(index) >= first - 3 if by < 0 else self.top_of(index + 1) <= last + 3

    def action_edge(self, to: int) -> None:
        """Go to the first or last row."""
        found = self._step(-1, 1) if to < 0 else self._step(len(self.rows), -1)
        if found >= 0:
            self.cursor = found
        self.scroll_to(y=0 if to < 0 else self.max_scroll_y, animate=False, immediate=True)

    def action_leap(self, by: int) -> None:
        """Go on by a page, or to the end."""
        page = max(self.scrollable_content_region.height - 1, 1)
        if self.cursor < 0:
            self.scroll_relative(y=by * page, animate=False)
            return
        line = min(max(self.top_of(self.cursor) + by * page, 0), max(self._tops[-1] - 1, 0))
        index = bisect_right(self._tops, line) - 1
        if not 0 <= index < len(self.rows) or self.rows[index].key is None:
            find_nearest = self._step(index, -by)
            index = find_nearest if find_nearest >= 0 else self.cursor
        if (index - self.cursor) * by <= 0:
            self.action_edge(by)
        else:
            self.cursor = index

    def action_open(self) -> None:
        """Open the selected row."""
        if self.selected is not None:
            self.post_message(self.Opened(self, self.selected))

    # Mouse

    def _at(self, event: events.MouseEvent) -> int:
        offset = event.get_content_offset(self)
        if offset is None:
            return -1
        index = bisect_right(self._tops, offset.y + self.scroll_offset.y) - 1
        return index if 0 <= index < len(self.rows) and self.rows[index].key is not None else -1

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Remember the row, which may move away before the button is released."""
        index = self._at(event)
        self._pressed = self.rows[index].key if index >= 0 and event.button == LEFT else None

    def _clicked(self, event: events.Click) -> int:
        """Return the index of a row that was pressed and released, else -1."""
        index = self._at(event)
        same = index >= 0 and event.button == LEFT and self.rows[index].key == self._pressed
        return index if same else -1

    def on_click(self, event: events.Click) -> None:
        """Select on a click, tick on a click on the box, open on a double-click."""
        index = self._clicked(event)
        if index < 0:
            return
        offset = event.get_content_offset(self)
        row = self.rows[index]
        self.cursor = index
        on_first = offset is not None and offset.y + self.scroll_offset.y == self.top_of(index)
        cell = (offset.x if offset else 0) - GUTTER
        if row.box is not None and on_first and row.box[0] <= cell < row.box[1]:
            self.post_message(self.Pressed(self, row))
        elif event.chain == 2:
            self.action_open()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Highlight the row under the mouse."""
        self._hover(self._at(event))

    def on_leave(self) -> None:
        """Remove the highlight."""
        self._hover(-1)

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            before, self._hovered = self._hovered, index
            self._redraw(before, index)
