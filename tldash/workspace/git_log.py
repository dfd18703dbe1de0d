"""The commits of an opened folder, each with the leads that it changed, before and after.

Only the leads whose files a commit changed are built, from records that are cached by the name of
their blob. The layout of a commit follows from the one walked before it: it is computed anew only
if files were added or removed. Links are ignored, so what they lead to counts where it is.

A file with several sessions below dated headings is known as one by its content. It counts as one
in every commit if it is one today.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, tzinfo
from heapq import merge
from typing import Final, TypeVar

from tldash.formats.file_record import FileRecord
from tldash.history.git_history import BlobChange, GitHistory, NoHistory
from tldash.history.git_objects import Commit
from tldash.history.git_packs import ObjectError
from tldash.history.git_source import to_source_error
from tldash.model.commits import FolderCommit, Version
from tldash.model.file_roles import FileRole
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Workspace
from tldash.storage.filenames import find_original, is_ignored
from tldash.storage.layout import Layout, detect_layout
from tldash.storage.source import SourceError
from tldash.storage.walk import (
    DEPTH_LIMIT,
    ENTRY_LIMIT,
    Unreadable,
    is_ours,
    printable,
)
from tldash.workspace.builder import SETTINGS, Builder
from tldash.workspace.read_file import read_record
from tldash.workspace.root import Root

_KEPT_TREES: Final = 16
_KEPT_RECORDS: Final = 1024
_KEPT_LEADS: Final = 256

_EPOCH: Final = date(1970, 1, 1)

_Place = tuple[str, FileRole, str]
"""Path, role and blob of a file."""
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@frozen
class _Plan:
    """The layout of some files."""

    layout: Layout
    paths: Mapping[str, tuple[str, ...]]
    """Lead folder -> paths of the lead's files, sorted."""
    settings: tuple[str, ...]
    """The paths of the files that all leads depend on."""


@frozen
class _Tree:
    """The files of the folder in a commit. Paths are workspace paths."""

    blobs: dict[str, str]
    """Path -> name of the blob."""
    plan: _Plan


