"""Measure reading a large folder, next to a loop that only opens and reads the same files.

`python -m tests.benchmarks.read [--files 10400] [--runs 5] [DIRECTORY]`. Each reading runs in its
own process, since a second one in the same process would find everything cached.
"""

from __future__ import annotations

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
        top = directory or Path(made) / "coaching"
        if directory is None:
            folder.make(top, files)
        plain, ours = [], []
        size = actions = 0
        for _ in range(runs):
            seconds, size = in_a_process("read", top)
            plain.append(seconds)
            seconds, actions = in_a_process("workspace", top)
            ours.append(seconds)
    base = median(plain)
    rows = [
        ["walk, open and read", ms(base), "1.0", f"{size / 1e6:.1f} MB"],
        [
            "parse into a workspace",
            ms(median(ours)),
            f"{median(ours) / base:.1f}",
            f"{actions} actions",
        ],
    ]
    table(f"Reading a folder, {runs} runs each, interleaved", ["what", "median", "ratio", ""], rows)


if __name__ == "__main__":
    main()
