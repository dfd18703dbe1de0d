"""Helpers for all commands: options, opening folders, output, failing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import click

from tldash import launch

if TYPE_CHECKING:
    from tldash.insight.slipping import DueDates
    from tldash.model.records import Lead
    from tldash.workspace.folders import Folders

_LINES: Final = 500
"""Lines that are printed at once."""
Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is not a date; write it as YYYY-MM-DD", param, ctx)


today_option = click.option(
    "--today", type=Day(), metavar="DATE", help="Pretend today is DATE (YYYY-MM-DD)."
)
as_of_option = click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help="Show the folder as git had it at the end of DATE.",
)
folder_option = click.option(
    "--folder", "folders", multiple=True, metavar="FOLDER", help="A folder to search."
)


def common(command: Command) -> Command:
    """Add the folders and --today, which most commands take."""
    folders = click.argument(
        "folders", nargs=-1, metavar="[FOLDER]...", type=click.Path(readable=False)
    )
    return folders(today_option(command))


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def fail(message: str) -> NoReturn:
    """Print a message on standard error and exit with 1."""
    from tldash.model.sanitize import sanitize

    click.echo(sanitize(f"tldash: {message}"), err=True)
    sys.exit(1)


def open_folders(folders: tuple[str, ...], as_of: date | None = None) -> Folders:
    """Open and read folders, as git had them at the end of `as_of` if that is given.

    Exits with 2 if one cannot be opened or there is nothing in them.
    """
    opened = launch.open_or_exit(launch.choose_roots(folders), as_of=as_of)
    launch.read_or_exit(opened)
    return opened


def warn_of_lost_undo(opened: Folders) -> None:
    """Print why the last edit cannot be undone, if so. Its history ends with this process."""
    if (trouble := opened.undo_trouble) is not None:
        from tldash.model.sanitize import sanitize

        click.echo(sanitize(f"tldash: this edit cannot be undone: {trouble.reason}"), err=True)


def current_time(today: date | None) -> datetime:
    """Return the current local time, moved to `today` if that is given."""
    from tldash.model.dates import LOCAL_ZONE, resolve_now

    return resolve_now(datetime.now(LOCAL_ZONE), today)


def print_text(text: str) -> None:
    """Print text for people, with ASCII icons if the settings or the locale require it."""
    print_lines((text,))


def print_lines(lines: Iterable[str]) -> None:
    """Print many lines as `print_text` does.

    Some at a time: with one emoji among them, one text of all takes four bytes a character.
    """
    left, convert = iter(lines), None
    while some := [*islice(left, _LINES)]:
        text = "\n".join(some)
        if not text.isascii():
            convert = convert or _choose_conversion()
            text = convert(text)
        click.echo(text, color=True)  # there is nothing to strip: all of it is sanitized


def _choose_conversion() -> Callable[[str], str]:
    """Return what turns text into what the settings and the locale can show."""
    from tldash.model.icons import IconStyle, choose_icon_style, to_ascii
    from tldash.user.paths import is_present, settings_file

    wanted = None
    if is_present(settings_file()):
        from tldash.user.settings import load

        wanted = load().icons
    is_ascii = choose_icon_style(os.environ, wanted, sys.stdout.encoding) is IconStyle.ASCII
    return to_ascii if is_ascii else str


def print_json(document: object) -> None:
    """Print a JSON document in UTF-8, not in the encoding of the locale."""
    import json

    from tldash.model.sanitize import escape_json

    text = escape_json(json.dumps(document, ensure_ascii=False, indent=2))
    click.echo(text.encode("utf-8") + b"\n", nl=False)


def make_locator(opened: Folders) -> Callable[[str], tuple[str, str]]:
    """Return a function from a workspace path to its opened folder and the path in it."""

    def locate(path: str) -> tuple[str, str]:
        root, inside = opened.relative(path)
        return str(root), inside

    return locate


def make_path_formatter(opened: Folders) -> Callable[[str], str]:
    """Return a function from a workspace path to one that works from the current folder."""
    try:
        here = f"{str(Path.cwd()).rstrip('/')}/"
    except OSError:  # the current folder was deleted
        here = ""

    @cache
    def place(path: str) -> str:
        root, inside = opened.relative(path)
        absolute = f"{root}/{inside}" if inside else str(root)  # pathlib takes six times as long
        return absolute.removeprefix(here) if here else absolute

    return place


def find_due_dates(opened: Folders, now: datetime) -> DueDates:
    """Return the due dates that actions had, as far as the history of git tells."""
    from tldash.activity import due_dates
    from tldash.workspace.git_log import skip_damage

    return due_dates.find_due_dates(skip_damage(opened.commits(now)), now)


def find_lead(leads: tuple[Lead, ...], name: str) -> Lead:
    """Return the lead with that id, name or first name. Exits with 1 if it is not one lead."""
    from tldash.insight.actions import matches_lead

    found = [lead for lead in leads if lead.id == name] or [
        lead for lead in leads if matches_lead(lead, name)
    ]
    known = ", ".join(f"{lead.id} ({lead.name})" for lead in found or leads)
    if len(found) > 1:
        fail(f"{name} could be any of {known}; use the folder name")
    if not found:
        fail(f"there is no lead {name}" + (f"; choose from {known}" if known else ""))
    return found[0]
