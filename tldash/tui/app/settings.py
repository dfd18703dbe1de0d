"""The user's own settings as the dashboard carries them out, and what it cannot make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tldash.model.frozen import frozen
from tldash.model.records import Problem
from tldash.tui.keys.keymap import DEFAULT, Keymap
from tldash.tui.style import theme

if TYPE_CHECKING:
    from textual.theme import Theme

    from tldash.tui.keys.keymap import Making
    from tldash.user.settings import Config


@frozen
class Settings:
    """What is in force."""

    keymap: Keymap = DEFAULT
    theme: str = theme.DARK.name
    own_theme: Theme | None = None
    """One that the user made."""
    problems: tuple[Problem, ...] = ()
    """Everything that is wrong with the settings."""


PLAIN: Final = Settings()


def settings(config: Config) -> Settings:
    """What the settings ask for, as far as it can be had. Never raises."""
    keymap, wrong = _keymap(config) if config.keys else (DEFAULT, [])
    name, own, found = theme.DARK.name, None, list[Problem]()
    if config.theme:
        name, own, found = _theme(config)
    if not (config.problems or wrong or found) and keymap is DEFAULT and not config.theme:
        return PLAIN
    problems = sorted((*config.problems, *wrong, *found), key=lambda one: (one.line, one.column))
    return Settings(keymap, name, own, tuple(problems))


def _keymap(config: Config) -> tuple[Keymap, list[Problem]]:
    """Keys are given in two rounds, so that two commands can change theirs for one another's."""
    from tldash.user.settings import choice

    making = commands()
    wrong = []
    known = []
    for wish in config.keys:
        if wish.command in making.commands:
            known.append(wish)
        else:
            hint = choice(wish.command, sorted(making.commands))
            message = f"there is no command '{wish.command[:40]}'"
            wrong.append(config.fault(wish.where, message, hint))
    making.begin([wish.command for wish in known])
    for wish in known:
        for number, written in enumerate(wish.keys):
            hint = "write another key; tldash config lists those that are taken"
            try:
                trouble = making.give(wish.command, _understood(written))
            except ValueError as error:
                trouble, hint = error.args
            if trouble:
                message = f"{wish.command} cannot have this key: {trouble}"
                wrong.append(config.fault(wish.place(number), message, hint))
    return making.made(), wrong


def _understood(written: str) -> str:
    from tldash.tui.keys.keymap import understood

    return understood(written)


def commands() -> Making:
    """Every command of every screen, with its own keys."""
    from tldash.tui import screens
    from tldash.tui.keys.keymap import Making

    return Making({page.NAME: page.OWN for page in screens.classes()})


def in_force(config: Config) -> tuple[Settings, list[tuple[str, str, bool]]]:
    """What is in force; then every command, its keys, and whether the user gave it others."""
    from tldash.tui.keys.keymap import shown

    found = settings(config)
    known = commands().commands
    changed = found.keymap.changed
    keys = [
        (name, ", ".join(map(shown, changed.get(name, command).keys.split(","))), name in changed)
        for name, command in sorted(known.items())
    ]
    return found, keys


def _theme(config: Config) -> tuple[str, Theme | None, list[Problem]]:
    from tldash.user.settings import choice

    if not isinstance(config.theme, str):
        own, faults = theme.made(config.theme)
        wrong = [config.fault(("theme", *where), says, hint) for where, says, hint in faults]
        return (own.name if own else theme.DARK.name), own, wrong
    name = theme.meant(config.theme)
    if name:
        return name, None, []
    message = f"there is no theme '{config.theme[:40]}'"
    hint = choice(config.theme, theme.names())
    hint = hint if hint.startswith("did") else f"there are: {', '.join(theme.names())}"
    return theme.DARK.name, None, [config.fault(("theme",), message, hint)]
