"""Every change is reported, whatever happens to the folder, with or without events."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread

import pytest

from tldash.storage import linux, notify, watch
from tldash.storage.notify import NOTHING, Changed, EventSource, Inotify, Watchfiles
from tldash.storage.walk import Tree, walk
from tldash.storage.watch import QUIET, Batch, Watcher

PATIENCE = 20.0
"""Seconds after which a test gives up; none of them waits for it to pass."""


class Deaf:
    """A file system that sends no events."""

    def watch(self, folders: object) -> bool:
        raise OSError(38, "no events here")

    def wait(self, seconds: float) -> Changed:
        raise AssertionError

    def close(self) -> None:
        return


class Listener:
    """Collects what a watcher reports."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.stop = Event()
        self.queue: Queue[Batch] = Queue()
        self.thread = Thread(target=self.run)
        self.last: Batch | None = None

    def run(self) -> None:
        for batch in self.watcher.batches(self.stop):
            self.queue.put(batch)

    def until(self, enough: Callable[[Batch, set[tuple[int, str]]], bool]) -> list[Batch]:
        """Wait for the batch that is enough; returns all up to it."""
        batches: list[Batch] = []
        changed: set[tuple[int, str]] = set()
        until = time.monotonic() + PATIENCE
        while True:
            try:
                batch = self.queue.get(timeout=until - time.monotonic())
            except (Empty, ValueError):
                pytest.fail(f"not reported; so far: {sorted(changed)}")
            batches.append(batch)
            changed |= batch.changed
            self.last = batch
            if enough(batch, changed):
                return batches

    def until_changed(self, *paths: str) -> list[Batch]:
        return self.until(lambda _, changed: {(0, path) for path in paths} <= changed)


@contextmanager
def watching(
    *roots: Path,
    source: Callable[[], EventSource] = notify.open_source,
    sweep_every: float = 3600.0,
    baseline: tuple[Tree, ...] | None = None,
) -> Iterator[Listener]:
    """A watcher that is ready, with no sweeps unless asked for: what is seen, events have told."""
    listener = Listener(
        Watcher(
            roots,
            baseline=tuple(map(walk, roots)) if baseline is None else baseline,
            sweep_every=sweep_every,
            source=source,
        )
    )
    listener.thread.start()
    try:
        listener.until(lambda *_: True)
        yield listener
    finally:
        listener.stop.set()
        listener.thread.join()


