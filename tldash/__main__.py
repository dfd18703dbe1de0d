"""The command `tldash`, and `python -m tldash`.

Arguments that are only folders open the dashboard without click, which takes a tenth of the time to
the first screen. Anything else goes to `tldash.cli`.
"""

from __future__ import annotations

import gc
import signal
import sys
from typing import Final

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
        "session",
        "story",
        "search",
        "stats",
        "log",
        "move-session",
        "cancel-session",
        "miss-session",
        "reopen-session",
        "sync",
        "merge-driver",
        "git-setup",
    }
)
"""Names of commands. A folder with such a name is `./status`."""


def main() -> None:
    """Open the dashboard, or run a command.

    Ctrl+c ends the process, as with a program in C. As an exception, it would be raised between any
    two instructions: where Python cannot pass it on, it prints a traceback and goes on. What needs
    more than that holds signals back while it writes (`tldash.storage.signals`), or handles them.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from tldash import launch

    arguments = sys.argv[1:]
    plain = not any(argument.startswith("-") for argument in arguments)
    if plain and launch.is_terminal() and not COMMANDS.intersection(arguments[:1]):
        launch.open_dashboard(launch.choose_roots(arguments), None, with_private=True)
        return
    gc.disable()  # a command ends before a collection would pay off
    from tldash import cli

    try:
        cli.main()
    finally:
        gc.freeze()  # Python collects at its end too: 6 of the 84 ms of `tldash actions`


if __name__ == "__main__":
    main()
