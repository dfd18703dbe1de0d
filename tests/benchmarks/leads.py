"""Measure the time from a key to the changed screen in an overview of many leads.

`python -m tests.benchmarks.leads [--leads 1000] [--folder KEPT]` opens a generated folder of leads
on a pseudo-terminal, moves among the coaches, types filters, sorts, groups and folds. `--folder`
only generates the folder, so that you can open it yourself.
"""

from __future__ import annotations

import random
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import click

from tests.benchmarks.folder import sentence
from tests.benchmarks.screen import Timed, here
from tests.benchmarks.table import median, ms, percentile, table
from tests.support.terminal import script

DAY = date(2026, 11, 20)
FIRST = ("Ada", "Ben", "Chiara", "Dayo", "Elif", "Farid", "Greta", "Hana", "Ivo", "Jun", "Kofi")
LAST = ("Lindqvist", "Okafor", "Rossi", "Adeyemi", "Yilmaz", "Haddad", "Holm", "Sato", "Marin")
COACHES = ("Mira", "Jonas", "Noor", "Petra", "Quentin", "Rosa", "Sami", "Tove", "Uma", "Viktor")
A_COACH_HAS = 8
SESSIONS = 4
TYPED = ("rossi", "needs", "coach:mira", "overdue", "noplan sato", "cadence:monthly", "ada l")


def make(folder: Path, leads: int) -> Path:
    """Write this many leads, the same every time: some on track, some stalled."""
    pick = random.Random(11)
    for number in range(leads):
        home = folder / f"lead{number:04}"
        (home / "sessions").mkdir(parents=True)
        turn = number // A_COACH_HAS
        coach = f"{COACHES[turn % len(COACHES)]} {LAST[turn // len(COACHES) % len(LAST)]}"
        if turn >= len(COACHES) * len(LAST):
            coach += f" {turn // (len(COACHES) * len(LAST)) + 1}"
        name = f"{pick.choice(FIRST)} {pick.choice(LAST)} {number}"
        cadence = pick.choice(("monthly", "monthly", "every 2 weeks", "quarterly"))
        (home / "lead.md").write_text(
            f"---\nname: {name}\ncoach: {coach}\ncadence: {cadence}\n---\n", "utf-8"
        )
        _sessions(pick, home, stalled=pick.random() < 0.3, planned=pick.random() < 0.85)
    return folder


def _sessions(pick: random.Random, home: Path, *, stalled: bool, planned: bool) -> None:
    last = DAY - timedelta(days=pick.randrange(40, 120) if stalled else pick.randrange(1, 13))
    for number in range(SESSIONS):
        day = last - timedelta(days=14 * (SESSIONS - 1 - number))
        following = f"next: {DAY + timedelta(days=pick.randrange(1, 28))} 16:00\n"
        due = DAY + timedelta(days=pick.randrange(-9, 60))
        lines = [
            f"---\ndate: {day} 16:00\nskill: vision\nstatus: held\n",
            following if planned and not stalled and number == SESSIONS - 1 else "",
            f"---\n# Session\n\n{sentence(pick, 30).capitalize()}.\n\n## Actions\n",
            f"- [x] {sentence(pick, 6)} ✅ {day}\n",
            f"- [{' ' if number > 1 else 'x'}] {sentence(pick, 6)} due:{due}\n",
        ]
        (home / "sessions" / f"{day}.md").write_text("".join(lines), "utf-8")


def _screen(terminal: Timed) -> str:
    return "\n".join(terminal.lines)


def press(terminal: Timed, key: str) -> float | None:
    """Return the seconds from a key to the next frame; None if nothing changed."""
    terminal.calm(0.1)
    before, frames = _screen(terminal), terminal.frames
    began = time.perf_counter()
    terminal.press(key)
    while terminal.pump(0.3):
        if terminal.frames > frames and _screen(terminal) != before:
            return terminal.arrived - began
    return None


def presses(terminal: Timed, keys: list[str]) -> list[float]:
    """Call `press` for each key in turn."""
    return [seconds for key in keys if (seconds := press(terminal, key)) is not None]


@click.command(help=__doc__)
@click.option("--leads", default=1000, show_default=True)
@click.option("--rounds", default=5, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Only generate the folder here.")
def main(leads: int, rounds: int, folder: Path | None) -> None:
    """Run the benchmark and print its table."""
    if folder is not None:
        make(folder, leads)
        return
    with tempfile.TemporaryDirectory() as top:
        opened = make(Path(top) / "circle", leads)
        command = (script("tldash"), str(opened), "--today", DAY.isoformat())
        times: dict[str, list[float]] = {}
        with Timed(*command, env=here(Path(top)), columns=120, rows=40) as terminal:
            began = time.perf_counter()
            times["start to the first screen"] = [terminal.shown(began, r"live[\s\S]*▌")]
            terminal.calm()
            for _ in range(rounds):
                _round(terminal, times)
    rows = [
        [name, str(len(found)), ms(median(found)), ms(percentile(found * 2, 95)), ms(max(found))]
        for name, found in times.items()
    ]
    head = ["from the key to the screen", "times", "median", "95 %", "max"]
    table(f"An overview of {leads} leads, 120 x 40 cells", head, rows)


def _round(terminal: Timed, times: dict[str, list[float]]) -> None:
    def note(name: str, keys: list[str]) -> None:
        times.setdefault(name, []).extend(presses(terminal, keys))

    note("move among the groups", ["down"] * 20 + ["up"] * 20)
    for words in TYPED:
        press(terminal, "/")
        note("type a letter of a filter", list(words))
        note("clear the filter", ["escape"])
    note("sort", ["S"] * 5)
    note("unfold and fold all", ["z", "z"])
    press(terminal, "z")
    note("sort, all unfolded", ["S"] * 5)
    note("group", ["v"] * 3)


if __name__ == "__main__":
    main()
