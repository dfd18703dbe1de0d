"""Load the two versions of a file in conflict, and write what is chosen; on the files thread.

The first conflict that is opened imports it.
"""

from __future__ import annotations

from functools import lru_cache

from tldash.editing.edits import Refused
from tldash.merging.compare import compare
from tldash.model.sides import Sides
from tldash.service.results import ConflictLoaded, ConflictResolved
from tldash.workspace.folders import Folders

_compare = lru_cache(maxsize=1)(compare)
"""The screen asks again after each change in the folder."""


def load(folders: Folders, path: str) -> ConflictLoaded:
    """Read and compare the versions of a file, by its path or that of a conflict copy."""
    try:
        sides = folders.read_sides(path)
    except Refused as error:
        return ConflictLoaded(path, None, None, error.message)
    return ConflictLoaded(path, sides, _compare(sides.ours, sides.theirs, sides.path))


def resolve(folders: Folders, sides: Sides, text: str) -> ConflictResolved:
    """Write the chosen text, and remove the copy."""
    try:
        return ConflictResolved(folders.resolve(sides, text))
    except Refused as error:
        return ConflictResolved(f"conflict in {sides.path}", error.message)
