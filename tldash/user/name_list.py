"""Read the viewer's list of names and words that must not stand in shared files.

The list is the viewer's own, beside the settings, and never written. Each mistake in it becomes a
problem with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tldash.formats.private_text import Guard
from tldash.formats.text import NotText
from tldash.model.frozen import frozen
from tldash.model.name_search import LONGEST_NAME, ORDINARY, ListedName, NameFinder, fold_name
from tldash.model.records import Problem
from tldash.storage.safe_open import Unreadable
from tldash.user.own_files import read_text
from tldash.user.settings_parser import (
    PROBLEM_LIMIT,
    Fault,
    describe_faults,
    describe_unreadable,
    parse_yaml,
    suggest,
)

SIZE_LIMIT: Final = 1024 * 1024
"""Bytes of the list."""
NAME_LIMIT: Final = 20_000
"""Spellings and words in the list."""
_ENTRIES: Final = ("names", "words")
_OF_NAME: Final = ("nickname", "spellings", "ordinary")
_NICKNAME: Final = re.compile(r"[^\W\d_][\w .'’-]{0,39}")
"""What YAML and Markdown both read as text, wherever it is written."""
_EXAMPLE: Final = "write for example Maria Lopez: Fox"


@frozen
class NameList:
    """The names and words of a list."""

    file: Path
    """Path of the file, whether or not it exists."""
    names: tuple[ListedName, ...] = ()
    problems: tuple[Problem, ...] = ()

    def make_guard(self) -> Guard | None:
        """Return what finds the names; None if there are none."""
        return Guard(NameFinder(self.names)) if self.names else None


def load(file: Path) -> NameList:
    """Read a list of names. Never raises. A missing file is an empty list."""
    try:
        return parse(read_text(file, SIZE_LIMIT), file)
    except FileNotFoundError:
        return NameList(file)
    except (NotText, Unreadable) as error:
        return NameList(file, problems=(describe_unreadable(file, error),))


def parse(text: str, file: Path) -> NameList:
    """Parse the text of a list of names. Never raises."""
    data, found = parse_yaml(text, file)
    if data is None:
        return NameList(file, problems=found)
    parser = _Parser()
    names = tuple(parser.parse(data))
    if len(names) > NAME_LIMIT:
        fault = ((), f"more than {NAME_LIMIT:,} names and words", "remove some of them")
        names, parser.faults = names[:NAME_LIMIT], [fault]
    parser.check_nicknames(names)
    own = describe_faults(file, text.removeprefix("\ufeff"), parser.faults[:PROBLEM_LIMIT])
    return NameList(file, names, (*found, *own))


class _Parser:
    """Parse a document into names and the mistakes in it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def parse(self, data: object) -> Iterator[ListedName]:
        if not isinstance(data, dict):
            self.faults.append(((), "expected names: and words:", "write names: and a name below"))
            return
        for key, value in data.items():
            if key == "names" and isinstance(value, dict):
                for name, about in value.items():
                    yield from self._parse_name(name, about)
            elif key == "words" and isinstance(value, list):
                for number, word in enumerate(value):
                    yield from self._parse_spelling(word, "", None, ("words", number))
            elif key not in _ENTRIES:
                hint = suggest(str(key), _ENTRIES)
                self.faults.append(((str(key),), f"unknown key '{str(key)[:40]}'", hint))
            elif value is not None:
                kind, hint = (
                    ("names with nicknames", _EXAMPLE) if key == "names"
                    else ("a list of words", "write for example - Project Falcon")
                )  # fmt: skip
                self.faults.append(((key,), f"{key} is not {kind}", hint))

    def _parse_name(self, name: object, about: object) -> Iterator[ListedName]:
        where = ("names", str(name))
        about = about if isinstance(about, dict) else {"nickname": about}
        for key in about:
            if key not in _OF_NAME:
                hint = suggest(str(key), _OF_NAME)
                self.faults.append(((*where, str(key)), f"unknown key '{str(key)[:40]}'", hint))
        nickname, spellings = about.get("nickname"), about.get("spellings") or []
        ordinary = about.get("ordinary")
        if not isinstance(nickname, str) or not _NICKNAME.fullmatch(nickname.strip()):
            message = f"'{str(name)[:40]}' has no nickname of letters, digits and spaces"
            self.faults.append((where, message, f"{_EXAMPLE}; or list it under words:"))
            nickname = ""
        if not isinstance(spellings, list):
            hint = "write for example spellings: [ML, Mari]"
            self.faults.append(((*where, "spellings"), "spellings is not a list", hint))
            spellings = []
        if ordinary is not None and not isinstance(ordinary, bool):
            hint = "write true for a name that is an ordinary word too"
            self.faults.append(((*where, "ordinary"), "ordinary is not true or false", hint))
            ordinary = None
        for spelling in (name, *spellings):
            yield from self._parse_spelling(spelling, nickname.strip(), ordinary, where)

    def _parse_spelling(
        self, text: object, nickname: str, ordinary: bool | None, where: tuple[str | int, ...]
    ) -> Iterator[ListedName]:
        forms = fold_name(text) if isinstance(text, str) else ()
        if not isinstance(text, str) or max(map(len, forms), default=0) < 2:
            message = f"'{str(text)[:40]}' is not a name or word of two letters"
            self.faults.append((where, message, "write more of it, in quotes"))
        elif any(len(form.split()) > LONGEST_NAME for form in forms):
            message = f"'{text[:40]}' has more than {LONGEST_NAME} words"
            self.faults.append((where, message, "write a part of it that is enough"))
        else:
            text = " ".join(text.split())
            known = text.casefold() in ORDINARY
            yield ListedName(text, nickname, known if ordinary is None else ordinary)

    def check_nicknames(self, names: tuple[ListedName, ...]) -> None:
        """Report nicknames that have a listed name in them."""
        finder = NameFinder(names)
        for name in names:
            if finder.find(name.nickname):
                message = f"the nickname '{name.nickname}' has a listed name in it"
                self.faults.append((("names", name.text), message, "choose another nickname"))
