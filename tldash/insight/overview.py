"""Filter, sort, group and fold the leads of the overview.

All values of a lead are cached (`LeadCache`), so typing a filter does not recompute them.
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
from tldash.insight.audience import ANYBODY, Audience
from tldash.insight.lead_cache import LeadCache
from tldash.insight.lead_filter import matches, parse_filter
from tldash.insight.people import ViewerRole
from tldash.insight.phase import find_phase, is_active, only_active
from tldash.insight.schedule import find_last_session, find_next_session
from tldash.model.dates import to_local
from tldash.model.frozen import frozen
from tldash.model.records import Lead
from tldash.model.spelling import fold_text

GROUPING_THRESHOLD: Final = 40
"""Number of leads from which the overview is grouped by default. More do not fit on a screen."""
FINE_GROUP: Final = "fine"
NEEDS_GROUP: Final = "needs you"
NEEDS_ATTENTION_GROUP: Final = "needs attention"
"""The same if it is not known who the viewer is."""
OTHERS_GROUP: Final = "other leads"
"""Leads who do not concern the viewer."""
NO_COACH_GROUP: Final = "no coach"


class SortOrder(StrEnum):
    """Order of the leads."""

    NEED = "need"
    NAME = "name"
    NEXT = "next session"
    LAST = "last session"
    OVERDUE = "overdue"


class Grouping(StrEnum):
    """Grouping of the leads."""

    NONE = "nothing"
    COACH = "coach"
    NEED = "need"


@frozen
class View:
    """A view of the overview: filter, order and grouping. Saved views store these."""

    filter: str = ""
    sort: SortOrder = SortOrder.NEED
    group: Grouping | None = None
    """None groups by coach if there are many leads of several coaches."""


@frozen
class LeadGroup:
    """A group of leads with a heading."""

    key: str
    """Identifies the group across updates."""
    name: str
    leads: tuple[Lead, ...]
    needing: int
    """Number of leads that need the viewer; if it is neutral, attention."""
    overdue: int
    """Number of overdue actions."""
    reasons: tuple[tuple[AttentionCode, int], ...]
    """Number of leads per reason, most frequent first."""
    neutral: bool = False
    """Whether none of the leads concerns the viewer."""
    aside: bool = False
    """Whether coaching of its leads is paused or has ended."""


@frozen
class Arrangement:
    """The leads of the overview, filtered, sorted and grouped."""

    view: View
    grouping: Grouping
    """The grouping in use, never None."""
    groups: tuple[LeadGroup, ...]
    """Without grouping a single group with an empty name. Empty if no lead matches."""
    shown: int
    """Number of leads that match the filter."""
    total: int
    """Number of all leads."""
    warning: str = ""
    """Message about the filter."""
    audience: Audience = ANYBODY
    """Who looks at them."""
    active: int = 0
    """Number of all leads whose coaching is neither paused nor ended."""
    concerned: int = 0
    """Number of those who concern the viewer."""

    @property
    def needing(self) -> int:
        """Number of shown leads that need the viewer; if nobody is addressed, attention."""
        return sum(group.needing for group in self.groups if self._is_told(group))

    @property
    def reasons(self) -> tuple[tuple[AttentionCode, int], ...]:
        """Number of these leads per reason, most frequent first."""
        total: Counter[AttentionCode] = Counter()
        for group in filter(self._is_told, self.groups):
            total.update(dict(group.reasons))
        return _rank(total)

    def _is_told(self, group: LeadGroup) -> bool:
        return not group.neutral or not self.audience.is_addressed


@frozen
class FoldState:
    """Folded groups: a default for all, and exceptions toggled by the user."""

    all_folded: bool | None = None
    """Default chosen by the user. None folds groups only if the list is crowded."""
    toggled: frozenset[str] = frozenset()
    """Keys of the groups that differ from the default."""

    def is_folded(self, group: LeadGroup, plan: Arrangement) -> bool:
        """Return whether only the heading of a group is shown."""
        return self._is_folded_by_default(group, plan) != (group.key in self.toggled)

    def _is_folded_by_default(self, group: LeadGroup, plan: Arrangement) -> bool:
        if plan.grouping is Grouping.NONE and not group.aside:
            return False
        if self.all_folded is not None:
            return self.all_folded
        if group.aside:
            return not plan.view.filter.strip() and len(plan.groups) > 1
        crowded = plan.shown > GROUPING_THRESHOLD and len(plan.groups) > 1
        return crowded and (plan.grouping is Grouping.COACH or group.name == FINE_GROUP)

    def toggle(self, group: LeadGroup) -> FoldState:
        """Return the state after folding or unfolding a group."""
        return FoldState(self.all_folded, self.toggled ^ {group.key})

    def toggle_all(self, plan: Arrangement) -> FoldState:
        """Return the state with all groups folded, or with none if any was."""
        return FoldState(not any(self.is_folded(group, plan) for group in plan.groups))


def arrange_leads(
    leads: Sequence[Lead],
    view: View,
    now: datetime,
    news: Collection[str] = (),
    audience: Audience = ANYBODY,
) -> Arrangement:
    """Filter, sort and group leads.

    Those who concern the viewer come first, and paused and ended ones in a group at the end.

    Args:
        leads: All leads.
        view: The view to apply.
        now: The current time.
        news: Ids of leads where others changed something.
        audience: Who looks at them.
    """
    query = parse_filter(view.filter)

    def is_wanted(lead: Lead) -> bool:
        needed = audience.is_needed(lead, find_attention_reasons(lead, now))
        return matches(query, lead, now, lead.id in news, needed)

    wanted = list(filter(is_wanted, leads)) if query else leads
    active = only_active(leads)
    grouping = view.group or _default_grouping(active)
    sorted_leads = _sort(wanted, view.sort, now)
    groups = _group(only_active(sorted_leads), grouping, view.sort, now, audience)
    if aside := tuple(lead for lead in sorted_leads if not is_active(lead)):
        phases = sorted({str(find_phase(lead)) for lead in aside}, reverse=True)
        groups = (*groups, LeadGroup("aside", " and ".join(phases), aside, 0, 0, (), aside=True))
    return Arrangement(
        view,
        grouping,
        groups,
        len(wanted),
        len(leads),
        query.warning,
        audience,
        len(active),
        sum(map(audience.concerns, active)),
    )


def iter_rows(plan: Arrangement, folds: FoldState) -> Iterator[LeadGroup | Lead]:
    """Yield the rows of the list: group headings, and the leads of unfolded groups."""
    for group in plan.groups:
        if group.name:
            yield group
        if not folds.is_folded(group, plan):
            yield from group.leads


def _default_grouping(leads: Sequence[Lead]) -> Grouping:
    several = len(leads) > GROUPING_THRESHOLD and len({_coach(lead) for lead in leads}) > 1
    return Grouping.COACH if several else Grouping.NONE


def _sort(leads: Iterable[Lead], by: SortOrder, now: datetime) -> tuple[Lead, ...]:
    if by is SortOrder.NEED:
        return sort_by_urgency(tuple(leads), now)
    if by is SortOrder.NEXT:
        return tuple(sorted(leads, key=lambda lead: (_next(lead, now), *_name(lead))))
    if by is SortOrder.LAST:
        return tuple(sorted(leads, key=lambda lead: (_last(lead, now), *_name(lead))))
    if by is SortOrder.OVERDUE:
        return tuple(sorted(leads, key=lambda lead: (_overdue_key(lead, now), *_name(lead))))
    return tuple(sorted(leads, key=_name))


def _name(lead: Lead) -> tuple[str, str]:
    return lead.name.casefold(), lead.id


def _overdue_key(lead: Lead, now: datetime) -> tuple[int, int]:
    opened, overdue = count_actions((lead,), now.date())
    return -overdue, -opened


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
    """Return the coach's name normalized, so that case and spacing do not split a group."""
    return _normalize(lead.coach or "")


