"""Dataview's `[key:: value]` in a task line, and what was nearly one.

People write notes of their own that way (`[mood:: fine]`), so that a key that is not ours is
looked at closely before it is called a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tldash.formats.tasks import vocabulary as spelling
from tldash.formats.tasks.dates import likely_date, looks_like_date, sure_date
from tldash.formats.tasks.values import (
    DATE,
    DATE_HINT,
    EXAMPLE,
    Mend,
    Scan,
    add_bad_date,
    add_date,
    add_value,
    is_good,
    mend,
    warn,
)
from tldash.formats.tasks.vocabulary import Kind
from tldash.model.records import Dialect

SQUARE = re.compile(r"\[([^\[\]():`\\]{1,40})(::?)([^\[\]]*)\]")
ROUND = re.compile(r"\(([^\[\]():`\\]{1,40})(::?)([^()]*)\)")
_UNCLOSED = re.compile(
    r"[\[(][ \t]*([A-Za-z]{1,12})[ \t]*::[ \t]*([0-9]{4}-[0-9]{2}-[0-9]{2})(?!\S)"
)
_CLOSING: Final = {"[": "]", "(": ")"}
_FAR: Final = 100
"""Characters behind a field that is not closed, in which its bracket is looked for."""
_ANY_WORDS: Final = frozenset(("owner", "id", "on_completion"))
"""Fields that take any word, so that their value does not bear out a key that is nearly one."""


def read(found: Scan, match: re.Match[str]) -> bool:
    """Reads what `SQUARE` or `ROUND` found, with two colons; whether it was a field of ours, well
    formed or not."""
    key, value = match[1].strip(), match[3].strip()
    kind = spelling.DATAVIEW_KINDS.get(key)
    if kind is None:
        _mistaken_key(found, match, key, value)
        return False
    start, end = match.span()
    value_start = match.start(3) + len(match[3]) - len(match[3].lstrip())
    span = (start, end, value_start, value_start + len(value))
    if kind not in spelling.DATE_KINDS:
        add_value(found, kind, Dialect.DATAVIEW, span, value)
    elif day := DATE.fullmatch(value):
        add_date(found, kind, Dialect.DATAVIEW, span, day)
    else:
        add_bad_date(found, kind, Dialect.DATAVIEW, span, match.string)
    return True


def _mistaken_key(found: Scan, match: re.Match[str], key: str, value: str) -> None:
    def fits(meant: str, kind: Kind) -> bool:
        same = meant.casefold() == key.casefold()
        return same or kind not in spelling.DATE_KINDS or looks_like_date(value)

    meant, certain = _meant(key, fits)
    if meant is None:
        return
    kind = spelling.DATAVIEW_KINDS[meant]
    if kind in _ANY_WORDS and meant.casefold() != key.casefold():
        certain = False
    message = f"'{key}' is not a field that tldash or Obsidian Tasks knows"
    hint = f"write {_written(match, meant, value)}"
    warn(found, match.start(), message, hint, _mend(match, meant, value) if certain else None)


def single_colon(found: Scan, match: re.Match[str]) -> bool:
    """Whether `[due: 2026-11-20]` was meant as a field; other notes pass."""
    key, value = match[1].strip(), match[3].strip()
    if match[1][0].isspace() and key in spelling.PLAIN_DATES and DATE.match(match[3]):
        return False  # a plain field with brackets around it
    meant, certain = _meant(key, lambda _, kind: _bears_out(kind, value))
    if meant is None:
        return False
    message = "a Dataview field has two colons behind its key"
    hint = f"write two colons: {_written(match, meant, value)}"
    warn(found, match.start(), message, hint, _mend(match, meant, value) if certain else None)
    return True


def _written(match: re.Match[str], meant: str, value: str) -> str:
    """The field as a hint shows it."""
    if spelling.DATAVIEW_KINDS[meant] in spelling.DATE_KINDS and looks_like_date(value):
        value = likely_date(value) or EXAMPLE
    return f"{match[0][0]}{meant}:: {value}{match[0][-1]}"


def _meant(key: str, fits: Callable[[str, Kind], bool]) -> tuple[str | None, bool]:
    """The key that `key` was probably meant to be, and whether no other comes near it."""
    near = spelling.near_misses(key, spelling.DATAVIEW_KINDS)
    meant = (name for name in near if fits(name, spelling.DATAVIEW_KINDS[name]))
    return next(meant, None), len(near) == 1


def _bears_out(kind: Kind, value: str) -> bool:
    """Whether a value can only be meant for such a field."""
    if kind in spelling.DATE_KINDS:
        return looks_like_date(value)
    if kind == "priority":
        return value.casefold() in spelling.WORD_PRIORITIES
    return kind == "repeat" and value.startswith("every ")


def _mend(match: re.Match[str], meant: str, value: str) -> Mend | None:
    kind = spelling.DATAVIEW_KINDS[meant]
    if kind in spelling.DATE_KINDS:
        value = sure_date(value) or ""
    elif kind == "priority":
        value = value.casefold()
    if not is_good(kind, value, Dialect.DATAVIEW):
        return None
    opening, closing = match[0][0], match[0][-1]
    return mend(kind, match.start(), match[0], f"{opening}{meant}:: {value}{closing}")


def unclosed(found: Scan, body: str, at: int) -> None:
    """Says so where the bracket at `at` opens a date's field that is not closed as it should be."""
    match = _UNCLOSED.match(body, at, found.end)
    kind = spelling.DATAVIEW_KINDS.get(match[1]) if match else None
    if match is None or kind not in spelling.DATE_KINDS:
        return
    closing = _CLOSING[body[at]]
    whole = match[0] + closing
    good = is_good(kind, match[2], Dialect.DATAVIEW)
    hint = f"write {whole}" if good else DATE_HINT.format(f"{match[1]}:: {EXAMPLE}")
    certain = good and closing not in body[match.end() : match.end() + _FAR]
    mended = mend(kind, at, match[0], whole if certain else None)
    warn(found, at, "this field is not closed before the next bracket or the end", hint, mended)
