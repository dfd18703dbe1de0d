"""Physical lines of a text, and the record of what one of them is.

Apart from the scanner that makes the records, so that whoever only reads them, or splices an edit
into a line, needs nothing else. See `tldash.formats.markdown.blocks`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

BOM = "\ufeff"
ATX = re.compile(r"#{1,6}(?=[ \t]|\Z)")
"""The start of a heading: section 4.2 of CommonMark."""
_LINE_END = re.compile(r"\r\n|\n|\r")


class Kind(StrEnum):
    """What a line is, below the block quotes and list items that it is in."""

    BLANK = "blank"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    UNDERLINE = "underline"
    """The line of `=` or `-` under a heading."""
    RULE = "rule"
    """A thematic break."""
    FENCE = "fence"
    """The line that opens or closes a fenced code block."""
    CODE = "code"
    HTML = "html"
    COMMENT = "comment"
    """Of an HTML comment or of an Obsidian one, its delimiters included."""
    MATH = "math"
    TABLE = "table"


class Line(NamedTuple):
    """One line and where it stands. A named tuple, as many are made and each must be cheap."""

    number: int
    """Its number, from `first_line` on."""
    text: str
    """Without its line end."""
    kind: Kind
    quote: int
    """How many block quotes it is in."""
    depth: int
    """How many list items it is in."""
    content: int
    """Index into `text` after quote marks, list markers and indentation; its length if blank."""
    level: int = 0
    """1 to 6 on a heading and on its underline; 0 on the further lines of a heading's text."""
    marker: str = ""
    """`-`, `*`, `+`, `3.` or `3)` where the line starts a list item; of several, the innermost."""
    item: int = 0
    """Number of the line on which the innermost list item around it starts; 0 outside of lists."""
    box: int = -1
    """Index into `text` of a task item's `[` where the line starts one, else -1."""


def split_lines(text: str) -> list[str]:
    """The lines of a text, without their ends. After the last line end, only text is a line."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def line_spans(text: str) -> list[tuple[int, int]]:
    """Where each of `split_lines` stands: offsets of its start and its line end, in characters."""
    spans = []
    start = 0
    for end in _LINE_END.finditer(text):
        spans.append((start, end.start()))
        start = end.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def heading_title(line: Line) -> str:
    """The text of a heading's line: without the `#`s around it, or all of it above an underline."""
    title = line.text[line.content :].strip(" \t")
    opening = ATX.match(title)
    if opening is None or line.level == 0:
        return title
    title = title[opening.end() :].strip(" \t")
    bare = title.rstrip("#")
    return title if bare and bare[-1] not in " \t" else bare.rstrip(" \t")


class NotText(Exception):
    """The bytes of a file are no UTF-8 text; carries code, message, hint, line and column."""

    def __init__(self, message: str, hint: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.line = line
        self.column = column


def decode(data: bytes) -> str:
    """The text of a file, from which encoding it again gives the same bytes.

    Raises NotText for anything but UTF-8 without NULs. A byte order mark stays in the text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotText("this file is UTF-16", "save it as UTF-8")
    if (nul := data.find(b"\0")) >= 0:
        raise NotText(
            "this file holds a NUL byte; it is no text", "", data.count(b"\n", 0, nul) + 1
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        raise NotText("this file is not valid UTF-8", "save it as UTF-8", line, column) from error
