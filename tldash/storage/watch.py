"""Which files changed: events make it fast, a sweep makes it true.

Runs in a thread of its own and knows nothing of what the files say. A file that an editor is saving
in place is reported with whatever it holds at that moment, and again when more is written: whoever
reads it decides when it has settled.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Final, Literal

from tldash.model.frozen import frozen
from tldash.storage import notify as events
from tldash.storage.notify import NOTHING, Events, News
from tldash.storage.walk import Stamp, Tree, is_ignored, is_ours, make_stamp, walk

QUIET: Final = 0.005
"""Seconds without an event after which a change is reported."""
DELAY: Final = 0.05
"""Seconds after which it is reported all the same."""
BURST: Final = 24
"""Paths changed lately from which on more are waited for: a sync or a checkout is at work."""
SWEEP_BEYOND: Final = 0.25
"""The share of the files from which on a sweep is cheaper than looking at each that changed."""
BURST_QUIET: Final = 0.04
BURST_DELAY: Final = 0.5
GONE_PATIENCE: Final = 0.03
"""Seconds for a missing file to come back: vim moves the old one away before it writes the new."""
STOP_CHECK: Final = 0.2
"""Seconds within which the watcher notices that it is to stop."""
SHARE: Final = 500
"""After a sweep, that many times the processor time it took passes before the next: 0.2 %."""
SHARE_ALONE: Final = 50
"""The same while sweeps are all there is."""
SHARE_HURRIED: Final = 10
"""The same while events ask for one."""
SHARE_OF_WAITING: Final = 5
"""That many times its whole duration passes at least: a network drive may take long to answer."""
SECOND_LOOK: Final = 2.0
"""Seconds, the coarsest clock of a file system: a second edit within them may leave the stamp."""
REARM_EVERY: Final = 30.0
"""Seconds between two attempts to get events back."""


@frozen
class Watching:
    """How changes are found at present."""

    events: bool | None
    """False while only sweeps are sure to find them; None before the first look, and after the
    end."""
    reason: str = ""
    """Why there are no events, or not from everybody."""

    def __str__(self) -> str:
        if self.events is None:
            return self.reason
        return "events and sweeps" if self.events else f"sweeps only: {self.reason}"


@frozen
class Batch:
    """What changed since the batch before."""

    changed: frozenset[tuple[int, str]]
    """Index of the root and relative POSIX path of every file added, modified or deleted. A file
    may be among them that holds what it held: compare the content."""
    trees: tuple[Tree, ...]
    """What is in each root now; of a root that is gone, what it had, and `Tree.root` is None."""
    source: Literal["events", "sweep"]
    watching: Watching

    @property
    def gone(self) -> frozenset[int]:
        """The roots that are not there, or cannot be read."""
        return frozenset(index for index, tree in enumerate(self.trees) if tree.root is None)


class Watcher:
    """Watches some folders.

    `baseline` is what the caller has read already, one walk for each root: everything that differs
    from it is reported first, so that no change falls between the reading and the watching. Without
    it, every file there is counts as a change.
    """

    def __init__(
        self,
        roots: Sequence[Path],
        *,
        baseline: Sequence[Tree] = (),
        sweep_every: float = 2.0,
        source: Callable[[], Events] = events.best,
    ) -> None:
        self._roots = tuple(roots)
        self._prefixes = tuple(os.path.abspath(root) for root in roots)  # noqa: PTH100
        self._real = tuple(os.path.realpath(root) for root in roots)
        self._trees = tuple(baseline) or (Tree(),) * len(self._roots)
        self._sweep_every = sweep_every
        self._source = source
        self._events: Events | None = None
        self._arm_at = 0.0
        self._watching = Watching(events=None, reason="starting")
        self._told = (self._trees, self._watching)
        self._fresh: dict[tuple[int, str], float] = {}
        self._swept_at = 0.0
        self._took = 0.0
        self._cost = 0.0
        self._due = 0.0

    @property
    def watching(self) -> Watching:
        """How changes are found at present; may be asked from any thread."""
        return self._watching

    @property
    def swept_at(self) -> float:
        """When the last sweep ended, by `time.monotonic`; 0.0 before the first."""
        return self._swept_at

    def batches(self, stop: Event) -> Iterator[Batch]:
        """Yield what changes until `stop` is set. Blocks; no trouble of the file system raises.

        The first batch comes at once: what differs from the baseline, and how changes are found. A
        changed file is reported once more some seconds later, because a second edit right after
        the first can leave its stamp as it was.
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
        news = self._wait(left, stop)
        if news is not NOTHING:
            news = self._gather(news, stop)
            changed = None if news.doubt else self._look_at(news.paths, stop)
            if changed is not None:
                return self._batch(changed, "events")
            hurried = self._swept_at + SHARE_HURRIED * self._cost
            if time.monotonic() < hurried:
                self._due = min(self._due, hurried)
                return None
            return self._sweep("events", stop)
        if time.monotonic() >= self._due:
            return self._sweep("sweep", stop)
        return None

    def _wait(self, seconds: float, stop: Event) -> News:
        if self._events is None:
            stop.wait(seconds)
            return NOTHING
        try:
            return self._events.wait(seconds)
        except (OSError, RuntimeError) as error:
            self._disarm(str(error), arm_again_in=0.0)
            return News(doubt=True)

    def _gather(self, news: News, stop: Event) -> News:
        """Go on listening until it is quiet, so that what belongs together is reported as one."""
        began = time.monotonic()
        lately = sum(began - since < BURST_DELAY for since in self._fresh.values())
        while not stop.is_set():
            burst = news.doubt or len(news.paths) + lately > BURST
            left = began + (BURST_DELAY if burst else DELAY) - time.monotonic()
            if left <= 0:
                break
            more = self._wait(min(left, BURST_QUIET if burst else QUIET), stop)
            if more is NOTHING:
                break
            news = News(news.paths | more.paths, news.doubt or more.doubt)
        files = sum(len(tree.files) for tree in self._trees)
        many = len(news.paths) > max(BURST, SWEEP_BEYOND * files)
        return News(news.paths, True) if many else news

    def _look_at(self, paths: frozenset[str], stop: Event) -> set[tuple[int, str]] | None:
        """The files among `paths` that changed; None if only a sweep can tell."""
        places = {place for path in paths for place in self._places(path)}
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
        self._apply(now)
        return set(now)

    def _places(self, path: str) -> Iterator[tuple[int, str]]:
        """Which roots a full path lies in, and where; not if it is never looked at."""
        for index, prefixes in enumerate(zip(self._prefixes, self._real, strict=True)):
            for prefix in dict.fromkeys(prefixes):
                if path == prefix:
                    yield index, ""
                elif path.startswith(prefix.rstrip(os.sep) + os.sep):
                    relative = path[len(prefix.rstrip(os.sep)) + 1 :].replace(os.sep, "/")
                    if not any(map(is_ignored, relative.split("/"))):
                        yield index, relative

    def _stamp(self, index: int, path: str) -> Stamp | bool | None:
        """The stamp of a file, None if there is none; True if it is not ours, False in doubt."""
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
        # A link, or one of several names: which of them is listed takes more than this one path.
        return (
            make_stamp(status) if stat.S_ISREG(status.st_mode) and status.st_nlink == 1 else False
        )

    def _await_return(self, now: dict[tuple[int, str], Stamp | None], stop: Event) -> None:
        """Give files that vanished the time to come back."""
        if None not in now.values():
            return
        stop.wait(GONE_PATIENCE)
        for (index, path), stamp in now.items():
            if stamp is None:
                again = self._stamp(index, path)
                now[index, path] = again if isinstance(again, Stamp) else None

    def _apply(self, now: dict[tuple[int, str], Stamp | None]) -> None:
        """Put new stamps into the trees."""
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
        """Walk everything, and see that every folder is watched."""
        worked = time.thread_time()
        changed = self._sweep_once(stop)
        # What was made between a folder's walk and its watch has sent no event.
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
        # A root that is gone keeps its files: they are shown as last seen until it is back.
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
        return changed | missing.keys()

    def _batch(
        self,
        changed: set[tuple[int, str]],
        source: Literal["events", "sweep"],
        second_look: set[tuple[int, str]] | frozenset[tuple[int, str]] = frozenset(),
    ) -> Batch | None:
        """The batch to report, if anything changed; remembers what needs a second look."""
        now = time.monotonic()
        for place in second_look:
            del self._fresh[place]
        self._fresh |= dict.fromkeys(changed, now)
        trees, watching = self._told
        self._told = (self._trees, self._watching)
        quiet = watching == self._watching and all(
            (was.root, was.problems, was.aliases) == (tree.root, tree.problems, tree.aliases)
            for was, tree in zip(trees, self._trees, strict=True)
        )
        if quiet and not changed and not second_look:
            return None
        return Batch(frozenset(changed | second_look), self._trees, source, self._watching)

    def _arm(self) -> bool:
        """Watch the folders of the last walk; whether one of them was not watched before."""
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
        silent = any(map(events.silent, self._prefixes))
        self._watching = Watching(not silent, events.SILENT if silent else "")
        return new

    def _disarm(self, reason: str, arm_again_in: float = REARM_EVERY) -> None:
        """Go on by sweeps alone; events are tried again later."""
        if self._events is not None:
            self._events.close()
            self._events = None
        self._watching = Watching(events=False, reason=reason)
        self._arm_at = time.monotonic() + arm_again_in
