"""Two people edit the same files in two clones and sync at random moments; nothing may be lost.

    python -m tests.faults.sync_rounds --rounds 200

In each clone one thread edits, through the same calls as the dashboard, while another one syncs.
At the end both have the same files, and every single edit is accounted for.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

from tests.merging.scripts import THINGS, VERBS
from tests.support.clones import NOBODY, contents, git, make_clones, sync
from tldash.editing.edits import AddTask, Edit, Refused, SetDate, SetStatus, SetText
from tldash.model.records import Status, Task, Workspace
from tldash.storage.write import WriteRefused
from tldash.sync.failure import SyncFailed
from tldash.workspace.folders import Folders

DAY: Final = date(2026, 11, 20)
PATIENCE: Final = 30
"""Seconds to wait for a step of a sync at most."""
ITEMS: Final = 60
"""Actions in each file at the beginning. Each person changes every second one."""


@dataclass
class Verdict:
    """What the rounds have shown."""

    edits: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    """Edits of a line that has changed meanwhile. Nothing was written."""
    syncs: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    """Syncs that did not finish, by code."""
    commits: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def table(self) -> str:
        edits = ", ".join(f"{name} {count}" for name, count in sorted(self.edits.items()))
        failures = ", ".join(f"{code} {count}" for code, count in self.failures.items())
        rows = [
            ("edits", f"{self.edits.total()} ({edits})"),
            ("refused, nothing written", str(self.refused)),
            ("syncs", str(self.syncs)),
            ("syncs that did not finish", failures or "none"),
            ("commits", str(self.commits)),
            ("seconds", f"{self.seconds:.1f}"),
            ("lost, doubled or different", str(len(self.wrong))),
            *(("", one) for one in self.wrong[:10]),
        ]
        return "\n".join(f"{name:<28}{value}" for name, value in rows)


class Person:
    """One of the two, with a clone."""

    def __init__(
        self, number: int, clone: Path, seed: int, steps: threading.Semaphore, verdict: Verdict
    ) -> None:
        """`steps` counts the steps of all syncs that no edit has waited for."""
        self._steps = steps
        self.number = number
        self.clone = clone
        self._random = Random(seed * 10 + number)
        self._verdict = verdict
        self._folders = Folders([clone])
        self.added: list[str] = []
        self.ticked: dict[str, bool] = {}
        """Id of an item -> whether it was ticked last."""
        self.dates: dict[str, date] = {}
        self.texts: dict[str, str] = {}

    def edit_all(self, rounds: int) -> None:
        """Make so many edits, each after a random number of steps of syncs."""
        for round_ in range(rounds):
            for _ in range(self._random.randint(0, 3)):
                self._steps.acquire(timeout=PATIENCE)
            self.edit(round_)

    def edit(self, round_: int) -> None:
        """Make one edit. One that is refused, since a sync came in between, is not counted."""
        workspace = self._folders.read()
        change = self._choose(workspace, round_)
        kind = type(change).__name__
        try:
            self._folders.edit(change)
        except (Refused, WriteRefused):
            self._verdict.refused += 1
            return
        self._verdict.edits[kind] += 1
        self._note(change)

    def _choose(self, workspace: Workspace, round_: int) -> Edit:
        sessions = workspace.leads[0].sessions
        session = self._random.choice(sessions)
        if self._random.random() < 0.3:
            words = f"{self._random.choice(VERBS)} the {self._random.choice(THINGS)}"
            name = f"{self.number}x{round_}"
            return AddTask(session.path, f"{words} {name} #n{name}")
        tasks = (action.task for action in session.actions)
        mine = [task for task in tasks if is_mine(task, self.number)]
        task = self._random.choice(mine)
        roll = self._random.random()
        if roll < 0.5:
            wanted = Status.OPEN if task.status.closed else Status.DONE
            return SetStatus(task, wanted, DAY)
        if roll < 0.8:
            return SetDate(task, "due", date(2026, 12, self._random.randint(1, 28)))
        return SetText(task, f"{task.text} a{round_}")

    def _note(self, change: Edit) -> None:
        match change:
            case AddTask(text=text):
                self.added.append(text.rpartition("#")[2])
            case SetStatus(task=task, status=status):
                self.ticked[key_of(task)] = status is Status.DONE
            case SetDate(task=task, day=day) if day is not None:
                self.dates[key_of(task)] = day
            case SetText(task=task, text=text):
                self.texts[key_of(task)] = text

    def sync_until(self, stop: threading.Event) -> None:
        """Sync at random moments, until the event is set."""
        while not stop.is_set():
            self.sync()

    def sync(self) -> None:
        """Sync once."""
        self._verdict.syncs += 1
        try:
            sync(self.clone, report=lambda _: self._steps.release())
        except SyncFailed as error:
            self._verdict.failures[error.code] += 1
            if error.code not in ("busy", "locked"):
                self._verdict.wrong.append(str(error))

    def check(self, tasks: dict[str, Task]) -> None:
        """Compare what the files have at the end with what this person did."""
        for key in self.added:
            self._expect(key, key in tasks, "an added action")
        for key, done in self.ticked.items():
            self._expect(key, key in tasks and tasks[key].status.closed is done, "a tick")
        for key, day in self.dates.items():
            self._expect(key, key in tasks and tasks[key].fields.due == day, "a date")
        for key, text in self.texts.items():
            self._expect(key, key in tasks and tasks[key].text == text, "a text")

    def _expect(self, key: str, true: bool, what: str) -> None:
        if not true:
            self._verdict.wrong.append(f"{what} of {self.number}: {key}")


def key_of(task: Task) -> str:
    """Return the tag that names an item."""
    return next(tag for tag in task.fields.tags if tag.startswith("n"))


def is_mine(task: Task, number: int) -> bool:
    """Whether an item is one of those that a person changes."""
    key = key_of(task)
    owner, x, _ = key[1:].partition("x")
    return int(owner) % 2 == number % 2 if not x else int(owner) == number


def name_item(number: int) -> str:
    """Return words that no other item has together."""
    verb, thing = number % len(VERBS), number // len(VERBS) % len(THINGS)
    return f"{VERBS[verb]} the {THINGS[thing]} {number}th"


def make_files() -> dict[str, str]:
    """Return the files of the beginning: a lead with two sessions."""
    files = {"ada/lead.md": "---\nname: Ada\n---\n# Ada\n"}
    for session, day in enumerate(("2026-11-03", "2026-12-01")):
        numbers = range(session * ITEMS, (session + 1) * ITEMS)
        lines = "".join(f"- [ ] {name_item(number)} #n{number}\n" for number in numbers)
        files[f"ada/{day}.md"] = f"# Session\n\n## Notes\nA note.\n\n## Actions\n{lines}"
    return files


def run(top: Path, rounds: int, seed: int) -> Verdict:
    """Let two people make so many edits each, in clones below a folder."""
    began = time.monotonic()
    verdict = Verdict()
    clones = make_clones(top, "one", "other", files=make_files())
    steps = threading.Semaphore(0)
    people = [Person(number, clone, seed, steps, verdict) for number, clone in enumerate(clones)]
    stop = threading.Event()
    with ThreadPoolExecutor(4) as pool:
        syncing = [pool.submit(one.sync_until, stop) for one in people]
        editing = [pool.submit(one.edit_all, rounds) for one in people]
        try:
            for done in editing:
                done.result()
        finally:
            stop.set()
    for done in syncing:
        done.result()
    for one in (*people, *people):
        one.sync()
    _check(people, verdict)
    verdict.seconds = time.monotonic() - began
    verdict.commits = int(git(clones[0], "rev-list", "--count", "HEAD"))
    return verdict


def _check(people: list[Person], verdict: Verdict) -> None:
    one, other = (contents(person.clone) for person in people)
    if one != other:
        verdict.wrong.append("the clones differ")
    for person in people:
        verdict.wrong += git(person.clone, "status", "--porcelain").split("\n")[:-1]
    tasks: dict[str, list[Task]] = {}
    for session in Folders([people[0].clone]).read().leads[0].sessions:
        for action in session.actions:
            tasks.setdefault(key_of(action.task), []).append(action.task)
    for number in range(2 * ITEMS):
        if len(tasks.get(f"n{number}", [])) != 1:
            verdict.wrong.append(f"item {number} is there {len(tasks.get(f'n{number}', []))} times")
    added = sum(len(person.added) for person in people)
    if sum(map(len, tasks.values())) != 2 * ITEMS + added:
        verdict.wrong.append("there are other items")
    for person in people:
        person.check({key: some[0] for key, some in tasks.items() if len(some) == 1})


def main() -> int:
    """Run and print the table; 1 if something was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    os.environ.update(NOBODY)
    with tempfile.TemporaryDirectory() as folder:
        verdict = run(Path(folder), arguments.rounds, arguments.seed)
    sys.stdout.write(f"{verdict.table()}\n")
    return int(bool(verdict.wrong))


if __name__ == "__main__":
    sys.exit(main())
