"""The part of the dashboard that the user's own settings are about: keys, themes and signs.

Keys of one press are Textual's bindings. Those of two are heard here, where every key arrives that
no widget took, in the order in which they were pressed: however fast, the second follows the first.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import events
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter
from textual.scrollbar import ScrollBar, ScrollBarRender

from tldash.model.dates import pluralize
from tldash.model.frozen import frozen
from tldash.model.icons import IconStyle, choose_icon_style, to_ascii
from tldash.tui.app.settings import PLAIN, Settings, settings
from tldash.tui.keys.commands import EVERYWHERE, MOVING, PROBLEMS, Command, offered
from tldash.tui.keys.keymap import shown
from tldash.tui.screens.page import Page
from tldash.tui.style import theme
from tldash.tui.widgets.bars import KeyBar, Notice

if TYPE_CHECKING:
    from textual.command import CommandPalette

    from tldash.tui.widgets.which_key import WhichKey
    from tldash.user.settings import Config

SOON = 2.0
"""Seconds for which it is said that a key was let go."""


class PlainSigns(LineFilter):
    """Finished lines with ASCII in place of every sign."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, as wide as before."""
        del background
        return [Segment(to_ascii(text), style, control) for text, style, control in segments]


class PlainBars(ScrollBarRender):
    """Scroll bars whose ends are whole cells."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * len(ScrollBarRender.VERTICAL_BARS)
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * len(ScrollBarRender.HORIZONTAL_BARS)


@frozen
class Wear:
    """What choosing a theme in the palette does; it is shown as soon as it is highlighted there."""

    app: Keyed
    name: str

    def __call__(self) -> None:
        """Keep it until the dashboard is left."""
        self.app.wear(self.name)


class Keyed(App[None]):
    """An app with the user's keys, theme and signs."""

    # A theme is judged by the dashboard, which the palette would dim and cover.
    DEFAULT_CSS = """
    CommandPalette.-trying { background: transparent; CommandList { max-height: 35vh; } }
    """

    def __init__(self, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.settings = PLAIN
        self._plain_signs = PlainSigns(enabled=False)
        self._worn = ""
        """The theme before the palette was opened; empty where none is open."""
        self._first = ""
        """A key after which another is waited for."""
        self._following: Mapping[str, Command] = {}
        for look in (theme.DARK, theme.LIGHT):
            self.register_theme(look)

    def heed(self, config: Config | None) -> Settings:
        """Do as the settings say from now on."""
        self.settings = settings(config) if config is not None else PLAIN
        self.set_keymap(self.settings.keymap.textual())
        if self.settings.own_theme is not None:
            self.register_theme(self.settings.own_theme)
        self.theme = self.settings.theme
        encoding = getattr(sys.__stdout__, "encoding", None)
        signs = choose_icon_style(
            os.environ, config.icons if config is not None else None, encoding
        )
        self._plain_signs.enabled = signs is IconStyle.ASCII
        ScrollBar.renderer = PlainBars if signs is IconStyle.ASCII else ScrollBarRender
        return self.settings

    def trouble(self) -> str:
        """What is wrong with the settings, and where the list is; empty if nothing."""
        wrong = self.settings.problems
        if not wrong:
            return ""
        key = self.settings.keymap.of(PROBLEMS).shown
        found = f"{pluralize(len(wrong), 'problem')} in your config ({key} lists)"
        return f"{found}: line {wrong[0].line}, {wrong[0].message}"

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's, and last of all the one that makes signs plain."""
        found = super().get_line_filters()
        return [*found, self._plain_signs] if self._plain_signs.enabled else found

    def get_css_variables(self) -> dict[str, str]:
        """Those of the theme, with quiet words quieter than the others in every one."""
        found = super().get_css_variables()
        if found["text-muted"].startswith("auto"):
            found["text-muted"] = theme.muted(
                found["foreground"], found["background"], found["panel"]
            )
        return found

    def refresh_css(self, animate: bool = True) -> None:
        """As Textual does, and the palette too, which it leaves as it was."""
        super().refresh_css(animate)
        front = self.screen_stack[-1:]
        if front and front[0] not in self.children:
            nodes = front[0].walk_children(with_self=True)
            self.stylesheet.update_nodes(nodes, animate=animate)

    def wear(self, name: str) -> None:
        """Another theme, until the dashboard is left."""
        self.theme = theme.meant(name) or self.theme

    def on_command_palette_opened(self) -> None:
        """Themes may be looked at, and let go."""
        self._worn = self.theme

    def on_command_palette_option_highlighted(
        self, message: CommandPalette.OptionHighlighted
    ) -> None:
        """Show the theme under the highlight; anywhere else, the one before."""
        if self._worn:  # what was highlighted just before it closed may come after that
            chosen = getattr(message.highlighted_event.option, "hit", None)
            command = getattr(chosen, "command", None)
            self.theme = command.name if isinstance(command, Wear) else self._worn
            message.highlighted_event.option_list.screen.set_class(
                isinstance(command, Wear), "-trying"
            )

    def on_command_palette_closed(self, message: CommandPalette.Closed) -> None:
        """Without a choice, all looks as before."""
        if not message.option_selected:
            self.theme = self._worn or self.theme
        self._worn = ""

    def action_theme(self) -> None:
        """From dark to light and back, within the pair of the theme that was chosen."""
        now = self.theme
        chosen = self.settings.theme
        pair = theme.other(chosen, self.available_themes[chosen].dark)
        self.theme = chosen if now == pair else theme.other(now, self.current_theme.dark)

    # Keys of two presses

    async def on_key(self, event: events.Key) -> None:
        """The first press of two shows what may follow, the second does it."""
        page = self.screen
        if not isinstance(page, Page):
            return
        if self._first:
            event.prevent_default()
            await self._second(event.key)
        elif following := self._after(event.key, page):
            event.prevent_default()
            self._begin(page, event.key, following)

    def _after(self, first: str, page: Page) -> Mapping[str, Command]:
        """What may follow a key on a screen; nothing, where it is a key by itself."""
        if page.state is None:
            return {}
        may = offered((*page.OWN, *EVERYWHERE, *MOVING), page.state.allowed)
        return self.settings.keymap.after(first, may)

    def _begin(self, page: Page, first: str, following: Mapping[str, Command]) -> None:
        from tldash.tui.widgets.which_key import WhichKey

        self._first, self._following = first, following
        page.query_one(KeyBar).notice = None
        page.mount(WhichKey(first, following))

    async def _second(self, key: str) -> None:
        first, command = self._first, self._following.get(key)
        self._let_go()
        if command is not None and isinstance(self.screen, Page):
            await self.screen.carry_out(command)
        elif key == "escape":
            self._say_soon("nothing done")
        else:
            self._say_soon(f"{shown(f'{first} {key}')} is no key here, nothing done", bad=True)

    def _let_go(self) -> None:
        """Wait for no second press any more."""
        self._first, self._following = "", {}
        for screen in self.screen_stack:
            screen.query("WhichKey").remove()

    def on_mouse_down(self) -> None:
        """A click beside the panel lets go of the key."""
        if self._first:
            self._let_go()

    async def on_which_key_chosen(self, message: WhichKey.Chosen) -> None:
        """A click on an entry is its key."""
        if self._first:
            await self._second(message.key)

    def _say_soon(self, text: str, *, bad: bool = False) -> None:
        """A short word on the last line."""
        bar = self.screen.query_one(KeyBar)
        notice = Notice(text, bad)
        bar.notice = notice

        def clear() -> None:
            if bar.notice is notice:
                bar.notice = None

        self.set_timer(SOON, clear)
