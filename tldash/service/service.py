"""The folders kept live: one thread reads and writes, another watches, and both only send word.

Everything that touches a file happens on the files thread, in turn, so that a process has one
reader and one writer and the screen never waits for a disk. What came of it is handed to `publish`
as a value; nothing is changed behind the screen's back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tldash.editing.edits import Edit, Refused, SetStatus
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Status, Task, Workspace
from tldash.service import results
from tldash.service.results import NotTakenBack, NotWritten, Several, TakenBack, Written
from tldash.workspace import merge

if TYPE_CHECKING:
    from tldash.activity.detect import Event
    from tldash.history.journal import Entry
    from tldash.service.preload import Source
    from tldash.storage.watch import Batch, Watcher
    from tldash.user.last_seen import Seen
    from tldash.workspace.folders import Change, Folders
    from tldash.workspace.undo import Taken

__all__ = [
    "Failed",
    "Known",
    "Live",
    "Looked",
    "Made",
    "NotTakenBack",
    "NotWritten",
    "Opened",
    "Publish",
    "Reading",
    "Several",
    "TakenBack",
    "Watching",
    "Word",
    "Written",
]

Sizes = dict[tuple[int, str], int]
"""Of files, by their opened folder and the path in it; in bytes."""
SETTLE: Final = 0.3
"""Seconds for which a file that has become shorter in place may go on changing unseen."""
STILL: Final = 0.06
"""Seconds after which one that stays as long as it is seems written, unless it is empty."""
SETTLE_STEP: Final = 0.02


@frozen
class Reading:
    """A first reading on its way."""

    done: int
    of: int
    workspace: Workspace
    """The leads of which every file was read."""


@frozen
class Known:
    """What the folders hold now."""

    workspace: Workspace
    asked: bool = False
    """Whether the viewer asked to look at everything again."""


@frozen
class Watching:
    """How changes are noticed, and whether the folders are there at all."""

    note: str
    """Empty where everything is as it should be; else a sentence."""


@frozen
class Made:
    """A session's file was made, or could not be."""

    lead_id: str
    path: str
    trouble: str = ""
    """Why it was not made."""


@frozen
class Looked:
    """What happened since the viewer last looked, and when that was."""

    events: tuple[Event, ...]
    when: datetime


@frozen
class Opened:
    """The text of a file that somebody wants to read."""

    path: str
    text: str | None
    problem: str


@frozen
class Failed:
    """A fault of ours on one of the threads: never swallowed."""

    error: BaseException


Word = (
    Reading
    | Known
    | Watching
    | Written
    | NotWritten
    | Several
    | TakenBack
    | NotTakenBack
    | Made
    | Looked
    | Opened
    | Failed
)
Publish = Callable[[Word], None]


