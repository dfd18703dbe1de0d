"""Merge two versions of a list of units with their common base.

The lists are aligned as lines are in diff3. In addition, units with an identity (task items, keys,
headings) may have another content on both sides, which is merged, or another place.

A *slot* is a place between two units of the base; slot k is before unit k. What a side added or
moved goes to the slot that follows the last unit which stayed in its place on that side. Two sides
can put task items, keys and list items into one slot. Where both sides changed ordinary text there
or beside it, that is a conflict, as for git.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from tldash.merging import lines
from tldash.merging.fields import (
    Differs,
    merge_flow,
    merge_removed_flow,
    merge_task_line,
    pick,
)
from tldash.merging.units import Kind, Unit, Unstructured, join, split_lines
from tldash.model.frozen import frozen

LOOSE: Final = frozenset({Kind.TASK, Kind.PAIR, Kind.HEADING, Kind.FENCE, Kind.BULLET, Kind.BLANK})
"""Kinds that a side can add beside what the other side changed."""
OWNED: Final = frozenset({Kind.TASK, Kind.PAIR, Kind.BLANK})
"""Kinds that a side can remove there."""
NAMED: Final = frozenset({Kind.TASK, Kind.PAIR})
"""Kinds that are the same wherever they stand."""
_NEAR: Final = 3
"""Git joins two conflicts with at most so many lines between them."""


@frozen
class Conflict:
    """Text that both sides changed in different ways."""

    ours: str
    theirs: str


Merged = list[Unit | Conflict]


@dataclass(slots=True)
class Record:
    """What a merge notes about the units of the three versions."""

    became: dict[int, Unit] = field(default_factory=dict)
    """The `id` of a unit -> the unit in the result."""


@dataclass(slots=True)
class _Side:
    """One side, aligned with the base."""

    units: Sequence[Unit]
    kept: dict[int, int] = field(default_factory=dict)
    """Index in the base -> index here, of the units in their places."""
    moved: dict[int, int] = field(default_factory=dict)
    slots: dict[int, list[Unit]] = field(default_factory=dict)
    """Added and moved units by slot."""

    def get(self, index: int) -> Unit | None:
        """Return this side's version of a unit of the base."""
        found = self.kept.get(index, self.moved.get(index, -1))
        return self.units[found] if found >= 0 else None


def merge_units(
    base: Sequence[Unit], ours: Sequence[Unit], theirs: Sequence[Unit], record: Record
) -> Merged:
    """Return the merged units, and the conflicts between them.

    Raises:
        Unstructured: There is no order in which nothing is lost.
    """
    return _Merge(base, _align(base, ours), _align(base, theirs), record).run()


def merge_lines(base: str, ours: str, theirs: str) -> Merged:
    """Merge lines as git does: hunks that overlap or touch are a conflict."""
    one, two, three = (text_lines(split_lines(side)) for side in (base, ours, theirs))
    return _join_near(merge_units(one, two, three, Record()))


def text_lines(side: Iterable[str]) -> list[Unit]:
    """Return a unit of text for each line, blank or not."""
    return [Unit(Kind.TEXT, line) for line in side]


# -- alignment -----------------------------------------------------------------------------------


def _align(base: Sequence[Unit], units: Sequence[Unit]) -> _Side:
    side = _Side(units)
    olds, news = [unit.identity for unit in base], [unit.identity for unit in units]
    side.kept = dict(lines.match(olds, news))
    _match_alone(base, side)
    here = set(side.kept.values())
    places = {
        identity: index
        for index, (unit, identity) in enumerate(zip(units, news, strict=True))
        if unit.kind in NAMED and index not in here
    }
    for index, identity in enumerate(olds):
        if base[index].kind in NAMED and index not in side.kept and identity in places:
            side.moved[index] = places.pop(identity)
    _fill_slots(side, len(base))
    return side


