"""The palette that jumps to a lead, session or action by a few letters of its name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tldash.insight.actions import is_open
from tldash.insight.phase import find_phase, is_active
from tldash.insight.topics import place_topics
from tldash.model.dates import format_date
from tldash.model.frozen import frozen
from tldash.model.records import Lead
from tldash.model.spelling import fold_accents
from tldash.tui.palettes.palette import Palette
from tldash.tui.screens.messages import OpenPage
from tldash.tui.screens.page import Page
from tldash.tui.state import State
from tldash.tui.style.text import MUTED, words

CHUNK = 200
"""Places to match before other tasks of the event loop, such as key presses, may run."""


@frozen
class Place:
    """A screen to jump to."""

    words: str
    """The text to match."""
    kind: str
    page: tuple[str, ...]
    """The name and the arguments of the screen."""
    weight: float
    """Factor of the score."""

    def shown(self) -> Content:
        """Return the line of the list."""
        return Content.assemble(words(self.words), "  ", words(self.kind, MUTED))


def places(state: State) -> Iterator[Place]:
    """Yield every lead, session and action, and the open topics.

    Open actions have a higher weight than closed ones. Leads whose coaching is paused or has ended
    come last.
    """
    leads = sorted(state.workspace.leads, key=lambda lead: not is_active(lead))
    for lead in leads:
        kind, weight = ("lead", 1.5) if is_active(lead) else (f"lead, {find_phase(lead)}", 1.3)
        yield Place(lead.name, kind, ("lead", lead.id), weight)
    for lead in leads:
        yield from _of(lead, state)


def _of(lead: Lead, state: State) -> Iterator[Place]:
    for session in reversed(lead.sessions):
        day = format_date(session.at.day, state.today)
        what = f"{lead.name} {day} {session.skill or session.title}".strip()
        line = (str(session.body_line),) if session.section else ()
        yield Place(what, "session", ("session", lead.id, session.path, *line), 1.2)
    yield from _topics(lead, state)
    paths = {session.path for session in lead.sessions}
    for action in lead.actions:
        task = action.task
        spot = ("session", lead.id, task.path, str(task.line))
        to = spot if task.path in paths else ("lead", lead.id)
        kind, weight = ("action", 1.0) if is_open(action) else (f"{task.status} action", 0.8)
        yield Place(task.text, f"{kind} of {lead.name}", to, weight)


def _topics(lead: Lead, state: State) -> Iterator[Place]:
    """Yield the open topics, with the agenda that each is on."""
    for agenda in place_topics(lead, state.now):
        for topic in agenda.topics:
            task, left = topic.task, topic.left_open_from
            notes = [f"topic of {lead.name}"]
            if left is not None:
                notes.append(f"left open {format_date(left, state.today)}")
            page = ("session", lead.id, task.path, str(task.line))
            yield Place(task.text, " · ".join(notes), page, 1.0)


class JumpProvider(Provider):
    """The places as hits of a palette."""

    async def startup(self) -> None:
        """Collect the places when the palette opens."""
        state = self.screen.state if isinstance(self.screen, Page) else None
        self._places = list(places(state)) if state is not None else []
        self._folded = [fold_accents(place.words) for place in self._places]

    def _go(self, place: Place) -> None:
        self.screen.post_message(OpenPage(*place.page))

    async def discover(self) -> Hits:
        """Yield the leads, before anything is typed."""
        for place in self._places:
            if place.page[0] == "lead" and place.weight > 1.2:
                yield DiscoveryHit(place.shown(), partial(self._go, place), text=place.words)

    async def search(self, query: str) -> Hits:
        """Yield the places that have these letters in this order, with or without their accents."""
        matcher = self.matcher(fold_accents(query))
        for number, place in enumerate(self._places):
            if number % CHUNK == 0:
                await asyncio.sleep(0)
            score = matcher.match(self._folded[number])
            if score > 0:
                hit = partial(self._go, place)
                yield Hit(score * place.weight, place.shown(), hit, text=place.words)


def palette() -> Palette:
    """Return the palette."""
    return Palette(providers=[JumpProvider], placeholder="a lead, a session, an action, a topic")
