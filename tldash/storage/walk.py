"""Walk a folder: list its Markdown and YAML files, and the problems of the other entries.

A walk never blocks on a pipe, never leaves the folder through a link, and never stops at an error:
the problem of one entry does not affect the others.
"""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import field
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple, Protocol
from unicodedata import normalize

from tldash.model.frozen import frozen
from tldash.model.records import Problem, Severity
from tldash.storage.filenames import (
    IGNORED_STARTS,
    find_original,
    find_placeholder_target,
    is_ignored,
)
from tldash.storage.safe_open import (
    WRITER_PATIENCE,
    Reader,
    Unreadable,
    describe_error,
    is_being_written,
    is_inside,
    read_bytes,
)

__all__ = [
    "WRITER_PATIENCE",
    "Entry",
    "Listing",
    "Reader",
    "Stamp",
    "Status",
    "Tree",
    "Unreadable",
    "find_original",
    "is_being_written",
    "is_ignored",
    "is_ours",
    "make_stamp",
    "printable",
    "read_bytes",
    "walk",
    "walk_listing",
]

ENTRY_LIMIT: Final = 200_000
"""Entries per walk, so that opening `/` by mistake ends."""
DEPTH_LIMIT: Final = 40

_ENDINGS: Final = (".md", ".markdown", ".yaml", ".yml")


_OPEN_FOLDERS: Final = os.scandir in os.supports_fd
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
_FOLDER: Final = (
    os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0) | _NO_FOLLOW
)
_ODD_STARTS: Final = frozenset(start[0] for start in IGNORED_STARTS)


class Stamp(NamedTuple):
    """Distinguishes two states of a file without reading it. Times are in nanoseconds.

    Stamps are only compared for equality, so a clock that is set back does no harm. Two edits in
    place within one tick of the file system's clock can have equal stamps.
    """

    mtime_ns: int
    ctime_ns: int
    size: int
    inode: int
    device: int


@frozen
class Tree:
    """The result of a walk."""

    files: dict[str, Stamp] = field(default_factory=dict)
    """Relative POSIX path -> stamp, sorted. Every path is valid UTF-8."""
    problems: tuple[Problem, ...] = ()
    folders: tuple[str, ...] = ()
    """Relative paths of all folders, sorted. `""` is the root."""
    aliases: dict[str, str] = field(default_factory=dict)
    """Other names of and links to a file -> the path in `files`."""
    root: tuple[int, int] | None = None
    """Device and inode of the root; None if it is missing or unreadable."""


class Status(Protocol):
    """The part of a stat result that a walk needs."""

    @property
    def st_mode(self) -> int: ...
    @property
    def st_ino(self) -> int: ...
    @property
    def st_dev(self) -> int: ...
    @property
    def st_nlink(self) -> int: ...


class Entry(Protocol):
    """The part of an os.DirEntry that a walk needs."""

    @property
    def name(self) -> str: ...
    def is_file(self, *, follow_symlinks: bool) -> bool: ...
    def is_dir(self, *, follow_symlinks: bool) -> bool: ...
    def is_symlink(self) -> bool: ...
    def stat(self, *, follow_symlinks: bool) -> Status: ...


Scan = AbstractContextManager[tuple[Status, Iterator[Entry]]]
"""The status of an open folder, and its entries."""


class Listing(Protocol):
    """Where a walk finds folders and links: the disk, or a commit of a git repository."""

    def status(self) -> Status:
        """Return the status of the root. Raises OSError."""

    def scan(self, folder: str, *, follow: bool) -> Scan:
        """Open a folder; `""` is the root. `follow` if it may be a link. Raises OSError."""

    def resolve(self, path: str) -> tuple[Status, bool]:
        """Follow a link: the status of its target, and whether that is inside the root.

        Raises OSError if it leads nowhere.
        """


def is_ours(name: str) -> bool:
    """Whether a name is that of a Markdown or YAML file, in any case, and not ignored."""
    return name.lower().endswith(_ENDINGS) and not is_ignored(name)


