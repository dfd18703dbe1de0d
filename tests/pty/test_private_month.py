"""A month with a private folder: nothing of it is anywhere that others can see.

The dashboard runs under strace, so that what it writes and removes again is seen as well.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.pty.conftest import Start
from tests.support.git_repository import git
from tests.support.leaks import find_in_calls, find_in_git, find_in_tree
from tests.support.pty_dashboard import TODAY, write
from tests.support.terminal import PATIENCE, Terminal, environment, script

pytestmark = pytest.mark.system

SECRET = ("zebra", "quagga", "Marguerite")
"""In every private line, in the name of the private folder, and a listed real name."""
TRACED = "trace=write,pwrite64,writev,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,unlinkat,setxattr,fsetxattr,openat,open"  # noqa: E501
ANSI = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
CHIARA = "chiara/sessions/2026-11-23.md"


class Desk:
    """Two clones of a shared folder, and the private folder of one of them."""

    def __init__(self, tmp: Path, coaching: Path, home: Path) -> None:
        self.tmp, self.home = tmp, home
        git(coaching, "init", "-q", "-b", "main")
        git(coaching, "add", ".")
        git(coaching, "commit", "-qm", "start")
        self.remote = tmp / "remote.git"
        git(tmp, "clone", "-q", "--bare", str(coaching), str(self.remote))
        self.mine, self.theirs = tmp / "mine" / "circle", tmp / "theirs" / "circle"
        for clone in (self.mine, self.theirs):
            clone.parent.mkdir()
            git(tmp, "clone", "-q", str(self.remote), str(clone))
        self.own = home / "quagga"
        self.state = tmp / "state"
        self.env = {
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(self.state),
            "EDITOR": "true",
        }
        write(home / "config/tldash/config.yaml", f"me: Mira\nprivate: {self.own}\n")
        write(home / "config/tldash/names.yaml", "names:\n  Marguerite: Fox\n")
        self.logs: list[Path] = []

    def publish(self, clone: Path, message: str) -> None:
        git(clone, "add", "-A")
        git(clone, "commit", "-qm", message)
        git(clone, "push", "-q", "origin", "main")

    def leaks(self, words: Sequence[str] = SECRET) -> Iterator[str]:
        """Yield every trace of what is private, wherever others could find it."""
        shared = (self.mine, self.theirs, self.remote)
        for place in (*shared, self.state):
            yield from find_in_tree(place, words)
        for repository in shared:
            yield from find_in_git(repository, words)
        for log in self.logs:
            yield from find_in_calls(log.read_text("utf-8"), (*shared, self.state), words)

    def run(self, *arguments: str) -> str:
        """Run a command of the viewer with the private folder, and return all that it prints."""
        env = environment(self.home, **self.env)
        done = subprocess.run(
            [script("tldash"), *arguments], env=env, cwd=self.mine,
            capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
        return done.stdout + done.stderr


@pytest.fixture
def desk(tmp_path: Path, coaching: Path, home: Path) -> Desk:
    return Desk(tmp_path, coaching, home)


Open = Callable[[], Terminal]


@pytest.fixture
def opened(desk: Desk, start: Start, tool: Callable[[str], str]) -> Open:
    """Start the dashboard over the own clone, under strace."""

    def begin() -> Terminal:
        log = desk.tmp / f"calls-{len(desk.logs)}"
        desk.logs.append(log)
        strace = [tool("strace"), "-f", "-y", "-s", "100000", "-o", str(log), "-e", TRACED]
        command = [*strace, script("tldash"), "open", str(desk.mine), "--today", TODAY]
        terminal = start(*command, env=desk.env, columns=140, rows=50)
        terminal.until("Coaching circle")
        terminal.until("Erin Walsh")
        return terminal

    return begin


def go_to(terminal: Terminal, name: str) -> None:
    """Open the page of a lead from the overview."""
    terminal.press("/", name, "enter")
    terminal.until(lambda t: f"{name}" in t.text)
    terminal.press("enter")
    terminal.until("NEXT SESSION")
    terminal.until(lambda t: "ACTIONS" in t.text and "SESSIONS" in t.text)


def ask(terminal: Terminal, *keys: str, answer: str, shows: str = "only you:") -> None:
    """Press the keys of a command that asks, and answer."""
    terminal.press(*keys)
    terminal.until(shows)
    terminal.press(answer, "enter")
    terminal.until(re.compile(f"(added|wrote): {' '.join(answer.split()[:2])}"))


def write_lines(terminal: Terminal, desk: Desk) -> None:
    """Write private lines and a shared one, and move the session that they are about."""
    go_to(terminal, "Chiara")
    ask(terminal, ".", "n", answer="zebra she met Marguerite")
    ask(terminal, ".", "t", answer="zebra topic")
    ask(terminal, ".", "+", answer="zebra action fri")
    ask(terminal, ".", "+", answer="stork action")
    ask(terminal, "+", answer="crane action", shows="shared:")
    terminal.press("enter")
    terminal.until("› Mon 26 Oct")
    terminal.press("]")
    terminal.until("› Mon 23 Nov")
    ask(terminal, ".", "n", answer="zebra about this session")
    terminal.press("x", "m")
    terminal.until("fri 16:00")
    terminal.press("2026-11-30", "enter")
    terminal.until("moved to")
    assert (desk.own / "chiara/sessions/2026-11-30.md").exists()
    assert not (desk.own / CHIARA).exists()
    terminal.press("B")
    terminal.until("› Brief")
    terminal.press("\x13")
    terminal.until("saved as")
    terminal.press("g", "o")
    terminal.until("LEADS")


def share_one(terminal: Terminal) -> None:
    """Share one of the lines, and tick another one and undo that."""
    terminal.press("a")
    terminal.until("◆ only you  stork action")
    terminal.press("/", "stork")
    terminal.until(lambda t: "crane" not in t.text)
    terminal.press("enter", "home", ".", "s")
    terminal.until("share with everyone")
    terminal.press("enter")
    terminal.until("shared in")
    terminal.press("esc")
    terminal.until("crane action")
    terminal.press("/", "zebra")
    terminal.until(lambda t: "crane action" not in t.text)
    terminal.press("enter", "home", "space")
    terminal.until("done: zebra")
    terminal.press("u")
    terminal.until("undone")


def leave(terminal: Terminal) -> None:
    terminal.press("g", "o")
    terminal.until("LEADS")
    terminal.press("q", "q")
    assert terminal.wait() == 0


def test_nothing_private_is_anywhere_else_after_a_month(desk: Desk, opened: Open) -> None:
    terminal = opened()
    write_lines(terminal, desk)
    share_one(terminal)
    leave(terminal)
    shared = [path for path in desk.mine.rglob("*.md") if "stork" in path.read_text()]
    assert [path.parent.name for path in shared] == ["sessions"]
    assert "stork" not in "".join(path.read_text() for path in desk.own.rglob("*.md"))
    desk.publish(desk.mine, "a week")
    git(desk.theirs, "pull", "-q", "--no-rebase", "origin", "main")
    git(desk.theirs, "mv", "chiara", "chiara-r")
    desk.publish(desk.theirs, "rename")
    git(desk.mine, "pull", "-q", "--no-rebase", "origin", "main")
    terminal = opened()
    go_to(terminal, "Chiara")
    terminal.until("◆ only you  zebra topic")
    ask(terminal, ".", "+", answer="zebra after the rename")
    assert "after the rename" in (desk.own / "chiara/notes.md").read_text()
    leave(terminal)
    write(desk.mine / "chiara-r/more.md", "- [ ] ours\n")
    desk.publish(desk.mine, "more")
    assert [*desk.leaks()] == []
    assert any(" write(" in leak for leak in desk.leaks(["crane"]))  # the calls are seen
    for command in (
        ["status"], ["status", "--json"], ["actions", "--all", "--json"], ["sessions", "--json"],
        ["brief", "Chiara"], ["story", "Chiara"], ["stats"], ["search", "zebra"], ["log"],
        ["check"], ["check", "--private"],
    ):  # fmt: skip
        printed = desk.run(*command)
        assert not [word for word in SECRET if word in printed], command
    assert [*desk.leaks()] == []


async def test_a_served_page_has_nothing_private(desk: Desk) -> None:
    write(desk.own / "chiara/notes.md", "- [ ] zebra action\n")
    server = await asyncio.create_subprocess_exec(
        *(script("tldash"), "serve", "--edit", "--port", "0", "--today", TODAY, str(desk.mine)),
        env=environment(desk.home, **desk.env), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        seen = bytearray()
        async with asyncio.timeout(PATIENCE), ClientSession() as client:
            address = (await server.stdout.readline()).decode().strip()
            base = address.partition("?")[0].rstrip("/")
            async with client.get(address) as page:
                seen += await page.read()
            async with client.ws_connect(f"{base}/ws?width=140&height=50", origin=base) as line:
                for keys, shown in (("", b"Erin"), ("a", b"by due"), (".+", b"no private folder")):
                    for key in keys:
                        await line.send_json(["stdin", key])
                    while shown not in ANSI.sub(b"", bytes(seen)):
                        data = (await line.receive()).data
                        seen += data if isinstance(data, bytes) else str(data).encode()
    finally:
        server.terminate()
        await server.wait()
    assert not [word for word in SECRET if word.encode() in seen]
    assert [*desk.leaks()] == []


# -- the detector ----------------------------------------------------------------------------------


def _plant_file(desk: Desk) -> None:
    write(desk.mine / "ada/x.md", "a zebra\n")


def _plant_name(desk: Desk) -> None:
    write(desk.theirs / "ada/zebra.md", "")


def _plant_link(desk: Desk) -> None:
    (desk.mine / "ada/link").symlink_to(desk.own)


def _plant_commit(desk: Desk) -> None:
    git(desk.mine, "commit", "-q", "--allow-empty", "-m", "about a zebra")


def _plant_object(desk: Desk) -> None:
    """An object in a pack, of a file that was removed again."""
    write(desk.mine / "ada/x.md", "a zebra\n")
    git(desk.mine, "add", "-A")
    git(desk.mine, "commit", "-qm", "one")
    git(desk.mine, "rm", "-q", "ada/x.md")
    git(desk.mine, "commit", "-qm", "two")
    git(desk.mine, "gc", "-q")


def _plant_state(desk: Desk) -> None:
    write(desk.state / "tldash/edits.jsonl", '{"root": "/home/quagga"}\n')


def _plant_call(desk: Desk) -> None:
    log = desk.tmp / "calls"
    log.write_text(f'12 pwrite64(5<{desk.mine}/ada/.tldash-1.tmp>, "a zebra\\n", 8, 0) = 8\n')
    desk.logs.append(log)


@pytest.mark.parametrize(
    "plant",
    [
        *(_plant_file, _plant_name, _plant_link, _plant_commit, _plant_object, _plant_state),
        _plant_call,
    ],
)
def test_one_planted_line_is_found(desk: Desk, plant: Callable[[Desk], None]) -> None:
    assert [*desk.leaks()] == []
    plant(desk)
    assert [*desk.leaks()]
