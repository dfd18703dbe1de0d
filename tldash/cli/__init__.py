"""The command line: parse arguments, call, print.

Modules of this package import click and nothing else at the top; each command imports what it
runs. So `--version` takes no longer than click, and no quick command loads the dashboard.
"""

from __future__ import annotations

import io
import sys

import click

from tldash import __version__
from tldash.cli import (
    check,
    create,
    edits,
    log,
    merge,
    search,
    serve,
    sessions,
    settings,
    show,
    stats,
    sync,
)


class _DefaultGroup(click.Group):
    """A group that runs `open` if the first argument is not the name of a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "-h", "--version"}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["open", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_DefaultGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="tldash %(version)s")
def main() -> None:
    """A live dashboard for tech-lead coaching, over a folder of plain files.

    tldash [FOLDER]... opens the dashboard. FOLDER is a lead's folder or a folder of leads. The
    default is $TLDASH_FOLDER, or else the current folder.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # the encoding of a pipe may lack characters


for command in (
    show.open_,
    show.demo,
    show.session,
    show.status,
    show.actions,
    show.sessions,
    show.brief_,
    show.story_,
    search.search,
    stats.stats,
    log.log,
    check.check,
    edits.add,
    edits.done,
    edits.undo,
    create.init,
    create.new,
    sessions.move_session,
    sessions.cancel_session,
    sessions.miss_session,
    sessions.reopen_session,
    serve.serve,
    settings.config_,
    sync.sync,
    merge.merge_driver,
    merge.git_setup,
    show.schema_,
    show.help_,
):
    main.add_command(command)
