"""The part of a screen that is about one lead: it asks for what stands in the lead's files.

A screen puts its lists into a `LeadArea`, and binds the keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.actions import SkipAction
from textual.containers import Vertical

from tldash.tui.screens.messages import OpenPage, ShowNotice
from tldash.tui.screens.page import Page
from tldash.tui.screens.task_area import TaskArea
from tldash.tui.widgets.skill_rows import SkillList, SkillRow

if TYPE_CHECKING:
    from tldash.activity.log import SubjectKind
    from tldash.model.records import Lead
    from tldash.tui.prompts.pairs import Field
    from tldash.tui.prompts.questions import Question
    from tldash.tui.state import State


class LeadArea(Vertical):
    """A container of lists of one lead. Its questions appear in the task area around it."""

    DEFAULT_CSS = """
    LeadArea { height: 1fr; }
    """

    def __init__(self, tasks: TaskArea, current_lead: Callable[[State], Lead | None]) -> None:
        """`current_lead` returns the lead that is meant."""
        super().__init__()
        self._tasks = tasks
        self._current_lead = current_lead

    def _ask(self, ask: Callable[[Lead, State], Question | str]) -> None:
        """Ask a question about the lead, or show why there is none."""
        state = self._tasks.state
        lead = self._current_lead(state) if state is not None else None
        if state is None or lead is None:
            self.post_message(ShowNotice("select a lead first"))
            return
        asked = ask(lead, state)
        if isinstance(asked, str):
            self.post_message(ShowNotice(asked))
        else:
            self._tasks.ask(asked)

    def on_mount(self) -> None:
        """Let the keys work while nothing has the focus."""
        if isinstance(self.screen, Page):
            self.screen.area = self

    # The lead

    def action_new_lead(self) -> None:
        """Ask for the name of a new lead."""
        from tldash.tui.prompts.pairs import ask_new_lead  # the first screen needs no prompt

        if self._tasks.state is not None:
            self._tasks.ask(ask_new_lead(self._tasks.state))

    def action_lead_field(self, key: Field) -> None:
        """Ask for the name, the coach or the cadence."""
        from tldash.tui.prompts.pairs import ask_field  # the first screen needs no prompt

        self._ask(lambda lead, state: ask_field(key, lead, state))

    def action_goal(self) -> None:
        """Ask for a further goal."""
        from tldash.tui.prompts.pairs import ask_goal  # the first screen needs no prompt

        self._ask(lambda lead, _: ask_goal(lead))

    def action_pause_lead(self) -> None:
        """Pause coaching, or resume it."""
        from tldash.tui.prompts.pairs import ask_pause  # the first screen needs no prompt

        self._ask(ask_pause)

    def action_end_lead(self) -> None:
        """End coaching."""
        from tldash.tui.prompts.pairs import ask_end  # the first screen needs no prompt

        self._ask(ask_end)

    def action_notes(self) -> None:
        """Open the reader of the lead's files."""
        state = self._tasks.state
        lead = self._current_lead(state) if state is not None else None
        if state is None or lead is None:
            self.post_message(ShowNotice("select a lead first"))
        elif not (lead.about or lead.notes or state.workspace.private_of(lead.id)):
            self.post_message(ShowNotice(f"{lead.name} has no lead.md and no other notes"))
        else:
            self.post_message(OpenPage("notes", lead.id))

    def action_trends(self) -> None:
        """Show how it went with the lead over time."""
        state = self._tasks.state
        lead = self._current_lead(state) if state is not None else None
        if lead is None:
            self.post_message(ShowNotice("select a lead first"))
        else:
            self.post_message(OpenPage("trends", lead.id))

    def action_goal_history(self) -> None:
        """Show how the goals changed over time."""
        self._open_history("goals")

    def action_item_history(self) -> None:
        """Show the history of the level of the selected skill."""
        row = self.screen.selected() if isinstance(self.screen, Page) else None
        if not isinstance(row, SkillRow):
            raise SkipAction  # the task area around this has the history of items
        self._open_history("level", row.view.skill.id)

    def _open_history(self, kind: SubjectKind, *more: str) -> None:
        state = self._tasks.state
        lead = self._current_lead(state) if state is not None else None
        if lead is None:
            self.post_message(ShowNotice("select a lead first"))
        else:
            self.post_message(OpenPage("item_history", kind, lead.id, *more))

    # Levels

    def action_state_level(self) -> None:
        """Show what to do. The list of skills has this action too, and comes before."""
        self.post_message(ShowNotice("select a skill first"))

    def on_skill_list_level_requested(self, message: SkillList.LevelRequested) -> None:
        """Ask for another agreed level of a skill."""
        from tldash.tui.prompts.levels import ask_level  # the first screen needs no prompt

        view, steps = message.view, message.steps
        self._ask(
            lambda lead, state: ask_level(lead, view, steps, state.workspace.framework, state.now)
        )

    def on_skill_list_own_level_requested(self, message: SkillList.OwnLevelRequested) -> None:
        """Ask for the level that the viewer states."""
        from tldash.tui.prompts.levels import ask_own_level  # the first screen needs no prompt

        skill = message.view.skill
        self._ask(lambda lead, state: ask_own_level(lead, skill, state))

    # Evidence

    def action_evidence(self) -> None:
        """Show what to do. The list of skills has this action too, and comes before."""
        self.post_message(ShowNotice("select a skill or a marker first"))

    def on_skill_list_evidence_requested(self, message: SkillList.EvidenceRequested) -> None:
        """Open the page of the evidence."""
        state = self._tasks.state
        lead = self._current_lead(state) if state is not None else None
        if lead is not None:
            line = (str(message.line),) if message.line else ()
            self.post_message(OpenPage("evidence", lead.id, message.skill_id, *line))
