"""Taking something out of a task line so that all other metadata still says what it said.

What stood on both sides of a gap is one piece of text afterwards, and may mean more than it did:
`o ^1 due:2026-11-20` would end in a block id, `🔁 every week 📅 2026-11-20 on time` would have
another rule. So every way to close the gap is read again before it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from tldash.formats.tasks.parse import closes, kept
from tldash.formats.tasks.scan import scan_fully
from tldash.formats.tasks.values import Scan, Token
from tldash.model.records import Dialect

Meaning = tuple[list[tuple[str, object]], str | None]
"""The values of a line, by kind and in order of place, and its block id."""

_RULE_WORD = re.compile(r"[A-Za-z0-9,!]")
_ESCAPABLE = "@#[("
_MOST_ESCAPES = 4
_BLANKS = " \t"


def cut(body: str, span: tuple[int, int], blanks: int) -> str | None:
    """`body` without a field, or words, and without the blanks that set it off.

    At the line's end those before it go, before another field those behind it, `blanks` of them at
    most: the ones that adding a field puts there, so that taking away undoes adding. Between words
    one blank is left, or none before punctuation, as in the text that is shown. Where that would
    make or break metadata, the blanks are closed another way, or what would become metadata gets a
    backslash before it. None where no way is right.
    """
    found = scan_fully(body)
    return first_right(body, _choices(body, span, blanks, found), meaning_without(found, span))


def meaning_without(found: Scan, span: tuple[int, int]) -> Meaning:
    """What a line says without what stands in `span`."""
    start, end = span
    return meaning([t for t in found.tokens if t.end <= start or t.start >= end], found.block_id)


def first_right(body: str, choices: Iterable[str], meant: Meaning) -> str | None:
    """The first of some bodies made of `body` that says what is meant, if need be with backslashes.

    A file keeps no blanks at the start of a body apart from those behind the box. So where they
    are new, it has to say the same without them, if that is possible.
    """
    blanks = body.startswith(tuple(_BLANKS))
    tried = list(choices)
    escaped = (_escaped(choice, meant, blanks) for choice in tried)
    right = (one for one in chain(tried, escaped) if one is not None and _says(one, meant, blanks))
    with_blanks = (choice for choice in tried if _says(choice, meant, True))
    return next(chain(right, with_blanks), None)


def _says(body: str, meant: Meaning, blanks: bool) -> bool:
    """Whether a body says what is meant, read with or without the blanks before it."""
    found = scan_fully(body if blanks else body.lstrip(_BLANKS))
    return meaning(found.tokens, found.block_id) == meant


def meaning(tokens: Iterable[Token], block_id: str | None) -> Meaning:
    """What good tokens say, with the block id of their line."""
    values = [(token.kind, token.value) for token in tokens if not token.bad]
    return sorted(values, key=lambda value: value[0]), block_id


def _choices(body: str, span: tuple[int, int], blanks: int, found: Scan) -> Iterator[str]:
    """The ways to close the gap, the most natural one first."""
    start, end = span
    rest = body[end : found.end]
    following = found.end - len(rest.lstrip())
    before, after = body[:start].rstrip(), body[following:]
    joined = [f"{before} {after}", before + after]
    if not rest.strip():
        yield _without_blanks_at_end(body[:start], blanks) + body[end:]
    elif any(token.start == following for token in kept(found)):
        if start and not body[start - 1].isspace():
            yield body[:start] + ("" if following > end else " ") + body[end:]
        else:
            yield body[:start] + body[min(following, end + blanks) :]
    else:
        words_end = next((t.start for t in kept(found) if t.start > following), found.end)
        yield from _words_before_rule(body, (start, following, words_end), found)
        if not before or closes(body[following:words_end]):
            joined.reverse()
    yield from joined
    yield body[:start] + body[end:]


def _words_before_rule(body: str, at: tuple[int, int, int], found: Scan) -> Iterator[str]:
    """Words that would stand behind the sign of a rule, and be read as part of it, put before it.

    `at` is the start of the gap and those of the words and of what follows them.
    """
    start, words, after = at
    rules = (t for t in found.tokens if t.kind == "repeat" and t.dialect is Dialect.EMOJI)
    rule = next((t for t in rules if t.end <= start and not body[t.end : start].strip()), None)
    if rule and _RULE_WORD.match(body, words):
        moved = body[words:after].rstrip()
        head, sign = body[: rule.start], body[rule.start : rule.end]
        if closes(moved):
            head = head.rstrip()
        elif head and not head[-1].isspace():
            head += " "
        yield f"{head}{moved} {sign}{body[words + len(moved) :]}"


def _escaped(body: str, meant: Meaning, blanks: bool) -> str | None:
    """`body` with a backslash before whatever is metadata against all intention."""
    if not blanks:
        body = body.lstrip(_BLANKS)
    for _ in range(_MOST_ESCAPES):
        if _says(body, meant, blanks):
            return body
        at = _surplus(body, scan_fully(body), meant)
        if at is None:
            return None
        body = f"{body[:at]}\\{body[at:]}"
    return None


def _surplus(body: str, found: Scan, meant: Meaning) -> int | None:
    """Where the first metadata begins that is not meant, if a backslash can take its meaning."""
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


def _without_blanks_at_end(text: str, most: int) -> str:
    for _ in range(most):
        text = text.removesuffix(" ")
    return text
