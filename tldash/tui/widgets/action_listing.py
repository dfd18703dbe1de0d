"""Sort and filter the actions of all leads as one list of rows.

The list can hold thousands. The rows of a lead are cached while the lead is the same object, and
new rows are merged into the sorted ones, so an edit or a typed character stays cheap.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from tldash.insight.actions import (
    DueGroup,
    describe_carried,
    find_due_group,
    find_held_days,
    is_open,
    is_overdue,
    sort_key,
)
from tldash.insight.audience import Audience
from tldash.insight.people import Viewer, ViewerRole, find_role
from tldash.insight.phase import find_phase, is_active
from tldash.insight.slipping import DueDates, Slip, find_slipping
from tldash.model.dates import format_date
from tldash.model.framework import Framework
from tldash.model.frozen import frozen
from tldash.model.item_keys import Key, task_key
from tldash.model.records import Action, Lead
from tldash.model.spelling import fold_accents
from tldash.tui.widgets.task_rows import ActionRow, carried_note, owner_of

FEW: Final = 0.05
"""The share of changed rows up to which inserting each is faster than sorting all."""


PAUSED: Final = "paused and ended"
"""The heading of the actions of leads whose coaching is."""
OVERDUE: Final = "overdue"
"""The term of the filter for overdue actions, as many as the title counts."""
SLIPPING: Final = "is:slipping"
"""The term of the filter for slipping actions, as `tldash.insight.slipping` finds them."""


class Grouping(StrEnum):
    """How the list is grouped."""

    DUE = "due date"
    LEAD = "lead"
    SLIPPING = "slipping"
    """Slipping actions come first."""
    NONE = "nothing"


@frozen
class ListOptions:
    """What to list, and how."""

    today: date
    framework: Framework
    grouping: Grouping = Grouping.DUE
    closed: bool = False
    """Whether to list closed actions too."""
    kept: frozenset[Key] = frozenset()
    """Actions closed in this list, which stay in it."""
    folders: bool = False
    """Whether to show the folder of each action."""
    viewer: Viewer | None = None
    """Who looks at the list, if that is known."""
    due_dates: DueDates = field(default_factory=dict)
    """Those that git tells, if its history was read."""
    now: datetime | None = field(default=None, compare=False)
    """The time, by which sessions were held; None shows no action as carried over or slipping."""

    def held(self, lead: Lead) -> tuple[date, ...]:
        """Return the days of the sessions held with a lead."""
        return find_held_days(lead, self.now) if self.now is not None else ()

    def slips(self, lead: Lead) -> dict[int, Slip]:
        """Return the slipping actions by the identity of their task items, which live in leads."""
        found = find_slipping(lead, self.now, self.due_dates) if self.now is not None else ()
        return {id(slip.action.task): slip for slip in found}


Place = tuple[int, int, int]
"""The index of a lead, of its file and of an action in that file."""


class ListedAction(ActionRow):
    """The row of an action, with its sort key and its searchable text."""

    def __init__(
        self,
        action: Action,
        lead: Lead,
        options: ListOptions,
        place: Place,
        slip: Slip | None = None,
    ) -> None:
        """`place` breaks ties in the order. `slip` is why it is in the group of slipping ones."""
        several = options.grouping is not Grouping.LEAD
        you = find_role(options.viewer, lead)
        self.is_aside = not is_active(lead)
        """Whether coaching of the lead is paused or has ended."""
        lead_name = "you" if you is ViewerRole.LEAD else lead.name
        self.folder = lead.id.partition("/")[0] if options.folders else ""
        super().__init__(
            action,
            options.today,
            options.framework,
            owner=owner_of(action, lead, you),
            lead=lead_name if several else "",
            folder=self.folder,
            calm=self.is_aside,
            carried=_describe_slip(slip, options) or carried_note(action, options.held(lead)),
        )
        self._slip = slip
        self.lead_id = lead.id
        self.lead_name = lead.name
        self._coach = lead.coach
        self.phase = find_phase(lead)
        self.is_open = is_open(action)
        self.is_overdue = is_overdue(action, options.today) and not self.is_aside
        group = _group(action, options, place[0], you) if slip is None else _SLIPPING
        self.group = group + _ASIDE * self.is_aside
        """The index of its group."""
        self.place = (self.group, *sort_key(action), *place)

    def is_still(self, action: Action, lead: Lead, place: Place, slip: Slip | None) -> bool:
        """Return whether the row of this action would be the same."""
        return (
            self.action == action
            and self._slip == slip
            and self.lead_name == lead.name
            and self._coach == lead.coach
            and self.phase is find_phase(lead)
            and self.place[-len(place) :] == place
        )

    @cached_property
    def searched(self) -> str:
        """The text that the filter searches, with a line for each part."""
        places = (
            self.task.text,
            self.lead_name,
            self.folder,
            *self.task.fields.tags,
            self.action.owner,
        )
        return fold_accents("\n".join(places))

    def is_of(self, owner: str) -> bool:
        """Return whether the owner's name starts so, or the lead has that id."""
        name = fold_accents(self.action.owner)
        return name.startswith(owner) or fold_accents(self.lead_id) == owner

    def is_tagged(self, part: str) -> bool:
        """Return whether a tag contains the text."""
        return any(part in fold_accents(tag) for tag in self.task.fields.tags)


_WHEN: Final = tuple(DueGroup)
_SLIPPING: Final = -1
"""The index of the group of slipping actions."""
_ASIDE: Final = 1_000_000
"""Added to the index of a group if the lead is aside, so that it comes last."""
_PLACE: Final = attrgetter("place")
_GROUP: Final = attrgetter("group")


