"""One opened folder and what was read of it: a record a file, and how the files lie together."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tldash.formats.file_record import FileRecord
from tldash.formats.tasks import parse
from tldash.model.file_roles import is_yaml
from tldash.model.records import Dialect, Lead, Problem, Severity, Workspace
from tldash.storage import walk
from tldash.storage.layout import Layout, layout
from tldash.workspace import parallel
from tldash.workspace.builder import NOBODY, SETTINGS, Builder
from tldash.workspace.read_file import read_file, read_with

if TYPE_CHECKING:
    from tldash.history.journal import Journal
    from tldash.model.progress import ProgressCallback


PART: Final = 64
"""Files that are read in one go, before anybody is told."""
MANY: Final = 1000
"""Files from which on a reading is shared: copying the process takes as long as reading fifty."""


class _Part(NamedTuple):
    """Files that are read in one go."""

    paths: Sequence[str]
    leads: Mapping[str, slice]
    """Of which leads these are all files, and where those are among the paths."""


_Read = tuple[list[FileRecord], list[Lead]]


class Root:
    """An opened folder. Paths of the workspace begin with its label, if it has one."""

    def __init__(self, path: Path, label: str) -> None:
        self.path = path
        self.label = label
        self.tree = walk.Tree()
        self.stamps: dict[str, walk.Stamp] = {}
        self.records: dict[str, FileRecord] = {}
        self.problems: tuple[Problem, ...] = ()
        self.layout: Layout = layout(())
        self.builder = Builder(label or path.name or "folder")
        self._touched: set[str] | None = None
        """The leads of which files were read since the last building; None is everything."""
        self.journal: Journal | None = None
        """The edits made here; looked up when one is made or undone."""

    def inside(self, path: str) -> str:
        """A path of the workspace as one below this folder."""
        return path[len(self.label) + 1 :] if self.label else path

    def path_of(self, inside: str) -> str:
        """A path below this folder as one of the workspace."""
        return f"{self.label}/{inside}" if self.label else inside

    def sweep(self, progress: ProgressCallback | None = None) -> None:
        """Take in every difference between the folder and what is known of it."""
        walked = walk.walk(self.path)
        files = walked.files
        copies = {path: of for path in files if (of := walk.conflict_of(path, files)) is not None}
        self.problems = tuple(
            replace(problem, path=self.path_of(problem.path))
            for problem in (*walked.problems, *starmap(_copy_problem, copies.items()))
        )
        stamps = {self.path_of(path): stamp for path, stamp in files.items()}
        self.layout = layout(path for path in files if path not in copies).below(self.label)
        settings, *parts = _parts(self.layout)
        with walk.Reader(self.path) as reader:

            def read(part: _Part) -> _Read:
                files = [self._record(path, stamps[path], reader) for path in part.paths]
                return files, self.builder.leads(part.leads, files)

            records = {record.path: record for record in read(settings)[0]}
            self.builder.heed(records.values())
            helpers = parallel.spare() if not self.records and len(stamps) >= MANY else 0
            for place, (found, leads) in parallel.shared(parts, read, helpers):
                if progress is not None:
                    progress(len(records), len(self.layout.roles), partial(self._so_far, records))
                records.update((record.path, record) for record in found)
                self.builder.keep(parts[place].leads, found, leads)
        self.records = {path: records[path] for path in self.layout.roles}
        self.stamps, self.tree = stamps, walked
        self._touched = None

    def _record(self, path: str, stamp: walk.Stamp, reader: walk.Reader) -> FileRecord:
        """The record of a file that looks so now; where it looked so before, the same."""
        role, known = self.layout.roles[path], self.records.get(path)
        if known is not None and known.role is role and self.stamps.get(path) == stamp:
            return known
        return read_with(reader.read, self.inside(path), path, role, known)

    def _so_far(self, records: dict[str, FileRecord]) -> Workspace:
        """The workspace of the leads of which every file is among these records."""
        waiting = {self.layout.owners.get(path) for path in self.layout.roles.keys() - records}
        whole = tuple(lead for lead in self.layout.leads if lead not in waiting)
        known = replace(self.layout, leads=whole)
        return self._labelled(self.builder.build(known, records, self.problems))

    def refresh(self, insides: Iterable[str]) -> None:
        """Take in changes of these paths only, or of everything where the layout may change."""
        for inside in insides:
            path = self.path_of(inside)
            role = self.layout.roles.get(path)
            stamp = self.stamp(inside)
            if role is None or stamp is None:
                self.sweep()
                return
            known = self.records.get(path)
            self.records[path] = read_file(self.path, inside, path, role, known)
            self.stamps[path] = stamp
            self._touch(path)

    def stamp(self, inside: str) -> walk.Stamp | None:
        """The stamp of a regular file; None for links too, which lead where a walk must look."""
        try:
            status = (self.path / inside).lstat()
        except (OSError, ValueError):
            return None
        return walk.stamp_of(status) if stat.S_ISREG(status.st_mode) else None

    def dialect(self, path: str) -> Dialect:
        """What the lines of the same lead speak most, for a line that speaks none itself."""
        owner = self.layout.owners.get(path)
        return parse.most_common_dialect(
            task.raw
            for other, record in self.records.items()
            if self.layout.owners.get(other) == owner and not is_yaml(other)
            for task in record.tasks
        )

    def build(self) -> Workspace:
        """The workspace of this folder alone."""
        if self._touched is None:
            found = self.builder.build(self.layout, self.records, self.problems)
        else:
            found = self.builder.again(self.records, self._touched)
        self._touched = set()
        return self._labelled(found)

    def _touch(self, path: str) -> None:
        owner = self.layout.owners.get(path)
        if owner is None:
            self._touched = None  # the settings, which every lead depends on
        elif self._touched is not None:
            self._touched.add(owner)

    def _labelled(self, built: Workspace) -> Workspace:
        return replace(built, folders=(self.label,)) if self.label else built


def _parts(found: Layout) -> Iterator[_Part]:
    """The settings, which say how to understand the leads; then all other files.

    Leads of few files are read several at once, those of many in several parts.
    """
    by_owner: dict[str, list[str]] = {folder: [] for folder in found.leads}
    settings: list[str] = []
    loose: list[str] = []
    for path, role in found.roles.items():
        nobodys = settings if role in SETTINGS else loose
        by_owner.get(found.owners.get(path, NOBODY), nobodys).append(path)
    yield _Part(settings, {})
    yield from _in_parts(loose)
    together: list[str] = []
    leads: dict[str, slice] = {}
    for folder, paths in by_owner.items():
        if together and len(together) + len(paths) > PART:
            yield _Part(together, leads)
            together, leads = [], {}
        if len(paths) > PART:
            yield from _in_parts(paths)
        else:
            leads[folder] = slice(len(together), len(together) + len(paths))
            together += paths
    if together:
        yield _Part(together, leads)


def _in_parts(paths: Sequence[str]) -> Iterator[_Part]:
    return (_Part(paths[at : at + PART], {}) for at in range(0, len(paths), PART))


def _copy_problem(copy: str, original: str) -> Problem:
    return Problem(
        copy,
        1,
        1,
        Severity.WARNING,
        "conflict-copy",
        f"a copy that a sync tool or an editor made of {original}; it is not counted",
        "compare the two, keep what you need, and delete the copy",
    )
