"""The web server: one page, its scripts and fonts, and a dashboard process per open page.

Uses only the terminal page of textual-serve (its script, style and font). The server of
textual-serve starts programs through a shell, loads a font from another server, and delivers files.
This one does none of that.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import logging
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from importlib.resources import files
from string import Template
from typing import Final

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler
from aiohttp.web_protocol import RequestHandler

from tldash.model.frozen import frozen
from tldash.web.guard import Guard
from tldash.web.process import Dashboard, TooMuchInput
from tldash.web.viewer import View

PORT: Final = 8765
MAX_PAGES: Final = 20
"""Open pages. Each runs a process."""
MAX_MESSAGE: Final = 1 << 20
"""Bytes of a message from the page, for example a paste."""
FONT_SIZES: Final = (16, 8, 40)
"""Default, minimum and maximum font size in pixels."""
TOO_MANY: Final = f"There are already {MAX_PAGES} pages open. Close one, then reload this page."
TOO_MUCH: Final = "More was typed or pasted at once than fits. Reload this page to go on."
MAX_PING: Final = 100
"""Characters of a ping, which is sent back."""
MAX_CONNECTIONS: Final = 200
"""Each takes a file descriptor, and the dashboards need some. For a further one, the oldest is
closed that never made an allowed request, so nobody can keep viewers out with silent ones."""
IDLE: Final = 15
"""Seconds after which a connection is closed that sends no complete request."""
NOT_STARTED: Final = (
    "The dashboard did not start. See the terminal that runs tldash serve for the reason."
)

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
"""The page loads nothing from other servers and sends nothing to them."""


class PortTaken(Exception):
    """Another program listens on the port."""


@frozen
class ListenAddress:
    """The address to listen on."""

    host: str = "127.0.0.1"
    port: int | None = None
    """None for the default port, or any free one if that is taken."""


class Server:
    """Serves pages over the same folders."""

    def __init__(self, view: View, guard: Guard, title: str) -> None:
        """`title` is the title of the page in the browser."""
        self._view = view
        self._guard = guard
        self._title = title
        self._open: set[Dashboard] = set()
        self._allowed: set[RequestHandler] = set()
        """Connections that made an allowed request."""
        self._busy = 0
        """Number of open pages, including those whose dashboard is still starting."""

    def application(self) -> web.Application:
        """Return the application with all its routes."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            token = request.query.get("token") if request.path == "/" else None
            wants_socket = request.path == "/ws"
            why = self._guard.objection(
                request.headers, request.cookies, token, socket=wants_socket
            )
            if why:
                return _page("refused.html", why=why, status=403)
            self._allowed.add(request.protocol)
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
            # Remove the token from the address. A redirect does not work: after a link from
            # another site, the browser would not send the new SameSite=Strict cookie.
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
        line = web.WebSocketResponse(heartbeat=15, max_msg_size=MAX_MESSAGE)
        await line.prepare(request)
        if self._busy >= MAX_PAGES:
            await _close_with(line, TOO_MANY)
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
                await _close_with(line, NOT_STARTED)
            await line.close()

        self._open.add(dashboard)
        showing = asyncio.create_task(show())
        try:
            async for message in line:
                await _handle(dashboard, line, message)
        except TooMuchInput:
            await _close_with(line, TOO_MUCH)
        finally:
            await dashboard.end()
            await showing
            self._open.discard(dashboard)

    def make_room(self, connections: Sequence[RequestHandler]) -> bool:
        """Close a connection if there are too many; False if all of them are used by viewers."""
        self._allowed.intersection_update(connections)
        open_ones = [one for one in connections if one.transport is not None]
        if len(open_ones) < MAX_CONNECTIONS:
            return True
        for one in open_ones:
            if one not in self._allowed:
                one.force_close()
                return True
        return False

    async def _end_all(self, app: web.Application) -> None:
        del app
        await asyncio.gather(*(dashboard.end() for dashboard in self._open))


async def _handle(dashboard: Dashboard, line: web.WebSocketResponse, message: WSMessage) -> None:
    """Handle a message of the page: a JSON list of a name and its data. Ignores all others.

    Raises `TooMuchInput`.
    """
    try:
        data = json.loads(message.data) if message.type is WSMsgType.TEXT else None
    except (ValueError, RecursionError):
        return
    match data:
        case ["stdin", str(text)]:
            dashboard.type(text)
        case ["resize", {"width": int(width), "height": int(height)}]:
            dashboard.resize(width, height)
        case ["focus" | "blur" as word]:
            dashboard.focus(here=word == "focus")
        case ["ping", str(word)] if len(word) <= MAX_PING:
            with contextlib.suppress(ConnectionError):  # the page is closed meanwhile
                await line.send_json(["pong", word])


class _Malformed(logging.Filter):
    """Drops reports of requests that are not HTTP. Anyone can send those."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, (HttpProcessingError, ConnectionError))


_LOG: Final = logging.getLogger(__name__)
_LOG.addFilter(_Malformed())
logging.getLogger("aiohttp").addHandler(logging.NullHandler())  # such as malformed cookies


async def _close_with(line: web.WebSocketResponse, sentence: str) -> None:
    """Close the websocket with a message, which the page shows."""
    await line.close(code=WSCloseCode.TRY_AGAIN_LATER, message=sentence.encode())


async def _harden(request: web.Request, response: web.StreamResponse) -> None:
    """Add the security headers to a response."""
    response.headers.update(_HEADERS)
    # In older browsers, 'self' does not include a websocket of the same origin.
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


def make_runner(server: Server) -> web.AppRunner:
    """Return the runner of a server. It prints nothing that a visitor can cause."""
    return web.AppRunner(
        server.application(),
        access_log=None,
        logger=_LOG,
        shutdown_timeout=15,
        keepalive_timeout=IDLE,
    )


async def accept(server: Server, runner: web.AppRunner, listening: socket.socket) -> asyncio.Server:
    """Accept connections for a runner that is set up, at most `MAX_CONNECTIONS` at a time."""
    serving = runner.server
    assert serving is not None, "the runner is not set up"

    def answer() -> asyncio.Protocol:
        return serving() if server.make_room(serving.connections) else _Refusal()

    return await asyncio.get_running_loop().create_server(answer, sock=listening)


class _Refusal(asyncio.Protocol):
    """Closes a connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


async def serve(
    view: View, guard: Guard, place: ListenAddress, title: str, ready: Callable[[Guard, bool], None]
) -> None:
    """Serve until the process receives a signal.

    Args:
        view: What every page shows.
        guard: Checks the requests.
        place: The address to listen on.
        title: The title of the page.
        ready: Called with the guard, its port set, and whether that is the requested port.

    Raises:
        PortTaken: Another program listens on the port.
        OSError: The address is not one of this machine.
    """
    listening, expected = _listen(place)
    known = replace(guard, host=place.host, port=listening.getsockname()[1])
    server = Server(view, known, title)
    runner = make_runner(server)
    await runner.setup()
    try:
        stopped = _catch_signals()
        with contextlib.closing(await accept(server, runner, listening)):
            ready(known, expected)
            await stopped.wait()
    finally:
        await runner.cleanup()


def _listen(place: ListenAddress) -> tuple[socket.socket, bool]:
    """Return a listening socket, and whether it has the requested port."""
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


def _catch_signals() -> asyncio.Event:
    """Return an event that SIGINT (ctrl+c), SIGTERM or SIGHUP sets."""
    stopped = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows, where ctrl+c ends the process
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), stopped.set)
    return stopped
