"""Which task item of a lead became which, between two readings.

Nothing in a line says for certain that it is the one from before: it may have been ticked, worded
differently, moved up or carried to another file. So items are paired in rounds, from what is
beyond doubt to what is only evident, and what no round pairs came or went.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from typing import Final, NamedTuple

from tldash.model.records import Action, Fields, Lead, Marker, Task

GAP_LIMIT: Final = 20
"""Items between two that stayed, beyond which nobody asks which was worded differently."""
ALIKE: Final = 0.6
"""Of difflib's ratio of shared letters."""
TEXT_LIMIT: Final = 200
"""Characters of a text that are compared."""


class ItemKind(StrEnum):
    """What a task item is for."""

    ACTION = "action"
    TOPIC = "topic"
    MARKER = "marker"


class Item(NamedTuple):
    """A task item of a lead, and what is known of it beside its line."""

    role: ItemKind
    task: Task
    of: Action | Marker | None = None


class Pair(NamedTuple):
    """An item as it was and as it is."""

    before: Item
    after: Item


@dataclass(slots=True)
class Pairing:
    """What became of a lead's items."""

    changed: list[Pair] = field(default_factory=list)
    """The items that are there still, and not as they were or where they were."""
    gone: list[Item] = field(default_factory=list)
    new: list[Item] = field(default_factory=list)


def list_items(lead: Lead) -> list[Item]:
    """Every task item of a lead; those of a file and a role are in the order of their lines."""
    items = [Item(ItemKind.TOPIC, task) for session in lead.sessions for task in session.topics]
    items += [Item(ItemKind.ACTION, action.task, action) for action in lead.actions]
    items += [Item(ItemKind.MARKER, marker.task, marker) for marker in lead.markers]
    return items


def match_items(
    before: Sequence[Item], after: Sequence[Item], renamed: Mapping[str, str] | None = None
) -> Pairing:
    """Pair the items of two readings; `renamed` leads from paths of before to those of after."""
    return _Rounds(before, after, renamed or {}).run()


def without_closing_dates(fields: Fields) -> Fields:
    """The fields without those that closing an item writes."""
    if fields.done is None and fields.cancelled is None:
        return fields
    return replace(fields, done=None, cancelled=None)


def is_similar(one: str, other: str) -> bool:
    """Whether a text may well be another one, worded differently."""
    from difflib import SequenceMatcher  # only for what changed

    one, other = one.casefold()[:TEXT_LIMIT], other.casefold()[:TEXT_LIMIT]
    fewer, more = sorted((set(one.split()), set(other.split())), key=len)
    if fewer and fewer <= more:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _same(one: Item, other: Item) -> bool:
    was, now = one.task, other.task
    return (
        was is now
        or (
            was.text == now.text
            and was.status is now.status
            and was.section == now.section
            and was.fields == now.fields
            and was.note == now.note
        )
    ) and one.role is other.role


RoundKey = Callable[[Item, str], Hashable]
"""From an item and the path of its file (as it is called now) to what must be the same."""

ROUND_KEYS: Final[tuple[RoundKey, ...]] = (
    lambda item, path: (path, item.role, item.task.section, item.task.text, item.task.status,
                        item.task.fields, item.task.note),
    lambda item, path: (path, item.role, item.task.section, item.task.text, item.task.status,
                        without_closing_dates(item.task.fields)),
    lambda item, path: (path, item.role, item.task.section, item.task.text,
                        without_closing_dates(item.task.fields)),
    lambda item, path: (path, item.role, item.task.section, item.task.text),
    lambda item, path: (path, item.task.text, without_closing_dates(item.task.fields)),
    lambda item, path: (path, item.task.text),
    lambda item, _: (item.role is ItemKind.MARKER, item.task.text,
                     without_closing_dates(item.task.fields)),
    lambda item, _: (item.role is ItemKind.MARKER, item.task.text),
)  # fmt: skip
"""One a round, after what did not move at all. Ids are asked after the first of them."""


