"""What commands share: options, opening folders, naming places, refusing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from tldash import launch

if TYPE_CHECKING:
    from tldash.model.records import Lead
    from tldash.workspace.folders import Folders

Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is not a date; write it as YYYY-MM-DD", param, ctx)


today_option = click.option(
    "--today", type=Day(), metavar="DATE", help="Take DATE (YYYY-MM-DD) for today."
)
folder_option = click.option(
    "--folder", "folders", multiple=True, metavar="FOLDER", help="A folder to look in."
)


def common(command: Command) -> Command:
    """The folders and the fixed day, which nearly every command takes."""
    folders = click.argument(
        "folders", nargs=-1, metavar="[FOLDER]...", type=click.Path(readable=False)
    )
    return folders(today_option(command))


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def refuse(message: str) -> NoReturn:
    from tldash.model.sanitize import sanitize

    click.echo(sanitize(f"tldash: {message}"), err=True)
    sys.exit(1)


def open_folders(folders: tuple[str, ...]) -> Folders:
    opened = launch.open_or_exit(launch.choose_roots(folders))
    opened.read()
    launch.exit_if_empty(opened.workspace, opened.roots)
    return opened


def this_moment(today: date | None) -> datetime:
    from tldash.model.dates import resolve_now

    return resolve_now(datetime.now().astimezone(), today)


def print_text(text: str) -> None:
    """Print lines for people: with ASCII for every sign where the settings or the locale ask."""
    import os

    from tldash.model.icons import IconStyle, choose_icon_style, to_ascii
    from tldash.user.settings import load_existing

    if not text.isascii():
        own = load_existing()
        if (
            choose_icon_style(
                os.environ, own.icons if own is not None else None, sys.stdout.encoding
            )
            is IconStyle.ASCII
        ):
            text = to_ascii(text)
    click.echo(text)


def print_json(document: object) -> None:
    import json

    from tldash.model.sanitize import escape_json

    text = escape_json(json.dumps(document, ensure_ascii=False, indent=2))
    click.echo(text.encode("utf-8") + b"\n", nl=False)


def locator(opened: Folders) -> Callable[[str], tuple[str, str]]:
    """From a workspace path to the folder that was opened and the path below it."""

    def locate(path: str) -> tuple[str, str]:
        root, inside = opened.relative(path)
        return str(root), inside

    return locate


def placer(opened: Folders) -> Callable[[str], str]:
    """From a workspace path to one that works from the current folder."""
    try:
        here = Path.cwd()
    except OSError:  # the current folder was deleted
        here = None

    @cache
    def place(path: str) -> str:
        absolute = opened.absolute(path)
        if here is not None and absolute.is_relative_to(here):
            return str(absolute.relative_to(here))
        return str(absolute)

    return place


def find_lead(leads: tuple[Lead, ...], name: str) -> Lead:
    """The one lead that is meant by an id, a name or a first name."""
    from tldash.insight.actions import matches_lead

    found = [lead for lead in leads if lead.id == name] or [
        lead for lead in leads if matches_lead(lead, name)
    ]
    known = ", ".join(f"{lead.id} ({lead.name})" for lead in found or leads)
    if len(found) > 1:
        refuse(f"{name} may be any of {known}; name the folder")
    if not found:
        refuse(f"there is no lead {name}" + (f"; there are {known}" if known else ""))
    return found[0]
