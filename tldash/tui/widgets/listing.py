"""The actions of many leads as one list of rows, kept in step while leads change.

A list of thousands must not be made anew because a line of a file is another, nor at each letter
that is typed to filter by. So the rows of a lead are kept as long as the lead is the very same, and
rows that are in order already are only merged with those that are new.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Final, NamedTuple

from tldash.changes import Key, task_key
from tldash.insight.actions import When, is_open, order, when
from tldash.method.model import Framework
from tldash.records import Action, Lead
from tldash.tui.widgets.tasks import ActionRow


class Grouping(StrEnum):
    """What the list is parted by."""

    DUE = "due date"
    LEAD = "lead"
    NONE = "nothing"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which actions are listed, and how."""

    today: date
    framework: Framework
    grouping: Grouping = Grouping.DUE
    closed: bool = False
    """Whether closed ones are listed, too."""
    kept: frozenset[Key] = frozenset()
    """Closed ones that are listed even so, because they were closed here."""


class Listed(ActionRow):
    """An action as a row of the list, with what it is sorted and searched by."""

    _searched: str = ""

    def __init__(self, action: Action, lead: Lead, wanted: Wanted, place: tuple[int, int]) -> None:
        """`place` is that of its lead among all, and its own among the lead's."""
        several = wanted.grouping is not Grouping.LEAD
        super().__init__(action, wanted.today, wanted.framework, lead.name if several else "")
        self.lead = lead
        self.is_open = is_open(action)
        self.group = _group(action, wanted, place[0])
        """The number of its group, in order."""
        self.place = (self.group, *order(action), *place)

    def has(self, word: str) -> bool:
        """Whether a word of a filter is about it: casefolded, and without blanks."""
        if word.startswith("@"):
            owner = self.action.owner.casefold()
            return owner.startswith(word[1:]) or self.lead.id.casefold() == word[1:]
        if word.startswith("#"):
            return any(word[1:] in tag.casefold() for tag in self.action.task.fields.tags)
        if not self._searched:
            task = self.action.task
            places = (task.text, self.lead.name, *task.fields.tags, self.action.owner)
            self._searched = "\n".join(places).casefold()  # a word never has a line end in it
        return word in self._searched


_WHEN: Final = tuple(When)
_PLACE: Final = attrgetter("place")
_GROUP: Final = attrgetter("group")


def _group(action: Action, wanted: Wanted, lead: int) -> int:
    if wanted.grouping is Grouping.DUE:
        return _WHEN.index(when(action, wanted.today))
    return lead if wanted.grouping is Grouping.LEAD else 0


class _Part(NamedTuple):
    """What is listed of one lead, and what that was made from."""

    lead: Lead
    place: int
    kept: frozenset[Key]
    listed: list[Listed]


class Listing:
    """The listed actions of a workspace, in order."""

    def __init__(self) -> None:
        self._wanted: Wanted | None = None
        self._parts: dict[str, _Part] = {}
        self._all: list[Listed] = []

    def take_in(self, leads: Sequence[Lead], wanted: Wanted) -> None:
        """List what these leads hold now."""
        if self._wanted is None or replace(self._wanted, kept=wanted.kept) != wanted:
            self._parts, self._all = {}, []
        self._wanted = wanted
        if wanted.grouping is Grouping.LEAD:
            leads = sorted(leads, key=lambda lead: lead.name.casefold())
        before = self._parts
        self._parts = {lead.id: self._part(lead, place) for place, lead in enumerate(leads)}
        gone = [part for name, part in before.items() if self._parts.get(name) is not part]
        new = [part for name, part in self._parts.items() if before.get(name) is not part]
        self._all = _with(_without(self._all, _rows_of(gone)), _rows_of(new))

    def _part(self, lead: Lead, place: int) -> _Part:
        assert self._wanted is not None
        wanted = self._wanted
        kept = frozenset(key for key in wanted.kept if _is_of(key, lead))
        known = self._parts.get(lead.id)
        if known is not None and known.lead is lead and known[1:3] == (place, kept):
            return known
        listed = [
            Listed(action, lead, wanted, (place, number))
            for number, action in enumerate(lead.actions)
            if wanted.closed or is_open(action) or task_key(action.task) in kept
        ]
        listed.sort(key=_PLACE)
        return _Part(lead, place, kept, listed)

    def find(self, words: Iterable[str] = ()) -> list[Listed]:
        """The actions that have all these words, which are casefolded and without blanks."""
        found = self._all
        for word in words:
            found = [one for one in found if one.has(word)]
        return found

    def parted(self, found: list[Listed]) -> Iterator[tuple[str, list[Listed]]]:
        """Actions of the list by group, each with its name; in one without, if not grouped."""
        assert self._wanted is not None
        at = 0
        while at < len(found):
            number = found[at].group
            end = bisect_right(found, number, at, key=_GROUP)
            name = found[at].lead.name if self._wanted.grouping is Grouping.LEAD else ""
            if self._wanted.grouping is Grouping.DUE:
                name = str(_WHEN[number])
            yield name, found[at:end]
            at = end


def _rows_of(parts: Iterable[_Part]) -> list[Listed]:
    """Their rows, in order."""
    return sorted((one for part in parts for one in part.listed), key=_PLACE)


def _without(rows: list[Listed], gone: Sequence[Listed]) -> list[Listed]:
    """Rows in order, without some of them."""
    left: list[Listed] = []
    at = 0
    for one in gone:
        cut = bisect_left(rows, one.place, at, key=_PLACE)
        left += rows[at:cut]
        at = cut + 1
    return left + rows[at:] if gone else rows


def _with(rows: list[Listed], new: Sequence[Listed]) -> list[Listed]:
    """Rows in order, with others among them."""
    merged: list[Listed] = []
    at = 0
    for one in new:
        cut = bisect_left(rows, one.place, at, key=_PLACE)
        merged += rows[at:cut]
        merged.append(one)
        at = cut
    return merged + rows[at:] if new else rows


def _is_of(key: Key, lead: Lead) -> bool:
    """Whether a task item stands in a lead's folder."""
    path = key[0] if isinstance(key, tuple) else ""
    return not lead.path or str(path).startswith(f"{lead.path}/")
