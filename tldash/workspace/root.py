"""One opened folder: its files as records, its layout, and its workspace."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tldash.formats.file_record import FileRecord
from tldash.formats.tasks import parse
from tldash.model.file_roles import is_container, is_yaml
from tldash.model.records import Dialect, Lead, Problem, Severity, Workspace, is_private
from tldash.storage import walk
from tldash.storage.layout import Layout, detect_layout
from tldash.storage.source import FileReader, Source
from tldash.workspace.builder import NO_LEAD, SETTINGS, Builder
from tldash.workspace.read_file import read_record

if TYPE_CHECKING:
    from tldash.history.journal import Journal
    from tldash.model.progress import ProgressCallback


PART_SIZE: Final = 64
"""Files that are read together, between two progress reports."""
PARALLEL_FROM: Final = 1000
"""Files from which on a first read uses forked children: a fork costs as much as 50 files."""


class _Part(NamedTuple):
    """Files that are read together."""

    paths: Sequence[str]
    leads: Mapping[str, slice]
    """Leads whose files are all in this part -> where their paths are."""


_Read = tuple[list[FileRecord], list[Lead]]


class Root:
    """An opened folder. Workspace paths start with its label, if it has one."""

    def __init__(self, path: Path, label: str, source: Source) -> None:
        self.path = path
        self.label = label
        self.source = source
        self.tree = walk.Tree()
        self.stamps: dict[str, walk.Stamp] = {}
        self.records: dict[str, FileRecord] = {}
        self.problems: tuple[Problem, ...] = ()
        self.layout: Layout = detect_layout(())
        self.builder = Builder(label or path.name or "folder", _own_name(path))
        self._running: frozenset[str] = frozenset()
        """Paths inside of the files with several sessions, which count as dated files."""
        self._touched: set[str] | None = None
        """The leads to build again; None for all."""
        self.journal: Journal | None = None
        """The edits made in this folder; opened by the first edit or undo."""
        self.is_private = is_private(label)
        """Whether this is the viewer's own, laid over the shared ones."""
        self.known_leads: frozenset[str] = frozenset()
        """Folders that are a lead's whatever they hold, as for `detect_layout`."""

    def inside(self, path: str) -> str:
        """Return a workspace path relative to this folder."""
        return path[len(self.label) + 1 :] if self.label else path

    def path_of(self, inside: str) -> str:
        """Return the workspace path of a path relative to this folder."""
        return f"{self.label}/{inside}" if self.label else inside

    def sweep(self, progress: ProgressCallback | None = None, *, again: bool = True) -> None:
        """Walk the folder and read every file that is new or changed.

        With `again`, do it a second time if the content of running files makes other leads.
        """
        walked = self.source.walk()
        files = walked.files
        copies = {
            path: original
            for path in files
            if (original := walk.find_original(path, files)) is not None
        }
        self.problems = tuple(
            replace(
                problem,
                path=self.path_of(problem.path),
                about=problem.about and self.path_of(problem.about),
            )
            for problem in (*walked.problems, *starmap(_copy_problem, copies.items()))
        )
        stamps = {self.path_of(path): stamp for path, stamp in files.items()}
        own = [path for path in files if path not in copies]
        self.layout = self._detect_layout(own, self._running)
        self.builder.prepare(self.layout)
        settings, *parts = _split_into_parts(self.layout)
        with self.source.reader() as reader:

            def read(part: _Part) -> _Read:
                files = [self._record(path, stamps, reader) for path in part.paths]
                return files, self.builder.build_leads(part.leads, files)

            records = {record.path: record for record in read(settings)[0]}
            self.builder.apply_settings(records.values())
            for place, (found, leads) in self._read_parts(parts, read, len(stamps)):
                if progress is not None:
                    progress(len(records), len(self.layout.roles), partial(self._so_far, records))
                records.update((record.path, record) for record in found)
                self.builder.remember_leads(parts[place].leads, found, leads)
        self.records = {path: records[path] for path in self.layout.roles}
        self.stamps, self.tree = stamps, walked
        self._touched = None
        running = frozenset(self.inside(path) for path, of in self.records.items() if of.dated)
        if running != self._running:
            self._running = running
            if again and self._detect_layout(own, running) != self.layout:
                self.sweep(progress, again=False)  # reads nothing again but files with another role

    def _detect_layout(self, paths: Sequence[str], running: frozenset[str]) -> Layout:
        return detect_layout(paths, running, self.known_leads).below(self.label)

    def _read_parts(
        self, parts: Sequence[_Part], read: Callable[[_Part], _Read], files: int
    ) -> Iterator[tuple[int, _Read]]:
        """Yield the index and the result of each part. Forks children for a large first read."""
        if self.records or files < PARALLEL_FROM:
            return ((place, read(part)) for place, part in enumerate(parts))
        from tldash.workspace import parallel  # pickle: 6 % of `tldash actions`

        return parallel.run(parts, read, parallel.count_children())

    def _record(self, path: str, stamps: dict[str, walk.Stamp], reader: FileReader) -> FileRecord:
        """Return the record of a file, the known one if its stamp did not change.

        A file that a program has open for writing keeps its known record and stamp.
        """
        role, known = self.layout.roles[path], self.records.get(path)
        inside = self.inside(path)
        if known is not None and known.role is role:
            stamp = self.stamps.get(path)
            if stamp == stamps[path]:
                return known
            if stamp is not None and self.source.is_being_written(inside):
                stamps[path] = stamp
                return known
        return read_record(reader.read, inside, path, role, known)

    def _so_far(self, records: dict[str, FileRecord]) -> Workspace:
        """Build the workspace of the leads whose files are all among these records."""
        waiting = {self.layout.owners.get(path) for path in self.layout.roles.keys() - records}
        whole = tuple(lead for lead in self.layout.leads if lead not in waiting)
        known = replace(self.layout, leads=whole)
        return self._labelled(self.builder.build(known, records, self.problems))

    def refresh(
        self,
        insides: Iterable[str],
        still_open: Container[str] = frozenset(),
        patience: float = walk.WRITER_PATIENCE,
    ) -> None:
        """Read these files again, or walk the folder if one was added, removed or is a link.

        A file that a program has open for writing is half written. It is read when that program
        closes it within `patience` seconds. Otherwise it keeps its record, and its stamp so that
        the next call or sweep reads it, unless it is among `still_open`. If the whole folder is
        gone meanwhile, what was read of it stays: it may be a drive that comes back.
        """
        for inside in insides:
            path = self.path_of(inside)
            role = self.layout.roles.get(path)
            stamp = self.source.stamp(inside)
            if role is None or stamp is None:
                if not self.is_private and not self.path.exists():
                    return
                self.sweep()
                return
            known = self.records.get(path)
            if inside in still_open:
                patience = 0.0
            elif known is not None and self.source.is_being_written(inside, patience):
                continue
            read = partial(self.source.read, patience=patience)
            record = read_record(read, inside, path, role, known)
            self.records[path] = record
            self.stamps[path] = stamp
            self._touch(path)
            if bool(record.dated) != (inside in self._running):
                self.sweep()  # it may be the only sign of a lead
                return

    def dialect(self, path: str) -> Dialect:
        """Return the dialect used most by the lead of a file, for lines without fields."""
        owner = self.layout.owners.get(path)
        return parse.most_common_dialect(
            task.raw
            for other, record in self.records.items()
            if self.layout.owners.get(other) == owner and not is_yaml(other)
            for task in record.tasks
        )

    def build(self) -> Workspace:
        """Build the workspace of this folder: only the leads whose files changed."""
        if self._touched is None:
            found = self.builder.build(self.layout, self.records, self.problems)
        else:
            found = self.builder.rebuild(self.records, self._touched)
        self._touched = set()
        return self._labelled(found)

    def _touch(self, path: str) -> None:
        owner = self.layout.owners.get(path)
        if owner is None:
            self._touched = None  # a settings file, on which every lead depends
        elif self._touched is not None:
            self._touched.add(owner)

    def _labelled(self, built: Workspace) -> Workspace:
        return replace(built, folders=(self.label,)) if self.label else built


