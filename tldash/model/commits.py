"""Commits of a folder's history, with the leads that they changed."""

from __future__ import annotations

from datetime import datetime

from tldash.model.frozen import frozen
from tldash.model.records import Workspace


@frozen
class Version:
    """What a commit changed since one of its parents."""

    parent: str
    """The name of the parent; empty for the first commit."""
    before: Workspace
    """The changed leads as the parent has them, without those that it does not have."""
    after: Workspace
    """The same leads as the commit has them."""


@frozen
class FolderCommit:
    """A commit, or the files on disk, which are newer than all commits."""

    name: str
    """Its SHA-1; empty for the files on disk."""
    author: str
    """The author's name; empty for the files on disk."""
    when: datetime | None
    """When the author made it, in the time zone that was asked for. None for the files on disk."""
    versions: tuple[Version, ...] = ()
    """A version for each parent that counts."""
    same: tuple[str, ...] = ()
    """Names of the parents that have the same content. Then there are no versions."""
