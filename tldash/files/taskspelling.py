"""How each field of a task line is spelled, in one table for the reader and the writer.

The reader and the writer must agree on every sign and key, so neither owns them. The spellings come
from todo.txt (`key:value`), from Obsidian Tasks (`DEFAULT_SYMBOLS` and `DATAVIEW_SYMBOLS` in its
sources) and from Dataview's inline fields.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final, Literal

from tldash.records import Dialect, Priority

Kind = Literal[
    "due",
    "scheduled",
    "start",
    "created",
    "done",
    "cancelled",
    "priority",
    "repeat",
    "id",
    "depends",
    "owner",
    "tag",
    "on_completion",
]
DateKind = Literal["due", "scheduled", "start", "created", "done", "cancelled"]

DATE_KINDS: Final[frozenset[str]] = frozenset(
    ("due", "scheduled", "start", "created", "done", "cancelled")
)

VARIATION: Final = "\ufe0f"
"""Variation selector 16, which keyboards put behind a sign so that it is drawn in colour."""

SIGN_KINDS: Final[dict[str, Kind]] = {
    "📅": "due",
    "📆": "due",
    "🗓": "due",
    "⏳": "scheduled",
    "⌛": "scheduled",
    "🛫": "start",
    "➕": "created",
    "✅": "done",
    "❌": "cancelled",
    "🔁": "repeat",
    "🆔": "id",
    "⛔": "depends",
    "🏁": "on_completion",
    "🔺": "priority",
    "⏫": "priority",
    "🔼": "priority",
    "🔽": "priority",
    "⏬": "priority",
}
SIGNS: Final = "".join(SIGN_KINDS)
SIGN_PRIORITIES: Final = {
    "🔺": Priority.HIGHEST,
    "⏫": Priority.HIGH,
    "🔼": Priority.MEDIUM,
    "🔽": Priority.LOW,
    "⏬": Priority.LOWEST,
}

PLAIN_KINDS: Final[dict[str, Kind]] = {
    "due": "due",
    "scheduled": "scheduled",
    "t": "start",
    "created": "created",
    "done": "done",
    "cancelled": "cancelled",
    "pri": "priority",
    "rec": "repeat",
    "id": "id",
    "dep": "depends",
}
PLAIN_MISTAKES: Final = {
    "start": "t",
    "completion": "done",
    "completed": "done",
    "canceled": "cancelled",
}
LETTER_PRIORITIES: Final[dict[str, Priority | None]] = {
    "A": Priority.HIGHEST,
    "B": Priority.HIGH,
    "C": Priority.MEDIUM,
    "D": None,
    "E": Priority.LOW,
    "F": Priority.LOWEST,
}

DATAVIEW_KINDS: Final[dict[str, Kind]] = {
    "due": "due",
    "scheduled": "scheduled",
    "start": "start",
    "created": "created",
    "completion": "done",
    "done": "done",
    "cancelled": "cancelled",
    "priority": "priority",
    "repeat": "repeat",
    "id": "id",
    "dependsOn": "depends",
    "owner": "owner",
    "onCompletion": "on_completion",
}
WORD_PRIORITIES: Final[dict[str, Priority | None]] = {
    **{priority.value: priority for priority in Priority},
    "normal": None,
    "none": None,
}

ORDER: Final[tuple[Kind, ...]] = (
    "id",
    "depends",
    "priority",
    "repeat",
    "on_completion",
    "created",
    "start",
    "scheduled",
    "due",
    "cancelled",
    "done",
)
"""The order in which Obsidian Tasks writes the fields behind the text and the tags."""
RANK: Final[dict[str, int]] = {kind: rank for rank, kind in enumerate(ORDER)}


def _first_spelling(table: dict[str, Kind]) -> dict[Kind, str]:
    """For each kind, the spelling that comes first in `table`: the one to write."""
    spellings: dict[Kind, str] = {}
    for spelling, kind in table.items():
        spellings.setdefault(kind, spelling)
    return spellings


SIGN_OF: Final = _first_spelling(SIGN_KINDS)
PLAIN_OF: Final = _first_spelling(PLAIN_KINDS)
DATAVIEW_OF: Final = _first_spelling(DATAVIEW_KINDS)
PRIORITY_SIGN: Final = {priority: sign for sign, priority in SIGN_PRIORITIES.items()}
PRIORITY_LETTER: Final = {priority: letter for letter, priority in LETTER_PRIORITIES.items()}


def spell(kind: Kind, value: str, dialect: Dialect) -> str:
    """One field as it is written in `dialect`, without blanks around it.

    A priority is given by its name (`high`), every other value as it is to be written. todo.txt has
    no key for `on_completion`, nor any dialect but Dataview one for `owner`; neither is asked for.
    """
    if dialect is Dialect.DATAVIEW:
        return f"[{DATAVIEW_OF[kind]}:: {value}]"
    if dialect is Dialect.PLAIN:
        letter = PRIORITY_LETTER[Priority(value)] if kind == "priority" else value
        return f"{PLAIN_OF[kind]}:{letter}"
    return PRIORITY_SIGN[Priority(value)] if kind == "priority" else f"{SIGN_OF[kind]} {value}"


def separator(dialect: Dialect) -> str:
    """What goes before a field: Obsidian Tasks puts two blanks before a Dataview field.

    One blank would make Obsidian's live preview swallow every other field.
    """
    return "  " if dialect is Dialect.DATAVIEW else " "


def _characters(names: str) -> str:
    """What tags and names consist of, as a class: Obsidian's tag rule, and without our signs.

    Obsidian forbids white space and most ASCII punctuation rather than allowing letters, so that
    combining marks and scripts that need them are part of a tag.
    """
    return rf"[^\s\x00-\x2c:-@\[-\^`{{-\x7f\u2000-\u206f\u2e00-\u2e7f\ufe0f{names}{SIGNS}]"


TAG = re.compile("#(" + _characters(".") + "+)")
NAME = re.compile("@(" + _characters("/") + "++)(?![@/])")


def is_tag(name: str) -> bool:
    """Whether `#name` is a tag."""
    return TAG.fullmatch(f"#{name}") is not None and not name.isdecimal()


def is_name(name: str) -> bool:
    """Whether `@name` names somebody, all of it."""
    return NAME.fullmatch(f"@{name}") is not None and name[-1] != "." and not name.isdecimal()


_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.]?)([0-9]{1,2})\2([0-9]{1,2})(?![0-9])")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})(?![0-9])")


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def likely_date(text: str) -> str | None:
    """The ISO date that `text`, which is none, was probably meant to be.

    Understands missing zeros, slashes and dots, a time behind the date, day and month swapped, and
    the year last. `3/4/2026` stays unknown: it is two days, depending on who wrote it.
    """
    if match := _YEAR_FIRST.match(text):
        year, _, second, third = match.groups()
        return _iso(year, second, third) or _iso(year, third, second)
    if match := _YEAR_LAST.match(text):
        first, mark, second, year = match.groups()
        day_first, month_first = _iso(year, second, first), _iso(year, first, second)
        if mark == "." or month_first is None or day_first == month_first:
            return day_first
        if day_first is None:
            return month_first
    return None


def date_fault(text: str) -> tuple[str, str | None]:
    """What is wrong with `text` as a date, as a sentence, and the date that was likely meant."""
    found = f"'{text}'" if len(text) <= 40 else f"'{text[:39]}…'"
    likely = likely_date(text)
    if likely is None and (match := _YEAR_FIRST.match(text)):
        year, month = int(match[1]), int(match[3])
        if year and 1 <= month <= 12:
            last = monthrange(year, month)[1]
            return f"{found} is no day: {year:04}-{month:02} has {last} days", None
    if likely is None:
        return f"{found} is not a date", None
    return f"{found} is not a date of the form YYYY-MM-DD", likely


def near_miss(key: str, known: dict[str, Kind]) -> str | None:
    """The known key that `key` was probably meant to be: other capitals, or one slip."""
    folded = key.casefold()
    for candidate in known:
        if candidate.casefold() == folded:
            return candidate
    for candidate in known:
        if len(candidate) > 2 and _one_slip(folded, candidate.casefold()):
            return candidate
    return None


def _one_slip(one: str, other: str) -> bool:
    """Whether they differ by one letter: too many, too few, wrong or swapped with the next."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    return (
        left[1:] == right
        or left == right[1:]
        or left[1:] == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )
