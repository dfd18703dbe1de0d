"""Run a dashboard process: pass input in and output out, and make sure that it exits.

The packets are those of Textual's web driver: one letter, four bytes of length, and the payload.
Only drawing is passed on. The driver could also ask to deliver a file or open an address, which the
dashboard never does, so such packets are dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

PATIENCE: Final = 5.0
"""Seconds to wait for the process to exit, at each step: quit message, SIGTERM, SIGKILL."""
READY: Final = b"__GANGLION__\n"
"""The first line from Textual's web driver."""
MAX_SIZE: Final = 500
"""Columns and rows of a page."""

Send = Callable[[bytes], Awaitable[None]]


class Dashboard:
    """A dashboard in a process of its own."""

    def __init__(self, process: Process) -> None:
        self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._into, self._out = process.stdin, process.stdout
        self._shown: asyncio.Task[bool] | None = None
        self._ending: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, command: Sequence[str], columns: int, rows: int) -> Dashboard:
        """Start the process, without a shell and in a session that ctrl+c does not reach."""
        environment = {
            **os.environ,
            "TEXTUAL_DRIVER": "tldash.web.driver:PageDriver",
            "TEXTUAL_COLOR_SYSTEM": "truecolor",
            "COLUMNS": str(_clamp_size(columns)),
            "ROWS": str(_clamp_size(rows)),
        }
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, env=environment, start_new_session=True
        )
        return cls(process)

    async def type(self, text: str) -> None:
        """Send typed or clicked input, encoded as a terminal does."""
        await self._send_packet(b"D", text.encode("utf-8", "replace"))

    async def resize(self, columns: int, rows: int) -> None:
        """Set the size of the page in characters."""
        await self._send_meta(type="resize", width=_clamp_size(columns), height=_clamp_size(rows))

    async def focus(self, *, here: bool) -> None:
        """Report whether the page has the focus."""
        await self._send_meta(type="focus" if here else "blur")

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
        """Ask the process to exit, then terminate it, then kill it. May be called repeatedly."""
        if self._ending is None:
            self._ending = asyncio.create_task(self._end())
        await asyncio.shield(self._ending)

    async def _end(self) -> None:
        for stop in (self._leave, self._process.terminate, self._process.kill):
            with contextlib.suppress(ProcessLookupError):
                stop()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._drain(), PATIENCE)
                return

    def _leave(self) -> None:
        self._into.write(_pack(b"M", json.dumps({"type": "quit"}).encode()))
        self._into.close()

    async def _drain(self) -> None:
        """Read its output to the end, so that it never blocks on a full pipe."""
        if self._shown is not None:
            await asyncio.wait([self._shown])
        while await self._out.read(65536):
            pass
        await self._process.wait()

    async def _send_meta(self, **meta: str | int) -> None:
        await self._send_packet(b"M", json.dumps(meta).encode())

    async def _send_packet(self, letter: bytes, payload: bytes) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):  # it has exited
            self._into.write(_pack(letter, payload))
            await self._into.drain()


def _pack(letter: bytes, payload: bytes) -> bytes:
    return letter + len(payload).to_bytes(4, "big") + payload


def _clamp_size(number: int) -> int:
    return max(1, min(number, MAX_SIZE))
