"""What the start takes for a folder is no command, and the other way round."""

from __future__ import annotations

from tldash import __main__, cli


def test_every_command_is_known_at_the_start() -> None:
    assert set(cli.main.commands) <= __main__.COMMANDS
