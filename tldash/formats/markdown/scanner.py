"""CommonMark's block structure algorithm, one line at a time (appendix "A parsing strategy").

Apart from `tldash.formats.markdown.blocks`, which says what is promised, because the state between
lines is the algorithm's own affair. Open blocks are a stack of containers and at most one leaf.
Lists are not kept: which items make one list matters to how they look, not to where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum

from tldash.formats.markdown.cursor import TAB, Cursor
from tldash.formats.markdown.leaf import (
    BLANK_LINE,
    COMMENT_END,
    FENCE_OPEN,
    RULE,
    UNDERLINE,
    closes_fence,
    definitions_end,
    html_end,
    opens_table,
)
from tldash.formats.text import ATX, Kind, Line, split_lines

MAX_DEPTH = 100
"""How many block quotes and list items may be in each other; what is deeper is text."""

_MARKER = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)])(?=[ \t]|\Z)")
# GFM's white space without the line ends; `.` takes any one character.
_BOX = re.compile(r"\[.\](?=[ \t\v\f]|\Z)", re.DOTALL)
_ONE_LINE_COMMENT = re.compile(r"%%(?:[^%]|%(?!%))*+%%[ \t]*+\Z")


class _Start(Enum):
    """What a character that may start a block turned out to start."""

    NOTHING = 0
    CONTAINER = 1
    """A quote or list item: the rest of the line is still to be read."""
    LEAF = 2
    """The line has been read to its end."""


_QUOTE = -1
"""Stands in the stack for a block quote; a list item stands there as its width in columns."""

_SIGNS = {Kind.COMMENT: re.compile("%%"), Kind.MATH: re.compile(r"\$\$")}


class Scanner(Cursor):
    """The open blocks, and the place in the current line. One for each text."""

    def __init__(self, text: str, first_line: int) -> None:
        super().__init__()
        self._lines = split_lines(text)
        self._first_line = first_line
        self._out: list[Line] = []
        self._number = first_line
        # Open containers, outermost first: the widths, and the line of the innermost item at each.
        self._widths: list[int] = []
        self._items: list[int] = []
        self._quote = 0
        self._depth = 0
        self._item = 0
        # The open leaf.
        self._leaf: Kind | None = None
        self._end = BLANK_LINE
        self._fence = ""
        self._fence_indent = 0
        self._paragraph = 0
        self._empty_item = False
        self._last: dict[str, int] = {}
        # The current line.
        self._matched = 0
        self._marker = ""
        self._box = -1

    def run(self) -> list[Line]:
        if self._lines and self._lines[0].startswith("\ufeff"):
            self._pos = 1
        for number, text in enumerate(self._lines, self._first_line):
            self._number = number
            self._text = text
            self._read_indent(self._pos, 0)
            self._read_line()
            self._pos = 0
        return self._out

    def _read_line(self) -> None:
        widths = self._widths
        self._marker = ""
        self._box = -1
        self._matched = self._match_containers() if widths else 0
        self._empty_item = False
        if self._leaf is not None and self._leaf is not Kind.PARAGRAPH:
            if self._matched < len(widths):
                self._close()
            elif self._continue_leaf():
                return
        text = self._text
        while self._first < len(text) and self._lead - self._used < TAB:
            start = _STARTS.get(text[self._first])
            if start is None:
                break
            started = start(self)
            if started is _Start.LEAF:
                return
            if started is _Start.NOTHING:
                break
        self._read_text()

    def _match_containers(self) -> int:
        """How many of the open containers go on in this line; reads their marks and indentation."""
        text = self._text
        for depth, width in enumerate(self._widths):
            blank = self._first == len(text)
            if width == _QUOTE:
                if blank or self._lead - self._used >= TAB or text[self._first] != ">":
                    return depth
                self._read_quote_mark()
            elif blank:
                if self._empty_item and depth == len(self._widths) - 1:
                    return depth
                self._used = min(self._lead, self._used + width)
            elif self._lead - self._used >= width:
                self._used += width
            else:
                return depth
        return len(self._widths)

    def _read_quote_mark(self) -> None:
        self._read_indent(self._first + 1, self._column + self._lead + 1)
        self._used = min(self._lead, 1)

    def _close(self) -> None:
        """Close the leaf, and the containers that do not go on in this line."""
        self._leaf = None
        if self._matched < len(self._widths):
            del self._widths[self._matched :]
            del self._items[self._matched :]
            self._quote = self._widths.count(_QUOTE)
            self._depth = len(self._widths) - self._quote
            self._item = self._items[-1] if self._items else 0

    def _push(self, width: int) -> None:
        self._close()
        if width == _QUOTE:
            self._quote += 1
        else:
            self._depth += 1
            self._item = self._number
        self._widths.append(width)
        self._items.append(self._item)
        self._matched += 1

    def _emit(self, kind: Kind, content: int, level: int = 0) -> None:
        self._out.append(
            Line(
                self._number,
                self._text,
                kind,
                self._quote,
                self._depth,
                content,
                level,
                self._marker,
                self._item,
                self._box,
            )
        )

    def _continue_leaf(self) -> bool:
        """Read a line of the open leaf, other than a paragraph; false where the leaf has ended."""
        if self._leaf is Kind.TABLE:
            return False
        if self._leaf is Kind.CODE:
            return self._continue_fence() if self._fence else self._continue_code()
        if self._end is BLANK_LINE and self._first == len(self._text):
            return False
        assert self._leaf is not None
        self._emit(self._leaf, self._first)
        if self._end.search(self._text, self._first):
            self._leaf = None
        return True

    def _continue_fence(self) -> bool:
        indent = self._lead - self._used
        if indent < TAB and closes_fence(self._text, self._first, self._fence):
            self._emit(Kind.FENCE, self._first)
            self._leaf = None
        else:
            self._emit(Kind.CODE, self._index(self._used + min(indent, self._fence_indent)))
        return True

    def _continue_code(self) -> bool:
        if self._first == len(self._text):
            self._emit(Kind.BLANK, self._first)
            return True
        if self._lead - self._used < TAB:
            return False
        self._emit(Kind.CODE, self._index(self._used + TAB))
        return True

    def _read_text(self) -> None:
        """Read what starts no block of its own: paragraphs, tables, indented code, blank lines."""
        first = self._first
        indented = self._lead - self._used >= TAB
        if first == len(self._text):
            self._close()
            self._emit(Kind.BLANK, first)
        elif self._leaf is Kind.PARAGRAPH:
            if not indented and self._read_table_start():
                return
            self._emit(self._text_kind(), first)
        elif indented:
            self._close()
            self._leaf = Kind.CODE
            self._fence = ""
            self._emit(Kind.CODE, self._index(self._used + TAB))
        elif self._leaf is Kind.TABLE:
            self._emit(Kind.TABLE, first)
        else:
            self._close()
            self._leaf = Kind.PARAGRAPH
            self._paragraph = len(self._out)
            self._emit(self._text_kind(), first)

    def _text_kind(self) -> Kind:
        if self._text.startswith("%%", self._first) and _ONE_LINE_COMMENT.match(
            self._text, self._first
        ):
            return Kind.COMMENT
        return Kind.PARAGRAPH

    def _interrupts(self) -> bool:
        """Whether the line would go on with the open paragraph if it started nothing else."""
        return self._leaf is Kind.PARAGRAPH and self._matched == len(self._widths)

    def _read_table_start(self) -> bool:
        if self._text[self._first] not in "|:-" or not self._interrupts():
            return False
        header = self._out[-1]
        if not opens_table(self._text[self._first :], header.text[header.content :]):
            return False
        self._out[-1] = header._replace(kind=Kind.TABLE)
        self._leaf = Kind.TABLE
        self._emit(Kind.TABLE, self._first)
        return True

    def _start_quote(self) -> _Start:
        if self._matched >= MAX_DEPTH:
            return _Start.NOTHING
        self._push(_QUOTE)
        self._read_quote_mark()
        return _Start.CONTAINER

    def _start_heading(self) -> _Start:
        marks = ATX.match(self._text, self._first)
        if marks is None:
            return _Start.NOTHING
        self._close()
        self._emit(Kind.HEADING, self._first, marks.end() - self._first)
        return _Start.LEAF

    def _start_fence(self) -> _Start:
        fence = FENCE_OPEN.match(self._text, self._first)
        if fence is None:
            return _Start.NOTHING
        self._close()
        self._leaf = Kind.CODE
        self._fence = fence[0]
        self._fence_indent = self._lead - self._used
        self._emit(Kind.FENCE, self._first)
        return _Start.LEAF

    def _start_html(self) -> _Start:
        lazy = self._leaf is Kind.PARAGRAPH
        end = html_end(self._text, self._first, interrupts=lazy)
        if end is None:
            return _Start.NOTHING
        kind = Kind.COMMENT if end is COMMENT_END else Kind.HTML
        return self._start_verbatim(kind, end, self._first)

    def _start_sign(self) -> _Start:
        """Start an Obsidian comment or math block, if it ends in a later line."""
        kind = Kind.COMMENT if self._text[self._first] == "%" else Kind.MATH
        sign = "%%" if kind is Kind.COMMENT else "$$"
        after = self._first + len(sign)
        if (
            not self._text.startswith(sign, self._first)
            or self._text.find(sign, after) >= 0
            or self._last_line_with(sign) <= self._number
        ):
            return _Start.NOTHING
        return self._start_verbatim(kind, _SIGNS[kind], after)

    def _start_verbatim(self, kind: Kind, end: re.Pattern[str], search_from: int) -> _Start:
        self._close()
        self._emit(kind, self._first)
        if not end.search(self._text, search_from):
            self._leaf = kind
            self._end = end
        return _Start.LEAF

    def _last_line_with(self, sign: str) -> int:
        if sign not in self._last:
            last = self._first_line + len(self._lines) - 1
            found = (last - n for n, text in enumerate(reversed(self._lines)) if sign in text)
            self._last[sign] = next(found)
        return self._last[sign]

    def _start_underline(self) -> _Start:
        if not self._interrupts() or not UNDERLINE.match(self._text, self._first):
            return _Start.NOTHING
        level = 1 if self._text[self._first] == "=" else 2
        out = self._out
        text = "\n".join(line.text[line.content :] for line in out[self._paragraph :])
        start = definitions_end(text)
        heading = self._paragraph + text.count("\n", 0, start)
        if start == len(text):
            # Definitions are no text to underline: this is the first line of the paragraph's text.
            self._paragraph = len(out)
            self._emit(Kind.PARAGRAPH, self._first)
            return _Start.LEAF
        if out[heading].box < 0:
            for index in range(heading, len(out)):
                first_level = level if index == heading else 0
                out[index] = out[index]._replace(kind=Kind.HEADING, level=first_level)
        self._leaf = None
        self._emit(Kind.UNDERLINE, self._first, level)
        return _Start.LEAF

    def _start_rule(self) -> _Start:
        if not RULE.match(self._text, self._first):
            return _Start.NOTHING
        self._close()
        self._emit(Kind.RULE, self._first)
        return _Start.LEAF

    def _start_item(self) -> _Start:
        text = self._text
        found = _MARKER.match(text, self._first)
        if found is None or self._matched >= MAX_DEPTH:
            return _Start.NOTHING
        marker = found[0]
        indent = self._lead - self._used
        interrupts = self._interrupts()
        if interrupts and len(marker) > 1 and int(marker[:-1]) != 1:
            return _Start.NOTHING
        if interrupts and not text[found.end() :].strip(" \t"):
            return _Start.NOTHING
        self._push(indent + len(marker) + 1)
        self._read_indent(found.end(), self._column + self._lead + len(marker))
        self._marker = marker
        self._empty_item = self._first == len(text)
        if self._empty_item or self._lead > TAB:
            self._used = min(self._lead, 1)
        else:
            self._used = self._lead
            self._widths[-1] = indent + len(marker) + self._lead
            self._box = self._first if _BOX.match(text, self._first) else -1
        return _Start.CONTAINER

    def _start_star(self) -> _Start:
        started = self._start_rule()
        return self._start_item() if started is _Start.NOTHING else started

    def _start_dash(self) -> _Start:
        started = self._start_underline()
        return self._start_star() if started is _Start.NOTHING else started


_STARTS: dict[str, Callable[[Scanner], _Start]] = {
    ">": Scanner._start_quote,
    "#": Scanner._start_heading,
    "`": Scanner._start_fence,
    "~": Scanner._start_fence,
    "<": Scanner._start_html,
    "%": Scanner._start_sign,
    "$": Scanner._start_sign,
    "=": Scanner._start_underline,
    "_": Scanner._start_rule,
    "-": Scanner._start_dash,
    "*": Scanner._start_star,
    "+": Scanner._start_item,
    **dict.fromkeys("0123456789", Scanner._start_item),
}
