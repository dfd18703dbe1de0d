"""Words from files, made harmless before anybody is shown them.

A file's text can hold escape sequences that reach the terminal, marks that turn the direction of
what follows, and characters that take no space or a disputed one. Both the dashboard and the command
line pass everything that came from a file, its name or an error about it through `clean`.
"""

from __future__ import annotations

import re
from typing import Final

_ODD: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202f\u205f-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
_STACKED: Final = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff"
                             "\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f\u0483-\u0489"
                             "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip
_BLANK: Final = frozenset("\t\n\r\x0b\x0c\x85\u2028\u2029\u202f\u205f")


def clean(text: str) -> str:
    """One line of text without anything that could act on a terminal or upset its columns.

    Line ends and tabs become blanks, C0 and C1 controls their pictures (U+2400 and on) or `�`;
    direction marks, zero-width characters, variation selectors and more than three combining marks
    in a row are dropped.
    """
    if text.isascii() and text.isprintable():
        return text
    return _STACKED.sub(r"\1", _ODD.sub(_replacement, text))


def _replacement(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if character in _BLANK:
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return "�" if code < 0xA0 or 0xD800 <= code < 0xE000 else ""
