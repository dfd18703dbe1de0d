"""Commit what has changed in a folder, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tldash.formats.private_text import Guard
from tldash.history.git_objects import TreeEntry
from tldash.model.frozen import frozen
from tldash.storage.git_config import GitConfig
from tldash.storage.walk import printable
from tldash.sync.branch import Branch, check
from tldash.sync.changes import (
    ChangedFile,
    Changes,
    check_markers,
    check_private,
    find_changes,
)
from tldash.sync.checkout import check_filters, update_index
from tldash.sync.failure import SyncFailed
from tldash.sync.trees import find_entry, name_blob

_CONVERTED: Final = {"set", "auto", "lf", "crlf"}
"""Values of the attributes `text` and `eol` with which git changes line ends."""


@frozen
class Committed:
    """What was committed."""

    subject: str
    """Empty if there was nothing to commit."""
    left_out: tuple[str, ...]
    """Paths of files that have changed and are not committed."""


@frozen
class Rules:
    """What may be committed, and how it is described."""

    guard: Callable[[], Guard | None]
    """Returns what is kept private. Raises SyncFailed."""
    describe: Callable[[Sequence[ChangedFile]], str]
    """Returns the subject of a commit."""
    config: GitConfig
    """The settings of the repository."""


def commit(branch: Branch, folder: Path, rules: Rules, report: Callable[[str], None]) -> Committed:
    """Commit the notes of a folder that have changed, and a merge without conflicts left.

    Staged work elsewhere stays as it is, and in the index. Raises SyncFailed or Again.
    """
    merged = branch.read_merge()
    changes = find_changes(branch.git, branch.history, branch.tree, folder)
    if merged is None and changes.unmerged:
        raise SyncFailed("ongoing", "files have conflicts without a merge. Run git status.")
    nothing = Committed("", changes.left_out)
    if merged is None and not changes.files:
        return nothing
    _check(branch, changes, rules)
    report("committing")
    tree = _write_tree(branch, changes, merging=merged is not None)
    if merged is None and tree == branch.tree:
        return nothing
    subject = rules.describe(changes.files) if merged is None else f"merge into {branch.name}"
    made = branch.write_commit(tree, (branch.commit, merged), subject)
    with branch.git.not_stopped():
        _put(branch, changes)
        branch.git.run("update-index", "-q", "--refresh")
        branch.move(made, subject)
        if merged is not None:
            branch.end_merge()
    return Committed(subject, changes.left_out)


def _check(branch: Branch, changes: Changes, rules: Rules) -> None:
    """Raise SyncFailed if these changes cannot or must not be committed."""
    _check_unmerged(branch, changes)
    check_markers(changes, branch.history)
    _check_line_ends(branch, changes, rules.config)
    check_filters(branch.git, [file.path for file in changes.files])
    check_private(changes, rules.guard())
    branch.check_identity()


def _check_unmerged(branch: Branch, changes: Changes) -> None:
    """Raise SyncFailed for a conflict in a file that is none of the notes, or in use."""
    for path in _list_unmerged(branch):
        inside = branch.find_note(path)
        if not inside or inside in changes.left_out:
            why = "is open in another program" if inside else "is none of the notes"
            raise SyncFailed(
                "conflict",
                f"{printable(path)} has a conflict and {why}. Resolve it, run git add, and sync "
                "again.",
            )


def _list_unmerged(branch: Branch, index: Path | None = None) -> tuple[str, ...]:
    """Return the files with versions from both sides in an index."""
    listed = branch.git.run("ls-files", "-u", "-z", "--full-name", index=index).data
    entries = filter(None, listed.decode("utf-8", "surrogateescape").split("\0"))
    return tuple(dict.fromkeys(entry.partition("\t")[2] for entry in entries))


def _check_line_ends(branch: Branch, changes: Changes, config: GitConfig) -> None:
    """Raise SyncFailed if git would convert the line ends of a file."""
    found = [one.path for one in changes.files if one.data is not None and b"\r\n" in one.data]
    if not found:
        return
    git = branch.git
    said = {config.get("core", "", "autocrlf")}
    said.update(git.run("config", of, "core.autocrlf").text for of in ("--global", "--system"))
    data = "".join(f"{path}\0" for path in found).encode("utf-8", "surrogateescape")
    with git.attributes_of_repository():
        chosen = git.run("check-attr", "-z", "--stdin", "text", "eol", stdin=data)
    values = chosen.data.decode("utf-8", "surrogateescape").split("\0")[2::3]
    if said & {"true", "input"} or _CONVERTED.intersection(values):
        raise SyncFailed(
            "filter",
            f"git converts the line ends of {printable(found[0])}, which sync does not do. "
            "Commit, pull and push with git.",
        )


def _write_tree(branch: Branch, changes: Changes, *, merging: bool) -> str:
    """Write the files into the object store, and return the tree of the next commit.

    That is the last commit's with these files. With `merging` it is what the index has of the
    merge, with these files and, for conflicts resolved to it, the last commit's version.
    """
    git = branch.git
    stream = b"".join(
        b"blob\ndata %d\n%s\n" % (len(one.data), one.data)
        for one in changes.files
        if one.data is not None
    )
    if stream:
        check(git.run("fast-import", "--quiet", stdin=stream), "write objects")
    index = git.place / "index"
    if merging:
        index.write_bytes(git.index.read_bytes())
    else:
        start = branch.commit if branch.commit is not None else "--empty"
        check(git.run("read-tree", start, index=index), "read the last commit")
    _put(branch, changes, index)
    if merging:
        same = _list_unmerged(branch, index)
        update_index(git, {path: _find(branch, path) for path in same}, index=index)
    return check(git.run("write-tree", index=index), "write a tree").text


def _find(branch: Branch, path: str) -> TreeEntry | None:
    return find_entry(branch.history, branch.tree, path)


def _put(branch: Branch, changes: Changes, index: Path | None = None) -> None:
    """Write the files into an index."""
    entries = {one.path: _entry(one) for one in changes.files}
    if index is None:
        entries |= {path: _find(branch, path) for path in changes.unmerged if path not in entries}
    update_index(branch.git, entries, index=index)


def _entry(file: ChangedFile) -> TreeEntry | None:
    if file.data is None:
        return None
    return TreeEntry(file.path.rpartition("/")[2], file.mode, name_blob(file.data))
