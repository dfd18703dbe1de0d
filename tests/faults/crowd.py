"""Programs that write the same files at the same time, each with a log of what it has written.

The dashboards are tldash's own rooms, or (the control) a tick as it is often made: read, change,
replace. The others read and write under a lock among themselves, and know nothing of a dashboard.
Every log entry has the time before and after on the one clock that all processes share.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from tldash.editing import patch
from tldash.editing.edits import AddTask, Edit, Refused, SetDate, SetStatus, path_of
from tldash.model.records import Status, Task
from tldash.storage.write import WriteRefused
from tldash.workspace.folders import Change, Folders

FIRST_DAY: Final = date(2030, 1, 1)
"""The date that a dashboard's first edit writes; each further one writes a later date."""
STRIDE: Final = 100_000
"""Days between the first dates of two dashboards."""
END: Final = "The end of these notes."
TOKEN: Final = re.compile(rb"\b[a-z]\d+-\d+e\b")
HANDS: Final = ("append", "replace", "in place")
RATIO: Final = 4
"""Saves of others to an edit of ours, at most: on a slow machine, all are slow together."""
HEAD_START: Final = 20
PAUSE: Final = 0.002
"""Seconds for which a file saved in place is empty."""


@dataclass(frozen=True)
class Ours:
    """An edit that a dashboard was told had come true."""

    desk: int
    path: str
    kind: str
    """`add`, `tick`, `untick` or `due`."""
    token: str
    mark: str
    """The date that it wrote, as no other edit does; empty for `untick` and `add`."""
    began: int
    ended: int

    def shows_in(self, data: bytes) -> bool:
        """Whether the line of its item is in these bytes as the edit left it."""
        token = self.token.encode()
        line = next((line for line in data.split(b"\n") if token in line), b"")
        return (
            token in line
            and self.mark.encode() in line
            and (self.kind != "untick" or b"[x]" not in line)
        )


@dataclass(frozen=True)
class Theirs:
    """A save of another program."""

    path: str
    how: str
    token: str
    began: int
    """Before it read."""
    ended: int
    read: bytes
    """What it had read, compressed; empty where it only appended."""

    def had_read(self) -> bytes:
        return zlib.decompress(self.read) if self.read else b""


@dataclass
class Log:
    """What one process did."""

    ours: list[Ours] = field(default_factory=list)
    theirs: list[Theirs] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    torn: int = 0
    """How often a reader found a file incomplete that nobody saves in place."""
    looks: int = 0


@dataclass(frozen=True)
class Plan:
    """What a run is to be."""

    root: str
    lock: str
    """A file outside the folder, by which the others wait for each other; a byte for each save."""
    stop: str
    """A file that is made when the others are to stop."""
    done: str
    """A file with a byte for each edit that has come true."""
    files: int
    edits: int
    """Successful ones, of both dashboards together."""
    until: float
    """Of time.monotonic."""
    control: bool
    pause: float
    """Seconds that the others rest between two saves, at most."""

    def stopped(self) -> bool:
        return time.monotonic() > self.until or Path(self.stop).exists()

    def saves(self) -> int:
        """How many saves of others have ended."""
        return Path(self.lock).stat().st_size

    def ahead(self) -> bool:
        """Whether the others have saved so much more often that they should wait.

        In the control it is they who are waited for.
        """
        return (
            not self.control and self.saves() > HEAD_START + RATIO * Path(self.done).stat().st_size
        )


def path_of_file(number: int) -> str:
    lead = ("ada", "ben")[number % 2]
    return f"{lead}/sessions/{date(2026, 1, 1) + timedelta(number)}.md"


def text_of_file(number: int) -> str:
    items = "".join(f"- [ ] Do the thing i{number}-{item}e\n" for item in range(8))
    return f"# Session {number}\n\n## Actions\n{items}\n## Notes\n{END}\n"


def is_torn(data: bytes) -> bool:
    return not data.startswith(b"# Session ") or END.encode() not in data


# The dashboards


def dashboard(desk: int, plan: Plan) -> Log:
    """Edit with a view of one's own, which is brought up to date now and then."""
    random, log = Random(desk), Log()
    folders = Folders([Path(plan.root)])
    folders.read()
    make = naively(plan, folders) if plan.control else folders.edit
    number = 0
    while len(log.ours) < plan.edits // 2 and not plan.stopped():
        if random.random() < 0.03:
            folders.read()
        edit, kind, token, mark = wish(folders, random, desk, number)
        number += 1
        path = path_of(edit)
        if random.random() < 0.4:
            folders.refresh([Change(0, frozenset((path,)))])
        began = time.monotonic_ns()
        try:
            make(edit)
        except (Refused, WriteRefused) as refused:
            log.refusals[f"{type(refused).__name__} {refused.code}"] += 1
            continue
        log.ours.append(Ours(desk, path, kind, token, mark, began, time.monotonic_ns()))
        with Path(plan.done).open("ab") as done:
            done.write(b".")
    return log