def save(path: Path, text: str) -> None:
    """As most editors save: beside the file, then in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    spare = path.with_name("." + path.name)
    spare.write_text(text)
    spare.replace(path)


@pytest.fixture(params=[Inotify, Watchfiles, Deaf])
def source(request: pytest.FixtureRequest) -> Callable[[], EventSource]:
    chosen: Callable[[], EventSource] = request.param
    return chosen


def pace(source: Callable[[], EventSource]) -> float:
    """Sweeps are made only where there is nothing else."""
    return 0.01 if source is Deaf else 3600.0


def test_every_way_of_saving_is_reported(tmp_path: Path, source: Callable[[], EventSource]) -> None:
    file = tmp_path / "ada" / "x.md"
    save(file, "one")
    with watching(tmp_path, source=source, sweep_every=pace(source)) as listener:
        save(file, "two")
        listener.until_changed("ada/x.md")
        with file.open("a") as handle:
            handle.write("three")
        listener.until_changed("ada/x.md")
        file.rename(file.with_name("y.md"))
        listener.until_changed("ada/x.md", "ada/y.md")
        assert listener.last is not None
        assert list(listener.last.trees[0].files) == ["ada/y.md"]
        file.with_name("y.md").unlink()
        listener.until(lambda batch, _: not batch.trees[0].files)


def test_folders_made_with_a_file_in_them(
    tmp_path: Path, source: Callable[[], EventSource]
) -> None:
    wanted = [f"a{n}/b/c/x{n}.md" for n in range(60)]
    with watching(tmp_path, source=source, sweep_every=pace(source)) as listener:
        for path in wanted:
            (tmp_path / path).parent.mkdir(parents=True)
            (tmp_path / path).write_text("- [ ] x\n")
        listener.until_changed(*wanted)
        save(tmp_path / wanted[0], "and it is watched from then on")
        listener.until(
            lambda batch, _: batch.trees[0].files[wanted[0]].size > 20,
        )


def test_a_switch_of_branches_is_one_batch(tmp_path: Path) -> None:
    """Its events come at once here, since a busy machine may interrupt any program for long."""
    names = [f"ada/{n}.md" for n in range(500)]
    for name in names:
        save(tmp_path / name, "one")
    switched = Event()

    class Held(Inotify):
        def wait(self, seconds: float) -> Changed:
            return super().wait(seconds) if switched.wait(seconds) else NOTHING

    with watching(tmp_path, source=Held) as listener:
        subprocess.run(
            [sys.executable, "-c", SWITCH, str(tmp_path / "ada")], check=True, timeout=PATIENCE
        )
        switched.set()
        batches = listener.until_changed(*names)
    assert len(batches) == 1


def test_a_file_is_reported_once_it_is_closed_and_others_meanwhile(
    tmp_path: Path, source: Callable[[], EventSource]
) -> None:
    save(tmp_path / "x.md", "one")
    save(tmp_path / "y.md", "one")
    with watching(tmp_path, source=source, sweep_every=pace(source)) as listener:
        before = walk(tmp_path).files["x.md"]
        with (tmp_path / "x.md").open("w") as handle:
            handle.write("tw")
            handle.flush()
            save(tmp_path / "y.md", "two")
            save(tmp_path / "new.md", "two")
            batches = listener.until_changed("y.md", "new.md")
            assert (0, "x.md") not in {place for batch in batches for place in batch.changed}
            assert batches[-1].trees[0].files["x.md"] == before
            handle.write("o")
        (batch, *_) = listener.until_changed("x.md")
        assert batch.trees[0].files["x.md"].size == 3
        assert not batch.still_open


def test_a_file_that_stays_open_is_reported_in_the_end(
    tmp_path: Path, source: Callable[[], EventSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then each time that it changes, until it is closed."""
    monkeypatch.setattr(watch, "OPEN_PATIENCE", 0.0)
    save(tmp_path / "x.md", "one")
    with watching(tmp_path, source=source, sweep_every=pace(source)) as listener:
        with (tmp_path / "x.md").open("a") as handle:
            for size in (4, 5):
                handle.write("!")
                handle.flush()
                batch = listener.until(lambda batch, _: (0, "x.md") in batch.changed)[-1]
                assert batch.still_open == {(0, "x.md")}
                assert batch.trees[0].files["x.md"].size == size
        save(tmp_path / "x.md", "two")
        listener.until(lambda batch, _: (0, "x.md") in batch.changed and not batch.still_open)


SWITCH = """
import os, sys
os.chdir(sys.argv[1])
for n in range(500):
    os.unlink(f"{n}.md")
    with open(f"{n}.md", "w") as file:
        file.write("two")
"""


def test_of_some_changed_files_among_many_no_sweep_is_needed(tmp_path: Path) -> None:
    names = [f"ada/{n}.md" for n in range(500)]
    for name in names:
        save(tmp_path / name, "one")
    with watching(tmp_path) as listener:
        swept = listener.watcher.swept_at
        for name in names[:100]:
            (tmp_path / name).write_text("two")
        listener.until_changed(*names[:100])
        assert listener.watcher.swept_at == swept


