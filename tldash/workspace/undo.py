"""Undo and redo the edits of one batch, over all opened folders.

A journal (`tldash.history.journal`) holds the edits of one folder. One key press may edit several
files in several folders, and one undo takes all of that back.

A batch that created, renamed or removed files is undone as a whole or not at all. It is tried in
memory first, and what was done is reversed if another program interferes with the rest.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum
from functools import partial
from pathlib import Path

from tldash.editing import splice as splices
from tldash.editing.edits import summarize
from tldash.editing.splice import NotAsLeft
from tldash.history import journal as journals
from tldash.history.journal import (
    Created,
    Entry,
    Journal,
    NothingLeft,
    Removed,
    Renamed,
    concerns_file,
)
from tldash.model.frozen import frozen
from tldash.storage.safe_open import Unreadable, read_bytes
from tldash.storage.write import WriteRefused
from tldash.workspace.root import Root

OpenedJournals = Sequence[tuple[Root, Journal]]
Found = tuple[Root, Journal, Entry]
"""An edit with its folder and its journal."""


class Step(Enum):
    """What is done to the edits of a batch, and its reverse."""

    UNDO = partial(journals.undo)
    REDO = partial(journals.redo)

    @property
    def reverse(self) -> Step:
        """The step that reverses this one."""
        return Step.REDO if self is Step.UNDO else Step.UNDO


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
        described = [entry.what for entry in self.done]
        if any(map(concerns_file, self.done)):
            described = [*dict.fromkeys(described)]
        return summarize(described)

    @property
    def path(self) -> str:
        """The path of the first edit done."""
        return self.done[0].path


def to_undo(opened: OpenedJournals) -> list[Found]:
    """Return the latest edit and the others of its batch, latest first. Raises NothingLeft."""
    done = [(root, edits, e) for root, edits in opened if (e := edits.last_done())]
    if not done:
        raise NothingLeft("there is no edit to undo")
    return batch_of(opened, max(done, key=lambda found: found[2].when))[::-1]


def to_redo(opened: OpenedJournals) -> list[Found]:
    """Return the edits undone last, earliest edit first. Raises NothingLeft."""
    undone = [(root, edits, e) for root, edits in opened if (e := edits.last_undone())]
    if not undone:
        raise NothingLeft("there is no edit to redo")
    return batch_of(opened, min(undone, key=lambda found: found[2].when))


def batch_of(opened: OpenedJournals, found: Found) -> list[Found]:
    """Return the edits of the same batch that are in the same state, the earliest first."""
    if not found[2].batch:
        return [found]
    batch: dict[str, Found] = {}
    for root, journal in opened:
        for entry in journal.batch_of(found[2]):
            batch.setdefault(entry.id, (root, journal, entry))
    return [*batch.values()]


def carry_out(step: Step, found: Sequence[Found]) -> UndoResult:
    """Undo or redo as many of these edits as possible; all or none if one concerns a whole file.

    Raises the error of the first edit if every one failed, and NothingLeft if another process has
    just undone or redone them all.
    """
    whole = concerns_files(found)
    if whole:
        _Rehearsal(step).run(found)
    done: list[Found] = []
    failed: list[FailedUndo] = []
    for root, journal, entry in found:
        try:
            now = step.value(journal, root.path, entry)
        except NothingLeft:
            continue
        except (NotAsLeft, WriteRefused) as error:
            if whole and _reverse(step, done):
                raise
            failed.append(FailedUndo(_in_workspace(root, entry), error))
            if whole:
                break
        else:
            done.append((root, journal, now))
    if not done:
        raise failed[0].error if failed else NothingLeft("another tldash has just done that")
    return UndoResult(tuple(_in_workspace(root, now) for root, _, now in done), tuple(failed))


def concerns_files(found: Iterable[Found]) -> bool:
    """Whether one of these edits created, renamed or removed a file."""
    return any(concerns_file(entry) for _, _, entry in found)


def _reverse(step: Step, done: Sequence[Found]) -> bool:
    """Reverse what was done of a batch; False if another program has changed that as well."""
    try:
        for root, journal, entry in reversed(done):
            step.reverse.value(journal, root.path, entry)
    except (NothingLeft, NotAsLeft, WriteRefused):
        return False
    return True


class _Rehearsal:
    """Undoes or redoes edits in memory. Raises the NotAsLeft or WriteRefused that writing would."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._files: dict[Path, bytes | None] = {}

    def run(self, found: Iterable[Found]) -> None:
        """Undo or redo the edits in this order."""
        for root, _, entry in found:
            undoes = self._step is Step.UNDO
            match entry.change:
                case Created(data):
                    self._create(root, entry.path, data, undoes)
                case Removed(data):
                    self._create(root, entry.path, data, not undoes)
                case Renamed() if undoes:
                    self._rename(root, entry.new_path, entry.path)
                case Renamed():
                    self._rename(root, entry.path, entry.new_path)
                case splice:
                    apply = splices.undo if undoes else splices.redo
                    data = apply(splice, self._demand(root, entry.path))
                    self._files[root.path / entry.path] = data

    def _create(self, root: Root, path: str, data: bytes, removes: bool) -> None:
        if not removes:
            self._demand_free(root, path)
        elif self._demand(root, path) != data:
            raise WriteRefused("changed", f"{path} has been changed since")
        self._files[root.path / path] = None if removes else data

    def _rename(self, root: Root, old: str, new: str) -> None:
        data = self._demand(root, old)
        self._demand_free(root, new)
        self._files[root.path / old], self._files[root.path / new] = None, data

    def _demand_free(self, root: Root, path: str) -> None:
        file = root.path / path
        there = self._files[file] is not None if file in self._files else os.path.lexists(file)
        if there:
            raise WriteRefused("exists", f"there is a file {path} again")

    def _demand(self, root: Root, path: str) -> bytes:
        file = root.path / path
        data = self._files[file] if file in self._files else _read(root, path)
        if data is None:
            raise WriteRefused("gone", f"{path} no longer exists")
        return data


def _read(root: Root, inside: str) -> bytes:
    try:
        return read_bytes(root.path, inside)
    except Unreadable as error:
        raise WriteRefused(error.code, f"{inside}: {error.message}", error.hint) from error


def discard(found: Iterable[Found]) -> UndoResult:
    """Remove these edits from their journals, the latest first."""
    gone = []
    for root, journal, entry in found:
        journal.discard(entry)
        gone.append(_in_workspace(root, entry))
    return UndoResult(tuple(gone))


def _in_workspace(root: Root, entry: Entry) -> Entry:
    """Return the entry with its workspace path."""
    return replace(entry, path=root.path_of(entry.path))
