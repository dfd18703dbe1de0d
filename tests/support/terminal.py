"""Programs on a real pseudo-terminal, for tests and benchmarks.

What a test in memory cannot show is shown here: the bytes that reach a terminal, the state in which
a program leaves it, signals, and other programs at work at the same time. The program gets a
terminal of its own as its controlling one, and an environment without anything of the developer's;
`pyte` keeps the screen. Nothing sleeps: `until` waits for what the screen shall show, and tells
what it shows instead.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyte

PATIENCE: Final = 30.0
"""Seconds after which waiting is given up; a machine under load may need many."""
KEYS: Final = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "shift+down": "\x1b[1;2B",
    "ctrl+a": "\x01",
    "esc": "\x1b",
    "ctrl+k": "\x0b",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
}
"""Names of keys, and what a terminal sends for them; any other word is typed as it stands."""

SYNCHRONIZED: Final = 2026 << 5
"""pyte's number for the private mode in which a program is in the middle of a frame."""
_ASK_SYNCHRONIZED: Final = b"\x1b[?2026$p"
_HAS_SYNCHRONIZED: Final = b"\x1b[?2026;2$y"
# What pyte would print as text or stumble over: device control strings, and the questions and
# keyboard modes of newer terminals.
_NOT_FOR_PYTE: Final = re.compile(
    rb"\x1b[PX^_][^\x1b]*\x1b\\|\x1b\[[<>=][0-9;]*[A-Za-z]|\x1b\[\?[0-9;]*\$?[a-gi-km-zA-Z]"
)
_CUT_SHORT: Final = re.compile(rb"\x1b(?:\[[<>=?]?[0-9;]*\$?|[PX^_][^\x1b]*\x1b?)?\Z")


def readable(data: bytes) -> bytes:
    """What a terminal is sent, without what pyte does not know."""
    return _NOT_FOR_PYTE.sub(b"", data)


Wanted = str | re.Pattern[str] | Callable[["Terminal"], object]


