"""Decide which fixes of a line's problems to offer, and how many problems to report.

The scanner proposes a fix for each invalid value. Whether it is unambiguous depends on the rest of
the line too: a field that already has a value keeps it, and of two similar values, either may be
the one that was meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from tldash.formats.tasks.scan import scan
from tldash.formats.tasks.values import FieldProblem, Scan, Token
from tldash.formats.tasks.vocabulary import Kind
from tldash.model.records import Fix, Severity

MAX_PROBLEMS: Final = 20
"""Problems of one line to report individually."""

_RANK: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def drop_doubtful_fixes(
    problems: list[FieldProblem], tokens: Iterable[Token]
) -> list[FieldProblem]:
    """Remove the fixes that are ambiguous among the `tokens` of the line.

    An invalid recurrence rule still counts as the value of its field.
    """
    places = Counter((problem.offset, problem.code) for problem in problems)
    read = {token.kind for token in tokens if not token.bad}
    nearly: Counter[Kind | None] = Counter(token.kind for token in tokens if token.bad)
    nearly.update(
        one.fixes_field for one in problems if one.fixes_field and one.code == "field-spelling"
    )

    def doubtful(problem: FieldProblem) -> bool:
        return (
            places[problem.offset, problem.code] > 1
            or nearly[problem.fixes_field] > 1
            or (problem.fixes_field in read and problem.code != "repeat")
        )

    return [replace(one, fix=None) if one.fix and doubtful(one) else one for one in problems]


def fix_duplicate(body: str, found: Scan, token: Token) -> Fix | None:
    """Return the fix that removes `token`, a second value of its field; None if it matters.

    It has to repeat the first value in the same dialect, since each dialect may be there for a
    program that reads no other. A second `@name` mentions a person.
    """
    first = next(one for one in found.tokens if one.kind == token.kind and not one.bad)
    if (first.value, first.dialect) != (token.value, token.dialect) or token.dialect is None:
        return None
    start, end = token.start, token.end
    if body[start - 1].isspace():
        start -= 1
    after = scan(body[:start] + body[end:])
    left = [one for one in found.tokens if one is not token]
    codes = Counter(problem.code for problem in found.problems)
    same = _meaning(after.tokens) == _meaning(left) and after.block_id == found.block_id
    if not same or Counter(problem.code for problem in after.problems) - codes:
        return None
    return Fix(start + 1, body[start:end], "")


def _meaning(tokens: Iterable[Token]) -> list[tuple[Kind, object, bool]]:
    return [(token.kind, token.value, token.bad) for token in tokens]


def limit_problems(problems: list[FieldProblem]) -> list[FieldProblem]:
    """Return the first problems of a line, and one more with the number of the others.

    It has the severity and code of the worst of those left out.
    """
    left = problems[MAX_PROBLEMS:]
    if len(left) < 2:
        return problems
    worst = min(left, key=lambda problem: _RANK[problem.severity])
    rest = replace(
        worst,
        offset=left[0].offset,
        message=f"{len(left)} more problems are in this line",
        hint="fix the problems before this place first",
        fix=None,
    )
    return [*problems[:MAX_PROBLEMS], rest]
