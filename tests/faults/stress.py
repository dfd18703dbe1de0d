"""Many programs on one folder for a long time, and then every single edit is accounted for.

    python -m tests.faults.stress --seconds 600 --edits 10000
    python -m tests.faults.stress --control --seconds 60 --edits 300

The second is the control: dashboards that write as is often done. It must lose what others saved;
if it did not, the first would show nothing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.faults.crowd import (
    HANDS,
    TOKEN,
    Log,
    Ours,
    Plan,
    Theirs,
    dashboard,
    is_torn,
    other,
    path_of_file,
    reader,
    text_of_file,
    token_of,
)
from tests.support.records import write
from tldash.model.records import Status, Task
from tldash.storage.filenames import RESCUE_MARK
from tldash.workspace.folders import Folders

DESKS = 2
ASPECT = {"add": "there", "due": "due", "tick": "status", "untick": "status"}
"""What an edit is about: of several about the same, the last one must show."""


@dataclass(frozen=True)
class Verdict:
    """What a run has shown."""

    seconds: float
    edits: Counter[str]
    """Of the dashboards, by kind."""
    saves: Counter[str]
    """Of the others, by the way they save."""
    refusals: Counter[str]
    theirs_lost: tuple[Theirs, ...]
    theirs_rescued: int
    """Of those, the ones that are in a copy beside the file."""
    words_lost: tuple[str, ...]
    """Items that were there at the beginning and that nobody has removed."""
    ours_lost: tuple[Ours, ...]
    overwritten: int
    """Edits that another program put its older buffer over, which it had read before."""
    torn: int
    looks: int
    strays: tuple[str, ...]
    rescues: tuple[str, ...]

    def harmless(self) -> bool:
        """Whether nothing was lost by our doing, and nothing left behind."""
        return not (
            len(self.theirs_lost) > self.theirs_rescued
            or self.words_lost
            or self.ours_lost
            or self.torn
            or self.strays
        )

    def table(self) -> str:
        total = self.edits.total()
        rows = [
            ("seconds", f"{self.seconds:.0f}"),
            ("edits of two dashboards", f"{total} ({counts(self.edits)})"),
            ("refused, nothing written", f"{self.refusals.total()} ({counts(self.refusals)})"),
            ("saves of other programs", f"{self.saves.total()} ({counts(self.saves)})"),
            ("lost saves of others", str(len(self.theirs_lost))),
            ("  of those kept in a rescue copy", str(self.theirs_rescued)),
            ("lost edits of ours, by our doing", str(len(self.ours_lost))),
            ("  overwritten by others' older buffers", str(self.overwritten)),
            ("lost items of the first version", str(len(self.words_lost))),
            ("incomplete files", f"{self.torn} in {self.looks} looks"),
            ("temporary files left", str(len(self.strays))),
            ("rescue copies", str(len(self.rescues))),
        ]
        return "\n".join(f"{name:<40}{value}" for name, value in rows)


def counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items())) or "none"


def run(
    root: Path,
    *,
    files: int,
    edits: int,
    seconds: float,
    control: bool = False,
    pause: float = 0.02,
) -> Verdict:
    """Let everybody write in the empty folder `root`, then judge what is left of it."""
    began = time.monotonic()
    folder = write(root / "shared", {path_of_file(n): text_of_file(n) for n in range(files)})
    stop, lock, done = root / "stop", root / "lock", root / "done"
    lock.touch()
    done.touch()
    plan = Plan(
        str(folder), str(lock), str(stop), str(done), files, edits, began + seconds, control, pause
    )
    jobs: list[Callable[[Plan], Log]] = [
        *(partial(other, hand) for hand in range(len(HANDS))),
        reader,
    ]
    with ProcessPoolExecutor(
        DESKS + len(jobs), mp_context=multiprocessing.get_context("spawn")
    ) as pool:
        others = [pool.submit(job, plan) for job in jobs]
        desks = [pool.submit(dashboard, desk, plan) for desk in range(DESKS)]
        try:
            logs = [future.result() for future in desks]
        finally:
            stop.touch()
        logs += [future.result() for future in others]
    return judge(folder, files, logs, time.monotonic() - began)


def judge(folder: Path, files: int, logs: Sequence[Log], seconds: float) -> Verdict:
    """Hold the logs against the files."""
    expected = {path_of_file(number) for number in range(files)}
    left = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    rescues = sorted(path for path in left if RESCUE_MARK in path)
    data = {path: file.read_bytes() for path, file in left.items()}
    kept = b"".join(data[path] for path in rescues)
    theirs = [save for log in logs for save in log.theirs]
    lost = [save for save in theirs if save.token.encode() not in data[save.path]]
    ours = [edit for log in logs for edit in log.ours]
    missing = list(not_there(folder, ours))
    excused = [edit for edit in missing if is_overwritten(edit, theirs)]
    first = [(path_of_file(n), TOKEN.findall(text_of_file(n).encode())) for n in range(files)]
    words = [token for path, tokens in first for token in tokens if token not in data[path]]
    return Verdict(
        seconds=seconds,
        edits=Counter(edit.kind for edit in ours),
        saves=Counter(save.how for save in theirs),
        refusals=sum((log.refusals for log in logs), Counter()),
        theirs_lost=tuple(lost),
        words_lost=tuple(token.decode() for token in words),
        theirs_rescued=sum(save.token.encode() in kept for save in lost),
        ours_lost=tuple(edit for edit in missing if edit not in excused),
        overwritten=len(excused),
        torn=sum(log.torn for log in logs) + sum(is_torn(data[path]) for path in expected),
        looks=sum(log.looks for log in logs),
        strays=tuple(sorted(left.keys() - expected - set(rescues))),
        rescues=tuple(rescues),
    )


def not_there(folder: Path, ours: Iterable[Ours]) -> Iterator[Ours]:
    """Edits that came true last of all those of the same thing, and do not show in the files.

    Of two that overlap in time, either may have been the last.
    """
    same: dict[tuple[str, str, str], list[Ours]] = defaultdict(list)
    for edit in ours:
        same[edit.path, edit.token, ASPECT[edit.kind]].append(edit)
    leads = Folders([folder]).read().leads
    tasks = {
        (task.path, token_of(task)): task
        for task in (action.task for lead in leads for action in lead.actions)
    }
    for (path, token, _), edits in same.items():
        begun_last = max(edit.began for edit in edits)
        last = [edit for edit in edits if edit.ended >= begun_last]
        if not any(shows(edit, tasks.get((path, token))) for edit in last):
            yield max(last, key=lambda edit: edit.ended)


def shows(edit: Ours, task: Task | None) -> bool:
    """Whether an item is as the edit left it."""
    if task is None:
        return False
    match edit.kind:
        case "tick":
            return task.status is Status.DONE and str(task.fields.done) == edit.mark
        case "untick":
            return task.status is Status.OPEN
        case "due":
            return str(task.fields.due) == edit.mark
    return True


def is_overwritten(edit: Ours, theirs: Iterable[Theirs]) -> bool:
    """Whether another program had read the file before the edit, and saved what it had read after.

    What it had read was kept, and must be without the edit; and it must have saved after the edit
    was begun.
    """
    for save in theirs:
        if save.path != edit.path or save.began > edit.ended or save.ended < edit.began:
            continue
        if save.read and not edit.shows_in(save.had_read()):
            return True
    return False


def main(arguments: list[str]) -> int:
    """Run and print the table; 1 if something was lost, in the control if nothing was."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.stress", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="at most so long")
    parser.add_argument("--edits", type=int, default=10_000, help="of both dashboards together")
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--pause", type=float, default=0.1, help="of the others, at most, seconds")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="where to make one")
    parser.add_argument("--control", action="store_true", help="dashboards that write naively")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="tldash-stress-", dir=given.folder) as top:
        verdict = run(
            Path(top),
            files=given.files,
            edits=given.edits,
            seconds=given.seconds,
            control=given.control,
            pause=given.pause,
        )
    sys.stdout.write(verdict.table() + "\n")
    for lost in (*verdict.theirs_lost[:9], *verdict.ours_lost[:9], *verdict.strays[:9]):
        sys.stdout.write(f"{lost}\n"[:300])
    return int(verdict.harmless() is given.control)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
