"""The server without a browser: what it answers, and what it does with what a page may send."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from tldash.create.demo import find_sample_data
from tldash.model.frozen import frozen
from tldash.web import server as server_module
from tldash.web.guard import Guard
from tldash.web.process import Dashboard
from tldash.web.server import FONT_SIZES, TOO_MANY, TOO_MUCH, Server, accept, make_runner
from tldash.web.viewer import View

PATIENCE = 30
"""Seconds after which a test fails."""
VIEW = View((str(find_sample_data()),), "2026-11-20")


@pytest.fixture
async def base() -> AsyncIterator[str]:
    """The address of a server on the sample data."""
    async with serving(VIEW) as address:
        yield address


@asynccontextmanager
async def serving(view: View) -> AsyncIterator[str]:
    server = Server(view, Guard(), "<b>&\"x'")
    runner = make_runner(server)
    await runner.setup()
    try:
        listening = socket.create_server(("127.0.0.1", 0))
        with contextlib.closing(await accept(server, runner, listening)):
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def test_a_title_is_words_and_nothing_else(base: str, client: ClientSession) -> None:
    async with client.get(base) as answer:
        text = await answer.text()
    assert "<title>&lt;b&gt;&amp;&quot;x&#x27;</title>" in text


@pytest.mark.parametrize(
    ("asked", "size"),
    [("", 16), ("20", 20), ("0", 8), ("-3", 8), ("9999", 40), ("x", 16), ('"><script>', 16)],
)
async def test_the_size_of_letters_is_a_number_within_limits(
    base: str, client: ClientSession, asked: str, size: int
) -> None:
    async with client.get(base, params={"fontsize": asked}) as answer:
        assert f'data-font-size="{size}"' in await answer.text()
    assert FONT_SIZES[1] <= size <= FONT_SIZES[2]


@pytest.mark.parametrize("path", ["/", "/static/page.js", "/static/textual.js", "/nowhere", "/ws"])
async def test_every_answer_says_that_nobody_else_may_use_it(
    base: str, client: ClientSession, path: str
) -> None:
    async with client.get(base + path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/static", "/static/", "/static/page.html", "/static/../server.py", "/static/%2e%2e/guard.py",
     "/static//etc/passwd", "/download/x", "/lead.md", "/ada/lead.md", "/static/page.js/.."],
)  # fmt: skip
async def test_no_file_is_served_but_those_of_the_page(
    base: str, client: ClientSession, path: str
) -> None:
    from yarl import URL

    async with client.get(URL(base + path, encoded=True)) as answer:
        assert answer.status == 404


async def test_nothing_is_taken_but_asked_for(base: str, client: ClientSession) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        async with client.request(method, base) as answer:
            assert answer.status == 405


async def test_whatever_a_page_sends_the_dashboard_goes_on(
    base: str, client: ClientSession
) -> None:
    async with client.ws_connect(f"{base}/ws?width=x&height=99999999", origin=base) as line:
        for said in (
            "", "{", "[]", "null", "1", '["stdin"]', '["stdin", 1]', '["resize", {"width": "a"}]',
            '["resize", {"width": -5, "height": 1e99}]', '["resize", []]', '["download", "/etc"]',
            '["resize", {"width": 1000000, "height": 1000000}]', '["stdin", "\\ud800"]',
            '["stdin", ' + "[" * 100_000, '["ping", "%s"]' % ("x" * 1000), '{"a":' * 100_000,
        ):  # fmt: skip
            await line.send_str(said)
        await line.send_bytes(b"\xff")
        await line.send_json(["resize", {"width": 100, "height": 30}])
        await line.send_json(["ping", "1"])
        drawn, pong = b"", None
        while pong is None or b"Ada Lindqvist" not in drawn:
            message = await line.receive(30)
            assert message.type in (WSMsgType.BINARY, WSMsgType.TEXT), message
            if message.type is WSMsgType.BINARY:
                drawn += message.data
            else:
                pong = json.loads(message.data)
    assert pong == ["pong", "1"]


async def test_only_what_the_terminal_of_a_page_sends_is_an_event(
    base: str, client: ClientSession
) -> None:
    """Such as no size: a report of one among the keys would have no limit."""
    async with client.ws_connect(f"{base}/ws?width=100&height=30", origin=base) as line:
        await drawn(line, b"Ada Lindqvist")
        for part in (
            "\x1b[48;40;200;9;9t",
            "\x1b[48;",
            "40;200;9;9t",
            "\x1b[?2048;1$y",
            "\x1b[5;5R",
        ):
            await line.send_json(["stdin", part])
        await line.send_json(["stdin", "?"])
        said = await drawn(line, b"Help")
    assert max(int(row) for row in re.findall(rb"\x1b\[(\d+);\d+H", said)) <= 30


async def drawn(line: ClientWebSocketResponse, *words: bytes) -> bytes:
    """Wait until all of these words are drawn; return everything that was."""
    said = b""
    while not all(word in said for word in words):
        message = await line.receive(PATIENCE)
        assert message.type in (WSMsgType.BINARY, WSMsgType.TEXT), message
        said += message.data if message.type is WSMsgType.BINARY else message.data.encode()
    return said


async def test_a_paste_without_an_end_ends_the_dashboard(base: str, client: ClientSession) -> None:
    async with client.ws_connect(f"{base}/ws", origin=base) as line:
        await drawn(line, b"Ada Lindqvist")
        await line.send_json(["stdin", "\x1b[200~" + "x" * 600_000])
        await line.send_json(["stdin", "x" * 600_000])
        async with asyncio.timeout(PATIENCE):
            async for message in line:
                assert message.type is WSMsgType.BINARY
    assert line.closed


@frozen
class Stuck(View):
    """A dashboard that reads no input. It draws the number of its process."""

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-c", STUCK]


STUCK = """
import os, signal
os.write(1, b"__GANGLION__\\nD" + (8).to_bytes(4, "big") + b"%8d" % os.getpid())
signal.pause()
"""


async def test_a_page_that_is_closed_ends_a_dashboard_with_input_left(
    client: ClientSession,
) -> None:
    async with serving(Stuck(())) as base:
        async with client.ws_connect(f"{base}/ws", origin=base) as line:
            process = os.pidfd_open(int((await line.receive(PATIENCE)).data))
            for _ in range(5):
                await line.send_json(["stdin", "x" * 100_000])
        ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(process, ended.set)
        await asyncio.wait_for(ended.wait(), PATIENCE)
        asyncio.get_running_loop().remove_reader(process)
        os.close(process)


async def test_a_page_that_sends_too_much_is_closed(client: ClientSession) -> None:
    async with (
        serving(Stuck(())) as base,
        client.ws_connect(f"{base}/ws", origin=base) as line,
    ):
        await line.receive(PATIENCE)
        for _ in range(20):
            await line.send_json(["stdin", "x" * 100_000])
        said = await line.receive(PATIENCE)
        assert (said.type, said.extra) == (WSMsgType.CLOSE, TOO_MUCH)


@pytest.mark.parametrize(
    "said",
    [b"\x16\x03\x01\x02\0", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\0" * 100,
     b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /%zz?\xff HTTP/1.1\r\nHost: y\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: \xff{}=;;a b=\x01\r\n\r\n",
     b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", b"POST / HTTP/1.1\r\nHost: x\r\n"
     b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\n"
     b"Origin: http://127.0.0.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
     b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n"],
)  # fmt: skip
async def test_what_is_no_http_is_not_reported(
    base: str, said: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(base.rpartition(":")[2]))
    writer.write(said)
    writer.write_eof()
    await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_input_that_a_dashboard_left_unread_is_not_reported(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither at its end nor later: Python 3.11.2 reports it when the future is collected."""
    command = [sys.executable, "-c", "import signal; signal.pause()"]
    dashboard = await Dashboard.start(command, 80, 24)
    for _ in range(40):
        dashboard.type("a" * 4000)
        await asyncio.sleep(0)  # lets the packet go on its way
    await dashboard.end()
    del dashboard
    gc.collect()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_pages_that_are_too_many_are_told(
    base: str, client: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "MAX_PAGES", 0)
    async with client.ws_connect(f"{base}/ws", origin=base) as line:
        said = await line.receive(30)
        assert (said.type, said.extra) == (WSMsgType.CLOSE, TOO_MANY)


