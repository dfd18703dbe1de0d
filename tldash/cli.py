"""The command line: parse, call, print.

Every import beyond click is inside the command that needs it, so that `--version` answers at once
and the quick commands never load the dashboard.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from tldash import __version__, start

if TYPE_CHECKING:
    from tldash.folders import Folders
    from tldash.records import Lead, Workspace


Command = TypeVar("Command", bound=Callable[..., Any])


class _Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is not a date; write it as YYYY-MM-DD", param, ctx)


class _DefaultGroup(click.Group):
    """A group whose words, where they begin with no command's name, are folders to open."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "-h", "--version"}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["open", *args]
        return super().parse_args(ctx, args)


def _common(command: Command) -> Command:
    """The folders and the fixed day, which nearly every command takes."""
    today = click.option(
        "--today", type=_Day(), metavar="DATE", help="Take DATE (YYYY-MM-DD) for today."
    )
    folders = click.argument(
        "folders", nargs=-1, metavar="[FOLDER]...", type=click.Path(readable=False)
    )
    return folders(today(command))


_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


@click.group(cls=_DefaultGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="tldash %(version)s")
def main() -> None:
    """A live dashboard for tech-lead coaching, over a folder of plain files.

    tldash [FOLDER]... opens the dashboard. FOLDER is a lead's folder or a folder of leads; without
    one it is $TLDASH_FOLDER, else the current folder.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a pipe may not take every sign


@main.command("open")
@_common
def open_(folders: tuple[str, ...], today: date | None) -> None:
    """Open the dashboard (the same as tldash FOLDER...).

    Where the output is no terminal, print `tldash status` instead.
    """
    if not start.is_terminal():
        _print_status(_open(folders), _now(today), as_json=False)
        return
    start.open_dashboard(start.roots(folders), today)


@main.command()
@click.option("--today", type=_Day(), metavar="DATE", help="Take DATE (YYYY-MM-DD) for today.")
def demo(today: date | None) -> None:
    """Open the dashboard on a throw-away copy of the sample data, its dates moved to now."""
    from tldash.demo import demo_folder

    with demo_folder(_now(today).date()) as folder:
        if start.is_terminal():
            start.open_dashboard([folder], today)
        else:
            _print_status(_open((str(folder),)), _now(today), as_json=False)


@main.command()
@_common
@_json
def status(folders: tuple[str, ...], today: date | None, as_json: bool) -> None:
    """Print one row a lead: who needs attention, and why."""
    _print_status(_open(folders), _now(today), as_json)


@main.command()
@_common
@_json
@click.option("--all", "everything", is_flag=True, help="Closed ones, topics and markers too.")
@click.option("--lead", metavar="LEAD", help="Only of this lead (folder, name or first name).")
@click.option("--owner", metavar="OWNER", help="Only what OWNER does; 'coach' for the coach.")
@click.option("--overdue", is_flag=True, help="Only open ones whose due date has passed.")
@click.option("--tag", metavar="TAG", help="Only with this tag.")
def actions(  # noqa: PLR0913, PLR0917 - the contract's options
    folders: tuple[str, ...],
    today: date | None,
    as_json: bool,
    everything: bool,
    lead: str | None,
    owner: str | None,
    overdue: bool,
    tag: str | None,
) -> None:
    """Print actions: the open ones, or with --all every task item in the files."""
    from tldash import report
    from tldash.export import task_json
    from tldash.insight.actions import Filter, items, order

    opened = _open(folders)
    day = _now(today).date()
    wanted = Filter(lead, owner, tag, overdue, everything)
    found = sorted(
        (
            (someone, item)
            for someone in opened.workspace.leads
            for item in items(someone)
            if (everything or item.kind == "action") and wanted.matches(item, someone, day)
        ),
        key=lambda pair: order(pair[1]),
    )
    if as_json:
        locate = _locator(opened)
        _print_json([task_json(item, someone, locate) for someone, item in found])
        return
    place = _placer(opened)
    click.echo(report.actions(found, day, place))


@main.command()
@_common
@_json
@click.option("--lead", metavar="LEAD", help="Only of this lead (folder, name or first name).")
def sessions(folders: tuple[str, ...], today: date | None, as_json: bool, lead: str | None) -> None:
    """Print sessions in order of date."""
    from tldash import report
    from tldash.export import session_json
    from tldash.insight.actions import is_lead

    opened = _open(folders)
    leads = [one for one in opened.workspace.leads if lead is None or is_lead(one, lead)]
    found = sorted(
        (session for one in leads for session in one.sessions),
        key=lambda session: (session.at.day, session.path),
    )
    now = _now(today)
    if as_json:
        locate = _locator(opened)
        _print_json([session_json(session, now, locate) for session in found])
        return
    click.echo(report.sessions(found, {one.id: one.name for one in leads}, now))


@main.command()
@_common
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How to print problems.",
)
def check(folders: tuple[str, ...], today: date | None, style: str) -> None:
    """Print every line that could not be understood. Exits 1 if there are errors."""
    from tldash import report
    from tldash.export import problems_json
    from tldash.records import Severity

    del today  # accepted everywhere; nothing that is checked so far depends on the day
    opened = _open(folders)
    found = opened.workspace.all_problems
    if style == "json":
        _print_json(problems_json(found, _locator(opened)))
    else:
        line = report.github if style == "github" else report.problem
        place = _placer(opened)
        for problem in found:
            click.echo(line(problem, place(problem.path)))
    sys.exit(int(any(problem.severity is Severity.ERROR for problem in found)))


@main.command()
@click.argument("place", metavar="PATH:LINE")
@click.option("--reopen", is_flag=True, help="Untick it instead.")
@click.option("--today", type=_Day(), metavar="DATE", help="Take DATE (YYYY-MM-DD) for today.")
def done(place: str, reopen: bool, today: date | None) -> None:
    """Tick off the task item at PATH:LINE, in its file.

    PATH is taken from the current folder, else from $TLDASH_FOLDER. Exits 1 where there is no task
    item, or the file could not be changed.
    """
    from tldash.files.patch import AlreadySo, Refused
    from tldash.files.write import WriteRefused
    from tldash.records import Status
    from tldash.shown import clean

    path, _, number = place.rpartition(":")
    if not path or not number.isdecimal() or len(number) > 9:
        raise click.UsageError("write PATH:LINE, such as ada/sessions/2026-11-03.md:24")
    root, inside = _find(path)
    opened = _open((str(root),))
    task = opened.task_at(inside, int(number))
    if task is None:
        _refuse(f"{path}:{number} is no task item")
    wanted = Status.OPEN if reopen else Status.DONE
    try:
        opened.set_status(task, wanted, _now(today).date())
    except AlreadySo as error:
        click.echo(clean(f"{error.message}: {task.text}"))
    except (Refused, WriteRefused) as error:
        _refuse(f"not changed: {error.message}")
    else:
        click.echo(clean(f"{'reopened' if reopen else 'done'}: {task.text}"))


@main.command()
@click.argument("name", metavar="LEAD")
@click.argument("text")
@click.option("--folder", "folders", multiple=True, metavar="FOLDER", help="A folder to look in.")
@click.option("--today", type=_Day(), metavar="DATE", help="Take DATE (YYYY-MM-DD) for today.")
def add(name: str, text: str, folders: tuple[str, ...], today: date | None) -> None:
    """Write down a new action of LEAD, in the latest session up to today, else in the next one.

    LEAD is a folder, a name or a first name. TEXT is what stands behind the box, its fields among
    the words: "Call the vendor due:2026-12-01 @coach". Prints the line, and where it stands. Exits
    1 where there is no such lead or no session, or the file could not be changed.
    """
    from tldash.files.edits import Refused
    from tldash.files.write import WriteRefused
    from tldash.shown import clean

    opened = _open(folders)
    try:
        task = opened.add(_lead(opened.workspace.leads, name), text, _now(today).date())
    except (Refused, WriteRefused) as error:
        _refuse(f"not added: {error.message}")
    click.echo(clean(task.raw.strip()))
    click.echo(clean(f"{_placer(opened)(task.path)}:{task.line}"))


def _lead(leads: tuple[Lead, ...], name: str) -> Lead:
    """The one lead that is meant by an id, a name or a first name."""
    from tldash.insight.actions import is_lead

    found = [lead for lead in leads if lead.id == name] or [
        lead for lead in leads if is_lead(lead, name)
    ]
    known = ", ".join(f"{lead.id} ({lead.name})" for lead in found or leads)
    if len(found) > 1:
        _refuse(f"{name} may be any of {known}; name the folder")
    if not found:
        _refuse(f"there is no lead {name}" + (f"; there are {known}" if known else ""))
    return found[0]


@main.command("schema")
@click.argument("name", metavar="NAME")
def schema_(name: str) -> None:
    """Print the JSON Schema of a kind of file, for editors.

    NAME is lead, session, skills, framework or config.
    """
    from tldash.schema import schema

    try:
        _print_json(schema(name))
    except ValueError as error:
        raise click.UsageError(str(error)) from error


@main.command("help")
@click.argument("page", metavar="[PAGE]", default="start")
def help_(page: str) -> None:
    """Print a page of the manual: start, format, commands or problems."""
    from tldash import manual

    if page not in manual.NAMES:
        raise click.UsageError(f"there is no page '{page}'; there are {', '.join(manual.NAMES)}")
    click.echo_via_pager(manual.page(page)) if start.is_terminal() else click.echo(
        manual.page(page)
    )


def _find(path: str) -> tuple[Path, str]:
    """The folder to open for a file, and the file's path below it."""
    given = Path(path)
    variable = os.environ.get(start.FOLDER_VARIABLE)
    try:
        if not given.exists() and variable:
            given = Path(variable).expanduser() / path
        if not given.is_file():
            _refuse(f"there is no file {path}")
        file = given.parent.resolve() / given.name
    except OSError as error:
        _refuse(f"{path} cannot be opened: {error.strerror}")
    folder = file.parent.parent if file.parent.name == "sessions" else file.parent
    for above in file.parents:
        if (above / "tldash.yaml").is_file() or (above / "tldash.yml").is_file():
            folder = above
            break
        if (above / "lead.md").is_file():
            folder = above
    return folder, file.relative_to(folder).as_posix()


