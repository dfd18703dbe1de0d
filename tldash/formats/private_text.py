"""Find the viewer's listed names, and the contacts of others, in the text and path of a file.

Pure: the text and the names are parameters. The results are problems that are shown to the viewer
alone, and never kept with those of the files.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from tldash.formats.text import line_spans
from tldash.model.contacts import ContactKind, find_contacts
from tldash.model.frozen import frozen
from tldash.model.name_search import FoundName, ListedName, NameFinder
from tldash.model.records import Fix, Problem, Severity

_LINE_BREAK: Final = re.compile(r"[ \t]*(?:\r\n|\n|\r)[ \t]*(?:>[ \t]?)*")
"""A line break inside a name, with the indentation and the bars of quotes after it."""
_MARKUP: Final = re.compile(r"\*+|`+|~+|=+|\[+|\]+|(?<=\s)_+|_+(?=\s)|<[!/A-Za-z][^<>\n]*>")
_OF_SLUG: Final = tuple("@#/_-")
"""Characters before a name that takes no spaces: of an owner, a tag or a path."""


@frozen
class Guard:
    """What must not stand in shared files."""

    names: NameFinder
    known: frozenset[str] = frozenset()
    """Email addresses that may, in lower case."""

    def find_typed(self, text: str) -> tuple[tuple[str, str], ...]:
        """Return each listed name in a line that is typed, as written, and its nickname.

        An ordinary word where one has a capital anyway is not among them.
        """
        found = (one for one in self.names.find(text) if one.sure)
        pairs = ((text[one.start : one.end], one.name.nickname) for one in found)
        return tuple(dict.fromkeys(pairs))

    def write_nicknames(self, text: str) -> str:
        """Return a line that is typed with nicknames in place of the names that have one."""
        parts, at = [], 0
        for place in find_places(text, "", self):
            if place.new is not None:
                parts += [text[at : place.start], place.new]
                at = place.end
        return "".join((*parts, text[at:]))


@frozen
class PrivatePlace:
    """A listed name, or the contact of somebody, in a text."""

    start: int
    end: int
    """Indexes of characters in the text, as of a slice."""
    problem: Problem
    new: str | None = None
    """What to write in place of the slice; None if that is not certain."""


def decode_anyhow(data: bytes) -> str:
    """Return the text of a file without its byte order mark, whatever its encoding may be.

    For a search only: UTF-8, UTF-16 with a mark, or else ISO 8859-1.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def find_places(text: str, path: str, guard: Guard) -> list[PrivatePlace]:
    """Return the listed names and the contacts in the text of a file, by place.

    `text` has no byte order mark. A name that is a part of an address is not reported as well.
    """
    contacts = find_contacts(text, guard.known)
    names = guard.names.find(text)
    if not contacts and not names:
        return []
    places = _Lines(text, path)
    found = [places.of_contact(*contact) for contact in contacts]
    around = [contact.start for contact in contacts]
    for name in names:
        before = bisect_right(around, name.end - 1) - 1
        if before < 0 or contacts[before].end <= name.start:
            found.append(places.of_name(name))
    return sorted(found, key=lambda place: place.start)


def find_in_name(path: str, guard: Guard) -> Iterator[Problem]:
    """Yield a problem for each listed name in the name of the file or folder at a path."""
    name = path.rpartition("/")[2]
    for found in guard.names.find(name):
        if found.sure:
            message = f"the name of this file or folder has {_quote(name, found)} in it"
            yield Problem(path, 1, 1, Severity.ERROR, "private-name", message, "rename it")


class _Lines:
    """Makes the places in a text, with their lines and columns."""

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        self._starts = [start for start, _ in line_spans(text)]

    def _locate(self, at: int) -> tuple[int, int]:
        line = bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1

    def of_contact(self, start: int, end: int, kind: ContactKind) -> PrivatePlace:
        problem = Problem(
            self._path, *self._locate(start), Severity.ERROR, "private-contact",
            f"the {kind} {self._text[start:end]}", "remove it, if it is not meant for all readers",
        )  # fmt: skip
        return PrivatePlace(start, end, problem)

    def of_name(self, found: FoundName) -> PrivatePlace:
        start, end, name, sure = found
        line, column = self._locate(start)
        quoted, new = _quote(self._text, found), None
        if not sure:
            hint = f"write {name.nickname} if it is" if name.nickname else "reword it if it is"
            problem = Problem(
                self._path, line, column, Severity.WARNING, "private-name",
                f"{quoted} may be the listed name, or the word", hint,
            )  # fmt: skip
            return PrivatePlace(start, end, problem)
        fix = None
        if name.nickname:
            end, new = _replacement(self._text, found)
            old = self._text[start:end]
            fix = Fix(column, old, new) if _LINE_BREAK.search(old) is None else None
        hint = f"write {name.nickname}" if name.nickname else "use another word"
        problem = Problem(
            self._path, line, column, Severity.ERROR, "private-name",
            f"{quoted} is on your list of names", hint, fix,
        )  # fmt: skip
        return PrivatePlace(start, end, problem, new)


def _quote(text: str, found: FoundName) -> str:
    return f"'{' '.join(text[found.start : found.end].split())}'"


def _replacement(text: str, found: FoundName) -> tuple[int, str]:
    """Return the end of what a nickname replaces, and the nickname with what has to stay.

    That is markup which begins or ends inside the name, and a line break. The space after a name
    that ends on another line goes with it.
    """
    start, end, name, _ = found
    old = text[start:end]
    new = _spell(name, text[:start], old) + "".join(_unpaired(old))
    breaks = [match[0] for match in _LINE_BREAK.finditer(old)]
    if not breaks:
        return end, new
    after = re.compile(r"[^\r\n]*").match(text, end)
    if after is not None and after[0].strip():
        return end + after[0].startswith(" "), "".join((new, *breaks))
    return end, "".join((*breaks, new))


def _spell(name: ListedName, before: str, old: str) -> str:
    """Return a nickname as it is written in this place."""
    if not before.endswith(_OF_SLUG):
        return name.nickname
    nickname = "-".join(name.nickname.split())
    return nickname.lower() if old.islower() else nickname


def _unpaired(old: str) -> list[str]:
    """Return the markup in a text that has its other end outside of it."""
    open_: list[str] = []
    for match in _MARKUP.finditer(old):
        mark = match[0]
        if open_ and _closes(open_[-1], mark):
            open_.pop()
        else:
            open_.append(mark)
    return open_


def _closes(first: str, mark: str) -> bool:
    """Return whether two pieces of markup are a pair."""
    if mark.startswith("]"):
        return first == "[" * len(mark)
    if mark.startswith("</"):
        return first.startswith(f"<{mark[2:-1]}")
    return first == mark and mark[0] not in "[<"
