"""Leads, sessions and commands that are found by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tldash.insight.phase import find_phase, is_active
from tldash.insight.place_filter import PlaceFilter
from tldash.model.dates import format_date
from tldash.model.frozen import frozen
from tldash.model.records import Lead
from tldash.model.spelling import fold_accents
from tldash.tui.keys.commands import SEARCH, Command, offered
from tldash.tui.state import State

MOST: Final = 5
"""Leads, sessions and commands that are listed of each while words are typed."""
LONG: Final = 4
"""Letters from which on descriptions of commands are searched: each has `the` in it."""


@frozen
class Name:
    """A name that leads somewhere."""

    text: str
    note: str
    page: tuple[str, ...] = ()
    """The name and the arguments of the screen to open."""
    command: Command | None = None
    """The command to run instead."""


class Names:
    """The leads and sessions of a state by name. Each name is folded once."""

    def __init__(self, state: State) -> None:
        leads = sorted(state.workspace.leads, key=lambda lead: not is_active(lead))
        self.leads = [_name_lead(lead, state) for lead in leads]
        self._leads = [(fold_accents(name.text), name) for name in self.leads]
        latest = sorted(_name_sessions(leads, state), key=lambda one: one[0], reverse=True)
        self._sessions = [(fold_accents(name.text), name) for *_, name in latest]

    def find_leads(self, wanted: PlaceFilter) -> list[Name]:
        """Return the first leads whose name has all words, those that begin with them first."""
        return _find(self._leads, wanted)

    def find_sessions(self, wanted: PlaceFilter) -> list[Name]:
        """Return the latest sessions with all words in lead, day, skill or title."""
        return _find(self._sessions, wanted)


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


def _name_sessions(leads: Iterable[Lead], state: State) -> Iterator[tuple[tuple[int, str], Name]]:
    for lead in leads:
        for session in lead.sessions:
            day = format_date(session.at.day, state.today)
            text = f"{lead.name} {day} {session.skill or session.title}".strip()
            line = (str(session.body_line),) if session.section else ()
            page = ("session", lead.id, session.path, *line)
            yield (session.at.day.toordinal(), text), Name(text, "", page)


def _name(command: Command, state: State) -> Name:
    label = f"{command.label[:1].upper()}{command.label[1:]}"
    return Name(f"{label}: {command.help_text}", state.key_of(command), command=command)
