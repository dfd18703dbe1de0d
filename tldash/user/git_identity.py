"""Find the identity that git commits with, from the user's own git settings.

Reads the files without starting git, and ignores the settings of the shared repository, which
anyone may edit. git-config(1) documents their paths and syntax.
"""

from __future__ import annotations

import configparser
from collections.abc import Iterator, Mapping
from pathlib import Path

from tldash.formats.text import NotText
from tldash.storage.safe_open import Unreadable
from tldash.user.own_files import read_text


def find_git_user(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the e-mail address and the name of the user's commits, as far as they are set.

    Included files are not read. Never raises.
    """
    found: dict[str, str] = {}
    for file in _files(environ):
        found |= _parse_user(file)
    return tuple(found[key] for key in ("email", "name") if found.get(key))


def _files(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the paths of the user's git settings, in ascending precedence."""
    if only := environ.get("GIT_CONFIG_GLOBAL"):
        yield Path(only)
    elif home := environ.get("HOME"):
        yield Path(environ.get("XDG_CONFIG_HOME") or f"{home}/.config") / "git" / "config"
        yield Path(home) / ".gitconfig"


def _parse_user(file: Path) -> dict[str, str]:
    """Return the keys of the `user` sections."""
    parser = configparser.RawConfigParser(
        strict=False, allow_no_value=True, inline_comment_prefixes=("#", ";")
    )
    try:
        lines = (line.strip() for line in read_text(file).splitlines())
        parser.read_string("\n".join(lines))
    except (FileNotFoundError, Unreadable, NotText, configparser.Error):
        return {}
    users = [parser[name] for name in parser.sections() if name.lower() == "user"]
    values = {key: value or "" for user in users for key, value in user.items()}
    return {key: value.strip().strip('"') for key, value in values.items()}