def _match_alone(base: Sequence[Unit], side: _Side) -> None:
    """Match a heading that was reworded: the only one between two units that stayed."""
    edges = [(-1, -1), *side.kept.items(), (len(base), len(side.units))]
    for (i, j), (k, m) in pairwise(edges):
        if k == i + 1 or m == j + 1:
            continue
        olds = [n for n in range(i + 1, k) if base[n].kind is Kind.HEADING]
        news = [n for n in range(j + 1, m) if side.units[n].kind is Kind.HEADING]
        if len(olds) == len(news) == 1 and base[olds[0]].level == side.units[news[0]].level:
            side.kept[olds[0]] = news[0]
    side.kept = dict(sorted(side.kept.items()))


def _fill_slots(side: _Side, length: int) -> None:
    slot, at = 0, 0
    for index, place in [*side.kept.items(), (length, len(side.units))]:
        if new := [*side.units[at:place]]:
            side.slots[slot] = new
        slot, at = index + 1, place + 1


# -- merging -------------------------------------------------------------------------------------

Pieces = list[tuple[int, Unit]]
"""Units of the sides, each with the number of its side."""


@frozen
class _Region:
    """A part of the base in which both sides changed ordinary text."""

    start: int
    end: int
    """The index after the last unit."""
    with_slot: bool
    """Whether the slot at its end belongs to it."""


