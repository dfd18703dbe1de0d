"""Measure the quick commands, next to starting Python, importing pydantic and running todoman.

`python -m tests.benchmarks.commands [--runs 15] [--todoman PATH]`. Install todoman by hand in its
own environment. It lists as many tasks as the sample data has.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.benchmarks.start import SAMPLE
from tests.benchmarks.table import median, ms, table
from tests.support.terminal import environment, script

TODO = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//benchmark//EN\r
BEGIN:VTODO\r
UID:{uid}\r
DTSTAMP:20261120T120000Z\r
SUMMARY:{summary}\r
END:VTODO\r
END:VCALENDAR\r
"""


def seconds(command: list[str], env: dict[str, str]) -> float:
    """Return the seconds that a command takes, with its output discarded."""
    began = time.perf_counter()
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def prepare_todoman(home: Path, summaries: list[str]) -> None:
    """Write a calendar with these tasks, and the settings that point todoman to it."""
    calendar = home / "calendars" / "coaching"
    calendar.mkdir(parents=True)
    for number, summary in enumerate(summaries):
        uid = f"task{number}"
        (calendar / f"{uid}.ics").write_text(TODO.format(uid=uid, summary=summary), newline="")
    settings = home / ".config" / "todoman" / "config.py"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'path = "{home}/calendars/*"\ndefault_list = "coaching"\n')


@click.command(help=__doc__)
@click.option("--runs", default=15, show_default=True)
@click.option("--todoman", type=click.Path(exists=True), help="The program `todo`.")
def main(runs: int, todoman: str | None) -> None:
    """Run the benchmark and print its table."""
    with tempfile.TemporaryDirectory() as top:
        home = Path(top)
        env = environment(home)
        ours = [script("tldash"), "actions", str(SAMPLE), "--today", "2026-11-20"]
        listed = subprocess.run([*ours, "--json"], env=env, check=True, capture_output=True)
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "python -c 'import pydantic'": [sys.executable, "-c", "import pydantic"],
            "python -c 'from pydantic import BaseModel'": [
                sys.executable, "-c", "from pydantic import BaseModel",
            ],
            "tldash --version": [script("tldash"), "--version"],
            "tldash actions": ours,
            "tldash status": [script("tldash"), "status", str(SAMPLE), "--today", "2026-11-20"],
        }  # fmt: skip
        if todoman:
            prepare_todoman(home, [item["text"] for item in json.loads(listed.stdout)])
            commands["todo list"] = [todoman, "list"]
        times: dict[str, list[float]] = {name: [] for name in commands}
        for run in range(runs + 1):
            for name, command in commands.items():
                found = seconds(command, env)
                if run:  # the first run fills the caches
                    times[name].append(found)
    rows = [[name, ms(median(found)), ms(min(found))] for name, found in times.items()]
    table(f"Commands, {runs} runs each, interleaved", ["command", "median", "min"], rows)


if __name__ == "__main__":
    main()
