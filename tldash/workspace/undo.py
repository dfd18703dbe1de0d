"""Undo and redo the edits of one batch, over all opened folders.

A journal (`tldash.history.journal`) holds the edits of one folder. One key press may edit several
files in several folders, and one undo takes all of that back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from tldash.editing.edits import summarize
from tldash.editing.splice import NotAsLeft
from tldash.history.journal import Entry, Journal, NothingLeft, Rewrite
from tldash.model.frozen import frozen
from tldash.storage.write import WriteRefused, rewrite
from tldash.workspace.root import Root

Step = Callable[[Journal, Path, Rewrite, Entry], Entry]
"""`journal.undo` or `journal.redo`."""
OpenedJournals = Sequence[tuple[Root, Journal]]
Found = tuple[Root, Journal, Entry]
"""An edit with its folder and its journal."""


@frozen
class FailedUndo:
    """An edit of a batch that could not be undone or redone."""

    entry: Entry
    error: NotAsLeft | WriteRefused


@frozen
class UndoResult:
    """The edits that were undone, redone or discarded together, with workspace paths."""

    done: tuple[Entry, ...]
    failed: tuple[FailedUndo, ...] = ()

    @property
    def what(self) -> str:
        """A description of the edits done."""
        return summarize([entry.what for entry in self.done])

    @property
    def path(self) -> str:
        """The path of the first edit done."""
        return self.done[0].path


def to_undo(opened: OpenedJournals) -> list[Found]:
    """Return the latest edit and the others of its batch, latest first. Raises NothingLeft."""
    done = [(root, edits, e) for root, edits in opened if (e := edits.last_done())]
    if not done:
        raise NothingLeft("there is no edit to undo")
    return _batch(opened, max(done, key=lambda found: found[2].when))[::-1]


def to_redo(opened: OpenedJournals) -> list[Found]:
    """Return the edits undone last, earliest edit first. Raises NothingLeft."""
    undone = [(root, edits, e) for root, edits in opened if (e := edits.last_undone())]
    if not undone:
        raise NothingLeft("there is no edit to redo")
    return _batch(opened, min(undone, key=lambda found: found[2].when))


def _batch(opened: OpenedJournals, found: Found) -> list[Found]:
    if not found[2].batch:
        return [found]
    batch: dict[str, Found] = {}
    for root, journal in opened:
        for entry in journal.batch_of(found[2]):
            batch.setdefault(entry.id, (root, journal, entry))
    return [*batch.values()]


def carry_out(step: Step, found: Iterable[Found]) -> UndoResult:
    """Undo or redo as many of these edits as possible.

    Raises the error of the first edit if every one failed, and NothingLeft if another process has
    just undone or redone them all.
    """
    done: list[Entry] = []
    failed: list[FailedUndo] = []
    for root, journal, entry in found:
        try:
            now = step(journal, root.path, rewrite, entry)
        except NothingLeft:
            continue
        except (NotAsLeft, WriteRefused) as error:
            failed.append(FailedUndo(_in_workspace(root, entry), error))
        else:
            done.append(_in_workspace(root, now))
    if not done:
        raise failed[0].error if failed else NothingLeft("another tldash has just done that")
    return UndoResult(tuple(done), tuple(failed))


def discard(found: Iterable[Found]) -> UndoResult:
    """Remove these edits from their journals."""
    gone = []
    for root, journal, entry in found:
        journal.discard(entry)
        gone.append(_in_workspace(root, entry))
    return UndoResult(tuple(gone))


def _in_workspace(root: Root, entry: Entry) -> Entry:
    """Return the entry with its workspace path."""
    return replace(entry, path=root.path_of(entry.path))
