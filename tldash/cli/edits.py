"""The commands that edit, the same way as the dashboard does."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import click

from tldash import launch
from tldash.cli.common import (
    Day,
    find_lead,
    folder_option,
    open_folders,
    placer,
    refuse,
    this_moment,
    today_option,
)


@click.command()
@click.argument("place", metavar="PATH:LINE")
@click.option("--reopen", is_flag=True, help="Untick it instead.")
@today_option
def done(place: str, reopen: bool, today: date | None) -> None:
    """Tick off the task item at PATH:LINE, in its file.

    PATH is taken from the current folder, else from $TLDASH_FOLDER. Exits 1 where there is no task
    item, or the file could not be changed.
    """
    from tldash.editing.edits import Refused, SetStatus
    from tldash.model.records import Status
    from tldash.model.sanitize import sanitize
    from tldash.storage.write import WriteRefused

    path, _, number = place.rpartition(":")
    if not path or not number.isdecimal() or len(number) > 9:
        raise click.UsageError("write PATH:LINE, such as ada/sessions/2026-11-03.md:24")
    root, inside = _find(path)
    opened = open_folders((str(root),))
    task = opened.find_task(inside, int(number))
    if task is None:
        refuse(f"{path}:{number} is no task item")
    wanted = Status.OPEN if reopen else Status.DONE
    try:
        opened.edit(SetStatus(task, wanted, this_moment(today).date()))
    except Refused as error:
        if not error.already:
            refuse(f"not changed: {error.message}")
        click.echo(sanitize(f"{error.message}: {task.text}"))
    except WriteRefused as error:
        refuse(f"not changed: {error.message}")
    else:
        click.echo(sanitize(f"{'reopened' if reopen else 'done'}: {task.text}"))


@click.command()
@click.argument("name", metavar="LEAD")
@click.argument("text")
@folder_option
@today_option
def add(name: str, text: str, folders: tuple[str, ...], today: date | None) -> None:
    """Write down a new action of LEAD, in the latest session up to today, else in the next one.

    LEAD is a folder, a name or a first name. TEXT is what stands behind the box, its fields among
    the words: "Call the vendor due:2026-12-01 @coach". Prints the line, and where it stands. Exits
    1 where there is no such lead or no session, or the file could not be changed.
    """
    from tldash.editing.edits import Refused
    from tldash.model.sanitize import sanitize
    from tldash.storage.write import WriteRefused

    opened = open_folders(folders)
    try:
        task = opened.add(find_lead(opened.workspace.leads, name), text, this_moment(today).date())
    except (Refused, WriteRefused) as error:
        refuse(f"not added: {error.message}")
    click.echo(sanitize(task.raw.strip()))
    click.echo(sanitize(f"{placer(opened)(task.path)}:{task.line}"))


@click.command()
@click.argument("folders", nargs=-1, metavar="[FOLDER]...", type=click.Path(readable=False))
@click.option("--redo", is_flag=True, help="Make the edit again that was undone last.")
@click.option("--skip", is_flag=True, help="Let go of the newest edit, and undo nothing.")
@click.option("--today", type=Day(), metavar="DATE", help="Accepted as everywhere; means nothing.")
def undo(folders: tuple[str, ...], redo: bool, skip: bool, today: date | None) -> None:
    """Take back the newest edit that you made to the files of FOLDER.

    Edits made here and in the dashboard are remembered alike, also after a restart; those that
    one key made in several items are taken back in one go, each with its line. One whose place was
    changed since is refused; --skip lets go of it, so that those before it can be undone. Exits 1
    where anything was not undone.
    """
    from tldash.editing.splice import NotAsLeft
    from tldash.history.journal import NothingLeft
    from tldash.model.sanitize import sanitize
    from tldash.storage.write import WriteRefused

    del today
    if redo and skip:
        raise click.UsageError("--redo and --skip are two different things; give one")
    opened = launch.open_or_exit(launch.choose_roots(folders))
    step, how = (opened.undo, "undone")
    if redo or skip:
        step, how = (opened.redo, "done again") if redo else (opened.discard, "let go")
    try:
        taken = step()
    except NothingLeft as error:
        refuse(str(error))
    except NotAsLeft as error:
        found = error.found.decode("utf-8", "replace").strip()
        refuse(f"not changed: {error.message}" + (f"; there is now: {found}" if found else ""))
    except WriteRefused as error:
        refuse(f"not changed: {error.message}")
    for entry in taken.done:
        click.echo(sanitize(f"{how}: {entry.what}"))
        click.echo(sanitize(f"{placer(opened)(entry.path)}:{entry.splice.line}"))
    for left in taken.failed:
        click.echo(sanitize(f"not {how}: {left.entry.what}: {left.error.message}"), err=True)
        click.echo(
            sanitize(f"{placer(opened)(left.entry.path)}:{left.entry.splice.line}"), err=True
        )
    if taken.failed:
        refuse(f"{len(taken.done)} of {len(taken.done) + len(taken.failed)} {how}")


def _find(path: str) -> tuple[Path, str]:
    """The folder to open for a file, and the file's path below it."""
    given = Path(path)
    variable = os.environ.get(launch.FOLDER_VARIABLE)
    try:
        if not given.exists() and variable:
            given = Path(variable).expanduser() / path
        if not given.is_file():
            refuse(f"there is no file {path}")
        file = given.parent.resolve() / given.name
    except OSError as error:
        refuse(f"{path} cannot be opened: {error.strerror}")
    folder = file.parent.parent if file.parent.name == "sessions" else file.parent
    for above in file.parents:
        if (above / "tldash.yaml").is_file() or (above / "tldash.yml").is_file():
            folder = above
            break
        if (above / "lead.md").is_file():
            folder = above
    return folder, file.relative_to(folder).as_posix()
