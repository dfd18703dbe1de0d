"""Measure the time from the command to the first populated screen, on a pseudo-terminal.

`python -m tests.benchmarks.start [--runs 15] [--files N]` alternates between the dashboard and a
bare Textual app, so that other load on the machine affects both equally.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.benchmarks import bare, folder
from tests.benchmarks.screen import Timed
from tests.benchmarks.table import median, ms, table
from tests.support.terminal import environment, script

SAMPLE = Path(__file__).parents[2] / "sample-data"


def first_screen(home: Path, pattern: str, *command: str) -> float:
    """Return the seconds until the screen of a program matches the pattern."""
    began = time.perf_counter()
    with Timed(*command, env=environment(home), columns=120, rows=40) as terminal:
        return terminal.shown(began, pattern)


@click.command(help=__doc__)
@click.option("--runs", default=15, show_default=True)
@click.option("--files", default=0, help="Use a generated folder with this many sessions.")
def main(runs: int, files: int) -> None:
    """Run the benchmark and print its table."""
    with tempfile.TemporaryDirectory() as top:
        opened, home = Path(top) / "coaching", Path(top)
        if files:
            folder.make(opened, files)
        else:
            shutil.copytree(SAMPLE, opened)
        shown = r"\d leads[^│]*live[\s\S]+▌" if files else r"5 leads[\s\S]+Chiara Rossi"
        ours = (script("tldash"), str(opened))
        theirs = (sys.executable, bare.__file__)
        times: dict[str, list[float]] = {"bare": [], "tldash": []}
        for run in range(runs + 1):
            one = first_screen(home, "Lead 20", *theirs)
            other = first_screen(home, shown, *ours)
            if run:  # the first run fills the caches
                times["bare"].append(one)
                times["tldash"].append(other)
    names = {"bare": "bare Textual app", "tldash": f"tldash, {files or 'sample'} files"}
    base = median(times["bare"])
    rows = [
        [names[name], ms(median(found)), ms(min(found)), ms(max(found)),
         f"{median(found) / base:.2f}"]
        for name, found in times.items()
    ]  # fmt: skip
    head = ["first populated screen", "median", "min", "max", "ratio"]
    table(f"Start, {runs} runs each, interleaved", head, rows)


if __name__ == "__main__":
    main()
