"""Parse and validate the values of fields, the same for every dialect.

Also defines what the scanner collects: tokens and problems.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from tldash.formats.tasks import dates, vocabulary
from tldash.formats.tasks.vocabulary import Kind
from tldash.model.frozen import frozen
from tldash.model.patterns import compile_pattern
from tldash.model.records import Dialect, Fix, Problem, Severity

EXAMPLE: Final = "2026-11-20"
DATE_HINT: Final = "write the date as YYYY-MM-DD, as in {}"
IDS = compile_pattern(r"[A-Za-z0-9_-]++(?![:\w])(?:\s*,\s*[A-Za-z0-9_-]++(?![:\w]))*")
ID = compile_pattern(r"[A-Za-z0-9_-]++(?![:\w])")
_CLOCK: Final = (
    r"(?:2[0-3]|[01]?[0-9]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?+)?+(?:Z|[+-][0-9]{2}:?[0-9]{2})?+"
)
_DAY: Final = "([0-9]{4}-[0-9]{2}-[0-9]{2})"
_LINKED_DAY: Final = rf"\[\[(?:[^\[\]|\#/]*+/)*+{_DAY}\]\]"
"""A day as an Obsidian wiki link, in a folder or not: `[[2026-11-20]]`, `[[daily/2026-11-20]]`."""
_TIME: Final = rf"(?:T|[ \t]{{1,4}}){_CLOCK}(?:[ ]?[AaPp][Mm])?+"
DATE = compile_pattern(rf"{_DAY}(?:T{_CLOCK})?+(?![\w-]|[.:/][0-9])")
_LINKED_DATE = compile_pattern(rf"{_LINKED_DAY}(?:T{_CLOCK})?+")
DATE_IN_BRACKETS = compile_pattern(rf"(?:{_LINKED_DAY}|{_DAY})(?:{_TIME})?+")
"""Matches a whole value: its end is known, so a space may separate the time."""
_TIME_AT_END = compile_pattern(rf"{_TIME}\Z")
_WIKI_LINK = compile_pattern(r"\[\[([^\[\]]+)\]\]")
VALUE = compile_pattern(rf"[^\s\[\](){{}}<>`\"'{vocabulary.EMOJI}]+")
GAP = compile_pattern("\ufe0f?\\s*")


@frozen
class FieldProblem:
    """A problem in a task line. `offset` counts characters of the body from 0."""

    offset: int
    severity: Severity
    code: str
    message: str
    hint: str
    fix: Fix | None = None
    """Its column counts characters of the body from 1."""
    fixes_field: Kind | None = None
    """The field that has no value because of the problem."""
    likely: str | None = None
    """The value that the hint suggests for it."""

    def in_file(self, path: str, line: int, start: int) -> Problem:
        """Return the problem with its place in a file; the body starts at the offset `start`."""
        fix = replace(self.fix, column=start + self.fix.column) if self.fix else None
        column = start + self.offset + 1
        return Problem(path, line, column, self.severity, self.code, self.message, self.hint, fix)


class ValueProblem(NamedTuple):
    """What is wrong with a value, and its only possible meaning, if there is one."""

    severity: Severity
    code: str
    message: str
    hint: str
    meant: str | None = None


class FieldFix(NamedTuple):
    """The field that a problem is about, and how to correct it."""

    kind: Kind
    fix: Fix | None = None
    """Only if it is unambiguous."""
    likely: str | None = None
    """The value that the hint suggests."""


def make_fix(kind: Kind, at: int, old: str, new: str | None, likely: str | None = None) -> FieldFix:
    """Return the fix that replaces `old` at the offset `at`; without `new`, only the field."""
    return FieldFix(kind, Fix(at + 1, old, new) if new else None, likely)


class Token(NamedTuple):
    """One piece of metadata at `body[start:end]`, with its value at `body[value_start:value_end]`.

    The dialect of a tag, and of an owner written as `@name`, is None. A `bad` token is a field with
    an invalid value, which counts as text.
    """

    kind: Kind
    dialect: Dialect | None
    start: int
    end: int
    value_start: int
    value_end: int
    value: Any
    bad: bool = False
    inline: bool = False
    """Whether it is a tag inside a sentence, which stays in the text."""


Span = tuple[int, int, int, int]
"""The four offsets of a `Token`."""


class Scan(NamedTuple):
    """The metadata of a line.

    Only spaces, a block id and a hard break follow `end`.
    """

    tokens: list[Token]
    problems: list[FieldProblem]
    end: int
    block_id: str | None
    ticks: dict[int, list[int]]
    """Where runs of backticks start, by length. Cached, or unclosed backticks would take quadratic
    time."""
    unknown: list[tuple[int, int]]
    """The start and end of fields that tldash does not know, such as `[mood:: fine]`. They are part
    of the text, but owners and tags can stand among them."""


def add_problem(found: Scan, at: int, fault: ValueProblem, fix: FieldFix | None = None) -> None:
    """Add a problem at the offset `at`."""
    severity, code, message, hint, _ = fault
    kind, change, likely = fix or (None, None, None)
    found.problems.append(FieldProblem(at, severity, code, message, hint, change, kind, likely))


def add_warning(found: Scan, at: int, message: str, hint: str, fix: FieldFix | None = None) -> None:
    """Warn about text that is not a field but may have been meant as one."""
    add_problem(found, at, ValueProblem(Severity.WARNING, "field-spelling", message, hint), fix)


def starts_word(body: str, at: int) -> bool:
    """Return whether a name, tag or key may start at `at`: after white space or at the start."""
    return at == 0 or body[at - 1].isspace()


def match_date(body: str, at: int, end: int) -> re.Match[str] | None:
    """Match a date at `at`, also one in a wiki link, with a time directly after it or without."""
    return (_LINKED_DATE if body.startswith("[[", at) else DATE).match(body, at, end)


def end_of_day(body: str, start: int, end: int) -> int:
    """Return where the time at the end of a value starts; `end` if it has none."""
    time = _TIME_AT_END.search(body[start:end])
    return start + time.start() if time and time.start() else end


def date_text(body: str, at: int, end: int) -> str | None:
    """Return the text at `at` that may be a date: with a month's name, a link, or one word."""
    for pattern in (dates.WITH_MONTH_NAME, dates.WITHOUT_YEAR):
        if match := pattern.match(body, at, end):
            return match[0]
    if match := _WIKI_LINK.match(body, at, end):
        return match[0]
    match = VALUE.match(body, at, end)
    return (match[0].rstrip(".,;:!?") or match[0]) if match else None


