"""A real Chromium without a window, driven over its DevTools protocol.

A terminal in a page is pixels, so what it shows is read where it comes in: the browser reports the
frames of the page's websocket, and pyte keeps the screen that they draw. What is typed goes through
the browser's keyboard, as a person's keys do. Nothing sleeps: every wait is for something to come.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import re
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pyte

from tests.support.terminal import PATIENCE, readable

FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",  # as root it does not start with one
    "--no-first-run",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
)
CODES: Final = {"enter": "Enter", "escape": "Escape", "down": "ArrowDown", "space": " "}
NUMBERS: Final = {"Enter": 13, "Escape": 27, "ArrowDown": 40, " ": 32}
TYPED: Final = {"Enter": "\r", " ": " "}


class Tab:
    """One page."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._news = asyncio.Event()
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.asked: list[str] = []
        """Every address that the page has asked for."""
        self.sent: list[str] = []
        """What the page has sent to the server."""
        self.problems: list[str] = []
        """What the browser's console complained of."""
        self.closed = False
        """Whether the page's websocket has been closed."""

    # What comes from the browser

    async def listen(self) -> None:
        """Take in what the browser says, until it is gone."""
        async for message in self._socket:
            said = json.loads(message.data)
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said)
            else:
                self._take_in(said["method"], said["params"])
            self._news.set()

    def _take_in(self, method: str, params: dict[str, Any]) -> None:
        match method:
            case "Network.requestWillBeSent":
                self.asked.append(params["request"]["url"])
            case "Network.webSocketCreated":
                self.asked.append(params["url"])
                if size := parse_qs(urlsplit(params["url"]).query):
                    self._size(int(size["width"][0]), int(size["height"][0]))
            case "Network.webSocketFrameSent":
                self._sent(params["response"]["payloadData"])
            case "Network.webSocketFrameReceived" if params["response"]["opcode"] == 2:
                data = base64.b64decode(params["response"]["payloadData"])
                self._stream.feed(readable(data))
            case "Network.webSocketClosed":
                self.closed = True
            case "Log.entryAdded":
                self.problems.append(params["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.problems.append(json.dumps(params["exceptionDetails"]))

    def _sent(self, text: str) -> None:
        self.sent.append(text)
        said = json.loads(text)
        if said[0] == "resize":
            self._size(said[1]["width"], said[1]["height"])

    def _size(self, columns: int, rows: int) -> None:
        if (columns, rows) != (self.screen.columns, self.screen.lines):
            self.screen.resize(rows, columns)

    @property
    def text(self) -> str:
        """What the terminal in the page shows."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    # What one does

    async def call(self, method: str, **params: object) -> dict[str, Any]:
        """Ask the browser for something, and wait for the answer."""
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._number, "method": method, "params": params})
        said = await asyncio.wait_for(answer, PATIENCE)
        assert "error" not in said, (method, said)
        return dict(said["result"])

    async def go(self, address: str) -> None:
        """Open an address."""
        self.closed = False
        await self.call("Page.navigate", url=address)

    async def press(self, *keys: str) -> None:
        """Press keys: those of `CODES` by name, others as they stand."""
        for name in keys:
            key = CODES.get(name, name)
            number = NUMBERS.get(key, ord(key.upper()[0]))
            what = {"key": key, "windowsVirtualKeyCode": number}
            text = TYPED.get(key, key if len(key) == 1 else "")
            await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **what)
            await self.call("Input.dispatchKeyEvent", type="keyUp", **what)

    async def run(self, script: str) -> Any:
        """Run JavaScript in the page; a promise is waited for."""
        said = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        return said["result"].get("value")

    async def resize(self, width: int, height: int) -> None:
        """Give the page another size, in pixels."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip

    async def picture(self) -> bytes:
        """The page as a PNG."""
        return base64.b64decode((await self.call("Page.captureScreenshot"))["data"])

    async def until(self, wanted: str | re.Pattern[str] | Callable[[], object]) -> None:
        """Wait until the terminal in the page shows something, or until a condition holds."""
        true = wanted if callable(wanted) else lambda: re.search(wanted, self.text)
        try:
            async with asyncio.timeout(PATIENCE):
                while not true():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            complaints = "\n".join(self.problems)
            raise AssertionError(f"never: {wanted}\n{self.text}\n{complaints}") from None

    async def until_in_page(self, script: str) -> None:
        """Wait until an expression is true in the page."""
        waiting = (
            "new Promise(done => { const look = () => { let found = false;"
            f" try {{ found = {script}; }} catch {{ found = false; }}"
            " found ? done(true) : requestAnimationFrame(look); }; look(); })"
        )
        assert await self.run(waiting)


@contextlib.asynccontextmanager
async def chromium(program: str, folder: Path) -> AsyncIterator[Callable[[], Any]]:
    """A browser that keeps its files in `folder`; what it gives opens a new `Tab`."""
    process = await asyncio.create_subprocess_exec(
        program, *FLAGS, f"--user-data-dir={folder}", "about:blank",
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    errors = process.stderr
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(_end, process)
        address = await asyncio.wait_for(_devtools(errors), PATIENCE)
        rest = asyncio.create_task(errors.read())
        stack.push_async_callback(_gone, rest)
        http = await stack.enter_async_context(aiohttp.ClientSession())

        async def tab() -> Tab:
            async with http.put(f"http://{address}/json/new?about:blank") as answer:
                line = (await answer.json(content_type=None))["webSocketDebuggerUrl"]
            socket = await stack.enter_async_context(http.ws_connect(line, max_msg_size=0))
            opened = Tab(socket)
            stack.push_async_callback(_gone, asyncio.create_task(opened.listen()))
            for domain in ("Page", "Network", "Runtime", "Log"):
                await opened.call(f"{domain}.enable")
            await opened.call("Emulation.setFocusEmulationEnabled", enabled=True)
            await opened.resize(1200, 800)
            return opened

        yield tab


async def _devtools(errors: asyncio.StreamReader) -> str:
    """The address that Chromium says it listens on."""
    said = b""
    while line := await errors.readline():
        said += line
        if found := re.search(rb"DevTools listening on ws://([^/]+)/", line):
            return found[1].decode()
    raise AssertionError(f"Chromium did not start:\n{said.decode(errors='replace')}")


async def _gone(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
