"""The input of prompts and filters: it undoes typing, and takes pasted lines as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tldash.model.sanitize import sanitize
from tldash.tui.widgets.pasted import join_items, join_lines

if TYPE_CHECKING:
    from tldash.formats.private_text import Guard

Typed = tuple[str, int]
"""A text, and the position of the cursor."""


class TextInput(Input):
    """A line of text. `ctrl+z` and `ctrl+y` undo and redo typing.

    If the text will be written to a shared file, `guard` has the names that should not be, and
    `ctrl+n` writes their nicknames. Whoever takes the text asks `describe_names` and `confirm`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "undo_typing", "Undo typing", show=False),
        Binding("ctrl+y,ctrl+r", "redo_typing", "Redo typing", show=False),
        Binding("ctrl+n", "write_nicknames", "Write nicknames", show=False),
    ]

    def __init__(
        self, text: str = "", *, placeholder: str = "", classes: str | None = None
    ) -> None:
        self._undo: list[Typed] = []
        self._redo: list[Typed] = []
        self._restoring = True  # the first text is no change
        super().__init__(text, placeholder=placeholder, select_on_focus=False, classes=classes)
        self._restoring = False
        self.keeps_lines = False
        """Whether pasted lines stay apart, with `LINE_BREAK` between them, without list markers."""
        self.keeps_keys = False
        """Whether keys that neither type nor edit text run no command of the screen below."""
        self.guard: Guard | None = None
        """The names that the viewer listed; None for text that is not written, or without a list.
        """
        self._confirmed: str | None = None
        """The text with a listed name for which enter was pressed."""

    def validate_value(self, value: str) -> str:
        """Sanitize pasted text."""
        return sanitize(value)

    def watch_value(self, old: str, new: str) -> None:
        """Remember the text before a change. A word that is typed is one change."""
        if self._restoring or old == new:
            return
        typed = len(new) == len(old) + 1 and not new[-1].isspace()
        if not (typed and self._undo and not self._redo and old and not old[-1].isspace()):
            self._undo.append((old, min(self.cursor_position, len(old))))
        self._redo.clear()

    def on_key(self, event: events.Key) -> None:
        """Keep a key from the screen below, if that is wanted."""
        typed = event.is_printable or event.key in self._bindings.key_to_bindings
        if self.keeps_keys and not typed:
            event.stop()

    def describe_names(self, text: str) -> str:
        """Return which listed names are in a text, and the key for their nicknames; else empty."""
        found = self.guard.find_typed(text) if self.guard is not None else ()
        if not found:
            return ""
        names = ", ".join(dict.fromkeys(name for name, _ in found))
        nicknames = ", ".join(filter(None, dict.fromkeys(nickname for _, nickname in found)))
        be = "are" if len(found) > 1 else "is"
        key = f": ctrl+n writes {nicknames}" if nicknames else ""
        return f"{names} {be} listed{key}"

    def confirm(self, text: str) -> bool:
        """Return whether to write a text: at once without listed names, else at the second call."""
        if self._confirmed == text or not self.describe_names(text):
            self._confirmed = None
            return True
        self._confirmed = text
        return False

    def action_write_nicknames(self) -> None:
        """Replace the listed names by their nicknames."""
        if self.guard is not None:
            self.value = self.guard.write_nicknames(self.value)
            self.cursor_position = len(self.value)

    def action_undo_typing(self) -> None:
        """Restore the text before the latest change."""
        self._restore(self._undo, self._redo)

    def action_redo_typing(self) -> None:
        """Restore the text before the latest undo."""
        self._restore(self._redo, self._undo)

    def _restore(self, stack: list[Typed], other: list[Typed]) -> None:
        if not stack:
            return
        other.append((self.value, self.cursor_position))
        self._restoring = True
        try:
            self.value, self.cursor_position = stack.pop()
        finally:
            self._restoring = False

    def on_paste(self, event: events.Paste) -> None:
        """Insert pasted text on one line; Textual would insert its first line alone."""
        event.stop()
        event.prevent_default()
        if self.keeps_lines:
            text = join_items(event.text, start=not self.value.strip())
        else:
            text = join_lines(event.text)
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)
