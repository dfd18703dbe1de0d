"""Replace files of a git repository under the lock that git itself uses.

git writes `config` by creating `config.lock`, which fails if there is one, and renaming it. Doing
the same keeps both from overwriting each other. After a crash, the file has the old or the new
content, and the lock may have to be removed by hand, as with git.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from tldash.storage.directory import Place, WriteRefused, locate, to_refusal
from tldash.storage.draft import write_all
from tldash.storage.safe_open import Unreadable, read_bytes

_LIMIT: Final = 1 << 20
"""Bytes of a file that is replaced; git's settings have far fewer."""


def read(repository: Path, path: str) -> bytes | None:
    """Read a file of a repository; None if there is none.

    Raises:
        Unreadable: It is not a regular file, too large, not readable, or a link.
    """
    if (repository / path).is_symlink():
        raise Unreadable("link-outside", "it is a link", "edit the file it leads to")
    try:
        return read_bytes(repository, path, _LIMIT)
    except Unreadable as error:
        if error.code == "gone":
            return None
        raise


def replace(
    repository: Path, path: str, old: bytes | None, new: bytes | None, *, executable: bool = False
) -> None:
    """Replace, create or (`new` is None) remove a file of a repository. Its mode stays.

    Args:
        repository: The folder `.git`.
        path: POSIX path relative to it. Missing folders are created.
        old: The content that it must have; None if there must be no file.
        executable: Whether a new file is a program.

    Raises:
        WriteRefused: Nothing was written. The code is `busy` if git has locked the file, and
            `changed` if it no longer has the content `old`.
    """
    try:
        with locate(repository, path, make=True) as place:
            _replace(repository, path, place, (old, new), executable=executable)
    except Unreadable as error:
        raise WriteRefused(error.code, error.message, error.hint) from error
    except FileExistsError:
        raise WriteRefused(
            "busy",
            f"git is changing {path} now, or was stopped while it did",
            f"try again, or remove {path}.lock if no git is running",
        ) from None
    except OSError as error:
        raise to_refusal(error) from error


def _replace(
    repository: Path,
    path: str,
    place: Place,
    contents: tuple[bytes | None, bytes | None],
    *,
    executable: bool,
) -> None:
    old, new = contents
    lock = f"{place.name}.lock"
    mode = 0o777 if executable else 0o666
    fd = place.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        try:
            if read(repository, path) != old:
                raise WriteRefused("changed", f"{path} was changed meanwhile", "try again")
            if old is not None and os.chmod in os.supports_fd:
                os.chmod(fd, stat.S_IMODE(place.status(place.name).st_mode))  # noqa: PTH101
            write_all(fd, new or b"")
            os.fsync(fd)
        finally:
            os.close(fd)
        if new is not None:
            place.replace(lock, place.name)
        elif old is not None:
            place.remove(place.name)
        place.sync()
    finally:
        with suppress(FileNotFoundError):
            place.remove(lock)