def _own_name(path: Path) -> str:
    """Return the name of a folder, or of the nearest one above that names more than its content."""
    for folder in (path, *path.parents):
        if folder.name and not is_container(folder.name, folder.parent.name):
            return folder.name
    return path.name


def find_root(roots: Sequence[Root], path: str) -> Root:
    """Return the folder that a workspace path is in."""
    label = path.partition("/")[0]
    return next((root for root in roots if root.label == label), roots[0])


def _split_into_parts(found: Layout) -> Iterator[_Part]:
    """Split the files into parts: the settings first, since all leads depend on them.

    A part holds the files of several small leads, or some of the files of a large one.
    """
    by_owner: dict[str, list[str]] = {folder: [] for folder in found.leads}
    settings: list[str] = []
    loose: list[str] = []
    for path, role in found.roles.items():
        of_no_lead = settings if role in SETTINGS else loose
        by_owner.get(found.owners.get(path, NO_LEAD), of_no_lead).append(path)
    yield _Part(settings, {})
    yield from _in_parts(loose)
    together: list[str] = []
    leads: dict[str, slice] = {}
    for folder, paths in by_owner.items():
        if together and len(together) + len(paths) > PART_SIZE:
            yield _Part(together, leads)
            together, leads = [], {}
        if len(paths) > PART_SIZE:
            yield from _in_parts(paths)
        else:
            leads[folder] = slice(len(together), len(together) + len(paths))
            together += paths
    if together:
        yield _Part(together, leads)


def _in_parts(paths: Sequence[str]) -> Iterator[_Part]:
    return (_Part(paths[at : at + PART_SIZE], {}) for at in range(0, len(paths), PART_SIZE))


def _copy_problem(copy: str, original: str) -> Problem:
    return Problem(
        copy,
        1,
        1,
        Severity.WARNING,
        "conflict-copy",
        f"conflict copy of {original}, made by a sync tool or an editor; its items are not counted",
        "choose what to keep on the conflicts screen of the dashboard, or delete the copy",
        about=original,
    )
