"""Move sessions, and set their status, in the opened folders. Each call is one undo.

A session moves as a whole or not at all: its file is renamed, and its date is updated in it. What
else names its day follows if it can: the `next` date of the session before, and the due dates of
actions that are due by this session.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from secrets import token_hex
from typing import Final

from tldash.editing import patch
from tldash.editing.edits import UNRESOLVED_MERGE, Edit, Refused, SetDate, SetField
from tldash.editing.front import read_field
from tldash.formats.text import NotText, find_conflict
from tldash.insight.moving import (
    SessionMove,
    check_status,
    find_moved_topics,
    find_promised,
    plan_move,
)
from tldash.insight.private import find_companions
from tldash.model.dates import format_plain, parse_moment, restyle_moment
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Moment, Session, SessionStatus
from tldash.storage.safe_open import Unreadable
from tldash.storage.write import WriteRefused
from tldash.workspace.folders import Folders

_CHANGES: Final = {
    SessionStatus.CANCELLED: "cancelled",
    SessionStatus.MISSED: "missed",
    SessionStatus.HELD: "held",
    SessionStatus.PLANNED: "planned",
    None: "reopened",
}


@frozen
class SessionChanged:
    """A session was moved, or got another status."""

    lead_id: str
    old_path: str
    """The path of its file before; empty if it has none."""
    path: str
    what: str
    left_out: tuple[str, ...] = ()
    """What else names the old day and could not be changed, and why."""


def move_session(
    folders: Folders, lead_id: str, place: str, wanted: Moment, now: datetime
) -> SessionChanged:
    """Move a session to another day or time.

    Args:
        folders: The opened folders.
        lead_id: The id of the lead.
        place: `Session.place`; empty for the next session, if it has no file.
        wanted: The new moment in the viewer's time zone. Without a time, the session keeps its own.
        now: The current time.

    Raises:
        Refused: Nothing was written.
    """
    lead, session = _find(folders, lead_id, place)
    move = plan_move(lead, session, wanted, now)
    if isinstance(move, str):
        raise Refused("move", move)
    what = f"moved to {format_plain(move.at)}: session of {lead.name} on {move.was.day}"
    batch = token_hex(8)
    own = find_companions(folders.workspace, lead, session) if session is not None else []
    if session is not None:
        _move_file(folders, move, session, what, batch)
    elif move.promiser is not None:
        _apply(folders, _next_edit(folders, move, move.promiser), what, batch)
    left_out = [*_update_due(folders, lead_id, move, what, batch)]
    if session is not None:
        left_out[:0] = _update_next(folders, move, what, batch)
    left_out += _move_private(folders, move, own, what, batch)
    old = session.path if session is not None else ""
    return SessionChanged(lead_id, old, move.path, what, tuple(left_out))


def follow_plan(folders: Folders, lead_id: str, move: SessionMove, what: str, batch: str) -> None:
    """Update what names the day of a next session that was planned on another day after all."""
    for _ in (
        *_update_next(folders, move, what, batch),
        *_update_due(folders, lead_id, move, what, batch),
    ):
        pass  # the new file is what was asked for


def set_status(
    folders: Folders, lead_id: str, place: str, status: SessionStatus | None, now: datetime
) -> SessionChanged:
    """Set the status of a session, or (None) remove it. Raises Refused."""
    lead, session = _find(folders, lead_id, place)
    if session is None:
        raise Refused("gone", f"the next session with {lead.name} has no file")
    if why := check_status(session, status, now):
        raise Refused("status", why)
    what = f"{_CHANGES[status]}: session of {lead.name} on {session.at.day}"
    was = _read(folders, session.path, "status")
    value = status.value if status is not None else None
    _apply(folders, SetField(session.path, "status", value, was), what, token_hex(8))
    return SessionChanged(lead_id, session.path, session.path, what)


def _find(folders: Folders, lead_id: str, place: str) -> tuple[Lead, Session | None]:
    lead = folders.workspace.find_lead(lead_id)
    if lead is None:
        raise Refused("gone", "this lead is no longer in the folder")
    if not place:
        return lead, None
    session = next((one for one in lead.sessions if one.place == place), None)
    if session is None:
        raise Refused("gone", f"{place} is no longer in the folder")
    return lead, session


def _move_file(
    folders: Folders, move: SessionMove, session: Session, what: str, batch: str
) -> None:
    """Rename the file and update its date, or leave both as they are."""
    edits = list(_date_edits(folders, move, session))
    for edit in edits:
        _try(folders, edit)
    try:
        if move.name:
            folders.rename(session.path, move.name, what, batch)
        for edit in edits:
            here = SetField(move.path, edit.key, edit.value, edit.was)
            _apply(folders, here, what, batch)
    except (Refused, WriteRefused) as error:
        folders.roll_back(batch)
        raise _refusal(error) from error


def _move_private(
    folders: Folders, move: SessionMove, own: Sequence[Session], what: str, batch: str
) -> Iterator[str]:
    """Move the private files about a session along with it. Yield what failed, and why.

    Their names are those of private files alone, and so is the history of this.
    """
    for one in own:
        folder, _, name = one.path.rpartition("/")
        new = name.replace(one.at.day.isoformat(), move.at.day.isoformat())
        try:
            for edit in _date_edits(folders, replace(move, was=one.at, name=""), one):
                if edit.key != "date" or edit.was is not None:
                    _apply(folders, edit, what, batch)
            if new != name:
                folders.rename(one.path, new, what, batch)
        except (Refused, WriteRefused) as error:
            yield f"your private {folder.partition('/')[2]}/{name}: {_refusal(error).message}"


def _date_edits(folders: Folders, move: SessionMove, session: Session) -> Iterator[SetField]:
    """Yield the edits of the file: its date, its time if that has a key of its own, its status."""
    path, was, at = session.path, move.was, move.at
    written, clock = _read(folders, path, "date"), _read(folders, path, "time")
    own_time = clock is not None and parse_moment(str(written)) == Moment(was.day)
    if written is None:
        if not move.name or at.time != was.time:
            yield SetField(path, "date", format_plain(at), None)
    elif own_time and at.time is not None:
        yield from _date_edit(path, written, Moment(was.day), Moment(at.day))
        if at.time != was.time:
            yield SetField(path, "time", f"{at.time:%H:%M}", clock)
    else:
        yield from _date_edit(path, written, was, at)
    if move.reopens:
        yield SetField(path, "status", None, _read(folders, path, "status"))


def _date_edit(path: str, written: object, was: Moment, at: Moment) -> Iterator[SetField]:
    new = restyle_moment(_text(written), was, at)
    if new is None:
        raise Refused("unclear", f"date: in {path} does not say {was.day}; look at it first")
    yield SetField(path, "date", new, written)


def _text(written: object) -> str:
    """Return a value as text. A wiki link without quotes is a list in a list to YAML."""
    match written:
        case [str(inside)]:
            return f"[[{inside.strip('[]').strip(chr(39))}]]"
    return str(written)


def _next_edit(folders: Folders, move: SessionMove, promiser: Session) -> SetField:
    """Return the edit of the `next` date of the session before."""
    written = _read(folders, promiser.path, "next")
    new = restyle_moment(_text(written), promiser.next or move.was, move.at)
    if new is None:
        raise Refused("unclear", f"next: in {promiser.path} was changed meanwhile")
    return SetField(promiser.path, "next", new, written)


def _update_next(folders: Folders, move: SessionMove, what: str, batch: str) -> Iterator[str]:
    """Update the `next` date of the session before. Yield why that failed, if it did."""
    if move.promiser is not None:
        try:
            _apply(folders, _next_edit(folders, move, move.promiser), what, batch)
        except Refused as error:
            yield f"next: in {move.promiser.path}: {error.message}"


def _update_due(
    folders: Folders, lead_id: str, move: SessionMove, what: str, batch: str
) -> Iterator[str]:
    """Update the due dates of what is due by the session. Yield what failed, and why."""
    if move.at.day == move.was.day:
        return
    failed: set[str] = set()
    while True:
        # From the last line up, read again each time: an edit may change how equal lines count.
        lead = folders.workspace.find_lead(lead_id)
        if lead is None:
            return
        was, day = move.was.day, move.at.day
        found = [SetDate(task, "scheduled", day) for task in find_moved_topics(lead, was)]
        found += [SetDate(task, "due", day, by_session=True) for task in find_promised(lead, was)]
        left = [edit for edit in found if edit.task.raw not in failed]
        if not left:
            return
        edit = left[-1]
        try:
            _apply(folders, edit, what, batch)
        except Refused as error:
            failed.add(edit.task.raw)
            yield f"{edit.task.text}: {error.message}"


def _read(folders: Folders, path: str, key: str) -> object:
    try:
        text = folders.read_text(path)
        if find_conflict(text) is not None:
            raise Refused("merge-conflict", UNRESOLVED_MERGE)
        return read_field(text, path, key)
    except (Unreadable, NotText) as error:
        raise Refused("unreadable", f"{path}: {error.message}") from error


def _try(folders: Folders, edit: SetField) -> None:
    """Raise Refused if an edit would be refused."""
    try:
        patch.apply(edit, folders.read_text(edit.path).encode("utf-8"))
    except (Unreadable, NotText) as error:
        raise Refused("unreadable", f"{edit.path}: {error.message}") from error


def _apply(folders: Folders, edit: Edit, what: str, batch: str) -> None:
    try:
        folders.edit(edit, batch, what)
    except WriteRefused as error:
        raise _refusal(error) from error


def _refusal(error: Refused | WriteRefused) -> Refused:
    if isinstance(error, Refused):
        return error
    return Refused(error.code, f"{error.message}{f'; {error.hint}' if error.hint else ''}")
