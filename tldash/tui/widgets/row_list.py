"""A list of rows that draws only the lines on screen.

Leads, actions, markers, passages and problems are all shown in such lists. A row draws itself at a
width and never changes: a new state makes new rows. The list knows the cursor, the mouse and the
scroll offset, and keeps them by the rows' keys. It implements Textual's line API, so a list of
thousands costs no more than the lines on screen, and of those only the changed ones are drawn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from itertools import accumulate
from typing import ClassVar

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

from tldash.tui.keys.commands import MOVING

GUTTER = 2
"""Cells before every row: the cursor's bar, and the mark of what just changed."""
KEPT = 400
"""Rows whose drawing is kept for when they are seen again."""

Look = tuple[bool, ...]
"""Whether a row has the cursor, the mouse, the mark of what is fresh, and the focus; in lists that
have marks, whether it is marked."""
Drawn = tuple[Look, list[Strip]]
"""A row as it was drawn: how, and its lines."""


class Row:
    """One row, of one or more lines. Subclasses draw; the base is a blank line."""

    key: Hashable = None
    """What it is about; a row without a key cannot be selected."""
    basis: tuple[object, ...] | None = None
    """All that its looks depend on, beside the width. None where nobody can tell."""
    space: int = 0
    """Blank lines below it, which are not part of it."""
    box: tuple[int, int] | None = None
    """The cells of its first line, from and up to, where a click ticks it."""
    takes: int = 0
    """Lines that it takes with the blank ones below, once measured."""
    measured_at: int = 0
    """The width at which that was."""

    def height(self, width: int) -> int:
        """How many lines it takes at that width."""
        return len(self.lines(width))

    def lines(self, width: int) -> Sequence[Content]:
        """What it looks like; every line at most `width` cells wide."""
        del width
        return (Content(""),)

    def measure(self, width: int) -> int:
        """How many lines it takes at that width with the blank ones below; remembered."""
        self.measured_at, self.takes = width, self.height(width) + self.space
        return self.takes


class Line(Row):
    """A row that is one fixed line."""

    def __init__(self, content: Content, key: Hashable = None) -> None:
        self.content = content
        self.key = key

    def height(self, width: int) -> int:
        del width
        return 1

    def lines(self, width: int) -> Sequence[Content]:
        return (self.content.truncate(width, ellipsis=True),)


def tops(rows: Sequence[Row], width: int) -> tuple[list[int], list[int]]:
    """The line on which each row begins, and at last the number of all lines.

    Then the indices of the rows that were never measured at that width.
    """
    takes = [row.takes if row.measured_at == width else 0 for row in rows]
    new = [index for index, lines in enumerate(takes) if not lines]
    for index in new:
        takes[index] = rows[index].measure(width)
    return [0, *accumulate(takes)], new


def look_alike(one: Row, other: Row) -> bool:
    """Whether two rows are drawn alike, as far as can be told without drawing them."""
    return one is other or (
        type(one) is type(other)
        and one.basis is not None
        and one.key == other.key
        and one.basis == other.basis
    )


def known_again(rows: Iterable[Row], before: Iterable[Row]) -> list[Row]:
    """The rows, with those of before in place of new ones that look like them.

    Those are measured, which takes long where words have to be wrapped.
    """
    known = {row.key: row for row in before}
    found = []
    for row in rows:
        old = known.get(row.key)
        found.append(old if old is not None and look_alike(old, row) else row)
    return found


def nearest(rows: Sequence[Row], near: int) -> int:
    """The row nearest to an index that can be selected, the later of two; -1 where none can.

    The first of all where the index is negative.
    """
    for away in range(len(rows) + max(near, 0) + 1):
        for index in (near + away, near - away):
            if 0 <= index < len(rows) and rows[index].key is not None:
                return index
    return -1


Seen = tuple[Row, int, Look] | None
"""What a line of the screen shows: a line of a row, from 0. None below the last row."""


