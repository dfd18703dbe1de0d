"""Read, edit, watch and search the opened folders on threads, and publish results as values.

The files thread runs every call that reads or writes a file, in order of request. So a process has
one reader and one writer, and the screen never waits for a disk. The watch thread only finds out
which files changed. The search thread reads text, while the search screen is open, and the log
thread the history of git, while a screen shows it. The git thread reads the state of the repository
and syncs; files that a sync writes are read as those of any other program. Nothing else changes the
workspace: the screen shows an edit once it is read back from its file.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tldash.editing.edits import Edit, Refused
from tldash.formats.text import NotText
from tldash.model.places import PlacesFound
from tldash.model.records import Lead, Moment, SessionStatus, Workspace, is_private
from tldash.service.results import (
    ActivitySince,
    BriefSaved,
    ConversationFound,
    DayShown,
    FilesCreated,
    FolderRead,
    NamesFound,
    ReadProgress,
    RepositoryRead,
    Result,
    ServiceFailed,
    SyncProgress,
    TextLoaded,
    UndoStep,
    WatchStatus,
)
from tldash.workspace.labels import NoFolder, split_path

if TYPE_CHECKING:
    from tldash.activity.event import Event
    from tldash.activity.log import LogWanted, Subject
    from tldash.history.journal import Entry
    from tldash.insight.place_filter import PlaceFilter
    from tldash.model.name_search import NameFinder
    from tldash.model.records import Problem
    from tldash.model.repository import RepositoryStatus
    from tldash.model.sides import Sides
    from tldash.service.log import DueDateReader, LogReader
    from tldash.service.preload import Source
    from tldash.service.repository import Repositories
    from tldash.storage.watch import Batch, Watcher
    from tldash.user.conversations import ConversationStore
    from tldash.user.last_seen import LastSeen
    from tldash.workspace.folders import Change, Folders
    from tldash.workspace.name_index import NameIndex
    from tldash.workspace.text_index import TextIndex
    from tldash.workspace.undo import UndoResult

Sizes = dict[tuple[int, str], int]
"""File sizes in bytes, by number of the opened folder and path below it."""
SETTLE: Final = 0.3
"""Seconds to wait at most for a file that became shorter in place to be written in full."""
STILL: Final = 0.06
"""Seconds without a change of size after which it counts as complete, unless it is empty."""
NAMES_TURN: Final = 0.03
"""Seconds of a search for names after which an edit or another read gets its turn."""
SETTLE_STEP: Final = 0.02
"""Seconds between two looks at the size."""

Publish = Callable[[Result], object]
"""Receives results, on any thread."""


class Service:
    """The opened folders, kept in step with the disk."""

    def __init__(
        self,
        source: Source,
        recall: Callable[[], LastSeen] | None = None,
        conversations: Callable[[], ConversationStore] | None = None,
    ) -> None:
        """Start the first read on the files thread.

        `recall` returns the store of what the viewer saw last, `conversations` that of their
        conversations under way; None stores nothing.
        """
        self._source = source
        self._recall = recall
        self._conversations = conversations
        self._files = ThreadPoolExecutor(1, thread_name_prefix="files")
        self._stop = threading.Event()
        self._watch = ThreadPoolExecutor(1, thread_name_prefix="watch")
        self._earlier: Folders | None = None
        """The folders as they were on the earlier day that is shown."""
        self.history = History(lambda: self.folders, self._stop, self._send, self._then)
        self._git = _GitThread()
        self._search: ThreadPoolExecutor | None = None
        """The search thread, while something is searched."""
        self._index: tuple[Folders, TextIndex] | None = None
        """Folders, and the text of their files, for use on the search thread."""
        self._wanted = 0
        """The number of the latest search; 0 for none."""
        self._names: tuple[NameFinder, NameIndex] | None = None
        """Names, and where they are in the files, for use on the files thread."""
        self._names_asked = 0
        """The number of the latest search for names."""
        self._publish: Publish | None = None
        self._watcher: Watcher | None = None
        self._read_at = time.monotonic()
        self.first_progress: ReadProgress | None = None
        """The latest progress of the first read, if it is a long one."""
        self._first = self._files.submit(source.read, self._report_progress)

    @property
    def folders(self) -> Folders:
        """The folders that are shown, for use on the files thread. Blocks until they are read."""
        return self._earlier or self._source.opened()

    @property
    def _present(self) -> Folders:
        """The folders as they are now."""
        return self._source.opened()

    @property
    def places(self) -> Mapping[str, Path]:
        """As `Folders.places`. Blocks until they are open."""
        return self._source.places

    def first(self, timeout: float) -> Workspace | None:
        """Wait so many seconds for the first read; None if it takes longer.

        Does not wait for one that reported progress: it is a long one.
        """
        if self.first_progress is not None and not self._first.done():
            return None
        try:
            return self._first.result(timeout)
        except TimeoutError:
            return None

    def connect(self, publish: Publish) -> None:
        """Publish what is known by now, then every result; start to watch after the first read."""
        self._publish = publish
        if self.first_progress is not None and not self._first.done():
            self._send(self.first_progress)  # reported before this call

        def first(workspace: Workspace) -> None:
            self._send(FolderRead(workspace))
            self._then(self._submit(read_private), private)

        def read_private() -> Workspace | None:
            return self._present.read_private()

        def private(workspace: Workspace | None) -> None:
            if workspace is not None:
                self._send(FolderRead(workspace))
            self._then(_submit(self._watch, self._run_watcher), lambda _: None)

        self._then(self._first, first)

    def stop(
        self,
        now: datetime | None = None,
        unseen: Sequence[Event] = (),
        looked: datetime | None = None,
    ) -> None:
        """End the threads: finish the write in progress, cancel a first read and what is queued.

        A sync ends too, before its next step, and git with it.

        With `now`, store the workspace as last seen at that time, with the events that the viewer
        has not looked at since `looked`.
        """
        self._stop.set()
        self.end_search()
        self.history.stop()
        self._files.shutdown(wait=True, cancel_futures=True)
        self._git.stop()
        self._watch.shutdown(wait=False)
        if now is not None and self._recall is not None:
            self._recall().save(self._present.workspace, now, unseen, looked)

    def find_activity(self, now: datetime) -> None:
        """Compare with the workspace as last seen. Publishes ActivitySince if one was stored."""

        def job() -> ActivitySince | None:
            snapshot = self._recall().load() if self._recall is not None else None
            if snapshot is None:
                return None
            found = snapshot.events(self.folders.workspace, now)
            return ActivitySince(found, snapshot.looked or snapshot.when)

        def answer(result: ActivitySince | None) -> None:
            if result is not None:
                self._send(result)

        self._then(self._submit(job), answer)

    def age(self) -> float:
        """Seconds since every file was last checked, by a full read or a sweep of the watcher."""
        swept = self._watcher.swept_at if self._watcher is not None else 0.0
        return time.monotonic() - max(swept, self._read_at)

    def reread(self) -> None:
        """Read every file that changed. Publishes FolderRead."""

        def job() -> Workspace:
            return self.folders.read()

        def read(workspace: Workspace) -> None:
            self._read_at = time.monotonic()
            self._send(FolderRead(workspace, asked=True))

        self._then(self._submit(job), read)

    def show_day(self, day: date | None, moment: datetime | None) -> None:
        """Show the folders as git had them at a moment of a day, or (None) as they are now.

        Publishes DayShown, and for now FolderRead with what has changed. Until then, nothing is
        published about changes on disk.
        """

        def job() -> Result:
            from tldash.workspace.folders import Folders

            if moment is None:
                self._earlier = None
                self._present.read()
                return DayShown(None, None)
            try:
                earlier = Folders(self._present.roots, as_of=moment)
                workspace = earlier.read()
            except NoFolder as error:
                return DayShown(day, None, str(error))
            self._earlier = earlier
            return DayShown(day, workspace)

        def answer(shown: DayShown) -> None:
            self._send(shown)
            if shown.day is None:
                self._send(FolderRead(self._present.workspace))

        self._then(self._submit(job), answer)

    def apply(self, edits: Sequence[Edit], batch: str = "", removal: Edit | None = None) -> None:
        """Apply edits. Publishes FolderRead, then EditsApplied.

        Edits with the same `batch` are undone together; with an empty one, each on its own.
        If the only edit writes a private line into a shared file, whose `removal` follows,
        LineShared is published.
        """

        self._write(lambda jobs: jobs.apply_edits(self.folders, edits, batch, removal))

    def undo(self) -> None:
        """Undo the latest batch of edits. Publishes FolderRead, then UndoApplied or UndoFailed."""
        self._apply_undo("undone", lambda folders: folders.undo())

    def redo(self) -> None:
        """Redo the batch undone last. Publishes as `undo` does."""
        self._apply_undo("redone", lambda folders: folders.redo())

    def discard(self, entry: Entry) -> None:
        """Remove an edit from the history, so that those before it can be undone."""
        self._apply_undo("discarded", lambda folders: folders.discard(entry))

    def _apply_undo(self, step: UndoStep, call: Callable[[Folders], UndoResult]) -> None:
        self._write(lambda jobs: jobs.apply_undo(self.folders, step, call))

    def _write(self, call: Callable[[Any], Result]) -> None:
        def job() -> Result:
            from tldash.service import apply

            return call(apply)

        self._then(self._submit(job), self._answer)

    def _answer(self, result: Result) -> None:
        self._send(FolderRead(self.folders.workspace))
        self._send(result)

    def plan_session(self, lead: Lead, at: Moment, now: datetime) -> None:
        """Create the file of a session. Publishes FolderRead, then SessionPlanned."""

        def job() -> Result:
            from tldash.service import sessions

            return sessions.plan(self.folders, lead, at, now)

        self._then(self._submit(job), self._answer)

    def move_session(self, lead_id: str, place: str, wanted: Moment, now: datetime) -> None:
        """Move a session. Publishes FolderRead, then SessionEdited."""

        def job() -> Result:
            from tldash.service import sessions

            return sessions.move(self.folders, lead_id, place, wanted, now)

        self._then(self._submit(job), self._answer)

    def set_session_status(
        self, lead_id: str, place: str, status: SessionStatus | None, now: datetime
    ) -> None:
        """Set the status of a session, or (None) remove it. Publishes as `move_session` does."""

        def job() -> Result:
            from tldash.service import sessions

            return sessions.set_status(self.folders, lead_id, place, status, now)

        self._then(self._submit(job), self._answer)

    def create_files(
        self,
        files: Sequence[tuple[str, str]],
        new_lead: str,
        today: date,
        asked: tuple[str, str],
    ) -> None:
        """Create files, or those of a new lead. Publishes FolderRead, then FilesCreated.

        One undo removes them.
        """

        def job() -> Result:
            from tldash.create import new_files, templates

            try:
                if new_lead:
                    lead = templates.NewLead(new_lead, today)
                    paths = new_files.create_lead(self.folders, lead)
                else:
                    paths = new_files.create_files(self.folders, files)
            except Refused as error:
                return FilesCreated((), new_lead, error.message, asked)
            return FilesCreated(paths, new_lead, asked=asked)

        self._then(self._submit(job), self._answer)

    def save_brief(self, lead: Lead, text: str) -> None:
        """Save a brief as a new file. Publishes FolderRead, then BriefSaved."""

        def job() -> Result:
            from tldash.create import new_files

            try:
                return BriefSaved(new_files.create_brief(self.folders, lead, text))
            except Refused as error:
                return BriefSaved("", error.message)

        self._then(self._submit(job), self._answer)

    def find_conversation(self, path: str, section: str) -> None:
        """Load what is known about a session under way. Publishes ConversationFound."""

        def job() -> Result:
            found = None
            if self._conversations is not None:
                with suppress(OSError, TimeoutError):
                    found = self._conversations().load(_session_key(self.folders, path, section))
            return ConversationFound(path, found)

        self._then(self._submit(job), self._send)

    def keep_conversation(
        self, path: str, section: str, kept: tuple[int, tuple[float, ...], str] | None
    ) -> None:
        """Store part, seconds and unfinished line of a session under way, or (None) forget it.

        An error of the state folder is ignored: the shared file has everything else.
        """

        def job() -> None:
            if self._conversations is None:
                return
            key = _session_key(self.folders, path, section)
            with suppress(OSError, TimeoutError):
                if kept is None:
                    self._conversations().remove(key)
                else:
                    self._conversations().save(key, *kept)

        self._then(self._submit(job), lambda _: None)

    def load_conflict(self, path: str) -> None:
        """Compare the versions of a file in conflict. Publishes ConflictLoaded."""

        def job() -> Result:
            from tldash.service import conflicts

            return conflicts.load(self.folders, path)

        self._then(self._submit(job), self._send)

    def resolve_conflict(self, sides: Sides, text: str) -> None:
        """Write what was chosen. Publishes FolderRead, then ConflictResolved."""

        def job() -> Result:
            from tldash.service import conflicts

            return conflicts.resolve(self.folders, sides, text)

        self._then(self._submit(job), self._answer)

    def load_text(self, path: str) -> None:
        """Read the text of a file. Publishes TextLoaded."""

        def job() -> Result:
            from tldash.storage.safe_open import Unreadable  # after the first screen

            try:
                return TextLoaded(path, self.folders.read_text(path))
            except (Unreadable, NotText) as error:
                return TextLoaded(path, None, error.message)

        self._then(self._submit(job), self._send)

    def search(self, number: int, wanted: PlaceFilter) -> None:
        """Search the text of all files. Publishes PlacesFound, the last time when it is complete.

        A search with another `number` cancels this one. One for nothing only reads the files.
        """
        self._wanted = number
        if self._search is None:
            self._search = ThreadPoolExecutor(1, thread_name_prefix="search")

        def job() -> None:
            if self._wanted != number:
                return
            folders, known = self.folders, self._index
            index = known[1] if known and known[0] is folders else folders.index_texts()
            self._index = folders, index
            for found in index.search(wanted, folders.workspace, lambda: self._wanted != number):
                self._send(PlacesFound(number, *found))

        self._then(_submit(self._search, job), lambda _: None)

    def find_readers(self, paths: Sequence[str]) -> None:
        """Find out who can read these files, and the opened folders. Publishes ReadersFound."""

        def job() -> Result:
            from tldash.service.reach import find_readers  # after the first screen

            return find_readers(self.folders, paths)

        self._then(self._submit(job), self._send)

    def find_names(self, names: NameFinder | None) -> None:
        """Search the files that changed for listed names. Publishes NamesFound at the end.

        Takes turns with what else there is to do. Another call replaces this one, also for None,
        with which nothing is searched.
        """
        self._names_asked += 1
        if names is not None:
            self._find_names(names, self._names_asked)

    def _find_names(self, names: NameFinder, number: int) -> None:
        def job() -> tuple[Problem, ...] | None:
            if self._names is None or self._names[0] is not names:
                self._names = names, self.folders.index_names(names)
            end = time.monotonic() + NAMES_TURN
            return self._names[1].update(self.folders.workspace, lambda: time.monotonic() > end)

        def answer(found: tuple[Problem, ...] | None) -> None:
            if number != self._names_asked:
                return
            if found is not None:
                self._send(NamesFound(found))
            else:
                self._find_names(names, number)

        self._then(self._submit(job), answer)

    def end_search(self) -> None:
        """Cancel the search, and free the text in memory."""
        self._wanted = 0
        if self._search is not None:
            self._search.shutdown(wait=False, cancel_futures=True)
        self._search = self._index = None

    def read_repository(self) -> None:
        """Read the state of the git repository. Publishes RepositoryRead if it has changed.

        Does nothing while another read or a sync is not done. Call it after the first read.
        """

        def answer(found: RepositoryRead | None) -> None:
            if found is not None:
                self._send(found)

        if not self._git.is_busy and self._present.as_of is None:
            self._then(self._git.read(self._present), answer)

    def sync(self, now: datetime) -> None:
        """Sync the folders. Publishes SyncProgress several times, then SyncEnded."""

        def report(doing: str) -> None:
            self._send(SyncProgress(doing))

        def answer(result: Result) -> None:
            self._send(result)
            self.read_repository()

        self._then(self._git.sync(self._present, now, self._stop, report), answer)

    def absolute(self, path: str) -> Path:
        """Return the absolute path of a file of the workspace, for an editor."""
        if is_private(path):
            return self._present.absolute(path)
        root, inside = split_path(self._source.places, path)
        return root / inside

    # The threads

    def _submit(self, job: Callable[[], object]) -> Future[object]:
        return _submit(self._files, job)

    def _then(self, future: Future[Any], use: Callable[..., None]) -> None:
        """Call `use` with the result of a future; publish ServiceFailed if it raised."""

        def finished(done: Future[Any]) -> None:
            if done.cancelled():
                return
            error = done.exception()
            if error is not None:
                self._send(ServiceFailed(error))
            else:
                use(done.result())

        future.add_done_callback(finished)

    def _send(self, result: Result) -> None:
        if self._publish is not None and not self._stop.is_set():
            self._publish(result)

    def _report_progress(self, done: int, of: int, so_far: Callable[[], Workspace]) -> None:
        if self._stop.is_set():
            raise CancelledError
        self.first_progress = ReadProgress(done, of, so_far())
        self._send(self.first_progress)

    def _run_watcher(self) -> None:
        if self._present.as_of is not None:
            return  # what git had then does not change
        from tldash.storage.watch import Watcher  # after the first screen

        self._watcher = Watcher(self._present.watched, baseline=self._present.trees)
        warning = ""
        gone: frozenset[int] = frozenset()
        for batch in self._watcher.batches(self._stop):
            if (now := describe_watching(batch, self._present.roots)) != warning:
                warning = now
                self._send(WatchStatus(warning))
            if gone - batch.gone and not self._stop.is_set():
                # Changes right before a folder went away were not read.
                self._then(self._submit(self._present.read), self._send_present)
            gone = batch.gone
            if batch.changed and not self._stop.is_set():
                self._read_changes(batch)

    def _read_changes(self, batch: Batch) -> None:
        changes = _changes(batch)
        with suppress(CancelledError, RuntimeError):  # the files thread has ended meanwhile
            for last in (False, True):
                if self._read_settled(changes, self._settle(changes), last):
                    return

    def _send_present(self, workspace: Workspace | None) -> None:
        """Publish the folders as they are now, unless an earlier day is shown."""
        if workspace is not None and self._earlier is None:
            self._send(FolderRead(workspace))

    def _settle(self, changes: Sequence[Change]) -> Sizes:
        """Wait for editors that empty a file and then write it in place.

        Returns the sizes of the files that are still shorter than before.
        """
        since = began = time.monotonic()
        before: Sizes = {}
        while True:
            sizes, now = self._present.find_shrunk(changes), time.monotonic()
            if sizes != before or not all(sizes.values()):
                since = now
            if not sizes or now - since >= STILL or now - began >= SETTLE:
                return sizes
            if self._stop.wait(SETTLE_STEP):
                return sizes
            before = sizes

    def _read_settled(self, changes: Sequence[Change], settled: Sizes, last: bool) -> bool:
        """Read changed files; unless `last`, return False if one shrank again since it settled."""

        def job() -> Workspace | None:
            emptied = self._present.find_shrunk(changes).items() - settled.items()
            return self._present.refresh(changes) if last or not emptied else None

        future = self._files.submit(job)
        self._then(future, self._send_present)
        return future.exception() is not None or future.result() is not None


class History:
    """The threads that read the history of git, while a screen shows it."""

    def __init__(
        self,
        folders: Callable[[], Folders],
        stop: threading.Event,
        send: Callable[[Result], None],
        then: Callable[[Future[Any], Callable[..., None]], None],
    ) -> None:
        """Read the history of what `folders` returns until `stop`.

        `send` publishes a result, and `then` an error of a future.
        """
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="log")
        self._dates = ThreadPoolExecutor(1, thread_name_prefix="due dates")
        """Apart, so that the log and a history never wait for the commits that tell due dates."""
        self._folders = folders
        self._stop = stop
        self._send = send
        self._then = then
        self._reader: LogReader | None = None
        """The history as far as it was read, for use on the thread."""
        self._due_dates: DueDateReader | None = None
        self._logs = self._traces = 0
        """How often the log, and the history of one item, were asked for."""

    def load_log(self, wanted: LogWanted, now: datetime) -> None:
        """Read the next commits of the history, or start it again. Publishes LogLoaded.

        A later call replaces one that waits.
        """
        self._logs += 1
        number = self._logs

        def job() -> None:
            if number != self._logs:
                return
            if self._reader is None or not wanted.more:
                from tldash.service.log import LogReader

                self._reader = LogReader(self._folders(), now)
            self._send(self._reader.read(wanted, self._stop.is_set))

        self._then(_submit(self._executor, job), lambda _: None)

    def find_due_dates(self, now: datetime) -> None:
        """Read the due dates that actions had. Publishes DueDatesFound."""

        def job() -> None:
            if self._due_dates is None:
                from tldash.service.log import DueDateReader

                self._due_dates = DueDateReader()
            self._send(self._due_dates.read(self._folders(), now, self._stop.is_set))

        self._then(_submit(self._dates, job), lambda _: None)

    def trace(self, subject: Subject, now: datetime) -> None:
        """Read the history of an item, a level or a goal. Publishes SubjectTraced several times.

        A later call ends this one.
        """
        self._traces += 1
        number = self._traces

        def ended() -> bool:
            return self._stop.is_set() or number != self._traces

        def job() -> None:
            from tldash.service.log import trace

            for found in () if ended() else trace(self._folders(), subject, now, ended):
                self._send(found)

        self._then(_submit(self._executor, job), lambda _: None)

    def stop(self) -> None:
        """Cancel what waits. What is being read ends at its next step."""
        self._dates.shutdown(wait=False, cancel_futures=True)
        self._executor.shutdown(wait=False, cancel_futures=True)


class _GitThread:
    """The thread that reads the state of the repository, and syncs."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="git")
        self._repositories: Repositories | None = None
        self._known: RepositoryStatus | None = None
        """The state that was returned last."""
        self._last: Future[Any] | None = None
        """The job that was begun last. They are done one after the other."""

    @property
    def is_busy(self) -> bool:
        """Whether a job is not done."""
        return self._last is not None and not self._last.done()

    def read(self, folders: Folders) -> Future[RepositoryRead | None]:
        """Return the state of the repository; None if it is as it was."""

        def job() -> RepositoryRead | None:
            if self._repositories is None:
                from tldash.service.repository import Repositories

                self._repositories = Repositories(folders)
            found = self._repositories.read()
            if found == self._known:
                return None
            self._known = found
            return RepositoryRead(found)

        return self._submit(job)

    def sync(
        self, folders: Folders, now: datetime, stop: threading.Event, report: Callable[[str], None]
    ) -> Future[Result]:
        """Sync the folders, and return the SyncEnded."""

        def job() -> Result:
            from tldash.service import repository

            return repository.sync(folders, now, stop, report)

        return self._submit(job)

    def _submit(self, job: Callable[[], Any]) -> Future[Any]:
        self._last = _submit(self._executor, job)
        return self._last

    def stop(self) -> None:
        """Wait for the job that is running, and cancel the others."""
        self._executor.shutdown(wait=True, cancel_futures=True)


