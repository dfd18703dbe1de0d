"""`tldash serve` in a real browser: what is seen, what is written, and who is let in."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from tests.pty.browser import Tab, chromium
from tests.support.pty_dashboard import SAMPLE, TODAY
from tests.support.terminal import PATIENCE, environment, script
from tldash.model.permissions import NO_PROGRAMS_MESSAGE, READ_ONLY_MESSAGE
from tldash.web.guard import NO_TOKEN, WRONG_HOST, WRONG_TOKEN
from tldash.web.server import NOT_STARTED

pytestmark = pytest.mark.system

NAMES = ("Ada Lindqvist", "Ben Okafor", "Chiara Rossi", "Deniz Kaya", "Erin Walsh")
FOREIGN = "http://evil.example"
Open = Callable[[], Awaitable[Tab]]


class Server:
    """A running `tldash serve`."""

    def __init__(self, process: asyncio.subprocess.Process, lines: list[str], state: Path) -> None:
        self.process = process
        self.state = state
        """Its user's own state folder, which no other test has."""
        self.lines = lines
        """What it printed first: the address, and who can look."""
        self.address = lines[0]
        self.base = lines[0].partition("?")[0]

    def viewers(self) -> list[int]:
        """The dashboards that it has started and that are still there."""
        mark = f"XDG_STATE_HOME={self.state}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # it has ended meanwhile
                viewer = b"tldash.web.viewer" in (entry / "cmdline").read_bytes()
                if viewer and mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
        return found


Serve = Callable[..., Awaitable[Server]]


