"""A lead's own page: open actions, the next session, skills, goals, and the sessions so far."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from tldash.insight.actions import DueGroup, find_closed_since, group_by_due, is_open
from tldash.insight.schedule import find_last_session
from tldash.insight.skills import build_skill_progress
from tldash.model.dates import format_date, format_relative, to_local
from tldash.model.item_keys import task_key
from tldash.model.records import Action, Lead, Session, Task
from tldash.output.passages import Passage, extract_notes, parse_passages
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.messages import LoadText, OpenPage, ShowNotice
from tldash.tui.screens.page import own_bindings
from tldash.tui.screens.taskpage import DOING, TaskPage
from tldash.tui.state import State
from tldash.tui.style.text import HEAD, LATE, MUTED, words
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.last_notes import LastNotes
from tldash.tui.widgets.lead_header import header
from tldash.tui.widgets.mark_list import MarkList
from tldash.tui.widgets.next_session import Coming, skill_to_explore
from tldash.tui.widgets.row_list import Row, RowList, known_again
from tldash.tui.widgets.session_guide import parts, questions, shape
from tldash.tui.widgets.skill_rows import SkillRow, skill_rows
from tldash.tui.widgets.task_rows import ActionRow, Heading
from tldash.tui.widgets.timeline import Timeline

ROOMY: Final = Size(160, 44)
"""The size from which there is room for the notes of the last session, and for questions."""


class LeadPage(TaskPage):
    """Everything about one lead on one screen."""

    NAME = "lead"
    OWN: ClassVar[tuple[Command, ...]] = (
        commands.TICK,
        commands.OPEN,
        *DOING,
        commands.NEW_SESSION,
        commands.EDIT,
        commands.PANE,
        commands.CLOSED,
        commands.PANE_BACK,
        commands.SESSIONS,
    )
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    LeadPage {
        #header { height: auto; padding: 0 1; border-bottom: solid $panel; }
        #left { width: 3fr; }
        #right { width: 2fr; border-left: solid $panel; }
        .pane-title { height: 1; padding: 0 1 0 2; color: $text-muted; text-style: bold; }
        Vertical:focus-within > .pane-title-focus { color: $text-accent; }
        #next { height: auto; padding: 0 1 1 2; max-height: 50%; }
        #last, #last-title, #prepare { display: none; }
        #last:focus { background-tint: $primary 4%; }
        &.-roomy #last, &.-roomy #last-title, &.-roomy #prepare { display: block; }
        &.-roomy #actions { height: 3fr; }
        &.-roomy #last { height: 2fr; }
        &.-roomy #last-title { height: 2; border-top: solid $panel; }
        &.-roomy #skills { height: auto; max-height: 50%; }
        &.-roomy #prepare { height: 1fr; padding: 0 1 0 2; }
        &.-narrow #main { layout: vertical; }
        &.-narrow #left { width: 1fr; height: 1fr; }
        &.-narrow #right { width: 1fr; height: auto; border-left: none; border-top: solid $panel; }
        &.-narrow #next { padding: 0 1 0 2; max-height: 3; }
        &.-narrow #skills { height: auto; max-height: 5; }
        &.-narrow #next-title { display: none; }
        &.-narrow.-browsing #skills { max-height: 12; }
        &.-short #header { border-bottom: none; }
        &.-short.-narrow #right { border-top: none; }
        &.-short.-narrow #skills-title { display: none; }
    }
    """

    def __init__(self, lead_id: str) -> None:
        super().__init__()
        self.lead_id = lead_id
        self._kept: dict[Hashable, None] = {}
        self._unfolded: frozenset[str] = frozenset()
        self._show_closed = False
        self._began = False
        self._asked_for: str | None = None
        self._noted: tuple[Passage, ...] | None = None
        self._trouble = ""

    def compose_body(self) -> ComposeResult:
        yield Canvas(id="header")
        with Horizontal(id="main"):
            with Vertical(id="left"):
                yield Static(
                    "ACTIONS",
                    id="actions-title",
                    classes="pane-title pane-title-focus",
                    markup=False,
                )
                yield MarkList(id="actions")
                yield Static("LAST SESSION", id="last-title", classes="pane-title", markup=False)
                yield LastNotes()
            with Vertical(id="right"):
                yield Static("NEXT SESSION", id="next-title", classes="pane-title", markup=False)
                yield Canvas(id="next")
                yield Static(
                    "SKILLS", id="skills-title", classes="pane-title pane-title-focus", markup=False
                )
                yield MarkList(id="skills")
                yield Canvas(id="prepare")
        yield Timeline()

    def lead_here(self, state: State) -> Lead | None:
        return state.lead(self.lead_id)

    def place(self, state: State) -> tuple[str, ...]:
        lead = state.lead(self.lead_id)
        name = lead.name if lead else self.lead_id
        only = len(state.workspace.leads) == 1
        return (name,) if only else (state.workspace.name, name)

    def status(self, state: State) -> Content:
        lead = state.lead(self.lead_id)
        return self.lead_status(lead, state) if lead else super().status(state)

    def draw(self, state: State) -> None:
        lead = state.lead(self.lead_id)
        if lead is None:
            if state.loaded:
                self._draw_gone(state.key_of(commands.BACK))
            return
        tall, folder = self.has_class("-tall"), state.workspace.folder_of(lead.id)
        self.query_one("#header", Canvas).paint(
            lambda width, _: header(lead, state.now, width, tall=tall, folder=folder),
            (lead, state.now, tall, folder),
        )
        self._draw_actions(lead, state)
        self._draw_last(lead, state)
        self._draw_right(lead, state)
        self.query_one(Timeline).show(lead, state.workspace.framework, state.now, state.recent)

    def _draw_gone(self, back: str) -> None:
        gone = Content.assemble(
            words(self.lead_id, "bold"), (f" is no longer in the folder; {back} goes back", LATE)
        )
        self.query_one("#header", Canvas).paint(lambda width, _: gone.truncate(width))
        for rows in self.query(RowList):
            rows.show(())

    def _draw_actions(self, lead: Lead, state: State) -> None:
        rows = self.query_one("#actions", RowList)
        found, closed = self._actions(lead, state)
        opened = sum(map(is_open, lead.actions))
        self.say("#actions-title", Content.assemble("ACTIONS  ", (f"{opened} open", MUTED)))

        def draw(action: Action) -> Row:
            return ActionRow(action, state.today, state.workspace.framework)

        shown: list[Row] = []
        for name, actions in group_by_due(found, state.today):
            late = name is DueGroup.OVERDUE
            shown.append(Heading(str(name), late=late, first=not shown))
            shown.extend(map(draw, actions))
        if not found:
            shown.append(_nothing_open(lead, state))
        if closed:
            key = state.key_of(commands.CLOSED)
            note = f"{len(closed)} · {key} {'hides' if self._show_closed else 'shows'} them"
            shown.append(Heading(str(DueGroup.CLOSED), note, first=not shown))
            if self._show_closed:
                shown.extend(map(draw, closed))
        first = next((row.key for row in shown if row.key is not None), None)
        shown = known_again(shown, rows.rows)
        rows.show(shown, select=None if self._began else first, fresh=state.recent)
        self._began = True

    def _actions(self, lead: Lead, state: State) -> tuple[list[Action], list[Action]]:
        """Those to list, where they were though closed here; and those closed since last time."""
        found = [
            action
            for action in lead.actions
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

    # The last session, where there is room for its notes

    @property
    def _last(self) -> Session | None:
        lead = self.state.lead(self.lead_id) if self.state else None
        return find_last_session(lead, self.state.now) if lead and self.state else None

    @property
    def reads(self) -> str | None:
        last = self._last if self.has_class("-roomy") else None
        return last.path if last else None

    def fit(self, size: Size) -> None:
        super().fit(size)
        self.set_class(size.width >= ROOMY.width and size.height >= ROOMY.height, "-roomy")

    def on_resize(self, event: events.Resize) -> None:
        """There may be room for the notes now, or none any more."""
        super().on_resize(event)
        self.fit(event.size)
        self.redraw()

    def show_text(self, text: str | None, trouble: str) -> None:
        last = self._last
        if last is None or last.path != self.reads:
            return
        found = (
            extract_notes(
                parse_passages(
                    text, last.path, (*last.topics, *(action.task for action in last.actions)), last
                )
            )
            if text is not None
            else None
        )
        if (found, trouble) != (self._noted, self._trouble):
            self._noted, self._trouble = found, trouble
            self.redraw()

    def _draw_last(self, lead: Lead, state: State) -> None:
        if not self.has_class("-roomy"):
            return
        last = self._last
        if self.reads != self._asked_for:
            self._asked_for, self._noted, self._trouble = self.reads, None, ""
            if self.reads is not None:
                self.post_message(LoadText())
        said = "none held yet"
        if last is not None:
            at = to_local(last.at, state.now)
            said = f"{format_date(at.day, state.today)} · {format_relative(at.day, state.today)}"
        self.say("#last-title", Content.assemble("LAST SESSION  ", (said, MUTED)))
        self.query_one(LastNotes).tell(self._noted if last else (), self._trouble)

    def on_last_notes_wanted(self) -> None:
        """To the session's page."""
        if (last := self._last) is not None:
            self.post_message(OpenPage("session", self.lead_id, last.path))

    def _draw_right(self, lead: Lead, state: State) -> None:
        framework = state.workspace.framework

        following = Coming.of(lead, state)

        def coming(width: int, height: int) -> Content:
            if not self.has_class("-narrow"):
                return Content("\n").join(following.lines(width, height))
            title = Content.styled("NEXT SESSION  ", HEAD)
            lines = following.lines(width - title.cell_length, height)
            return Content("\n").join([Content.assemble(title, lines[0]), *lines[1:]])

        def prepare(width: int, height: int) -> Content:
            skill = skill_to_explore(lead, framework, state.now)
            asked = questions(skill, width) if skill else []
            found = [asked, shape(framework, width)]
            return Content("\n").join(parts(found, height))

        self.query_one("#next", Canvas).paint(coming, (following, self.has_class("-narrow")))
        self.query_one("#prepare", Canvas).paint(prepare, (lead, framework, state.now))
        views = build_skill_progress(lead, framework, state.now)
        self.query_one("#skills", RowList).show(skill_rows(views, self._unfolded, state.today))
        hint = f"  {state.key_of(commands.OPEN)} shows the markers" if not self._unfolded else ""
        hint = hint if self.query_one("#skills").has_focus else ""
        self.say("#skills-title", Content.assemble("SKILLS", (hint, MUTED)))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Markers need room while one looks at them."""
        self.set_class(event.widget.id == "skills", "-browsing")

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """What was ticked in the list of actions goes where it belongs when the list is left."""
        if event.widget.id == "actions" and self._kept:
            self._kept.clear()
            if self.state is not None and self.app.screen is self:
                self.draw(self.state)

    def keep(self, task: Task) -> None:
        self._kept[task_key(task)] = None

    def action_later_day(self) -> None:
        """On a skill: the next level."""
        if not self._ask_level(1):
            super().action_later_day()

    def action_earlier_day(self) -> None:
        """On a skill: the level before."""
        if not self._ask_level(-1):
            super().action_earlier_day()

    def _ask_level(self, by: int) -> bool:
        """Ask for another level of the selected skill; False where none is selected."""
        row, state = self.selected(), self.state
        lead = self.lead_here(state) if state else None
        if not isinstance(row, SkillRow) or state is None or lead is None:
            return False
        from tldash.tui.prompts import levels  # seldom needed, and never at the start

        asked = levels.ask(lead, row.view, state.workspace.framework, state.now)
        if asked.trouble:
            self.post_message(ShowNotice(asked.trouble))
        else:
            self._ask(asked.about, asked.level(by), asked.draft)
        return True

    def action_closed(self) -> None:
        """Show or hide what was done since last time."""
        self._show_closed = not self._show_closed
        self.redraw()

    def action_sessions(self) -> None:
        """The focus goes to the sessions."""
        self.query_one(Timeline).focus()

    def action_next_pane(self) -> None:
        self.focus_next()

    def action_previous_pane(self) -> None:
        self.focus_previous()

    def action_open_selected(self) -> None:
        if isinstance(self.focused, Timeline):
            self.focused.action_open()
        else:
            super().action_open_selected()

    def on_timeline_opened(self, message: Timeline.Opened) -> None:
        """To the session's page."""
        self.post_message(OpenPage("session", self.lead_id, message.session.path))

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """A skill unfolds; an action leads to where it was agreed."""
        row = message.row
        if isinstance(row, SkillRow):
            self._unfolded ^= {row.view.skill.id}
            self.redraw()
        elif (task := getattr(row, "task", None)) is not None and self.state is not None:
            lead = self.state.lead(self.lead_id)
            if lead and any(session.path == task.path for session in lead.sessions):
                self.post_message(OpenPage("session", self.lead_id, task.path, str(task.line)))
            else:
                self.action_edit()

    def default_spot(self) -> tuple[str, int] | None:
        timeline = self.focused
        if isinstance(timeline, Timeline) and timeline.selected:
            return timeline.selected.path, timeline.selected.body_line
        lead = self.state.lead(self.lead_id) if self.state else None
        if lead is None:
            return None
        return (lead.sessions[-1].path, 1) if lead.sessions else None


def _nothing_open(lead: Lead, state: State) -> Row:
    """What stands in place of actions, and how one is made."""
    if lead.actions:
        return Heading("nothing open", "every action is done or dropped", first=True)
    how = f"{state.key_of(commands.ADD)} writes one down" if state.allowed.can_edit else ""
    return Heading("no actions yet", how, first=True)
