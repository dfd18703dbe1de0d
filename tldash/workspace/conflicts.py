"""The two versions of a file in conflict, and writing what was chosen of them as one edit.

A conflict is a copy that a sync tool made beside a file, or git's markers in a file. Of a copy, the
file itself is our side; of markers, the side of `git checkout --ours`.
"""

from __future__ import annotations

from collections.abc import Collection, Container
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from tldash.editing.edits import Refused
from tldash.formats.text import (
    BrokenMarkers,
    Hunk,
    NotText,
    decode,
    find_conflict,
    find_hunks,
    line_spans,
)
from tldash.model.sides import Sides
from tldash.storage.filenames import describe_copy, find_original
from tldash.storage.safe_open import Unreadable
from tldash.storage.write import WriteRefused

if TYPE_CHECKING:
    from tldash.workspace.root import Root
    from tldash.workspace.writer import Writer


_OWN_LABELS: Final = {
    "": "no label",
    "ours": "this folder",
    "theirs": "what came in",
}
"""What markers of git and of `tldash merge-driver` call the sides, and what the screen does."""


def read_sides(root: Root, path: str) -> Sides:
    """Read the two versions of a file in conflict.

    Args:
        root: The opened folder.
        path: The workspace path of a conflict copy, or of a file that has one or has markers.

    Raises:
        Refused: There is no conflict, or it has to be resolved in an editor. The message says why.
    """
    inside, files = root.inside(path), root.tree.files
    if find_original(inside, files) is not None:
        return _read_copy(root, inside)
    data = _read(root, inside)
    if find_conflict(text := _decode(data, inside), in_code=True) is not None:
        return _read_markers(path, data, text)
    copies = _find_copies(inside, files)
    if not copies:
        raise Refused("no-conflict", f"there is no conflict in {path}")
    return _read_copy(root, copies[0])


def find_file(copy: str, files: Container[str]) -> str:
    """Return the file that a copy is of: of a copy of a copy, the next one that there still is.

    `files` are the existing ones. If there is none, returns the path of the first original.
    """
    found = find_original(copy, files)
    if found is None:
        return copy
    return found if found in files else find_file(found, files)


def _find_copies(inside: str, files: Collection[str]) -> list[str]:
    return sorted(one for one in files if one != inside and find_file(one, files) == inside)


def _read_copy(root: Root, copy: str) -> Sides:
    inside = find_file(copy, root.tree.files)
    path = root.path_of(inside)
    theirs = _read(root, copy)
    there = _decode(theirs, copy)
    data: bytes | None = None
    ours = ""
    if root.source.stamp(inside) is not None:
        data = _read(root, inside)
        ours = _decode(data, inside)
        if find_conflict(ours) is not None:
            raise Refused("merge-conflict", f"resolve the conflict inside {path} first")
    names = (
        "this file" if data is not None else f"{inside.rpartition('/')[2]} is gone",
        describe_copy(copy, inside) or "the copy",
    )
    others = len(_find_copies(inside, root.tree.files)) - 1
    return Sides(path, ours, there, names, data, root.path_of(copy), theirs, others)


def _read_markers(path: str, data: bytes, text: str) -> Sides:
    spans = line_spans(text)
    lines = [text[start:end] for start, end in spans]
    try:
        hunks = find_hunks(lines) or find_hunks(lines, in_code=True)
    except BrokenMarkers as error:
        raise Refused(
            "merge-conflict",
            f"unclear conflict markers in {path}, line {error.line}: {error.message}. "
            "Resolve it in an editor",
        ) from error
    starts = [start for start, _ in spans] + [len(text)]
    labels = lines[hunks[0].ours][8:].strip(), lines[hunks[0].theirs][8:].strip()
    names = _OWN_LABELS.get(labels[0], labels[0]), _OWN_LABELS.get(labels[1], labels[1])
    ours, theirs = (_take_side(text, starts, hunks, side) for side in (0, 1))
    return Sides(path, ours, theirs, names, data)


def _take_side(text: str, starts: list[int], hunks: list[Hunk], side: int) -> str:
    parts: list[str] = []
    at = 0
    for hunk in hunks:
        ours = hunk.ours + 1, hunk.middle if hunk.base is None else hunk.base
        first, end = (ours, (hunk.middle + 1, hunk.theirs))[side]
        parts += text[at : starts[hunk.ours]], text[starts[first] : starts[end]]
        at = starts[hunk.theirs + 1]
    return "".join([*parts, text[at:]])


def _read(root: Root, inside: str) -> bytes:
    try:
        return root.source.read(inside)
    except Unreadable as error:
        hint = f"; {error.hint}" if error.hint else ""
        raise Refused(error.code, f"{root.path_of(inside)}: {error.message}{hint}") from error


def _decode(data: bytes, inside: str) -> str:
    try:
        return decode(data)
    except NotText as error:
        raise Refused(
            "encoding", f"{inside}: {error.message}. Compare the two files in an editor"
        ) from error


def resolve(writer: Writer, root: Root, sides: Sides, text: str) -> str:
    """Write the text that was chosen and remove the copy, as one edit; return its description.

    Raises:
        Refused: Nothing was written: a file has been changed since it was read, for example.
    """
    what, batch = f"resolved the conflict in {sides.path}", token_hex(8)
    data = text.encode("utf-8")
    try:
        _check_unchanged(root, sides)
        if sides.data is None and text:
            writer.create(sides.path, text, what, batch)
        elif sides.data is not None and data != sides.data:
            writer.replace(sides.path, sides.data, data, what, batch)
        if sides.copy:
            writer.remove(sides.copy, sides.copy_data, what, batch)
    except (Refused, WriteRefused) as error:
        writer.roll_back(batch)
        hint = error.hint if isinstance(error, WriteRefused) and error.hint else ""
        raise Refused(error.code, f"{error.message}{f'; {hint}' if hint else ''}") from error
    return what


def _check_unchanged(root: Root, sides: Sides) -> None:
    """Raise Refused if a version is not as it was read."""
    for what, path, known in (
        ("file", sides.path, sides.data),
        ("copy", sides.copy, sides.copy_data),
    ):
        if path and known is not None and _read(root, root.inside(path)) != known:
            raise Refused("changed", f"the {what} was changed meanwhile")
