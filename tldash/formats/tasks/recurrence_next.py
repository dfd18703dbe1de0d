"""The next occurrence of a repeating action, as a line of its own.

Follows what Obsidian Tasks does when a repeating task is done (its `Task.createNextOccurrence`,
`Occurrence` and `Recurrence`), so that it does not matter which of the two programs ticked it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from tldash.formats.tasks import recurrence_rules
from tldash.formats.tasks.cut import first_right, meaning
from tldash.formats.tasks.edit import without
from tldash.formats.tasks.recurrence_rules import Unreadable
from tldash.formats.tasks.scan import scan_fully
from tldash.formats.tasks.values import Scan
from tldash.formats.tasks.vocabulary import Kind

__all__ = ["Unreadable", "next_body"]

_SHIFTED = ("due", "scheduled", "start")
"""The dates that move on together; the first that the line has is the one the rule counts from."""
_LEFT_BEHIND: Final[tuple[Kind, ...]] = ("done", "cancelled", "id", "depends")
_ORDER_HINT: Final = "write all fields behind the words"


def next_body(body: str, on: date) -> str | Unreadable | None:
    """The body of the line that follows when the action `body` is done on the day `on`.

    Completion fields, id, dependencies and block id stay behind. Due, scheduled and start date
    keep their distance from each other; without any, the same line comes again. A created date
    becomes `on`, since it says when a line was written; a line without one gets none (Obsidian
    leaves that to a setting).

    None where nothing follows: no rule, or one that has ended. `Unreadable` where the rule, or the
    day it leads to, makes no sense, and where what stays behind cannot go without a change to
    another field.
    """
    found = scan_fully(body)
    text = next((t.value for t in found.tokens if t.kind == "repeat" and not t.bad), None)
    if text is None:
        return None
    rule = recurrence_rules.read_rule(text)
    if isinstance(rule, Unreadable):
        return rule
    dates = _dates(found)
    reference = next((dates[kind] for kind in _SHIFTED if kind in dates), None)
    following = rule.after(on if rule.from_completion or reference is None else reference)
    if following is None:
        if rule.until is not None or rule.times is not None:
            return None
        return Unreadable(f"'{text}' names a day that never comes", recurrence_rules.LONG_HINT)
    try:
        shifted = _shift(body, found, following - (reference or following), on)
    except OverflowError:
        return Unreadable(f"'{text}' leads beyond the calendar", recurrence_rules.LONG_HINT)
    bare = _without_its_own(shifted)
    return bare or Unreadable("the rest would read differently in a line of its own", _ORDER_HINT)


def _without_its_own(body: str) -> str | None:
    """`body` without what belongs to one occurrence only; None where more would change."""
    bare = without(_without_block_id(body), _LEFT_BEHIND)
    meant = [token for token in scan_fully(body).tokens if token.kind not in _LEFT_BEHIND]
    left = scan_fully(bare)
    same = meaning(left.tokens, left.block_id) == meaning(meant, None)
    return bare if same else None


def _dates(found: Scan) -> dict[str, date]:
    dates: dict[str, date] = {}
    for token in found.tokens:
        if token.kind in _SHIFTED and not token.bad:
            dates.setdefault(token.kind, token.value)
    return dates


def _shift(body: str, found: Scan, distance: timedelta, on: date) -> str:
    for token in reversed(found.tokens):
        if token.bad or token.kind not in (*_SHIFTED, "created"):
            continue
        day = on if token.kind == "created" else token.value + distance
        body = body[: token.value_start] + day.isoformat() + body[token.value_end :]
    return body


def _without_block_id(body: str) -> str:
    found = scan_fully(body)
    if found.block_id is None:
        return body
    caret = body.index("^", found.end)
    bare = body[: found.end] + body[caret + 1 + len(found.block_id) :]
    return first_right(body, [bare], meaning(found.tokens, None)) or bare
