"""Only a press and release of the left button in one place is a click."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pty.conftest import Start
from tests.pty.test_ticking import FIRST, contents, differing
from tests.support.pty_dashboard import DONE, OPEN, is_selected
from tests.support.terminal import Terminal

pytestmark = pytest.mark.system

LEFT, MIDDLE, RIGHT, MOVING = 0, 1, 2, 32


def box(terminal: Terminal, word: str, column: int = 0) -> str:
    """The place of a row's box as the mouse protocol writes it."""
    line = terminal.line_with(word)
    return f"{terminal.lines[line].index(OPEN) + 1 + column};{line + 1}"


def press(button: int, place: str) -> str:
    return f"\x1b[<{button};{place}M"


def release(button: int, place: str) -> str:
    return f"\x1b[<{button};{place}m"


def test_other_buttons_drags_and_releases_elsewhere_tick_nothing(
    coaching: Path, dashboard: Start
) -> None:
    before = contents(coaching)
    terminal = dashboard(coaching / "ada")
    terminal.until(is_selected(FIRST, OPEN))
    other = (
        next(line for line in terminal.lines if OPEN in line and FIRST not in line)
        .partition(OPEN)[2]
        .split("  ")[0]
        .strip()
    )
    first, second, beside = box(terminal, FIRST), box(terminal, other), box(terminal, FIRST, 9)
    for button in (MIDDLE, RIGHT):
        terminal.press(press(button, first) + release(button, first))
        terminal.press(press(button, first) + release(LEFT, first))
        terminal.press(press(LEFT, first) + release(button, first))
    terminal.press(press(LEFT, second) + release(LEFT, first))
    terminal.press(press(LEFT, beside) + press(MOVING, first) + release(LEFT, first))
    terminal.press(press(LEFT, first) + press(MOVING, beside) + release(LEFT, beside))
    terminal.press(press(LEFT, second) + release(LEFT, second))
    terminal.until(is_selected(other, DONE))
    now = contents(coaching)
    (changed,) = differing(before, now)
    pairs = zip(before[changed].splitlines(), now[changed].splitlines(), strict=True)
    ((old, new),) = [pair for pair in pairs if pair[0] != pair[1]]
    assert other.encode() in new
    assert (old[:5], new[:5]) == (b"- [ ]", b"- [x]")
