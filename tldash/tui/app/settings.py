"""Check the viewer's settings against the commands, keys and themes that exist, and apply them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tldash.model.dates import pluralize
from tldash.model.frozen import frozen
from tldash.model.records import Problem
from tldash.tui import screens
from tldash.tui.keys.commands import PROBLEMS
from tldash.tui.keys.keymap import DEFAULT, Keymap, Making, shown, understood
from tldash.tui.style import theme
from tldash.user.paths import is_there, settings_file

if TYPE_CHECKING:
    from pathlib import Path

    from textual.theme import Theme

    from tldash.user.settings import Config


@frozen
class Settings:
    """The settings in use."""

    keymap: Keymap = DEFAULT
    theme: str = theme.DARK.name
    own_theme: Theme | None = None
    """A theme that the settings define."""
    problems: tuple[Problem, ...] = ()


PLAIN: Final = Settings()


class SettingsController:
    """The settings in use, and the problems in the viewer's own files."""

    def __init__(
        self, config: Config | None, apply: Callable[[Settings, Config | None], None]
    ) -> None:
        """`apply` puts settings into effect. `config` is None if the viewer has no settings."""
        self.config = config
        self._apply = apply
        self._view_problems: tuple[Problem, ...] = ()
        self.current = PLAIN

    def apply(self) -> None:
        """Put the settings into effect."""
        self.current = settings(self.config) if self.config is not None else PLAIN
        self._apply(self.current, self.config)

    def reload(self, file: Path) -> bool:
        """Read the settings again and apply them, if that is their file."""
        if self.config is None or file != self.config.file:
            return False
        from tldash.user.settings import read

        self.config = read(file)
        self.apply()
        return True

    def check_views(self) -> None:
        """Read the file of saved views for its problems."""
        self._view_problems = ()
        if is_there(settings_file().with_name("views.yaml")):
            from tldash.user import saved_views

            self._view_problems = saved_views.load(saved_views.views_file()).problems

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems in the settings and in the saved views."""
        return (*self.current.problems, *self._view_problems)

    def describe_problems(self) -> str:
        """Return a sentence about the first problem and the key of the list; empty if none."""
        key = self.current.keymap.of(PROBLEMS).shown
        for name, problems in (("settings", self.current.problems), ("views", self._view_problems)):
            if problems:
                found = f"{pluralize(len(problems), 'problem')} in your {name} ({key} lists them)"
                return f"{found}: line {problems[0].line}, {problems[0].message}"
        return ""


def settings(config: Config) -> Settings:
    """Return the valid part of a configuration, and its problems. Never raises."""
    keymap, wrong = _keymap(config) if config.keys else (DEFAULT, [])
    name, own, found = theme.DARK.name, None, list[Problem]()
    if config.theme:
        name, own, found = _theme(config)
    if not (config.problems or wrong or found) and keymap is DEFAULT and not config.theme:
        return PLAIN
    problems = sorted((*config.problems, *wrong, *found), key=lambda one: (one.line, one.column))
    return Settings(keymap, name, own, tuple(problems))


def _keymap(config: Config) -> tuple[Keymap, list[Problem]]:
    """Assign keys in two rounds, so that two commands can swap theirs."""
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
    return understood(written)


def commands() -> Making:
    """Return every command of every screen, with its default keys."""
    return Making({page.NAME: page.OWN for page in screens.classes()})


def in_force(config: Config) -> tuple[Settings, list[tuple[str, str, bool]]]:
    """Return the settings in use; then each command, its keys, and whether the viewer set them."""
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
