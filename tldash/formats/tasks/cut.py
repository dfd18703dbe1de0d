"""Cut a field or text out of a task line without changing any other field.

The text on both sides of the gap can turn into metadata when it is joined: without its date,
`o ^1 due:2026-11-20` would end in a block id, and `🔁 every week 📅 2026-11-20 on time` would have
another rule. So each way to close the gap is scanned before it is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from tldash.formats.tasks.parse import metadata_tokens, starts_with_closing
from tldash.formats.tasks.scan import scan
from tldash.formats.tasks.values import Scan, Token
from tldash.model.records import Dialect

Metadata = tuple[list[tuple[str, object]], str | None]
"""The values of a line, sorted by kind and then by place, and its block id."""

_RULE_WORD = re.compile(r"[A-Za-z0-9,!]")
_ESCAPABLE = "@#[("
_MOST_ESCAPES = 4
_SPACES = " \t"


def cut(body: str, span: tuple[int, int], spaces: int) -> str | None:
    """Cut a field or text out of `body`, with the spaces that separate it; None if impossible.

    At the end of the line, cut the spaces before it; before another field, those after it. Cut at
    most `spaces` of them, as many as adding a field puts there, so that removing undoes adding.
    Between words, leave one space, or none before punctuation, as in `parse.visible_text`. If that
    would add or change metadata, close the gap in another way, or escape the new metadata with a
    backslash. Return None if no way keeps the other metadata.
    """
    found = scan(body)
    return first_equivalent(
        body, _choices(body, span, spaces, found), metadata_without(found, span)
    )


def metadata_without(found: Scan, span: tuple[int, int]) -> Metadata:
    """Return the metadata of a line outside `span`."""
    start, end = span
    return metadata_of(
        [t for t in found.tokens if t.end <= start or t.start >= end], found.block_id
    )


def first_equivalent(body: str, choices: Iterable[str], meant: Metadata) -> str | None:
    """Return the first of `choices` with the metadata `meant`, escaped if necessary.

    Spaces at the start of a body cannot be distinguished from those after the box. So if `body`
    has none, prefer a choice that has the same metadata without its leading spaces.
    """
    spaced = body.startswith(tuple(_SPACES))
    choices = list(choices)
    escaped = (_escaped(choice, meant, spaced) for choice in choices)
    right = (
        one
        for one in chain(choices, escaped)
        if one is not None and _has_metadata(one, meant, spaced)
    )
    with_spaces = (choice for choice in choices if _has_metadata(choice, meant, True))
    return next(chain(right, with_spaces), None)


def _has_metadata(body: str, meant: Metadata, spaced: bool) -> bool:
    """Return whether `body` has this metadata, scanned with or without its leading spaces."""
    found = scan(body if spaced else body.lstrip(_SPACES))
    return metadata_of(found.tokens, found.block_id) == meant


def metadata_of(tokens: Iterable[Token], block_id: str | None) -> Metadata:
    """Return the metadata of valid tokens and of a block id."""
    values = [(token.kind, token.value) for token in tokens if not token.bad]
    return sorted(values, key=lambda value: value[0]), block_id


def _choices(body: str, span: tuple[int, int], spaces: int, found: Scan) -> Iterator[str]:
    """Yield the ways to close the gap, the most natural one first."""
    start, end = span
    rest = body[end : found.end]
    following = found.end - len(rest.lstrip())
    before, after = body[:start].rstrip(), body[following:]
    joined = [f"{before} {after}", before + after]
    if not rest.strip():
        yield _strip_trailing(body[:start], spaces) + body[end:]
    elif any(token.start == following for token in metadata_tokens(found)):
        if start and not body[start - 1].isspace():
            yield body[:start] + ("" if following > end else " ") + body[end:]
        else:
            yield body[:start] + body[min(following, end + spaces) :]
    else:
        text_end = next((t.start for t in metadata_tokens(found) if t.start > following), found.end)
        yield from _text_before_rule(body, (start, following, text_end), found)
        if not before or starts_with_closing(body[following:text_end]):
            joined.reverse()
    yield from joined
    yield body[:start] + body[end:]


def _text_before_rule(body: str, at: tuple[int, int, int], found: Scan) -> Iterator[str]:
    """Move text before a repeat emoji that would become part of its rule.

    `at` holds the start of the gap, of the text after it, and of what follows that text.
    """
    start, text, after = at
    rules = (t for t in found.tokens if t.kind == "repeat" and t.dialect is Dialect.EMOJI)
    rule = next((t for t in rules if t.end <= start and not body[t.end : start].strip()), None)
    if rule and _RULE_WORD.match(body, text):
        moved = body[text:after].rstrip()
        head, emoji = body[: rule.start], body[rule.start : rule.end]
        if starts_with_closing(moved):
            head = head.rstrip()
        elif head and not head[-1].isspace():
            head += " "
        yield f"{head}{moved} {emoji}{body[text + len(moved) :]}"


def _escaped(body: str, meant: Metadata, spaced: bool) -> str | None:
    """Escape all metadata that is not `meant` with backslashes; None if that fails."""
    if not spaced:
        body = body.lstrip(_SPACES)
    for _ in range(_MOST_ESCAPES):
        if _has_metadata(body, meant, spaced):
            return body
        at = _first_unwanted(body, scan(body), meant)
        if at is None:
            return None
        body = f"{body[:at]}\\{body[at:]}"
    return None


def _first_unwanted(body: str, found: Scan, meant: Metadata) -> int | None:
    """Return where the first unwanted metadata starts, if a backslash can escape it."""
    values, block_id = meant
    if found.block_id != block_id:
        return body.index("^", found.end) if found.block_id else None
    left = list(values)
    for token in found.tokens:
        value = (token.kind, token.value)
        if token.bad:
            continue
        if value in left:
            left.remove(value)
        elif body[token.start] in _ESCAPABLE:
            return token.start
        else:
            return token.value_start - 1 if token.dialect is Dialect.PLAIN else None
    return None


def _strip_trailing(text: str, most: int) -> str:
    for _ in range(most):
        text = text.removesuffix(" ")
    return text
