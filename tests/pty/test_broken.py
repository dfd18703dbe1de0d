"""A folder with broken files in it: one problem each, and everything else on screen."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.pty.conftest import Start
from tests.pty.test_start import without_privileges
from tests.support.pty_dashboard import TODAY, move, selected, session, write
from tests.support.terminal import Terminal, environment, script

pytestmark = pytest.mark.system

BROKEN = {
    "01-front-matter.md": "yaml",
    "02-never-closed.md": "front matter",
    "03-utf16.md": "UTF-16",
    "04-nul.md": "NUL",
    "05-latin1.md": "UTF-8",
    "06-pipe.md": "pipe|FIFO|file",
    "07-folder.md": "folder|directory",
    "08-huge.md": "MB|large|big",
    "09-locked.md": "permission",
    "10-merge.md": "merge",
    "11-broken.yaml": "yaml",
    "12-link.md": "link|loop|exist",
    "13-outside.md": "outside|link",
    "14-bomb.yaml": "alias|anchor|expand",
}
"""Files of the broken folder, and a word of the problem that each must have."""


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Ben is well; of Ada's sessions, one is."""
    top = tmp_path / "coaching"
    ada = top / "ada"
    sessions = ada / "sessions"
    write(ada / "lead.md", "---\nname: Ada Lindqvist\n---\n")
    write(top / "ben" / "2026-11-03.md", session("[ ] Ben's only action"))
    write(sessions / "2026-11-03.md", session("[ ] The action in the good file"))
    write(
        sessions / "01-front-matter.md",
        "---\ndate: 2026-10-01\nskill: [vision\n---\n" + session("[ ] Below bad front matter"),
    )
    write(sessions / "02-never-closed.md", "---\ndate: 2026-10-02\n\n- [ ] In front of no end\n")
    (sessions / "03-utf16.md").write_bytes("- [ ] wide".encode("utf-16"))
    (sessions / "04-nul.md").write_bytes(b"- [ ] zero \0 byte\n")
    (sessions / "05-latin1.md").write_bytes("- [ ] café\n".encode("latin-1"))
    os.mkfifo(sessions / "06-pipe.md")
    (sessions / "07-folder.md").mkdir()
    (sessions / "08-huge.md").write_bytes(b"- [ ] again and again\n" * 150_000)
    write(sessions / "09-locked.md", "- [ ] secret\n").chmod(0)
    write(
        sessions / "10-merge.md",
        "<<<<<<< HEAD\n- [ ] ours\n=======\n- [ ] theirs\n>>>>>>> branch\n",
    )
    write(sessions / "11-broken.yaml", "date: 2026-10-11\nactions: [\n")
    (sessions / "12-link.md").symlink_to("12-link.md")
    write(tmp_path / "elsewhere.md", "- [ ] not to be read\n")
    (sessions / "13-outside.md").symlink_to(tmp_path / "elsewhere.md")
    bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    bomb += [
        f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    write(sessions / "14-bomb.yaml", "\n".join(bomb) + "\n")
    return top


def opened(start: Start, folder: Path, **how: object) -> Terminal:
    """The dashboard, for which the modes of files hold."""
    return start(*without_privileges(), script("tldash"), str(folder), "--today", TODAY, **how)


def test_everything_else_is_on_screen(broken: Path, start: Start) -> None:
    terminal = opened(start, broken, columns=120, rows=40)
    terminal.until(lambda t: "Ada Lindqvist" in t.text and re.search("^.{0,6}Ben", t.text, re.M))
    terminal.press("a")
    for words in ("The action in the good file", "Ben's only action", "Below bad front matter"):
        terminal.until(words)
    assert "not to be read" not in terminal.text
    assert "secret" not in terminal.text


def test_every_broken_file_is_a_problem_and_all_are_shown(broken: Path, start: Start) -> None:
    terminal = opened(start, broken, columns=120, rows=40)
    terminal.until(r"problems \(\d+\)")
    terminal.press("!")
    terminal.until(lambda t: "PROBLEMS" in t.text and selected(t))
    missing = set(BROKEN)
    while missing:
        missing -= {name for name in missing if f"sessions/{name}:" in selected(terminal)}
        move(terminal, "down" if missing else "home")


def test_the_command_line_tells_the_same_problems(broken: Path, home: Path) -> None:
    done = subprocess.run(
        [*without_privileges(), script("tldash"), "check", str(broken)],
        env=environment(home), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == ""
    for name, word in BROKEN.items():
        line = next((line for line in done.stdout.splitlines() if f"/{name}:" in line), "nothing")
        assert re.search(word, line, re.IGNORECASE), f"{name}: {line}"


def test_files_mended_while_it_runs_are_shown(broken: Path, start: Start) -> None:
    terminal = opened(start, broken, columns=120, rows=40)
    terminal.until("Ada Lindqvist")
    terminal.press("a")
    terminal.until("The action in the good file")
    sessions = broken / "ada" / "sessions"
    (sessions / "06-pipe.md").unlink()
    (sessions / "07-folder.md").rmdir()
    (sessions / "09-locked.md").chmod(0o644)
    for name in ("03-utf16.md", "04-nul.md", "06-pipe.md", "07-folder.md", "08-huge.md"):
        write(sessions / name, session(f"[ ] Mended {name}"))
        terminal.until(f"Mended {name}")
    terminal.until("secret")


def test_files_broken_while_it_runs_are_told(coaching: Path, dashboard: Start) -> None:
    terminal = dashboard(coaching, columns=120, rows=40)
    terminal.until("Ada Lindqvist")
    terminal.press("a")
    terminal.until("Draft the on-call proposal")
    path = coaching / "ada" / "sessions" / "2026-10-05.md"
    text = path.read_bytes()
    path.write_bytes(text + b"\xff\xfe\0")
    terminal.until(lambda t: "Draft the on-call" not in t.text and "problems (" in t.text)
    path.write_bytes(text)
    terminal.until(lambda t: "Draft the on-call" in t.text and "problems (" not in t.text)


def test_hostile_words_do_not_reach_the_terminal(tmp_path: Path, dashboard: Start) -> None:
    """Escape sequences in texts, names and front matter are shown as signs, never sent."""
    bell = "\x1b]52;c;aGFja2Vk\x07"
    name = f"2026-11-03 {bell}.md".replace("/", "")
    front = '---\nname: "Ada \\e]52;c;aGFja2Vk\\a[/]"\ncoach: "[red]\\e[31m"\n---\n'
    write(tmp_path / "ada" / "lead.md", front)
    write(tmp_path / "ada" / name, session(f"[ ] Call {bell} [/foo] [@click=app.quit] \u202ekim"))
    terminal = dashboard(tmp_path / "ada", columns=120, rows=40)
    terminal.until(r"\[/foo\]")
    for key in ("enter", "a", "!"):
        terminal.press(key)
        terminal.until("tldash")
    terminal.press("q", "q", "q", "q", "q")
    assert terminal.wait() == 0
    raw = bytes(terminal.raw)
    assert b"\x1b]52" not in raw
    assert b"aGFja2Vk\x07" not in raw
    assert "\u202e".encode() not in raw
