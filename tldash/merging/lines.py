"""Find the longest common subsequence of two sequences, as git's default diff does.

The algorithm is Eugene Myers' "An O(ND) Difference Algorithm and Its Variations" (1986). `difflib`
looks for the longest block instead, so its result can be far from the shortest one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Final

Match = tuple[int, int]
"""The indices of two equal elements."""

MOST_EDITS: Final = 1000
"""Number of edits up to which the shortest difference is searched: the search is quadratic.

Beyond, the sequences are split at elements that occur once on both sides, as in a patience diff."""

MOST_STEPS: Final = 1_000_000
"""How far runs are moved in all, which takes a second; more only happens in repetitive files."""


def match(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[Match]:
    """Return the pairs of a common subsequence, in order.

    It is a longest one if the sequences differ by at most `MOST_EDITS` elements.
    """
    numbers: dict[Hashable, int] = {}
    left = [numbers.setdefault(element, len(numbers)) for element in one]
    right = [numbers.setdefault(element, len(numbers)) for element in other]
    pairs = _match(left, right, 0, 0)
    first, second = [i for i, _ in pairs], [j for _, j in pairs]
    first = _slide(left, first, second, len(right))
    second = _slide(right, second, first, len(left))
    return [*zip(first, second, strict=True)]


def _slide(
    elements: Sequence[int], kept: Sequence[int], there: Sequence[int], length: int
) -> list[int]:
    """Move each run of unmatched elements as far down as it can go, as git does.

    In `a b a b`, the unmatched `a b` may be the first or the second. Two versions have to agree on
    that to be merged. A run that can be beside unmatched elements of the other sequence goes there.

    Args:
        kept: The indices of the matched elements.
        there: Those in the other sequence, which has `length` elements.
    """
    kept = [*kept]
    steps = MOST_STEPS
    for place in range(len(kept) - 1, -1, -1):
        start = kept[place - 1] + 1 if place else 0
        moved: list[int] = []
        beside = 0 if _has_run(there, place, length) else -1
        at = place
        while at < len(kept) and start < kept[at] and elements[start] == elements[kept[at]]:
            moved.append(kept[at])
            kept[at] = start
            start, at = start + 1, at + 1
            if _has_run(there, at, length):
                beside = at - place
        if beside >= 0:
            kept[place + beside : at] = moved[beside:]
        steps -= len(moved)
        if steps <= 0:
            break
    return kept


def _has_run(kept: Sequence[int], place: int, length: int) -> bool:
    """Return whether there are unmatched elements before the match of that number."""
    before = kept[place - 1] if place else -1
    return (kept[place] if place < len(kept) else length) > before + 1


def _match(one: Sequence[int], other: Sequence[int], at: int, there: int) -> list[Match]:
    """Match two parts of the sequences that start at the indices `at` and `there`."""
    shorter = min(len(one), len(other))
    start = 0
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    found = [(at + k, there + k) for k in range(start)]
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    if left and right:
        found += _match_middle(left, right, at + start, there + start)
    last, last_there = at + len(one) - end, there + len(other) - end
    found += [(last + k, last_there + k) for k in range(end)]
    return found


def _match_middle(one: Sequence[int], other: Sequence[int], at: int, there: int) -> list[Match]:
    pairs = _shortest(one, other)
    if pairs is not None:
        return [(at + i, there + j) for i, j in pairs]
    found: list[Match] = []
    start, start_there = 0, 0
    anchors = _unique(one, other)
    if not anchors:
        return []
    for i, j in [*anchors, (len(one), len(other))]:
        found += _match(
            one[start:i], other[start_there:j], at + start, there + start_there
        )  # the part before the anchor
        if i < len(one):
            found.append((at + i, there + j))
        start, start_there = i + 1, j + 1
    return found


def _unique(one: Sequence[int], other: Sequence[int]) -> list[Match]:
    """Return the longest rising chain of the elements that occur once in each sequence."""
    counts, there = Counter(one), Counter(other)
    places = {element: j for j, element in enumerate(other) if there[element] == 1}
    pairs = [(i, places[e]) for i, e in enumerate(one) if counts[e] == 1 and e in places]
    kept = rising([j for _, j in pairs])
    return [pairs[k] for k in kept]


def rising(values: Sequence[int]) -> list[int]:
    """Return the indices of a longest rising subsequence of distinct numbers."""
    ends: list[int] = []
    """The index with the lowest last value, for each length."""
    lowest: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        length = bisect_left(lowest, value)
        before.append(ends[length - 1] if length else -1)
        ends[length:] = [index, *ends[length + 1 :]] if length < len(ends) else [index]
        lowest[length : length + 1] = [value]
    chain: list[int] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.append(index)
        index = before[index]
    return chain[::-1]


def _shortest(one: Sequence[int], other: Sequence[int]) -> list[Match] | None:
    """Return the matches of a shortest difference; None if it has more than `MOST_EDITS` edits."""
    width, height = len(one), len(other)
    if abs(width - height) > MOST_EDITS:
        return None
    reached = {1: 0}
    """The furthest index in `one` on each diagonal (index in `one` minus index in `other`)."""
    trace: list[dict[int, int]] = []
    for edits in range(min(width + height, MOST_EDITS) + 1):
        trace.append(reached.copy())
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (
                diagonal != edits and reached[diagonal - 1] < reached[diagonal + 1]
            )
            x = reached[diagonal + 1] if down else reached[diagonal - 1] + 1
            while x < width and 0 <= x - diagonal < height and one[x] == other[x - diagonal]:
                x += 1
            reached[diagonal] = x
            if x >= width and x - diagonal >= height:
                return _walk_back(trace, width, height)
    return None


def _walk_back(trace: Sequence[dict[int, int]], x: int, y: int) -> list[Match]:
    """Follow the furthest points back to the start, and collect the diagonal steps."""
    found: list[Match] = []
    for edits in range(len(trace) - 1, -1, -1):
        reached = trace[edits]
        diagonal = x - y
        down = diagonal == -edits or (
            diagonal != edits and reached[diagonal - 1] < reached[diagonal + 1]
        )
        before = diagonal + 1 if down else diagonal - 1
        start = reached[before] if edits else 0
        start_y = start - before if edits else 0
        while x > start and y > start_y:
            x, y = x - 1, y - 1
            found.append((x, y))
        x, y = start, start_y
    return found[::-1]
