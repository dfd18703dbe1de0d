"""The panes of a lead's page. Each composes its widgets and draws them from the state."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content

from tldash.insight.actions import (
    DueGroup,
    find_closed_since,
    find_held_days,
    find_since_session,
    group_by_due,
    is_open,
)
from tldash.insight.phase import is_active
from tldash.insight.schedule import find_last_session
from tldash.insight.skills import build_skill_progress, find_skill_for, find_stated_levels
from tldash.insight.starters import find_position
from tldash.insight.topics import AgendaTopic, find_agenda
from tldash.model.dates import format_date, format_relative, to_local
from tldash.model.item_keys import Key, task_key
from tldash.model.records import Action, Lead, Session, Task
from tldash.tui.keys import commands
from tldash.tui.screens.last_session import LastSessionNotes
from tldash.tui.state import State
from tldash.tui.style.text import HEAD, MUTED, words
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.last_notes import LastNotes
from tldash.tui.widgets.mark_list import MarkList
from tldash.tui.widgets.next_session import NextSessionView
from tldash.tui.widgets.row_list import Row, reuse_rows
from tldash.tui.widgets.session_guide import parts, questions, shape
from tldash.tui.widgets.skill_rows import SkillList, Voices, skill_rows
from tldash.tui.widgets.task_rows import (
    ONLY_YOU,
    ActionRow,
    Heading,
    carried_note,
    owner_of,
)
from tldash.tui.widgets.text_line import TextLine
from tldash.tui.widgets.topic_rows import TopicRow, describe_topic, with_kept

TITLE = "pane-title"
TITLE_IN_FOCUS = "pane-title pane-title-focus"
"""A title that changes colour while its pane has the focus."""


class ActionsPane:
    """The open actions, and those closed since the last session."""

    def __init__(self) -> None:
        self._title = TextLine("ACTIONS", id="actions-title", classes=TITLE_IN_FOCUS)
        self.list = MarkList(id="actions")
        self._kept: set[Key] = set()
        """Items closed here. They keep their places until the pane loses the focus."""
        self._show_closed = False
        self._selected_first = False

    def compose(self) -> ComposeResult:
        """Yield title and list."""
        yield self._title
        yield self.list

    def draw(self, lead: Lead, state: State) -> None:
        """Draw the groups of actions by due date."""
        found, closed = self._actions(lead, state)
        opened = sum(map(is_open, lead.actions))
        private = sum(map(is_open, state.workspace.private_actions(lead.id)))
        aside = f" · {private} {ONLY_YOU}" if private else ""
        since = _sum_up_since(lead, state)
        self._title.show(
            Content.assemble("ACTIONS  ", words(f"{opened} open{aside}{since}", MUTED))
        )

        calm = not is_active(lead)

        held = find_held_days(lead, state.now)

        def to_row(action: Action) -> Row:
            owner = owner_of(action, lead, state.you(lead))
            framework = state.workspace.framework
            carried = carried_note(action, held)
            return ActionRow(
                action, state.today, framework, owner=owner, calm=calm, carried=carried
            )

        rows: list[Row] = []
        for name, actions in group_by_due(found, state.today, state.you(lead)):
            late = name is DueGroup.OVERDUE and not calm
            rows.append(Heading(str(name), late=late, first=not rows))
            rows.extend(map(to_row, actions))
        if not found:
            rows.append(_nothing_open(lead, state))
        if closed:
            key = state.key_of(commands.CLOSED)
            note = f"{len(closed)} · {key} {'hides' if self._show_closed else 'shows'} them"
            rows.append(Heading(str(DueGroup.CLOSED), note, first=not rows))
            if self._show_closed:
                rows.extend(map(to_row, closed))
        first = next((row.key for row in rows if row.key is not None), None)
        rows = reuse_rows(rows, self.list.rows)
        select = None if self._selected_first else first
        self.list.show(rows, select=select, fresh=state.recent)
        self._selected_first = True

    def _actions(self, lead: Lead, state: State) -> tuple[list[Action], list[Action]]:
        """Return the open actions with the kept ones, and the others closed since last time."""
        found = [
            action
            for action in (*lead.actions, *state.workspace.private_actions(lead.id))
            if is_open(action) or task_key(action.task) in self._kept
        ]
        last = find_last_session(lead, state.now)
        since = to_local(last.at, state.now).day if last else None
        closed = [
            action
            for action in find_closed_since(lead, since)
            if task_key(action.task) not in self._kept
        ]
        return found, closed

    def keep(self, task: Task) -> None:
        """Leave an item in its place although it is being closed."""
        self._kept.add(task_key(task))

    def release(self) -> bool:
        """Stop keeping items; False if there are none."""
        kept = bool(self._kept)
        self._kept.clear()
        return kept

    def toggle_closed(self) -> None:
        """Show or hide the closed actions."""
        self._show_closed = not self._show_closed


def _sum_up_since(lead: Lead, state: State) -> str:
    """Return what happened since the last session: ` · since 3 Nov: 2 done, 1 added`."""
    since = find_since_session(lead, state.now)
    if since is None or not since[1]:
        return ""
    kinds = [one.kind for one in since[1]]
    counts = [f"{kinds.count(kind)} {kind}" for kind in ("done", "added", "dropped", "reached")]
    parts = ", ".join(count for count in counts if not count.startswith("0 "))
    return f" · since {format_date(since[0], state.today)}: {parts}"


def subject_file(lead: Lead) -> str:
    """Return the file that stands for a lead's files when it comes to who can read them."""
    return lead.about or (lead.sessions[-1].path if lead.sessions else lead.path)


