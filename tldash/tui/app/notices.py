"""Notices about the results of edits, undo and redo."""

from __future__ import annotations

from tldash.editing.edits import AddTask, Edit, PutText, describe, path_of
from tldash.service.results import (
    EditFailed,
    EditsApplied,
    EditWritten,
    SessionEdited,
    UndoApplied,
    UndoFailed,
)
from tldash.tui.widgets.bars import Notice


def edits_applied(result: EditsApplied, note: str = "", done: str = "") -> Notice:
    """Describe what was done, or how many edits failed and the key that lists them.

    `note` is what the request left out, and why. `done` describes what was done.
    """
    written = [one for one in result.outcomes if isinstance(one, EditWritten)]
    failed = [one for one in result.outcomes if isinstance(one, EditFailed)]
    total = len(result.outcomes)
    also = f"; {note}" if note else ""
    if failed and total == 1:
        return not_done(failed[0].message, failed[0].found, also)
    if failed:
        return Notice(f"{len(written)} of {total} done; {len(failed)} failed: w{also}", bad=True)
    warning = next((f" · {one.warning}" for one in written if one.warning), "")
    followed = next((f" · next in {one.followed_in}" for one in written if one.followed_in), "")
    already = "already " if all(one.already for one in written) else ""
    what = done or describe([one.edit for one in written])
    return Notice(f"{already}{what}{followed}{warning}{also}", bad=bool(note))


def shared(edit: Edit) -> str:
    """Say which line was moved into which shared file."""
    text = edit.text if isinstance(edit, AddTask | PutText) else describe([edit])
    return f"shared in {path_of(edit)}: {text}"


def session_edited(result: SessionEdited) -> Notice:
    """Say what happened to a session, and what else names its old day and was not updated."""
    if result.error:
        return Notice(result.error, bad=True)
    left_out = f"; not updated: {'; '.join(result.left_out)}" if result.left_out else ""
    return Notice(f"{result.what}{left_out}", bad=bool(left_out))


def undo_applied(result: UndoApplied) -> Notice:
    """Describe what was undone, redone or discarded, and how many edits of the batch were not."""
    if not result.failed:
        return Notice(f"{result.step}: {result.what}")
    where = "w" if result.failed[0].entry is not None else result.failed[0].message
    return Notice(f"{result.step}: {result.what}; {len(result.failed)} failed: {where}", bad=True)


def undo_failed(result: UndoFailed) -> Notice:
    """Say why nothing was undone or redone."""
    if result.entry is None:
        return Notice(result.message, bad=True)
    return not_done(result.message, result.found)


def not_done(why: str, now: str = "", also: str = "") -> Notice:
    """Say why an edit failed, and how its line reads now."""
    line = f" · now: {now.strip()}" if now.strip() else ""
    return Notice(f"failed, {why}{line}{also}", bad=True)