def _submit(executor: ThreadPoolExecutor, job: Callable[[], Any]) -> Future[Any]:
    """Run a job on a thread; return a cancelled future if the dashboard is ending."""
    try:
        return executor.submit(job)
    except RuntimeError:
        ended: Future[Any] = Future()
        ended.cancel()
        return ended


def _session_key(folders: Folders, path: str, section: str) -> str:
    """Return the name under which the conversation of a session is kept."""
    file = str(folders.absolute(path))
    return f"{file}#{section}" if section else file


def describe_watching(batch: Batch, roots: Sequence[Path]) -> str:
    """Return the problem with watching that the viewer should know; empty if there is none."""
    if gone := [index for index in sorted(batch.gone) if index < len(roots)]:
        names = ", ".join(roots[index].name for index in gone)
        return f"the folder is gone: {names}"
    return str(batch.watching) if batch.watching.events is False else ""


def _changes(batch: Batch) -> Sequence[Change]:
    from tldash.workspace.folders import Change

    by_root: dict[int, set[str]] = {}
    for root, path in batch.changed:
        by_root.setdefault(root, set()).add(path)
    return [
        Change(
            root,
            frozenset(paths),
            frozenset(path for path in paths if (root, path) in batch.still_open),
        )
        for root, paths in sorted(by_root.items())
    ]
