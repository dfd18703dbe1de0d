"""A first reading in a process of its own, while this one imports the dashboard.

Both take a whole processor, and the threads of a process share one. So this process is copied
before it has done anything, the copy reads, and sends what it found through a pipe: how far it is,
the workspace, and the folders with all that they know, for this process to go on from. One pickler
sends it all, so that what they share there they share here.

Where the copy ends too soon, for whatever reason, this process reads as if there had been none.
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
    """What a first reading comes from: folders, or a process that reads them ahead."""

    @property
    def places(self) -> Mapping[str, Path]:
        """As `Folders.places`."""

    def read(self, progress: ProgressCallback | None = None) -> Workspace:
        """As `Folders.read`."""

    def opened(self) -> Folders:
        """The folders, to be asked once they were read."""


class Ahead:
    """Folders that another process reads."""

    def __init__(self, make: Callable[[], Folders], open_journal: OpenJournal | None) -> None:
        """Begin to read what `make` makes, in a copy of this process.

        `open_journal` is what `make` gives them. It cannot be pickled. Raises OSError where
        there can be no copy.
        """
        self._make = make
        self._open_journal = open_journal
        self._places: Future[Mapping[str, Path]] = Future()
        self._folders: Folders | None = None
        self._turn = threading.Lock()
        ours, theirs = os.pipe()
        self._pipe = os.fdopen(ours, "rb")
        with ExitStack() as otherwise, os.fdopen(theirs, "wb") as stream:
            otherwise.callback(self._pipe.close)
            self._process = os.fork()
            if self._process == 0:
                _read_for(stream, make)
            otherwise.pop_all()  # closed once all has come
        self._words: pickle.Unpickler | None = pickle.Unpickler(self._pipe)

    @property
    def places(self) -> Mapping[str, Path]:
        """As `Folders.places`; waits until the reading has begun."""
        return self._places.result()

    def read(self, progress: ProgressCallback | None = None) -> Workspace:
        """Take in what the other process reads. Raises as `make` does."""
        with self._turn:
            try:
                self._places.set_result(self._next())
                while isinstance(word := self._next(), tuple):
                    done, of, so_far = word
                    if progress is not None:
                        progress(done, of, partial(_same, so_far))
            except parallel.BROKEN_STREAM:
                return self._read_here(progress).workspace
            found: Workspace = word
            return found

    def opened(self) -> Folders:
        """The folders as the other process left them, once `read` has answered."""
        with self._turn:
            if self._folders is None:
                self._folders = self._receive()
            return self._folders

    def _receive(self) -> Folders:
        collects = gc.isenabled()
        gc.disable()  # what comes now stays
        try:
            found: Folders = self._next()
        except parallel.BROKEN_STREAM:
            return self._read_here(None)
        finally:
            gc.freeze()
            if collects:
                gc.enable()
        self._end()
        found.open_journal = self._open_journal
        return found

    def _read_here(self, progress: ProgressCallback | None) -> Folders:
        self._end()
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
        if self._words is None:
            raise EOFError
        return self._words.load()

    def _end(self) -> None:
        self._words = None  # it would hold all that ever came
        self._pipe.close()
        parallel.wait_for(self._process)


def begin(make: Callable[[], Folders], open_journal: OpenJournal | None) -> Ahead | None:
    """Begin to read what `make` makes; None where there is nothing to be gained by it."""
    if not parallel.count_children():
        return None
    try:
        return Ahead(make, open_journal)
    except OSError:
        return None


def _same(workspace: Workspace) -> Workspace:
    return workspace


def _read_for(pipe: BinaryIO, make: Callable[[], Folders]) -> NoReturn:
    """What the copy does: read, tell through the pipe, and end without a word, come what may."""
    try:
        parallel.silence_stderr()
        pickler = pickle.Pickler(pipe, pickle.HIGHEST_PROTOCOL)

        def send(word: object) -> None:
            pickler.dump(word)
            pipe.flush()

        folders = make()
        folders.open_journal = None
        send(folders.places)
        send(folders.read(lambda done, of, so_far: send((done, of, so_far()))))
        send(folders)
    finally:
        os._exit(0)
