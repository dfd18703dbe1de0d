"""The signs of the screen, and what stands for them where only ASCII can be shown.

Every sign is replaced by as many cells as it takes, so that no column moves. It is done last, where
lines are finished, so that no drawing has to know of it: words of the user's own that use one of
these signs are shown the same way, and all their other letters as they are.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

ICONS_VARIABLE: Final = "TLDASH_ICONS"


class IconStyle(StrEnum):
    """Which signs are drawn."""

    UNICODE = "unicode"
    ASCII = "ascii"


ASCII_BY_ICON: Final[Mapping[str, str]] = {
    # boxes of task items
    "▢": "o", "◩": "/", "✔": "x", "✕": "-",
    # cadence and sessions
    "●": "*", "◐": "%", "○": "-", "◌": "?", "·": ".",
    # levels, and how they went
    "▰": "#", "▱": ".", "▁": "_", "▂": ".", "▃": ":", "▄": "-", "▅": "=", "▆": "+",
    "▇": "*", "█": "#",
    # what happened, and where to
    "▲": "^", "▼": "v", "→": ">", "←": "<", "↑": "^", "↓": "v", "▸": ">", "▾": "v",
    "›": ">", "‹": "<", "✗": "!", "✓": "*", "‼": "!", "•": "*", "▌": ">",
    # in words
    "…": "~", "–": "-", "—": "-", "×": "x", "‘": "'", "’": "'", "“": '"', "”": '"',
    "�": "?", "␡": "?",
    # lines between parts, and what Textual draws
    "│": "|", "▎": "|", "▏": "|", "▕": "|", "▊": "|", "▉": "|", "▋": "|", "▍": "|",
    "▐": "|", "─": "-", "━": "-", "╸": "-", "╺": "-", "▔": "-", "┌": "+", "┐": "+",
    "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+", "▀": "-",
    "🔎": "> ",
}  # fmt: skip
"""Each sign, and the ASCII that stands for it."""
_TABLE: Final = str.maketrans(dict(ASCII_BY_ICON))
_SEPARATOR: Final = " · "
_AT_END: Final = " ·"
"""A separator at the end of a line, where the blank behind it was cut."""


def to_ascii(text: str) -> str:
    """The text with ASCII in place of every sign, as wide as before."""
    if text.isascii():
        return text
    if text == _AT_END:
        return " -"
    return text.replace(_SEPARATOR, " - ").translate(_TABLE)


def choose_icon_style(
    environ: Mapping[str, str], configured: IconStyle | None, encoding: str | None
) -> IconStyle:
    """Which signs to draw: what `$TLDASH_ICONS` says, else the settings, else what can be shown.

    `encoding` is that of the standard output. A value of the variable that is none counts for
    nothing.
    """
    said = environ.get(ICONS_VARIABLE, "").strip().casefold()
    if said in list(IconStyle):
        return IconStyle(said)
    if configured is not None:
        return configured
    return IconStyle.UNICODE if _can_show(environ, encoding) else IconStyle.ASCII


def _can_show(environ: Mapping[str, str], encoding: str | None) -> bool:
    """Whether the terminal is likely to show the signs."""
    if environ.get("TERM") == "linux":
        return False  # the console of the kernel, whose font has a few hundred signs
    said = map(environ.get, ("LC_ALL", "LC_CTYPE", "LANG"))
    locale = next(filter(None, said), "")
    coerced = not environ.get("LC_ALL") and environ.get("LC_CTYPE") == "C.UTF-8"
    if coerced:  # Python says so itself where the locale was C (PEP 538)
        locale = environ.get("LANG") or locale
    if locale in ("C", "POSIX"):
        return False
    try:
        "".join(ASCII_BY_ICON).encode(codecs.lookup(encoding or "utf-8").name)
    except (LookupError, UnicodeEncodeError):
        return False
    return True
