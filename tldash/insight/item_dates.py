"""What the files alone tell about the history of an action."""

from __future__ import annotations

from datetime import date, datetime

from tldash.insight.actions import find_carried_through, find_held_days
from tldash.model.dates import format_date
from tldash.model.records import Action, Lead, Status
from tldash.model.spelling import fold_text


def find_copies(lead: Lead, action: Action) -> tuple[Action, ...]:
    """Return the earlier copies of an action, the oldest first.

    A copy has the same words in an earlier session, ignoring case: people copy what is left into
    the next session. Copies up to the last one that is done do not count, and a repeating action
    has none.
    """
    day = action.session
    if day is None or action.task.fields.repeat:
        return ()
    words = fold_text(action.task.text)
    found: list[Action] = []
    for other in lead.actions:
        if other.session is None or other.session >= day or fold_text(other.task.text) != words:
            continue
        found = [] if other.status is Status.DONE else [*found, other]
    return tuple(found)


def find_due_dates(lead: Lead, action: Action) -> tuple[date, ...]:
    """Return the due dates of the copies of an action and its own, without equal neighbours."""
    days: list[date] = []
    for one in (*find_copies(lead, action), action):
        if one.due is not None and one.due not in days[-1:]:
            days.append(one.due)
    return tuple(days)


def list_dates(lead: Lead, action: Action, now: datetime) -> tuple[tuple[date, str], ...]:
    """Return what happened to an action by the dates in its files, the latest first.

    Each is a day and what happened, such as `agreed in the session, due 17 Nov`.
    """
    fields = action.task.fields
    found: list[tuple[date, str]] = []
    if fields.created:
        found.append((fields.created, "created"))
    for one in (*find_copies(lead, action), action):
        if one.session is not None:
            due = f", due {format_date(one.due, now.date())}" if one.due else ""
            found.append((one.session, f"agreed in the session{due}"))
    through = find_carried_through(action, find_held_days(lead, now))
    found += [(day, "carried over in the session") for day in through]
    if fields.done:
        found.append((fields.done, "done"))
    if fields.cancelled:
        found.append((fields.cancelled, "dropped"))
    return tuple(sorted(found, key=lambda pair: pair[0], reverse=True))
