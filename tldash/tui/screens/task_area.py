"""The part of a screen that shows task items: it marks, changes and adds them.

A screen puts its body into a `TaskArea`. The screen binds the keys, and `Page.action_targets` sends
their actions here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from tldash.editing.edits import Remove
from tldash.model.records import Lead, Session, Status, Task, is_private
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.prompts import changes
from tldash.tui.prompts.changes import Change, Changes
from tldash.tui.screens.hold_session import hold_session
from tldash.tui.screens.marks import Marks, follow
from tldash.tui.screens.messages import (
    PASTED,
    TOGGLE,
    ApplyEdit,
    CreateFiles,
    EditTasks,
    KeepText,
    LoadText,
    MoveSession,
    OpenPage,
    PlanSession,
    ShareLine,
    ShowNotice,
)
from tldash.tui.state import State
from tldash.tui.widgets.bars import labelled
from tldash.tui.widgets.mark_list import Mark, MarkList
from tldash.tui.widgets.pasted import LINE_BREAK
from tldash.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from tldash.tui.prompts.drafts import Draft
    from tldash.tui.prompts.prompt import Prompt
    from tldash.tui.prompts.questions import Kind, Question

MARKING: Final[tuple[Command, ...]] = (
    commands.MARK,
    commands.MARK_DOWN,
    commands.MARK_UP,
    commands.MARK_ALL,
)
TASK_COMMANDS: Final[tuple[Command, ...]] = (
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
    commands.KEEP_TOPIC,
    commands.MOVE_TOPIC,
    commands.ITEM_HISTORY,
    *commands.PRIVATE_COMMANDS,
    *MARKING,
)
"""The commands of every screen with task items, besides `TICK`."""
MARKED_COMMANDS: Final[tuple[Command, ...]] = (
    commands.MARK,
    commands.TICK,
    commands.DATE,
    commands.PROGRESS,
    commands.DROP,
    commands.HAND_OVER,
    commands.TAGS,
    commands.DELETE,
    commands.COPY,
    commands.UNDO,
    commands.BACK,
    commands.HELP,
)
"""The key bar while items are marked. The last two are always shown."""
SELECT_ITEM: Final = "select an action, topic or marker first"
SELECT_TOPIC: Final = "select a topic first"


class TaskArea(Vertical):
    """A container of lists with task items.

    Its actions apply to the marked items, else to the selected one.
    """

    class MarksChanged(Message):
        """Other items are marked."""

    def __init__(
        self,
        current_lead: Callable[[State], Lead | None],
        current_session: Callable[[State], Session | None] = lambda state: None,
    ) -> None:
        """Create the container.

        `current_lead` returns the lead that is meant while no item is selected, `current_session`
        the session that the screen is about.
        """
        super().__init__()
        self.state: State | None = None
        self.marks = Marks()
        self._current_lead = current_lead
        self._current_session = current_session
        self._shown: frozenset[Mark] = frozenset()
        self._asked_from: Widget | None = None
        self._prompt: Prompt | None = None

    def update_state(self, state: State) -> None:
        """Take a new state. Marks follow their items."""
        if state is not self.state:
            self.state = state
            self.marks.follow(state.workspace)

    # The items

    @property
    def selected_task(self) -> Task | None:
        """The item under the cursor of the focused list."""
        rows = self._focused_list
        return task_of(rows.selected) if rows is not None else None

    @property
    def chosen(self) -> tuple[Task, ...]:
        """The marked items in the order of the lists, else the selected one."""
        if self.marks.tasks:
            return self.marks.in_order(self._markable())
        task = self.selected_task
        return (task,) if task is not None else ()

    @property
    def _focused_list(self) -> RowList | None:
        focused = self.screen.focused
        return focused if isinstance(focused, RowList) else None

    def find_lead(self, state: State) -> Lead | None:
        """Return the lead of the selected item, else the one that is meant without it."""
        task = self.selected_task
        found = changes.find_lead(task, state.workspace) if task is not None else None
        return found or self._current_lead(state)

    def to_copy(self) -> str:
        """Return the lines of the chosen items, as they are in their files; no private ones."""
        return "\n".join(task.raw for task in self.chosen if not is_private(task.path))

    # Marks

    def action_mark(self, by: int) -> None:
        """Mark the selected item, or unmark it, and go down or up."""
        rows = self._focused_list
        if not isinstance(rows, MarkList):
            return
        task = self.selected_task
        if task is not None:
            self.marks.toggle(task)
            self.show_marks()
        elif rows.selected is not None:
            self.post_message(ShowNotice("only actions, topics and markers can be marked"))
        rows.step(by)

    def action_mark_all(self) -> None:
        """Mark all items of the list; unmark them if all are marked."""
        rows = self._focused_list
        if isinstance(rows, MarkList):
            self.marks.toggle_all(rows.markable())
            self.show_marks()

    def on_mark_list_marked(self, message: MarkList.Marked) -> None:
        """Mark on a click with ctrl held."""
        task = task_of(message.row)
        if task is not None:
            self.marks.toggle(task)
            self.show_marks()

    def unmark(self) -> bool:
        """Unmark all; False if none is marked."""
        cleared = self.marks.clear()
        if cleared:
            self.show_marks()
        return cleared

    def show_marks(self) -> None:
        """Show the marks in the lists."""
        marked = self.marks.keys
        if not marked and not self._shown:
            return
        self._shown = marked
        for rows in self.query(MarkList):
            rows.show_marks(marked)
        self.post_message(self.MarksChanged())

    def _markable(self) -> Iterator[Mark]:
        for rows in self.query(MarkList):
            yield from rows.markable()

    def marked_keys(self, state: State) -> tuple[tuple[Command, str], ...]:
        """Return the key bar while items are marked, else nothing."""
        if not self.marks.tasks:
            return ()
        hidden = len(self.marks.keys.difference(self._markable()))
        aside = f", {hidden} not shown" if hidden else ""
        return labelled(
            commands.offered(MARKED_COMMANDS, state.allowed),
            mark=f"{len(self.marks.tasks)} marked{aside}",
            go_back="unmark",
        )

    # Changes by one key

    def action_tick(self) -> None:
        """Tick, or untick if all are ticked."""
        if tasks := self.chosen:
            self.post_message(EditTasks(tasks, TOGGLE))

    def on_row_list_pressed(self, message: RowList.Pressed) -> None:
        """Tick on a click on the box."""
        task = task_of(message.row)
        if task is not None:
            self.post_message(EditTasks([task], TOGGLE))

    def action_move_due(self, days: int) -> None:
        """Move the due date by some days."""
        if self.state is not None:
            self._change(changes.move_due(days, self.state.today))

    def action_to_session(self) -> None:
        """Make it due by the next session of its lead."""
        if self.state is None:
            return
        chosen = self.chosen
        (tasks, change), missing = changes.due_by_next_session(
            chosen, self.state.workspace, self.state.now
        )
        verb = "has" if len(missing) == 1 else "have"
        why = f"{' and '.join(missing)} {verb} no next session planned" if missing else ""
        if tasks:
            note = f"{len(chosen) - len(tasks)} not: {why}" if why else ""
            self.post_message(EditTasks(tasks, change, note))
        elif why:
            self.post_message(ShowNotice(why))

    def action_keep_topic(self) -> None:
        """Keep the topics for the next agenda."""
        if self.state is None:
            return
        kept = changes.keep_topics(self.chosen, self.state.workspace, self.state.now)
        if kept.tasks:
            self.post_message(EditTasks(kept.tasks, kept.change, done=kept.what))
        else:
            self.post_message(ShowNotice(kept.what or SELECT_TOPIC, bad=not kept.what))

    def action_progress(self) -> None:
        """Set the status to in progress, or reopen."""
        self._toggle_status(Status.IN_PROGRESS)

    def action_drop(self) -> None:
        """Drop, or reopen."""
        self._toggle_status(Status.CANCELLED)

    def _toggle_status(self, wanted: Status) -> None:
        if (tasks := self.chosen) and self.state is not None:
            self._post(changes.toggle_status(wanted, tasks, self.state.today))

    def action_hand_over(self) -> None:
        """Hand over to the coach, or back to the lead."""
        if (tasks := self.chosen) and self.state is not None:
            leads = [changes.find_lead(task, self.state.workspace) for task in tasks]
            self._post(changes.toggle_owner(filter(None, leads), tasks))

    def action_move_priority(self, steps: int) -> None:
        """Raise the priority by some steps, or lower it."""
        self._change(changes.move_priority(steps))

    def action_delete(self) -> None:
        """Delete the items with their notes."""
        self._change(Remove)

    def _change(self, change: Change) -> None:
        self._post((self.chosen, change))

    def _post(self, found: Changes) -> None:
        tasks, change = found
        if tasks:
            self.post_message(EditTasks(tasks, change))
        else:
            self.post_message(ShowNotice(SELECT_ITEM))

    def action_item_history(self) -> None:
        """Show the history of the selected item."""
        task = self.selected_task
        if task is not None and is_private(task.path):
            self.post_message(ShowNotice("the history is that of shared files"))
            return
        lead = changes.find_lead(task, self.state.workspace) if task and self.state else None
        if (found := self._selected_goal()) is not None:
            self.post_message(OpenPage("item_history", "goals", *found))
            return
        if task is None or lead is None:
            self.post_message(ShowNotice(SELECT_ITEM))
            return
        place = task.text, task.path, str(task.line)
        self.post_message(OpenPage("item_history", "item", lead.id, *place))

    def _selected_goal(self) -> tuple[str, str] | None:
        """Return the id of a lead and the text of their goal on the selected line, if it is one."""
        rows, state = self._focused_list, self.state
        lead = self.find_lead(state) if state is not None else None
        if rows is None or lead is None:
            return None
        path, line = getattr(rows.selected, "spot", None) or ("", 0)
        place = path or getattr(self.screen, "reads", None), line
        texts = (goal.text for goal in lead.goals if (goal.path, goal.line) == place)
        return next(((lead.id, text) for text in texts if text), None)

    # Prompts

    def action_add(self) -> None:
        """Ask for a new action."""
        self._ask_about_lead("action")

    def action_topic(self) -> None:
        """Ask for a new topic."""
        self._ask_about_lead("topic")

    def action_session_mode(self) -> None:
        """Hold the session of today, else the next planned one; create one without either."""
        state = self.state
        lead = self.find_lead(state) if state is not None else None
        if state is None or lead is None:
            self.post_message(ShowNotice("select a lead first"))
            return
        self.post_message(hold_session(lead, state))

    def action_ask_about(self, kind: Kind) -> None:
        """Ask for another text of the selected item, or a date, tags and the like of the chosen."""
        from tldash.tui.prompts import questions  # the first screen needs no parsers

        tasks = self.chosen
        if kind == "text":
            tasks = tuple(filter(None, [self.selected_task]))
        elif kind == "agenda" and self.state is not None:
            tasks = changes.find_topics(tasks, self.state.workspace)
        if not tasks:
            self.post_message(ShowNotice(SELECT_TOPIC if kind == "agenda" else SELECT_ITEM))
        elif self.state is not None:
            self.ask(questions.ask_about_tasks(kind, tasks, self.state))

    def action_private(self, kind: str) -> None:
        """Ask for a line that only the viewer can read, or to share one."""
        self._ask_about_lead(f"private {kind}")

    def _ask_about_lead(self, kind: str, text: str = "") -> None:
        from tldash.tui.prompts.private import ask_about  # the first screen needs no parsers

        state = self.state
        if state is None:
            return
        lead, session = self.find_lead(state), self._current_session(state)
        note = getattr(self._focused_list and self._focused_list.selected, "note", None)
        asked = ask_about(kind, lead, self.selected_task or note, session, state)
        if isinstance(asked, str):
            self.post_message(ShowNotice(asked))
        else:
            self.ask(asked, text)

    def offer(self, text: str) -> bool:
        """Ask for a new action with this text; False if there is no lead to ask about."""
        if self.state is None or self.find_lead(self.state) is None or self._prompt is not None:
            return False
        self._ask_about_lead("action", text)
        return True

    def ask(self, question: Question, text: str = "", back: Widget | None = None) -> None:
        """Show a prompt, unless there is one, with text that was typed or pasted before.

        `back` gets the focus afterwards, by default the list that has it now.
        """
        from tldash.tui.prompts.prompt import Prompt  # the first screen needs no prompt

        if self._prompt is not None:
            return
        typed = dict(self.state.typed) if self.state is not None else {}
        found = [typed.get(question.text, question.proposed)]
        if question.takes_lines:
            found += [typed.get(PASTED, ""), text]
            self.post_message(KeepText(PASTED, ""))
        self._asked_from = back or self._focused_list
        guard = self.state.guard if self.state is not None else None
        self._prompt = Prompt(question, f" {LINE_BREAK} ".join(filter(None, found)), guard)
        self.mount(self._prompt)
        self.post_message(LoadText())

    @property
    def writes(self) -> str:
        """The file that the open prompt would write; empty if there is none."""
        return self._prompt.question.path if self._prompt is not None else ""

    def take_text(self, path: str, text: str | None) -> None:
        """Take the text of a file for the open prompt."""
        if self._prompt is not None:
            self._prompt.take_text(path, text)

    def on_prompt_answered(self, message: Prompt.Answered) -> None:
        """Apply the draft."""
        if not self._is_open(message.question):
            return
        draft, tasks = message.draft, message.question.tasks
        if self.state is not None:  # they may have changed while the text was typed
            tasks = follow(tasks, self.state.workspace)
        changes_items = draft.change is not None or draft.share is not None
        if changes_items and len(tasks) < len(message.question.tasks):
            if self._prompt is not None:
                self._prompt.show_trouble("the item is no longer in its file")
            return
        self._close_prompt(message.question, "")
        if draft.change is not None:
            self._post((tasks, draft.change))
            return
        asked = message.question.text, message.text
        if (request := _request_of(draft, tasks, asked)) is not None:
            self.post_message(request)

    def on_prompt_cancelled(self, message: Prompt.Cancelled) -> None:
        """Keep the text for the next time."""
        if self._is_open(message.question):
            self._close_prompt(message.question, message.text)

    def _is_open(self, question: Question) -> bool:
        """Return whether a question is still asked. Two answers in one read close one prompt."""
        return self._prompt is not None and self._prompt.question is question

    def _close_prompt(self, question: Question, text: str) -> None:
        self.post_message(KeepText(question.text, text))
        if self._prompt is None:
            return
        focused = self.screen.focused
        if focused is None or self._prompt in focused.ancestors:
            (self._asked_from or self.query(RowList).first()).focus()
        self._prompt.remove()
        self._prompt = None

    def cancel_prompt(self) -> bool:
        """Cancel the prompt and keep its text; False if there is none."""
        if self._prompt is None:
            return False
        self._close_prompt(self._prompt.question, self._prompt.typed)
        return True

    @property
    def typed(self) -> tuple[str, str] | None:
        """The question of the open prompt and the text so far, if there is any."""
        if self._prompt is None or not self._prompt.typed:
            return None
        return self._prompt.question.text, self._prompt.typed


def _request_of(draft: Draft, tasks: Sequence[Task], asked: tuple[str, str]) -> Message | None:
    """Return the message that a draft becomes. `asked` is the question and the answer."""
    if draft.add is not None:
        return ApplyEdit(draft.add, *draft.others)
    if draft.create or draft.new_lead:
        return CreateFiles(draft.create, draft.new_lead, asked)
    if draft.plan is not None:
        return PlanSession(*draft.plan)
    if draft.move is not None:
        return MoveSession(*draft.move)
    if draft.share is not None:
        removal, edit = draft.share
        return ShareLine(Remove(tasks[0]) if tasks else removal, edit)
    return None


def only_lead(state: State) -> Lead | None:
    """Return the lead of a folder that has only one."""
    leads = state.workspace.leads
    return leads[0] if len(leads) == 1 else None


def task_of(row: object) -> Task | None:
    """Return the task item that a row shows, if it shows one."""
    task = getattr(row, "task", None)
    return task if isinstance(task, Task) else None
