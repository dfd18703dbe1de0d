"""Read branch, upstream and ongoing merges of a repository from its plain files.

No git runs. Commits are walked only when HEAD or the upstream has moved, and `WALK_LIMIT` of them
at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heappop, heappush
from pathlib import Path
from typing import Final

from tldash.history.git_config import GitConfig, find_upstream, parse_config
from tldash.history.git_history import GitHistory, NoHistory
from tldash.history.git_packs import ObjectError
from tldash.model.repository import Ongoing, RepositoryStatus
from tldash.storage.git_files import GitFiles, NoRepository, Repository, find_repository
from tldash.storage.safe_open import Unreadable

WALK_LIMIT: Final = 2_000
"""Commits that are read to count what one branch has and another has not."""
_CONFIG_LIMIT: Final = 1 << 20
_SMALL: Final = 4096
_MARKS: Final[tuple[tuple[str, Ongoing], ...]] = (
    ("rebase-merge/head-name", "rebasing"),
    ("rebase-merge/onto", "rebasing"),
    ("rebase-apply/next", "rebasing"),
    ("MERGE_HEAD", "merging"),
    ("CHERRY_PICK_HEAD", "cherry-picking"),
    ("REVERT_HEAD", "reverting"),
    ("BISECT_LOG", "bisecting"),
)
"""Files that git keeps while it does something, the most telling first."""


class StatusReader:
    """Reads the status of the repository around a folder, again and again."""

    def __init__(self, folder: Path) -> None:
        """`folder` is a real path."""
        self._folder = folder
        self._repository: Repository | None = None
        self._history: GitHistory | None = None
        self._counted: tuple[tuple[str, str], tuple[int, int] | None] | None = None

    def read(self) -> RepositoryStatus | None:
        """Return the status; None if there is no repository, or it cannot be read."""
        try:
            if self._repository is None or self._history is None:
                self._repository = find_repository(self._folder)
                self._history = GitHistory(self._repository)
            return self._read(self._repository, self._history)
        except (NoRepository, ObjectError, Unreadable, OSError):
            self._repository = self._history = None
            return None

    def _read(self, repository: Repository, history: GitHistory) -> RepositoryStatus:
        branch = read_branch(repository)
        head = history.head()
        commit = "" if isinstance(head, NoHistory) else head
        ongoing = find_ongoing(repository)
        upstream = find_upstream(read_config(repository), branch) if branch else None
        theirs = history.read_ref(upstream.tracking) if upstream is not None else None
        if not commit or theirs is None:
            return RepositoryStatus(branch, commit, ongoing=ongoing)
        pair = commit, theirs
        if self._counted is None or self._counted[0] != pair:
            self._counted = pair, _count(history, commit, theirs)
        ahead, behind = self._counted[1] or (None, None)
        return RepositoryStatus(branch, commit, ahead, behind, ongoing)


def _count(history: GitHistory, ours: str, theirs: str) -> tuple[int, int] | None:
    """As `count_apart`; None for an upstream whose commits cannot be read."""
    try:
        return count_apart(history, ours, theirs)
    except ObjectError:
        return None


def read_branch(repository: Repository) -> str:
    """Return the branch that is checked out; empty if HEAD is detached. Raises `Unreadable`."""
    data = GitFiles(repository).read_own("HEAD", _SMALL) or b""
    text = data.decode("utf-8", "surrogateescape").strip()
    ref = text.removeprefix("ref:").strip()
    return ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") and ref != text else ""


def read_config(repository: Repository) -> GitConfig:
    """Return the settings in the repository's own config. Raises `Unreadable`."""
    return parse_config(GitFiles(repository).read("config", _CONFIG_LIMIT) or b"")


def find_ongoing(repository: Repository) -> Ongoing:
    """Return what git has not finished. Raises `Unreadable`."""
    files = GitFiles(repository)
    found = (what for mark, what in _MARKS if files.read_own(mark, _CONFIG_LIMIT) is not None)
    return next(found, "")


def count_apart(history: GitHistory, ours: str, theirs: str) -> tuple[int, int] | None:
    """Return how many commits each of two has that the other does not have.

    None if there are too many to count. Walks from the newest commit to older ones, and ends when
    all that are left belong to both. Raises ObjectError.
    """
    mine, yours = 1, 2
    sides = {ours: mine}
    sides[theirs] = sides.get(theirs, 0) | yours
    waiting: list[tuple[int, str]] = []
    _push(history, waiting, sides)
    seen: dict[str, int] = {}
    while any(sides[name] != mine | yours for _, name in waiting):
        if len(seen) >= WALK_LIMIT:
            return None
        _, name = heappop(waiting)
        side = seen[name] = sides[name]
        for parent in history.parents(history.commit(name)):
            known = sides.get(parent.name, 0)
            if known | side != known:
                sides[parent.name] = known | side
                _push(history, waiting, [parent.name])
    only = [sides[name] for name in sides]
    return only.count(mine), only.count(yours)


def _push(history: GitHistory, waiting: list[tuple[int, str]], names: Iterable[str]) -> None:
    for name in names:
        heappush(waiting, (-history.commit(name).committer_time, name))
