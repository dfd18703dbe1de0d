"""Parse and apply the filter of the overview, such as `needs overdue coach:mira`.

The list is filtered at each keystroke, so every prefix of a filter is valid: unknown words are
searched as text, and flags can be found as text too. `nee` keeps all leads that `needs` keeps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from tldash.insight.actions import count_actions
from tldash.insight.attention import find_attention_reasons, is_pressing
from tldash.insight.lead_cache import LeadCache
from tldash.insight.phase import is_active
from tldash.insight.schedule import NextState, find_next_session
from tldash.model.frozen import frozen
from tldash.model.patterns import compile_pattern
from tldash.model.records import Lead
from tldash.model.spelling import fold_accents, suggest_spelling


class Flag(StrEnum):
    """A word of a filter that selects leads by their state."""

    NEEDS = "needs"
    """The lead needs attention. The row has a `!`."""
    OVERDUE = "overdue"
    """An action is overdue."""
    NO_PLAN = "noplan"
    """No session is planned, and coaching is neither paused nor ended."""
    NEW = "new"
    """Others changed something since the viewer last looked."""
    PAUSED = "paused"
    """Coaching is paused or ended."""


NO_COACH_VALUE: Final = "none"
"""`coach:none` selects the leads without a coach."""

_FIELDS: Final[dict[str, Callable[[Lead], str]]] = {
    "coach": lambda lead: lead.coach or NO_COACH_VALUE,
    "cadence": lambda lead: lead.cadence_name,
}
FILTER_KEYS: Final = tuple(_FIELDS)
"""Keys before a colon."""
_KEYED: Final = compile_pattern(r"([^\W\d_]+):(.*)", re.DOTALL)


@frozen
class LeadFilter:
    """A parsed filter. A lead matches if all parts match."""

    texts: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    """Pairs of a key and a part of its value."""
    warning: str = ""
    """Message about an unknown key."""

    def __bool__(self) -> bool:
        return bool(self.texts or self.flags or self.fields)

    def __str__(self) -> str:
        """Return the filter as text that parses to the same filter."""
        return " ".join([*self.texts, *self.flags, *(f"{key}:{of}" for key, of in self.fields)])


@lru_cache(maxsize=16)
def parse_filter(text: str) -> LeadFilter:
    """Parse a filter. Never raises: unknown words are searched as text."""
    texts: dict[str, None] = {}
    flags: dict[Flag, None] = {}
    keyed: dict[tuple[str, str], None] = {}
    warning = ""
    for word in fold_accents(text).split():
        found = _KEYED.fullmatch(word)
        if word in list(Flag):
            flags[Flag(word)] = None
        elif found and found[1] in FILTER_KEYS:
            keyed[found[1], found[2]] = None
        else:
            texts[word] = None
            if found and not warning:
                warning = _describe_unknown(found[1])
    return LeadFilter(tuple(texts), tuple(flags), tuple(keyed), warning)


def _describe_unknown(key: str) -> str:
    meant = suggest_spelling(key, [*FILTER_KEYS, *Flag])
    hint = f"use {' or '.join(f'{name}:' for name in FILTER_KEYS)}"
    if meant is not None:
        hint = f"did you mean {meant}{':' if meant in FILTER_KEYS else ''}?"
    return f"unknown key '{key}'; {hint}"


def find_flags(lead: Lead, now: datetime) -> frozenset[Flag]:
    """Return the flags of a lead, except `new`, which does not follow from files. Cached."""
    return _flags_cached(lead, now)


def _flags(lead: Lead, now: datetime) -> frozenset[Flag]:
    paused = not is_active(lead)
    holds = {
        Flag.NEEDS: is_pressing(find_attention_reasons(lead, now)),
        Flag.OVERDUE: count_actions((lead,), now.date())[1] > 0,
        Flag.NO_PLAN: not paused and find_next_session(lead, now).state is not NextState.PLANNED,
        Flag.PAUSED: paused,
    }
    return frozenset(flag for flag, true in holds.items() if true)


_flags_cached = LeadCache(_flags)


def _text(lead: Lead, now: datetime) -> str:
    """Return the text that is searched. Words never match across its line ends."""
    reasons = (reason.message for reason in find_attention_reasons(lead, now))
    values = (lead.name, lead.id, lead.coach or "", lead.cadence_name, lead.status or "")
    return fold_accents("\n".join([*values, *reasons, *sorted(find_flags(lead, now))]))


_text_cached = LeadCache(_text)


def warm_cache(leads: Iterable[Lead], now: datetime) -> None:
    """Build the searched text of all leads, so that the first keystroke is fast."""
    for lead in leads:
        _text_cached(lead, now)


def matches(
    query: LeadFilter,
    lead: Lead,
    now: datetime,
    is_new: bool = False,
    is_needed: bool | None = None,
) -> bool:
    """Return whether a lead matches a filter. `is_new` is the value of its `new` flag.

    `is_needed` is whether it needs the viewer; None if it only matters whether it needs attention.
    """
    if query.flags:
        known = find_flags(lead, now)
        if is_needed is not None:
            known = known | {Flag.NEEDS} if is_needed else known - {Flag.NEEDS}
        if not all(is_new if flag is Flag.NEW else flag in known for flag in query.flags):
            return False
    if not all(part in fold_accents(_FIELDS[key](lead)) for key, part in query.fields):
        return False
    if not query.texts:
        return True
    searched = _text_cached(lead, now)
    return all(text in searched or (is_new and text in str(Flag.NEW)) for text in query.texts)
