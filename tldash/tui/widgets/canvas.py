"""A widget that is painted by a function of its size.

The width is known only when Textual renders, so screens pass a function instead of content. Results
are cached by size.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

Painter = Callable[[int, int], Content]
"""Takes width and height in cells, and returns content that fits."""

UNBOUNDED = 1000
"""The height passed to a painter if the content decides the height."""


def _nothing(width: int, height: int) -> Content:
    del width, height
    return Content("")


class Canvas(Widget):
    """Shows the content that its painter returns."""

    DEFAULT_CSS = """
    Canvas { width: 1fr; height: auto; }
    """

    def __init__(self, painter: Painter = _nothing, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._painter = painter
        self._basis: tuple[object, ...] | None = None
        self._painted: dict[tuple[int, int], Content] = {}

    def paint(self, painter: Painter, basis: tuple[object, ...] | None = None) -> None:
        """Set another painter.

        `basis` holds everything that the content depends on besides the size. With an equal basis,
        nothing is painted.
        """
        if basis is not None and basis == self._basis:
            return
        before = self._painted
        self._painter, self._basis, self._painted = painter, basis, {}
        changed = [at for at, was in before.items() if not self._at(*at).is_same(was)]
        if not changed and before:
            return
        self.refresh(layout=self.styles.auto_dimensions and self._grows(before))

    def _grows(self, before: dict[tuple[int, int], Content]) -> bool:
        """Return whether the number of lines has changed."""
        return not before or any(_count(self._at(*at)) != _count(was) for at, was in before.items())

    def render(self) -> Content:
        """Render at the current size."""
        return self._at(self.content_size.width, self.content_size.height or UNBOUNDED)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines that the painter needs at a width."""
        del container, viewport
        return _count(self._at(width, UNBOUNDED))

    def _at(self, width: int, height: int) -> Content:
        content = self._painted.get((width, height))
        if content is None:
            content = self._painted[width, height] = self._painter(width, height)
        return content


def _count(content: Content) -> int:
    return content.plain.count("\n") + 1 if content.plain else 0
