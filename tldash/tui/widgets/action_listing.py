"""The actions of many leads as one list of rows, kept in step while leads change.

A list of thousands must not be made anew because a line of a file is another, nor at each letter
that is typed to filter by. So the rows of a lead are kept as long as the lead is the very same, and
rows that are in order already are only merged with those that are new.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from tldash.insight.actions import DueGroup, find_due_group, is_open, sort_key
from tldash.model.framework import Framework
from tldash.model.frozen import frozen
from tldash.model.item_keys import Key, task_key
from tldash.model.records import Action, Lead
from tldash.tui.widgets.task_rows import ActionRow

FEW: Final = 0.05
"""The share of the rows up to which it is quicker to place them one by one than to sort."""


class Grouping(StrEnum):
    """What the list is parted by."""

    DUE = "due date"
    LEAD = "lead"
    NONE = "nothing"


@frozen
class Wanted:
    """Which actions are listed, and how."""

    today: date
    framework: Framework
    grouping: Grouping = Grouping.DUE
    closed: bool = False
    """Whether closed ones are listed, too."""
    kept: frozenset[Key] = frozenset()
    """Closed ones that are listed even so, because they were closed here."""
    folders: bool = False
    """Whether there are several folders, and each action tells its own."""


Place = tuple[int, int, int]
"""The number of a lead, of its file, and of an action in that."""


class Listed(ActionRow):
    """An action as a row of the list, with what it is sorted and searched by."""

    def __init__(self, action: Action, lead: Lead, wanted: Wanted, place: Place) -> None:
        """`place` decides between what is otherwise sorted alike."""
        several = wanted.grouping is not Grouping.LEAD
        self.folder = lead.id.partition("/")[0] if wanted.folders else ""
        super().__init__(
            action, wanted.today, wanted.framework, lead.name if several else "", self.folder
        )
        self.lead_id = lead.id
        self.lead_name = lead.name
        self.is_open = is_open(action)
        self.group = _group(action, wanted, place[0])
        """The number of its group, in order."""
        self.place = (self.group, *sort_key(action), *place)

    def is_still(self, action: Action, lead: Lead, place: Place) -> bool:
        """Whether it would be made the same again from these."""
        return (
            self.action == action
            and self.lead_name == lead.name
            and self.place[-len(place) :] == place
        )

    @cached_property
    def searched(self) -> str:
        """What a word of a filter is looked for in; a word never has a line end in it."""
        places = (
            self.task.text,
            self.lead_name,
            self.folder,
            *self.task.fields.tags,
            self.action.owner,
        )
        return "\n".join(places).casefold()

    def is_of(self, owner: str) -> bool:
        """Whether somebody whose name begins so does it, or it is of the lead with that id."""
        return self.action.owner.casefold().startswith(owner) or self.lead_id.casefold() == owner

    def is_tagged(self, part: str) -> bool:
        """Whether one of its tags has that in it."""
        return any(part in tag.casefold() for tag in self.task.fields.tags)


_WHEN: Final = tuple(DueGroup)
_PLACE: Final = attrgetter("place")
_GROUP: Final = attrgetter("group")


def _group(action: Action, wanted: Wanted, lead: int) -> int:
    if wanted.grouping is Grouping.DUE:
        return _WHEN.index(find_due_group(action, wanted.today))
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
        gone: set[Listed] = set()
        new: set[Listed] = set()
        for name in {**before, **self._parts}:
            old, now = before.get(name), self._parts.get(name)
            if old is not now:
                was, shall = (set(part.listed if part else ()) for part in (old, now))
                gone |= was - shall
                new |= shall - was
        self._all = _merged(self._all, gone, new)

    def _part(self, lead: Lead, place: int) -> _Part:
        assert self._wanted is not None
        wanted = self._wanted
        kept = frozenset(key for key in wanted.kept if _is_of(key, lead))
        known = self._parts.get(lead.id)
        if known is not None and known.lead is lead and known[1:3] == (place, kept):
            return known
        rows = {id(one.task): one for one in known.listed} if known is not None else {}
        listed = []
        for action, its_place in _placed(lead, place):
            if wanted.closed or is_open(action) or task_key(action.task) in kept:
                row = rows.get(id(action.task))
                if row is None or not row.is_still(action, lead, its_place):
                    row = Listed(action, lead, wanted, its_place)
                listed.append(row)
        return _Part(lead, place, kept, listed)

    def prepare(self) -> None:
        """Make what words are looked for in, so that the first letter need not wait for it."""
        for one in self._all:
            _ = one.searched

    def find(self, words: Iterable[str] = ()) -> list[Listed]:
        """The actions that have all these words, which are casefolded and without blanks."""
        found = self._all
        for word in words:
            if word.startswith("@"):
                found = [one for one in found if one.is_of(word[1:])]
            elif word.startswith("#"):
                found = [one for one in found if one.is_tagged(word[1:])]
            else:
                found = [one for one in found if word in one.searched]
        return found

    def parted(self, found: list[Listed]) -> Iterator[tuple[str, list[Listed]]]:
        """Actions of the list by group, each with its name; in one without, if not grouped."""
        assert self._wanted is not None
        at = 0
        while at < len(found):
            number = found[at].group
            end = bisect_right(found, number, at, key=_GROUP)
            name = ""
            if self._wanted.grouping is Grouping.LEAD:
                names = (found[at].lead_name, found[at].folder)
                name = " · ".join(filter(None, names))
            if self._wanted.grouping is Grouping.DUE:
                name = str(_WHEN[number])
            yield name, found[at:end]
            at = end


def _placed(lead: Lead, place: int) -> Iterator[tuple[Action, Place]]:
    """The actions of a lead with their places: a line more in a file moves none in another."""
    files = groupby(lead.actions, lambda action: action.task.path)
    for file, (_, actions) in enumerate(files):
        for number, action in enumerate(actions):
            yield action, (place, file, number)


def _merged(rows: list[Listed], gone: set[Listed], new: set[Listed]) -> list[Listed]:
    """Rows in order without some and with others; the same list where there are none of either."""
    if not gone and not new:
        return rows
    if len(gone) + len(new) > len(rows) * FEW:
        return sorted([*(row for row in rows if row not in gone), *new], key=_PLACE)
    merged = rows.copy()
    for one in gone:
        del merged[bisect_left(merged, one.place, key=_PLACE)]
    for one in new:
        insort(merged, one, key=_PLACE)
    return merged


def _is_of(key: Key, lead: Lead) -> bool:
    """Whether a task item stands in a lead's folder."""
    path = key[0] if isinstance(key, tuple) else ""
    return not lead.path or str(path).startswith(f"{lead.path}/")
