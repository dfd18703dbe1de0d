"""The values of a task line's fields: reads one, and says what is wrong with it.

The scanner finds where a field stands; what is written there is judged here, the same for every
dialect.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple

from tldash.files import taskspelling as spelling
from tldash.files.taskspelling import Kind
from tldash.records import Dialect, Fix, Problem, Severity

EXAMPLE: Final = "2026-11-20"
DATE_HINT: Final = "write the date as YYYY-MM-DD, as in {}"
IDS = re.compile(r"[A-Za-z0-9_-]++(?![:\w])(?:\s*,\s*[A-Za-z0-9_-]++(?![:\w]))*")
ID = re.compile(r"[A-Za-z0-9_-]++(?![:\w])")
DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?![\w-]|[.:/][0-9])")


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Something in a line that could not be read as it was meant; `offset` is from 0."""

    offset: int
    severity: Severity
    code: str
    message: str
    hint: str
    fix: Fix | None = None
    """In columns of the line, from 1."""

    def in_file(self, path: str, line: int, start: int) -> Problem:
        """The same as a problem of a file, where the words of the task begin behind `start`
        characters of the line."""
        fix = replace(self.fix, column=start + self.fix.column) if self.fix else None
        column = start + self.offset + 1
        return Problem(path, line, column, self.severity, self.code, self.message, self.hint, fix)


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


def add_date(found: Scan, kind: Kind, dialect: Dialect, span: Span, match: re.Match[str]) -> int:
    """Adds the token of a date that `DATE` found; where to go on from."""
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        key = "" if dialect is Dialect.DATAVIEW else match.string[span[0] : span[2]]
        bad_date(found, span[0], match[1], key)
        found.tokens.append(Token(kind, dialect, *span, None, True))
    else:
        found.tokens.append(Token(kind, dialect, *span, day))
    return span[1]


def add_value(found: Scan, kind: Kind, dialect: Dialect, span: Span, text: str) -> int:
    """Adds the token of a field that is no date; where to go on from."""
    read = _VALUE_READERS[kind]
    value, problem = read(text, dialect)
    if problem is not None:
        severity, code, message, hint = problem
        found.problems.append(FieldProblem(span[0], severity, code, message, hint))
        if severity is Severity.ERROR:
            found.tokens.append(Token(kind, dialect, *span, None, True))
            return span[1]
    found.tokens.append(Token(kind, dialect, *span, value))
    return span[1]


_Read = tuple[Any, tuple[Severity, str, str, str] | None]


def _read_priority(text: str, dialect: Dialect) -> _Read:
    plain = dialect is Dialect.PLAIN
    known = spelling.LETTER_PRIORITIES if plain else spelling.WORD_PRIORITIES
    if text in known:
        return known[text], None
    lowered = text.casefold()
    if plain:
        if text.upper() in known:
            hint = f"write pri:{text.upper()}"
        elif lowered in spelling.WORD_PRIORITIES:
            letter = spelling.PRIORITY_LETTER[spelling.WORD_PRIORITIES[lowered]]
            hint = f"write pri:{letter}"
        else:
            hint = "write pri:A (highest) to pri:F (lowest)"
    elif lowered in known:
        hint = f"write priority:: {lowered}"
    else:
        hint = "write one of highest, high, medium, low, lowest"
    return None, (Severity.ERROR, "bad-priority", f"'{text}' is not a priority", hint)


def _read_rule(text: str, dialect: Dialect) -> _Read:
    from tldash.files import rules  # few lines repeat, and what rules need is slow to import

    rule = rules.read_rule(text)
    if isinstance(rule, rules.Unreadable):
        plain = dialect is Dialect.PLAIN
        hint = rules.SHORT_HINT if plain else rule.hint
        message = f"'{text}' is no rule of recurrence" + ("" if plain else f": {rule.reason}")
        return text, (Severity.WARNING, "repeat", message, hint)
    if rules.is_short(text) and dialect is not Dialect.PLAIN:
        words = rules.in_dialect(text, dialect)
        hint = f"write '{words}'" if words else rules.LONG_HINT
        return text, (Severity.WARNING, "repeat", f"Obsidian Tasks cannot read '{text}'", hint)
    return text, None


def _read_id(text: str, dialect: Dialect) -> _Read:
    if ID.fullmatch(text):
        return text, None
    hint = "use letters, digits, '-' and '_' only"
    return None, (Severity.ERROR, "bad-id", f"'{text}' cannot be an id", hint)


def _read_ids(text: str, dialect: Dialect) -> _Read:
    if IDS.fullmatch(text):
        return tuple(part.strip() for part in text.split(",")), None
    hint = "write ids with commas between them"
    return None, (Severity.ERROR, "bad-id", f"'{text}' is no list of ids", hint)


def _read_owner(text: str, dialect: Dialect) -> _Read:
    name = text.removeprefix("@")
    if name:
        return name, None
    return None, (Severity.ERROR, "bad-owner", "no name is given", "write [owner:: name]")


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


def bad_date(found: Scan, at: int, text: str, key: str) -> None:
    message, likely = spelling.date_fault(text)
    hint = f"write {key}{likely}" if likely else DATE_HINT.format(f"{key}{EXAMPLE}")
    error(found, at, "bad-date", message, hint)


def error(found: Scan, at: int, code: str, message: str, hint: str) -> None:
    found.problems.append(FieldProblem(at, Severity.ERROR, code, message, hint))


def warn(found: Scan, at: int, code: str, message: str, hint: str) -> None:
    """Notes what is read in spite of its spelling, or may have been meant as a field."""
    found.problems.append(FieldProblem(at, Severity.WARNING, code, message, hint))
