"""Parse a task line: its text, its fields and its problems.

`tldash.formats.tasks.scan` finds the metadata; this module turns it into values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from tldash.formats.tasks.fixes import drop_doubtful_fixes, fix_duplicate, limit_problems
from tldash.formats.tasks.scan import scan
from tldash.formats.tasks.values import FieldProblem, Scan, Token
from tldash.formats.tasks.vocabulary import EMOJI, WIDE_COLON, Kind
from tldash.model.frozen import frozen
from tldash.model.patterns import compile_pattern
from tldash.model.records import NO_FIELDS, Dialect, Fields, Severity, Status

_MAX_DUPLICATE_FIXES: Final = 3
"""The most duplicate values of a line to offer fixes for: each takes another scan of the line."""


@frozen
class Parsed:
    """A parsed task line."""

    text: str
    """The text without metadata, block id, hard break, and spaces around them."""
    fields: Fields
    dialects: tuple[Dialect, ...] = ()
    """The dialects of its fields, in order of appearance."""
    problems: tuple[FieldProblem, ...] = ()
    """In order of place."""


_STATUSES: Final = {
    " ": Status.OPEN,
    "x": Status.DONE,
    "X": Status.DONE,
    "/": Status.IN_PROGRESS,
    "-": Status.CANCELLED,
}


def status_of(mark: str) -> Status:
    """Return the status for the character in a box; open for unknown ones."""
    return _STATUSES.get(mark) or Status.OPEN


_ASCII_STARTS: Final = "`\\[(<#@:^"
"""The ASCII characters that metadata, or Markdown that may hide it, can start with."""
_ASCII: Final = re.escape("".join(c for c in map(chr, range(128)) if c not in _ASCII_STARTS + "\n"))
LEADING_TEXT: Final = (
    r"(?:((?:[@#][A-Za-z0-9_-]++(?=[ ]))?+)"
    rf"([{_ASCII}]*(?:[^\x00-\x7f{EMOJI}{WIDE_COLON}]++[{_ASCII}]*){{0,100}})(?=[ \n]|\Z)|)"
)
"""Matches a person or tag at the start of a line, and plain words up to a space; or nothing.

