"""From the leads of a folder to what an overview lists: filtered, sorted, in groups, or folded.

Pure, so that a screen only draws. What it costs is paid once for each lead and not at each letter:
every question about a lead is one whose last answer is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import Final

from tldash.insight.actions import numbers
from tldash.insight.attention import Reason, attention, by_need, is_pressing
from tldash.insight.filters import folded, matches, parse
from tldash.insight.memo import PerLead
from tldash.insight.schedule import last_held, upcoming
from tldash.model.dates import local
from tldash.model.frozen import frozen
from tldash.model.records import Lead

MANY: Final = 40
"""Leads beyond which a list is read by group: so many do not fit on any screen."""
FINE: Final = "fine"
NEEDS: Final = "needs you"
NO_COACH: Final = "no coach"


class Sorting(StrEnum):
    """What leads are sorted by."""

    NEED = "need"
    NAME = "name"
    NEXT = "next session"
    LAST = "last session"
    LATE = "overdue"


class Parting(StrEnum):
    """What leads are grouped by."""

    NONE = "nothing"
    COACH = "coach"
    NEED = "need"


@frozen
class View:
    """Which leads to list, and how."""

    filter: str = ""
    sort: Sorting = Sorting.NEED
    group: Parting | None = None
    """None groups many leads of several coaches, and no others."""


@frozen
class Group:
    """Leads under a heading."""

    key: str
    """What it is, whatever is in it."""
    name: str
    leads: tuple[Lead, ...]
    needing: int
    """How many of them need attention."""
    late: int
    """Their overdue actions."""
    why: tuple[tuple[Reason, int], ...]
    """Why those need attention, and how many for each reason, the most frequent first."""


@frozen
class Plan:
    """What is listed."""

    view: View
    parting: Parting
    """What it is grouped by in the end."""
    groups: tuple[Group, ...]
    """In order; one without a name where nothing is grouped, none where nothing is left."""
    shown: int
    """Leads that are listed."""
    of: int
    """Leads there are, whether listed or not."""
    trouble: str = ""
    """What is wrong with the filter."""

    @property
    def needing(self) -> int:
        """How many of those need attention."""
        return sum(group.needing for group in self.groups)

    @property
    def why(self) -> tuple[tuple[Reason, int], ...]:
        """Why those do, the most frequent reason first."""
        total: Counter[Reason] = Counter()
        for group in self.groups:
            total.update(dict(group.why))
        return _ranked(total)


@frozen
class Folds:
    """Which groups are folded: those for which there is no room, but for what was done by hand."""

    every: bool | None = None
    """All of them or none; None where nobody said so."""
    turned: frozenset[str] = frozenset()
    """The keys of those that are not as the rest."""

    def folded(self, group: Group, plan: Plan) -> bool:
        """Whether a group is its heading only."""
        return self._usual(group, plan) != (group.key in self.turned)

    def _usual(self, group: Group, plan: Plan) -> bool:
        if plan.parting is Parting.NONE:
            return False
        if self.every is not None:
            return self.every
        crowded = plan.shown > MANY and len(plan.groups) > 1
        return crowded and (plan.parting is Parting.COACH or group.name == FINE)

    def turn(self, group: Group) -> Folds:
        """With that group folded or unfolded."""
        return Folds(self.every, self.turned ^ {group.key})

    def turn_all(self, plan: Plan) -> Folds:
        """With every group unfolded, or folded where that is so already."""
        return Folds(not any(self.folded(group, plan) for group in plan.groups))


def arrange(leads: Sequence[Lead], view: View, now: datetime, news: Collection[str] = ()) -> Plan:
    """Filter, sort and group; `news` are the ids of leads for whom others did something."""
    query = parse(view.filter)
    wanted = (
        [lead for lead in leads if matches(query, lead, now, lead.id in news)] if query else leads
    )
    parting = view.group or _fitting(leads)
    groups = _parted(_sorted(wanted, view.sort, now), parting, view.sort, now)
    return Plan(view, parting, groups, len(wanted), len(leads), query.trouble)


def lines(plan: Plan, folds: Folds) -> Iterator[Group | Lead]:
    """What stands in the list, one below the other: headings, and the leads of what is open."""
    for group in plan.groups:
        if plan.parting is not Parting.NONE:
            yield group
        if not folds.folded(group, plan):
            yield from group.leads


def _fitting(leads: Sequence[Lead]) -> Parting:
    """How a list is read at once: many leads by coach, where there are several."""
    several = len(leads) > MANY and len({_coach(lead) for lead in leads}) > 1
    return Parting.COACH if several else Parting.NONE


def _sorted(leads: Iterable[Lead], by: Sorting, now: datetime) -> tuple[Lead, ...]:
    if by is Sorting.NEED:
        return by_need(tuple(leads), now)
    if by is Sorting.NEXT:
        return tuple(sorted(leads, key=lambda lead: (_next(lead, now), *_name(lead))))
    if by is Sorting.LAST:
        return tuple(sorted(leads, key=lambda lead: (_last(lead, now), *_name(lead))))
    if by is Sorting.LATE:
        return tuple(sorted(leads, key=lambda lead: (_late(lead, now), *_name(lead))))
    return tuple(sorted(leads, key=_name))


def _name(lead: Lead) -> tuple[str, str]:
    return lead.name.casefold(), lead.id


def _late(lead: Lead, now: datetime) -> tuple[int, int]:
    opened, late = numbers((lead,), now.date())
    return -late, -opened


def _find_next(lead: Lead, now: datetime) -> tuple[date, time]:
    at = upcoming(lead, now).at
    if at is None:
        return date.max, time.max
    here = local(at, now)
    return here.day, here.time or time.max


def _find_last(lead: Lead, now: datetime) -> date:
    found = last_held(lead, now)
    return local(found.at, now).day if found else date.max


_next = PerLead(_find_next)
_last = PerLead(_find_last)


def _coach(lead: Lead) -> str:
    """A coach is one whatever the capitals and blanks."""
    return _one_of(lead.coach or "")


@lru_cache(maxsize=4096)
def _one_of(name: str) -> str:
    return " ".join(folded(name).split())


def _spelled(leads: Iterable[Lead]) -> str:
    """The name of their coach; the same one in any order, where it is spelled in several ways."""
    return min(" ".join((lead.coach or "").split()) for lead in leads)


def _parted(
    leads: tuple[Lead, ...], parting: Parting, sort: Sorting, now: datetime
) -> tuple[Group, ...]:
    if not leads:
        return ()
    if parting is Parting.NONE:
        return (_made("", "", leads, now),)
    parts: dict[str, list[Lead]] = {}
    if parting is Parting.NEED:
        parts = {NEEDS: [], FINE: []}
        for lead in leads:
            parts[NEEDS if is_pressing(attention(lead, now)) else FINE].append(lead)
        return tuple(_made(name, name, tuple(part), now) for name, part in parts.items() if part)
    for lead in leads:
        parts.setdefault(_coach(lead), []).append(lead)
    groups = [
        _made(f"coach {coach}", _spelled(part) or NO_COACH, tuple(part), now)
        for coach, part in parts.items()
    ]
    return tuple(_in_order(groups, sort))


def _in_order(groups: list[Group], sort: Sorting) -> list[Group]:
    """Groups in the order that their leads are in; by day it is that of the first of each."""
    if sort is Sorting.NEED:
        return sorted(groups, key=lambda group: (-group.needing, -group.late, group.key))
    if sort is Sorting.LATE:
        return sorted(groups, key=lambda group: (-group.late, -group.needing, group.key))
    if sort is Sorting.NAME:
        return sorted(groups, key=lambda group: (group.name == NO_COACH, group.key))
    return groups


def _made(key: str, name: str, leads: tuple[Lead, ...], now: datetime) -> Group:
    why: Counter[Reason] = Counter()
    needing = 0
    for lead in leads:
        reasons = attention(lead, now)
        if is_pressing(reasons):
            needing += 1
            why.update(reason.code for reason in reasons)
    return Group(key, name, leads, needing, numbers(leads, now.date())[1], _ranked(why))


def _ranked(why: Counter[Reason]) -> tuple[tuple[Reason, int], ...]:
    urgency = list(Reason)
    return tuple(sorted(why.items(), key=lambda one: (-one[1], urgency.index(one[0]))))
