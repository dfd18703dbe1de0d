"""The line that is typed in a session. Its first character says what it is."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from tldash.model.frozen import frozen
from tldash.tui.style.text import ACCENT, LATE, MUTED, words
from tldash.tui.widgets.text_input import TextInput
from tldash.tui.widgets.text_line import TextLine


class LineKind(StrEnum):
    """What a typed line becomes. The values are shown before it."""

    NOTE = "note"
    ACTION = "action"
    TOPIC = "topic"
    QUOTE = "quote"
    AGREEMENT = "agreed"


SIGNS: Final = {
    "+": LineKind.ACTION,
    "?": LineKind.TOPIC,
    '"': LineKind.QUOTE,
    "“": LineKind.QUOTE,
    "!": LineKind.AGREEMENT,
}
"""The first characters of lines that are no notes. A space before one makes it text."""
LABEL_WIDTH: Final = 8


@frozen
class TypedLine:
    """A line as typed."""

    kind: LineKind
    text: str


def parse_line(typed: str) -> TypedLine:
    """Split a typed line into its kind and its text."""
    kind = SIGNS.get(typed[:1], LineKind.NOTE)
    if kind is LineKind.NOTE:
        return TypedLine(kind, typed.strip())
    text = typed[1:].strip()
    if kind is LineKind.QUOTE:
        text = text.removesuffix('"').removesuffix("”").rstrip()
    return TypedLine(kind, text)


class SessionLine(Vertical):
    """An input with its kind before it, and a line below that says what is written where."""

    DEFAULT_CSS = """
    SessionLine {
        height: auto; padding: 0 1 0 1; border-left: thick $panel;
        Horizontal { height: 1; }
        #kind { width: 8; }
        TextInput { width: 1fr; height: 1; border: none; padding: 0; background: transparent; }
        TextInput:focus { border: none; }
        #where { height: 1; padding: 0 0 0 8; }
    }
    SessionLine:focus-within { border-left: thick $accent; background: $accent 8%; }
    """

    class Changed(Message):
        """Another text is typed."""

        def __init__(self, typed: str) -> None:
            super().__init__()
            self.typed = typed

    class Ended(Message):
        """Enter was pressed."""

        def __init__(self, typed: str) -> None:
            super().__init__()
            self.typed = typed

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield TextLine(id="kind")
            yield TextInput(placeholder="type to note")
        yield TextLine(id="where")

    def on_mount(self) -> None:
        """Show the kind of an empty line."""
        self._show_kind("")

    @property
    def input(self) -> TextInput:
        """The input."""
        return self.query_one(TextInput)

    @property
    def typed(self) -> str:
        """The text so far."""
        return self.input.value

    def type(self, text: str) -> None:
        """Replace the text."""
        self.input.value = text
        self.input.cursor_position = len(text)

    def explain(self, text: str, *, bad: bool = False) -> None:
        """Show what will be written, or why nothing is."""
        self.query_one("#where", TextLine).show(words(text, LATE if bad else MUTED))

    def _show_kind(self, typed: str) -> None:
        kind = parse_line(typed).kind
        style = MUTED if kind is LineKind.NOTE else f"bold {ACCENT}"
        self.query_one("#kind", TextLine).show(words(kind.value.ljust(LABEL_WIDTH), style))

    def on_input_changed(self, message: Input.Changed) -> None:
        """Pass on the text."""
        message.stop()
        self._show_kind(message.value)
        self.post_message(self.Changed(message.value))

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Pass on the complete line."""
        message.stop()
        self.post_message(self.Ended(message.value))
