"""The difference that an edit made, to undo and redo it even after others changed the file.

A splice holds the removed and added lines, the lines around them, and the number of identical
places. It is undone only if the added lines can be identified with certainty. Works on bytes
without decoding them; lines end at CR LF, LF or CR.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from tldash.model.frozen import frozen

NEIGHBOURS: Final = 3
"""Lines of context on each side."""

_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_ENDS: Final = b"\r\n"


class NotAsLeft(Exception):
    """An edit cannot be undone or redone, since the file has changed too much."""

    def __init__(self, message: str, expected: bytes, found: bytes) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        """The lines that should be there; for removed lines, those around them."""
        self.found = found
        """The lines at that line number now."""


class Changed(NotAsLeft):
    """The lines that the edit left are gone."""


class Moved(NotAsLeft):
    """The lines are there, but may not be the ones that the edit left."""


@frozen
class Side:
    """The lines on one side of an edit."""

    lines: bytes
    """Whole lines; empty if the edit only added or only removed lines."""
    twins: int = 1
    """The number of places in the file with the same lines; without lines, the same neighbours."""
    alike: int = 1
    """The number of those places with the same neighbours too."""


@frozen
class Splice:
    """The run of whole lines in which two versions of a file differ."""

    line: int
    """The number of its first line, from 1."""
    old: Side
    new: Side
    before: bytes
    """Up to three lines above; fewer only at the start of the file."""
    after: bytes
    """Up to three lines below; fewer only at the end."""
    above: str
    """A digest of everything above."""
    below: str
    """A digest of everything below."""
    rest: int
    """The number of lines below."""


def difference(before: bytes, after: bytes) -> Splice:
    """Return the smallest run of whole lines that turns `before` into `after`."""
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
    """Replace the new lines in `now` with the old ones. Raises `Changed` or `Moved`.

    The new lines must be unchanged, occur as often as before, and be identified by the lines around
    them. Other changes to the file are kept.
    """
    return _swap(splice, splice.new, splice.old, now)


def redo(splice: Splice, now: bytes) -> bytes:
    """Replace the old lines in `now` with the new ones. Raises the same as `undo`."""
    return _swap(splice, splice.old, splice.new, now)


def _swap(splice: Splice, there: Side, wanted: Side, now: bytes) -> bytes:
    if there.lines == wanted.lines:
        return now
    search = _Search(splice, there, _lines(now))
    start = search.place()
    lines, end = search.lines, start + len(search.wanted)
    put = wanted.lines
    if search.open and put and not put.endswith((b"\n", b"\r")):
        # A file that had no final line end keeps the one that it has got since.
        put += _line_end(lines[end - 1])
    result = [*lines[:start], *_lines(put), *lines[end:]]
    data = b"".join(result)
    if _lines(data) != result:
        raise search.failed(Moved, "the lines around it have changed since")
    return data


class _Search:
    """The places in a file where one side of a splice may be."""

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
        """Return the index of the first line of the side. Raises NotAsLeft if that is uncertain."""
        if not self.twins:
            raise self.failed(Changed, "these lines have changed since")
        if len(self.twins) != self.side.twins:
            raise self.failed(Moved, "identical lines were added or removed since")
        if self.side.twins == 1:
            sure = [at for at in self.twins if at == self.splice.line - 1 or self._anchored(at)]
        elif self.side.alike == 1 and len(self.alike) == 1:
            sure = self.alike
        else:
            sure = [at for at in self.alike if self._undisturbed(at)]
        if len(sure) != 1:
            raise self.failed(
                Moved,
                "it is not certain which of the identical places to change",
            )
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
        """Return whether at least the next line above or below is unchanged."""
        return self._same_above(at, 1) or self._same_below(at, 1)

    def _same_above(self, at: int, count: int) -> bool:
        return self.lines[max(0, at - count) : at] == self.before[-count:]

    def _same_below(self, at: int, count: int) -> bool:
        end = at + len(self.wanted)
        return self.lines[end : end + count] == self.after[:count]

    def _undisturbed(self, at: int) -> bool:
        """Return whether everything above, or everything below, is unchanged."""
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
    """Return the number of equal lines at the start of both."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


def _digest(lines: list[bytes]) -> str:
    return blake2b(b"".join(lines), digest_size=12).hexdigest()
