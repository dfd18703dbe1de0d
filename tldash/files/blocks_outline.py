"""Headings and task items of plain Markdown, without a look at every line.

Thousands of files are read when the dashboard opens, and only these two matter then. Where nothing
in a file can hide a line or put it inside something else, a line that starts in its first column
with `#`, or with a list marker and a box, is a heading or a task item whatever stands around it.
One regular expression finds those lines and, on the way, everything that would make it unsure: then
there is no answer, and `tldash.files.blocks_scanner` has to read the file.
"""

from __future__ import annotations

import re

from tldash.files.blocks_line import Kind, Line

_HIDING = ("```", "~~~", "%%", "$$")
"""What can hide task items."""

MARKS, UNSURE = 1, 4
"""What `LINE` found, as `re.Match.lastindex`, if not a task item: a heading, or cause to scan."""

LINE = re.compile(
    r"""
    \n (?= [-+*\#0-9 \t>=|:<\[] ) (?:
        (?P<marks> \#{1,6} ) (?= [ \t\n] | \Z ) [^\n]*+
      | (?P<marker> [-+*] | 1[.)] ) (?P<gap> [ ]{1,4} )
        \[ [^\n] \] (?= [ \t\v\f\n] | \Z ) [^\n]*+
      | (?P<unsure>
            # What may be an underline or a table's delimiter row, not below an empty line ...
            (?<! \n\n ) [ \t>]*+ [-=|:] [-=|: \t]*+ (?= \n | \Z )
            # ... or a heading, a box or HTML further to the right, or below a number other than 1.
          | (?: [ \t>]++ | (?: [-+*] | [0-9]{1,9}[.)] ) [ \t]++ )*+
            (?: \#{1,6} (?= [ \t\n] | \Z ) | \[ [^\n] \] (?= [ \t\v\f\n] | \Z ) | < )
        )
    )
    """,
    re.VERBOSE,
)


def plain_source(text: str) -> str | None:
    """The text for `LINE` to be looked for in, two line ends before it; None where it hides lines.

    All lines end with `\\n` there. A look for one sign takes a fortieth of the time of one for two.
    """
    if "\ufeff" in text or any(sign in text for sign in _HIDING if sign[0] in text):
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n\n" + text


def read_plain(text: str, first_line: int) -> list[Line] | None:
    """The lines that `tldash.files.blocks.outline` promises; None where that takes a full scan."""
    source = plain_source(text)
    if source is None:
        return None
    lines = []
    number = first_line
    counted = 1
    for found in LINE.finditer(source):
        if found.lastindex == UNSURE:
            return None
        number += source.count("\n", counted, found.start())
        counted = found.start()
        line = found[0][1:]
        marker = found["marker"]
        if marker is None:
            lines.append(Line(number, line, Kind.HEADING, 0, 0, 0, len(found["marks"])))
        else:
            box = len(marker) + len(found["gap"])
            lines.append(Line(number, line, Kind.PARAGRAPH, 0, 1, box, 0, marker, number, box))
    return lines
