"""No word that another program saves is lost, whenever it saves it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.support.records import write
from tldash.editing.edits import SetStatus
from tldash.model.records import Status
from tldash.storage import linux
from tldash.storage.linux import Lease
from tldash.storage.write import WriteRefused, rewrite
from tldash.workspace.folders import Folders

OLD = b"- [ ] tick me\n" + b"a line of notes\n" * 300
THEIRS = b"what somebody else wrote\n"

OS_CALLS = (
    *("access", "close", "fchmod", "fstat", "fsync", "getxattr", "listdir", "listxattr", "open"),
    *("pread", "replace", "stat", "unlink", "write"),
)
LINUX_CALLS = ("exchange", "request_lease", "release_lease", "rename_new", "is_lease_broken")


BUSY = "# Session\n\n## Actions\n" + "".join(f"- [ ] item {number}\n" for number in range(7_000))


class NotThere(Exception):
    """The line to tick is not in the file now."""


def tick(data: bytes) -> bytes:
    if b"- [ ] tick me\n" not in data:
        raise NotThere
    return data.replace(b"- [ ] tick me\n", b"- [x] tick me due:2026-11-20\n")


class Adversary:
    """Another program, which acts once, just before the call number `at` of a rewrite."""

    def __init__(self, file: Path, act: Callable[[Adversary], None], at: int) -> None:
        self.file = file
        self.act = act
        self.at = at
        self.calls = 0
        self.acting = False
        self.acted = False
        self.thread: Thread | None = None
        self.found = -1
        """The file as it was before the rewrite: looked up, not opened."""

    def lurk(self, patched: pytest.MonkeyPatch) -> None:
        for module, names in ((os, OS_CALLS), (linux, LINUX_CALLS)):
            for name in names:
                patched.setattr(module, name, self.before(getattr(module, name)))

    def before(self, call: Callable[..., object]) -> Callable[..., object]:
        def seam(*args: object, **named: object) -> object:
            if not self.acting:
                if self.calls == self.at:
                    self.acting = self.acted = True
                    self.act(self)
                    self.acting = self.thread is not None
                self.calls += 1
            return call(*args, **named)

        return seam

    def when_allowed(self, edit: Callable[[Path, int], None]) -> None:
        """Edit; if a lease is in the way, wait for it in a thread of its own."""
        try:
            edit(self.file, os.O_NONBLOCK)
        except BlockingIOError:
            self.thread = Thread(target=edit, args=(self.file, 0))
            self.thread.start()


def read(file: Path, more: int) -> bytes:
    with open(os.open(file, os.O_RDONLY | more), "rb") as handle:  # noqa: PTH123
        return handle.read()


def append(file: Path, more: int) -> None:
    fd = os.open(file, os.O_WRONLY | os.O_APPEND | more)
    os.write(fd, THEIRS)
    os.close(fd)


def write_in_place(file: Path, more: int) -> None:
    data = read(file, more)
    fd = os.open(file, os.O_WRONLY | os.O_TRUNC | more)
    os.write(fd, data + THEIRS)
    os.close(fd)


def replace(file: Path, more: int) -> None:
    spare = file.with_name(".theirs")
    spare.write_bytes(read(file, more) + THEIRS)
    spare.replace(file)


def move_away_and_make_anew(file: Path, more: int) -> None:
    data = read(file, more)
    backup = file.with_name("x.md~")
    file.rename(backup)
    with file.open("xb") as handle:
        handle.write(data + THEIRS)
    backup.unlink()


def appends(adversary: Adversary) -> None:
    adversary.when_allowed(append)


def writes_in_place(adversary: Adversary) -> None:
    adversary.when_allowed(write_in_place)


def replaces(adversary: Adversary) -> None:
    adversary.when_allowed(replace)


def moves_away_and_makes_anew(adversary: Adversary) -> None:
    adversary.when_allowed(move_away_and_make_anew)


def opens_late(adversary: Adversary) -> None:
    adversary.file = Path(f"/proc/self/fd/{adversary.found}")
    adversary.when_allowed(append)


def deletes(adversary: Adversary) -> None:
    adversary.file.unlink()


EDITS = (appends, writes_in_place, replaces, moves_away_and_makes_anew)


def play(
    root: Path, act: Callable[[Adversary], None], at: int, *, links: bool = False
) -> tuple[Adversary, bytes, bool]:
    """One rewrite against one adversary; returns all text that is left, and if it landed."""
    root.mkdir()
    file = root / "x.md"
    file.write_bytes(OLD)
    if links:
        (root / "y.md").hardlink_to(file)
    adversary = Adversary(file, act, at)
    adversary.found = os.open(file, os.O_PATH)
    landed = False
    with pytest.MonkeyPatch.context() as patched:
        adversary.lurk(patched)
        try:
            rescued = rewrite(root, "x.md", tick).rescued
            landed = True
        except WriteRefused as refusal:
            rescued = refusal.rescued
        except NotThere:
            rescued = ()
    if adversary.thread is not None:
        adversary.thread.join()
    os.close(adversary.found)
    left = {path.name for path in root.iterdir()} - {"x.md", "y.md"}
    assert left == set(rescued), "a copy nobody was told of, or a temporary file"
    texts = [file.read_bytes()] if file.exists() else []
    return adversary, b"\0".join(texts + [(root / name).read_bytes() for name in rescued]), landed


@pytest.mark.parametrize("links", [False, True], ids=["one-name", "hard-links"])
@pytest.mark.parametrize("act", EDITS)
def test_an_edit_at_any_step_survives(
    tmp_path: Path, act: Callable[[Adversary], None], links: bool
) -> None:
    steps = landings = 0
    while True:
        adversary, text, landed = play(tmp_path / str(steps), act, steps, links=links)
        if not adversary.acted:
            break
        assert THEIRS in text, f"lost at step {steps}"
        landings += landed
        if landed and act is not writes_in_place:
            assert b"- [x] tick me" in text
        steps += 1
    assert steps > 25
    assert landings > steps / 2


@pytest.mark.parametrize("act", EDITS)
def test_an_edit_at_any_step_survives_without_leases(
    tmp_path: Path, act: Callable[[Adversary], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linux, "request_lease", lambda fd, write=False: Lease.NONE)
    steps = 0
    while True:
        adversary, text, _ = play(tmp_path / str(steps), act, steps)
        if not adversary.acted:
            break
        assert THEIRS in text, f"lost at step {steps}"
        steps += 1
    assert steps > 25


def test_whoever_found_the_old_file_and_opens_it_late_loses_nothing(tmp_path: Path) -> None:
    """The name was looked up before the exchange, and the file is opened at any later step."""
    dry = Adversary(tmp_path / "x.md", deletes, -1)
    released: list[int] = []

    def note(fd: int, release: Callable[[int], None] = linux.release_lease) -> None:
        released.append(dry.calls - 1)
        release(fd)

    with pytest.MonkeyPatch.context() as patched:
        (tmp_path / "x.md").write_bytes(OLD)
        patched.setattr(linux, "release_lease", note)
        dry.lurk(patched)
        rewrite(tmp_path, "x.md", tick)
    # The first lease is for reading. Just before the second one is given back, somebody is looked
    # for a last time.
    last = released[1] - 1
    assert last > 25
    for at in range(last + 1):
        _, text, _ = play(tmp_path / str(at), opens_late, at)
        assert THEIRS in text, f"lost at step {at}"


def test_a_file_deleted_at_any_step_is_not_made_anew(tmp_path: Path) -> None:
    steps = 0
    while True:
        root = tmp_path / str(steps)
        adversary, _, _ = play(root, deletes, steps)
        if not adversary.acted:
            break
        assert not (root / "x.md").exists(), f"made anew at step {steps}"
        steps += 1


def test_somebody_who_writes_during_every_change_does_not_starve_it(tmp_path: Path) -> None:
    """At last the file is changed under a lease, and the others wait for that."""
    file = tmp_path / "x.md"
    file.write_bytes(OLD)
    waiting: list[Thread] = []
    changes = 0

    def change(data: bytes) -> bytes:
        nonlocal changes
        changes += 1
        try:
            append(file, os.O_NONBLOCK)
        except BlockingIOError:
            waiting.append(Thread(target=append, args=(file, 0)))
            waiting[-1].start()
        return tick(data)

    result = rewrite(tmp_path, "x.md", change)
    for thread in waiting:
        thread.join()
    assert len(waiting) == 1
    assert file.read_bytes() == tick(OLD) + changes * THEIRS
    assert result.rescued == ()
    assert [path.name for path in tmp_path.iterdir()] == ["x.md"]


def test_a_file_that_is_half_written_is_changed_once_it_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.md"
    file.write_bytes(OLD)
    refused = Event()
    real = linux.request_lease

    def request(fd: int, *, write: bool = False) -> Lease:
        answer = real(fd, write=write)
        if answer is Lease.BUSY:
            refused.set()
        return answer

    monkeypatch.setattr(linux, "request_lease", request)
    with ThreadPoolExecutor(1) as pool:
        with file.open("wb", buffering=0) as other:
            other.write(THEIRS)
            rewriting = pool.submit(rewrite, tmp_path, "x.md", tick)
            assert refused.wait(20)
            other.write(OLD)
        assert rewriting.result().before == THEIRS + OLD
    assert file.read_bytes() == THEIRS + tick(OLD)


def test_the_content_that_was_read_is_changed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attempts that fail for other reasons do not parse the file again."""
    (tmp_path / "x.md").write_bytes(OLD)
    real = linux.exchange
    exchanges = changes = 0

    def mode_changes(folder: int, one: str, other: str) -> None:
        nonlocal exchanges
        exchanges += 1
        if exchanges == 1:
            raise BlockingIOError
        real(folder, one, other)

    def change(data: bytes) -> bytes:
        nonlocal changes
        changes += 1
        return tick(data)

    monkeypatch.setattr(linux, "exchange", mode_changes)
    rewrite(tmp_path, "x.md", change)
    assert (exchanges, changes) == (2, 1)