def test_where_the_usual_port_is_taken_another_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(server_module, "PORT", port)
        other, expected = server_module._listen(server_module.ListenAddress())
        with other:
            assert other.getsockname()[1] != port
            assert not expected
        with pytest.raises(server_module.PortTaken):
            server_module._listen(server_module.ListenAddress(port=port))


@pytest.mark.parametrize("name", ["-x", "it's", 'a "b"', "$(x) `y`; z", "ä\u2028b", "--edit"])
def test_a_view_survives_its_command_line(name: str) -> None:
    view = View((str(Path("/top") / name), "/other"), "2026-11-20", name, edit=True)
    assert View.parse(view.command[-1]) == view
    assert view.allowed.can_edit
    assert not view.allowed.can_start_programs
    assert not View(("/x",)).allowed.can_edit


async def test_connections_that_say_nothing_are_few_and_short(monkeypatch, client) -> None:
    """They keep no viewer out. One that sends nothing, or never ends its first line, is closed."""
    monkeypatch.setattr(server_module, "IDLE", 1)
    monkeypatch.setattr(server_module, "MAX_CONNECTIONS", 20)
    async with serving(VIEW) as address:
        host, _, port = address.removeprefix("http://").partition(":")
        held = [await asyncio.open_connection(host, int(port)) for _ in range(20)]
        for _, writer in held[:10]:
            writer.write(b"GET / HT")
        async with client.get(address) as answer:
            assert answer.status == 200
        for reader, writer in held:
            assert not await asyncio.wait_for(reader.read(), PATIENCE)
            writer.close()
        async with client.get(address) as answer:
            assert answer.status == 200