@pytest.fixture
async def serve(tmp_path: Path, home: Path) -> AsyncIterator[Serve]:
    """Start `tldash serve` on any port, on the day of the sample: `await serve(folder, …)`."""
    async with contextlib.AsyncExitStack() as stack:

        async def begin(*arguments: object, folder: Path | None = None) -> Server:
            process = await asyncio.create_subprocess_exec(
                script("tldash"), "serve", "--port", "0", "--today", TODAY, *map(str, arguments),
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
                env=environment(home, XDG_STATE_HOME=str(tmp_path / "own"), EDITOR="true"),
                cwd=folder or tmp_path,
            )  # fmt: skip
            stack.push_async_callback(end, process)
            assert process.stdout is not None
            lines = [
                (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode().rstrip()
                for _ in range(2)
            ]
            return Server(process, lines, tmp_path / "own")

        async def end(process: asyncio.subprocess.Process) -> None:
            if process.returncode is None:
                process.terminate()
            await asyncio.wait_for(process.wait(), PATIENCE)

        yield begin


@pytest.fixture
async def browser(tmp_path: Path, tool: Callable[[str], str]) -> AsyncIterator[Open]:
    """Open a page of a browser: `await browser()`."""
    async with chromium(tool("chromium"), tmp_path / "browser") as tab:
        yield tab


async def until(true: Callable[[], object], what: str) -> None:
    """Wait for something that nobody tells of."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not true():
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"never: {what}") from None


def everything(top: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(top.rglob("*")) if path.is_file()}


# What is seen


async def test_the_page_shows_the_dashboard_and_loads_nothing_from_elsewhere(
    serve: Serve, browser: Open, coaching: Path
) -> None:
    server = await serve(coaching)
    page = await browser()
    await page.go(server.address)
    for name in NAMES:
        await page.until(name)
    await page.until("▌")
    blank = len(await page.picture())
    await page.press("down", "enter")
    await page.until("Coaching circle › Ada Lindqvist")
    assert await page.run("document.title") == "coaching · tldash"
    fonts = "[...document.fonts].every(font => font.status === 'loaded')"
    assert await page.run(fonts)
    assert len(await page.picture()) != blank
    place = server.base.removeprefix("http://")
    for address in page.asked:
        assert re.match(rf"(http|ws)://{re.escape(place)}|data:,$", address), address
    assert not [told for told in page.problems if "WebGL" not in told]


async def test_the_dashboard_follows_the_size_of_the_page(
    serve: Serve, browser: Open, coaching: Path
) -> None:
    server = await serve(coaching)
    page = await browser()
    await page.go(server.address)
    await page.until("SKILLS")
    wide = page.screen.columns
    await page.resize(800, 600)
    await page.until(lambda: page.screen.columns < wide and "SKILLS" not in page.text)
    await page.until("Erin Walsh")
    await page.resize(300, 200)
    await page.until("is too small")
    await page.resize(1200, 800)
    await page.until("SKILLS")
    await page.go(f"{server.address}?fontsize=24")
    await page.until(lambda: page.screen.columns < wide)
    await page.until("Erin Walsh")


async def test_the_page_is_live(serve: Serve, browser: Open, coaching: Path) -> None:
    server = await serve(coaching)
    page = await browser()
    await page.go(server.address)
    await page.until("Ada Lindqvist")
    lead = coaching / "ada" / "lead.md"
    lead.write_text(lead.read_text().replace("Ada Lindqvist", "Ada Lovelace"))
    await page.until("Ada Lovelace")


async def test_a_page_that_was_left_says_so_and_can_be_opened_again(
    serve: Serve, browser: Open, coaching: Path
) -> None:
    server = await serve(coaching)
    page = await browser()
    await page.go(server.address)
    await page.until("▌")
    await page.press("q")
    shown = "getComputedStyle(document.querySelector('#closed')).display === 'flex'"
    await page.until_in_page(shown)
    page.screen.reset()
    await page.run("document.querySelector('#again').click()")
    await page.until("Ada Lindqvist")


# What is written


async def test_for_reading_only_nothing_is_written_anywhere(
    serve: Serve, browser: Open, coaching: Path
) -> None:
    before = everything(coaching)
    server = await serve(coaching)
    assert "read-only" in server.lines[1]
    page = await browser()
    await page.go(server.address)
    await page.until("▌")
    await page.press("enter")
    await page.until("› Erin Walsh")
    await page.until("▌ ?▢ Ask the Duke")
    await page.press("space")
    await page.until(READ_ONLY_MESSAGE)
    await page.press("o", "+", "T", "down")
    await page.until("▌ ?▢ Tell Wren")
    await page.press("escape")
    await page.until("LEAD +NEXT SESSION")
    await page.press("q")
    await page.until_in_page("document.body.classList.contains('-closed')")
    await until(lambda: not server.viewers(), "the end of the dashboard")
    assert everything(coaching) == before
    assert not server.state.exists()


async def test_who_may_edit_ticks_in_the_file_but_starts_no_editor(
    serve: Serve, browser: Open, coaching: Path
) -> None:
    before = everything(coaching)
    server = await serve(coaching, "--edit")
    assert "editable" in server.lines[1]
    page = await browser()
    await page.go(server.address)
    await page.until("▌")
    await page.press("enter")
    await page.until("▌ ?▢ Ask the Duke")
    await page.press("space")
    await page.until("✔ Ask the Duke")
    after = everything(coaching)
    changed = [path for path in before if before[path] != after[path]]
    assert len(changed) == 1
    old, new = (found[changed[0]].decode().splitlines() for found in (before, after))
    lines = [(was, now) for was, now in zip(old, new, strict=True) if was != now]
    assert len(lines) == 1
    assert lines[0][0].startswith("* [ ] Ask the Duke")
    assert lines[0][1].startswith("* [x] Ask the Duke")
    await page.press("o")
    await page.until(NO_PROGRAMS_MESSAGE)
    assert not (server.state / "tldash" / "seen.jsonl").exists()


async def test_what_was_seen_is_kept_where_that_is_asked_for(
    serve: Serve, browser: Open, coaching: Path
) -> None:
    server = await serve(coaching, "--remember")
    page = await browser()
    await page.go(server.address)
    await page.until("▌")
    await page.press("q")
    await until(lambda: server.state.exists() and everything(server.state), "what was seen")


# Who is let in


async def test_a_token_is_wanted_for_everything(
    serve: Serve, browser: Open, coaching: Path
) -> None:
    server = await serve(coaching, "--token", "new")
    token = server.address.partition("?token=")[2]
    assert len(token) >= 16
    page = await browser()
    for address, why in (
        (server.base, NO_TOKEN),
        (f"{server.base}?token=", WRONG_TOKEN),
        (f"{server.base}?token={token[:-1]}", WRONG_TOKEN),
    ):
        await page.go(address)
        await page.until_in_page(f"document.body.innerText.trim() === {why!r}")
        assert not await page.run("document.cookie")
    async with aiohttp.ClientSession() as stranger:
        for path in ("", "static/page.js", "static/textual.js", "ws", "download/x", "nowhere"):
            async with stranger.get(server.base + path) as answer:
                assert answer.status == 403, path
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await stranger.ws_connect(f"{server.base}ws", origin=server.base.rstrip("/"))
    assert not server.viewers()
    await page.go(server.address)
    await page.until("Ada Lindqvist")
    assert await page.run("location.href") == server.base
    assert await page.run("document.cookie") == ""
    cookies = (await page.call("Network.getCookies"))["cookies"]
    assert [(one["httpOnly"], one["sameSite"]) for one in cookies] == [(True, "Strict")]
    assert token not in cookies[0]["value"]
    page.screen.reset()
    await page.go(server.base)
    await page.until("Ada Lindqvist")


async def test_no_other_web_page_gets_at_the_dashboard(
    serve: Serve, browser: Open, coaching: Path
) -> None:
    server = await serve(coaching)
    async with another_site() as elsewhere:
        page = await browser()
        await page.go(elsewhere)
        await page.until_in_page("document.title === 'elsewhere'")
        line = server.base.replace("http:", "ws:") + "ws"
        tried = (
            f"new Promise(done => {{ const line = new WebSocket({line!r});"
            " line.onopen = () => done('open'); line.onerror = () => done('refused'); })"
        )
        assert await page.run(tried) == "refused"
        read = f"fetch({server.base!r}).then(() => 'read', () => 'refused')"
        assert await page.run(read) == "refused"
    async with aiohttp.ClientSession() as client:
        for origin in (FOREIGN, "null", None):
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await client.ws_connect(f"{server.base}ws", origin=origin)
        async with client.get(server.base, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 403
            assert WRONG_HOST in await answer.text()
    assert not server.viewers()


@contextlib.asynccontextmanager
async def another_site() -> AsyncIterator[str]:
    """A web page on another port, which to a browser is another place."""

    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<title>elsewhere</title>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def test_beyond_this_machine_there_is_a_token_unasked(serve: Serve, coaching: Path) -> None:
    server = await serve(coaching, "--host", "0.0.0.0")
    assert "?token=" in server.address
    assert "not encrypted" in server.lines[1]
    port = server.base.rpartition(":")[2]
    async with (
        aiohttp.ClientSession() as client,
        client.get(f"http://127.0.0.1:{port}") as answer,
    ):
        assert answer.status == 403
        assert NO_TOKEN in await answer.text()


# What is started, and that it ends


async def test_any_name_of_a_folder_is_only_a_name(
    serve: Serve, browser: Open, tmp_path: Path
) -> None:
    name = '--edit it\'s "so" $(touch hacked) `touch hacked`; touch hacked <b>&amp;'
    shutil.copytree(SAMPLE, tmp_path / name)
    (tmp_path / "textual.py").write_text("open('hacked', 'w')")
    server = await serve("--", name, folder=tmp_path)
    page = await browser()
    await page.go(server.address)
    await page.until("Ada Lindqvist")
    assert await page.run("document.title") == f"{name} · tldash"
    assert "read-only" in page.text
    assert not list(tmp_path.rglob("hacked"))


async def test_a_dashboard_ends_with_its_page(serve: Serve, browser: Open, coaching: Path) -> None:
    server = await serve(coaching)
    first, second = await browser(), await browser()
    for page in (first, second):
        await page.go(server.address)
        await page.until("Ada Lindqvist")
    assert len(server.viewers()) == 2
    await first.go("about:blank")
    await until(lambda: len(server.viewers()) == 1, "the end of one dashboard")
    await second.press("a")
    await second.until("› Actions")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
async def test_the_dashboards_end_with_the_server(
    serve: Serve, browser: Open, coaching: Path, number: signal.Signals
) -> None:
    server = await serve(coaching)
    page = await browser()
    await page.go(server.address)
    await page.until("Ada Lindqvist")
    server.process.send_signal(number)
    code = await asyncio.wait_for(server.process.wait(), PATIENCE)
    assert code == (-signal.SIGKILL if number is signal.SIGKILL else 0)
    await until(lambda: not server.viewers(), "the end of the dashboard")
    await page.until_in_page("document.body.classList.contains('-closed')")


async def test_a_dashboard_that_does_not_begin_says_so_in_the_page(
    serve: Serve, browser: Open, coaching: Path
) -> None:
    server = await serve(coaching)
    shutil.rmtree(coaching)
    page = await browser()
    await page.go(server.address)
    await page.until_in_page(
        f"document.querySelector('#closed').innerText.includes({NOT_STARTED!r})"
    )


# Before there is anything to look at


def refused(*arguments: str, home: Path, code: str = "") -> str:
    """What is said where `tldash serve` does not run."""
    main = f"{code}\nimport sys; from tldash.cli import main; main(['serve', *sys.argv[1:]])"
    done = subprocess.run(
        [sys.executable, "-c", main, *arguments],
        capture_output=True, text=True, check=False, env=environment(home), timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 2, done
    assert not done.stdout
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.mark.parametrize("missing", ["aiohttp", "textual_serve"])
def test_without_the_extra_it_is_said_how_to_get_it(missing: str, home: Path) -> None:
    gone = f"import sys; sys.modules[{missing!r}] = None"
    assert "pip install textual-serve" in refused(str(SAMPLE), home=home, code=gone)


def test_what_is_wrong_is_said_before_anything_is_served(home: Path) -> None:
    assert "there is no folder" in refused("nowhere", home=home)
    assert "fewer than 16 characters" in refused(str(SAMPLE), "--token", "short", home=home)
    assert "192.0.2.1" in refused(str(SAMPLE), "--host", "192.0.2.1", home=home)


async def test_a_port_that_is_taken_is_told(serve: Serve, coaching: Path, home: Path) -> None:
    server = await serve(coaching)
    port = server.base.rstrip("/").rpartition(":")[2]
    said = await asyncio.to_thread(refused, str(coaching), "--port", port, home=home)
    assert f"port {port} is taken" in said
