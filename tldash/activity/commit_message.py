"""Describe events as the subject of a commit: `tick 2 actions, plan 1 Dec`.

No text of an item is in it: a name that was replaced by a nickname would be written down again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tldash.activity.event import Event, EventKind
from tldash.model.dates import pluralize

LIMIT: Final = 72
"""Characters of a subject."""

_VERBS: Final = {
    EventKind.TICKED: ("tick", "action"),
    EventKind.REACHED: ("reach", "marker"),
    EventKind.RAISED: ("raise", "level"),
    EventKind.LOWERED: ("lower", "level"),
    EventKind.HELD: ("hold", "session"),
    EventKind.NOTES_WRITTEN: ("write notes for", "session"),
    EventKind.PLANNED: ("plan", "session"),
    EventKind.RESCHEDULED: ("move", "session"),
    EventKind.CANCELLED: ("cancel", "session"),
    EventKind.MISSED: ("miss", "session"),
    EventKind.ADDED: ("add", "action"),
    EventKind.TOPIC: ("add", "topic"),
    EventKind.STARTED: ("start", "action"),
    EventKind.REOPENED: ("reopen", "action"),
    EventKind.MOVED: ("date", "action"),
    EventKind.CARRIED: ("carry over", "action"),
    EventKind.HANDED_OVER: ("hand over", "action"),
    EventKind.REWORDED: ("reword", "action"),
    EventKind.CHANGED: ("change", "action"),
    EventKind.DROPPED: ("drop", "action"),
    EventKind.DELETED: ("delete", "action"),
    EventKind.GOAL: ("change", "goal"),
    EventKind.LEAD_ADDED: ("add", "lead"),
    EventKind.LEAD_DELETED: ("delete", "lead"),
}
_NAMED_BY_DAY: Final = (EventKind.PLANNED, EventKind.HELD, EventKind.CANCELLED, EventKind.MISSED)
"""The events whose text is the day of a session, which stands for a single one."""
_SUBJECTS: Final = ("topic", "marker", "session")
_OF_LEAD: Final = ("name", "coach", "cadence", "status")
_MORE: Final = ", and more"


def summarize_commit(events: Iterable[Event], added: int, changed: int, removed: int) -> str:
    """Return the subject of a commit with these events, and these numbers of files.

    The files count only if no event says what happened.
    """
    groups: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        verb, noun = _VERBS[event.kind]
        if event.subject in _SUBJECTS:
            noun = event.subject
        elif event.kind is EventKind.CHANGED and event.subject in _OF_LEAD:
            noun = f"lead's {event.subject}"
        groups.setdefault((verb, noun), []).append(event)
    phrases = [_phrase(verb, noun, some) for (verb, noun), some in groups.items()]
    if not phrases:
        counts = (("add", added), ("update", changed), ("remove", removed))
        phrases = [f"{verb} {pluralize(number, 'file')}" for verb, number in counts if number]
    return _fit(phrases)


def _phrase(verb: str, noun: str, events: list[Event]) -> str:
    if len(events) == 1 and events[0].kind in _NAMED_BY_DAY:
        return f"{verb} {events[0].text}"
    if noun.startswith("lead's "):
        return f"{verb} a {noun}"
    return f"{verb} {pluralize(len(events), noun)}"


def _fit(phrases: list[str]) -> str:
    """Join phrases, as many as fit."""
    text = ", ".join(phrases)
    if len(text) <= LIMIT:
        return text
    kept = next(
        (", ".join(phrases[:end]) for end in range(len(phrases) - 1, 0, -1)
         if len(", ".join(phrases[:end])) + len(_MORE) <= LIMIT),
        phrases[0][: LIMIT - len(_MORE)],
    )  # fmt: skip
    return kept + _MORE
