"""Edit single fields of a task line, and keep every other character.

Each function takes and returns the body of a task item: the text after its box and the space after
that. An existing field keeps its place and dialect. A new one is written in the dialect of the last
field of the line, because Obsidian Tasks reads fields from the end of the line and stops at the
first text that it does not know. For the same reason, owners and tags go before the fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from tldash.formats.tasks import recurrence, vocabulary
from tldash.formats.tasks.cut import cut, metadata_of
from tldash.formats.tasks.parse import metadata_tokens, parse_uncached, status_of, visible_text
from tldash.formats.tasks.scan import scan
from tldash.formats.tasks.values import Scan, Token
from tldash.formats.tasks.vocabulary import DateKind, Kind, is_name, is_tag
from tldash.model.records import Dialect, Priority, Status

_MARKS: Final = {
    Status.OPEN: " ",
    Status.DONE: "x",
    Status.IN_PROGRESS: "/",
    Status.CANCELLED: "-",
}
_KEY: Final = re.compile(rf"([a-z]+:):?|([{vocabulary.EMOJI}]\ufe0f?)")
"""The key of a field without a value."""
_COMPLETION: Final[dict[Status, DateKind]] = {Status.DONE: "done", Status.CANCELLED: "cancelled"}


def set_status(mark: str, body: str, status: Status, on: date, default: Dialect) -> tuple[str, str]:
    """Return the box's character and the body with a status.

    Closing an item (done or cancelled) adds its completion field with the date `on`, before a block
    id and a hard break, unless the line already has that field. Reopening removes the field. So
    unticking reverts ticking exactly, unless the field was there before. A line that already has
    `status` is not changed, nor is one whose field cannot be removed without changing another.
    """
    before = status_of(mark)
    if before is status:
        return mark, body
    if before in _COMPLETION:
        was, body = body, _remove(body, _COMPLETION[before])
        if body == was and _tokens(scan(body), _COMPLETION[before]):
            return mark, body
    if status in _COMPLETION:
        kind = _COMPLETION[status]
        found = scan(body)
        if not _tokens(found, kind):
            body = _append(body, found, kind, on.isoformat(), _dialect(found, default))
    return _MARKS[status], body


def set_date(body: str, field_name: DateKind, value: date | None, default: Dialect) -> str:
    """Set, change or (None) remove a date.

    An invalid date (`due:soon`) is replaced too, and so is one with a misspelled key if its fix is
    unambiguous. A time or a wiki link around the day stays. If the field is there twice, both are
    changed, since other programs may use another one than tldash. If the field cannot be removed
    without changing another one, as in `🔁 📅 2026-11-20 every week`, the line is not changed. The
    same applies to all other removals in this module.
    """
    return _set_field(body, field_name, value.isoformat() if value else None, default)


def set_priority(body: str, value: Priority | None, default: Dialect) -> str:
    """Set the priority, or (None) remove it, which means normal priority."""
    return _set_field(body, "priority", value.value if value else None, default)


def set_repeat(body: str, rule: str | None, default: Dialect) -> str:
    """Set or (None) remove the recurrence rule, translated to the dialect of its place.

    A rule that this dialect cannot express is written in another one. An invalid rule does not
    change the line: check it with `recurrence.parse_rule` first.
    """
    if rule is None:
        return _remove(body, "repeat")
    if isinstance(recurrence.parse_rule(rule), recurrence.InvalidRule):
        return body
    found = scan(body)
    tokens = _tokens(found, "repeat")
    dialect = (tokens[0].dialect if tokens else None) or _dialect(found, default)
    words, dialect = _format_rule(rule, dialect)
    if tokens and all(token.dialect is dialect for token in tokens):
        return _set_values(body, tokens, words)
    body = _remove(body, "repeat")
    if tokens and _tokens(scan(body), "repeat"):
        return body
    return _insert(body, scan(body), "repeat", words, dialect)


def _format_rule(rule: str, dialect: Dialect) -> tuple[str, Dialect]:
    words = None
    if dialect is not Dialect.TASKPAPER:
        words = recurrence.translate_rule(rule, dialect)
    if words is not None:
        return words, dialect
    return rule, Dialect.PLAIN if recurrence.is_todotxt_rule(rule) else Dialect.EMOJI


def set_owner(body: str, name: str | None) -> str:
    """Set or (None) remove the owner.

    A name that cannot follow an `@` (it has a space or a slash) is written as `[owner:: name]`. If
    a mention would become the owner when the owner is removed, it is escaped (`\\@ada`).
    """
    if name is None:
        return _remove_owner(body)
    tokens = _tokens(scan(body), "owner")
    written = _format_owner(name)
    if not tokens:
        return _insert_text(body, written)
    first = tokens[0]
    if first.dialect is not None and written.startswith("@"):
        return _set_values(body, [first], written[1:])
    return (
        body[: first.start]
        + written
        + body[first.value_end if first.dialect is None else first.end :]
    )


def _remove_owner(body: str) -> str:
    first = next(iter(_tokens(scan(body), "owner")), None)
    if first is None:
        return body
    left: str | None = body
    while left is not None and (
        token := next((t for t in _tokens(scan(left), "owner") if t.dialect is not None), None)
    ):
        left = _cut(left, token)
    if left is None:
        return body
    names = _tokens(scan(left), "owner")
    mentions = names if first.dialect is not None else names[1:]
    for mention in reversed(mentions):
        left = f"{left[: mention.start]}\\{left[mention.start :]}"
    if first.dialect is None:
        left = _cut(left, names[0])
    return body if left is None or _tokens(scan(left), "owner") else left


def _format_owner(name: str) -> str:
    name = " ".join(re.sub(r"[\[\]]", " ", name.removeprefix("@")).split())
    return f"@{name}" if is_name(name) else f"[owner:: {name}]"


def set_tags(body: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> str:
    """Remove every occurrence of the tags in `remove`, then add those in `add`.

    Tags may start with `#`. Tags that the line already has are not added again, and invalid ones
    (`#2026`) are ignored.
    """
    for name in remove:
        bare = name.removeprefix("#")
        left: str | None = body
        while left is not None and (
            token := next((t for t in _tokens(scan(left), "tag") if t.value == bare), None)
        ):
            left = _cut(left, token)
        body = body if left is None else left
    for name in add:
        bare = name.removeprefix("#")
        if is_tag(bare) and all(t.value != bare for t in _tokens(scan(body), "tag")):
            body = _insert_text(body, f"#{bare}")
    return body


def replace_text(body: str, new_text: str) -> str:
    """Replace the whole text. All metadata keeps its order and spelling.

    If there is metadata inside the text, the new text replaces the part before it. If the old text
    cannot be removed without changing a field, the line is not changed.
    """
    found = scan(body)
    if new_text == visible_text(body, found):
        return body
    spans = text_spans(body, found)
    if not spans:
        return _insert_text(body, new_text, text=True) if new_text else body
    left: str | None = body
    for span in reversed(spans[1:]):
        left = left and cut(left, span, 1)
    if left is None:
        return body
    start, end = spans[0]
    rule = next((t for t in scan(left).tokens if _would_extend_rule(t, left[:start])), None)
    if new_text and rule is None:
        before = " " if start and not left[start - 1].isspace() else ""
        after = " " if scan(left).end > end and not left[end].isspace() else ""
        return left[:start] + before + new_text + after + left[end:]
    bare = cut(left, (start, end), 1)
    if bare is None:
        return body
    return _insert_before(bare, rule.start, new_text, " ") if rule and new_text else bare


def _would_extend_rule(token: Token, before: str) -> bool:
    """Return whether text after `before` would become part of the rule at its end, `token`."""
    at_end = not before[token.end :].strip() and token.end <= len(before)
    return token.kind == "repeat" and token.dialect is Dialect.EMOJI and at_end


# Changes that the functions above are made of.


def remove_fields(body: str, kinds: Iterable[Kind]) -> str:
    """Remove all valid fields of these kinds."""
    for kind in kinds:
        body = _remove(body, kind)
    return body


def _tokens(found: Scan, kind: Kind, bad: bool = False) -> list[Token]:
    return [token for token in found.tokens if token.kind == kind and (bad or not token.bad)]


def _dialect(found: Scan, default: Dialect) -> Dialect:
    spoken = [t for t in found.tokens if t.dialect and not t.bad and t.kind != "owner"]
    if not spoken:
        return default
    if spoken[-1].kind == "repeat" and any(t.dialect is Dialect.TASKPAPER for t in spoken):
        return Dialect.TASKPAPER  # which has no repeat rules
    return spoken[-1].dialect or default


def _set_field(body: str, kind: Kind, value: str | None, default: Dialect) -> str:
    if value is None:
        return _remove(body, kind)
    found = scan(body)
    if tokens := _tokens(found, kind):
        return _set_values(body, tokens, value)
    if tokens := _tokens(found, kind, bad=True):
        changed = _set_values(body, tokens, value)
        if _all_valid(found, scan(changed), kind):
            return changed
        default = tokens[0].dialect or default
        while tokens and (left := _cut(body, tokens[-1])) is not None:
            body = left
            tokens = _tokens(scan(body), kind, bad=True)
        found = scan(body)
    elif (corrected := _correct(body, found, kind, value)) is not None:
        return corrected
    return _insert(body, found, kind, value, _dialect(found, default))


def _correct(body: str, found: Scan, kind: Kind, value: str) -> str | None:
    """Set a field whose key is misspelled or has no value; None without one."""
    for problem in parse_uncached(body).problems:
        if problem.fixes_field != kind:
            continue
        at = problem.offset
        if fix := problem.fix:
            at = fix.column - 1
            fixed = body[:at] + fix.new + body[at + len(fix.old) :]
            fixed = _set_values(fixed, _tokens(scan(fixed), kind), value)
        elif key := _KEY.match(body, at, found.end):
            space = "" if key[1] else " "
            rest = body[key.end() :]
            gap = " " if rest[:1] and not rest[0].isspace() else ""
            fixed = f"{body[:at]}{key[1] or key[2]}{space}{value}{gap}{rest}"
        else:
            continue
        after = scan(fixed)
        values = [
            *metadata_of(found.tokens, None)[0],
            *[(t.kind, t.value) for t in _tokens(after, kind)[:1]],
        ]
        if _tokens(after, kind) and metadata_of(after.tokens, after.block_id) == (
            sorted(values, key=lambda one: one[0]),
            found.block_id,
        ):
            return fixed
    return None


def _all_valid(before: Scan, after: Scan, kind: Kind) -> bool:
    """Return whether all bad values of a field became valid, and nothing else changed.

    Brackets in a bad value may have separated another pair: `(mood:: [due:: 2(026])`.
    """
    rest = [token for token in after.tokens if token.kind != kind]
    same = metadata_of(rest, after.block_id) == metadata_of(before.tokens, before.block_id)
    return same and len(_tokens(after, kind)) == len(_tokens(before, kind, bad=True))


def _set_values(body: str, tokens: list[Token], value: str) -> str:
    for token in reversed(tokens):
        written = value
        if token.kind == "priority" and token.dialect is Dialect.PLAIN:
            written = vocabulary.PRIORITY_LETTER[Priority(value)]
        elif token.kind == "priority" and body[token.value_start].isdecimal():
            written = vocabulary.PRIORITY_NUMBER[Priority(value)]
        elif token.kind == "priority" and token.dialect is Dialect.EMOJI:
            written = vocabulary.PRIORITY_EMOJI[Priority(value)]
        body = body[: token.value_start] + written + body[token.value_end :]
    return body


def _append(body: str, found: Scan, kind: Kind, value: str, dialect: Dialect) -> str:
    spaces = vocabulary.separator(dialect) if found.end else ""
    field = vocabulary.format_field(kind, value, dialect)
    return body[: found.end] + spaces + field + body[found.end :]


def _trailing(body: str, found: Scan, dialect: Dialect | None) -> list[Token]:
    """Return the fields and tags at the end of the line, of one dialect or (None) of any."""
    run: list[Token] = []
    at = found.end
    for token in reversed(found.tokens):
        speaks = token.dialect is not None and dialect in (None, token.dialect)
        if token.bad or token.kind == "owner" or not (speaks or token.kind == "tag"):
            break
        if body[token.end : at].strip() or (token.start == 0 and body[0] == "("):
            break
        run.insert(0, token)
        at = token.start
    return run


def _insert(body: str, found: Scan, kind: Kind, value: str, dialect: Dialect) -> str:
    """Insert a field among those at the end of the line, in Obsidian's order."""
    rank = vocabulary.RANK[kind]
    for token in _trailing(body, found, dialect):
        apart = token.start == 0 or body[token.start - 1].isspace()
        if apart and token.dialect is not None and vocabulary.RANK[token.kind] > rank:
            field = vocabulary.format_field(kind, value, dialect)
            return _insert_before(body, token.start, field, vocabulary.separator(dialect))
    return _append(body, found, kind, value, dialect)


