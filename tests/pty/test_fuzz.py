"""Random bursts of keys, clicks and pastes never end the dashboard, nor do signals while it starts.

Many bursts begin with what once ended it: a screen or palette that is closed twice in one read, and
a click or a key for what has just gone.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.pty.conftest import Start
from tests.pty.test_start import ESCAPES, assert_restored
from tests.support.pty_dashboard import SAMPLE, is_selected
from tests.support.terminal import Terminal

pytestmark = pytest.mark.system

COLUMNS, ROWS = 100, 30
BURSTS = 100
ESC = "\x1b[27u"
ENTER, CTRL_K, CTRL_P, PAGE_DOWN, PAGE_UP = "\r", "\x0b", "\x10", "\x1b[6~", "\x1b[5~"
KEYS = (
    *"jkhlgGaywurtmMYTnvVScsxzdDRE#iNW<>@pP-+?!:/ []oe%ZJnN/BFOL",
    *(ENTER, ENTER, ENTER, ESC, ESC, ESC, CTRL_K, CTRL_P, PAGE_DOWN, PAGE_UP, "\t", "\x1b[Z"),
    *("\x1b[A", "\x1b[B", "\x1b[H", "\x1b[F", "\x7f", "\x01", "\x1a", "\x19", "\x12"),
)
RECIPES = (
    ("?", ENTER, ENTER),
    ("?", ESC, ESC),
    ("w", ENTER, ENTER),
    ("w", "d", "d", ENTER),
    (CTRL_K, "ada", ENTER, ENTER),
    (CTRL_P, "help", ENTER, ENTER),
    (CTRL_K, PAGE_DOWN, PAGE_UP, ENTER),
    (CTRL_P, "zzzz", PAGE_DOWN, PAGE_UP, ENTER, ESC),
    ("V", PAGE_DOWN, ENTER, ENTER),
    ("g", "o", "V", ESC, ESC, ESC),
    (CTRL_K, "double", "double"),
    (CTRL_P, "a", "double", ENTER),
    ("+", "paste", ENTER, ENTER),
    ("paste",),
    ("/", "the", ENTER, "n", "N", "n", ESC),
    ("/", "zz", ESC, ESC),
    (CTRL_K, "the", "\x1b[B", "\x1b[B", "\x1b[B", ENTER, "n", ESC, ESC),
    (CTRL_K, "in:actions a", "\t", "o", "/", ESC),
    ("Z", ENTER, ESC, ESC),
    ("Z", "3 nov", ENTER, "Z", ENTER),
    ("g", "o", ENTER, "J", ENTER, ESC),
    ("g", "o", "%", ENTER, ESC, ESC),
)


def typed(chance: random.Random, part: str) -> str:
    """Return what a terminal sends for a part of a burst."""
    column, row = chance.randrange(1, COLUMNS + 1), chance.randrange(1, ROWS + 1)
    match part:
        case "double":
            return _click(0, column, row) * 2
        case "click":
            return _click(chance.choice((0, 0, 0, 1, 2, 16)), column, row)
        case "drag":
            return f"\x1b[<0;{column};{row}M\x1b[<32;{row};{row}M\x1b[<0;{row};{row}m"
        case "wheel":
            return f"\x1b[<{chance.choice((64, 65))};{column};{row}M"
        case "paste":
            return "\x1b[200~- [ ] one\r\n\x1b[31m two dd\x1b[201~"
    return part


def _click(button: int, column: int, row: int) -> str:
    return "".join(f"\x1b[<{button};{column};{row}{end}" for end in "Mm")


def burst(chance: random.Random) -> str:
    """Return a burst: a recipe, or some keys and clicks, or both."""
    parts = [*chance.choice(RECIPES)] if chance.random() < 0.5 else []
    for _ in range(chance.randrange(1, 6)):
        kind = chance.choices(
            ("key", "click", "double", "drag", "wheel", "paste"), (30, 4, 3, 1, 2, 1)
        )
        parts.append(chance.choice(KEYS) if kind == ["key"] else kind[0])
    return "".join(typed(chance, part) for part in parts)


def survive(terminal: Terminal, seed: int) -> str:
    """Send bursts; return those until the dashboard ended, or nothing."""
    chance = random.Random(seed)
    sent = []
    terminal.until(is_selected("Erin Walsh"))
    terminal.keeps_screen = False
    for _ in range(BURSTS):
        sent.append(burst(chance))
        terminal.press(sent[-1])
        pause = chance.choice((0.001, 0.003, 0.01, 0.03))
        while terminal.pump(pause):
            pass
        if terminal.ended:
            return f"seed {seed}: {sent[-3:]!r}\n{last_words(terminal)}\n"
    return ""


def last_words(terminal: Terminal) -> str:
    """Return what was printed after the screen was left."""
    output = ESCAPES.sub(b"", bytes(terminal.raw).rpartition(b"\x1b[?1049l")[2])
    return output.decode(errors="replace")


def test_no_burst_ends_the_dashboard(tmp_path: Path, dashboard: Start) -> None:
    terminals = []
    for seed in range(3):
        folder = Path(shutil.copytree(SAMPLE, tmp_path / f"seed-{seed}"))
        env = {"EDITOR": "true", "XDG_STATE_HOME": str(tmp_path / f"state-{seed}")}
        terminals.append(dashboard(folder, columns=COLUMNS, rows=ROWS, env=env))
    with ThreadPoolExecutor() as pool:
        ended = "".join(pool.map(survive, terminals, range(len(terminals))))
    assert not ended, ended
    for terminal in terminals:
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.wait() == 0, last_words(terminal)
        assert_restored(bytes(terminal.raw))