def add_date(
    found: Scan, kind: Kind, dialect: Dialect, place: tuple[int, int], match: re.Match[str]
) -> int:
    """Add the token of a matched date at `place`. Return where to go on.

    The value of the token is the day alone, so that a new one keeps the time and the link.
    """
    start, end = place
    written = match.span(match.lastindex or 1)
    try:
        day = date.fromisoformat(match.string[slice(*written)])
    except ValueError:
        return add_bad_date(found, kind, dialect, (start, end, *match.span()), match.string)
    found.tokens.append(Token(kind, dialect, start, end, *written, day))
    if dialect is Dialect.EMOJI and written != match.span():
        emoji = match.string[start]
        add_warning(
            found,
            start,
            f"Obsidian Tasks cannot read '{match[0]}'",
            f"write {emoji} {day}, and the rest before {emoji}",
        )
    return end


def add_bad_date(found: Scan, kind: Kind, dialect: Dialect, span: Span, body: str) -> int:
    """Add a bad token and a problem for an invalid date. Return where to go on.

    A wiki link around the value and a time at its end are no part of it, so that they stay.
    """
    start, end, value_start, value_end = span
    key, closing = body[start:value_start], ""
    value_end = end_of_day(body, value_start, value_end)
    if link := _WIKI_LINK.fullmatch(body, value_start, value_end):
        value_start, value_end = link.span(1)
    text, rest = body[value_start:value_end], body[value_end : span[3]]
    if dialect is Dialect.EMOJI:
        key, rest = f"{key[0]} ", ""
    elif dialect is Dialect.DATAVIEW:
        key = f"{key[1:].partition(':')[0].strip()}:: "
    elif dialect is Dialect.TASKPAPER:
        closing = ")"
    message, likely = dates.describe_bad_date(text)
    rest = "" if link else rest
    hint = f"write {key}{likely}{rest}{closing}" if likely else ""
    hint = hint or DATE_HINT.format(f"{key}{EXAMPLE}{closing}")
    sure = dates.unambiguous_date(text) if likely and not link else None
    if dialect is Dialect.EMOJI and value_end != span[3]:
        sure = None
    fault = ValueProblem(Severity.ERROR, "bad-date", message, hint, sure)
    add_problem(found, start, fault, make_fix(kind, value_start, text, sure, likely))
    found.tokens.append(Token(kind, dialect, start, end, value_start, value_end, None, True))
    return end


