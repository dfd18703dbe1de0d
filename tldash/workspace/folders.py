"""The opened folders: what was read of them, kept in step with the disk.

The one door between the files and the rest of the program. Its calls are made from one thread at a
time (the command line's own, or the dashboard's files thread), so that there is one reader and one
writer a process. Every call that may change what is known answers with a new workspace; what is
unchanged in it are the very same objects as before.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tldash.formats.file_record import read_data
from tldash.formats.text import decode, split_lines
from tldash.insight.schedule import find_session_for
from tldash.model.dates import pluralize
from tldash.model.file_roles import FileRole
from tldash.model.frozen import frozen
from tldash.model.progress import ProgressCallback, ThrottledProgress
from tldash.model.records import Lead, Problem, Status, Task, Workspace
from tldash.storage import walk
from tldash.workspace import merge
from tldash.workspace.root import Root

if TYPE_CHECKING:
    from tldash.editing.edits import Edit
    from tldash.editing.fixes import Fixed
    from tldash.history.journal import Entry, Journal
    from tldash.storage.write import Rewritten
    from tldash.workspace.undo import Found, Step, Taken

    Remember = Callable[[Path], Journal]
    """From an opened folder to the list of the edits made in it."""


class NoFolder(Exception):
    """A folder that cannot be opened; the message says which and why."""


@frozen
class Change:
    """Paths of one opened folder that may have changed."""

    root: int
    paths: frozenset[str]


@frozen
class Mending:
    """A file, and what it would be with its problems fixed."""

    path: str
    before: bytes
    after: Fixed


class Folders:
    """One or more folders, each a lead's or one of leads, read as one workspace.

    With several, every path and lead id begins with the name of its folder, made unique.
    """

    def __init__(self, roots: Sequence[Path], remember: Remember | None = None) -> None:
        """`remember` answers with the list of edits of a folder; without it none is remembered.

        Raises NoFolder where a root is missing, is no folder, or may not be read.
        """
        self.remember = remember
        self.roots = tuple(dict.fromkeys(map(openable, roots)))
        self._parts = [
            Root(root, label)
            for root, label in zip(self.roots, merge.labels(self.roots), strict=True)
        ]
        self.workspace = Workspace("")
        self.rescued: tuple[str, ...] = ()
        """Copies that the last edit kept, because somebody wrote the file at the same moment."""

    @property
    def trees(self) -> tuple[walk.Tree, ...]:
        """What the last look at each folder found, for a watcher to go on from."""
        return tuple(part.tree for part in self._parts)

    @property
    def places(self) -> dict[str, Path]:
        """Where each folder lies, by what its paths begin with: nothing where it is alone."""
        return {part.label: part.path for part in self._parts}

    def read(self, progress: ProgressCallback | None = None) -> Workspace:
        """Look at every file; those whose stamp is as before are not opened again.

        `progress` is called seldom enough for what it is told to be drawn.
        """
        told = ThrottledProgress(progress) if progress is not None else None
        first = not self.workspace.files
        with _without_collecting() if first else nullcontext():
            for number, part in enumerate(self._parts):
                part.sweep(told and merge.after(self._parts[:number], told))
            return self._build()

    def opened(self) -> Folders:
        """These folders; see `ahead.Source`."""
        return self

    def refresh(self, changes: Iterable[Change]) -> Workspace:
        """Read again the files that may have changed."""
        for change in changes:
            self._parts[change.root].refresh(change.paths)
        return self._build()

    def set_status(self, task: Task, status: Status, on: date) -> Workspace:
        """Give a task item a status, in its file: see `edit`."""
        from tldash.editing.edits import SetStatus

        return self.edit(SetStatus(task, status, on))

    def edit(self, edit: Edit, batch: str = "") -> Workspace:
        """Make a wish come true, in its file; those of one `batch` are undone in one go.

        Raises edits.Refused or write.WriteRefused; then nothing was written.
        """
        self._rewrite(edit, batch)
        return self.workspace

    def add(self, lead: Lead, text: str, today: date) -> Task:
        """Write down a new action of a lead, and answer it as it stands in its file.

        It goes into the latest session up to today, else into the next one that is planned. `text`
        is what stands behind the box. Raises as `edit` does; Refused too where there is no session.
        """
        from tldash.editing.edits import AddTask
        from tldash.editing.splice import difference

        edit = AddTask(_session_for(lead, today), text)
        written = self._rewrite(edit)
        lines = difference(written.before, written.after)
        found = read_data(written.after, edit.path, FileRole.SESSION).tasks
        end = lines.line + len(split_lines(lines.new.lines.decode("utf-8")))
        return [task for task in found if lines.line <= task.line < end][-1]

    def _rewrite(self, edit: Edit, batch: str = "") -> Rewritten:
        from tldash.editing import (  # what edits is seldom needed, and never at the start
            edits,
            patch,
        )

        path = edits.path_of(edit)
        if (
            isinstance(edit, edits.SetStatus | edits.SetDate | edits.SetPriority | edits.SetRepeat)
            and edit.dialect is None
        ):
            edit = replace(edit, dialect=self._part(path).dialect(path))
        return self._write(
            path, lambda data: patch.apply(edit, data), edits.describe([edit]), batch
        )

    def _write(
        self, path: str, change: Callable[[bytes], bytes], what: str, batch: str = ""
    ) -> Rewritten:
        """The one door to the files: write, remember it as `what`, and read it again."""
        from tldash.storage.write import rewrite

        part = self._part(path)
        inside = part.inside(path)
        journal = self._journal(part)
        try:
            written = rewrite(part.path, inside, change)
            self.rescued = tuple(map(part.path_of, written.rescued))
            if journal is not None:
                journal.add(inside, what, written, batch)
        finally:
            part.refresh((inside,))
            self._build()
        return written

    def create(self, path: str, text: str) -> Workspace:
        """Make a new file, and the folders above it that are missing; it is in no list of edits.

        Raises write.WriteRefused, with the code `exists` where anything has that name.
        """
        from tldash.storage.write import create

        part = self._part(path)
        try:
            create(part.path, part.inside(path), text.encode("utf-8"))
        finally:
            part.refresh((part.inside(path),))
            self._build()
        return self.workspace

    def mendings(self, problems: Sequence[Problem]) -> Iterator[Mending]:
        """What the fixes of these problems would make of each of their files; nothing is written.

        Files that cannot be read are left out.
        """
        from tldash.editing import fixes

        for path in dict.fromkeys(problem.path for problem in problems if problem.fix):
            part = self._part(path)
            with suppress(walk.Unreadable):
                before = walk.read_bytes(part.path, part.inside(path))
                role = part.layout.roles[path]
                yield Mending(path, before, fixes.apply(problems, path, role, before))

    def mend(self, mending: Mending) -> None:
        """Write what `mendings` answered, which somebody has seen. Raises as `edit` does.

        Refused where the file has changed since.
        """

        from tldash.editing.edits import Refused

        def change(data: bytes) -> bytes:
            if data != mending.before:
                raise Refused("changed", "somebody changed this file meanwhile; run it again")
            return mending.after.data

        self._write(mending.path, change, pluralize(len(mending.after.fixed), "fix", "fixes"))

    def undo(self) -> Taken:
        """Take back the newest edit of these folders' files, and those wished for with it.

        Raises journal.NothingLeft; splice.NotAsLeft where the place changed since; or
        write.WriteRefused. Nothing was written then. Of several, some may be left.
        """
        from tldash.history import journal
        from tldash.workspace import undo as takeback

        return self._step(journal.undo, takeback.to_undo(self._remembered()))

    def redo(self) -> Taken:
        """Make the edits again that were undone last. Raises as `undo` does."""
        from tldash.history import journal
        from tldash.workspace import undo as takeback

        return self._step(journal.redo, takeback.to_redo(self._remembered()))

    def let_go(self, entry: Entry | None = None) -> Taken:
        """Forget an edit that cannot be undone, so that those before it can.

        Without `entry`, what `undo` would take back. Raises journal.NothingLeft.
        """
        from tldash.workspace import undo as takeback

        if entry is None:
            return takeback.let_go(takeback.to_undo(self._remembered()))
        part = self._part(entry.path)
        inside = replace(entry, path=part.inside(entry.path))
        return takeback.let_go((p, j, inside) for p, j in self._remembered() if p is part)

    def newest(self) -> Entry:
        """The edit to undo next. Raises journal.NothingLeft."""
        from tldash.workspace import undo as takeback

        part, _, entry = takeback.to_undo(self._remembered())[0]
        return replace(entry, path=part.path_of(entry.path))

    @property
    def trouble(self) -> str:
        """Why edits are forgotten when the process ends; empty while they are kept."""
        return next((p.journal.trouble for p in self._parts if p.journal and p.journal.trouble), "")

    def _step(self, step: Step, found: Sequence[Found]) -> Taken:
        from tldash.workspace import undo as takeback

        try:
            return takeback.carry_out(step, found)
        finally:
            for part in self._parts:
                part.refresh({entry.path for p, _, entry in found if p is part})
            self._build()

    def _remembered(self) -> list[tuple[Root, Journal]]:
        return [(part, found) for part in self._parts if (found := self._journal(part))]

    def _journal(self, part: Root) -> Journal | None:
        if part.journal is None and self.remember is not None:
            part.journal = self.remember(part.path)
        return part.journal

    def shrunk(self, changes: Iterable[Change]) -> dict[tuple[int, str], int]:
        """The sizes of those files that are shorter than when they were read, in the same inode.

        An editor that saves in place empties a file before it writes it. May be asked from another
        thread than the rest.
        """
        sizes: dict[tuple[int, str], int] = {}
        for change in changes:
            part = self._parts[change.root]
            for inside in change.paths:
                known, now = part.stamps.get(part.path_of(inside)), part.stamp(inside)
                if known and now and now.inode == known.inode and now.size < known.size:
                    sizes[change.root, inside] = now.size
        return sizes

    def task_at(self, path: str, line: int) -> Task | None:
        """The task item on a line of a file, if there is one."""
        record = self._part(path).records.get(path)
        found = record.tasks if record else ()
        return next((task for task in found if task.line == line), None)

    def text(self, path: str) -> str:
        """The text of a file. Raises tree.Unreadable or read.NotText."""
        part = self._part(path)
        return decode(walk.read_bytes(part.path, part.inside(path)))

    def absolute(self, path: str) -> Path:
        """Where a file of the workspace lies on disk."""
        root, inside = self.relative(path)
        return root / inside

    def relative(self, path: str) -> tuple[Path, str]:
        """The opened folder of a workspace path, and the path below it."""
        return merge.located(self.places, path)

    def _part(self, path: str) -> Root:
        label = path.partition("/")[0]
        return next((part for part in self._parts if part.label == label), self._parts[0])

    def _build(self) -> Workspace:
        self.workspace = merge.together([part.build() for part in self._parts])
        return self.workspace


def _session_for(lead: Lead, today: date) -> str:
    """The file of the session in which something agreed today belongs. Raises Refused."""
    from tldash.editing.edits import Refused

    place = find_session_for(lead, today)
    if place is not None:
        return place.path
    raise Refused(
        "no-session",
        f"{lead.name} has no session to write it in; make one first: tldash new session {lead.id}",
    )


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Look for no garbage meanwhile, nor ever among what is there then.

    What is read stays, holds no cycles, and would be looked at again and again. Only for a first
    reading: what is garbage at its end stays as well.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.freeze()
            gc.enable()


def openable(root: Path) -> Path:
    """The folder as an absolute path. Raises NoFolder where it cannot be opened."""
    shown = walk.shown(str(root))
    try:
        real = root.expanduser().resolve(strict=True)
        with os.scandir(real):
            return real
    except FileNotFoundError as error:
        raise NoFolder(f"there is no folder {shown}") from error
    except NotADirectoryError as error:
        raise NoFolder(f"{shown} is a file, not a folder") from error
    except PermissionError as error:
        raise NoFolder(f"{shown} may not be read: permission denied") from error
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise NoFolder(f"{shown} cannot be opened: {reason}") from error