def _insert_text(body: str, words: str, *, text: bool = False) -> str:
    """Insert text, an owner or a tag before the fields at the end of the line; text before tags."""
    found = scan(body)
    for token in _trailing(body, found, None):
        if token.dialect is not None or text:
            return _insert_before(body, token.start, words, " ")
    return body[: found.end] + (" " if found.end else "") + words + body[found.end :]


def _insert_before(body: str, at: int, words: str, spaces: str) -> str:
    before = spaces if at and not body[at - 1].isspace() else ""
    return body[:at] + before + words + spaces + body[at:]


def _remove(body: str, kind: Kind) -> str:
    left: str | None = body
    while left is not None and (tokens := _tokens(scan(left), kind)):
        left = _cut(left, tokens[-1])
    return body if left is None else left


def _cut(body: str, token: Token) -> str | None:
    spaces = len(vocabulary.separator(token.dialect or Dialect.PLAIN))
    return cut(body, (token.start, token.end), spaces)


def text_spans(body: str, found: Scan) -> list[tuple[int, int]]:
    """Return the spans of the text between the metadata, without spaces around them."""
    edges = [0]
    for token in metadata_tokens(found):
        edges += [token.start, token.end]
    edges.append(found.end)
    spans: list[tuple[int, int]] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        words = body[start:end].strip()
        if words:
            at = body.index(words, start)
            spans.append((at, at + len(words)))
    return spans
