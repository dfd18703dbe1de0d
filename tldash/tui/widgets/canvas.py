"""A part of a screen that is drawn by a function of its size.

What a line can hold depends on its width, and the width is known only when it is drawn. So screens
hand over the drawing instead of the drawn, and nothing is made anew when a window is resized.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

Painter = Callable[[int, int], Content]
"""From width and height in cells to at most so many lines of at most that width."""

UNBOUNDED = 1000
"""The height that a painter is told where the content decides the height."""


def _nothing(width: int, height: int) -> Content:
    del width, height
    return Content("")


class Canvas(Widget):
    """Shows what its painter paints."""

    DEFAULT_CSS = """
    Canvas { width: 1fr; height: auto; }
    """

    def __init__(self, painter: Painter = _nothing, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._painter = painter
        self._basis: tuple[object, ...] | None = None
        self._painted: dict[tuple[int, int], Content] = {}

    def paint(self, painter: Painter, basis: tuple[object, ...] | None = None) -> None:
        """Show something else; nothing where it is painted from the same as before.

        `basis` is all that the painter paints from, beside the size; None where nobody can tell.
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
        """Whether it takes more or fewer lines than before."""
        return not before or any(_count(self._at(*at)) != _count(was) for at, was in before.items())

    def render(self) -> Content:
        """What the painter makes of the room there is."""
        return self._at(self.content_size.width, self.content_size.height or UNBOUNDED)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the painter fills at that width."""
        del container, viewport
        return _count(self._at(width, UNBOUNDED))

    def _at(self, width: int, height: int) -> Content:
        content = self._painted.get((width, height))
        if content is None:
            content = self._painted[width, height] = self._painter(width, height)
        return content


def _count(content: Content) -> int:
    return content.plain.count("\n") + 1 if content.plain else 0
