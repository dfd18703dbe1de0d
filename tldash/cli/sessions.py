"""Commands that move a session, cancel it, mark it as missed, or reopen it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from tldash.cli.common import (
    current_time,
    fail,
    make_path_formatter,
    open_folders,
    today_option,
    warn_of_lost_undo,
)
from tldash.cli.edits import find_file

if TYPE_CHECKING:
    from tldash.model.records import Lead, Session, SessionStatus
    from tldash.workspace.folders import Folders
    from tldash.workspace.sessions import SessionChanged

path_argument = click.argument("path", metavar="PATH")


@click.command("move-session")
@path_argument
@click.argument("day", metavar="DAY")
@today_option
def move_session(path: str, day: str, today: date | None) -> None:
    """Move the session in the file PATH to DAY.

    DAY may have a time: 2026-12-04, "fri 16:00", "1 dec 9.30", 17:30. Without one, the session
    keeps its time. Renames the file if its name carries the date, and updates date: in it, next: in
    the session before, and the due dates of actions that are due by this session. One tldash undo
    restores all of that. Prints the path of the file. Exits 1 if the day is taken or the file
    cannot be changed.
    """
    from tldash.editing.edits import Refused
    from tldash.model.dates import format_exact, format_relative, is_past, to_local
    from tldash.model.natural_dates import parse_when
    from tldash.model.sanitize import sanitize
    from tldash.workspace import sessions

    now = current_time(today)
    opened, lead, session = _find_session(path)
    wanted = parse_when(day, now.date(), to_local(session.at, now))
    if wanted is None:
        raise click.BadParameter(
            f"'{day}' is not a day; write 2026-12-01, fri 16:00, in 2 weeks or 1 dec 9.30",
            param_hint="DAY",
        )
    try:
        done = sessions.move_session(opened, lead.id, session.place, wanted, now)
    except Refused as error:
        fail(f"not moved: {error.message}")
    _report(opened, done)
    moved = _find_by_path(opened, lead.id, done.path)
    if moved is not None:
        here = to_local(moved.at, now)
        when = f"{format_exact(moved.at, now)}, {format_relative(here.day, now.date())}"
        past = ", which is in the past" if is_past(moved.at, now) else ""
        click.echo(sanitize(f"{lead.name}: {when}{past}"), err=True)


@click.command("cancel-session")
@path_argument
@today_option
def cancel_session(path: str, today: date | None) -> None:
    """Mark the session in the file PATH as cancelled.

    Writes status: cancelled. Exits 1 if it is cancelled already or the file cannot be changed.
    """
    from tldash.model.records import SessionStatus

    _set_status(path, SessionStatus.CANCELLED, current_time(today))


@click.command("miss-session")
@path_argument
@today_option
def miss_session(path: str, today: date | None) -> None:
    """Mark the session in the file PATH as missed.

    Writes status: missed. Exits 1 if it is still to come, or the file cannot be changed.
    """
    from tldash.model.records import SessionStatus

    _set_status(path, SessionStatus.MISSED, current_time(today))


@click.command("reopen-session")
@path_argument
@today_option
def reopen_session(path: str, today: date | None) -> None:
    """Remove the status of the session in the file PATH, so that its day decides again.

    Exits 1 if it has no status, or the file cannot be changed.
    """
    _set_status(path, None, current_time(today))


def _set_status(path: str, status: SessionStatus | None, now: datetime) -> None:
    from tldash.editing.edits import Refused
    from tldash.workspace import sessions

    opened, lead, session = _find_session(path)
    try:
        done = sessions.set_status(opened, lead.id, session.place, status, now)
    except Refused as error:
        fail(f"not changed: {error.message}")
    _report(opened, done)


def _find_session(path: str) -> tuple[Folders, Lead, Session]:
    root, inside = find_file(path)
    opened = open_folders((str(root),))
    listed = opened.find_listed(inside)
    for lead in opened.workspace.leads:
        if (found := _find_by_path(opened, lead.id, listed)) is not None:
            return opened, lead, found
    return fail(f"{path} is not the file of a session")


def _find_by_path(opened: Folders, lead_id: str, path: str) -> Session | None:
    lead = opened.workspace.find_lead(lead_id)
    return next((one for one in lead.sessions if one.path == path), None) if lead else None


def _report(opened: Folders, done: SessionChanged) -> None:
    from tldash.model.sanitize import sanitize

    click.echo(sanitize(make_path_formatter(opened)(done.path)))
    click.echo(sanitize(done.what), err=True)
    for one in done.left_out:
        click.echo(sanitize(f"tldash: not updated: {one}"), err=True)
    warn_of_lost_undo(opened)
