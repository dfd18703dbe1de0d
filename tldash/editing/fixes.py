"""Apply the fixes of problems to the bytes of a file.

Pure: opens no files. A fix replaces text of one line, and only if that text is still there. The
result is parsed and verified: the problems are gone, there are no new ones, and no other value has
changed. Other fixes are left out, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from tldash.editing.edits import UNRESOLVED_MERGE
from tldash.editing.verify_fixes import find_error
from tldash.formats.file_record import FileRecord, read_data
from tldash.formats.text import BOM, NotText, decode, find_conflict, line_spans, split_lines
from tldash.model.file_roles import FileRole
from tldash.model.frozen import frozen
from tldash.model.records import Fix, Problem

CONTEXT: Final = 1
"""Lines of context before and after each difference in `diff`."""
PARSES: Final = 16
"""The number of times to parse any file to find out which of its fixes are valid."""
PARSED_CHARACTERS: Final = 2_000_000
"""The number of characters to parse in addition, so small files are parsed more often."""
TOO_MANY: Final = "too many other fixes of this file are invalid; run it again, or fix it by hand"


@frozen
class Fixed:
    """The result of fixing a file."""

    data: bytes
    """The bytes of the file; the same object as before if nothing was fixed."""
    fixed: tuple[Problem, ...] = ()
    """In order of line and column."""
    left: tuple[tuple[Problem, str], ...] = ()
    """The problems that were not fixed, each with the reason."""


@frozen
class Replacement:
    """A replacement in the text, and the problems that it fixes."""

    start: int
    end: int
    """Indexes of characters, as of a slice."""
    new: str
    problems: tuple[Problem, ...]


FindError = Callable[[FileRecord, FileRecord, Sequence[Problem]], str]
"""Returns what is wrong with a file after some fixes, or an empty text. Takes its record before and
after, and the problems that are fixed."""


def apply(problems: Sequence[Problem], path: str, role: FileRole, data: bytes) -> Fixed:
    """Apply the fixes of `problems` to `data`, the content of the file at `path`.

    Applies as many fixes as are valid together. Ignores problems of other files and problems
    without a fix.
    """
    meant = sorted(
        (one for one in problems if one.path == path and one.fix is not None),
        key=lambda one: one.line,
    )
    try:
        text = decode(data)
    except NotText as error:
        return Fixed(data, left=_left(meant, f"{error.message}, so it is read-only in tldash"))
    if find_conflict(text) is not None:
        return Fixed(data, left=_left(meant, UNRESOLVED_MERGE))
    replacements, left = _locate(text, meant)
    fixed = replace_valid(data, text, replacements, read_data(data, path, role), find_error)
    return replace(fixed, left=(*left, *fixed.left))


def replace_valid(
    data: bytes,
    text: str,
    replacements: Sequence[Replacement],
    before: FileRecord,
    check: FindError,
) -> Fixed:
    """Make as many replacements in a file as are valid together.

    Args:
        data: The bytes of the file.
        text: The same, decoded.
        replacements: In order of place, without overlaps.
        before: The record of the file.
        check: Returns what is wrong with the file after some of them.
    """
    bisection = _Bisection(text, before, check)
    kept = bisection.keep(replacements)
    return Fixed(
        _replace_all(text, kept).encode("utf-8") if kept else data,
        tuple(problem for replacement in kept for problem in replacement.problems),
        tuple(bisection.left),
    )


def _left(problems: Sequence[Problem], reason: str) -> tuple[tuple[Problem, str], ...]:
    return tuple((problem, reason) for problem in problems)


def _locate(
    text: str, problems: Sequence[Problem]
) -> tuple[list[Replacement], list[tuple[Problem, str]]]:
    """Return the fixes as replacements in order of place, and the problems that cannot be fixed.

    A byte order mark is not part of the first line, the same as for parsing.
    """
    mark = len(BOM) if text.startswith(BOM) else 0
    spans = line_spans(text[mark:])
    left: list[tuple[Problem, str]] = []
    found: list[tuple[int, Problem, Fix]] = []
    for problem in problems:
        fix = problem.fix
        if fix is None:
            continue
        begin, stop = spans[problem.line - 1] if 0 < problem.line <= len(spans) else (0, 0)
        column = _column(text[mark + begin : mark + stop], fix)
        if column is None:
            left.append((problem, f"'{fix.old}' is no longer there, or is there twice"))
        else:
            here = mark + begin + column
            if fix.column:
                found.append((here, problem, fix))
            else:
                fix = Fix(column + 1, text[here : here + len(fix.old)], fix.new)
                found.append((here, replace(problem, fix=fix), fix))
    replacements: list[Replacement] = []
    for start, problem, fix in sorted(found, key=lambda one: one[0]):
        end = start + len(fix.old)
        last = replacements[-1] if replacements else None
        if fix.old == fix.new or len(split_lines(f".{fix.new}.")) > 1:
            left.append((problem, "the fix would not stay on its line"))
        elif last and (last.start, last.end, last.new) == (start, end, fix.new):
            replacements[-1] = replace(last, problems=(*last.problems, problem))
        elif last and start < max(last.end, last.start + 1):
            left.append((problem, "another fix changes the same text; run it again after that"))
        else:
            replacements.append(Replacement(start, end, fix.new, (problem,)))
    return replacements, left


def _column(line: str, fix: Fix) -> int | None:
    """Return the offset in a line of the text to fix; None if not found."""
    if fix.column:
        at = fix.column - 1
        return at if at >= 0 and line[at : at + len(fix.old)] == fix.old else None
    word = re.compile(rf"(?<![\w-]){re.escape(fix.old)}(?![\w-])", re.IGNORECASE)
    places = [match.start() for match in word.finditer(line)]
    return places[0] if len(places) == 1 else None


def _replace_all(text: str, replacements: Sequence[Replacement]) -> str:
    """Apply replacements that are in order of place and do not overlap."""
    parts: list[str] = []
    at = 0
    for replacement in replacements:
        parts += text[at : replacement.start], replacement.new
        at = replacement.end
    return "".join((*parts, text[at:]))


class _Bisection:
    """Find the fixes that are valid together, by bisection of those that are not."""

    def __init__(self, text: str, before: FileRecord, check: FindError) -> None:
        self.text = text
        self.before = before
        self.check = check
        self.kept: list[Replacement] = []
        self.left: list[tuple[Problem, str]] = []
        self.parses = PARSES + PARSED_CHARACTERS // (len(text) + 1)
        """How often the file may still be parsed, which limits the time for large files."""

    def keep(self, replacements: Sequence[Replacement]) -> list[Replacement]:
        """Add the valid `replacements` to `kept` and the others to `left`. Return `kept`."""
        if replacements and not self.parses:
            for replacement in replacements:
                self.left.extend(_left(replacement.problems, TOO_MANY))
        elif replacements:
            self.parses -= 1
            reason = self._find_error([*self.kept, *replacements])
            if not reason:
                self.kept.extend(replacements)
            elif len(replacements) == 1:
                self.left.extend(_left(replacements[0].problems, reason))
            else:
                half = len(replacements) // 2
                self.keep(replacements[:half])
                self.keep(replacements[half:])
        return self.kept

    def _find_error(self, replacements: Sequence[Replacement]) -> str:
        data = _replace_all(self.text, replacements).encode("utf-8")
        after = read_data(data, self.before.path, self.before.role)
        problems = [one for replacement in replacements for one in replacement.problems]
        return self.check(self.before, after, problems)


def diff(before: bytes, after: bytes, path: str) -> str:
    """Return the fixes as a unified diff with a line of context; empty if nothing changed.

    Both versions are UTF-8 and have the same number of lines, since fixes never add lines. The
    lines are not sanitized.
    """
    old, new = (split_lines(data.decode("utf-8").removeprefix(BOM)) for data in (before, after))
    differing = [at for at, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]]
    if not differing:
        return ""
    return "\n".join((f"--- {path}", f"+++ {path}", *_hunks(old, new, differing), ""))


def _hunks(old: Sequence[str], new: Sequence[str], differing: Sequence[int]) -> Iterator[str]:
    changed = set(differing)
    at = 0
    while at < len(differing):
        first = last = differing[at]
        while at < len(differing) and differing[at] - last <= 2 * CONTEXT + 1:
            last = differing[at]
            at += 1
        begin, end = max(first - CONTEXT, 0), min(last + 1 + CONTEXT, len(old))
        span = f"{begin + 1},{end - begin}" if end - begin > 1 else f"{begin + 1}"
        yield f"@@ -{span} +{span} @@"
        row = begin
        while row < end:
            run = row
            while run < end and run in changed:
                run += 1
            yield from (f"-{line}" for line in old[row:run])
            yield from (f"+{line}" for line in new[row:run])
            if run < end:
                yield f" {old[run]}"
            row = run + 1
