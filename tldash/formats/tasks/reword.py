"""Change the text of a task line by what somebody typed, and keep everything else.

A prompt shows the text without its metadata, and without characters that are not safe to display.
So the typed text is compared with the text that was shown, and only the differences are applied to
the line. Characters that nobody saw (joiners, variation selectors, direction marks) or that looked
different (tabs, narrow spaces, control characters) stay as they are in the file.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Any, Final, NamedTuple

from tldash.formats.tasks.cut import cut
from tldash.formats.tasks.edit import (
    replace_text,
    set_date,
    set_owner,
    set_priority,
    set_repeat,
    text_spans,
)
from tldash.formats.tasks.parse import metadata_tokens, starts_with_closing
from tldash.formats.tasks.scan import scan
from tldash.formats.tasks.values import Scan, Token
from tldash.formats.tasks.vocabulary import DATE_KINDS
from tldash.model.records import Dialect
from tldash.model.sanitize import sanitize

_WORDS: Final = re.compile(r"\s|\w+|[^\w\s]")
_LINE_ENDS: Final = re.compile(r"[\r\n]+")
_MOST_COMPARED: Final = 250_000
"""Pairs of words or characters to compare; longer texts are replaced in one piece."""
_MOST_ESCAPES: Final = 4
_SETTERS: Final = DATE_KINDS | {"owner", "priority", "repeat"}
"""Fields that can be set in their places."""


class _Change(NamedTuple):
    """Replace the characters from `start` to `end` by `new`."""

    start: int
    end: int
    new: str


def set_text(body: str, typed: str, shown: str | None = None) -> str:
    """Apply the difference between the text that was shown and the text that was typed.

    `shown` is the text as `sanitize` returns it; None stands for the text itself. Fields in `typed`
    are added to the line, or set if the line has them. A mention in the text stays one. If no way
    keeps all other metadata, the line is not changed.
    """
    line = _Line(body)
    # sanitized again, since somebody may have changed the line since it was shown
    shown = line.text if shown is None else sanitize(line.text)
    typed, fields = _split_fields(line, _LINE_ENDS.sub(" ", typed).strip(), shown)
    places = _align(line.text, shown)
    changes = [_in_text(line.text, places, one) for one in _differences(shown, typed)]
    changed = _first_valid(line, changes) if changes else body
    if changed is None:
        return body
    for token in fields:
        changed = _set(changed, token)
    return changed


def _align(text: str, shown: str) -> list[int]:
    """Return the place in `text` of each character of `shown`.

    `sanitize` replaces single characters and drops others, so they are in the same order.
    """
    if shown == text:
        return [*range(len(text))]
    places: list[int] = []
    at = 0
    for character in shown:
        while sanitize(text[at]) != character:
            at += 1
        places.append(at)
        at += 1
    return places


def _differences(old: str, new: str) -> Iterator[_Change]:
    """Yield the changes that turn `old` into `new`: of words, then of the characters in them.

    Spaces around `old` are no part of it, since prompts drop them.
    """
    begin, old = len(old) - len(old.lstrip()), old.strip()
    one, other = _WORDS.findall(old), _WORDS.findall(new)
    offsets = [0, *accumulate(map(len, one))]
    for words in _compare(one, other):
        start, end = offsets[words.start], offsets[words.end]
        for letters in _compare(old[start:end], words.new):
            offset = begin + start
            yield _Change(offset + letters.start, offset + letters.end, letters.new)


def _compare(one: Sequence[str], other: Sequence[str]) -> Iterator[_Change]:
    if len(one) * len(other) > _MOST_COMPARED:
        yield _Change(0, len(one), "".join(other))
        return
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind != "equal":
            yield _Change(start, end, "".join(other[first:last]))


def _in_text(text: str, places: Sequence[int], change: _Change) -> _Change:
    """Return a change of the shown text as one of the text itself.

    With a character go the marks on it that are not shown, such as a variation selector.
    """
    start, end, new = change
    begin = places[start] if start < len(places) else len(text)
    if start == end:
        return _Change(begin, begin, new)
    following = places[end] if end < len(places) else len(text)
    stop = places[end - 1] + 1
    while stop < following and unicodedata.category(text[stop]) in ("Mn", "Me"):
        stop += 1
    return _Change(begin, stop, new)


class _Line:
    """A task line, and the pieces of text in it between the metadata."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.found = scan(body)
        self.spans = text_spans(body, self.found)
        self._cells: list[tuple[int, int]] = []
        """For each character of the text and for its end: its piece, and its place in that piece.

        A space between two pieces belongs to the end of the first one."""
        parts: list[str] = []
        end_of_last = (0, 0)
        for index, (start, end) in enumerate(self.spans):
            piece = body[start:end]
            if parts and not starts_with_closing(piece):
                parts.append(" ")
                self._cells.append(end_of_last)
            parts.append(piece)
            self._cells.extend((index, at) for at in range(len(piece)))
            end_of_last = (index, len(piece))
        self._cells.append(end_of_last)
        self.text = "".join(parts)

    def apply(self, changes: Iterable[_Change], text: str, *, early: bool) -> str | None:
        """Make the changes in their places; None if that does not result in the new text.

        If `early`, put new text between two pieces before the metadata there, not after it.
        """
        pieces = [[*self.body[start:end], ""] for start, end in self.spans]
        for start, end, new in changes:
            for piece, at in self._cells[start:end]:
                pieces[piece][at] = ""
            piece, at = self._cells[start]
            if early and piece and at == 0:
                piece, at = piece - 1, len(pieces[piece - 1]) - 1
            pieces[piece][at] = new + pieces[piece][at]
        texts = ["".join(piece).strip() for piece in pieces]
        if _join(texts).split() != text.split():
            return None
        left: str | None = self.body
        for (start, end), new in reversed([*zip(self.spans, texts, strict=True)]):
            if left is None or new == left[start:end]:
                continue
            left = left[:start] + new + left[end:] if new else cut(left, (start, end), 1)
        return left