_STAMP: Final = attrgetter("st_mtime_ns", "st_ctime_ns", "st_size", "st_ino", "st_dev")


def make_stamp(status: Status) -> Stamp:
    """Return the stamp in a status, which must have the other fields of a Stamp as well."""
    # Called for every file in every sweep. Stamp(...) takes twice as long.
    return tuple.__new__(Stamp, _STAMP(status))


def printable(path: str) -> str:
    r"""Return the path as encodable text: bytes that are not UTF-8 become `\xe9`."""
    if path.isascii():
        return path
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def walk(root: Path, *, entry_limit: int = ENTRY_LIMIT, depth_limit: int = DEPTH_LIMIT) -> Tree:
    """List the Markdown and YAML files below `root` with their stamps. Never raises.

    Symbolic links to files and folders inside `root` are followed last. Every folder is listed
    once, and every file under one name: its own if that is below `root`, the first in order if it
    has several. The other names are in `aliases`.

    These become problems: links that lead outside, anything that is not a regular file, names that
    are not UTF-8 or that some systems cannot tell apart, and unreadable folders. Problems of the
    root itself have the path ".".
    """
    return walk_listing(_Disk(os.fspath(root)), entry_limit=entry_limit, depth_limit=depth_limit)


def walk_listing(
    listing: Listing, *, entry_limit: int = ENTRY_LIMIT, depth_limit: int = DEPTH_LIMIT
) -> Tree:
    """List the Markdown and YAML files of a listing, as `walk` does for a folder on disk."""
    return _Walk(listing, entry_limit, depth_limit).run()