class Live:
    """The files thread and the watching thread of some folders."""

    def __init__(self, source: Source, recall: Callable[[], Seen] | None = None) -> None:
        """Begin to read; `source` is the folders, or the process that reads them.

        `recall` answers with what the viewer has seen; without it nothing is remembered.
        """
        self._source = source
        self._recall = recall
        self._files = ThreadPoolExecutor(1, thread_name_prefix="files")
        self._stop = threading.Event()
        self._watch = ThreadPoolExecutor(1, thread_name_prefix="watch")
        self._publish: Publish | None = None
        self._watcher: Watcher | None = None
        self._read_at = time.monotonic()
        self.so_far: Reading | None = None
        """How far a long first reading has come."""
        self._first = self._files.submit(source.read, self._progress)

    @property
    def folders(self) -> Folders:
        """The folders, to be asked on the files thread; while they are read, it waits."""
        return self._source.opened()

    def first(self, patience: float) -> Workspace | None:
        """What the first reading found, if it ends within so many seconds.

        One that has told already how far it is takes long, and is not waited for.
        """
        if self.so_far is not None and not self._first.done():
            return None
        try:
            return self._first.result(patience)
        except TimeoutError:
            return None

    def connect(self, publish: Publish) -> None:
        """Send word to `publish` from now on, beginning with what is known; start to watch."""
        self._publish = publish
        if self.so_far is not None and not self._first.done():
            self._say(self.so_far)  # told before anybody listened

        def first(workspace: Workspace) -> None:
            self._say(Known(workspace))
            self._then(self._watch.submit(self._watching), lambda _: None)

        self._then(self._first, first)

    def stop(self, now: datetime | None = None) -> None:
        """End both threads; a write under way is finished first, a first reading is broken off.

        With `now`, what is known is remembered as seen.
        """
        self._stop.set()
        self._files.shutdown(wait=True, cancel_futures=True)
        self._watch.shutdown(wait=False)
        if now is not None and self._recall is not None:
            self._recall().save(self.folders.workspace, now)

    def since(self, now: datetime) -> None:
        """Ask what happened since the viewer last looked; the answer, if any, is Looked."""

        def job() -> Looked | None:
            snapshot = self._recall().load() if self._recall is not None else None
            if snapshot is None:
                return None
            return Looked(snapshot.events(self.folders.workspace, now), snapshot.when)

        def answer(word: Looked | None) -> None:
            if word is not None:
                self._say(word)

        self._then(self._submit(job), answer)

    def age(self) -> float:
        """Seconds since every file of the folders was last looked at."""
        swept = self._watcher.swept_at if self._watcher is not None else 0.0
        return time.monotonic() - max(swept, self._read_at)

    def reread(self) -> None:
        """Look at the whole folder again."""

        def job() -> Workspace:
            return self.folders.read()

        def read(workspace: Workspace) -> None:
            self._read_at = time.monotonic()
            self._say(Known(workspace, asked=True))

        self._then(self._submit(job), read)

    def set_status(self, task: Task, status: Status, on: date) -> None:
        """Wish for a task item to have a status; the answer is Written or NotWritten."""
        self.edit(SetStatus(task, status, on))

    def edit(self, edit: Edit, batch: str = "") -> None:
        """Wish for something to be changed, added or removed; the answer carries the wish.

        Those of one `batch` are undone in one go.
        """
        self._then(self._submit(lambda: results.edited(self.folders, edit, batch)), self._answer)

    def edit_all(self, edits: Sequence[Edit], batch: str) -> None:
        """Wish for several edits in one go; the answer is Several."""

        def job() -> Word:
            return results.edited_all(self.folders, edits, batch)

        self._then(self._submit(job), self._answer)

    def undo(self) -> None:
        """Wish for the newest edit to be undone; the answer is TakenBack or NotTakenBack."""
        self._take("undone", lambda folders: folders.undo())

    def redo(self) -> None:
        """Wish for the edit undone last to be made again; the answer is as for `undo`."""
        self._take("done again", lambda folders: folders.redo())

    def let_go(self, entry: Entry) -> None:
        """Wish for an edit never to be undone; the answer is as for `undo`."""
        self._take("let go", lambda folders: folders.let_go(entry))

    def _take(self, how: str, step: Callable[[Folders], Taken]) -> None:
        def job() -> Word:
            return results.taken(self.folders, how, step)

        self._then(self._submit(job), self._answer)

    def _answer(self, word: Word) -> None:
        self._say(Known(self.folders.workspace))
        self._say(word)

    def plan(self, lead: Lead, now: datetime, day: date) -> None:
        """Wish for the file of a session to come; the answer is Made."""

        def job() -> Word:
            from tldash.create import new_files

            try:
                return Made(lead.id, new_files.create_session(self.folders, lead, now, day))
            except Refused as error:
                return Made(lead.id, "", error.message)

        self._then(self._submit(job), self._answer)

    def open(self, path: str) -> None:
        """Ask for the text of a file; the answer is Opened."""

        def job() -> Word:
            from tldash.formats.text import NotText
            from tldash.storage.walk import Unreadable

            try:
                return Opened(path, self.folders.text(path), "")
            except (Unreadable, NotText) as error:
                return Opened(path, None, error.message)

        self._then(self._submit(job), self._say)

    def absolute(self, path: str) -> Path:
        """Where a file lies on disk, for an editor."""
        root, inside = merge.located(self._source.places, path)
        return root / inside

    # The threads

    def _submit(self, job: Callable[[], object]) -> Future[object]:
        return self._files.submit(job)

    def _then(self, future: Future[Any], say: Callable[..., None]) -> None:
        """Once it is done, hand its result to `say`; a fault of ours is told instead."""

        def finished(done: Future[Any]) -> None:
            if done.cancelled():
                return
            error = done.exception()
            if error is not None:
                self._say(Failed(error))
            else:
                say(done.result())

        future.add_done_callback(finished)

    def _say(self, word: Word) -> None:
        if self._publish is not None and not self._stop.is_set():
            self._publish(word)

    def _progress(self, done: int, of: int, so_far: Callable[[], Workspace]) -> None:
        if self._stop.is_set():
            raise CancelledError  # nobody waits for the rest
        self.so_far = Reading(done, of, so_far())
        self._say(self.so_far)

    def _watching(self) -> None:
        from tldash.storage.watch import Watcher  # after the first screen

        self._watcher = Watcher(self.folders.roots, baseline=self.folders.trees)
        note = ""
        for batch in self._watcher.batches(self._stop):
            if (said := self._note(batch)) != note:
                note = said
                self._say(Watching(note))
            if batch.changed and not self._stop.is_set():
                self._take_in(batch)

    def _settle(self, changes: Sequence[Change]) -> Sizes:
        """Give an editor that saves in place the time to write what it has just emptied.

        The sizes of the files that are shorter all the same.
        """
        since = began = time.monotonic()
        before: Sizes = {}
        while True:
            sizes, now = self.folders.shrunk(changes), time.monotonic()
            if sizes != before or not all(sizes.values()):
                since = now
            if not sizes or now - since >= STILL or now - began >= SETTLE:
                return sizes
            if self._stop.wait(SETTLE_STEP):
                return sizes
            before = sizes

    def _note(self, batch: Batch) -> str:
        """What the viewer should know about watching; nothing where all is well."""
        if batch.gone:
            names = ", ".join(self.folders.roots[index].name for index in sorted(batch.gone))
            return f"the folder is gone: {names}"
        return str(batch.watching) if batch.watching.events is False else ""

    def _take_in(self, batch: Batch) -> None:
        changes = _changes(batch)
        with suppress(CancelledError, RuntimeError):  # the files thread has ended since we looked
            for last in (False, True):
                if self._taken_in(changes, self._settle(changes), last):
                    return

    def _taken_in(self, changes: Sequence[Change], settled: Sizes, last: bool) -> bool:
        """Read these files; unless one was emptied since they settled, and may be full soon."""

        def job() -> Workspace | None:
            emptied = self.folders.shrunk(changes).items() - settled.items()
            return self.folders.refresh(changes) if last or not emptied else None

        def known(workspace: Workspace | None) -> None:
            if workspace is not None:
                self._say(Known(workspace))

        future = self._files.submit(job)
        self._then(future, known)
        return future.exception() is not None or future.result() is not None


def _changes(batch: Batch) -> Sequence[Change]:
    from tldash.workspace.folders import Change

    by_root: dict[int, set[str]] = {}
    for root, path in batch.changed:
        by_root.setdefault(root, set()).add(path)
    return [Change(root, frozenset(paths)) for root, paths in sorted(by_root.items())]
