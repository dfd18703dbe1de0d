"""Icons of the dashboard, and their replacements for ASCII terminals.

Each replacement is as wide as its icon, so columns stay aligned. Finished lines are translated as a
whole, so widgets never need to check the style. Icons in the user's own text are replaced too.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

ICONS_VARIABLE: Final = "TLDASH_ICONS"


class IconStyle(StrEnum):
    """Value of the `icons` setting."""

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
    # only you can read it
    "◆": "&",
    # a session under way
    "▶": ">", "‖": "=",
    # in words
    "…": "~", "–": "-", "—": "-", "×": "x", "‘": "'", "’": "'", "“": '"', "”": '"',
    "�": "?", "␡": "?",
    # lines between parts, and what Textual draws
    "│": "|", "▎": "|", "▏": "|", "▕": "|", "▊": "|", "▉": "|", "▋": "|", "▍": "|",
    "▐": "|", "─": "-", "━": "-", "╸": "-", "╺": "-", "▔": "-", "┌": "+", "┐": "+",
    "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+", "▀": "-",
    "🔎": "> ",
}  # fmt: skip
"""Icon -> ASCII text of the same width."""
_TABLE: Final = str.maketrans(dict(ASCII_BY_ICON))
_SEPARATOR: Final = " · "
_AT_END: Final = " ·"
"""A separator at the end of a line, whose trailing space was stripped."""


def to_ascii(text: str) -> str:
    """Replace every icon by ASCII text of the same width."""
    if text.isascii():
        return text
    if text == _AT_END:
        return " -"
    return text.replace(_SEPARATOR, " - ").translate(_TABLE)


def choose_icon_style(
    environ: Mapping[str, str], configured: IconStyle | None, encoding: str | None
) -> IconStyle:
    """Return the style from `$TLDASH_ICONS`, else from the settings, else one that displays here.

    Args:
        environ: The environment. An unknown value of the variable is ignored.
        configured: The style from the settings, or None.
        encoding: The encoding of the standard output.
    """
    wanted = environ.get(ICONS_VARIABLE, "").strip().casefold()
    if wanted in list(IconStyle):
        return IconStyle(wanted)
    if configured is not None:
        return configured
    return IconStyle.UNICODE if _can_show(environ, encoding) else IconStyle.ASCII


def _can_show(environ: Mapping[str, str], encoding: str | None) -> bool:
    """Return whether the terminal is likely to have the icons in its font and encoding."""
    if environ.get("TERM") == "linux":
        return False  # the kernel console has a font of at most 512 glyphs
    variables = map(environ.get, ("LC_ALL", "LC_CTYPE", "LANG"))
    locale = next(filter(None, variables), "")
    coerced = not environ.get("LC_ALL") and environ.get("LC_CTYPE") == "C.UTF-8"
    if coerced:  # Python sets LC_CTYPE itself if the locale is C (PEP 538)
        locale = environ.get("LANG") or locale
    if locale in ("C", "POSIX"):
        return False
    try:
        "".join(ASCII_BY_ICON).encode(codecs.lookup(encoding or "utf-8").name)
    except (LookupError, UnicodeEncodeError):
        return False
    return True
