"""The commits of the git repository around a folder, and the folder as they have it.

Reads the object store directly. No git runs, and no setting of the repository has any effect.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import heappop, heappush
from pathlib import Path
from typing import Final

from tldash.history.git_objects import Commit, ObjectStore, TreeEntry, is_name
from tldash.history.git_packs import ObjectError, damaged
from tldash.model.frozen import frozen
from tldash.storage.git_files import GitFiles, NoRepository, Repository, find_repository
from tldash.storage.safe_open import SIZE_LIMIT, Unreadable, is_contained
from tldash.storage.walk import ENTRY_LIMIT

_REF_LIMIT: Final = 4096
"""Bytes of HEAD and of a branch."""
_LIST_LIMIT: Final = 16 * 1024 * 1024
"""Bytes of `packed-refs` and `shallow`, which list names."""
_SYMBOLIC_LIMIT: Final = 5
"""References to a reference that are followed, as in git."""
_KEPT_ENTRIES: Final = 400_000
"""Entries of trees that are kept."""
_KEPT_COMMITS: Final = 20_000
"""Commits that are kept, at less than 1 KB each."""


@frozen
class NoHistory:
    """Why there is no history, or none of that day."""

    reason: str
    """How a sentence about the folder goes on: "it is not in a git repository"."""
    hint: str = ""
    """What to do about it, as a sentence."""

    @property
    def sentence(self) -> str:
        return f"{self.reason}. {self.hint}".rstrip()


@frozen
class BlobChange:
    """A file that a commit added, changed or removed. Links and submodules are no files."""

    path: str
    """Relative to the folder."""
    old: str | None
    """Name of the blob in the parent; None if the commit added the file."""
    new: str | None
    """Name of the blob in the commit; None if the commit removed the file."""


class GitHistory:
    """The history of a folder. Every call but `find` raises ObjectError for a damaged repository.

    It may be used on one thread at a time.
    """

    def __init__(self, repository: Repository) -> None:
        self._files = GitFiles(repository)
        self.inside = tuple(part for part in repository.inside.split("/") if part)
        """The path from the top of the work tree to the folder."""
        self._store = ObjectStore(self._files)
        self._trees: OrderedDict[str, tuple[TreeEntry, ...]] = OrderedDict()
        self._entries = 0
        self._commits: dict[str, Commit] = {}
        self._without_parents: frozenset[str] | None = None

    @staticmethod
    def find(folder: Path) -> GitHistory | NoHistory:
        """Find the history of a folder, given by its real path. Never raises."""
        try:
            return GitHistory(find_repository(folder))
        except NoRepository as error:
            return NoHistory(error.message, error.hint)

    def head(self) -> str | NoHistory:
        """Return the name of the commit that is checked out."""
        try:
            return self._resolve()
        except Unreadable as error:
            raise damaged(f"its branches cannot be read ({error.message})") from error

    def _resolve(self) -> str | NoHistory:
        ref = "HEAD"
        for _ in range(_SYMBOLIC_LIMIT):
            own = ref == "HEAD"
            data = self._files.read_own(ref, _REF_LIMIT) if own else self._read_ref(ref)
            if data is None:
                return NoHistory("it has no commits yet", "Commit the files first.")
            text = data.decode("utf-8", "surrogateescape").strip()
            if is_name(text):
                return text
            ref = text.removeprefix("ref:").strip()
            if ref == text or not ref.startswith("refs/") or not is_contained(ref):
                break
            if ref == "refs/heads/.invalid":
                return NoHistory("its git repository uses reftable, which tldash cannot read")
        raise damaged("HEAD leads to no commit; if it uses SHA-256, tldash cannot read it")

    def _read_ref(self, ref: str) -> bytes | None:
        loose = self._files.read(ref, _REF_LIMIT)
        if loose is not None:
            return loose
        packed = self._files.read("packed-refs", _LIST_LIMIT) or b""
        wanted = ref.encode("utf-8", "surrogateescape")
        for line in packed.split(b"\n"):
            name, _, of = line.rstrip().partition(b" ")
            if of == wanted:
                return name
        return None

    def _shallow(self) -> frozenset[str]:
        """Return the commits whose parents a shallow clone does not have. Read once."""
        if self._without_parents is None:
            try:
                listed = self._files.read("shallow", _LIST_LIMIT) or b""
            except Unreadable as error:
                raise damaged(
                    f"its list of shallow commits cannot be read ({error.message})"
                ) from error
            self._without_parents = frozenset(listed.decode("latin-1").split())
        return self._without_parents

    def read_ref(self, ref: str) -> str | None:
        """Return the name of the commit that a ref has; None if there is no such ref.

        A ref that refers to another one counts as none. Raises `Unreadable`.
        """
        if not is_contained(ref):
            return None
        text = (self._read_ref(ref) or b"").decode("latin-1").strip()
        return text if is_name(text) else None

    def last(self) -> Commit | NoHistory:
        """Return the commit that is checked out."""
        head = self.head()
        return head if isinstance(head, NoHistory) else self.commit(head)

    def is_cut_off(self, commit: Commit) -> bool:
        """Whether the commit has parents that a shallow clone does not have."""
        return bool(commit.parents) and commit.name in self._shallow()

    def commits(self, start: Commit | None = None) -> Iterator[Commit]:
        """Yield all commits that HEAD, or `start`, leads to, by committer time, newest first.

        Ends where a shallow clone ends.
        """
        if start is None:
            head = self.last()
            if isinstance(head, NoHistory):
                return
            start = head
        seen = {start.name}
        waiting = [(-start.committer_time, 0, start)]
        while waiting:
            _, _, commit = heappop(waiting)
            yield commit
            for name in () if self.is_cut_off(commit) else commit.parents:
                if name not in seen:
                    seen.add(name)
                    parent = self.commit(name)
                    heappush(waiting, (-parent.committer_time, len(seen), parent))

    def parents(self, commit: Commit) -> tuple[Commit, ...]:
        """Return the parents of a commit; none where a shallow clone ends."""
        names = () if self.is_cut_off(commit) else dict.fromkeys(commit.parents)
        return tuple(map(self.commit, names))

    def commit(self, name: str) -> Commit:
        """Read a commit, which is kept for the next call."""
        found = self._commits.get(name)
        if found is None:
            if len(self._commits) >= _KEPT_COMMITS:
                self._commits.clear()
            found = self._commits[name] = self._store.commit(name)
        return found

    def commit_as_of(self, moment: datetime) -> Commit | NoHistory:
        """Return the commit that the current branch had at a moment.

        That is the first one, from HEAD along the first parents, whose committer time is not
        later. `moment` has the time zone in which the answer gives dates.
        """
        commit = self.last()
        if isinstance(commit, NoHistory):
            return commit
        until = moment.timestamp()
        while commit.committer_time > until:
            if self.is_cut_off(commit):
                first = _day(commit, moment)
                return NoHistory(
                    f"this clone has no history before {first}, it is a shallow one",
                    "Run git fetch --unshallow in it.",
                )
            if not commit.parents:
                return NoHistory(
                    f"its first commit is of {_day(commit, moment)}", "Choose that day or a later."
                )
            commit = self._store.commit(commit.parents[0])
        return commit

    def folder(self, commit: Commit) -> str | None:
        """Return the name of the tree of the folder; None if the commit does not have it."""
        return self.subtree(commit.tree, self.inside)

    def subtree(self, tree: str, parts: Iterable[str]) -> str | None:
        """Return the name of the tree at a path below another tree; None if it is not there."""
        for part in parts:
            found = next((one for one in self.tree(tree) if one.name == part), None)
            if found is None or not found.is_tree:
                return None
            tree = found.id
        return tree

    def tree(self, name: str) -> tuple[TreeEntry, ...]:
        """Return the entries of a tree, which is kept for the next call."""
        found = self._trees.get(name)
        if found is not None:
            self._trees.move_to_end(name)
            return found
        found = self._store.tree(name)
        self._trees[name] = found
        self._entries += len(found)
        while self._entries > _KEPT_ENTRIES and len(self._trees) > 1:
            self._entries -= len(self._trees.popitem(last=False)[1])
        return found

    def read(self, blob: str, limit: int = SIZE_LIMIT) -> bytes:
        """Return the bytes of a blob. Raises ObjectError, `too-large` beyond `limit` bytes."""
        return self._store.blob(blob, limit)

    def changes(self, old: str | None, new: str | None) -> tuple[BlobChange, ...]:
        """Return the files that differ between two trees of the folder, by path.

        The trees are what `folder` returned.
        """
        found: list[BlobChange] = []
        waiting = [("", old, new)]
        left = ENTRY_LIMIT
        while waiting:
            prefix, before, after = waiting.pop()
            if before == after:
                continue
            olds = {one.name: one for one in self.tree(before)} if before else {}
            news = {one.name: one for one in self.tree(after)} if after else {}
            left -= len(olds) + len(news)
            if left < 0:
                raise ObjectError("too-large", "a commit changes too many files")
            for name in olds.keys() | news.keys():
                one, other = olds.get(name), news.get(name)
                if one and other and one.id == other.id and one.mode == other.mode:
                    continue  # nearly all entries
                path = prefix + name
                old_tree, old_blob = _split(one)
                new_tree, new_blob = _split(other)
                if old_tree or new_tree:
                    waiting.append((f"{path}/", old_tree, new_tree))
                if old_blob != new_blob:
                    found.append(BlobChange(path, old_blob, new_blob))
        return tuple(sorted(found, key=lambda change: change.path))


def _split(entry: TreeEntry | None) -> tuple[str | None, str | None]:
    """Return the name of the tree, and of the blob of a file, that an entry stands for."""
    if entry is None:
        return None, None
    return (entry.id if entry.is_tree else None), (entry.id if entry.is_file else None)


def _day(commit: Commit, moment: datetime) -> str:
    return str(datetime.fromtimestamp(commit.committer_time, moment.tzinfo).date())
