"""Where the user's own settings are, and whether there are any.

That is all that a start without them costs; they are read elsewhere (`tldash.user.settings`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tldash.user.settings import Config


def settings_file() -> Path:
    """Where the settings are: `$XDG_CONFIG_HOME/tldash/config.yaml` on Linux."""
    import platformdirs

    return platformdirs.user_config_path("tldash", appauthor=False) / "config.yaml"


def is_there(file: Path) -> bool:
    """Whether there is something to be read, or to be told of why it cannot be."""
    try:
        os.stat(file)  # noqa: PTH116 - the one thing that it costs where there is no file
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True
    return True


def own_settings() -> Config | None:
    """What the user's settings say; None where there are none. Never raises."""
    file = settings_file()
    if not is_there(file):
        return None
    from tldash.user import settings

    return settings.read(file)
