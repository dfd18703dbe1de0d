"""Find slipping actions: carried over again and again, or with a due date that moves away.

The session files tell two things about an open action. It stays in the session where it was agreed,
so the sessions held since then count as carried over. And people who copy what is left into the
next session leave the earlier lines behind, with the due dates of that time. Where the history of
git was read, it tells the due dates that a line had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Final

from tldash.insight.actions import find_carried_through, find_held_days, is_open
from tldash.insight.lead_cache import LeadCache
from tldash.insight.people import is_leads_own
from tldash.insight.phase import is_active
from tldash.model.frozen import frozen
from tldash.model.records import Action, Lead, Status
from tldash.model.spelling import fold_text

CARRIED_TIMES: Final = 2
"""Number of held sessions that an action was carried through from which it is slipping."""
MOVED_TIMES: Final = 2
"""Number of moves of its due date to a later day from which an action is slipping."""

DueDates = Mapping[str, Mapping[str, tuple[date, ...]]]
"""Id of a lead, text of an action -> the due dates that it had, the oldest first."""
NO_DATES: Final[DueDates] = {}


@frozen
class Slip:
    """A slipping action, and why it is one."""

    action: Action
    through: tuple[date, ...]
    """Days of the held sessions that it was carried through."""
    due_dates: tuple[date, ...]
    """The due date of the first copy, then each later one that it moved to. Without copies it is
    the due date of the action, if it has one."""

    @property
    def is_carried(self) -> bool:
        """Whether it was carried over often enough to be slipping."""
        return len(self.through) >= CARRIED_TIMES

    @property
    def moves(self) -> int:
        """How often the due date moved to a later day."""
        return max(len(self.due_dates) - 1, 0)

    @property
    def is_moved(self) -> bool:
        """Whether the due date moved often enough for the action to be slipping."""
        return self.moves >= MOVED_TIMES


@frozen
class OwnerSlips:
    """A row of the ledger: how many slipping actions an owner has, and why they are."""

    owner: str
    """The lead's or the coach's full name, `the coach` without one, else `@name`."""
    actions: int
    carried: int
    """Those carried over at least `CARRIED_TIMES` times."""
    moved: int
    """Those whose due date moved at least `MOVED_TIMES` times."""
    moves: int
    """All moves of their due dates."""


def find_slipping(lead: Lead, now: datetime, due_dates: DueDates = NO_DATES) -> tuple[Slip, ...]:
    """Return the slipping actions of a lead, in their order. Cached per lead.

    An open action is slipping if `find_carried_through` has at least two sessions for it, or if
    its due date moved to a later day at least twice, from copy to copy. A copy is an action with
    the same words in an earlier session of the lead, ignoring case. Copies up to the last one that
    is done do not count: after it, the words are a new promise. Repeating actions have no copies.
    Those of paused and ended leads are not slipping.

    Args:
        lead: The lead.
        now: The current time.
        due_dates: Those that git tells. They count instead of those of copies if they are more.
    """
    return _find_cached(lead, find_held_days(lead, now), due_dates.get(lead.id, {}))


def _find(
    lead: Lead, held: Sequence[date], logged: Mapping[str, tuple[date, ...]]
) -> tuple[Slip, ...]:
    if not is_active(lead):
        return ()
    dated = _collect_due_dates(lead)
    found = []
    for action in filter(is_open, lead.actions):
        due_dates = dated.get(id(action), (action.due,) if action.due else ())
        if logged and not action.task.fields.repeat:
            moved = _keep_later((*logged.get(action.task.text, ()), *due_dates[-1:]))
            due_dates = max(due_dates, moved, key=len)
        slip = Slip(action, find_carried_through(action, held), due_dates)
        if slip.is_carried or slip.is_moved:
            found.append(slip)
    return tuple(found)


def _keep_later(days: Iterable[date]) -> tuple[date, ...]:
    """Return the days that are later than all before them."""
    kept: list[date] = []
    for day in days:
        if not kept or day > kept[-1]:
            kept.append(day)
    return tuple(kept)


_find_cached = LeadCache(_find)


def _collect_due_dates(lead: Lead) -> dict[int, tuple[date, ...]]:
    """Return the due dates of each action that has earlier copies, by the id of its object."""
    copies: dict[str, list[Action]] = {}
    for action in lead.actions:
        if action.session is not None and action.task.text and not action.task.fields.repeat:
            copies.setdefault(fold_text(action.task.text), []).append(action)
    found: dict[int, tuple[date, ...]] = {}
    for same in copies.values():
        if len(same) > 1:
            found.update(_follow_copies(same))
    return found


def _follow_copies(copies: Iterable[Action]) -> dict[int, tuple[date, ...]]:
    """Return the due dates up to each of some copies, which are in the order of their sessions.

    Equal lines of one session are no copies of each other.
    """
    found: dict[int, tuple[date, ...]] = {}
    before: tuple[date, ...] = ()
    for _, here in groupby(copies, lambda action: action.session):
        last = before
        for action in here:
            is_later = action.due is not None and (not before or action.due > before[-1])
            last = (*before, action.due) if is_later and action.due else before
            found[id(action)] = last
            if action.status is Status.DONE:
                last = ()
        before = last
    return found


def count_by_owner(found: Iterable[tuple[Lead, Slip]]) -> tuple[OwnerSlips, ...]:
    """Count slipping actions by owner, most actions first, then by name.

    Leads with the same name are told apart, and so are coaches of leads. Names are compared
    ignoring case.
    """
    slips: dict[tuple[str, str], list[Slip]] = {}
    names: dict[tuple[str, str], str] = {}
    for lead, slip in found:
        key, name = _identify_owner(slip.action, lead)
        names.setdefault(key, name)
        slips.setdefault(key, []).append(slip)
    rows = [
        OwnerSlips(
            names[key],
            len(some),
            sum(slip.is_carried for slip in some),
            sum(slip.is_moved for slip in some),
            sum(slip.moves for slip in some),
        )
        for key, some in slips.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.actions, row.owner.casefold())))


def _identify_owner(action: Action, lead: Lead) -> tuple[tuple[str, str], str]:
    """Return what tells the owner of an action from others, and the name to show."""
    if action.coach_owned:
        coach = lead.coach or "the coach"
        return ("coach", fold_text(coach)), coach
    if is_leads_own(action, lead):
        return ("lead", lead.id), lead.name
    return ("other", fold_text(action.owner)), f"@{action.owner}"
