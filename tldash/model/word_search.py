"""Find words in text: in any order, ignoring case, accents and the composition of characters.

A text is searched block by block. A block is a list item, heading, quote, table row or paragraph of
Markdown, or a line of YAML, each with the lines that continue it; so words are found together
although a line break is between them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple
from unicodedata import is_normalized

from tldash.model.frozen import frozen
from tldash.model.patterns import compile_pattern
from tldash.model.spelling import fold_accents

_BEGINS: Final = compile_pattern(
    r"[ \t>]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|\||```|~~~|\S+:(?:\s|$))"
)
"""The first line of a block, wherever it stands."""
_ASCII: Final = bytes(range(128))
_ALONE: Final = compile_pattern(r"\s*#| {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
"""A heading, a line across the page, or the end of front matter: nothing continues it."""
_QUOTE: Final = compile_pattern(r"[ \t]*>")
_BETWEEN: Final = r"[\s▎│]+"
"""What is between the words of a wrapped text: space, and the bars of quotes and code."""


@frozen
class Hit:
    """A block with all words of a query."""

    block: int
    """Line of the block, from 1."""
    begin: str
    """That line."""
    line: int
    """Line of the first word found, from 1."""
    column: int
    """Character of that word in its line, from 1."""
    text: str
    """The line with that word."""


@frozen
class Query:
    """Words to find, folded, the longest first."""

    words: tuple[str, ...]

    def may_match(self, data: bytes) -> bool:
        """Return whether all words are in the UTF-8 bytes of a file, if in different blocks.

        Folds nothing but the lines with characters other than ASCII, if one of those changes.
        """
        lower = data.lower()
        missing = [word for word in self.words if word.encode() not in lower]
        if not missing or data.isascii():
            return not missing
        others = data.translate(None, _ASCII).decode("utf-8", "replace")
        if not any(map(_is_folded, others)) and all(map(str.isascii, missing)):
            return False  # dashes, quotation marks, emoji
        lines = (line for line in data.splitlines() if not line.isascii())
        folded = fold_accents(b"\n".join(lines).decode("utf-8", "replace"))
        return all(word in folded for word in missing)

    def find(self, whole: str) -> Iterator[Hit]:
        """Yield the blocks of a text that have all words, from the top. Lines end at line feeds."""
        lines, text = whole.split("\n"), _fold(whole)
        first, *others = self.words
        at = text.find(first)
        before = line = 0  # an offset, and the index of its line
        while at >= 0:
            free, line = line, line + text.count("\n", before, at)
            begin, end = _find_block(lines, line, free)
            start = stop = text.rfind("\n", 0, at) + 1
            for _ in range(line, end):
                stop = text.find("\n", stop) + 1 or len(text) + 1
            if not others:
                yield _make_hit(lines, begin, line, at - start)
            else:
                for _ in range(begin, line):
                    start = text.rfind("\n", 0, start - 1) + 1
                folded = text[start : stop - 1]
                if all(word in folded for word in others):
                    yield self._locate(lines, folded, begin)
            before, line = stop, end
            at = text.find(first, stop)

    def _locate(self, lines: list[str], folded: str, begin: int) -> Hit:
        """Return the hit of a block, given its folded text and the index of its first line."""
        at = min(map(folded.index, self.words))
        start = folded.rfind("\n", 0, at) + 1
        number = begin + folded.count("\n", 0, start)
        return _make_hit(lines, begin, number, at - start)


def _make_hit(lines: list[str], begin: int, number: int, at: int) -> Hit:
    """Return the hit of the block that begins at an index, at an index of a folded line."""
    line = lines[number]
    return Hit(begin + 1, lines[begin], number + 1, _unfold(line, at) + 1, line)


class Span(NamedTuple):
    """A part of a line."""

    line: int
    """Index of the line."""
    start: int
    end: int
    """Indexes of its characters, as of a slice."""


class Phrase:
    """Words that follow each other, also over the end of a line."""

    def __init__(self, text: str) -> None:
        words = fold_accents(text).split()
        self._pattern = re.compile(_BETWEEN.join(map(re.escape, words))) if words else None

    def __bool__(self) -> bool:
        """Return whether it has any word."""
        return self._pattern is not None

    def find(self, lines: Sequence[str]) -> Iterator[list[Span]]:
        """Yield each place of the phrase as its parts by line, from the top."""
        if self._pattern is None:
            return
        folded = list(map(fold_accents, lines))
        starts = [*accumulate((len(line) + 1 for line in folded), initial=0)]
        for match in self._pattern.finditer("\n".join(folded)):
            first, last = (bisect_right(starts, at) - 1 for at in (match.start(), match.end() - 1))
            parts = [
                _trim(
                    lines[line],
                    folded[line],
                    match.start() - starts[line],
                    match.end() - starts[line],
                )
                for line in range(first, last + 1)
            ]
            yield [Span(first + n, *part) for n, part in enumerate(parts)]


def _trim(line: str, folded: str, start: int, end: int) -> tuple[int, int]:
    """Return the part of a line between two indexes of the folded one, without space around it."""
    start, end = max(start, 0), min(end, len(folded))
    inside = folded[start:end]
    start += len(inside) - len(inside.lstrip())
    end = start + len(inside.strip())
    return _unfold(line, start), _unfold(line, end - 1) + 1 if end > start else _unfold(line, start)


def parse_query(typed: Iterable[str]) -> Query:
    """Return the query for texts: their words. It has no words if they are all blank."""
    words = dict.fromkeys(fold_accents(" ".join(typed)).split())
    return Query(tuple(sorted(words, key=len, reverse=True)))


def _fold(text: str) -> str:
    """Return a text folded line by line.

    Folding a text with an emoji as a whole takes 20 times as long as making its ASCII lower-case.
    """
    if text.isascii():
        return text.lower()
    data = text.encode("utf-8", "surrogatepass")
    others = data.translate(None, _ASCII).decode("utf-8", "surrogatepass")
    if is_normalized("NFC", others) and not any(map(_is_folded, others)):
        return data.lower().decode("utf-8", "surrogatepass")
    return "\n".join(map(fold_accents, text.split("\n")))


@lru_cache(maxsize=4096)
def _is_folded(character: str) -> bool:
    return fold_accents(character) != character


def _find_block(lines: list[str], inside: int, free: int) -> tuple[int, int]:
    """Return begin and end of the block around a line that is not blank, as indexes of lines.

    `free` is the first line that is in no block before.
    """
    begin, end = inside, inside + 1
    while begin > free and lines[begin - 1].strip() and not _begins(lines[begin], lines[begin - 1]):
        begin -= 1
    while end < len(lines) and lines[end].strip() and not _begins(lines[end], lines[end - 1]):
        end += 1
    return begin, end


def _begins(line: str, before: str) -> bool:
    """Return whether a line begins a block, and does not continue the one of the line before.

    Neither is empty. Most begin with a letter, which tells it without a pattern.
    """
    if not (line[0].isalpha() and ":" not in line) and _BEGINS.match(line):
        return True
    if not before[0].isalpha() and _ALONE.match(before):
        return True
    return (">" in line or ">" in before) and bool(_QUOTE.match(line)) != bool(_QUOTE.match(before))


def _unfold(line: str, at: int) -> int:
    """Return the index in a line of what is at an index of the folded line."""
    if line[: at + 1].isascii():
        return at
    length = 0
    for number, character in enumerate(line):
        length += len(fold_accents(character))
        if length > at:
            return number
    return 0
