"""Undoing and redoing what was wished for in one go, over all the opened folders.

The list of edits (`tldash.history.journal`) knows one edit at a time, in one folder. People think
in key presses: what one press changed, in however many files, one press takes back.
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
"""`journal.undo` or `journal.redo`, of one edit."""
Opened = Sequence[tuple[Root, Journal]]
"""The opened folders whose edits are remembered."""
Found = tuple[Root, Journal, Entry]


@frozen
class Left:
    """An edit that could not be undone, or made again, with others of its batch."""

    entry: Entry
    error: NotAsLeft | WriteRefused


@frozen
class Taken:
    """What was undone, made again or let go in one go; the paths are those of the workspace."""

    done: tuple[Entry, ...]
    left: tuple[Left, ...] = ()

    @property
    def what(self) -> str:
        """The edits in words."""
        return summarize([entry.what for entry in self.done])

    @property
    def path(self) -> str:
        """Of the file of the first."""
        return self.done[0].path


def to_undo(opened: Opened) -> list[Found]:
    """The newest edit and those made with it, newest first. Raises NothingLeft."""
    done = [(part, edits, e) for part, edits in opened if (e := edits.last_done())]
    if not done:
        raise NothingLeft("there is no edit to undo")
    return _batch(opened, max(done, key=lambda found: found[2].when))[::-1]


def to_redo(opened: Opened) -> list[Found]:
    """The edit undone last and those undone with it, oldest first. Raises NothingLeft."""
    undone = [(part, edits, e) for part, edits in opened if (e := edits.last_undone())]
    if not undone:
        raise NothingLeft("there is no edit to redo")
    return _batch(opened, min(undone, key=lambda found: found[2].when))


def _batch(opened: Opened, found: Found) -> list[Found]:
    if not found[2].batch:
        return [found]
    seen: dict[str, Found] = {}
    for part, journal in opened:
        for entry in journal.batch_of(found[2]):
            seen.setdefault(entry.id, (part, journal, entry))
    return [*seen.values()]


def carry_out(step: Step, found: Iterable[Found]) -> Taken:
    """Undo these edits, or make them again, as far as that can be done.

    Raises what the first one was refused with where all of them were; NothingLeft where another
    process has seen to them meanwhile.
    """
    done: list[Entry] = []
    left: list[Left] = []
    for part, journal, entry in found:
        try:
            taken = step(journal, part.path, rewrite, entry)
        except NothingLeft:
            continue
        except (NotAsLeft, WriteRefused) as error:
            left.append(Left(_of(part, entry), error))
        else:
            done.append(_of(part, taken))
    if not done:
        raise left[0].error if left else NothingLeft("another tldash has just done that")
    return Taken(tuple(done), tuple(left))


def let_go(found: Iterable[Found]) -> Taken:
    """Forget these edits."""
    gone = []
    for part, journal, entry in found:
        journal.discard(entry)
        gone.append(_of(part, entry))
    return Taken(tuple(gone))


def _of(part: Root, entry: Entry) -> Entry:
    """An edit with the path of the workspace."""
    return replace(entry, path=part.path_of(entry.path))
