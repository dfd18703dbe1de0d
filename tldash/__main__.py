"""The command `tldash`, and `python -m tldash`.

Somebody waits for the dashboard, and importing a parser of arguments takes a tenth of the time to
its first screen. So folders without options go straight there, all else goes to `tldash.cli`.
"""

from __future__ import annotations

import gc
import sys
from typing import Final

from tldash import launch

COMMANDS: Final = frozenset(
    {
        "open",
        "demo",
        "status",
        "actions",
        "sessions",
        "brief",
        "check",
        "add",
        "done",
        "undo",
        "init",
        "new",
        "config",
        "help",
        "schema",
        "serve",
    }
)
"""What cannot be meant as a folder; a folder of such a name is `./status`."""


def main() -> None:
    """Open the dashboard, or run the command that the arguments name."""
    arguments = sys.argv[1:]
    plain = not any(argument.startswith("-") for argument in arguments)
    if plain and launch.is_terminal() and not COMMANDS.intersection(arguments[:1]):
        launch.open_dashboard(launch.choose_roots(arguments), None)
        return
    gc.disable()  # a command ends before there is garbage that is worth a look
    from tldash import cli

    cli.main()


if __name__ == "__main__":
    main()
