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

from tldash.insight.actions import count_actions
from tldash.insight.attention import (
    AttentionCode,
    find_attention_reasons,
    is_pressing,
    sort_by_urgency,
)
from tldash.insight.lead_cache import LeadCache
from tldash.insight.lead_filter import fold_text, matches, parse_filter
from tldash.insight.schedule import find_last_session, find_next_session
from tldash.model.dates import to_local
from tldash.model.frozen import frozen
from tldash.model.records import Lead

GROUPING_THRESHOLD: Final = 40
"""Leads beyond which a list is read by group: so many do not fit on any screen."""
FINE_GROUP: Final = "fine"
NEEDS_GROUP: Final = "needs you"
NO_COACH_GROUP: Final = "no coach"


class SortOrder(StrEnum):
    """What leads are sorted by."""

    NEED = "need"
    NAME = "name"
    NEXT = "next session"
    LAST = "last session"
    OVERDUE = "overdue"


class Grouping(StrEnum):
    """What leads are grouped by."""

    NONE = "nothing"
    COACH = "coach"
    NEED = "need"


@frozen
class View:
    """Which leads to list, and how."""

    filter: str = ""
    sort: SortOrder = SortOrder.NEED
    group: Grouping | None = None
    """None groups many leads of several coaches, and no others."""


@frozen
class LeadGroup:
    """Leads under a heading."""

    key: str
    """What it is, whatever is in it."""
    name: str
    leads: tuple[Lead, ...]
    needing: int
    """How many of them need attention."""
    overdue: int
    """Their overdue actions."""
    reasons: tuple[tuple[AttentionCode, int], ...]
    """Why those need attention, and how many for each reason, the most frequent first."""


@frozen
class Arrangement:
    """What is listed."""

    view: View
    grouping: Grouping
    """What it is grouped by in the end."""
    groups: tuple[LeadGroup, ...]
    """In order; one without a name where nothing is grouped, none where nothing is left."""
    shown: int
    """Leads that are listed."""
    total: int
    """Leads there are, whether listed or not."""
    warning: str = ""
    """What is wrong with the filter."""

    @property
    def needing(self) -> int:
        """How many of those need attention."""
        return sum(group.needing for group in self.groups)

    @property
    def reasons(self) -> tuple[tuple[AttentionCode, int], ...]:
        """Why those do, the most frequent reason first."""
        total: Counter[AttentionCode] = Counter()
        for group in self.groups:
            total.update(dict(group.reasons))
        return _ranked(total)


@frozen
class FoldState:
    """Which groups are folded: those for which there is no room, but for what was done by hand."""

    all_folded: bool | None = None
    """All of them or none; None where nobody said so."""
    toggled: frozenset[str] = frozenset()
    """The keys of those that are not as the rest."""

    def is_folded(self, group: LeadGroup, plan: Arrangement) -> bool:
        """Whether a group is its heading only."""
        return self._usual(group, plan) != (group.key in self.toggled)

    def _usual(self, group: LeadGroup, plan: Arrangement) -> bool:
        if plan.grouping is Grouping.NONE:
            return False
        if self.all_folded is not None:
            return self.all_folded
        crowded = plan.shown > GROUPING_THRESHOLD and len(plan.groups) > 1
        return crowded and (plan.grouping is Grouping.COACH or group.name == FINE_GROUP)

    def toggle(self, group: LeadGroup) -> FoldState:
        """With that group folded or unfolded."""
        return FoldState(self.all_folded, self.toggled ^ {group.key})

    def toggle_all(self, plan: Arrangement) -> FoldState:
        """With every group unfolded, or folded where that is so already."""
        return FoldState(not any(self.is_folded(group, plan) for group in plan.groups))


def arrange_leads(
    leads: Sequence[Lead], view: View, now: datetime, news: Collection[str] = ()
) -> Arrangement:
    """Filter, sort and group; `news` are the ids of leads for whom others did something."""
    query = parse_filter(view.filter)
    wanted = (
        [lead for lead in leads if matches(query, lead, now, lead.id in news)] if query else leads
    )
    parting = view.group or _fitting(leads)
    groups = _parted(_sorted(wanted, view.sort, now), parting, view.sort, now)
    return Arrangement(view, parting, groups, len(wanted), len(leads), query.warning)


def iter_rows(plan: Arrangement, folds: FoldState) -> Iterator[LeadGroup | Lead]:
    """What stands in the list, one below the other: headings, and the leads of what is open."""
    for group in plan.groups:
        if plan.grouping is not Grouping.NONE:
            yield group
        if not folds.is_folded(group, plan):
            yield from group.leads


