"""Finds the metadata in one task line, and where each piece of it stands.

The reader wants values, the writer wants places; both get them from the tokens found here, so that
what is shown and what is edited can never differ.

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

from tldash.files import taskspelling as spelling
from tldash.files.taskspelling import Kind
from tldash.files.taskvalues import (
    DATE,
    DATE_HINT,
    EXAMPLE,
    ID,
    IDS,
    Scan,
    Token,
    add_date,
    add_value,
    bad_date,
    error,
    warn,
)
from tldash.records import Dialect

_START_ASCII = re.compile(r"[`\\\[(<#@:]")
_START = re.compile(rf"[`\\\[(<#@:{spelling.SIGNS}]")
_SIGN = re.compile(f"[{spelling.SIGNS}]")
_BLOCK_ID = re.compile(r"\^[A-Za-z0-9-]+")
_VALUE = re.compile(rf"[^\s\[\](){{}}<>`\"''{spelling.SIGNS}]+")
_GAP = re.compile("\ufe0f?\\s*")
_RULE = re.compile(r"[A-Za-z0-9,!]++(?!:)(?:[ \t\xa0]+[A-Za-z0-9,!]++(?!:))*")
_ON_COMPLETION = re.compile(r"(?:keep|delete)(?![\w:])", re.IGNORECASE)
_DATE_WORD = re.compile(
    r"(?:today|tomorrow|yesterday|soon|asap|next|this|end|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr"
    r"|may|june?|july?|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_TICKS = re.compile("`+")
_WIKI_LINK = re.compile(r"\[\[[^\[\]]*\]\]")
_SQUARE = re.compile(r"\[([^\[\]():`\\]{1,40})(::?)([^\[\]]*)\]")
_ROUND = re.compile(r"\(([^\[\]():`\\]{1,40})(::?)([^()]*)\)")
_DESTINATION = (
    r"\([ \t]*(?:<[^<>]*>|[^\s()<]*(?:\([^\s()]*\)[^\s()]*)?)"
    r"(?:[ \t]+(?:\"[^\"()]*\"|'[^'()]*'))?[ \t]*\)"
)
_LINK = re.compile(r"\[[^\[\]\\]*(?:\\.[^\[\]\\]*)*\]" + _DESTINATION)
_LINK_END = re.compile(_DESTINATION)
_ANGLE = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>")
_COMMENT = re.compile(r"<!--[^<]*?-->")
_ADDRESS: Final = (":", ",")
_PROSE_SIGNS: Final = frozenset("✅❌➕")
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
        at = _READERS.get(body[start], _sign)(found, body, start)
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
    match = _SQUARE.match(body, at, found.end)
    if match and match[2] == "::" and _inline_field(found, match):
        return match.end()
    if link := _LINK.match(body, at, found.end):
        return link.end()
    return _no_field(found, match, at)


def _round(found: Scan, body: str, at: int) -> int:
    match = _ROUND.match(body, at, found.end)
    if match and match[2] == "::" and _inline_field(found, match):
        return match.end()
    if at and body[at - 1] == "]" and (link := _LINK_END.match(body, at, found.end)):
        return link.end()
    return _no_field(found, match, at)


def _no_field(found: Scan, match: re.Match[str] | None, at: int) -> int:
    """Steps over somebody else's `[key:: value]`, and over ours with a colon too few."""
    if match is None:
        return at + 1
    return match.end() if match[2] == "::" or _single_colon(found, match) else at + 1


def _tag(found: Scan, body: str, at: int) -> int:
    match = spelling.TAG.match(body, at, found.end) if _opens(body, at) else None
    if match is None:
        return at + 1
    if not match[1].isdecimal():
        found.tokens.append(Token("tag", None, at, match.end(), at + 1, match.end(), match[1]))
    return match.end()


def _owner(found: Scan, body: str, at: int) -> int:
    match = spelling.NAME.match(body, at, found.end) if _opens(body, at) else None
    if match is None:
        return at + 1
    name = match[1].rstrip(".")
    value_end = end = at + 1 + len(name)
    if name and not name.isdecimal():
        if at == 0 and body[end : end + 1] in _ADDRESS and body[end + 1 : end + 2] == " ":
            end += 1  # '@ada: call the vendor'
        found.tokens.append(Token("owner", None, at, end, at + 1, value_end, name))
    return match.end()


