"""Folders read by a forked child equal those read here, even if the child fails."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.hostile_content.generate import make as make_hostile
from tests.service.test_service import Listener
from tests.support.records import write
from tldash.editing.edits import SetStatus
from tldash.model.records import Status, Workspace
from tldash.service import preload
from tldash.service.preload import Preload
from tldash.service.results import EditsApplied, EditWritten, FolderRead
from tldash.service.service import Service
from tldash.workspace.folders import Change, Folders
from tldash.workspace.labels import NoFolder

SAMPLE = Path(__file__).parents[2] / "sample-data"
HERE = os.getpid()
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def no_list(_: Path) -> None:
    """Return no history."""


def elsewhere(*folders: Path, kind: type[Folders] = Folders) -> Preload:
    return Preload(lambda: kind(folders), no_list)


def is_over(reader: Preload) -> bool:
    """Whether the child has ended and was waited for."""
    try:
        os.waitpid(reader._process, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


@pytest.fixture
def coaching(tmp_path: Path) -> Path:
    files = {
        f"{lead}/sessions/2026-11-{day:02}.md": f"# {lead}\n\n- [ ] {lead} {day} due:2026-12-01\n"
        for lead in ("ada", "ben", "cleo")
        for day in (2, 9, 16)
    }
    return write(tmp_path / "coaching", files)


def texts(workspace: Workspace) -> list[str]:
    return [action.task.text for lead in workspace.leads for action in lead.actions]


def test_the_child_reads_what_the_parent_would_read(tmp_path):
    make_hostile(tmp_path / "hostile", 300)
    for folders in ([SAMPLE], [tmp_path / "hostile"], [SAMPLE, tmp_path / "hostile"]):
        here, reader = Folders(folders), elsewhere(*folders)
        assert reader.read() == here.read()
        opened = reader.opened()
        assert (reader.places, opened.roots) == (here.places, here.roots)
        assert opened.trees == here.trees
        assert [part.records for part in opened._parts] == [part.records for part in here._parts]
        assert is_over(reader)


def test_objects_shared_in_the_child_are_shared_in_the_parent(coaching):
    reader = elsewhere(coaching)
    workspace = reader.read()
    opened = reader.opened()
    assert opened.workspace is workspace
    assert reader.opened() is opened
    (part,) = opened._parts
    for lead in workspace.leads:
        for session in lead.sessions:
            tasks = tuple(action.task for action in session.actions)
            assert all(a is b for a, b in zip(tasks, part.records[session.path].tasks, strict=True))


def test_unchanged_files_are_not_read_again(coaching):
    reader = elsewhere(coaching)
    before = reader.read()
    opened = reader.opened()
    again = opened.read()
    assert all(a is b for a, b in zip(before.leads, again.leads, strict=True))
    write(coaching, {"ben/sessions/2026-11-09.md": "- [ ] other\n"})
    after = opened.refresh([Change(0, frozenset({"ben/sessions/2026-11-09.md"}))])
    assert "other" in texts(after)
    assert [a is b for a, b in zip(before.leads, after.leads, strict=True)] == [True, False, True]


def test_preloaded_folders_can_be_edited(coaching):
    results, service = Listener(), Service(elsewhere(coaching))
    service.connect(results)
    known = results.wait(FolderRead).workspace
    action = known.leads[0].actions[0]
    path = service.absolute(action.task.path)
    assert path == coaching / action.task.path
    edit = SetStatus(action.task, Status.DONE, date(2026, 11, 20))
    service.apply([edit])
    assert results.wait(EditsApplied).outcomes == (EditWritten(edit),)
    assert "- [x] ada 2 due:2026-12-01" in path.read_text()
    service.stop()


def test_the_child_reports_progress(coaching, monkeypatch):
    monkeypatch.setattr("tldash.model.progress.FIRST_REPORT_AFTER", 0.0)
    monkeypatch.setattr("tldash.model.progress.REPORT_INTERVAL", 0.0)
    told = []
    reader = elsewhere(coaching)
    reader.read(lambda done, of, so_far: told.append((done, of, so_far())))
    assert [(done, of) for done, of, _ in told] == [(0, 9)]
    assert isinstance(told[0][2], Workspace)
    assert texts(reader.opened().workspace)


def die() -> None:
    """Kill this process, unless it is the parent."""
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)


class DiesFirst(Folders):
    """The child dies before it reads."""

    def read(self, progress=None) -> Workspace:
        die()
        return super().read(progress)


class DiesThen(Folders):
    """The child dies after it sent the workspace."""

    def __getstate__(self) -> dict[str, object]:
        die()
        return self.__dict__


class DiesMidway(Folders):
    """The child dies while it sends."""

    def read(self, progress=None) -> Workspace:
        found = super().read(progress)
        return found if os.getpid() == HERE else (0, 1, Cut(found))


class Cut:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def __reduce__(self) -> tuple[Callable[[], None], tuple[()]]:
        die()
        return die, ()


class Faulty(Folders):
    """Reading raises in the child."""

    def read(self, progress=None) -> Workspace:
        assert os.getpid() == HERE
        return super().read(progress)


@pytest.mark.parametrize("kind", [DiesFirst, DiesThen, DiesMidway, Faulty])
def test_the_parent_reads_if_the_child_dies(coaching, kind, capfd):
    reader = elsewhere(coaching, kind=kind)
    assert reader.read() == Folders([coaching]).read()
    assert reader.places == {"": coaching}
    assert texts(reader.opened().workspace) == texts(Folders([coaching]).read())
    assert is_over(reader)
    assert capfd.readouterr() == ("", "")


def test_no_fork_with_threads_or_one_processor(coaching, monkeypatch):
    def make() -> Folders:
        return Folders([coaching])

    monkeypatch.setattr("threading.active_count", lambda: 1)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    reader = preload.start(make, no_list)
    assert reader is not None
    assert texts(reader.read()) == texts(make().read())
    reader.opened()
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0})
    assert preload.start(make, no_list) is None
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr("threading.active_count", lambda: 2)
    assert preload.start(make, no_list) is None


def test_the_parent_reads_if_fork_fails(coaching, monkeypatch):
    def no_more() -> int:
        raise BlockingIOError

    monkeypatch.setattr("threading.active_count", lambda: 1)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr("os.fork", no_more)
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert preload.start(lambda: Folders([coaching]), no_list) is None
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_folder_that_disappears_is_reported_by_the_parent(tmp_path):
    reader = elsewhere(tmp_path / "gone")
    for ask in (reader.read, lambda: reader.places):
        with pytest.raises(NoFolder):
            ask()
    assert is_over(reader)


ORPHAN = """
import os, types
from tldash.service.preload import Preload
big = types.SimpleNamespace(places={"folder": "x" * 1_000_000})
started = Preload(lambda: big, None)
print(started._process, flush=True)
os.kill(os.getpid(), 9)
"""


def test_the_child_ends_if_its_parent_is_killed() -> None:
    """It writes more than fits into the pipe, which nobody reads any more."""
    done = subprocess.run(
        [sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, check=False, timeout=20
    )
    child = Path(f"/proc/{int(done.stdout)}/stat")
    until = time.monotonic() + 20
    while child.exists() and ") Z " not in child.read_text():
        assert time.monotonic() < until, "the child is still there"
