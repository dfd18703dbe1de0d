"""The command line: parse, call, print.

Every import beyond click is inside the command that needs it, so that `--version` answers at once
and the quick commands never load the dashboard.
"""

from __future__ import annotations

import io
import sys

import click

from tldash import __version__
from tldash.cli import check, create, edits, serve, settings, show


class _DefaultGroup(click.Group):
    """A group whose words, where they begin with no command's name, are folders to open."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "-h", "--version"}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["open", *args]
        return super().parse_args(ctx, args)


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


for command in (
    show.open_,
    show.demo,
    show.status,
    show.actions,
    show.sessions,
    show.brief_,
    check.check,
    edits.add,
    edits.done,
    edits.undo,
    create.init,
    create.new,
    serve.serve,
    settings.config_,
    show.schema_,
    show.help_,
):
    main.add_command(command)
