"""Leads, sessions and commands that are found by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter
from typing import Final

from tldash.insight.attention import find_attention_reasons
from tldash.insight.lead_filter import Flag, find_flags
from tldash.insight.phase import find_phase, is_active
from tldash.insight.place_filter import PlaceFilter
from tldash.model.dates import format_date
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Session
from tldash.model.spelling import fold_accents
from tldash.tui.keys.commands import SEARCH, Command, offered
from tldash.tui.state import State

MOST: Final = 5
"""Leads, sessions and commands that are listed of each while words are typed."""
SHORT: Final = 3
"""Letters from which on the beginning of a flag is one."""
LONG: Final = 4
"""Letters from which on descriptions of commands are searched: each has `the` in it."""
_LATEST: Final = itemgetter(0, 1)


@frozen
class Name:
    """A name that leads somewhere."""

    text: str
    note: str
    page: tuple[str, ...] = ()
    """The name and the arguments of the screen to open."""
    command: Command | None = None
    """The command to run instead."""


def _find_meant(word: str) -> tuple[Flag, ...]:
    """Return the flags of the overview's filter that a word is the beginning of."""
    return tuple(flag for flag in Flag if len(word) >= SHORT and flag.startswith(word))


class _Flagged:
    """The leads, each with the flags of the overview's filter."""

    def __init__(self, leads: Sequence[Lead], state: State) -> None:
        self._leads = leads
        self._state = state

    def find(self, named: Sequence[tuple[str, Name]], wanted: PlaceFilter) -> list[Name]:
        """Return the leads that have each word in their name, or as a flag.

        `named` are the leads by name, in the same order.
        """
        meant = {word: frozenset(_find_meant(word)) for word in wanted.query.words}
        found = []
        for lead, (text, name) in zip(self._leads, named, strict=True):
            flags = self._flags_of(lead)
            if all(word in text or flags & of for word, of in meant.items()):
                reasons = find_attention_reasons(lead, self._state.now)
                found.append(replace(name, note=reasons[0].message if reasons else name.note))
        return found

    def _flags_of(self, lead: Lead) -> frozenset[Flag]:
        state = self._state
        flags = find_flags(lead, state.now) - {Flag.NEEDS}
        if state.audience.is_needed(lead, find_attention_reasons(lead, state.now)):
            flags |= {Flag.NEEDS}
        if any(event.lead_id == lead.id for event in (*state.since, *state.activity)):
            flags |= {Flag.NEW}
        return flags


class Names:
    """The leads and sessions of a state by name. Each part of a name is folded once."""

    def __init__(self, state: State) -> None:
        leads = sorted(state.workspace.leads, key=lambda lead: not is_active(lead))
        self.leads = [_name_lead(lead, state) for lead in leads]
        self._leads = [(fold_accents(name.text), name) for name in self.leads]
        self._flagged = _Flagged(leads, state)
        self._today = state.today
        self._sessions = sorted(_fold_sessions(leads, state.today), key=_LATEST, reverse=True)
        self._text = "\n".join(["", *(folded for _, folded, *_ in self._sessions), ""])
        """The folded names of all sessions, a line each, between line ends."""

    def find_leads(self, wanted: PlaceFilter) -> list[Name]:
        """Return the first leads whose name has all words, those that begin with them first.

        A word may also be a flag of the overview's filter, such as `needs` or `overdue`: then all
        leads with it are returned, each with its most pressing reason.
        """
        if not any(map(_find_meant, wanted.query.words)) or wanted.about_items:
            return _find(self._leads, wanted)
        return self._flagged.find(self._leads, wanted)

    def find_sessions(self, wanted: PlaceFilter) -> list[Name]:
        """Return the latest sessions with all words in lead, day, skill or title.

        Those that begin with the words come first.
        """
        if not wanted.query.words or wanted.about_items:
            return []
        begins, contains = f"\n{wanted.phrase}", wanted.query.words[0]
        first = islice(self._find_lines(begins, wanted.query.words), MOST)
        rest = (
            at for at in self._find_lines(contains, wanted.query.words)
            if not self._text.startswith(begins, at)
        )  # fmt: skip
        places = islice(chain(first, rest), MOST)
        numbers = (self._text.count("\n", 0, at) for at in places)
        return [_name_session(*self._sessions[at][2:], self._today) for at in numbers]

    def _find_lines(self, part: str, words: Sequence[str]) -> Iterator[int]:
        """Yield the offset of the line end before each session that has a part and all words."""
        text = self._text
        at = text.find(part)
        while at >= 0:
            begin = at if part[0] == "\n" else text.rindex("\n", 0, at)
            end = text.index("\n", begin + 1)
            line = text[begin:end]
            if all(word in line for word in words):
                yield begin
            at = text.find(part, end)


def find_commands(wanted: PlaceFilter, commands: Iterable[Command], state: State) -> list[Name]:
    """Return the first commands with all words in their name, or, if they are long, description."""
    found = [one for one in offered(commands, state.allowed) if one is not SEARCH]
    is_long = len(wanted.phrase) >= LONG
    named = [
        (fold_accents(f"{one.label} {one.help_text}" if is_long else one.label), _name(one, state))
        for one in found
    ]
    return _find(named, wanted)


def _find(named: Sequence[tuple[str, Name]], wanted: PlaceFilter) -> list[Name]:
    words = wanted.query.words
    if not words or wanted.about_items:
        return []
    found = [(text, name) for text, name in named if all(word in text for word in words)]
    found.sort(key=lambda one: not one[0].startswith(wanted.phrase))
    return [name for _, name in found[:MOST]]


def _name_lead(lead: Lead, state: State) -> Name:
    note = "" if is_active(lead) else str(find_phase(lead))
    return Name(state.workspace.display_name(lead), note, ("lead", lead.id))


def _fold_sessions(leads: Iterable[Lead], today: date) -> Iterator[tuple[date, str, Lead, Session]]:
    """Yield each session with its day and its folded name."""
    fold = lru_cache(maxsize=None)(lambda text: " ".join(fold_accents(text).split()))
    name_day = lru_cache(maxsize=None)(lambda day: fold_accents(format_date(day, today)))
    for lead in leads:
        name = fold(lead.name)
        for session in lead.sessions:
            day = session.at.day
            text = f"{name} {name_day(day)} {fold(session.skill or session.title or '')}"
            yield day, text.strip(), lead, session


def _name_session(lead: Lead, session: Session, today: date) -> Name:
    day = format_date(session.at.day, today)
    text = f"{lead.name} {day} {session.skill or session.title}".strip()
    line = (str(session.body_line),) if session.section else ()
    return Name(text, "", ("session", lead.id, session.path, *line))


def _name(command: Command, state: State) -> Name:
    label = f"{command.label[:1].upper()}{command.label[1:]}"
    return Name(f"{label}: {command.help_text}", state.key_of(command), command=command)
