"""A kill or an error of the disk at every system call, a full disk, a disk that is read-only.

Needs Linux with strace and unprivileged user namespaces.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tldash.storage.write import rewrite

pytestmark = pytest.mark.system

OLD = b"- [ ] tick me\n" + b"a line of notes\n" * 300
CALLS = (
    *("close", "faccessat", "faccessat2", "fchmod", "fcntl", "flistxattr", "flock", "fstat"),
    *("fsync", "ftruncate", "getdents64", "lseek", "newfstatat", "openat", "pread64", "renameat"),
    *("renameat2", "unlinkat", "write"),
)
PATIENCE = 30

REWRITE = """
import sys
from pathlib import Path
from tldash.storage import linux
from tldash.storage.write import WriteRefused, rewrite
root = Path(sys.argv[1])
linux._library().renameat2
print("ready", flush=True)
sys.stdin.readline()
try:
    result = rewrite(root, "x.md", lambda data: data.replace(b"[ ]", b"[x]").replace(b"me", b"it"))
except WriteRefused as refused:
    outcome = "refused " + refused.code
else:
    outcome = "saved"
print(outcome, flush=True)
"""
NEW = OLD.replace(b"[ ]", b"[x]").replace(b"me", b"it")
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}


def tool(name: str) -> str:
    path = shutil.which(name)
    assert path, f"these tests need {name}: install it, or deselect them with -m 'not system'"
    return path


def traced(root: Path, log: Path, *options: str) -> str:
    """Rewrite under strace, which looks on from when everything is loaded; returns the outcome."""
    with subprocess.Popen(
        [sys.executable, "-c", REWRITE, str(root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        trace = f"trace={','.join(CALLS)}"
        with subprocess.Popen(
            [tool("strace"), "-o", log, "-e", trace, *options, "-p", str(process.pid)],
            stderr=subprocess.PIPE, text=True,
        ) as tracer:  # fmt: skip
            assert tracer.stderr
            assert "attached" in tracer.stderr.readline()
            outcome = process.communicate("go\n", timeout=PATIENCE)[0]
            tracer.communicate(timeout=PATIENCE)
    return outcome.strip()


def folder(parent: Path, name: str, *, links: bool) -> Path:
    root = parent / name
    root.mkdir()
    (root / "x.md").write_bytes(OLD)
    if links:
        (parent / f"{name}.md").hardlink_to(root / "x.md")
    return root


def steps(parent: Path, *, links: bool) -> list[tuple[str, int]]:
    """Every system call of one rewrite: its name, and the how manieth of that name it is."""
    root = folder(parent, "dry", links=links)
    assert traced(root, parent / "log") == "saved"
    count: Counter[str] = Counter()
    found = []
    for line in (parent / "log").read_text().splitlines():
        if 'write(1, "saved' in line:
            break
        if match := re.match(r"(\w+)\(", line):
            count[match[1]] += 1
            found.append((match[1], count[match[1]]))
    assert len(found) > 25
    assert {"renameat2", "fsync", "unlinkat"} <= count.keys() or links
    return found


def everyone(parent: Path, cases: list[tuple[str, int]], fault: str, *, links: bool) -> list[str]:
    """The outcome of one rewrite for each case, with the fault at that call."""

    def run(case: tuple[str, int]) -> str:
        call, number = case
        root = folder(parent, f"{call}-{number}", links=links)
        log = parent / f"{call}-{number}.log"
        return traced(root, log, "-e", f"inject={call}:{fault}:when={number}")

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, cases))


def names(root: Path) -> set[str]:
    return {path.name for path in root.iterdir()}


def test_killed_at_any_system_call_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    cases = steps(tmp_path, links=False)
    outcomes = everyone(tmp_path, cases, "signal=SIGKILL", links=False)
    seen = set()
    for (call, number), outcome in zip(cases, outcomes, strict=True):
        root = tmp_path / f"{call}-{number}"
        assert outcome == "", f"not killed at {call} {number}"
        seen.add((root / "x.md").read_bytes())
        assert seen <= {OLD, NEW}, f"killed at {call} {number}"
        # Whoever writes there next clears away what was left, and finds nothing of worth in it.
        rewritten = rewrite(root, "x.md", lambda data: data + b"more\n")
        assert rewritten.rescued == (), f"killed at {call} {number}"
        assert names(root) == {"x.md"}, f"killed at {call} {number}"
    assert seen == {OLD, NEW}


def test_an_error_at_any_system_call_is_said_and_costs_nothing(tmp_path: Path) -> None:
    cases = steps(tmp_path, links=False)
    outcomes = everyone(tmp_path, cases, "error=EIO", links=False)
    for (call, number), outcome in zip(cases, outcomes, strict=True):
        root = tmp_path / f"{call}-{number}"
        where = f"error at {call} {number}: {outcome}"
        assert outcome == "saved" or outcome.startswith("refused "), where
        assert (root / "x.md").read_bytes() == (NEW if outcome == "saved" else OLD), where
        left = names(root) - {"x.md"}
        # A name that the disk will not take away stays, unseen.
        assert not left or (call == "unlinkat" and all(name.startswith(".") for name in left)), (
            where
        )
        if (call, outcome) == ("fsync", "saved"):
            pytest.fail(f"{where}: nobody was told")


def test_an_error_at_any_system_call_of_a_rewrite_in_place(tmp_path: Path) -> None:
    cases = [case for case in steps(tmp_path, links=True) if case[0] not in ("close", "fstat")]
    outcomes = everyone(tmp_path, cases, "error=EIO", links=True)
    for (call, number), outcome in zip(cases, outcomes, strict=True):
        root = tmp_path / f"{call}-{number}"
        where = f"error at {call} {number}: {outcome}"
        assert outcome == "saved" or outcome.startswith("refused "), where
        assert (root / "x.md").read_bytes() == (NEW if outcome == "saved" else OLD), where


MOUNTED = """
set -e
mount -t tmpfs -o size=96k none "$1"
cd "$1"
mkdir full
printf -- '- [ ] tick me\\n' > full/x.md
head -c 200000 /dev/zero > filler 2>/dev/null || true
exec "$2" -c "$3" "$1"
"""

REPORT = """
import os, subprocess, sys
from pathlib import Path
from tldash.storage.write import WriteRefused, create, rewrite
root = Path(sys.argv[1])
def attempt(what, *args):
    try:
        what(root, *args)
    except WriteRefused as refused:
        print(refused.code, sorted(os.listdir(root / "full")), (root / "full/x.md").read_bytes())
    else:
        print("saved")
grow = lambda data: data + b"x" * 9000
attempt(rewrite, "full/x.md", grow)
attempt(create, "full/y.md", b"x" * 9000)
(root / "filler").unlink()
attempt(rewrite, "full/x.md", lambda data: data + b"x")
subprocess.run(["mount", "-o", "remount,ro", str(root)], check=True)
attempt(rewrite, "full/x.md", grow)
attempt(create, "full/y.md", b"")
attempt(rewrite, "full/x.md", lambda data: data)
"""


def test_a_full_disk_and_one_that_is_read_only(tmp_path: Path) -> None:
    done = subprocess.run(
        [tool("unshare"), "-Urm", "sh", "-c", MOUNTED, "sh", str(tmp_path), sys.executable, REPORT],
        check=False, capture_output=True, text=True, timeout=PATIENCE, env=ENVIRONMENT,
    )  # fmt: skip
    assert done.stderr == ""
    text = r"b'- [ ] tick me\n'"
    assert done.stdout.splitlines() == [
        f"full ['x.md'] {text}",
        f"full ['x.md'] {text}",
        "saved",
        f"read-only ['x.md'] {text[:-1]}x'",
        f"read-only ['x.md'] {text[:-1]}x'",
        "saved",
    ]
