"""Real editors, beside the dashboard and started by it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import Start
from tests.support.pty_dashboard import (
    DONE,
    OPEN,
    is_selected,
    long_lead,
    place,
    selected,
    session,
    stands_at,
    write,
)
from tests.support.terminal import Terminal

pytestmark = pytest.mark.system

Tool = Callable[[str], str]

NAME = "2026-11-03.md"
TEXT = session(*[f"[ ] Action number {number}" for number in range(1, 9)])
LINE = 10
"""The line of "Action number 4" in `TEXT`."""
AT = "Action number 4"


@pytest.fixture
def lead(outside_tmp: Path) -> Path:
    """A lead's folder with one session, where vim saves as it does anywhere but in /tmp."""
    write(outside_tmp / "ada" / NAME, TEXT)
    return outside_tmp / "ada"


def at_the_fourth(dashboard: Start, lead: Path, **how: object) -> Terminal:
    """The dashboard with the fourth action selected."""
    terminal = dashboard(lead, **how)
    terminal.until(is_selected("Action number 1", OPEN))
    terminal.press("down", "down", "down")
    terminal.until(is_selected(AT, OPEN))
    return terminal


def with_vim(start: Start, tool: Tool, path: Path, *commands: str, before: str = "") -> None:
    """Edit a file with vim as a person does: wait for it, type, save, leave."""
    vim = start(tool("vim"), *(["--cmd", before] if before else []), str(path))
    vim.until("Action number 8")
    vim.press(*commands)
    assert vim.wait() == 0


@pytest.mark.parametrize(
    ("option", "replaces"), [("", True), ("set backupcopy=yes", False), ("set backupcopy=no", True)]
)
def test_vim_saves_beside_the_dashboard(
    dashboard: Start, start: Start, tool: Tool, lead: Path, option: str, replaces: bool
) -> None:
    terminal = at_the_fourth(dashboard, lead)
    before, inode = place(terminal), (lead / NAME).stat().st_ino
    more = ":9\r", "oadded in vim\x1b", ":s/^/- [ ] /\r", ":wq\r"
    with_vim(start, tool, lead / NAME, f":{option}\r" if option else "", *more)
    terminal.until("9 open")
    assert "added in vim" in terminal.text
    assert selected(terminal) == before[1]
    # The test is about both ways of saving: see that vim did save in the way that is meant.
    assert ((lead / NAME).stat().st_ino != inode) is replaces
    terminal.press("space")
    terminal.until(is_selected(AT, DONE))
    assert f"- [x] {AT}" in (lead / NAME).read_text()


def test_vim_saves_many_times_without_a_flicker(
    dashboard: Start, start: Start, tool: Tool, lead: Path
) -> None:
    """While vim has the file away, what was on screen stays there."""
    terminal = at_the_fourth(dashboard, lead)
    vim = start(tool("vim"), str(lead / NAME))
    vim.until("Action number 8")
    for number in range(20):
        vim.press(f":11s/number.*/number 5 saved {number} times/\r", ":w\r")
        vim.until(f"saved {number} times.*")
        terminal.until(f"Action number 5 saved {number} times")
    vim.press(":q\r")
    assert vim.wait() == 0
    assert AT in selected(terminal)
    assert b"is gone" not in terminal.raw
    assert b"0 open" not in terminal.raw


def test_nano_saves_beside_the_dashboard(
    dashboard: Start, start: Start, tool: Tool, lead: Path
) -> None:
    terminal = at_the_fourth(dashboard, lead)
    before = place(terminal)
    nano = start(tool("nano"), str(lead / NAME))
    nano.until("Action number 8")
    nano.press("\x1f", "99\r")  # go to the last line
    nano.press("- [ ] added in nano\r", "\x0f", "\r")
    nano.until("Wrote")
    nano.press("\x18")
    assert nano.wait() == 0
    terminal.until("9 open")
    terminal.until("added in nano")
    terminal.until(stands_at(*before))


def test_sed_edits_in_place(dashboard: Start, lead: Path) -> None:
    terminal = at_the_fourth(dashboard, lead)
    before = place(terminal)
    subprocess.run(["sed", "-i", "s/Action number 5/Changed by sed/", NAME], cwd=lead, check=True)
    terminal.until("Changed by sed")
    terminal.until(stands_at(*before))
    subprocess.run(["sed", "-i", "/number [1-3]$/d", NAME], cwd=lead, check=True)
    terminal.until("5 open")
    assert AT in selected(terminal)


# The editor that the dashboard starts

RECORDER = f"""#!{sys.executable}
import json, os, sys
from pathlib import Path

here = Path(__file__).parent
state = os.isatty(0) and os.isatty(1)
(here / "asked.json").write_text(json.dumps({{"argv": sys.argv[1:], "terminal": state}}))
print("the editor is on the screen")
if sys.stdin.readline() == "fail\\n":
    sys.exit(3)
path = Path(sys.argv[-1])
path.write_text(path.read_text() + "- [ ] added in the editor\\n")
"""
"""An editor that notes down what it was asked, waits for a line, and adds an action."""


@pytest.fixture
def recorder(tmp_path: Path) -> Callable[[str], Path]:
    """Make an editor of that name."""

    def make(name: str) -> Path:
        path = write(tmp_path / "editors" / name, RECORDER)
        path.chmod(0o755)
        return path

    return make


