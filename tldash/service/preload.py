"""Read the folders in a forked child while the parent imports Textual.

Reading and importing each use a whole processor, and threads of one process share one. So the
parent forks before it has threads. The child reads and sends pickles through a pipe: the progress,
the workspace, and the `Folders` with their caches, for the parent to continue with. One pickler
writes all of them, so that objects shared there are shared here.

If the child ends early, for whatever reason, the parent reads the folders itself.
"""

from __future__ import annotations

import gc
import os
import pickle
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, Protocol

from tldash.workspace import parallel

if TYPE_CHECKING:
    from tldash.model.progress import ProgressCallback
    from tldash.model.records import Workspace
    from tldash.workspace.folders import Folders
    from tldash.workspace.writer import OpenJournal


class Source(Protocol):
    """The origin of the first read: `Folders`, or a child that reads them."""

    @property
    def places(self) -> Mapping[str, Path]:
        """As `Folders.places`."""

    def read(self, progress: ProgressCallback | None = None) -> Workspace:
        """As `Folders.read`."""

    def opened(self) -> Folders:
        """Return the folders, for use after `read`."""


class Preload:
    """Folders that a forked child reads."""

    def __init__(self, make: Callable[[], Folders], open_journal: OpenJournal | None) -> None:
        """Fork a child that reads the folders which `make` returns.

        `open_journal` is what `make` passes to them. It cannot be pickled, so it is set
        again here. Raises OSError if the fork fails.
        """
        self._make = make
        self._open_journal = open_journal
        self._places: Future[Mapping[str, Path]] = Future()
        self._folders: Folders | None = None
        self._lock = threading.Lock()
        ours, theirs = os.pipe()
        self._pipe = os.fdopen(ours, "rb")
        with ExitStack() as otherwise, os.fdopen(theirs, "wb") as stream:
            otherwise.callback(self._pipe.close)
            self._process = os.fork()
            if self._process == 0:
                self._pipe.close()  # else the child waits forever if its parent is killed
                _run_child(stream, make)
            otherwise.pop_all()
        self._unpickler: pickle.Unpickler | None = pickle.Unpickler(self._pipe)

    @property
    def places(self) -> Mapping[str, Path]:
        """As `Folders.places`; blocks until the child has opened the folders."""
        return self._places.result()

    def read(self, progress: ProgressCallback | None = None) -> Workspace:
        """Return the workspace that the child read. Raises what `make` raises."""
        with self._lock:
            try:
                self._places.set_result(self._next())
                while isinstance(received := self._next(), tuple):
                    done, of, so_far = received
                    if progress is not None:
                        progress(done, of, partial(_identity, so_far))
            except parallel.BROKEN_STREAM:
                return self._read_here(progress).workspace
            workspace: Workspace = received
            return workspace

    def opened(self) -> Folders:
        """Return the folders as the child left them; call it after `read`."""
        with self._lock:
            if self._folders is None:
                self._folders = self._receive()
            return self._folders

    def _receive(self) -> Folders:
        collects = gc.isenabled()
        gc.disable()  # unpickled objects stay: freeze them instead of scanning them
        try:
            found: Folders = self._next()
        except parallel.BROKEN_STREAM:
            return self._read_here(None)
        finally:
            gc.freeze()
            if collects:
                gc.enable()
        self._close()
        found.open_journal = self._open_journal
        return found

    def _read_here(self, progress: ProgressCallback | None) -> Folders:
        self._close()
        try:
            self._folders = self._make()
        except BaseException as error:
            if not self._places.done():
                self._places.set_exception(error)
            raise
        if not self._places.done():
            self._places.set_result(self._folders.places)
        self._folders.read(progress)
        return self._folders

    def _next(self) -> Any:  # noqa: ANN401 - it was pickled
        """Unpickle the next value from the child. Raises one of `parallel.BROKEN_STREAM`."""
        if self._unpickler is None:
            raise EOFError
        return self._unpickler.load()

    def _close(self) -> None:
        self._unpickler = None  # its memo keeps every object alive
        self._pipe.close()
        parallel.wait_for(self._process)


def start(make: Callable[[], Folders], open_journal: OpenJournal | None) -> Preload | None:
    """Start a child that reads; None if there is one processor, or threads, or no fork."""
    if not parallel.count_children():
        return None
    try:
        return Preload(make, open_journal)
    except OSError:
        return None


def _identity(workspace: Workspace) -> Workspace:
    return workspace


def _run_child(pipe: BinaryIO, make: Callable[[], Folders]) -> NoReturn:
    """Read, send everything through the pipe, and exit without cleanup handlers."""
    try:
        parallel.silence_stderr()
        pickler = pickle.Pickler(pipe, pickle.HIGHEST_PROTOCOL)

        def send(value: object) -> None:
            pickler.dump(value)
            pipe.flush()

        folders = make()
        folders.open_journal = None
        send(folders.places)
        send(folders.read(lambda done, of, so_far: send((done, of, so_far()))))
        send(folders)
    finally:
        os._exit(0)
