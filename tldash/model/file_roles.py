"""Roles of files, and rules that look at a file's name only."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Final

CONFIG_NAMES: Final = ("tldash.yaml", "tldash.yml")
FRAMEWORK_NAMES: Final = ("framework.yaml", "framework.yml")
SESSIONS_FOLDER: Final = "sessions"

_DATED: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?!\d)")
_MARKDOWN: Final = (".md", ".markdown")
_YAML: Final = (".yaml", ".yml")


class FileRole(StrEnum):
    """What a file contains, decided by its name and folder (see `tldash.storage.layout`)."""

    LEAD = "lead"
    SESSION = "session"
    SKILLS = "skills"
    NOTE = "note"
    CONFIG = "config"
    FRAMEWORK = "framework"


def is_markdown(path: str) -> bool:
    """Return whether a path ends in `.md` or `.markdown`, ignoring case."""
    return path.lower().endswith(_MARKDOWN)


def is_yaml(path: str) -> bool:
    """Return whether a path ends in `.yaml` or `.yml`, ignoring case."""
    return path.lower().endswith(_YAML)


def date_in_name(path: str) -> date | None:
    """Return the ISO date that a file's name starts with, or None without a valid one."""
    match = _DATED.match(path.rpartition("/")[2])
    if match is None:
        return None
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        return None
