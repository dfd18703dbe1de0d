"""Count how coaching with a lead went over time: levels, actions by session, and cadence.

Every figure is counted from the session files and the markers as they are now. Nothing is compared
between leads. Text of files is in none of the figures. A session counts on its day in the viewer's
time zone, and an action on the days that its line and its session name.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from itertools import accumulate
from statistics import median

from tldash.insight.actions import (
    find_carried_range,
    find_closing_day,
    find_held_days,
    is_open,
)
from tldash.insight.moving import CALLED_OFF
from tldash.insight.phase import is_active
from tldash.insight.schedule import (
    PAST_CADENCE_FACTOR,
    count_days_since_session,
    find_held_sessions,
)
from tldash.insight.skills import SkillProgress, build_skill_progress, rank_by_markers
from tldash.model.dates import to_local
from tldash.model.framework import Framework, Skill
from tldash.model.frozen import frozen
from tldash.model.records import Action, Lead, Marker, Session, SessionStatus, Status


class LevelSource(StrEnum):
    """Where a level comes from."""

    AGREED = "agreed"
    """Agreed in a session that was held."""
    MARKERS = "markers"
    """Estimated from the ticked markers, as no level was agreed yet."""


@frozen
class LevelStep:
    """A level that holds from a day on, until the next step."""

    day: date
    rank: int
    """1-based rank of the level."""
    source: LevelSource


@frozen
class SkillTrend:
    """The level of a skill over time."""

    skill: Skill
    steps: tuple[LevelStep, ...]
    """By date. Empty if the level is not known."""

    def step_at(self, day: date) -> LevelStep | None:
        """Return the step that holds at the end of a day; None before the first one."""
        found = [step for step in self.steps if step.day <= day]
        return found[-1] if found else None


@frozen
class SessionTrend:
    """The figures of a held session, or that one was missed or cancelled."""

    session: Session
    day: date
    status: SessionStatus
    """Held, missed or cancelled. The figures of the last two are 0."""
    gap: int | None = None
    """Days since the held session before; None for the first one."""
    kept: bool | None = None
    """Whether that is at most `PAST_CADENCE_FACTOR` cadences; None without a cadence or gap."""
    opened: int = 0
    """Actions in the session, whoever owns them and whatever became of them."""
    closed: int = 0
    """Actions of the lead that were done or dropped after the day of the held session before, up to
    and including this one's. Those without a date count in no session."""
    carried: int = 0
    """Actions agreed in earlier sessions that were neither done nor dropped by the end of its day.
    Those closed without a date are carried through none."""
    has_action: bool = False
    has_next: bool = False
    """Whether its file says when the next session is (`next:`)."""


@frozen
class CadenceTrend:
    """How the sessions kept to the cadence."""

    planned: int | None
    """The cadence in days; None if it is ad hoc."""
    gaps: int
    """Number of intervals between two held sessions in a row, by the day of the later one. Those
    of a time in which coaching was paused count too: no file says when it was."""
    kept: int
    """Intervals of at most `PAST_CADENCE_FACTOR` cadences. 0 if the cadence is ad hoc."""
    median_gap: float | None
    """The median of all intervals, in days."""
    since_last: int | None
    """Days since the last held session. None before the first one, and while coaching is paused or
    has ended."""
    held: int
    missed: int
    """Sessions with the status missed, up to today."""
    cancelled: int
    """Sessions with the status cancelled, up to today."""

    @property
    def is_past(self) -> bool:
        """Whether the last session is more than `PAST_CADENCE_FACTOR` cadences ago."""
        return _judge(self.since_last, self.planned) is False


@frozen
class ActionTrend:
    """How the actions of a lead went."""

    opened: int
    """Actions in the counted sessions."""
    done: int
    """Done with a date that is counted."""
    dropped: int
    """Dropped with a date that is counted."""
    undated: int
    """All done or dropped without a date. Nothing says when, so they count nowhere else."""
    open_now: int
    """All that are open, of sessions and notes; 0 while coaching is paused or has ended."""
    closed_since: int
    """Done or dropped after the day of the last held session."""
    median_days: float | None
    """The median number of days that an action stayed open, from its session (else its created
    date) to the day when it was done or dropped. Actions without both days are left out, and those
    that were closed before they were agreed."""
    with_action: int
    """Held sessions with at least one action in their file."""
    with_next: int
    """Held sessions whose file has a next date."""
    with_both: int
    """Held sessions that ended with both."""


@frozen
class Trends:
    """The figures of a lead."""

    lead: Lead
    since: date | None
    """The first day that counts; None for all time. The level that held on it counts too."""
    today: date
    skills: tuple[SkillTrend, ...]
    """In the order of the framework."""
    sessions: tuple[SessionTrend, ...]
    """By date."""
    cadence: CadenceTrend
    actions: ActionTrend

    @property
    def first_day(self) -> date:
        """The first day of a picture over time: the first that counts, else of the figures."""
        days = [one.day for one in self.sessions[:1]]
        days += [step.day for skill in self.skills for step in skill.steps[:1]]
        return self.since or min([*days, self.today])


def find_trends(
    lead: Lead, framework: Framework, now: datetime, since: date | None = None
) -> Trends:
    """Count the figures of a lead.

    Args:
        lead: The lead. Figures of a paused or ended one are those of its past.
        framework: The framework, for the skills.
        now: The current time. Sessions to come count nowhere.
        since: The first day that counts. A session from that day on has the same figures as without
            it, so what was closed before the first one counts there. Levels begin with the one that
            held on that day.
    """
    first = since or date.min
    sessions = [one for one in _find_sessions(lead, now) if one.day >= first]
    skills = tuple(
        SkillTrend(view.skill, _since(_find_steps(view, now.date()), first))
        for view in build_skill_progress(lead, framework, now)
    )
    return Trends(
        lead,
        since,
        now.date(),
        skills,
        tuple(sessions),
        _find_cadence(lead, sessions, now),
        _find_actions(lead, sessions, first, now),
    )


