"""The next occurrence of a recurring action, as a new line.

The result is the same as in Obsidian Tasks (`Task.createNextOccurrence`, `Occurrence` and
`Recurrence` in its sources), so it does not matter which of the two programs ticks an action.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from tldash.formats.tasks.cut import first_equivalent, metadata_of
from tldash.formats.tasks.edit import remove_fields
from tldash.formats.tasks.recurrence import OBSIDIAN_HINT, InvalidRule, parse_rule
from tldash.formats.tasks.scan import scan
from tldash.formats.tasks.values import Scan
from tldash.formats.tasks.vocabulary import Kind

_SHIFTED = ("due", "scheduled", "start")
"""Dates that move together. The rule counts from the first of them that the line has."""
_LEFT_OUT: Final[tuple[Kind, ...]] = ("done", "cancelled", "id", "depends")
_ORDER_HINT: Final = "write all fields after the text"


def next_line(body: str, on: date) -> str | InvalidRule | None:
    """Return the body of the line for the next occurrence of an action that is done on `on`.

    Completion fields, id, dependencies and block id are left out. Due, scheduled and start date
    move by the same number of days; a line without any of them comes again unchanged. A created
    date becomes `on`, since the line is written on that day; a line without one gets none (a
    setting in Obsidian).

    Returns None if there is no rule, or if it has ended. Returns `InvalidRule` if the rule or its
    next day is invalid, or if a field cannot be left out without changing another one.
    """
    found = scan(body)
    text = next((t.value for t in found.tokens if t.kind == "repeat" and not t.bad), None)
    if text is None:
        return None
    rule = parse_rule(text)
    if isinstance(rule, InvalidRule):
        return rule
    dates = _dates(found)
    reference = next((dates[kind] for kind in _SHIFTED if kind in dates), None)
    following = rule.after(on if rule.from_completion or reference is None else reference)
    if following is None:
        if rule.until is not None or rule.times is not None:
            return None
        return InvalidRule(f"'{text}' never falls on a day", OBSIDIAN_HINT)
    try:
        shifted = _shift(body, found, following - (reference or following), on)
    except OverflowError:
        return InvalidRule(f"'{text}' leads past the year 9999", OBSIDIAN_HINT)
    bare = _clean(shifted)
    return bare or InvalidRule("the new line would have other fields", _ORDER_HINT)


def _clean(body: str) -> str | None:
    """Remove the fields of a single occurrence; return None if other fields would change."""
    bare = remove_fields(_remove_block_id(body), _LEFT_OUT)
    meant = [token for token in scan(body).tokens if token.kind not in _LEFT_OUT]
    left = scan(bare)
    same = metadata_of(left.tokens, left.block_id) == metadata_of(meant, None)
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


def _remove_block_id(body: str) -> str:
    found = scan(body)
    if found.block_id is None:
        return body
    caret = body.index("^", found.end)
    bare = body[: found.end] + body[caret + 1 + len(found.block_id) :]
    return first_equivalent(body, [bare], metadata_of(found.tokens, None)) or bare
