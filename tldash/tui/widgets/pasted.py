"""Turn pasted text into one line. Pure."""

from __future__ import annotations

from typing import Final

from tldash.model.patterns import compile_pattern

_LINE_END: Final = compile_pattern(r"\r\n|\r|\n")
_ESCAPE: Final = compile_pattern("\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?)?")
"""Escape sequences of terminals: those with parameters (CSI), commands (OSC), and a lone escape."""
_LIST_ITEM: Final = compile_pattern(r"\s*(?:(?:[-*+•]|[0-9]+[.)])\s+)?(?:\[.\]\s+)?")
"""The list marker and the box of a task item."""
LINE_BREAK: Final = "⏎"
"""Stands between the lines of a pasted list."""


def join_lines(text: str) -> str:
    """Return pasted text as one line, without escape sequences."""
    found = _LINE_END.split(_ESCAPE.sub("", text))
    if len(found) == 1:
        return found[0]
    return " ".join(line.strip() for line in found if line.strip())


def join_items(text: str, *, start: bool) -> str:
    """Return a pasted list as one line, with `LINE_BREAK` between the items.

    List markers and boxes are removed. A single line keeps them, unless it is the `start` of the
    text.
    """
    found = [line for line in _LINE_END.split(_ESCAPE.sub("", text)) if line.strip()]
    if len(found) > 1 or start:
        found = [_LIST_ITEM.sub("", line, count=1).strip() for line in found]
    return f" {LINE_BREAK} ".join(filter(None, found))


def split_items(text: str) -> list[str]:
    """Return the items of a pasted list."""
    return [line.strip() for line in text.split(LINE_BREAK) if line.strip()]
