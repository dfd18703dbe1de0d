"""The rows beside the notes of a session under way: what to tick, and what to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from textual.content import Content

from tldash.insight.actions import (
    describe_carried,
    find_carried_through,
    find_closed_since,
    find_held_days,
    find_open_actions,
    is_open,
)
from tldash.insight.people import ViewerRole, format_owner
from tldash.insight.schedule import find_held_sessions
from tldash.insight.skills import SkillProgress, build_skill_progress, find_stated_levels
from tldash.insight.topics import AgendaTopic, find_agenda
from tldash.model.dates import format_date, pluralize
from tldash.model.framework import Focus, Level, Skill
from tldash.model.records import Action, Lead, Session
from tldash.tui.state import State
from tldash.tui.style.text import (
    ACCENT,
    HEAD,
    MUTED,
    STRONG,
    bullets,
    hanging,
    meter,
    prose,
    words,
    wrap,
)
from tldash.tui.widgets.row_list import Row
from tldash.tui.widgets.skill_rows import MarkerRow
from tldash.tui.widgets.task_rows import DUE_WIDTH, TaskRow, due, owner_of


class TextRow(Row):
    """Text to look at, wrapped. It cannot be selected."""

    def __init__(self, sign: str, content: Content) -> None:
        self._sign = sign
        self._content = content
        self.basis = (sign, content.markup)

    def lines(self, width: int) -> Sequence[Content]:
        return hanging(self._sign, self._content, width) if self._content else (Content(""),)


class HeadRow(Row):
    """A heading with a note, below an empty line unless it is the first."""

    def __init__(self, name: str, note: Content | None = None, *, first: bool = False) -> None:
        self._line = Content.assemble(words(name, HEAD), "  ", note or "")
        self._first = first
        self.basis = (self._line.markup, first)

    def lines(self, width: int) -> Sequence[Content]:
        line = self._line.truncate(width, ellipsis=True)
        return (line,) if self._first else (Content(""), line)


class NotedTaskRow(TaskRow):
    """A task item with a note after its text, and its due date."""

    widths: tuple[int, ...] = (DUE_WIDTH + 2,)

    def __init__(
        self,
        action: Action | None,
        topic: AgendaTopic | None,
        lead: Lead,
        state: State,
        indent: int = 0,
    ) -> None:
        self.indent = indent
        task = action.task if action is not None else topic.task  # type: ignore[union-attr]
        super().__init__(task)
        self._today = state.today
        self.waiting = ""
        if action is not None:
            self.owner = owner_of(action, lead, state.you(lead))
            carried = len(find_carried_through(action, find_held_days(lead, state.now)))
            open_again = carried > 1 and not action.status.closed
            self.waiting = describe_carried(carried) if open_again else ""
        elif topic is not None:
            notes = []
            if topic.left_open_from is not None:
                notes.append(f"left open {format_date(topic.left_open_from, state.today)}")
            if topic.by:
                notes.append(format_owner(topic.by, lead, state.you(lead)))
            self.waiting = " · ".join(notes)
            self.widths = ()
        self.basis = (task, self.waiting, self.owner, self._today, self.widths, indent)

    def side(self) -> Sequence[Content]:
        return (due(self.task, self._today),) if self.widths else ()


def beside(session: Session, lead: Lead, state: State, focus: Focus) -> list[Row]:
    """Return what stands beside the notes. What the current part is about comes first."""
    groups = {
        Focus.SKILL: [*_skill(session, lead, state)],
        Focus.LAST_ACTIONS: [*_last_actions(session, lead, state)],
        Focus.AGENDA: [*_agenda(session, lead, state)],
        Focus.GOALS: [*_goals(lead)],
    }
    first = focus if focus in groups else Focus.SKILL
    order = [first, *(one for one in groups if one is not first)]
    rows: list[Row] = []
    for name in order:
        if groups[name]:
            if rows:
                rows.append(Row())
            rows.extend(groups[name])
    return [*rows, *_private(lead, state), *_readers(session, state)]


def _private(lead: Lead, state: State) -> Iterator[Row]:
    """Yield the open topics and actions that only the viewer can read."""
    topics = [one for one in state.workspace.private_topics(lead.id) if not one.status.closed]
    actions = [one for one in state.workspace.private_actions(lead.id) if is_open(one)]
    if topics or actions:
        yield HeadRow("ONLY YOU", Content.styled("nobody else can read these", MUTED))
    for topic in topics:
        yield NotedTaskRow(None, AgendaTopic(topic), lead, state)
    for action in actions:
        yield NotedTaskRow(action, None, lead, state)


def _readers(session: Session, state: State) -> Iterator[Row]:
    """Yield who can read what is typed."""
    if readers := state.readers_of(session.path):
        yield HeadRow("THESE NOTES")
        yield TextRow("", words(readers, MUTED))


def skill_of(session: Session, lead: Lead, state: State) -> SkillProgress | None:
    """Return the progress in the skill that was chosen for a session."""
    skill = state.workspace.framework.find_skill(session.skill) if session.skill else None
    views = build_skill_progress(lead, state.workspace.framework, state.now)
    return next((view for view in views if view.skill is skill), None)


def _skill(session: Session, lead: Lead, state: State) -> Iterator[Row]:
    view = skill_of(session, lead, state)
    if view is None:
        yield HeadRow("SKILL", Content.styled("none chosen yet", MUTED), first=True)
        return
    level = _agreed(view, session)
    name = words(level or "no level yet", STRONG if level else MUTED)
    rank = view.skill.rank_of(level) if level else 0
    picture = meter(rank, len(view.skill.levels))
    voices = _voices(view, session, lead, state)
    note = Content.assemble(picture, " ", name, *voices)
    yield HeadRow(view.skill.name.upper(), note, first=True)
    for place, step in enumerate(view.skill.levels, 1):
        here = place == rank
        sign = "▸ " if here else "  "
        text = step.description or step.name
        yield TextRow(sign, words(text, STRONG if here else MUTED))
        if place in (rank, rank + 1):
            yield from _behaviour(view, step, state)


def _behaviour(view: SkillProgress, step: Level, state: State) -> Iterator[Row]:
    """Yield what others can observe at a level: the markers to tick, else those by default."""
    markers = [marker for marker in view.markers if marker.level == step.id]
    for marker in markers:
        yield MarkerRow(marker, state.today)
    if not view.markers:
        yield from (TextRow("  · ", words(text, MUTED)) for text in step.markers)


def _voices(
    view: SkillProgress, session: Session, lead: Lead, state: State
) -> Iterator[tuple[str, str] | Content]:
    """Yield what lead and coach state about the level in this session, where it may be seen."""
    stated = find_stated_levels(lead, view.skill, state.workspace.framework, state.now)
    you = state.you(lead)
    for one in stated:
        if one.session.place != session.place:
            continue
        for role in (ViewerRole.LEAD, ViewerRole.COACH):
            rank = one.rank(role)
            if rank and not one.is_hidden(role, you):
                name = "you" if role is you else role.value
                yield (f" · {name} ", MUTED)
                yield meter(rank, len(view.skill.levels))


def _agreed(view: SkillProgress, session: Session) -> str:
    """Return the level that this session agreed on, else the last one."""
    levels = dict(session.levels)
    skill: Skill = view.skill
    here = levels.get(skill.id.lower()) or levels.get(skill.name.lower())
    return here or (view.level.id if view.level is not None else "")


def _last_actions(session: Session, lead: Lead, state: State) -> Iterator[Row]:
    """Yield the actions agreed before this session: the open ones, and those done since."""
    earlier, done = find_last_actions(session, lead, state.now)
    if not earlier and not done:
        return
    count = f"{len(done)} of {len(done) + len(earlier)} done"
    yield HeadRow("LAST TIME'S ACTIONS", Content.styled(count, MUTED), first=True)
    for action in (*earlier, *done):
        yield NotedTaskRow(action, None, lead, state)


def find_last_actions(
    session: Session, lead: Lead, now: datetime
) -> tuple[list[Action], list[Action]]:
    """Return the open actions of earlier sessions, and those closed since the last one."""
    held = [one for one in find_held_sessions(lead, now) if one.at.day < session.at.day]
    since = held[-1].at.day if held else None
    earlier = [one for one in find_open_actions(lead) if one.task.path != session.path]
    done = [one for one in find_closed_since(lead, since) if one.task.path != session.path]
    return earlier, done


def counts(session: Session, lead: Lead, state: State, key: str) -> Content:
    """Count on one line what a narrow window does not show; `key` shows it."""
    earlier, done = find_last_actions(session, lead, state.now)
    topics = len(find_agenda(lead, state.now, session))
    parts = [
        words(f"{len(done)} of {len(done) + len(earlier)} actions done"),
        words(pluralize(topics, "topic")),
    ]
    view = skill_of(session, lead, state)
    if view is not None:
        parts.append(words(f"{view.skill.id} {_agreed(view, session)}".strip()))
    return Content.assemble(bullets(parts), "  ", (key, ACCENT), (" shows them", MUTED))


def _agenda(session: Session, lead: Lead, state: State) -> Iterator[Row]:
    settled = [topic for topic in session.topics if topic.status.closed]
    topics = find_agenda(lead, state.now, session)
    if not topics and not settled:
        return
    note = Content.styled(f"{len(topics)} open", MUTED)
    yield HeadRow("AGENDA", note, first=True)
    for topic in topics:
        yield NotedTaskRow(None, topic, lead, state)
    for task in settled:
        yield NotedTaskRow(None, AgendaTopic(task), lead, state)


def _goals(lead: Lead) -> Iterator[Row]:
    goals = [goal for goal in lead.goals if not goal.status.closed]
    if goals:
        yield HeadRow("GOALS", first=True)
        for goal in goals:
            yield TextRow("· ", prose(goal.text))


def last_wish(lines: Sequence[str], width: int) -> list[Content]:
    """Format what people wanted of the structure last time."""
    text = "; ".join(lines)
    return wrap(Content.assemble(("last time you wanted  ", ACCENT), prose(text)), width)
