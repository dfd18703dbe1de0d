"""Measure the time from `os.replace` of a session file to the new text on a pseudo-terminal.

`python -m tests.benchmarks.latency [--edits 100] [--files N]` edits one file again and again while
the dashboard shows it. `--files` sets the number of files in the folder.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from pathlib import Path

import click

from tests.benchmarks import folder
from tests.benchmarks.screen import Timed, here
from tests.benchmarks.start import SAMPLE
from tests.benchmarks.table import median, ms, percentile, table
from tests.support.terminal import script


def edited(terminal: Timed, path: Path, edits: int) -> list[float]:
    """Return the seconds from each edit until it is on screen."""
    text, pick, times = path.read_text(), random.Random(1), []
    for number in range(edits):
        fresh = text + f"- [ ] Edit {number} of many due:2000-01-01\n"
        temporary = path.with_name(f".{path.name}.tmp")
        temporary.write_text(fresh)
        # Vary the moment relative to the timers of the program.
        terminal.pump(pick.uniform(0.05, 0.15))
        began = time.perf_counter()
        temporary.replace(path)
        times.append(terminal.shown(began, f"Edit {number} of many"))
    return times


@click.command(help=__doc__)
@click.option("--edits", default=100, show_default=True)
@click.option("--files", default=0, help="Use a generated folder with this many sessions.")
@click.option("--page", type=click.Choice(["lead", "actions"]), default="actions")
def main(edits: int, files: int, page: str) -> None:
    """Run the benchmark and print its table."""
    with tempfile.TemporaryDirectory() as top:
        opened, home = Path(top) / "coaching", Path(top)
        if files:
            path = folder.make(opened, files)[0]
        else:
            shutil.copytree(SAMPLE, opened)
            path = opened / "ada" / "sessions" / "2026-10-05.md"
        what = path.parents[1] if page == "lead" else opened
        command = (script("tldash"), str(what), "--today", "2026-11-20")
        with Timed(*command, env=here(home), columns=120, rows=40) as terminal:
            terminal.until("live")
            if page == "actions":
                terminal.press("a")
                terminal.until("› Actions")
            terminal.press("home")
            times = edited(terminal, path, edits)
    row = [f"{files or 'sample'} files, {page} page", ms(median(times)), ms(percentile(times, 99)),
           ms(max(times))]  # fmt: skip
    head = ["os.replace to the text on screen", "median", "99 %", "max"]
    table(f"Latency, {edits} edits", head, [row])


if __name__ == "__main__":
    main()