Searching for emoji only among non-ASCII characters halves the time. The repetition is limited,
since each one takes memory during the match."""
_PARTS: Final = compile_pattern(LEADING_TEXT + "(.*)", re.DOTALL)
"""Matches any text."""
_FIELD: Final = rf"""
    [ ]++ (?:
        [\#@] [^ (]++ (?: \( [^()]*+ \) )?+ [^ ]*+ (?<! [:,] )
      | [a-z]++ : [^ ]++
      | [{EMOJI}] \ufe0f?+ (?: [ ]*+ [0-9][^ ]*+ )?+
      | \[ [a-zA-Z]++ :: [^\[\]]*+ \]
    )"""
_FIELDS: Final = compile_pattern(rf"\A [@#] [^ ]++ | {_FIELD}", re.VERBOSE)
_ALL_METADATA: Final = compile_pattern(rf"(?: [@#] [^ ]++ )?+ (?: {_FIELD} )*+ [ ]*+", re.VERBOSE)
"""Matches text that looks like fields only. A false positive costs one full parse."""
_BLOCK_ID: Final = compile_pattern(r"[ ]\^([A-Za-z0-9-]++)[ ]*+\Z")


def parse(body: str) -> Parsed:
    """Parse `body`: the text after a task item's box, or a string of a YAML action list.

    Accepts any text and never raises. The first value of a field counts; a second one is a warning.

    Most lines are plain words and then fields, and many lines have the same fields. The fields mean
    the same after any plain words, so they are parsed once and cached.
    """
    first, words, end = _PARTS.findall(body)[0]
    fields = parse_fields(first + end)
    return Parsed(words.strip(), *fields) if fields is not None else parse_uncached(body)


def parse_words(body: str) -> tuple[str, Fields] | None:
    """Return the text and the fields of plain words and valid fields after them.

    None for any other text, which `parse_uncached` can parse.
    """
    first, words, end = _PARTS.findall(body)[0]
    fields = parse_fields(first + end)
    return None if fields is None else (words.strip(), fields[0])


@lru_cache(maxsize=4096)
def parse_fields(text: str) -> tuple[Fields, tuple[Dialect, ...]] | None:
    """Parse the fields at the end of a line; None if `text` has anything but valid fields.

    Fields that are valid one by one mean the same together, so each is cached too. So are those
    before a block id, which no other line has.
    """
    if text.count("^") == 1 and (found := _BLOCK_ID.search(text)) is not None:
        before = parse_fields(text[: found.start()])
        return before and (with_tags_and_id(before[0], before[0].tags, found[1]), before[1])
    if not _ALL_METADATA.fullmatch(text):
        return None
    fields = _FIELDS.findall(text)
    tokens = [token for field in fields if (token := _parse_field(field)) is not None]
    if fields and len(tokens) == len(fields):
        values, dialects, seconds = _values(tokens)
        if not seconds:
            return Fields(**values), dialects
    parsed = parse_uncached(text)
    return None if parsed.text or parsed.problems else (parsed.fields, parsed.dialects)


def with_tags_and_id(fields: Fields, tags: tuple[str, ...], block_id: str | None) -> Fields:
    """Return the fields with other tags and block id, in a sixth of the time of `replace`."""
    return Fields(
        fields.due,
        fields.scheduled,
        fields.start,
        fields.created,
        fields.done,
        fields.cancelled,
        fields.priority,
        fields.repeat,
        fields.id,
        fields.depends,
        fields.owner,
        tags,
        block_id,
    )


@lru_cache(maxsize=4096)
def _parse_field(text: str) -> Token | None:
    """Parse `text` as one valid field; None if it is not.

    None too if it ends in a hard break or block id, which mean something else before other fields.
    """
    found = scan(text)
    if len(found.tokens) != 1 or found.problems or found.end < len(text):
        return None
    return None if visible_text(text, found) else found.tokens[0]


def parse_uncached(body: str) -> Parsed:
    """Parse all of `body`, without the cache of `parse`."""
    found = scan(body)
    if not (found.tokens or found.problems):
        fields = Fields(block_id=found.block_id) if found.block_id else NO_FIELDS
        return Parsed(visible_text(body, found), fields)
    values, dialects, seconds = _values(found.tokens)
    problems = found.problems
    if problems or seconds:
        problems = [*problems, *_duplicates(body, found, seconds)]
        problems = limit_problems(drop_doubtful_fixes(sorted(problems, key=_offset), found.tokens))
    fields = Fields(block_id=found.block_id, **values)
    return Parsed(visible_text(body, found), fields, dialects, tuple(problems))


def _values(tokens: Iterable[Token]) -> tuple[dict[str, Any], tuple[Dialect, ...], list[Token]]:
    """Return the values for `Fields`, the dialects, and the tokens that are second values."""
    values: dict[str, Any] = {}
    tags: dict[str, None] = {}
    dialects: dict[Dialect, None] = {}
    seconds: list[Token] = []
    for token in tokens:
        if token.bad:
            continue
        kind = token.kind
        if token.dialect is not None:
            dialects[token.dialect] = None
        if kind == "tag":
            tags[token.value] = None
        elif kind in values:
            seconds.append(token)
        else:
            values[kind] = token.value
    values.pop("on_completion", None)
    values["tags"] = tuple(tags)
    return values, tuple(dialects), seconds


_offset = attrgetter("offset")


def _duplicates(body: str, found: Scan, seconds: list[Token]) -> Iterator[FieldProblem]:
    """Yield a problem for each second value of a field."""
    for token in seconds:
        written = body[token.start : token.end]
        yield FieldProblem(
            token.start,
            Severity.WARNING,
            "duplicate-field",
            f"'{written}' is a second value: the first one of the line counts",
            "remove one of the two",
            fix_duplicate(body, found, token) if len(seconds) <= _MAX_DUPLICATE_FIXES else None,
        )


@frozen
class Unreadable:
    """A field that was meant, but has no value that can be read."""

    hint: str
    likely: str | None
    """The value that the hint suggests. None if there is none, or more than one."""
    places: int
    """How many values of the line cannot be read."""


def find_unreadable(body: str, kind: Kind) -> Unreadable | None:
    """Return the field of this kind that cannot be read; None without one."""
    problems = [one for one in parse_uncached(body).problems if one.fixes_field == kind]
    if not problems:
        return None
    likely = {one.likely for one in problems}
    value = likely.pop() if len(likely) == 1 else None
    return Unreadable(problems[0].hint, value, len(problems))


def most_common_dialect(lines: Iterable[str]) -> Dialect:
    """Return the most common dialect of some task lines; Obsidian Tasks' if none has a field."""
    counts: Counter[Dialect] = Counter()
    for line in lines:
        counts.update(parse(line).dialects)
    return counts.most_common(1)[0][0] if counts else Dialect.EMOJI


def visible_text(body: str, found: Scan) -> str:
    """Return `body` with each piece of metadata replaced by one space.

    There is no space before closing punctuation (`due:2026-11-20.`).
    """
    if not found.tokens:
        return body[: found.end].strip()
    parts: list[str] = []
    at = 0
    for token in metadata_tokens(found):
        _join(parts, body[at : token.start])
        at = token.end
    _join(parts, body[at : found.end])
    return "".join(parts)


def metadata_tokens(found: Scan) -> Iterator[Token]:
    """Yield the tokens that are not part of the text.

    Bad values, tags inside a sentence and a second `@name` are part of it.
    """
    owned = False
    for token in found.tokens:
        if token.bad or token.inline or (token.kind == "owner" and token.dialect is None and owned):
            continue
        owned = owned or token.kind == "owner"
        yield token


_CLOSING: Final = compile_pattern(r"[.,;:!?)\]}…]+(?:\s|$)")


def starts_with_closing(text: str) -> bool:
    """Return whether `text` starts with punctuation that has no space before it."""
    return _CLOSING.match(text) is not None


def _join(parts: list[str], more: str) -> None:
    more = more.strip()
    if more:
        if parts and not starts_with_closing(more):
            parts.append(" ")
        parts.append(more)
