"""What is in a folder: every file that could be ours, and what is wrong with the rest.

Nothing here can hang on a pipe, leave the folder through a link, or stop at the first thing that
cannot be read: what is wrong with one file costs that file and becomes a problem.
"""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import field
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple
from unicodedata import normalize

from tldash.model.frozen import frozen
from tldash.model.records import Problem, Severity
from tldash.storage.filenames import (
    IGNORED_STARTS,
    find_original,
    find_placeholder_target,
    is_ignored,
)
from tldash.storage.safe_open import Reader, Unreadable, describe_error, is_inside, read_bytes

__all__ = [
    "Reader",
    "Stamp",
    "Tree",
    "Unreadable",
    "find_original",
    "is_ignored",
    "is_ours",
    "make_stamp",
    "printable",
    "read_bytes",
    "walk",
]

ENTRY_LIMIT: Final = 200_000
"""Entries looked at in one walk, so that opening `/` by mistake ends."""
DEPTH_LIMIT: Final = 40

_ENDINGS: Final = (".md", ".markdown", ".yaml", ".yml")


_OPEN_FOLDERS: Final = os.scandir in os.supports_fd
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
_FOLDER: Final = (
    os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0) | _NO_FOLLOW
)
_ODD_STARTS: Final = frozenset(start[0] for start in IGNORED_STARTS)


class Stamp(NamedTuple):
    """What tells one state of a file from another without reading it; times in nanoseconds.

    Stamps are compared for equality only: a clock that was set back changes nothing. Two edits in
    place within one tick of the file system's clock can have equal stamps.
    """

    mtime_ns: int
    ctime_ns: int
    size: int
    inode: int
    device: int


@frozen
class Tree:
    """What one walk found."""

    files: dict[str, Stamp] = field(default_factory=dict)
    """Relative POSIX path -> stamp, in order of path. Every path is valid UTF-8."""
    problems: tuple[Problem, ...] = ()
    folders: tuple[str, ...] = ()
    """Every folder that was looked into, relative, in order; `""` is the root."""
    aliases: dict[str, str] = field(default_factory=dict)
    """Other names and links of files that are listed -> the path they are listed under."""
    root: tuple[int, int] | None = None
    """Device and inode of the root; None if it is not there or cannot be read."""


def is_ours(name: str) -> bool:
    """Whether a file of that name could hold something for us: Markdown or YAML, in any case."""
    return name.lower().endswith(_ENDINGS) and not is_ignored(name)


_STAMP: Final = attrgetter("st_mtime_ns", "st_ctime_ns", "st_size", "st_ino", "st_dev")


def make_stamp(status: os.stat_result) -> Stamp:
    """The stamp in a stat result."""
    # What every file costs at every sweep: Stamp(...) would take twice as long.
    return tuple.__new__(Stamp, _STAMP(status))


def printable(path: str) -> str:
    r"""The path as text that any encoder takes: bytes that are no UTF-8 become `\xe9`."""
    if path.isascii():
        return path
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def walk(root: Path, *, entry_limit: int = ENTRY_LIMIT, depth_limit: int = DEPTH_LIMIT) -> Tree:
    """List every file below `root` that could be ours, with its stamp. Never raises.

    Links to files and folders inside `root` are followed, after everything reached without one; a
    folder is looked into once and a file listed once, under its own name where it has one below
    `root`, the first of them if it has several (other names and links are `aliases`). Links that
    lead outside, whatever is no regular file, names that are no UTF-8, names that only some systems
    can tell apart, and folders that cannot be read become problems. Problems about the root itself
    have the path ".".
    """
    return _Walk(root, entry_limit, depth_limit).run()


