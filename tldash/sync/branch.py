"""The branch that is checked out: read it, make commits for it, and move it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tldash.history.git_history import GitHistory, NoHistory
from tldash.history.git_status import read_branch
from tldash.storage import git_lock
from tldash.storage.git_files import Repository
from tldash.sync.checkout import Again
from tldash.sync.failure import SyncFailed, explain
from tldash.sync.git import Git, Output
from tldash.sync.trees import NOTHING, find_inside, is_readable_name

_MERGE_FILES: Final = ("MERGE_HEAD", "MERGE_MSG", "MERGE_MODE", "AUTO_MERGE")
"""What git keeps of a merge that is not committed. The first one says that there is one."""
_PLAN: Final = "tldash-merge"
"""A file of ours beside them, with the two commits whose merge is being written to the files."""


class Branch:
    """A branch, as it was when this was made, and as `move` has left it."""

    def __init__(self, git: Git, repository: Repository, name: str) -> None:
        """Read it. Raises ObjectError."""
        self.git = git
        self.history = GitHistory(repository)
        self.name = name
        self._repository = repository
        self._prefix = "".join(f"{part}/" for part in self.history.inside)
        head = self.history.head()
        self.commit: str | None = None if isinstance(head, NoHistory) else head
        """The commit that is checked out; None before the first one."""

    @property
    def tree(self) -> str | None:
        """The tree of that commit, of the whole repository."""
        return self.history.commit(self.commit).tree if self.commit is not None else None

    @property
    def is_shallow(self) -> bool:
        return (self._repository.own / "shallow").exists()

    def find_note(self, path: str) -> str:
        """Return a path relative to the folder if it is that of a note, else an empty string."""
        inside = find_inside(path, self._prefix)
        return inside if inside and is_readable_name(inside) else ""

    def check_identity(self) -> None:
        """Raise SyncFailed if git does not know who commits."""
        if self.git.run("var", "GIT_COMMITTER_IDENT").code:
            raise SyncFailed(
                "no-identity",
                "git does not know who you are. Run git config --global user.name NAME, and the "
                "same for user.email.",
            )

    def write_commit(self, tree: str, parents: Iterable[str | None], subject: str) -> str:
        """Write a commit, and return its name. Nothing refers to it yet."""
        options = [part for parent in parents if parent is not None for part in ("-p", parent)]
        text = f"{subject}\n".encode("utf-8", "surrogateescape")
        return check(self.git.run("commit-tree", tree, *options, stdin=text), "commit").text

    def move(self, commit: str, subject: str) -> None:
        """Let the branch have a commit. Raises Again if somebody has moved it meanwhile."""
        if read_branch(self._repository) != self.name:
            raise SyncFailed("git", "another branch was checked out meanwhile. Sync again.")
        old = self.commit or NOTHING
        done = self.git.run(
            "update-ref", "-m", f"tldash sync: {subject}", f"refs/heads/{self.name}", commit, old
        )
        if done.code and ("is at" in done.errors or "but expected" in done.errors):
            raise Again
        check(done, "move the branch")
        self.commit = commit

    # A merge that is not committed

    def read_merge(self) -> str | None:
        """Return the commit that is being merged; None if there is none. Raises SyncFailed."""
        names = (self._read("MERGE_HEAD") or b"").decode("ascii", "replace").split()
        if len(names) > 1:
            raise SyncFailed("ongoing", "a merge of several branches is under way. Finish it first")
        return names[0] if names else None

    def begin_merge(self, commit: str, subject: str) -> None:
        """Write that a merge is under way."""
        self._write("MERGE_MSG", f"{subject}\n".encode())
        self._write("MERGE_MODE", b"")
        self._write("MERGE_HEAD", f"{commit}\n".encode())

    def end_merge(self) -> None:
        """Remove what says that a merge is under way."""
        for name in _MERGE_FILES:
            self._write(name, None)

    # A merge that is being written

    def plan_merge(self, theirs: str) -> None:
        """Write that the files are about to become those of the merge with a commit."""
        self._write(_PLAN, f"{self.commit or NOTHING} {theirs}\n".encode())

    def read_plan(self) -> str | None:
        """Return the commit whose merge was not written to the end; None if there is none."""
        ours, _, theirs = (self._read(_PLAN) or b"").decode("ascii", "replace").partition(" ")
        return theirs.strip() if ours == (self.commit or NOTHING) else None

    def end_plan(self) -> None:
        """Remove what says that a merge is being written."""
        self._write(_PLAN, None)

    def _read(self, name: str) -> bytes | None:
        return git_lock.read(self._repository.own, name)

    def _write(self, name: str, data: bytes | None) -> None:
        before = self._read(name)
        if before != data:
            git_lock.replace(self._repository.own, name, before, data)


def check(output: Output, doing: str) -> Output:
    """Return what git printed. Raises SyncFailed if it failed to do something."""
    if output.code:
        raise explain(output.errors, "", doing)
    return output
