"""Bring the files on disk from one commit to another, without overwriting what anybody writes.

The notes of the folder are written by `tldash.storage.write`: under a lease, and only over the
content that the last commit has. What was typed since is merged with what comes in, or stops the
sync. Other files of the repository are checked out by git, which refuses to overwrite changes.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Final

from tldash.history.git_history import GitHistory
from tldash.history.git_objects import TreeEntry
from tldash.merging.merge import NotText, merge
from tldash.model.frozen import frozen
from tldash.storage.safe_open import Unreadable, read_bytes
from tldash.storage.walk import printable
from tldash.storage.write import WriteRefused, create, remove, rewrite
from tldash.sync.failure import SyncFailed, explain
from tldash.sync.git import Git
from tldash.sync.trees import (
    NOTHING,
    find_entry,
    find_inside,
    is_file_or_nothing,
    is_link,
    is_readable_name,
)

_NO_FILTER: Final = ("unspecified", "unset")


class Again(Exception):
    """Somebody wrote a file while it was being updated. Another sync will do."""


@frozen
class Update:
    """A note that another commit has another version of."""

    path: str
    """Relative to the top of the work tree."""
    inside: str
    """Relative to the folder."""
    old: TreeEntry | None
    new: TreeEntry | None


@frozen
class Stage:
    """A version of a file from both sides, as the index has it: 1 base, 2 ours, 3 theirs."""

    mode: str
    id: str
    number: int
    path: str


class Checkout:
    """The way from one tree to another."""

    def __init__(self, git: Git, history: GitHistory, folder: Path, old: str, new: str) -> None:
        """`old` and `new` are names of trees of the whole repository. Raises ObjectError."""
        self._git = git
        self._history = history
        self._folder = folder
        self._old = old
        prefix = "".join(f"{part}/" for part in history.inside)
        self.updates = tuple(_find_updates(history, prefix, old, new))
        """The notes to write."""
        self._rest = self._make_rest(new)
        """A tree with everything from the new one but the notes."""

    def check(self) -> None:
        """Raise SyncFailed if something is in the way. Writes nothing but objects."""
        for update in self.updates:
            if is_link(self._folder, update.inside):
                raise _in_the_way(update.inside, "is a link here")
            self._plan(update)
        if self._rest == self._old:
            return
        listed = self._git.run("diff-tree", "-r", "-z", "--name-only", self._old, self._rest)
        check_filters(self._git, listed.data.decode("utf-8", "surrogateescape").split("\0"))
        self._git.run("update-index", "-q", "--refresh")
        tried = self._git.run("read-tree", "-n", "-m", "-u", self._old, self._rest)
        if tried.code:
            raise _explain_checkout(tried.errors)

    def _plan(self, update: Update) -> bytes | None:
        """Return what a note will be; None for none. Raises SyncFailed or Again."""
        old = self._history.read(update.old.id) if update.old is not None else None
        new = self._history.read(update.new.id) if update.new is not None else None
        try:
            now = read_bytes(self._folder, update.inside)
        except Unreadable as error:
            if error.code != "gone":
                raise _in_the_way(update.inside, error.message) from error
            now = None
        if now in (old, new):
            return new
        if old is None and now is not None:
            raise _in_the_way(update.inside, "is not in git here, and the others have added one")
        if now is None or new is None:
            raise Again
        return _merge(old or b"", now, new, update.inside)

    def write(self, last: Container[str]) -> None:
        """Write all files. Raises Again or SyncFailed where somebody else writes.

        Those with the paths `last` are written at the end, and removed ones before them. So there
        are no conflict markers in a file if one of the others could not be written.
        """
        if self._rest != self._old:
            done = self._git.run_with_lock("read-tree", "-m", "-u", self._old, self._rest)
            if done.code:
                raise _explain_checkout(done.errors)
        order = sorted(self.updates, key=lambda one: (one.path in last, one.new is None))
        for update in order:
            try:
                self._write(update)
            except WriteRefused as error:
                if error.code in ("gone", "exists", "changed", "busy"):
                    raise Again from error
                why = f"{error.message}. {error.hint}".rstrip(". ")
                raise _in_the_way(update.inside, why) from error

    def _write(self, update: Update) -> None:
        inside = update.inside
        new = self._plan(update)
        if new is None:
            if update.old is not None and (self._folder / inside).exists():
                expected = self._history.read(update.old.id)
                remove(self._folder, inside, expected, inside.count("/"))
        elif not (self._folder / inside).exists():
            create(self._folder, inside, new)
        else:
            rewrite(self._folder, inside, lambda now: self._change(update, now))

    def _change(self, update: Update, now: bytes) -> bytes:
        """Return a note with what comes in, for whatever it is at the last moment."""
        old = self._history.read(update.old.id) if update.old is not None else b""
        new = self._history.read(update.new.id) if update.new is not None else b""
        return new if now in (old, new) else _merge(old, now, new, update.inside)

    def note(self, stages: Iterable[Stage]) -> None:
        """Write the notes into the index; those from both sides with their versions."""
        apart: dict[str, list[Stage]] = {}
        for stage in stages:
            apart.setdefault(stage.path, []).append(stage)
        entries = {update.path: update.new for update in self.updates if update.path not in apart}
        update_index(self._git, entries, [one for some in apart.values() for one in some])
        self._git.run("update-index", "-q", "--refresh")

    def _make_rest(self, new: str) -> str:
        """Return the new tree with the old notes."""
        index = self._git.place / "rest"
        self._git.run("read-tree", new, index=index)
        update_index(self._git, {one.path: one.old for one in self.updates}, index=index)
        return self._git.run("write-tree", index=index).text


def _find_updates(history: GitHistory, prefix: str, old: str, new: str) -> Iterable[Update]:
    """Yield the notes of the folder that differ. What is no plain file is git's affair."""
    for change in history.changes(old, new):
        inside = find_inside(change.path, prefix)
        before, after = (find_entry(history, tree, change.path) for tree in (old, new))
        plain = is_file_or_nothing(before) and is_file_or_nothing(after)
        same_mode = before is None or after is None or before.mode == after.mode
        usual = before is not None or after is None or not after.mode & 0o111
        if inside and is_readable_name(inside) and plain and same_mode and usual:
            yield Update(change.path, inside, before, after)


