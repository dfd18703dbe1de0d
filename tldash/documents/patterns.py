"""JSON Schema patterns for the values that `tldash.model.dates` and the models parse.

The patterns are exact (30 February matches none), so that an editor and `tldash check` agree. They
use only what the regular expressions of ECMA-262 and Python have in common. VS Code and its YAML
extension show `patternErrorMessage` instead of the pattern.
"""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

_SHORT_MONTHS: Final = (
    "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8])"
)
_LEAP_YEAR: Final = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DAY: Final = f"(?!0000)(?:[0-9]{{4}}-(?:{_SHORT_MONTHS})|{_LEAP_YEAR}-02-29)"
_HOUR: Final = "(?:[01]?[0-9]|2[0-3])"
_OFFSET: Final = r"\s*(?:Z|[+-](?:(?:[01][0-9]|2[0-2]):?[0-9]{2}|23:?[0-5][0-9]))"
_CLOCK: Final = rf"{_HOUR}:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"
_MOMENT: Final = rf"{_DAY}(?:[T ]+{_CLOCK}(?:{_OFFSET})?)?"


def any_case(*words: str) -> str:
    """Return a pattern for any of these words in any mix of upper and lower case."""

    def either(character: str) -> str:
        return f"[{character}{character.upper()}]" if character.isalpha() else character

    return f"(?:{'|'.join(''.join(map(either, word)) for word in words)})"


def text(pattern: str, message: str) -> Json:
    """Return the schema of a text with this pattern and optional spaces around it."""
    return {
        "type": "string",
        "pattern": rf"^\s*(?:{pattern})\s*$",
        "patternErrorMessage": message,
    }


SCALAR: Final[Json] = {"type": ["string", "number"]}
"""A text or a number (`title: 7`)."""
DAY: Final = text(_MOMENT, "Write it as YYYY-MM-DD, such as 2026-11-03.")
MOMENT: Final = text(
    _MOMENT, "Write it as YYYY-MM-DD or YYYY-MM-DD HH:MM, such as 2026-11-03 16:00."
)
DAY_OR_NOTHING: Final[Json] = {
    "type": ["string", "null"],
    "pattern": rf"^\s*(?:{_MOMENT}\s*)?$",
    "patternErrorMessage": "Write it as YYYY-MM-DD, such as 2026-11-03.",
}
DAY_OR_YES: Final[Json] = {
    "type": ["string", "boolean", "null"],
    "pattern": rf"^(?:\s*(?:{_MOMENT}\s*)?|{any_case('true', 'false')})$",
    "patternErrorMessage": "Write the day as YYYY-MM-DD, or true or false.",
}
CLOCK: Final = text(rf"{_HOUR}:[0-5][0-9](?::[0-9]{{2}})?", "Write it as HH:MM, such as 16:00.")
DURATION: Final[Json] = {
    "type": ["string", "integer"],
    "minimum": 0,
    "maximum": 9999,
    "pattern": (
        r"^(?=\s*\S)\s*(?:[0-9]{1,4}|"
        rf"(?:[0-9]{{1,3}}\s*{any_case('hours', 'hour', 'h')})?\s*"
        rf"(?:[0-9]{{1,4}}\s*{any_case('minutes', 'minute', 'mins', 'min', 'm')})?)\s*$"
    ),
    "patternErrorMessage": "Write it as 45m, 1h or 1h 15m, or as a number of minutes.",
}
ZONE: Final = text(
    "[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*", "Write an IANA name, such as Europe/Oslo."
)
MINUTES_RANGE: Final[Json] = {
    "type": ["array", "null"],
    "items": {"type": "integer"},
    "minItems": 2,
    "maxItems": 2,
}


def one_of(*words: str, also: tuple[str, ...] = ()) -> Json:
    """Return the schema of one of these words in upper or lower case, which editors suggest.

    The words in `also` are accepted but not suggested.
    """
    listed = ", ".join(words[:-1])
    return {
        "anyOf": [
            {"enum": list(words)},
            text(any_case(*words, *also), f"Write {listed} or {words[-1]}."),
        ]
    }
