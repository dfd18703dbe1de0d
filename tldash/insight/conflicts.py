"""Find the files in conflict by their problems."""

from __future__ import annotations

from itertools import chain
from typing import Final

from tldash.model.records import Lead, Workspace

CONFLICT_CODES: Final = ("merge-conflict", "conflict-copy", "conflict-in-code")
"""The codes of problems of which the two versions can be compared."""


def is_in_conflict(path: str, lead: Lead, workspace: Workspace) -> bool:
    """Return whether a file of a lead has conflict markers or a conflict copy."""
    return any(
        problem.code in CONFLICT_CODES and path in (problem.path, problem.about)
        for problem in chain(lead.problems, workspace.problems)
    )
