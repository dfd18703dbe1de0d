"""Measure the CPU use of the dashboard while idle.

`python -m tests.benchmarks.idle [--files N] [--seconds 30]` prints the share of a core that it uses
while no key is pressed and no file changes.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import click

from tests.benchmarks import folder
from tests.benchmarks.screen import Timed, here
from tests.benchmarks.start import SAMPLE
from tests.benchmarks.table import table
from tests.support.terminal import script


def share(terminal: Timed, seconds: float) -> float:
    """Return the share of a core that the program uses over this many seconds."""
    before, began = terminal.cpu(), time.perf_counter()
    while (left := seconds - (time.perf_counter() - began)) > 0:
        terminal.pump(left)
    return (terminal.cpu() - before) / (time.perf_counter() - began)


@click.command(help=__doc__)
@click.option("--files", default=0, help="Use a generated folder with this many sessions.")
@click.option("--seconds", default=30.0, show_default=True)
def main(files: int, seconds: float) -> None:
    """Run the benchmark and print its table."""
    rows = []
    with tempfile.TemporaryDirectory() as top:
        opened, home = Path(top) / "coaching", Path(top)
        if files:
            folder.make(opened, files)
        else:
            shutil.copytree(SAMPLE, opened)
        command = (script("tldash"), str(opened), "--today", "2026-11-20")
        with Timed(*command, env=here(home), columns=120, rows=40) as terminal:
            terminal.until(r"live[\s\S]*▌")
            terminal.calm(2.0)
            rows.append(["idle, overview", f"{share(terminal, seconds):.2%} of a core"])
            terminal.press("a")
            terminal.until(r"› Actions[\s\S]*▌")
            terminal.press("home")
            terminal.calm(2.0)
            rows.append(["idle, list of all actions", f"{share(terminal, seconds):.2%} of a core"])
    table(f"CPU while idle, {files or 'sample'} files", ["what", "cost"], rows)


if __name__ == "__main__":
    main()
