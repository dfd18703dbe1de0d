"""The line above a list in which one types what to show."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from tldash.model.sanitize import sanitize


class FilterInput(Input):
    """Words to filter by. Enter goes back to the list, Escape lets everything in again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear", show=False),
        Binding("down", "submit", "To the list", show=False),
    ]
    DEFAULT_CSS = """
    FilterInput { height: 1; border: none; padding: 0 2; display: none; background: $surface; }
    FilterInput:focus { border: none; }
    FilterInput.-shown { display: block; }
    """

    def validate_value(self, value: str) -> str:
        """What was pasted may hold what a file may."""
        return sanitize(value)

    async def action_clear(self) -> None:
        """Nothing is filtered."""
        self.value = ""
        await self.action_submit()
