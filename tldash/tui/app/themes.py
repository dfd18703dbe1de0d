"""Themes, their preview in the command palette, and ASCII in place of icons."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.color import Color
from textual.command import CommandPalette
from textual.filter import LineFilter
from textual.message import Message
from textual.scrollbar import ScrollBar, ScrollBarRender

from tldash.model.frozen import frozen
from tldash.model.icons import IconStyle, choose_icon_style, to_ascii
from tldash.tui.style import theme

if TYPE_CHECKING:
    from textual.app import App

    from tldash.tui.app.settings import ActiveSettings
    from tldash.user.user_settings import UserSettings


class AsciiIcons(LineFilter):
    """Replace the icons in finished lines by ASCII of the same width."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        del background
        return [Segment(to_ascii(text), style, control) for text, style, control in segments]


class AsciiBars(ScrollBarRender):
    """Draw the ends of scroll bars as whole cells."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * len(ScrollBarRender.VERTICAL_BARS)
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * len(ScrollBarRender.HORIZONTAL_BARS)


@frozen
class ThemeChoice:
    """A theme among the hits of the command palette."""

    app: App[object]
    name: str

    def __call__(self) -> None:
        self.app.theme = self.name


class ThemeController:
    """The theme in use, and the one that is only previewed."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._configured = theme.DARK.name
        self._before = ""
        """The theme before the palette was opened; empty while it is closed."""
        self.icon_filter = AsciiIcons(enabled=False)
        for one in theme.OURS.values():
            app.register_theme(one)

    def apply(self, settings: ActiveSettings, config: UserSettings | None) -> None:
        """Use the theme and the icons of the settings."""
        if settings.custom_theme is not None:
            self._app.register_theme(settings.custom_theme)
        self._app.theme = self._configured = settings.theme
        encoding = getattr(sys.__stdout__, "encoding", None)
        chosen = choose_icon_style(
            os.environ, config.icons if config is not None else None, encoding
        )
        self.icon_filter.enabled = chosen is IconStyle.ASCII
        ScrollBar.renderer = AsciiBars if chosen is IconStyle.ASCII else ScrollBarRender

    def toggle(self) -> None:
        """Switch between the dark and the light theme of the configured pair."""
        app, configured = self._app, self._configured
        pair = theme.other(configured, app.available_themes[configured].dark)
        if app.theme == pair:
            app.theme = configured
        else:
            app.theme = theme.other(app.theme, app.current_theme.dark)

    def preview(self, message: Message) -> None:
        """Show the theme under the highlight of the palette, until another entry or the end."""
        match message:
            case CommandPalette.Opened():
                self._before = self._app.theme
            case CommandPalette.OptionHighlighted() if self._before:
                option = message.highlighted_event.option
                command = getattr(getattr(option, "hit", None), "command", None)
                is_theme = isinstance(command, ThemeChoice)
                self._app.theme = command.name if isinstance(command, ThemeChoice) else self._before
                if isinstance(self._app.screen, CommandPalette):  # else it has just been closed
                    self._app.screen.set_class(is_theme, "-trying")
            case CommandPalette.Closed(option_selected=chosen):
                if not chosen:
                    self._app.theme = self._before or self._app.theme
                self._before = ""  # a highlight may still arrive


def css_variables(found: dict[str, str]) -> dict[str, str]:
    """Make muted text legible but weaker than normal text, in themes that leave it to Textual."""
    if found["text-muted"].startswith("auto"):
        found["text-muted"] = theme.muted(found["foreground"], found["background"], found["panel"])
    return found
