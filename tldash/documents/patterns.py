"""JSON Schema patterns for the values that `tldash.model.dates` and the models read.

A schema tells an editor, which cannot run our readers, what they accept. The patterns are exact (a
30th of February matches none), so that an editor and `tldash check` agree; they keep to what
ECMA-262's and Python's dialects have in common. Their message to people stands beside them, as
`patternErrorMessage`, which VS Code and its YAML extension show in place of the pattern.
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
    """A pattern for any of these words in capitals or not, or in both."""

    def either(letter: str) -> str:
        return f"[{letter}{letter.upper()}]" if letter.isalpha() else letter

    return f"(?:{'|'.join(''.join(map(either, word)) for word in words)})"


def text(pattern: str, message: str) -> Json:
    """The schema of a text that has this pattern, with blanks around it or not."""
    return {
        "type": "string",
        "pattern": rf"^\s*(?:{pattern})\s*$",
        "patternErrorMessage": message,
    }


SCALAR: Final[Json] = {"type": ["string", "number"]}
"""What is taken as a text: a number may be meant as one (`title: 7`), true and false may not."""
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


def one_of_words(*words: str, also: tuple[str, ...] = ()) -> Json:
    """The schema of one of these words, in capitals or not; editors offer them as written here.

    The words in `also` are accepted, and not offered.
    """
    listed = ", ".join(words[:-1])
    return {
        "anyOf": [
            {"enum": list(words)},
            text(any_case(*words, *also), f"Write {listed} or {words[-1]}."),
        ]
    }
