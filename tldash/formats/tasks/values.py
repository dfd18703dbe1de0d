"""The values of a task line's fields: reads one, and says what is wrong with it.

The scanner finds where a field stands; what is written there is judged here, the same for every
dialect.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from tldash.formats.tasks import dates
from tldash.formats.tasks import vocabulary as spelling
from tldash.formats.tasks.vocabulary import Kind
from tldash.model.frozen import frozen
from tldash.model.records import Dialect, Fix, Problem, Severity

EXAMPLE: Final = "2026-11-20"
DATE_HINT: Final = "write the date as YYYY-MM-DD, as in {}"
IDS = re.compile(r"[A-Za-z0-9_-]++(?![:\w])(?:\s*,\s*[A-Za-z0-9_-]++(?![:\w]))*")
ID = re.compile(r"[A-Za-z0-9_-]++(?![:\w])")
DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?![\w-]|[.:/][0-9])")
VALUE = re.compile(rf"[^\s\[\](){{}}<>`\"'{spelling.SIGNS}]+")
GAP = re.compile("\ufe0f?\\s*")


@frozen
class FieldProblem:
    """Something in a line that could not be read as it was meant; `offset` is from 0."""

    offset: int
    severity: Severity
    code: str
    message: str
    hint: str
    fix: Fix | None = None
    """In columns of the line, from 1."""
    mends: Kind | None = None
    """The field that has a value once the fix is made."""

    def in_file(self, path: str, line: int, start: int) -> Problem:
        """The same as a problem of a file, where the words of the task begin behind `start`
        characters of the line."""
        fix = replace(self.fix, column=start + self.fix.column) if self.fix else None
        column = start + self.offset + 1
        return Problem(path, line, column, self.severity, self.code, self.message, self.hint, fix)


class Fault(NamedTuple):
    """What is wrong with a value."""

    severity: Severity
    code: str
    message: str
    hint: str
    meant: str | None = None
    """The value that it is meant to be, where that is certain."""


class Mend(NamedTuple):
    """What gives a field its value, where only one is possible."""

    kind: Kind
    fix: Fix


def mend(kind: Kind, at: int, old: str, new: str | None) -> Mend | None:
    """Puts `new` in the place of `old`, which stands at the offset `at`."""
    return Mend(kind, Fix(at + 1, old, new)) if new else None


class Token(NamedTuple):
    """One piece of metadata, `body[start:end]`, whose value is `body[value_start:value_end]`.

    A tag and an owner written as `@name` speak no dialect. A `bad` one is a field whose value
    cannot be read: it counts as text until it is given a good value.
    """

    kind: Kind
    dialect: Dialect | None
    start: int
    end: int
    value_start: int
    value_end: int
    value: Any
    bad: bool = False


Span = tuple[int, int, int, int]
"""The four places of a `Token`."""


class Scan(NamedTuple):
    """What was found in a line.

    The line's own content ends at `end`; behind it stand only blanks, a block id and a hard break.
    """

    tokens: list[Token]
    problems: list[FieldProblem]
    end: int
    block_id: str | None
    ticks: dict[int, list[int]]
    """Where runs of backticks start, by their length; looked up once, so that a line of backticks
    that never close is no more work than another."""


def note(found: Scan, at: int, fault: Fault, mended: Mend | None = None) -> None:
    """Adds a problem of what stands at `at`."""
    severity, code, message, hint, _ = fault
    kind, fix = mended or (None, None)
    found.problems.append(FieldProblem(at, severity, code, message, hint, fix, kind))


def warn(found: Scan, at: int, message: str, hint: str, mended: Mend | None = None) -> None:
    """Notes what may have been meant as a field, and is none."""
    note(found, at, Fault(Severity.WARNING, "field-spelling", message, hint), mended)


def opens(body: str, at: int) -> bool:
    """Whether a name, a tag or a key may begin at `at`."""
    return at == 0 or body[at - 1].isspace()


def dated(body: str, at: int, end: int) -> str | None:
    """What stands at `at` in place of a date: a date in words, or one word without the punctuation
    behind it."""
    if match := dates.WORDED.match(body, at, end):
        return match[0]
    match = VALUE.match(body, at, end)
    return (match[0].rstrip(".,;:!?") or match[0]) if match else None


def add_date(found: Scan, kind: Kind, dialect: Dialect, span: Span, match: re.Match[str]) -> int:
    """Adds the token of a date that `DATE` found; where to go on from."""
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        return add_bad_date(found, kind, dialect, span, match.string)
    found.tokens.append(Token(kind, dialect, *span, day))
    return span[1]


def add_bad_date(found: Scan, kind: Kind, dialect: Dialect, span: Span, body: str) -> int:
    """Adds the token of a date that is none, and says so; where to go on from."""
    start, end, value_start, value_end = span
    text = body[value_start:value_end]
    key = body[start:value_start]
    if dialect is Dialect.EMOJI:
        key = f"{key[0]} "
    elif dialect is Dialect.DATAVIEW:
        key = f"{key[1:].partition(':')[0].strip()}:: "
    message, likely = dates.date_fault(text)
    hint = f"write {key}{likely}" if likely else DATE_HINT.format(f"{key}{EXAMPLE}")
    sure = dates.sure_date(text) if likely else None
    fault = Fault(Severity.ERROR, "bad-date", message, hint, sure)
    note(found, start, fault, mend(kind, value_start, text, fault.meant))
    found.tokens.append(Token(kind, dialect, *span, None, True))
    return end


def add_value(found: Scan, kind: Kind, dialect: Dialect, span: Span, text: str) -> int:
    """Adds the token of a field that is no date; where to go on from."""
    value, fault = _VALUE_READERS[kind](text, dialect)
    bad = False
    if fault is not None:
        note(found, span[0], fault, mend(kind, span[2], text, fault.meant))
        bad = fault.severity is Severity.ERROR
    found.tokens.append(Token(kind, dialect, *span, None if bad else value, bad))
    return span[1]


def is_good(kind: Kind, text: str, dialect: Dialect) -> bool:
    """Whether `text` can stand as it is as the value of a field."""
    if kind in spelling.DATE_KINDS:
        match = DATE.fullmatch(text)
        return match is not None and dates.sure_date(text) == text
    return bool(text) and _VALUE_READERS[kind](text, dialect)[1] is None


_Read = tuple[Any, Fault | None]


def _read_priority(text: str, dialect: Dialect) -> _Read:
    plain = dialect is Dialect.PLAIN
    known = spelling.LETTER_PRIORITIES if plain else spelling.WORD_PRIORITIES
    if text in known:
        return known[text], None
    lowered = text.casefold()
    meant = None
    if plain and text.upper() in known:
        meant = text.upper()
    elif lowered in spelling.WORD_PRIORITIES:
        word = spelling.WORD_PRIORITIES[lowered]
        meant = spelling.PRIORITY_LETTER[word] if plain else lowered
    if meant:
        hint = f"write {'pri:' if plain else 'priority:: '}{meant}"
    elif plain:
        hint = "write pri:A (highest) to pri:F (lowest)"
    else:
        hint = "write one of highest, high, medium, low, lowest"
    message = f"'{text}' is not a priority"
    return None, Fault(Severity.ERROR, "bad-priority", message, hint, meant)


def _read_rule(text: str, dialect: Dialect) -> _Read:
    from tldash.formats.tasks import (
        recurrence_rules,  # few lines repeat, and what rules need is slow to import
    )

    rule = recurrence_rules.read_rule(text)
    plain = dialect is Dialect.PLAIN
    if isinstance(rule, recurrence_rules.Unreadable):
        hint = recurrence_rules.SHORT_HINT if plain else rule.hint
        message = f"'{text}' is no rule of recurrence" + ("" if plain else f": {rule.reason}")
        meant = None if plain else recurrence_rules.in_words(text)
        return text, Fault(Severity.WARNING, "repeat", message, hint, meant)
    if recurrence_rules.is_short(text) and not plain:
        words = recurrence_rules.in_dialect(text, dialect)
        hint = f"write '{words}'" if words else recurrence_rules.LONG_HINT
        message = f"Obsidian Tasks cannot read '{text}'"
        return text, Fault(Severity.WARNING, "repeat", message, hint, words)
    return text, None


def _read_id(text: str, dialect: Dialect) -> _Read:
    if ID.fullmatch(text):
        return text, None
    hint = "use letters, digits, '-' and '_' only"
    return None, Fault(Severity.ERROR, "bad-id", f"'{text}' cannot be an id", hint)


def _read_ids(text: str, dialect: Dialect) -> _Read:
    if IDS.fullmatch(text):
        return tuple(part.strip() for part in text.split(",")), None
    hint = "write ids with commas between them"
    return None, Fault(Severity.ERROR, "bad-id", f"'{text}' is no list of ids", hint)


def _read_owner(text: str, dialect: Dialect) -> _Read:
    name = text.removeprefix("@")
    if name:
        return name, None
    return None, Fault(Severity.ERROR, "bad-owner", "no name is given", "write [owner:: name]")


def _read_as_is(text: str, dialect: Dialect) -> _Read:
    return text, None


_VALUE_READERS: Final[dict[str, Callable[[str, Dialect], _Read]]] = {
    "priority": _read_priority,
    "repeat": _read_rule,
    "id": _read_id,
    "depends": _read_ids,
    "owner": _read_owner,
    "on_completion": _read_as_is,
}
