"""The user's own editor, at a line of a file.

The command is the user's (`$VISUAL`, else `$EDITOR`, else `vi`), never anything that a shared
folder says. It is given an argument list without a shell and an absolute path, so that no name of a
file can be taken for an option or a command.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

PLUS: Final = frozenset({"vi", "vim", "nvim", "gvim", "nano", "pico", "emacs", "emacsclient", "kak",
                         "micro", "joe", "jed", "ne", "mg", "less", "view", "vimx"})  # fmt: skip
"""Editors that take `+LINE` before the file."""
COLON: Final = frozenset({"hx", "helix", "zed", "subl"})
"""Editors that take `FILE:LINE`."""
GOTO: Final = frozenset({"code", "codium", "code-insiders", "cursor", "windsurf"})
"""Editors that take `--goto FILE:LINE`, and return at once unless told to wait."""


class NoEditor(Exception):
    """There is no editor to start; the message says what to do."""


def arguments(path: Path, line: int, environment: Mapping[str, str]) -> list[str]:
    """What to run to edit a file at a line. Raises NoEditor."""
    said = environment.get("VISUAL") or environment.get("EDITOR") or ""
    try:
        command = shlex.split(said) or ["vi"]
    except ValueError as error:
        raise NoEditor(f"$VISUAL or $EDITOR is not a command: {said}") from error
    program = shutil.which(command[0], path=environment.get("PATH"))
    if program is None:
        hint = "set $EDITOR to the editor you want" if not said else "check $VISUAL and $EDITOR"
        raise NoEditor(f"there is no editor '{command[0]}' here; {hint}")
    name = Path(command[0]).name.lower().removesuffix(".exe")
    file = str(path.absolute())
    if name in PLUS:
        return [program, *command[1:], f"+{line}", file]
    if name in COLON:
        return [program, *command[1:], f"{file}:{line}"]
    if name in GOTO:
        return [program, *command[1:], "--goto", f"{file}:{line}"]
    return [program, *command[1:], file]


def run(command: list[str]) -> str:
    """Run an editor in the foreground; the reason why it did not work, or nothing."""
    try:
        done = subprocess.run(command, env=dict(os.environ), check=False)
    except OSError as error:
        return f"the editor did not start: {error.strerror}"
    return f"the editor ended with code {done.returncode}" if done.returncode else ""
