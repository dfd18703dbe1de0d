"""Reads one task line: its text, its metadata, and what in it could not be understood.

What counts as metadata is found by `tldash.formats.tasks.scan`; this module makes values of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from tldash.formats.tasks.fixes import certain, told, without_second
from tldash.formats.tasks.scan import scan
from tldash.formats.tasks.values import FieldProblem, Scan, Token
from tldash.formats.tasks.vocabulary import SIGNS
from tldash.model.frozen import frozen
from tldash.model.records import NO_FIELDS, Dialect, Fields, Severity, Status

__all__ = ["FieldProblem", "Parsed", "closes", "kept", "parse", "shown_text", "status_of"]


_TRIED: Final = 3
"""A line with more second values has no fix for them: each costs to read the line without it."""


@frozen
class Parsed:
    """A task line, understood."""

    text: str
    """The words without metadata, block id, hard break and blanks around them."""
    fields: Fields
    dialects: tuple[Dialect, ...] = ()
    """Those that the line speaks, in order of appearance."""
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
    """The status that the character in a box stands for; one that is not known is open."""
    return _STATUSES.get(mark) or Status.OPEN


_ASCII_SIGNS: Final = "`\\[(<#@:^"
"""What metadata begins with, or takes to be looked at; beside the signs that are no ASCII."""
_ASCII: Final = re.escape("".join(c for c in map(chr, range(128)) if c not in _ASCII_SIGNS + "\n"))
PLAIN: Final = (
    r"(?:((?:[@#][A-Za-z0-9_-]++(?=[ ]))?+)"
    rf"([{_ASCII}]*(?:[^\x00-\x7f{SIGNS}]++[{_ASCII}]*){{0,100}})(?=[ \n]|\Z)|)"
)
"""A person or tag that a line begins with, and plain words up to a blank; or nothing.

Signs that are no ASCII are looked for only among what is none, which takes half of the time; and
not in every word of the longest line, as each of them takes memory meanwhile."""
_PARTS: Final = re.compile(PLAIN + "(.*)", re.DOTALL)
"""Matches anything."""
_FIELD: Final = rf"""
    [ ]++ (?:
        [\#@] [^ ]++
      | [a-z]++ : [^ ]++
      | [{SIGNS}] \ufe0f? [ ]*+ (?: [0-9][^ ]*+ )?+
      | \[ [a-zA-Z]++ :: [^\[\]]*+ \]
    )"""
_FIELDS: Final = re.compile(rf"\A [@#] [^ ]++ | {_FIELD}", re.VERBOSE)
_ALL_METADATA: Final = re.compile(rf"(?: [@#] [^ ]++ )?+ (?: {_FIELD} )*+ [ ]*+", re.VERBOSE)
"""What looks like nothing but fields. Only a guess, which saves to read in vain."""


def parse(body: str) -> Parsed:
    """Reads `body`: what follows a task item's box and blank, or a string of a YAML action list.

    Takes any text and never raises. The first value of a field counts; a further one is a warning.

    Most lines are words and then fields, and many end in the same ones. What follows a blank means
    the same below whatever plain words, so such ends are read once.
    """
    first, words, end = _PARTS.findall(body)[0]
    fields = fields_alone(first + end)
    return Parsed(words.strip(), *fields) if fields is not None else parse_fully(body)


@lru_cache(maxsize=4096)
def fields_alone(text: str) -> tuple[Fields, tuple[Dialect, ...]] | None:
    """What the fields say that a line ends in; None where there are words or doubts among them.

    Fields that each mean something by themselves mean the same beside others.
    """
    if not _ALL_METADATA.fullmatch(text):
        return None
    fields = _FIELDS.findall(text)
    tokens = [token for field in fields if (token := _field_alone(field)) is not None]
    if fields and len(tokens) == len(fields):
        values, dialects, seconds = _values(tokens)
        if not seconds:
            return Fields(**values), dialects
    parsed = parse_fully(text)
    return None if parsed.text or parsed.problems else (parsed.fields, parsed.dialects)


@lru_cache(maxsize=4096)
def _field_alone(text: str) -> Token | None:
    """The one field that `text` is, with nothing to tell of it.

    None if a hard break or block id ends it too, which it would not with more behind it.
    """
    found = scan(text)
    if found is None or len(found.tokens) != 1 or found.problems or found.end < len(text):
        return None
    return None if shown_text(text, found) else found.tokens[0]


def parse_fully(body: str) -> Parsed:
    """The same as `parse`, read from end to end."""
    found = scan(body)
    if found is None:
        return Parsed(shown_text(body, None), NO_FIELDS)
    if not found.tokens:
        fields = Fields(block_id=found.block_id) if found.block_id else NO_FIELDS
        problems = told(certain(found.problems, found.tokens)) if found.problems else ()
        return Parsed(shown_text(body, found), fields, (), tuple(problems))
    values, dialects, seconds = _values(found.tokens)
    problems = found.problems
    if problems or seconds:
        problems = [*problems, *_duplicates(body, found, seconds)]
        problems = told(certain(sorted(problems, key=_offset), found.tokens))
    fields = Fields(block_id=found.block_id, **values)
    return Parsed(shown_text(body, found), fields, dialects, tuple(problems))


def _values(tokens: Iterable[Token]) -> tuple[dict[str, Any], tuple[Dialect, ...], list[Token]]:
    """The values of a line's `Fields`, the dialects it speaks, and what is a second value."""
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
    """One problem for each further value of a field."""
    for token in seconds:
        written = body[token.start : token.end]
        yield FieldProblem(
            token.start,
            Severity.WARNING,
            "duplicate-field",
            f"'{written}' is a second value: the first one of the line counts",
            "remove one of the two",
            without_second(body, found, token) if len(seconds) <= _TRIED else None,
        )


def most_spoken(raws: Iterable[str]) -> Dialect:
    """The dialect that most of some task lines speak; Obsidian Tasks' where none speaks any."""
    spoken: Counter[Dialect] = Counter()
    for raw in raws:
        spoken.update(parse(raw).dialects)
    return spoken.most_common(1)[0][0] if spoken else Dialect.EMOJI


def shown_text(body: str, found: Scan | None) -> str:
    """`body` without the metadata found in it, and with one blank where that stood.

    No blank is put before punctuation that closes (`due:2026-11-20.`). A second `@name` stays: it
    mentions somebody.
    """
    if found is None or not found.tokens:
        end = found.end if found else _hard_break(body)
        return body[:end].strip()
    parts: list[str] = []
    at = 0
    for token in kept(found):
        _join(parts, body[at : token.start])
        at = token.end
    _join(parts, body[at : found.end])
    return "".join(parts)


def kept(found: Scan) -> Iterator[Token]:
    """The tokens that are no text: all but bad values and a further `@name`."""
    owned = False
    for token in found.tokens:
        if token.bad or (token.kind == "owner" and token.dialect is None and owned):
            continue
        owned = owned or token.kind == "owner"
        yield token


_CLOSING: Final = re.compile(r"[.,;:!?)\]}…]+(?:\s|$)")


def closes(text: str) -> bool:
    """Whether `text` begins with punctuation that stands without a blank before it."""
    return _CLOSING.match(text) is not None


def _join(parts: list[str], more: str) -> None:
    more = more.strip()
    if more:
        if parts and not closes(more):
            parts.append(" ")
        parts.append(more)


def _hard_break(body: str) -> int:
    backslashes = len(body) - len(body.rstrip("\\"))
    return len(body) - backslashes % 2
