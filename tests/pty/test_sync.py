"""Two dashboards on two clones, whose viewers tick and press `g s` at any moment."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from tests.pty.conftest import Start
from tests.support.clones import NOBODY, contents, git, make_clones, sync
from tests.support.examples import THOROUGH
from tests.support.terminal import Terminal

pytestmark = pytest.mark.system

ITEMS = 200 if THOROUGH else 24
"""Rounds: in each, one of two people ticks one of the items."""
SESSION = "ada/2026-11-03.md"
ENDED = r"sent \d+ commit|received \d+ commit|nothing to sync|not synced"


def name_item(number: int) -> str:
    """Return a name that no other one contains: `thing aaaa`, `thing abab`."""
    return f"thing {(chr(97 + number // 26) + chr(97 + number % 26)) * 2}"


def make_files() -> dict[str, str]:
    lines = "".join(
        f"- [ ] {name_item(number)} due:2026-12-{number % 28 + 1:02}\n" for number in range(ITEMS)
    )
    return {
        "ada/lead.md": "---\nname: Ada\n---\n# Ada\n",
        SESSION: f"# Session\n\n## Actions\n{lines}",
    }


def ticked(clone: Path) -> list[int]:
    """Return the numbers of the ticked items, in the order of the file."""
    lines = [line for line in (clone / SESSION).read_text().splitlines() if "thing" in line]
    assert len(lines) == ITEMS
    return [number for number, line in enumerate(lines) if line.startswith("- [x]")]


def test_two_dashboards_that_sync_by_key_end_with_the_same(
    dashboard: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys go on working while a sync runs: most ticks come right behind the key."""
    for name, value in NOBODY.items():
        monkeypatch.setenv(name, value)
    clones = make_clones(tmp_path, "one", "other", files=make_files())
    random = Random(3)
    terminals: list[Terminal] = [
        dashboard(str(clone), env=NOBODY, columns=120, rows=40) for clone in clones
    ]
    for terminal in terminals:
        terminal.until("main · live")
        terminal.press("a")
        terminal.until("thing aaaa")
    for number in range(ITEMS):
        side = random.choice((0, 1))
        terminal, clone = terminals[side], clones[side]
        if random.random() < 0.5:
            terminal.press("g", "s")
        name = name_item(number)
        terminal.press("/", name, "enter")
        terminal.until(rf"▌.*{name}")
        terminal.press("space")
        terminal.until(lambda _, clone=clone, n=number: n in ticked(clone))
        terminal.press("esc")
        terminal.until("thing [a-z]{4} .*\n.*thing")
    for clone, terminal in zip(clones, terminals, strict=True):
        terminal.until(lambda one: not re.search(r"(looking|\w+ing)… ·", one.text))
        terminal.press("q", "q")
        assert terminal.wait() == 0
        sync(clone)
    sync(clones[0])
    assert contents(clones[0]) == contents(clones[1])
    assert ticked(clones[0]) == [*range(ITEMS)]
    for clone in clones:
        assert git(clone, "status", "--porcelain") == ""
    assert int(git(clones[0], "rev-list", "--count", "HEAD")) > 6


def test_a_conflict_is_resolved_on_screen_and_synced(
    dashboard: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in NOBODY.items():
        monkeypatch.setenv(name, value)
    one, other = make_clones(tmp_path, "one", "other")
    file = "ada/2026-11-03.md"
    for clone, day in ((other, "due:2026-12-01"), (one, "due:2026-12-08")):
        text = (clone / file).read_text()
        (clone / file).write_text(text.replace("call the vendor", f"call the vendor {day}"))
    sync(other)
    terminal = dashboard(str(one), env=NOBODY, columns=120, rows=40)
    terminal.until("main · live")
    terminal.press("g", "s")
    terminal.until("both sides changed the same in 1 file")
    terminal.press("g", "c")
    terminal.until("1 of 1 undecided")
    terminal.press(")", "\x13")
    terminal.until("resolved the conflict")
    terminal.press("g", "s")
    terminal.until(r"sent 2 commits")
    terminal.press("q", "q")
    assert terminal.wait() == 0
    sync(other)
    assert contents(one) == contents(other)
    assert "call the vendor due:2026-12-01\n" in (one / file).read_text()
    assert git(one, "status", "--porcelain") == ""
