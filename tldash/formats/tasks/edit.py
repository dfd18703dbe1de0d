"""Changes one task line, and no more of it than was asked for.

Every function takes the body of a task item (what follows the box and its blank) and gives the new
one; all that was not asked to change stays character for character. A field that is there keeps
its place and its dialect. A new one is written in the dialect of the line's last field, because
Obsidian Tasks reads fields from the end of the line and stops at the first thing that it does not
know; for the same reason owners and tags go before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from tldash.formats.tasks import recurrence_rules
from tldash.formats.tasks import vocabulary as spelling
from tldash.formats.tasks.cut import cut, first_right, meaning, meaning_without
from tldash.formats.tasks.parse import kept, shown_text, status_of
from tldash.formats.tasks.scan import scan_fully
from tldash.formats.tasks.values import Scan, Token
from tldash.formats.tasks.vocabulary import DateKind, Kind, is_name, is_tag
from tldash.model.records import Dialect, Fields, Priority, Status

_MARKS: Final = {
    Status.OPEN: " ",
    Status.DONE: "x",
    Status.IN_PROGRESS: "/",
    Status.CANCELLED: "-",
}
_COMPLETION: Final[dict[Status, DateKind]] = {Status.DONE: "done", Status.CANCELLED: "cancelled"}


def with_status(
    mark: str, body: str, status: Status, on: date, default: Dialect
) -> tuple[str, str]:
    """The box's character and the body once the item has `status`.

    Into done or cancelled adds the completion field with the day `on`, behind everything but a
    block id and a hard break, unless the line has that field already; out of it takes the field
    away. So unticking undoes ticking exactly, except where the field had been there before the
    tick. A line that has `status` already stays as it is, its own mark included; so does one whose
    field cannot be taken away without a change to another.
    """
    before = status_of(mark)
    if before is status:
        return mark, body
    if before in _COMPLETION:
        was, body = body, _without(body, _COMPLETION[before])
        if body == was and _tokens(scan_fully(body), _COMPLETION[before]):
            return mark, body
    if status in _COMPLETION:
        kind = _COMPLETION[status]
        found = scan_fully(body)
        if not _tokens(found, kind):
            body = _append(body, found, kind, on.isoformat(), _dialect(found, default))
    return _MARKS[status], body


def with_date(body: str, field_name: DateKind, value: date | None, default: Dialect) -> str:
    """Sets, moves or (None) removes a date.

    A value that is no date (`due:soon`) is replaced too. Where the field is there twice, both are
    changed, since other readers count another one than we do. Where it cannot go without a change
    to another field, as in `🔁 📅 2026-11-20 every week`, the line stays as it is; the same holds
    for all that is taken away here.
    """
    return _with_field(body, field_name, value.isoformat() if value else None, default)


def with_priority(body: str, value: Priority | None, default: Dialect) -> str:
    """Sets or (None, which is normal) removes the priority."""
    return _with_field(body, "priority", value.value if value else None, default)


def with_repeat(body: str, rule: str | None, default: Dialect) -> str:
    """Sets or (None) removes the rule of recurrence, translated to the dialect of its place.

    A rule that this dialect cannot say is written in one that can. A rule that cannot be read is
    not written: ask `rules.read_rule` first.
    """
    if rule is None:
        return _without(body, "repeat")
    if isinstance(recurrence_rules.read_rule(rule), recurrence_rules.Unreadable):
        return body
    found = scan_fully(body)
    tokens = _tokens(found, "repeat")
    dialect = (tokens[0].dialect if tokens else None) or _dialect(found, default)
    words, dialect = _rule_words(rule, dialect)
    if tokens and all(token.dialect is dialect for token in tokens):
        return _revalue(body, tokens, words)
    body = _without(body, "repeat")
    if tokens and _tokens(scan_fully(body), "repeat"):
        return body
    return _insert(body, scan_fully(body), "repeat", words, dialect)


def _rule_words(rule: str, dialect: Dialect) -> tuple[str, Dialect]:
    words = recurrence_rules.in_dialect(rule, dialect)
    if words is not None:
        return words, dialect
    return rule, Dialect.PLAIN if recurrence_rules.is_short(rule) else Dialect.EMOJI


def with_owner(body: str, name: str | None) -> str:
    """Hands the action to `name`, or (None) to nobody in particular.

    A name that cannot follow an `@` (it has a blank or a slash) is written as `[owner:: name]`.
    Other people mentioned with an `@` lose that sign when nobody is to own the action.
    """
    if name is None:
        return _without_owner(body)
    tokens = _tokens(scan_fully(body), "owner")
    written = _owner_words(name)
    if not tokens:
        return _insert_words(body, written)
    first = tokens[0]
    if first.dialect is not None and written.startswith("@"):
        return _revalue(body, [first], written[1:])
    return (
        body[: first.start]
        + written
        + body[first.value_end if first.dialect is None else first.end :]
    )


def _without_owner(body: str) -> str:
    left: str | None = body
    while left is not None and (tokens := _tokens(scan_fully(left), "owner")):
        last = tokens[-1]
        if len(tokens) > 1 and last.dialect is None:
            found = scan_fully(left)
            before, name = left[: last.start], left[last.value_start :]
            ways = (before + name, f"{before}\\@{name}")
            left = first_right(left, ways, meaning_without(found, (last.start, last.end)))
        else:
            left = _cut(left, last)
    return body if left is None else left


def _owner_words(name: str) -> str:
    name = " ".join(re.sub(r"[\[\]]", " ", name.removeprefix("@")).split())
    return f"@{name}" if is_name(name) else f"[owner:: {name}]"


def with_tags(body: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> str:
    """Takes away the tags in `remove`, every time they stand there, then adds those in `add`.

    Tags come with or without their `#`; one that is there already is not added again, and what
    cannot be a tag (`#2026`) is not added at all.
    """
    for name in remove:
        bare = name.removeprefix("#")
        left: str | None = body
        while left is not None and (
            token := next((t for t in _tokens(scan_fully(left), "tag") if t.value == bare), None)
        ):
            left = _cut(left, token)
        body = body if left is None else left
    for name in add:
        bare = name.removeprefix("#")
        if is_tag(bare) and all(t.value != bare for t in _tokens(scan_fully(body), "tag")):
            body = _insert_words(body, f"#{bare}")
    return body


def with_text(body: str, new_text: str) -> str:
    """Rewords the action. All metadata stays, in its order and spelling.

    Where metadata stands between words, the new text goes where the first words were. Metadata in
    `new_text` counts as written there. Where the old words cannot go without a change to a field,
    the line stays as it is.
    """
    found = scan_fully(body)
    new_text = _one_line(new_text)
    if new_text == shown_text(body, found):
        return body
    stretches = _stretches(body, found)
    if not stretches:
        return _insert_words(body, new_text, text=True) if new_text else body
    left: str | None = body
    for span in reversed(stretches[1:]):
        left = left and cut(left, span, 1)
    if left is None:
        return body
    start, end = stretches[0]
    rule = next((t for t in scan_fully(left).tokens if _takes_words(t, left[:start])), None)
    if new_text and rule is None:
        before = " " if start and not left[start - 1].isspace() else ""
        after = " " if scan_fully(left).end > end and not left[end].isspace() else ""
        return left[:start] + before + new_text + after + left[end:]
    bare = cut(left, (start, end), 1)
    if bare is None:
        return body
    return _insert_before(bare, rule.start, new_text, " ") if rule and new_text else bare


def _takes_words(token: Token, before: str) -> bool:
    """Whether `token`, at the end of `before`, is a rule that words behind it would be part of."""
    at_end = not before[token.end :].strip() and token.end <= len(before)
    return token.kind == "repeat" and token.dialect is Dialect.EMOJI and at_end


def compose(text: str, fields: Fields, dialect: Dialect) -> str:
    """The body of a new line: text, owner, tags, the fields in Obsidian's order, block id."""
    words = [_one_line(text)]
    if fields.owner:
        words.append(_owner_words(fields.owner))
    words += [f"#{tag}" for tag in fields.tags if is_tag(tag)]
    body = " ".join(word for word in words if word)
    for kind in spelling.ORDER:
        value = None if kind == "on_completion" else getattr(fields, kind)
        spoken = dialect
        if value is None or value == ():
            continue
        if isinstance(value, date):
            value = value.isoformat()
        elif kind == "depends":
            value = ",".join(value)
        elif kind == "repeat":
            value, spoken = _rule_words(value, dialect)
        body += (spelling.separator(spoken) if body else "") + spelling.spell(kind, value, spoken)
    return f"{body} ^{fields.block_id}" if fields.block_id else body