def environment(home: Path, **more: str) -> dict[str, str]:
    """A clean environment: the programs of this Python first, then the system's."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath, "/usr/local/bin"]),
        "HOME": str(home),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        **more,
    }


def script(name: str) -> str:
    """The full path of a program that was installed beside this Python."""
    return str(Path(sys.executable).with_name(name))


class Terminal:
    """A program on a pseudo-terminal of `columns` by `rows` cells.

    A context manager: the program is killed at its end, if it is still there.
    """

    def __init__(
        self,
        *command: str,
        env: Mapping[str, str],
        columns: int = 100,
        rows: int = 30,
        folder: Path | None = None,
    ) -> None:
        """`command` is a program and its arguments; `folder` becomes its current folder."""
        self.command = command
        self.raw = bytearray()
        """Every byte that the program has written."""
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self._rest = b""
        self.keeps_screen = True
        """Whether to keep the screen, which takes most of the time of reading."""
        self.code: int | None = None
        """Its exit code, once it has ended; negative for a signal."""
        self._master, slave = pty.openpty()
        self._set_size(columns, rows)
        self.settings = termios.tcgetattr(slave)
        """What the terminal's line was like before the program."""
        place = ("env", "-C", str(folder)) if folder is not None else ()
        argv = [*place, *command]
        try:
            # A session leader that opens a terminal gets it as its controlling one.
            self.pid = os.posix_spawnp(
                argv[0],
                argv,
                dict(env),
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.ttyname(slave), os.O_RDWR, 0),
                    (os.POSIX_SPAWN_DUP2, 0, 1),
                    (os.POSIX_SPAWN_DUP2, 0, 2),
                ],
                setsid=True,
            )
        finally:
            os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # What is on screen

    @property
    def lines(self) -> list[str]:
        """The screen, without the blanks at the ends of its lines."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """The screen as one string."""
        return "\n".join(self.lines)

    def line_with(self, word: str) -> int:
        """The number of the first line on screen with a word in it; -1 if there is none."""
        return next((number for number, line in enumerate(self.lines) if word in line), -1)

    # What one does at a terminal

    def press(self, *keys: str) -> None:
        """Send keys, by the names in `KEYS`, or else as text."""
        for key in keys:
            os.write(self._master, KEYS.get(key, key).encode())

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the system tells the program by SIGWINCH."""
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)

    def _set_size(self, columns: int, rows: int) -> None:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    # Waiting

    def until(self, wanted: Wanted, limit: float = PATIENCE) -> str:
        """Wait until the screen shows a regular expression, or a condition holds; give the screen.

        Between two frames only, so that what is read afterwards belongs together. Fails with a
        picture of the screen where it takes longer than `limit` seconds or the program ends first.
        """
        end = time.monotonic() + limit
        while not self._shows(wanted):
            if not self._pump(end - time.monotonic()):
                self._fail(wanted, "ended" if self.ended else f"took more than {limit:g} s")
        return self.text

    def wait(self, limit: float = PATIENCE) -> int:
        """Wait until the program has ended by itself; its exit code."""
        end = time.monotonic() + limit
        while not self.ended:
            if not self._pump(end - time.monotonic()) and not self.ended:
                self._fail("its end", f"took more than {limit:g} s")
        assert self.code is not None
        return self.code

    @property
    def ended(self) -> bool:
        """Whether the program has ended, and all it wrote was read."""
        return self.code is not None

    def pump(self, seconds: float) -> bool:
        """Read what comes within that time, if anything; whether something did."""
        return self._pump(seconds)

    def _shows(self, wanted: Wanted) -> bool:
        if SYNCHRONIZED in self.screen.mode:
            return False
        if isinstance(wanted, str):
            return re.search(wanted, self.text) is not None
        if isinstance(wanted, re.Pattern):
            return wanted.search(self.text) is not None
        return bool(wanted(self))

    def _pump(self, seconds: float) -> bool:
        if self.ended or seconds <= 0:
            return False
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:  # on Linux, EIO: nobody has the other end open any more
            data = b""
        if not data:
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            return False
        self.raw += data
        if self.keeps_screen:
            self._feed(data)
        return True

    def _feed(self, data: bytes) -> None:
        data = self._rest + data
        cut = _CUT_SHORT.search(data)
        self._rest = cut[0] if cut else b""
        data = data[: len(data) - len(self._rest)]
        for _ in range(data.count(_ASK_SYNCHRONIZED)):
            os.write(self._master, _HAS_SYNCHRONIZED)
        self.stream.feed(readable(data))

    def _fail(self, wanted: Wanted, why: str) -> None:
        border = "+" + "-" * self.screen.columns + "+"
        picture = "\n".join(f"|{line}|" for line in self.screen.display)
        what = wanted if isinstance(wanted, str) else getattr(wanted, "pattern", "the condition")
        ending = f" (exit code {self.code})" if self.ended else ""
        raise AssertionError(
            f"{' '.join(self.command)}: waiting for {what!r} {why}{ending}\n"
            f"{border}\n{picture}\n{border}\nlast bytes: {bytes(self.raw[-300:])!r}"
        )

    def settings_now(self) -> list[object]:
        """What the terminal's line is like now, to compare with `settings`."""
        return termios.tcgetattr(self._master)

    def hang_up(self, limit: float = PATIENCE) -> None:
        """Close the terminal as closing its window does, and wait until the program has ended.

        The system tells the program by SIGHUP; it fails if the program is still there after `limit`
        seconds.
        """
        os.close(self._master)
        self._master = -1
        process = os.pidfd_open(self.pid)
        try:
            gone = select.select([process], [], [], limit)[0]
        finally:
            os.close(process)
        assert gone, f"{' '.join(self.command)}: still there {limit:g} s after its terminal went"
        self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def close(self) -> None:
        """Kill the program and whatever it started on this terminal, and let go of the terminal."""
        if not self.ended:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
