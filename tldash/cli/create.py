"""Commands that create a folder, a lead or a session."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import date
from datetime import time as time_of_day
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tldash import launch
from tldash.cli.common import (
    current_time,
    fail,
    find_lead,
    folder_option,
    make_path_formatter,
    open_folders,
    today_option,
    warn_of_lost_undo,
)

if TYPE_CHECKING:
    from tldash.workspace.folders import Folders


class Clock(click.ParamType[time_of_day]):
    """A time as HH:MM."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> time_of_day:
        from tldash.model.dates import parse_time

        found = parse_time(str(value))
        if found is None:
            self.fail(f"'{value}' is not a time of day; write it as HH:MM", param, ctx)
        return found


@click.command()
@click.argument("folder", metavar="FOLDER")
@click.option(
    "--coach", metavar="NAME", help="The coach of every lead without a coach of their own."
)
@click.option("--lead", "name", metavar="NAME", help="Create a first lead with this name.")
@today_option
def init(folder: str, coach: str | None, name: str | None, today: date | None) -> None:
    """Create a folder of leads with a tldash.yaml.

    FOLDER may exist; its files stay as they are. Prints the created files. Exits 1 if it already
    has a tldash.yaml, or cannot be written.
    """
    from tldash.create import new_files, templates
    from tldash.editing.edits import Refused

    try:
        if name is not None:
            templates.folder_name(name, ())  # raises Refused before a file is created
        file = new_files.create_settings(Path(folder), coach)
    except Refused as error:
        fail(f"not created: {error.message}")
    opened = launch.open_or_exit([file.parent])
    opened.read()
    _print_paths(opened, [file.name])
    if name is None:
        _print_next_step(opened, "new lead NAME")
    else:
        _create_lead(opened, name, current_time(today).date())


@click.group()
def new() -> None:
    """Create the files of a new lead or of the next session. Never overwrites a file."""


@new.command()
@click.argument("name", metavar="NAME")
@click.option("--folder", metavar="FOLDER", help="The folder of leads to create it in.")
@click.option("--coach", metavar="NAME", help="The coach, if not the folder's.")
@click.option("--cadence", metavar="CADENCE", help="How often they meet: weekly, 3 weeks, ad hoc.")
@today_option
def lead(
    name: str, folder: str | None, coach: str | None, cadence: str | None, today: date | None
) -> None:
    """Create a folder for a new lead, with a lead.md and a skills.md.

    Prints the created files. Exits 1 if a lead already has that name, the folder belongs to a
    single lead, or it cannot be written.
    """
    opened = launch.open_or_exit(launch.choose_roots((folder,) if folder else ()))
    opened.read()
    _create_lead(opened, name, current_time(today).date(), coach, cadence)


@new.command()
@click.argument("name", metavar="LEAD")
@click.option("--date", "given", metavar="DAY", help="The day: 2026-12-01, fri 16:00, in 2 weeks.")
@click.option("--time", "clock", type=Clock(), metavar="HH:MM", help="The time.")
@folder_option
@today_option
def session(
    name: str,
    given: str | None,
    clock: time_of_day | None,
    folders: tuple[str, ...],
    today: date | None,
) -> None:
    """Create the file of LEAD's next session, with its agenda and questions as comments.

    LEAD is a folder, name or first name. Without --date, the day is the one under next: in the
    last session, or else one cadence after it, but never in the past. Prints the created file.
    Exits 1 if that day already has a session, one is planned and no day is given, or the file
    cannot be written.
    """
    from tldash.create import new_files
    from tldash.editing.edits import Refused
    from tldash.model.dates import format_exact, format_relative
    from tldash.model.natural_dates import parse_when
    from tldash.model.sanitize import sanitize

    now = current_time(today)
    at = None if given is None else parse_when(given, now.date())
    if given is not None and at is None:
        raise click.BadParameter(
            f"'{given}' is not a day; write 2026-12-01, fri 16:00, in 2 weeks or 1 dec",
            param_hint="--date",
        )
    day = at.day if at is not None else None
    clock = clock or (at.time if at is not None else None)
    opened = open_folders(folders)
    someone = find_lead(opened.workspace.leads, name)
    try:
        path = new_files.create_session(opened, someone, now, day, clock)
    except Refused as error:
        fail(f"not created: {error.message}")
    _print_paths(opened, [path])
    warn_of_lost_undo(opened)
    there = opened.workspace.find_lead(someone.id)
    for made in there.sessions if there else ():
        if made.path == path:
            when = f"{format_exact(made.at, now)}, {format_relative(made.at.day, now.date())}"
            click.echo(sanitize(f"{someone.name}: {when}"), err=True)


def _create_lead(
    opened: Folders, name: str, today: date, coach: str | None = None, cadence: str | None = None
) -> None:
    from tldash.create import new_files
    from tldash.create.templates import NewLead
    from tldash.editing.edits import Refused

    try:
        paths = new_files.create_lead(opened, NewLead(name, today, coach, cadence))
    except Refused as error:
        fail(f"not created: {error.message}")
    _print_paths(opened, paths)
    warn_of_lost_undo(opened)
    _print_next_step(opened, f"new session {shlex.quote(paths[0].partition('/')[0])}")


def _print_paths(opened: Folders, paths: Iterable[str]) -> None:
    """Print one path per line and nothing else, for `vim "$(tldash new session ben)"`."""
    from tldash.model.sanitize import sanitize

    place = make_path_formatter(opened)
    for path in paths:
        click.echo(sanitize(place(path)))


def _print_next_step(opened: Folders, command: str) -> None:
    """Print the next step as commands that work from the current folder."""
    from tldash.model.sanitize import sanitize

    where, at = "", ""
    if not _is_default(opened.roots[0]):
        folder = shlex.quote(str(Path(make_path_formatter(opened)("tldash.yaml")).parent))
        where, at = f" {folder}", f" --folder {folder}"
    click.echo(
        sanitize(f"next: tldash {command}{at}, or tldash{where} for the dashboard"), err=True
    )


def _is_default(root: Path) -> bool:
    """Whether commands use this folder by default."""
    try:
        return root == launch.choose_roots(())[0].expanduser().resolve()
    except (OSError, RuntimeError):  # the current folder was deleted, or `~` does not resolve
        return False
