"""The command palette: the same commands as the keys, by name."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tldash.tui.commands import EVERYWHERE, PALETTE, Command, offered
from tldash.tui.screens.page import Page


class CommandProvider(Provider):
    """Every command of the screen that the palette was opened on."""

    def _commands(self) -> list[Command]:
        page = self.screen
        if not isinstance(page, Page) or page.state is None:
            return []
        found = offered((*page.OWN, *EVERYWHERE), page.state.allowed)
        return [command for command in found if command is not PALETTE]

    async def _carry_out(self, command: Command) -> None:
        if isinstance(self.screen, Page):
            await self.screen.carry_out(command)

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(
                _title(command), partial(self._carry_out, command), help=command.says
            )

    async def search(self, query: str) -> Hits:
        """Those whose words match."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = max(matcher.match(_title(command)), matcher.match(command.says))
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(_title(command)),
                    partial(self._carry_out, command),
                    help=command.says,
                )


def _title(command: Command) -> str:
    return f"{command.label[:1].upper()}{command.label[1:]}  ({command.shown})"
