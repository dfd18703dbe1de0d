"""Every part is worked on, and answered once, whatever becomes of the copies."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.records import write
from tldash.workspace import parallel
from tldash.workspace.folders import Folders

HERE = os.getpid()
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def files_open() -> set[str]:
    """Return the open files, each with its number. Others may be closed at any time."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found.add(f"{entry.name} {entry.readlink()}")
    return {name for name in found if not name.endswith(f"/proc/{HERE}/fd")}


def children() -> set[int]:
    """Return the children of this process. Other tests may have left some."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == HERE:
                found.add(int(entry.name))
    return found


def work(part: int) -> tuple[int, int]:
    return part, part * part


def only_elsewhere(part: int) -> tuple[int, int]:
    """Work that this process comes to only where the others have failed."""
    assert os.getpid() != HERE
    return part, part * part


def killed_at(number: int) -> Callable[[int], tuple[int, int]]:
    def work(part: int) -> tuple[int, int]:
        if part == number and os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return part, part * part

    return work


def faulty_elsewhere(part: int) -> tuple[int, int]:
    if os.getpid() != HERE:
        raise ValueError
    return part, part * part


def not_to_be_sent(part: int) -> tuple[int, object]:
    return part, part * part if os.getpid() == HERE else lambda: None


@settings(max_examples=20)
@given(st.integers(0, 300), st.integers(0, 3), st.integers(0, 300))
def test_each_part_is_answered_once(parts: int, copies: int, fatal: int) -> None:
    before = children()
    for what in (work, killed_at(fatal), faulty_elsewhere, not_to_be_sent):
        found = list(parallel.run(range(parts), what, copies))
        assert sorted(found) == [(part, (part, part * part)) for part in range(parts)]
    assert children() <= before


def test_the_copies_go_on_while_this_process_is_at_one_part() -> None:
    begun, end = os.pipe()
    taken, take = os.pipe()
    there: list[int] = []

    def slow(part: int) -> int:
        if os.getpid() == HERE:
            os.write(take, b".")
            os.read(begun, 1)
        else:
            if not there:
                os.read(taken, 1)  # until this process has its one part
            there.append(part)
            if len(there) == 49:
                os.write(end, b".")
        return os.getpid()

    found = dict(parallel.run(range(50), slow, 1))
    assert list(found.values()).count(HERE) == 1
    for pipe in (begun, end, taken, take):
        os.close(pipe)


def test_results_of_a_copy_come_while_it_works() -> None:
    waiting, wait = os.pipe()
    held, hold = os.pipe()
    done: list[int] = []

    def slow(part: int) -> int:
        done.append(part)
        if os.getpid() != HERE and len(done) == 2:  # the first result has been written
            os.write(wait, b".")
            os.read(held, 1)
        elif os.getpid() == HERE and len(done) == 1:
            os.read(waiting, 1)
        return os.getpid()

    found = parallel.run(range(50), slow, 1)
    assert next(found)[1] == HERE
    assert next(found)[1] != HERE
    os.write(hold, b".")
    assert len(list(found)) == 48
    for pipe in (waiting, wait, held, hold):
        os.close(pipe)


def test_a_fault_here_is_raised_and_leaves_nothing_behind() -> None:
    def faulty(part: int) -> int:
        raise ValueError(part)

    before, family = files_open(), children()
    with pytest.raises(ValueError, match=r"\d"):
        list(parallel.run(range(3), faulty, 2))
    assert children() <= family
    assert files_open() <= before


def test_whoever_asks_no_more_leaves_nothing_behind() -> None:
    before, family = files_open(), children()
    found = parallel.run(range(100), work, 2)
    next(found)
    found.close()
    assert children() <= family
    assert files_open() <= before


def test_more_parts_than_the_list_has_room_for() -> None:
    many = range(100_000)
    assert sorted(parallel.run(many, int, 1)) == [(part, part) for part in many]


def test_where_there_can_be_no_copies_all_is_done_here(monkeypatch) -> None:
    def no_more() -> int:
        raise BlockingIOError

    monkeypatch.setattr("os.fork", no_more)
    before = files_open()
    assert [made for _, made in parallel.run(range(3), work, 2)] == [(0, 0), (1, 1), (2, 4)]
    assert files_open() <= before


def test_copies_only_where_they_are_safe_and_of_use(monkeypatch) -> None:
    monkeypatch.setattr("threading.active_count", lambda: 1)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(16)))
    assert parallel.count_children() == parallel.MAX_CHILDREN
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {3, 5})
    assert parallel.count_children() == 1
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {3})
    assert parallel.count_children() == 0
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(16)))
    monkeypatch.setattr("threading.active_count", lambda: 2)
    assert parallel.count_children() == 0


def test_a_shared_reading_finds_what_one_alone_finds(tmp_path, monkeypatch) -> None:
    files = {
        f"{lead}/sessions/{n:03}.md": f"- [ ] {lead} {n}\n" for lead in "abc" for n in range(90)
    }
    folder = write(tmp_path / "many", files | {"coaching.yaml": "coach: Zoe\n", "b/bad.md": "\0"})
    alone = Folders([folder])
    alone.read()
    monkeypatch.setattr("tldash.workspace.root.PARALLEL_FROM", 100)
    monkeypatch.setattr("threading.active_count", lambda: 1)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2})
    together = Folders([folder])
    assert together.read() == alone.workspace
    (one,), (other,) = together._parts, alone._parts
    assert list(one.records.items()) == list(other.records.items())
    assert one.stamps == other.stamps
    before = together.workspace
    assert all(a is b for a, b in zip(together.read().leads, before.leads, strict=True))
