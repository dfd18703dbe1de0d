"""The part of a screen that is about one lead: it asks for what stands in the lead's files.

A screen puts its lists into a `LeadArea`, and binds the keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.containers import Vertical

from tldash.tui.screens.messages import ShowNotice
from tldash.tui.screens.task_area import TaskArea
from tldash.tui.widgets.skill_rows import SkillList

if TYPE_CHECKING:
    from tldash.model.records import Lead
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
