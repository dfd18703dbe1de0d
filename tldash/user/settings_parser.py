"""Read the user's settings file. Each mistake in it becomes a problem with its line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from tldash.formats.text import NotText
from tldash.formats.yaml import load as yaml
from tldash.formats.yaml.load import Source
from tldash.model.icons import IconStyle
from tldash.model.records import Problem, Severity
from tldash.model.spelling import suggest_spelling
from tldash.storage.safe_open import Unreadable
from tldash.user.own_files import read_text
from tldash.user.user_settings import KeySetting, UserSettings, YamlPath

ENTRIES: Final = ("me", "theme", "icons", "sync", "keys", "private")
LONGEST_IDLE: Final = 24 * 60
"""Minutes after which a sync by itself can come at the latest."""
PROBLEM_LIMIT: Final = 50
"""Problems reported per file."""
CODE: Final = "own-settings"

Fault = tuple[YamlPath, str, str]
"""Where a mistake is, the message, and the hint."""


def read(file: Path) -> UserSettings:
    """Read and parse a settings file. Never raises."""
    try:
        return parse(read_text(file), file)
    except FileNotFoundError:
        return UserSettings(file)
    except (NotText, Unreadable) as error:
        return UserSettings(file, problems=(describe_unreadable(file, error),))


def describe_unreadable(file: Path, error: NotText | Unreadable) -> Problem:
    """Return the problem of a file that cannot be read."""
    line, column, hint = 1, 1, error.hint
    if isinstance(error, NotText):
        line, column = error.line, error.column
    else:
        hint = hint or "write it again, or remove it"
    return Problem(str(file), line, column, Severity.WARNING, CODE, error.message, hint)


def parse(text: str, file: Path) -> UserSettings:
    """Parse the text of a settings file. Never raises."""
    data, found = parse_yaml(text, file)
    text = text.removeprefix("\ufeff")
    if data is None:
        return UserSettings(file, text, problems=found)
    parser = _Parser()
    parser.parse_document(data)
    own = describe_faults(file, text, parser.faults[:PROBLEM_LIMIT])
    keys, problems = tuple(parser.keys), (*found, *own)
    return UserSettings(
        file,
        text,
        parser.me,
        parser.theme,
        parser.icons,
        keys,
        tuple(parser.private),
        problems,
        parser.sync,
    )


def parse_yaml(text: str, file: Path) -> tuple[object, tuple[Problem, ...]]:
    """Parse the YAML of one of the user's own files; its problems are warnings."""
    data, problems = yaml.load(text.removeprefix("\ufeff"), str(file))
    return data, tuple(
        replace(one, severity=Severity.WARNING, hint=one.hint or "fix this line")
        for one in problems
    )


def problem_at(settings: UserSettings, where: YamlPath, message: str, hint: str) -> Problem:
    """Return a problem with the value at a path of the settings file."""
    return describe_faults(settings.file, settings.text or "", [(where, message, hint)])[0]


def describe_faults(file: Path | None, text: str, faults: Iterable[Fault]) -> tuple[Problem, ...]:
    """Return the problems of these mistakes, each with its line and column."""
    source = Source(text)
    return tuple(
        Problem(str(file), *source.place(where), Severity.WARNING, CODE, message, hint)
        for where, message, hint in faults
    )


class _Parser:
    """Parse a document into settings and the mistakes in it."""

    def __init__(self) -> None:
        self.me = ""
        self.theme: str | dict[str, object] = ""
        self.icons: IconStyle | None = None
        self.sync = 0
        self.keys: list[KeySetting] = []
        self.private: list[tuple[str, str]] = []
        self.faults: list[Fault] = []

    def parse_document(self, data: object) -> None:
        if not isinstance(data, dict):
            self.faults.append(((), "expected keys with values", "write for example me: Mira"))
            return
        for name, value in data.items():
            match name:
                case "me":
                    self._parse_me(value)
                case "theme":
                    self._parse_theme(value)
                case "icons":
                    self._parse_icons(value)
                case "sync":
                    self._parse_sync(value)
                case "keys":
                    self._parse_keys(value)
                case "private":
                    self._parse_private(value)
                case _:
                    message = f"unknown key '{shorten(name)}'"
                    self.faults.append(((str(name),), message, suggest(str(name), ENTRIES)))

    def _parse_me(self, value: object) -> None:
        if isinstance(value, str):
            self.me = value.strip()
        elif value is not None:
            self.faults.append((("me",), "me is not a name", "put it in quotes"))

    def _parse_theme(self, value: object) -> None:
        if isinstance(value, str):
            self.theme = value.strip()
        elif isinstance(value, dict):
            self.theme = {str(name): colour for name, colour in value.items()}
        elif value is not None:
            hint = "write for example theme: nord"
            self.faults.append((("theme",), "theme is not a name", hint))

    def _parse_icons(self, value: object) -> None:
        if isinstance(value, str) and value.strip().casefold() in list(IconStyle):
            self.icons = IconStyle(value.strip().casefold())
        elif value is not None:
            message = f"there are no icons '{shorten(value)}'"
            self.faults.append((("icons",), message, "write unicode or ascii"))

    def _parse_sync(self, value: object) -> None:
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LONGEST_IDLE:
            self.sync = value
        elif value is not None:
            message = f"sync is not a number of minutes up to {LONGEST_IDLE}"
            self.faults.append((("sync",), message, "write for example sync: 10"))

    def _parse_keys(self, value: object) -> None:
        if value is None:
            return
        if not isinstance(value, dict):
            hint = "write a command and its key, for example tick: x"
            self.faults.append((("keys",), "expected commands with their keys", hint))
            return
        for name, wanted in value.items():
            where = ("keys", str(name))
            is_list = isinstance(wanted, list)
            given: Sequence[object] = wanted if isinstance(wanted, list) else [wanted]
            known = tuple(filter(None, map(_parse_key, given)))
            if len(known) < len(given) or not known:
                hint = 'write a key, or a list of keys, in quotes: "x", "ctrl+e", "g x"'
                message = f"{shorten(name)} has a value that is not a key"
                self.faults.append((where, message, hint))
            else:
                self.keys.append(KeySetting(str(name), known, where, is_list))

    def _parse_private(self, value: object) -> None:
        """Parse one private folder for all shared ones, or one for each."""
        if value is None:
            return
        for shared, folder in (value if isinstance(value, dict) else {"": value}).items():
            if isinstance(shared, str) and isinstance(folder, str) and folder.strip():
                self.private.append((shared.strip(), folder.strip()))
            else:
                where = ("private", str(shared)) if isinstance(value, dict) else ("private",)
                hint = "write for example private: ~/coaching-private"
                self.faults.append((where, "expected the path of a folder", hint))


def suggest(word: str, known: Sequence[str]) -> str:
    """Return a hint for a word that is none of the known ones."""
    found = suggest_spelling(word, known)
    if found:
        return f"did you mean {found}?"
    if len(known) > 12:
        return "run tldash config for a list"
    return f"choose from: {', '.join(known)}"


def _parse_key(value: object) -> str:
    """Return a key as it is written, "" if it is none. A digit needs no quotes."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 9:
        return str(value)
    return value if isinstance(value, str) and (value.strip() or value == " ") else ""


def shorten(value: object) -> str:
    """Return a value on one line, at most 40 characters long."""
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else f"{text[:39]}…"