# -- the few ways in which a line is changed ---------------------------------------------------


def without(body: str, kinds: Iterable[Kind]) -> str:
    """`body` without any field of these kinds; values that cannot be read stay."""
    for kind in kinds:
        body = _without(body, kind)
    return body


def _one_line(text: str) -> str:
    return re.sub(r"[\r\n]+", " ", text).strip()


def _tokens(found: Scan, kind: Kind, bad: bool = False) -> list[Token]:
    return [token for token in found.tokens if token.kind == kind and (bad or not token.bad)]


def _dialect(found: Scan, default: Dialect) -> Dialect:
    spoken = [t.dialect for t in found.tokens if t.dialect and not t.bad and t.kind != "owner"]
    return spoken[-1] if spoken else default


def _with_field(body: str, kind: Kind, value: str | None, default: Dialect) -> str:
    if value is None:
        return _without(body, kind)
    found = scan_fully(body)
    if tokens := _tokens(found, kind):
        return _revalue(body, tokens, value)
    if tokens := _tokens(found, kind, bad=True):
        mended = _revalue(body, tokens, value)
        if _is_all_new(found, scan_fully(mended), kind):
            return mended
        default = tokens[0].dialect or default
        while tokens and (left := _cut(body, tokens[-1])) is not None:
            body = left
            tokens = _tokens(scan_fully(body), kind, bad=True)
        found = scan_fully(body)
    return _insert(body, found, kind, value, _dialect(found, default))


