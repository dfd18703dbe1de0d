"""The dashboard on a real terminal: what must never reach it, and what must never start."""

from __future__ import annotations

import os
import re
import signal
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.test_gaps import CALLS, check_trace, everything_named
from tests.faults.tracing import tool
from tests.pty.conftest import Start
from tests.support.pty_dashboard import DONE, OPEN, TODAY, is_selected, session, write
from tests.support.records import write as write_all
from tests.support.terminal import Terminal, script
from tests.tui.test_hostile_text import FORBIDDEN
from tests.tui.test_hostile_text import folder as hostile_folder

pytestmark = pytest.mark.system

PAYLOADS = {
    "clipboard": "\x1b]52;c;cHduZWQ=\x07",
    "colour": "\x1b[38;5;199mred",
    "C1 sequence": "\x9b35mcsi",
    "C1 device control": "\x90q\x9c",
    "link": "\x1b]8;;file:///etc/passwd\x1b\\link",
    "title": "\x1b]0;pwned\x07",
    "device control": "\x1bP+q\x1b\\",
    "application command": "\x1b_apc\x1b\\",
    "direction": "\u202eturned\u2066\u200f\u061c",
    "unseen": "\u200b\u2060\ufeff",
    "reset": "\x1bc\x1b[!p",
    "answers": "\x1b[21t\x1b[6n",
}
"""Each with something in it that no frame of the dashboard can have by itself."""
ESCAPE = re.compile(
    r"\x1b(?:(\])(\d*)[^\x07\x1b]*(?:\x07|\x1b\\)|([PX^_])[^\x1b]*\x1b\\"
    r"|\[([<=>?]?)[0-9;:]*([ -/]*[@-~])|([ -/]*[0-Z\\^-~]))"
)
"""ECMA-48's sequences: what they begin with and end in, which says what they do."""


def kinds(raw: bytes) -> set[str]:
    """The kinds of escape sequences in what a program has written; fails on any other control."""
    text = raw.decode("utf-8")
    rest = ESCAPE.sub("", text)
    assert {c for c in rest if unicodedata.category(c) == "Cc"} <= {"\r", "\n", "\t", "\b"}
    assert not FORBIDDEN.search(re.sub(r"[\r\n\t\b]", "", rest))
    return {"".join(filter(None, match.groups())) for match in ESCAPE.finditer(text)}


WALK: list[tuple[str, str]] = [
    ("enter", r"ACTIONS +\d+ open"),
    ("space", r"✗ failed|✔"),
    ("2", ""),
    ("enter", ""),
    ("s", ""),
    ("left", ""),
    ("enter", "› [A-Z][a-z]+ \\d"),
    ("space", ""),
    ("[", ""),
    ("escape", r"ACTIONS +\d+ open"),
    ("a", "› Actions"),
    ("v", ""),
    ("c", ""),
    ("/", ""),
    ("\x1b", ""),
    ("!", "› Problems"),
    ("pagedown", ""),
    ("pagedown", ""),
    ("w", ""),
    ("?", "› Help"),
    ("escape", "› Failed edits"),
    ("M", "› Manual"),
    ("escape", "› Failed edits"),
    (":", "Search for commands"),
]
"""Keys through every screen, and what each must bring; nothing where something must change."""


def walk(terminal: Terminal, keys: list[tuple[str, str]]) -> None:
    for key, wanted in keys:
        before = terminal.text
        terminal.press(key)
        terminal.until(wanted or changed_from(before))


def changed_from(before: str) -> Callable[[Terminal], bool]:
    return lambda terminal: terminal.text != before


def test_no_control_that_a_file_brings_reaches_the_terminal(
    tmp_path: Path, dashboard: Start
) -> None:
    """Through all screens, with words that act on a terminal wherever words can stand."""
    opened = {}
    for name, words in (("plain", "harmless"), ("hostile", " ".join(PAYLOADS.values()))):
        folder = hostile_folder(tmp_path / name, words)
        terminal = dashboard(folder, columns=120, rows=40)
        terminal.until(r"1 lead · \d+ open")
        walk(terminal, WALK)
        opened[name] = bytes(terminal.raw)
    for name, payload in PAYLOADS.items():
        assert payload.encode() not in opened["hostile"], name
    assert "pwned" in opened["hostile"].decode(), "the words themselves are shown"
    assert kinds(opened["hostile"]) <= kinds(opened["plain"])


HOSTILE_GIT = """
[core]
\tfsmonitor = touch started
\teditor = touch started
\tpager = touch started
\tsshCommand = touch started
\thooksPath = hooks
[filter "x"]
\tclean = touch started
\tsmudge = touch started
[diff]
\texternal = touch started
[alias]
\tstatus = !touch started
"""


def test_opening_and_using_the_dashboard_starts_no_program(
    tmp_path: Path, start: Start, home: Path
) -> None:
    """Neither git, whose configuration is the folder's, nor anything that a file names."""
    root = write_all(
        tmp_path / "top" / "coaching",
        {
            **everything_named(tmp_path / "outside.md"),
            ".git/config": HOSTILE_GIT,
            ".git/HEAD": "ref: refs/heads/main\n",
            ".gitattributes": "* filter=x diff=x merge=x\n",
            "hooks/post-checkout": "#!/bin/sh\ntouch started\n",
            "ada/sessions/2026-11-17.md": session("[ ] Call the vendor"),
        },
    )
    write_all(tmp_path, {"outside.md": "secret", "top/outside.md": "secret"})
    log = tmp_path / "log"
    trace = (tool("strace"), "-f", "-o", str(log), "-e", f"trace={','.join(CALLS)}")
    terminal = start(*trace, script("tldash"), str(root), "--today", TODAY, folder=root)
    terminal.until(r"1 lead · \d+ open")
    terminal.press("a")
    terminal.until(is_selected("Call the vendor", OPEN))
    terminal.press("space")
    terminal.until(is_selected("Call the vendor", DONE))
    terminal.press("u")
    terminal.until(is_selected("Call the vendor", OPEN))
    there, back = r"LEAD +NEXT SESSION", r"ACTIONS +\d+ open"
    walk(terminal, [("!", "› Problems"), ("q", "› Actions"), ("q", there)])
    walk(
        terminal, [("enter", back), ("r", "reloading"), ("?", "› Help"), ("q", back), ("q", there)]
    )
    terminal.press("q")
    assert terminal.wait() == 0
    lines = log.read_text().splitlines()
    check_trace("\n".join(line for line in lines if '"/usr/bin/env"' not in line), "ada/lead.md")
    assert not list(tmp_path.rglob("started"))


def test_after_a_sleep_and_with_a_clock_set_back_everything_is_noticed(
    tmp_path: Path, dashboard: Start
) -> None:
    """The machine sleeps while files change; then they get times of long ago."""
    file = write(tmp_path / "ada" / "2026-11-03.md", session("[ ] Before"))
    terminal = dashboard(tmp_path / "ada")
    terminal.until(is_selected("Before", OPEN))
    os.kill(terminal.pid, signal.SIGSTOP)
    try:
        file.write_text(session("[ ] During the sleep"))
        os.utime(file, (0, 0))
        write(tmp_path / "ada" / "2026-11-04.md", session("[ ] New during the sleep"))
    finally:
        os.kill(terminal.pid, signal.SIGCONT)
    terminal.until(lambda t: "During the sleep" in t.text and "New during" in t.text)
    for number in range(3):
        spare = file.with_name(".spare.tmp")
        spare.write_text(session(f"[ ] Set back {number}"))
        os.utime(spare, (1000 - number, 1000 - number))
        spare.replace(file)
        terminal.until(f"Set back {number}")
