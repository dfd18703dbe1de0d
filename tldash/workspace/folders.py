"""The opened folders, read as one workspace and kept in step with the disk.

Everything above this package reads and writes files through `Folders`. Only one thread may call it
at a time: the main thread of a command, or the files thread of the dashboard. Every call that
changes the workspace builds a new one, in which unchanged leads are the same objects as before.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tldash.formats.text import decode
from tldash.model.frozen import frozen
from tldash.model.progress import ProgressCallback, ThrottledProgress
from tldash.model.records import Lead, Problem, Task, Workspace
from tldash.storage import walk
from tldash.storage.source import DiskSource, Source, SourceError
from tldash.workspace import merge
from tldash.workspace.labels import NoFolder, make_labels, split_path
from tldash.workspace.root import Root, find_root

if TYPE_CHECKING:
    from tldash.editing.edits import Edit
    from tldash.history.journal import Entry, UndoTrouble
    from tldash.model.commits import FolderCommit
    from tldash.model.name_search import NameFinder
    from tldash.model.places import Place
    from tldash.model.sides import Sides
    from tldash.model.word_search import Query
    from tldash.workspace.name_index import NameIndex
    from tldash.workspace.names import NameChecks
    from tldash.workspace.overlay import Overlay
    from tldash.workspace.text_index import TextIndex
    from tldash.workspace.undo import UndoResult
    from tldash.workspace.writer import FixPreview, OpenJournal, Writer


LoadPrivate = Callable[[], Sequence[tuple[str, str]]]
"""Returns pairs of a shared folder, or "" for any, and the private one that is laid over it."""
OPEN_PATIENCE: Final = 0.02
"""Seconds to wait for a program that has a changed file open for writing. The watcher waits longer,
and reports the file again."""


@frozen
class Change:
    """Paths of one opened folder that may have changed."""

    root: int
    """Index of the folder in `Folders.watched`."""
    paths: frozenset[str]
    """Paths relative to the folder."""
    still_open: frozenset[str] = frozenset()
    """Those to read although a program has them open for writing."""


class Folders:
    """One or more folders, each of one lead or of several, read as one workspace.

    If there are several, every path and lead id starts with the label of its folder: its name,
    made unique.
    """

    def __init__(
        self,
        roots: Sequence[Path],
        open_journal: OpenJournal | None = None,
        *,
        read_only: bool = False,
        as_of: datetime | None = None,
        load_private: LoadPrivate | None = None,
    ) -> None:
        """Open the folders without reading them yet.

        Args:
            roots: The folders.
            open_journal: Returns the journal that records the edits of a folder. Without it no
                edit can be undone.
            read_only: Refuse every edit, and open no journal.
            as_of: Show the folders as git had them at this moment, which has a time zone. Edits
                are refused then.
            load_private: Returns the viewer's private folders, which `read_private` lays over
                these. For a dashboard on the viewer's own machine only.

        Raises:
            NoFolder: A root is missing, is not a folder, or cannot be read, or git did not have it.
        """
        self.open_journal = open_journal
        self.as_of = as_of
        self._read_only = read_only or as_of is not None
        self.roots = tuple(dict.fromkeys(map(resolve_folder, roots)))
        self._parts = [
            Root(root, label, self._open_source(root))
            for root, label in zip(self.roots, make_labels(self.roots), strict=True)
        ]
        self._load_private = load_private
        self._overlay: Overlay | None = None
        self.workspace = Workspace("")

    @property
    def _all_parts(self) -> Sequence[Root]:
        """The shared folders, then the private ones."""
        return (*self._parts, *self._overlay.parts) if self._overlay is not None else self._parts

    @property
    def watched(self) -> tuple[Path, ...]:
        """The paths of the shared folders, then of the private ones."""
        private = self._overlay.parts if self._overlay is not None else ()
        return (*self.roots, *(part.path for part in private))

    def _open_source(self, root: Path) -> Source:
        if self.as_of is None:
            return DiskSource(root)
        from tldash.workspace.as_of import open_as_of  # nothing else reads the history

        with self._complete(root):
            return open_as_of(root, self.as_of)

    @contextmanager
    def _complete(self, root: Path) -> Iterator[None]:
        """Raise NoFolder if the source of a folder is damaged."""
        try:
            yield
        except SourceError as error:
            day = self.as_of.date() if self.as_of else "now"
            name = walk.printable(str(root))
            raise NoFolder(f"{name} cannot be shown as of {day}: {error}") from error

    @property
    def trees(self) -> tuple[walk.Tree, ...]:
        """The last walk of each of `watched`, from which a watcher continues."""
        return tuple(part.tree for part in self._all_parts)

    @property
    def places(self) -> dict[str, Path]:
        """Label of each shared folder -> its path. The label of a single folder is empty."""
        return {part.label: part.path for part in self._parts}

    @property
    def undo_trouble(self) -> UndoTrouble | None:
        """Why the last edit cannot be undone later, or its undo was not recorded."""
        return self._writer.undo_trouble

    @property
    def rescued(self) -> tuple[str, ...]:
        """Paths of the copies kept by the last edit, because another program wrote meanwhile."""
        return self._writer.rescued

    @property
    def followed_in(self) -> str:
        """The file that got the next occurrence of the topic done last, if it is another one."""
        return self._writer.followed_in

    def read(self, progress: ProgressCallback | None = None) -> Workspace:
        """Walk the folders, and read the files whose stamp changed.

        `progress` is called rarely enough to redraw the screen each time. Raises NoFolder if the
        git repository is damaged in which the folder is read as of a moment.
        """
        throttled = ThrottledProgress(progress) if progress is not None else None
        first = not self.workspace.files
        with _paused_collector() if first else nullcontext():
            for number, part in enumerate(self._parts):
                before = self._parts[:number]
                with self._complete(part.path):
                    part.sweep(throttled and merge.combine_progress(before, throttled))
            if self._overlay is not None:
                self._overlay.read()
            return self._build()

    def read_private(self) -> Workspace | None:
        """Lay the viewer's private folders over these, and read them; None if there are none.

        Call it after the first `read`, which does not wait for the settings. Every later one reads
        the private folders as well.
        """
        wanted = self._load_private() if self._load_private is not None else ()
        self._load_private = None
        if not wanted or self.as_of is not None:
            return None
        from tldash.workspace.overlay import Overlay  # only for viewers with such a setting

        self._overlay = Overlay(wanted, self._parts)
        self._overlay.read()
        return self._build()

    def opened(self) -> Folders:
        """Return these folders, as `preload.Source` requires."""
        return self

    def refresh(self, changes: Iterable[Change]) -> Workspace:
        """Read the files again that may have changed.

        One that a program has open for writing stays as it was read, unless it is among
        `Change.still_open`.
        """
        for change in changes:
            part = self._all_parts[change.root]
            part.refresh(change.paths, change.still_open, OPEN_PATIENCE)
        return self._build()

    def edit(self, edit: Edit, batch: str = "", what: str = "") -> Workspace:
        """Apply an edit to its file. Edits with the same `batch` are undone together.

        `what` describes the edit in the history. Raises edits.Refused or write.WriteRefused.
        Nothing was written then.
        """
        with self._building():
            if self._overlay is not None:
                self._overlay.edit(self._writer, edit, batch, what)
            else:
                self._writer.edit(edit, batch, self.workspace.leads, what)
        return self.workspace

    def share(self, removal: Edit, edit: Edit) -> Workspace:
        """Write a private line into a shared file with `edit`, and apply its `removal`.

        Both are undone together. Raises what `edit` does. Nothing was written then.
        """
        from tldash.workspace.overlay import share  # only for viewers with a private folder

        with self._building():
            share(self._writer, removal, edit)
        return self.workspace

    def add(self, lead: Lead, text: str, today: date) -> Task:
        """Add an action of a lead, and return it as read from its file.

        It goes into the latest session up to today, or else the next planned one. `text` is the
        text after the box, fields included. Raises what `edit` does, and Refused if the lead has
        no session.
        """
        with self._building():
            return self._writer.add(lead, text, today)

    def create(self, path: str, text: str, what: str = "", batch: str = "") -> Workspace:
        """Create a file and its missing folders. Undo removes it while it has the same bytes.

        `what` describes the edit in the history. Raises write.WriteRefused, with the code `exists`
        if the name is taken.
        """
        with self._building():
            self._writer.create(path, text, what or f"created: {path}", batch)
        return self.workspace

    def rename(self, path: str, name: str, what: str = "", batch: str = "") -> Workspace:
        """Give a file another name in its folder, unless that is taken. Raises as `create` does."""
        with self._building():
            self._writer.rename(path, name, what or f"renamed: {path}", batch)
        return self.workspace

    def read_sides(self, path: str) -> Sides:
        """Read the two versions of a file in conflict. Raises Refused as `conflicts` does."""
        from tldash.workspace.conflicts import read_sides  # only the screen of a conflict

        return read_sides(find_root(self._parts, path), path)

    def resolve(self, sides: Sides, text: str) -> str:
        """Write what was chosen of two versions, as one edit. Returns its description.

        Raises Refused. Nothing was written then.
        """
        from tldash.workspace.conflicts import resolve

        with self._building():
            return resolve(self._writer, find_root(self._parts, sides.path), sides, text)

    def preview_fixes(self, problems: Sequence[Problem]) -> Iterator[FixPreview]:
        """Yield what the fixes of these problems would do to each file. Writes nothing.

        Skips unreadable files.
        """
        return self._writer.preview_fixes(problems)

    def names(self, names: NameFinder) -> NameChecks:
        """Return the checks of the shared files for listed names."""
        from tldash.workspace.name_check import make_guard
        from tldash.workspace.names import NameChecks  # for one command

        guard = make_guard(names, self.workspace)
        return NameChecks(self._parts, guard, self._writer.preview_names)

    def index_names(self, names: NameFinder) -> NameIndex:
        """Return an index of the places of listed names, for use on the same thread as this."""
        from tldash.workspace.name_index import NameIndex  # only for viewers with a list

        return NameIndex(self._parts, names)

    def apply_fixes(self, preview: FixPreview, batch: str = "") -> None:
        """Write the fixes of one file. Raises what `edit` does; Refused if the file changed."""
        with self._building():
            self._writer.apply_fixes(preview, batch)

    def roll_back(self, batch: str) -> None:
        """Undo and forget the edits of a batch that could not be completed.

        If another program has changed them since, they stay in the history.
        """
        with self._building():
            self._writer.roll_back(batch)

    def undo(self) -> UndoResult:
        """Undo the latest edit and the others of its batch. Some of a batch may fail.

        Raises journal.NothingLeft, splice.NotAsLeft if the edited lines changed since, or
        write.WriteRefused. Nothing was written then.
        """
        with self._building():
            return self._writer.undo()

    def redo(self) -> UndoResult:
        """Redo the edits undone last. Raises what `undo` does."""
        with self._building():
            return self._writer.redo()

    def discard(self, entry: Entry | None = None) -> UndoResult:
        """Discard an edit that cannot be undone, so that earlier ones can be.

        Without `entry`, discards the edits that `undo` would undo. Raises journal.NothingLeft.
        """
        return self._writer.discard(entry)

    def next_undo(self) -> Entry:
        """Return the edit to undo next. Raises journal.NothingLeft."""
        return self._writer.next_undo()

    def find_shrunk(self, changes: Iterable[Change]) -> dict[tuple[int, str], int]:
        """Return the sizes of the files that got shorter since they were read, in the same inode.

        An editor that saves in place truncates the file before it writes. May be called from any
        thread.
        """
        sizes: dict[tuple[int, str], int] = {}
        for change in changes:
            part = self._all_parts[change.root]
            for inside in change.paths:
                known, now = part.stamps.get(part.path_of(inside)), part.source.stamp(inside)
                if known and now and now.inode == known.inode and now.size < known.size:
                    sizes[change.root, inside] = now.size
        return sizes

    def search(self, query: Query) -> list[Place]:
        """Return the places with all words of a query, by folder, path and line.

        Reads every file afresh, so `read` need not come first. Skips unreadable files. Raises
        NoFolder as `read`.
        """
        from tldash.workspace.search import search  # what only reads needs no regular expressions

        found: list[Place] = []
        with _paused_collector():
            for part in self._parts:
                with self._complete(part.path):
                    found += search(part, query)
        return found

    def index_texts(self) -> TextIndex:
        """Return an empty index of the text of the shared and the private files.

        Its searches may run on another thread.
        """
        from tldash.workspace.text_index import TextIndex  # only the search screen needs it

        private = self._overlay.used if self._overlay is not None else ()
        return TextIndex((*self._parts, *private))

    def commits(
        self, now: datetime, since: date | None = None, lead_id: str | None = None
    ) -> Iterator[FolderCommit]:
        """Yield the commits of git that changed leads of these folders, newest first.

        Those of several folders are in the order of their authors' times. Call `read` first.

        Args:
            now: The current time, whose time zone the times of commits get.
            since: Leave out commits that were made before this day.
            lead_id: Leave out commits that did not change this lead.

        Raises:
            SourceError: There is no history, or it ends before `since`.
        """
        from tldash.workspace.git_log import walk_all  # nothing else reads the history

        return walk_all(self._parts, now, self.as_of, since, lead_id)

    def find_uncommitted(self, leads: Iterable[Lead], now: datetime) -> Iterator[FolderCommit]:
        """Yield what changed these leads on disk since the last commit. Raises SourceError."""
        from tldash.workspace.git_log import GitLog

        by_root: dict[str, list[Lead]] = {}
        for lead in leads:
            by_root.setdefault(find_root(self._parts, lead.path).label, []).append(lead)
        for part in self._parts:
            if part.label in by_root:
                log = GitLog(part, now, self.as_of)
                yield log.compare_disk(by_root[part.label], self.workspace)

    def follow_lead(self, lead: Lead, now: datetime) -> Iterator[FolderCommit]:
        """Yield the commits of a lead, newest first, as `GitLog.follow`. Raises SourceError."""
        from tldash.workspace.git_log import GitLog

        log = GitLog(find_root(self._parts, lead.path), now, self.as_of)
        return log.follow(lead, self.workspace)

    def find_task(self, path: str, line: int) -> Task | None:
        """Return the task item on a line of a file, if there is one."""
        record = find_root(self._all_parts, path).records.get(path)
        found = record.tasks if record else ()
        return next((task for task in found if task.line == line), None)

    def find_listed(self, path: str) -> str:
        """Return the path under which a file is listed, if this is a link to it or another name."""
        part = find_root(self._all_parts, path)
        inside = part.inside(path)
        return part.path_of(part.tree.aliases.get(inside, inside))

    def is_being_written(self, path: str) -> bool:
        """Whether another program has a file open for writing, so that it may be incomplete."""
        part = find_root(self._all_parts, path)
        return part.source.is_being_written(part.inside(path))

    def read_text(self, path: str) -> str:
        """Read the text of a file. Raises safe_open.Unreadable or text.NotText."""
        part = find_root(self._all_parts, path)
        try:
            return decode(part.source.read(part.inside(path)))
        except SourceError as error:
            raise walk.Unreadable("unreadable", str(error)) from error

    def absolute(self, path: str) -> Path:
        """Return the path on disk of a workspace path."""
        root, inside = self.relative(path)
        return root / inside

    def relative(self, path: str) -> tuple[Path, str]:
        """Return the opened folder of a workspace path, and the path relative to it."""
        return split_path({part.label: part.path for part in self._all_parts}, path)

    @cached_property
    def _writer(self) -> Writer:
        from tldash.workspace.writer import Writer  # a third of the imports; reading needs none

        return Writer(lambda: self._all_parts, self.open_journal, read_only=self._read_only)

    @contextmanager
    def _building(self) -> Iterator[None]:
        """Build the workspace after a write, also if the write failed."""
        try:
            yield
        finally:
            self._build()

    def _build(self) -> Workspace:
        shared = merge.merge([part.build() for part in self._parts])
        self.workspace = self._overlay.lay_over(shared) if self._overlay is not None else shared
        return self.workspace


@contextmanager
def _paused_collector() -> Iterator[None]:
    """Pause the garbage collector, then freeze every object there is by then (gc.freeze).

    What the first read makes stays and holds no cycles, so scanning it again and again is wasted.
    Garbage made meanwhile stays too, so this is for a first read only.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.freeze()
            gc.enable()


def resolve_folder(root: Path) -> Path:
    """Return the real path of a folder. Raises NoFolder if it cannot be opened."""
    name = walk.printable(str(root))
    try:
        real = root.expanduser().resolve(strict=True)
        with os.scandir(real):
            return real
    except FileNotFoundError as error:
        raise NoFolder(f"there is no folder {name}") from error
    except NotADirectoryError as error:
        raise NoFolder(f"{name} is a file, not a folder") from error
    except PermissionError as error:
        raise NoFolder(f"{name} cannot be read: permission denied") from error
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise NoFolder(f"{name} cannot be opened: {reason}") from error
