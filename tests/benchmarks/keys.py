"""Measure the time from a key to the changed screen in a long list, on a pseudo-terminal.

`python -m tests.benchmarks.keys [--actions 5000] [--presses 200]` opens the list of all actions of
a generated folder, moves in it and types filters.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import click

from tests.benchmarks import folder
from tests.benchmarks.screen import Timed, here
from tests.benchmarks.table import median, ms, percentile, table
from tests.support.terminal import script
from tldash.workspace.folders import Folders

OPEN_A_FILE = 3
TYPED = (
    "outage",
    "budget",
    "lead 1",
    "promise plan",
    "@coach",
    "vision",
    "team",
    "12",
    "sketch",
    "pager",
)


def texts(top: Path) -> list[str]:
    """Return the searchable text of every open action; `TYPED` contains no #tags."""
    found = []
    for lead in Folders([top]).read().leads:
        for action in lead.actions:
            if not action.status.closed:
                places = (action.task.text, lead.name, *action.task.fields.tags)
                found.append(f"{' '.join(places)} @{action.owner}".casefold())
    return found


def opening(terminal: Timed) -> float:
    """Return the seconds from the key to the list."""
    began = time.perf_counter()
    terminal.press("a")
    return terminal.shown(began, r"› Actions[\s\S]*▌")


def moving(terminal: Timed, presses: int) -> list[float]:
    """Return the seconds from each press to the moved cursor: down past one screen, then up."""
    times = []
    for number in range(presses):
        was = _selected(terminal)
        key = "down" if number < presses * 3 // 4 else "up"
        began = time.perf_counter()
        terminal.press(key)
        times.append(terminal.shown(began, lambda t, was=was: _selected(t) not in ("", was)))
        terminal.calm(0.05)
    return times


def _selected(terminal: Timed) -> str:
    """Return the selected line and its number, since two rows may have the same text."""
    number = terminal.line_with("▌")
    return f"{number} {terminal.lines[number]}" if number >= 0 else ""


def filtering(terminal: Timed, searched: list[str]) -> list[float]:
    """Return the seconds from each typed letter to the number of matching actions."""
    times = []
    total = shown = len(searched)
    terminal.press("/")
    terminal.until("text, a lead")
    for words in TYPED:
        for end in range(1, len(words) + 1):
            parts = words[:end].split()
            count = sum(all(part in text for part in parts) for text in searched)
            said = f"  {count} open" if count == total else f"  {count} of {total} open"
            began = time.perf_counter()
            terminal.press(words[end - 1])
            seconds = terminal.shown(began, said)
            if count != shown:
                times.append(seconds)
            shown = count
            terminal.calm(0.1)
        for _ in words:
            terminal.press("backspace")
        terminal.until(f"  {total} open")
        shown = total
        terminal.calm()
    return times


@click.command(help=__doc__)
@click.option("--actions", default=5000, show_default=True)
@click.option("--presses", default=200, show_default=True)
@click.option("--openings", default=10, show_default=True)
def main(actions: int, presses: int, openings: int) -> None:
    """Run the benchmark and print its table."""
    with tempfile.TemporaryDirectory() as top:
        opened, home = Path(top) / "coaching", Path(top)
        folder.make(opened, -(-actions // OPEN_A_FILE), plain=True)
        searched = texts(opened)
        command = (script("tldash"), str(opened), "--today", "2026-11-20")
        with Timed(*command, env=here(home), columns=120, rows=40) as terminal:
            terminal.until(r"live[\s\S]*▌")
            terminal.calm()
            opened_in = []
            for _ in range(openings):
                opened_in.append(opening(terminal))
                terminal.calm()
                terminal.press("escape")
                terminal.until(r"CADENCE")
                terminal.calm()
            opening(terminal)
            terminal.calm()
            moved = moving(terminal, presses)
            terminal.press("home")
            terminal.calm()
            filtered = filtering(terminal, searched)
        shutil.rmtree(opened)
    named = {"open the list": opened_in, "move the cursor": moved, "type a letter": filtered}
    rows = [
        [name, str(len(times)), ms(median(times)), ms(percentile(times, 95)), ms(max(times))]
        for name, times in named.items()
    ]
    head = ["from the key to the screen", "times", "median", "95 %", "max"]
    table(f"Keys in a list of {len(searched)} open actions, 120 x 40 cells", head, rows)


if __name__ == "__main__":
    main()
