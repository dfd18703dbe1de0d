"""Read branch, upstream and ongoing merges of a repository from its plain files.

No git runs. Commits are walked only when HEAD or the upstream has moved, and `WALK_LIMIT` of them
at most.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from heapq import heappop, heappush
from pathlib import Path
from typing import Final

from tldash.history.git_history import GitHistory, NoHistory
from tldash.history.git_packs import ObjectError
from tldash.model.repository import Ongoing, RepositoryStatus
from tldash.storage.git_config import GitConfig, find_upstream, parse_config
from tldash.storage.git_files import GitFiles, NoRepository, Repository, find_repository
from tldash.storage.safe_open import Unreadable

WALK_LIMIT: Final = 2_000
"""Commits that are read to count what one branch has and another has not."""
SLOP: Final = 3600
"""Seconds by which the clocks of those who commit may differ."""
_OURS, _THEIRS, _BOTH = 1, 2, 3
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
    data = GitFiles(repository).read_own("HEAD", _SMALL)
    if data is None:
        raise Unreadable("gone", "HEAD is missing")
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
    all that are left belong to both and are older by `SLOP`, since clocks differ. Raises
    ObjectError.
    """
    sides = {ours: _OURS}
    sides[theirs] = sides.get(theirs, 0) | _THEIRS
    waiting: list[tuple[int, str]] = []
    _push(history, waiting, sides)
    walked: dict[str, int] = {}
    oldest = history.commit(ours).committer_time if ours != theirs else None
    while waiting:
        apart = _is_apart(waiting, sides, walked)
        if len(walked) >= WALK_LIMIT and apart:
            return None
        if len(walked) >= WALK_LIMIT or not (apart or _is_near(waiting, oldest)):
            break
        time, name = heappop(waiting)
        if walked.get(name) == sides[name]:
            continue
        side = walked[name] = sides[name]
        if side != _BOTH and oldest is not None:
            oldest = min(oldest, -time)
        for parent in history.parents(history.commit(name)):
            known = sides.get(parent.name, 0)
            if known | side != known:
                sides[parent.name] = known | side
                _push(history, waiting, [parent.name])
    only = [*sides.values()]
    return only.count(_OURS), only.count(_THEIRS)


def _is_apart(
    waiting: Iterable[tuple[int, str]], sides: Mapping[str, int], walked: Container[str]
) -> bool:
    """Whether a commit waits that belongs to one side, or that was walked as one of those."""
    return any(sides[name] != _BOTH or name in walked for _, name in waiting)


def _is_near(waiting: Sequence[tuple[int, str]], oldest: int | None) -> bool:
    """Whether the next commit may lead to one of a single side that was walked before it."""
    return oldest is not None and -waiting[0][0] >= oldest - SLOP


def _push(history: GitHistory, waiting: list[tuple[int, str]], names: Iterable[str]) -> None:
    for name in names:
        heappush(waiting, (-history.commit(name).committer_time, name))
