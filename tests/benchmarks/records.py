"""Compare three ways to declare the records: `frozen`, a frozen dataclass and a NamedTuple.

`python -m tests.benchmarks.records [--runs 20]` starts one process per way and run, in turn. Each
declares the classes of `tldash.model.records` and creates 100,000 tasks. The last row imports the
dashboard, with all its value classes declared one way or the other.
"""

from __future__ import annotations

import json
import subprocess
import sys

import click

from tests.benchmarks.table import median, table

WAYS = ("frozen", "dataclass", "NamedTuple")
RECORDS = r"""
import gc, json, operator, pickle, re, sys, time, types
import copyreg, dataclasses, datetime, enum, typing
from pathlib import Path
import tldash

way, model = sys.argv[1], Path(tldash.__file__).parent / "model"
DATACLASS = "@dataclass(frozen=True, slots=True)\n"


def source(name):
    text = (model / name).read_text("utf-8")
    if way == "frozen":
        return text
    text = text.replace("from tldash.model.frozen import frozen",
                        "from dataclasses import dataclass\nfrom typing import NamedTuple")
    if way == "NamedTuple":  # Framework has fields with a factory, which a tuple cannot have
        text = re.sub(r"@frozen\nclass (?!Framework)(\w+):", r"class \1(NamedTuple):", text)
        text = text.replace("one.name for one in fields(Fields)", "name for name in Fields._fields")
    return text.replace("@frozen\n", DATACLASS)


names = ["frozen"] * (way == "frozen") + ["framework", "records"]
codes = [(f"tldash.model.{name}", compile(source(f"{name}.py"), name, "exec")) for name in names]
spent = {}
start = time.perf_counter()
for name, code in codes:
    module = sys.modules[name] = types.ModuleType(name)
    exec(code, module.__dict__)
spent["declare the records, ms"] = (time.perf_counter() - start) * 1e3

records = sys.modules["tldash.model.records"]
COUNT = 100_000
given = ("a/b.md", 3, "- [ ] x", "x", records.Status.OPEN, records.NO_FIELDS, ("Actions",))
gc.disable()


def measure(what, work):
    start = time.perf_counter()
    result = work()
    spent[what + ", ns"] = (time.perf_counter() - start) * 1e9 / COUNT
    return result


Task = records.Task
tasks = measure("create", lambda: [Task(*given) for _ in range(COUNT)])
others = [Task(*given) for _ in range(COUNT)]
measure("compare", lambda: all(map(operator.eq, tasks, others)))
measure("hash", lambda: sum(map(hash, tasks)))
measure("read three fields", lambda: [(task.path, task.text, task.status) for task in tasks])
pickled = measure("pickle", lambda: pickle.dumps(tasks, 5))
measure("unpickle", lambda: pickle.loads(pickled))
print(json.dumps(spent))
"""
DASHBOARD = r"""
import sys, time, types
from dataclasses import dataclass
from functools import partial
import textual.app, rich

if sys.argv[1] == "dataclass":
    module = sys.modules["tldash.model.frozen"] = types.ModuleType("tldash.model.frozen")
    module.frozen = dataclass(frozen=True, slots=True)
start = time.perf_counter()
import tldash.tui.app.app
print(time.perf_counter() - start)
"""


def _run(code: str, way: str) -> str:
    command = [sys.executable, "-c", code, way]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@click.command()
@click.option("--runs", default=20, show_default=True)
def main(runs: int) -> None:
    """Print the medians of each way."""
    measured: dict[str, dict[str, list[float]]] = {}
    for _ in range(runs):
        for way in WAYS:
            for what, value in json.loads(_run(RECORDS, way)).items():
                measured.setdefault(what, {}).setdefault(way, []).append(value)
        for way in WAYS[:2]:
            row = measured.setdefault("import the dashboard, ms", {})
            row.setdefault(way, []).append(float(_run(DASHBOARD, way)) * 1e3)
    rows = [
        [what, *(f"{median(values[way]):.0f}" if way in values else "-" for way in WAYS)]
        for what, values in measured.items()
    ]
    table(f"Declaring records, medians of {runs} runs", ["step", *WAYS], rows)


if __name__ == "__main__":
    main()
