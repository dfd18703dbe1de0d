"""Parse dates, times and actions as people type them: `call the vendor fri #vision @coach`.

Accepts English phrases only, and in an action only at the end of the text, so dates inside a
sentence are left alone. All phrases are listed in the tables below. The prompt previews the parsed
date before the action is written.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from datetime import time as time_of_day
from typing import Final

from dateutil.relativedelta import relativedelta

from tldash.model.dates import parse_moment
from tldash.model.frozen import frozen
from tldash.model.records import Moment

MAX_PHRASE_WORDS: Final = 6
"""Number of words in the longest phrase, `by the end of the month`."""

NEXT_SESSION: Final = ("next session", "next time")
"""The phrases that stand for the day of the next session."""

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


def is_next_session(phrase: str) -> bool:
    """Return whether a date phrase stands for the day of the next session."""
    words = phrase.casefold().replace(",", " ").split()
    words = words[1:] if words[:1] and words[0] in _BEFORE else words
    return " ".join(word for word in words if word != "the") in NEXT_SESSION


_TIME: Final = (
    r"(?P<at>(?:at |@ ?)?)(?:(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d\d))?"
    r"(?: ?(?P<half>[ap])\.?m\.?|(?P<sign>h))?|(?P<noon>noon|midday))"
)
_TIME_AT_END: Final = re.compile(rf"(?:^|(?<=[\s,])){_TIME}$", re.ASCII)
_TIME_AT_START: Final = re.compile(rf"^{_TIME}(?=[\s,])", re.ASCII)


@frozen
class TypedAction:
    """A typed action, split into its text and its date."""

    text: str
    """The text without the date phrase."""
    day: date | None = None
    phrase: str = ""
    """The date phrase as typed."""


def parse_typed_action(typed: str, today: date, session: date | None = None) -> TypedAction:
    """Split a typed action into its text and a date phrase at the end, before tags and owner.

    A line that consists of a date phrase only is kept as text.

    Args:
        typed: The typed line.
        today: The day that relative phrases count from.
        session: The day that `next session` stands for.
    """
    parts = typed.split()
    end = len(parts)
    while end and _META.match(parts[end - 1]):
        end -= 1
    for start in range(max(end - MAX_PHRASE_WORDS, 0), end):
        phrase = " ".join(parts[start:end])
        day = parse_day(phrase, today, session)
        if day is not None and any(not _META.match(part) for part in parts[:start]):
            return TypedAction(" ".join((*parts[:start], *parts[end:])), day, phrase)
    return TypedAction(" ".join(parts))


def parse_day(phrase: str, today: date, session: date | None = None) -> date | None:
    """Parse a date phrase relative to `today`. Returns None for any other text.

    `fri` is the first Friday after today. `1 dec` is the first 1 December from today on.
    `next session` is `session`.
    """
    words = phrase.casefold().replace(",", " ").split()
    if words and words[0] in _BEFORE:
        words = words[1:]
    if not words or len(words) > MAX_PHRASE_WORDS:
        return None
    try:
        return _one_word(words, today) or _several(words, today, session) or _dated(words, today)
    except (ValueError, OverflowError):
        return None


def parse_past_day(phrase: str, today: date) -> date | None:
    """Parse a day up to `today`: `3 nov`, `yesterday`, `2 weeks ago`, `2026-11-03`, `fri`.

    A day without a year is the latest one. Returns None for any other text.
    """
    words = phrase.casefold().split()
    if words == ["yesterday"]:
        return today - timedelta(days=1)
    if len(words) == 3 and words[-1] == "ago":
        span = _parse_span(f"{_NUMBERS.get(words[0], words[0])} {words[1]}")
        return today - span if span is not None else None
    day = parse_day(phrase, today)
    if day is None or day <= today:
        return day
    named = len(words) == 1 and words[0] in _DAY_NAMES
    earlier = day - (timedelta(weeks=1) if named else relativedelta(years=1))
    is_dated = any(word in _MONTH_NAMES for word in words) and not words[-1].isdecimal()
    return earlier if (named or is_dated) and earlier <= today else None


def parse_when(phrase: str, today: date, session: Moment | None = None) -> Moment | None:
    """Parse a day with or without a time, as people say it: `fri 16:00`, `1 dec 9.30`, `4pm`.

    A time alone is on the day of `session`, which `next session` stands for too. Returns None for
    any other text, and for an hour that may be one of two (`fri at 4`).
    """
    if moment := parse_moment(phrase):
        return moment
    text = phrase.casefold().strip()
    rest, time = _split_time(text)
    day = session.day if session is not None else None
    if rest:
        day = parse_day(rest, today, day)
    if day is None:
        return None
    if time is None and session is not None and is_next_session(rest):
        return session
    return Moment(day, time)


def _split_time(text: str) -> tuple[str, time_of_day | None]:
    """Split a time off the end or the start of a text."""
    for pattern in (_TIME_AT_END, _TIME_AT_START):
        match = pattern.search(text)
        if match is not None and (time := _read_time(match)) is not None:
            rest = text[: match.start()] + text[match.end() :]
            return rest.strip(" ,"), time
    return text, None


def _read_time(match: re.Match[str]) -> time_of_day | None:
    if match["noon"]:
        return time_of_day(12)
    hour, half = int(match["hour"]), match["half"]
    sure = match["minute"] or half or match["sign"] or (match["at"] and hour > 12)
    if not sure or (half and not 1 <= hour <= 12):
        return None
    hour = hour % 12 + 12 * (half == "p") if half else hour
    minute = int(match["minute"] or 0)
    return time_of_day(hour, minute) if hour < 24 and minute < 60 else None


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
    if phrase in NEXT_SESSION:
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
    """Parse `1 dec`, `dec 1st` or `1 december 2027`."""
    names = [word for word in words if word.rstrip(".") in _MONTH_NAMES]
    rest = [word for word in words if word not in names]
    years = [word for word in rest if re.fullmatch(r"20\d\d", word)]
    days = [match for word in rest if word not in years and (match := _OF_MONTH.fullmatch(word))]
    if len(names) != 1 or len(days) != 1 or len(words) != 2 + len(years) or len(years) > 1:
        return None
    month, day = _MONTH_NAMES[names[0].rstrip(".")], int(days[0][1])
    if years:
        return date(int(years[0]), month, day)
    for year in range(today.year, today.year + 9):  # 29 February can be eight years away
        if day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
    return None


def _after(span: str, today: date) -> date | None:
    parsed = _parse_span(span)
    return today + parsed if parsed is not None else None


def _parse_span(text: str) -> relativedelta | None:
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    number, unit = int(match[1]), match[2][0].lower()
    units = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
    return relativedelta(**{units[unit]: number})  # type: ignore[arg-type]


def _monday_after(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _last_of_month(today: date) -> date:
    return today.replace(day=monthrange(today.year, today.month)[1])


def _friday(today: date) -> date:
    """Return the Friday of this week, or of next week on a weekend."""
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
