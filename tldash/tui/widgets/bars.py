"""The title bar and the key bar of every screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tldash.model.frozen import frozen
from tldash.tui.keys.commands import ACTIVITY, Command
from tldash.tui.style.text import ACCENT, DONE, LATE, MUTED, STRONG, fit, spread, words


class TitleBar(Widget):
    """Shows the path of names to this screen, and the state of the folder."""

    DEFAULT_CSS = """
    TitleBar { height: 1; dock: top; background: $panel; padding: 0 1; }
    """

    place: reactive[tuple[str, ...]] = reactive(())
    """The path of names from the first screen to this one."""
    status: reactive[Content] = reactive(Content(""))
    age: reactive[Content] = reactive(Content(""))
    """How old that state is, to follow it if there is room."""

    def render(self) -> Content:
        """Render the path at the left and the state at the right."""
        width = self.content_size.width
        status = self.status + self.age
        place, last = self.place, self.place[-1:]
        if _crumbs(last).cell_length > width - status.cell_length - 4:
            status = self.status
        room = width - status.cell_length - 1
        shorter = (("…", *place[hidden:]) for hidden in range(1, len(place)))
        fitting = (names for names in (place, *shorter) if _crumbs(names).cell_length <= room)
        return spread(_crumbs(next(fitting, last)), status, width)


def _crumbs(names: Sequence[str]) -> Content:
    parts: list[Content] = [Content.styled("tldash", f"bold {ACCENT}")]
    for index, name in enumerate(names):
        last = index == len(names) - 1
        parts.append(Content.styled(" › ", MUTED))
        parts.append(words(name, STRONG if last else MUTED))
    return Content.assemble(*parts)


@frozen
class Notice:
    """A message in the key bar."""

    text: str
    bad: bool = False
    """Whether it is about a failure."""
    news: int = 0
    """The number of changes by others that it reports; 0 if it is about the viewer's own."""


class KeyBar(Widget):
    """Shows the keys of this screen, or a notice for some seconds."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar { height: 1; dock: bottom; background: $panel; padding: 0 1; }
    """

    commands: reactive[tuple[tuple[Command, str], ...]] = reactive(())
    """Commands with their labels, the most important first."""
    notice: reactive[Notice | None] = reactive(None)

    class Pressed(Message):
        """A command in the bar was clicked."""

        def __init__(self, bar: KeyBar, command: Command) -> None:
            super().__init__()
            self.bar = bar
            self.command = command

    def render(self) -> Content:
        """Render the commands that fit. The last two are always shown."""
        width = self.content_size.width
        if self.notice is not None:
            return _said(self.notice, width)
        return Content("  ").join([content for _, content in self._shown(width)])

    def _shown(self, width: int) -> list[tuple[Command, Content]]:
        entries = [(command, _entry(command, label)) for command, label in self.commands]
        head, tail = entries[:-2], entries[-2:]
        room = width - sum(content.cell_length + 2 for _, content in tail)
        shown: list[tuple[Command, Content]] = []
        for command, content in head:
            room -= content.cell_length + 2
            if room < 0:
                break
            shown.append((command, content))
        return [*shown, *tail]

    def on_click(self, event: events.Click) -> None:
        """Run the clicked command."""
        offset = event.get_content_offset(self)
        if offset is not None and self.notice is not None and self.notice.news:
            self.post_message(self.Pressed(self, ACTIVITY))
        if offset is None or self.notice is not None:
            return
        at = 0
        for command, content in self._shown(self.content_size.width):
            if at <= offset.x < at + content.cell_length:
                self.post_message(self.Pressed(self, command))
                return
            at += content.cell_length + 2


def _said(notice: Notice, width: int) -> Content:
    """Render a notice; one about others names the key of the list of changes."""
    if not notice.news:
        sign = ("✗ ", LATE) if notice.bad else ("✓ ", DONE)
        return fit(Content.assemble(sign, words(notice.text)), width)
    where = Content.assemble((" · ", MUTED), (ACTIVITY.shown, f"bold {ACCENT}"))
    text = Content.assemble(("• ", ACCENT), words(notice.text))
    text = text.truncate(max(width - where.cell_length, 1), ellipsis=True)
    return fit(Content.assemble(text, where), width)


class TooSmall(Widget):
    """Covers a screen that is too small, and shows the size that is needed."""

    LEAST: ClassVar[Size] = Size(60, 14)
    DEFAULT_CSS = """
    TooSmall {
        layer: above; dock: top; width: 100%; height: 100%; display: none;
        background: $background;
        content-align: center middle; text-align: center;
    }
    """

    def cover(self, size: Size) -> None:
        """Cover or uncover the screen."""
        self.display = size.width < self.LEAST.width or size.height < self.LEAST.height

    def render(self) -> Content:
        """Render the size that is needed and the size of the screen."""
        size, least = self.app.size, self.LEAST
        return Content(
            f"{size.width}×{size.height} is too small; tldash needs {least.width}×{least.height}"
        )


def _entry(command: Command, label: str) -> Content:
    return Content.assemble((command.shown, f"bold {ACCENT}"), " ", (label, MUTED))


def labelled(commands: Sequence[Command], **labels: str) -> tuple[tuple[Command, str], ...]:
    """Pair commands with their labels; keyword arguments replace labels by command name."""
    return tuple((command, labels.get(command.name, command.label)) for command in commands)
