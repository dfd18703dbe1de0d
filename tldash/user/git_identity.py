"""Who commits on this machine, as the user's own git settings say.

Git is not started, and the settings of the shared folder are not looked at: those are anybody's.
Where the settings are, and how they are written, is told by git-config(1).
"""

from __future__ import annotations

import configparser
from collections.abc import Iterator, Mapping
from pathlib import Path

from tldash.formats.text import NotText
from tldash.storage.safe_open import Unreadable
from tldash.user.settings import own_text


def git_user(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The e-mail address and the name that commits are made under, as far as they are set.

    Files that these settings include are not followed. Never raises.
    """
    found: dict[str, str] = {}
    for file in _files(environ):
        found |= _user(file)
    return tuple(found[key] for key in ("email", "name") if found.get(key))


def _files(environ: Mapping[str, str]) -> Iterator[Path]:
    """The user's settings, those that count more last."""
    if only := environ.get("GIT_CONFIG_GLOBAL"):
        yield Path(only)
    elif home := environ.get("HOME"):
        yield Path(environ.get("XDG_CONFIG_HOME") or f"{home}/.config") / "git" / "config"
        yield Path(home) / ".gitconfig"


def _user(file: Path) -> dict[str, str]:
    parser = configparser.RawConfigParser(
        strict=False, allow_no_value=True, inline_comment_prefixes=("#", ";")
    )
    try:
        lines = (line.strip() for line in own_text(file).splitlines())
        parser.read_string("\n".join(lines))
    except (FileNotFoundError, Unreadable, NotText, configparser.Error):
        return {}
    users = [parser[name] for name in parser.sections() if name.lower() == "user"]
    said = {key: value or "" for user in users for key, value in user.items()}
    return {key: value.strip().strip('"') for key, value in said.items()}