class GitLog:
    """The commits of one opened folder. May be used on one thread at a time."""

    def __init__(self, root: Root, now: datetime, as_of: datetime | None = None) -> None:
        """Find the repository of an opened folder that is read.

        Args:
            root: The folder.
            now: The current time, whose time zone the times of commits get.
            as_of: The moment as of which the folder is shown, where the history starts.

        Raises:
            SourceError: There is no history.
        """
        found = GitHistory.find(root.path)
        if isinstance(found, NoHistory):
            raise SourceError(found.sentence)
        self._history = found
        self._zone = now.tzinfo
        self._as_of = as_of
        self._root = root
        self._builder = Builder(root.builder.name, root.builder.own_name)
        records = [*root.records.items()]  # another thread may replace some meanwhile
        dated = (path for path, record in records if record.dated)
        self._running = frozenset(map(root.inside, dated))
        self._trees: OrderedDict[str | None, _Tree] = OrderedDict()
        self._plans: OrderedDict[frozenset[str], _Plan] = OrderedDict()
        self._records: OrderedDict[_Place, FileRecord] = OrderedDict()
        self._leads: OrderedDict[object, Lead] = OrderedDict()

    def walk(self, since: date | None = None) -> Iterator[FolderCommit]:
        """Yield the commits that changed leads, newest first; none committed before `since`.

        A merge counts only with the files that differ from those of all its parents. The versions
        hold the leads whose files changed.

        Raises SourceError where the history ends early: it is damaged, or a shallow clone.
        """
        with _to_source_errors():
            for commit, parents in self._walk(_start(since, self._zone)):
                versions = self._changed_leads(commit, parents)
                if versions:
                    yield self._commit(commit, versions)

    def _changed_leads(self, commit: Commit, parents: Sequence[Commit]) -> tuple[Version, ...]:
        """Return a version for each parent, none if no lead differs from those of all parents."""
        tree = self._history.folder(commit)
        olds = {parent.name: self._history.folder(parent) for parent in parents}
        if tree in olds.values() or (not parents and tree is None):
            return ()
        changes = {name: self._changes(old, tree) for name, old in (olds or {"": None}).items()}
        mine = set.intersection(*({one.path for one in some} for some in changes.values()))
        if not mine:
            return ()
        after = self._tree(tree)
        made = (
            self._version(name, self._parent(olds.get(name), after, some), after, mine)
            for name, some in changes.items()
        )
        return tuple(one for one in made if one.before.leads or one.after.leads)

    def follow(self, lead: Lead, now: Workspace) -> Iterator[FolderCommit]:
        """Yield what changed a lead on disk since the last commit, then all commits, newest first.

        The versions hold this lead alone, one for each parent. A commit in which it is as in one of
        the parents has `same` instead.

        Args:
            lead: The lead.
            now: The workspace as it is on disk.

        Raises:
            SourceError: As `walk`.
        """
        yield self.compare_disk((lead,), now)
        below = self._find_below(lead)
        with _to_source_errors():
            for commit, parents in self._walk():
                same = self._same_folder(commit, parents, below) if below else ()
                if same:
                    yield self._commit(commit, same=same)
                else:
                    yield self._changed_lead(commit, parents, lead.path)

    def _find_below(self, lead: Lead) -> tuple[str, ...]:
        """Return the parts of the folder that has all files of a lead; none if there is none."""
        sessions = (session.path for session in lead.sessions)
        paths = [*sessions, *lead.notes, *filter(None, [lead.about])]
        if not lead.path or not all(path.startswith(f"{lead.path}/") for path in paths):
            return ()
        return tuple(filter(None, self._root.inside(lead.path).split("/")))

    def _same_folder(
        self, commit: Commit, parents: Sequence[Commit], below: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Return the parents with the same folder of a lead, without a look at other files."""
        inside = (*self._history.inside, *below)
        mine = self._history.subtree(commit.tree, inside)
        if mine is None:
            return ()
        return tuple(
            parent.name for parent in parents if self._history.subtree(parent.tree, inside) == mine
        )

    def compare_disk(self, leads: Iterable[Lead], now: Workspace) -> FolderCommit:
        """Return what changed these leads on disk since the commit that is checked out.

        `now` is the workspace as on disk. Raises SourceError as `walk`.
        """
        leads = tuple(leads)
        with _to_source_errors():
            head = self._head()
            tree = self._tree(self._history.folder(head))
            before = self._build(tree, {lead.path for lead in leads})
        return FolderCommit("", "", None, (Version(head.name, before, replace(now, leads=leads)),))

    def _head(self) -> Commit:
        """Return the commit at which the history starts. Raises SourceError if there is none."""
        found: Commit | NoHistory
        if self._as_of is not None:
            found = self._history.commit_as_of(self._as_of)
        else:
            found = self._history.last()
        if isinstance(found, NoHistory):
            raise SourceError(found.sentence)
        return found

    def _changed_lead(self, commit: Commit, parents: Sequence[Commit], folder: str) -> FolderCommit:
        """Return a commit with the versions of one lead."""
        tree = self._history.folder(commit)
        olds = {parent.name: self._history.folder(parent) for parent in parents}
        same = [name for name, old in olds.items() if old == tree]
        if same:
            return self._commit(commit, same=tuple(same))
        after = self._tree(tree)
        mine = self._files(after, folder)
        before = {
            name: self._parent(old, after, self._changes(old, tree))
            for name, old in (olds or {"": None}).items()
        }
        same = [name for name, old in before.items() if self._files(old, folder) == mine]
        if same:
            return self._commit(commit, same=tuple(same))
        made = (self._pair(name, old, after, {folder}) for name, old in before.items())
        return self._commit(commit, tuple(made))

    def _walk(self, until: float = 0) -> Iterator[tuple[Commit, tuple[Commit, ...]]]:
        """Yield the commits with their parents, up to the first one that is older than `until`.

        Raises SourceError where the history ends early.
        """
        cut: Commit | None = None
        for commit in self._history.commits(self._head()):
            if commit.committer_time < until:
                return
            if self._history.is_cut_off(commit):
                cut = commit
            else:
                yield commit, self._history.parents(commit)
        if cut is not None:
            day = self._time(cut).date()
            raise SourceError(
                f"this clone has no history before {day}, it is a shallow one. "
                "Run git fetch --unshallow in it."
            )

    def _time(self, commit: Commit) -> datetime:
        return datetime.fromtimestamp(commit.author_time, UTC).astimezone(self._zone)

    def _commit(
        self, commit: Commit, versions: tuple[Version, ...] = (), same: tuple[str, ...] = ()
    ) -> FolderCommit:
        author = commit.author or commit.email
        return FolderCommit(commit.name, author, self._time(commit), versions, same)

    # Trees

    def _changes(self, old: str | None, new: str | None) -> list[BlobChange]:
        """Return the files that differ between two trees and count, with workspace paths."""
        return [
            BlobChange(self._root.path_of(one.path), one.old, one.new)
            for one in self._history.changes(old, new)
            if _is_read(one.path)
        ]

    def _tree(self, name: str | None) -> _Tree:
        """Return the files of a tree, from those of the tree used last if there is one."""
        near = next(reversed(self._trees), None)
        if near is not None and name not in self._trees:
            return self._parent(name, self._trees[near], self._changes(name, near))
        found = self._trees.get(name)
        return _keep(self._trees, name, found or self._list(name), _KEPT_TREES)

    def _parent(self, name: str | None, new: _Tree, changes: Iterable[BlobChange]) -> _Tree:
        """Return the files of a tree from which these changes lead to `new`."""
        found = self._trees.get(name)
        if found is None:
            blobs = {**new.blobs}
            for change in changes:
                if change.old is None:
                    blobs.pop(change.path, None)
                else:
                    blobs[change.path] = change.old
            same = blobs.keys() == new.blobs.keys()
            found = _Tree(blobs, new.plan if same else self._plan(blobs))
        return _keep(self._trees, name, found, _KEPT_TREES)

    def _list(self, name: str | None) -> _Tree:
        blobs: dict[str, str] = {}
        waiting = [("", name)] if name is not None else []
        left = ENTRY_LIMIT
        while waiting:
            folder, tree = waiting.pop()
            entries = self._history.tree(tree)
            left -= len(entries)
            if left < 0:
                raise ObjectError("too-large", "a commit has too many files")
            for entry in entries:
                path = folder + entry.name
                if entry.is_tree and not is_ignored(entry.name) and path.count("/") < DEPTH_LIMIT:
                    waiting.append((f"{path}/", entry.id))
                elif entry.is_file and _is_read(path):
                    blobs[self._root.path_of(path)] = entry.id
        return _Tree(blobs, self._plan(blobs))

    def _plan(self, blobs: Collection[str]) -> _Plan:
        """Lay out these paths. A conflict copy of another file does not count."""
        known = frozenset(blobs)
        found = self._plans.get(known)
        if found is None:
            insides = {self._root.inside(path) for path in blobs}
            own = [path for path in insides if find_original(path, insides) is None]
            layout = detect_layout(own, self._running & insides).below(self._root.label)
            paths: dict[str, list[str]] = {folder: [] for folder in layout.leads}
            for path in layout.roles:
                paths.get(layout.owners.get(path, "/"), []).append(path)
            settings = (path for path, role in layout.roles.items() if role in SETTINGS)
            by_lead = {folder: tuple(files) for folder, files in paths.items()}
            found = _Plan(layout, by_lead, tuple(settings))
        return _keep(self._plans, known, found, _KEPT_TREES)

    # Leads

    def _version(self, parent: str, old: _Tree, new: _Tree, paths: set[str]) -> Version:
        """Return the leads that own some of these paths, in both trees."""
        owners = {tree.plan.layout.owners.get(path) for path in paths for tree in (old, new)}
        before, after = ({*tree.plan.layout.leads} for tree in (old, new))
        changed = {folder for folder in owners if folder is not None} | (before ^ after)
        return self._pair(parent, old, new, changed)

    def _pair(self, parent: str, old: _Tree, new: _Tree, folders: Collection[str]) -> Version:
        return Version(parent, self._build(old, folders), self._build(new, folders))

    def _files(self, tree: _Tree, folder: str) -> tuple[_Place, ...]:
        """Return what a lead is built from, besides the settings."""
        roles = tree.plan.layout.roles
        return tuple(
            (path, roles[path], tree.blobs[path]) for path in tree.plan.paths.get(folder, ())
        )

    def _build(self, tree: _Tree, folders: Collection[str]) -> Workspace:
        """Build those of the leads that a tree has."""
        layout = tree.plan.layout
        settings = [
            self._record((path, layout.roles[path], tree.blobs[path]))
            for path in tree.plan.settings
        ]
        self._builder.prepare(layout)
        self._builder.apply_settings(settings)
        marks = tuple(tree.blobs[path] for path in tree.plan.settings)
        leads = []
        for folder in sorted({*folders}.intersection(layout.leads)):
            lead = self._lead(folder, self._files(tree, folder), (layout.rest, marks))
            if not lead.is_rest or lead.actions or lead.sessions:
                leads.append(lead)
        return Workspace("", tuple(leads), framework=self._builder.framework)

    def _lead(self, folder: str, files: tuple[_Place, ...], basis: object) -> Lead:
        key = folder, files, basis
        found = self._leads.get(key)
        if found is None:
            records = [self._record(place) for place in files]
            (found,) = self._builder.build_leads({folder: slice(0, len(records))}, records)
        return _keep(self._leads, key, found, _KEPT_LEADS)

    def _record(self, place: _Place) -> FileRecord:
        found = self._records.get(place)
        if found is None:
            path, role, blob = place
            found = read_record(lambda _: self._read(blob), self._root.inside(path), path, role)
        return _keep(self._records, place, found, _KEPT_RECORDS)

    def _read(self, blob: str) -> bytes:
        try:
            return self._history.read(blob)
        except ObjectError as error:
            if error.code == "too-large":
                raise Unreadable("too-large", error.message) from error
            raise


@contextmanager
def _to_source_errors() -> Iterator[None]:
    """Raise SourceError for a damaged repository."""
    try:
        yield
    except ObjectError as error:
        raise to_source_error(error) from error


def walk_all(
    roots: Sequence[Root],
    now: datetime,
    as_of: datetime | None,
    since: date | None,
    lead_id: str | None,
) -> Iterator[FolderCommit]:
    """Yield the commits of several folders, as `Folders.commits` does."""
    walks = (GitLog(root, now, as_of).walk(since) for root in roots)
    for commit in merge(*walks, key=_author_time, reverse=True):
        if since is not None and commit.when is not None and commit.when.date() < since:
            continue
        if lead_id is None or _changes_lead(commit, lead_id):
            yield commit


def skip_damage(commits: Iterator[FolderCommit]) -> Iterator[FolderCommit]:
    """Yield commits up to where the history ends, be it early; none if there is none."""
    with suppress(SourceError):
        yield from commits


def _author_time(commit: FolderCommit) -> float:
    return commit.when.timestamp() if commit.when else 0.0


def _changes_lead(commit: FolderCommit, lead_id: str) -> bool:
    return any(
        lead.id == lead_id
        for version in commit.versions
        for lead in (*version.before.leads, *version.after.leads)
    )


def _start(day: date | None, zone: tzinfo | None) -> float:
    """Return the start of a day in seconds since 1970; 0 for no day."""
    if day is None or day <= _EPOCH:
        return 0.0
    return datetime.combine(day, time.min, zone).timestamp()


def _keep(cache: OrderedDict[_Key, _Value], key: _Key, value: _Value, limit: int) -> _Value:
    """Put a value into a cache as the one used last, and drop those beyond the limit."""
    cache[key] = value
    cache.move_to_end(key)
    while len(cache) > limit:
        cache.popitem(last=False)
    return value


def _is_read(path: str) -> bool:
    """Whether a walk of the folder would list this path."""
    *folders, name = path.split("/")
    if len(folders) > DEPTH_LIMIT:
        return False
    return is_ours(name) and not any(map(is_ignored, folders)) and printable(path) == path
