"""A session: its notes, agenda and actions, in the order of the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content

from tldash.insight.actions import describe_waiting, find_held_days
from tldash.insight.conflicts import is_in_conflict
from tldash.insight.schedule import find_last_session, resolve_status
from tldash.insight.skills import find_skill_for, read_stated_levels
from tldash.insight.starters import describe_position, find_position, takes_place
from tldash.insight.topics import find_agenda_of
from tldash.model.dates import (
    format_exact,
    format_full_date,
    format_relative,
    to_local,
)
from tldash.model.framework import Framework
from tldash.model.item_keys import Key, iter_tasks, task_key
from tldash.model.records import Lead, Session, SessionStatus, Task, is_private
from tldash.output.brief import BriefItem
from tldash.output.passage import Passage, PassageKind
from tldash.output.passages import find_agenda_end, parse_passages
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens import frame
from tldash.tui.screens.brief import LastOutcome, read_brief
from tldash.tui.screens.messages import LoadText, OpenEditor
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.screens.private_passages import PrivatePassages
from tldash.tui.screens.reading_place import ReadingPlace
from tldash.tui.screens.renamed_file import RenamedFile
from tldash.tui.screens.session_area import SESSION_COMMANDS, SessionArea
from tldash.tui.screens.session_rows import PassageTask
from tldash.tui.screens.task_area import TASK_COMMANDS, TaskArea
from tldash.tui.state import State
from tldash.tui.style.text import HEAD, LATE, MUTED, STRONG, bullets, fit, meter, words, wrap
from tldash.tui.widgets.brief_rows import brief_rows
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.mark_list import MarkList
from tldash.tui.widgets.passages import PassageRow
from tldash.tui.widgets.row_list import Line, Row, RowList
from tldash.tui.widgets.session_guide import Detail, purpose, questions, shape
from tldash.tui.widgets.skill_rows import Voices
from tldash.tui.widgets.task_rows import carried_note
from tldash.tui.widgets.text_line import TextLine
from tldash.tui.widgets.topic_rows import TopicRow, describe_topic, with_kept


class SessionPage(Page):
    """The file of one session, laid out for reading."""

    NAME = "session"
    OWN: ClassVar[tuple[Command, ...]] = (
        commands.TICK,
        commands.EDIT,
        commands.EARLIER,
        commands.LATER,
        *TASK_COMMANDS,
        *SESSION_COMMANDS,
        commands.SESSION_MODE,
        commands.FIND,
        commands.HEADINGS,
    )
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    SessionPage {
        #header { height: auto; padding: 0 1 0 2; border-bottom: solid $panel; }
        #notes { width: 1fr; padding: 1 0 0 1; }
        #aside { width: 40; height: 100%; padding: 1 1 0 2; display: none; }
        #aside { border-left: solid $panel; }
        &.-wide #aside { display: block; }
        &.-huge #aside { display: block; width: 60; }
        &.-huge #notes { padding: 1 0 0 8; }
    }
    """

    def __init__(self, lead_id: str, path: str, line: str = "", found: str = "") -> None:
        """`line` is the line to go to first, if any; `found` are words to highlight there."""
        super().__init__()
        self.tasks: TaskArea = TaskArea(self.current_lead, self._session)
        self._private = PrivatePassages()
        self.private = self._private
        self.lead_id = lead_id
        self.path = path
        self._line = int(line or 0)
        self._reading = ReadingPlace(line, found)
        self._place = ""
        """That of the session, in a file of several."""
        self._file = RenamedFile()
        self._passages: tuple[Passage, ...] | None = None
        self._trouble = ""
        self._kept: set[Key] = set()
        """Topics of other sessions that were settled here. They stay until the session is left."""
        self._last = LastOutcome()
        self._added: Task | None = None
        """An item that was just added, to select once the text of its file is loaded."""

    def compose_body(self) -> ComposeResult:
        yield TextLine(id="header")
        with SessionArea(self.tasks, self.current_lead, self._session), Horizontal():
            yield MarkList(id="notes", reading=True)
            yield Canvas(id="aside")

    def current_lead(self, state: State) -> Lead | None:
        """Return the lead of the session."""
        return state.lead(self.lead_id)

    def place(self, state: State) -> tuple[str, ...]:
        lead = state.lead(self.lead_id)
        session = self._session(state)
        name = format_full_date(session.at.day) if session else self.path
        return (state.workspace.name, lead.name if lead else self.lead_id, name)

    def status(self, state: State) -> Content:
        lead = state.lead(self.lead_id)
        if lead is None:
            return super().status(state)
        return frame.lead_status(lead, state, self.tasks, narrow=self.has_class("-narrow"))

    def _session(self, state: State) -> Session | None:
        lead = state.lead(self.lead_id)
        if lead is not None:
            path = self._file.follow(self.path, lead.sessions)
            if path != self.path:
                self.path = path
                self.post_message(LoadText())
        found = [one for one in lead.sessions if one.path == self.path] if lead else []
        session = next((one for one in found if one.place == self._place), None)
        if session is None:
            # In a file of several sessions, the one around the line to select, else the latest.
            around = (one for one in found if one.body_line <= self._line <= one.last_line)
            session = next(around, found[-1] if found else None)
        self._place = session.place if session else ""
        return session

    @property
    def reads(self) -> str:
        return self.path

    def show_text(self, text: str | None, trouble: str) -> None:
        state = self.state
        session, lead = (self._session(state), state.lead(self.lead_id)) if state else (None, None)
        if session is None or lead is None:
            return
        tasks = (task for task in iter_tasks(lead) if task.path == self.path)
        found = parse_passages(text, self.path, tasks, session) if text is not None else None
        if (found, trouble) != (self._passages, self._trouble):
            self._passages, self._trouble = found, trouble
            self.redraw()
        added, self._added = self._added, None
        if added is not None:
            super().select_task(added)

    def select_task(self, task: Task) -> bool:
        """Select an item that was just added, in whichever session it is."""
        if super().select_task(task) or is_private(task.path):
            return True
        self._added = task
        here = self._session(self.state) if self.state is not None else None
        if here is None or not (
            here.path == task.path and here.body_line <= task.line <= here.last_line
        ):
            self._line = task.line
            self._open(task.path, "")
        return True

    def draw(self, state: State) -> None:
        session, lead = self._session(state), state.lead(self.lead_id)
        if session is None or lead is None:
            gone = f" is gone; {state.key_of(commands.BACK)} goes back"
            line = Content.assemble(words(self.path, STRONG), (gone, LATE))
            self.query_one("#header", TextLine).show(line, layout=True)
            self.query_one(RowList).show(())
            self.query_one("#aside", Canvas).paint(lambda width, height: Content(""))
            return
        self._prepare(session, lead, state)
        self.concerns = (session.path, *self._private.reads)
        shown = _header(session, lead, state, narrow=self.has_class("-narrow"))
        self.query_one("#header", TextLine).show(shown, layout=True)
        self.query_one("#aside", Canvas).paint(
            lambda width, height: _aside(session, lead, state, width, height),
            (session, lead, state.workspace.framework, state.now, state.viewer),
        )
        rows = self.query_one(RowList)
        rows.show(self._rows(state), select=self._to_select(), fresh=state.recent)
        self._reading.show(rows, self.find_bar)

    def _prepare(self, session: Session, lead: Lead, state: State) -> None:
        """Load the last session while this one is yet to be prepared, and the private files."""
        last = find_last_session(lead, state.now) if is_ahead(session, state.now) else None
        self.also_reads = last.path if last is not None else None
        unread = self._private.follow(session, lead, state.workspace)
        if self._last.follow(last) or unread:
            self.post_message(LoadText())

    def show_other_text(self, text: str | None) -> None:
        if self._last.take_text(text):
            self.redraw()

    def _preparation(self, session: Session, lead: Lead, state: State) -> list[Row]:
        """Return the brief below the file of a session that has not begun.

        Topics are above, and the page shows elsewhere which session it is.
        """
        brief = read_brief(lead, state, self._last.outcome, session)
        sections = []
        for section in brief.sections[1:]:
            items = [one for one in section.items if not _is_in(one, session)]
            if items or section.note:
                sections.append(replace(section, items=tuple(items)))
        return [Line(Content("")), *brief_rows(sections, lead, state)]

    def _to_select(self) -> object:
        if not self._line or self._passages is None:
            return None
        line, self._line = self._line, 0
        for passage in self._passages:
            if passage.task is not None and passage.line == line:
                return task_key(passage.task)
        return None

    def _rows(self, state: State) -> list[Row]:
        if self._trouble:
            return [Line(words(self._trouble, LATE)), *self._private.rows(state)]
        if self._passages is None:
            return []
        session, lead = self._session(state), state.lead(self.lead_id)
        left = self._left_open(session, lead, state) if session is not None and lead else []
        ahead = self._private.rows(state)
        if session is not None and lead is not None and is_ahead(session, state.now):
            ahead += self._preparation(session, lead, state)
        if not self._passages:
            return [*_nothing_written(state), *left, *ahead]
        rows: list[Row] = []
        agenda = find_agenda_end(self._passages)
        actions = session.actions if session else ()
        topics = session.topics if session else ()
        waiting = {one.task.line: describe_waiting(one) for one in actions if one.waiting_for}
        held = find_held_days(lead, state.now) if lead is not None else ()
        carried = {one.task.line: carried_note(one, held) for one in actions}
        for number, passage in enumerate(self._passages):
            if number == agenda and left:
                before = self._passages[number - 1].kind if number else PassageKind.BLANK
                apart = [Row()] if passage.kind is not PassageKind.BLANK else []
                rows.extend([Row()] if before is not PassageKind.BLANK else [])
                rows.extend([*left, *apart])
            if passage.task is None:
                rows.append(PassageRow(passage))
                continue
            task = passage.task
            note = waiting.get(task.line, ""), carried.get(task.line, "")
            rows.append(PassageTask(passage, task, state.today, *note, is_topic=task in topics))
        below = [Row(), *left] if left and agenda >= len(self._passages) else []
        return [*rows, *below, *ahead]

    def _left_open(self, session: Session, lead: Lead, state: State) -> list[Row]:
        """Return the rows of the topics that are on the agenda but in other sessions' files."""
        found = with_kept(find_agenda_of(session, lead, state.now), lead, self._kept)
        topics = [one for one in found if one.task not in session.topics]
        if not topics:
            return []
        you = state.you(lead)
        rows = [TopicRow(one, describe_topic(one, lead, state.today, you)) for one in topics]
        return [Line(words("from earlier sessions", HEAD)), *rows]

    def keep(self, task: Task) -> None:
        self._kept.add(task_key(task))

    def default_spot(self) -> tuple[str, int] | None:
        return self.path, 1

    def action_edit(self) -> None:
        path, line = getattr(self.selected(), "spot", None) or (None, 1)
        self.post_message(OpenEditor(path or self.path, line))

    def action_earlier(self) -> None:
        """Go to the previous session."""
        self._go(-1)

    def action_later(self) -> None:
        """Go to the next session."""
        self._go(1)

    def _go(self, by: int) -> None:
        lead = self.state.lead(self.lead_id) if self.state else None
        sessions = lead.sessions if lead else ()
        places = [session.place for session in sessions]
        index = places.index(self._place) + by if self._place in places else -1
        if 0 <= index < len(places):
            self._added = None
            self._open(sessions[index].path, places[index])

    def _open(self, path: str, place: str) -> None:
        self.path, self._place = path, place
        self._passages, self._trouble = None, ""
        self._kept.clear()
        self.tasks.unmark()
        self.query_one(RowList).scroll_home(animate=False)
        self.redraw()
        self.post_message(LoadText())


