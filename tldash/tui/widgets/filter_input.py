"""The line above a list in which the viewer types a filter."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from tldash.tui.widgets.text_input import TextInput


class FilterInput(TextInput):
    """A filter, hidden while it is empty. Enter returns to the list, and Escape clears it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear", show=False),
        Binding("down", "submit", "To the list", show=False),
    ]
    DEFAULT_CSS = """
    FilterInput { height: 1; border: none; padding: 0 2; display: none; background: $surface; }
    FilterInput:focus { border: none; }
    FilterInput.-shown { display: block; }
    """

    def __init__(self, text: str = "", *, placeholder: str) -> None:
        super().__init__(text, placeholder=placeholder, classes="-shown" if text else None)

    def open(self) -> None:
        """Show the filter and focus it."""
        self.add_class("-shown")
        self.focus()

    def close(self) -> None:
        """Hide the filter if it is empty."""
        self.set_class(bool(self.value), "-shown")

    def set_text(self, text: str) -> None:
        """Set the text, and show or hide the filter."""
        self.value = text
        self.close()

    def clear_text(self) -> bool:
        """Clear and hide the filter; False if it is empty."""
        had_text = bool(self.value)
        self.set_text("")
        return had_text

    async def action_clear(self) -> None:
        """Clear the filter and return to the list."""
        self.value = ""
        await self.action_submit()
