"""The user's own settings on a real terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pty.conftest import Start
from tests.support.pty_dashboard import write

pytestmark = pytest.mark.system

CTRL_X = "\x18"


def own(home: Path, text: str) -> dict[str, str]:
    """These are the settings of whoever sits at the terminal."""
    write(home / "own" / "tldash" / "config.yaml", text)
    return {"XDG_CONFIG_HOME": str(home / "own")}


def test_own_keys_theme_and_signs(coaching: Path, home: Path, dashboard: Start) -> None:
    config = 'theme: nord\nicons: ascii\nkeys:\n  actions: "g l"\n  quit: ctrl+x\n'
    terminal = dashboard(coaching, env=own(home, config))
    terminal.until(re.escape("ctrl+x quit"))
    assert terminal.text.isascii()
    assert b"48;2;46;52;64" in bytes(terminal.raw)  # nord's ground, #2E3440
    terminal.press("g")
    terminal.until("l  actions")
    terminal.press("l")
    terminal.until("> Actions")
    terminal.press("g", "esc")
    terminal.until("cancelled")
    terminal.press("q", CTRL_X, CTRL_X)
    assert terminal.wait() == 0


def test_what_is_wrong_is_told_and_can_be_mended(
    coaching: Path, home: Path, dashboard: Start
) -> None:
    editor = write(home / "mend", '#!/bin/sh\nfor file; do :; done\necho "theme: nord" > "$file"\n')
    editor.chmod(0o755)
    env = own(home, "me: Mira\ntheme: nrod\n") | {"EDITOR": str(editor)}
    terminal = dashboard(coaching, env=env)
    terminal.until(
        re.escape("1 problem in your settings (! lists them): line 2, there is no theme 'nrod'")
    )
    terminal.press("!")
    terminal.until("did you mean nord")
    terminal.press("enter")
    terminal.until(lambda t: "nrod" not in t.text)
    assert b"48;2;46;52;64" in bytes(terminal.raw)
    terminal.press("q", "q")
    assert terminal.wait() == 0


@pytest.mark.parametrize("variable", [{"LANG": "C"}, {"TERM": "linux"}, {"TLDASH_ICONS": "ascii"}])
def test_a_terminal_that_shows_no_signs_gets_none(
    coaching: Path, dashboard: Start, variable: dict[str, str]
) -> None:
    terminal = dashboard(coaching, env=variable)
    terminal.until("Ada Lindqvist")
    assert terminal.text.isascii()
    terminal.press("q")
    assert terminal.wait() == 0


def test_what_is_wrong_with_saved_views_is_told_and_can_be_mended(
    coaching: Path, home: Path, dashboard: Start
) -> None:
    env = own(home, "theme: nord\n")
    file = write(home / "own" / "tldash" / "views.yaml", "late: overdue\nbad: {sort: nmae}\n")
    editor = write(home / "mend", '#!/bin/sh\nfor file; do :; done\nsed -i 2d "$file"\n')
    editor.chmod(0o755)
    terminal = dashboard(coaching, env=env | {"EDITOR": str(editor)})
    terminal.until(
        re.escape("1 problem in your views (! lists them): line 2, bad: cannot be sorted")
    )
    terminal.press("!")
    terminal.until("choose from need, name")
    terminal.press("enter")
    terminal.until(lambda t: "nmae" not in t.text)
    assert file.read_text() == "late: overdue\n"
    terminal.press("q", "q")
    assert terminal.wait() == 0
