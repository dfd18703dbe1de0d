"""Single values as people write them in YAML, for the models that check documents.

Each function takes whatever a YAML reader made of a value, and raises pydantic's error with the
kind of the fault, a hint and, where only one thing can have been meant, `write`: what to put there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from zoneinfo import ZoneInfo, available_timezones

from pydantic_core import PydanticCustomError

from tldash.model.dates import guess_date, parse_duration, parse_moment, parse_time
from tldash.model.records import Moment
from tldash.model.spelling import correct_spelling, normalize_date, normalize_time


def shorten(value: object) -> str:
    """A value in a message."""
    words = "a huge number" if _is_huge(value) else str(value)
    return words if len(words) <= 40 else words[:39] + "…"


def _is_huge(value: object) -> bool:
    """Whether it has more digits than Python makes text of."""
    return isinstance(value, int) and value.bit_length() > 1000


def moment(value: object) -> Moment:
    """A day, with a time or without."""
    found = parse_moment(value) if isinstance(value, str) else None
    if found is None:
        guess = guess_date(shorten(value))
        raise PydanticCustomError(
            "date",
            "'{found}' is not a date",
            {
                "found": shorten(value),
                "hint": f"write {guess.isoformat()}"
                if guess
                else "write it as YYYY-MM-DD, with HH:MM after it if there is a time",
                "write": normalize_date(shorten(value)),
            },
        )
    return found


def day(value: object) -> date:
    """A day; a time behind it is passed over."""
    return moment(value).day


def clock(value: object) -> time:
    """A time of day."""
    found = parse_time(value) if isinstance(value, str) else None
    if found is None:
        certain = normalize_time(shorten(value))
        raise PydanticCustomError(
            "time",
            "'{found}' is not a time of day",
            {
                "found": shorten(value),
                "hint": f"write {certain}" if certain else "write it as HH:MM",
                "write": certain,
            },
        )
    return found


def minutes(value: object) -> int:
    """How long something takes."""
    found = parse_duration(shorten(value)) if isinstance(value, (int, str)) else None
    if found is None:
        raise PydanticCustomError(
            "duration",
            "'{found}' is not a duration",
            {"found": shorten(value), "hint": "write 45m or 1h 15m"},
        )
    return found


def text(value: object) -> str:
    """A text; a number may be meant as one."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or _is_huge(value):
        raise PydanticCustomError(
            "text", "a text was expected here, not {found}", {"found": kind_of(value), "hint": ""}
        )
    return str(value)


def whole(value: object) -> int:
    """A whole number, written as one."""
    if isinstance(value, bool) or not isinstance(value, int) or _is_huge(value):
        raise PydanticCustomError(
            "number",
            "a whole number was expected here, not {found}",
            {"found": _with_words(value), "hint": "write it without quotes, such as 7"},
        )
    return value


def _with_words(value: object) -> str:
    """The kind of a value, and the value itself where it says more."""
    said = isinstance(value, (str, float)) and not isinstance(value, bool)
    return f"{kind_of(value)} ('{shorten(value)}')" if said else kind_of(value)


def zone(value: object) -> str:
    """The name of a time zone."""
    name = text(value)
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:  # ZoneInfoNotFoundError is a KeyError
        meant = correct_spelling(name, available_timezones()) if len(name) < 40 else None
        raise PydanticCustomError(
            "timezone",
            "'{found}' is no time zone that this machine knows",
            {
                "found": shorten(name),
                "hint": f"did you mean {meant}?"
                if meant
                else "write an IANA name, such as Europe/Oslo",
                "write": meant,
            },
        ) from error
    return name


def word(value: object) -> object:
    """A word in small letters, for one that is chosen from a few."""
    return value.strip().lower() if isinstance(value, str) else value


def kind_of(value: object) -> str:
    """The YAML kind of a value, in words."""
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "true or false"),
        (int, "a number"),
        (float, "a number"),
        (str, "a text"),
        (Mapping, "a mapping"),
        (list, "a list"),
        (set, "a set"),
    )
    return next((words for kind, words in kinds if isinstance(value, kind)), "nothing")