class _Merge:
    """The merge of one list."""

    def __init__(self, base: Sequence[Unit], ours: _Side, theirs: _Side, record: Record) -> None:
        self._base = base
        self._sides = (ours, theirs)
        self._record = record
        self._merged: Merged = []
        self._origin: dict[int, int] = {
            id(side.units[place]): index
            for side in self._sides
            for index, place in side.moved.items()
        }
        _meet(ours, theirs, self._origin)

    def run(self) -> Merged:
        regions = {region.start: region for region in self._find_regions()}
        at = 0
        while True:
            region = regions.get(at)
            if region is not None:
                self._conflict(region)
                at = region.end
            if region is None or not region.with_slot:
                self._slot(at)
            if at == len(self._base):
                return self._merged
            self._unit(at)
            at += 1

    # -- conflicts of text

    def _find_regions(self) -> list[_Region]:
        """Return where changes of text on both sides overlap or touch."""
        hunks = sorted({*self._hunks(0), *self._hunks(1), *self._replaced()})
        regions: list[_Region] = []
        at = 0
        while at < len(hunks):
            end, last = hunks[at][1], at + 1
            while last < len(hunks) and hunks[last][0] <= end:
                end = max(end, hunks[last][1])
                last += 1
            if len({side for _, _, side in hunks[at:last]}) > 1:
                with_slot = any(hunk[0] == end for hunk in hunks[at:last])
                regions.append(_Region(hunks[at][0], end, with_slot))
            at = last
        return regions

    def _hunks(self, number: int) -> list[tuple[int, int, int]]:
        """Return the changes of text on a side: start and end in the base, and the side."""
        side = self._sides[number]
        found: list[tuple[int, int, int]] = []
        start = 0
        for end in (*side.kept, len(self._base)):
            if start == end and start not in side.slots:
                start = end + 1
                continue
            added = side.slots.get(start, ())
            removed = (self._base[k] for k in range(start, end) if k not in side.moved)
            if any(unit.kind not in LOOSE for unit in added) or any(
                unit.kind not in OWNED for unit in removed
            ):
                found.append((start, end, number))
            start = end + 1
        return found

    def _replaced(self) -> list[tuple[int, int, int]]:
        """Return the changes in which both sides put other items in the place of one."""
        removed: list[dict[int, tuple[int, int, int]]] = [{}, {}]
        for number, side in enumerate(self._sides):
            start = 0
            for end in (*side.kept, len(self._base)):
                added = side.slots.get(start, ()) if start < end else ()
                if any(u.kind is Kind.TASK and id(u) not in self._origin for u in added):
                    gone = (k for k in range(start, end) if k not in side.moved)
                    hunk = start, end, number
                    removed[number] |= {k: hunk for k in gone if self._base[k].kind is Kind.TASK}
                start = end + 1
        both = removed[0].keys() & removed[1].keys()
        return [side[k] for k in both for side in removed]

    def _conflict(self, region: _Region) -> None:
        """Add the lines of both sides, with those that differ as conflicts."""
        ours, theirs = (self._inside(region, number) for number in (0, 1))
        if [unit.text for unit in ours] == [unit.text for unit in theirs]:
            for unit, other_unit in zip(ours, theirs, strict=True):
                self._versions(None, unit, other_unit)
            return
        one, other = (split_lines(join(units)) for units in (ours, theirs))
        i, j = 0, 0
        for k, m in [*lines.match(one, other), (len(one), len(other))]:
            if i < k or j < m:
                self._merged.append(Conflict("".join(one[i:k]), "".join(other[j:m])))
            self._merged += text_lines(one[k : k + 1])
            i, j = k + 1, m + 1

    def _inside(self, region: _Region, number: int) -> list[Unit]:
        """Return the units of a side in a region, without those that the other side moved."""
        side, other = self._sides[number], self._sides[1 - number]
        found: list[Unit] = []
        for at in range(region.start, region.end + 1):
            if at < region.end or region.with_slot:
                added = side.slots.get(at, [])
                if any(id(unit) in self._origin for unit in added):
                    raise Unstructured  # the other side's changes of a moved unit have no place
                found += added
            if at < region.end and at in side.kept and at not in other.moved:
                found.append(side.units[side.kept[at]])
        return found

    # -- units of the base

    def _unit(self, index: int) -> None:
        base = self._base[index]
        ours, theirs = self._sides
        if index in ours.moved or index in theirs.moved:
            return
        one, other = ours.get(index), theirs.get(index)
        if one is not None and other is not None:
            self._versions(base, one, other)
            return
        for left in (one, other):
            if left is not None:  # removed on the other side
                self._record.became[id(left)] = base
        if one is not None and one.text != base.text:
            self._merged.append(_changed_or_removed(base, one) or Conflict(one.text, ""))
        elif other is not None and other.text != base.text:
            self._merged.append(_changed_or_removed(base, other) or Conflict("", other.text))

    def _versions(self, base: Unit | None, ours: Unit, theirs: Unit) -> None:
        """Merge the two versions of one unit."""
        before = "" if base is None else base.text
        if theirs.text in (ours.text, before):
            merged: Merged = [ours]
        elif ours.text == before:
            merged = [theirs]
        else:
            merged = _merge_content(base, ours, theirs, self._record)
        for version in (base, ours, theirs):
            if version is not None and merged and isinstance(merged[0], Unit):
                self._record.became[id(version)] = merged[0]
        self._merged += merged

    # -- what the sides added and moved

    def _slot(self, slot: int) -> None:
        """Add what the sides have in a slot; what both have there comes once."""
        ours, theirs = (side.slots.get(slot, []) for side in self._sides)
        if not ours or not theirs:
            self._add([(0, unit) for unit in ours] + [(1, unit) for unit in theirs])
            return
        one, other = ([*map(self._new_identity, run)] for run in (ours, theirs))
        partners = {id(ours[i]): theirs[j] for i, j in lines.match(one, other)}
        met = {id(unit) for unit in partners.values()}
        named = {
            key: unit
            for key, unit in zip(other, theirs, strict=True)
            if unit.kind in NAMED and id(unit) not in met
        }
        anchors = set(partners)
        for key, unit in zip(one, ours, strict=True):
            if id(unit) not in partners and key in named:
                partners[id(unit)] = named.pop(key)
                met.add(id(partners[id(unit)]))
        run: list[Unit] = []
        at = 0
        for unit in ours:
            if id(unit) not in partners:
                run.append(unit)
                continue
            if id(unit) in anchors:
                place = theirs.index(partners[id(unit)], at)
                beside = [u for u in theirs[at:place] if id(u) not in met]
                at = place + 1
                self._add(interleave(run, beside))
                run = []
            else:
                self._add([(0, one) for one in run])
                run = []
            self._both_placed(unit, partners[id(unit)])
        self._add(interleave(run, [u for u in theirs[at:] if id(u) not in met]))

    def _new_identity(self, unit: Unit) -> object:
        if unit.kind is Kind.BLANK:
            return unit
        if unit.kind is Kind.TASK and unit.task is not None and id(unit) not in self._origin:
            return Kind.TASK, unit.task.text
        return unit.identity

    def _both_placed(self, ours: Unit, theirs: Unit) -> None:
        """Add a unit that both sides added, or moved, in one place."""
        index = self._origin.get(id(ours))
        self._versions(None if index is None else self._base[index], ours, theirs)

    def _add(self, pieces: Pieces) -> None:
        """Add units that one side added or moved."""
        for number, unit in pieces:
            index = self._origin.get(id(unit))
            if index is None:
                self._record.became[id(unit)] = unit
                self._merged.append(unit)
                continue
            other = self._sides[1 - number]
            there = other.get(index)
            if there is None and _only_reordered(self._base[index], unit):
                continue
            if there is None or index in other.moved:
                self._merged.append(Conflict(*((unit.text, ""), ("", unit.text))[number]))
            else:
                one, two = ((unit, there), (there, unit))[number]
                self._versions(self._base[index], one, two)


