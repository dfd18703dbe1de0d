"""Cache results per lead.

When a file changes, one lead is rebuilt and all others stay the same objects. The dashboard
computes the same values for every lead at each change, so nearly all of them are cached.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar, TypeVarTuple

from tldash.model.records import Lead

MAX_LEADS: Final = 20_000
"""Number of cached leads. Beyond it the oldest entry is evicted."""

_Args = TypeVarTuple("_Args")
_Result = TypeVar("_Result")


class LeadCache(Generic[*_Args, _Result]):
    """Wrap a pure function of a lead, and cache its latest result for each lead id.

    A result is reused for the same lead object and equal arguments.
    """

    def __init__(self, compute: Callable[[Lead, *_Args], _Result]) -> None:
        self._compute = compute
        self._entries: dict[str, tuple[Lead, tuple[*_Args], _Result]] = {}

    def __call__(self, lead: Lead, *args: *_Args) -> _Result:
        entry = self._entries.get(lead.id)
        if entry is not None and entry[0] is lead and entry[1] == args:
            return entry[2]
        result = self._compute(lead, *args)
        if entry is None and len(self._entries) >= MAX_LEADS:
            del self._entries[next(iter(self._entries))]
        self._entries[lead.id] = lead, args, result
        return result
