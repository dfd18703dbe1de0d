"""A lead's page: open actions, the next session, skills, goals and the sessions so far."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tldash.insight.schedule import find_last_session
from tldash.model.records import Lead, Session, Task, is_private
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens import frame
from tldash.tui.screens.lead_area import LeadArea
from tldash.tui.screens.lead_panes import (
    ActionsPane,
    LastSessionPane,
    NextSessionPane,
    SkillsPane,
    subject_file,
)
from tldash.tui.screens.messages import LoadText, OpenPage
from tldash.tui.screens.page import Page, is_on_stack, own_bindings
from tldash.tui.screens.session_area import SESSION_COMMANDS, SessionArea
from tldash.tui.screens.task_area import TASK_COMMANDS, TaskArea, task_of
from tldash.tui.state import State
from tldash.tui.style.text import LATE, words
from tldash.tui.widgets.action_details import ActionDetails
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.lead_header import header
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.skill_rows import SkillRow
from tldash.tui.widgets.task_rows import ActionRow
from tldash.tui.widgets.timeline import Timeline

ROOMY: Final = Size(160, 44)
"""The size from which the notes of the last session and questions are shown."""
SPACIOUS: Final = Size(160, 54)
"""The size from which the details of the selected action are shown."""

ALONE: Final = {"actions": "-alone-actions", "skills": "-alone-skills", "last": "-alone-last"}
"""The class of the page while a pane is shown alone, by the pane's id."""


