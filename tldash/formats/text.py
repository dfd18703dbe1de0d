"""Bytes as text, and text as lines.

A line ends at `\\r\\n`, `\\n` or `\\r` and nowhere else, unlike with `str.splitlines`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from tldash.model.patterns import compile_pattern

BOM: Final = "\ufeff"
_LINE_END: Final = compile_pattern(r"\r\n|\n|\r")
_RETURN: Final = 13
"""As a number, because searching bytes for a number takes a fifth of the time of one for bytes."""
_MARKER: Final = compile_pattern(r"(?:<{7}|\|{7}|>{7})(?: .*)?|={7}", re.DOTALL)
"""A line that git writes into a file around the two sides of a conflict."""
_OURS, _BASE, _MIDDLE, _THEIRS = "<" * 7, "|" * 7, "=" * 7, ">" * 7
_FENCE: Final = compile_pattern(r"(`{3,})[^`]*|(~{3,}).*", re.DOTALL)


def split_lines(text: str) -> list[str]:
    """Return the lines of a text, without their ends. Nothing after the last end is no line."""
    lines = unify_line_ends(text).split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def unify_line_ends(text: str) -> str:
    """Return a text with a line feed in place of every other line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def line_spans(text: str) -> list[tuple[int, int]]:
    """Return the offsets of each line's start and line end, in characters, as `split_lines`."""
    spans = []
    start = 0
    for end in _LINE_END.finditer(text):
        spans.append((start, end.start()))
        start = end.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def end_lines(data: bytes) -> bytes:
    """Return UTF-8 text with a line feed at the end of every line, the last one too."""
    if _RETURN in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data if data.endswith(b"\n") or not data else data + b"\n"


def encode_lines(text: str) -> bytes:
    """Return any text in UTF-8 with a line feed at the end of every line."""
    return end_lines(text.encode("utf-8", "surrogatepass"))


class Hunk(NamedTuple):
    """A conflict between git's markers: the indices of the lines with the markers, from 0."""

    ours: int
    base: int | None
    """None if git did not write the common base."""
    middle: int
    theirs: int


class BrokenMarkers(Exception):
    """Conflict markers that do not tell which lines are on which side."""

    def __init__(self, line: int, message: str) -> None:
        """`line` counts from 1."""
        super().__init__(message)
        self.line = line
        self.message = message


def find_conflict(text: str, *, in_code: bool = False) -> int | None:
    """Return the line of the first conflict marker that git left, from 1; None without any.

    Markers in a fenced code block are a sample, and only found with `in_code`. That is a fence at
    the start of a line, with its end: git puts markers at the start of a line, and they are a
    conflict wherever the block is not closed.
    """
    if _OURS not in text and _THEIRS not in text:
        return None
    lines = split_lines(text)
    markers = _find_markers(lines, in_code=in_code)
    if all(marker != _MIDDLE for _, marker in markers):
        return None
    return next((at + 1 for at, marker in markers if marker in (_OURS, _THEIRS)), None)


def find_hunks(lines: Sequence[str], *, in_code: bool = False) -> list[Hunk]:
    """Return the conflicts in the lines of a file, as `split_lines` returns them.

    Raises:
        BrokenMarkers: Markers are nested or incomplete, or a heading is underlined like one.
    """
    found: list[Hunk] = []
    hunk: dict[str, int] = {}
    for at, marker in _find_markers(lines, in_code=in_code):
        if not hunk and marker in (_BASE, _MIDDLE):
            continue  # such a line is no marker outside of a conflict
        if marker != _OURS and _OURS not in hunk:
            raise BrokenMarkers(at + 1, "a conflict ends here that does not begin")
        if marker in hunk or (marker == _BASE and _MIDDLE in hunk):
            raise BrokenMarkers(at + 1, f"a second {marker} in one conflict")
        hunk[marker] = at
        if marker == _THEIRS:
            if _MIDDLE not in hunk:
                raise BrokenMarkers(at + 1, f"a conflict without {_MIDDLE}")
            found.append(Hunk(hunk[_OURS], hunk.get(_BASE), hunk[_MIDDLE], at))
            hunk = {}
    if hunk:
        raise BrokenMarkers(hunk[_OURS] + 1, f"a conflict without {_THEIRS}")
    return found


def keep_ours(text: str) -> str:
    """Return a text with conflicts as it is on our side, with every line on its number.

    The markers and the other sides become empty lines. Only if front matter begins in a conflict
    on the first line, our side begins there too, so its lines stand one line higher.

    Raises:
        BrokenMarkers: It is not clear which lines are ours.
    """
    lines = split_lines(text)
    for hunk in find_hunks(lines):
        first = hunk.ours + 1
        end = hunk.middle if hunk.base is None else hunk.base
        size = hunk.theirs + 1 - hunk.ours
        ours = lines[first:end]
        lead = [] if not hunk.ours and ours and ours[0].removeprefix(BOM) == "---" else [""]
        rest = [""] * (size - len(ours) - len(lead))
        lines[hunk.ours : hunk.theirs + 1] = [*lead, *ours, *rest]
    return "".join(f"{line}\n" for line in lines)


def _find_markers(lines: Sequence[str], *, in_code: bool) -> list[tuple[int, str]]:
    """Return the indices of the lines that are markers, and their first seven characters."""
    found = [
        (at, line[:7])
        for at, line in enumerate(lines)
        if line[:1] in _MARKS and _MARKER.fullmatch(line)
    ]
    if in_code or not found:
        return found
    code = _find_code(lines)
    return [(at, marker) for at, marker in found if not any(at in block for block in code)]


_MARKS: Final = frozenset("<|=>")


def _find_code(lines: Sequence[str]) -> list[range]:
    """Return the lines of each fenced code block whose fences start and end it at a line's start.

    A block that holds only a part of a conflict is none.
    """
    found: list[range] = []
    fence, start = "", 0
    for at, line in enumerate(lines):
        if line[:1] not in ("`", "~") or (match := _FENCE.fullmatch(line)) is None:
            continue
        marks = match[1] or match[2]
        if not fence:
            fence, start = marks, at
        elif marks.startswith(fence) and line.rstrip(" \t") == marks:
            found.append(range(start, at + 1))
            fence = ""
    return [block for block in found if _is_whole([lines[at] for at in block])]


def _is_whole(lines: Sequence[str]) -> bool:
    """Return whether each conflict in some lines is complete there."""
    try:
        find_hunks(lines, in_code=True)
    except BrokenMarkers:
        return False
    return True


class NotText(Exception):
    """The bytes of a file are no UTF-8 text. Line and column, from 1, say where that begins."""

    def __init__(self, message: str, hint: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.line = line
        self.column = column


def decode(data: bytes) -> str:
    """Return the text of a file, a byte order mark included.

    Raises:
        NotText: the file is no UTF-8, or holds a NUL.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotText("this file is UTF-16", "save it as UTF-8")
    if (nul := data.find(b"\0")) >= 0:
        raise NotText(
            "this file holds a NUL byte; it is no text", "", data.count(b"\n", 0, nul) + 1
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        raise NotText("this file is not valid UTF-8", "save it as UTF-8", line, column) from error
