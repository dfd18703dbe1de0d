"""Rules of recurrence as they are written: `every 2 weeks when done`, `rec:+1m`.

Two grammars: the words that Obsidian Tasks reads behind its repeat sign (those of the rrule
library's English text parser, with `when done` behind them), and the values of todo.txt's `rec:`.

Stricter than Obsidian in one way: a word that is not understood makes the rule unreadable, where
Obsidian leaves it out and repeats by what came before it.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

from tldash.formats.tasks.recurrence import WEEKDAYS, Rule, Unreadable
from tldash.model.records import Dialect

__all__ = [
    "LONG_HINT",
    "SHORT_HINT",
    "Rule",
    "Unreadable",
    "in_dialect",
    "is_short",
    "read_rule",
    "rule_at_start",
]

LARGEST_NUMBER: Final = 999
"""More days, weeks, months or years than this are taken for a slip."""


_SHORT = re.compile(r"(\+?)([1-9][0-9]{0,8})([dbwmy])")
_SHORT_UNITS: Final = {"d": "day", "b": "business day", "w": "week", "m": "month", "y": "year"}
SHORT_HINT: Final = (
    "write rec:1w, with d, b (business days), w, m or y; rec:+1w counts from the due date"
)
LONG_HINT: Final = (
    "write for example 'every week', 'every month on the 1st' or 'every 2 weeks when done'"
)


def is_short(text: str) -> bool:
    """Whether `text` is a value of todo.txt's `rec:`."""
    return _SHORT.fullmatch(text) is not None


@lru_cache(maxsize=512)
def read_rule(text: str) -> Rule | Unreadable:
    """The rule that `text` states, in either grammar."""
    if match := _SHORT.fullmatch(text):
        strict, number, unit = match.groups()
        if int(number) > LARGEST_NUMBER:
            return Unreadable(f"{number} is too many", f"use {LARGEST_NUMBER} at most")
        return Rule(_SHORT_UNITS[unit], int(number), from_completion=not strict)
    words = _WORD.findall(text.casefold())
    from_completion = words[-2:] == ["when", "done"]
    if from_completion:
        del words[-2:]
    try:
        return _Reader(words, from_completion).rule()
    except _NotUnderstoodError as error:
        return Unreadable(str(error), _hint(text))


def rule_at_start(text: str) -> str:
    """The part of `text` that is a rule in words: as many of its words as make sense together.

    Where they make none, all of them if they begin with `every`, since that was meant as one; an
    adverb in front (`weekly`); or nothing.
    """
    ends = [word.end() for word in _SPACED.finditer(text)]
    for end in reversed(ends[:_MOST_WORDS]):
        if isinstance(read_rule(text[:end]), Rule):
            return text[:end]
    first = text[: ends[0]].casefold() if ends else ""
    if first == "every":
        return text
    return text[: ends[0]] if first in _ADVERBS else ""


def in_dialect(text: str, dialect: Dialect) -> str | None:
    """The same rule as it is written in `dialect`; None where that grammar cannot say it.

    todo.txt counts from the day of completion unless told otherwise, Obsidian the other way about.
    """
    if is_short(text) == (dialect is Dialect.PLAIN):
        return text
    rule = read_rule(text)
    if isinstance(rule, Unreadable):
        return None
    simple = Rule(rule.unit, rule.every, rule.from_completion)
    if rule != simple or (dialect is not Dialect.PLAIN and rule.unit == "business day"):
        return None
    if dialect is Dialect.PLAIN:
        return f"{'' if rule.from_completion else '+'}{rule.every}{rule.unit[0]}"
    count = rule.unit if rule.every == 1 else f"{rule.every} {rule.unit}s"
    return f"every {count}{' when done' if rule.from_completion else ''}"


def in_words(text: str) -> str | None:
    """The rule that `text`, which is none, says in one word or with `other`; None if it does not.

    `biweekly` is two rules, depending on who says it.
    """
    words = text.casefold().split()
    if len(words) == 1 and words[0] != "biweekly":
        return _ADVERBS.get(words[0])
    if len(words) == 3 and words[:2] == ["every", "other"] and words[2] in _UNITS:
        unit = _UNITS[words[2]]
        return f"every 2 {unit}s" if unit != "weekday" else None
    return None


# -- words -------------------------------------------------------------------------------------

_WORD = re.compile(r"[0-9]+(?:st|nd|rd|th)(?![a-z0-9])|[0-9]+|[a-z]+|[^\sa-z0-9]")
_SPACED = re.compile(r"[^\s,]+")
_MOST_WORDS: Final = 24
_NTH = re.compile(r"([0-9]+)(?:st|nd|rd|th)")
_ORDINALS: Final = {"first": 1, "second": 2, "third": 3}
_UNITS: Final = {
    **{unit: unit for unit in ("day", "weekday", "week", "month", "year")},
    **{unit + "s": unit for unit in ("day", "weekday", "week", "month", "year")},
}
_WEEKDAY: Final = {
    name: number
    for number, names in enumerate(
        (
            "mo mon monday",
            "tu tue tues tuesday",
            "we wed wedn wednesday",
            "th thu thur thursday",
            "fr fri friday",
            "sa sat saturday",
            "su sun sunday",
        )
    )
    for name in names.split()
}
_MONTH: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_JOINING: Final = frozenset((",", "and", "or"))
_ADVERBS: Final = {
    "daily": "every day",
    "weekly": "every week",
    "fortnightly": "every 2 weeks",
    "biweekly": "every 2 weeks",
    "monthly": "every month",
    "quarterly": "every 3 months",
    "yearly": "every year",
    "annually": "every year",
}


