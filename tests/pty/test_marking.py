"""Three actions marked, ticked by one key, and taken back by one: on a real terminal."""

from __future__ import annotations

import subprocess
from base64 import b64encode
from pathlib import Path

import pytest

from tests.pty.conftest import Start
from tests.support.pty_dashboard import OPEN, TODAY, is_selected, selected, session, write
from tests.support.terminal import Terminal, environment, script

pytestmark = pytest.mark.system

LINES = [f"[ ] {word} thing due:2026-11-2{at}" for at, word in enumerate(("a", "b", "c", "d"))]


def ticked(*at: int) -> str:
    return session(
        *(
            line.replace("[ ]", "[x]") + f" done:{TODAY}" if place in at else line
            for place, line in enumerate(LINES)
        )
    )


def signs(terminal: Terminal) -> list[str]:
    """The words of the rows that are marked."""
    rows = (line[1:].partition("thing")[0] for line in terminal.lines if line[1:2] == "*")
    return [row.strip("* ▢✔◩") for row in rows]


def marked(*words: str):
    return lambda terminal: signs(terminal) == list(words)


def test_three_are_marked_ticked_and_taken_back(
    tmp_path: Path, dashboard: Start, home: Path
) -> None:
    path = write(tmp_path / "ada" / "2026-11-03.md", session(*LINES))
    terminal = dashboard(tmp_path / "ada")
    terminal.until(is_selected("a thing", OPEN))
    terminal.press("m")
    terminal.until(is_selected("b thing"))
    terminal.press("shift+down")
    terminal.until(is_selected("c thing"))
    terminal.press("down")
    terminal.until(is_selected("d thing"))
    terminal.press("m")
    terminal.until(marked("a", "b", "d"))
    terminal.until("m 3 marked")
    terminal.press("space")
    terminal.until("✓ done: 3 items")
    assert path.read_text() == ticked(0, 1, 3)
    terminal.press("u")
    terminal.until("✓ undone: done: 3 items")
    assert path.read_text() == ticked()
    terminal.press("U")
    terminal.until("✓ redone: done: 3 items")
    assert path.read_text() == ticked(0, 1, 3)
    path.write_text(ticked(0, 1, 3).replace("b thing", "b thing, and more"))
    terminal.until(marked("a", "d"))
    terminal.press("u")
    terminal.until("✗ undone: done: 2 items; 1 failed: w")
    assert path.read_text() == ticked(1).replace("b thing", "b thing, and more")
    terminal.press("escape")
    terminal.until(marked())
    assert selected(terminal).startswith("▢ d thing")
    terminal.press("q")
    assert terminal.wait() == 0
    result = subprocess.run(
        [script("tldash"), "undo", str(tmp_path / "ada"), "--skip"],
        env=environment(home), capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert result.stdout.startswith("discarded: done: b thing\n")


def test_marked_lines_are_copied_to_the_terminals_clipboard(
    tmp_path: Path, dashboard: Start
) -> None:
    write(tmp_path / "ada" / "2026-11-03.md", session(*LINES))
    terminal = dashboard(tmp_path / "ada")
    terminal.until(is_selected("a thing", OPEN))
    terminal.press("ctrl+a")
    terminal.until("m 4 marked")
    terminal.press("Y")
    terminal.until("✓ copied: 4 lines")
    wanted = "\n".join(f"- {line}" for line in LINES)
    assert b"\x1b]52;c;" + b64encode(wanted.encode()) + b"\a" in bytes(terminal.raw)
