"""Find the leads that need attention, and the reasons, most urgent first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum

from tldash.insight.actions import find_carried_over, find_overdue
from tldash.insight.lead_cache import LeadCache
from tldash.insight.phase import is_active
from tldash.insight.schedule import (
    PAST_CADENCE_FACTOR,
    NextState,
    count_days_since_session,
    find_next_session,
)
from tldash.model.dates import format_moment, format_span, pluralize
from tldash.model.frozen import frozen
from tldash.model.records import Lead, SessionStatus, Severity


class AttentionCode(StrEnum):
    """Code of a reason, most urgent first. The values are part of the JSON output."""

    PAST_CADENCE = "past-cadence"
    NOT_WRITTEN_UP = "not-written-up"
    MISSED = "missed-session"
    NO_NEXT = "no-next-session"
    OVERDUE = "overdue-actions"
    CARRIED = "carried-over"
    PROBLEMS = "problems"


@frozen
class AttentionReason:
    """A reason why a lead needs attention, with a message for people."""

    code: AttentionCode
    message: str


_WEIGHT = {
    AttentionCode.PAST_CADENCE: 40,
    AttentionCode.NOT_WRITTEN_UP: 30,
    AttentionCode.MISSED: 30,
    AttentionCode.NO_NEXT: 25,
    AttentionCode.OVERDUE: 10,
    AttentionCode.CARRIED: 8,
    AttentionCode.PROBLEMS: 5,
}


def find_attention_reasons(lead: Lead, now: datetime) -> tuple[AttentionReason, ...]:
    """Return the reasons why a lead needs attention, most urgent first. Cached per lead.

    There are none while coaching is paused or ended.
    """
    return _find_cached(lead, now)


def _find(lead: Lead, now: datetime) -> tuple[AttentionReason, ...]:
    if not is_active(lead):
        return ()
    return (*_about_sessions(lead, now), *_about_files(lead, now))


_find_cached = LeadCache(_find)


def _about_sessions(lead: Lead, now: datetime) -> Iterator[AttentionReason]:
    if lead.is_rest:
        return
    next_one = find_next_session(lead, now)
    days = count_days_since_session(lead, now)
    if lead.cadence and days is not None and days > lead.cadence * PAST_CADENCE_FACTOR:
        yield AttentionReason(AttentionCode.PAST_CADENCE, f"past cadence ({format_span(days)})")
    if next_one.state is NextState.NOT_WRITTEN_UP:
        yield AttentionReason(AttentionCode.NOT_WRITTEN_UP, "session not written up")
    elif next_one.state is NextState.MISSING and next_one.at:
        when = format_moment(next_one.at, now)
        yield AttentionReason(
            AttentionCode.NOT_WRITTEN_UP, f"no notes on the session planned {when}"
        )
    if lead.sessions and lead.sessions[-1].status is SessionStatus.MISSED:
        yield AttentionReason(AttentionCode.MISSED, "missed the last session")
    if next_one.state is NextState.NONE:
        yield AttentionReason(AttentionCode.NO_NEXT, "no next session")


def _about_files(lead: Lead, now: datetime) -> Iterator[AttentionReason]:
    if overdue := len(find_overdue(lead, now.date())):
        yield AttentionReason(AttentionCode.OVERDUE, f"{overdue} overdue")
    if carried := len(find_carried_over(lead, now)):
        yield AttentionReason(
            AttentionCode.CARRIED, f"{pluralize(carried, 'action')} carried over 3 times"
        )
    if errors := sum(problem.severity is Severity.ERROR for problem in lead.problems):
        yield AttentionReason(
            AttentionCode.PROBLEMS, f"{pluralize(errors, 'problem')} in the files"
        )


def is_pressing(reasons: Sequence[AttentionReason]) -> bool:
    """Return whether the reasons weigh more than overdue actions, which the lead handles alone."""
    return sum(_WEIGHT[reason.code] for reason in reasons) > _WEIGHT[AttentionCode.OVERDUE]


def compute_urgency(lead: Lead, now: datetime) -> float:
    """Return the combined weight of a lead's reasons, or 0 without any."""
    total = 0.0
    for reason in find_attention_reasons(lead, now):
        total += _WEIGHT[reason.code]
    if lead.cadence and (days := count_days_since_session(lead, now)):
        total += min(days / lead.cadence, 10.0) if total else 0.0
    return total + min(len(find_overdue(lead, now.date())), 9) * 2


def sort_by_urgency(leads: tuple[Lead, ...], now: datetime) -> tuple[Lead, ...]:
    """Sort leads by urgency, then by next session, then by name; those who do not count last."""
    return tuple(sorted(leads, key=lambda lead: _key_cached(lead, now)))


def _key(lead: Lead, now: datetime) -> tuple[bool, float, str, str]:
    at = find_next_session(lead, now).at
    day = at.day.isoformat() if at else "9999"
    return not is_active(lead), -compute_urgency(lead, now), day, lead.name.casefold()


_key_cached = LeadCache(_key)
