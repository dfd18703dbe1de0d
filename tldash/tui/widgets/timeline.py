"""The sessions of a lead in a row, from the first to the next one."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tldash.insight.phase import find_phase, is_active
from tldash.insight.schedule import NextState, find_next_session, resolve_status
from tldash.model.dates import format_date, to_local
from tldash.model.framework import Framework
from tldash.model.item_keys import Key, session_key
from tldash.model.records import Lead, Session, SessionStatus
from tldash.tui.keys.commands import BOTTOM, TOP
from tldash.tui.style.text import ACCENT, HEAD, LATE, MUTED, PLAIN, STRONG, words

SIGNS = {
    SessionStatus.HELD: ("●", ACCENT),
    SessionStatus.PLANNED: ("·", STRONG),
    SessionStatus.MISSED: ("○", MUTED),
    SessionStatus.CANCELLED: ("○", MUTED),
}
GAP = 3


class Stop:
    """A session in the row. Its content is computed when it is visible."""

    def __init__(self, session: Session, framework: Framework, now: datetime, fresh: bool) -> None:
        self.session = session
        self._framework = framework
        self._now = now
        self._fresh = fresh

    @cached_property
    def content(self) -> Content:
        """Icon, day and skill."""
        session, now = self.session, self._now
        status = resolve_status(session, now)
        sign = SIGNS[status]
        if status is SessionStatus.HELD and not session.has_notes:
            sign = ("◌", LATE)
        day = format_date(to_local(session.at, now).day, now.date())
        about = _about(session, self._framework, now)
        mark = "•" if self._fresh else ""
        parts = [
            (f"{mark}{sign[0]} ", sign[1]),
            (day, PLAIN),
            (f" {about}" if about else "", MUTED),
        ]
        return Content.assemble(*((words(text).plain, style) for text, style in parts if text))

    @property
    def size(self) -> int:
        """Its width with the gap behind it."""
        return self.content.cell_length + GAP


def stops(
    lead: Lead, framework: Framework, now: datetime, fresh: frozenset[Key]
) -> tuple[Stop, ...]:
    """Return the sessions of a lead."""
    return tuple(
        Stop(session, framework, now, session_key(session) in fresh) for session in lead.sessions
    )


def _about(session: Session, framework: Framework, now: datetime) -> str:
    status = resolve_status(session, now)
    if status in (SessionStatus.MISSED, SessionStatus.CANCELLED):
        return str(status)
    if skill := framework.find_skill(session.skill):
        return skill.id
    if session.skill:
        return session.skill
    if status is SessionStatus.PLANNED:
        return "planned"
    if not session.has_notes:
        return "not written up"
    return "start" if session.number == 1 else ""


class Timeline(Widget, can_focus=True):
    """A row of sessions. It shows the last ones that fit, or those around the cursor."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Timeline { height: 2; padding: 0 1; border-top: solid $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1)", "Earlier", show=False),
        Binding("right,l", "move(1)", "Later", show=False),
        TOP.binding,
        BOTTOM.binding,
        Binding("enter", "open", "Open", show=False, id="open"),
    ]

    stops: reactive[tuple[Stop, ...]] = reactive(())
    cursor: reactive[int] = reactive(-1)
    ending: reactive[Content] = reactive(Content(""))
    _basis: tuple[object, ...] = ()

    class Opened(Message):
        """A session was opened."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    def show(self, lead: Lead, framework: Framework, now: datetime, fresh: frozenset[Key]) -> None:
        """Show the sessions of a lead. The cursor stays on its session."""
        basis = lead, framework, now, fresh.intersection(map(session_key, lead.sessions))
        if basis == self._basis:
            return
        self._basis = basis
        place = self.selected.place if self.selected else None
        self.stops = stops(lead, framework, now, fresh)
        places = [stop.session.place for stop in self.stops]
        self.cursor = places.index(place) if place in places else len(places) - 1
        following = find_next_session(lead, now)
        text = "· none planned" if following.state in (NextState.NONE, NextState.MISSING) else ""
        if following.state is NextState.PLANNED and following.session is None and following.at:
            text = f"· {format_date(to_local(following.at, now).day, now.date())} planned"
        if not is_active(lead) and following.state is NextState.NONE:
            text = f"· {find_phase(lead)}"
        self.ending = words(text, MUTED)

    @property
    def selected(self) -> Session | None:
        """The session under the cursor."""
        return self.stops[self.cursor].session if 0 <= self.cursor < len(self.stops) else None

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a session."""
        return min(max(cursor, 0 if self.stops else -1), len(self.stops) - 1)

    def render(self) -> Content:
        """Render the row."""
        title = Content.styled("SESSIONS  ", f"bold {ACCENT}" if self.has_focus else HEAD)
        if not self.stops:
            return Content.assemble(title, ("none yet", MUTED))
        first, last = self._window(self.content_size.width)
        parts = [title]
        if first:
            parts.append(Content.styled(f"‹ {first} more   ", MUTED))
        for index in range(first, last):
            content = self.stops[index].content
            if index == self.cursor and self.has_focus:
                content = content.stylize("reverse")
            parts.extend((content, Content(" " * GAP)))
        if last < len(self.stops):
            parts.append(Content.styled(f"{len(self.stops) - last} more ›", MUTED))
        else:
            parts.append(self.ending)
        return Content.assemble(*parts).truncate(self.content_size.width, ellipsis=True)

    def _window(self, width: int) -> tuple[int, int]:
        """Return the range of sessions that fit around the cursor, earlier ones first."""
        room = width - len("SESSIONS  ") - self.ending.cell_length - 10
        first = last = max(self.cursor, 0) if self.has_focus else len(self.stops) - 1
        room -= self.stops[first].size
        last += 1
        while first > 0 and room >= self.stops[first - 1].size:
            first -= 1
            room -= self.stops[first].size
        while last < len(self.stops) and room >= self.stops[last].size:
            room -= self.stops[last].size
            last += 1
        return first, last

    def action_move(self, by: int) -> None:
        """Go to an earlier or later session."""
        self.cursor += by

    def action_edge(self, to: int) -> None:
        """Go to the first or last session."""
        self.cursor = 0 if to < 0 else len(self.stops) - 1

    def action_open(self) -> None:
        """Open the session."""
        if self.selected is not None:
            self.post_message(self.Opened(self.selected))

    def on_click(self, event: events.Click) -> None:
        """Select on a click, open on a double-click."""
        offset = event.get_content_offset(self)
        if offset is None or not self.stops:
            return
        first, last = self._window(self.content_size.width)
        at = len("SESSIONS  ") + (len(f"‹ {first} more   ") if first else 0)
        for index in range(first, last):
            size = self.stops[index].content.cell_length
            if at <= offset.x < at + size:
                self.cursor = index
                if event.chain == 2:
                    self.action_open()
            at += size + GAP
