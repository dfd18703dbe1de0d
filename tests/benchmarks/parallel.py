"""Measure the first read of a folder with and without forked children.

`python -m tests.benchmarks.parallel FOLDER [--runs 15]` runs both in turn, each in a new process.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from tests.benchmarks.table import median, ms, table

READ = """
import gc, sys, time
from pathlib import Path
from tldash.workspace import parallel
from tldash.workspace.folders import Folders
gc.disable()
if sys.argv[2] == "alone":
    parallel.count_children = lambda: 0
started = time.perf_counter()
workspace = Folders([Path(sys.argv[1])]).read()
print(workspace.files, time.perf_counter() - started)
"""


def read(folder: Path, how: str) -> tuple[int, float]:
    """Return the number of files, and the seconds to read them."""
    command = [sys.executable, "-c", READ, str(folder), how]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    files, seconds = output.split()
    return int(files), float(seconds)


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--runs", default=15, show_default=True)
def main(folder: Path, runs: int) -> None:
    """Measure and print."""
    times: dict[str, list[float]] = {"alone": [], "with children": []}
    files = 0
    for run in range(runs + 1):
        for how, found in times.items():
            files, seconds = read(folder, how)
            if run:  # the first run fills the caches
                found.append(seconds)
    base = times["alone"]
    rows = [
        [how, ms(median(found)), ms(min(found)),
         f"{median(found) / median(base):.2f}", f"{min(found) / min(base):.2f}"]
        for how, found in times.items()
    ]  # fmt: skip
    head = ["first read", "median", "least", "ratio of medians", "ratio of least"]
    table(f"{files} files, {runs} runs each, in turn", head, rows)


if __name__ == "__main__":
    main()
