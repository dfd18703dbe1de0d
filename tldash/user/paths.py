"""Where this system keeps the user's own files (platformdirs)."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def settings_file() -> Path:
    """Return the path of the user's settings: `$XDG_CONFIG_HOME/tldash/config.yaml` on Linux."""
    return platformdirs.user_config_path("tldash", appauthor=False) / "config.yaml"


def views_file() -> Path:
    """Return the path of the user's saved views, beside the settings."""
    return settings_file().with_name("views.yaml")


def names_file() -> Path:
    """Return the path of the user's list of names to protect, beside the settings."""
    return settings_file().with_name("names.yaml")


def state_folder() -> Path:
    """Return the folder for edits and last-seen data: `$XDG_STATE_HOME/tldash` on Linux."""
    return platformdirs.user_state_path("tldash", appauthor=False)


def is_present(file: Path) -> bool:
    """Whether there is something at that path, readable or not. Costs one stat call."""
    try:
        os.stat(file)  # noqa: PTH116 - Path.stat costs more, and every start calls this
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True
    return True
