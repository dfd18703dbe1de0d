"""The parts of a session under way, and the prompt with the questions of the current one."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from tldash.insight.conversation import MINUTE
from tldash.insight.skills import find_part_questions, find_skill_for
from tldash.insight.starters import find_position, find_shape
from tldash.model.framework import Focus, Shape
from tldash.model.records import Lead, Session
from tldash.tui.keys import commands
from tldash.tui.screens.conversation_rows import last_wish
from tldash.tui.state import State
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.session_parts import PartsView

LEAST_LINES: Final = 6
"""Lines of the prompt and its questions above the notes, at least. Otherwise it is a third."""

Known = tuple[State, Lead, Session]


def shape_of(known: Known | None) -> Shape:
    """Return the shape of a session; one without parts if there is none."""
    if known is None:
        return Shape("", "", ())
    state, lead, session = known
    found = find_shape(lead, state.workspace.framework, state.now, session)
    return found or Shape("", "", ())


class PartsPane:
    """The line of parts, and the prompt."""

    def __init__(self) -> None:
        self.bar = Canvas(id="parts")
        self.prompt = Canvas(id="prompt")

    def draw(
        self,
        known: Known,
        view: PartsView,
        wish: tuple[str, ...],
        lines: int,
        *,
        enlarged: bool,
    ) -> None:
        """Draw them in a window of so many lines.

        `wish` is what people wanted of the structure last time; `enlarged` shows every question.
        """
        most = max(lines // 3, LEAST_LINES)
        questions = _questions(known, view)
        about_structure = view.part is not None and view.part.focus is Focus.STRUCTURE
        wish = wish if about_structure else ()
        minutes = tuple(view.minutes_in(index) for index in range(len(view.shape.parts)))
        total = int(view.clock.total(view.now) // MINUTE)
        basis = (view.shape, view.clock.part, view.clock.running, total, minutes)

        state = known[0]
        keys = f"{state.key_of(commands.BACK)} {state.key_of(commands.ENLARGE)}"

        def prompt(width: int, height: int) -> Content:
            height = height if enlarged else min(height, most)
            wanted = last_wish(wish, width) if wish else []
            drawn = view.draw_prompt(width, height - len(wanted), questions, f": {keys} shows all")
            return Content("\n").join([drawn, *wanted])

        self.bar.paint(lambda width, _: view.draw_bar(width), basis)
        self.prompt.paint(prompt, (*basis, questions, wish, most, enlarged))


def _questions(known: Known, view: PartsView) -> tuple[str, ...]:
    """Return the questions of the current part: its own, or those of the chosen skill."""
    if view.part is None:
        return ()
    state, lead, session = known
    framework = state.workspace.framework
    idea = find_skill_for(lead, framework, state.now, session)
    position = find_position(lead, framework, state.now, session)
    return find_part_questions(view.part, idea, position)
