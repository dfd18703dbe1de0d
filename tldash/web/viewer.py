"""The program behind one page in a browser: a dashboard that speaks to the server, not a terminal.

What it shall show comes as one JSON argument, so that no name of a folder can be taken for an
option or for a shell's word.
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
    """What is shown to everybody who opens the page, and what they may do."""

    folders: tuple[str, ...]
    """Absolute paths."""
    today: str = ""
    """The day that is fixed, as YYYY-MM-DD."""
    me: str = ""
    """Who the viewer is said to be."""
    edit: bool = False
    remember: bool = False
    """Whether it is kept, for the user of the server, what was seen."""

    @property
    def command(self) -> list[str]:
        """The arguments of the program that shows it. No module of the current folder is loaded."""
        return [sys.executable, "-P", "-m", __name__, json.dumps(asdict(self))]

    @classmethod
    def of(cls, argument: str) -> Self:
        """What such an argument says."""
        found = cls(**json.loads(argument))
        return cls(tuple(found.folders), found.today, found.me, found.edit, found.remember)

    @property
    def allowed(self) -> Permissions:
        """What may be done in the browser. A program would start where the server is: never."""
        return Permissions(can_edit=self.edit, can_start_programs=False, can_remember=self.remember)

    def open(self) -> None:
        """Show the dashboard until the page is left."""
        launch.open_dashboard(
            [Path(folder) for folder in self.folders],
            date.fromisoformat(self.today) if self.today else None,
            first=launch.FirstScreen(me=self.me or None),
            allowed=self.allowed,
        )


if __name__ == "__main__":
    View.of(sys.argv[1]).open()
