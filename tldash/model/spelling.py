"""Compare words as people write them, and correct misspelled keys and values.

A misspelling is corrected only if exactly one correction is possible.

Fixes use these functions. Hints may guess more freely, with `suggest_spelling` and
`tldash.model.dates.guess_date`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from tldash.model.dates import guess_date, parse_week_date, plain_text
from tldash.model.patterns import compile_pattern

_MIN_LENGTH: Final = 3
"""Shorter words are only matched ignoring case: one edit turns any of them into any other."""
_SIMILAR: Final = 0.76
"""Minimum ratio of `difflib.SequenceMatcher`: just above that of `task` and `tags`."""
_YEAR_FIRST: Final = compile_pattern(r"(\d{4})([-/. ]?)(\d\d?)\2(\d\d?)", re.ASCII)
_YEAR_LAST: Final = compile_pattern(r"(\d\d?)([-/.])(\d\d?)\2(\d{4})", re.ASCII)
_TWELVE_HOURS: Final = compile_pattern(r"(\d\d?)(?:[:.]([0-5]\d))? ?([aApP])\.?[mM]\.?", re.ASCII)


def correct_spelling(word: str, known: Iterable[str]) -> str | None:
    """Return the only known word that equals `word` ignoring case, or is one edit away.

    Returns None if there is no such word or more than one.
    """
    names = list(known)
    folded = word.casefold()
    same = [name for name in names if name.casefold() == folded]
    if not same and len(folded) >= _MIN_LENGTH:
        same = [name for name in names if is_one_edit_apart(folded, name.casefold())]
    return same[0] if len(same) == 1 else None


def suggest_spelling(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most similar to `word`, or None if all differ too much. For hints."""
    import difflib  # takes 2 ms, and only misspelled words need it

    names = list(known)
    close = difflib.get_close_matches(word.casefold(), names, n=1, cutoff=_SIMILAR)
    return correct_spelling(word, names) or next(iter(close), None)


def is_one_edit_apart(word: str, meant: str) -> bool:
    """Return whether two words are at Damerau-Levenshtein distance 1.

    One edit inserts, deletes or replaces a character, or swaps two neighbours.
    """
    if word == meant or abs(len(word) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(word), len(meant)) and word[start] == meant[start]:
        start += 1
    left, right = word[start:], meant[start:]
    return (
        left[1:] == right
        or left == right[1:]
        or left[1:] == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )


def normalize_date(text: str) -> str | None:
    """Convert an unambiguous date in another format to ISO 8601, or return None.

    Accepts year, month, day with the same separator or none, and dates with the year last if only
    one of the other numbers can be the month.
    """
    text = plain_text(text)
    if week_date := parse_week_date(text):
        return week_date.isoformat()
    if not _YEAR_FIRST.fullmatch(text):
        match = _YEAR_LAST.fullmatch(text)
        if match is None or (int(match[1]) <= 12 and int(match[3]) <= 12):
            return None
    guess = guess_date(text)
    return guess.isoformat() if guess else None


def normalize_time(text: str) -> str | None:
    """Convert a 12-hour time (`4 pm`, `9:30 a.m.`) to `16:00`, or return None."""
    match = _TWELVE_HOURS.fullmatch(text)
    if match is None or not 1 <= int(match[1]) <= 12:
        return None
    hour = int(match[1]) % 12 + (12 if match[3] in "pP" else 0)
    return f"{hour:02}:{match[2] or '00'}"


_ACCENTS: Final = compile_pattern("[\u0300-\u036f]")
_STROKES: Final = compile_pattern("[øłđðþæœıħ]")
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
"""Letters that people type without their stroke or ligature, but that have no decomposition."""


def fold_text(text: str) -> str:
    """Normalize text for comparison, ignoring case and composition of accents.

    This is the canonical caseless matching of Unicode (3.13, D145), then NFC.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", decomposed.casefold()))


def fold_accents(text: str) -> str:
    """Normalize text for search, ignoring case and accents: `Zoë` and `zoe` are the same."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    text = _ACCENTS.sub("", decomposed)
    if _STROKES.search(text) is not None:  # translating takes ten times as long as looking
        text = text.translate(_LETTERS)
    return unicodedata.normalize("NFC", text)


def find_choice(typed: str, names: Sequence[tuple[str, ...]]) -> int | None:
    """Return the index of what a text means: its number from 1, a name, or the start of only one.

    Each entry of `names` has all names of a choice. Case is ignored.
    """
    text = typed.strip().casefold()
    if text.isdecimal() and 1 <= int(text) <= len(names):
        return int(text) - 1
    folded = [tuple(map(str.casefold, entry)) for entry in names]
    same = [at for at, entry in enumerate(folded) if text in entry]
    starts = [
        at for at, entry in enumerate(folded) if text and any(one.startswith(text) for one in entry)
    ]
    found = same or starts
    return found[0] if len(found) == 1 else None
