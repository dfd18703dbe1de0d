"""Measure the log and the history of an action in a repository with many commits.

`python -m tests.benchmarks.log [--commits 20000] [--leads 25]`. Processor time; the log of all
commits is read once, everything else three times.
"""

from __future__ import annotations

import random
import resource
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from tests.benchmarks.table import median, ms, table
from tests.support.git_repository import START, git, make_repository
from tests.support.terminal import environment, script
from tldash.activity.log import Subject
from tldash.service.log import trace
from tldash.workspace.folders import Folders

ALL = "2020-01-01"


def make_history(folder: Path, commits: int, leads: int) -> None:
    """Write leads with twelve sessions each, and commits that add, move or tick one action."""
    chance = random.Random(1)
    files = {
        f"l{lead}/sessions/2025-{month:02}-03.md": b"talked\n## Actions\n"
        + b"".join(b"- [ ] action %d %d due:2025-%02d-10\n" % (month, n, month) for n in range(4))
        for lead in range(leads)
        for month in range(1, 13)
    }
    stream = [commit(START, files, first=True)]
    names = [*files]
    for number in range(commits):
        path = chance.choice(names)
        text = files[path]
        match chance.randrange(3):
            case 0:
                text = text.replace(b"- [ ]", b"- [x]", 1)
            case 1:
                text = text.replace(b"-10\n", b"-%02d\n" % chance.randrange(11, 28), 1)
            case _:
                text += b"- [ ] new %d\n" % number
        files[path] = text
        stream.append(commit(START + number * 600, {path: text}))
    git(make_repository(folder), "fast-import", "--quiet", stdin=b"".join(stream))
    git(folder, "reset", "-q", "--hard", "main")


def commit(when: int, files: dict[str, bytes], *, first: bool = False) -> bytes:
    """Return a commit for `git fast-import` that changes these files."""
    head = f"commit refs/heads/main\ncommitter Mira <m@example.org> {when} +0000\ndata 1\nx\n"
    found = [head.encode(), b"deleteall\n" if first else b""]
    for path, data in files.items():
        found.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))
    return b"".join(found)


def seconds(folder: Path, home: Path, *arguments: str) -> float:
    """Return the processor time of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [script("tldash"), *arguments, str(folder)]
    subprocess.run(command, env=environment(home), check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def trace_action(folder: Path) -> float:
    """Return the processor time for the history of the first action, without the first read."""
    folders = Folders([folder])
    lead = folders.read().leads[0]
    task = lead.actions[0].task
    subject = Subject("item", lead.id, task.text, task.path, task.line)
    began = time.process_time()
    for _ in trace(folders, subject, datetime.now(UTC), lambda: False):
        pass
    return time.process_time() - began


@click.command(help=__doc__)
@click.option("--commits", default=20_000, show_default=True)
@click.option("--leads", default=25, show_default=True)
def main(commits: int, leads: int) -> None:
    """Run the benchmark and print its table."""
    with tempfile.TemporaryDirectory() as top:
        home, folder = Path(top) / "home", Path(top) / "coaching"
        home.mkdir()
        make_history(folder, commits, leads)
        rows = [
            ("tldash status", median(seconds(folder, home, "status") for _ in range(3))),
            ("tldash log", median(seconds(folder, home, "log") for _ in range(3))),
            (f"tldash log --since {ALL}", seconds(folder, home, "log", "--since", ALL)),
            ("the history of an action", median(trace_action(folder) for _ in range(3))),
        ]
    title = f"{commits} commits, {leads * 12} files"
    table(title, ("what", "processor time"), [(name, ms(taken)) for name, taken in rows])


if __name__ == "__main__":
    main()
