"""The command line: parse arguments, call, print.

Modules of this package import click and nothing else at the top; each command imports what it
runs, and `main` imports only the module of the command that is run. So `--version` takes no longer
than click, and no quick command loads the dashboard.
"""

from __future__ import annotations

import io
import sys
from importlib import import_module
from typing import Final

import click

from tldash import __version__

COMMANDS: Final = {
    "open": "show:open_",
    "demo": "show:demo",
    "session": "show:session",
    "status": "show:status",
    "actions": "show:actions",
    "sessions": "show:sessions",
    "brief": "show:brief_",
    "story": "show:story_",
    "search": "search:search",
    "stats": "stats:stats",
    "log": "log:log",
    "check": "check:check",
    "add": "edits:add",
    "done": "edits:done",
    "undo": "edits:undo",
    "init": "create:init",
    "new": "create:new",
    "move-session": "sessions:move_session",
    "cancel-session": "sessions:cancel_session",
    "miss-session": "sessions:miss_session",
    "reopen-session": "sessions:reopen_session",
    "serve": "serve:serve",
    "config": "settings:config_",
    "sync": "sync:sync",
    "merge-driver": "merge:merge_driver",
    "git-setup": "merge:git_setup",
    "schema": "show:schema_",
    "help": "show:help_",
}
"""Name of a command -> its module in this package, and its name there."""


class _Commands(click.Group):
    """A group that imports a command when it is asked for it.

    Runs `open` if the first argument is not the name of a command.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "-h", "--version"}
        if not args or (args[0] not in COMMANDS and args[0] not in own):
            args = ["open", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"tldash.cli.{module}"), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="tldash %(version)s")
def main() -> None:
    """A live dashboard for tech-lead coaching, over a folder of plain files.

    tldash [FOLDER]... opens the dashboard. FOLDER is a lead's folder or a folder of leads. The
    default is $TLDASH_FOLDER, or else the current folder.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # the encoding of a pipe may lack characters
