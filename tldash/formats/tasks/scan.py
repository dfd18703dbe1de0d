"""Scan a task line for metadata: the values of fields and where they are.

`parse` uses the values and `edit` the places of the same tokens, so what is shown and what is
edited cannot differ. Each of the four dialects with keys has a module of its own.

The scanner searches for the few characters that metadata can start with and calls a function for
each. Other Markdown (code spans, links, wiki links, autolinks, comments, escapes) is skipped whole.
Every step moves forward and no pattern looks past its closing bracket, so the time is proportional
to the length of the line.

People use `@name` and `#tag` inside sentences too. So a name is the owner only as the first word or
among the fields at the end; elsewhere it is a mention, which is plain text. A tag inside a sentence
counts as a tag, and stays in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from typing import Final

from tldash.formats.tasks import dataview, emoji, taskpaper, todotxt, vocabulary
from tldash.formats.tasks.values import Scan, Token, starts_word
from tldash.model.patterns import compile_pattern
from tldash.model.records import Dialect

_START_ASCII = compile_pattern(r"[`\\\[(<#@:]")
_START = compile_pattern(rf"[`\\\[(<#@:{vocabulary.WIDE_COLON}{vocabulary.EMOJI}]")
_EMOJI = compile_pattern(f"[{vocabulary.WIDE_COLON}{vocabulary.EMOJI}]")
_BLOCK_ID = compile_pattern(r"\^[A-Za-z0-9-]+")
_TICKS = compile_pattern("`+")
_WIKI_LINK = compile_pattern(r"\[\[[^\[\]]*\]\]")
_DESTINATION = (
    r"\([ \t]*(?:<[^<>]*>|[^\s()<]*(?:\([^\s()]*\)[^\s()]*)?)"
    r"(?:[ \t]+(?:\"[^\"()]*\"|'[^'()]*'))?[ \t]*\)"
)
_LINK = compile_pattern(r"\[[^\[\]\\]*(?:\\.[^\[\]\\]*)*\]" + _DESTINATION)
_LINK_END = compile_pattern(_DESTINATION)
_ANGLE = compile_pattern(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>")
_COMMENT = compile_pattern(r"<!--[^<]*?-->")
_ADDRESS: Final = (":", ",")
_NO_OWNER: Final = ("'", "’", "(")
"""Characters that no owner can have directly after the name: `@ada's notes`, `@est(2h)`."""
_PUNCTUATION: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def scan(body: str) -> Scan:
    """Return all metadata of `body` from left to right."""
    end, block_id = _content_end(body)
    found = Scan([], [], end, block_id, {}, [])
    if (
        ":" not in body
        and "#" not in body
        and "@" not in body
        and "^" not in body
        and body[:1] != "("
        and (body.isascii() or not _EMOJI.search(body))
    ):
        return found
    search = (_START_ASCII if body.isascii() else _START).search
    at = _leading_priority(found, body) if body[:1] == "(" else 0
    while match := search(body, at, end):
        start = match.start()
        at = _SCANNERS.get(body[start], emoji.scan_field)(found, body, start)
    if ("@" in body or "#" in body) and found.tokens:
        _separate_from_sentence(found, body)
    return found


def _content_end(body: str) -> tuple[int, str | None]:
    end = len(body.rstrip(" \t"))
    if end == len(body) and (len(body) - len(body.rstrip("\\"))) % 2:
        end = len(body[:-1].rstrip(" \t"))
    caret = body.rfind("^", 0, end)
    if caret > 0 and body[caret - 1] in " \t" and _BLOCK_ID.fullmatch(body, caret, end):
        return len(body[:caret].rstrip(" \t")), body[caret + 1 : end]
    return end, None


def _separate_from_sentence(found: Scan, body: str) -> None:
    """Drop the names that are mentions, and mark the tags that are inside a sentence."""
    tokens = found.tokens
    trailing = _count_trailing(found, body)
    if trailing == len(tokens):
        return
    leading = _count_leading(found, body)
    owned = any(_is_name(token) for token in tokens[:leading])
    kept: list[Token] = []
    for at, token in enumerate(tokens):
        at_end = at >= len(tokens) - trailing
        if token.dialect is not None or token.bad or at < leading:
            kept.append(token)
        elif token.kind == "tag":
            kept.append(token if at_end else token._replace(inline=True))
        elif at_end and not owned:
            kept.append(token)
    tokens[:] = kept


def _is_name(token: Token) -> bool:
    return token.kind == "owner" and token.dialect is None


def _count_leading(found: Scan, body: str) -> int:
    """Return how many tokens are before the first word, or are that word themselves.

    Words may follow a name directly after `:` or `,` (`@ada: call the vendor`). That character
    becomes a part of the token.
    """
    unknown = dict(found.unknown)
    starts = {token.start for token in found.tokens} | unknown.keys()
    at = 0
    for index, token in enumerate(found.tokens):
        while (gap := _skip_spaces(body, at)) in unknown:
            at = unknown[gap]
        if gap != token.start:
            return index
        at = token.end
        if token.dialect is None and at < found.end and not body[at].isspace() and at not in starts:
            if not _is_name(token) or body[at] not in _ADDRESS or body[at + 1 : at + 2] != " ":
                return index
            at += 1
            found.tokens[index] = token._replace(end=at)
    return len(found.tokens)


def _count_trailing(found: Scan, body: str) -> int:
    """Return how many tokens are at the end of the line, with nothing but spaces between them."""
    unknown = {end: start for start, end in found.unknown}
    at = found.end
    count = 0
    for token in reversed(found.tokens):
        while unknown and (end := len(body[:at].rstrip())) in unknown:
            at = unknown[end]
        if token.end != at and not body[token.end : at].isspace():
            break
        at = token.start
        count += 1
    return count


def _skip_spaces(body: str, at: int) -> int:
    while at < len(body) and body[at].isspace():
        at += 1
    return at


# One function for each character that metadata can start with. Each returns where to go on.


def _leading_priority(found: Scan, body: str) -> int:
    if body[1:2] not in vocabulary.LETTER_PRIORITIES or body[2:3] != ")" or found.end < 3:
        return 0
    if found.end > 3 and not body[3].isspace():
        return 0
    priority = vocabulary.LETTER_PRIORITIES[body[1]]
    found.tokens.append(Token("priority", Dialect.PLAIN, 0, 3, 1, 2, priority))
    return 3


def _code(found: Scan, body: str, at: int) -> int:
    if not found.ticks:
        for run in _TICKS.finditer(body, at, found.end):
            found.ticks.setdefault(run.end() - run.start(), []).append(run.start())
    after = at
    while after < found.end and body[after] == "`":
        after += 1
    closing = found.ticks.get(after - at, [])
    following = bisect_left(closing, after)
    return closing[following] + after - at if following < len(closing) else after


def _escape(found: Scan, body: str, at: int) -> int:
    return at + 2 if body[at + 1 : at + 2] in _PUNCTUATION and at + 1 < found.end else at + 1


def _angle(found: Scan, body: str, at: int) -> int:
    if body.startswith("<!--", at):
        match = _COMMENT.match(body, at, found.end)
        return match.end() if match else at + 4
    match = _ANGLE.match(body, at, found.end)
    return match.end() if match else at + 1


def _square(found: Scan, body: str, at: int) -> int:
    if body.startswith("[[", at):
        match = _WIKI_LINK.match(body, at, found.end)
        return match.end() if match else at + 1
    match = dataview.match_square(body, at, found.end)
    if match and match[2] == "::" and dataview.scan_field(found, match):
        return match.end()
    if link := _LINK.match(body, at, found.end):
        return link.end()
    return _no_field(found, match, body, at)


def _round(found: Scan, body: str, at: int) -> int:
    match = dataview.ROUND.match(body, at, found.end)
    if match and match[2] == "::" and dataview.scan_field(found, match):
        return match.end()
    if at and body[at - 1] == "]" and (link := _LINK_END.match(body, at, found.end)):
        return link.end()
    return _no_field(found, match, body, at)


def _no_field(found: Scan, match: re.Match[str] | None, body: str, at: int) -> int:
    """Skip unknown `[key:: value]` fields, and report known ones without a colon or bracket."""
    if match is None:
        dataview.check_unclosed(found, body, at)
        return at + 1
    if match[2] != "::" and not dataview.check_single_colon(found, match):
        return at + 1
    found.unknown.append(match.span())
    return match.end()


def _tag(found: Scan, body: str, at: int) -> int:
    match = vocabulary.TAG.match(body, at, found.end) if starts_word(body, at) else None
    if match is None:
        return at + 1
    if not match[1].isdecimal():
        found.tokens.append(Token("tag", None, at, match.end(), at + 1, match.end(), match[1]))
    return match.end()


def _owner(found: Scan, body: str, at: int) -> int:
    match = vocabulary.NAME.match(body, at, found.end) if starts_word(body, at) else None
    if match is None:
        return at + 1
    name = match[1].rstrip(".")
    end = at + 1 + len(name)
    following = body[end : end + 1]
    if following == "(" and (after := taskpaper.scan_field(found, body, at)) is not None:
        return after
    if name in vocabulary.TASKPAPER_KINDS:
        found.unknown.append((at, end))
    elif name and not name.isdecimal() and following not in _NO_OWNER:
        found.tokens.append(Token("owner", None, at, end, at + 1, end, name))
    return match.end()


_SCANNERS: Final[dict[str, Callable[[Scan, str, int], int]]] = {
    "`": _code,
    "\\": _escape,
    "<": _angle,
    "[": _square,
    "(": _round,
    "#": _tag,
    "@": _owner,
    ":": todotxt.scan_field,
    vocabulary.WIDE_COLON: todotxt.check_wide_colon,
}
