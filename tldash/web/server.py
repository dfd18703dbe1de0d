"""The web server: one page, the files that it needs, and a dashboard for each page that is open.

Of textual-serve only the terminal in the page is used (its script, style and font). Its own server
starts programs by way of a shell, fetches a font from elsewhere, and delivers files; this one does
none of that.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import signal
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from importlib.resources import files
from string import Template
from typing import Final

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web
from aiohttp.typedefs import Handler

from tldash.model.frozen import frozen
from tldash.web.guard import Guard
from tldash.web.process import Dashboard
from tldash.web.viewer import View

PORT: Final = 8765
MOST: Final = 20
"""Pages that may be open at once; each is a process."""
LONGEST: Final = 1 << 20
"""Bytes that a page may send at once: what somebody pastes."""
FONT_SIZES: Final = (16, 8, 40)
"""The usual size of the letters, the least and the most, in pixels."""
TOO_MANY: Final = f"There are {MOST} pages open already. Close one, then load this page again."
NOT_BEGUN: Final = "The dashboard did not begin. The terminal in which tldash serve runs says why."

_OWN: Final = ("page.js", "page.css")
_TERMINAL: Final = {
    "textual.js": "js/textual.js",
    "xterm.css": "css/xterm.css",
    "mono.ttf": "fonts/RobotoMono-VariableFont_wght.ttf",
    "mono-italic.ttf": "fonts/RobotoMono-Italic-VariableFont_wght.ttf",
}
_KINDS: Final = {"js": "text/javascript", "css": "text/css", "ttf": "font/ttf"}
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""The page loads nothing from elsewhere and tells nobody anything."""


class PortTaken(Exception):
    """Another program listens there."""


@frozen
class Place:
    """Where to listen."""

    host: str = "127.0.0.1"
    port: int | None = None
    """None is the usual one, or where that is taken, any."""