def _opens(body: str, at: int) -> bool:
    return at == 0 or body[at - 1].isspace()


def _colon(found: Scan, body: str, at: int) -> int:
    start = at
    while start and at - start < 12 and body[start - 1].isalpha():
        start -= 1
    key = body[start:at]
    if not key or not _opens(body, start):
        return at + 1
    kind = spelling.PLAIN_KINDS.get(key)
    if kind is None:
        return _mistaken_key(found, body, start, at)
    if kind in spelling.DATE_KINDS:
        if match := DATE.match(body, at + 1, found.end):
            span = (start, match.end(), at + 1, match.end())
            return add_date(found, kind, Dialect.PLAIN, span, match)
        return _bad_plain_date(found, body, kind, start, at)
    if kind == "depends":
        match = IDS.match(body, at + 1, found.end)
    elif kind == "id":
        match = ID.match(body, at + 1, found.end)
    else:
        match = _VALUE.match(body, at + 1, found.end)
    if match is None:
        return at + 1
    value = match[0].rstrip(".,;:!?")
    span = (start, at + 1 + len(value), at + 1, at + 1 + len(value))
    return add_value(found, kind, Dialect.PLAIN, span, value) if value else at + 1


def _mistaken_key(found: Scan, body: str, start: int, at: int) -> int:
    """A key that is none, in front of a date: a field that somebody will wait for in vain."""
    if match := DATE.match(body, at + 1, found.end):
        key = body[start:at]
        meant = spelling.PLAIN_MISTAKES.get(key) or spelling.near_miss(key, spelling.PLAIN_KINDS)
        if meant and spelling.PLAIN_KINDS[meant] in spelling.DATE_KINDS:
            warn(
                found,
                start,
                "field-spelling",
                f"'{key}:' is not a field",
                f"write {meant}:{match[1]}",
            )
    return at + 1


def _bad_plain_date(found: Scan, body: str, kind: Kind, start: int, at: int) -> int:
    key = body[start : at + 1]
    match = _VALUE.match(body, at + 1, found.end)
    if match:
        value = match[0].rstrip(".,;:!?)") or match[0]
        end = at + 1 + len(value)
        bad_date(found, start, value, key)
        found.tokens.append(Token(kind, Dialect.PLAIN, start, end, at + 1, end, None, True))
        return match.end()
    gap = _GAP.match(body, at + 1, found.end)
    match = _VALUE.match(body, gap.end(), found.end) if gap else None
    if match and (day := spelling.likely_date(match[0])):
        end = match.start() + len(match[0].rstrip(".,;:!?"))
        hint = f"remove the blank: {key}{day}"
        error(found, start, "bad-date", f"a blank stands between '{key}' and its date", hint)
        found.tokens.append(Token(kind, Dialect.PLAIN, start, end, at + 1, end, None, True))
        return end
    return at + 1


def _sign(found: Scan, body: str, at: int) -> int:
    sign = body[at]
    kind = spelling.SIGN_KINDS[sign]
    if kind == "priority":
        end = at + 2 if body.startswith(spelling.VARIATION, at + 1) else at + 1
        priority = spelling.SIGN_PRIORITIES[sign]
        found.tokens.append(Token("priority", Dialect.EMOJI, at, end, at, at + 1, priority))
        return end
    gap = _GAP.match(body, at + 1, found.end)
    value = gap.end() if gap else at + 1
    if kind in spelling.DATE_KINDS:
        if match := DATE.match(body, value, found.end):
            span = (at, match.end(), value, match.end())
            return add_date(found, kind, Dialect.EMOJI, span, match)
        return _bad_sign_date(found, body, kind, at, value)
    match = _EMOJI_VALUES[kind].match(body, value, found.end)
    if match is None:
        return at + 1
    text = match[0].rstrip(",")
    if kind == "repeat":
        text = _rule_text(found, at, text)
    end = value + len(text)
    return add_value(found, kind, Dialect.EMOJI, (at, end, value, end), text) if text else at + 1


