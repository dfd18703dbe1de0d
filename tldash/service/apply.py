"""Apply edits, undo and redo to the opened folders, and return outcomes instead of raising.

Runs on the files thread. The first edit imports it: the first screen does not need it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tldash.editing.edits import Edit, FileEdit, Refused, Remove
from tldash.editing.splice import NotAsLeft
from tldash.history.journal import Entry, NothingLeft
from tldash.service.results import (
    EditFailed,
    EditsApplied,
    EditWritten,
    LineShared,
    Outcome,
    UndoApplied,
    UndoFailed,
    UndoStep,
)
from tldash.storage.write import WriteRefused

if TYPE_CHECKING:
    from tldash.workspace.folders import Folders
    from tldash.workspace.undo import UndoResult


def apply_edits(
    folders: Folders, edits: Sequence[Edit], batch: str = "", removal: Edit | None = None
) -> EditsApplied | LineShared:
    """Apply each edit on its own: one that fails does not stop the others.

    Goes through a file from its last line up, because edits name equal lines by their position
    (`Task.occurrence`, the n-th of m). An edit below changes only m for the lines above. A
    repeating item without a date leaves an equal line in its place, so m stays as it was. The only
    edit may write a private line whose `removal` follows.
    """
    if removal is not None:
        return _share(folders, removal, edits[0])
    outcomes: dict[int, Outcome] = {}
    gone: dict[tuple[str, str], int] = {}
    for index in sorted(range(len(edits)), key=lambda index: _line(edits[index]), reverse=True):
        edit = edits[index]
        if isinstance(edit, FileEdit):
            outcomes[index] = _apply(folders, edit, batch)
            continue
        same = edit.task.path, edit.task.raw
        place, of = edit.task.occurrence
        now = replace(edit, task=replace(edit.task, occurrence=(place, of - gone.get(same, 0))))
        outcomes[index] = outcome = _apply(folders, now, batch)
        left = folders.find_task(edit.task.path, edit.task.line)
        repeated = left is not None and left.raw == edit.task.raw and not isinstance(edit, Remove)
        if isinstance(outcome, EditWritten) and not outcome.already and not repeated:
            gone[same] = gone.get(same, 0) + 1
    return EditsApplied(tuple(outcomes[index] for index in range(len(edits))), batch)


def _share(folders: Folders, removal: Edit, edit: Edit) -> LineShared:
    """Write a private line into a shared file, and remove it from the private one."""
    outcome = _try(folders, edit, partial(folders.share, removal, edit))
    return LineShared(edit, outcome.message if isinstance(outcome, EditFailed) else "")


def _apply(folders: Folders, edit: Edit, batch: str) -> Outcome:
    return _try(folders, edit, lambda: folders.edit(edit, batch))


def _try(folders: Folders, edit: Edit, call: Callable[[], object]) -> Outcome:
    """Call what applies an edit, and return the outcome."""
    try:
        call()
    except Refused as error:
        if error.already:
            return EditWritten(edit, already=True)
        return EditFailed(edit, error.message, error.found, error.code)
    except WriteRefused as error:
        hint = f": {error.hint}" if error.hint else ""
        kept = f" (kept: {', '.join(error.rescued)})" if error.rescued else ""
        return EditFailed(edit, f"{error.message}{hint}{kept}", "", error.code)
    warning = ""
    if (trouble := folders.undo_trouble) is not None:
        until = "can be undone only until tldash ends" if trouble.kept else "cannot be undone"
        warning = f"this edit {until}: {trouble.reason}"
    if folders.rescued:
        warning = f"somebody wrote it too: look at {', '.join(folders.rescued)}"
    return EditWritten(edit, warning=warning, followed_in=folders.followed_in)


def _line(edit: Edit) -> int:
    return 0 if isinstance(edit, FileEdit) else edit.task.line


def apply_undo(
    folders: Folders, step: UndoStep, call: Callable[[Folders], UndoResult]
) -> UndoApplied | UndoFailed:
    """Run the call of the folders that undoes, redoes or discards a batch of edits."""
    blocks = step != "redone"
    try:
        done = call(folders)
    except NothingLeft as error:
        return UndoFailed(str(error))
    except (NotAsLeft, WriteRefused) as error:
        return _failed(error, folders.next_undo() if blocks else None)
    failed = (_failed(one.error, one.entry if blocks else None) for one in done.failed)
    return UndoApplied(done.what, step, tuple(failed))


def _failed(error: NotAsLeft | WriteRefused, entry: Entry | None) -> UndoFailed:
    if isinstance(error, WriteRefused):
        return UndoFailed(error.message, entry)
    lines = (data.decode("utf-8", "replace") for data in (error.expected, error.found))
    return UndoFailed(error.message, entry, *lines)
