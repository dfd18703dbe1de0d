"""The command that prints what happened."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

import click

from tldash.cli.common import (
    Day,
    common,
    current_time,
    fail,
    find_lead,
    json_option,
    make_locator,
    open_folders,
    print_json,
    print_text,
)

if TYPE_CHECKING:
    from tldash.activity.log import LoggedEvent
    from tldash.workspace.folders import Folders

COMMITS: Final = 50
"""Commits that are printed unless a day is given."""


@click.command()
@common
@json_option
@click.option(
    "--lead", "name", metavar="LEAD", help="Only for this lead (folder, name or first name)."
)
@click.option(
    "--since",
    type=Day(),
    metavar="DATE",
    help=f"Print what happened from DATE on (YYYY-MM-DD), not in the last {COMMITS} commits.",
)
def log(
    folders: tuple[str, ...],
    today: date | None,
    as_json: bool,
    name: str | None,
    since: date | None,
) -> None:
    """Print what happened, when, and who did it, from the history of git, latest first.

    Each line has the day, the time, the author, the lead and what happened. Changes that are not
    committed yet are not listed. git itself is not run.
    """
    opened, now = open_folders(folders), current_time(today)
    leads = opened.workspace.leads
    lead_id = None if name is None else find_lead(leads, name).id
    found, trouble = _read(opened, now, since, lead_id)
    if as_json:
        locate = make_locator(opened)
        print_json([_to_json(one, *locate(one.event.path)) for one in found])
    elif found:
        print_text(_format(found))
    if trouble and not found:
        fail(trouble)
    if trouble:
        from tldash.model.sanitize import sanitize

        click.echo(sanitize(f"tldash: the log ends here: {trouble}"), err=True)


def _read(
    opened: Folders, now: datetime, since: date | None, lead_id: str | None
) -> tuple[list[LoggedEvent], str]:
    """Return the events, and why the history ends before the day that was asked for, if so."""
    from itertools import islice

    from tldash.activity.log import list_events
    from tldash.storage.source import SourceError

    found: list[LoggedEvent] = []
    wanted = opened.commits(now, since, lead_id)
    try:
        for commit in wanted if since is not None else islice(wanted, COMMITS):
            events = list_events(commit)
            found += (one for one in events if lead_id in (None, one.event.lead_id))
    except SourceError as error:
        return found, str(error)
    return found, ""


def _format(found: list[LoggedEvent]) -> str:
    from tldash.activity.describe import describe_event
    from tldash.output.report import format_table

    rows = []
    for one in found:
        moment = f"{one.when:%Y-%m-%d %H:%M}" if one.when else ""
        rows.append([moment, one.author, one.lead, describe_event(one.event)])
    return format_table(rows)


def _to_json(one: LoggedEvent, folder: str, inside: str) -> dict[str, object]:
    from tldash.activity.describe import describe_event

    event = one.event
    return {
        "when": one.when.isoformat() if one.when else None,
        "author": one.author,
        "commit": one.commit,
        "lead": event.lead_id,
        "lead_name": one.lead,
        "kind": event.kind,
        "text": event.text,
        "detail": event.detail,
        "subject": event.subject,
        "folder": folder,
        "path": inside,
        "line": event.line,
        "what": describe_event(event),
    }
