"""Merge several opened folders into one: their labels, paths, workspaces and progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tldash.model.progress import ProgressCallback
from tldash.model.records import NO_FRAMEWORK, Workspace
from tldash.workspace.root import Root


def make_labels(roots: Sequence[Path]) -> list[str]:
    """Return a unique label for each of several folders, and an empty one for a single folder."""
    if len(roots) == 1:
        return [""]
    found: list[str] = []
    for root in roots:
        name, number = root.name or "folder", 1
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


def merge(built: Sequence[Workspace]) -> Workspace:
    """Merge the workspaces of all folders."""
    if len(built) == 1:
        return built[0]
    return Workspace(
        ", ".join(dict.fromkeys(workspace.name for workspace in built)),
        tuple(lead for workspace in built for lead in workspace.leads),
        tuple(problem for workspace in built for problem in workspace.problems),
        sum(workspace.files for workspace in built),
        next((w.framework for w in built if w.framework != NO_FRAMEWORK), NO_FRAMEWORK),
        tuple(folder for workspace in built for folder in workspace.folders),
        tuple(lead for workspace in built for lead in workspace.unlisted),
    )


def combine_progress(read: Sequence[Root], progress: ProgressCallback) -> ProgressCallback:
    """Return a callback for one folder that reports it merged with the folders read before it."""

    def report(done: int, of: int, so_far: Callable[[], Workspace]) -> None:
        progress(done, of, lambda: merge([*(part.build() for part in read), so_far()]))

    return report
