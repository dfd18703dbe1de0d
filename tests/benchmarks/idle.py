"""What the dashboard costs while nothing happens, and whether its memory stays flat.

`python -m tests.benchmarks.idle [--files N] [--seconds 30] [--edits 2000]` tells what share of a
core it uses with nobody at the keys, then edits one file again and again and tells the memory.
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
from tests.terminal import script

EARLY = 200
"""Edits after which the memory is first told."""


def share(terminal: Timed, seconds: float) -> float:
    """The share of a core that the program uses within so many seconds."""
    before, began = terminal.cpu(), time.perf_counter()
    while (left := seconds - (time.perf_counter() - began)) > 0:
        terminal.pump(left)
    return (terminal.cpu() - before) / (time.perf_counter() - began)


def edited(terminal: Timed, path: Path, edits: range) -> None:
    """Replace a file so many times, and wait for each to be on screen."""
    text = path.read_text().partition("- [ ] Edit")[0]
    for number in edits:
        temporary = path.with_name(f".{path.name}.tmp")
        temporary.write_text(f"{text}- [ ] Edit {number} of many due:2000-01-01\n")
        temporary.replace(path)
        terminal.until(f"Edit {number} of many")


@click.command(help=__doc__)
@click.option("--files", default=0, help="A made folder of so many sessions, not the sample.")
@click.option("--seconds", default=30.0, show_default=True)
@click.option("--edits", default=2000, show_default=True, help="0 leaves the memory out.")
def main(files: int, seconds: float, edits: int) -> None:
    """Measure and print."""
    rows = []
    with tempfile.TemporaryDirectory() as top:
        opened, home = Path(top) / "coaching", Path(top)
        if files:
            path = folder.make(opened, files)[0]
        else:
            shutil.copytree(SAMPLE, opened)
            path = opened / "ada" / "sessions" / "2026-10-05.md"
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
            if edits:
                edited(terminal, path, range(EARLY))
                early = terminal.memory()
                edited(terminal, path, range(EARLY, edits))
                late = terminal.memory()
                rows.append([f"memory after {EARLY} edits", f"{early:.1f} MB"])
                rows.append([f"memory after {edits} edits", f"{late:.1f} MB"])
    table(f"At rest, {files or 'sample'} files", ["what", "cost"], rows)


if __name__ == "__main__":
    main()