def _merge(old: bytes, now: bytes, new: bytes, inside: str) -> bytes:
    """Merge what was typed since the commit with what comes in. Raises Again for a conflict."""
    try:
        merged = merge(old, now, new, inside)
    except NotText as error:
        raise Again from error
    if merged.conflicts:
        raise Again
    return merged.data


def update_index(
    git: Git,
    entries: Mapping[str, TreeEntry | None],
    stages: Iterable[Stage] = (),
    index: Path | None = None,
) -> None:
    """Replace entries of an index; None removes one. Raises SyncFailed, `locked` among others."""
    lines = [f"0 {NOTHING}\t{path}" for path in entries]
    lines += [f"{one.mode:o} {one.id}\t{path}" for path, one in entries.items() if one is not None]
    staged = [*stages]
    lines += [f"0 {NOTHING}\t{path}" for path in dict.fromkeys(one.path for one in staged)]
    lines += [f"{one.mode} {one.id} {one.number}\t{one.path}" for one in staged]
    data = "".join(f"{line}\0" for line in lines).encode("utf-8", "surrogateescape")
    done = git.run_with_lock("update-index", "-z", "--index-info", stdin=data, index=index)
    if done.code:
        raise explain(done.errors, "", "update its index")


def check_filters(git: Git, paths: Iterable[str]) -> None:
    """Raise SyncFailed if the attributes of the folder choose a filter for one of the paths.

    With git-crypt or Git LFS, what is on disk is not what may be committed.
    """
    data = "".join(f"{path}\0" for path in paths if path)
    if not data:
        return
    with git.attributes_of_repository():
        found = git.run(
            "check-attr", "-z", "--stdin", "filter", "working-tree-encoding", "ident",
            stdin=data.encode("utf-8", "surrogateescape"),
        )  # fmt: skip
    fields = found.data.decode("utf-8", "surrogateescape").split("\0")
    for path, name, value in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
        if value not in _NO_FILTER:
            raise SyncFailed(
                "filter",
                f"{printable(path)} has the attribute {name}={value}, which sync does not apply. "
                "Commit, pull and push with git.",
            )


def _in_the_way(path: str, why: str) -> SyncFailed:
    return SyncFailed(
        "in-the-way", f"{printable(path)} {why}. Move it away or commit it, and sync again."
    )


def _explain_checkout(errors: str) -> SyncFailed:
    if "index.lock" in errors:
        return explain(errors, "", "check out")
    lines = [line.strip() for line in errors.split("\n") if line.strip()]
    said = next((line for line in lines if line.startswith("error:")), "".join(lines[:1]))
    return SyncFailed(
        "in-the-way",
        "files beside the notes have changes that would be overwritten "
        f"({said.removeprefix('error: ')[:120]}). Commit or stash them with git, and sync again.",
    )
