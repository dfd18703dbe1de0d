"""The folders kept live: what is said, in which order, while files change."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest

from tests.support.records import write
from tldash.editing.edits import SetStatus
from tldash.model.records import Status, Task, Workspace
from tldash.service.results import (
    EditFailed,
    EditsApplied,
    EditWritten,
    FolderRead,
    ReadProgress,
    Result,
    ServiceFailed,
    TextLoaded,
    WatchStatus,
)
from tldash.service.service import Service
from tldash.storage.watch import Batch
from tldash.storage.watch import Watching as Watch
from tldash.workspace.folders import Folders

ON = date(2026, 11, 9)
PATIENCE = 20.0
"""Seconds after which a test has failed: nothing waits so long where all is well."""


Kind = TypeVar("Kind", bound=Result)


class Ear:
    """Hears every word, and waits for the one that a test is about."""

    def __init__(self) -> None:
        self.words: queue.Queue[Result] = queue.Queue()

    def __call__(self, word: Result) -> None:
        self.words.put(word)

    def wait(self, kind: type[Kind], wanted: Callable[[Kind], bool] | None = None) -> Kind:
        while True:
            word = self.words.get(timeout=PATIENCE)
            assert not isinstance(word, ServiceFailed) or kind is ServiceFailed, word
            if isinstance(word, kind) and (wanted is None or wanted(word)):
                return word


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "coaching", {"ada/lead.md": "# Ada\n- [ ] a\n", "ada/bad.md": b"\xff"})


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def live(folder: Path) -> Iterator[Service]:
    running = Service(Folders([folder]))
    yield running
    running.stop()


@contextmanager
def stopping(running: Service) -> Iterator[Service]:
    """Its threads end with the test, however that ends: else the process would wait for them."""
    try:
        yield running
    finally:
        running.stop()


def texts(workspace: Workspace) -> list[str]:
    return [action.task.text for lead in workspace.leads for action in lead.actions]


def task(live: Service) -> Task:
    return live.folders.workspace.leads[0].actions[0].task


def test_what_is_known_is_said_first(live, ear):
    assert live.first(PATIENCE) is not None
    live.connect(ear)
    assert texts(ear.wait(FolderRead).workspace) == ["a"]


def test_a_change_by_anybody_is_told(live, ear, folder):
    live.connect(ear)
    ear.wait(FolderRead)
    write(folder, {"ada/lead.md": "# Ada\n- [ ] b\n", "ben/lead.md": "- [ ] c\n"})
    ear.wait(FolderRead, lambda word: texts(word.workspace) == ["b", "c"])
    (folder / "ben/lead.md").unlink()
    ear.wait(FolderRead, lambda word: texts(word.workspace) == ["b"])


def test_a_wish_that_comes_true(live, ear, folder):
    live.connect(ear)
    ear.wait(FolderRead)
    wished = task(live)
    edit = SetStatus(wished, Status.DONE, ON)
    live.apply([edit])
    known = ear.wait(FolderRead)
    assert known.workspace.leads[0].actions[0].status is Status.DONE
    assert ear.wait(EditsApplied) == EditsApplied((EditWritten(edit, already=False),))
    assert (folder / "ada/lead.md").read_text() == "# Ada\n- [x] a ✅ 2026-11-09\n"
    live.apply([edit])
    assert ear.wait(EditsApplied) == EditsApplied((EditWritten(edit, already=True),))


def test_a_wish_that_does_not(live, ear, folder):
    live.connect(ear)
    ear.wait(FolderRead)
    wished = task(live)
    write(folder, {"ada/lead.md": "# Ada\n- [ ] a due:2026-11-20\n"})
    live.apply([SetStatus(wished, Status.DONE, ON)])
    (refused,) = ear.wait(EditsApplied).outcomes
    assert isinstance(refused, EditFailed)
    assert refused.edit == SetStatus(wished, Status.DONE, ON)
    assert "somebody changed this line" in refused.message
    assert refused.found == "- [ ] a due:2026-11-20"
    (folder / "ada/lead.md").unlink()
    live.apply([SetStatus(wished, Status.DONE, ON)])
    (refused,) = ear.wait(EditsApplied).outcomes
    assert isinstance(refused, EditFailed)
    assert "not there any more" in refused.message
    assert not (folder / "ada/lead.md").exists()


def test_reading_a_file(live, ear, folder):
    live.connect(ear)
    live.load_text("ada/lead.md")
    assert ear.wait(TextLoaded) == TextLoaded("ada/lead.md", "# Ada\n- [ ] a\n")
    live.load_text("ada/bad.md")
    bad = ear.wait(TextLoaded)
    assert bad.text is None
    assert "UTF-8" in bad.error
    live.load_text("ada/none.md")
    assert "not there" in ear.wait(TextLoaded).error
    assert live.absolute("ada/lead.md") == folder / "ada/lead.md"


def test_reading_again(live, ear):
    live.connect(ear)
    first = ear.wait(FolderRead)
    live.reread()
    assert ear.wait(FolderRead).workspace == first.workspace


def test_a_folder_that_goes_and_comes_back(live, ear, folder):
    live.connect(ear)
    ear.wait(FolderRead)
    folder.rename(folder.with_name("elsewhere"))
    assert ear.wait(WatchStatus).warning == "the folder is gone: coaching"
    folder.with_name("elsewhere").rename(folder)
    assert ear.wait(WatchStatus).warning == ""
    write(folder, {"ada/lead.md": "# Ada\n- [ ] b\n"})
    ear.wait(FolderRead, lambda word: texts(word.workspace) == ["b"])


def test_a_long_first_reading_tells_how_far_it_is(tmp_path, ear, monkeypatch):
    monkeypatch.setattr("tldash.model.progress.FIRST_REPORT_AFTER", 0.0)
    monkeypatch.setattr("tldash.model.progress.REPORT_INTERVAL", 0.0)
    files = {f"{lead}/{day:03}.md": "- [ ] a\n" for lead in "abc" for day in range(200)}
    files |= {f"{lead}/lead.md": "" for lead in "abc"}
    listening = threading.Event()

    class Slow(Folders):
        def read(self, progress=None):
            listening.wait()
            return super().read(progress)

    done = [lead * 201 + part for lead in range(3) for part in (0, 64, 128, 192)]
    with stopping(Service(Slow([write(tmp_path / "long", files)]))) as long:
        long.connect(ear)
        listening.set()
        heard = [ear.wait(ReadProgress) for _ in done]
        assert [word.done for word in heard] == done
        assert [len(word.workspace.leads) for word in heard] == [n // 201 for n in done]
        assert long.first_progress == heard[-1]
        assert len(ear.wait(FolderRead).workspace.leads) == 3


def test_a_long_first_reading_is_broken_off_when_it_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr("tldash.model.progress.FIRST_REPORT_AFTER", 0.0)
    monkeypatch.setattr("tldash.model.progress.REPORT_INTERVAL", 0.0)
    half_way, left = threading.Event(), threading.Event()

    class Slow(Folders):
        done = 0

        def read(self, progress=None):
            assert progress is not None

            def told(done, of, so_far) -> None:
                self.done = done
                if done:
                    half_way.set()
                    left.wait(PATIENCE)
                progress(done, of, so_far)

            return super().read(told)

    slow = Slow([write(tmp_path / "long", {f"{n:03}.md": "- [ ] a\n" for n in range(600)})])
    with stopping(Service(slow)) as long:
        half_way.wait(PATIENCE)
        long._stop.set()
        left.set()
    assert slow.done == 64
    assert not slow.workspace.leads


def test_a_fault_of_ours_is_told_rather_than_swallowed(live, ear):
    live.connect(ear)
    ear.wait(FolderRead)
    live.load_text("\udcff/\0")
    assert ear.wait(TextLoaded).text is None
    live._then(live._submit(lambda: 1 // 0), ear)
    assert isinstance(ear.wait(ServiceFailed).error, ZeroDivisionError)


def test_after_the_end_nothing_is_said(folder, ear):
    live = Service(Folders([folder]))
    live.connect(ear)
    ear.wait(FolderRead)
    live.stop()
    write(folder, {"ada/lead.md": "# Ada\n- [ ] later\n"})
    live._watch.shutdown(wait=True)
    while not ear.words.empty():
        word = ear.words.get()
        assert not isinstance(word, FolderRead) or texts(word.workspace) == ["a"]


def test_a_first_reading_that_takes_longer_than_one_waits(tmp_path):
    live = Service(Folders([write(tmp_path, {f"{number}.md": "" for number in range(600)})]))
    assert live.first(0) is None
    live.stop()


def test_a_fault_of_the_watcher_is_told(live, ear):
    live.folders.roots = (object(),)  # nothing that could be watched
    live.connect(ear)
    assert isinstance(ear.wait(ServiceFailed).error, TypeError)


def test_what_still_waits_at_the_end_is_not_begun(live, ear):
    live.connect(ear)
    ear.wait(FolderRead)
    gate = threading.Event()
    live._submit(gate.wait)
    live.reread()
    ending = threading.Thread(target=live.stop)
    ending.start()
    live._stop.wait(PATIENCE)
    gate.set()
    ending.join(PATIENCE)
    assert not ending.is_alive()
    trees = live.folders.trees
    live._read_changes(Batch(frozenset({(0, "ada/lead.md")}), trees, "sweep", Watch(events=True)))
    assert not any(isinstance(word, FolderRead | ServiceFailed) for word in ear.words.queue)


@pytest.mark.parametrize(
    ("watching", "note"),
    [
        (Watch(events=True), ""),
        (Watch(events=None, reason="starting"), ""),
        (Watch(events=False, reason="a network drive"), "sweeps only: a network drive"),
    ],
)
def test_the_viewer_is_told_only_of_watching_that_is_slow(live, watching, note):
    assert live.first(PATIENCE) is not None
    assert live._warning(Batch(frozenset(), live.folders.trees, "sweep", watching)) == note
