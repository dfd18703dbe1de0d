"""Keys that arrive in one read have the effect of slow typing, in every prompt.

The oracle is the same script, typed slowly. All scripts end with quitting.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.pty.conftest import Start
from tests.pty.test_ticking import FIRST, FIRST_LINE, contents, differing
from tests.support.pty_dashboard import SAMPLE, is_selected
from tests.support.terminal import Terminal

pytestmark = pytest.mark.system

AHEAD = "ada/sessions/2026-12-15.md"
"""A planned session, for topics and `next session`."""
STILL = 0.2
"""Seconds without output after which a slow typist goes on."""
ESC = "\x1b[27u"
"""Escape as terminals with the Kitty protocol send it: it cannot begin another key."""
ENTER, CTRL_K, CTRL_P, CTRL_U = "\r", "\x0b", "\x10", "\x15"
PROMPTS = (
    ("+", "call Wren fri", ENTER),
    ("+", "draft Wu x d n u 1 dec #go", ENTER),
    ("+", "Wqdd ", ESC),
    ("D", "1 dec", ENTER),
    ("D", "none", ENTER),
    ("R", " dxn-u", ENTER),
    ("#", " #new", ENTER),
    ("E", "every week", ENTER),
    ("T", "what Wren said", ENTER),
    ("n", CTRL_U, "1 dec", ENTER, ESC),
    (CTRL_K, "ben okaf", ENTER, " ", ESC),
    (CTRL_P, "hand over", ENTER),
    ("a", "/", "needs Wd", ENTER, " ", ESC, ESC),
    (ENTER, "+", "on its page", ENTER, ">", ESC),
    ("?", ESC),
    ("d", "d"),
    ("u",),
    ("m", "m", "W", ESC),
)
KEYS = ("j", "k", " ", "W", ">", "<", "-", "i", "@", "p", "P")
DELAYS = (0, 5, 30, 80)
"""Milliseconds between two keys; with 0, all arrive in one read."""


def scripts() -> list[list[str]]:
    """Two scripts on Ada's page that use every prompt once, in some order, among other keys."""
    chance = random.Random(3)
    prompts = chance.sample(PROMPTS, len(PROMPTS))
    found = []
    for part in (prompts[::2], prompts[1::2]):
        keys = [CTRL_K, "ada lind", ENTER]
        for prompt in part:
            keys += [*prompt, *chance.choices(KEYS, k=chance.randrange(3))]
        found.append([*keys, "g", "o", "q", "q"])
    return found


def slowly(terminal: Terminal, keys: Iterable[str]) -> None:
    """Press keys, and wait after each until the screen is still."""
    for key in keys:
        terminal.press(key)
        while terminal.pump(STILL):
            pass


def quickly(terminal: Terminal, keys: Sequence[str], delay: int) -> None:
    """Press keys with so many milliseconds between them; with none, in one write."""
    if not delay:
        terminal.press("".join(keys))
        return
    for key in keys:
        for press in [key] if key == ESC else key:
            terminal.press(press)
            terminal.pump(delay / 1000)


def after(
    dashboard: Start, folder: Path, keys: Sequence[str], delay: int | None
) -> dict[str, bytes]:
    """Return the files after these keys. Without a delay, they are typed slowly."""
    shutil.copytree(SAMPLE, folder)
    (folder / AHEAD).write_text("## Agenda\n- [ ] the rota\n")
    terminal = dashboard(folder)
    terminal.until(is_selected("Erin Walsh"))
    terminal.keeps_screen = False
    if delay is None:
        slowly(terminal, keys)
    else:
        quickly(terminal, keys, delay)
    assert terminal.wait() == 0
    return contents(folder)


@pytest.mark.parametrize("keys", scripts())
def test_bursts_have_the_effect_of_slow_typing(
    tmp_path: Path, dashboard: Start, keys: list[str]
) -> None:
    with ThreadPoolExecutor() as terminals:
        slow, *quick = [
            terminals.submit(after, dashboard, tmp_path / f"delay-{delay}", keys, delay)
            for delay in (None, *DELAYS)
        ]
        expected = slow.result()
        for delay, found in zip(DELAYS, quick, strict=True):
            now = found.result()
            wrong = {path: (now.get(path), expected.get(path)) for path in differing(now, expected)}
            assert not wrong, f"{delay} ms"


LAST = "ada/sessions/2026-10-05.md"
NEXT = "ada/sessions/2026-12-01.md"


@pytest.mark.parametrize(
    ("keys", "removed", "added"),
    [
        ("+call Wren fri\r", [], ["- [ ] call Wren due:2026-11-27"]),
        ("+call Wren fri\rW", [], ["- [ ] call Wren due:2026-12-04"]),
        ("+call Wren\r+draft it\r", [], ["- [ ] call Wren", "- [ ] draft it"]),
        ("D1 dec\r", [FIRST_LINE], [FIRST_LINE.replace("2026-11-06", "2026-12-01")]),
        ("+call Wren fri" + ESC, [], []),
        ("a/needs overdue\r" + ESC + ESC, [], []),
    ],
)
def test_a_burst_on_a_leads_page_changes_these_lines_alone(
    coaching: Path, dashboard: Start, keys: str, removed: list[str], added: list[str]
) -> None:
    before = contents(coaching)
    terminal = dashboard(coaching / "ada")
    terminal.until(is_selected(FIRST))
    terminal.press(keys + "goqq")
    assert terminal.wait() == 0
    now = contents(coaching)
    old, new = (files[LAST].decode().splitlines() for files in (before, now))
    assert [line for line in old if line not in new] == removed
    assert [line for line in new if line not in old] == added
    assert set(differing(before, now)) <= {LAST}


def test_planning_a_session_in_a_burst_makes_its_file_alone(
    coaching: Path, dashboard: Start
) -> None:
    before = contents(coaching)
    terminal = dashboard(coaching / "ada")
    terminal.until(is_selected(FIRST))
    terminal.press(f"n{CTRL_U}1 dec\rgoqq")
    assert terminal.wait() == 0
    assert differing(before, contents(coaching)) == [NEXT]


def test_keys_typed_before_the_first_screen_are_not_lost(coaching: Path, dashboard: Start) -> None:
    """The terminal turns Enter into a line feed until the dashboard sets its mode."""
    before = contents(coaching)
    terminal = dashboard(coaching / "ada")
    terminal.press("\r+call Wren fri\rgoqq")
    assert terminal.wait() == 0
    now = contents(coaching)
    assert differing(before, now) == [LAST]
    assert now[LAST] == before[LAST] + b"- [ ] call Wren due:2026-11-27\n"
