"""Bytes as text, and text as lines.

A line ends at `\\r\\n`, `\\n` or `\\r` and nowhere else, unlike with `str.splitlines`.
"""

from __future__ import annotations

import re
from typing import Final

BOM: Final = "\ufeff"
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_RETURN: Final = 13
"""As a number, because searching bytes for a number takes a fifth of the time of one for bytes."""
_CONFLICT: Final = re.compile(r"(?:<{7}|>{7})(?: .*)?", re.DOTALL)
_CONFLICT_MIDDLE: Final = re.compile(r"={7}")


def split_lines(text: str) -> list[str]:
    """Return the lines of a text, without their ends. Nothing after the last end is no line."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


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


def find_conflict(text: str) -> int | None:
    """Return the line of the first conflict marker that git left, from 1; None without any."""
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return None
    spans = line_spans(text)
    lines = (at for at, span in enumerate(spans, 1) if _CONFLICT.fullmatch(text, *span))
    first = next(lines, None)
    if first is None or not any(_CONFLICT_MIDDLE.fullmatch(text, *span) for span in spans):
        return None
    return first


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