def _group(action: Action, options: ListOptions, lead: int, you: ViewerRole) -> int:
    if options.grouping is Grouping.DUE:
        return _WHEN.index(find_due_group(action, options.today, you))
    return lead if options.grouping is Grouping.LEAD else 0


def _describe_slip(slip: Slip | None, options: ListOptions) -> str:
    """Return why an action is slipping: `carried over twice, due 3 Nov → 17 Nov → 1 Dec`."""
    if slip is None:
        return ""
    days = " → ".join(format_date(day, options.today) for day in slip.due_dates)
    why = (describe_carried(len(slip.through)), f"due {days}" if slip.moves else "")
    return ", ".join(filter(None, why))


class _Part(NamedTuple):
    """The cached rows of a lead, and what they were made from."""

    lead: Lead
    place: int
    kept: frozenset[Key]
    held: tuple[date, ...]
    listed: list[ListedAction]


class Listing:
    """The sorted rows of a workspace."""

    def __init__(self) -> None:
        self._options: ListOptions | None = None
        self._parts: dict[str, _Part] = {}
        self._all: list[ListedAction] = []

    def update_rows(self, leads: Sequence[Lead], options: ListOptions) -> None:
        """Take new leads or options, and update the rows."""
        if self._options is None or replace(self._options, kept=options.kept) != options:
            self._parts, self._all = {}, []
        self._options = options
        if options.grouping is Grouping.LEAD:
            audience = Audience(options.viewer)
            leads = sorted(
                leads, key=lambda lead: (not audience.concerns(lead), lead.name.casefold())
            )
        before = self._parts
        self._parts = {lead.id: self._part(lead, place) for place, lead in enumerate(leads)}
        gone: set[ListedAction] = set()
        new: set[ListedAction] = set()
        for name in {**before, **self._parts}:
            old, now = before.get(name), self._parts.get(name)
            if old is not now:
                was, shall = (set(part.listed if part else ()) for part in (old, now))
                gone |= was - shall
                new |= shall - was
        self._all = _merged(self._all, gone, new)

    def _part(self, lead: Lead, place: int) -> _Part:
        assert self._options is not None
        options = self._options
        kept = frozenset(key for key in options.kept if _is_of(key, lead))
        known = self._parts.get(lead.id)
        held = options.held(lead)
        if known is not None and known.lead is lead and known[1:4] == (place, kept, held):
            return known
        same = known is not None and known.held == held
        rows = {id(one.task): one for one in known.listed} if known and same else {}
        slips = options.slips(lead) if options.grouping is Grouping.SLIPPING else {}
        listed = []
        for action, its_place in _placed(lead, place):
            if options.closed or is_open(action) or task_key(action.task) in kept:
                row, slip = rows.get(id(action.task)), slips.get(id(action.task))
                if row is None or not row.is_still(action, lead, its_place, slip):
                    row = ListedAction(action, lead, options, its_place, slip)
                listed.append(row)
        return _Part(lead, place, kept, held, listed)

    def prepare(self) -> None:
        """Fill the cache of searchable texts before the first character is typed."""
        for one in self._all:
            _ = one.searched

    def find(self, words: Iterable[str] = ()) -> list[ListedAction]:
        """Return the rows that match all terms: words as `fold_accents` returns them."""
        found = self._all
        for word in words:
            if word in (OVERDUE, f"is:{OVERDUE}"):
                found = [one for one in found if one.is_overdue]
            elif word == SLIPPING:
                slipping = self._find_slipping()
                found = [one for one in found if id(one.task) in slipping]
            elif word.startswith("@"):
                found = [one for one in found if one.is_of(word[1:])]
            elif word.startswith("#"):
                found = [one for one in found if one.is_tagged(word[1:])]
            else:
                found = [one for one in found if word in one.searched]
        return found

    def _find_slipping(self) -> frozenset[int]:
        """Return the slipping actions by the identity of their task items."""
        assert self._options is not None
        parts = self._parts.values()
        return frozenset().union(*(self._options.slips(part.lead) for part in parts))

    def iter_groups(self, found: list[ListedAction]) -> Iterator[tuple[str, list[ListedAction]]]:
        """Yield the groups with their names, or a single group without a name.

        Actions of paused and ended leads are in further groups at the end.
        """
        assert self._options is not None
        at = 0
        while at < len(found):
            number = found[at].group
            end = bisect_right(found, number, at, key=_GROUP)
            name = ""
            if self._options.grouping is Grouping.LEAD:
                names = (found[at].lead_name, found[at].folder)
                phase = str(found[at].phase) if found[at].is_aside else ""
                name = " · ".join(filter(None, (*names, phase)))
            elif number >= _ASIDE:
                name = PAUSED
                end = len(found)
            elif self._options.grouping is Grouping.DUE:
                name = str(_WHEN[number])
            elif self._options.grouping is Grouping.SLIPPING:
                name = "slipping" if number == _SLIPPING else "the others"
            yield name, found[at:end]
            at = end


def _placed(lead: Lead, place: int) -> Iterator[tuple[Action, Place]]:
    """Yield the actions of a lead with their places, counted for each file."""
    files = groupby(lead.actions, lambda action: action.task.path)
    for file, (_, actions) in enumerate(files):
        for number, action in enumerate(actions):
            yield action, (place, file, number)


def _merged(
    rows: list[ListedAction], gone: set[ListedAction], new: set[ListedAction]
) -> list[ListedAction]:
    """Remove rows from a sorted list and insert others; return the same list if none change."""
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
    """Return whether a task item is in a lead's folder or file."""
    path = key[0] if isinstance(key, tuple) else ""
    # The path of a lead with a running file is that file's without its ending.
    return not lead.path or str(path).startswith((f"{lead.path}/", f"{lead.path}."))
