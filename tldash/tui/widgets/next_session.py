"""The next session, for one who prepares it: when, what is on the agenda and by whom, about what.

Everything is told, on as many lines as it takes; where there are fewer, what is left out is
counted, and the agenda gives way before the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from textual.content import Content

from tldash.insight.people import ViewerRole, format_owner
from tldash.insight.schedule import NextSession, NextState, estimate_next_day, find_next_session
from tldash.insight.skills import format_explored, suggest_skill
from tldash.model.dates import format_date, format_exact, format_moment, pluralize
from tldash.model.framework import Framework, Skill
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Task
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

UNBOUNDED: Final = 1000
"""Lines, where as many as it takes may be used."""


def next_session(lead: Lead, now: datetime) -> Content:
    """When the next session is, in words."""
    found = find_next_session(lead, now)
    if found.at is None:
        return Content.styled("none planned", MUTED)
    said = format_moment(found.at, now)
    if found.state is not NextState.PLANNED:
        return Content.styled(said, LATE)
    close = said.startswith(("today", "tomorrow"))
    return Content.styled(said, f"bold {ACCENT}" if close else PLAIN)


@frozen
class Coming:
    """The next session of a lead, as it is told."""

    lead: Lead
    framework: Framework
    now: datetime
    you: ViewerRole = ViewerRole.ANOTHER
    plan_key: str = commands.NEW_SESSION.shown
    """The key that plans a session; empty where none may."""

    @classmethod
    def of(cls, lead: Lead, state: State) -> Coming:
        """The next session as the viewer is told it."""
        framework = state.workspace.framework
        plan_key = state.key_of(commands.NEW_SESSION) if state.allowed.can_edit else ""
        return cls(lead, framework, state.now, state.you(lead), plan_key)

    def lines(self, width: int, height: int = UNBOUNDED) -> list[Content]:
        """All of it, in at most `height` lines."""
        found = find_next_session(self.lead, self.now)
        about = [line for part in self._about(found) for line in wrap(part, width)]
        topics = found.session.topics if found.session else ()
        left = [topic for topic in topics if not topic.status.closed]
        said = self._when(found)
        when = [line for part in said for line in wrap(part, width)]
        if left and len(when) + len(about) >= height:
            said[0] = bullets([said[0], words(pluralize(len(left), "topic"), MUTED)])
            when = [line for part in said for line in wrap(part, width)]
        agenda = self._agenda(left, width, height - len(when) - len(about))
        return [*when, *agenda, *about][:height]

    def _when(self, found: NextSession) -> list[Content]:
        now = self.now
        if found.at is None:
            usual = estimate_next_day(self.lead, now)
            note = f" · usual would be {format_date(usual, now.date())}" if usual else ""
            if usual and usual < now.date():
                note = f" · usual would have been {format_date(usual, now.date())}"
            plan = Content.styled(" plans it", MUTED)
            how = Content.assemble(": ", words(self.plan_key, ACCENT), plan)
            how = how if self.plan_key else Content("")
            return [Content.assemble(("none planned", STRONG), how, (note, MUTED))]
        parts = [next_session(self.lead, now), Content.styled(format_exact(found.at, now), MUTED)]
        if found.session and found.session.duration:
            parts.append(words(f"{found.session.duration} min", MUTED))
        lines = [bullets(parts)]
        if found.state is not NextState.PLANNED:
            lines.append(Content.styled("its notes are not written yet", LATE))
        return lines

    def _agenda(self, topics: Sequence[Task], width: int, room: int) -> list[Content]:
        """Each topic, and who put it there where the file tells; else how many there are."""
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

    def _topic(self, topic: Task) -> Content:
        owner = topic.fields.owner
        by = f" · {format_owner(owner, self.lead, self.you)}" if owner else ""
        return Content.assemble(prose(topic.text), words(by, MUTED))

    def _about(self, found: NextSession) -> list[Content]:
        """The skill that was chosen, else the one that is suggested and the reason for it."""
        skill = self.framework.find_skill(found.session.skill) if found.session else None
        if skill is not None:
            return [Content.assemble(("about  ", MUTED), words(skill.name))]
        idea = suggest_skill(self.lead, self.framework, self.now)
        if idea is None:
            return []
        why = f"  {format_explored(idea, self.now.date())}"
        return [Content.assemble(("suggested  ", MUTED), words(idea.skill.name), (why, MUTED))]


def skill_to_explore(lead: Lead, framework: Framework, now: datetime) -> Skill | None:
    """The skill of the next session: the one that was chosen, else the one that is suggested."""
    session = find_next_session(lead, now).session
    if session is not None and (skill := framework.find_skill(session.skill)):
        return skill
    idea = suggest_skill(lead, framework, now)
    return idea.skill if idea is not None else None
