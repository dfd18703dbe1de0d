"""Compare the merges of generated sessions with those of git, alone and with `merge=union`.

`python -m tests.benchmarks.merges [--pairs 1000]` prints a table for Markdown and one for YAML.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import click

from tests.benchmarks.table import median, ms, table
from tests.merging.scripts import edit, make_session, merged_session, overlap
from tests.merging.test_scripts import FORMATS, meaning
from tldash.merging.merge import merge

Merge = Callable[[bytes, bytes, bytes, str], bytes]
NUMBER = re.compile(r" (\d+[nx])\b")


def git_with(folder: Path, *options: str) -> Merge:
    """Return a merge by `git merge-file`."""
    git = shutil.which("git")
    assert git, "this benchmark needs git: install it"

    def run(base: bytes, ours: bytes, theirs: bytes, path: str) -> bytes:
        for name, data in (("base", base), ("ours", ours), ("theirs", theirs)):
            (folder / name).write_bytes(data)
        command = [git, "merge-file", "-p", *options, "ours", "base", "theirs"]
        return subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout

    return run


def by_item(base: bytes, ours: bytes, theirs: bytes, path: str) -> bytes:
    """Merge as `tldash merge-driver` does, without starting a process."""
    return merge(base, ours, theirs, path).data


def conflicting_lines(text: str) -> int:
    """Return the number of lines between conflict markers."""
    blocks = re.findall(r"^<{7} .*?\n(.*?)^>{7} ", text, re.MULTILINE | re.DOTALL)
    return sum(len(block.splitlines()) - 1 for block in blocks)


@click.command()
@click.option("--pairs", default=1000, help="The number of pairs for each format.")
def main(pairs: int) -> None:
    """Merge pairs of random edit scripts in three ways, and count what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        ways: dict[str, Merge] = {
            "git merge-file": git_with(Path(folder)),
            "git, merge=union": git_with(Path(folder), "--union"),
            "tldash": by_item,
        }
        for write, path in FORMATS:
            counts = {name: Counter[str]() for name in ways}
            times: dict[str, list[float]] = {name: [] for name in ways}
            overlaps = 0
            for seed in range(pairs):
                random = Random(seed)
                base = make_session(random)
                one, other = edit(base, random, 0), edit(base, random, 1)
                both = overlap(one, other)
                overlaps += bool(both)
                texts = [write(s).encode() for s in (base, one.session, other.session)]
                meant = None if both else meaning(write(merged_session(base, one, other)), path)
                for name, way in ways.items():
                    began = time.perf_counter()
                    data = way(texts[0], texts[1], texts[2], path)
                    times[name].append(time.perf_counter() - began)
                    count(counts[name], data.decode(), meant, path)
            rows = [
                [
                    name,
                    str(counts[name]["conflict"]),
                    str(counts[name]["needless"]),
                    str(counts[name]["lines"]),
                    str(counts[name]["twice"]),
                    str(counts[name]["wrong"]),
                    ms(median(times[name])),
                ]
                for name in ways
            ]
            head = ["", "conflict", "needless", "lines in conflict", "twice", "wrong", "time"]
            table(f"{pairs} pairs in {path}, {overlaps} of which overlap", head, rows)


def count(counts: Counter[str], text: str, meant: object, path: str) -> None:
    """Count a result: whether it has a conflict, and whether a clean one is as meant."""
    if "<<<<<<<" in text:
        counts["conflict"] += 1
        counts["needless"] += meant is not None
        counts["lines"] += conflicting_lines(text)
        return
    counts["twice"] += max(Counter(NUMBER.findall(text)).values()) > 1
    counts["wrong"] += meant is not None and meaning(text, path) != meant


if __name__ == "__main__":
    main()
