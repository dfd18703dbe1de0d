"""Run the viewer's own editor on a line of a file, and read everything again afterwards.

The command comes from `$VISUAL`, else `$EDITOR`, else `vi`, and never from a shared folder. It gets
an argument list without a shell and an absolute path, so that no file name can be taken for an
option or a command.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import IO, Final

from textual.app import SuspendNotSupported

from tldash.model.sanitize import sanitize, to_single_line
from tldash.tui.widgets.bars import Notice

PLUS: Final = frozenset({"vi", "vim", "nvim", "gvim", "nano", "pico", "emacs", "emacsclient", "kak",
                         "micro", "joe", "jed", "ne", "mg", "less", "view", "vimx"})  # fmt: skip
"""Editors that take `+LINE` before the file."""
COLON: Final = frozenset({"hx", "helix", "zed", "subl"})
"""Editors that take `FILE:LINE`."""
GOTO: Final = frozenset({"code", "codium", "code-insiders", "cursor", "windsurf"})
"""Editors that take `--goto FILE:LINE`. They return at once unless told to wait."""
WINDOWS: Final = frozenset({*GOTO, "zed", "subl", "gvim"})
"""Editors that run in a window of their own."""
WAITING: Final = frozenset({"-w", "--wait", "-f", "--nofork"})
"""Their options to end with the window."""


QUOTED: Final = 200
"""Characters of the message of an editor that failed."""


class NoEditor(Exception):
    """There is no editor to run; the message says what to do."""


class EditorController:
    """Suspends the dashboard while the editor runs."""

    def __init__(
        self,
        suspend: Callable[[], AbstractContextManager[None]],
        show_notice: Callable[[Notice], None],
    ) -> None:
        self._suspend = suspend
        self._show_notice = show_notice
        self.stays_open = False
        """Whether the editor that was started last runs on in a window of its own."""

    def open(self, path: Path, line: int) -> bool:
        """Run the editor in the foreground; False if there is none. Shows a notice on failure."""
        try:
            command = arguments(path, line, os.environ)
        except NoEditor as error:
            self._show_notice(Notice(str(error), bad=True))
            return False
        self.stays_open = runs_on(command)
        problem = ""
        try:
            with self._suspend():
                problem = run(command)
        except SuspendNotSupported:
            problem = "an editor cannot be opened from here"
        if problem:
            self._show_notice(Notice(problem, bad=True))
        return True


def arguments(path: Path, line: int, environment: Mapping[str, str]) -> list[str]:
    """Return the command that opens a file at a line. Raises NoEditor."""
    import shlex  # no module of the first screen needs it

    commands = (environment.get(name, "").strip() for name in ("VISUAL", "EDITOR"))
    configured = next(filter(None, commands), "")
    try:
        command = shlex.split(configured) or ["vi"]
    except ValueError as error:
        raise NoEditor(f"$VISUAL or $EDITOR is not a command: {configured}") from error
    program = shutil.which(command[0], path=environment.get("PATH"))
    if program is None:
        hint = "check $VISUAL and $EDITOR" if configured else "set $EDITOR to the editor you want"
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


def runs_on(command: Sequence[str]) -> bool:
    """Return whether an editor returns at once, and runs on in a window."""
    name = Path(command[0]).name.lower().removesuffix(".exe")
    return name in WINDOWS and WAITING.isdisjoint(command[1:])


def run(command: list[str]) -> str:
    """Run an editor in the foreground. Return the problem if it failed, else an empty string.

    What the editor writes to standard error is passed on, and its last line quoted if it fails.
    """
    try:
        process = subprocess.Popen(command, env=dict(os.environ), stderr=subprocess.PIPE)
    except OSError as error:
        return f"the editor did not start: {error.strerror}"
    assert process.stderr is not None
    errors = _Errors(process.stderr)
    code = process.wait()
    said = errors.finish()
    if not code:
        return ""
    return f"the editor ended with code {code}" + (f": {said}" if said else "")


class _Errors:
    """Passes on what a program writes to standard error, and keeps the end of it.

    A thread reads the pipe, since a program that stays in the background keeps it open.
    """

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._end = b""
        self._over = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with self._pipe as pipe:
            while data := os.read(pipe.fileno(), 4096):
                if not self._over:  # else the dashboard is on the screen again
                    self._end = (self._end + data)[-4096:]
                    with suppress(OSError):
                        os.write(2, data)

    def finish(self) -> str:
        """Stop passing on, and return the last line, sanitized."""
        self._thread.join(0.5)
        self._over = True
        lines = self._end.decode("utf-8", "replace").split("\n")
        said = next((line for line in reversed(lines) if line.strip()), "")
        return sanitize(to_single_line(said))[:QUOTED]
