"""The user's own settings: who they are, how it looks, and which keys do what.

One file for each user, read once at the start and never written. Whatever is wrong in it is a
problem with its line, and costs nothing but itself. What only the dashboard knows, the names of
commands, keys and themes, is judged there (`tldash.tui.app.settings`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from tldash.model.frozen import frozen
from tldash.model.icons import IconStyle
from tldash.model.records import Problem, Severity
from tldash.user.paths import is_there, settings_file

ENTRIES: Final = ("me", "theme", "icons", "keys")
SIZE_LIMIT: Final = 64 * 1024
"""Bytes of settings."""
MOST: Final = 50
"""Problems that are told of one file."""

Where = tuple[str | int, ...]
"""The keys and indices that lead to a value."""


@frozen
class Wish:
    """Keys that a command shall have, as they were written."""

    command: str
    keys: tuple[str, ...]
    where: Where
    """Where the first of them stands; of several, each at an index below it."""
    several: bool = False

    def place(self, number: int) -> Where:
        """Where one of the keys stands."""
        return (*self.where, number) if self.several else self.where


@frozen
class Config:
    """What the settings say, as far as it can be understood without the dashboard."""

    file: Path | None = None
    """Where the settings are, or would be."""
    text: str | None = None
    """The file as it stands; None where there is none, or none that can be read."""
    me: str = ""
    theme: str | Mapping[str, object] = ""
    icons: IconStyle | None = None
    keys: tuple[Wish, ...] = ()
    problems: tuple[Problem, ...] = ()

    def fault(self, where: Where, message: str, hint: str) -> Problem:
        """A problem with what stands at a place of the file."""
        return problems(self.file, self.text or "", [(where, message, hint)])[0]


def read(file: Path | None = None) -> Config:
    """The settings in that file, else in the user's own. Never raises; no file is nothing wrong."""
    file = file or settings_file()
    if not is_there(file):
        return Config(file)
    from tldash.formats.text import NotText
    from tldash.storage.safe_open import Unreadable

    try:
        return understood(own_text(file), file)
    except FileNotFoundError:
        return Config(file)
    except NotText as error:
        place = error.line, error.column
        message, hint = error.message, error.hint
    except Unreadable as error:
        place = 1, 1
        message, hint = error.message, error.hint or "write it anew, or remove it"
    problem = Problem(str(file), *place, Severity.WARNING, "own-settings", message, hint)
    return Config(file, problems=(problem,))


def understood(text: str, file: Path) -> Config:
    """The settings that a text says. Never raises."""
    from tldash.formats.yaml import load

    text = text.removeprefix("\ufeff")
    data, faulty = load.load(text, str(file))
    found = tuple(
        replace(one, severity=Severity.WARNING, hint=one.hint or "mend this line") for one in faulty
    )
    if data is None:
        return Config(file, text, problems=found)
    reader = _Reader()
    reader.document(data)
    own = problems(file, text, reader.faults[:MOST])
    return Config(
        file, text, reader.me, reader.theme, reader.icons, tuple(reader.keys), (*found, *own)
    )


def problems(
    file: Path | None, text: str, faults: Iterable[tuple[Where, str, str]]
) -> tuple[Problem, ...]:
    """Faults as problems of the file: each with its place, what is wrong, and what to write."""
    from tldash.formats.yaml.nodes import Source  # only for what is wrong

    source = Source(text)
    return tuple(
        Problem(str(file), *source.place(where), Severity.WARNING, "own-settings", message, hint)
        for where, message, hint in faults
    )


class _Reader:
    """Takes a document apart, and keeps what is wrong with it."""

    def __init__(self) -> None:
        self.me = ""
        self.theme: str | Mapping[str, object] = ""
        self.icons: IconStyle | None = None
        self.keys: list[Wish] = []
        self.faults: list[tuple[Where, str, str]] = []

    def document(self, data: object) -> None:
        if not isinstance(data, dict):
            self.faults.append(((), "keys with values were expected", "write for example me: Mira"))
            return
        for name, value in data.items():
            match name:
                case "me":
                    self._me(value)
                case "theme":
                    self._theme(value)
                case "icons":
                    self._icons(value)
                case "keys":
                    self._keys(value)
                case _:
                    hint = choice(str(name), ENTRIES)
                    self.faults.append(
                        ((str(name),), f"the key '{_short(name)}' means nothing here", hint)
                    )

    def _me(self, value: object) -> None:
        if isinstance(value, str):
            self.me = value.strip()
        elif value is not None:
            self.faults.append((("me",), "me is no name", "put it in quotes"))

    def _theme(self, value: object) -> None:
        if isinstance(value, str):
            self.theme = value.strip()
        elif isinstance(value, dict):
            self.theme = {str(name): colour for name, colour in value.items()}
        elif value is not None:
            self.faults.append((("theme",), "theme is no name", "write for example theme: nord"))

    def _icons(self, value: object) -> None:
        if isinstance(value, str) and value.strip().casefold() in list(IconStyle):
            self.icons = IconStyle(value.strip().casefold())
        elif value is not None:
            hint = "write unicode or ascii"
            self.faults.append((("icons",), f"there are no icons '{_short(value)}'", hint))

    def _keys(self, value: object) -> None:
        if value is None:
            return
        if not isinstance(value, dict):
            hint = "write a command and its key, for example tick: x"
            self.faults.append((("keys",), "keys of commands were expected", hint))
            return
        for name, wanted in value.items():
            where = ("keys", str(name))
            several = isinstance(wanted, list)
            given: Sequence[object] = wanted if isinstance(wanted, list) else [wanted]
            known = tuple(filter(None, map(_key, given)))
            if len(known) < len(given) or not known:
                hint = 'write a key, or a list of keys, in quotes: "x", "ctrl+e", "g x"'
                self.faults.append((where, f"{_short(name)} has something that is no key", hint))
            else:
                self.keys.append(Wish(str(name), known, where, several))


def choice(word: str, known: Sequence[str]) -> str:
    """What to write instead of a word that is none of the known ones."""
    from tldash.model.spelling import suggest_spelling

    found = suggest_spelling(word, known)
    if found:
        return f"did you mean {found}?"
    return f"known are: {', '.join(known)}" if len(known) <= 12 else "tldash config lists them"


def _key(value: object) -> str:
    """A key as it was written; digits need no quotes."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 9:
        return str(value)
    return value if isinstance(value, str) and (value.strip() or value == " ") else ""


def _short(value: object) -> str:
    """A value in a sentence."""
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else f"{text[:39]}…"


def own_text(file: Path) -> str:
    """The text of a file of the user's own, wherever links lead. Never waits for a pipe.

    Raises FileNotFoundError, Unreadable or NotText.
    """
    from tldash.formats.text import decode
    from tldash.storage.safe_open import READ_FLAGS, Unreadable, check_readable, unreadable

    try:
        fd = os.open(file, READ_FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(file) from None
    except OSError as error:
        raise unreadable(error) from error
    except ValueError as error:
        raise Unreadable("unreadable", f"cannot be read: {error}") from error
    try:
        check_readable(os.fstat(fd), SIZE_LIMIT)
        return decode(os.read(fd, SIZE_LIMIT))
    except OSError as error:
        raise unreadable(error) from error
    finally:
        os.close(fd)
