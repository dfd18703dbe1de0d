"""The keys of the commands after the settings are applied.

Commands have default keys (`tldash.tui.keys.commands`), and the settings can replace them. On a
screen, a key has one command. A setting that would break that is refused with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from tldash.model.frozen import frozen
from tldash.tui.keys.commands import EVERYWHERE, MOVING, NEVER, OPEN, Command

Screens = Mapping[str, tuple[Command, ...]]
"""The commands of each screen, by its name."""


@frozen
class Keymap:
    """The current keys."""

    changed: Mapping[str, Command]
    """Commands without their default keys, by their names in the settings."""

    def of(self, command: Command) -> Command:
        """Return a command with its current keys."""
        return self.changed.get(command.public, command) if self.changed else command

    def textual(self) -> dict[str, str]:
        """Return the keys for Textual's keymap, by binding id."""
        return {name: ",".join(one.presses) or NEVER for name, one in self.changed.items()}

    def after(self, first: str, commands: Iterable[Command]) -> dict[str, Command]:
        """Return those of the commands that start with a key, by their second key."""
        return {
            second: command
            for command in map(self.of, commands)
            for begins, second in command.sequences
            if begins == first
        }


DEFAULT: Final = Keymap({})

OUT: Final = {"ctrl+q": "leaving at once", "ctrl+c": "copying"}
"""Keys of Textual that no command can have."""
_SHOWN: Final = {
    "escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "delete": "del",
    "up": "↑", "down": "↓", "left": "←", "right": "→",
}  # fmt: skip


def shown(key: str) -> str:
    """Format a key: `ctrl+k`, `?`, `esc`, `g a`."""
    return " ".join(map(_shown, key.split()))


def _shown(press: str) -> str:
    from textual.keys import format_key

    modifiers, plus, base = press.rpartition("+")
    plain = base if len(base) == 1 or base in _names() else format_key(base)
    return f"{modifiers}{plus}{_SHOWN.get(base, plain)}"


def _names() -> frozenset[str]:
    """Return the names of keys that are not characters."""
    from textual.keys import Keys

    return frozenset(
        base for key in Keys if (base := key.value.rpartition("+")[2]).isalnum() and len(base) > 1
    )


_ALIASES: Final = {
    "esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown", "pgdown": "pagedown",
    "del": "delete", "ins": "insert", "control": "ctrl", "backtab": "shift+tab",
}  # fmt: skip
_MODIFIERS: Final = ("alt", "ctrl", "hyper", "meta", "shift", "super")


def parse_key(written: str) -> str:
    """Parse a key from the settings into Textual's name.

    Raises ValueError with a message and a hint.
    """
    presses = ["space"] if written == " " else [_press(word) for word in written.split()]
    if len(presses) > 2:
        raise ValueError(
            f"'{written}' is more than two presses", "write one, or two with a blank between them"
        )
    if len(presses) == 2 and "escape" in presses:
        raise ValueError(f"'{written}' has esc in it, which cancels", "write another key")
    return " ".join(presses)


def _press(word: str) -> str:
    from textual.binding import Binding
    from textual.keys import format_key

    modifiers, _, base = word[:-1].rpartition("+") if len(word) > 1 else ("", "", "")
    base += word[-1]
    parts = [_ALIASES.get(part, part) for part in modifiers.casefold().split("+") if part]
    if len(base) > 1:
        base = _ALIASES.get(base.casefold(), base.casefold())
    if not set(parts) <= set(_MODIFIERS):
        raise ValueError(f"there is no key '{word}'", _nearest(word))
    if base not in _names() and len(format_key(base)) == 1:
        base = format_key(base)  # a sign by its name
    if base in {"", " "} or not base.isprintable():
        raise ValueError("this is not a key", _nearest(word))
    if len(base) == 1:
        if "shift" in parts and base.isalpha():
            parts.remove("shift")
            base = base.upper()
        if parts:
            base = base.lower()
        name = "comma" if base == "," else base
        base = next(iter(Binding.make_bindings([Binding(name, "nothing")]))).key
    elif base not in _names():
        raise ValueError(f"there is no key '{word}'", _nearest(word))
    return "+".join((*sorted(set(parts)), base))


def _nearest(word: str) -> str:
    from tldash.model.spelling import suggest_spelling

    controls = {f"ctrl+{letter}" for letter in "abdefghklnoprstuvwxyz"}
    found = suggest_spelling(word, sorted({*_names(), *_ALIASES, *controls}))
    examples = "keys are called x, ?, ctrl+e, f2, space, g x"
    return f"did you mean {found}?" if found else examples


class KeymapBuilder:
    """Builds a keymap, one key after the other, and refuses keys that are taken."""

    def __init__(self, screens: Screens) -> None:
        self._at: dict[str, set[str]] = {}
        self.commands: dict[str, Command] = {}
        """All commands by their names in the settings."""
        for screen, own in screens.items():
            for command in (*own, *EVERYWHERE, *MOVING, OPEN):
                self.commands.setdefault(command.public, command)
                self._at.setdefault(command.public, set()).add(screen)
        self._keys = {name: tuple(one.keys.split(",")) for name, one in self.commands.items()}
        self._wished: dict[str, list[str]] = {}

    def begin(self, names: Sequence[str]) -> None:
        """Remove the default keys of some commands."""
        for name in names:
            self._keys[name] = ()
            self._wished[name] = []

    def give(self, name: str, key: str) -> str:
        """Give a key to a command; return why it is refused, if it is."""
        taken = self._taken(name, key)
        if not taken:
            self._wished[name].append(key)
            self._keys[name] = tuple(self._wished[name])
        return taken

    def made(self) -> Keymap:
        """Return the keymap. A command without a new key keeps those default keys that are free."""
        changed = {}
        for name, wished in self._wished.items():
            command = self.commands[name]
            if not wished:
                kept = [key for key in command.keys.split(",") if not self._taken(name, key)]
                self._keys[name] = tuple(kept)
            else:
                kept = wished
            if kept != command.keys.split(","):
                first = shown(kept[0]) if kept else ""
                changed[name] = replace(command, keys=",".join(kept), shown=first)
        return Keymap(changed)

    def _taken(self, name: str, key: str) -> str:
        """Return what has a key already on a screen of a command; empty if it is free."""
        first = key.partition(" ")[0]
        if found := OUT.get(first):
            return f"{shown(first)} is for {found}"
        for other, keys in self._keys.items():
            if self._at[other] & self._at[name]:
                whose = "another key of it" if other == name else other
                for taken in keys:
                    if clash := _clash(key, taken, whose):
                        return clash
        return ""


def _clash(key: str, taken: str, whose: str) -> str:
    """Return why two keys exclude each other; empty if they do not."""
    first = key.partition(" ")[0]
    if taken == key:
        return f"{shown(key)} is {whose} already"
    if taken == first:
        return f"{shown(first)} is {whose} already, so that nothing can follow it"
    if taken.startswith(f"{key} "):
        return f"{shown(key)} begins {shown(taken)}, which is {whose}"
    return ""


def format_keys(command: Command, keymap: Keymap) -> str:
    """Return the keys of a command for the help."""
    keys = [key for key in keymap.of(command).keys.split(",") if key not in ("", NEVER)]
    return "  ".join(map(shown, keys)) or "no key"
