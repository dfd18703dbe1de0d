"""Commands that edit files, in the same way as the dashboard."""

from __future__ import annotations

import os
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tldash import launch
from tldash.cli.common import (
    Day,
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
    from tldash.workspace.undo import UndoResult


@click.command()
@click.argument("place", metavar="PATH:LINE")
@click.option("--reopen", is_flag=True, help="Reopen it instead.")
@today_option
def done(place: str, reopen: bool, today: date | None) -> None:
    """Tick the task item at PATH:LINE.

    PATH is relative to the current folder, or else to $TLDASH_FOLDER. If it is a link, prints which
    file is meant. Exits 1 if there is no task item on that line, the file cannot be changed, or a
    link leads outside its folder.
    """
    from tldash.editing.edits import Refused, SetStatus
    from tldash.model.records import Status
    from tldash.model.sanitize import sanitize
    from tldash.storage.write import WriteRefused

    path, _, number = place.rpartition(":")
    if not path or not number.isdecimal() or len(number) > 9:
        raise click.UsageError("write PATH:LINE, for example ada/sessions/2026-11-03.md:24")
    root, inside = find_file(path)
    opened = open_folders((str(root),))
    listed = opened.find_listed(inside)
    if listed != inside:
        click.echo(sanitize(f"{path} is another name of {make_path_formatter(opened)(listed)}"))
    task = opened.find_task(listed, int(number))
    if task is None:
        if opened.is_being_written(listed):
            fail(f"another program is writing {path}; save it there, then try again")
        fail(f"there is no task item at {path}:{number}")
    wanted = Status.OPEN if reopen else Status.DONE
    try:
        opened.edit(SetStatus(task, wanted, current_time(today).date()))
    except Refused as error:
        if not error.already:
            fail(f"not changed: {error.message}")
        click.echo(sanitize(f"{error.message}: {task.text}"))
    except WriteRefused as error:
        fail(f"not changed: {error.message}")
    else:
        click.echo(sanitize(f"{'reopened' if reopen else 'done'}: {task.text}"))
        if opened.followed_in:
            where = make_path_formatter(opened)(opened.followed_in)
            click.echo(sanitize(f"the next occurrence is in {where}"))
        warn_of_lost_undo(opened)


@click.command()
@click.argument("name", metavar="LEAD")
@click.argument("text")
@folder_option
@click.option("--nickname", is_flag=True, help="Write nicknames for the names on your list.")
@click.option("--as-is", is_flag=True, help="Write names on your list as they are.")
@today_option
def add(  # noqa: PLR0913, PLR0917 - its options
    name: str,
    text: str,
    folders: tuple[str, ...],
    nickname: bool,
    as_is: bool,
    today: date | None,
) -> None:
    """Add an action for LEAD to the latest session up to today, or else to the next one.

    LEAD is a folder, name or first name. TEXT may contain fields: "Call the vendor due:2026-12-01
    @coach". Prints the new line and its PATH:LINE. If TEXT has a name on your list, names.yaml,
    asks whether to write the nickname; without a terminal, --nickname or --as-is decides. Exits 1
    if nobody decides, there is no such lead, the lead has no session, or the file cannot be
    changed.
    """
    from tldash.editing.edits import Refused
    from tldash.model.sanitize import sanitize
    from tldash.storage.write import WriteRefused

    if nickname and as_is:
        raise click.UsageError("use either --nickname or --as-is, not both")
    if not as_is:
        text = _without_names(text, nickname=nickname)
    opened = open_folders(folders)
    try:
        task = opened.add(find_lead(opened.workspace.leads, name), text, current_time(today).date())
    except (Refused, WriteRefused) as error:
        fail(f"not added: {error.message}")
    click.echo(sanitize(task.raw.strip()))
    click.echo(sanitize(f"{make_path_formatter(opened)(task.path)}:{task.line}"))
    warn_of_lost_undo(opened)


def _without_names(text: str, *, nickname: bool) -> str:
    """Return a text with nicknames in place of the names on the user's list, if that is wanted.

    Asks if run in a terminal. Exits with 1 if there is a name that must not be written.
    """
    from tldash.user.settings import load_names

    listed = load_names()
    if listed is None:
        return text
    from tldash.model.sanitize import sanitize

    if listed.problems:
        first = listed.problems[0]
        message = f"tldash: {first.path}:{first.line}: {first.message}"
        click.echo(sanitize(message), err=True)
    guard = listed.make_guard()
    if guard is None:
        return text
    found = guard.find_typed(text)
    without = [written for written, other in found if not other]
    if not found or (nickname and not without):
        return guard.write_nicknames(text) if nickname else text
    names = ", ".join(written for written, _ in found)
    if not launch.is_terminal():
        ways = "use --as-is" if without else "use --nickname or --as-is"
        fail(f"not added: on your list of names: {names}; {ways}")
    click.echo(sanitize(f"on your list of names: {names}"), err=True)
    new = guard.write_nicknames(text)
    if new != text and click.confirm(sanitize(f"write {new!r}?"), default=True, err=True):
        text = new
        without = [written for written, other in guard.find_typed(text) if not other]
        if not without:
            return text
    if not click.confirm(sanitize(f"write {text!r} as it is?"), default=False, err=True):
        fail("not added")
    return text


@click.command()
@click.argument("folders", nargs=-1, metavar="[FOLDER]...", type=click.Path(readable=False))
@click.option("--redo", is_flag=True, help="Redo the edit undone last.")
@click.option("--skip", is_flag=True, help="Discard the latest edit without undoing it.")
@click.option("--today", type=Day(), metavar="DATE", help="Accepted but not used.")
def undo(folders: tuple[str, ...], redo: bool, skip: bool, today: date | None) -> None:
    """Undo your latest edit to the files of FOLDER.

    This covers edits made here and in the dashboard, also before a restart. Edits made to several
    items at once are undone together. If the edited lines were changed since, the edit is not
    undone: --skip discards it, so that you can undo earlier edits. Exits 1 if an edit was not
    undone.
    """
    from tldash.editing.splice import NotAsLeft
    from tldash.history.journal import NothingLeft
    from tldash.model.sanitize import sanitize
    from tldash.storage.write import WriteRefused

    del today
    if redo and skip:
        raise click.UsageError("use either --redo or --skip, not both")
    opened = launch.open_or_exit(launch.choose_roots(folders))
    step, how = (opened.undo, "undone")
    if redo or skip:
        step, how = (opened.redo, "redone") if redo else (opened.discard, "discarded")
    try:
        result = step()
    except NothingLeft as error:
        fail(str(error))
    except NotAsLeft as error:
        found = error.found.decode("utf-8", "replace").strip()
        fail(f"not changed: {error.message}" + (f"; the line is now: {found}" if found else ""))
    except WriteRefused as error:
        fail(f"not changed: {error.message}")
    _print_done(opened, how, result)
    for one in result.failed:
        click.echo(sanitize(f"not {how}: {one.entry.what}: {one.error.message}"), err=True)
        click.echo(
            sanitize(f"{make_path_formatter(opened)(one.entry.path)}:{one.entry.line}"),
            err=True,
        )
    if (trouble := opened.undo_trouble) is not None:
        click.echo(
            sanitize(f"tldash: the list of edits does not say so: {trouble.reason}"), err=True
        )
    if result.failed:
        fail(f"{len(result.done)} of {len(result.done) + len(result.failed)} {how}")


def _print_done(opened: Folders, how: str, result: UndoResult) -> None:
    """Print the edits that were undone and where they are; for a file that moved, once for all."""
    from tldash.history.journal import concerns_file
    from tldash.model.sanitize import sanitize

    place, whole = make_path_formatter(opened), any(map(concerns_file, result.done))
    for (what, _), entries in groupby(
        result.done, lambda entry: (entry.what, "" if whole else entry.id)
    ):
        click.echo(sanitize(f"{how}: {what}"))
        for entry in entries:
            click.echo(sanitize(f"{place(entry.path)}:{entry.line}"))


def find_file(path: str) -> tuple[Path, str]:
    """Return the folder to open for a file, and the path of the file in it."""
    from tldash.model.file_roles import is_container

    given = Path(path)
    variable = os.environ.get(launch.FOLDER_VARIABLE)
    try:
        if not given.exists() and variable:
            given = Path(variable).expanduser() / path
        if not given.is_file():
            fail(f"there is no file {path}")
        file = given.parent.resolve() / given.name
    except OSError as error:
        fail(f"{path} cannot be opened: {error.strerror}")
    folder = file.parent
    while is_container(folder.name, folder.parent.name):
        folder = folder.parent
    for above in file.parents:
        if (above / "tldash.yaml").is_file() or (above / "tldash.yml").is_file():
            folder = above
            break
        if (above / "lead.md").is_file():
            folder = above
    if file.is_symlink() and not (target := file.resolve()).is_relative_to(folder):
        fail(f"{path} is a link that leads outside {folder}, to {target}; name that file instead")
    return folder, file.relative_to(folder).as_posix()
