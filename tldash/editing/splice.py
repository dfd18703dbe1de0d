"""What an edit changed, small enough to keep, and exact enough to be taken back later.

Between an edit and its undoing anybody may have changed the file. So a splice remembers the lines
that went and came, what stood around them, and how many places looked alike; it is taken back only
where it is certain that those are the lines that came. Works on bytes: lines end at CR LF, LF and
CR, and nothing is decoded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from tldash.model.frozen import frozen

NEIGHBOURS: Final = 3
"""Lines of context remembered on either side."""

_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_ENDS: Final = b"\r\n"


class NotAsLeft(Exception):
    """An edit that cannot be taken back, or made again: the file is not as it left it."""

    def __init__(self, message: str, expected: bytes, found: bytes) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        """The lines that were looked for; where lines went, those that stood around them."""
        self.found = found
        """What stands on that line number now."""


class Changed(NotAsLeft):
    """The lines that the edit left are not in the file any more."""


class Moved(NotAsLeft):
    """The lines are there, but it is not certain that they are the ones that the edit left."""


@frozen
class Side:
    """The lines on one side of an edit."""

    lines: bytes
    """Whole lines; empty where lines were only put in, or only taken out."""
    twins: int = 1
    """In how many places of that file the same lines stood; of no lines, the same neighbours."""
    alike: int = 1
    """In how many of those the neighbours were the same too."""


@frozen
class Splice:
    """The one run of whole lines in which two versions of a file differ."""

    line: int
    """Number of its first line, from 1."""
    old: Side
    new: Side
    before: bytes
    """Up to three lines above; fewer only at the beginning of the file."""
    after: bytes
    """Up to three lines below; fewer only at the end."""
    above: str
    """A digest of everything above."""
    below: str
    """A digest of everything below."""
    rest: int
    """How many lines are below."""


def difference(before: bytes, after: bytes) -> Splice:
    """What turns `before` into `after`: the smallest run of whole lines that does."""
    old, new = _lines(before), _lines(after)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    old_end, new_end = len(old) - end, len(new) - end
    splice = Splice(
        start + 1,
        Side(b"".join(old[start:old_end])),
        Side(b"".join(new[start:new_end])),
        b"".join(old[max(0, start - NEIGHBOURS) : start]),
        b"".join(old[old_end : old_end + NEIGHBOURS]),
        _digest(old[:start]),
        _digest(old[old_end:]),
        end,
    )
    return replace(
        splice,
        old=_counted(_Search(splice, splice.old, old)),
        new=_counted(_Search(splice, splice.new, new)),
    )


def undo(splice: Splice, now: bytes) -> bytes:
    """`now` with the old lines in place of the new ones. Raises `Changed` or `Moved`.

    The new lines must be there exactly as they were left, as often as then, and be known by their
    surroundings; whatever else changed in the file stays as it is now.
    """
    return _swap(splice, splice.new, splice.old, now)


def redo(splice: Splice, now: bytes) -> bytes:
    """`now` with the new lines in place of the old ones. Raises as `undo` does."""
    return _swap(splice, splice.old, splice.new, now)


def _swap(splice: Splice, there: Side, wanted: Side, now: bytes) -> bytes:
    if there.lines == wanted.lines:
        return now
    search = _Search(splice, there, _lines(now))
    start = search.place()
    lines, end = search.lines, start + len(search.wanted)
    put = wanted.lines
    if search.open and put and not put.endswith((b"\n", b"\r")):
        # The last line of a file without a line end at its end: one that it got since stays.
        put += _line_end(lines[end - 1])
    result = [*lines[:start], *_lines(put), *lines[end:]]
    data = b"".join(result)
    if _lines(data) != result:
        raise search.failed(Moved, "the lines around it have changed since")
    return data


class _Search:
    """The places in a file where one side of a splice may stand."""

    def __init__(self, splice: Splice, side: Side, lines: list[bytes]) -> None:
        self.splice = splice
        self.side = side
        self.lines = lines
        self.before = _lines(splice.before)
        self.after = _lines(splice.after)
        self.wanted = _lines(side.lines)
        self.open = bool(side.lines) and not side.lines.endswith((b"\n", b"\r"))
        places = range(len(lines) - len(self.wanted) + 1)
        same = self._same_lines if self.wanted else self._same_neighbours
        self.twins = [at for at in places if same(at)]
        self.alike = [at for at in self.twins if self._same_neighbours(at)]

    def place(self) -> int:
        """The index of the line with which the side certainly begins. Raises NotAsLeft."""
        if not self.twins:
            raise self.failed(Changed, "the lines are not as they were left")
        if len(self.twins) != self.side.twins:
            raise self.failed(Moved, "lines that read the same came or went since")
        if self.side.twins == 1:
            sure = [at for at in self.twins if at == self.splice.line - 1 or self._anchored(at)]
        elif self.side.alike == 1 and len(self.alike) == 1:
            sure = self.alike
        else:
            sure = [at for at in self.alike if self._undisturbed(at)]
        if len(sure) != 1:
            raise self.failed(Moved, "it is not certain which of several places was meant")
        return sure[0]

    def failed(self, kind: Callable[[str, bytes, bytes], NotAsLeft], message: str) -> NotAsLeft:
        expected = self.side.lines or self.splice.before + self.splice.after
        start = self.splice.line - 1
        found = b"".join(self.lines[start : start + max(1, len(self.wanted))])
        return kind(message, expected, found)

    def _same_lines(self, at: int) -> bool:
        if self.lines[at].rstrip(_ENDS) != self.wanted[0].rstrip(_ENDS):
            return False
        here = self.lines[at : at + len(self.wanted)]
        if self.open:
            here[-1] = here[-1].rstrip(_ENDS)
        return here == self.wanted

    def _same_neighbours(self, at: int) -> bool:
        return self._same_above(at, NEIGHBOURS) and self._same_below(at, NEIGHBOURS)

    def _anchored(self, at: int) -> bool:
        """Whether at least the next line above or below is the one that was there."""
        return self._same_above(at, 1) or self._same_below(at, 1)

    def _same_above(self, at: int, count: int) -> bool:
        return self.lines[max(0, at - count) : at] == self.before[-count:]

    def _same_below(self, at: int, count: int) -> bool:
        end = at + len(self.wanted)
        return self.lines[end : end + count] == self.after[:count]

    def _undisturbed(self, at: int) -> bool:
        """Whether all that stands above, or all that stands below, is what stood there."""
        end = at + len(self.wanted)
        return (at == self.splice.line - 1 and _digest(self.lines[:at]) == self.splice.above) or (
            len(self.lines) - end == self.splice.rest
            and _digest(self.lines[end:]) == self.splice.below
        )


def _counted(search: _Search) -> Side:
    return Side(search.side.lines, len(search.twins), len(search.alike))


def _lines(data: bytes) -> list[bytes]:
    return _LINE.findall(data)


def _line_end(line: bytes) -> bytes:
    return line[len(line.rstrip(_ENDS)) :]


def _common(one: list[bytes], other: list[bytes]) -> int:
    """How many lines both begin with."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


def _digest(lines: list[bytes]) -> str:
    return blake2b(b"".join(lines), digest_size=12).hexdigest()
