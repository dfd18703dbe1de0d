"""The next session: its date, its agenda and its skill.

If the lines do not suffice, the agenda is shortened first and ends in "and 2 more".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from textual.content import Content

from tldash.insight.people import ViewerRole
from tldash.insight.phase import Phase, find_phase, is_active
from tldash.insight.schedule import NextSession, NextState, estimate_next_day, find_next_session
from tldash.insight.skills import find_skill_for, format_explored
from tldash.insight.topics import AgendaTopic, find_agenda
from tldash.model.dates import format_date, format_exact, format_moment, pluralize
from tldash.model.framework import Framework
from tldash.model.frozen import frozen
from tldash.model.records import Lead
from tldash.tui.keys import commands
from tldash.tui.state import State
from tldash.tui.style.text import (
    ACCENT,
    LATE,
    MUTED,
    PLAIN,
    STRONG,
    bullets,
    hanging,
    prose,
    words,
    wrap,
)
from tldash.tui.widgets.topic_rows import describe_topic

UNBOUNDED: Final = 1000
"""A number of lines that is never reached."""


def next_session(lead: Lead, now: datetime) -> Content:
    """Format the date of the next session."""
    found = find_next_session(lead, now)
    if found.at is None:
        return Content.styled("none planned" if is_active(lead) else "", MUTED)
    text = format_moment(found.at, now)
    if found.state is not NextState.PLANNED:
        return Content.styled(text, LATE)
    close = text.startswith(("today", "tomorrow"))
    return Content.styled(text, f"bold {ACCENT}" if close else PLAIN)


@frozen
class NextSessionView:
    """The next session of a lead, as lines of text."""

    lead: Lead
    framework: Framework
    now: datetime
    you: ViewerRole = ViewerRole.ANOTHER
    plan_key: str = commands.NEW_SESSION.shown
    """The key that plans a session; empty in read-only mode."""

    @classmethod
    def of(cls, lead: Lead, state: State) -> NextSessionView:
        """Return the next session as the viewer sees it."""
        framework = state.workspace.framework
        plan_key = state.key_of(commands.NEW_SESSION) if state.allowed.can_edit else ""
        return cls(lead, framework, state.now, state.you(lead), plan_key)

    def summary(self, width: int, height: int, *, counted: bool) -> list[Content]:
        """Return at most `height` lines without the agenda. `counted` counts its topics."""
        found = find_next_session(self.lead, self.now)
        first = self._when(found)
        if counted and (topics := find_agenda(self.lead, self.now)):
            first[0] = bullets([first[0], words(pluralize(len(topics), "topic"), MUTED)])
        lines = [line for part in (*first, *self._about()) for line in wrap(part, width)]
        return lines[:height]

    def lines(self, width: int, height: int = UNBOUNDED) -> list[Content]:
        """Return at most `height` lines."""
        found = find_next_session(self.lead, self.now)
        about = [line for part in self._about() for line in wrap(part, width)]
        topics = find_agenda(self.lead, self.now)
        first = self._when(found)
        when = [line for part in first for line in wrap(part, width)]
        if topics and len(when) + len(about) >= height:
            first[0] = bullets([first[0], words(pluralize(len(topics), "topic"), MUTED)])
            when = [line for part in first for line in wrap(part, width)]
        agenda = self._agenda(topics, width, height - len(when) - len(about))
        return [*when, *agenda, *about][:height]

    def _when(self, found: NextSession) -> list[Content]:
        now = self.now
        if found.at is None and not is_active(self.lead):
            ended = find_phase(self.lead) is Phase.ENDED
            return [Content.styled("coaching has ended" if ended else "coaching is paused", STRONG)]
        if found.at is None:
            usual = estimate_next_day(self.lead, now)
            note = f" · due around {format_date(usual, now.date())}" if usual else ""
            if usual and usual < now.date():
                note = f" · was due around {format_date(usual, now.date())}"
            plan = Content.styled(" plans it", MUTED)
            how = Content.assemble(": ", words(self.plan_key, ACCENT), plan)
            how = how if self.plan_key else Content("")
            return [Content.assemble(("none planned", STRONG), how, (note, MUTED))]
        parts = [next_session(self.lead, now), Content.styled(format_exact(found.at, now), MUTED)]
        if found.session and found.session.duration:
            parts.append(words(f"{found.session.duration} min", MUTED))
        lines = [bullets(parts)]
        if found.state is not NextState.PLANNED:
            lines.append(Content.styled("not written up yet", LATE))
        return lines

    def _agenda(self, topics: Sequence[AgendaTopic], width: int, room: int) -> list[Content]:
        """List the topics with who added them, or count them if they do not fit."""
        lines: list[Content] = []
        for number, topic in enumerate(topics):
            here = hanging("– ", self._topic(topic), width)
            more = len(topics) - number
            if len(lines) + len(here) + (more > 1) > room:
                left = (
                    f"  and {more} more" if lines else f"{pluralize(more, 'topic')} on the agenda"
                )
                lines.extend([words(left, MUTED)] if room > 0 else [])
                break
            lines.extend(here)
        return lines

    def _topic(self, topic: AgendaTopic) -> Content:
        about = describe_topic(topic, self.lead, self.now.date(), self.you)
        return Content.assemble(
            prose(topic.task.text), words(f" · {about}" if about else "", MUTED)
        )

    def _about(self) -> list[Content]:
        """Return the chosen skill, else the suggested one with the reason."""
        idea = find_skill_for(self.lead, self.framework, self.now)
        if idea is None or not (idea.chosen or is_active(self.lead)):
            return []
        if idea.chosen:
            return [Content.assemble(("about  ", MUTED), words(idea.skill.name))]
        why = f"  {format_explored(idea, self.now.date())}"
        return [Content.assemble(("suggested  ", MUTED), words(idea.skill.name), (why, MUTED))]
