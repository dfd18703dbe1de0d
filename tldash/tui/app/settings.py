"""Check the viewer's settings against the commands, keys and themes that exist, and apply them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tldash.model.dates import pluralize
from tldash.model.frozen import frozen
from tldash.model.records import Problem
from tldash.tui import screens
from tldash.tui.keys.commands import PROBLEMS
from tldash.tui.keys.keymap import DEFAULT, Keymap, KeymapBuilder, parse_key, shown
from tldash.tui.style import theme
from tldash.user.paths import is_present, views_file
from tldash.user.settings import load, load_names
from tldash.user.user_settings import UserSettings

if TYPE_CHECKING:
    from pathlib import Path

    from textual.theme import Theme

    from tldash.formats.private_text import Guard
    from tldash.user.name_list import NameList


@frozen
class ActiveSettings:
    """The settings in use."""

    keymap: Keymap = DEFAULT
    theme: str = theme.DARK.name
    custom_theme: Theme | None = None
    """The theme that the settings define, if they do."""
    problems: tuple[Problem, ...] = ()


PLAIN: Final = ActiveSettings()
Apply = Callable[[ActiveSettings, UserSettings | None], None]


class SettingsController:
    """The settings in use, and the problems in the viewer's own files."""

    def __init__(
        self,
        config: UserSettings | None,
        apply: Callable[[ActiveSettings, UserSettings | None], None],
    ) -> None:
        """`apply` puts settings into effect. `config` is None if the viewer has no settings."""
        self.config = config
        self._apply = apply
        self._view_problems: tuple[Problem, ...] = ()
        self._names: NameList | None = None
        self.guard: Guard | None = None
        """The names of the viewer's list; None without any."""
        self.current = PLAIN

    def apply(self) -> None:
        """Put the settings into effect."""
        self.current = resolve(self.config) if self.config is not None else PLAIN
        self._apply(self.current, self.config)

    def reload(self, file: Path) -> bool:
        """Read the settings again and apply them, if that is their file."""
        if self.config is None or file != self.config.file:
            return False
        self.config = load(file)
        self.apply()
        return True

    def check_views(self) -> None:
        """Read the file of saved views for its problems."""
        self._view_problems = ()
        if is_present(views_file()):
            from tldash.user import saved_views

            self._view_problems = saved_views.load(views_file()).problems

    def check_names(self) -> None:
        """Read the list of names that must not stand in shared files."""
        found = load_names()
        if found != self._names:
            self._names = found
            self.guard = found.make_guard() if found is not None else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems in the settings, in the saved views and in the list of names."""
        names = self._names.problems if self._names is not None else ()
        return (*self.current.problems, *self._view_problems, *names)

    def describe_problems(self) -> str:
        """Return a sentence about the first problem and the key of the list; empty if none."""
        key = self.current.keymap.of(PROBLEMS).shown
        names = self._names.problems if self._names is not None else ()
        views = self._view_problems
        found = (("settings", self.current.problems), ("views", views), ("list of names", names))
        for name, problems in found:
            if problems:
                many = f"{pluralize(len(problems), 'problem')} in your {name} ({key} lists them)"
                return f"{many}: line {problems[0].line}, {problems[0].message}"
        return ""


def resolve(config: UserSettings) -> ActiveSettings:
    """Return the valid part of a configuration, and its problems. Never raises."""
    keymap, wrong = _keymap(config) if config.keys else (DEFAULT, [])
    name, own, found = theme.DARK.name, None, list[Problem]()
    if config.theme:
        name, own, found = _theme(config)
    if not (config.problems or wrong or found) and keymap is DEFAULT and not config.theme:
        return PLAIN
    problems = sorted((*config.problems, *wrong, *found), key=lambda one: (one.line, one.column))
    return ActiveSettings(keymap, name, own, tuple(problems))


def _keymap(config: UserSettings) -> tuple[Keymap, list[Problem]]:
    """Assign keys in two rounds, so that two commands can swap theirs."""
    from tldash.user.settings_parser import problem_at, suggest

    making = all_commands()
    wrong = []
    known = []
    for entry in config.keys:
        if entry.command in making.commands:
            known.append(entry)
        else:
            hint = suggest(entry.command, sorted(making.commands))
            message = f"there is no command '{entry.command[:40]}'"
            wrong.append(problem_at(config, entry.where, message, hint))
    making.begin([entry.command for entry in known])
    for entry in known:
        for number, written in enumerate(entry.keys):
            hint = "write another key; tldash config lists those that are taken"
            try:
                trouble = making.give(entry.command, parse_key(written))
            except ValueError as error:
                trouble, hint = error.args
            if trouble:
                message = f"{entry.command} cannot have this key: {trouble}"
                wrong.append(problem_at(config, entry.place(number), message, hint))
    return making.made(), wrong


def all_commands() -> KeymapBuilder:
    """Return every command of every screen, with its default keys."""
    return KeymapBuilder({page.NAME: page.OWN for page in screens.classes()})


def resolve_with_keys(config: UserSettings) -> tuple[ActiveSettings, list[tuple[str, str, bool]]]:
    """Return the settings in use; then each command, its keys, and whether the viewer set them."""
    found = resolve(config)
    known = all_commands().commands
    changed = found.keymap.changed
    keys = [
        (name, ", ".join(map(shown, changed.get(name, command).keys.split(","))), name in changed)
        for name, command in sorted(known.items())
    ]
    return found, keys


def _theme(config: UserSettings) -> tuple[str, Theme | None, list[Problem]]:
    from tldash.user.settings_parser import problem_at, suggest

    if not isinstance(config.theme, str):
        own, faults = theme.made(config.theme)
        wrong = [problem_at(config, ("theme", *where), says, hint) for where, says, hint in faults]
        return (own.name if own else theme.DARK.name), own, wrong
    name = theme.meant(config.theme)
    if name:
        return name, None, []
    message = f"there is no theme '{config.theme[:40]}'"
    hint = suggest(config.theme, theme.names())
    hint = hint if hint.startswith("did") else f"there are: {', '.join(theme.names())}"
    return theme.DARK.name, None, [problem_at(config, ("theme",), message, hint)]
