"""A pseudo-terminal that records when each frame was complete."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

from tests.support.terminal import PATIENCE, Terminal, Wanted, environment

TOP: Final = Path(__file__).parents[2]
_BEGIN: Final = b"\x1b[?2026h"
_END: Final = b"\x1b[?2026l"
_TICKS: Final = os.sysconf("SC_CLK_TCK")


def here(home: Path) -> dict[str, str]:
    """Return a clean environment that runs the program of this checkout."""
    return environment(home, PYTHONPATH=str(TOP))


class Timed(Terminal):
    """A terminal that buffers each frame until it is complete, and records the time.

    Parsing a frame costs this process as much as drawing it costs the program, so frames are parsed
    only after their last byte.
    """

    arrived = 0.0
    """When the last frame was complete."""
    frames = 0
    _frame = b""

    def _feed(self, data: bytes) -> None:
        self._frame += data
        end = self._frame.rfind(_END)
        if end < 0 and _BEGIN in self._frame:
            return
        if end >= 0:
            self.arrived = time.perf_counter()
            self.frames += self._frame.count(_END)
            rest = self._frame[end + len(_END) :]
            begun = rest.find(_BEGIN)
            cut = len(self._frame) - len(rest) + begun if begun >= 0 else len(self._frame)
            whole, self._frame = self._frame[:cut], self._frame[cut:]
        else:  # drawn before the program knows of synchronized output
            self.arrived = time.perf_counter()
            whole, self._frame = self._frame, b""
        super()._feed(whole)

    def shown(self, began: float, wanted: Wanted) -> float:
        """Return the seconds from `began` to the next complete frame that shows this."""
        while True:
            frames = self.frames
            while self.frames == frames and self.pump(PATIENCE):
                pass
            if self.frames == frames or self._shows(wanted):
                self.until(wanted, 0.0)  # fails with a message if it is not shown
                return self.arrived - began

    def calm(self, seconds: float = 0.3) -> None:
        """Wait until nothing has arrived for this many seconds."""
        while self.pump(seconds):
            pass

    def cpu(self) -> float:
        """Return the CPU seconds that the program has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self) -> float:
        """Return the megabytes of memory that the program uses."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
