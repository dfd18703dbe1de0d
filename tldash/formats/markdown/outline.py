"""Headings and task items of plain Markdown, without a look at every line.

Thousands of files are read when the dashboard opens, and only these two matter then. Where nothing
in a file can hide a line or put it inside something else, a line that starts in its first column
with `#`, or with a list marker and a box, is a heading or a task item whatever stands around it.
One regular expression finds those lines and, on the way, everything that would make it unsure: then
there is no answer, and `tldash.formats.markdown.scanner` has to read the file.
"""

from __future__ import annotations

import re
from itertools import starmap
from typing import Final

from tldash.formats.text import Kind, Line

_HIDING = (b"```", b"~~~", b"%%", b"$$", b"\xef\xbb\xbf")
"""What can hide task items, and the byte order mark, which begins a line unseen."""

_TICK, _TILDE, _PERCENT, _DOLLAR, _MARK = b"`~%$\xef"

ITEMS, UNSURE = 2, 3
"""What `LINE` found, as `re.Match.lastindex`: task items, one right below the other, or cause to
scan; else, a heading."""

_ITEM: Final = rb"""(?: [-+*] | 1[.)] ) [ ]{1,4}
    \[ (?: [^\n\x80-\xff] | [\xc2-\xf4][\x80-\xbf]+ ) \] (?= [ \t\v\f\n] | \Z ) [^\n]*+"""
LINE = re.compile(
    rb"""
    \n (?= [-+*\#0-9 \t>=|:<\[] ) (?:
        (?P<heading> \#{1,6} (?= [ \t\n] | \Z ) [^\n]*+ )
      | (?P<items> """ + _ITEM + rb" (?: \n " + _ITEM + rb""" )*+ )
      | (?P<unsure>
            # What may be an underline or a table's delimiter row, not below an empty line ...
            (?<! \n\n ) [ \t>]*+ [-=|:] [-=|: \t]*+ (?= \n | \Z )
            # ... or a heading, a box or HTML further to the right, or below a number other than 1.
          | (?: [ \t>]++ | (?: [-+*] | [0-9]{1,9}[.)] ) [ \t]++ )*+
            (?: \#{1,6} (?= [ \t\n] | \Z )
              | \[ (?: [^\n\x80-\xff] | [\xc2-\xf4][\x80-\xbf]+ ) \] (?= [ \t\v\f\n] | \Z ) | < )
        )
    )
    """,
    re.VERBOSE,
)  # fmt: skip
"""In UTF-8, which takes a third of the time of a text with a single emoji in it. Its three groups
are what `re.Pattern.split` puts between the other lines."""


def hides(data: bytes) -> bool:
    """Whether there is something in which `LINE` must not be looked for."""
    # A look for one sign takes a fortieth of the time of one for two, and as a number a fifth of
    # that: of what is no number, Python first makes an error that says so.
    return (
        _TICK in data or _TILDE in data or _PERCENT in data or _DOLLAR in data or _MARK in data
    ) and any(sign in data for sign in _HIDING)


def read_plain(text: str, first_line: int) -> list[Line] | None:
    """The lines that `blocks.outline` promises; None where that takes a full scan."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    source = b"\n\n" + text.encode("utf-8", "surrogatepass")
    if hides(source):
        return None
    lines: list[Line] = []
    number = first_line
    counted = 1
    for found in LINE.finditer(source):
        if found.lastindex == UNSURE:
            return None
        number += source.count(b"\n", counted, found.start())
        counted = found.start()
        text = found[0][1:].decode("utf-8", "surrogatepass")
        if found.lastindex == ITEMS:
            lines.extend(starmap(_item, enumerate(text.split("\n"), number)))
        else:
            lines.append(Line(number, text, Kind.HEADING, 0, 0, 0, heading_level(text)))
    return lines


def heading_level(line: str) -> int:
    """The level of a heading of one line."""
    return len(line) - len(line.lstrip("#"))


def _item(number: int, line: str) -> Line:
    """A line that `LINE` found among task items."""
    box = line.index("[")
    return Line(number, line, Kind.PARAGRAPH, 0, 1, box, 0, line[:box].rstrip(" "), number, box)
