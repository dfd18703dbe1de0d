"""What a word was meant to be, where that is beyond doubt.

Below everything that reads files, so that keys, values and whatever else has a list of known words
are all judged the same way. What is a guess and no more belongs in a hint (`dates.guess_date`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tldash.model.dates import guess_date

_SHORTEST: Final = 3
"""Letters of a word below which one slip makes any word of any other."""
_NEAR: Final = 0.76
"""Of difflib's ratio of shared letters: above that of `task` and `tags`."""
_YEAR_FIRST: Final = re.compile(r"(\d{4})([-/. ]?)(\d\d?)\2(\d\d?)", re.ASCII)
_YEAR_LAST: Final = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d{4})", re.ASCII)
_TWELVE: Final = re.compile(r"(\d\d?)(?:[:.]([0-5]\d))? ?([aApP])\.?[mM]\.?", re.ASCII)


def correct_spelling(word: str, known: Iterable[str]) -> str | None:
    """The one known word that differs from `word` in capitals only, or else in one slip.

    None where there is none, or more than one.
    """
    names = list(known)
    folded = word.casefold()
    same = [name for name in names if name.casefold() == folded]
    if not same and len(folded) >= _SHORTEST:
        same = [name for name in names if is_one_edit_apart(folded, name.casefold())]
    return same[0] if len(same) == 1 else None


def suggest_spelling(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` is nearest to, if that is near enough to ask about."""
    import difflib  # only for what is wrong

    names = list(known)
    close = difflib.get_close_matches(word.casefold(), names, n=1, cutoff=_NEAR)
    return correct_spelling(word, names) or next(iter(close), None)


def is_one_edit_apart(word: str, meant: str) -> bool:
    """Whether one letter too many, too few, wrong or out of turn parts the two (Damerau, 1964)."""
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
    """A date in another form as `2026-11-20`; None where it is none, or could be two.

    Certain are the orders year, month, day with any one sign between them or none, and those with
    the year last where only one of the other two can be the month.
    """
    match = _YEAR_FIRST.fullmatch(text) or _YEAR_LAST.fullmatch(text)
    if match is None:
        return None
    if match.re is _YEAR_LAST and int(match[1]) <= 12 and int(match[3]) <= 12:
        return None
    guess = guess_date(text)
    return guess.isoformat() if guess else None


def normalize_time(text: str) -> str | None:
    """A time of day on a clock of twelve hours (`4 pm`, `9:30 a.m.`) as `16:00`; None if none."""
    match = _TWELVE.fullmatch(text)
    if match is None or not 1 <= int(match[1]) <= 12:
        return None
    hour = int(match[1]) % 12 + (12 if match[3] in "pP" else 0)
    return f"{hour:02}:{match[2] or '00'}"