def is_ahead(session: Session, now: datetime) -> bool:
    """Return whether a session is planned and nothing is written about it yet."""
    is_planned = resolve_status(session, now) is SessionStatus.PLANNED
    return is_planned and not session.has_notes


def _is_in(item: BriefItem, session: Session) -> bool:
    """Return whether an item of a brief is above it on the page of a session."""
    promise = item.promise
    return item.topic is not None or (
        promise is not None and promise.action.task.path == session.path
    )


def _nothing_written(state: State) -> list[Row]:
    """Return the rows of an empty session."""
    ways = [
        f"{state.key_of(commands.EDIT)} opens it in your editor"
    ] * state.allowed.can_start_programs
    if state.allowed.can_edit:
        ways.append(f"{state.key_of(commands.ADD)} adds an action")
        ways.append(f"{state.key_of(commands.TOPIC)} adds a topic to its agenda")
    lines = [words("Nothing written yet.", STRONG), *(words(way, MUTED) for way in ways)]
    return [Line(line) for line in lines]


def _header(session: Session, lead: Lead, state: State, *, narrow: bool) -> Content:
    at = to_local(session.at, state.now)
    parts = [
        words(format_exact(session.at, state.now), STRONG),
        words(format_relative(at.day, state.today), MUTED),
        words(str(resolve_status(session, state.now)), MUTED),
    ]
    if session.duration:
        parts.append(words(f"{session.duration} min", MUTED))
    if session.skill:
        skill = state.workspace.framework.find_skill(session.skill)
        name = skill.name if skill else session.skill
        parts.append(Content.assemble(("about ", MUTED), words(name)))
    if session.next:
        parts.append(
            Content.assemble(("next ", MUTED), words(format_exact(session.next, state.now)))
        )
    if takes_place(session, state.now):
        position = find_position(lead, state.workspace.framework, state.now, session)
        parts.append(words(describe_position(position), MUTED))
    if is_in_conflict(session.path, lead, state.workspace):
        parts.append(words(f"two versions: {state.key_of(commands.CONFLICTS)}", LATE))
    if folder := state.workspace.folder_of(session.path):
        parts.append(words(f"in {folder}", MUTED))
    if not narrow and (readers := state.readers_of(session.path)):
        parts.append(words(readers, MUTED))
    return bullets(parts)


