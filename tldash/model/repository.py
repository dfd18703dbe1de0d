"""The state of the git repository around a folder, as the title bar shows it."""

from __future__ import annotations

from typing import Literal

from tldash.model.frozen import frozen

Ongoing = Literal["", "merging", "rebasing", "cherry-picking", "reverting", "bisecting"]
"""What git was asked to do and has not finished."""


@frozen
class RepositoryStatus:
    """Where a folder is in its repository."""

    branch: str = ""
    """The name of the branch; empty if HEAD is detached."""
    commit: str = ""
    """The name of the commit that is checked out; empty if there is none."""
    ahead: int | None = None
    """How many commits the upstream does not have; None if that is unknown."""
    behind: int | None = None
    """How many commits of the upstream are missing here, as far as they were fetched."""
    ongoing: Ongoing = ""
