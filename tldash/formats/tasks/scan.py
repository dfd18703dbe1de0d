"""Finds the metadata in one task line, and where each piece of it stands.

The reader wants values, the writer wants places; both get them from the tokens found here, so that
what is shown and what is edited can never differ. What each of the three dialects makes of a
character has a module of its own.

A line is searched for the few characters that metadata can begin with, and each is looked at by the
one function that knows it. What is Markdown of another kind (code spans, links, wiki links,
autolinks, comments, escapes) is stepped over whole. Every step moves forward, and no pattern looks
further than its own kind of bracket, so the time is proportional to the length of the line.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from typing import Final

from tldash.formats.tasks import dataview, emoji, todotxt
from tldash.formats.tasks import vocabulary as spelling
from tldash.formats.tasks.values import Scan, Token, opens
from tldash.model.records import Dialect

_START_ASCII = re.compile(r"[`\\\[(<#@:]")
_START = re.compile(rf"[`\\\[(<#@:{spelling.SIGNS}]")
_SIGN = re.compile(f"[{spelling.SIGNS}]")
_BLOCK_ID = re.compile(r"\^[A-Za-z0-9-]+")
_TICKS = re.compile("`+")
_WIKI_LINK = re.compile(r"\[\[[^\[\]]*\]\]")
_DESTINATION = (
    r"\([ \t]*(?:<[^<>]*>|[^\s()<]*(?:\([^\s()]*\)[^\s()]*)?)"
    r"(?:[ \t]+(?:\"[^\"()]*\"|'[^'()]*'))?[ \t]*\)"
)
_LINK = re.compile(r"\[[^\[\]\\]*(?:\\.[^\[\]\\]*)*\]" + _DESTINATION)
_LINK_END = re.compile(_DESTINATION)
_ANGLE = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>")
_COMMENT = re.compile(r"<!--[^<]*?-->")
_ADDRESS: Final = (":", ",")
_PUNCTUATION: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def scan(body: str) -> Scan | None:
    """All metadata of `body` from left to right, or None where a glance shows none."""
    if (
        ":" not in body
        and "#" not in body
        and "@" not in body
        and "^" not in body
        and body[:1] != "("
        and (body.isascii() or not _SIGN.search(body))
    ):
        return None
    end, block_id = _content_end(body)
    search = (_START_ASCII if body.isascii() else _START).search
    found = Scan([], [], end, block_id, {})
    at = _leading_priority(found, body) if body[:1] == "(" else 0
    while match := search(body, at, end):
        start = match.start()
        at = _READERS.get(body[start], emoji.read)(found, body, start)
    return found


def scan_fully(body: str) -> Scan:
    """As `scan`, with an empty list of tokens where there is no metadata."""
    return scan(body) or Scan([], [], *_content_end(body), {})


def _content_end(body: str) -> tuple[int, str | None]:
    end = len(body.rstrip(" \t"))
    if end == len(body) and (len(body) - len(body.rstrip("\\"))) % 2:
        end = len(body[:-1].rstrip(" \t"))
    caret = body.rfind("^", 0, end)
    if caret > 0 and body[caret - 1] in " \t" and _BLOCK_ID.fullmatch(body, caret, end):
        return len(body[:caret].rstrip(" \t")), body[caret + 1 : end]
    return end, None


# -- one function for each character that metadata can begin with: where to go on from ---------


def _leading_priority(found: Scan, body: str) -> int:
    if body[1:2] not in spelling.LETTER_PRIORITIES or body[2:3] != ")" or found.end < 3:
        return 0
    if found.end > 3 and not body[3].isspace():
        return 0
    priority = spelling.LETTER_PRIORITIES[body[1]]
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
    match = dataview.SQUARE.match(body, at, found.end)
    if match and match[2] == "::" and dataview.read(found, match):
        return match.end()
    if link := _LINK.match(body, at, found.end):
        return link.end()
    return _no_field(found, match, body, at)


def _round(found: Scan, body: str, at: int) -> int:
    match = dataview.ROUND.match(body, at, found.end)
    if match and match[2] == "::" and dataview.read(found, match):
        return match.end()
    if at and body[at - 1] == "]" and (link := _LINK_END.match(body, at, found.end)):
        return link.end()
    return _no_field(found, match, body, at)


def _no_field(found: Scan, match: re.Match[str] | None, body: str, at: int) -> int:
    """Steps over somebody else's `[key:: value]`, and over ours with a colon or bracket too few."""
    if match is None:
        dataview.unclosed(found, body, at)
        return at + 1
    return match.end() if match[2] == "::" or dataview.single_colon(found, match) else at + 1


def _tag(found: Scan, body: str, at: int) -> int:
    match = spelling.TAG.match(body, at, found.end) if opens(body, at) else None
    if match is None:
        return at + 1
    if not match[1].isdecimal():
        found.tokens.append(Token("tag", None, at, match.end(), at + 1, match.end(), match[1]))
    return match.end()


def _owner(found: Scan, body: str, at: int) -> int:
    match = spelling.NAME.match(body, at, found.end) if opens(body, at) else None
    if match is None:
        return at + 1
    name = match[1].rstrip(".")
    value_end = end = at + 1 + len(name)
    if name and not name.isdecimal():
        if at == 0 and body[end : end + 1] in _ADDRESS and body[end + 1 : end + 2] == " ":
            end += 1  # '@ada: call the vendor'
        found.tokens.append(Token("owner", None, at, end, at + 1, value_end, name))
    return match.end()


_READERS: Final[dict[str, Callable[[Scan, str, int], int]]] = {
    "`": _code,
    "\\": _escape,
    "<": _angle,
    "[": _square,
    "(": _round,
    "#": _tag,
    "@": _owner,
    ":": todotxt.read,
}
