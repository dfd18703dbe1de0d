"""todo.txt's `key:value` in a task line, and what was nearly one.

The same characters stand in prose (`the project is due: we are late`), so a colon alone says
nothing: something is wrong only where a date, or what can only be meant as one, is in vain.
"""

from __future__ import annotations

from typing import Final

from tldash.formats.tasks import vocabulary as spelling
from tldash.formats.tasks.dates import date_fault, likely_date, looks_like_date, sure_date
from tldash.formats.tasks.values import (
    DATE,
    DATE_HINT,
    EXAMPLE,
    GAP,
    ID,
    IDS,
    VALUE,
    Fault,
    Scan,
    Token,
    add_bad_date,
    add_date,
    add_value,
    dated,
    is_good,
    mend,
    note,
    opens,
    warn,
)
from tldash.formats.tasks.vocabulary import Kind
from tldash.model.records import Dialect, Severity

_LONGEST_KEY: Final = 12
_KEYS_OF_WORDS: Final = ("pri", "rec")
"""Keys that are no word; `id:` and `dep:` in capitals are found in prose."""
_WITH_BLANK: Final = frozenset((*spelling.PLAIN_DATES, *spelling.PLAIN_MISTAKES))
"""Keys that are looked for with a blank behind the colon too; one slip away begins prose."""


def read(found: Scan, body: str, at: int) -> int:
    """Looks at the colon at `at`; where to go on from."""
    start = at
    while start and at - start < _LONGEST_KEY and body[start - 1].isalpha():
        start -= 1
    key = body[start:at]
    if not key or not opens(body, start):
        return at + 1
    kind = spelling.PLAIN_KINDS.get(key)
    if kind is None:
        return _mistaken_key(found, body, start, at)
    if kind in spelling.DATE_KINDS:
        if match := DATE.match(body, at + 1, found.end):
            span = (start, match.end(), at + 1, match.end())
            return add_date(found, kind, Dialect.PLAIN, span, match)
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


def _bad_date(found: Scan, body: str, kind: Kind, start: int, at: int) -> int:
    """A date's key with something else behind it, or with nothing."""
    key = body[start : at + 1]
    colons = at + 2 if body.startswith(":", at + 1, found.end) else at + 1
    gap = GAP.match(body, colons, found.end)
    behind = gap.end() if gap else colons
    if behind == found.end:
        if kind not in spelling.PROSE_KINDS:
            _no_date(found, start, body[start:colons])
        return at + 1
    value = dated(body, behind, found.end)
    if behind == at + 1 and value:
        end = behind + len(value)
        return add_bad_date(found, kind, Dialect.PLAIN, (start, end, behind, end), body)
    if value is None or not looks_like_date(value):
        if behind == at + 1 or colons > at + 1:
            _no_date(found, start, body[start:colons])
        return at + 1
    end = behind + len(value)
    sure, likely = sure_date(value), likely_date(value)
    mended = mend(kind, start, body[start:end], f"{key}{sure}" if sure else None)
    if likely is None:
        message, how = date_fault(value)[0], ""
    elif colons > at + 1:
        message, how = f"'{key}' has a colon too many", "write"
    else:
        message, how = f"a blank stands between '{key}' and its date", "remove the blank:"
    hint = f"{how} {key}{likely}" if likely else DATE_HINT.format(f"{key}{EXAMPLE}")
    note(found, start, Fault(Severity.ERROR, "bad-date", message, hint), mended)
    found.tokens.append(Token(kind, Dialect.PLAIN, start, end, at + 1, end, None, True))
    return end


def _no_date(found: Scan, start: int, key: str) -> None:
    hint = DATE_HINT.format(f"{key.rstrip(':')}:{EXAMPLE}")
    warn(found, start, f"no date follows '{key}'", hint)


def _mistaken_key(found: Scan, body: str, start: int, at: int) -> int:
    """A key that is none, in front of a date: a field that somebody will wait for in vain."""
    key = body[start:at]
    folded = key.casefold()
    if folded in _KEYS_OF_WORDS:
        return _capital_key(found, body, start, at)
    behind = at + 1
    if folded in _WITH_BLANK and (gap := GAP.match(body, behind, found.end)):
        behind = gap.end()
    value = dated(body, behind, found.end)
    if value is None or not looks_like_date(value):
        return at + 1
    mistake = spelling.PLAIN_MISTAKES.get(folded)
    meant = [mistake] if mistake else spelling.near_misses(key, spelling.PLAIN_DATES)
    if not meant:
        return at + 1
    end = behind + len(value)
    sure = sure_date(value) if len(meant) == 1 else None
    kind = spelling.PLAIN_KINDS[meant[0]]
    mended = mend(kind, start, body[start:end], f"{meant[0]}:{sure}" if sure else None)
    warn(
        found,
        start,
        f"'{key}:' is not a field",
        f"write {meant[0]}:{likely_date(value) or EXAMPLE}",
        mended,
    )
    return end


def _capital_key(found: Scan, body: str, start: int, at: int) -> int:
    key, meant = body[start:at], body[start:at].casefold()
    kind = spelling.PLAIN_KINDS[meant]
    match = VALUE.match(body, at + 1, found.end)
    value = match[0].rstrip(".,;:!?") if match else ""
    if not is_good(kind, value, Dialect.PLAIN):
        return at + 1
    end = at + 1 + len(value)
    mended = mend(kind, start, body[start:end], f"{meant}:{value}")
    warn(found, start, f"'{key}:' is not a field", f"write {meant}:{value}", mended)
    return end
