"""Load the user's own settings: who they are, the theme, the icons, the keys, private folders.

One file per user, read at start-up and never written. `settings_parser` reads it. The dashboard
checks the names of commands, keys and themes (`tldash.tui.app.settings`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tldash.user.paths import is_present, names_file, settings_file
from tldash.user.user_settings import UserSettings

if TYPE_CHECKING:
    from tldash.user.name_list import NameList


def load(file: Path | None = None) -> UserSettings:
    """Load the settings of that file, or of the user's own. Never raises.

    A missing file is not a problem. The parser and its YAML reader are imported only if there is
    a file, since most users have none.
    """
    file = file or settings_file()
    if not is_present(file):
        return UserSettings(file)
    from tldash.user.settings_parser import read

    return read(file)


def load_existing() -> UserSettings | None:
    """Load the user's own settings; None if there is no file. Never raises."""
    return load() if is_present(settings_file()) else None


def load_private() -> tuple[tuple[str, str], ...]:
    """Load what the user's settings say about private folders. Never raises."""
    found = load_existing()
    return found.private if found is not None else ()


def load_names() -> NameList | None:
    """Load the user's list of names to protect; None if there is no file. Never raises."""
    if not is_present(names_file()):
        return None
    from tldash.user import name_list

    return name_list.load(names_file())
