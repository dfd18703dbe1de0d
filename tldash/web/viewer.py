"""The program behind an open page: a dashboard that talks to the server instead of a terminal.

It takes one JSON argument, so the name of a folder cannot be mistaken for an option.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Self

from tldash import launch
from tldash.model.frozen import frozen
from tldash.model.permissions import Permissions


@frozen
class View:
    """What every page shows, and what its viewers may do."""

    folders: tuple[str, ...]
    """Absolute paths."""
    today: str = ""
    """The date to pretend, as YYYY-MM-DD."""
    me: str = ""
    """The name of the viewer."""
    edit: bool = False
    """Whether viewers can edit the files."""
    remember: bool = False
    """Whether what viewers see counts as seen by the user of the server."""

    @property
    def command(self) -> list[str]:
        """The command line of the program. -P keeps modules in the current folder from loading."""
        return [sys.executable, "-P", "-m", __name__, json.dumps(asdict(self))]

    @classmethod
    def parse(cls, argument: str) -> Self:
        """Parse the argument in `command`."""
        found = cls(**json.loads(argument))
        return cls(tuple(found.folders), found.today, found.me, found.edit, found.remember)

    @property
    def allowed(self) -> Permissions:
        """What viewers may do. Never start programs, since these would start on the server."""
        return Permissions(can_edit=self.edit, can_start_programs=False, can_remember=self.remember)

    def open(self) -> None:
        """Run the dashboard until the page is closed."""
        launch.open_dashboard(
            [Path(folder) for folder in self.folders],
            date.fromisoformat(self.today) if self.today else None,
            first=launch.FirstScreen(me=self.me or None),
            allowed=self.allowed,
        )


if __name__ == "__main__":
    View.parse(sys.argv[1]).open()
