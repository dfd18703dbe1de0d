"""Fixes of problems, applied to the bytes of a file: what came of it, and what was left alone.

Pure: it opens nothing. A fix names words of one line and what to put there; it is made only where
those very words stand. What comes out is read again, and has to be what was meant: the problems are
gone, none has come, and no value is another than before but those that the fixes are about. What
would do anything else is left, and the reason told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from tldash.editing.verify_fixes import fault
from tldash.formats.file_record import FileRecord, read_data
from tldash.formats.markdown import document
from tldash.formats.text import NotText, decode, line_spans, split_lines
from tldash.model.file_roles import FileRole
from tldash.model.frozen import frozen
from tldash.model.records import Fix, Problem

CONTEXT: Final = 1
"""Lines that `diff` shows before and behind those that differ."""
READINGS: Final = 16
"""How often a file is read at least to find out which of its fixes are right."""
READ_CHARACTERS: Final = 2_000_000
"""How many characters are read for that beside."""
TOO_MANY: Final = "too many others of this file are not right; run it again, or fix it by hand"


@frozen
class Fixed:
    """A file after its fixes."""

    data: bytes
    """The bytes of the file; the very same as before where nothing was fixed."""
    fixed: tuple[Problem, ...] = ()
    """In order of line and column."""
    left: tuple[tuple[Problem, str], ...] = ()
    """The problems whose fixes were not made, each with the reason in words."""


@frozen
class _Patch:
    """One replacement in the text, and the problems that it takes away."""

    start: int
    end: int
    new: str
    problems: tuple[Problem, ...]


def apply(problems: Sequence[Problem], path: str, role: FileRole, data: bytes) -> Fixed:
    """The file at `path`, which holds `data`, with the fixes of those of `problems` that have one.

    All are made together where that is right; else as many as are right together. Problems of other
    files, and those without a fix, are passed over.
    """
    meant = sorted(
        (one for one in problems if one.path == path and one.fix is not None),
        key=lambda one: one.line,
    )
    try:
        text = decode(data)
    except NotText as error:
        return Fixed(data, left=_left(meant, f"{error.message}; it is read-only here"))
    if document.find_conflict(text) is not None:
        reason = "the file holds an unresolved merge; it is read-only here"
        return Fixed(data, left=_left(meant, reason))
    patches, left = _placed(text, meant)
    attempt = _Attempt(text, read_data(data, path, role))
    kept = attempt.keep(patches)
    return Fixed(
        _patched(text, kept).encode("utf-8") if kept else data,
        tuple(problem for patch in kept for problem in patch.problems),
        (*left, *attempt.left),
    )


def _left(problems: Sequence[Problem], reason: str) -> tuple[tuple[Problem, str], ...]:
    return tuple((problem, reason) for problem in problems)


def _placed(
    text: str, problems: Sequence[Problem]
) -> tuple[list[_Patch], list[tuple[Problem, str]]]:
    """The fixes as replacements, in order of place, and those that cannot be made.

    A byte order mark is no part of the first line, as it is none to the readers.
    """
    mark = len(document.BOM) if text.startswith(document.BOM) else 0
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
            left.append((problem, f"'{fix.old}' does not stand there any more, or twice"))
        else:
            here = mark + begin + column
            if fix.column:
                found.append((here, problem, fix))
            else:
                fix = Fix(column + 1, text[here : here + len(fix.old)], fix.new)
                found.append((here, replace(problem, fix=fix), fix))
    patches: list[_Patch] = []
    for start, problem, fix in sorted(found, key=lambda one: one[0]):
        end = start + len(fix.old)
        last = patches[-1] if patches else None
        if fix.old == fix.new or len(split_lines(f".{fix.new}.")) > 1:
            left.append((problem, "what it would put there does not stay within the line"))
        elif last and (last.start, last.end, last.new) == (start, end, fix.new):
            patches[-1] = replace(last, problems=(*last.problems, problem))
        elif last and start < max(last.end, last.start + 1):
            left.append((problem, "another fix is about the same words; run it again after that"))
        else:
            patches.append(_Patch(start, end, fix.new, (problem,)))
    return patches, left


def _column(line: str, fix: Fix) -> int | None:
    """Where in a line the words of a fix begin, from 0; None where they are not to be found."""
    if fix.column:
        at = fix.column - 1
        return at if at >= 0 and line[at : at + len(fix.old)] == fix.old else None
    word = re.compile(rf"(?<![\w-]){re.escape(fix.old)}(?![\w-])", re.IGNORECASE)
    places = [match.start() for match in word.finditer(line)]
    return places[0] if len(places) == 1 else None


def _patched(text: str, patches: Sequence[_Patch]) -> str:
    """The text with all replacements, which are in order of place and do not overlap."""
    parts: list[str] = []
    at = 0
    for patch in patches:
        parts += text[at : patch.start], patch.new
        at = patch.end
    return "".join((*parts, text[at:]))


class _Attempt:
    """Finds out which fixes are right together. Reads the file a few times for each that is not."""

    def __init__(self, text: str, before: FileRecord) -> None:
        self.text = text
        self.before = before
        self.kept: list[_Patch] = []
        self.left: list[tuple[Problem, str]] = []
        self.readings = READINGS + READ_CHARACTERS // (len(text) + 1)
        """How many more are made, so that a large file of wrong fixes does not take for ever."""

    def keep(self, patches: Sequence[_Patch]) -> list[_Patch]:
        """Those of `patches` that are right, in order of place; the others are in `left`."""
        if patches and not self.readings:
            for patch in patches:
                self.left.extend(_left(patch.problems, TOO_MANY))
        elif patches:
            self.readings -= 1
            reason = self._fault([*self.kept, *patches])
            if not reason:
                self.kept.extend(patches)
            elif len(patches) == 1:
                self.left.extend(_left(patches[0].problems, reason))
            else:
                half = len(patches) // 2
                self.keep(patches[:half])
                self.keep(patches[half:])
        return self.kept

    def _fault(self, patches: Sequence[_Patch]) -> str:
        data = _patched(self.text, patches).encode("utf-8")
        after = read_data(data, self.before.path, self.before.role)
        return fault(self.before, after, [p for patch in patches for p in patch.problems])


def diff(before: bytes, after: bytes, path: str) -> str:
    """What the fixes change, as a unified diff with a line of context; `""` where nothing.

    Takes two versions of a file that is UTF-8 and has as many lines in each, as fixes leave it. The
    lines are those of the file, without their ends and as somebody wrote them: a terminal must not
    get them as they are.
    """
    old, new = (
        split_lines(data.decode("utf-8").removeprefix(document.BOM)) for data in (before, after)
    )
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