def _meet(ours: _Side, theirs: _Side, origin: dict[int, int]) -> None:
    """Put keys and items that both sides added in different slots into the first of the two."""
    places: dict[object, int] = {}
    for slot, units in ours.slots.items():
        places |= {(u.kind, u.name, u.head): slot for u in units if _is_new(u, origin)}
    for slot, units in [*theirs.slots.items()]:
        for unit in [u for u in units if _is_new(u, origin)]:
            there = places.get((unit.kind, unit.name, unit.head))
            if there is not None and there != slot:
                first, last = sorted((there, slot))
                side = ours if last == there else theirs
                found = next(
                    u
                    for u in side.slots[last]
                    if (u.kind, u.name, u.head) == (unit.kind, unit.name, unit.head)
                )
                side.slots[last] = [u for u in side.slots[last] if u is not found]
                side.slots[first] = [*side.slots.get(first, []), found]


def _only_reordered(base: Unit, moved: Unit) -> bool:
    """Return whether a unit has another place in its list, and is the same otherwise."""
    here, there = base.task, moved.task
    stays = here is None or there is None or here.section == there.section
    return stays and base.text == moved.text


def _is_new(unit: Unit, origin: dict[int, int]) -> bool:
    return unit.kind in NAMED and id(unit) not in origin


def _changed_or_removed(base: Unit, changed: Unit) -> Unit | None:
    """Merge a unit that one side changed and the other removed; None if that is a conflict."""
    if base.kind is not Kind.PAIR or base.rest or changed.rest:
        return None
    try:
        return replace(changed, head=merge_removed_flow(base.head, changed.head))
    except Differs:
        return None


def _merge_content(base: Unit | None, ours: Unit, theirs: Unit, record: Record) -> Merged:
    """Merge head and rest of two versions that both differ from the base."""
    rest = _Merge(
        base.rest if base else (),
        _align(base.rest if base else (), ours.rest),
        _align(base.rest if base else (), theirs.rest),
        record,
    ).run()
    try:
        head = _merge_head(base, ours, theirs)
    except Differs:
        return [Conflict(ours.head, theirs.head), *rest]
    whole = [piece for piece in rest if isinstance(piece, Unit)]
    if len(whole) < len(rest):
        return [replace(ours, head=head, rest=()), *rest]
    return [replace(ours, head=head, rest=tuple(whole), token=(base or ours).token)]


