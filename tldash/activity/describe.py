"""Describe events in English, without a subject: `ticked off "Write the vision"`.

The text contains text from files. Callers pass it through `tldash.model.sanitize`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from tldash.activity.event import ARROW, Event, EventKind

_ITEM: Final = {
    EventKind.TICKED: "ticked off {}",
    EventKind.REACHED: "reached {}",
    EventKind.ADDED: "added {}",
    EventKind.TOPIC: "added {}",
    EventKind.STARTED: "started {}",
    EventKind.REOPENED: "reopened {}",
    EventKind.DROPPED: "dropped {}",
    EventKind.DELETED: "deleted {}",
}
_SESSION: Final = {
    EventKind.HELD: "held the session on {}",
    EventKind.NOTES_WRITTEN: "wrote notes for the session on {}",
    EventKind.PLANNED: "planned a session on {}",
    EventKind.CANCELLED: "cancelled the session on {}",
    EventKind.MISSED: "missed the session on {}",
}
_OTHERS: Final = {
    EventKind.CARRIED: "moved {name} to {detail}",
    EventKind.HANDED_OVER: "handed {name} to {detail}",
    EventKind.REWORDED: 'reworded "{detail}" to "{text}"',
    EventKind.CHANGED: "changed {name}: {detail}",
    EventKind.RESCHEDULED: "moved the session from {was} to {now}",
    EventKind.RAISED: "raised {text} to {detail}",
    EventKind.LOWERED: "lowered {text} to {detail}",
    EventKind.LEAD_ADDED: "added the lead {text}",
    EventKind.LEAD_DELETED: "deleted the lead {text}",
}
_DATES: Final = {"": "the due date", "scheduled": "the scheduled date", "start": "the start date"}
_SUMMED: Final = {
    EventKind.TICKED: ("ticked 1", "ticked {}"),
    EventKind.REACHED: ("reached a marker", "reached {} markers"),
    EventKind.RAISED: ("raised a level", "raised {} levels"),
    EventKind.LOWERED: ("lowered a level", "lowered {} levels"),
    EventKind.HELD: ("held a session", "held {} sessions"),
    EventKind.NOTES_WRITTEN: ("wrote notes", "wrote notes for {} sessions"),
    EventKind.PLANNED: ("planned a session", "planned {} sessions"),
    EventKind.RESCHEDULED: ("moved a session", "moved {} sessions"),
    EventKind.CANCELLED: ("cancelled a session", "cancelled {} sessions"),
    EventKind.MISSED: ("missed a session", "missed {} sessions"),
    EventKind.ADDED: ("added 1", "added {}"),
    EventKind.TOPIC: ("added a topic", "added {} topics"),
    EventKind.STARTED: ("started 1", "started {}"),
    EventKind.REOPENED: ("reopened 1", "reopened {}"),
    EventKind.MOVED: ("moved 1", "moved {}"),
    EventKind.HANDED_OVER: ("handed over 1", "handed over {}"),
    EventKind.REWORDED: ("reworded 1", "reworded {}"),
    EventKind.CHANGED: ("changed 1", "changed {}"),
    EventKind.DROPPED: ("dropped 1", "dropped {}"),
    EventKind.DELETED: ("deleted 1", "deleted {}"),
    EventKind.GOAL: ("changed a goal", "changed {} goals"),
    EventKind.LEAD_ADDED: ("added a lead", "added {} leads"),
    EventKind.LEAD_DELETED: ("deleted a lead", "deleted {} leads"),
}


def describe_event(event: Event) -> str:
    """Describe an event: `ticked off "Write the vision"`, `raised listening to intermediate`."""
    if event.subject == "session":
        if event.kind is EventKind.DELETED:
            return f"deleted the session on {event.text}"
        return f"chose {event.detail} for the session on {event.text}"
    if event.kind in _SESSION:
        return _SESSION[event.kind].format(event.text)
    if event.kind in _ITEM:
        return _ITEM[event.kind].format(_named(event)) + _aside(event)
    return _others(event)


def summarize_events(events: Iterable[Event]) -> str:
    """Count events by kind: `ticked 2, added a topic, moved 1`."""
    kinds: Counter[EventKind] = Counter()
    for event in events:
        kinds[EventKind.MOVED if event.kind is EventKind.CARRIED else event.kind] += 1
    return ", ".join(
        one if kinds[kind] == 1 else more.format(kinds[kind])
        for kind, (one, more) in _SUMMED.items()
        if kinds[kind]
    )


def _named(event: Event) -> str:
    role = f"the {event.subject} " if event.subject in ("topic", "marker", "goal") else ""
    if event.kind is EventKind.REACHED:
        role = ""
    return f'{role}"{event.text}"'


def _aside(event: Event) -> str:
    if not event.detail:
        return ""
    if event.kind is EventKind.REACHED:
        return f" ({event.detail})"
    return f", {event.detail}" + (
        " already" if event.kind in (EventKind.ADDED, EventKind.TOPIC) else ""
    )


def _others(event: Event) -> str:
    was, _, now = event.detail.partition(ARROW)
    match event.kind:
        case EventKind.MOVED:
            return _moved(event, was, now)
        case EventKind.RAISED | EventKind.LOWERED if not event.detail:
            return f"removed the level of {event.text}"
        case EventKind.GOAL:
            return _turned("goal", event.detail, event.text)
        case EventKind.CHANGED if event.subject in ("name", "coach", "cadence", "status"):
            return _turned(event.subject, event.detail, event.text)
    return _OTHERS[event.kind].format(
        name=_named(event), text=event.text, detail=event.detail, was=was, now=now
    )


def _moved(event: Event, was: str, now: str) -> str:
    name, dated = _named(event), _DATES.get(event.subject, "the due date")
    if not was:
        return f"set {dated} of {name} to {now}"
    if not now:
        return f"removed {dated} of {name} (was {was})"
    if event.subject in ("scheduled", "start"):
        return f"moved {dated} of {name} from {was} to {now}"
    return f"moved {name} from {was} to {now}"


def _turned(what: str, was: str, now: str) -> str:
    if was and now:
        return f'changed the {what} from "{was}" to "{now}"'
    return f'set the {what} to "{now}"' if now else f'removed the {what} "{was}"'
