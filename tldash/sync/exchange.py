"""Fetch the commits of others, merge them into the branch and the files, and push."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from tldash.formats.text import find_conflict
from tldash.history.git_packs import ObjectError
from tldash.history.git_status import count_apart
from tldash.model.frozen import frozen
from tldash.storage.git_config import GitConfig, Upstream
from tldash.storage.walk import printable
from tldash.sync.branch import Branch, check
from tldash.sync.changes import describe_conflicts
from tldash.sync.checkout import Again, Checkout, Stage
from tldash.sync.failure import SyncFailed, explain
from tldash.sync.git import Output, is_on_this_machine, make_ssh_variables
from tldash.sync.trees import find_entry

_MOVED: Final = re.compile(
    r"fetch first|non-fast-forward|cannot lock ref|failed to update ref|stale info|incorrect old"
)
"""What git says if others have pushed meanwhile."""


@frozen
class Target:
    """Where a branch is pushed to."""

    upstream: Upstream
    config: GitConfig
    """The settings of the repository."""


@frozen
class Exchanged:
    """How many commits came and went."""

    received: int
    sent: int


class Exchange:
    """The exchange of one branch with its upstream."""

    def __init__(
        self,
        branch: Branch,
        folder: Path,
        target: Target,
        report: Callable[[str], None],
        limit: float,
    ) -> None:
        """`limit` is for how many seconds git may talk to the remote."""
        self._branch = branch
        self._git = branch.git
        self._folder = folder
        self._config = target.config
        self._upstream = target.upstream
        self._report = report
        self._limit = limit

    def run(self) -> Exchanged:
        """Fetch, merge and push. Raises SyncFailed, or Again if others were quicker."""
        self._report("fetching")
        theirs = self._fetch()
        received = self._merge(theirs) if theirs not in (None, self._branch.commit) else 0
        commit = self._branch.commit
        if commit is None or commit == theirs:
            return Exchanged(received, 0)
        self._report("pushing")
        self._push(commit)
        return Exchanged(received, self._count(commit, theirs)[0])

    def finish(self) -> None:
        """Finish writing a merge that was killed, or that somebody's writing interrupted.

        Otherwise what came from others would be committed as the viewer's own change. That is so
        only if what was typed since does not merge with it. Raises SyncFailed for conflicts.
        """
        theirs = self._branch.read_plan()
        try:
            if theirs and self._branch.read_merge() is None:
                self._merge(theirs)
        except (Again, ObjectError, SyncFailed):
            if self._branch.read_merge() is not None:
                raise
        self._branch.end_plan()

    def _talk(self, *arguments: str) -> Output:
        """Run git with the remote."""
        variables = make_ssh_variables(self._git)
        return self._git.run(*arguments, limit=self._limit, environment=variables)

    def _served(self, program: str) -> list[str]:
        """Return the option that names the program for a remote on this machine."""
        name = self._upstream.remote
        urls = [
            one for key in ("url", "pushurl") for one in self._config.get_all("remote", name, key)
        ]
        if not any(map(is_on_this_machine, urls)):
            return []
        return [f"--{program}={self._git.served_by(program)}"]

    def _fetch(self) -> str | None:
        """Fetch the upstream, and return its commit; None if the remote does not have it."""
        upstream = self._upstream
        options = ["--no-progress", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"]
        options += ["--no-recurse-submodules", *self._served("upload-pack")]
        spec = f"{upstream.ref}:{upstream.tracking}"
        done = self._talk("fetch", *options, "--", upstream.remote, spec)
        if not done.code:
            return self._branch.history.read_ref(upstream.tracking)
        if "couldn't find remote ref" in done.errors:
            return None
        if "non-fast-forward" in done.errors:
            raise SyncFailed(
                "rejected",
                f"the history of {upstream.remote} was rewritten, and a merge would bring back "
                "what was taken out. Ask who did that, then run git pull.",
            )
        if _MOVED.search(done.errors):
            raise Again
        raise explain(done.errors, upstream.remote, f"fetch from {upstream.remote}")

    def _merge(self, theirs: str | None) -> int:
        """Merge a commit into the branch and the files, and return how many came with it."""
        branch, ours = self._branch, self._branch.commit
        if theirs is None or (ours is not None and self._is_ancestor(theirs, ours)):
            return 0
        self._report("merging")
        subject = f"merge {self._upstream.remote}/{self._upstream.ref.removeprefix('refs/heads/')}"
        stages: tuple[Stage, ...] = ()
        made, tree = theirs, branch.history.commit(theirs).tree
        if ours is not None and not self._is_ancestor(ours, theirs):
            tree, stages = self._merge_trees(ours, theirs)
            self._check_stages(tree, stages)
            branch.check_identity()
            made = branch.write_commit(tree, (ours, theirs), subject)
        before = branch.tree or check(self._git.run("mktree"), "write a tree").text
        checkout = Checkout(self._git, branch.history, self._folder, before, tree)
        checkout.check()
        received = self._count(ours, theirs)[1]
        with self._git.not_stopped():
            branch.plan_merge(theirs)
            checkout.write({stage.path for stage in stages})
            checkout.note(stages)
            if stages:
                branch.begin_merge(theirs, subject)
                branch.end_plan()
                raise SyncFailed("conflict", describe_conflicts(self._find_places(stages)))
            branch.move(made, subject)
            branch.end_plan()
        return received

    def _is_ancestor(self, one: str, other: str) -> bool:
        return self._git.run("merge-base", "--is-ancestor", one, other).code == 0

    def _count(self, ours: str | None, theirs: str | None) -> tuple[int, int]:
        """Return how many commits each side has alone; 1 where there is no other side."""
        if ours is None or theirs is None:
            return 1, 1
        return count_apart(self._branch.history, ours, theirs) or (1, 1)

    def _merge_trees(self, ours: str, theirs: str) -> tuple[str, tuple[Stage, ...]]:
        """Merge two commits: a tree, and the versions of the files with conflicts."""
        done = self._git.run("merge-tree", "--write-tree", "-z", "--no-messages", ours, theirs)
        if "unrelated histories" in done.errors:
            way = "Clone the remote, and copy your files into the clone."
            if self._branch.is_shallow:
                way = "This clone is shallow: run git fetch --unshallow, and sync again."
            raise SyncFailed("unrelated", f"the two sides have no commit in common. {way}")
        if done.code not in (0, 1):
            raise explain(done.errors, "", "merge")
        tree, *entries = done.data.decode("utf-8", "surrogateescape").split("\0")
        return tree, tuple(map(_parse_stage, filter(None, entries)))

    def _check_stages(self, tree: str, stages: Iterable[Stage]) -> None:
        """Raise SyncFailed for a conflict that cannot be left in the file, between markers."""
        numbers: dict[str, set[int]] = {}
        for stage in stages:
            numbers.setdefault(stage.path, set()).add(stage.number)
        for path, found in numbers.items():
            if self._branch.find_note(path) and not (
                found >= {2, 3} and self._has_no_markers(tree, path)
            ):
                continue
            why = "cannot be merged" if self._branch.find_note(path) else "is none of the notes"
            raise SyncFailed(
                "conflict",
                f"both sides changed {printable(path)}, which {why}. Nothing was merged. Run git "
                "pull, and resolve the conflict there.",
            )

    def _has_no_markers(self, tree: str, path: str) -> bool:
        """Whether the driver has left a file as it is on this side, since it is no text."""
        entry = find_entry(self._branch.history, tree, path)
        data = self._branch.history.read(entry.id) if entry is not None else b""
        return find_conflict(data.decode("utf-8", "replace")) is None

    def _find_places(self, stages: Iterable[Stage]) -> list[str]:
        paths = dict.fromkeys(stage.path for stage in stages)
        return [printable(self._branch.find_note(path)) for path in paths]

    def _push(self, commit: str) -> None:
        """Push a commit. Raises Again if others have pushed meanwhile."""
        upstream = self._upstream
        options = ["--porcelain", "--no-verify", "--no-signed", "--recurse-submodules=no"]
        options += self._served("receive-pack")
        done = self._talk("push", *options, "--", upstream.remote, f"{commit}:{upstream.ref}")
        if not done.code:
            return
        said = f"{done.text}\n{done.errors}"
        if _MOVED.search(said):
            raise Again
        raise explain(said, upstream.remote, f"push to {upstream.remote}")


def _parse_stage(entry: str) -> Stage:
    about, _, path = entry.partition("\t")
    mode, name, number = about.split(" ")
    return Stage(mode, name, int(number), path)
