"""A line of text that is redrawn only when it changes."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class TextLine(Static):
    """A `Static` without markup."""

    def __init__(
        self, text: str = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(text, id=id, classes=classes, markup=False)

    def show(self, content: Content, *, layout: bool = False) -> None:
        """Show a text; `layout` if it may take another number of lines."""
        if not isinstance(self.content, Content) or not self.content.is_same(content):
            self.update(content, layout=layout)
