"""Scan TaskPaper's `@key(value)` fields, as PlainTasks and NotePlan write them too.

Other keys are allowed (`@est(2h)`), so report one only if it differs from a known key in case.
"""

from __future__ import annotations

import re

from tldash.formats.tasks import vocabulary
from tldash.formats.tasks.values import (
    DATE_IN_BRACKETS,
    Scan,
    add_bad_date,
    add_date,
    add_value,
    add_warning,
    is_valid,
    make_fix,
)
from tldash.model.records import Dialect

_FIELD = re.compile(r"@([A-Za-z]{1,12})\(([^()]*)\)")


def scan_field(found: Scan, body: str, at: int) -> int | None:
    """Scan the field of the `@` at `at`. Return where to go on; None if its key is not known."""
    match = _FIELD.match(body, at, found.end)
    if match is None:
        return None
    kind = vocabulary.TASKPAPER_KINDS.get(match[1])
    if kind is None:
        found.unknown.append(match.span())
        _check_case(found, match)
        return None
    start, end = match.span()
    value_start = match.start(2) + len(match[2]) - len(match[2].lstrip())
    span = (start, end, value_start, value_start + len(match[2].strip()))
    if kind not in vocabulary.DATE_KINDS:
        add_value(found, kind, Dialect.TASKPAPER, span, match[2].strip())
    elif day := DATE_IN_BRACKETS.fullmatch(body, *span[2:]):
        add_date(found, kind, Dialect.TASKPAPER, (start, end), day)
    else:
        add_bad_date(found, kind, Dialect.TASKPAPER, span, body)
    return end


def _check_case(found: Scan, match: re.Match[str]) -> None:
    key, value = match[1].casefold(), match[2].strip()
    kind = vocabulary.TASKPAPER_KINDS.get(key)
    if kind is not None and is_valid(kind, value, Dialect.TASKPAPER):
        meant = f"@{key}({value})"
        fix = make_fix(kind, match.start(), match[0], meant, value)
        add_warning(found, match.start(), f"'@{match[1]}(' is not a field", f"write {meant}", fix)
