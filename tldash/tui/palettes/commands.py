"""The command palette: every command and theme by name."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tldash.tui.app.themes import ThemeChoice
from tldash.tui.keys.commands import EVERYWHERE, PALETTE, Command, offered
from tldash.tui.palettes.palette import Palette
from tldash.tui.screens.page import Page
from tldash.tui.style import theme

THEME_HELP = "Use this theme until you quit. Set theme: in your settings to keep it."


class CommandProvider(Provider):
    """The commands of the screen below the palette, and the themes."""

    def _commands(self) -> list[Command]:
        page = self.screen
        if not isinstance(page, Page) or page.state is None:
            return []
        found = offered((*page.OWN, *EVERYWHERE), page.state.allowed)
        return [page.state.keymap.of(command) for command in found if command is not PALETTE]

    async def _carry_out(self, command: Command) -> None:
        if isinstance(self.screen, Page):
            await self.screen.carry_out(command)

    async def discover(self) -> Hits:
        """Yield every command, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(
                _title(command), partial(self._carry_out, command), help=command.help_text
            )

    async def search(self, query: str) -> Hits:
        """Yield the commands and themes that match."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = max(matcher.match(_title(command)), matcher.match(command.help_text))
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(_title(command)),
                    partial(self._carry_out, command),
                    help=command.help_text,
                )
        for name in theme.names()[1:]:  # the first is an alias of the second
            score = matcher.match(f"Theme: {name}")
            if score > 0:
                shown = matcher.highlight(f"Theme: {name}")
                yield Hit(score, shown, ThemeChoice(self.app, name), help=THEME_HELP)


def _title(command: Command) -> str:
    key = f"  ({command.shown})" if command.shown else ""
    return f"{command.label[:1].upper()}{command.label[1:]}{key}"


def palette() -> Palette:
    """Return the palette."""
    return Palette(providers=[CommandProvider])
