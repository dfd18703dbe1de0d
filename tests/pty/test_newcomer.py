"""The tasks of a newcomer, played on a terminal with the very keys that the manual gives.

Each is done in five presses at most, typed words not counted.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.pty.conftest import Start
from tldash.manual import page

MOST = 5
PRESSED = re.compile(r'`([^`]+)`|("[^"]+")')
SEES = {
    "see who needs you, and why": [
        r"▌ ! Erin Walsh .*\n.*past cadence \(4 months\) · missed the last session · no next",
    ],
    "tick the first action of the lead who needs you most": [
        r"▌ ▢ Ask the Duke for an hour without slides",
        r"[✓☑✔] .*done: Ask the Duke for an hour without slides",
    ],
    "add an action with a due date": [
        r"new action of Erin Walsh",
        r"→ 5\. \[ \] call Wren .*2026-11-27",
        r"▌.▢ call Wren .*27 Nov",
    ],
    "postpone it by a week": [r"▌.▢ call Wren .*4 Dec"],
    "undo that": [r"▌.▢ call Wren .*27 Nov"],
    "find an old action anywhere": [
        r"leads, sessions, actions",
        r"action +- .x. Tell the Captain",
        r"Ada Lindqvist[\s\S]*▌ ✔ Tell the Captain",
    ],
    "go back to the lead, and plan the next session": [
        r"› Search",
        r"▌.▢ call Wren",
        r"next session with Erin Walsh",
        r"Erin Walsh › [\s\S]*Agenda",
    ],
    "see what changed": [r"› Activity[\s\S]*from another hand"],
}
"""What the screen shows after each press, or once all words are typed."""


def told() -> dict[str, list[str]]:
    """What the manual says to press for each task; typed words keep their quotes."""
    table = page("start").partition("| to do | press |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ([^-].+?) \| (.+?) \|$", table, re.MULTILINE)
    return {task: [key or word for key, word in PRESSED.findall(keys)] for task, keys in rows}


def test_each_task_takes_five_presses_at_most(dashboard: Start, coaching: Path) -> None:
    tasks = told()
    assert list(tasks) == list(SEES)
    with dashboard(coaching, columns=120, rows=40) as terminal:
        for task, keys in tasks.items():
            if task == "see what changed":
                with (coaching / "ben" / "lead.md").open("a", encoding="utf-8") as file:
                    file.write("\n- [ ] from another hand\n")
                terminal.until("from another hand")
            assert sum(not key.startswith('"') for key in keys) <= MOST, task
            seen = SEES[task]
            if not keys:
                terminal.until(seen[0])
            for key, shown in zip(keys, seen, strict=bool(keys)):
                terminal.press(key.strip('"'))
                terminal.until(shown)
