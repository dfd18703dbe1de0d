"""The brief of a lead's next session, to go through before it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content

from tldash.activity.describe import describe_event
from tldash.activity.event import EventKind
from tldash.insight.schedule import find_last_session
from tldash.model.records import Lead, Session
from tldash.output.brief import (
    NO_OUTCOME,
    Brief,
    BriefReader,
    build_brief,
    extract_last,
    format_brief,
)
from tldash.output.passages import Outcome
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens import frame
from tldash.tui.screens.messages import LoadText, OpenPage, SaveBrief
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.screens.session_area import SESSION_COMMANDS, SessionArea
from tldash.tui.screens.task_area import TASK_COMMANDS, TaskArea, task_of
from tldash.tui.state import State
from tldash.tui.style.text import LATE, words
from tldash.tui.widgets.brief_rows import brief_rows
from tldash.tui.widgets.mark_list import MarkList
from tldash.tui.widgets.row_list import Line, RowList, reuse_rows

BESIDE = 4
"""Sections in the left one of two columns: facts, last time, and the promises on both sides."""
NEWS = (
    EventKind.REWORDED,
    EventKind.MOVED,
    EventKind.HANDED_OVER,
    EventKind.GOAL,
    EventKind.REACHED,
)
"""Changes that the files do not tell later."""


class BriefPage(Page):
    """What to know before the next session with a lead."""

    NAME = "brief"
    OWN: ClassVar[tuple[Command, ...]] = (
        commands.TICK,
        commands.OPEN,
        commands.SAVE_BRIEF,
        *TASK_COMMANDS,
        *SESSION_COMMANDS,
        commands.EDIT,
        commands.PANE,
        commands.PANE_BACK,
        commands.FIND,
    )
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    BriefPage {
        #brief { width: 1fr; padding: 1 0 0 0; }
        #brief-beside { width: 1fr; padding: 1 0 0 1; display: none; border-left: solid $panel; }
        &.-wide #brief-beside, &.-huge #brief-beside { display: block; }
    }
    """

    def __init__(self, lead_id: str) -> None:
        super().__init__()
        self.tasks: TaskArea = TaskArea(self.current_lead)
        self.lead_id = lead_id
        self._brief: Brief | None = None
        self._last = LastOutcome()
        self._from_top = True
        """Whether to begin at the top, until the last session is loaded."""

    def compose_body(self) -> ComposeResult:
        with SessionArea(self.tasks, self.current_lead), Horizontal():
            yield MarkList(id="brief", reading=True)
            yield MarkList(id="brief-beside", reading=True)

    def current_lead(self, state: State) -> Lead | None:
        """Return the lead whose session it is."""
        return state.lead(self.lead_id)

    def place(self, state: State) -> tuple[str, ...]:
        lead = state.lead(self.lead_id)
        return (state.workspace.name, lead.name if lead else self.lead_id, "Brief")

    def status(self, state: State) -> Content:
        lead = state.lead(self.lead_id)
        if lead is None:
            return super().status(state)
        return frame.lead_status(lead, state, self.tasks, narrow=self.has_class("-narrow"))

    def offered(self, state: State) -> tuple[Command, ...]:
        first, *others = super().offered(state)
        return (first, commands.COPY, *others)

    def draw(self, state: State) -> None:
        lead = state.lead(self.lead_id)
        first, beside = (
            self.query_one("#brief", MarkList),
            self.query_one("#brief-beside", MarkList),
        )
        if lead is None:
            gone = f" is no longer in the folder; {state.key_of(commands.BACK)} goes back"
            first.show([Line(Content.assemble(words(self.lead_id, "bold"), (gone, LATE)))])
            beside.show(())
            return
        if self._last.follow(find_last_session(lead, state.now)):
            self.post_message(LoadText())
        self._brief = read_brief(lead, state, self._last.outcome)
        sections = self._brief.sections
        at = len(sections) if self.has_class("-narrow") else BESIDE
        for rows, part in ((first, sections[:at]), (beside, sections[at:])):
            made = brief_rows(part, lead, state)
            rows.show(reuse_rows(made, rows.rows), fresh=state.recent)
            if self._from_top:
                rows.scroll_to(y=0, animate=False, immediate=True, force=True)
        self._from_top = self._from_top and not self._last.is_loaded

    # The last session

    @property
    def reads(self) -> str | None:
        lead = self.state.lead(self.lead_id) if self.state else None
        last = find_last_session(lead, self.state.now) if lead and self.state else None
        return last.path if last is not None else None

    def show_text(self, text: str | None, error: str) -> None:
        del error
        if self._last.take_text(text):
            self.redraw()

    # Copying and opening

    def to_copy(self) -> str:
        """Return the lines of the marked items, else the whole brief."""
        if self.tasks.marks.tasks or self._brief is None:
            return super().to_copy()
        return format_brief(self._brief).rstrip("\n")

    def action_save_brief(self) -> None:
        """Save the brief as Markdown in the lead's folder."""
        lead = self.state.lead(self.lead_id) if self.state else None
        if lead is not None and self._brief is not None:
            self.post_message(SaveBrief(lead, format_brief(self._brief)))

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Open the session of an item, else its file."""
        task = task_of(message.row)
        lead = self.state.lead(self.lead_id) if self.state else None
        if task is None or lead is None:
            return
        if any(session.path == task.path for session in lead.sessions):
            self.post_message(OpenPage("session", lead.id, task.path, str(task.line)))
        else:
            self.action_edit()

    def default_spot(self) -> tuple[str, int] | None:
        path = self.reads
        return (path, 1) if path is not None else None


class LastOutcome:
    """What the last session came to, as far as its text is loaded."""

    def __init__(self) -> None:
        self._session: Session | None = None
        self.outcome: Outcome = NO_OUTCOME
        self.is_loaded = False
        """Whether the text was loaded, or there is none."""

    def follow(self, session: Session | None) -> bool:
        """Change to a session; True if its text is yet to be loaded."""
        before, self._session = self._session, session
        if session is None or before is None or before.path != session.path:
            self.outcome, self.is_loaded = NO_OUTCOME, session is None
            return session is not None
        return False

    def take_text(self, text: str | None) -> bool:
        """Take the text of the session's file; True if there is something new to draw."""
        found = NO_OUTCOME
        if text is not None and self._session is not None:
            found = extract_last(self._session, text)
        changed = found != self.outcome or not self.is_loaded
        self.outcome, self.is_loaded = found, True
        return changed


def read_brief(lead: Lead, state: State, outcome: Outcome, session: Session | None = None) -> Brief:
    """Build the brief of a session as the viewer reads it, by default of the next one."""
    events = (*state.since, *state.activity)
    news = [describe_event(e) for e in events if e.lead_id == lead.id and e.kind in NEWS]
    reader = BriefReader(state.now, state.you(lead), tuple(dict.fromkeys(news)))
    return build_brief(lead, state.workspace.framework, reader, outcome, session)