def _aside(session: Session, lead: Lead, state: State, width: int, height: int) -> Content:
    """Return the column beside the notes: levels, what the session is for, questions, its shape.

    Before a session, each part has its prompt, purpose and questions if all of them fit.
    """
    framework, now = state.workspace.framework, state.now
    position = find_position(lead, framework, now, session)
    idea = find_skill_for(lead, framework, now, session)
    ahead = is_ahead(session, now)
    if idea is not None and not (idea.chosen or ahead):
        idea = None

    def draw(detail: Detail) -> list[Content]:
        found = (
            _levels(session, framework),
            _voices(session, lead, state, width),
            purpose(position, width),
            questions(idea, width),
            shape(framework.shape_for(position.number), position, width, detail),
        )
        return [line for part in found if part for line in (*part, Content(""))][:-1]

    for detail in (Detail.QUESTIONS, Detail.PROMPTS) if ahead else ():
        lines = draw(detail)
        if len(lines) <= height:
            return Content("\n").join(lines)
    return Content("\n").join(draw(Detail.NAMES))


def _voices(session: Session, lead: Lead, state: State, width: int) -> list[Content]:
    """Return what lead and coach stated in the session, as far as the viewer sees it."""
    framework = state.workspace.framework
    voices = Voices({}, lead, state.you(lead))
    lines: list[Content] = []
    for skill in framework.skills:
        one = read_stated_levels(session, skill, framework)
        if found := voices.describe(one, skill):
            for index, line in enumerate(wrap(bullets(found), max(width - 14, 8))):
                name = fit(words("" if index else skill.id, MUTED), 14)
                lines.append(Content.assemble(name, line))
    return [Content.styled("EACH SAYS", HEAD), *lines] if lines else []


def _levels(session: Session, framework: Framework) -> list[Content]:
    lines = [Content.styled("AGREED LEVELS", HEAD)]
    for name, level in session.levels:
        if skill := framework.find_skill(name):
            picture = meter(skill.rank_of(level), len(skill.levels))
            line = fit(words(level), 14)
            lines.append(Content.assemble(picture, "  ", line, words(skill.id, MUTED)))
    return lines if session.levels else []
