"""Replace listed names in the bytes of a file by their nicknames.

Pure: opens no files. The result is parsed and verified: it has the same items, keys and sections
with the same dates and statuses, and only texts differ. Other replacements are left out, with the
reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Final

from tldash.editing.edits import UNRESOLVED_MERGE
from tldash.editing.fixes import Fixed, Replacement, replace_valid
from tldash.formats.file_record import FileRecord, read_data
from tldash.formats.private_text import Guard, PrivatePlace, decode_anyhow, find_places
from tldash.formats.text import BOM, NotText, decode, find_conflict, split_lines
from tldash.model.file_roles import FileRole
from tldash.model.records import Problem

_DEPENDENT: Final = frozenset({"digest", "problems", "occurrence"})
"""Values that follow from the text."""


def apply(data: bytes, path: str, role: FileRole, guard: Guard) -> Fixed:
    """Replace the listed names in `data`, the content of the file at `path`.

    `left` has the places that stay: contacts, words without a nickname, and names where that is
    not safe.
    """
    try:
        text = decode(data)
    except NotText as error:
        text = decode_anyhow(data)
        reason = f"{error.message}, so it is read-only in tldash"
        return Fixed(data, left=_leave(find_places(text, path, guard), reason))
    mark = len(BOM) if text.startswith(BOM) else 0
    places = find_places(text[mark:], path, guard)
    if find_conflict(text) is not None:
        return Fixed(data, left=_leave(places, UNRESOLVED_MERGE))
    replacements: list[Replacement] = []
    left: list[tuple[Problem, str]] = []
    for place in places:
        start, end, new = mark + place.start, mark + place.end, place.new
        if new is None:
            left.append((place.problem, "there is no nickname to write"))
        elif len(split_lines(f".{new}.")) != len(split_lines(f".{text[start:end]}.")):
            left.append((place.problem, "the lines would not stay as they are"))
        else:
            replacements.append(Replacement(start, end, new, (place.problem,)))
    if not replacements:
        return Fixed(data, left=tuple(left))
    fixed = replace_valid(data, text, replacements, read_data(data, path, role), find_change)
    return Fixed(fixed.data, fixed.fixed, (*left, *fixed.left))


def _leave(places: Sequence[PrivatePlace], reason: str) -> tuple[tuple[Problem, str], ...]:
    return tuple((place.problem, reason) for place in places)


def find_change(before: FileRecord, after: FileRecord, problems: Sequence[Problem]) -> str:
    """Return what differs in `after` beside texts; empty if nothing does.

    The message completes "not fixed: ".
    """
    del problems
    old, new = (Counter((one.line, one.code) for one in of.problems) for of in (before, after))
    if new - old:
        return "it would cause another problem"
    return "" if _shape(before) == _shape(after) else "it would change more than the text"


def _shape(value: object) -> object:
    """Return a value without its texts: of each, only whether it is empty."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return bool(value)
    if isinstance(value, dict):
        return tuple(map(_shape, value.values()))
    if isinstance(value, tuple | list):
        return tuple(map(_shape, value))
    if is_dataclass(value):
        names = [field.name for field in fields(value) if field.name not in _DEPENDENT]
        return (type(value), *(_shape(getattr(value, name)) for name in names))
    return value
