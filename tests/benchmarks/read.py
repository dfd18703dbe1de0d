"""Measure reading a large folder, next to a loop that only opens and reads the same files.

`python -m tests.benchmarks.read [--files 10400] [--runs 5] [DIRECTORY]`. Without a directory it
generates two: one with ordinary files in four styles, and one with the plainest only. Each reading
runs in its own process, since a second one in the same process would find everything cached.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.benchmarks import folder
from tests.benchmarks.table import median, ms, table


def only_read(top: Path) -> tuple[float, int]:
    """Return the seconds to walk, open and read every file, and their size in bytes."""
    began, size = time.perf_counter(), 0
    for place, _, names in os.walk(top):
        for name in names:
            with open(os.path.join(place, name), "rb") as stream:  # noqa: PTH118, PTH123
                size += len(stream.read())
    return time.perf_counter() - began, size


def workspace(top: Path) -> tuple[float, int]:
    """Return the seconds to read a workspace, without imports, and its number of actions."""
    from tldash.workspace.folders import Folders

    began = time.perf_counter()
    found = Folders([top]).read()
    return time.perf_counter() - began, sum(len(lead.actions) for lead in found.leads)


def in_a_process(which: str, top: Path) -> tuple[float, int]:
    command = [sys.executable, "-m", "tests.benchmarks.read", f"--only={which}", str(top)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, number = done.stdout.split()
    return float(seconds), int(number)


@click.command(help=__doc__)
@click.argument("directory", type=click.Path(path_type=Path), required=False)
@click.option("--files", default=10_400, show_default=True)
@click.option("--runs", default=5, show_default=True)
@click.option("--only", type=click.Choice(["read", "workspace"]), hidden=True)
def main(directory: Path | None, files: int, runs: int, only: str | None) -> None:
    """Run the benchmark and print its table."""
    if only and directory:
        seconds, number = (only_read if only == "read" else workspace)(directory)
        click.echo(f"{seconds} {number}")
        return
    with tempfile.TemporaryDirectory() as made:
        tops = {"": directory} if directory else {}
        for kind in () if directory else ("ordinary", "plain"):
            tops[kind] = Path(made) / kind
            folder.make(tops[kind], files, plain=kind == "plain")
        taken: dict[tuple[str, str], list[float]] = {}
        counts = {}
        for _ in range(runs):
            for key in itertools.product(tops, ("read", "workspace")):
                seconds, counts[key] = in_a_process(key[1], tops[key[0]])
                taken.setdefault(key, []).append(seconds)
    base = {kind: median(taken[kind, "read"]) for kind in tops}
    rows = [
        [kind, "walk, open and read" if what == "read" else "parse into a workspace",
         ms(median(found)), f"{median(found) / base[kind]:.1f}",
         f"{counts[kind, what] / 1e6:.1f} MB" if what == "read"
         else f"{counts[kind, what]} actions"]
        for (kind, what), found in taken.items()
    ]  # fmt: skip
    head = ["files", "what", "median", "ratio", ""]
    table(f"Reading a folder, {runs} runs each, interleaved", head, rows)


if __name__ == "__main__":
    main()
