"""Count what two sides of a merge kept and added, and find what is missing in the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from tldash.merging.sequence import Conflict, Merged
from tldash.merging.units import Kind, Unit, split_lines, walk


def loses(merged: Merged, versions: Sequence[Sequence[Unit]]) -> bool:
    """Return whether an item or a line of text is missing that no side removed.

    This counts items and lines, and knows nothing of how they were merged. A conflict may hold
    them too.
    """
    units = [piece for piece in merged if isinstance(piece, Unit)]
    unsure = any(isinstance(piece, Conflict) for piece in merged)
    known = {unit.token for unit in walk(versions[0])}
    base, ours, theirs = (_count_items(side, known) for side in versions)
    found = _count_items(units, known)
    if not unsure and any(found[one] < wanted for one, wanted in _wanted(base, ours, theirs)):
        return True
    base, ours, theirs = (_count_text(side) for side in versions)
    found = _count_text(units)
    for piece in merged:
        if isinstance(piece, Conflict):
            found.update(split_lines(piece.ours + piece.theirs))
    return any(found[one] < wanted for one, wanted in _wanted(base, ours, theirs))


def _wanted(
    base: Counter[object], ours: Counter[object], theirs: Counter[object]
) -> Iterator[tuple[object, int]]:
    """Yield how often each item or line has to be in the merged file at least."""
    for one in {*ours, *theirs}:
        b, o, t = base[one], ours[one], theirs[one]
        yield one, max(o, t) if o > b and t > b else max(min(o, t), o + t - b)


def _count_items(units: Sequence[Unit], known: Collection[object]) -> Counter[object]:
    """Count the items: those of the base by their tokens, new ones by their texts."""
    return Counter(
        unit.token if unit.token in known else unit.task.text
        for unit in walk(units)
        if unit.task is not None
    )


def _count_text(units: Sequence[Unit]) -> Counter[object]:
    """Count the lines that are merged as a whole."""
    kinds = (Kind.TEXT, Kind.BULLET)
    heads = (unit.head for unit in walk(units) if unit.kind in kinds)
    return Counter(line for head in heads for line in split_lines(head) if line.strip())
