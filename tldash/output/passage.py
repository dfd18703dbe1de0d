"""Passages: the parts of a session file for display. `tldash.output.passages` parses them."""

from __future__ import annotations

from enum import StrEnum

from tldash.model.frozen import frozen
from tldash.model.records import Task


class PassageKind(StrEnum):
    """Kind of a passage, which decides its style."""

    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    TASK = "task"
    TABLE = "table"
    """A table row, with its cells separated by tabs."""
    CODE = "code"
    COMMENT = "comment"
    RULE = "rule"
    BLANK = "blank"


@frozen
class Passage:
    """A paragraph, list item, heading, table row or line of code."""

    kind: PassageKind
    text: str
    line: int
    """First line in the file."""
    level: int = 0
    """Heading level, 1 to 6."""
    indent: int = 0
    """Number of enclosing list items."""
    quote: int = 0
    """Number of enclosing block quotes."""
    marker: str = ""
    """List marker: `-`, `3.`."""
    task: Task | None = None
