"""List what comes up in the next days: sessions and due actions of all leads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from tldash.insight.actions import is_open, sort_key
from tldash.insight.phase import only_active
from tldash.insight.schedule import NextState, find_next_session
from tldash.model.dates import to_local
from tldash.model.frozen import frozen
from tldash.model.records import Action, Lead, Moment


@frozen
class AgendaDay:
    """A day with the sessions and the due actions on it."""

    day: date
    sessions: tuple[tuple[Moment, Lead], ...]
    """By time, in the viewer's time zone; those without a time come first."""
    actions: tuple[tuple[Action, Lead], ...]
    """Open actions of leads and coaches, by priority."""


def build_agenda(leads: Iterable[Lead], now: datetime, days: int) -> tuple[AgendaDay, ...]:
    """Return the days from today on that have something, in order. `days` counts today.

    Paused and ended leads have nothing.
    """
    today = now.date()
    sessions: dict[date, list[tuple[Moment, Lead]]] = {}
    actions: dict[date, list[tuple[Action, Lead]]] = {}
    for lead in only_active(leads):
        found = find_next_session(lead, now)
        if found.at is not None and found.state is NextState.PLANNED:
            at = to_local(found.at, now)
            sessions.setdefault(at.day, []).append((at, lead))
        for action in lead.actions:
            if action.due is not None and is_open(action):
                actions.setdefault(action.due, []).append((action, lead))
    coming = sorted(day for day in {*sessions, *actions} if 0 <= (day - today).days < days)
    return tuple(
        AgendaDay(
            day,
            tuple(sorted(sessions.get(day, ()), key=_time)),
            tuple(sorted(actions.get(day, ()), key=lambda one: sort_key(one[0]))),
        )
        for day in coming
    )


def _time(one: tuple[Moment, Lead]) -> tuple[str, str]:
    at, lead = one
    return (at.time.isoformat() if at.time else "", lead.name.casefold())
