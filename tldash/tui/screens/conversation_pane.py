"""A session under way: its parts and their clocks, the notes, the typed line, and what is beside.

The line being typed goes into the session's file through `WriteLine`. The clock is this screen's
own; the viewer's state folder keeps it, so that an interrupted session goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from tldash.editing.edits import AddTask, SetField
from tldash.insight.conversation import Closing, SessionClock, guess_part
from tldash.insight.moving import plan_move
from tldash.insight.people import ViewerRole
from tldash.insight.schedule import find_held_sessions
from tldash.insight.starters import describe_position, find_position
from tldash.model.dates import format_relative, pluralize
from tldash.model.framework import Focus
from tldash.model.item_keys import iter_tasks
from tldash.model.records import Lead, Moment, Session, SessionStatus
from tldash.output.passage import Passage
from tldash.output.passages import parse_passages, without_agenda
from tldash.output.sections import read_section
from tldash.tui.keys import commands
from tldash.tui.prompts import session_mode as asking
from tldash.tui.prompts.drafts import Draft
from tldash.tui.prompts.levels import ask_level_in
from tldash.tui.prompts.questions import Question
from tldash.tui.screens.closing_pane import ClosingPane, ClosingView
from tldash.tui.screens.conversation_rows import (
    beside,
    counts,
    skill_of,
)
from tldash.tui.screens.messages import (
    ApplyEdit,
    ClosePage,
    FindConversation,
    KeepConversation,
    LoadText,
    MoveSession,
    ShowNotice,
    WriteLine,
)
from tldash.tui.screens.parts_pane import Known, PartsPane, shape_of
from tldash.tui.state import State
from tldash.tui.style.text import LATE, MUTED, words
from tldash.tui.widgets.mark_list import MarkList
from tldash.tui.widgets.passages import PassageRow
from tldash.tui.widgets.row_list import Line, Row
from tldash.tui.widgets.session_line import LineKind, SessionLine, TypedLine, parse_line
from tldash.tui.widgets.session_parts import PartsView
from tldash.tui.widgets.task_rows import TaskRow
from tldash.tui.widgets.text_line import TextLine

WRITE_AFTER: Final = 0.3
"""Seconds after a key until the line is written."""
TICK: Final = 1.0
"""Seconds between two looks at the clock."""
KEEP_EVERY: Final = 10.0
"""Seconds between two times that a running clock is stored."""
HINT: Final = '+ action · ? topic · " quote · ! agreement · esc for keys'

Ask = Callable[[Question], None]


class ConversationPane(Vertical):
    """Everything of a session under way."""

    DEFAULT_CSS = """
    ConversationPane {
        #parts { height: 1; padding: 0 1 0 2; }
        #main { border-top: solid $panel; }
        #left { width: 3fr; }
        #right { width: 2fr; border-left: solid $panel; padding: 1 0 0 1; }
        #prompt { height: auto; max-height: 40%; padding: 1 2 1 2; }
        #notes { height: 1fr; padding: 0 0 0 0; border-top: solid $panel; }
        ClosingPane { display: none; }
        #counts { display: none; height: 1; padding: 0 1 0 2; }
    }
    """

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self._ask = ask
        self.session: Session | None = None
        self.lead: Lead | None = None
        self._state: State | None = None
        self._parts = PartsPane()
        self._passages: tuple[Passage, ...] = ()
        self._text = ""
        self._unreadable = ""
        """Why the file cannot be read now. What was read before stays on screen."""
        self._wish: tuple[str, ...] = ()
        """What people wanted of the structure last time."""
        self._clock = SessionClock()
        self._found = False
        """Whether it is known how far the session was before."""
        self._kept: tuple[SessionClock, str] = (self._clock, "")
        """What was stored last, with the clock stopped."""
        self._kept_at = 0.0
        self._writes: Timer | None = None
        self._live: LineKind | None = None
        """The kind of the line that is written while it is typed."""
        self._trouble = ""
        """Why what was typed is not in the file."""
        self._warned = False
        self._finished = False
        self._early = False
        """Whether the session began before its day."""
        self._refusal = ""
        """Why the viewer may not write."""

    def compose(self) -> ComposeResult:
        yield self._parts.bar
        with Horizontal(id="main"):
            with Vertical(id="left"):
                yield self._parts.prompt
                yield MarkList(id="notes", reading=True)
                yield TextLine(id="counts")
                yield SessionLine()
            with Vertical(id="right"):
                yield MarkList(id="beside")
        yield ClosingPane()

    def on_mount(self) -> None:
        """Start to look at the clock."""
        self.set_interval(TICK, self._tick)

    # What it shows

    @property
    def line(self) -> SessionLine:
        """The typed line."""
        return self.query_one(SessionLine)

    @property
    def ready(self) -> bool:
        """Whether it is known how far the session was before."""
        return self._found

    @property
    def closing(self) -> bool:
        """Whether the closing page is shown."""
        return self.has_class("-closing")

    @property
    def _timer_now(self) -> float:
        return self.screen.timer()  # type: ignore[attr-defined,no-any-return]

    @property
    def _view(self) -> PartsView:
        return PartsView(shape_of(self._known), self._clock, self._timer_now)

    def draw(self, state: State, lead: Lead, session: Session) -> None:
        """Draw another state."""
        first = self.session is None
        self._state, self.lead, self.session = state, lead, session
        self.line.input.guard = state.guard
        if first:
            # This widget may not be running yet, and would drop a message.
            self.screen.post_message(FindConversation(session.path, session.section))
            self.screen.post_message(LoadText())  # handled after this, so it finds `also_reads`
            self._early = session.at.day > state.today
            self._refusal = state.allowed.refusal("edits")
            if self._refusal:
                self.line.input.disabled = True
                self.query_one("#beside", MarkList).focus()
            self._explain()
        self.draw_clock()
        part = self._view.part
        focus = part.focus if part is not None else Focus.NONE
        rows = self.query_one("#beside", MarkList)
        rows.show(beside(session, lead, state, focus), fresh=state.recent)
        pane = state.key_of(commands.PANE)
        self.query_one("#counts", TextLine).show(counts(session, lead, state, pane))
        self._draw_notes()
        if self.closing:
            self._draw_closing()

    def take_text(self, text: str | None, trouble: str) -> None:
        """Take the text of the session's file. Asks again when it is drawn first."""
        self._unreadable = trouble
        if self.session is None or self.lead is None:
            return
        if text is None:
            self._draw_notes()
            return
        tasks = (task for task in iter_tasks(self.lead) if task.path == self.session.path)
        self._text = text
        self._passages = parse_passages(text, self.session.path, tasks, self.session)
        self._draw_notes()
        if self.closing:
            self._draw_closing()

    def _draw_notes(self) -> None:
        rows: list[Row] = []
        if self._unreadable:
            rows.append(Line(words(self._unreadable, LATE)))
        for passage in without_agenda(self._passages):
            if passage.task is not None:
                rows.append(TaskRow(passage.task))
            else:
                rows.append(PassageRow(passage))
        if not rows:
            rows = [Line(words("Nothing noted yet.", MUTED))]
        notes = self.query_one("#notes", MarkList)
        notes.show(rows)
        if notes is not self.screen.focused:
            notes.scroll_end(animate=False)

    def draw_clock(self) -> None:
        """Draw the parts, and the prompt of the current one."""
        if (known := self._known) is not None:
            enlarged = self.screen.has_class("-questions")
            lines = self.app.size.height
            self._parts.draw(known, self._view, self._wish, lines, enlarged=enlarged)

    @property
    def _last(self) -> Session | None:
        """The held session before this one."""
        if self.lead is None or self.session is None or self._state is None:
            return None
        held = find_held_sessions(self.lead, self._state.now)
        before = [one for one in held if one.at.day < self.session.at.day]
        return before[-1] if before else None

    # As a `ConversationView`

    @property
    def also_reads(self) -> str | None:
        """The path of the session before."""
        return self._last.path if self._last is not None else None

    def show_other_text(self, text: str | None) -> None:
        """Take the text of the session before."""
        last = self._last
        self._wish = read_section(text or "", last, asking.STRUCTURE) if last is not None else ()
        self.draw_clock()

    def show_writing(self, trouble: str, *, busy: bool) -> None:
        """Show whether the line being typed is in its file."""
        self._trouble = trouble
        if trouble:
            self._explain()
        elif self._is_live:
            self.line.explain(HINT if not self.line.typed else "" if busy else "saved")

    def show_conversation(self, clock: SessionClock | None, typed: str) -> None:
        """Go on where the session was: as kept on this machine, else by the time of day."""
        if self._found or (known := self._known) is None:
            return
        state, lead, session = known
        self._found = True
        if clock is not None:
            part = min(clock.part, max(len(self._view.shape.parts) - 1, 0))
            self._clock = SessionClock(part, clock.spent)
            if typed and not self.line.typed and not _is_added(typed, known):
                self.line.type(typed)
        elif not self._clock.running:
            self._clock = SessionClock(guess_part(self._view.shape, session, state.now))
        self._kept = self._clock, typed
        self.draw(state, lead, session)

    def may_close(self) -> bool:
        """Return whether to close; a session that was begun shows its closing page first."""
        begun = self._clock.total(self._timer_now) and not self._refusal
        if self._finished or self.session is None or not begun:
            self._end_line()
            self._keep()
            return True
        if self.closing:
            self.show_closing(False)
        else:
            self.show_closing(True)
        return False

    # The clock

    def _tick(self) -> None:
        if self.session is None:
            return
        self.draw_clock()
        if self._timer_now - self._kept_at >= KEEP_EVERY and self._clock.running:
            self._keep()

    def _keep(self) -> None:
        """Store the clock, and a line that is in no file yet."""
        if self.session is None or not self._found or self._finished:
            return
        unsaved = "" if self._is_live else self.line.typed
        kept = self._clock.stop(self._timer_now), unsaved
        if kept != self._kept and (kept[0].total(0) or unsaved or self._kept[1]):
            self._kept, self._kept_at = kept, self._timer_now
            self.post_message(KeepConversation(self.session.path, self.session.section, *kept))

    def _set_clock(self, clock: SessionClock) -> None:
        self._clock = clock
        self._keep()
        if self._state is not None and self.lead is not None and self.session is not None:
            self.draw(self._state, self.lead, self.session)

    def action_clock(self) -> None:
        """Start or stop the clock."""
        now = self._timer_now
        self._set_clock(self._clock.stop(now) if self._clock.running else self._clock.start(now))

    def action_part(self, by: int) -> None:
        """Go to the next part, or with -1 to the one before."""
        at = self._clock.part + by
        if 0 <= at < len(self._view.shape.parts):
            self._set_clock(self._clock.go(at, self._timer_now))
        elif by > 0 and not self.closing:
            self.show_closing(True)

    # The typed line

    def on_session_line_changed(self, message: SessionLine.Changed) -> None:
        """Write the line a moment after the last key, and show what will become of it."""
        message.stop()
        self._explain()
        if self._writes is None:
            self._writes = self.set_timer(WRITE_AFTER, self._write)

    @property
    def _is_live(self) -> bool:
        """Whether the line is written while it is typed: a note without listed names."""
        typed = self.line.typed
        return parse_line(typed).kind in _LIVE and not self.line.input.describe_names(typed)

    def _write(self, *, ended: bool = False) -> None:
        if self._writes is not None:
            self._writes.stop()
            self._writes = None
        if self.session is None:
            return
        typed = parse_line(self.line.typed)
        edit = asking.line_edit_of(typed, self.session)
        if edit is None or not (ended or self._is_live):
            self._remove_live()
            self._keep()
        elif typed.text or self._live is not None:
            self._live = None if ended else typed.kind
            self.post_message(WriteLine(edit, ended=ended))

    def _remove_live(self) -> None:
        """Remove the line from the file, since it became one that is written at its end."""
        if self._live is not None and self.session is not None:
            empty = asking.line_edit_of(TypedLine(self._live, ""), self.session)
            if empty is not None:
                self.post_message(WriteLine(empty, ended=True))
            self._live = None

    def _end_line(self) -> None:
        """Leave the line as it is in its file."""
        if self._live is None:
            return
        if self._is_live:
            self._write(ended=True)
            self.line.type("")
        else:
            self._remove_live()
            self._keep()

    def _explain(self) -> None:
        typed = parse_line(self.line.typed)
        if self._refusal:
            self.line.explain(self._refusal, bad=True)
        elif self._trouble and (not typed.text or typed.kind in _LIVE):
            self.line.explain(f"not saved, trying again: {self._trouble}", bad=True)
        elif not self.line.typed:
            self.line.explain(HINT)
        elif listed := self.line.input.describe_names(self.line.typed):
            self.line.explain(listed, bad=True)
        elif typed.kind in _LIVE:
            self.line.explain("")
        elif (known := self._known) is not None:
            draft = _draft(typed, known)
            text = draft.trouble or f"→ {draft.shown}   {draft.note}"
            self.line.explain(text)

    def on_session_line_ended(self, message: SessionLine.Ended) -> None:
        """Complete the line: a note is in its file, an action or a topic is added."""
        message.stop()
        typed = parse_line(message.typed)
        if (known := self._known) is None:
            return
        if not self.line.input.confirm(message.typed):
            listed = self.line.input.describe_names(message.typed)
            self.line.explain(f"{listed}; enter again writes it", bad=True)
            return
        if typed.kind in _LIVE:
            self._write(ended=True)
        elif typed.text:
            self._remove_live()
            draft = _draft(typed, known)
            if draft.add is None:
                self.line.explain(draft.trouble, bad=True)
                return
            self._keep()  # all of it, so that a crash before it is forgotten offers nothing twice
            self.post_message(ApplyEdit(draft.add, *draft.others))
        self._live = None
        self.line.type("")
        self._keep()

    # Skill, level, next date

    def _ask_about(self, question: Question | None, why: str = "") -> None:
        session = self.session
        if session is not None and session.section:
            why = f"{session.path} holds several sessions; that needs a file for each session"
        if why or question is None:
            self.post_message(ShowNotice(why))
        else:
            self._ask(question)

    def action_skill(self) -> None:
        """Ask for the skill to explore."""
        if (known := self._known) is not None:
            state, lead, session = known
            framework = state.workspace.framework
            self._ask_about(asking.ask_skill(session, lead, framework, state.now))

    def action_level(self) -> None:
        """Ask for the level that both agree on."""
        if (known := self._known) is not None:
            state, lead, session = known
            view = skill_of(session, lead, state)
            key = state.key_of(commands.CHOOSE_SKILL)
            why = f"choose the skill first: {key}" if view is None else ""
            framework = state.workspace.framework
            asked = ask_level_in(session, view, framework) if view is not None else None
            self._ask_about(asked, why)

    def action_set_next(self) -> None:
        """Ask for the day and time of the next session."""
        if (known := self._known) is not None:
            state, lead, session = known
            self._ask_about(asking.ask_next(session, lead, state.now))

    @property
    def _known(self) -> Known | None:
        if self._state is None or self.lead is None or self.session is None:
            return None
        return self._state, self.lead, self.session

    # Closing

    def show_closing(self, shown: bool) -> None:
        """Show the closing page, or the conversation again."""
        self._end_line()
        self.set_class(shown, "-closing")
        # A class would be styled later, and what is not displayed takes no focus.
        self.query_one("#main").display = not shown
        self.query_one(ClosingPane).display = shown
        self._warned = False
        if shown:
            self._draw_closing()
            self.query_one(ClosingPane).rows.focus()
        elif self._refusal:
            self.query_one("#beside", MarkList).focus()
        else:
            self.line.input.focus()

    def action_finish(self) -> None:
        """Show the closing page."""
        if not self.closing:
            self.show_closing(True)

    def _draw_closing(self) -> None:
        state = self._state
        view = self._closing_view
        if view is not None and state is not None:
            keys = state.key_of(commands.OPEN), state.key_of(commands.DROP)
            self.query_one(ClosingPane).draw(view, state, *keys)

    @property
    def _closing_view(self) -> ClosingView | None:
        if (known := self._known) is None:
            return None
        state, lead, session = known
        lines = read_section(self._text, session, asking.STRUCTURE)
        people = _people(lead, state.you(lead))
        early = self._early and session.at.day > state.today
        return ClosingView(session, lead, lines, people, self._view.total, early)

    def on_closing_pane_left_out(self, message: ClosingPane.LeftOut) -> None:
        """Write that something is left out on purpose."""
        if (known := self._known) is not None:
            edit = asking.leave_out(known[2], message.part)
            if known[2].section:
                self._ask_about(None)
            elif edit is not None:
                self.post_message(ApplyEdit(edit))

    def on_closing_pane_chosen(self, message: ClosingPane.Chosen) -> None:
        """Fill in something, close the session, or leave it for now."""
        view = self._closing_view
        if view is None:
            return
        match message.key:
            case Closing.ACTIONS:
                self.show_closing(False)
                self.line.type("+ ")
            case Closing.LEVELS:
                self.action_level()
            case Closing.NEXT:
                self.action_set_next()
            case (Closing.STRUCTURE, str(person)):
                self._ask(asking.ask_structure(view.session, person, view.line_of(person)))
            case "close":
                self._close(view)
            case "leave":
                self._clock = self._clock.stop(self._timer_now)
                self._keep()
                self._leave()

    def _close(self, view: ClosingView) -> None:
        """Close the session. What is missing is pointed out once, and then left out on purpose."""
        missing, session = view.missing, view.session
        if typed := self.line.typed.strip():
            self.show_closing(False)
            self.post_message(ShowNotice(f"not added yet: {typed}; enter adds it"))
            return
        if missing and not self._warned:
            self._warned = True
            number = pluralize(len(missing), "thing")
            self.post_message(ShowNotice(f"{number} missing; enter again leaves it out on purpose"))
            return
        self.post_message(KeepConversation(session.path, session.section, None, ""))
        if not session.section:
            path = self._move_to_today(view)
            edits = [replace(edit, path=path) for edit in self._closing_edits(view)]
            if edits:
                self.post_message(ApplyEdit(*edits))
        self._leave()

    def _move_to_today(self, view: ClosingView) -> str:
        """Move a session that was planned for a later day, and return the path of its file."""
        session = view.session
        if self._state is None or not view.is_early:
            return session.path
        today = Moment(self._state.today)
        move = plan_move(view.lead, session, today, self._state.now)
        if isinstance(move, str):
            self.post_message(ShowNotice(f"the session keeps its day: {move}"))
            return session.path
        self.post_message(MoveSession(view.lead.id, session.place, today))
        return move.path

    def _closing_edits(self, view: ClosingView) -> list[SetField]:
        session, edits = view.session, list[SetField]()
        left_out = asking.leave_out(session, *view.missing) if view.missing else None
        if left_out is not None:
            edits.append(left_out)
        if session.status is not SessionStatus.HELD:
            edits.append(SetField(session.path, "status", str(SessionStatus.HELD)))
        if view.minutes and session.duration != view.minutes:
            edits.append(SetField(session.path, "duration", f"{view.minutes}m"))
        return edits

    def _leave(self) -> None:
        self._finished = True
        self.post_message(ClosePage())


