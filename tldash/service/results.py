"""What came of a wish: the edits that the files thread makes, and its words about them.

Called on the thread that owns the folders (`tldash.service.service`) and answered as values, so
that nothing that goes wrong with a file is an exception on a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tldash.editing.edits import Edit, FileEdit, Refused
from tldash.model.frozen import frozen

if TYPE_CHECKING:
    from tldash.editing.splice import NotAsLeft
    from tldash.history.journal import Entry
    from tldash.storage.write import WriteRefused
    from tldash.workspace.folders import Folders
    from tldash.workspace.undo import Taken


@frozen
class Written:
    """A wish came true, or was true already."""

    edit: Edit
    already: bool
    trouble: str = ""
    """What the viewer should know: that it can be undone only for a while, or what was kept beside
    the file; mostly empty."""


@frozen
class NotWritten:
    """A wish that could not be carried out; nothing was changed."""

    edit: Edit
    message: str
    found: str
    """The line as it stands now, where one was found."""


@frozen
class Several:
    """What came of edits that were wished for in one go, in that order."""

    answers: tuple[Written | NotWritten, ...]
    batch: str


@frozen
class TakenBack:
    """An edit was undone, or made again, or (where it could not be undone) let go."""

    what: str
    """The edit in words."""
    how: str
    """"undone", "done again" or "let go"."""
    left: tuple[NotTakenBack, ...] = ()
    """Those of the same batch that were not."""


@frozen
class NotTakenBack:
    """Nothing was undone or made again, and nothing changed."""

    message: str
    entry: Entry | None = None
    """The edit that stands in the way of undoing those before it, if one does."""
    expected: str = ""
    """What the edit had left there."""
    found: str = ""
    """What stands there now."""


def edited(folders: Folders, edit: Edit, batch: str = "") -> Written | NotWritten:
    """Make an edit."""
    from tldash.storage.write import WriteRefused

    try:
        folders.edit(edit, batch)
    except Refused as error:
        if error.already:
            return Written(edit, already=True)
        return NotWritten(edit, error.message, error.found)
    except WriteRefused as error:
        hint = f": {error.hint}" if error.hint else ""
        kept = f" (kept: {', '.join(error.rescued)})" if error.rescued else ""
        return NotWritten(edit, f"{error.message}{hint}{kept}", "")
    trouble = folders.trouble
    if folders.rescued:
        trouble = f"somebody wrote it too: look at {', '.join(folders.rescued)}"
    return Written(edit, already=False, trouble=trouble)


def edited_all(folders: Folders, edits: Sequence[Edit], batch: str) -> Several:
    """Make several edits in one go, each for itself: one that is refused stops no other.

    From the last line of a file up, so that lines that read the same keep their places: an edited
    one reads the same no more, and all that changes for those above it is how many they are. Of one
    that repeats without a date there are as many as before: in its place stands the next one.
    """
    answers: dict[int, Written | NotWritten] = {}
    gone: dict[tuple[str, str], int] = {}
    for index in sorted(range(len(edits)), key=lambda index: _line(edits[index]), reverse=True):
        edit = edits[index]
        if isinstance(edit, FileEdit):
            answers[index] = edited(folders, edit, batch)
            continue
        same = edit.task.path, edit.task.raw
        place, of = edit.task.twin
        now = replace(edit, task=replace(edit.task, twin=(place, of - gone.get(same, 0))))
        answers[index] = answer = edited(folders, now, batch)
        left = folders.task_at(edit.task.path, edit.task.line)
        repeated = left is not None and left.raw == edit.task.raw
        if isinstance(answer, Written) and not answer.already and not repeated:
            gone[same] = gone.get(same, 0) + 1
    return Several(tuple(answers[index] for index in range(len(edits))), batch)


def _line(edit: Edit) -> int:
    return 0 if isinstance(edit, FileEdit) else edit.task.line


def taken(folders: Folders, how: str, step: Callable[[Folders], Taken]) -> TakenBack | NotTakenBack:
    """Undo, make again, or let go: `step` is the call of the folders that does it."""
    from tldash.editing.splice import NotAsLeft
    from tldash.history.journal import NothingLeft
    from tldash.storage.write import WriteRefused

    forward = how == "done again"
    try:
        done = step(folders)
    except NothingLeft as error:
        return NotTakenBack(str(error))
    except (NotAsLeft, WriteRefused) as error:
        return _left(error, None if forward else folders.newest())
    left = (_left(one.error, None if forward else one.entry) for one in done.left)
    return TakenBack(done.what, how, tuple(left))


def _left(error: NotAsLeft | WriteRefused, entry: Entry | None) -> NotTakenBack:
    from tldash.storage.write import WriteRefused

    if isinstance(error, WriteRefused):
        return NotTakenBack(error.message, entry)
    lines = (data.decode("utf-8", "replace") for data in (error.expected, error.found))
    return NotTakenBack(error.message, entry, *lines)