def _refuse(message: str) -> NoReturn:
    from tldash.shown import clean

    click.echo(clean(f"tldash: {message}"), err=True)
    sys.exit(1)


def _open(folders: tuple[str, ...]) -> Folders:
    opened = start.checked(start.roots(folders))
    opened.read()
    start.refuse_empty(opened)
    return opened


def _now(today: date | None) -> datetime:
    from tldash.dates import at

    return at(datetime.now().astimezone(), today)


def _print_status(opened: Folders, now: datetime, as_json: bool) -> None:
    from tldash import report
    from tldash.export import lead_json
    from tldash.insight.attention import by_need

    workspace: Workspace = opened.workspace
    leads: tuple[Lead, ...] = by_need(workspace.leads, now)
    if as_json:
        _print_json([lead_json(lead, workspace.method, now) for lead in leads])
    else:
        click.echo(report.status(leads, workspace.method, now))


def _print_json(document: object) -> None:
    import json

    from tldash.shown import escape

    text = escape(json.dumps(document, ensure_ascii=False, indent=2))
    click.echo(text.encode("utf-8") + b"\n", nl=False)


def _locator(opened: Folders) -> Callable[[str], tuple[str, str]]:
    """From a workspace path to the folder that was opened and the path below it."""

    def locate(path: str) -> tuple[str, str]:
        root, inside = opened.relative(path)
        return str(root), inside

    return locate


def _placer(opened: Folders) -> Callable[[str], str]:
    """From a workspace path to one that works from the current folder."""
    try:
        here = Path.cwd()
    except OSError:  # the current folder was deleted
        here = None

    def place(path: str) -> str:
        absolute = opened.absolute(path)
        if here is not None and absolute.is_relative_to(here):
            return str(absolute.relative_to(here))
        return str(absolute)

    return place