def wish(folders: Folders, random: Random, desk: int, number: int) -> tuple[Edit, str, str, str]:
    """Some edit of some item; what kind it is, the item's token and the date that it writes."""
    leads = folders.workspace.leads
    tasks = [action.task for lead in leads for action in lead.actions]
    known = [task for task in tasks if token_of(task)]
    day = FIRST_DAY + timedelta(desk * STRIDE + number)
    if not known or random.random() < 0.1:
        token = f"a{desk}-{number}e"
        path = random.choice(leads[0].sessions).path if leads else path_of_file(0)
        return AddTask(path, f"Added {token}"), "add", token, ""
    task = random.choice(known)
    if random.random() < 0.3:
        return SetDate(task, "due", day), "due", token_of(task), str(day)
    if task.status is Status.DONE:
        return SetStatus(task, Status.OPEN, day), "untick", token_of(task), ""
    return SetStatus(task, Status.DONE, day), "tick", token_of(task), str(day)


def token_of(task: Task) -> str:
    found = TOKEN.search(task.text.encode())
    return found[0].decode() if found else ""


def naively(plan: Plan, folders: Folders) -> Callable[[Edit], object]:
    """Read, change, replace; and in between, let others save as they would sooner or later."""

    def make(edit: Edit) -> None:
        file = Path(plan.root, path_of(edit))
        new = patch.apply(edit, file.read_bytes())
        # Two saves have ended since, so the second was begun and ended in between.
        after = plan.saves() + 2
        while plan.saves() < after and not plan.stopped():
            time.sleep(0.001)  # looks again for what it waits for
        spare = file.with_name(f".{file.name}.{os.getpid()}")
        spare.write_bytes(new)
        spare.replace(file)
        folders.refresh([Change(0, frozenset((path_of(edit),)))])

    return make


# Everybody else


def other(hand: int, plan: Plan) -> Log:
    """Save files in one of the three ways until told to stop, each time with one more line."""
    random, log, how = Random(100 + hand), Log(), HANDS[hand % len(HANDS)]
    number = 0
    while not plan.stopped():
        # Every second file is never saved in place, so that it must be complete at any moment.
        at = random.randrange(plan.files)
        at -= at % 2 if how == "in place" else 0
        path, token = path_of_file(at), f"f{hand}-{number}e"
        number += 1
        with others_wait(plan) as saved:
            began = time.monotonic_ns()
            read = save(Path(plan.root, path), f"- [ ] Theirs {token}\n".encode(), how)
            ended = time.monotonic_ns()
            log.theirs.append(Theirs(path, how, token, began, ended, read))
            saved()
        time.sleep(random.random() * plan.pause)  # the pace of the other program
        while plan.ahead() and not plan.stopped():
            time.sleep(0.001)  # looks again for what it waits for
    return log


@contextmanager
def others_wait(plan: Plan) -> Iterator[Callable[[], object]]:
    """Be the only one of them; gives what is to be called when a save has ended."""
    with Path(plan.lock).open("ab", buffering=0) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lambda: lock.write(b".")


def save(file: Path, line: bytes, how: str) -> bytes:
    """Save with one more line; returns what was read, compressed."""
    if how == "append":
        with file.open("ab", buffering=0) as stream:
            stream.write(line)
        return b""
    data = file.read_bytes()
    new = data + line if data.endswith(b"\n") else data + b"\n" + line
    if how == "replace":
        spare = file.with_name(f".{file.name}.swp")
        spare.write_bytes(new)
        spare.replace(file)
    else:
        with file.open("wb", buffering=0) as stream:
            time.sleep(PAUSE)  # the pace of the other program
            stream.write(new[: len(new) // 2])
            stream.write(new[len(new) // 2 :])
    return zlib.compress(data, 1)


def reader(plan: Plan) -> Log:
    """Look again and again at the files that nobody saves in place."""
    log = Log()
    while not plan.stopped():
        for number in range(1, plan.files, 2):
            log.looks += 1
            log.torn += is_torn(Path(plan.root, path_of_file(number)).read_bytes())
        time.sleep(0.02)  # the pace of the other program
    return log
