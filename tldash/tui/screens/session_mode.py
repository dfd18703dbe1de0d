"""Session mode: one screen on which a session is held."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tldash.insight.starters import find_position
from tldash.model.records import Lead, Session, Task
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.prompts.questions import Question
from tldash.tui.screens import frame
from tldash.tui.screens.conversation_pane import ConversationPane, describe_session
from tldash.tui.screens.messages import OpenEditor, OpenPage
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.screens.renamed_file import RenamedFile
from tldash.tui.screens.task_area import TASK_COMMANDS, TaskArea, task_of
from tldash.tui.state import State
from tldash.tui.style.text import LATE, words
from tldash.tui.widgets.bars import labelled
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.session_line import SessionLine


class SessionModePage(Page):
    """A session under way."""

    NAME = "session_mode"
    CALM = True
    AUTO_FOCUS = "SessionLine TextInput, #beside"
    OWN: ClassVar[tuple[Command, ...]] = (
        commands.CLOCK,
        commands.NEXT_PART,
        commands.TICK,
        commands.CHOOSE_SKILL,
        commands.AGREE_LEVEL,
        commands.SET_NEXT,
        commands.FINISH,
        commands.PART_BEFORE,
        commands.PANE,
        commands.PANE_BACK,
        commands.OPEN,
        commands.EDIT,
        commands.ENLARGE,
        *TASK_COMMANDS,
        commands.FIND,
    )
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    SessionModePage {
        #gone { display: none; padding: 1 2; }
        &.-gone #gone { display: block; }
        &.-narrow #right { display: none; }
        &.-narrow #counts { display: block; }
        &.-narrow #prompt { padding: 0 1 0 2; }
        &.-narrow.-beside #right { display: block; width: 1fr; border-left: none; padding: 0; }
        &.-narrow.-beside #left { display: none; }
        &.-short #prompt { max-height: 7; padding: 0 2 0 2; }
        &.-questions #prompt { height: 1fr; max-height: 100%; }
        &.-questions #notes { display: none; }
    }
    """

    def __init__(self, lead_id: str, path: str, section: str = "") -> None:
        super().__init__()
        self.tasks: TaskArea = TaskArea(self.current_lead, self._session)
        self.lead_id = lead_id
        self.path = path
        self._section = section
        self._file = RenamedFile()
        self._pane = ConversationPane(self._ask)
        self.conversation = self._pane

    def compose_body(self) -> ComposeResult:
        yield Canvas(id="gone")
        yield self._pane

    def current_lead(self, state: State) -> Lead | None:
        """Return the lead of the session."""
        return state.lead(self.lead_id)

    def place(self, state: State) -> tuple[str, ...]:
        lead, session = state.lead(self.lead_id), self._session(state)
        if session is None or lead is None:
            return (self.lead_id, self.path)
        if self.has_class("-narrow"):
            position = find_position(lead, state.workspace.framework, state.now, session)
            return (lead.name, f"session {position.number}")
        return (state.workspace.name, lead.name, describe_session(session, lead, state))

    def status(self, state: State) -> Content:
        lead = state.lead(self.lead_id)
        if lead is None:
            return super().status(state)
        return frame.lead_status(lead, state, self.tasks, narrow=True)

    def _session(self, state: State) -> Session | None:
        """Return the session. One whose file got another name is followed."""
        lead = state.lead(self.lead_id)
        sessions = lead.sessions if lead is not None else ()
        self.path = self._file.follow(self.path, sessions)
        found = (one for one in sessions if one.path == self.path)
        return next((one for one in found if one.section == self._section), None)

    def draw(self, state: State) -> None:
        session, lead = self._session(state), state.lead(self.lead_id)
        self.concerns = (session.path,) if session is not None else ()
        gone = state.loaded and (session is None or lead is None)
        self.set_class(gone, "-gone")
        if session is not None and lead is not None:
            self._pane.draw(state, lead, session)
            self.also_reads = self._pane.also_reads
        elif gone:
            text = (
                f"{self.path} is no longer in the folder. What you type is written once it is back."
            )
            self.query_one("#gone", Canvas).paint(lambda width, _: words(text, LATE))

    @property
    def reads(self) -> str:
        return self.path

    def show_text(self, text: str | None, error: str) -> None:
        self._pane.take_text(text, error)

    def show_other_text(self, text: str | None) -> None:
        self._pane.show_other_text(text)

    def select_task(self, task: Task) -> bool:
        """Leave the focus where it is: in the line for the next note."""
        del task
        return True

    def _ask(self, question: Question) -> None:
        line = None if self._pane.closing else self.query_one(SessionLine).input
        self._hide_beside()
        self.tasks.ask(question, back=line)

    def step_back(self) -> bool:
        """Leave a prompt, then the typed line, then the closing page."""
        if super().step_back():
            return True
        if self._pane.closing:
            self._pane.show_closing(False)
            return True
        if self.focused is self.query_one(SessionLine).input:
            self._show_beside()
            return True
        return False

    def _show_beside(self) -> None:
        self.add_class("-beside")
        self.query_one("#right").display = True  # a class would be styled after the focus
        self.query_one("#beside", RowList).focus()

    def _hide_beside(self) -> None:
        self.remove_class("-beside")
        self.query_one("#left").styles.clear_rule("display")
        self.query_one("#right").styles.clear_rule("display")

    def action_enlarge(self) -> None:
        """Show all questions in place of the notes, or the notes again."""
        self.toggle_class("-questions")
        self._pane.draw_clock()

    def action_move_pane(self, by: int) -> None:
        """Go from the line to the lists beside it or, with -1, to the notes; else back to it."""
        if self._pane.closing:
            return
        line = self.query_one(SessionLine).input
        if self.focused is not line:
            self._hide_beside()
            line.focus()
        elif by > 0:
            self._show_beside()
        else:
            self.query_one("#notes").focus()

    def on_descendant_focus(self) -> None:
        """Show the keys that work now: in the line, letters are text.

        A narrow window shows either the line or the lists.
        """
        if self.focused is not self.query_one("#beside"):
            self._hide_beside()
        self.draw_bars()

    def keys(self, state: State) -> tuple[tuple[Command, str], ...]:
        typing = self.is_attached and self.focused is self.query_one(SessionLine).input
        if self.is_attached and self._pane.closing:
            closing = (commands.OPEN, commands.DROP, commands.UNDO, commands.BACK)
            return labelled(
                [state.keymap.of(one) for one in closing],
                open_selected="fill in", drop="leave out", go_back="to the session",
            )  # fmt: skip
        if not typing:
            return super().keys(state)
        return labelled(
            [state.keymap.of(one) for one in (commands.PANE, commands.PANE_BACK, commands.BACK)],
            next_pane="actions and agenda", previous_pane="notes", go_back="keys",
        )  # fmt: skip

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Show an item in its session."""
        task = task_of(message.row)
        lead = self.state.lead(self.lead_id) if self.state is not None else None
        if task is None or lead is None:
            return
        if any(session.path == task.path for session in lead.sessions):
            self.post_message(OpenPage("session", self.lead_id, task.path, str(task.line)))
        else:
            self.post_message(OpenEditor(task.path, task.line))

    def default_spot(self) -> tuple[str, int] | None:
        return self.path, 1
