"""Measure the memory of the dashboard per session file, and after many edits.

`python -m tests.benchmarks.memory [--files 10400] [--edits 10000]` reads `VmRSS` of the dashboard
and of a bare Textual app: with the sample data, with many files, and while one file of the sample
data is replaced again and again. It waits for every edit on screen.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import click

from tests.benchmarks import bare, folder
from tests.benchmarks.screen import Timed, here
from tests.benchmarks.start import SAMPLE
from tests.benchmarks.table import table
from tests.support.terminal import script

STEPS = 10
"""How often the memory is read during the edits."""


def at_rest(home: Path, pattern: str, *command: str) -> float:
    """Return the megabytes of a program once it shows this pattern and is idle."""
    with Timed(*command, env=here(home), columns=120, rows=40) as terminal:
        terminal.until(pattern)
        terminal.calm(2.0)
        return terminal.memory()


def while_edited(home: Path, opened: Path, edits: int) -> list[float]:
    """Return the megabytes before the first edit and after each tenth of the edits."""
    path = opened / "ada" / "sessions" / "2026-10-05.md"
    text = path.read_text()
    command = (script("tldash"), str(opened), "--today", "2026-11-20")
    with Timed(*command, env=here(home), columns=120, rows=40) as terminal:
        terminal.until("live")
        terminal.press("a")
        terminal.until("› Actions")
        terminal.press("home")
        terminal.calm(2.0)
        found = [terminal.memory()]
        for number in range(1, edits + 1):
            temporary = path.with_name(f".{path.name}.tmp")
            temporary.write_text(text + f"- [ ] Edit {number} of many due:2000-01-01\n")
            temporary.replace(path)
            terminal.until(f"Edit {number} of many")
            if number % (edits // STEPS) == 0:
                terminal.calm(0.5)
                found.append(terminal.memory())
        return found


@click.command(help=__doc__)
@click.option("--files", default=10_400, show_default=True)
@click.option("--edits", default=10_000, show_default=True)
def main(files: int, edits: int) -> None:
    """Run the benchmark and print its table."""
    with tempfile.TemporaryDirectory() as top:
        home, sample, large = Path(top), Path(top) / "sample", Path(top) / "large"
        shutil.copytree(SAMPLE, sample)
        folder.make(large, files)
        base = at_rest(home, "Lead 20", sys.executable, bare.__file__)
        few = at_rest(home, "live", script("tldash"), str(sample))
        many = at_rest(home, r"\d leads[^│]*live", script("tldash"), str(large))
        after = while_edited(home, sample, edits)
    head = ["what", "memory", "beyond a bare Textual app"]
    rows = [
        ["bare Textual app", f"{base:.1f} MB", ""],
        ["tldash, sample files", f"{few:.1f} MB", f"{few - base:.1f} MB"],
        [
            f"tldash, {files} files",
            f"{many:.1f} MB",
            f"{many - base:.1f} MB, {(many - base) * 1024 / files:.1f} KB a file",
        ],
    ]
    table("Memory while idle", head, rows)
    steps = [
        [f"{number * (edits // STEPS)} edits", f"{mb:.1f} MB"] for number, mb in enumerate(after)
    ]
    table("Memory while one file is edited", ["after", "memory"], steps)


if __name__ == "__main__":
    main()
