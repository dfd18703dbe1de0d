"""A real merge of git, and a copy of a sync tool, resolved by keys on a real terminal."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.test_hostile_git import make_hostile
from tests.pty.conftest import Start
from tests.support.git_repository import make_repository
from tests.support.pty_dashboard import TODAY
from tests.support.records import write
from tests.support.terminal import script

pytestmark = pytest.mark.system

FILE = "ada/sessions/2026-11-03.md"
COPY = "ada/sessions/2026-11-03.sync-conflict-20261104-091500-K7WQ2LM.md"
BASE = (
    "# Session\n\n## Notes\nNothing yet.\n\n## Actions\n- [ ] call Bo\n\n- [ ] write\n- [ ] ask\n"
)
OURS = BASE.replace("[ ] call Bo", "[x] call Bo").replace("- [ ] ask", "- [ ] ask Cy")
THEIRS = (
    BASE.replace("[ ] call Bo", "[/] call Bo")
    .replace("Nothing yet.", "She says it now.")
    .replace("- [ ] ask", "- [ ] ask Dee")
)


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_a_merge_is_resolved_by_keys_and_committed(
    tmp_path: Path, git: Callable[..., str], dashboard: Start, style: str
) -> None:
    folder = write(tmp_path / "coaching", {FILE: BASE, "ada/lead.md": "---\nname: Ada\n---\n"})
    git("init", "-q", "-b", "main")
    git("config", "merge.conflictStyle", style)
    for branch, text in (("main", BASE), ("other", THEIRS), ("main", OURS)):
        if text != BASE:
            git("switch", "-q", *([] if text != THEIRS else ["-c"]), branch)
        write(folder, {FILE: text})
        git("add", ".")
        git("commit", "-q", "-m", branch)
    git("merge", "other", code=1)
    marked = (folder / FILE).read_bytes()
    assert b"<<<<<<< HEAD" in marked
    terminal = dashboard(folder, columns=120, rows=40)
    terminal.until("Ada")
    terminal.press("g", "c")
    terminal.until("2 of 2 undecided")
    terminal.until("HEAD .*other")
    terminal.press("(", ")")
    terminal.until("everything decided")
    terminal.press(".")
    shown = terminal.until("the result")
    assert "‹ - [x] call Bo" in shown
    assert "› - [ ] ask Dee" in shown
    terminal.press("\x13")
    terminal.until("resolved the conflict")
    merged = OURS.replace("Nothing yet.", "She says it now.").replace("ask Cy", "ask Dee")
    assert (folder / FILE).read_text() == merged
    terminal.press("u")
    terminal.until("undone")
    assert (folder / FILE).read_bytes() == marked
    terminal.press("U")
    terminal.until("redone")
    assert (folder / FILE).read_text() == merged
    terminal.press("q")
    assert terminal.wait() == 0
    git("add", FILE)
    git("commit", "-q", "-m", "merge")
    assert git("show", f"HEAD:{FILE}") == merged
    assert git("status", "--porcelain") == ""


def test_no_program_starts_in_a_hostile_repository(
    tmp_path: Path, start: Start, tool: Callable[[str], str]
) -> None:
    """Opening, watching, resolving, undoing and quitting; strace sees each program started."""
    outside = write(tmp_path / "outside", {"config": "[core]\n", "evil": "#!/bin/sh\ntouch it\n"})
    (outside / "evil").chmod(0o755)
    folder = tmp_path / "coaching"
    make_repository(folder)
    for message in ("one", "two"):
        made_by = ("-c", "user.name=a", "-c", "user.email=a@b")
        commit = ("commit", "-q", "--allow-empty", "-m", message)
        subprocess.run([tool("git"), *made_by, *commit], cwd=folder, check=True)
    make_hostile(folder, outside)
    write(folder, {FILE: OURS, COPY: THEIRS, "ada/lead.md": "---\nname: Ada\n---\n"})
    before = everything(folder)
    log = tmp_path / "log"
    traced = "trace=execve,execveat,connect,socket"
    strace = [tool("strace"), "-f", "-o", str(log), "-e", traced]
    terminal = start(*strace, script("tldash"), str(folder), "--today", TODAY, columns=120, rows=40)
    terminal.until("Ada")
    terminal.press("g", "c")
    terminal.until("3 of 3 undecided")
    write(folder, {FILE: OURS + "- [ ] later\n"})
    terminal.until("later")
    terminal.press("*", "&")
    terminal.until("everything decided")
    terminal.press("\x13")
    terminal.until("resolved the conflict")
    assert COPY not in everything(folder)
    terminal.press("u")
    terminal.until("undone")
    terminal.press("gc*)\x13")  # all at once
    terminal.until(lambda _: COPY not in everything(folder))
    assert everything(folder)[FILE] == THEIRS.encode()
    terminal.press("u")
    terminal.until(lambda _: COPY in everything(folder))
    terminal.press("q")
    assert terminal.wait() == 0
    assert everything(folder) == before | {FILE: (OURS + "- [ ] later\n").encode()}
    lines = [line for line in log.read_text().splitlines() if re.search(r"(execve|connect)", line)]
    assert len([line for line in lines if "execve" in line and "= 0" in line]) == 1, lines
    assert not [line for line in lines if "connect(" in line], lines
    assert not list(tmp_path.rglob("it"))


def everything(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file, those of git included. Drafts may vanish meanwhile."""
    found = {}
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError, IsADirectoryError):
            found[file.relative_to(folder).as_posix()] = file.read_bytes()
    return found