def _fitting(leads: Sequence[Lead]) -> Grouping:
    """How a list is read at once: many leads by coach, where there are several."""
    several = len(leads) > GROUPING_THRESHOLD and len({_coach(lead) for lead in leads}) > 1
    return Grouping.COACH if several else Grouping.NONE


def _sorted(leads: Iterable[Lead], by: SortOrder, now: datetime) -> tuple[Lead, ...]:
    if by is SortOrder.NEED:
        return sort_by_urgency(tuple(leads), now)
    if by is SortOrder.NEXT:
        return tuple(sorted(leads, key=lambda lead: (_next(lead, now), *_name(lead))))
    if by is SortOrder.LAST:
        return tuple(sorted(leads, key=lambda lead: (_last(lead, now), *_name(lead))))
    if by is SortOrder.OVERDUE:
        return tuple(sorted(leads, key=lambda lead: (_late(lead, now), *_name(lead))))
    return tuple(sorted(leads, key=_name))


def _name(lead: Lead) -> tuple[str, str]:
    return lead.name.casefold(), lead.id


def _late(lead: Lead, now: datetime) -> tuple[int, int]:
    opened, late = count_actions((lead,), now.date())
    return -late, -opened


def _find_next(lead: Lead, now: datetime) -> tuple[date, time]:
    at = find_next_session(lead, now).at
    if at is None:
        return date.max, time.max
    here = to_local(at, now)
    return here.day, here.time or time.max


def _find_last(lead: Lead, now: datetime) -> date:
    found = find_last_session(lead, now)
    return to_local(found.at, now).day if found else date.max


_next = LeadCache(_find_next)
_last = LeadCache(_find_last)


def _coach(lead: Lead) -> str:
    """A coach is one whatever the capitals and blanks."""
    return _one_of(lead.coach or "")


@lru_cache(maxsize=4096)
def _one_of(name: str) -> str:
    return " ".join(fold_text(name).split())


def _spelled(leads: Iterable[Lead]) -> str:
    """The name of their coach; the same one in any order, where it is spelled in several ways."""
    return min(" ".join((lead.coach or "").split()) for lead in leads)


def _parted(
    leads: tuple[Lead, ...], parting: Grouping, sort: SortOrder, now: datetime
) -> tuple[LeadGroup, ...]:
    if not leads:
        return ()
    if parting is Grouping.NONE:
        return (_made("", "", leads, now),)
    parts: dict[str, list[Lead]] = {}
    if parting is Grouping.NEED:
        parts = {NEEDS_GROUP: [], FINE_GROUP: []}
        for lead in leads:
            parts[
                NEEDS_GROUP if is_pressing(find_attention_reasons(lead, now)) else FINE_GROUP
            ].append(lead)
        return tuple(_made(name, name, tuple(part), now) for name, part in parts.items() if part)
    for lead in leads:
        parts.setdefault(_coach(lead), []).append(lead)
    groups = [
        _made(f"coach {coach}", _spelled(part) or NO_COACH_GROUP, tuple(part), now)
        for coach, part in parts.items()
    ]
    return tuple(_in_order(groups, sort))


def _in_order(groups: list[LeadGroup], sort: SortOrder) -> list[LeadGroup]:
    """Groups in the order that their leads are in; by day it is that of the first of each."""
    if sort is SortOrder.NEED:
        return sorted(groups, key=lambda group: (-group.needing, -group.overdue, group.key))
    if sort is SortOrder.OVERDUE:
        return sorted(groups, key=lambda group: (-group.overdue, -group.needing, group.key))
    if sort is SortOrder.NAME:
        return sorted(groups, key=lambda group: (group.name == NO_COACH_GROUP, group.key))
    return groups


def _made(key: str, name: str, leads: tuple[Lead, ...], now: datetime) -> LeadGroup:
    why: Counter[AttentionCode] = Counter()
    needing = 0
    for lead in leads:
        reasons = find_attention_reasons(lead, now)
        if is_pressing(reasons):
            needing += 1
            why.update(reason.code for reason in reasons)
    return LeadGroup(key, name, leads, needing, count_actions(leads, now.date())[1], _ranked(why))


def _ranked(why: Counter[AttentionCode]) -> tuple[tuple[AttentionCode, int], ...]:
    urgency = list(AttentionCode)
    return tuple(sorted(why.items(), key=lambda one: (-one[1], urgency.index(one[0]))))