class _Rounds:
    """The state of the rounds: what is left on either side, and what was paired."""

    def __init__(
        self, before: Sequence[Item], after: Sequence[Item], renamed: Mapping[str, str]
    ) -> None:
        self._before, self._after = before, after
        self._paths = [renamed.get(item.task.path, item.task.path) for item in before]
        self._became: dict[int, int] = {}
        """From places in `before` to those in `after`."""
        self._same: set[int] = set()
        """Places in `before` of items that did not change."""
        self._left: list[int] = []
        self._right: list[int] = []

    def run(self) -> Pairing:
        self._trim()
        if self._left and self._right:
            self._round(ROUND_KEYS[0])
            self._by_ids()
            for key in ROUND_KEYS[1:]:
                self._round(key)
            self._reworded()
        return Pairing(
            [
                Pair(self._before[b], self._after[a])
                for b, a in self._became.items()
                if b not in self._same
            ],
            [self._before[b] for b in self._left],
            [self._after[a] for a in self._right],
        )

    def _trim(self) -> None:
        """Pair what stands unchanged at the beginning and at the end of each file."""
        after: defaultdict[str, list[int]] = defaultdict(list)
        for a, item in enumerate(self._after):
            after[item.task.path].append(a)
        before: defaultdict[str, list[int]] = defaultdict(list)
        for b, path in enumerate(self._paths):
            before[path].append(b)
        for path, olds in before.items():
            news = after.pop(path, [])
            most = min(len(olds), len(news))
            start = 0
            while start < most and self._stays(olds[start], news[start]):
                start += 1
            end = 0
            while end < most - start and self._stays(olds[-1 - end], news[-1 - end]):
                end += 1
            self._left += olds[start : len(olds) - end]
            self._right += news[start : len(news) - end]
        for news in after.values():
            self._right += news
        self._right.sort()

    def _stays(self, b: int, a: int) -> bool:
        if not _same(self._before[b], self._after[a]):
            return False
        self._became[b] = a
        self._same.add(b)
        return True

    def _round(self, key: RoundKey) -> None:
        """Pair those with the same key, in their order."""
        if not self._left or not self._right:
            return
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for b in self._left:
            waiting[key(self._before[b], self._paths[b])].append(b)
        for a in self._right:
            found = waiting.get(key(self._after[a], self._after[a].task.path))
            if found:
                self._meet(found.popleft(), a)
        self._sieve()

    def _meet(self, b: int, a: int) -> None:
        self._became[b] = a
        same_file = self._paths[b] == self._after[a].task.path
        if same_file and _same(self._before[b], self._after[a]):
            self._same.add(b)

    def _sieve(self) -> None:
        taken = set(self._became.values())
        self._left = [b for b in self._left if b not in self._became]
        self._right = [a for a in self._right if a not in taken]

    def _by_ids(self) -> None:
        """Pair those with an id of their own: in the whole folder, or of a block in their file."""
        old = _once((name, b) for b in self._left for name in _ids(self._before[b], self._paths[b]))
        new = _once(
            (name, a)
            for a in self._right
            for name in _ids(self._after[a], self._after[a].task.path)
        )
        met: set[int] = set()
        for name, b in old.items():
            a = new.get(name)
            if a is not None and b not in self._became and a not in met:
                self._meet(b, a)
                met.add(a)
        self._sieve()

    def _reworded(self) -> None:
        """Pair those between the same neighbours, where nothing else could be meant."""
        now = [item.task.path for item in self._after]
        stayed = {b: b for b, a in self._became.items() if self._paths[b] == now[a]}
        partner = {self._became[b]: b for b in stayed}
        gaps: defaultdict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for b, around in _between(self._left, self._paths, stayed.get):
            item = self._before[b]
            gaps[self._paths[b], item.role, item.task.section, around][0].append(b)
        for a, around in _between(self._right, now, partner.get):
            item = self._after[a]
            gaps[now[a], item.role, item.task.section, around][1].append(a)
        for left, right in gaps.values():
            if left and right and max(len(left), len(right)) <= GAP_LIMIT:
                self._settle(left, right)
        self._sieve()

    def _settle(self, left: list[int], right: list[int]) -> None:
        def fields(b: int, a: int) -> bool:
            was, now = self._before[b].task, self._after[a].task
            return without_closing_dates(was.fields) == without_closing_dates(now.fields)

        def words(b: int, a: int) -> bool:
            return is_similar(self._before[b].task.text, self._after[a].task.text)

        for fits in (lambda b, a: fields(b, a) and words(b, a), words, fields):
            able = {b: [a for a in right if fits(b, a)] for b in left}
            wanted = [a for found in able.values() for a in found]
            for b, found in able.items():
                if len(found) == 1 and wanted.count(found[0]) == 1:
                    self._meet(b, found[0])
                    left.remove(b)
                    right.remove(found[0])


def _ids(item: Item, path: str) -> Iterable[Hashable]:
    fields = item.task.fields
    if fields.id:
        yield "id", fields.id
    if fields.block_id:
        yield "block", path, fields.block_id
        yield "block", fields.block_id


def _once(found: Iterable[tuple[Hashable, int]]) -> dict[Hashable, int]:
    """Those of the names that are there once."""
    places: dict[Hashable, int] = {}
    twice = set()
    for name, place in found:
        if name in places:
            twice.add(name)
        places[name] = place
    return {name: place for name, place in places.items() if name not in twice}


def _between(
    left: Sequence[int], paths: Sequence[str], known: Callable[[int], int | None]
) -> Iterable[tuple[int, tuple[int | None, int | None]]]:
    """For each place, the nearest items of its file above and below it that stayed in the file.

    `known` answers by which number both readings call such a one.
    """
    above = _neighbours(range(len(paths)), left, paths, known)
    below = _neighbours(range(len(paths) - 1, -1, -1), left, paths, known)
    return [(place, (above[place], below[place])) for place in left]


def _neighbours(
    order: Iterable[int],
    left: Sequence[int],
    paths: Sequence[str],
    known: Callable[[int], int | None],
) -> dict[int, int | None]:
    wanted = set(left)
    files = {paths[place] for place in left}
    last: dict[str, int] = {}
    found: dict[int, int | None] = {}
    for place in order:
        path = paths[place]
        if place in wanted:
            found[place] = last.get(path)
        elif path in files and (number := known(place)) is not None:
            last[path] = number
    return found


def find_renamed_files(
    before: Sequence[Item], after: Sequence[Item], gone: Iterable[str], new: Iterable[str]
) -> dict[str, str]:
    """Which of the files that are gone are there under another name, by the items in them.

    A file counts as another where at least half of the items of either are in both.
    """
    old_texts = _texts(before, set(gone))
    new_texts = _texts(after, set(new))
    able: dict[str, list[str]] = {}
    for old, texts in islice(old_texts.items(), GAP_LIMIT):
        able[old] = [
            other
            for other, there in islice(new_texts.items(), GAP_LIMIT)
            if 2 * len(texts & there) >= max(len(texts), len(there))
        ]
    wanted = [path for found in able.values() for path in found]
    return {
        old: found[0]
        for old, found in able.items()
        if len(found) == 1 and wanted.count(found[0]) == 1
    }


def _texts(items: Iterable[Item], paths: set[str]) -> dict[str, set[str]]:
    texts: defaultdict[str, set[str]] = defaultdict(set)
    if paths:
        for item in items:
            if item.task.path in paths:
                texts[item.task.path].add(item.task.text)
    return texts
