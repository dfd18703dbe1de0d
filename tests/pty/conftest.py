"""Dashboards on real terminals, over folders that nobody else uses."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.pty_dashboard import SAMPLE, TODAY
from tests.support.terminal import Terminal, environment, script

Start = Callable[..., Terminal]
CHECKOUT = SAMPLE.parent


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def coaching(tmp_path: Path) -> Path:
    """A copy of the sample data."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "coaching"))


@pytest.fixture
def outside_tmp() -> Iterator[Path]:
    """A folder that is not below /tmp, where vim saves otherwise than elsewhere."""
    with tempfile.TemporaryDirectory(prefix="tldash-test-", dir="/var/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Start any program on a terminal: `start(command…, env={…}, columns=…, rows=…)`."""
    with ExitStack() as running:

        def begin(*command: str, env: dict[str, str] | None = None, **how: object) -> Terminal:
            clean = environment(home, **(env or {}))
            terminal = Terminal(*command, env=clean, **how)  # type: ignore[arg-type]
            return running.enter_context(terminal)

        yield begin


@pytest.fixture
def dashboard(start: Start) -> Start:
    """Start the dashboard on a terminal, on the day of the sample: `dashboard(folder, …)`.

    Only on copies: a key pressed in a test must not edit the files of the checkout.
    """

    def begin(*arguments: object, **how: object) -> Terminal:
        opened = [Path(str(argument)).resolve() for argument in arguments]
        assert not any(path == CHECKOUT or CHECKOUT in path.parents for path in opened)
        return start(script("tldash"), *map(str, arguments), "--today", TODAY, **how)

    return begin


@pytest.fixture
def tool() -> Callable[[str], str]:
    """The full path of a program of the system, without which a test cannot be made."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            pytest.fail(f"this test needs {name}; on Debian: apt-get install {name}")
        return path

    return find


@pytest.fixture
def git(home: Path, tool: Callable[[str], str], tmp_path: Path) -> Callable[..., str]:
    """Run git in the folder `coaching`, with nobody's settings."""
    who = {"NAME": "Mira", "EMAIL": "mira@example.org"}
    names = {f"GIT_{role}_{key}": who[key] for role in ("AUTHOR", "COMMITTER") for key in who}
    env = environment(home, GIT_CONFIG_NOSYSTEM="1", **names)

    def run(*arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [tool("git"), *arguments],
            cwd=tmp_path / "coaching", env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        return done.stdout

    return run
