"""What people did between two readings of a folder, as events that can be told.

Nothing is recorded anywhere: two workspaces are compared. So an event says what became of a thing,
not who did it, and a thing that was done and undone between the readings is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import zip_longest

from tldash.activity.event import ORDER, Between, Event, Kind, lower, stamp_events
from tldash.activity.items import ItemEvents, closed_on
from tldash.activity.match_items import Item, ItemKind, find_renamed_files, list_items, match_items
from tldash.activity.sessions import SessionEvents, same_content
from tldash.model.framework import Framework
from tldash.model.item_keys import Key
from tldash.model.records import Lead, Workspace

__all__ = ["Event", "Kind", "detect_events", "stamp_events"]


def detect_events(
    before: Workspace,
    after: Workspace,
    now: datetime,
    *,
    own: Collection[Key] = (),
    kept_from: date | None = None,
) -> tuple[Event, ...]:
    """What happened between two workspaces, lead by lead, in the order of paths and lines.

    Leads that are the very same objects are not looked at. Nothing is told of items and sessions
    with a key (`changes.task_key`, `changes.session_key`) in `own`. What was closed before
    `kept_from` may be missing from `before` without being new. `now` tells what is past, and how
    days are said.
    """
    known = {lead.id: lead for lead in before.leads}
    method = after.framework
    found: list[Event] = []
    for lead in after.leads:
        old = known.pop(lead.id, None)
        if old is None:
            found.append(Event(Kind.LEAD_NEW, lead.id, lead.name, _home(lead), 1))
        elif old is not lead:
            between = Between(old, lead, method, now)
            found.extend(sorted(_of_lead(between, own, kept_from), key=_place))
    for lead in known.values():
        found.append(Event(Kind.LEAD_GONE, lead.id, lead.name, _home(lead), 1))
    return tuple(found)


def _home(lead: Lead) -> str:
    return f"{lead.path}/lead.md".removeprefix("/")


def _place(event: Event) -> tuple[str, int, int, str]:
    return event.path, event.line, ORDER[event.kind], event.text


def _of_lead(between: Between, own: Collection[Key], kept_from: date | None) -> Iterator[Event]:
    old, new = list_items(between.before), list_items(between.after)
    if kept_from is not None:
        days = {session.path: session.at.day for session in between.after.sessions}
        new = _without_long_closed(old, new, kept_from, days)
    moved = _renamed(between.before, between.after, old, new)
    pairing = match_items(old, new, moved)
    items = ItemEvents(between, moved, own)
    yield from items.all(pairing, old, new)
    grown = {item.task.path for item in pairing.new if item.role is ItemKind.ACTION}
    grown.update(both.after.task.path for both in pairing.changed if items.carried(both))
    yield from SessionEvents(between, moved, grown, own).all()
    yield from _about_levels(between)
    yield from _about_goals(between)
    yield from _about_lead(between)


def _renamed(before: Lead, after: Lead, old: list[Item], new: list[Item]) -> dict[str, str]:
    """The files that are there still, under another name."""
    was = {session.path for session in before.sessions}
    now = {session.path for session in after.sessions}
    gone = [*(was - now), *(set(before.notes) - set(after.notes))]
    came = [*(now - was), *(set(after.notes) - set(before.notes))]
    if not gone or not came:
        return {}
    moved = find_renamed_files(old, new, gone, came)
    left = [s for s in before.sessions if s.path in was - now and s.path not in moved]
    right = [s for s in after.sessions if s.path in now - was - {*moved.values()}]
    if len(left) == len(right) == 1 and same_content(left[0], right[0]):
        moved[left[0].path] = right[0].path
    return moved


def _without_long_closed(
    old: list[Item], new: list[Item], day: date, days: Mapping[str, date]
) -> list[Item]:
    """The new items but for those closed before that day which no old one is like."""
    known = {item.task.text for item in old}
    return [
        item
        for item in new
        if item.task.text in known or (closed := closed_on(item, days)) is None or closed >= day
    ]


def _about_levels(between: Between) -> Iterator[Event]:
    method = between.framework
    was, now = _levels(between.before, method), _levels(between.after, method)
    for skill in method.skills:
        old, new = was.get(skill.id, (0, ""))[0], now.get(skill.id, (0, ""))[0]
        if old == new:
            continue
        path = (now.get(skill.id) or was[skill.id])[1]
        kind = Kind.RAISED if new > old else Kind.LOWERED
        level = lower(skill.levels[new - 1].name) if new else ""
        yield between.event(kind, lower(skill.name), path, 1, level)


def _levels(lead: Lead, method: Framework) -> dict[str, tuple[int, str]]:
    """The rank that was last agreed on for each skill, and the file that says so."""
    found: dict[str, tuple[int, str]] = {}
    for session in lead.sessions:
        for name, level in session.levels:
            skill = method.find_skill(name)
            if skill is not None and skill.rank_of(level):
                found[skill.id] = skill.rank_of(level), session.path
    return found


def _about_goals(between: Between) -> Iterator[Event]:
    was = {goal.text: goal for goal in between.before.goals}
    now = {goal.text: goal for goal in between.after.goals}
    gone = [goal for text, goal in was.items() if text not in now]
    came = [goal for text, goal in now.items() if text not in was]
    for old, new in zip_longest(gone, came):
        goal = new or old
        assert goal is not None
        texts = (new.text if new else "", old.text if old else "")
        yield between.event(Kind.GOAL, texts[0], goal.path, goal.line, texts[1])


def _about_lead(between: Between) -> Iterator[Event]:
    old, new = between.before, between.after
    for what, was, now in (
        ("name", old.name, new.name),
        ("coach", old.coach, new.coach),
        ("cadence", old.cadence_name, new.cadence_name),
        ("status", old.status, new.status),
    ):
        if was != now:
            event = between.event(Kind.CHANGED, now or "", _home(new), 1, was or "")
            yield replace(event, subject=what)