def test_a_mode_set_meanwhile_stays(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_bytes(OLD)
    adversary = Adversary(file, lambda it: it.file.chmod(0o640), 0)
    while True:
        file.write_bytes(OLD)
        file.chmod(0o600)
        adversary.acted, adversary.acting, adversary.calls = False, False, 0
        with pytest.MonkeyPatch.context() as patched:
            adversary.lurk(patched)
            rewrite(tmp_path, "x.md", tick)
        if not adversary.acted:
            break
        # Between the last check and the exchange, nobody can tell.
        assert file.stat().st_mode & 0o777 == 0o640 or adversary.at > 25
        adversary.at += 1


def test_newer_and_newer_versions_end_with_the_newest_in_place(tmp_path: Path) -> None:
    """Every exchange finds that somebody has just replaced the file."""
    (tmp_path / "x.md").write_bytes(OLD)
    real = linux.exchange
    written: list[bytes] = []

    def crowded(folder: int, one: str, other: str) -> None:
        if len(written) < 4:
            written.append(OLD + b"version %d\n" % len(written))
            (tmp_path / ".theirs").write_bytes(written[-1])
            (tmp_path / ".theirs").replace(tmp_path / "x.md")
        real(folder, one, other)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(linux, "exchange", crowded)
        result = rewrite(tmp_path, "x.md", tick)
    assert (tmp_path / "x.md").read_bytes() == tick(written[-1])
    kept = {(tmp_path / name).read_bytes() for name in result.rescued}
    assert {path.name for path in tmp_path.iterdir()} == {"x.md", *result.rescued}
    assert kept <= set(written)


OTHER = """
import os, sys, time
path, style, first, last = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
for number in range(first, last):
    line = b"edit %d.\\n" % number
    if style == "append":
        with open(path, "ab") as file:
            file.write(line)
    elif style == "replace":
        data = open(path, "rb").read() + line
        with open(path + "~", "wb") as file:
            file.write(data)
        os.replace(path + "~", path)
    else:
        data = open(path, "rb").read() + line
        with open(path, "wb", buffering=0) as file:
            file.write(data[:1000])
            file.write(data[1000:])
    until = time.perf_counter() + 0.001
    while time.perf_counter() < until:
        pass
"""


STEADY = """
import os, random, sys, time
path, pause = sys.argv[1], float(sys.argv[2])
random.seed(1)
number = 0
while not os.path.exists(path + ".stop"):
    with open(path, "ab") as file:
        file.write(b"edit %d.\\n" % number)
    number += 1
    if number == 1:
        print("begun", flush=True)
    time.sleep(random.uniform(0, pause))
print(number, flush=True)
"""


def naive(root: Path) -> tuple[str, ...]:
    data = toggle((root / "x.md").read_bytes())
    (root / ".mine").write_bytes(data)
    (root / ".mine").replace(root / "x.md")
    return ()


def careful(root: Path) -> tuple[str, ...]:
    try:
        return rewrite(root, "x.md", toggle).rescued
    except WriteRefused as refusal:
        return refusal.rescued


def toggle(data: bytes) -> bytes:
    if b"- [ ] tick me\n" in data:
        return tick(data)
    if b"- [x] tick me due:2026-11-20\n" in data:
        return data.replace(b"- [x] tick me due:2026-11-20\n", b"- [ ] tick me\n")
    raise NotThere


def lost_edits(
    root: Path, style: str, write: Callable[[Path], tuple[str, ...]], edits: range
) -> int:
    """How many edits of another process are nowhere, after we have written all the while."""
    file = root / "x.md"
    rescued: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, str(file), style, str(edits.start), str(edits.stop)]
    ) as other:
        while other.poll() is None:
            with suppress(NotThere, FileNotFoundError):
                rescued += write(root)
    text = file.read_bytes() + b"".join((root / name).read_bytes() for name in rescued)
    return sum(b"edit %d.\n" % number not in text for number in edits)


