"""The commands that make what is not there yet: a folder, a lead, a session."""

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
    find_lead,
    folder_option,
    open_folders,
    placer,
    refuse,
    this_moment,
    today_option,
)

if TYPE_CHECKING:
    from tldash.workspace.folders import Folders


class Clock(click.ParamType[time_of_day]):
    """A time of day as HH:MM."""

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
@click.option("--coach", metavar="NAME", help="Who coaches every lead that names nobody else.")
@click.option("--lead", "name", metavar="NAME", help="Make a first lead of that name too.")
@today_option
def init(folder: str, coach: str | None, name: str | None, today: date | None) -> None:
    """Make FOLDER a folder of leads: a tldash.yaml in it, and nothing else.

    FOLDER is made if it is missing; what is in it stays as it is. Prints the files that were made.
    Exits 1 where it has a tldash.yaml already, or cannot be written.
    """
    from tldash.create import new_files, templates
    from tldash.editing.edits import Refused

    try:
        if name is not None:
            templates.folder_name(name, ())  # before anything is made
        file = new_files.create_settings(Path(folder), coach)
    except Refused as error:
        refuse(f"not made: {error.message}")
    opened = launch.open_or_exit([file.parent])
    opened.read()
    _print_made(opened, [file.name])
    if name is None:
        _say_next(opened, "new lead NAME")
    else:
        _make_lead(opened, name, this_moment(today).date())


@click.group()
def new() -> None:
    """Make the files of a new lead, or of a session to come. Nothing is ever overwritten."""


@new.command()
@click.argument("name", metavar="NAME")
@click.option("--folder", metavar="FOLDER", help="The folder of leads to make it in.")
@click.option("--coach", metavar="NAME", help="Who coaches, if it is not the folder's coach.")
@click.option("--cadence", metavar="CADENCE", help="How often they meet: weekly, 3 weeks, ad hoc.")
@today_option
def lead(
    name: str, folder: str | None, coach: str | None, cadence: str | None, today: date | None
) -> None:
    """Make a lead.md and a skills.md for a new lead, in a folder that is called by NAME.

    Prints the files that were made. Exits 1 where there is a lead of that name, the folder is a
    lead's own, or it cannot be written.
    """
    opened = launch.open_or_exit(launch.choose_roots((folder,) if folder else ()))
    opened.read()
    _make_lead(opened, name, this_moment(today).date(), coach, cadence)


@new.command()
@click.argument("name", metavar="LEAD")
@click.option("--date", "said", metavar="DAY", help="When: 2026-12-01, fri, in 2 weeks, 1 dec.")
@click.option("--time", "clock", type=Clock(), metavar="HH:MM", help="At what time of that day.")
@folder_option
@today_option
def session(
    name: str,
    said: str | None,
    clock: time_of_day | None,
    folders: tuple[str, ...],
    today: date | None,
) -> None:
    """Make the file of LEAD's next session, with its agenda and questions in comments.

    LEAD is a folder, a name or a first name. Without --date it is the day that the last session
    names, else a cadence after it, and never one that has passed. Prints the file that was made.
    Exits 1 where that day has a session, where one is planned and no day is given, or where it
    cannot be written.
    """
    from tldash.create import new_files
    from tldash.editing.edits import Refused
    from tldash.model.dates import format_exact, format_relative
    from tldash.model.natural_dates import parse_day
    from tldash.model.sanitize import sanitize

    now = this_moment(today)
    day = None if said is None else parse_day(said, now.date())
    if said is not None and day is None:
        raise click.BadParameter(
            f"'{said}' is no day; write 2026-12-01, fri, in 2 weeks or 1 dec", param_hint="--date"
        )
    opened = open_folders(folders)
    someone = find_lead(opened.workspace.leads, name)
    try:
        path = new_files.create_session(opened, someone, now, day, clock)
    except Refused as error:
        refuse(f"not made: {error.message}")
    _print_made(opened, [path])
    there = opened.workspace.find_lead(someone.id)
    for made in there.sessions if there else ():
        if made.path == path:
            when = f"{format_exact(made.at, now)}, {format_relative(made.at.day, now.date())}"
            click.echo(sanitize(f"{someone.name}: {when}"), err=True)


def _make_lead(
    opened: Folders, name: str, today: date, coach: str | None = None, cadence: str | None = None
) -> None:
    from tldash.create import new_files
    from tldash.create.templates import NewLead
    from tldash.editing.edits import Refused

    try:
        paths = new_files.create_lead(opened, NewLead(name, today, coach, cadence))
    except Refused as error:
        refuse(f"not made: {error.message}")
    _print_made(opened, paths)
    _say_next(opened, f"new session {shlex.quote(paths[0].partition('/')[0])}")


def _print_made(opened: Folders, paths: Iterable[str]) -> None:
    """A line a file, and nothing else, so that an editor can be given the answer."""
    from tldash.model.sanitize import sanitize

    place = placer(opened)
    for path in paths:
        click.echo(sanitize(place(path)))


def _say_next(opened: Folders, command: str) -> None:
    """What to do next, as commands that work from the current folder."""
    from tldash.model.sanitize import sanitize

    where, at = "", ""
    if not _is_default(opened.roots[0]):
        folder = shlex.quote(str(Path(placer(opened)("tldash.yaml")).parent))
        where, at = f" {folder}", f" --folder {folder}"
    click.echo(
        sanitize(f"next: tldash {command}{at}, or tldash{where} for the dashboard"), err=True
    )


def _is_default(root: Path) -> bool:
    """Whether it is the folder that commands take where none is named."""
    try:
        return root == launch.choose_roots(())[0].expanduser().resolve()
    except (OSError, RuntimeError):  # the current folder was deleted; nobody has that home
        return False