# Levels


def _find_steps(view: SkillProgress, today: date) -> list[LevelStep]:
    """Return the levels of a skill by date.

    Each agreed level is a step. Before the first one, a step is the day of a ticked marker that
    changes the level as estimated from all markers ticked by then. Markers ticked without a date
    count from today on. After an agreed level, markers change nothing.
    """
    agreed = [LevelStep(day, rank, LevelSource.AGREED) for day, rank in view.history]
    end = agreed[0].day if agreed else date.max
    ticked = [marker for marker in view.markers if marker.task.status is Status.DONE]
    days = {marker: min(marker.task.fields.done or today, today) for marker in ticked}
    steps: list[LevelStep] = []
    for day in sorted(set(days.values())):
        rank = _rank_without(view, {marker for marker in ticked if days[marker] > day})
        before = steps[-1].rank if steps else 0
        if day < end and rank != before:
            steps.append(LevelStep(day, rank, LevelSource.MARKERS))
    return steps + agreed


def _rank_without(view: SkillProgress, later: set[Marker]) -> int:
    """Return the level by the markers, as if some were not ticked yet."""
    markers = (
        replace(marker, task=replace(marker.task, status=Status.OPEN))
        if marker in later
        else marker
        for marker in view.markers
    )
    return rank_by_markers(view.skill, markers)


def _since(steps: Sequence[LevelStep], first: date) -> tuple[LevelStep, ...]:
    """Return the steps from a day on, and the one that held on it."""
    place = bisect_right([step.day for step in steps], first)
    return tuple(steps[max(place - 1, 0) :])


# Sessions


def _find_sessions(lead: Lead, now: datetime) -> list[SessionTrend]:
    held = find_held_sessions(lead, now)
    figures = _count_by_session(lead, held)
    found: list[SessionTrend] = []
    before: date | None = None
    for session in lead.sessions:
        day = to_local(session.at, now).day
        if session.place in figures:
            gap = (day - before).days if before is not None else None
            closed, carried = figures[session.place]
            found.append(
                SessionTrend(
                    session, day, SessionStatus.HELD, gap, _judge(gap, lead.cadence),
                    len(session.actions), closed, carried,
                    bool(session.actions), session.next is not None,
                )
            )  # fmt: skip
            before = day
        elif session.status in CALLED_OFF and day <= now.date():
            found.append(SessionTrend(session, day, session.status))
    return found


def _count_by_session(lead: Lead, held: Sequence[Session]) -> dict[str, tuple[int, int]]:
    """Return how many actions were closed since the session before, and carried over, by place."""
    days = [session.at.day for session in held]
    closings = sorted(filter(None, map(find_closing_day, lead.actions)))
    closed = [bisect_right(closings, day) for day in days]
    change = [0] * (len(days) + 1)
    for action in lead.actions:
        first, last = find_carried_range(action, days)
        change[first] += 1
        change[last] -= 1
    return {
        session.place: (by_then - by_before, carried)
        for session, by_then, by_before, carried in zip(
            held, closed, [0, *closed], accumulate(change), strict=False
        )
    }


def _judge(gap: int | None, cadence: int | None) -> bool | None:
    """Return whether an interval kept to the cadence; None if one of them is not known."""
    if gap is None or cadence is None:
        return None
    return gap / cadence <= PAST_CADENCE_FACTOR


def _find_cadence(lead: Lead, sessions: Iterable[SessionTrend], now: datetime) -> CadenceTrend:
    statuses = [one.status for one in sessions]
    gaps = [one.gap for one in sessions if one.gap is not None]
    return CadenceTrend(
        lead.cadence,
        len(gaps),
        sum(_judge(gap, lead.cadence) is True for gap in gaps),
        median(gaps) if gaps else None,
        count_days_since_session(lead, now) if is_active(lead) else None,
        statuses.count(SessionStatus.HELD),
        statuses.count(SessionStatus.MISSED),
        statuses.count(SessionStatus.CANCELLED),
    )


# Actions


def _find_actions(
    lead: Lead, sessions: Iterable[SessionTrend], first: date, now: datetime
) -> ActionTrend:
    held = [one for one in sessions if one.status is SessionStatus.HELD]
    closed = [(action, find_closing_day(action)) for action in lead.actions]
    counted = [(action, day) for action, day in closed if day is not None and day >= first]
    last = max(find_held_days(lead, now), default=date.min)
    stayed = [days for action, day in counted if (days := _count_days_open(action, day)) >= 0]
    return ActionTrend(
        sum(one.opened for one in held),
        sum(action.status is Status.DONE for action, _ in counted),
        sum(action.status is Status.CANCELLED for action, _ in counted),
        sum(action.status.closed and day is None for action, day in closed),
        sum(map(is_open, lead.actions)) if is_active(lead) else 0,
        sum(day > last for _, day in counted),
        median(stayed) if stayed else None,
        sum(one.has_action for one in held),
        sum(one.has_next for one in held),
        sum(one.has_action and one.has_next for one in held),
    )


def _count_days_open(action: Action, closed: date) -> int:
    """Return the days between agreeing and closing; -1 without a day of agreeing."""
    agreed = action.session or action.task.fields.created
    return (closed - agreed).days if agreed is not None else -1
