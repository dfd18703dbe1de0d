"""A line to type in, and below it what would come of it, before it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tldash.model.sanitize import sanitize
from tldash.tui.style.text import ACCENT
from tldash.tui.widgets.bars import KeyBar

Look = Callable[[str], Content]
"""From what is typed to what would come of it."""


class _Line(Input):
    """The line itself."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", show=False)]

    def validate_value(self, value: str) -> str:
        """What was pasted may hold what a file may."""
        return sanitize(value)

    def action_leave(self) -> None:
        """Escape."""
        if isinstance(self.parent, Prompt):
            self.parent.leave()


class Prompt(Vertical):
    """Asks for one line. Enter answers, Escape leaves; what was typed is handed over by both."""

    DEFAULT_CSS = """
    Prompt {
        dock: bottom; height: 3; margin: 0 0 1 0; padding: 0 2; background: $surface;
        & > Static { height: 1; }
        & > Input { height: 1; border: none; padding: 0; background: $surface; }
        & > Input:focus { border: none; }
    }
    """

    class Answered(Message):
        """Enter was pressed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Answered):
        """Escape was pressed, or the focus went elsewhere."""

    def __init__(self, label: Content, value: str, look: Look) -> None:
        super().__init__()
        self._label = label
        self._value = value
        self._look = look

    def compose(self) -> ComposeResult:
        """What is asked, the line, and what would come of it."""
        yield Static(self._label, markup=False)
        yield _Line(self._value, select_on_focus=False)
        yield Static(self._look(self._value), markup=False, id="look")

    def on_mount(self) -> None:
        """Typing goes here from now on; what others did is not told meanwhile."""
        for bar in self.screen.query(KeyBar):
            if bar.notice is not None and bar.notice.news:
                bar.notice = None
        self.query_one(_Line).focus()

    def on_input_changed(self, message: Input.Changed) -> None:
        """Show what would come of it."""
        message.stop()
        self.query_one("#look", Static).update(self._look(message.value))

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter."""
        message.stop()
        self.post_message(self.Answered(message.value))

    def leave(self) -> None:
        """Escape."""
        self.post_message(self.Left(self.query_one(_Line).value))

    def warn(self, content: Content) -> None:
        """Say why there is nothing to do yet."""
        self.query_one("#look", Static).update(content)


def answer(shown: Content, note: Content) -> Content:
    """What would come of it: the line, and what is to be known of it."""
    return Content.assemble(("→ ", ACCENT), shown, "  ", note)
