"""The user's own settings: who they are, the theme, the icons, the keys and private folders.

One file per user, read at start-up and never written. `settings_parser` reads it. The dashboard
checks the names of commands, keys and themes (`tldash.tui.app.settings`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tldash.model.frozen import frozen
from tldash.model.icons import IconStyle
from tldash.model.records import Problem
from tldash.user.paths import is_present, names_file, settings_file

if TYPE_CHECKING:
    from tldash.user.name_list import NameList

YamlPath = tuple[str | int, ...]
"""The keys and indices that lead to a value."""


@frozen
class KeySetting:
    """The keys that the user gives to a command."""

    command: str
    keys: tuple[str, ...]
    where: YamlPath
    is_list: bool = False
    """Whether the keys are written as a list; then each is at an index below `where`."""

    def place(self, number: int) -> YamlPath:
        """Return where the key of that number is written."""
        return (*self.where, number) if self.is_list else self.where


@frozen
class UserSettings:
    """The settings of a file."""

    file: Path | None = None
    """Path of the file, whether or not it exists."""
    text: str | None = None
    """Content of the file; None if it is missing or unreadable."""
    me: str = ""
    theme: str | Mapping[str, object] = ""
    icons: IconStyle | None = None
    keys: tuple[KeySetting, ...] = ()
    private: tuple[tuple[str, str], ...] = ()
    """Pairs of a shared folder, or "" for any, and the private one to lay over it, as written."""
    problems: tuple[Problem, ...] = ()
    sync: int = 0
    """Minutes without a key after which the dashboard syncs by itself; 0 for never."""

    def problem_at(self, where: YamlPath, message: str, hint: str) -> Problem:
        """Return a problem with the value at a path of the file."""
        from tldash.user.settings_parser import describe_faults

        return describe_faults(self.file, self.text or "", [(where, message, hint)])[0]


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
