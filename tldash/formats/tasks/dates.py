"""Parse dates that are not written as YYYY-MM-DD, for hints and fixes.

A hint may guess, since a person reads it; a fix may not. So there are two functions: `likely_date`
and `unambiguous_date`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

from tldash.model.dates import parse_week_date, plain_text
from tldash.model.patterns import compile_pattern

_YEAR_FIRST = compile_pattern(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])")
_YEAR_LAST = compile_pattern(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})(?![0-9])")
_DIGITS = compile_pattern(r"([0-9]{4})()([0-9]{2})([0-9]{2})(?![0-9])")
_SHAPE = compile_pattern(r"[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}")
WITH_MONTH_NAME = compile_pattern(
    r"""
    (?: (?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?[ \xa0-] (?P<month>[A-Za-z]{3,9})
      | (?P<month_>[A-Za-z]{3,9})\.?[ \xa0-] (?P<day_>[0-9]{1,2})(?:st|nd|rd|th)?
    )
    [.,]?[ \xa0-] (?P<year>[0-9]{4}) (?![\w-]|[.:/][0-9])
    """,
    re.VERBOSE,
)
"""A date with the English name of its month: `20 Nov 2026`, `November 20th, 2026`."""
_MONTH: Final = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
WITHOUT_YEAR = compile_pattern(
    rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th|\.)?[ ]{_MONTH}|{_MONTH}\.?[ ][0-9]{{1,2}}(?:st|nd|rd|th)?)"
    r"(?![\w-]|[.:/][0-9])",
    re.IGNORECASE,
)
"""A day and the English name of a month, without a year."""
_MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


def _iso(year: str, month: str | int, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def looks_like_date(text: str) -> bool:
    """Return whether all of `text` has the form of a date, even of a day that does not exist."""
    return _SHAPE.fullmatch(text) is not None or likely_date(text) is not None


def likely_date(text: str) -> str | None:
    """Return the ISO date that `text` probably means; None if unknown.

    Accepts missing zeros, slashes and dots, a time after the date, day and month swapped, the year
    last, days of a week (`2026-W47-5`), and names of months. `3/4/2026` is unknown, since it is
    March or April.
    """
    text = plain_text(text)
    if week_date := parse_week_date(text):
        return week_date.isoformat()
    if match := _YEAR_FIRST.match(text) or _DIGITS.match(text):
        year, _, second, third = match.groups()
        return _iso(year, second, third) or _iso(year, third, second)
    if match := _YEAR_LAST.match(text):
        first, mark, second, year = match.groups()
        day_first, month_first = _iso(year, second, first), _iso(year, first, second)
        if mark == "." or month_first is None or day_first == month_first:
            return day_first
        return month_first if day_first is None else None
    if match := WITH_MONTH_NAME.match(text):
        return _worded(match)
    return None


def unambiguous_date(text: str) -> str | None:
    """Return the ISO date that is the only possible meaning of all of `text`; None without one.

    Unlike `likely_date`, accepts neither `3.4.2026`, which has two meanings, nor `2026-20-11`,
    which is a typing mistake, nor text after the date, which a fix would lose.
    """
    text = plain_text(text)
    if week_date := parse_week_date(text):
        return week_date.isoformat()
    if match := _YEAR_FIRST.fullmatch(text) or _DIGITS.fullmatch(text):
        return _iso(match[1], match[3], match[4])
    if match := _YEAR_LAST.fullmatch(text):
        first, _, second, year = match.groups()
        days = {_iso(year, second, first), _iso(year, first, second)} - {None}
        return days.pop() if len(days) == 1 else None
    if match := WITH_MONTH_NAME.fullmatch(text):
        return _worded(match)
    return None


def _worded(match: re.Match[str]) -> str | None:
    name = (match["month"] or match["month_"]).lower()
    numbers = (number for number, month in enumerate(_MONTHS, 1) if month.startswith(name))
    return _iso(match["year"], next(numbers, 0), match["day"] or match["day_"])


def describe_bad_date(text: str) -> tuple[str, str | None]:
    """Return what is wrong with `text` as a date, and the date that it probably means."""
    if not text:
        return "no date is given", None
    found = f"'{text}'" if len(text) <= 40 else f"'{text[:39]}…'"
    likely = likely_date(text)
    if likely is None and (match := _YEAR_FIRST.match(text) or _DIGITS.match(text)):
        year, month = int(match[1]), int(match[3])
        if year and 1 <= month <= 12:
            last = monthrange(year, month)[1]
            return f"{found} is no day: {year:04}-{month:02} has {last} days", None
    if likely is None:
        return f"{found} is not a date", None
    return f"{found} is not a date of the form YYYY-MM-DD", likely
