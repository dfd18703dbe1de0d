"""Scan Dataview's `[key:: value]` fields, and report text that is nearly one.

Other keys are allowed (`[mood:: fine]`), so report one only if it is similar to a known key.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tldash.formats.tasks import vocabulary
from tldash.formats.tasks.dates import likely_date, looks_like_date, unambiguous_date
from tldash.formats.tasks.values import (
    DATE,
    DATE_HINT,
    DATE_IN_BRACKETS,
    EXAMPLE,
    FieldFix,
    Scan,
    add_bad_date,
    add_date,
    add_value,
    add_warning,
    is_valid,
    make_fix,
)
from tldash.formats.tasks.vocabulary import Kind
from tldash.model.patterns import compile_pattern
from tldash.model.records import Dialect

SQUARE = compile_pattern(r"\[([^\[\]():`\\]{1,40})(::?)([^\[\]]*)\]")
ROUND = compile_pattern(r"\(([^\[\]():`\\]{1,40})(::?)([^()]*)\)")
_LINKED = compile_pattern(
    r"\[([^\[\]():`\\]{1,40})(::)([ \t]*\[\[[^\[\]]{1,200}\]\][^\[\]]{0,40})\]"
)
"""A field with a wiki link, such as `[due:: [[2026-11-20]]]`."""
_UNCLOSED = compile_pattern(
    r"[\[(][ \t]*([A-Za-z]{1,12})[ \t]*::[ \t]*([0-9]{4}-[0-9]{2}-[0-9]{2})(?!\S)"
)
_CLOSING: Final = {"[": "]", "(": ")"}
_MAX_DISTANCE: Final = 100
"""Characters after an unclosed field in which to look for its bracket."""
_ANY_WORDS: Final = frozenset(("owner", "id", "on_completion"))
"""Fields that accept any word, so their value is no evidence for a misspelled key."""


def match_square(body: str, at: int, end: int) -> re.Match[str] | None:
    """Match a field in square brackets; one with a link only if it is a date."""
    if match := SQUARE.match(body, at, end):
        return match
    linked = _LINKED.match(body, at, end)
    kind = vocabulary.DATAVIEW_KINDS.get(linked[1].strip()) if linked else None
    return linked if kind in vocabulary.DATE_KINDS else None


def scan_field(found: Scan, match: re.Match[str]) -> bool:
    """Scan a match of `SQUARE` or `ROUND` with two colons. Return whether its key is known."""
    key, value = match[1].strip(), match[3].strip()
    kind = vocabulary.DATAVIEW_KINDS.get(key)
    if kind is None:
        _mistaken_key(found, match, key, value)
        return False
    start, end = match.span()
    value_start = match.start(3) + len(match[3]) - len(match[3].lstrip())
    span = (start, end, value_start, value_start + len(value))
    if kind not in vocabulary.DATE_KINDS:
        add_value(found, kind, Dialect.DATAVIEW, span, value)
    elif day := DATE_IN_BRACKETS.fullmatch(match.string, *span[2:]):
        add_date(found, kind, Dialect.DATAVIEW, (start, end), day)
    else:
        add_bad_date(found, kind, Dialect.DATAVIEW, span, match.string)
    return True


def _mistaken_key(found: Scan, match: re.Match[str], key: str, value: str) -> None:
    def fits(meant: str, kind: Kind) -> bool:
        same = meant.casefold() == key.casefold()
        return same or kind not in vocabulary.DATE_KINDS or looks_like_date(value)

    meant, certain = _meant(key, fits)
    if meant is None:
        return
    kind = vocabulary.DATAVIEW_KINDS[meant]
    if kind in _ANY_WORDS and meant.casefold() != key.casefold():
        certain = False
    message = f"'{key}' is not a field that tldash or Obsidian Tasks knows"
    hint = f"write {_written(match, meant, value)}"
    add_warning(found, match.start(), message, hint, _fix(match, meant, value, certain))


def check_single_colon(found: Scan, match: re.Match[str]) -> bool:
    """Report `[due: 2026-11-20]`. Return whether it was meant as a field."""
    key, value = match[1].strip(), match[3].strip()
    if match[1][0].isspace() and key in vocabulary.PLAIN_DATES and DATE.match(match[3]):
        return False  # a plain field with brackets around it
    meant, certain = _meant(key, lambda _, kind: _confirms(kind, value))
    if meant is None:
        return False
    message = "a Dataview field has two colons after its key"
    hint = f"write two colons: {_written(match, meant, value)}"
    add_warning(found, match.start(), message, hint, _fix(match, meant, value, certain))
    return True


def _written(match: re.Match[str], meant: str, value: str) -> str:
    """Return the field for a hint."""
    if vocabulary.DATAVIEW_KINDS[meant] in vocabulary.DATE_KINDS and looks_like_date(value):
        value = likely_date(value) or EXAMPLE
    return f"{match[0][0]}{meant}:: {value}{match[0][-1]}"


def _meant(key: str, fits: Callable[[str, Kind], bool]) -> tuple[str | None, bool]:
    """Return the known key that `key` probably means, and whether it is the only similar one."""
    near = vocabulary.similar_keys(key, vocabulary.DATAVIEW_KINDS)
    meant = (name for name in near if fits(name, vocabulary.DATAVIEW_KINDS[name]))
    return next(meant, None), len(near) == 1


def _confirms(kind: Kind, value: str) -> bool:
    """Return whether a value can only belong to this kind of field."""
    if kind in vocabulary.DATE_KINDS:
        return looks_like_date(value)
    if kind == "priority":
        return value.casefold() in vocabulary.WORD_PRIORITIES
    return kind == "repeat" and value.startswith("every ")


def _fix(match: re.Match[str], meant: str, value: str, certain: bool) -> FieldFix:
    kind = vocabulary.DATAVIEW_KINDS[meant]
    likely = None
    if kind in vocabulary.DATE_KINDS:
        likely, value = likely_date(value), unambiguous_date(value) or ""
    elif kind == "priority":
        likely = value = value.casefold()
    if not certain or not is_valid(kind, value, Dialect.DATAVIEW):
        return FieldFix(kind, None, likely)
    opening, closing = match[0][0], match[0][-1]
    return make_fix(kind, match.start(), match[0], f"{opening}{meant}:: {value}{closing}", likely)


def check_unclosed(found: Scan, body: str, at: int) -> None:
    """Report a date field that starts with the bracket at `at` and is not closed."""
    match = _UNCLOSED.match(body, at, found.end)
    kind = vocabulary.DATAVIEW_KINDS.get(match[1]) if match else None
    if match is None or kind not in vocabulary.DATE_KINDS:
        return
    closing = _CLOSING[body[at]]
    whole = match[0] + closing
    good = is_valid(kind, match[2], Dialect.DATAVIEW)
    hint = f"write {whole}" if good else DATE_HINT.format(f"{match[1]}:: {EXAMPLE}")
    certain = good and closing not in body[match.end() : match.end() + _MAX_DISTANCE]
    likely = match[2] if good else None
    fix = make_fix(kind, at, match[0], whole if certain else None, likely)
    add_warning(found, at, "this field is not closed before the next bracket or the end", hint, fix)
