"""What somebody means who types an action in one go: `call the vendor fri #vision @coach`.

Understands the days that people say, in English and offline, and only where they stand last among
the words, so that a sentence is never read as a date by accident. A language library would know
more phrases; here each that is understood is in a table, and what it became is shown before it is
written.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from tldash.model.dates import parse_moment
from tldash.model.frozen import frozen

MAX_PHRASE_WORDS: Final = 6
"""Words of the longest phrase that is understood, as in `by the end of the month`."""

_BEFORE: Final = ("by", "on", "due", "until", "till", "before")
_NUMBERS: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_SPAN: Final = re.compile(
    r"\+?(\d{1,3}) ?(d|days?|w|weeks?|wks?|m|months?|mon|y|years?)", re.IGNORECASE
)
_MONTH_NAMES: Final = {
    name: at
    for at, full in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september",
         "october", "november", "december"), 1)
    for name in (full, full[:3], *(["sept"] if at == 9 else []))
}  # fmt: skip
_DAY_NAMES: Final = {
    name: at
    for at, full in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
    for name in (full, full[:3], *({1: ("tues",), 3: ("thur", "thurs")}.get(at, ())))
}
_OF_MONTH: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_META: Final = re.compile(r"[#@]\S|\S+::?\S|[\[(]\S+::")


@frozen
class TypedAction:
    """A typed line, taken apart."""

    text: str
    """The line without the words that named the day."""
    day: date | None = None
    phrase: str = ""
    """Those words."""


def parse_typed_action(typed: str, today: date, session: date | None = None) -> TypedAction:
    """The day that is named last among the words of a typed action; tags and owners may follow.

    `session` is what `next session` means. Something has to be left to do: a line that is nothing
    but a day is words.
    """
    parts = typed.split()
    end = len(parts)
    while end and _META.match(parts[end - 1]):
        end -= 1
    for start in range(max(end - MAX_PHRASE_WORDS, 0), end):
        said = " ".join(parts[start:end])
        day = parse_day(said, today, session)
        if day is not None and any(not _META.match(part) for part in parts[:start]):
            return TypedAction(" ".join((*parts[:start], *parts[end:])), day, said)
    return TypedAction(" ".join(parts))


def parse_day(said: str, today: date, session: date | None = None) -> date | None:
    """The day that a phrase names, seen from `today`; None where it names none.

    A weekday is the next one after today; a day of a month without a year the next one from today
    on.
    """
    words = said.casefold().replace(",", " ").split()
    if words and words[0] in _BEFORE:
        words = words[1:]
    if not words or len(words) > MAX_PHRASE_WORDS:
        return None
    try:
        return _one_word(words, today) or _several(words, today, session) or _dated(words, today)
    except (ValueError, OverflowError):
        return None


def _one_word(words: list[str], today: date) -> date | None:
    if len(words) != 1:
        return None
    word = words[0]
    if word in _ONE_WORD:
        return _ONE_WORD[word](today)
    if word in _DAY_NAMES:
        return today + timedelta(days=(_DAY_NAMES[word] - today.weekday() - 1) % 7 + 1)
    moment = parse_moment(word)
    return moment.day if moment and moment.time is None else _after(word, today)


def _several(words: list[str], today: date, session: date | None) -> date | None:
    phrase = " ".join(word for word in words if word != "the")
    if phrase in ("next session", "next time"):
        return session
    if phrase in _PHRASES:
        return _PHRASES[phrase](today)
    first, *rest = words
    if first == "next" and len(rest) == 1 and rest[0] in _DAY_NAMES:
        return _monday_after(today) + timedelta(days=_DAY_NAMES[rest[0]])
    if first == "in" and rest:
        number = str(_NUMBERS.get(rest[0], rest[0]))
        return _after(" ".join([number, *rest[1:]]), today)
    return _after(" ".join(words), today) if len(words) == 2 else None


def _dated(words: list[str], today: date) -> date | None:
    """`1 dec`, `dec 1st`, `1 december 2027`."""
    names = [word for word in words if word.rstrip(".") in _MONTH_NAMES]
    rest = [word for word in words if word not in names]
    years = [word for word in rest if re.fullmatch(r"20\d\d", word)]
    days = [match for word in rest if word not in years and (match := _OF_MONTH.fullmatch(word))]
    if len(names) != 1 or len(days) != 1 or len(words) != 2 + len(years) or len(years) > 1:
        return None
    month, day = _MONTH_NAMES[names[0].rstrip(".")], int(days[0][1])
    if years:
        return date(int(years[0]), month, day)
    for year in range(today.year, today.year + 9):  # 29 February is up to eight years away
        if day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
    return None


def _after(span: str, today: date) -> date | None:
    match = _SPAN.fullmatch(span)
    if match is None:
        return None
    number, unit = int(match[1]), match[2][0].lower()
    units = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
    return today + relativedelta(**{units[unit]: number})  # type: ignore[arg-type]


def _monday_after(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _last_of_month(today: date) -> date:
    return today.replace(day=monthrange(today.year, today.month)[1])


def _friday(today: date) -> date:
    """That of this week, or of the next on a weekend."""
    return today + timedelta(days=(4 - today.weekday()) % 7)


_ONE_WORD: Final[dict[str, Callable[[date], date]]] = {
    "today": lambda today: today,
    "tod": lambda today: today,
    "tonight": lambda today: today,
    "tomorrow": lambda today: today + timedelta(days=1),
    "tom": lambda today: today + timedelta(days=1),
    "tmrw": lambda today: today + timedelta(days=1),
    "eow": _friday,
    "eom": _last_of_month,
}
_PHRASES: Final[dict[str, Callable[[date], date]]] = {
    "next week": _monday_after,
    "next month": lambda today: today.replace(day=1) + relativedelta(months=1),
    "this week": _friday,
    "end of week": _friday,
    "end of month": _last_of_month,
    "day after tomorrow": lambda today: today + timedelta(days=2),
}
