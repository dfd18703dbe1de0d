"""Run a dashboard process: pass input in and output out, and make sure that it exits.

The packets are those of Textual's web driver: one letter, four bytes of length, and the payload.
Only drawing is passed on. The driver could also ask to deliver a file or open an address, which the
dashboard never does, so such packets are dropped.

Input waits in a queue of limited size, so that whoever puts it there never blocks, and notices when
the page is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from tldash.web.size import clamp_size

PATIENCE: Final = 5.0
"""Seconds to wait for the process to exit, at each step: end of input, SIGTERM, SIGKILL."""
MAX_WAITING: Final = (1 << 20) + (1 << 16)
"""Bytes of input that wait for the dashboard: a large paste, and what is typed meanwhile."""
READY: Final = b"__GANGLION__\n"
"""The first line from Textual's web driver."""

Send = Callable[[bytes], Awaitable[None]]


class TooMuchInput(Exception):
    """More input than the dashboard can handle."""


class Dashboard:
    """A dashboard in a process of its own."""

    def __init__(self, process: Process) -> None:
        self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._into, self._out = process.stdin, process.stdout
        self._packets: asyncio.Queue[bytes] = asyncio.Queue()
        self._waiting = 0
        """Bytes in the queue, or on their way to the process."""
        self._feeding = asyncio.create_task(self._feed())
        self._shown: asyncio.Task[bool] | None = None
        self._ending: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, command: Sequence[str], columns: int, rows: int) -> Dashboard:
        """Start the process, without a shell and in a session that ctrl+c does not reach."""
        environment = {
            **os.environ,
            "TEXTUAL_DRIVER": "tldash.web.driver:PageDriver",
            "TEXTUAL_COLOR_SYSTEM": "truecolor",
            "COLUMNS": str(clamp_size(columns)),
            "ROWS": str(clamp_size(rows)),
        }
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, env=environment, start_new_session=True
        )
        return cls(process)

    def type(self, text: str) -> None:
        """Send typed or clicked input, encoded as a terminal does. May raise `TooMuchInput`."""
        self._send_packet(b"D", text.encode("utf-8", "replace"))

    def resize(self, columns: int, rows: int) -> None:
        """Set the size of the page in characters. May raise `TooMuchInput`."""
        self._send_meta(type="resize", width=clamp_size(columns), height=clamp_size(rows))

    def focus(self, *, here: bool) -> None:
        """Report whether the page has the focus. May raise `TooMuchInput`."""
        self._send_meta(type="focus" if here else "blur")

    async def show(self, send: Send) -> bool:
        """Send its output until it exits. Returns False if it exited before it started."""
        self._shown = asyncio.create_task(self._show(send))
        return await self._shown

    async def _show(self, send: Send) -> bool:
        began = False
        with contextlib.suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await self._out.readuntil(READY)
            began = True
            while True:
                head = await self._out.readexactly(5)
                payload = await self._out.readexactly(int.from_bytes(head[1:], "big"))
                if head[:1] == b"D":
                    with contextlib.suppress(ConnectionError):  # it still draws while it exits
                        await send(payload)
                elif head[:1] == b"M" and json.loads(payload).get("type") == "exit":
                    break
        return began

    async def end(self) -> None:
        """Ask the process to exit, then kill it. May be called repeatedly.

        It drops input that it has not handled yet, but finishes a write.
        """
        if self._ending is None:
            self._ending = asyncio.create_task(self._end())
        await asyncio.shield(self._ending)

    async def _end(self) -> None:
        self._feeding.cancel()
        for stop in (self._leave, self._process.terminate, self._process.kill):
            with contextlib.suppress(ProcessLookupError):
                stop()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._drain(), PATIENCE)
                return

    def _leave(self) -> None:
        """End the input. Unless the process is exiting, send SIGTERM, which overtakes the input."""
        self._into.close()
        if sys.platform != "win32" and not (self._shown is not None and self._shown.done()):
            self._process.terminate()

    async def _drain(self) -> None:
        """Read its output to the end, so that it never blocks on a full pipe."""
        if self._shown is not None:
            await asyncio.wait([self._shown])
        while await self._out.read(65536):
            pass
        await self._process.wait()
        # Python 3.11.2 logs the error of input that the process did not read, if nobody asks.
        with contextlib.suppress(ConnectionError):
            await self._into.wait_closed()

    def _send_meta(self, **meta: str | int) -> None:
        self._send_packet(b"M", json.dumps(meta).encode())

    def _send_packet(self, letter: bytes, payload: bytes) -> None:
        packet = letter + len(payload).to_bytes(4, "big") + payload
        if self._waiting + len(packet) > MAX_WAITING:
            raise TooMuchInput
        self._waiting += len(packet)
        self._packets.put_nowait(packet)

    async def _feed(self) -> None:
        """Pass the queued input to the process, as fast as it reads."""
        while True:
            packet = await self._packets.get()
            with contextlib.suppress(ConnectionError, RuntimeError):  # it has exited
                self._into.write(packet)
                await self._into.drain()
            self._waiting -= len(packet)