class _Disk:
    """The listing of a folder on disk."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.real_root: str | None = None

    def status(self) -> os.stat_result:
        return Path(self.root).stat()

    @contextmanager
    def scan(self, folder: str, *, follow: bool) -> Iterator[tuple[Status, Iterator[Entry]]]:
        full = self.full(folder)
        fd = -1
        try:
            # With a dir_fd each stat is cheaper, and no link can replace the folder meanwhile.
            if _OPEN_FOLDERS:
                fd = os.open(full, _FOLDER & ~_NO_FOLLOW if follow else _FOLDER)
            status = os.stat(full if fd < 0 else fd)  # noqa: PTH116
            with os.scandir(full if fd < 0 else fd) as entries:
                yield status, entries
        finally:
            if fd >= 0:
                os.close(fd)

    def resolve(self, path: str) -> tuple[os.stat_result, bool]:
        if self.real_root is None:
            self.real_root = os.path.realpath(self.root)
        target = os.path.realpath(self.full(path))
        return Path(target).stat(), is_inside(target, self.real_root)

    def full(self, path: str) -> str:
        return f"{self.root}/{path}" if path else self.root


class _Walk:
    """The state of one walk."""

    def __init__(self, listing: Listing, entry_limit: int, depth_limit: int) -> None:
        self.listing = listing
        self.entries_left = entry_limit
        self.entry_limit = entry_limit
        self.depth_limit = depth_limit
        self.files: dict[str, Stamp] = {}
        self.problems: list[Problem] = []
        self.folders: list[str] = []
        self.links: list[str] = []
        self.aliases: dict[str, str] = {}
        self.seen: set[tuple[int, int]] = set()
        self.linked: dict[tuple[int, int], list[tuple[bool, str]]] = defaultdict(list)
        """Files with several names: each name, and whether it was reached through a link."""
        self.following = False
        self.places: dict[tuple[int, int], str] = {}
        self.placed = 0

    def run(self) -> Tree:
        try:
            status = self.listing.status()
        except OSError as error:
            self.problem(
                "",
                "folder-gone" if isinstance(error, FileNotFoundError) else "folder-unreadable",
                f"the folder cannot be opened: {describe_error(error)}",
                "check that it exists, is mounted, and is readable",
            )
            return Tree(problems=tuple(self.problems))
        if not stat.S_ISDIR(status.st_mode):
            self.problem(
                "", "not-a-folder", "this is not a folder", "open the folder that contains it"
            )
            return Tree(problems=tuple(self.problems))
        self.descend("")
        self.follow_links()
        self.list_once()
        files = {path: self.files[path] for path in sorted(self.files)}
        folders = tuple(sorted(self.folders))
        for path, others in _twins((*files, *folders)):
            self.twin(path, others)
        return Tree(
            files=files,
            problems=tuple(sorted(self.problems)),
            folders=folders,
            aliases=self.aliases,
            root=(status.st_dev, status.st_ino) if "" in self.folders else None,
        )

    def problem(self, path: str, code: str, message: str, hint: str = "") -> None:
        severity = Severity.WARNING if code.startswith(("link-", "twin-")) else Severity.ERROR
        self.problems.append(Problem(printable(path) or ".", 1, 1, severity, code, message, hint))

    def descend(self, top: str) -> None:
        """List a folder and everything below it that is reached without a link."""
        stack = [top]
        while stack and self.entries_left > 0:
            folder = stack.pop()
            if folder.count("/") >= self.depth_limit:
                self.problem(
                    folder,
                    "too-deep",
                    f"nested more than {self.depth_limit} folders deep; not read",
                    "move it up",
                )
            else:
                stack += self.list_folder(folder, through_link=folder == top)
        if stack:
            self.too_many()

    def list_folder(self, folder: str, *, through_link: bool) -> list[str]:
        """Add the files of a folder. Returns its subfolders in reverse order."""
        below: list[str] = []
        try:
            with self.listing.scan(folder, follow=through_link) as (status, entries):
                if (status.st_dev, status.st_ino) in self.seen:
                    return []
                self.seen.add((status.st_dev, status.st_ino))
                self.folders.append(folder)
                self.add_entries(f"{folder}/" if folder else "", entries, below)
        except OSError as error:
            if folder and isinstance(error, (FileNotFoundError, NotADirectoryError)):
                return []  # Removed or replaced since its parent was listed.
            self.problem(
                folder,
                "folder-unreadable",
                f"the folder cannot be listed: {describe_error(error)}",
                "give yourself read permission, or move it away",
            )
        below.sort(reverse=True)
        return below

    def add_entries(self, prefix: str, entries: Iterator[Entry], below: list[str]) -> None:
        """Add the entries of a folder. `prefix` is its path and a slash."""
        files = self.files
        for entry in entries:
            if self.entries_left <= 0:
                self.too_many()
                below.clear()
                return
            self.entries_left -= 1
            name = entry.name
            path = prefix + name
            try:
                # A fast path for nearly all entries.
                if (
                    name.endswith(_ENDINGS)
                    and name[0] not in _ODD_STARTS
                    and name.isascii()
                    and entry.is_file(follow_symlinks=False)
                ):
                    status = entry.stat(follow_symlinks=False)
                    files[path] = make_stamp(status)
                    if status.st_nlink > 1:
                        self.linked[status.st_dev, status.st_ino].append((self.following, path))
                else:
                    self.add_entry(path, entry, below)
            except FileNotFoundError:
                continue
            except OSError as error:
                self.problem(path, "unreadable", f"cannot be read: {describe_error(error)}")

    def too_many(self) -> None:
        if not any(problem.code == "too-many-files" for problem in self.problems):
            self.problem(
                "",
                "too-many-files",
                f"more than {self.entry_limit} entries; the rest is not shown",
                "open the folder of the leads, not one above it",
            )

    def add_entry(self, path: str, entry: Entry, below: list[str]) -> None:
        """Add an entry as a file, a link to follow later, a subfolder, or a problem."""
        name = entry.name
        ours = name.lower().endswith(_ENDINGS)
        is_file = entry.is_file(follow_symlinks=False)
        if is_ignored(name) or (is_file and not ours):
            original = find_placeholder_target(name)
            if original is not None and is_ours(original):
                self.not_downloaded(f"{path[: len(path) - len(name)]}{original}")
        elif entry.is_symlink():
            self.links.append(path)
        elif not self.check_name(path, ours or entry.is_dir(follow_symlinks=False)):
            return
        elif is_file:
            status = entry.stat(follow_symlinks=False)
            self.files[path] = make_stamp(status)
            if status.st_nlink > 1:
                self.linked[status.st_dev, status.st_ino].append((self.following, path))
        elif ours:
            self.not_a_file(path)
        else:
            below.append(path)

    def check_name(self, path: str, relevant: bool = True) -> bool:
        """Whether the path is valid UTF-8 and relevant. Reports relevant paths that are not."""
        if relevant and printable(path) != path:
            self.problem(path, "bad-name", "the name is not valid UTF-8", "rename it")
            return False
        return relevant

    def not_downloaded(self, path: str) -> None:
        self.problem(
            path,
            "not-downloaded",
            "the file is in the cloud, not on this machine",
            "let the sync client download it",
        )

    def not_a_file(self, path: str) -> None:
        self.problem(
            path,
            "not-a-file",
            "this has the name of a file, but is a folder, pipe, socket or device",
            "rename or remove it",
        )

    def follow_links(self) -> None:
        """Follow the links that were found, and those found by following them."""
        self.following = True
        while self.links:
            batch, self.links = sorted(self.links), []
            for path in batch:
                self.follow(path)

    def listed_as(self, status: Status) -> str | None:
        """Return the path under which the same file is already listed."""
        for path, stamp in islice(self.files.items(), self.placed, None):
            self.places.setdefault((stamp.device, stamp.inode), path)
        self.placed = len(self.files)
        return self.places.get((status.st_dev, status.st_ino))

    def list_once(self) -> None:
        """Keep only the first of several names (hard links) of a file."""
        moved: dict[str, str] = {}
        for names in self.linked.values():
            first, *others = (path for _, path in sorted(names))
            moved |= dict.fromkeys(others, first)
        for path in moved:
            del self.files[path]
        if moved:
            self.aliases = {link: moved.get(to, to) for link, to in self.aliases.items()} | moved

    def twin(self, path: str, others: list[str]) -> None:
        alike = ", ".join(repr(other.rpartition("/")[2]) for other in others)
        self.problem(
            path,
            "twin-name",
            f"some systems cannot distinguish this name from {alike}",
            "rename one of them, before a sync tool overwrites one with the other",
        )

    def follow(self, path: str) -> None:
        ours = is_ours(path.rpartition("/")[2])
        if not self.check_name(path):
            return
        try:
            status, inside = self.listing.resolve(path)
        except OSError as error:
            if ours:
                self.problem(
                    path, "link-broken", f"the link leads nowhere: {describe_error(error)}"
                )
            return
        is_folder = stat.S_ISDIR(status.st_mode)
        if not is_folder and not ours:
            return
        if not inside:
            self.problem(
                path,
                "link-outside",
                "the link leads outside the folder and is not followed",
                "put the file itself here, or open the folder it leads to as well",
            )
        elif is_folder and not ours:
            self.descend(path)
        elif not stat.S_ISREG(status.st_mode):
            self.not_a_file(path)
        elif (known := self.listed_as(status)) is not None:
            self.aliases[path] = known
        else:
            self.files[path] = make_stamp(status)


def _twins(paths: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield paths that differ only in case or Unicode normalization, each with the others."""
    paths = tuple(paths)
    # Nearly always all are distinct, which is quick to check.
    if len({_folded(path) for path in paths}) == len(paths):
        return
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in paths:
        folder, _, name = path.rpartition("/")
        alike[folder, _folded(name)].append(path)
    for group in alike.values():
        if len(group) > 1:
            for path in group:
                yield path, [other for other in group if other != path]


def _folded(name: str) -> str:
    """Return the name as a file system compares it that ignores case and normalization."""
    return name.lower() if name.isascii() else normalize("NFD", normalize("NFD", name).casefold())
