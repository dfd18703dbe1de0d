"""Watch folders for changed files. Events make it fast, and regular sweeps make it reliable.

Runs in a thread of its own. A changed file that a program has open for writing is incomplete, so
it is reported once it is closed. Where no lease can tell (`linux.has_writer`), a file that an
editor saves in place is reported with the content of that moment and again after further writes,
so the reader must decide when it is complete.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Final, Literal

from tldash.model.frozen import frozen
from tldash.storage import notify
from tldash.storage.notify import NOTHING, Changed, EventSource
from tldash.storage.walk import (
    Stamp,
    Tree,
    is_being_written,
    is_ignored,
    is_ours,
    make_stamp,
    walk,
)

QUIET: Final = 0.005
"""Seconds without an event after which a change is reported."""
DELAY: Final = 0.05
"""Seconds after which it is reported in any case."""
BURST: Final = 24
"""Recently changed paths beyond which to wait longer, since a sync or checkout is running."""
SWEEP_BEYOND: Final = 0.25
"""Share of changed files beyond which a sweep is cheaper than checking each of them."""
BURST_QUIET: Final = 0.04
BURST_DELAY: Final = 0.5
GONE_PATIENCE: Final = 0.03
"""Seconds to wait for a missing file: vim renames the old one before it writes the new one."""
BACKUP_PATIENCE: Final = 1.0
"""Seconds to wait as long as the old one is there as `NAME~`."""
OPEN_CHECK: Final = 0.02
"""Seconds between two looks at changed files that a program has open for writing."""
OPEN_PATIENCE: Final = 5.0
"""Seconds after which they are reported anyway: some programs never close a log."""
STOP_CHECK: Final = 0.2
"""Seconds within which the watcher notices `stop`."""
SHARE: Final = 500
"""Wait this many times the processor time of a sweep before the next one: 0.2 %."""
SHARE_ALONE: Final = 50
"""The same without events."""
SHARE_HURRIED: Final = 10
"""The same for a sweep requested by events."""
SHARE_OF_WAITING: Final = 5
"""Wait at least this many times the duration of a sweep: network drives may be slow."""
SECOND_LOOK: Final = 2.0
"""Seconds within which a second edit may have the same stamp: the coarsest file system clock."""
REARM_EVERY: Final = 30.0
"""Seconds between two attempts to receive events again."""


@frozen
class Watching:
    """How changes are found now."""

    events: bool | None
    """Whether events report all changes. None before the first sweep and after the end."""
    reason: str = ""
    """Why there are no events, or not of all changes."""

    def __str__(self) -> str:
        if self.events is None:
            return self.reason
        return "events and sweeps" if self.events else f"sweeps only: {self.reason}"


@frozen
class Batch:
    """What changed since the last batch."""

    changed: frozenset[tuple[int, str]]
    """Index of the root and relative POSIX path of each file that was added, modified or deleted.
    The content of a file may still be the same."""
    trees: tuple[Tree, ...]
    """The walk of each root. A missing root has its last files, and `Tree.root` is None. Files that
    are not reported yet have their last stamp."""
    source: Literal["events", "sweep"]
    watching: Watching
    still_open: frozenset[tuple[int, str]] = frozenset()
    """Those of `changed` that a program has had open for writing for `OPEN_PATIENCE`."""

    @property
    def gone(self) -> frozenset[int]:
        """Indices of the roots that are missing or unreadable."""
        return frozenset(index for index, tree in enumerate(self.trees) if tree.root is None)


class Watcher:
    """Watches some folders.

    `baseline` has one walk per root, from which the caller has read the files. Differences from it
    are reported first, so no change is missed between reading and watching. Without it, every file
    counts as changed.
    """

    def __init__(
        self,
        roots: Sequence[Path],
        *,
        baseline: Sequence[Tree] = (),
        sweep_every: float = 2.0,
        source: Callable[[], EventSource] = notify.open_source,
    ) -> None:
        self._roots = tuple(roots)
        self._prefixes = tuple(os.path.abspath(root) for root in roots)  # noqa: PTH100
        self._real = tuple(os.path.realpath(root) for root in roots)
        self._trees = tuple(baseline) or (Tree(),) * len(self._roots)
        self._sweep_every = sweep_every
        self._source = source
        self._events: EventSource | None = None
        self._arm_at = 0.0
        self._watching = Watching(events=None, reason="starting")
        self._reported = (self._trees, self._watching)
        self._fresh: dict[tuple[int, str], float] = {}
        self._unfinished: dict[tuple[int, str], float] = {}
        """Changed files that are open for writing and not reported yet: since when."""
        self._long_open: set[tuple[int, str]] = set()
        """Files that were open for writing for `OPEN_PATIENCE`, and still are."""
        self._swept_at = 0.0
        self._took = 0.0
        self._cost = 0.0
        self._due = 0.0

    @property
    def watching(self) -> Watching:
        """How changes are found now. May be read from any thread."""
        return self._watching

    @property
    def swept_at(self) -> float:
        """`time.monotonic` at the end of the last sweep; 0.0 before the first."""
        return self._swept_at

    def batches(self, stop: Event) -> Iterator[Batch]:
        """Yield changes until `stop` is set. Blocks. No error of the file system raises.

        The first batch comes at once, with the differences from the baseline. A changed file is
        reported again `SECOND_LOOK` later, because a second edit right after the first can have the
        same stamp.
        """
        try:
            batch = self._sweep("sweep", stop)
            while not stop.is_set():
                if batch is not None:
                    yield batch
                batch = self._next(stop)
        finally:
            self._disarm("")
            self._watching = Watching(events=None, reason="stopped")

    def _next(self, stop: Event) -> Batch | None:
        left = max(0.0, min(STOP_CHECK, self._due - time.monotonic()))
        changes = self._wait(min(left, OPEN_CHECK) if self._unfinished else left, stop)
        if changes is not NOTHING:
            changes = self._gather(changes, stop)
            places = {place for path in changes.paths for place in self._places(path)}
        elif time.monotonic() >= self._due:
            return self._sweep("sweep", stop)
        elif self._unfinished:
            places = {*self._unfinished}
        else:
            return None
        changed = None if changes.incomplete else self._find_changed(places, stop)
        if changed is not None:
            return self._batch(changed, "sweep" if self._events is None else "events")
        hurried = self._swept_at + SHARE_HURRIED * self._cost
        if time.monotonic() < hurried:
            self._due = min(self._due, hurried)
            return None
        return self._sweep("events", stop)

    def _wait(self, seconds: float, stop: Event) -> Changed:
        if self._events is None:
            stop.wait(seconds)
            return NOTHING
        try:
            return self._events.wait(seconds)
        except (OSError, RuntimeError) as error:
            self._disarm(str(error), arm_again_in=0.0)
            return Changed(incomplete=True)

    def _gather(self, changes: Changed, stop: Event) -> Changed:
        """Debounce: collect events until none arrives for a moment, to report them together."""
        began = time.monotonic()
        lately = sum(began - since < BURST_DELAY for since in self._fresh.values())
        while not stop.is_set():
            burst = changes.incomplete or len(changes.paths) + lately > BURST
            left = began + (BURST_DELAY if burst else DELAY) - time.monotonic()
            if left <= 0:
                break
            more = self._wait(min(left, BURST_QUIET if burst else QUIET), stop)
            if more is NOTHING:
                break
            changes = Changed(changes.paths | more.paths, changes.incomplete or more.incomplete)
        files = sum(len(tree.files) for tree in self._trees)
        many = len(changes.paths) > max(BURST, SWEEP_BEYOND * files)
        return Changed(changes.paths, True) if many else changes

    def _find_changed(
        self, places: Set[tuple[int, str]], stop: Event
    ) -> set[tuple[int, str]] | None:
        """Return those of these files that changed; None if that needs a sweep."""
        now: dict[tuple[int, str], Stamp | None] = {}
        for index, path in places:
            stamp = self._stamp(index, path)
            if stamp is False:
                return None
            if stamp is not True:
                now[index, path] = stamp
        now = {
            place: stamp
            for place, stamp in now.items()
            if self._trees[place[0]].files.get(place[1]) != stamp
        }
        self._await_return(now, stop)
        for place in places - now.keys():
            self._unfinished.pop(place, None)
        for place in self._find_unfinished(now.keys() | (places & self._long_open)):
            now.pop(place, None)
        self._apply(now)
        return set(now)

    def _find_unfinished(self, places: Set[tuple[int, str]]) -> set[tuple[int, str]]:
        """Return those of these changed files that a program has open for writing.

        Not those that it has had open for `OPEN_PATIENCE`.
        """
        found: set[tuple[int, str]] = set()
        for place in places:
            index, path = place
            if not is_being_written(self._roots[index], path):
                self._long_open.discard(place)
            elif place not in self._long_open:
                since = self._unfinished.get(place, time.monotonic())
                if time.monotonic() - since < OPEN_PATIENCE:
                    found.add(place)
                    self._unfinished[place] = since
                    continue
                self._long_open.add(place)
            self._unfinished.pop(place, None)
        return found

    def _places(self, path: str) -> Iterator[tuple[int, str]]:
        """Yield the roots of a full path with its relative path, unless it is ignored."""
        for index, prefixes in enumerate(zip(self._prefixes, self._real, strict=True)):
            for prefix in dict.fromkeys(prefixes):
                if path == prefix:
                    yield index, ""
                elif path.startswith(prefix.rstrip(os.sep) + os.sep):
                    relative = path[len(prefix.rstrip(os.sep)) + 1 :].replace(os.sep, "/")
                    if not any(map(is_ignored, relative.split("/"))):
                        yield index, relative

    def _stamp(self, index: int, path: str) -> Stamp | bool | None:
        """Return the stamp of a file: None if missing, True if ignored, False if unclear."""
        tree = self._trees[index]
        folder, _, name = path.rpartition("/")
        if not path or path in tree.folders or folder not in tree.folders:
            return False
        full = Path(f"{self._prefixes[index]}/{path}")
        if not is_ours(name):
            return not (full.is_dir() or full.is_symlink())
        if path in (*tree.aliases, *tree.aliases.values(), *(p.path for p in tree.problems)):
            return False
        try:
            path.encode()
            status = full.lstat()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeEncodeError):
            return False
        # For a link or one of several names, only a walk can tell which name is listed.
        return (
            make_stamp(status) if stat.S_ISREG(status.st_mode) and status.st_nlink == 1 else False
        )

    def _await_return(self, now: dict[tuple[int, str], Stamp | None], stop: Event) -> None:
        """Wait a moment for files that vanished, and check them again.

        Wait longer for a file with a backup: an editor that has renamed it is about to write it.
        """
        until = time.monotonic() + BACKUP_PATIENCE
        gone = {place for place, stamp in now.items() if stamp is None}
        while gone:
            stop.wait(GONE_PATIENCE)
            for index, path in [*gone]:
                again = self._stamp(index, path)
                if isinstance(again, Stamp):
                    now[index, path] = again
                    gone.discard((index, path))
            if stop.is_set() or time.monotonic() >= until:
                return
            gone = {(i, p) for i, p in gone if Path(f"{self._prefixes[i]}/{p}~").exists()}

    def _apply(self, now: dict[tuple[int, str], Stamp | None]) -> None:
        """Update the trees with new stamps."""
        for index in {index for index, _ in now}:
            files = dict(self._trees[index].files)
            for (root, path), stamp in now.items():
                if root == index and stamp is not None:
                    files[path] = stamp
                elif root == index:
                    files.pop(path, None)
            tree = replace(self._trees[index], files=dict(sorted(files.items())))
            self._trees = (*self._trees[:index], tree, *self._trees[index + 1 :])

    def _sweep(self, source: Literal["events", "sweep"], stop: Event) -> Batch | None:
        """Walk all roots, and watch every folder."""
        worked = time.thread_time()
        changed = self._sweep_once(stop)
        # Files created between the walk and the watch of a folder have sent no event.
        for _ in range(5):
            if not self._arm():
                break
            changed |= self._sweep_once(stop)
        now = time.monotonic()
        self._cost = time.thread_time() - worked
        ripe = {place for place, since in self._fresh.items() if now - since >= SECOND_LOOK}
        batch = self._batch(changed, source, second_look=ripe - changed)
        share = SHARE if self._watching.events else SHARE_ALONE
        self._due = now + max(self._sweep_every, share * self._cost, SHARE_OF_WAITING * self._took)
        return batch

    def _sweep_once(self, stop: Event) -> set[tuple[int, str]]:
        began = time.monotonic()
        old = self._trees
        found = tuple(map(walk, self._roots))
        self._swept_at = time.monotonic()
        self._took = self._swept_at - began
        # A missing root keeps its files, which are shown as last read until it is back.
        self._trees = tuple(
            tree if tree.root is not None else replace(was, root=None, problems=tree.problems)
            for was, tree in zip(old, found, strict=True)
        )
        changed: set[tuple[int, str]] = set()
        missing: dict[tuple[int, str], Stamp | None] = {}
        for index, (was, tree) in enumerate(zip(old, self._trees, strict=True)):
            changed |= {(index, path) for path, _ in tree.files.items() - was.files.items()}
            missing |= {(index, path): None for path in was.files.keys() - tree.files.keys()}
        self._await_return(missing, stop)
        self._apply({place: stamp for place, stamp in missing.items() if stamp is not None})
        changed |= missing.keys()
        unfinished = self._find_unfinished(changed)
        self._apply({(index, path): old[index].files.get(path) for index, path in unfinished})
        return changed - unfinished

    def _batch(
        self,
        changed: set[tuple[int, str]],
        source: Literal["events", "sweep"],
        second_look: set[tuple[int, str]] | frozenset[tuple[int, str]] = frozenset(),
    ) -> Batch | None:
        """Return a batch if anything changed, and schedule the second look at changed files."""
        now = time.monotonic()
        for place in second_look:
            del self._fresh[place]
        self._fresh |= dict.fromkeys(changed, now)
        trees, watching = self._reported
        self._reported = (self._trees, self._watching)
        quiet = watching == self._watching and all(
            (was.root, was.problems, was.aliases) == (tree.root, tree.problems, tree.aliases)
            for was, tree in zip(trees, self._trees, strict=True)
        )
        if quiet and not changed and not second_look:
            return None
        reported = frozenset(changed | second_look)
        still_open = reported & self._long_open
        return Batch(reported, self._trees, source, self._watching, still_open)

    def _arm(self) -> bool:
        """Watch the folders of the last walk. Returns whether one of them is new."""
        try:
            if self._events is None:
                if time.monotonic() < self._arm_at:
                    return False
                self._events = self._source()
            new = self._events.watch(
                f"{prefix}/{folder}" if folder else prefix
                for prefix, tree in zip(self._prefixes, self._trees, strict=True)
                if tree.root is not None
                for folder in tree.folders
            )
        except (OSError, RuntimeError) as error:
            self._disarm(getattr(error, "strerror", None) or str(error))
            return False
        silent = any(map(notify.is_silent, self._prefixes))
        self._watching = Watching(not silent, notify.SILENT if silent else "")
        return new

    def _disarm(self, reason: str, arm_again_in: float = REARM_EVERY) -> None:
        """Continue with sweeps alone, and try events again later."""
        if self._events is not None:
            self._events.close()
            self._events = None
        self._watching = Watching(events=False, reason=reason)
        self._arm_at = time.monotonic() + arm_again_in
