"""Events in words, as a person would say them to another: who did it is left open.

What a file brings among the words is not harmless yet; whoever shows them sees to that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from tldash.activity.event import ARROW, Event, Kind

_ITEM: Final = {
    Kind.TICKED: "ticked off {}",
    Kind.REACHED: "reached {}",
    Kind.ADDED: "added {}",
    Kind.TOPIC: "added {}",
    Kind.STARTED: "started {}",
    Kind.REOPENED: "reopened {}",
    Kind.DROPPED: "dropped {}",
    Kind.REMOVED: "removed {}",
}
_SESSION: Final = {
    Kind.HELD: "held the session of {}",
    Kind.NOTES: "wrote notes on the session of {}",
    Kind.PLANNED: "planned a session on {}",
    Kind.CANCELLED: "called off the session of {}",
    Kind.MISSED: "missed the session of {}",
}
_OTHERS: Final = {
    Kind.CARRIED: "moved {name} to {detail}",
    Kind.HANDED_OVER: "handed {name} to {detail}",
    Kind.REWORDED: 'reworded "{detail}" to "{text}"',
    Kind.CHANGED: "changed {name}: {detail}",
    Kind.RESCHEDULED: "moved the session from {was} to {now}",
    Kind.RAISED: "raised {text} to {detail}",
    Kind.LOWERED: "lowered {text} to {detail}",
    Kind.LEAD_NEW: "{text} is new here",
    Kind.LEAD_GONE: "{text} is not here any more",
}
_DATES: Final = {"": "the due date", "scheduled": "the scheduled date", "start": "the start"}
_SUMMED: Final = {
    Kind.TICKED: ("ticked 1", "ticked {}"),
    Kind.REACHED: ("reached a marker", "reached {} markers"),
    Kind.RAISED: ("raised a level", "raised {} levels"),
    Kind.LOWERED: ("lowered a level", "lowered {} levels"),
    Kind.HELD: ("held a session", "held {} sessions"),
    Kind.NOTES: ("wrote notes", "wrote notes on {} sessions"),
    Kind.PLANNED: ("planned a session", "planned {} sessions"),
    Kind.RESCHEDULED: ("moved a session", "moved {} sessions"),
    Kind.CANCELLED: ("called off a session", "called off {} sessions"),
    Kind.MISSED: ("missed a session", "missed {} sessions"),
    Kind.ADDED: ("added 1", "added {}"),
    Kind.TOPIC: ("added a topic", "added {} topics"),
    Kind.STARTED: ("started 1", "started {}"),
    Kind.REOPENED: ("reopened 1", "reopened {}"),
    Kind.MOVED: ("moved 1", "moved {}"),
    Kind.HANDED_OVER: ("handed over 1", "handed over {}"),
    Kind.REWORDED: ("reworded 1", "reworded {}"),
    Kind.CHANGED: ("changed 1", "changed {}"),
    Kind.DROPPED: ("dropped 1", "dropped {}"),
    Kind.REMOVED: ("removed 1", "removed {}"),
    Kind.GOAL: ("changed a goal", "changed {} goals"),
    Kind.LEAD_NEW: ("a new lead", "{} new leads"),
    Kind.LEAD_GONE: ("a lead is gone", "{} leads are gone"),
}


def describe_event(event: Event) -> str:
    """An event in words: `ticked off "Write the vision"`, `raised listening to intermediate`."""
    if event.subject == "session":
        if event.kind is Kind.REMOVED:
            return f"removed the session of {event.text}"
        return f"chose {event.detail} for the session of {event.text}"
    if event.kind in _SESSION:
        return _SESSION[event.kind].format(event.text)
    if event.kind in _ITEM:
        return _ITEM[event.kind].format(_named(event)) + _aside(event)
    return _others(event)


def summarize_events(events: Iterable[Event]) -> str:
    """How much happened, in a few words: `ticked 2, added a topic, moved 1`."""
    kinds: Counter[Kind] = Counter()
    for event in events:
        kinds[Kind.MOVED if event.kind is Kind.CARRIED else event.kind] += 1
    return ", ".join(
        one if kinds[kind] == 1 else more.format(kinds[kind])
        for kind, (one, more) in _SUMMED.items()
        if kinds[kind]
    )


def _named(event: Event) -> str:
    role = f"the {event.subject} " if event.subject in ("topic", "marker") else ""
    if event.kind is Kind.REACHED:
        role = ""
    return f'{role}"{event.text}"'


def _aside(event: Event) -> str:
    if not event.detail:
        return ""
    if event.kind is Kind.REACHED:
        return f" ({event.detail})"
    return f", {event.detail}" + (" already" if event.kind in (Kind.ADDED, Kind.TOPIC) else "")


def _others(event: Event) -> str:
    was, _, now = event.detail.partition(ARROW)
    match event.kind:
        case Kind.MOVED:
            return _moved(event, was, now)
        case Kind.RAISED | Kind.LOWERED if not event.detail:
            return f"took back the level of {event.text}"
        case Kind.GOAL:
            return _turned("goal", event.detail, event.text)
        case Kind.CHANGED if event.subject in ("name", "coach", "cadence", "status"):
            return _turned(event.subject, event.detail, event.text)
    return _OTHERS[event.kind].format(
        name=_named(event), text=event.text, detail=event.detail, was=was, now=now
    )


def _moved(event: Event, was: str, now: str) -> str:
    name, dated = _named(event), _DATES.get(event.subject, "the due date")
    if not was:
        return f"set {dated} of {name} to {now}"
    if not now:
        return f"took {dated} off {name} (was {was})"
    if event.subject in ("scheduled", "start"):
        return f"moved {dated} of {name} from {was} to {now}"
    return f"moved {name} from {was} to {now}"


def _turned(what: str, was: str, now: str) -> str:
    if was and now:
        return f'changed the {what} from "{was}" to "{now}"'
    return f'set the {what} to "{now}"' if now else f'gave up the {what} "{was}"'
