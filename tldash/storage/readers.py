"""Find out who can read a file: from modes, owners and groups, and from the git repository.

Starts no program. Of a repository, only `.git/config` is read, as text: what it includes is not
followed. When in doubt, more people can read a file than the answer of one rule would be.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final

from tldash.model.readers import Readers
from tldash.storage.git_config import GitConfig, parse_config
from tldash.storage.git_files import GitFiles, NoRepository, find_repository
from tldash.storage.private_folder import find_work_tree
from tldash.storage.safe_open import Unreadable

if sys.platform != "win32":
    import grp
    import pwd

_CONFIG_LIMIT: Final = 256 * 1024
"""Bytes of `.git/config`."""
_FEW: Final = 3
"""People that are named one by one."""
_MOST_REMOTES: Final = 20
_INCLUDES: Final = ("include", "includeif")
MORE: Final = "perhaps more"
"""Stands for remotes in a file that the config includes, or after a line that is no config."""
_ACCESS_LIST: Final = "system.posix_acl_access"
_SYNCED: Final = (
    ("Dropbox", "Dropbox"), ("OneDrive", "OneDrive"), ("Google Drive", "Google Drive"),
    ("Mobile Documents", "iCloud"), ("Nextcloud", "Nextcloud"),
)  # fmt: skip
"""Names of folders that programs sync, and of the programs."""


def find_readers(path: Path) -> Readers:
    """Find out who can read a file or folder, given by a real path. Never raises."""
    above = (path, *path.parents)
    try:
        statuses = [os.stat(part) for part in above]  # noqa: PTH116
    except (OSError, ValueError):
        return Readers(is_known=False)
    is_tracked, remotes = _find_remotes(path if path.is_dir() else path.parent)
    synced = _find_synced(above)
    if sys.platform == "win32":
        return Readers(is_tracked=is_tracked, remotes=remotes, synced=synced, is_known=False)
    lists = [_has_access_list(part) for part in above]
    mode, gid = statuses[0].st_mode, statuses[0].st_gid
    reached = all(
        one.st_mode & stat.S_IXOTH or listed
        for one, listed in zip(statuses[1:], lists[1:], strict=True)
    )
    users = reached and bool(mode & stat.S_IROTH or lists[0])
    named: set[str] = set()
    group = ""
    through = all(
        one.st_mode & (stat.S_IXOTH | stat.S_IXGRP) or listed
        for one, listed in zip(statuses[1:], lists[1:], strict=True)
    )
    if through and mode & stat.S_IRGRP and (members := _find_members(gid)):
        group = _name_group(gid)
        named |= members
    if statuses[0].st_uid != os.geteuid():
        named.add(_name_user(statuses[0].st_uid))
    few = tuple(sorted(named)) if len(named) <= _FEW else ()
    return Readers(users, group, few, is_tracked, remotes, synced)


def _has_access_list(path: Path) -> bool:
    """Return whether a file has a POSIX access control list, which may name other users."""
    with suppress(OSError, AttributeError):
        return _ACCESS_LIST in os.listxattr(path)
    return False


if sys.platform != "win32":

    @cache
    def _list_users() -> list[pwd.struct_passwd]:
        """Return all users, asked once: with a directory server, that may take seconds."""
        return pwd.getpwall()

    def _find_members(gid: int) -> set[str]:
        """Return the names of the other members of a group."""
        own = _name_user(os.geteuid())
        members = {user.pw_name for user in _list_users() if user.pw_gid == gid}
        with suppress(KeyError):
            members.update(grp.getgrgid(gid).gr_mem)
        return members - {own}

    def _name_group(gid: int) -> str:
        with suppress(KeyError):
            return grp.getgrgid(gid).gr_name
        return str(gid)

    def _name_user(uid: int) -> str:
        with suppress(KeyError):
            return pwd.getpwuid(uid).pw_name
        return str(uid)


def _find_remotes(folder: Path) -> tuple[bool, tuple[str, ...]]:
    """Return whether others get a folder from its repository, and the names of its remotes."""
    if find_work_tree(folder) is None:
        return False, ()
    try:
        data = GitFiles(find_repository(folder)).read("config", _CONFIG_LIMIT) or b""
    except (NoRepository, Unreadable):
        return True, ()
    names = tuple(map(_printable, find_remotes(parse_config(data))))
    return bool(names), names


def find_remotes(config: GitConfig) -> list[str]:
    """Return the names of the remotes in a git config, and `MORE` if there may be others."""
    names = (name for section, name in config.sections if section == "remote" and name)
    found = [*islice(dict.fromkeys(names), _MOST_REMOTES)]
    includes = any(section in _INCLUDES for section, _ in config.sections)
    return [*found, MORE] if includes or not config.is_complete else found


def _printable(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _find_synced(above: Sequence[Path]) -> str:
    """Return the program that syncs one of these folders, as its marker or name tells."""
    for folder in above:
        if os.path.lexists(folder / ".stfolder"):
            return "Syncthing"
        for name, program in _SYNCED:
            if folder.name.startswith(name):
                return program
    return ""
