"""Writes under strace, which kills them or makes a call of theirs fail; many cases in little time.

One process imports everything and forks a child for each case, which waits until strace looks on.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Final, NamedTuple

PATIENCE: Final = 30
TOP: Final = Path(__file__).parents[2]

NURSERY: Final = """
import os, sys
from pathlib import Path
from tldash.storage import linux
from tldash.storage.write import WriteRefused, create, rewrite

linux._library().renameat2

def shorter(data):
    return data.replace(b"- [ ] tick me, please", b"- [x] tick me")

def case(what, root, path):
    os.write(1, b"ready %d\\n" % os.getpid())
    os.read(0, 1)
    try:
        if what == "create":
            create(root, path, b"- [ ] new\\n")
        else:
            rewrite(root, path, shorter)
    except WriteRefused as refused:
        return b"refused " + refused.code.encode()
    return b"saved"

while line := sys.stdin.buffer.raw.readline():
    what, root, path = line.decode().rstrip("\\n").split("\\t")
    child = os.fork()
    if not child:
        os.write(1, case(what, Path(root), path) + b"\\n")
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.write(1, b"ended %d\\n" % ended)
"""

NO_FILE: Final = frozenset(
    {
        *("brk", "clock_gettime", "clock_nanosleep", "exit_group", "futex", "getpid", "getrandom"),
        *("madvise", "mmap", "mprotect", "mremap", "munmap", "restart_syscall", "rt_sigaction"),
        *("rt_sigprocmask", "rt_sigreturn", "uname", "wait4"),
    }
)
"""Calls that touch no file."""


class Call(NamedTuple):
    """A system call: its name, and the how manieth of that name it is."""

    name: str
    number: int


class Case(NamedTuple):
    """A write: `create` or `rewrite`, the folder, and the path below it."""

    what: str
    root: Path
    path: str


def tool(name: str) -> str:
    path = shutil.which(name)
    assert path, f"these tests need {name}: install it, or deselect them with -m 'not system'"
    return path


class Nursery:
    """The process that forks the cases, one at a time."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", NURSERY], cwd=TOP, bufsize=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def say(self, text: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(text.encode())

    def hear(self) -> str:
        assert self.process.stdout
        line: bytes = self.process.stdout.readline()
        assert line, "the nursery has ended"
        return line.decode().rstrip("\n")

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()

    def traced(self, case: Case, log: Path, *options: str) -> str:
        """Carry out a case under strace; `saved`, `refused …` or, if it was killed, nothing."""
        self.say("\t".join(map(str, case)) + "\n")
        pid = self.hear().removeprefix("ready ")
        with subprocess.Popen(
            [tool("strace"), "-o", str(log), *options, "-p", pid], stderr=subprocess.PIPE, text=True
        ) as tracer:
            assert tracer.stderr
            assert "attached" in tracer.stderr.readline()
            self.say("!")
            said = self.hear()
            outcome = "" if said.startswith("ended ") else said
            if outcome:
                self.hear()
            tracer.communicate(timeout=PATIENCE)
        return outcome


@contextmanager
def nurseries(count: int = 2) -> Iterator[SimpleQueue[Nursery]]:
    with ExitStack() as stack:
        free: SimpleQueue[Nursery] = SimpleQueue()
        for _ in range(count):
            nursery = Nursery()
            stack.callback(nursery.close)
            free.put(nursery)
        yield free


def calls(nursery: Nursery, case: Case, log: Path) -> list[Call]:
    """Every system call of a write that has to do with files."""
    assert nursery.traced(case, log) == "saved"
    count: Counter[str] = Counter()
    found = []
    for line in log.read_text().splitlines():
        if 'write(1, "saved' in line:
            break
        if match := re.match(r"(\w+)\(", line):
            count[match[1]] += 1
            if match[1] not in NO_FILE and not line.startswith("read(0,"):
                found.append(Call(match[1], count[match[1]]))
    return found


def everyone(
    free: SimpleQueue[Nursery], cases: Sequence[tuple[Call, Case]], fault: str, logs: Path
) -> list[str]:
    """The outcome of each case, with the fault at its call."""

    def run(one: tuple[Call, Case]) -> str:
        call, case = one
        nursery = free.get()
        try:
            return nursery.traced(
                case, logs / f"{case.root.name}.log", "-e", f"trace={call.name}",
                "-e", f"inject={call.name}:{fault}:when={call.number}",
            )  # fmt: skip
        finally:
            free.put(nursery)

    with ThreadPoolExecutor(free.qsize()) as pool:
        return list(pool.map(run, cases))
