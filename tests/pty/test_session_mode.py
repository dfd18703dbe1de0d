"""A whole session on real terminals in simulated time, while others write the same file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.formats.tasks import obsidian_reader
from tests.pty.conftest import CHECKOUT, Start
from tests.pty.test_editors import Tool
from tests.support.pty_dashboard import is_selected, move, selected
from tests.support.records import write
from tests.support.simulated import set_time, simulated
from tests.support.terminal import Terminal
from tldash.workspace.folders import Folders

pytestmark = pytest.mark.system

LEAD = "---\nname: Ada\ncoach: Mira\ncadence: monthly\n---\n## Goals\n- calm\n"
BEFORE = """\
---
date: 2026-10-20 09:00
status: held
---
# Session 1

## Agenda

- [ ] delegation

## Actions

- [ ] write the vision 📅 2026-11-10

## Structure

- Ada: fewer slides
"""
PLANNED = {
    "md": """\
---
date: 2026-11-20 09:00
---
# Session 2

## Agenda

- [ ] the outage

## Notes

## Actions
""",
    "yaml": """\
# the second
date: 2026-11-20 09:00
topics:
  - the outage
""",
}
HELD = {
    "md": """\
---
date: 2026-11-20 09:00
skill: vision
next: 2026-12-18 16:00
status: held
duration: 47m
levels: {vision: beginner}
---
# Session 2

## Agenda

- [ ] the outage
- [ ] the second outage @ada

## Notes

She waits for the Captain.

Written in vim.

The Captain nods.

I spoke up twice.

> It was quiet.

## Actions
- [ ] call the vendor 📅 2026-11-27
- [ ] send the book @coach 📅 2026-12-04

## Agreements

- No slides

## Structure

- Mira: it works
- Ada: fewer slides
""",
    "yaml": """\
# the second
date: 2026-11-20 09:00
skill: vision
next: 2026-12-18 16:00
status: held
duration: 47m
levels: {vision: beginner}
topics:
  - the outage
  - the second outage @ada
notes: |
  She waits for the Captain.

  Written in vim.

  The Captain nods.

  I spoke up twice.

  > It was quiet.
agreements:
  - No slides
actions:
  - call the vendor 📅 2026-11-27
  - send the book @coach 📅 2026-12-04
structure:
  - 'Mira: it works'
  - 'Ada: fewer slides'
