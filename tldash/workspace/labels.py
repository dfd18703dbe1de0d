"""Names of opened folders: labels, which start the paths below them if there are several.

This module needs no reader, so the first screen loads it while a child reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tldash.model.records import is_private


class NoFolder(Exception):
    """A folder that cannot be opened. The message says which, and why."""


def make_labels(roots: Sequence[Path]) -> list[str]:
    """Return a unique label for each of several folders, and an empty one for a single folder."""
    if len(roots) == 1:
        return [""]
    found: list[str] = []
    for root in roots:
        name, number = root.name or "folder", 1
        if is_private(name):  # the labels of private folders begin so
            name = "folder"
        label = name
        while label in found:
            number += 1
            label = f"{name}-{number}"
        found.append(label)
    return found


def split_path(places: Mapping[str, Path], path: str) -> tuple[Path, str]:
    """Split a workspace path into its opened folder and the path relative to it.

    `places` maps each label to the path of its folder.
    """
    label, _, inside = path.partition("/")
    if label in places:
        return places[label], inside
    alone = next(iter(places.values()))
    return alone, path
