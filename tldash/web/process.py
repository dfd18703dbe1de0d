"""One dashboard process: what is typed goes in, what it draws comes out, and it always ends.

The packets are those of Textual's web driver: a letter, four bytes of length, and that many bytes.
Only what is drawn is passed on. A driver may also ask to deliver a file or to open an address; that
is nothing that the dashboard does, so nobody gets it.
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
"""Seconds that a dashboard may take to end by itself, and then again when it is told to."""
READY: Final = b"__GANGLION__\n"
"""The line with which Textual's web driver begins."""
LARGEST: Final = 500
"""Columns and rows that a page has at most."""

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
        """Start it. No shell reads the command, and ctrl+c at the server does not reach it."""
        environment = {
            **os.environ,
            "TEXTUAL_DRIVER": "tldash.web.driver:PageDriver",
            "TEXTUAL_COLOR_SYSTEM": "truecolor",
            "COLUMNS": str(_size(columns)),
            "ROWS": str(_size(rows)),
        }
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, env=environment, start_new_session=True
        )
        return cls(process)

    async def type(self, text: str) -> None:
        """Hand in what was typed or clicked, as a terminal would send it."""
        await self._packet(b"D", text.encode("utf-8", "replace"))

    async def resize(self, columns: int, rows: int) -> None:
        """Tell it the size of the page, in characters."""
        await self._tell(type="resize", width=_size(columns), height=_size(rows))

    async def focus(self, *, here: bool) -> None:
        """Tell it whether the viewer is at the page."""
        await self._tell(type="focus" if here else "blur")

    async def show(self, send: Send) -> bool:
        """Send what it draws until it ends; False where it ended before it began."""
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
                    with contextlib.suppress(ConnectionError):  # it draws on while it is ended
                        await send(payload)
                elif head[:1] == b"M" and json.loads(payload).get("type") == "exit":
                    break
        return began

    async def end(self) -> None:
        """Ask it to end, and see to it that it does. May be called more than once."""
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
        self._into.write(_packed(b"M", json.dumps({"type": "quit"}).encode()))
        self._into.close()

    async def _drain(self) -> None:
        """Read on, so that it never waits for somebody to read what it draws."""
        if self._shown is not None:
            await asyncio.wait([self._shown])
        while await self._out.read(65536):
            pass
        await self._process.wait()

    async def _tell(self, **meta: str | int) -> None:
        await self._packet(b"M", json.dumps(meta).encode())

    async def _packet(self, letter: bytes, payload: bytes) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):  # it has ended meanwhile
            self._into.write(_packed(letter, payload))
            await self._into.drain()


def _packed(letter: bytes, payload: bytes) -> bytes:
    return letter + len(payload).to_bytes(4, "big") + payload


def _size(number: int) -> int:
    return max(1, min(number, LARGEST))
