"""A hostile YAML file costs a second and 100 MB at most, and is one problem or a few.

Each is read in a process of its own, whose processor time the system limits and whose memory it
measures.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

PROBE = """
import json, resource, sys
from pathlib import Path
from tldash.model.file_roles import FileRole
from functools import partial
from tldash.storage.safe_open import read_bytes
from tldash.workspace.read_file import read_record
from tldash.documents import validate
def peak():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
before = peak()
found = []
for name in sys.argv[2:]:
    spent = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + 6, resource.RLIM_INFINITY))
    record = read_record(partial(read_bytes, Path(sys.argv[1])), name, name, FileRole.SESSION)
    found.append(sorted({problem.code for problem in record.problems}))
print(json.dumps([peak() - before, found]))
"""
"""Kilobytes on top of what importing took, and the codes of the problems of each file. The limit
for each file is far above what is asked for: a busy machine passes, and what runs away does not.
The peak is not `ru_maxrss`, which a process inherits from the one that started it."""

LETTERS = "abcdefgh"
HOSTILE = {
    "deep flow lists": "a: " + "[" * 100_000,
    "deep flow mappings": "{a: " * 100_000,
    "deep block lists": "- " * 100_000 + "x",
    "deep block mappings": "".join(" " * i + "a:\n" for i in range(1500)),
    "deep complex keys": "? " * 50_000,
    "a bomb of lists": "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n"
        for old, new in zip(LETTERS, LETTERS[1:] + "i", strict=True)
    ),
    "a bomb of long texts": f'a: &a "{"x" * 1_000_000}"\nb: [{"*a, " * 9000}]\n',
    "a bomb of texts": f'a: &a "{"x" * 50_000}"\nb: [{"*a, " * 9000}]\n',
    "a bomb of merge keys": "a0: &a0 {x: 1}\n" + "".join(
        f"a{i}: &a{i}\n  <<: [*a{i - 1}, *a{i - 1}, *a{i - 1}]\n" for i in range(1, 60)
    ),
    "tags": "".join(f"k{i}: !!python/x{i} y\n" for i in range(2000)),
    "wrong levels": "levels:\n" + "".join(f"  k{i}: [1]\n" for i in range(4000)),
    "twice the same key": "date: 2026-11-03\n" * 5000,
    "unknown keys": "".join(f"k{i}: y\n" for i in range(50_000)),
    "unknown keys of items": "".join(f"- {{text: a, k{i}y: b}}\n" for i in range(50_000)).join(
        ["date: soon\nactions:\n", ""]
    ),
    "quotes": "a: " + "'" * 99_999,
    "a scalar of 10 MB": "notes: " + "x" * 10_000_000,
    "a block of 10 MB": "notes: |\n" + "  words\n" * 1_250_000,
    "control characters": "actions:\n" + "- a\x07b\n" * 10_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_little(name: str, tmp_path: Path) -> None:
    text = HOSTILE[name]
    (tmp_path / "2026-11-03.yaml").write_text(text, "utf-8")
    (tmp_path / "2026-11-04.md").write_text(f"---\n{text}\n---\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path), "2026-11-03.yaml", "2026-11-04.md"],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    grown, codes = json.loads(done.stdout)
    assert grown < 100_000
    assert all(codes) or name == "unknown keys"