def _hint(text: str) -> str:
    words = text.casefold().split()
    if words and words[0] in _ADVERBS:
        return f"write '{_ADVERBS[words[0]]}'"
    if words[:2] == ["every", "other"] and len(words) > 2:
        return f"write 'every 2 {words[2].rstrip('s')}s'"
    return LONG_HINT


class _NotUnderstoodError(Exception):
    """The reason why a rule cannot be read."""


class _Reader:
    """Reads one rule in words, from left to right."""

    def __init__(self, words: list[str], from_completion: bool) -> None:
        self._words = words
        self._at = 0
        self._from_completion = from_completion
        self._weekdays: list[tuple[int, int]] = []
        self._month_days: list[int] = []
        self._months: list[int] = []
        self._weeks: list[int] = []

    def rule(self) -> Rule:
        """The whole of it; a word left over is not understood."""
        if not self._accept("every"):
            raise _NotUnderstoodError("a rule begins with 'every'")
        every = self._number() or 1
        unit = self._unit()
        if self._word in ("on", "in", "the"):
            self._constraints()
        until, times = self._end()
        if self._word:
            raise _NotUnderstoodError(f"'{self._word}' is not understood")
        return Rule(
            unit,
            every,
            self._from_completion,
            tuple(self._weekdays),
            tuple(self._month_days),
            tuple(self._months),
            tuple(self._weeks),
            until,
            times,
        )

    @property
    def _word(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    def _next(self) -> str:
        word = self._word
        self._at += 1
        return word

    def _accept(self, *words: str) -> bool:
        found = self._word in words
        self._at += found
        return found

    def _number(self) -> int | None:
        if not self._word.isdecimal():
            return None
        digits = self._next()
        if len(digits) > 4 or not 0 < int(digits) <= LARGEST_NUMBER:
            raise _NotUnderstoodError(f"{digits[:10]} is no number from 1 to {LARGEST_NUMBER}")
        return int(digits)

    def _unit(self) -> str:
        word = self._word
        if word in _UNITS:
            unit = _UNITS[self._next()]
            if unit == "weekday":
                self._weekdays += [(day, 0) for day in WEEKDAYS]
                return "week"
            return unit
        if word in _WEEKDAY:
            self._weekdays += [(day, 0) for day in self._names(_WEEKDAY)]
            return "week"
        if word in _MONTH:
            self._months += self._names(_MONTH)
            return "year"
        if not word:
            raise _NotUnderstoodError("the rule ends too soon")
        raise _NotUnderstoodError(f"'{word}' is no day, week, month or year")

    def _names(self, names: dict[str, int]) -> list[int]:
        found = [names[self._next()]]
        while self._joined():
            if self._word not in names:
                raise _NotUnderstoodError(f"'{self._word}' is not understood")
            found.append(names[self._next()])
        return found

    def _joined(self) -> bool:
        found = False
        while self._accept(*_JOINING):
            found = True
        return found

    def _constraints(self) -> None:
        self._accept("on", "in")
        self._accept("the")
        while True:
            nth = self._nth()
            if self._word in _WEEKDAY:
                self._weekdays.append((_WEEKDAY[self._next()], nth or 0))
            elif nth:
                self._month_day(nth)
            elif self._accept("weekday", "weekdays"):
                self._weekdays += [(day, 0) for day in WEEKDAYS]
            elif self._word in _MONTH:
                self._months.append(_MONTH[self._next()])
            elif self._accept("week", "weeks"):
                self._week_numbers()
            else:
                raise _NotUnderstoodError(f"'{self._word or 'on'}' needs a day behind it")
            if not (self._joined() or self._accept("on", "in", "the")):
                return

    def _month_day(self, number: int) -> None:
        if abs(number) > 31:
            raise _NotUnderstoodError(f"no month has a day {abs(number)}")
        self._month_days.append(number)
        self._accept("day", "days")

    def _nth(self) -> int | None:
        word = self._word
        if word == "last":
            self._next()
            return -1
        if match := _NTH.fullmatch(word):
            number = int(match[1][:6])
        elif word in _ORDINALS:
            number = _ORDINALS[word]
        else:
            return None
        if not 0 < number <= 366:
            raise _NotUnderstoodError(f"'{word[:12]}' is out of range")
        self._next()
        return -number if self._accept("last") else number

    def _week_numbers(self) -> None:
        while True:
            number = self._number()
            if number is None or number > 53:
                raise _NotUnderstoodError("a week has a number from 1 to 53")
            self._weeks.append(number)
            if not self._joined():
                return

    def _end(self) -> tuple[date | None, int | None]:
        if self._accept("until", "til"):
            return self._date(), None
        if self._accept("for"):
            times = self._number()
            if times is None:
                raise _NotUnderstoodError("'for' needs a number behind it")
            self._accept("time", "times")
            return None, times
        return None, None

    def _date(self) -> date:
        """`January 5, 2027` or `5 January 2027`."""
        parts = [word for word in self._words[self._at :] if word != ","]
        self._at = len(self._words)
        if len(parts) == 3:
            month = next((_MONTH[part] for part in parts[:2] if part in _MONTH), 0)
            numbers = [part for part in parts if part.isdecimal() and len(part) <= 4]
            if month and len(numbers) == 2:
                try:
                    return date(int(numbers[1]), month, int(numbers[0]))
                except ValueError:
                    pass
        raise _NotUnderstoodError("'until' needs a date behind it, as in 'until January 5, 2027'")
