"""Scan todo.txt's `key:value` fields, and report text that is nearly one.

Prose contains keys and colons too (`the project is due: we are late`). So report a problem only
where a date, or text that can only be meant as one, has no effect.
"""

from __future__ import annotations

from typing import Final

from tldash.formats.tasks import vocabulary
from tldash.formats.tasks.dates import (
    describe_bad_date,
    likely_date,
    looks_like_date,
    unambiguous_date,
)
from tldash.formats.tasks.values import (
    DATE_HINT,
    EXAMPLE,
    GAP,
    ID,
    IDS,
    VALUE,
    Scan,
    Token,
    ValueProblem,
    add_bad_date,
    add_date,
    add_problem,
    add_value,
    add_warning,
    date_text,
    end_of_day,
    is_valid,
    make_fix,
    match_date,
    starts_word,
)
from tldash.formats.tasks.vocabulary import Kind
from tldash.model.records import Dialect, Severity

_LONGEST_KEY: Final = 12
_ABBREVIATED_KEYS: Final = ("pri", "rec")
"""Keys that are not English words; prose contains `ID:` and `Dep:`."""
_WITH_SPACE: Final = frozenset((*vocabulary.PLAIN_DATES, *vocabulary.PLAIN_MISTAKES))
"""Keys to recognize with a space after the colon too. A misspelled one may be prose."""


def scan_field(found: Scan, body: str, at: int) -> int:
    """Scan the field of the colon at `at`. Return where to go on."""
    start = at
    while start and at - start < _LONGEST_KEY and body[start - 1].isalpha():
        start -= 1
    key = body[start:at]
    if not key or not starts_word(body, start):
        return at + 1
    kind = vocabulary.PLAIN_KINDS.get(key)
    if kind is None:
        return _mistaken_key(found, body, start, at)
    if kind in vocabulary.DATE_KINDS:
        if match := match_date(body, at + 1, found.end):
            return add_date(found, kind, Dialect.PLAIN, (start, match.end()), match)
        return _bad_date(found, body, kind, start, at)
    if kind == "depends":
        match = IDS.match(body, at + 1, found.end)
    elif kind == "id":
        match = ID.match(body, at + 1, found.end)
    else:
        match = VALUE.match(body, at + 1, found.end)
    if match is None:
        return at + 1
    value = match[0].rstrip(".,;:!?")
    span = (start, at + 1 + len(value), at + 1, at + 1 + len(value))
    return add_value(found, kind, Dialect.PLAIN, span, value) if value else at + 1


def check_wide_colon(found: Scan, body: str, at: int) -> int:
    """Report a key with a full-width colon before a value. Return where to go on."""
    start = at
    while (
        start
        and at - start < _LONGEST_KEY
        and body[start - 1].isascii()
        and body[start - 1].isalpha()
    ):
        start -= 1
    key = body[start:at].casefold()
    kind = vocabulary.PLAIN_KINDS.get(key)
    if kind is None or not starts_word(body, start):
        return at + 1
    gap = GAP.match(body, at + 1, found.end)
    after = gap.end() if gap else at + 1
    value = date_text(body, after, found.end)
    if not value:
        return at + 1
    end = after + len(value)
    sure: str | None = value
    likely: str | None = value
    if kind in vocabulary.DATE_KINDS:
        if not looks_like_date(value):
            return at + 1
        sure, likely = unambiguous_date(value), likely_date(value)
    elif not is_valid(kind, value, Dialect.PLAIN):
        return at + 1
    fix = make_fix(kind, start, body[start:end], f"{key}:{sure}" if sure else None, likely)
    message = f"the colon of '{body[start : at + 1]}' is a full-width one"
    add_warning(found, start, message, f"write {key}:{likely or EXAMPLE}", fix)
    return end


def _bad_date(found: Scan, body: str, kind: Kind, start: int, at: int) -> int:
    """Handle the key of a date without a valid date after it."""
    key = body[start : at + 1]
    colons = at + 2 if body.startswith(":", at + 1, found.end) else at + 1
    gap = GAP.match(body, colons, found.end)
    after = gap.end() if gap else colons
    if after == found.end:
        if kind not in vocabulary.PROSE_KINDS:
            _no_date(found, kind, start, body[start:colons])
        return at + 1
    value = date_text(body, after, found.end)
    if after == at + 1 and value:
        end = after + len(value)
        return add_bad_date(found, kind, Dialect.PLAIN, (start, end, after, end), body)
    if value is None or not looks_like_date(value):
        if after == at + 1 or colons > at + 1:
            _no_date(found, kind, start, body[start:colons])
        return at + 1
    end = after + len(value)
    sure, likely = unambiguous_date(value), likely_date(value)
    fix = make_fix(kind, start, body[start:end], f"{key}{sure}" if sure else None, likely)
    if likely is None:
        message, how = describe_bad_date(value)[0], ""
    elif colons > at + 1:
        message, how = f"'{key}' has one colon too many", "write"
    else:
        message, how = f"there is a space between '{key}' and its date", "remove the space:"
    hint = f"{how} {key}{likely}" if likely else DATE_HINT.format(f"{key}{EXAMPLE}")
    add_problem(found, start, ValueProblem(Severity.ERROR, "bad-date", message, hint), fix)
    value_end = end_of_day(body, after, end)
    found.tokens.append(Token(kind, Dialect.PLAIN, start, end, at + 1, value_end, None, True))
    return end


def _no_date(found: Scan, kind: Kind, start: int, key: str) -> None:
    hint = DATE_HINT.format(f"{key.rstrip(':')}:{EXAMPLE}")
    add_warning(found, start, f"no date follows '{key}'", hint, make_fix(kind, start, key, None))


def _mistaken_key(found: Scan, body: str, start: int, at: int) -> int:
    """Report an unknown key before a date: a field that would have no effect."""
    key = body[start:at]
    folded = key.casefold()
    if folded in _ABBREVIATED_KEYS:
        return _capital_key(found, body, start, at)
    after = at + 1
    if folded in _WITH_SPACE and (gap := GAP.match(body, after, found.end)):
        after = gap.end()
    value = date_text(body, after, found.end)
    if value is None or not looks_like_date(value):
        return at + 1
    mistake = vocabulary.PLAIN_MISTAKES.get(folded)
    meant = [mistake] if mistake else vocabulary.similar_keys(key, vocabulary.PLAIN_DATES)
    if not meant:
        return at + 1
    end = after + len(value)
    sure = unambiguous_date(value) if len(meant) == 1 else None
    kind = vocabulary.PLAIN_KINDS[meant[0]]
    likely = likely_date(value)
    fix = make_fix(kind, start, body[start:end], f"{meant[0]}:{sure}" if sure else None, likely)
    hint = f"write {meant[0]}:{likely or EXAMPLE}"
    add_warning(found, start, f"'{key}:' is not a field", hint, fix)
    return end


def _capital_key(found: Scan, body: str, start: int, at: int) -> int:
    key, meant = body[start:at], body[start:at].casefold()
    kind = vocabulary.PLAIN_KINDS[meant]
    match = VALUE.match(body, at + 1, found.end)
    value = match[0].rstrip(".,;:!?") if match else ""
    if not is_valid(kind, value, Dialect.PLAIN):
        return at + 1
    end = at + 1 + len(value)
    fix = make_fix(kind, start, body[start:end], f"{meant}:{value}", value)
    add_warning(found, start, f"'{key}:' is not a field", f"write {meant}:{value}", fix)
    return end
