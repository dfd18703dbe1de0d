"""Which leads are meant by a line of words.

The words are those that one can read on the screen, and a few that stand for what one would have to
count: `needs overdue coach:mira`. Everything typed means something at every letter, because a list
narrows while one types: what is not known as a word of ours is looked for as text, and every word
of ours is text too, so that `nee` leaves those in that `needs` will.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from tldash.insight.actions import count_actions
from tldash.insight.attention import PAUSED_STATUSES, find_attention_reasons, is_pressing
from tldash.insight.lead_cache import LeadCache
from tldash.insight.schedule import NextState, find_next_session
from tldash.model.frozen import frozen
from tldash.model.records import Lead
from tldash.model.spelling import suggest_spelling


class Flag(StrEnum):
    """A word that stands for a state of a lead."""

    NEEDS = "needs"
    """The lead needs the coach: the row has a `!`."""
    OVERDUE = "overdue"
    """An action is late."""
    NO_PLAN = "noplan"
    """No session lies ahead, and coaching is neither paused nor over."""
    NEW = "new"
    """Others did something since the viewer last looked."""
    PAUSED = "paused"
    """Coaching is paused or over."""


NO_COACH_VALUE: Final = "none"
"""`coach:none` are the leads without a coach."""

_OF: Final[dict[str, Callable[[Lead], str]]] = {
    "coach": lambda lead: lead.coach or NO_COACH_VALUE,
    "cadence": lambda lead: lead.cadence_name,
}
FILTER_KEYS: Final = tuple(_OF)
"""What may stand before a colon."""
_KEYED: Final = re.compile(r"([^\W\d_]+):(.*)", re.DOTALL)


@frozen
class LeadFilter:
    """What is wanted; all of it must hold."""

    texts: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    """A key, and what its value has in it."""
    warning: str = ""
    """A word that looks like one of ours and is none, in a sentence."""

    def __bool__(self) -> bool:
        return bool(self.texts or self.flags or self.fields)

    def __str__(self) -> str:
        """The words that mean the same again."""
        return " ".join([*self.texts, *self.flags, *(f"{key}:{of}" for key, of in self.fields)])


@lru_cache(maxsize=16)
def parse_filter(text: str) -> LeadFilter:
    """What a line of words means. Never raises; a word that nobody knows is text."""
    texts: dict[str, None] = {}
    flags: dict[Flag, None] = {}
    keyed: dict[tuple[str, str], None] = {}
    trouble = ""
    for word in fold_text(text).split():
        found = _KEYED.fullmatch(word)
        if word in list(Flag):
            flags[Flag(word)] = None
        elif found and found[1] in FILTER_KEYS:
            keyed[found[1], found[2]] = None
        else:
            texts[word] = None
            if found and not trouble:
                trouble = _unknown(found[1])
    return LeadFilter(tuple(texts), tuple(flags), tuple(keyed), trouble)


def _unknown(key: str) -> str:
    meant = suggest_spelling(key, [*FILTER_KEYS, *Flag])
    known = " and ".join(f"{name}:" for name in FILTER_KEYS)
    hint = f"known are {known}"
    if meant is not None:
        hint = f"did you mean {meant}{':' if meant in FILTER_KEYS else ''}?"
    return f"{key}: means nothing here; {hint}"


def fold_text(text: str) -> str:
    """As it is compared: capitals and the way in which accents are written do not matter."""
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", decomposed.casefold()))


def find_flags(lead: Lead, now: datetime) -> frozenset[Flag]:
    """The words that hold for a lead, but `new`, which no file tells. The last answer is kept."""
    return _flags(lead, now)


def _find_flags(lead: Lead, now: datetime) -> frozenset[Flag]:
    paused = (lead.status or "").strip().lower() in PAUSED_STATUSES
    holds = {
        Flag.NEEDS: is_pressing(find_attention_reasons(lead, now)),
        Flag.OVERDUE: count_actions((lead,), now.date())[1] > 0,
        Flag.NO_PLAN: not paused and find_next_session(lead, now).state is not NextState.PLANNED,
        Flag.PAUSED: paused,
    }
    return frozenset(flag for flag, true in holds.items() if true)


_flags = LeadCache(_find_flags)


def _find_texts(lead: Lead, now: datetime) -> str:
    """What text is looked for in; a typed word never has a line end in it."""
    reasons = (reason.message for reason in find_attention_reasons(lead, now))
    places = (lead.name, lead.id, lead.coach or "", lead.cadence_name, lead.status or "")
    return fold_text("\n".join([*places, *reasons, *sorted(find_flags(lead, now))]))


_texts = LeadCache(_find_texts)


def warm_cache(leads: Iterable[Lead], now: datetime) -> None:
    """Make what words are looked for in, so that the first letter need not wait for it."""
    for lead in leads:
        _texts(lead, now)


def matches(query: LeadFilter, lead: Lead, now: datetime, is_new: bool = False) -> bool:
    """Whether a lead is among those wanted; `is_new` where others did something there."""
    if query.flags:
        known = find_flags(lead, now)
        if not all(is_new if flag is Flag.NEW else flag in known for flag in query.flags):
            return False
    if not all(of in fold_text(_OF[key](lead)) for key, of in query.fields):
        return False
    if not query.texts:
        return True
    places = _texts(lead, now)
    return all(text in places or (is_new and text in str(Flag.NEW)) for text in query.texts)