def test_many_files_that_change_one_after_the_other_are_gathered(tmp_path: Path) -> None:
    """As from a slow network: each comes just after the moment that a single change waits."""
    names = [f"{n}.md" for n in range(100)]
    for name in names:
        save(tmp_path / name, "one")

    class Trickle(Inotify):
        def __init__(self) -> None:
            super().__init__()
            self.left = list(names)

        def wait(self, seconds: float) -> Changed:
            if not self.left or seconds <= QUIET:
                return super().wait(seconds if not self.left else 0)
            (tmp_path / self.left.pop(0)).write_text("two")
            return super().wait(0)

    with watching(tmp_path, source=Trickle) as listener:
        batches = listener.until_changed(*names)
    assert len(batches) < len(names) / 3


def test_an_editor_that_moves_the_file_away_and_makes_it_anew_deletes_nothing(
    tmp_path: Path,
) -> None:
    file = tmp_path / "x.md"
    save(file, "one")
    with watching(tmp_path) as listener:
        for number in range(20):
            file.rename(tmp_path / "x.md~")
            file.write_text("two" * number)
            (tmp_path / "x.md~").unlink()
            for batch in listener.until_changed("x.md"):
                assert "x.md" in batch.trees[0].files


@pytest.mark.parametrize("waits", [1, 5])
def test_a_file_that_comes_back_a_moment_later_was_never_deleted(
    tmp_path: Path, waits: int
) -> None:
    """Later than that, only if an editor has renamed it to a backup."""
    file = tmp_path / "x.md"
    save(file, "one")
    if waits > 1:
        save(tmp_path / "x.md~", "one")

    class Returning(Event):
        """The file is there again once the watcher has waited for it."""

        waited = 0

        def wait(self, timeout: float | None = None) -> bool:
            self.waited += 1
            if self.waited == waits:
                file.write_text("two, by another hand")
            return super().wait(0)

    batches = Watcher([tmp_path], baseline=[walk(tmp_path)], sweep_every=3600).batches(Returning())
    next(batches)
    file.unlink()
    batch = next(batches)
    assert batch.changed == {(0, "x.md")}
    assert batch.trees[0].files["x.md"].size == 20


def test_a_file_made_before_its_new_folder_is_watched_is_found(tmp_path: Path) -> None:
    class Late(Inotify):
        """A file appears after the walk has seen the new folder, and before the watch."""

        def watch(self, folders: Iterable[str]) -> bool:
            folders = list(folders)
            if str(tmp_path / "new") in folders and not (tmp_path / "new" / "x.md").exists():
                (tmp_path / "new" / "x.md").write_text("- [ ] x\n")
            return super().watch(folders)

    with watching(tmp_path, source=Late) as listener:
        (tmp_path / "new").mkdir()
        listener.until_changed("new/x.md")


def test_what_was_changed_before_the_watch_began(tmp_path: Path) -> None:
    save(tmp_path / "x.md", "one")
    save(tmp_path / "y.md", "one")
    read = walk(tmp_path)
    save(tmp_path / "x.md", "two")
    (tmp_path / "y.md").unlink()
    listener = Listener(Watcher([tmp_path], baseline=[read], sweep_every=3600))
    batch = next(listener.watcher.batches(listener.stop))
    assert batch.changed == {(0, "x.md"), (0, "y.md")}
    assert batch.watching.events


def test_a_root_that_goes_and_comes_back(tmp_path: Path, source: Callable[[], EventSource]) -> None:
    root = tmp_path / "root"
    save(root / "ada" / "x.md", "one")
    with watching(root, source=source, sweep_every=0.01) as listener:
        root.rename(tmp_path / "elsewhere")
        batch = listener.until(lambda batch, _: batch.gone == {0})[-1]
        assert list(batch.trees[0].files) == ["ada/x.md"], "kept, as last seen"
        save(tmp_path / "elsewhere" / "ada" / "x.md", "not ours any more")
        save(root / "ada" / "x.md", "three")
        listener.until(lambda batch, changed: not batch.gone and (0, "ada/x.md") in changed)
        save(root / "ada" / "x.md", "watched again")
        listener.until(lambda batch, _: batch.trees[0].files["ada/x.md"].size == 13)


