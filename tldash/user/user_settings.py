"""The values of a user's settings. `tldash.user.settings` loads them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tldash.model.frozen import frozen
from tldash.model.icons import IconStyle
from tldash.model.records import Problem

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
