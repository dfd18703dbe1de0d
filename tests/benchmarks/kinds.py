"""Measure the cost of reading one file, by kind, relative to the plainest one.

`python -m tests.benchmarks.kinds [--rounds 60]`. All kinds are read in turn in one process, so that
whatever else the machine does slows them all alike. The figure of a kind is the median over rounds
of the mean over its files. Each kind has the same `FILES` sessions, changed in one way. The caches
for front matter and task fields are warm, as they are after the first files of a folder.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import click

from tests.benchmarks.folder import session, yaml_composed, yaml_plain
from tests.benchmarks.table import median, table
from tldash.formats.file_record import read_data
from tldash.model.file_roles import FileRole

FILES: Final = 40
_FENCE: Final = "```sh\nmake release\n- [ ] not a task\n```\n\n"
_TABLE: Final = "| what | when |\n|---|---|\n| the plan | 2026-11-20 |\n| the budget | soon |\n\n"
_QUOTE: Final = "> [!note] Before\n> She asked about the plan.\n> - [ ] send it due:2026-11-20\n\n"


def _before(heading: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(heading, new + heading, 1)


def _below_first_action(new: str) -> Callable[[str], str]:
    """Insert lines between the first action of a session and the second."""

    def change(text: str) -> str:
        above, actions = text.split("## Actions\n")
        first, rest = actions.split("\n", 1)
        return f"{above}## Actions\n{first}\n{new}{rest}"

    return change


MARKDOWN: Final[dict[str, Callable[[str], str]]] = {
    "plain": lambda text: text,
    "`## Goals` heading": _before("## Notes\n", "## Goals\nSettle the plan.\nHire one.\n\n"),
    "unknown key": _before("status: held\n", "mood: 4\n"),
    "nested task": _below_first_action("  - [ ] ask the vendor due:2026-11-20\n"),
    "table": _before("## Actions\n", _TABLE),
    "code fence": _before("## Actions\n", _FENCE),
    "note after an empty line": _below_first_action("\n  She wants to do it alone.\n\n"),
    "block quote": _before("## Actions\n", _QUOTE),
}


YAML: Final[dict[str, Callable[[random.Random, date], str]]] = {
    "YAML session, plain": yaml_plain,
    "YAML session, composed": yaml_composed,
}


def contents() -> dict[str, list[tuple[bytes, str]]]:
    """Bytes and path of the files of each kind."""
    days = [date(2025, 11, 21) + timedelta(weeks=week) for week in range(FILES)]
    pick = random.Random(7)
    plain = [(session(pick, day), f"lead/sessions/{day}.md") for day in days]
    made = {
        kind: [(change(text).encode(), path) for text, path in plain]
        for kind, change in MARKDOWN.items()
    }
    for kind, write in YAML.items():
        pick = random.Random(7)
        made[kind] = [(write(pick, day).encode(), f"lead/sessions/{day}.yaml") for day in days]
    return made


def read_all(files: list[tuple[bytes, str]]) -> float:
    """CPU seconds to read each of the files once, on average."""
    began = time.process_time()
    for data, path in files:
        read_data(data, path, FileRole.SESSION)
    return (time.process_time() - began) / len(files)


@click.command(help=__doc__)
@click.option("--rounds", default=60, show_default=True)
def main(rounds: int) -> None:
    """Measure and print."""
    kinds = contents()
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(rounds + 2):
        gc.collect()
        gc.disable()
        for kind, files in kinds.items():
            taken = read_all(files)
            if number >= 2:  # the first two rounds fill the caches
                seconds[kind].append(taken)
        gc.enable()
    base = median(seconds["plain"])
    rows = [
        [kind, f"{median(taken) * 1e6:.0f} µs", f"{median(taken) / base:.2f}"]
        for kind, taken in seconds.items()
    ]
    table(f"Reading one file by kind, {rounds} rounds", ["kind", "median", "ratio"], rows)


if __name__ == "__main__":
    main()
