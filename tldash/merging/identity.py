"""Find which task items of two versions of a file are the same."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from typing import Final

from tldash.activity.match_items import (
    GAP_LIMIT,
    TEXT_LIMIT,
    Item,
    match_items,
    without_closing_dates,
)
from tldash.formats.markdown.body import kind_of
from tldash.formats.yaml.session import is_topic
from tldash.merging.units import Kind, Unit, walk
from tldash.model.records import ItemKind, Task

_SIDES: Final = ("ours", "theirs")
MIN_RATIO: Final = 0.65
"""Minimum share of words that two versions of a text have in common, in order."""


def identify(base: Sequence[Unit], *sides: Sequence[Unit]) -> None:
    """Give the task items of a file and of later versions tokens, equal for the same item."""
    olds = _task_units(base)
    for index, (unit, _) in enumerate(olds):
        unit.token = ("base", index)
    for name, side in zip(_SIDES, sides, strict=False):  # one is compared, two are merged
        news = _task_units(side)
        became = match_tasks([task for _, task in olds], [task for _, task in news])
        before = {after: ("base", old) for old, after in became.items()}
        for index, (unit, _) in enumerate(news):
            unit.token = before.get(index, (name, index))


def _task_units(units: Sequence[Unit]) -> list[tuple[Unit, Task]]:
    return [(u, u.task) for u in walk(units) if u.kind is Kind.TASK and u.task is not None]


def match_tasks(before: Sequence[Task], after: Sequence[Task]) -> dict[int, int]:
    """Return the indices of the tasks in `after` that those in `before` became.

    An item with another text counts as the same only if the two texts are similar, or if it has the
    same id: a change of the other side must not go to an item that replaced this one.
    """
    places = {id(task): index for index, task in enumerate(before)}
    there = {id(task): index for index, task in enumerate(after)}
    pairing = match_items([*map(_item, before)], [*map(_item, after)])
    became: dict[int, int] = {}
    moved: set[tuple[int, int]] = set()
    for pair in pairing.changed:
        old, new = places[id(pair.before.task)], there[id(pair.after.task)]
        moved.update(((0, old), (1, new)))
        if _is_same(before[old], after[new]):
            became[old] = new
    moved.update((0, places[id(item.task)]) for item in pairing.gone)
    moved.update((1, there[id(item.task)]) for item in pairing.new)
    waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for index, task in enumerate(before):
        if (0, index) not in moved:
            waiting[_content(task)].append(index)
    for index, task in enumerate(after):
        if (1, index) not in moved and (found := waiting[_content(task)]):
            became[found.popleft()] = index
    _match_far(before, after, became)
    return became


def _match_far(before: Sequence[Task], after: Sequence[Task], became: dict[int, int]) -> None:
    """Match items that were reworded and moved, if only one candidate is similar."""
    met = set(became.values())
    left = [index for index in range(len(before)) if index not in became]
    right = [index for index in range(len(after)) if index not in met]
    if not left or not right or max(len(left), len(right)) > GAP_LIMIT:
        return
    able = {b: [a for a in right if _is_far(before[b], after[a])] for b in left}
    wanted = [a for found in able.values() for a in found]
    for b, found in able.items():
        if len(found) == 1 and wanted.count(found[0]) == 1:
            became[b] = found[0]


def _is_far(one: Task, other: Task) -> bool:
    same = without_closing_dates(one.fields) == without_closing_dates(other.fields)
    return same and one.depth == other.depth and _is_reworded(one.text, other.text)


def _item(task: Task) -> Item:
    topic = is_topic(task) if task.yaml_path else kind_of(task.section) is ItemKind.TOPIC
    return Item(ItemKind.TOPIC if topic else ItemKind.ACTION, task)


def _content(task: Task) -> Hashable:
    """Return what `match_items` compares to find the items that did not change."""
    role = _item(task).role
    return role, task.text, task.status, task.section, task.fields, task.note


def _is_same(one: Task, other: Task) -> bool:
    old, new = one.fields, other.fields
    same_id = (old.id and old.id == new.id) or (old.block_id and old.block_id == new.block_id)
    return bool(same_id) or one.text == other.text or _is_reworded(one.text, other.text)


def _is_reworded(old: str, new: str) -> bool:
    """Return whether a text is a version of another: stricter than `is_similar`."""
    one, other = (text.casefold()[:TEXT_LIMIT].split() for text in (old, new))
    fewer, more = sorted((set(one), set(other)), key=len)
    if fewer and fewer <= more:
        return True
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= MIN_RATIO