def _is_all_new(before: Scan, after: Scan, kind: Kind) -> bool:
    """Whether each bad value of a field is a good one now, and all else is as it was.

    Brackets in a bad value may have kept others from being a pair: `(mood:: [due:: 2(026])`.
    """
    rest = [token for token in after.tokens if token.kind != kind]
    same = meaning(rest, after.block_id) == meaning(before.tokens, before.block_id)
    return same and len(_tokens(after, kind)) == len(_tokens(before, kind, bad=True))


def _revalue(body: str, tokens: list[Token], value: str) -> str:
    for token in reversed(tokens):
        written = value
        if token.kind == "priority" and token.dialect is Dialect.PLAIN:
            written = spelling.PRIORITY_LETTER[Priority(value)]
        elif token.kind == "priority" and token.dialect is Dialect.EMOJI:
            written = spelling.PRIORITY_SIGN[Priority(value)]
        body = body[: token.value_start] + written + body[token.value_end :]
    return body


def _append(body: str, found: Scan, kind: Kind, value: str, dialect: Dialect) -> str:
    blanks = spelling.separator(dialect) if found.end else ""
    return body[: found.end] + blanks + spelling.spell(kind, value, dialect) + body[found.end :]


def _trailing(body: str, found: Scan, dialect: Dialect | None) -> list[Token]:
    """The fields and tags at the line's end, in order: of `dialect`, or (None) of any."""
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
    """Adds a field at its place in Obsidian's order, among those at the line's end."""
    rank = spelling.RANK[kind]
    for token in _trailing(body, found, dialect):
        apart = token.start == 0 or body[token.start - 1].isspace()
        if apart and token.dialect is not None and spelling.RANK[token.kind] > rank:
            blanks = spelling.separator(dialect)
            return _insert_before(body, token.start, spelling.spell(kind, value, dialect), blanks)
    return _append(body, found, kind, value, dialect)


def _insert_words(body: str, words: str, *, text: bool = False) -> str:
    """Adds text, an owner or a tag before the fields at the line's end (text before tags)."""
    found = scan_fully(body)
    for token in _trailing(body, found, None):
        if token.dialect is not None or text:
            return _insert_before(body, token.start, words, " ")
    return body[: found.end] + (" " if found.end else "") + words + body[found.end :]


def _insert_before(body: str, at: int, words: str, blanks: str) -> str:
    before = blanks if at and not body[at - 1].isspace() else ""
    return body[:at] + before + words + blanks + body[at:]


def _without(body: str, kind: Kind) -> str:
    left: str | None = body
    while left is not None and (tokens := _tokens(scan_fully(left), kind)):
        left = _cut(left, tokens[-1])
    return body if left is None else left


def _cut(body: str, token: Token) -> str | None:
    blanks = len(spelling.separator(token.dialect or Dialect.PLAIN))
    return cut(body, (token.start, token.end), blanks)


def _stretches(body: str, found: Scan) -> list[tuple[int, int]]:
    """Where the words of the text stand, without the blanks around them."""
    edges = [0]
    for token in kept(found):
        edges += [token.start, token.end]
    edges.append(found.end)
    stretches: list[tuple[int, int]] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        words = body[start:end].strip()
        if words:
            at = body.index(words, start)
            stretches.append((at, at + len(words)))
    return stretches
