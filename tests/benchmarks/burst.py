"""Measure the time from replacing many files at once to the screen that shows all of them.

`python -m tests.benchmarks.burst [--files 10400] [--changed 1000] [--runs 5]` replaces files of a
generated folder, as a sync or a checkout does, while the list of all actions is on screen. It also
prints how many frames were drawn and whether the selection stayed on the same action.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import click

from tests.benchmarks import folder
from tests.benchmarks.screen import Timed, here
from tests.benchmarks.table import median, ms, table
from tests.support.terminal import script


def replaced(terminal: Timed, paths: list[Path], total: int) -> tuple[float, float, int]:
    """Replace the files; return the seconds it took, the seconds to the screen, and the frames.

    `total` is the number of open actions that the screen shows at the end.
    """
    frames, began = terminal.frames, time.perf_counter()
    for path in paths:
        path.with_name(f".{path.name}.tmp").replace(path)
    ended = time.perf_counter()
    shown = terminal.shown(ended, lambda t: _open(t) == total)
    terminal.calm(1.0)
    return ended - began, max(shown, 0.0), terminal.frames - frames


def prepare(paths: list[Path], more: bool) -> None:
    """Write the next content of each file beside it, with one open action more if `more`."""
    for path in paths:
        text = path.read_text().partition("- [ ] Burst")[0]
        added = "- [ ] Burst due:2031-01-01\n" if more else ""
        path.with_name(f".{path.name}.tmp").write_text(text + added)


def _open(terminal: Timed) -> int:
    """Return the number of open actions on screen, or -1."""
    line = terminal.lines[2]
    return int(line.split("ACTIONS")[1].split()[0]) if "ACTIONS" in line else -1


def _selected(terminal: Timed) -> str:
    return terminal.lines[terminal.line_with("▌")]


@click.command(help=__doc__)
@click.option("--files", default=10_400, show_default=True)
@click.option("--changed", default=1000, show_default=True)
@click.option("--runs", default=5, show_default=True)
def main(files: int, changed: int, runs: int) -> None:
    """Run the benchmark and print its table."""
    rows = []
    with tempfile.TemporaryDirectory() as top:
        opened, home = Path(top) / "coaching", Path(top)
        paths = folder.make(opened, files, plain=True)[: max(changed, 1)]
        command = (script("tldash"), str(opened), "--today", "2026-11-20")
        with Timed(*command, env=here(home), columns=120, rows=40) as terminal:
            terminal.until(r"live[\s\S]*▌")
            terminal.press("a")
            terminal.until(r"› Actions[\s\S]*▌")
            terminal.press("down", "down", "down")
            terminal.calm()
            before = _selected(terminal)
            found = []
            total = _open(terminal)
            for run in range(runs):
                prepare(paths, more=run % 2 == 0)
                terminal.calm()
                expected = total if run % 2 else total + len(paths)
                found.append(replaced(terminal, paths, expected))
            kept = "yes" if _selected(terminal) == before else "no"
    for run, (writing, shown, frames) in enumerate(found, 1):
        rows.append([str(run), ms(writing), ms(shown), str(frames)])
    rows.append(
        [
            "median",
            *(ms(median([one[place] for one in found])) for place in (0, 1)),
            f"kept: {kept}",
        ]
    )
    head = ["run", "time to replace", "from then to the screen", "frames"]
    table(f"{changed} of {files} files replaced at once", head, rows)


if __name__ == "__main__":
    main()