def _join(pieces: Iterable[str]) -> str:
    """Join pieces of text as `parse.visible_text` does."""
    joined = ""
    for piece in filter(None, pieces):
        joined += piece if not joined or starts_with_closing(piece) else f" {piece}"
    return joined


def _first_valid(line: _Line, changes: Sequence[_Change]) -> str | None:
    """Return the first way to make the changes that keeps all other metadata."""
    text = line.text
    for start, end, new in reversed(changes):
        text = text[:start] + new + text[end:]
    meant = _expected(line.found, scan(line.text), scan(text))
    ways = [line.apply(changes, text, early=early) for early in (False, True) if line.spans]
    for way in (*ways, replace_text(line.body, text)):
        if way is not None and (escaped := _escape_mentions(way, meant)) is not None:
            return escaped
    return None


_Meaning = tuple[Counter[tuple[str, object]], frozenset[str], str | None]
"""The fields of a line with their values, its tags, and its block id."""


def _meaning(found: Scan) -> _Meaning:
    values = ((t.kind, t.value) for t in metadata_tokens(found) if t.kind != "tag")
    tags = (t.value for t in found.tokens if t.kind == "tag")
    return Counter(values), frozenset(tags), found.block_id


def _expected(line: Scan, old: Scan, text: Scan) -> _Meaning:
    """Return the meaning that a line should have with a new text instead of the old one.

    If it has an owner, names in the text are mentions. The old text alone may seem to have fields
    that the line has not, because metadata was between its parts.
    """
    kept = [*metadata_tokens(line)]
    owned = any(token.kind == "owner" for token in kept)
    seeming = {(t.kind, t.value) for t in old.tokens} - {(t.kind, t.value) for t in line.tokens}
    added = [
        token
        for token in (*metadata_tokens(text), *(t for t in text.tokens if t.inline))
        if not (owned and token.kind == "owner" and token.dialect is None)
        and (token.kind, token.value) not in seeming
    ]
    values = ((token.kind, token.value) for token in (*kept, *added) if token.kind != "tag")
    tags = (token.value for token in (*kept, *added) if token.kind == "tag")
    return Counter(values), frozenset(tags), line.block_id or text.block_id


def _escape_mentions(body: str, meant: _Meaning) -> str | None:
    """Escape mentions that became owners; None if the line still does not mean what it should."""
    for _ in range(_MOST_ESCAPES):
        found = scan(body)
        if _meaning(found) == meant:
            return body
        names = (t for t in metadata_tokens(found) if t.kind == "owner" and t.dialect is None)
        mention = next((t for t in names if ("owner", t.value) not in meant[0]), None)
        if mention is None:
            return None
        body = f"{body[: mention.start]}\\{body[mention.start :]}"
    return None


def _split_fields(line: _Line, typed: str, shown: str) -> tuple[str, list[Token]]:
    """Take from `typed` the new values of fields that the line has already."""
    known = {token.kind for token in metadata_tokens(line.found)} & _SETTERS
    if not known or typed == shown:
        return typed, []
    before = {(token.kind, token.value) for token in scan(shown).tokens}
    fields: list[Token] = []
    for token in reversed([*metadata_tokens(scan(typed))]):
        mentioned = token.kind == "owner" and typed.count("@") <= shown.count("@")
        if token.kind in known and (token.kind, token.value) not in before and not mentioned:
            left = cut(typed, (token.start, token.end), 1)
            if left is not None:
                typed = left.strip()
                fields.append(token)
    return typed, fields


def _set(body: str, token: Token) -> str:
    dialect = token.dialect or Dialect.EMOJI
    kind: Any = token.kind
    if kind == "owner":
        return set_owner(body, token.value)
    if kind == "priority":
        return set_priority(body, token.value, dialect)
    if kind == "repeat":
        return set_repeat(body, token.value, dialect)
    return set_date(body, kind, token.value, dialect)
