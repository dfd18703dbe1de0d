"""The first and the last line of every screen: where one is, and what one can press."""

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
    """Where one is, and the state of the folder."""

    DEFAULT_CSS = """
    TitleBar { height: 1; dock: top; background: $panel; padding: 0 1; }
    """

    place: reactive[tuple[str, ...]] = reactive(())
    """Names from the first screen to this one."""
    status: reactive[Content] = reactive(Content(""))

    def render(self) -> Content:
        """One line: the place at the left, the state at the right."""
        width = self.content_size.width
        room = width - self.status.cell_length - 1
        names = list(self.place)
        while len(names) > 1 and _crumbs(names).cell_length > room:
            names = ["…", *names[2:]] if names[0] == "…" else ["…", *names[1:]]
        return spread(_crumbs(names), self.status, width)


def _crumbs(names: Sequence[str]) -> Content:
    parts: list[Content] = [Content.styled("tldash", f"bold {ACCENT}")]
    for index, name in enumerate(names):
        last = index == len(names) - 1
        parts.append(Content.styled(" › ", MUTED))
        parts.append(words(name, STRONG if last else MUTED))
    return Content.assemble(*parts)


@frozen
class Notice:
    """A sentence for the last line."""

    text: str
    bad: bool = False
    """Whether something was not done."""
    news: int = 0
    """How many changes of others it tells of; 0 where it is about the viewer's own."""


class KeyBar(Widget):
    """What one can press here; a notice takes its place for a while."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar { height: 1; dock: bottom; background: $panel; padding: 0 1; }
    """

    commands: reactive[tuple[tuple[Command, str], ...]] = reactive(())
    """Commands in order of importance, each with the label it has now."""
    notice: reactive[Notice | None] = reactive(None)

    class Pressed(Message):
        """A command in the bar was clicked."""

        def __init__(self, command: Command) -> None:
            super().__init__()
            self.command = command

    def render(self) -> Content:
        """One line; what does not fit is left out, the last two always shown."""
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
        """A click on a command carries it out."""
        offset = event.get_content_offset(self)
        if offset is not None and self.notice is not None and self.notice.news:
            self.post_message(self.Pressed(ACTIVITY))
        if offset is None or self.notice is not None:
            return
        at = 0
        for command, content in self._shown(self.content_size.width):
            if at <= offset.x < at + content.cell_length:
                self.post_message(self.Pressed(command))
                return
            at += content.cell_length + 2


def _said(notice: Notice, width: int) -> Content:
    """A sentence on the last line; of others with the key of the list that has all of it."""
    if not notice.news:
        sign = ("✗ ", LATE) if notice.bad else ("✓ ", DONE)
        return fit(Content.assemble(sign, words(notice.text)), width)
    where = Content.assemble((" · ", MUTED), (ACTIVITY.shown, f"bold {ACCENT}"))
    text = Content.assemble(("• ", ACCENT), words(notice.text))
    text = text.truncate(max(width - where.cell_length, 1), ellipsis=True)
    return fit(Content.assemble(text, where), width)


class TooSmall(Widget):
    """Covers a screen that has no room to be read, and says so."""

    LEAST: ClassVar[Size] = Size(60, 14)
    DEFAULT_CSS = """
    TooSmall {
        layer: above; dock: top; width: 100%; height: 100%; display: none;
        background: $background;
        content-align: center middle; text-align: center;
    }
    """

    def cover(self, size: Size) -> None:
        """Cover the screen, or lay it open again."""
        self.display = size.width < self.LEAST.width or size.height < self.LEAST.height

    def render(self) -> Content:
        """What it needs and what there is."""
        size, least = self.app.size, self.LEAST
        return Content(
            f"{size.width}×{size.height} is too small; tldash needs {least.width}×{least.height}"
        )


def _entry(command: Command, label: str) -> Content:
    return Content.assemble((command.shown, f"bold {ACCENT}"), " ", (label, MUTED))


def labelled(commands: Sequence[Command], **labels: str) -> tuple[tuple[Command, str], ...]:
    """Commands with their labels, some of which are other than usual."""
    return tuple((command, labels.get(command.name, command.label)) for command in commands)