def _merge_head(base: Unit | None, ours: Unit, theirs: Unit) -> str:
    heads = (base.head if base else None, ours.head, theirs.head)
    try:
        return str(pick(*heads))
    except Differs:
        if ours.kind is Kind.PAIR:
            return merge_flow(*heads)
        if base is None or base.line is None or ours.line is None or theirs.line is None:
            raise
        return merge_task_line(base.line, ours.line, theirs.line).joined()


# -- the order of what both sides added ----------------------------------------------------------


def interleave(ours: Sequence[Unit], theirs: Sequence[Unit]) -> Pieces:
    """Order the units that both sides added in one slot, by their text.

    So the result does not depend on which side is which. What belongs together stays together:
    nested items, and all below a heading. What has no heading comes first.
    """
    one, other = [(0, unit) for unit in ours], [(1, unit) for unit in theirs]
    if not one or not other:
        return one or other
    (before, one, after), (before_too, other, after_too) = _trim(one), _trim(other)
    blanks = max(before, before_too, key=len)
    (lead, sections), (lead_too, sections_too) = _sections(one), _sections(other)
    clusters = _by_text(_clusters(lead), _clusters(lead_too))
    merged = max(before if lead else [], before_too if lead_too else [], key=len)
    merged = [*merged, *(piece for cluster in clusters for piece in cluster)]
    for section in _by_text(sections, sections_too):
        if not merged or merged[-1][1].kind is not Kind.BLANK:
            merged += blanks
        merged += section
    return [*(merged or blanks), *max(after, after_too, key=len)]


def _trim(run: Pieces) -> tuple[Pieces, Pieces, Pieces]:
    """Return the blank lines before a run, the run, and the blank lines after it."""
    written = [at for at, (_, unit) in enumerate(run) if unit.kind is not Kind.BLANK]
    if not written:
        return run, [], []
    return run[: written[0]], run[written[0] : written[-1] + 1], run[written[-1] + 1 :]


def _sections(run: Pieces) -> tuple[Pieces, list[Pieces]]:
    """Return what stands before the first heading, and the parts below headings of its level."""
    heads = [at for at, (_, unit) in enumerate(run) if unit.kind is Kind.HEADING]
    if not heads:
        return run, []
    top = run[heads[0]][1].level
    starts = [at for at in heads if run[at][1].level <= top]
    ends = [*starts[1:], len(run)]
    return run[: heads[0]], [run[start:end] for start, end in zip(starts, ends, strict=True)]


def _clusters(run: Pieces) -> list[Pieces]:
    """Divide a run into its items, each with those nested in it; not a run with other text."""
    if not run or any(unit.kind in (Kind.BLANK, Kind.TEXT) for _, unit in run):
        return [run] if run else []
    found: list[Pieces] = []
    for piece in run:
        if found and piece[1].indent > found[-1][0][1].indent:
            found[-1].append(piece)
        else:
            found.append([piece])
    return found


def _by_text(ours: Sequence[Pieces], theirs: Sequence[Pieces]) -> list[Pieces]:
    """Merge two lists of parts: of the first ones, the one whose text is lower comes first."""
    found: list[Pieces] = []
    one, other = [*ours], [*theirs]
    while one and other:
        first = min(one, other, key=lambda parts: join(unit for _, unit in parts[0]))
        found.append(first.pop(0))
    return [*found, *one, *other]


def _join_near(merged: Merged) -> Merged:
    """Join conflicts with at most three lines between them that are the same on both sides."""
    found: Merged = []
    near: list[str] = []
    for piece in merged:
        if isinstance(piece, Unit):
            near.append(piece.text)
            found.append(piece)
            continue
        last = len(found) - len(near) - 1
        if last >= 0 and isinstance(before := found[last], Conflict) and len(near) <= _NEAR:
            del found[last:]
            text = "".join(near)
            found.append(
                Conflict(before.ours + text + piece.ours, before.theirs + text + piece.theirs)
            )
        else:
            found.append(piece)
        near = []
    return found
