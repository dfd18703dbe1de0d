"""Measure the same figures for folders of 100 to 100,000 files.

`python -m tests.benchmarks.growth [--most 100000] [--runs 3] [--edits 20]` prints a table and a
plot with logarithmic axes.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from tests.benchmarks import folder
from tests.benchmarks.latency import edited
from tests.benchmarks.read import in_a_process
from tests.benchmarks.screen import Timed, here
from tests.benchmarks.table import median, ms, table
from tests.support.terminal import script

LEAST = 100
WIDTH = 20
"""Columns of the plot per power of ten."""
HEIGHT = 4
"""Lines of the plot per power of ten."""
LINES = {
    "only read the files": "o",
    "parse them into a workspace": "x",
    "start to the first leads on screen": "f",
    "start to all leads on screen": "a",
    "an edit to the text on screen": "e",
}
"""The measured figures and their letters in the plot."""
Times = dict[str, list[float]]
"""Seconds for each figure, one per folder."""


def opened(top: Path, home: Path) -> tuple[float, float]:
    """Return the seconds to the first leads on screen, and to all leads."""
    began = time.perf_counter()
    command = (script("tldash"), str(top), "--today", "2026-11-20")
    with Timed(*command, env=here(home), columns=120, rows=40) as terminal:
        terminal.until(r"▌")
        first = terminal.arrived - began
        terminal.until(r"live[\s\S]*▌")
        return first, terminal.arrived - began


def latency(top: Path, home: Path, path: Path, edits: int) -> float:
    """Return the median seconds from an edit to its text in the list of all actions."""
    command = (script("tldash"), str(top), "--today", "2026-11-20")
    with Timed(*command, env=here(home), columns=120, rows=40) as terminal:
        terminal.until(r"live[\s\S]*▌")
        terminal.press("a")
        terminal.until("› Actions")
        terminal.press("home")
        terminal.calm(1.0)
        return median(edited(terminal, path, edits))


def measured(files: int, runs: int, edits: int) -> list[float]:
    """Return the seconds for each of `LINES`, for a folder with this many files."""
    with tempfile.TemporaryDirectory() as made:
        home, top = Path(made), Path(made) / "coaching"
        path = folder.make(top, files)[0]
        in_a_process("read", top)  # fills the page cache
        plain = median([in_a_process("read", top)[0] for _ in range(runs)])
        ours = median([in_a_process("workspace", top)[0] for _ in range(runs)])
        screens = [opened(top, home) for _ in range(runs)]
        first, every = (median(times) for times in zip(*screens, strict=True))
        return [plain, ours, first, every, latency(top, home, path, edits)]


def plot(sizes: Sequence[int], times: Sequence[Sequence[float]]) -> str:
    """Draw one letter per figure and folder size; where several meet, the first is drawn."""
    decades = math.log10(sizes[-1] / sizes[0])
    low, high = -3, 1
    columns, lines = round(decades * WIDTH) + 1, (high - low) * HEIGHT + 1
    grid = [[" "] * columns for _ in range(lines)]
    for size, figures in zip(sizes, times, strict=True):
        x = round(math.log10(size / sizes[0]) * WIDTH)
        for letter, seconds in zip(LINES.values(), figures, strict=True):
            y = min(max(round((high - math.log10(seconds)) * HEIGHT), 0), lines - 1)
            grid[y][x] = letter if grid[y][x] == " " else grid[y][x]
    labels = {
        0: "10 s",
        HEIGHT: "1 s",
        2 * HEIGHT: "100 ms",
        3 * HEIGHT: "10 ms",
        4 * HEIGHT: "1 ms",
    }
    drawn = [f"{labels.get(y, ''):>7} │ {''.join(line).rstrip()}" for y, line in enumerate(grid)]
    ticks = "".join(f"{size:<{WIDTH},}" for size in sizes)
    rule = f"{'':7} └{'─' * (columns + 1)}"
    key = [f"{letter}  {what}" for what, letter in LINES.items()]
    return "\n".join([*drawn, rule, f"{'':10}{ticks.rstrip()} files", "", *key])


@click.command(help=__doc__)
@click.option("--most", default=100_000, show_default=True)
@click.option("--runs", default=3, show_default=True)
@click.option("--edits", default=20, show_default=True)
def main(most: int, runs: int, edits: int) -> None:
    """Run the benchmark and print its table and plot."""
    sizes = [LEAST]
    while sizes[-1] * 10 <= most:
        sizes.append(sizes[-1] * 10)
    times = []
    for size in sizes:
        times.append(measured(size, runs, edits))
        click.echo(f"{size} files: {', '.join(map(ms, times[-1]))}", err=True)
    rows = [[what, *(ms(figures[index]) for figures in times)] for index, what in enumerate(LINES)]
    table(f"Growth, medians of {runs} runs", ["", *(f"{size:,} files" for size in sizes)], rows)
    click.echo(f"\n{plot(sizes, times)}")


if __name__ == "__main__":
    main()
