"""The dashboard with a simulated clock, as a program for tests on a real terminal.

    python -m tests.support.simulated FOLDER --time FILE [--me NAME] [--holds LEAD]

The file has the number of seconds since `START`, so a test moves the time by writing it.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tldash.history.journal import Journal
from tldash.model.permissions import FULL_ACCESS
from tldash.service.service import Service
from tldash.tui.app.app import TldashApp
from tldash.user.conversations import ConversationStore
from tldash.user.paths import state_folder
from tldash.workspace.folders import Folders

START: Final = datetime(2026, 11, 20, 8, 55, tzinfo=UTC)
BOOTED: Final = 5000.0
"""What the clock that never jumps says at `START`."""


def simulated(folder: Path, time: Path, *more: str) -> tuple[str, ...]:
    """Return the command that starts the dashboard on a folder, for `Terminal`."""
    return (sys.executable, "-m", __name__, str(folder), "--time", str(time), *more)


def set_time(file: Path, seconds: float) -> None:
    """Set the time of every dashboard that reads this file."""
    new = file.with_suffix(".new")
    new.write_text(str(seconds), encoding="utf-8")
    new.replace(file)


def main() -> None:
    """Run the dashboard until it is closed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--time", type=Path, required=True)
    parser.add_argument("--me")
    parser.add_argument("--holds")
    given = parser.parse_args()

    def seconds() -> float:
        return float(given.time.read_text(encoding="utf-8"))

    def clock() -> datetime:
        return START + timedelta(seconds=seconds())

    def remember(root: Path) -> Journal:
        return Journal(state_folder(), root, clock)

    service = Service(
        Folders([given.folder], remember), conversations=lambda: ConversationStore(state_folder())
    )
    try:
        app = TldashApp(
            service, clock, given.me, FULL_ACCESS, holds=given.holds,
            timer=lambda: BOOTED + seconds(),
        )  # fmt: skip
        app.run()
    finally:
        service.stop()
    os._exit(app.return_code or 0)


if __name__ == "__main__":
    main()
