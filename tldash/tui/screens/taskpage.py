"""What screens with task items share: every way to change one, and to write a new one down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from textual.content import Content

from tldash.editing.edits import Remove
from tldash.model.item_keys import Key, iter_tasks, task_key
from tldash.model.records import Lead, Status, Task
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.prompts import bulk_edits, typed_edits
from tldash.tui.prompts.prompt import Prompt, answer
from tldash.tui.screens.marking import MARKING, MarkPage
from tldash.tui.screens.messages import TOGGLE, ApplyEdit, EditTasks, PlanSession, ShowNotice
from tldash.tui.state import State
from tldash.tui.style.text import HEAD, LATE, MUTED, PLAIN, words
from tldash.tui.widgets.bars import KeyBar
from tldash.tui.widgets.row_list import RowList

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
    commands.RAISE_PRIORITY,
    commands.LOWER_PRIORITY,
    commands.TAGS,
    commands.REPEAT,
    commands.DELETE,
    commands.TOPIC,
    *MARKING,
)
"""What can be done to task items, on every screen that shows them."""

AROUND: Final = 8
"""Cells of the line below a question that are neither what would be written nor the note."""
LEAST_SHOWN: Final = 24
"""Cells of what would be written that are shown, however long the note is."""

Drafting = Callable[[str], typed_edits.Draft]


class TaskPage(MarkPage):
    """A screen on which task items can be changed, and added."""

    _drafting: Drafting | None = None
    _asked_of: tuple[Task, ...] = ()
    _asked_in: RowList | None = None
    """The list that had the focus when something was asked."""
    _about: str = ""
    _or_empty: bool = False
    """Whether an empty line is an answer, too."""
    _typed: dict[str, str] | None = None
    """What was typed and left, by the question, so that it is there the next time."""

    def lead_here(self, state: State) -> Lead | None:
        """The lead that is meant where nothing is selected."""
        leads = state.workspace.leads
        return leads[0] if len(leads) == 1 else None

    def _lead(self, state: State) -> Lead | None:
        """The lead of the selected item, else of the screen."""
        task = self.task_here()
        found = _lead_of(task, state) if task is not None else None
        return found or self.lead_here(state)

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
            self._change(typed_edits.later(days, self.state.today))

    def action_to_session(self) -> None:
        """Due by the next session, each by that of its lead."""
        state = self.state
        if state is None:
            return
        days: dict[Key, date] = {}
        tasks: list[Task] = []
        without: dict[str, None] = {}
        for task in self.chosen():
            lead = _lead_of(task, state)
            day = typed_edits.session_day(lead, state.now) if lead else None
            if day is not None:
                days[task_key(task)] = day
                tasks.append(task)
            elif lead is not None:
                without[lead.name] = None
        verb = "has" if len(without) == 1 else "have"
        why = f"{' and '.join(without)} {verb} no next session planned" if without else ""
        if tasks:
            left = f"{len(self.chosen()) - len(tasks)} not: {why}" if why else ""
            self._wish(tasks, bulk_edits.on_days(days), left)
        elif why:
            self.post_message(ShowNotice(why))

    def action_progress(self) -> None:
        """In progress, or open again."""
        self._status(Status.IN_PROGRESS)

    def action_drop(self) -> None:
        """Cancelled, or open again."""
        self._status(Status.CANCELLED)

    def _status(self, wanted: Status) -> None:
        tasks, state = self.chosen(), self.state
        if state is None:
            return
        if len(tasks) > 1:
            self._wish(*bulk_edits.status(wanted, tasks, state.today))
        else:
            self._wish(tasks, typed_edits.status(wanted, state.today))

    def action_hand_over(self) -> None:
        """To the coach, or back."""
        tasks, state = self.chosen(), self.state
        if state is None:
            return
        leads = [lead for task in tasks if (lead := _lead_of(task, state)) is not None]
        if len(tasks) > 1:
            self._wish(*bulk_edits.handed_over(leads, tasks))
        elif leads:
            self._wish(tasks, typed_edits.handed_over(leads[0]))

    def action_raise_priority(self) -> None:
        """Raise the priority by a step."""
        self._change(typed_edits.priority(1))

    def action_lower_priority(self) -> None:
        """Lower the priority by a step."""
        self._change(typed_edits.priority(-1))

    def action_delete(self) -> None:
        """Delete the items with their notes."""
        self._change(Remove)

    def action_tick(self) -> None:
        if tasks := self.chosen():
            self.post_message(EditTasks(tasks, TOGGLE))

    def to_copy(self) -> str:
        return "\n".join(task.raw for task in self.chosen()) or super().to_copy()

    def _change(self, change: typed_edits.Change) -> None:
        self._wish(self.chosen(), change)

    def _wish(self, tasks: Sequence[Task], change: typed_edits.Change, left: str = "") -> None:
        """Ask for a change of some items; `left` says what is not among them, and why."""
        if tasks:
            self.post_message(EditTasks(tasks, change, left))

    # By typing

    def action_add(self) -> None:
        """A new action."""
        state = self.state
        lead = self._lead(state) if state else None
        if state is None or lead is None:
            self.post_message(ShowNotice("select a lead, or one of a lead's actions, first"))
            return
        self._ask(
            f"new action of {lead.name}",
            "",
            lambda typed: typed_edits.action(lead, typed, state.now),
        )

    def action_topic(self) -> None:
        """A new topic."""
        state = self.state
        lead = self._lead(state) if state else None
        if state is None or lead is None:
            self.post_message(ShowNotice("select a lead, or one of a lead's actions, first"))
            return
        about = f"new topic for the next session with {lead.name}"
        self._ask(about, "", lambda typed: typed_edits.topic(lead, typed, state.now))

    def action_new_session(self) -> None:
        """The next session."""
        state = self.state
        lead = self._lead(state) if state else None
        if state is None or lead is None:
            self.post_message(ShowNotice("select a lead first"))
            return
        self._ask(
            f"next session with {lead.name}",
            typed_edits.usual_day(lead, state.now),
            lambda typed: typed_edits.session(lead, state.workspace.framework, typed, state.now),
        )

    def action_reword(self) -> None:
        """Other words."""
        task = self.task_here()
        if task is not None:
            self._ask("reword", task.text, lambda typed: typed_edits.words(task, typed), task)

    def action_date(self) -> None:
        """Another day."""
        tasks, state = self.chosen(), self.state
        if not tasks or state is None:
            return
        leads = [lead for task in tasks if (lead := _lead_of(task, state)) is not None]
        days = {typed_edits.session_day(lead, state.now) for lead in leads}
        session = days.pop() if len(days) == 1 else None
        several = typed_edits.Several(tasks[0], _lead_of(tasks[0], state), len(tasks) - 1)
        self._ask(
            _about("due date of", tasks),
            "",
            lambda typed: typed_edits.due(
                typed, state.today, session, several if several.more else None
            ),
            *tasks,
        )

    def action_tags(self) -> None:
        """Ask for other tags, those that all items have now to begin with."""
        tasks, state = self.chosen(), self.state
        if not tasks or state is None:
            return
        lead = _lead_of(tasks[0], state)
        self._ask(
            _about("tags of", tasks),
            " ".join(f"#{tag}" for tag in typed_edits.shared_tags(tasks)),
            lambda typed: typed_edits.tags(tasks, lead, typed),
            *tasks,
            or_empty=True,
        )

    def action_repeat(self) -> None:
        """Ask for another repeat rule, the one that all items have now to begin with."""
        tasks, state = self.chosen(), self.state
        if not tasks or state is None:
            return
        lead = _lead_of(tasks[0], state)
        self._ask(
            _about("repeat rule of", tasks),
            typed_edits.shared_rule(tasks),
            lambda typed: typed_edits.repeat(tasks, lead, typed, state.today),
            *tasks,
            or_empty=True,
        )

    def _ask(
        self, about: str, value: str, drafting: Drafting, *tasks: Task, or_empty: bool = False
    ) -> None:
        """Ask for a line; `or_empty` where an empty one is an answer, too."""
        if self.query(Prompt):
            return
        self._drafting, self._asked_of, self._about = drafting, tasks, about
        self._or_empty = or_empty
        self._asked_in = self.list_in_focus()
        value = (self._typed or {}).get(about, value)
        prompt = Prompt(words(about, HEAD), value, self._look)
        self.mount(prompt, before=self.query_one(KeyBar))

    def _look(self, typed: str) -> Content:
        if self._drafting is None or (not typed.strip() and not self._or_empty):
            return Content.styled("enter writes it, esc leaves", MUTED)
        draft = self._drafting(typed)
        if draft.trouble:
            return words(draft.trouble, MUTED)
        shown, note = words(draft.shown, PLAIN), words(draft.note, MUTED)
        room = self.size.width - note.cell_length - AROUND
        return answer(shown.truncate(max(room, LEAST_SHOWN), ellipsis=True), note)

    def on_prompt_answered(self, message: Prompt.Answered) -> None:
        """Do what was shown, or say why not."""
        draft = self._drafting(message.text) if self._drafting else typed_edits.Draft()
        if not message.text.strip() and not self._or_empty:
            self._close("")
        elif not draft.ready:
            self.query_one(Prompt).warn(words(draft.trouble, LATE))
        else:
            self._close("")
            if draft.add is not None:
                self.post_message(ApplyEdit(draft.add))
            elif draft.plan is not None:
                self.post_message(PlanSession(*draft.plan))
            elif draft.change is not None:
                self._wish(self._asked_of, draft.change)

    def on_prompt_left(self, message: Prompt.Left) -> None:
        """Keep what was typed for the next time."""
        self._close(message.text)

    def _close(self, typed: str) -> None:
        self._typed = {**(self._typed or {}), self._about: typed}
        if not typed:
            del self._typed[self._about]
        self.query_one(Prompt).remove()
        (self._asked_in or self.query(RowList).first()).focus()


def _about(what: str, tasks: Sequence[Task]) -> str:
    """The question for one or more items: `tags of: call the vendor and 2 more`."""
    more = f" and {len(tasks) - 1} more" if len(tasks) > 1 else ""
    return f"{what}: {tasks[0].text}{more}"


def _lead_of(task: Task, state: State) -> Lead | None:
    """The lead whom a task item belongs to."""
    for lead in state.workspace.leads:
        if any(task.path == other.path for other in iter_tasks(lead)):
            return lead
    return None
