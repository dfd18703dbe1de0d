"""Results of the service, in order, while files change and edits are made."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from tests.support.records import write
from tldash.editing.edits import SetStatus
from tldash.history.journal import Journal
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
    UndoApplied,
    WatchStatus,
)
from tldash.service.service import Service, describe_watching
from tldash.storage.watch import Batch
from tldash.storage.watch import Watching as Watch
from tldash.workspace.folders import Folders

ON = date(2026, 11, 9)
PATIENCE = 20.0
"""Seconds after which a test fails."""


Kind = TypeVar("Kind", bound=Result)


class Listener:
    """Collects results, and waits for one of a kind."""

    def __init__(self) -> None:
        self.results: queue.Queue[Result] = queue.Queue()

    def __call__(self, result: Result) -> None:
        self.results.put(result)

    def wait(self, kind: type[Kind], wanted: Callable[[Kind], bool] | None = None) -> Kind:
        while True:
            result = self.results.get(timeout=PATIENCE)
            assert not isinstance(result, ServiceFailed) or kind is ServiceFailed, result
            if isinstance(result, kind) and (wanted is None or wanted(result)):
                return result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "coaching", {"ada/lead.md": "# Ada\n- [ ] a\n", "ada/bad.md": b"\xff"})


@pytest.fixture
def results() -> Listener:
    return Listener()


@pytest.fixture
def service(folder: Path) -> Iterator[Service]:
    running = Service(Folders([folder]))
    yield running
    running.stop()


@contextmanager
def stopping(running: Service) -> Iterator[Service]:
    """End the threads with the test; otherwise the process would wait for them."""
    try:
        yield running
    finally:
        running.stop()


def texts(workspace: Workspace) -> list[str]:
    return [action.task.text for lead in workspace.leads for action in lead.actions]


def task(service: Service) -> Task:
    return service.folders.workspace.leads[0].actions[0].task


def test_the_workspace_is_published_first(service, results):
    assert service.first(PATIENCE) is not None
    service.connect(results)
    assert texts(results.wait(FolderRead).workspace) == ["a"]


def test_a_change_on_disk_is_published(service, results, folder):
    service.connect(results)
    results.wait(FolderRead)
    write(folder, {"ada/lead.md": "# Ada\n- [ ] b\n", "ben/lead.md": "- [ ] c\n"})
    results.wait(FolderRead, lambda result: texts(result.workspace) == ["b", "c"])
    (folder / "ben/lead.md").unlink()
    results.wait(FolderRead, lambda result: texts(result.workspace) == ["b"])


def test_an_edit_is_written_and_published(service, results, folder):
    service.connect(results)
    results.wait(FolderRead)
    seen = task(service)
    edit = SetStatus(seen, Status.DONE, ON)
    service.apply([edit])
    known = results.wait(FolderRead)
    assert known.workspace.leads[0].actions[0].status is Status.DONE
    assert results.wait(EditsApplied) == EditsApplied((EditWritten(edit, already=False),))
    assert (folder / "ada/lead.md").read_text() == "# Ada\n- [x] a ✅ 2026-11-09\n"
    service.apply([edit])
    assert results.wait(EditsApplied) == EditsApplied((EditWritten(edit, already=True),))


def test_a_refused_edit_is_published_with_the_current_line(service, results, folder):
    service.connect(results)
    results.wait(FolderRead)
    seen = task(service)
    write(folder, {"ada/lead.md": "# Ada\n- [ ] a due:2026-11-20\n"})
    service.apply([SetStatus(seen, Status.DONE, ON)])
    (refused,) = results.wait(EditsApplied).outcomes
    assert isinstance(refused, EditFailed)
    assert refused.edit == SetStatus(seen, Status.DONE, ON)
    assert "somebody changed this line" in refused.message
    assert refused.found == "- [ ] a due:2026-11-20"
    (folder / "ada/lead.md").unlink()
    service.apply([SetStatus(seen, Status.DONE, ON)])
    (refused,) = results.wait(EditsApplied).outcomes
    assert isinstance(refused, EditFailed)
    assert "no longer exists" in refused.message
    assert not (folder / "ada/lead.md").exists()


def test_an_edit_that_is_not_recorded_says_so(tmp_path, results):
    folder = write(tmp_path, {"ada/lead.md": "- [ ] a\n", "state": "where a folder should be"})
    journal = Journal(tmp_path / "state", folder, datetime.now)
    with stopping(Service(Folders([folder], lambda _: journal))) as service:
        service.connect(results)
        results.wait(FolderRead)
        service.apply([SetStatus(task(service), Status.DONE, ON)])
        (written,) = results.wait(EditsApplied).outcomes
        assert isinstance(written, EditWritten)
        assert written.warning.startswith("this edit can be undone only until tldash ends: ")
        service.undo()
        results.wait(UndoApplied)
        assert (folder / "ada/lead.md").read_text() == "- [ ] a\n"


def test_an_edit_too_large_to_be_undone_says_so(tmp_path, results, monkeypatch):
    monkeypatch.setattr("tldash.history.journal.EDIT_SIZE_LIMIT", 100)
    folder = write(tmp_path / "coaching", {"ada/lead.md": "- [ ] a\n"})
    journal = Journal(tmp_path / "state", folder, datetime.now)
    with stopping(Service(Folders([folder], lambda _: journal))) as service:
        service.connect(results)
        results.wait(FolderRead)
        service.apply([SetStatus(task(service), Status.DONE, ON)])
        (written,) = results.wait(EditsApplied).outcomes
        assert isinstance(written, EditWritten)
        assert (
            written.warning == "this edit cannot be undone: it is too large for the list of edits"
        )


def test_loading_a_text(service, results, folder):
    service.connect(results)
    service.load_text("ada/lead.md")
    assert results.wait(TextLoaded) == TextLoaded("ada/lead.md", "# Ada\n- [ ] a\n")
    service.load_text("ada/bad.md")
    bad = results.wait(TextLoaded)
    assert bad.text is None
    assert "UTF-8" in bad.error
    service.load_text("ada/none.md")
    assert "no longer exists" in results.wait(TextLoaded).error
    assert service.absolute("ada/lead.md") == folder / "ada/lead.md"


def test_reread(service, results):
    service.connect(results)
    first = results.wait(FolderRead)
    service.reread()
    assert results.wait(FolderRead).workspace == first.workspace


def test_a_folder_that_goes_and_comes_back(service, results, folder):
    service.connect(results)
    results.wait(FolderRead)
    folder.rename(folder.with_name("elsewhere"))
    assert results.wait(WatchStatus).warning == "the folder is gone: coaching"
    folder.with_name("elsewhere").rename(folder)
    assert results.wait(WatchStatus).warning == ""
    write(folder, {"ada/lead.md": "# Ada\n- [ ] b\n"})
    results.wait(FolderRead, lambda result: texts(result.workspace) == ["b"])


def test_a_long_first_read_publishes_progress(tmp_path, results, monkeypatch):
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
        long.connect(results)
        listening.set()
        heard = [results.wait(ReadProgress) for _ in done]
        assert [result.done for result in heard] == done
        assert [len(result.workspace.leads) for result in heard] == [n // 201 for n in done]
        assert long.first_progress == heard[-1]
        assert len(results.wait(FolderRead).workspace.leads) == 3


def test_stop_cancels_a_long_first_read(tmp_path, monkeypatch):
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


def test_unexpected_exceptions_are_published(service, results):
    service.connect(results)
    results.wait(FolderRead)
    service.load_text("\udcff/\0")
    assert results.wait(TextLoaded).text is None
    service._then(service._submit(lambda: 1 // 0), results)
    assert isinstance(results.wait(ServiceFailed).error, ZeroDivisionError)


def test_nothing_is_published_after_stop(folder, results):
    service = Service(Folders([folder]))
    service.connect(results)
    results.wait(FolderRead)
    service.stop()
    write(folder, {"ada/lead.md": "# Ada\n- [ ] later\n"})
    service._watch.shutdown(wait=True)
    while not results.results.empty():
        result = results.results.get()
        assert not isinstance(result, FolderRead) or texts(result.workspace) == ["a"]


def test_first_returns_none_on_timeout(tmp_path):
    service = Service(Folders([write(tmp_path, {f"{number}.md": "" for number in range(600)})]))
    assert service.first(0) is None
    service.stop()


def test_an_exception_of_the_watcher_is_published(service, results):
    service.folders.roots = (object(),)  # nothing that could be watched
    service.connect(results)
    assert isinstance(results.wait(ServiceFailed).error, TypeError)


def test_stop_cancels_queued_requests(service, results):
    service.connect(results)
    results.wait(FolderRead)
    gate = threading.Event()
    service._submit(gate.wait)
    service.reread()
    ending = threading.Thread(target=service.stop)
    ending.start()
    service._stop.wait(PATIENCE)
    gate.set()
    ending.join(PATIENCE)
    assert not ending.is_alive()
    trees = service.folders.trees
    service._read_changes(
        Batch(frozenset({(0, "ada/lead.md")}), trees, "sweep", Watch(events=True))
    )
    assert not any(
        isinstance(result, FolderRead | ServiceFailed) for result in results.results.queue
    )


@pytest.mark.parametrize(
    ("watching", "note"),
    [
        (Watch(events=True), ""),
        (Watch(events=None, reason="starting"), ""),
        (Watch(events=False, reason="a network drive"), "sweeps only: a network drive"),
    ],
)
def test_only_slow_watching_has_a_warning(service, watching, note):
    assert service.first(PATIENCE) is not None
    batch = Batch(frozenset(), service.folders.trees, "sweep", watching)
    assert describe_watching(batch, service.folders.roots) == note


def test_a_request_after_the_end_is_ignored(tmp_path: Path) -> None:
    folder = write(tmp_path, {"ada/2026-11-03.md": "- [ ] call\n"})
    service = Service(Folders([folder]))
    found: list[Result] = []
    service.connect(found.append)
    assert service.first(PATIENCE) is not None
    service.stop()
    before = len(found)
    now = datetime(2026, 11, 9).astimezone()
    service.reread()
    service.load_text("ada/2026-11-03.md")
    service.find_readers(())
    service.read_repository()
    service.find_activity(now)
    service.undo()
    assert len(found) == before
