"""Hints and fixes for misspelled words, and problems at front matter keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tldash.formats.file_record import FileRecord
from tldash.model.records import Fix, Problem, Severity
from tldash.model.spelling import is_one_edit_apart


def make_problem(  # noqa: PLR0913, PLR0917 - the parts of a problem
    file: FileRecord,
    key: str,
    severity: Severity,
    code: str,
    message: str,
    hint: str,
    fix: Fix | None = None,
) -> Problem:
    """Return a problem at a front matter key, or on line 1 if the key is missing."""
    return Problem(file.path, file.line_of(key), 1, severity, code, message, hint, fix)


def make_fix(word: str, known: Iterable[str]) -> Fix | None:
    """Return the fix of a misspelled value, if one known word is one typo away from it."""
    meant = find_corrections(word.lower(), known)
    return Fix(0, word, meant[0]) if len(meant) == 1 else None


def suggest(word: str, known: Sequence[str]) -> str:
    """Return a hint with the closest known word, or with all of them."""
    import difflib  # 2 ms, for mistakes only

    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.7)
    return f"did you mean '{close[0]}'?" if close else f"choose from {', '.join(known)}"


def find_corrections(word: str, known: Iterable[str]) -> list[str]:
    """Return the known words one typo away from `word`. None for short words: too many match."""
    return [name for name in known if is_one_edit_apart(word, name)] if len(word) > 3 else []