class Server:
    """Pages over the same folders."""

    def __init__(self, view: View, guard: Guard, title: str) -> None:
        """`title` is what the browser calls the page."""
        self._view = view
        self._guard = guard
        self._title = title
        self._open: set[Dashboard] = set()
        self._busy = 0
        """Pages that are open, those among them whose dashboard has not started yet."""

    def application(self) -> web.Application:
        """All that can be asked for."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            token = request.query.get("token") if request.path == "/" else None
            wants_socket = request.path == "/ws"
            why = self._guard.objection(
                request.headers, request.cookies, token, socket=wants_socket
            )
            if why:
                return _page("refused.html", why=why, status=403)
            return await handler(request)

        app = web.Application(middlewares=[guarded])
        app.router.add_get("/", self._index)
        app.router.add_get("/ws", self._socket)
        for name in _OWN:
            app.router.add_get(f"/static/{name}", _file(name, _own(name)))
        for name, path in _TERMINAL.items():
            data = files("textual_serve").joinpath("static", *path.split("/")).read_bytes()
            app.router.add_get(f"/static/{name}", _file(name, data))
        app.on_response_prepare.append(_harden)
        app.on_shutdown.append(self._end_all)
        return app

    async def _index(self, request: web.Request) -> web.Response:
        if self._guard.token and "token" in request.query:
            # The token shall not stay in the address. A redirect would not do: coming from another
            # page, the browser would not show the cookie that it has just been given.
            answer = _page("enter.html")
            answer.set_cookie(
                self._guard.cookie, self._guard.proof, httponly=True, samesite="Strict", path="/"
            )
            return answer
        size, least, most = FONT_SIZES
        with contextlib.suppress(ValueError):
            size = max(least, min(int(request.query.get("fontsize", "")), most))
        return _page("page.html", title=self._title, size=str(size))

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        line = web.WebSocketResponse(heartbeat=15, max_msg_size=LONGEST)
        await line.prepare(request)
        if self._busy >= MOST:
            await _tell(line, TOO_MANY)
            return line
        self._busy += 1
        try:
            columns, rows = (_number(request.query.get(name)) for name in ("width", "height"))
            dashboard = await Dashboard.start(self._view.command, columns or 80, rows or 24)
            await self._converse(line, dashboard)
        finally:
            self._busy -= 1
        return line

    async def _converse(self, line: web.WebSocketResponse, dashboard: Dashboard) -> None:
        async def show() -> None:
            if not await dashboard.show(line.send_bytes):
                await _tell(line, NOT_BEGUN)
            await line.close()

        self._open.add(dashboard)
        showing = asyncio.create_task(show())
        try:
            async for message in line:
                await _hear(dashboard, line, message)
        finally:
            await dashboard.end()
            await showing
            self._open.discard(dashboard)

    async def _end_all(self, app: web.Application) -> None:
        del app
        await asyncio.gather(*(dashboard.end() for dashboard in self._open))


async def _hear(dashboard: Dashboard, line: web.WebSocketResponse, message: WSMessage) -> None:
    """What the page says: a list of a word and what belongs to it. Anything else is passed over."""
    try:
        said = json.loads(message.data) if message.type is WSMsgType.TEXT else None
    except ValueError:
        return
    match said:
        case ["stdin", str(text)]:
            await dashboard.type(text)
        case ["resize", {"width": int(width), "height": int(height)}]:
            await dashboard.resize(width, height)
        case ["focus" | "blur" as word]:
            await dashboard.focus(here=word == "focus")
        case ["ping", str(word)]:
            await line.send_json(["pong", word])


async def _tell(line: web.WebSocketResponse, sentence: str) -> None:
    """Close the line with a sentence, which the page shows."""
    await line.close(code=WSCloseCode.TRY_AGAIN_LATER, message=sentence.encode())


async def _harden(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)
    # Older browsers do not count a websocket of the same place among 'self'.
    host = request.headers.get("Host", "")
    plain = host.isascii() and not set(host) & set(" ;,'\"")
    also = f" ws://{host} wss://{host}" if host and plain else ""
    policy = _POLICY.replace("connect-src 'self'", f"connect-src 'self'{also}")
    response.headers["Content-Security-Policy"] = policy


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0


def _own(name: str) -> bytes:
    return files(__package__).joinpath("static", name).read_bytes()


def _page(name: str, status: int = 200, **words: str) -> web.Response:
    safe: Mapping[str, str] = {key: escape(word) for key, word in words.items()}
    text = Template(_own(name).decode("utf-8")).substitute(safe)
    return web.Response(text=text, status=status, content_type="text/html")


def _file(name: str, data: bytes) -> Handler:
    kind = _KINDS[name.rpartition(".")[2]]

    async def answer(request: web.Request) -> web.Response:
        del request
        return web.Response(body=data, content_type=kind)

    return answer


async def serve(
    view: View, guard: Guard, place: Place, title: str, ready: Callable[[Guard, bool], None]
) -> None:
    """Answer until the process is told to end.

    `ready` is told the guard with its port, and whether that is the one that was wanted. Raises
    PortTaken, or OSError for an address that is not this machine's.
    """
    listening, expected = _listen(place)
    known = replace(guard, host=place.host, port=listening.getsockname()[1])
    runner = web.AppRunner(
        Server(view, known, title).application(), access_log=None, shutdown_timeout=15
    )
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        ready(known, expected)
        await _told_to_end()
    finally:
        await runner.cleanup()


def _listen(place: Place) -> tuple[socket.socket, bool]:
    """A socket, and whether it has the port that was wanted."""
    port = PORT if place.port is None else place.port
    kind = socket.getaddrinfo(place.host, port, type=socket.SOCK_STREAM)[0][0]
    try:
        return socket.create_server((place.host, port), family=kind), True
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        if place.port is not None:
            raise PortTaken from error
    return socket.create_server((place.host, 0), family=kind), False


async def _told_to_end() -> None:
    """Wait for ctrl+c, or for a word of the system."""
    told = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows, where ctrl+c is an exception
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), told.set)
    await told.wait()