@lru_cache(maxsize=4096)
def _normalize(name: str) -> str:
    return " ".join(fold_text(name).split())


def _coach_name(leads: Iterable[Lead]) -> str:
    """Return the coach's name as written. Of several spellings it is the first alphabetically."""
    return min(" ".join((lead.coach or "").split()) for lead in leads)


def _group(
    leads: Sequence[Lead], grouping: Grouping, sort: SortOrder, now: datetime, audience: Audience
) -> tuple[LeadGroup, ...]:
    if not leads:
        return ()
    if audience.viewer is not None:
        leads = sorted(leads, key=lambda lead: not audience.concerns(lead))
    if grouping is Grouping.NONE:
        return (_build_group("", "", leads, now, audience),)
    parts: dict[str, list[Lead]] = {}
    if grouping is Grouping.NEED:
        needs = NEEDS_GROUP if audience.is_addressed else NEEDS_ATTENTION_GROUP
        parts = {needs: [], FINE_GROUP: [], OTHERS_GROUP: []}
        for lead in leads:
            is_needed = audience.is_needed(lead, find_attention_reasons(lead, now))
            is_other = audience.viewer is not None and not audience.concerns(lead)
            parts[needs if is_needed else OTHERS_GROUP if is_other else FINE_GROUP].append(lead)
        return tuple(
            _build_group(name, name, part, now, audience) for name, part in parts.items() if part
        )
    for lead in leads:
        parts.setdefault(_coach(lead), []).append(lead)
    groups = []
    for coach, part in parts.items():
        you = " (you)" if audience.role(part[0]) is ViewerRole.COACH else ""
        name = f"{_coach_name(part)}{you}" if coach else NO_COACH_GROUP
        groups.append(_build_group(f"coach {coach}", name, part, now, audience))
    sorted_groups = _sort_groups(groups, sort)
    if audience.viewer is not None:
        sorted_groups.sort(key=lambda group: audience.role(group.leads[0]) is not ViewerRole.COACH)
    return tuple(sorted_groups)


def _sort_groups(groups: list[LeadGroup], sort: SortOrder) -> list[LeadGroup]:
    """Sort groups as their leads are sorted. For orders by day they already are."""
    if sort is SortOrder.NEED:
        return sorted(groups, key=lambda group: (-group.needing, -group.overdue, group.key))
    if sort is SortOrder.OVERDUE:
        return sorted(groups, key=lambda group: (-group.overdue, -group.needing, group.key))
    if sort is SortOrder.NAME:
        return sorted(groups, key=lambda group: (group.name == NO_COACH_GROUP, group.key))
    return groups


def _build_group(
    key: str, name: str, leads: Sequence[Lead], now: datetime, audience: Audience
) -> LeadGroup:
    neutral = not any(map(audience.concerns, leads))
    counts: Counter[AttentionCode] = Counter()
    needing = 0
    for lead in leads:
        reasons = find_attention_reasons(lead, now)
        if is_pressing(reasons) if neutral else audience.is_needed(lead, reasons):
            needing += 1
            counts.update(reason.code for reason in reasons)
    overdue = count_actions(leads, now.date())[1]
    return LeadGroup(key, name, tuple(leads), needing, overdue, _rank(counts), neutral)


def _rank(counts: Counter[AttentionCode]) -> tuple[tuple[AttentionCode, int], ...]:
    urgency = list(AttentionCode)
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], urgency.index(one[0]))))