def test_a_root_made_anew_is_watched_by_events_again(tmp_path: Path) -> None:
    root = tmp_path / "root"
    with watching(root, sweep_every=0.01) as listener:
        assert listener.last is not None
        assert listener.last.gone == {0}
        save(root / "x.md", "one")
        listener.until_changed("x.md")
        save(root / "x.md", "two, a little longer")
        listener.until(lambda batch, _: batch.trees[0].files["x.md"].size == 20)


def test_without_events_it_says_so_and_finds_two_edits_in_one_moment(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    save(file, "one")
    with watching(tmp_path, source=Deaf, sweep_every=0.01) as listener:
        assert not listener.watcher.watching.events
        assert str(listener.watcher.watching) == "sweeps only: no events here"
        for text in ("two", "three"):
            status = file.stat()
            file.write_text(text[:3])
            os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
            listener.until_changed("x.md")


def test_an_edit_that_leaves_no_trace_in_the_stamp_is_reported_by_a_second_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tldash.storage.watch.SECOND_LOOK", 0.05)
    save(tmp_path / "x.md", "one")
    with watching(tmp_path, sweep_every=0.01) as listener:
        save(tmp_path / "x.md", "two")
        stamp = listener.until_changed("x.md")[-1].trees[0].files["x.md"]
        assert listener.until_changed("x.md")[-1].trees[0].files["x.md"] == stamp


class Flaky(Inotify):
    """Stops working once, in the middle."""

    broken: Event = Event()

    def wait(self, seconds: float) -> Changed:
        if not self.broken.is_set():
            self.broken.set()
            raise RuntimeError("unable to decode a path")
        return super().wait(seconds)


def test_events_that_fail_are_got_back_and_nothing_is_missed(tmp_path: Path) -> None:
    save(tmp_path / "x.md", "one")
    with watching(tmp_path, source=Flaky) as listener:
        assert Flaky.broken.wait(PATIENCE)
        save(tmp_path / "x.md", "two")
        listener.until_changed("x.md")
        assert listener.watcher.watching.events


def test_a_name_that_is_no_utf8_blinds_nobody(
    tmp_path: Path, source: Callable[[], EventSource]
) -> None:
    with watching(tmp_path, source=source, sweep_every=0.01) as listener:
        os.close(os.open(os.fsencode(tmp_path) + b"/caf\xe9.md", os.O_CREAT | os.O_WRONLY))
        listener.until(lambda batch, _: [p.code for p in batch.trees[0].problems] == ["bad-name"])
        save(tmp_path / "x.md", "one")
        listener.until_changed("x.md")


def test_an_overflowing_queue_leads_to_a_sweep(tmp_path: Path) -> None:
    """The reader of the events is kept from reading until the queue has overflowed."""
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    save(tmp_path / "x.md", "one")
    held, go = Event(), Event()

    class Slow(Inotify):
        def wait(self, seconds: float) -> Changed:
            held.set()
            assert go.wait(PATIENCE)
            return super().wait(seconds)

    with watching(tmp_path, source=Slow) as listener:
        assert held.wait(PATIENCE)
        noise = [tmp_path / "noise.txt", tmp_path / "other.txt"]
        for file in noise:
            file.touch()
        for number in range(limit + 100):
            os.utime(noise[number % 2])
        save(tmp_path / "x.md", "two, unheard")
        go.set()
        listener.until_changed("x.md")


def test_leftovers_of_editors_and_version_control_wake_nobody(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with watching(tmp_path) as listener:
        for name in (".git/x.md", ".x.md.swp", "x.md~", "4913", ".#x.md", "picture.png"):
            (tmp_path / name).write_text("noise")
        save(tmp_path / "x.md", "one")
        batches = listener.until_changed("x.md")
    assert [batch.changed for batch in batches] == [{(0, "x.md")}]


def test_two_roots_one_inside_the_other(tmp_path: Path) -> None:
    save(tmp_path / "ada" / "x.md", "one")
    with watching(tmp_path, tmp_path / "ada") as listener:
        save(tmp_path / "ada" / "x.md", "two")
        listener.until(lambda _, changed: changed == {(0, "ada/x.md"), (1, "x.md")})


def test_what_becomes_a_pipe_or_a_link_is_noticed(tmp_path: Path) -> None:
    save(tmp_path / "x.md", "one")
    with watching(tmp_path) as listener:
        (tmp_path / "x.md").unlink()
        os.mkfifo(tmp_path / "x.md")
        listener.until(lambda batch, _: [p.code for p in batch.trees[0].problems] == ["not-a-file"])
        (tmp_path / "x.md").unlink()
        save(tmp_path / "x.md", "two")
        listener.until(
            lambda batch, _: not batch.trees[0].problems and "x.md" in batch.trees[0].files
        )


@pytest.mark.system
def test_the_limit_of_watches_leaves_the_sweeps(tmp_path: Path) -> None:
    save(tmp_path / "ada" / "x.md", "one")
    done = subprocess.run(
        ["unshare", "-Ur", sys.executable, "-c", LIMITED, str(tmp_path)],
        check=True, capture_output=True, text=True, timeout=PATIENCE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "sweeps only: the system limit of watched folders is reached",
        "ada/x.md",
    ]


LIMITED = """
import sys, threading
from pathlib import Path
from tldash.storage.walk import walk
from tldash.storage.watch import Watcher
Path("/proc/sys/user/max_inotify_watches").write_text("1")
root = Path(sys.argv[1])
stop = threading.Event()
batches = Watcher([root], baseline=[walk(root)], sweep_every=0.01).batches(stop)
print(next(batches).watching)
(root / "ada" / "x.md").write_text("two")
print(*(path for _, path in next(batches).changed))
"""


def test_a_file_with_a_second_name_is_followed_under_the_first(tmp_path: Path) -> None:
    save(tmp_path / "x.md", "one")
    with watching(tmp_path) as listener:
        os.link(tmp_path / "x.md", tmp_path / "y.md")
        listener.until(lambda batch, _: batch.trees[0].aliases == {"y.md": "x.md"})
        (tmp_path / "y.md").write_text("two")
        listener.until_changed("x.md")
        (tmp_path / "x.md").unlink()
        listener.until_changed("y.md")
        assert listener.last is not None
        assert list(listener.last.trees[0].files) == ["y.md"]


def test_how_changes_are_found_is_not_known_before_the_first_look(tmp_path: Path) -> None:
    watcher = Watcher([tmp_path], baseline=[walk(tmp_path)])
    assert (watcher.watching.events, str(watcher.watching)) == (None, "starting")
    stop = Event()
    batches = watcher.batches(stop)
    assert next(batches).watching.events is True
    stop.set()
    assert list(batches) == []
    assert (watcher.watching.events, str(watcher.watching)) == (None, "stopped")


def test_a_drive_that_others_change_unseen_is_said_to_be_swept_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = {str(tmp_path): 0x6969}
    monkeypatch.setattr(linux, "file_system_type", lambda folder: kinds.get(folder, 0xEF53))
    with watching(tmp_path, sweep_every=0.01) as listener:
        assert listener.last is not None
        said = str(listener.last.watching)
        assert said == "sweeps only: this file system sends no change events"
        save(tmp_path / "x.md", "found all the same")
        listener.until_changed("x.md")
        kinds.clear()
        listener.until(lambda batch, _: batch.watching.events is True)


def test_the_kind_of_a_file_system_is_what_the_system_says(tmp_path: Path) -> None:
    def said(folder: Path) -> int:
        told = subprocess.run(["stat", "-f", "-c", "%t", folder], capture_output=True, check=True)
        return int(told.stdout, 16)

    assert linux.file_system_type("/proc") == said(Path("/proc")) == 0x9FA0
    assert linux.file_system_type(str(tmp_path)) == said(tmp_path)
    assert linux.file_system_type(str(tmp_path / "gone")) == 0
