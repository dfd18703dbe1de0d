"""Work on many parts, shared with copies of this process.

The threads of a Python process share one processor, so that parts that are all thinking and little
waiting are no faster for threads. Copies of the process (fork) know all that it knows and begin at
once; each takes the next part that nobody has begun, and leaves what it made of it in memory that
this process reads at the end. What a copy did not finish, for whatever reason, is done here.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import Any, BinaryIO, Final, NoReturn, TypeVar

Part = TypeVar("Part")
Made = TypeVar("Made")

MOST: Final = 3
"""Copies: what they made has to be read by one process, which is worth no more of them."""
_SIZE: Final = 4
"""Bytes of a number in the list of what is to do."""


def spare() -> int:
    """How many copies of this process could work beside it now.

    None where it has threads, of which a copy has only one, and whose locks nobody would open. On
    systems other than Linux there may be threads that Python does not know of.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return 0
    return min(len(os.sched_getaffinity(0)) - 1, MOST)


def shared(
    parts: Sequence[Part], work: Callable[[Part], Made], copies: int
) -> Iterator[tuple[int, Made]]:
    """What `work` makes of each part, with its place among the parts, in the order of getting it.

    First what is made here meanwhile, then what so many `copies` of this process have made. Raises
    what `work` raises.
    """
    missing = set(range(len(parts)))
    with ExitStack() as ends:
        todo = _list(len(parts))
        ends.callback(os.close, todo)
        begun = [copy for _ in range(copies) if (copy := _begin(todo, parts, work)) is not None]
        for copy in begun:
            ends.callback(copy.end)
        for place in _next(todo):
            missing.remove(place)
            yield place, work(parts[place])
        for copy in begun:
            for place, made in copy.made():
                missing.remove(place)
                yield place, made
    for place in sorted(missing):
        yield place, work(parts[place])


class _Copy:
    """A copy of this process, and the memory that it shares with this one."""

    def __init__(self, process: int, results: BinaryIO) -> None:
        self._process = process
        self._results = results
        self._ended = False

    def made(self) -> Iterator[tuple[int, Any]]:
        """What it has made, once it has ended."""
        import pickle  # most commands share nothing

        farewell(self._process)
        self._ended = True
        self._results.seek(0)
        unpickler = pickle.Unpickler(self._results)
        with suppress(*broken_off()):
            while True:
                yield unpickler.load()

    def end(self) -> None:
        """Whatever it is at, it only reads: nothing is lost if nobody waits for it."""
        self._results.close()
        if not self._ended:
            import signal

            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            farewell(self._process)


def broken_off() -> tuple[type[Exception], ...]:
    """What is raised where a process that was to send something has ended."""
    import pickle

    return EOFError, OSError, pickle.UnpicklingError


def farewell(process: int) -> None:
    """Wait for the end of a copy of this process."""
    with suppress(ChildProcessError):  # whoever began this process may want no word of its own
        os.waitpid(process, 0)


def _list(number: int) -> int:
    """A pipe that holds the numbers below that, from which everybody takes the next one.

    Those that it has no room for are left for the end.
    """
    take, put = os.pipe()
    os.set_blocking(put, False)
    with suppress(BlockingIOError):
        for place in range(number):
            os.write(put, place.to_bytes(_SIZE, "big"))
    os.close(put)
    return take


def _next(todo: int) -> Iterator[int]:
    while taken := os.read(todo, _SIZE):
        yield int.from_bytes(taken, "big")


def _begin(todo: int, parts: Sequence[Part], work: Callable[[Part], Made]) -> _Copy | None:
    """A copy that works; None where the system has no more processes or memory to give."""
    with suppress(OSError):
        results = os.fdopen(os.memfd_create("tldash"), "w+b")  # closed by who asks
        try:
            process = os.fork()
        except OSError:
            results.close()
            raise
        if process == 0:
            _work(todo, parts, work, results)
        return _Copy(process, results)
    return None


def _work(
    todo: int, parts: Sequence[Part], work: Callable[[Part], Made], results: BinaryIO
) -> NoReturn:
    """What a copy does, until nothing is left; it ends without a word, come what may."""
    try:
        import pickle

        silence()
        pickler = pickle.Pickler(results, pickle.HIGHEST_PROTOCOL)
        for place in _next(todo):
            pickler.dump((place, work(parts[place])))
        results.flush()
    finally:
        os._exit(0)


def silence() -> None:
    """Say nothing more on the terminal that belongs to the process of which this is a copy."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
