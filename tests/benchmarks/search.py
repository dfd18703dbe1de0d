"""Measure the search: keys to results on screen, `tldash search` beside `rg -i`, and its memory.

`python -m tests.benchmarks.search [FOLDER] [--files 10400] [--runs 7] [--rg PATH]` generates a
folder, or takes one. The time is from a key to the first frame with the places for it. Processor
time is that of the command less that of `tldash --version`. Install ripgrep by hand; without it,
that table is left out.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import click

from tests.benchmarks import folder
from tests.benchmarks.screen import Timed, here
from tests.benchmarks.table import median, ms, percentile, table
from tests.support.terminal import environment, script

TYPED = ("outage", "release plan", "vision in:actions", "lead:1 budget", "zzzz", "board after:2026")
COMMAND_WORDS = ("zzzzzz", "rehearsal", "the")
NOTE = 3
"""The line of the screen with the number of places."""


def first_results(terminal: Timed) -> list[float]:
    """Return the seconds from each typed letter to the last frame that it causes, and its places.

    Letters without a frame of their own, such as a blank, are left out.
    """
    times = []
    for words in TYPED:
        terminal.press("ctrl+k")
        terminal.until("type words")
        terminal.calm(0.3)  # the cursor blinks more slowly
        for letter in words:
            frames, began = terminal.frames, time.perf_counter()
            terminal.press(letter)
            while "searching" in terminal.lines[NOTE] or terminal.frames == frames:
                if not terminal.pump(0.5):
                    break
            if terminal.frames > frames:
                times.append(terminal.arrived - began)
            terminal.calm(0.3)
        terminal.press("\x1b")
        terminal.until(lambda t: "› Search" not in t.text)
    return times


def processor(command: list[str], env: dict[str, str]) -> float:
    """Return the processor seconds of a command, those of its children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=env, check=False, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def beside_ripgrep(opened: Path, home: Path, rg: str, runs: int) -> list[list[str]]:
    """Return the rows of the table of processor times."""
    env = environment(home)
    rows = []
    for words in COMMAND_WORDS:
        commands = {
            "version": [script("tldash"), "--version"],
            "search": [script("tldash"), "search", words, "--folder", str(opened)],
            "rg": [rg, "-i", "--no-config", words, str(opened)],
        }
        used: dict[str, list[float]] = {name: [] for name in commands}
        for run in range(runs + 1):
            for name, command in commands.items():
                seconds = processor(command, env)
                if run:  # the first run fills the caches
                    used[name].append(seconds)
        ours = median(used["search"]) - median(used["version"])
        theirs = median(used["rg"])
        found = subprocess.run(commands["search"], env=env, check=False, capture_output=True)
        places = found.stdout.count(b"\n")
        rows.append([words, f"{places:,}", ms(ours), ms(theirs), f"{ours / theirs:.1f}"])
    return rows


@click.command(help=__doc__)
@click.argument("opened", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--files", default=10_400, show_default=True)
@click.option("--runs", default=7, show_default=True)
@click.option("--rg", type=click.Path(exists=True), help="The program `rg`.")
def main(opened: Path | None, files: int, runs: int, rg: str | None) -> None:
    """Run the benchmark and print its tables."""
    with tempfile.TemporaryDirectory() as top:
        home = Path(top)
        if opened is None:
            opened = home / "large"
            folder.make(opened, files)
        command = (script("tldash"), str(opened), "--today", "2026-11-20")
        with Timed(*command, env=here(home), columns=120, rows=40) as terminal:
            terminal.until(r"\d leads[^│]*live")
            terminal.calm(2.0)
            without = terminal.memory()
            first = first_results(terminal)
            terminal.press("ctrl+k")
            terminal.until("type words")
            terminal.press(*"release")
            terminal.until("places in")
            terminal.calm(0.3)
            within = terminal.memory()
        rg = rg or shutil.which("rg")
        beside = beside_ripgrep(opened, home, rg, runs) if rg else []
    figures = [ms(median(first)), ms(percentile(first, 95)), ms(max(first)), str(len(first))]
    table("From a key to its first places", ["median", "95 %", "longest", "keys"], [figures])
    memory = [f"{without:.1f} MB", f"{within:.1f} MB", f"{within / without:.2f}"]
    table("Memory", ["without a search", "with one open", "ratio"], [memory])
    if beside:
        head = ["words", "places", "tldash search", "rg -i", "ratio"]
        table("Processor time", head, beside)


if __name__ == "__main__":
    main()
