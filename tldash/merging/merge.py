"""Merge two versions of a file with their common base.

Task items, keys, headings and lines are merged one by one (`sequence`). The result is divided again
and compared with what was meant. Where that fails, or a file has no structure, its lines are merged
as git does.

The result does not depend on which side is which, but for the order in conflicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final

from tldash.formats.text import BOM, find_conflict
from tldash.merging.fields import Differs, merge_fields, pick
from tldash.merging.identity import identify
from tldash.merging.losses import loses
from tldash.merging.markdown import divide_markdown
from tldash.merging.sequence import (
    Conflict,
    Merged,
    Record,
    merge_lines,
    merge_units,
)
from tldash.merging.units import Kind, Unit, Unstructured, join, split_lines, walk
from tldash.merging.yaml import divide_yaml
from tldash.model.file_roles import is_markdown, is_yaml
from tldash.model.frozen import frozen
from tldash.model.records import Task

STRUCTURE_LIMIT: Final = 1 << 20
"""Characters of a file beyond which only its lines are merged."""
LABELS: Final = ("ours", "theirs")


class NotText(Exception):
    """A version is not text, so there is nothing to merge."""


@frozen
class Result:
    """A merged file."""

    data: bytes
    conflicts: int
    """How many conflicts with markers are in it."""


def merge(base: bytes, ours: bytes, theirs: bytes, path: str) -> Result:
    """Merge two versions of a file.

    Args:
        base: The version from which both come; empty if there is none.
        path: Its name says whether it is Markdown or YAML. Of other files, lines are merged.

    Raises:
        NotText: Both sides changed a file that holds NUL bytes or is UTF-16.
    """
    if theirs in (base, ours):
        return Result(ours, 0)
    if ours == base:
        return Result(theirs, 0)
    versions = (base, ours, theirs)
    if any(b"\0" in data or data.startswith((b"\xff\xfe", b"\xfe\xff")) for data in versions):
        raise NotText
    swapped = theirs < ours
    first, second = sorted((ours, theirs))
    frame, texts = _normalize(
        *(data.decode("utf-8", "surrogateescape") for data in (base, first, second))
    )
    merged = _merge_texts(texts[0], texts[1], texts[2], path)
    text = frame.apply(_render(merged, swapped=swapped), ends_in_conflict=_ends_in_conflict(merged))
    conflicts = sum(isinstance(piece, Conflict) for piece in merged)
    return Result(text.encode("utf-8", "surrogateescape"), conflicts)


def _merge_texts(base: str, ours: str, theirs: str, path: str) -> Merged:
    try:
        return _merge_structure(base, ours, theirs, path)
    except Unstructured:
        return merge_lines(base, ours, theirs)


def _render(merged: Merged, *, swapped: bool) -> str:
    parts: list[str] = []
    for piece in merged:
        if isinstance(piece, Unit):
            parts.append(piece.text)
            continue
        one, other = (piece.theirs, piece.ours) if swapped else (piece.ours, piece.theirs)
        parts.append(f"<<<<<<< {LABELS[0]}\n{one}=======\n{other}>>>>>>> {LABELS[1]}\n")
    return "".join(parts)


def _ends_in_conflict(merged: Merged) -> bool:
    return bool(merged) and isinstance(merged[-1], Conflict)


# -- what belongs to no line ---------------------------------------------------------------------


@frozen
class _Frame:
    """What the merged file has around its lines."""

    bom: bool
    ending: str
    """The line end to write for each line feed."""
    ended: bool
    """Whether the last line has a line end."""

    def apply(self, text: str, *, ends_in_conflict: bool) -> str:
        """Return the text of the file."""
        if not self.ended and not ends_in_conflict:
            text = text.removesuffix("\n")
        if self.ending != "\n":
            text = text.replace("\n", self.ending)
        return BOM + text if self.bom else text


def _normalize(*versions: str) -> tuple[_Frame, list[str]]:
    """Take byte order mark and line ends off the versions, and merge them on their own.

    So a side that only rewrote the line ends is not in conflict with every change of the other.
    Files with several kinds of line ends keep them.
    """
    bom = pick(*(text.startswith(BOM) for text in versions))
    texts = [text.removeprefix(BOM) for text in versions]
    ended = pick(*(text.endswith("\n") or not text for text in texts))
    ending = _merge_endings([*map(_ending, texts)])
    if ending is not None:
        texts = [text.replace("\r\n", "\n") for text in texts]
    texts = [text if text.endswith("\n") or not text else f"{text}\n" for text in texts]
    return _Frame(bom, ending or "\n", ended), texts


_MIXED: Final = "mixed"


def _ending(text: str) -> str | None:
    """Return the line end of a text, None if it has one line only, or that it has several."""
    pairs, feeds, returns = text.count("\r\n"), text.count("\n"), text.count("\r")
    if returns != pairs or pairs not in (0, feeds):
        return _MIXED
    return None if not feeds else "\r\n" if pairs else "\n"


def _merge_endings(endings: Sequence[str | None]) -> str | None:
    """Return the line end of the merged file, None if its line ends have to stay as they are."""
    known = [one for one in endings if one is not None]
    if not known or _MIXED in known:
        return None
    if len(set(known)) == 1:
        return known[0]
    base, ours, theirs = endings
    other = ours or theirs if base is None else base
    try:
        return pick(base, ours or other, theirs or other)
    except Differs:
        return None


# -- structure -----------------------------------------------------------------------------------


def _merge_structure(base: str, ours: str, theirs: str, path: str) -> Merged:
    """Merge the units of three texts. Raises Unstructured, also if the result is not as meant."""
    texts = (base, ours, theirs)
    for text in texts:
        if len(text) > STRUCTURE_LIMIT or "\r" in text or find_conflict(text) is not None:
            raise Unstructured
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:  # bytes that are not UTF-8
            raise Unstructured from None
    divider, versions = divide(texts, path)
    identify(*versions)
    record = Record()
    merged = merge_units(versions[0], versions[1], versions[2], record)
    if loses(merged, versions) or not _is_placed(merged, versions, record):
        raise Unstructured
    units = [piece for piece in merged if isinstance(piece, Unit)]
    if len(units) == len(merged) and not _reads_as(units, versions, divider):
        raise Unstructured
    return merged


Divider = Callable[[str], list[Unit]]


def divide(texts: Sequence[str], path: str) -> tuple[Divider, list[list[Unit]]]:
    """Divide all versions of a file in the same way. Raises Unstructured."""
    ways: list[Divider] = []
    if is_yaml(path):
        ways = [partial(divide_yaml, path=path, in_session=True)]
    elif is_markdown(path):
        whole: Divider = partial(divide_markdown, path=path)
        ways = [whole, partial(divide_markdown, path=path, front_by_line=True)]
    for divide in ways:
        with suppress(Unstructured):
            return divide, [divide(text) for text in texts]
    raise Unstructured


def _reads_as(merged: Sequence[Unit], versions: Sequence[Sequence[Unit]], divide: Divider) -> bool:
    """Return whether the merged text divides into the merged units, and the items are as meant."""
    try:
        found = [*walk(divide(join(merged)))]
    except Unstructured:
        return False
    meant = [*walk(merged)]
    if [(u.kind, u.head) for u in found] != [(u.kind, u.head) for u in meant]:
        return False
    known = [_by_token(units) for units in versions]
    try:
        return all(
            _has_fields(after.task, [tasks.get(unit.token) for tasks in known])
            for unit, after in zip(meant, found, strict=True)
            if after.task is not None
        )
    except Differs:
        return False


def _by_token(units: Sequence[Unit]) -> dict[object, Task]:
    return {unit.token: unit.task for unit in walk(units) if unit.task is not None}


def _has_fields(task: Task, versions: Sequence[Task | None]) -> bool:
    """Return whether an item has the merged status, text and fields. Raises Differs."""
    base, ours, theirs = versions
    ours, theirs = ours or theirs, theirs or ours
    if ours is None or theirs is None:
        return False
    if base is None:
        base = ours
    fields = merge_fields(base.fields, ours.fields, theirs.fields)
    return (
        task.status is pick(base.status, ours.status, theirs.status)
        and task.text == pick(base.text, ours.text, theirs.text)
        and set(task.fields.tags) == set(fields.tags)
        and replace(task.fields, tags=()) == replace(fields, tags=())
    )


_Place = tuple[object, ...]
"""The headings and items around an item, outermost first."""


def _is_placed(merged: Merged, versions: Sequence[Sequence[Unit]], record: Record) -> bool:
    """Return whether each item is below the headings, and in the item, that it should be in.

    With a heading in a conflict, that is not known.
    """
    for piece in merged:
        if isinstance(piece, Conflict) and any(
            line.startswith("#") for line in split_lines(piece.ours + piece.theirs)
        ):
            return False
    units = [piece for piece in merged if isinstance(piece, Unit)]
    places = dict(_places(units, {}))
    known = [dict(_places(units, record.became)) for units in versions]
    for token, place in places.items():
        base, ours, theirs = (there.get(token) for there in known)
        try:
            one = theirs if ours is None else ours
            if place != pick(base, one, one if theirs is None else theirs):
                return False
        except Differs:
            return False
    return True


def _places(units: Sequence[Unit], became: Mapping[int, Unit]) -> Iterator[tuple[object, _Place]]:
    """Yield the token of each item and its place, by the units that those around it became."""
    headings: list[tuple[int, object]] = []
    items: list[tuple[int, object]] = []
    for unit in walk(units):
        if unit.kind is Kind.HEADING:
            headings = [one for one in headings if one[0] < unit.level]
            headings.append((unit.level, id(became.get(id(unit), unit))))
            items = []
        elif unit.kind in (Kind.TASK, Kind.BULLET):
            items = [one for one in items if one[0] < unit.indent]
            if unit.kind is Kind.TASK:
                around = (*(one for _, one in headings), *(one for _, one in items))
                yield unit.token, around
            items.append((unit.indent, unit.token or unit.text))
