"""Several opened folders as one: their names, and their workspaces put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tldash.model.records import Workspace

if TYPE_CHECKING:
    from tldash.model.progress import ProgressCallback
    from tldash.workspace.root import Root


def labels(roots: Sequence[Path]) -> list[str]:
    """A unique name for each folder where there are several; none for one alone."""
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


def located(places: Mapping[str, Path], path: str) -> tuple[Path, str]:
    """The opened folder that a path of the workspace is in, and the path below it.

    `places` says where each folder lies, by its label.
    """
    label, _, inside = path.partition("/")
    if label in places:
        return places[label], inside
    alone = next(iter(places.values()))
    return alone, path


def together(built: Sequence[Workspace]) -> Workspace:
    """The workspace of all folders."""
    if len(built) == 1:
        return built[0]
    return Workspace(
        ", ".join(dict.fromkeys(workspace.name for workspace in built)),
        tuple(lead for workspace in built for lead in workspace.leads),
        tuple(problem for workspace in built for problem in workspace.problems),
        sum(workspace.files for workspace in built),
        next((w.framework for w in built if w.framework), None),
        tuple(folder for workspace in built for folder in workspace.folders),
    )


def after(read: Sequence[Root], progress: ProgressCallback) -> ProgressCallback:
    """Progress with one folder, told together with those that were read before it."""

    def told(done: int, of: int, so_far: Callable[[], Workspace]) -> None:
        progress(done, of, lambda: together([*(part.build() for part in read), so_far()]))

    return told