class Drawings:
    """What was drawn of each row."""

    def __init__(self) -> None:
        self._drawn: dict[Row, Drawn] = {}

    def __len__(self) -> int:
        return len(self._drawn)

    def find(self, row: Row, look: Look) -> list[Strip] | None:
        """The lines of a row, if it was drawn looking so."""
        drawn = self._drawn.get(row)
        return drawn[1] if drawn is not None and drawn[0] == look else None

    def keep(self, row: Row, look: Look, strips: list[Strip]) -> None:
        """Remember how a row was drawn."""
        self._drawn[row] = look, strips
        if len(self._drawn) > KEPT:
            del self._drawn[next(iter(self._drawn))]

    def clear(self) -> None:
        """Everything must be drawn again."""
        self._drawn.clear()

    def renew(self, before: Sequence[Seen], now: Sequence[Seen]) -> list[int]:
        """Hand drawings on; the numbers of the screen's lines, from 0, that must be drawn again."""
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
            like = (old for old in known.get(seen[0].key, ()) if look_alike(old, seen[0]))
            if (old := next(like, None)) is not None:
                self._drawn[seen[0]] = self._drawn[old]


class RowList(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows with a cursor. A key that was given to something else moves nothing any more."""

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
    """Index of the selected row; -1 where none can be."""

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
        """A row was chosen with Enter or a second click."""

    class Pressed(Moved):
        """A row's box was clicked."""

    def __init__(self, *, id: str | None = None, reading: bool = False) -> None:
        """`reading` scrolls through what lies between two rows that can be selected."""
        super().__init__(id=id)
        self._reading = reading
        self.rows: Sequence[Row] = ()
        self.fresh: frozenset[Hashable] = frozenset()
        """Keys of the rows that somebody has just changed."""
        self._tops: list[int] = [0]
        self._drawings = Drawings()
        self._hovered = -1
        self._measured = -1

    # What is shown

    def show(
        self,
        rows: Sequence[Row],
        select: Hashable = None,
        fresh: frozenset[Hashable] = frozenset(),
    ) -> None:
        """Show these rows instead, with the cursor on `select`, else where it was.

        Where the selected row is gone, the one that took its place is selected. The line on screen
        on which the selection stands stays the same, as far as there are rows to fill the screen.
        `fresh` are the keys of rows to mark. Only what looks different is drawn again.
        """
        before = self.selected
        seen = self._seen()
        offset = self.top_of(self.cursor) - self.scroll_offset.y if self.cursor >= 0 else 0
        index = self.cursor
        self.rows, self.fresh = rows, fresh
        new = self._measure()
        if select is None:
            cursor = self._find_again(before, index, new)
        else:
            cursor = self._find(select, index, range(len(rows)))
        moved = cursor != index
        self.set_reactive(RowList.cursor, cursor)
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

    def select(self, key: Hashable) -> None:
        """Put the cursor on the row with that key, if it is there."""
        index = self._find(key, -1, range(len(self.rows)))
        if index >= 0 and self.rows[index].key == key:
            self.cursor = index

    def _find_again(self, row: Row | None, near: int, new: Iterable[int]) -> int:
        """A row that was selected: the same, else one of the new ones that is about the same."""
        if row is None:
            return nearest(self.rows, near)
        try:
            return self.rows.index(row)
        except ValueError:
            return self._find(row.key, near, new)

    def _find(self, key: Hashable, near: int, among: Iterable[int]) -> int:
        """The row with that key, the nearest of several; else the nearest that can be selected."""
        same = [index for index in among if self.rows[index].key == key]
        if same and key is not None:
            return min(same, key=lambda index: abs(index - near))
        return nearest(self.rows, near)

    def top_of(self, index: int) -> int:
        """The line of the list on which a row begins."""
        return self._tops[min(max(index, 0), len(self._tops) - 1)]

    @property
    def _inner(self) -> int:
        return max(self.scrollable_content_region.width - GUTTER, 1)

    def _measure(self) -> Iterable[int]:
        """Find out where the rows begin; the indices of those that were not measured before."""
        if self._measured != self._inner:
            self._drawings.clear()
        self._measured = self._inner
        if not self.scrollable_content_region.width:
            return range(len(self.rows))  # not laid out yet; measured when it is
        self._tops, new = tops(self.rows, self._measured)
        self.virtual_size = Size(self.scrollable_content_region.width, self._tops[-1])
        return new

    def on_resize(self) -> None:
        """Rows may wrap differently at another width."""
        if self._inner != self._measured:
            self._measure()
        self._reveal()

    def notify_style_update(self) -> None:
        """Another theme: draw again."""
        super().notify_style_update()
        self._drawings.clear()
        self.refresh()

    # Drawing

    def _seen(self) -> list[Seen]:
        """What the lines on screen show."""
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
        """One line of the list, as the line API asks for it."""
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
        for number, content in enumerate(row.lines(width - GUTTER)):
            body = Visual.to_strips(self, content, width - GUTTER, 1, base, pad=True)
            line = Strip.join([self._gutter(look, number, base), *body[:1]])
            strips.append(line.adjust_cell_length(width, base.rich_style))
        return strips

    def _base(self, look: Look) -> Style:
        """What lies behind a row."""
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
        """The cursor, the mouse or the focus came to these rows, or left them."""
        for index in indices:
            if 0 <= index < len(self.rows):
                top = self.top_of(index)
                self.refresh_lines(top, self.top_of(index + 1) - top)

    def on_focus(self) -> None:
        """The cursor's bar appears."""
        self._redraw(self.cursor)

    def on_blur(self) -> None:
        """The cursor's bar goes."""
        self._redraw(self.cursor)

    # Moving

    def watch_cursor(self, old: int, new: int) -> None:
        """Draw both rows, and keep the selected one in sight."""
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
        first = self.top_of(above)
        height = self.top_of(self.cursor + 1) - first
        room = self.scrollable_content_region.height
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
        """To the next row that can be selected; at either end, scroll on to what stands there."""
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
        """Whether a row is in sight, or would be after a few lines more."""
        first = self.scroll_offset.y
        last = first + self.scrollable_content_region.height
        return self.top_of(index) >= first - 3 if by < 0 else self.top_of(index + 1) <= last + 3

    def action_edge(self, to: int) -> None:
        """To the first or last row."""
        found = self._step(-1, 1) if to < 0 else self._step(len(self.rows), -1)
        if found >= 0:
            self.cursor = found
        self.scroll_to(y=0 if to < 0 else self.max_scroll_y, animate=False, immediate=True)

    def action_leap(self, by: int) -> None:
        """A page on, or to the end."""
        page = max(self.scrollable_content_region.height - 1, 1)
        if self.cursor < 0:
            self.scroll_relative(y=by * page, animate=False)
            return
        line = min(max(self.top_of(self.cursor) + by * page, 0), max(self._tops[-1] - 1, 0))
        index = bisect_right(self._tops, line) - 1
        if not 0 <= index < len(self.rows) or self.rows[index].key is None:
            nearest = self._step(index, -by)
            index = nearest if nearest >= 0 else self.cursor
        if (index - self.cursor) * by <= 0:
            self.action_edge(by)
        else:
            self.cursor = index

    def action_open(self) -> None:
        """Choose the selected row."""
        if self.selected is not None:
            self.post_message(self.Opened(self, self.selected))

    # Mouse

    def _at(self, event: events.MouseEvent) -> int:
        offset = event.get_content_offset(self)
        if offset is None:
            return -1
        index = bisect_right(self._tops, offset.y + self.scroll_offset.y) - 1
        return index if 0 <= index < len(self.rows) and self.rows[index].key is not None else -1

    def on_click(self, event: events.Click) -> None:
        """One click selects, on a box it ticks, and two open."""
        index = self._at(event)
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
        """Show which row a click would select."""
        self._hover(self._at(event))

    def on_leave(self) -> None:
        """Nothing is under the mouse."""
        self._hover(-1)

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            before, self._hovered = self._hovered, index
            self._redraw(before, index)
