"""Merge the workspaces and the progress of several opened folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tldash.model.progress import ProgressCallback
from tldash.model.records import NO_FRAMEWORK, Workspace
from tldash.workspace.root import Root


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