def add_value(found: Scan, kind: Kind, dialect: Dialect, span: Span, text: str) -> int:
    """Add the token of a field that is not a date. Return where to go on."""
    value, fault = _PARSERS[kind](text, dialect)
    bad = False
    if fault is not None:
        fix = make_fix(kind, span[2], text, fault.meant, fault.meant)
        add_problem(found, span[0], fault, fix)
        bad = fault.severity is Severity.ERROR
    found.tokens.append(Token(kind, dialect, *span, None if bad else value, bad))
    return span[1]


def is_valid(kind: Kind, text: str, dialect: Dialect) -> bool:
    """Return whether `text` is a valid value of a field."""
    if kind in vocabulary.DATE_KINDS:
        match = DATE.fullmatch(text)
        return match is not None and dates.unambiguous_date(text) == text
    return bool(text) and _PARSERS[kind](text, dialect)[1] is None


_Parsed = tuple[Any, ValueProblem | None]


def _parse_priority(text: str, dialect: Dialect) -> _Parsed:
    plain = dialect is Dialect.PLAIN
    known = vocabulary.LETTER_PRIORITIES if plain else vocabulary.WORD_PRIORITIES
    if dialect is Dialect.TASKPAPER:
        known = vocabulary.NUMBER_PRIORITIES | known
    if text in known:
        return known[text], None
    lowered = text.casefold()
    meant = None
    if plain and text.upper() in known:
        meant = text.upper()
    elif lowered in vocabulary.WORD_PRIORITIES:
        word = vocabulary.WORD_PRIORITIES[lowered]
        meant = vocabulary.PRIORITY_LETTER[word] if plain else lowered
    if meant:
        key, end = {Dialect.PLAIN: ("pri:", ""), Dialect.TASKPAPER: ("@priority(", ")")}.get(
            dialect, ("priority:: ", "")
        )
        hint = f"write {key}{meant}{end}"
    elif plain:
        hint = "write pri:A (highest) to pri:F (lowest)"
    elif dialect is Dialect.TASKPAPER:
        hint = "write @priority(1) (highest) to @priority(5) (lowest)"
    else:
        hint = "write one of highest, high, medium, low, lowest"
    message = f"'{text}' is not a priority"
    return None, ValueProblem(Severity.ERROR, "bad-priority", message, hint, meant)


def _parse_rule(text: str, dialect: Dialect) -> _Parsed:
    from tldash.formats.tasks import recurrence  # few lines recur; dateutil takes 15 ms to import

    rule = recurrence.parse_rule(text)
    plain = dialect is Dialect.PLAIN
    if isinstance(rule, recurrence.InvalidRule):
        hint = recurrence.TODOTXT_HINT if plain else rule.hint
        message = f"'{text}' is not a recurrence rule" + ("" if plain else f": {rule.reason}")
        return text, ValueProblem(Severity.WARNING, "repeat", message, hint)
    if plain and not recurrence.is_todotxt_rule(text):
        message = f"'{text}' is not a rule of todo.txt, where it could count from either date"
        return text, ValueProblem(Severity.WARNING, "repeat", message, recurrence.TODOTXT_HINT)
    if not plain and (recurrence.is_todotxt_rule(text) or recurrence.to_obsidian(text) != text):
        words = recurrence.translate_rule(text, dialect)
        hint = f"write '{words}'" if words else recurrence.OBSIDIAN_HINT
        message = f"Obsidian Tasks cannot read '{text}'"
        return text, ValueProblem(Severity.WARNING, "repeat", message, hint, words)
    return text, None


def _parse_id(text: str, dialect: Dialect) -> _Parsed:
    if ID.fullmatch(text):
        return text, None
    hint = "use letters, digits, '-' and '_' only"
    return None, ValueProblem(Severity.ERROR, "bad-id", f"'{text}' cannot be an id", hint)


def _parse_ids(text: str, dialect: Dialect) -> _Parsed:
    if IDS.fullmatch(text):
        return tuple(part.strip() for part in text.split(",")), None
    hint = "write ids with commas between them"
    return None, ValueProblem(Severity.ERROR, "bad-id", f"'{text}' is not a list of ids", hint)


def _parse_owner(text: str, dialect: Dialect) -> _Parsed:
    name = text.removeprefix("@")
    if name:
        return name, None
    return None, ValueProblem(
        Severity.ERROR, "bad-owner", "no name is given", "write [owner:: name]"
    )


def _parse_as_is(text: str, dialect: Dialect) -> _Parsed:
    return text, None


_PARSERS: Final[dict[str, Callable[[str, Dialect], _Parsed]]] = {
    "priority": _parse_priority,
    "repeat": _parse_rule,
    "id": _parse_id,
    "depends": _parse_ids,
    "owner": _parse_owner,
    "on_completion": _parse_as_is,
}
