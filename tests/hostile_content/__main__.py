"""`python -m tests.hostile_content [COUNT] [SEED]`: run the test on any number of files.

Prints what became of each command and which files took longest to read; exits 1 if anything went
wrong.
"""

from __future__ import annotations

import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import click

from tests.hostile_content.generate import make
from tests.hostile_content.run import COMMANDS, run
from tldash.storage.layout import detect_layout
from tldash.storage.safe_open import read_bytes
from tldash.storage.walk import walk
from tldash.workspace.read_file import read_record

PATIENCE = 600
SHOWN = 8


@click.command()
@click.argument("count", type=int, default=10_000)
@click.argument("seed", type=int, default=1)
def main(count: int, seed: int) -> None:
    """Make COUNT hostile files and run every command over them."""
    failed = False
    with tempfile.TemporaryDirectory(prefix="tldash-hostile-") as top:
        root = Path(top)
        made = make(root, count, seed)
        click.echo(", ".join(f"{number} {kind}" for kind, number in made.most_common()))
        for command in COMMANDS:
            outcome = run(root, command, PATIENCE)
            failed = failed or bool(outcome.faults)
            said = "; ".join(outcome.faults) or "well"
            words = " ".join(command)
            click.echo(f"{words:24} {outcome.seconds:6.1f} s {outcome.lines:8} lines  {said}")
        for seconds, path in _slowest(root):
            click.echo(f"{seconds * 1000:8.0f} ms to read {path!a}")
    sys.exit(int(failed))


def _slowest(root: Path) -> list[tuple[float, str]]:
    took: list[tuple[float, str]] = []
    for path, role in detect_layout(walk(root).files).roles.items():
        started = time.perf_counter()
        read_record(partial(read_bytes, root), path, path, role)
        took.append((time.perf_counter() - started, path))
    return sorted(took, reverse=True)[:SHOWN]


if __name__ == "__main__":
    main()
