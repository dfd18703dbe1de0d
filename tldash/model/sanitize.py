"""Make text from files safe to print.

A file can contain escape sequences, characters that change the text direction, and characters of
zero or ambiguous width. The dashboard and the command line pass all text from files, file names and
operating system errors through `sanitize`.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import Final

from tldash.model.patterns import compile_pattern

_UNSAFE: Final = compile_pattern(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202f\u205f-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_MAYBE_STACKED: Final = compile_pattern("[^\x00-\u02ff]{4}")
"""Cheap pre-check: four characters that could be combining marks, all of which are above U+02FF."""
_SPACES: Final = frozenset("\t\n\r\x0b\x0c\x85\u2028\u2029\u202f\u205f")
_MARKS_IN_A_ROW: Final = 3
_HIDDEN: Final = compile_pattern(
    "[\u00a0\u00ad\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff]"
)
"""Characters that look like a space or like nothing, except for joiners and variation selectors,
which ordinary words and emoji contain."""


def sanitize(text: str) -> str:
    """Return one line of text without control characters or characters that break columns.

    Line ends and tabs become spaces. C0 controls become control pictures (U+2400 and up), C1
    controls and surrogates become `�`. Direction marks, zero-width characters, variation selectors
    and combining marks after the third in a row are removed.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _UNSAFE.sub(_replacement, text)
    return _without_stacks(text) if _MAYBE_STACKED.search(text) else text


def to_single_line(text: str) -> str:
    """Sanitize text, collapse whitespace to single spaces and remove unprintable characters."""
    words = " ".join(sanitize(text).split())
    return "".join(character for character in words if character.isprintable()).strip()


def name_hidden(text: str) -> str:
    """Return the names of the first two kinds of hidden characters in a text; empty if none."""
    if text.isascii():
        return ""
    found = [*dict.fromkeys(_HIDDEN.findall(text))]
    return " and ".join(f"a hidden {name_character(one)}" for one in found[:2])


def name_character(character: str) -> str:
    """Return the name of a character with its code: `zero width space (U+200B)`."""
    name = unicodedata.name(character, "control character").lower()
    return f"{name} (U+{ord(character):04X})"


def escape_json(text: str) -> str:
    """Escape unsafe characters in a JSON document as `\\uXXXX` (RFC 8259, section 7).

    The document keeps its meaning and its line feeds, which `json.dumps` only puts between values.
    """
    return _UNSAFE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    if match[0] == "\n":
        return "\n"
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def _replacement(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if character in _SPACES:
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return "�" if code < 0xA0 or 0xD800 <= code < 0xE000 else ""


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")


def _without_stacks(text: str) -> str:
    runs = ((marks, "".join(run)) for marks, run in groupby(text, _is_mark))
    return "".join(run[:_MARKS_IN_A_ROW] if marks else run for marks, run in runs)
