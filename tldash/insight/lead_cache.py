"""Answers about a lead, kept as long as the very same lead is asked about.

A change to a file makes one lead anew and leaves the others the very same objects. A dashboard that
asks the same of all of them at every change, and again when a mark fades, has most answers already.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar, TypeVarTuple

from tldash.model.records import Lead

MAX_LEADS: Final = 20_000
"""Leads that an answer is kept for at most; those first asked about are let go."""

_About = TypeVarTuple("_About")
_Answer = TypeVar("_Answer")


class LeadCache(Generic[*_About, _Answer]):
    """A pure question about a lead, and some arguments, with the last answer for each lead.

    The lead is compared by identity, the arguments by equality; another of either asks again.
    """

    def __init__(self, ask: Callable[[Lead, *_About], _Answer]) -> None:
        self._ask = ask
        self._known: dict[str, tuple[Lead, tuple[*_About], _Answer]] = {}

    def __call__(self, lead: Lead, *about: *_About) -> _Answer:
        known = self._known.get(lead.id)
        if known is not None and known[0] is lead and known[1] == about:
            return known[2]
        answer = self._ask(lead, *about)
        if known is None and len(self._known) >= MAX_LEADS:
            del self._known[next(iter(self._known))]
        self._known[lead.id] = lead, about, answer
        return answer
