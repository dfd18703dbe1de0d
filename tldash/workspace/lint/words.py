"""What a word may have been meant as, and problems at the key of a document.

Shared by the doubts about sessions, task items and leads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tldash.formats.file_record import FileRecord
from tldash.model.records import Fix, Problem, Severity
from tldash.model.spelling import is_one_edit_apart


def problem(  # noqa: PLR0913, PLR0917 - a problem has this many parts
    file: FileRecord,
    key: str,
    severity: Severity,
    code: str,
    message: str,
    hint: str,
    fix: Fix | None = None,
) -> Problem:
    """A problem at a key of a file's front matter; at its first line where the key is not there."""
    return Problem(file.path, file.line_of(key), 1, severity, code, message, hint, fix)


def value_fix(word: str, known: Iterable[str]) -> Fix | None:
    """The fix of a word of a value: the one known word that is a slip away from it."""
    meant = meant_by(word.lower(), known)
    return Fix(0, word, meant[0]) if len(meant) == 1 else None


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """A hint: the known word that is closest, or all of them."""
    import difflib  # only for what is wrong

    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.7)
    return f"did you mean '{close[0]}'?" if close else f"write one of {', '.join(known)}"


def meant_by(word: str, known: Iterable[str]) -> list[str]:
    """The known words that are one slip away from `word`; none of a short one, which many are."""
    return [name for name in known if is_one_edit_apart(word, name)] if len(word) > 3 else []