def _nothing_open(lead: Lead, state: State) -> Row:
    if lead.actions:
        return Heading("nothing open", "every action is done or dropped", first=True)
    how = f"{state.key_of(commands.ADD)} adds one" if state.allowed.can_edit else ""
    return Heading("no actions yet", how, first=True)


class LastSessionPane:
    """The notes of the last session, where there is room for them."""

    def __init__(self) -> None:
        self._title = TextLine("LAST SESSION", id="last-title", classes=TITLE)
        self._list = LastNotes()
        self._notes = LastSessionNotes()

    def compose(self) -> ComposeResult:
        """Yield title and notes."""
        yield self._title
        yield self._list

    def draw(self, last: Session | None, state: State) -> bool:
        """Draw the notes as far as they are known; True if the text is yet to be loaded."""
        unread = self._notes.follow(last)
        note = "none held yet"
        if last is not None:
            day = to_local(last.at, state.now).day
            note = f"{format_date(day, state.today)} · {format_relative(day, state.today)}"
        self._title.show(Content.assemble("LAST SESSION  ", (note, MUTED)))
        self._list.show_notes(self._notes.found if last is not None else (), self._notes.error)
        return unread

    def take_text(self, last: Session, text: str | None, error: str) -> bool:
        """Take the text of the session's file; True if there is something new to draw."""
        return self._notes.take_text(last, text, error)


class NextSessionPane:
    """The next session and, where there is room, what to prepare for it."""

    def __init__(self) -> None:
        self._canvas = Canvas(id="next")
        self.list = MarkList(id="agenda")
        self._kept: set[Key] = set()
        """Topics settled here. They keep their places until the list loses the focus."""
        self._prepare = Canvas(id="prepare")

    def compose(self) -> ComposeResult:
        """Yield title, summary and agenda."""
        yield TextLine("NEXT SESSION", id="next-title", classes=TITLE)
        yield self._canvas
        yield self.list

    def compose_prepare(self) -> ComposeResult:
        """Yield the questions and the shape of a session, which stand below the skills."""
        yield self._prepare

    def draw(self, lead: Lead, state: State, *, narrow: bool) -> None:
        """Draw the next session. In `narrow` screens its title is on the first line."""
        framework = state.workspace.framework
        following = NextSessionView.of(lead, state)

        topics = with_kept(find_agenda(lead, state.now), lead, self._kept)
        for task in state.workspace.private_topics(lead.id):
            if not task.status.closed or task_key(task) in self._kept:
                topics.append(AgendaTopic(task))
        rows = [
            TopicRow(topic, describe_topic(topic, lead, state.today, state.you(lead)))
            for topic in topics
        ]
        self.list.show(reuse_rows(rows, self.list.rows), fresh=state.recent)
        self.list.set_class(not rows, "-empty")

        def summary(width: int, height: int) -> Content:
            if not narrow:
                return Content("\n").join(following.summary(width, height, counted=False))
            title = Content.styled("NEXT SESSION  ", HEAD)
            lines = following.summary(width - title.cell_length, height, counted=True)
            return Content("\n").join([Content.assemble(title, lines[0]), *lines[1:]])

        def prepare(width: int, height: int) -> Content:
            asked = questions(find_skill_for(lead, framework, state.now), width)
            position = find_position(lead, framework, state.now)
            return Content("\n").join(
                parts([asked, shape(framework.shape_for(position.number), position, width)], height)
            )

        self._canvas.paint(summary, (following, narrow))
        self._prepare.paint(prepare, (lead, framework, state.now))

    def keep(self, task: Task) -> None:
        """Leave a topic in its place although it is being settled."""
        self._kept.add(task_key(task))

    def release(self) -> bool:
        """Stop keeping topics; False if there are none."""
        kept = bool(self._kept)
        self._kept.clear()
        return kept


class SkillsPane:
    """The skills with their levels, and the markers of unfolded ones."""

    def __init__(self) -> None:
        self._title = TextLine("SKILLS", id="skills-title", classes=TITLE_IN_FOCUS)
        self.list = SkillList(id="skills")
        self._unfolded: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        """Yield title and list."""
        yield self._title
        yield self.list

    def draw(self, lead: Lead, state: State) -> None:
        """Draw the skills."""
        views = build_skill_progress(lead, state.workspace.framework, state.now)
        framework = state.workspace.framework
        voices = Voices(
            {
                view.skill.id: find_stated_levels(lead, view.skill, framework, state.now)
                for view in views
            },
            lead,
            state.you(lead),
        )
        self.list.show(skill_rows(views, self._unfolded, state.today, voices))
        hint = ""
        if self.list.has_focus and not self._unfolded:
            hint = f"  {state.key_of(commands.OPEN)} shows the markers"
        self._title.show(Content.assemble("SKILLS", (hint, MUTED)))

    def toggle(self, skill_id: str) -> None:
        """Fold or unfold a skill."""
        self._unfolded ^= {skill_id}
