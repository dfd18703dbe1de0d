"""Say who can read a file."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

from tldash.model.readers import Readers
from tldash.model.records import Problem, Severity

MOST_NAMES: Final = 3
"""Remotes that are named; the others are counted."""
NOBODY_ELSE: Final = "only you can read it"
CODE: Final = "readable"


def describe_readers(readers: Readers) -> str:
    """Return who can read a file besides administrators, as in `readable by users of this machine`.

    Those who are most come first. Never claims that fewer can than is known: empty if nothing is.
    """
    parts = []
    if readers.is_tracked:
        shown = [*readers.remotes[:MOST_NAMES]]
        if more := len(readers.remotes) - len(shown):
            shown.append(f"{more} more")
        parts.append("everyone with the repository" + (f" ({', '.join(shown)})" if shown else ""))
    if readers.synced:
        parts.append(f"everyone it is synced with ({readers.synced})")
    if readers.users:
        parts.append("users of this machine")
    elif len(readers.named) == 1:
        parts.append(f"the two of you: you and {readers.named[0]}")
    elif readers.named:
        parts.append(f"you, {', '.join(readers.named)}")
    elif readers.group:
        parts.append(f"the group {readers.group}")
    if not parts and readers.is_known:
        return NOBODY_ELSE
    return f"readable by {', '.join(parts)}" if parts else ""


def find_readable(folder: Path, readers: Readers) -> Problem | None:
    """Return the problem that all users of this machine can read a shared folder, if they can."""
    if not readers.users:
        return None
    message = "other users of this machine can read these notes"
    hint = f"if they should not, run chmod o= {shlex.quote(str(folder))}"
    return Problem(str(folder), 1, 1, Severity.WARNING, CODE, message, hint)
