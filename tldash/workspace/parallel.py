"""Run work on many parts in forked children of this process, beside this process.

Threads of one Python process share one processor, so parsing is no faster with them. A forked child
starts with everything that the parent knows, at once. The numbers of the parts wait in a pipe: the
parent and its children each take the next one until the pipe is empty. A child pickles each result
into shared memory (memfd), which the parent reads between two parts of its own. The parent does the
parts that a child did not finish.

Gain for ordinary files in four styles (`python -m tests.benchmarks.parallel FOLDER`): with two free
processors, a first read takes 0.62 of the time for 2,080 files as for 10,800, computed from
processor time. When other programs keep both processors busy, it takes as long as without children.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import Any, Final, NoReturn, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")

MAX_CHILDREN: Final = 3
"""One process has to unpickle all results, so more children gain nothing."""
BROKEN_STREAM: Final = (EOFError, OSError, pickle.UnpicklingError)
"""The errors of unpickling from a process that ended too early."""
_SIZE: Final = 4
"""Bytes of a part number in the pipe, and of the length of a result in memory."""


def count_children() -> int:
    """Return how many children could work beside this process now.

    0 if the process has threads, since a forked child has only one and would wait forever for the
    locks of the others. 0 also on systems other than Linux, where libraries may have started
    threads that Python does not know of.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return 0
    return min(len(os.sched_getaffinity(0)) - 1, MAX_CHILDREN)


def run(
    parts: Sequence[Part], work: Callable[[Part], Result], children: int
) -> Iterator[tuple[int, Result]]:
    """Yield the index of each part with what `work` returns for it, in no particular order.

    Raises what `work` raises.
    """
    missing = set(range(len(parts)))
    with ExitStack() as ends:
        queue = _fill_queue(len(parts))
        ends.callback(os.close, queue)
        started = [
            child for _ in range(children) if (child := _start(queue, parts, work)) is not None
        ]
        for child in started:
            ends.callback(child.end)
        for index, result in _gather(queue, parts, work, started):
            missing.remove(index)
            yield index, result
    for index in sorted(missing):
        yield index, work(parts[index])


def _gather(
    queue: int, parts: Sequence[Part], work: Callable[[Part], Result], started: Sequence[_Child]
) -> Iterator[tuple[int, Result]]:
    """Yield the results of this process, each followed by those that the children have by then."""
    for index in _take(queue):
        yield index, work(parts[index])
        for child in started:
            yield from child.results()
    for child in started:
        child.wait()
        yield from child.results()


class _Child:
    """A forked child, and the memory with its results."""

    def __init__(self, process: int, memory: int) -> None:
        self._process = process
        self._memory = memory
        self._at = 0
        """Where the next result begins."""
        self._ended = False

    def results(self) -> Iterator[tuple[int, Any]]:
        """Yield the results that are complete by now, and not yielded yet."""
        while len(size := os.pread(self._memory, _SIZE, self._at)) == _SIZE:
            length = int.from_bytes(size, "big")
            data = os.pread(self._memory, length, self._at + _SIZE)
            if len(data) < length:
                break
            self._at += _SIZE + length
            yield pickle.loads(data)

    def wait(self) -> None:
        """Wait for the child to exit."""
        wait_for(self._process)
        self._ended = True

    def end(self) -> None:
        """Kill the child if it still runs. It only reads files, so nothing is lost."""
        os.close(self._memory)
        if not self._ended:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            wait_for(self._process)


def wait_for(process: int) -> None:
    """Wait until a child of this process exits."""
    with suppress(ChildProcessError):  # with SIGCHLD ignored, the system reaps children itself
        os.waitpid(process, 0)


def silence_stderr() -> None:
    """Redirect the standard error of a child to /dev/null."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _fill_queue(number: int) -> int:
    """Return the reading end of a pipe with the numbers below `number`.

    Numbers that do not fit into the pipe are left out; their parts are done at the end.
    """
    take, put = os.pipe()
    os.set_blocking(put, False)
    with suppress(BlockingIOError):
        for index in range(number):
            os.write(put, index.to_bytes(_SIZE, "big"))
    os.close(put)
    return take


def _take(queue: int) -> Iterator[int]:
    while taken := os.read(queue, _SIZE):
        yield int.from_bytes(taken, "big")


def _start(queue: int, parts: Sequence[Part], work: Callable[[Part], Result]) -> _Child | None:
    """Fork a child that works; None if the system has no process or memory left."""
    with suppress(OSError):
        memory = os.memfd_create("tldash")  # closed by _Child.end
        try:
            process = os.fork()
        except OSError:
            os.close(memory)
            raise
        if process == 0:
            _work(queue, parts, work, memory)
        return _Child(process, memory)
    return None


def _work(
    queue: int, parts: Sequence[Part], work: Callable[[Part], Result], memory: int
) -> NoReturn:
    """Work in the child until the queue is empty, and exit without any clean-up.

    Each result is pickled on its own, after its length. With one memo for all of them, pickling
    takes 1.6 times as long, and unpickling 1.3 times.
    """
    try:
        silence_stderr()
        with os.fdopen(memory, "wb") as stream:
            for index in _take(queue):
                data = pickle.dumps((index, work(parts[index])), pickle.HIGHEST_PROTOCOL)
                stream.write(len(data).to_bytes(_SIZE, "big") + data)
                stream.flush()
    finally:
        os._exit(0)
