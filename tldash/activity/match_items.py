"""Match the task items of two workspaces, from exact to fuzzy.

Lines have no stable id: an item may have been ticked, reworded, or moved to another line or file.
So items are matched in rounds with ever weaker keys. Items left over are new or deleted.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Final, NamedTuple

from tldash.model.records import Action, Fields, ItemKind, Lead, Marker, Task

GAP_LIMIT: Final = 20
"""Largest group of unmatched items that is searched for reworded ones, which is quadratic."""
MIN_RATIO: Final = 0.6
"""Minimum ratio of `difflib.SequenceMatcher` for a reworded item."""
TEXT_LIMIT: Final = 200
"""Number of characters that are compared."""


class Item(NamedTuple):
    """A task item with its kind, and its action or marker."""

    role: ItemKind
    task: Task
    of: Action | Marker | None = None


class Pair(NamedTuple):
    """The old and new version of an item."""

    before: Item
    after: Item


@dataclass(slots=True)
class Pairing:
    """Result of matching: changed, deleted and new items."""

    changed: list[Pair] = field(default_factory=list)
    """Matched items whose content or place differs."""
    unchanged: list[Pair] = field(default_factory=list)
    """The other matched items; their lines may differ."""
    gone: list[Item] = field(default_factory=list)
    new: list[Item] = field(default_factory=list)


def list_items(lead: Lead, within: Container[str] | None = None) -> list[Item]:
    """List the task items of a lead that count, or those of some files.

    Items of one file and kind are in the order of lines.
    """
    topics, actions, markers = _list_tasks(lead)
    items = [Item(ItemKind.TOPIC, task) for task in topics if within is None or task.path in within]
    items += [
        Item(ItemKind.ACTION, task, action)
        for task, action in zip(actions, lead.actions, strict=True)
        if within is None or task.path in within
    ]
    items += [
        Item(ItemKind.MARKER, task, marker)
        for task, marker in zip(markers, lead.markers, strict=True)
        if within is None or task.path in within
    ]
    return items


def list_touched(before: Lead, after: Lead) -> tuple[list[Item], list[Item]]:
    """List the items of two versions of a lead, except those of files that did not change.

    Task items of unchanged files are the same objects in both versions, and match each other.
    Making an item of each took a third of the time of reading the log.
    """
    touched: set[str] = set()
    for old, new in zip(_list_tasks(before), _list_tasks(after), strict=True):
        was, now = ({id(task): task for task in tasks} for tasks in (old, new))
        touched.update(was[one].path for one in was.keys() - now.keys())
        touched.update(now[one].path for one in now.keys() - was.keys())
    return list_items(before, touched), list_items(after, touched)


def _list_tasks(lead: Lead) -> tuple[list[Task], ...]:
    """Return the topics, actions and markers of a lead."""
    return (
        [task for session in lead.sessions for task in session.topics],
        [action.task for action in lead.actions],
        [marker.task for marker in lead.markers],
    )


def match_items(
    before: Sequence[Item], after: Sequence[Item], renamed: Mapping[str, str] | None = None
) -> Pairing:
    """Match the items of two versions of a lead. `renamed` maps old paths to new paths."""
    return _Rounds(before, after, renamed or {}).run()


def without_closing_dates(fields: Fields) -> Fields:
    """Return the fields without the dates that closing an item adds."""
    if fields.done is None and fields.cancelled is None:
        return fields
    return replace(fields, done=None, cancelled=None)


def is_similar(one: str, other: str) -> bool:
    """Return whether one text is likely a reworded version of the other."""
    from difflib import SequenceMatcher  # takes 2 ms, and only unmatched items need it

    one, other = one.casefold()[:TEXT_LIMIT], other.casefold()[:TEXT_LIMIT]
    fewer, more = sorted((set(one.split()), set(other.split())), key=len)
    if fewer and fewer <= more:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= MIN_RATIO and matcher.ratio() >= MIN_RATIO


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
"""Computes a key from an item and the current path of its file. Items with equal keys match."""

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
"""Keys of the rounds, strictest first. Ids are matched after the first round."""


class _Rounds:
    """State of the matching: indices of unmatched items on both sides, and the matches."""

    def __init__(
        self, before: Sequence[Item], after: Sequence[Item], renamed: Mapping[str, str]
    ) -> None:
        self._before, self._after = before, after
        self._paths = [renamed.get(item.task.path, item.task.path) for item in before]
        self._became: dict[int, int] = {}
        """Index in `before` -> index in `after`."""
        self._same: set[int] = set()
        """Indices in `before` of unchanged items."""
        self._left: list[int] = []
        self._right: list[int] = []

    def run(self) -> Pairing:
        self._trim()
        if self._left and self._right:
            self._round(ROUND_KEYS[0])
            self._match_ids()
            for key in ROUND_KEYS[1:]:
                self._round(key)
            self._match_reworded()
        pairs: tuple[list[Pair], list[Pair]] = [], []
        for b, a in self._became.items():
            pairs[b in self._same].append(Pair(self._before[b], self._after[a]))
        return Pairing(
            *pairs,
            [self._before[b] for b in self._left],
            [self._after[a] for a in self._right],
        )

    def _trim(self) -> None:
        """Match the unchanged items at the start and end of each file."""
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
        """Match items with equal keys, in order."""
        if not self._left or not self._right:
            return
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for b in self._left:
            waiting[key(self._before[b], self._paths[b])].append(b)
        for a in self._right:
            found = waiting.get(key(self._after[a], self._after[a].task.path))
            if found:
                self._match(found.popleft(), a)
        self._remove_matched()

    def _match(self, b: int, a: int) -> None:
        self._became[b] = a
        same_file = self._paths[b] == self._after[a].task.path
        if same_file and _same(self._before[b], self._after[a]):
            self._same.add(b)

    def _remove_matched(self) -> None:
        taken = set(self._became.values())
        self._left = [b for b in self._left if b not in self._became]
        self._right = [a for a in self._right if a not in taken]

    def _match_ids(self) -> None:
        """Match items with the same unique task id or block id."""
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
                self._match(b, a)
                met.add(a)
        self._remove_matched()

    def _match_reworded(self) -> None:
        """Match items between the same neighbours if only one candidate is similar."""
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
                self._match_gap(left, right)
        self._remove_matched()

    def _match_gap(self, left: list[int], right: list[int]) -> None:
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
                    self._match(b, found[0])
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
    """Return the names that occur once."""
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
    """Return each index in `left` with its nearest matched neighbours in the file.

    `known` maps the index of a matched item to a number that is the same on both sides.
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
    """Map paths of deleted files to the new files that they were renamed to.

    Two files match if each has at least half of its items in the other.
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


def find_closing_day(item: Item, days: Mapping[str, date]) -> date | None:
    """Return the day an item was closed, or None if it is open or the day is unknown.

    It is the date in the line, else the day of the item's session file. `days` maps paths of
    session files to their days.
    """
    task = item.task
    if not task.status.closed:
        return None
    return task.fields.done or task.fields.cancelled or days.get(task.path)
