"""The command that commits, merges and pushes a folder."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import click

from tldash import launch
from tldash.cli.common import current_time, fail, today_option

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("folder", required=False, metavar="[FOLDER]")
@today_option
def sync(folder: str | None, today: date | None) -> None:
    """Commit the changes of a folder, merge those of others, and push, with git.

    Commits the Markdown and YAML files that tldash reads, and nothing else of the repository. The
    message says what was done: "tick 2 actions, plan 1 Dec". git runs without the hooks, filters,
    aliases and other programs of the folder. Exits 1 if it could not finish, and says why.
    """
    from tldash.model.sanitize import sanitize
    from tldash.storage.signals import set_on_signals
    from tldash.sync.failure import SyncFailed
    from tldash.sync.sync import Control, Sync

    opened = launch.open_or_exit(launch.choose_roots([folder] if folder else []))
    launch.read_or_exit(opened)
    stop = threading.Event()
    set_on_signals(stop)

    def report(doing: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"{doing}…", err=True)

    try:
        done = Sync(opened, opened.roots[0], current_time(today), Control(stop, report)).run()
    except SyncFailed as error:
        fail(str(error))
    click.echo(sanitize(done.sentence))