@contextmanager
def steady_appender(file: Path, pause: float) -> Iterator[list[str]]:
    """Another program that appends lines without a rest; its lines are there at the end."""
    lines: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-c", STEADY, str(file), str(pause)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "begun\n"
        try:
            yield lines
        finally:
            file.with_name(f"{file.name}.stop").touch()
        lines += [f"edit {number}." for number in range(int(other.stdout.readline()))]


@pytest.mark.parametrize("pause", [0, 0.002])
def test_an_appender_that_never_rests_starves_no_edit_and_loses_no_line(
    tmp_path: Path, pause: float
) -> None:
    file = tmp_path / "x.md"
    file.write_bytes(OLD)
    with steady_appender(file, pause) as theirs:
        for _ in range(5):
            assert rewrite(tmp_path, "x.md", toggle).rescued == ()
    lines = file.read_text().splitlines()
    assert lines == [*toggle(OLD).decode().splitlines(), *theirs]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.md", "x.md.stop"]


def test_appending_more_often_than_a_large_file_is_parsed_starves_no_edit(tmp_path: Path) -> None:
    file = write(tmp_path, {"ada/2026-11-03.md": BUSY}) / "ada/2026-11-03.md"
    folders = Folders([tmp_path])
    first, second, *_ = folders.read().leads[0].actions
    with steady_appender(file, 0.1) as theirs:
        for action in (first, second):
            folders.edit(SetStatus(action.task, Status.DONE, date(2026, 11, 20)))
    wanted = BUSY
    for number in range(2):
        line = f"- [x] item {number} ✅ 2026-11-20"
        wanted = wanted.replace(f"- [ ] item {number}\n", f"{line}\n", 1)
    assert file.read_text().splitlines() == [*wanted.splitlines(), *theirs]


@pytest.mark.parametrize("style", ["append", "replace", "in-place"])
def test_a_crowd_of_edits_loses_nothing_where_a_naive_write_does(
    tmp_path: Path, style: str
) -> None:
    (tmp_path / "x.md").write_bytes(OLD)
    assert lost_edits(tmp_path, style, careful, range(300)) == 0
    control, until = 0, time.monotonic() + 20
    for start in range(1000, 100_000, 300):
        (tmp_path / "x.md").write_bytes(OLD)
        control += lost_edits(tmp_path, style, naive, range(start, start + 300))
        if control or time.monotonic() > until:
            break
    assert control > 0, "the control shows that the test could have caught us"
