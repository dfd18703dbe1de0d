"""Validators of single values in hand-written YAML, for the pydantic models.

Each takes a loaded value and returns the value of the field. It raises a PydanticCustomError with
a hint and, if the mistake is unambiguous, with `write`: the text to put there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from math import isfinite
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from pydantic_core import PydanticCustomError

from tldash.documents.foreign import FOREIGN_STATUSES
from tldash.model.dates import guess_date, parse_duration, parse_moment, parse_time
from tldash.model.records import Moment
from tldash.model.spelling import correct_spelling, normalize_date, normalize_time


def shorten(value: object) -> str:
    """Return a value as YAML writes it, at most 40 characters; of a list or mapping, its kind."""
    if _is_huge(value):
        return "a huge number"
    if isinstance(value, (Mapping, list, set)):
        return describe_kind(value)
    shown = str(value)
    if value is None or isinstance(value, bool):
        shown = "null" if value is None else shown.lower()
    elif isinstance(value, float) and not isfinite(value):
        shown = shown.replace("inf", ".inf").replace("nan", ".nan")
    return shown if len(shown) <= 40 else shown[:39] + "…"


def quote(value: object) -> str:
    """Return a value as a message quotes it; of a list or mapping, only its kind."""
    return shorten(value) if isinstance(value, (Mapping, list, set)) else f"'{shorten(value)}'"


def _is_huge(value: object) -> bool:
    """Whether a number may have more digits than `str` converts (4300)."""
    return isinstance(value, int) and value.bit_length() > 1000


def check_moment(value: object) -> Moment | None:
    """Return a date with an optional time of day; None for a link to a note without a date."""
    linked = _find_link(value)
    if linked is not None:
        day = _LINKED_DAY.match(linked)
        return parse_moment(linked) or (parse_moment(day[0]) if day else None)
    found = parse_moment(value) if isinstance(value, str) else None
    if found is None:
        guess = guess_date(shorten(value))
        raise PydanticCustomError(
            "date",
            "{found} is not a date",
            {
                "found": quote(value),
                "hint": f"write {guess.isoformat()}"
                if guess
                else "write it as YYYY-MM-DD, with HH:MM after it if there is a time",
                "write": normalize_date(shorten(value)),
            },
        )
    return found


_LINKED_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(?!\d)", re.ASCII)


def _find_link(value: object) -> str | None:
    """Return the target of a wiki link, `"[[2026-12-01]]"`, which is a list in a list unquoted."""
    match value:
        case [[str(target)]]:
            return target
        case str() if value.startswith("[[") and value.endswith("]]"):
            return value[2:-2].partition("|")[0]
    return None


def check_day(value: object) -> date | None:
    """Return a date; a time after it is ignored."""
    found = check_moment(value)
    return found.day if found else None


def check_clock(value: object) -> time:
    """Return a time of day."""
    found = parse_time(value) if isinstance(value, str) else None
    if found is None:
        certain = normalize_time(shorten(value))
        raise PydanticCustomError(
            "time",
            "{found} is not a time of day",
            {
                "found": quote(value),
                "hint": f"write {certain}" if certain else "write it as HH:MM",
                "write": certain,
            },
        )
    return found


def check_minutes(value: object) -> int:
    """Return a duration in minutes."""
    found = parse_duration(shorten(value)) if isinstance(value, (int, str)) else None
    if found is None:
        raise PydanticCustomError(
            "duration",
            "{found} is not a duration",
            {"found": quote(value), "hint": "write 45m or 1h 15m"},
        )
    return found


def check_text(value: object) -> str:
    """Return a text; a number counts as one (`title: 7`), a boolean does not."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or _is_huge(value):
        raise PydanticCustomError(
            "text",
            "a text was expected here, not {found}",
            {"found": describe_kind(value), "hint": ""},
        )
    return str(value)


def check_whole(value: object) -> int:
    """Return an integer."""
    if isinstance(value, bool) or not isinstance(value, int) or _is_huge(value):
        raise PydanticCustomError(
            "number",
            "a whole number was expected here, not {found}",
            {"found": _describe(value), "hint": "write it without quotes, such as 7"},
        )
    return value


def _describe(value: object) -> str:
    """Return the kind of a value, and the value of a text or fraction."""
    is_shown = isinstance(value, (str, float)) and not isinstance(value, bool)
    return f"{describe_kind(value)} ('{shorten(value)}')" if is_shown else describe_kind(value)


def check_zone(value: object) -> str:
    """Return the name of a time zone that this machine knows."""
    name = check_text(value)
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:  # ZoneInfoNotFoundError is a KeyError
        meant = correct_spelling(name, available_timezones()) if len(name) < 40 else None
        raise PydanticCustomError(
            "timezone",
            "'{found}' is not a time zone that this machine knows",
            {
                "found": shorten(name),
                "hint": f"did you mean {meant}?"
                if meant
                else "write an IANA name, such as Europe/Oslo",
                "write": meant,
            },
        ) from error
    return name


def check_status(value: object) -> object:
    """Return a text stripped and in lower case, for an enum; other values as they are.

    None for a status of another tool's notes.
    """
    if not isinstance(value, str):
        return value
    word = value.strip().lower()
    return None if is_foreign_status(word) else word


def is_foreign_status(word: str) -> bool:
    """Return whether a word is a status of another tool's notes, such as `🟢 active`."""
    return word.strip().lower().strip(_SYMBOLS) in FOREIGN_STATUSES


_SYMBOLS: Final = "🔴🟠🟡🟢🔵🟣⚪⚫✅❌⏳🚧📝\ufe0f#[]/ "


def describe_kind(value: object) -> str:
    """Return the YAML kind of a value for a message, such as `a list`."""
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "true or false"),
        (int, "a number"),
        (float, "a number"),
        (str, "a text"),
        (Mapping, "a mapping"),
        (list, "a list"),
        (set, "a set"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "nothing")
