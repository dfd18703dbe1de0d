"""Recurrence rules: parse `every 2 weeks when done` and `rec:+1w`, and find the next day.

There are two grammars: the text that Obsidian Tasks reads after its repeat emoji (that of the rrule
library's English parser, with an optional `when done` at the end), and the values of todo.txt's
`rec:`. Other common phrases (`weekly`, `each week`, `every other Friday`) are reworded to the first
one by `to_obsidian`.

One thing is stricter than in Obsidian: an unknown word makes the whole rule invalid, where Obsidian
ignores the rest of the rule and repeats by the part before it.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

from dateutil import rrule
from dateutil.relativedelta import relativedelta

from tldash.model.frozen import frozen
from tldash.model.records import Dialect

LARGEST_NUMBER: Final = 999
"""More days, weeks, months or years than this are taken for a typing mistake."""
TODOTXT_HINT: Final = (
    "write rec:1w, with d, b (business days), w, m or y; rec:+1w counts from the due date"
)
OBSIDIAN_HINT: Final = (
    "write for example 'every week', 'every month on the 1st' or 'every 2 weeks when done'"
)
_MAX_YEARS: Final = 100
"""How far to look for the next day (29 February on a Monday takes 40 years)."""
_WORKDAYS: Final = (0, 1, 2, 3, 4)


@frozen
class InvalidRule:
    """Why a rule is invalid, and what to write instead."""

    reason: str
    hint: str


@frozen
class Rule:
    """A parsed recurrence rule.

    `weekdays` holds pairs of a weekday (Monday is 0) and its place in the month or year, where 0
    stands for every one. `month_days` counts from 1, or backwards from -1 for the last day.
    """

    unit: str
    """`day`, `business day`, `week`, `month` or `year`."""
    every: int = 1
    from_completion: bool = False
    """Whether to count from the day of completion instead of the date of the item."""
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    until: date | None = None
    times: int | None = None

    def after(self, day: date) -> date | None:
        """Return the first occurrence after `day`; None without one before the year 10000."""
        if self.times == 1:
            return None
        try:
            following = self._following(day)
        except (OverflowError, ValueError):  # past the year 9999
            return None
        if following is None or (self.until is not None and following > self.until):
            return None
        return following

    def _following(self, day: date) -> date | None:
        if self.unit == "business day":
            return _business_days_after(day, self.every)
        if not (self.weekdays or self.month_days or self.months or self.weeks):
            # Obsidian Tasks moves to an earlier day where a month is too short, as relativedelta
            # does; an RFC 5545 rule would skip that month.
            return day + _step(self.unit, self.every)
        start = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - days have no zone
        horizon = min(9999, day.year + max(_MAX_YEARS, 5 * self.every))
        days = [(rrule.weekday(d, n) if n else rrule.weekday(d)) for d, n in self.weekdays]
        found = rrule.rrule(
            _FREQUENCY[self.unit],
            dtstart=start,
            interval=self.every,
            byweekday=days or None,
            bymonthday=self.month_days or None,
            bymonth=self.months or None,
            byweekno=self.weeks or None,
            until=datetime(horizon, 12, 31),  # noqa: DTZ001
        ).after(start)
        return found.date() if found is not None else None


_FREQUENCY: Final[dict[str, Literal[0, 1, 2, 3]]] = {
    "day": rrule.DAILY,
    "week": rrule.WEEKLY,
    "month": rrule.MONTHLY,
    "year": rrule.YEARLY,
}


def _step(unit: str, every: int) -> relativedelta:
    if unit == "day":
        return relativedelta(days=every)
    if unit == "week":
        return relativedelta(weeks=every)
    return relativedelta(months=every) if unit == "month" else relativedelta(years=every)


def _business_days_after(day: date, count: int) -> date:
    weeks, rest = divmod(count, 5)
    day += timedelta(weeks=weeks)
    if rest == 0:  # whole weeks from a Saturday or Sunday end on the Friday before
        return day - timedelta(days=max(0, day.weekday() - 4))
    while rest:
        day += timedelta(days=1)
        rest -= day.weekday() in _WORKDAYS
    return day


_SHORT = re.compile(r"(\+?)([1-9][0-9]{0,8})([dbwmy])")
_SHORT_UNITS: Final = {"d": "day", "b": "business day", "w": "week", "m": "month", "y": "year"}


def is_todotxt_rule(text: str) -> bool:
    """Return whether `text` is a value of todo.txt's `rec:`."""
    return _SHORT.fullmatch(text) is not None


@lru_cache(maxsize=512)
def parse_rule(text: str) -> Rule | InvalidRule:
    """Parse a rule in either grammar."""
    if match := _SHORT.fullmatch(text):
        strict, number, unit = match.groups()
        if int(number) > LARGEST_NUMBER:
            return InvalidRule(f"{number} is too many", f"use {LARGEST_NUMBER} at most")
        return Rule(_SHORT_UNITS[unit], int(number), from_completion=not strict)
    words = _WORD.findall(to_obsidian(text).casefold())
    from_completion = words[-2:] == ["when", "done"]
    if from_completion:
        del words[-2:]
    try:
        return _RuleParser(words, from_completion).rule()
    except _InvalidRuleError as error:
        return InvalidRule(str(error), _hint(text))


def match_rule(text: str) -> str:
    """Return the longest prefix of `text` that is a valid Obsidian rule.

    Without a valid one, return all of `text` if it starts with `every` or `each`, since a rule was
    meant, or the first word if it is an adverb (`biweekly`), or else an empty string.
    """
    ends = [word.end() for word in _SPACED.finditer(text)]
    for end in reversed(ends[:_MOST_WORDS]):
        if isinstance(parse_rule(text[:end]), Rule):
            return text[:end]
    first = text[: ends[0]].casefold() if ends else ""
    if first in ("every", "each"):
        return text
    return text[: ends[0]] if first in _ADVERBS else ""


def translate_rule(text: str, dialect: Dialect) -> str | None:
    """Return the rule in the grammar of `dialect`; None if that grammar cannot express it.

    By default, todo.txt counts from the day of completion and Obsidian from the due date.
    """
    if is_todotxt_rule(text) == (dialect is Dialect.PLAIN):
        return to_obsidian(text)
    rule = parse_rule(text)
    if isinstance(rule, InvalidRule):
        return None
    simple = Rule(rule.unit, rule.every, rule.from_completion)
    if rule != simple or (dialect is not Dialect.PLAIN and rule.unit == "business day"):
        return None
    if dialect is Dialect.PLAIN:
        return f"{'' if rule.from_completion else '+'}{rule.every}{rule.unit[0]}"
    count = rule.unit if rule.every == 1 else f"{rule.every} {rule.unit}s"
    return f"every {count}{' when done' if rule.from_completion else ''}"