""",
}
MINUTE = 60


def shows(terminal: Terminal, words: str) -> None:
    """Wait until the screen has some words."""
    terminal.until(lambda t: words in t.text)


def has(file: Path, words: str, *terminals: Terminal) -> None:
    """Wait until the file has some words. The terminals are read meanwhile."""
    first, *others = terminals

    def there(_: Terminal) -> bool:
        for other in others:
            other.pump(0.01)
        first.pump(0.01)
        return words in file.read_text(encoding="utf-8")

    first.until(there)


def mode(terminal: Terminal) -> None:
    """Open session mode, and wait until the line takes text."""
    terminal.press("C")
    terminal.until("esc keys")


def leave_line(terminal: Terminal) -> None:
    """Go from the line to the lists. An escape and a key at once would be another key."""
    terminal.press("escape")
    terminal.until(selected)


def take_line(terminal: Terminal) -> None:
    """Go from the lists to the line."""
    terminal.press("tab")
    terminal.until(lambda t: not selected(t))


def answer(terminal: Terminal, key: str, words: str, file: Path, left: str) -> None:
    """Answer a question of session mode in place of its proposal, and take the line again."""
    leave_line(terminal)
    terminal.press(key)
    terminal.until("→ |esc cancels")
    terminal.press(words)
    terminal.until(f"→ .*{left}")
    terminal.press("enter")
    has(file, left, terminal)
    terminal.until(lambda t: not selected(t) and "→ " not in t.text)


def talk(mira: Terminal, ada: Terminal, vim: Terminal, file: Path) -> None:
    """Type, all three at once."""
    both = mira, ada
    leave_line(mira)
    mira.press("H")
    mira.until("▶ goals")
    take_line(mira)
    mira.press("She waits for the Captain.", "enter")
    shows(ada, "She waits for the Captain.")
    # All three are in the middle of something.
    mira.press("The Captain ")
    has(file, "The Captain", *both)
    ada.press("I spoke ")
    has(file, "I spoke", *both)
    vim.press(":e\r")
    vim.until("I spoke")
    vim.press("/She waits\r", "o\rWritten in vim.\x1b", ":w\r")
    vim.until("written")
    vim.press(":q\r")
    assert vim.wait() == 0
    mira.press("nods.")
    ada.press("up twice.", "enter")
    has(file, "I spoke up twice.", *both)
    has(file, "The Captain nods.", *both)
    mira.press("enter", '"It was quiet.', "enter")
    has(file, "It was quiet.", *both)
    mira.press("!No slides", "enter")
    has(file, "No slides", *both)
    ada.press("+call the vendor fri", "enter")
    has(file, "call the vendor", *both)
    mira.press("+send the book in 2 weeks @coach", "enter")
    has(file, "send the book", *both)
    ada.press("?the second outage", "enter")
    has(file, "the second outage", *both)


def go_through(mira: Terminal, ada: Terminal, file: Path, time: Path) -> None:
    """Settle a topic, go on to the next part, and choose skill, level and next date."""
    last = file.with_name("2026-10-20.md")
    leave_line(ada)
    while "delegation" not in selected(ada):
        move(ada)
    ada.press("space")
    has(last, "[x] delegation", ada, mira)
    take_line(ada)
    set_time(time, 16 * MINUTE)
    shows(mira, "6 minutes over")
    leave_line(mira)
    mira.press("]")
    mira.until("▶ check in")
    take_line(mira)
    answer(mira, "b", "vis", file, "skill: vision")
    answer(mira, "=", "beg", file, "vision: beginner")
    answer(ada, "n", "in 4 weeks 16:00", file, "2026-12-18 16:00")


def close(mira: Terminal, ada: Terminal, file: Path) -> None:
    """Fill in the closing page and close the session."""
    leave_line(mira)
    mira.press("C")
    shows(mira, "BEFORE YOU PART")
    for line, person in (("it works", "Mira"), ("fewer slides", "Ada")):
        while f"{person}:" not in selected(mira):
            move(mira)
        mira.press("enter")
        shows(mira, f"One line from {person}")
        mira.press(line)
        mira.until(f"→ .*{person}: {line}")
        mira.press("enter")
        has(file, f"{person}: {line}", mira, ada)
        mira.until(is_selected(f"{person}: {line}"))
    while "Close the session" not in selected(mira):
        move(mira)
    mira.press("enter")
    has(file, "duration: 47m", mira, ada)


@pytest.mark.parametrize("kind", PLANNED)
def test_a_session_from_the_brief_to_its_end_with_three_writers(
    start: Start, tool: Tool, outside_tmp: Path, tmp_path: Path, kind: str
) -> None:
    folder = write(
        outside_tmp / "ada",
        {
            "lead.md": LEAD,
            "sessions/2026-10-20.md": BEFORE,
            f"sessions/2026-11-20.{kind}": PLANNED[kind],
        },
    )
    file, time = folder / "sessions" / f"2026-11-20.{kind}", tmp_path / "time"
    last = file.with_name("2026-10-20.md")
    set_time(time, 0)

    def person(name: str) -> Terminal:
        home = tmp_path / f"home of {name}"
        home.mkdir()
        env = {"HOME": str(home), "TZ": "UTC"}
        return start(
            *simulated(folder, time, "--me", name), folder=CHECKOUT, env=env, columns=120, rows=40
        )

    mira, ada = person("Mira"), person("Ada")
    shows(mira, "write the vision")
    mira.press("B")
    shows(mira, "LAST TIME")
    mira.press("escape")
    mira.until(lambda t: "LAST TIME" not in t.text)
    mode(mira)
    shows(ada, "write the vision")
    mode(ada)
    vim = start(tool("vim"), "--cmd", "set autoindent", str(file), columns=100, rows=40)
    vim.until("the outage")

    set_time(time, 5 * MINUTE)
    talk(mira, ada, vim, file)
    go_through(mira, ada, file, time)
    set_time(time, 52 * MINUTE)
    close(mira, ada, file)
    assert file.read_text(encoding="utf-8") == HELD[kind]
    assert last.read_text(encoding="utf-8") == BEFORE.replace(
        "[ ] delegation", "[x] delegation ✅ 2026-11-20"
    )
    assert sorted(path.name for path in folder.rglob("*")) == sorted(
        ["lead.md", "sessions", last.name, file.name]
    )
    for words in ("Written in vim.", "call the vendor", "send the book", "the second outage"):
        shows(ada, words)
    session = next(one for one in Folders([folder]).read().leads[0].sessions if one.topics[1:])
    assert [obsidian_reader.read(re.sub(" @(coach|ada)", "", body)) for body in tasks_of(file)] == [
        {"description": task.text, **({"due": str(task.fields.due)} if task.fields.due else {})}
        for task in (*session.topics, *(action.task for action in session.actions))
    ]


def tasks_of(file: Path) -> list[str]:
    """Return the task items of a file as Obsidian reads them; a YAML list has the same texts."""
    lines = file.read_text(encoding="utf-8").split("\n")
    mark = "- [ ] " if file.suffix == ".md" else "  - "
    return [
        one.removeprefix(mark)
        for one in lines
        if one.startswith(mark) and not re.search("No sl|: ", one)
    ]


def test_a_burst_of_keys_is_faster_than_the_file(start: Start, tmp_path: Path) -> None:
    name = "sessions/2026-11-20.md"
    folder = write(tmp_path / "ada", {"lead.md": LEAD, name: PLANNED["md"]})
    set_time(tmp_path / "time", 0)
    command = simulated(folder, tmp_path / "time", "--holds", "ada")
    terminal = start(*command, folder=CHECKOUT)
    terminal.until("esc keys")
    terminal.keeps_screen = False
    burst = " ".join(f"word{number:03}" for number in range(250))
    for part in (burst, "\r", *(f"line {number}\r" for number in range(20))):
        terminal.press(part)
    has(folder / name, "line 19", terminal)
    lines = [line.strip() for line in (folder / name).read_text().split("\n")]
    assert [one for one in lines if one.startswith(("word", "line"))] == [
        burst, *(f"line {number}" for number in range(20))
    ]  # fmt: skip
