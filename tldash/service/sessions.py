"""Plan, move and call off sessions in the opened folders, and return results instead of raising.

Runs on the files thread, which imports it for the first such request.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tldash.create import new_files
from tldash.editing.edits import Refused
from tldash.model.records import Lead, Moment, SessionStatus
from tldash.service.results import SessionEdited, SessionPlanned
from tldash.workspace import sessions
from tldash.workspace.folders import Folders
from tldash.workspace.sessions import SessionChanged


def plan(folders: Folders, lead: Lead, at: Moment, now: datetime) -> SessionPlanned:
    """Create the file of a lead's next session."""
    try:
        return SessionPlanned(
            lead.id, new_files.create_session(folders, lead, now, at.day, at.time)
        )
    except Refused as error:
        return SessionPlanned(lead.id, "", error.message)


def move(
    folders: Folders, lead_id: str, place: str, wanted: Moment, now: datetime
) -> SessionEdited:
    """Move a session. `place` and `wanted` are those of `tldash.workspace.sessions`."""
    return _edit(
        folders, lead_id, lambda: sessions.move_session(folders, lead_id, place, wanted, now)
    )


def set_status(
    folders: Folders, lead_id: str, place: str, status: SessionStatus | None, now: datetime
) -> SessionEdited:
    """Set the status of a session, or (None) remove it."""
    return _edit(
        folders, lead_id, lambda: sessions.set_status(folders, lead_id, place, status, now)
    )


def _edit(folders: Folders, lead_id: str, call: Callable[[], SessionChanged]) -> SessionEdited:
    try:
        done = call()
    except Refused as error:
        return SessionEdited(lead_id, error=error.message)
    left_out = done.left_out
    if (trouble := folders.undo_trouble) is not None:
        left_out = (*left_out, f"the list of edits: {trouble.reason}")
    return SessionEdited(lead_id, done.old_path, done.path, done.what, left_out)