def to_obsidian(text: str) -> str:
    """Return a rule in words that Obsidian Tasks reads too: `weekly` becomes `every week`.

    Any other text is returned as it is, and so is `biweekly`, which has two meanings.
    """
    match = _PHRASE.match(text)
    if match is None:
        return text
    rest = text[match.end() :]
    if adverb := match["adverb"]:
        return _ADVERBS[adverb.casefold()] + rest
    if weekday := match["weekday"]:
        return f"every 2 weeks on {weekday}{rest}"
    unit = (match["unit"] or match["period"] or "").casefold()
    if not unit:
        return f"every{rest}"
    word = (match["number"] or match["times"] or "1").casefold()
    times, unit = _OTHER_UNITS.get(unit, (1, unit))
    number = times * (_NUMBERS.get(word) or int(word))
    return f"every {unit}{rest}" if number == 1 else f"every {number} {unit}s{rest}"


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
    "biweekly": "",
    "monthly": "every month",
    "quarterly": "every 3 months",
    "yearly": "every year",
    "annually": "every year",
}
_NUMBERS: Final = {
    "other": 2,
    "second": 2,
    "third": 3,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_OTHER_UNITS: Final = {"fortnight": (2, "week"), "quarter": (3, "month")}
_PHRASE: Final = re.compile(
    rf"""
    (?P<adverb> {"|".join(name for name, rule in _ADVERBS.items() if rule)} ) (?![\w-])
  | (?: every | each ) \s+ (?:
        (?P<number> {"|".join(_NUMBERS)} ) \s+
        (?P<unit> day | week | month | year | fortnight | quarter ) s? (?![\w-])
      | other \s+ (?P<weekday> {"|".join(sorted(_WEEKDAY, key=len, reverse=True))} )
        (?![\w-])
      | (?: (?P<times> [1-9][0-9]{{0,2}} ) \s+ )? (?P<period> fortnight | quarter ) s? (?![\w-])
    )
  | each (?= \s )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A phrase for a rule, apart from those that Obsidian Tasks reads."""


def _hint(text: str) -> str:
    words = text.casefold().split()
    if words[:1] == ["biweekly"]:
        return "write 'every 2 weeks', or 'every week on Monday and Thursday'"
    return OBSIDIAN_HINT


class _InvalidRuleError(Exception):
    """The message says why a rule is invalid."""


class _RuleParser:
    """Parse one Obsidian rule from left to right."""

    def __init__(self, words: list[str], from_completion: bool) -> None:
        self._words = words
        self._at = 0
        self._from_completion = from_completion
        self._weekdays: list[tuple[int, int]] = []
        self._month_days: list[int] = []
        self._months: list[int] = []
        self._weeks: list[int] = []

    def rule(self) -> Rule:
        """Return the rule. Raise _InvalidRuleError if any word is unknown."""
        if not self._accept("every"):
            raise _InvalidRuleError("a rule begins with 'every'")
        every = self._number() or 1
        unit = self._unit()
        if self._word in ("on", "in", "the"):
            self._constraints()
        until, times = self._end()
        if self._word:
            raise _InvalidRuleError(f"'{self._word}' is not understood")
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
            raise _InvalidRuleError(f"{digits[:10]} is no number from 1 to {LARGEST_NUMBER}")
        return int(digits)

    def _unit(self) -> str:
        word = self._word
        if word in _UNITS:
            unit = _UNITS[self._next()]
            if unit == "weekday":
                self._weekdays += [(day, 0) for day in _WORKDAYS]
                return "week"
            return unit
        if word in _WEEKDAY:
            self._weekdays += [(day, 0) for day in self._names(_WEEKDAY)]
            return "week"
        if word in _MONTH:
            self._months += self._names(_MONTH)
            return "year"
        if not word:
            raise _InvalidRuleError("the rule ends too soon")
        raise _InvalidRuleError(f"'{word}' is no day, week, month or year")

    def _names(self, names: dict[str, int]) -> list[int]:
        found = [names[self._next()]]
        while self._joined():
            if self._word not in names:
                raise _InvalidRuleError(f"'{self._word}' is not understood")
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
                self._weekdays += [(day, 0) for day in _WORKDAYS]
            elif self._word in _MONTH:
                self._months.append(_MONTH[self._next()])
            elif self._accept("week", "weeks"):
                self._week_numbers()
            else:
                raise _InvalidRuleError(f"'{self._word or 'on'}' needs a day after it")
            if not (self._joined() or self._accept("on", "in", "the")):
                return

    def _month_day(self, number: int) -> None:
        if abs(number) > 31:
            raise _InvalidRuleError(f"no month has a day {abs(number)}")
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
            raise _InvalidRuleError(f"'{word[:12]}' is out of range")
        self._next()
        return -number if self._accept("last") else number

    def _week_numbers(self) -> None:
        while True:
            number = self._number()
            if number is None or number > 53:
                raise _InvalidRuleError("a week has a number from 1 to 53")
            self._weeks.append(number)
            if not self._joined():
                return

    def _end(self) -> tuple[date | None, int | None]:
        if self._accept("until", "til"):
            return self._date(), None
        if self._accept("for"):
            times = self._number()
            if times is None:
                raise _InvalidRuleError("'for' needs a number after it")
            self._accept("time", "times")
            return None, times
        return None, None

    def _date(self) -> date:
        """Parse `January 5, 2027` or `5 January 2027`."""
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
        raise _InvalidRuleError("'until' needs a date after it, as in 'until January 5, 2027'")
