"""A sync that is killed before any of its git commands."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.faults.tracing import tool
from tests.support.clones import (
    NOBODY,
    await_end,
    contents,
    git,
    hang,
    make_clones,
    make_far_clone,
    sync,
    tick,
    write,
)
from tests.support.tables import each
from tests.support.terminal import PATIENCE, Terminal, environment, script

pytestmark = pytest.mark.system

SESSION = "ada/2026-11-03.md"
WRITTEN = 30
"""The command of git before which the files are those of the merge, but the branch is not."""


def make_work(top: Path) -> None:
    """Two clones that have both changed, also beside the notes."""
    one, other = make_clones(top, "one", "other")
    tick(one, "call")
    write(one, {"ada/2026-12-01.md": "# Session\n", "beside": "x\n", "ben/lead.md": "# Ben\n"})
    git(one, "add", "beside")
    git(one, "commit", "-q", "-m", "beside")
    sync(one)
    tick(other, "book")
    write(other, {"ada/2026-12-08.md": "# Session\n"})


def check(top: Path) -> None:
    """Both clones get everything by syncs that are not killed."""
    one, other = top / "one", top / "other"
    sync(other)
    sync(one)
    sync(other)
    assert contents(one) == contents(other)
    assert "- [x] call the vendor\n- [x] book a room\n" in (other / SESSION).read_text()
    assert len(contents(other)) == 6
    for path in contents(other):  # what came from others is never committed again as one's own
        log = ("log", "--no-merges", "--full-history", "--format=%h")
        made = git(other, *log, "--", path).split()
        assert len(made) == (3 if path == SESSION else 1), path
    for clone in (one, other):
        assert git(clone, "status", "--porcelain") == ""
        git(clone, "fsck", "--strict", "--no-dangling")
        assert not list((clone / ".git").glob("tldash*"))


def run_killed(top: Path, *inject: str) -> int:
    """Run a sync under strace; its exit code, negative for a signal."""
    strace = [tool("strace"), "-qq", "-o", os.devnull, *inject]
    done = subprocess.run(
        [*strace, script("tldash"), "sync", str(top / "other")],
        env=environment(top, **NOBODY), capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode


def make_killed(work: Path, top: Path, number: int) -> None:
    """Copy the clones, and kill a sync of one before its command of git with that number."""
    if not work.exists():
        make_work(work)
    shutil.copytree(work, top, symlinks=True)
    git(top / "one", "remote", "set-url", "origin", str(top / "hub.git"))
    git(top / "other", "remote", "set-url", "origin", str(top / "hub.git"))
    starts = "clone,clone3,vfork,fork"
    code = run_killed(top, "-e", f"inject={starts}:signal=SIGKILL:when={number}")
    assert code == -signal.SIGKILL


@each("number", [5, 14, 21, WRITTEN, 33])
def test_a_killed_sync_is_done_again(number: int, tmp_path: Path) -> None:
    top = tmp_path / str(number)
    make_killed(tmp_path / "work", top, number)
    check(top)


def test_what_was_typed_after_a_killed_merge_is_kept(tmp_path: Path) -> None:
    """Into a file that the merge has changed, and into one that it has brought."""
    top = tmp_path / "top"
    make_killed(tmp_path / "work", top, WRITTEN)
    one, other = top / "one", top / "other"
    assert (other / ".git/tldash-merge").exists()
    session = (other / SESSION).read_text()
    assert "- [x] call the vendor\n- [x] book a room\n" in session
    write(other, {SESSION: f"{session}typed\n", "ben/lead.md": "# Ben\ntyped\n"})
    for clone in (other, one, other):
        sync(clone)
    assert contents(one) == contents(other)
    assert (one / SESSION).read_text() == f"{session}typed\n"
    assert (one / "ben/lead.md").read_text() == "# Ben\ntyped\n"
    assert not list((other / ".git").glob("tldash*"))


def test_ctrl_c_ends_git_too_and_says_so(tmp_path: Path) -> None:
    started = tmp_path / "started"
    one, path = make_far_clone(tmp_path, hang(started))
    tick(one, "call")
    env = {**environment(tmp_path, **NOBODY), "PATH": path}
    with Terminal(script("tldash"), "sync", str(one), env=env) as terminal:
        terminal.until("fetching…")
        end = time.monotonic() + PATIENCE
        while not started.exists():
            terminal.pump(0.02)
            assert time.monotonic() < end, "ssh was not started"
        terminal.press("\x03")
        assert terminal.wait() == 1
        assert "the sync was stopped. Nothing is lost; sync again." in terminal.text
    await_end(started.read_text().split()[0])
    assert not list((one / ".git").glob("tldash*"))
    assert git(one, "status", "--porcelain") == ""
