"""Measure the first read of a folder with and without forked children.

`python -m tests.benchmarks.parallel FOLDER [--runs 15]` runs both in turn, each in a new process.
On a busy machine the children wait for a processor. So it also measures the processor time of
reading, pickling and unpickling, and computes the ratio for two free processors from these.
"""

from __future__ import annotations

import gc
import os
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from tests.benchmarks.table import median, ms, table
from tldash.workspace import parallel
from tldash.workspace.folders import Folders
from tldash.workspace.parallel import Part, Result


def read(folder: Path, children: int) -> tuple[int, float]:
    """Return the number of files and the seconds to read them, in a forked process.

    `children` is how many children that process may fork at most.
    """
    out, into = os.pipe()
    if (process := os.fork()) == 0:
        allowed = min(children, parallel.count_children())
        parallel.count_children = lambda: allowed
        gc.disable()
        started = time.perf_counter()
        files = Folders([folder]).read().files
        os.write(into, f"{files} {time.perf_counter() - started}".encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as stream:
        found, seconds = stream.read().split()
    os.waitpid(process, 0)
    return int(found), float(seconds)


class Costs:
    """The processor time of a read and of passing its results on, in seconds."""

    def __init__(self, folder: Path) -> None:
        self.parts = self.pickle = self.unpickle = 0.0
        real, parallel.run = parallel.run, self._run
        gc.disable()
        started = time.process_time()
        Folders([folder]).read()
        self.all = time.process_time() - started - self.pickle - self.unpickle
        parallel.run = real

    def _run(
        self, parts: Sequence[Part], work: Callable[[Part], Result], children: int
    ) -> Iterator[tuple[int, Result]]:
        sent = []
        clock = time.process_time
        for index, part in enumerate(parts):
            started = clock()
            result = work(part)
            done = clock()
            sent.append(pickle.dumps((index, result), pickle.HIGHEST_PROTOCOL))
            self.parts += done - started
            self.pickle += clock() - done
            yield index, result
        started = clock()
        for data in sent:
            pickle.loads(data)
        self.unpickle = clock() - started

    def ratio(self) -> float:
        """Return the time with one child relative to that without, if both have a processor.

        Both are done at once: the child with its parts, and the parent with its own and with
        unpickling those of the child.
        """
        of_child = self.parts / (2 * self.parts + self.pickle - self.unpickle)
        saved = of_child * (self.parts - self.unpickle)
        return (self.all - saved) / self.all


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--runs", default=15, show_default=True)
def main(folder: Path, runs: int) -> None:
    """Measure and print."""
    most = parallel.MAX_CHILDREN
    times: dict[int, list[float]] = {0: [], most: []}
    files = 0
    for run in range(runs + 1):
        for children, found in times.items():
            files, seconds = read(folder, children)
            if run:  # the first run fills the caches
                found.append(seconds)
    base = times[0]
    rows = [
        ["with children" if children else "alone", ms(median(found)), ms(min(found)),
         f"{median(found) / median(base):.2f}", f"{min(found) / min(base):.2f}"]
        for children, found in times.items()
    ]  # fmt: skip
    head = ["first read", "median", "least", "ratio of medians", "ratio of least"]
    table(f"{files} files, {runs} runs each, in turn", head, rows)
    costs = min((Costs(folder) for _ in range(3)), key=lambda found: found.all)
    rows = [
        [ms(costs.all), ms(costs.pickle), ms(costs.unpickle), f"{costs.ratio():.2f}"],
    ]
    head = ["read alone", "pickle all", "unpickle all", "ratio with two free processors"]
    table("Processor time, least of 3", head, rows)


if __name__ == "__main__":
    main()