_LIVE: Final = (LineKind.NOTE, LineKind.QUOTE, LineKind.AGREEMENT)
"""The kinds of lines that are written while they are typed."""


def _draft(typed: TypedLine, known: Known) -> Draft:
    """Draft the action or the topic that a line becomes."""
    state, lead, session = known
    return asking.draft_line(typed, session, lead, state.now, state.you(lead))


def _is_added(typed: str, known: Known) -> bool:
    """Return whether a kept line was added to the file before a crash."""
    _, lead, session = known
    add = _draft(parse_line(typed), known).add
    texts = (one.raw.strip() for one in iter_tasks(lead) if one.path == session.path)
    return isinstance(add, AddTask) and any(
        text.removeprefix("- [ ] ") == add.text for text in texts
    )


def _people(lead: Lead, you: ViewerRole) -> tuple[str, ...]:
    """Return the first names of lead and coach, the viewer's first."""
    names = [lead.name.split()[0] if lead.name.split() else lead.id]
    names.append(lead.coach.split()[0] if lead.coach and lead.coach.split() else "Coach")
    return tuple(names[::-1] if you is ViewerRole.COACH else names)


def describe_session(session: Session, lead: Lead, state: State) -> str:
    """Describe the place of a session in the series, and when it is."""
    position = find_position(lead, state.workspace.framework, state.now, session)
    return f"{describe_position(position)} · {format_relative(session.at.day, state.today)}"
