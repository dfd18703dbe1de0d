"""Parse what is typed into the search: words, and filters such as `lead:ada in:actions is:open`.

The list is searched at each keystroke, so every prefix is valid. A filter without a value, or with
one that means nothing yet, filters nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from tldash.model.frozen import frozen
from tldash.model.patterns import compile_pattern
from tldash.model.places import PlaceKind
from tldash.model.records import Lead, Status, Task
from tldash.model.spelling import fold_accents, suggest_spelling
from tldash.model.word_search import Query, parse_query

KEYS: Final = ("lead", "coach", "in", "is", "skill", "before", "after")
"""The words before a colon."""
KINDS: Final = {
    "notes": (PlaceKind.NOTES,),
    "actions": (PlaceKind.ACTION,),
    "goals": (PlaceKind.GOAL,),
    "agenda": (PlaceKind.TOPIC,),
    "markers": (PlaceKind.MARKER,),
    "fields": (PlaceKind.FIELD,),
}
"""The values of `in:`."""
STATES: Final = ("open", "done")
"""The values of `is:`."""
_KEYED: Final = compile_pattern(r"([^\W\d_]+):(.*)", re.DOTALL)
_DAY: Final = compile_pattern(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?")


@frozen
class PlaceFilter:
    """A parsed search. A place matches if all parts match."""

    query: Query
    phrase: str = ""
    """The words in the order in which they were typed, folded."""
    leads: tuple[str, ...] = ()
    coaches: tuple[str, ...] = ()
    kinds: tuple[PlaceKind, ...] = ()
    """None is any."""
    states: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    before: date | None = None
    after: date | None = None
    warning: str = ""
    """Message about a filter that means nothing."""

    @property
    def about_items(self) -> bool:
        """Whether task items can be listed that are not found by any word."""
        return bool(self.kinds or self.states or self.skills)

    @property
    def finds_anything(self) -> bool:
        """Whether there is something to look for."""
        return bool(self.query.words) or self.about_items

    @property
    def file_filters(self) -> tuple[object, ...]:
        """What decides whether a file is searched at all, besides the words."""
        return self.leads, self.coaches, self.before, self.after

    def matches_lead(self, lead: Lead | None) -> bool:
        """Return whether places of a lead match; None is a file of no lead."""
        if lead is None:
            return not (self.leads or self.coaches)
        name, coach = fold_accents(f"{lead.name} {lead.id}"), fold_accents(lead.coach or "none")
        return all(one in name for one in self.leads) and all(one in coach for one in self.coaches)

    def matches_day(self, day: date | None) -> bool:
        """Return whether places of a day match; None is no session, which is at no time."""
        if self.before is None and self.after is None:
            return True
        if day is None:
            return False
        is_early = self.before is None or day < self.before
        return is_early and (self.after is None or day >= self.after)

    def matches_place(self, kind: PlaceKind, task: Task | None, skill: str | None) -> bool:
        """Return whether a place matches.

        Args:
            kind: What it is.
            task: The task item there, if any.
            skill: The id of the skill that its session is about.
        """
        if self.kinds and kind not in self.kinds:
            return False
        if self.states and (task is None or _state_of(task) not in self.states):
            return False
        about = {fold_accents(one) for one in (skill, *(task.fields.tags if task else ())) if one}
        return all(any(one.startswith(wanted) for one in about) for wanted in self.skills)


def _state_of(task: Task) -> str:
    if task.status is Status.DONE:
        return "done"
    return "" if task.status.closed else "open"


def parse_places(text: str) -> PlaceFilter:
    """Parse a search. Never raises: what is no filter is a word."""
    words: list[str] = []
    found: dict[str, list[str]] = {key: [] for key in KEYS}
    warning = ""
    for word in text.split():
        match = _KEYED.fullmatch(fold_accents(word))
        if match is None or match[1] not in KEYS:
            words.append(word)
            warning = warning or (_describe_unknown(match[1]) if match else "")
        elif match[2]:
            found[match[1]].append(match[2])
    kinds, wrong_kinds = _choose(found["in"], KINDS.__contains__, tuple(KINDS))
    states, wrong_states = _choose(found["is"], STATES.__contains__, STATES)
    days = {key: [_parse_day(one) for one in found[key]] for key in ("before", "after")}
    for key, wrong in (("in", wrong_kinds), ("is", wrong_states)):
        if wrong:
            values = KINDS if key == "in" else STATES
            warning = warning or f"{key}:{wrong} is none of {', '.join(values)}"
    for key, parsed in days.items():
        if None in parsed:
            warning = warning or f"write {key}: with a day: 2026-11-03, 2026-11 or 2026"
    query = parse_query(words)
    return PlaceFilter(
        query,
        " ".join(fold_accents(" ".join(words)).split()),
        tuple(found["lead"]),
        tuple(found["coach"]),
        tuple(kind for name in kinds for kind in KINDS[name]),
        states,
        tuple(found["skill"]),
        min(filter(None, days["before"]), default=None),
        max(filter(None, days["after"]), default=None),
        warning,
    )


def _choose(
    typed: list[str], is_known: Callable[[str], bool], known: tuple[str, ...]
) -> tuple[tuple[str, ...], str]:
    """Return the values that typed beginnings mean, and the first that means none."""
    chosen: list[str] = []
    for word in typed:
        begun = [word] if is_known(word) else [one for one in known if one.startswith(word)]
        if not begun:
            return tuple(chosen), word
        chosen += begun
    return tuple(dict.fromkeys(chosen)), ""


def _parse_day(text: str) -> date | None:
    """Return a day; the first one of a month or year. None if it is not there (yet)."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None


def _describe_unknown(key: str) -> str:
    meant = suggest_spelling(key, KEYS)
    return f"did you mean {meant}:?" if meant is not None else ""
