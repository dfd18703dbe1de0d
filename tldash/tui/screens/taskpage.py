"""What screens with task items share: every way to change one, and to write a new one down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual.content import Content

from tldash.changes import tasks_of
from tldash.records import Lead, Status, Task
from tldash.tui import commands, doing
from tldash.tui.commands import Command
from tldash.tui.screens.page import Page
from tldash.tui.state import State
from tldash.tui.text import HEAD, LATE, MUTED, PLAIN, words
from tldash.tui.widgets.bars import KeyBar
from tldash.tui.widgets.prompt import Prompt, answer
from tldash.tui.widgets.rows import RowList

DOING: Final[tuple[Command, ...]] = (
    commands.ADD,
    commands.REWORD,
    commands.DATE,
    commands.LATER_DAY,
    commands.EARLIER_DAY,
    commands.LATER_WEEK,
    commands.TO_SESSION,
    commands.PROGRESS,
    commands.DROP,
    commands.HAND_OVER,
    commands.TOPIC,
)
"""What can be done to task items, on every screen that shows them."""

Drafting = Callable[[str], doing.Draft]


class TaskPage(Page):
    """A screen on which task items can be changed, and added."""

    _drafting: Drafting | None = None
    _asked_of: Task | None = None
    _about: str = ""
    _typed: dict[str, str] | None = None
    """What was typed and left, by the question, so that it is there the next time."""

    def lead_here(self, state: State) -> Lead | None:
        """The lead that is meant where nothing is selected."""
        leads = state.workspace.leads
        return leads[0] if len(leads) == 1 else None

    def task_here(self) -> Task | None:
        """The task item that is selected."""
        task = getattr(self.selected(), "task", None)
        return task if isinstance(task, Task) else None

    def _lead(self, state: State) -> Lead | None:
        """The lead of the selected item, else of the screen."""
        task = self.task_here()
        if task is not None:
            for lead in state.workspace.leads:
                if any(task.path == other.path for other in tasks_of(lead)):
                    return lead
        return self.lead_here(state)

    # By one key

    def action_later_day(self) -> None:
        """A day more."""
        self._later(1)

    def action_earlier_day(self) -> None:
        """A day less."""
        self._later(-1)

    def action_later_week(self) -> None:
        """A week more."""
        self._later(7)

    def _later(self, days: int) -> None:
        if self.state is not None:
            self._change(doing.later(days, self.state.today))

    def action_to_session(self) -> None:
        """Due by the next session."""
        lead = self._lead(self.state) if self.state else None
        day = doing.session_day(lead, self.state.now) if lead and self.state else None
        if day is not None:
            self._change(doing.on(day))
        elif lead is not None:
            self.post_message(self.WantsNotice(f"{lead.name} has no next session planned"))

    def action_progress(self) -> None:
        """In progress, or open again."""
        self._status(Status.IN_PROGRESS)

    def action_drop(self) -> None:
        """Cancelled, or open again."""
        self._status(Status.CANCELLED)

    def _status(self, wanted: Status) -> None:
        task = self.task_here()
        if task is not None and self.state is not None:
            self._change(doing.status(wanted, self.state.today))

    def action_hand_over(self) -> None:
        """To the coach, or back."""
        lead = self._lead(self.state) if self.state else None
        if lead is not None:
            self._change(doing.handed_over(lead))

    def _change(self, change: doing.Change) -> None:
        task = self.task_here()
        if task is not None:
            self.post_message(self.WantsChange(task, change))

    # By typing

    def action_add(self) -> None:
        """A new action."""
        state = self.state
        lead = self._lead(state) if state else None
        if state is None or lead is None:
            self.post_message(self.WantsNotice("select a lead, or one of a lead's actions, first"))
            return
        self._ask(
            f"new action of {lead.name}", "", lambda typed: doing.action(lead, typed, state.now)
        )

    def action_topic(self) -> None:
        """A new topic."""
        state = self.state
        lead = self._lead(state) if state else None
        if state is None or lead is None:
            self.post_message(self.WantsNotice("select a lead, or one of a lead's actions, first"))
            return
        about = f"new topic for the next session with {lead.name}"
        self._ask(about, "", lambda typed: doing.topic(lead, typed, state.now))

    def action_new_session(self) -> None:
        """The next session."""
        state = self.state
        lead = self._lead(state) if state else None
        if state is None or lead is None:
            self.post_message(self.WantsNotice("select a lead first"))
            return
        self._ask(
            f"next session with {lead.name}",
            doing.usual_day(lead, state.now),
            lambda typed: doing.session(lead, state.workspace.method, typed, state.now),
        )

    def action_reword(self) -> None:
        """Other words."""
        task = self.task_here()
        if task is not None:
            self._ask("reword", task.text, lambda typed: doing.words(task, typed), task)

    def action_date(self) -> None:
        """Another day."""
        task, state = self.task_here(), self.state
        lead = self._lead(state) if state else None
        if task is None or state is None:
            return
        session = doing.session_day(lead, state.now) if lead else None
        self._ask(
            f"due date of: {task.text}",
            "",
            lambda typed: doing.due(typed, state.today, session),
            task,
        )

    def _ask(self, about: str, value: str, drafting: Drafting, task: Task | None = None) -> None:
        if self.query(Prompt):
            return
        self._drafting, self._asked_of, self._about = drafting, task, about
        value = (self._typed or {}).get(about, value)
        prompt = Prompt(words(about, HEAD), value, self._look)
        self.mount(prompt, before=self.query_one(KeyBar))

    def _look(self, typed: str) -> Content:
        if self._drafting is None or not typed.strip():
            return Content.styled("enter writes it, esc leaves", MUTED)
        draft = self._drafting(typed)
        if draft.trouble:
            return words(draft.trouble, MUTED)
        return answer(words(draft.shown, PLAIN), words(draft.note, MUTED))

    def on_prompt_answered(self, message: Prompt.Answered) -> None:
        """Do what was shown, or say why not."""
        draft = self._drafting(message.text) if self._drafting else doing.Draft()
        if not message.text.strip():
            self._close("")
        elif not draft.ready:
            self.query_one(Prompt).warn(words(draft.trouble, LATE))
        else:
            self._close("")
            if draft.add is not None:
                self.post_message(self.WantsAdding(draft.add))
            elif draft.plan is not None:
                self.post_message(self.WantsSession(*draft.plan))
            elif draft.change is not None and self._asked_of is not None:
                self.post_message(self.WantsChange(self._asked_of, draft.change))

    def on_prompt_left(self, message: Prompt.Left) -> None:
        """Keep what was typed for the next time."""
        self._close(message.text)

    def _close(self, typed: str) -> None:
        self._typed = {**(self._typed or {}), self._about: typed}
        if not typed:
            del self._typed[self._about]
        self.query_one(Prompt).remove()
        self.query(RowList).first().focus()
