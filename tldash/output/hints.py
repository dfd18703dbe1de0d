"""Format commands to type, for hints."""

from __future__ import annotations

import shlex
from pathlib import Path


def new_lead_command(folder: Path, here: Path) -> str:
    """Return the command that creates a lead in a folder, as typed in the folder `here`."""
    if folder == here:
        return "tldash new lead NAME"
    place = folder.relative_to(here) if folder.is_relative_to(here) else folder
    return f"tldash new lead NAME --folder {shlex.quote(str(place))}"