_EMOJI_VALUES: Final = {
    "id": ID,
    "depends": IDS,
    "repeat": _RULE,
    "on_completion": _ON_COMPLETION,
}


def _rule_text(found: Scan, at: int, text: str) -> str:
    """What of the words behind a repeat sign is its rule; Obsidian takes all of them for it."""
    from tldash.files import rules  # few lines repeat, and what rules need is slow to import

    rule = rules.rule_at_start(text)
    if len(rule) < len(text):
        rest = f"'{text[len(rule) :].strip()}'"
        message = f"{rest} is no part of the rule" if rule else f"{rest} is no rule of recurrence"
        hint = "put other words before the sign" if rule else rules.LONG_HINT
        warn(found, at, "repeat", message, hint)
    return rule


def _bad_sign_date(found: Scan, body: str, kind: Kind, at: int, value: int) -> int:
    sign = body[at]
    match = _VALUE.match(body, value, found.end)
    if match is None:
        return at + 1
    text = match[0].rstrip(".,;:!?") or match[0]
    dated = text[0].isdecimal() or _DATE_WORD.match(text) is not None
    if dated:
        end = value + len(text)
        bad_date(found, at, text, sign + " ")
        found.tokens.append(Token(kind, Dialect.EMOJI, at, end, value, end, None, True))
        return end
    if sign not in _PROSE_SIGNS:
        warn(
            found,
            at,
            "field-spelling",
            f"no date follows {sign}",
            DATE_HINT.format(f"{sign} {EXAMPLE}"),
        )
    return at + 1


def _inline_field(found: Scan, match: re.Match[str]) -> bool:
    """Reads Dataview's `[key:: value]`; whether it was a field of ours, well formed or not."""
    key, value = match[1].strip(), match[3].strip()
    kind = spelling.DATAVIEW_KINDS.get(key)
    start, end = match.span()
    if kind is None:
        meant = spelling.near_miss(key, spelling.DATAVIEW_KINDS)
        if meant and (
            meant.casefold() == key.casefold()
            or spelling.DATAVIEW_KINDS[meant] not in spelling.DATE_KINDS
            or spelling.likely_date(value)
        ):
            message = f"'{key}' is not a field that tldash or Obsidian Tasks knows"
            warn(
                found,
                start,
                "field-spelling",
                message,
                f"write {match[0][0]}{meant}:: {value}{match[0][-1]}",
            )
        return False
    value_start = match.start(3) + len(match[3]) - len(match[3].lstrip())
    span = (start, end, value_start, value_start + len(value))
    if kind not in spelling.DATE_KINDS:
        add_value(found, kind, Dialect.DATAVIEW, span, value)
    elif day := DATE.fullmatch(value):
        add_date(found, kind, Dialect.DATAVIEW, span, day)
    else:
        bad_date(found, start, value, f"{key}:: ")
        found.tokens.append(Token(kind, Dialect.DATAVIEW, *span, None, True))
    return True


def _single_colon(found: Scan, match: re.Match[str]) -> bool:
    """Whether `[due: 2026-11-20]` was meant as a field; other notes pass."""
    key, value = match[1].strip(), match[3].strip()
    meant = spelling.near_miss(key, spelling.DATAVIEW_KINDS)
    kind = spelling.DATAVIEW_KINDS.get(meant or "")
    if (
        (kind in spelling.DATE_KINDS and spelling.likely_date(value))
        or (kind == "priority" and value in spelling.WORD_PRIORITIES)
        or (kind == "repeat" and value.startswith("every "))
    ):
        shown = spelling.likely_date(value) or value
        hint = f"write two colons: {match[0][0]}{meant}:: {shown}{match[0][-1]}"
        warn(
            found,
            match.start(),
            "field-spelling",
            "a Dataview field has two colons behind its key",
            hint,
        )
        return True
    return False


_READERS: Final[dict[str, Callable[[Scan, str, int], int]]] = {
    "`": _code,
    "\\": _escape,
    "<": _angle,
    "[": _square,
    "(": _round,
    "#": _tag,
    "@": _owner,
    ":": _colon,
}
