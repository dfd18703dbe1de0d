"""Who needs the coach, and why: the reasons in words, most pressing first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum

from tldash.insight.actions import carried, overdue
from tldash.insight.memo import PerLead
from tldash.insight.schedule import LATE, Standing, days_since, upcoming
from tldash.model.dates import count, say_moment, say_span
from tldash.model.frozen import frozen
from tldash.model.records import Lead, SessionStatus, Severity


class Reason(StrEnum):
    """Why somebody needs attention; the order is that of urgency."""

    PAST_CADENCE = "past-cadence"
    UNWRITTEN = "not-written-up"
    MISSED = "missed-session"
    NO_NEXT = "no-next-session"
    OVERDUE = "overdue-actions"
    CARRIED = "carried-over"
    PROBLEMS = "problems"


@frozen
class Attention:
    """One reason, in words."""

    code: Reason
    message: str


_WEIGHT = {
    Reason.PAST_CADENCE: 40,
    Reason.UNWRITTEN: 30,
    Reason.MISSED: 30,
    Reason.NO_NEXT: 25,
    Reason.OVERDUE: 10,
    Reason.CARRIED: 8,
    Reason.PROBLEMS: 5,
}

PAUSED = ("paused", "ended")


def attention(lead: Lead, now: datetime) -> tuple[Attention, ...]:
    """The reasons why a lead needs attention; none for one whose coaching is paused or ended.

    The last answer about each lead is kept.
    """
    return _reasons(lead, now)


def _attention(lead: Lead, now: datetime) -> tuple[Attention, ...]:
    if (lead.status or "").strip().lower() in PAUSED:
        return ()
    return (*_about_sessions(lead, now), *_about_files(lead, now))


_reasons = PerLead(_attention)


def _about_sessions(lead: Lead, now: datetime) -> Iterator[Attention]:
    next_one = upcoming(lead, now)
    days = days_since(lead, now)
    if lead.cadence and days is not None and days > lead.cadence * LATE:
        yield Attention(Reason.PAST_CADENCE, f"last talked {say_span(days)} ago")
    if next_one.standing is Standing.UNWRITTEN:
        yield Attention(Reason.UNWRITTEN, "session not written up")
    elif next_one.standing is Standing.MISSING and next_one.at:
        when = say_moment(next_one.at, now)
        yield Attention(Reason.UNWRITTEN, f"no notes of the session planned {when}")
    if lead.sessions and lead.sessions[-1].status is SessionStatus.MISSED:
        yield Attention(Reason.MISSED, "missed the last session")
    if next_one.standing is Standing.NONE:
        yield Attention(Reason.NO_NEXT, "no next session")


def _about_files(lead: Lead, now: datetime) -> Iterator[Attention]:
    if late := len(overdue(lead, now.date())):
        yield Attention(Reason.OVERDUE, f"{late} overdue")
    if old := len(carried(lead, now)):
        yield Attention(Reason.CARRIED, f"{count(old, 'action')} carried over 3 times")
    if errors := sum(problem.severity is Severity.ERROR for problem in lead.problems):
        yield Attention(Reason.PROBLEMS, f"{count(errors, 'problem')} in the files")


def is_pressing(reasons: Sequence[Attention]) -> bool:
    """Whether the reasons are more than late actions: those alone are the lead's own business."""
    return sum(_WEIGHT[reason.code] for reason in reasons) > _WEIGHT[Reason.OVERDUE]


def urgency(lead: Lead, now: datetime) -> float:
    """How pressing a lead's reasons are, together; 0 for none."""
    total = 0.0
    for reason in attention(lead, now):
        total += _WEIGHT[reason.code]
    if lead.cadence and (days := days_since(lead, now)):
        total += min(days / lead.cadence, 10.0) if total else 0.0
    return total + min(len(overdue(lead, now.date())), 9) * 2


def by_need(leads: tuple[Lead, ...], now: datetime) -> tuple[Lead, ...]:
    """Leads in the order in which they need attention; then by next session, then by name."""
    return tuple(sorted(leads, key=lambda lead: _need(lead, now)))


def _place(lead: Lead, now: datetime) -> tuple[float, str, str]:
    at = upcoming(lead, now).at
    return -urgency(lead, now), at.day.isoformat() if at else "9999", lead.name.casefold()


_need = PerLead(_place)
