"""Which fixes of a line's problems are offered, and how many of its problems are told.

A value that is read wrongly is proposed a fix where it stands, by whoever read it. Whether the fix
is certain depends on the rest of the line too: a field that has a value already keeps it, and of
two that are both nearly one, nobody knows which was meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from tldash.formats.tasks.scan import scan_fully
from tldash.formats.tasks.values import FieldProblem, Scan, Token
from tldash.formats.tasks.vocabulary import Kind
from tldash.model.records import Fix, Severity

MOST: Final = 20
"""Problems of one line that are told each on its own."""

_RANK: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def certain(problems: list[FieldProblem], tokens: Iterable[Token]) -> list[FieldProblem]:
    """The problems with those of their fixes that can be meant in one way only.

    `tokens` are those of the line. A rule that cannot be read is the value of its field.
    """
    places = Counter((problem.offset, problem.code) for problem in problems)
    read = {token.kind for token in tokens if not token.bad}
    nearly: Counter[Kind | None] = Counter(token.kind for token in tokens if token.bad)
    nearly.update(one.mends for one in problems if one.mends and one.code == "field-spelling")

    def doubtful(problem: FieldProblem) -> bool:
        return (
            places[problem.offset, problem.code] > 1
            or nearly[problem.mends] > 1
            or (problem.mends in read and problem.code != "repeat")
        )

    return [replace(one, fix=None) if one.fix and doubtful(one) else one for one in problems]


def without_second(body: str, found: Scan, token: Token) -> Fix | None:
    """Takes away `token`, a further value of its field, where the line says just as much without.

    It has to be the first value once more, in the same dialect: of two dialects each may be there
    for a program that reads no other. An `@name` mentions somebody.
    """
    first = next(one for one in found.tokens if one.kind == token.kind and not one.bad)
    if (first.value, first.dialect) != (token.value, token.dialect) or token.dialect is None:
        return None
    start, end = token.start, token.end
    if body[start - 1].isspace():
        start -= 1
    after = scan_fully(body[:start] + body[end:])
    left = [one for one in found.tokens if one is not token]
    codes = Counter(problem.code for problem in found.problems)
    same = _meaning(after.tokens) == _meaning(left) and after.block_id == found.block_id
    if not same or Counter(problem.code for problem in after.problems) - codes:
        return None
    return Fix(start + 1, body[start:end], "")


def _meaning(tokens: Iterable[Token]) -> list[tuple[Kind, object, bool]]:
    return [(token.kind, token.value, token.bad) for token in tokens]


def told(problems: list[FieldProblem]) -> list[FieldProblem]:
    """The first problems of a line, and where there are more, one that says how many.

    That one is as bad as the worst of those left out, and has its code.
    """
    left = problems[MOST:]
    if len(left) < 2:
        return problems
    worst = min(left, key=lambda problem: _RANK[problem.severity])
    rest = replace(
        worst,
        offset=left[0].offset,
        message=f"{len(left)} more problems are in this line",
        hint="mend those before this place first",
        fix=None,
    )
    return [*problems[:MOST], rest]