@pytest.mark.parametrize("variable", ["EDITOR", "VISUAL"])
@pytest.mark.parametrize(
    ("name", "options", "form"),
    [
        ("nano", "", ["+{line}", "{path}"]),
        ("vim", "-n -R", ["-n", "-R", "+{line}", "{path}"]),
        ("hx", "", ["{path}:{line}"]),
        ("code", "--wait", ["--wait", "--goto", "{path}:{line}"]),
        ("unheard-of", "", ["{path}"]),
    ],
)
def test_the_editor_is_started_at_the_line(
    dashboard: Start,
    recorder: Callable[[str], Path],
    lead: Path,
    name: str,
    options: str,
    form: list[str],
    variable: str,
) -> None:
    editor = recorder(name)
    other = {"EDITOR": "/nowhere"} if variable == "VISUAL" else {}
    terminal = at_the_fourth(
        dashboard, lead, env={**other, variable: f"{editor} {options}".strip()}
    )
    terminal.press("o")
    terminal.until("the editor is on the screen")
    asked = json.loads((editor.parent / "asked.json").read_text())
    path = os.path.realpath(lead / NAME)
    assert asked["argv"] == [part.format(line=LINE, path=path) for part in form]
    assert asked["terminal"]
    terminal.press("fail\r")
    terminal.until(r"✗ .*ended with code 3")
    assert AT in selected(terminal)


def test_after_the_editor_the_screen_is_live_again(
    dashboard: Start, recorder: Callable[[str], Path], lead: Path
) -> None:
    editor = recorder("nano")
    terminal = at_the_fourth(dashboard, lead, env={"EDITOR": str(editor)})
    before = place(terminal)
    terminal.press("o")
    terminal.until("the editor is on the screen")
    terminal.resize(110, 36)  # wide enough for the same lines in the header
    terminal.press("\r")
    terminal.until("9 open")
    terminal.until(lambda terminal: "help" in terminal.lines[35])
    assert "added in the editor" in terminal.text
    terminal.until(stands_at(*before))
    write(lead / "2026-11-04.md", session("[ ] Written afterwards"))
    terminal.until("Written afterwards")
    terminal.press("space")
    terminal.until(is_selected(AT, DONE))
    terminal.press("q")
    assert terminal.wait() == 0
    assert terminal.settings_now() == terminal.settings


def test_changes_made_while_the_editor_is_open_are_not_missed(
    dashboard: Start, recorder: Callable[[str], Path], lead: Path
) -> None:
    editor = recorder("nano")
    terminal = at_the_fourth(dashboard, lead, env={"EDITOR": str(editor)})
    terminal.press("o")
    terminal.until("the editor is on the screen")
    write(lead / "2026-11-04.md", session("[ ] Written meanwhile"))
    terminal.press("\r")
    terminal.until(lambda t: "Written meanwhile" in t.text and "added in the editor" in t.text)


def test_a_real_editor_started_from_the_dashboard(dashboard: Start, tool: Tool, lead: Path) -> None:
    terminal = at_the_fourth(dashboard, lead, env={"EDITOR": tool("vim")})
    terminal.press("o")
    terminal.until(rf"{LINE},1")
    terminal.press("A, at last\x1b", ":wq\r")
    terminal.until(is_selected(f"{AT}, at last", OPEN))
    assert f"- [ ] {AT}, at last\n" in (lead / NAME).read_text()


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({"EDITOR": "there-is-no-such-editor"}, "there-is-no-such-editor"),
        ({"EDITOR": "false"}, "ended with code 1"),
        ({"EDITOR": "vi 'unfinished"}, "not a command"),
        ({"PATH": "/nowhere"}, "no editor"),
    ],
)
def test_an_editor_that_is_missing_or_fails(
    dashboard: Start, lead: Path, env: dict[str, str], says: str
) -> None:
    terminal = at_the_fourth(dashboard, lead, env=env)
    terminal.press("o")
    terminal.until(lambda t: t.lines[-1].startswith(" ✗") and says in t.lines[-1])
    assert AT in selected(terminal)
    terminal.press("space")
    terminal.until(is_selected(AT, DONE))


def test_the_editor_opens_at_a_problem(
    dashboard: Start, recorder: Callable[[str], Path], lead: Path
) -> None:
    write(lead / "2026-11-05.md", "# Session\n\n- [ ] Call the vendor due:soon\n")
    editor = recorder("nano")
    terminal = dashboard(lead, env={"EDITOR": str(editor)})
    terminal.until(r"problems \(1\)")
    terminal.press("!")
    terminal.until(is_selected("2026-11-05.md:3"))
    terminal.press("o")
    terminal.until("the editor is on the screen")
    asked = json.loads((editor.parent / "asked.json").read_text())
    assert asked["argv"] == ["+3", os.path.realpath(lead / "2026-11-05.md")]
    terminal.press("fail\r")
    terminal.until("ended with code 3")


def test_scrolled_far_down_an_editor_changes_nothing_about_it(
    dashboard: Start, tool: Tool, start: Start, outside_tmp: Path
) -> None:
    folder = long_lead(outside_tmp / "ada")
    terminal = dashboard(folder, rows=24)
    terminal.until(is_selected("one one task"))
    terminal.press("pagedown", "pagedown")
    terminal.until(is_selected("three", OPEN))
    before = place(terminal)
    vim = start(tool("vim"), str(folder / "sessions" / "2026-01-10.md"))
    vim.until("one twelve task")
    vim.press(":8t9\r", ":wq\r")
    vim.wait()
    terminal.until("49 open")
    terminal.until(stands_at(*before))