class _Walk:
    """The state of one walk."""

    def __init__(self, root: Path, entry_limit: int, depth_limit: int) -> None:
        self.root = os.fspath(root)
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
        """Files with several names; each name with whether it was reached through a link."""
        self.following = False
        self.places: dict[tuple[int, int], str] = {}
        self.placed = 0

    def run(self) -> Tree:
        try:
            status = Path(self.root).stat()
        except OSError as error:
            self.problem(
                "",
                "folder-gone" if isinstance(error, FileNotFoundError) else "folder-unreadable",
                f"the folder cannot be opened: {describe_error(error)}",
                "check that it exists, is mounted, and may be read",
            )
            return Tree(problems=tuple(self.problems))
        if not stat.S_ISDIR(status.st_mode):
            self.problem("", "not-a-folder", "this is no folder", "open the folder it lies in")
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

    def full(self, path: str) -> str:
        return f"{self.root}/{path}" if path else self.root

    def descend(self, top: str) -> None:
        """List a folder and everything below it that is reached without a link."""
        stack = [top]
        while stack and self.entries_left > 0:
            folder = stack.pop()
            if folder.count("/") >= self.depth_limit:
                self.problem(
                    folder,
                    "too-deep",
                    f"nested more than {self.depth_limit} folders deep; not looked into",
                    "move it up",
                )
            else:
                stack += self.look_into(folder, through_link=folder == top)

    def look_into(self, folder: str, *, through_link: bool) -> list[str]:
        """Take in one folder's files; returns its folders, last first."""
        below: list[str] = []
        full = self.full(folder)
        fd = -1
        try:
            # From an open folder each entry's stat is cheaper, and nobody can put a link in its
            # place meanwhile.
            if _OPEN_FOLDERS:
                fd = os.open(full, _FOLDER & ~_NO_FOLLOW if through_link else _FOLDER)
            status = os.stat(full if fd < 0 else fd)  # noqa: PTH116
            if (status.st_dev, status.st_ino) in self.seen:
                return []
            self.seen.add((status.st_dev, status.st_ino))
            with os.scandir(full if fd < 0 else fd) as entries:
                self.folders.append(folder)
                self.take_all(f"{folder}/" if folder else "", entries, below)
        except OSError as error:
            if folder and isinstance(error, (FileNotFoundError, NotADirectoryError)):
                return []  # Removed, or replaced by something else, since its parent was listed.
            self.problem(
                folder,
                "folder-unreadable",
                f"the folder cannot be listed: {describe_error(error)}",
                "give yourself the right to read it, or move it out of the way",
            )
        finally:
            if fd >= 0:
                os.close(fd)
        below.sort(reverse=True)
        return below

    def take_all(self, prefix: str, entries: Iterator[os.DirEntry[str]], below: list[str]) -> None:
        """Take in the entries of one folder; `prefix` is its path and a slash."""
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
                # What nearly every entry is, decided in the fewest steps.
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
                    self.take(path, entry, below)
            except FileNotFoundError:
                continue
            except OSError as error:
                self.problem(path, "unreadable", f"cannot be looked at: {describe_error(error)}")

    def too_many(self) -> None:
        if not any(problem.code == "too-many-files" for problem in self.problems):
            self.problem(
                "",
                "too-many-files",
                f"more than {self.entry_limit} entries; the rest is not shown",
                "open the folder of the leads rather than one above it",
            )

    def take(self, path: str, entry: os.DirEntry[str], below: list[str]) -> None:
        """Take in one entry: list it, note it for later, or say what is wrong with it."""
        name = entry.name
        ours = name.lower().endswith(_ENDINGS)
        is_file = entry.is_file(follow_symlinks=False)
        if is_ignored(name) or (is_file and not ours):
            original = find_placeholder_target(name)
            if original is not None and is_ours(original):
                self.not_downloaded(f"{path[: len(path) - len(name)]}{original}")
        elif entry.is_symlink():
            self.links.append(path)
        elif not self.spelled_well(path, ours or entry.is_dir(follow_symlinks=False)):
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

    def spelled_well(self, path: str, relevant: bool = True) -> bool:
        """Whether the path is UTF-8 and relevant; a problem if it is only the latter."""
        if relevant and printable(path) != path:
            self.problem(path, "bad-name", "the name is not valid UTF-8", "rename it")
            return False
        return relevant

    def not_downloaded(self, path: str) -> None:
        self.problem(
            path,
            "not-downloaded",
            "the file is in the cloud and not on this machine",
            "let the sync client download it",
        )

    def not_a_file(self, path: str) -> None:
        self.problem(
            path,
            "not-a-file",
            "named like a Markdown or YAML file, but it is a folder, pipe, socket or device",
            "rename or remove it",
        )

    def follow_links(self) -> None:
        """Follow the links found on the way, and those found by following them."""
        real_root = os.path.realpath(self.root)
        self.following = True
        while self.links:
            batch, self.links = sorted(self.links), []
            for path in batch:
                self.follow(path, real_root)

    def listed_as(self, status: os.stat_result) -> str | None:
        """The path under which that very file is listed already."""
        for path, stamp in islice(self.files.items(), self.placed, None):
            self.places.setdefault((stamp.device, stamp.inode), path)
        self.placed = len(self.files)
        return self.places.get((status.st_dev, status.st_ino))

    def list_once(self) -> None:
        """Keep the first of several names (hard links) of one file."""
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
            f"some systems cannot tell this name from {alike}",
            "bring both together under one name, before a sync tool puts one over the other",
        )

    def follow(self, path: str, real_root: str) -> None:
        ours = is_ours(path.rpartition("/")[2])
        if not self.spelled_well(path):
            return
        target = os.path.realpath(self.full(path))
        try:
            status = Path(target).stat()
        except OSError as error:
            if ours:
                self.problem(
                    path, "link-broken", f"the link leads nowhere: {describe_error(error)}"
                )
            return
        is_folder = stat.S_ISDIR(status.st_mode)
        if not is_folder and not ours:
            return
        if not is_inside(target, real_root):
            self.problem(
                path,
                "link-outside",
                "the link leads out of the folder, and is not followed",
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
    """The paths in one folder that differ in case or Unicode normalization only, and from what."""
    paths = tuple(paths)
    # Nearly always nothing is alike, and that is seen at once.
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
    """The name as a file system compares it that tells neither case nor normalization."""
    return name.lower() if name.isascii() else normalize("NFD", normalize("NFD", name).casefold())
