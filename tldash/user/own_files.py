"""Read and replace the small text files that belong to the user alone."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

from tldash.formats.text import decode
from tldash.storage.safe_open import read_anywhere
from tldash.storage.state_file import replace_file

SIZE_LIMIT: Final = 64 * 1024
"""Bytes of a settings or views file."""


def read_text(file: Path, limit: int = SIZE_LIMIT) -> str:
    """Read a text file of `limit` bytes at most, following links wherever they lead.

    Never blocks on a pipe.

    Raises:
        FileNotFoundError: there is no such file.
        Unreadable: it is not a regular file, too large, or not readable.
        NotText: it is not UTF-8 text.
    """
    return decode(read_anywhere(file, limit))


def replace_text(file: Path, old: str | None, new: str) -> bool:
    """Replace the file by `new`, unless it no longer holds `old` (None: there is no file).

    The replacement is atomic (see `replace_file`). A symbolic link stays one, since its target is
    replaced, and the mode stays. Raises OSError and what `read_text` raises.

    Returns:
        False if the file changed since `old` was read; then nothing was written.
    """

    def is_unchanged() -> bool:
        try:
            return read_text(file) == old
        except FileNotFoundError:
            return old is None

    if not is_unchanged():
        return False
    try:
        data = new.encode()
    except UnicodeEncodeError as error:
        raise OSError(errno.EILSEQ, "it has characters that UTF-8 cannot encode") from error
    target = Path(os.path.realpath(file))
    mode = stat.S_IMODE(target.stat().st_mode) if old is not None else 0o600
    return replace_file(target, data, mode, only_if=is_unchanged)