class LeadPage(Page):
    """Everything about one lead on one screen."""

    NAME = "lead"
    PANES = "RowList, Timeline"
    OWN: ClassVar[tuple[Command, ...]] = (
        commands.TICK,
        commands.OPEN,
        *TASK_COMMANDS,
        *SESSION_COMMANDS,
        commands.SESSION_MODE,
        commands.EDIT,
        commands.PANE,
        commands.CLOSED,
        commands.PANE_BACK,
        commands.PANE_ACTIONS,
        commands.PANE_SKILLS,
        commands.PANE_SESSIONS,
        commands.PANE_NOTES,
        commands.ENLARGE,
        commands.SESSIONS,
        commands.STATE_LEVEL,
        commands.EVIDENCE,
        *commands.LEAD_COMMANDS,
        commands.FIND,
    )
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    LeadPage {
        #header { height: auto; padding: 0 1; border-bottom: solid $panel; }
        #left { width: 3fr; }
        #right { width: 2fr; border-left: solid $panel; }
        .pane-title { height: 1; padding: 0 1 0 2; color: $text-muted; text-style: bold; }
        Vertical:focus-within > .pane-title-focus { color: $text-accent; }
        #next { height: auto; padding: 0 1 0 2; max-height: 50%; }
        #agenda { height: auto; max-height: 40%; margin: 0 0 1 0; scrollbar-size-horizontal: 0; }
        #agenda.-empty { display: none; }
        &.-on-agenda #next-title { color: $text-accent; }
        &.-on-agenda #skills-title { color: $text-muted; }
        #details { height: 11; padding: 0 1 0 2; border-top: solid $panel; display: none; }
        &.-spacious #details { display: block; }
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
        &.-narrow #agenda { max-height: 2; margin: 0; }
        &.-narrow.-on-agenda #agenda { max-height: 8; }
        &.-narrow #skills { height: auto; max-height: 5; }
        &.-narrow #next-title { display: none; }
        &.-narrow.-browsing #skills { max-height: 12; }
        &.-alone-actions, &.-alone-last, &.-alone-skills {
            Timeline { display: none; }
        }
        &.-alone-actions, &.-alone-last { #right { display: none; } }
        &.-alone-actions { #last, #last-title { display: none; } }
        &.-alone-last { #actions, #actions-title, #details { display: none; } }
        &.-alone-skills {
            #left, #next, #next-title, #agenda, #prepare { display: none; }
            #skills { height: 1fr; max-height: 100%; }
            &.-narrow #skills { height: 1fr; max-height: 100%; }
            #right { width: 1fr; height: 1fr; border-left: none; }
        }
        &.-short #header { border-bottom: none; }
        &.-short.-narrow #right { border-top: none; }
        &.-short.-narrow #skills-title { display: none; }
    }
    """

    def __init__(self, lead_id: str) -> None:
        super().__init__()
        self.tasks: TaskArea = TaskArea(self.current_lead)
        self.lead_id = lead_id
        self._actions = ActionsPane()
        self._last_session = LastSessionPane()
        self._next_session = NextSessionPane()
        self._skills = SkillsPane()

    def compose_body(self) -> ComposeResult:
        yield Canvas(id="header")
        with (
            SessionArea(self.tasks, self.current_lead, lambda _: _selected(self.focused)),
            LeadArea(self.tasks, self.current_lead),
        ):
            with Horizontal(id="main"):
                with Vertical(id="left"):
                    yield from self._actions.compose()
                    yield ActionDetails(id="details")
                    yield from self._last_session.compose()
                with Vertical(id="right"):
                    yield from self._next_session.compose()
                    yield from self._skills.compose()
                    yield from self._next_session.compose_prepare()
            yield Timeline()

    def current_lead(self, state: State) -> Lead | None:
        """Return the lead of this page."""
        return state.lead(self.lead_id)

    def place(self, state: State) -> tuple[str, ...]:
        lead = state.lead(self.lead_id)
        name = lead.name if lead else self.lead_id
        only = len(state.workspace.leads) == 1
        return (name,) if only else (state.workspace.name, name)

    def status(self, state: State) -> Content:
        lead = state.lead(self.lead_id)
        if lead is None:
            return super().status(state)
        return frame.lead_status(lead, state, self.tasks, narrow=self.has_class("-narrow"))

    def draw(self, state: State) -> None:
        lead = state.lead(self.lead_id)
        if lead is None:
            if state.loaded:
                back = state.key_of(commands.BACK)
                missing = Content.assemble(
                    words(self.lead_id, "bold"),
                    (f" is no longer in the folder; {back} goes back", LATE),
                )
                self.query_one("#header", Canvas).paint(lambda width, _: missing.truncate(width))
                for rows in self.query(RowList):
                    rows.show(())
                self._draw_details()
            return
        framework = state.workspace.framework
        tall, folder = self.has_class("-tall"), state.workspace.folder_of(lead.id)
        audience = state.audience
        own = tuple(goal for one in state.workspace.private_of(lead.id) for goal in one.goals)
        self.concerns = (subject_file(lead),)
        readers = state.readers_of(subject_file(lead))
        self.query_one("#header", Canvas).paint(
            lambda width, _: header(
                lead, framework, state.now, width,
                tall=tall, folder=folder, audience=audience, private=own, readers=readers,
            ),
            (lead, framework, state.now, tall, folder, audience, own, readers),
        )  # fmt: skip
        self._actions.draw(lead, state)
        self._draw_details()
        if self.has_class("-roomy") and self._last_session.draw(_find_last(self), state):
            self.post_message(LoadText())
        self._next_session.draw(lead, state, narrow=self.has_class("-narrow"))
        self._skills.draw(lead, state)
        self.query_one(Timeline).show(lead, framework, state.now, state.recent)

    @on(RowList.Moved)
    def _draw_details(self) -> None:
        """Draw the details of the selected action, where the window has room."""
        lead = self.state.lead(self.lead_id) if self.state is not None else None
        if self.state is None or not self.has_class("-spacious") or not is_on_stack(self):
            return
        row = self._actions.list.selected
        action = row.action if isinstance(row, ActionRow) else None
        self.query_one(ActionDetails).show(action, lead, self.state)

    def fit(self, size: Size) -> None:
        super().fit(size)
        for least, name in ((ROOMY, "-roomy"), (SPACIOUS, "-spacious")):
            self.set_class(size.width >= least.width and size.height >= least.height, name)

    # The panes

    def keep(self, task: Task) -> None:
        self._actions.keep(task)
        self._next_session.keep(task)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Give the skills, or the agenda, more room while they have the focus."""
        self.set_class(event.widget is self._skills.list, "-browsing")
        self.set_class(event.widget is self._next_session.list, "-on-agenda")

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Move closed items where they belong when their list loses the focus."""
        panes = (self._actions, self._next_session)
        left = any(pane.list is event.widget and pane.release() for pane in panes)
        if left and self.state is not None and self.app.screen is self:
            self.draw(self.state)

    def action_closed(self) -> None:
        """Show or hide the actions closed since the last session."""
        self._actions.toggle_closed()
        self.redraw()

    def action_sessions(self) -> None:
        """Focus the sessions."""
        self.query_one(Timeline).focus()

    def action_focus_pane(self, pane: str) -> None:
        """Focus a pane, if it is shown; all panes are, unless the window is too small."""
        self.remove_class(*ALONE.values())
        found = self.query_one(pane)
        if found.display:
            found.focus()

    def action_enlarge(self) -> None:
        """Show the pane in focus alone, or all panes again."""
        alone = ALONE.get(self.focused.id or "") if self.focused is not None else None
        was_alone = any(map(self.has_class, ALONE.values()))
        self.remove_class(*ALONE.values())
        if alone is not None and not was_alone:
            self.add_class(alone)

    # The last session

    @property
    def reads(self) -> str | None:
        last = _find_last(self) if self.has_class("-roomy") else None
        return last.path if last else None

    def show_text(self, text: str | None, error: str) -> None:
        last = _find_last(self)
        if last is None or last.path != self.reads:
            return
        if self._last_session.take_text(last, text, error):
            self.redraw()

    # Opening

    def action_open_selected(self) -> None:
        if isinstance(self.focused, Timeline):
            self.focused.action_open()
        else:
            super().action_open_selected()

    def on_last_notes_wanted(self) -> None:
        """Open the last session."""
        if (last := _find_last(self)) is not None:
            self.post_message(OpenPage("session", self.lead_id, last.path))

    def on_timeline_opened(self, message: Timeline.Opened) -> None:
        """Open a session."""
        session = message.session
        line = (str(session.body_line),) if session.section else ()
        self.post_message(OpenPage("session", self.lead_id, session.path, *line))

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Unfold a skill; open the session or the file of an item."""
        row, task = message.row, task_of(message.row)
        if isinstance(row, SkillRow):
            self._skills.toggle(row.view.skill.id)
            self.redraw()
        elif task is not None and self.state is not None:
            lead = self.state.lead(self.lead_id)
            if is_private(task.path):
                self.post_message(OpenPage("notes", self.lead_id, task.path, str(task.line)))
            elif lead and any(session.path == task.path for session in lead.sessions):
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


def _find_last(page: LeadPage) -> Session | None:
    lead = page.state.lead(page.lead_id) if page.state else None
    return find_last_session(lead, page.state.now) if lead and page.state else None


def _selected(focused: Widget | None) -> Session | None:
    """Return the session under the cursor, while the row of sessions has the focus."""
    return focused.selected if isinstance(focused, Timeline) else None
