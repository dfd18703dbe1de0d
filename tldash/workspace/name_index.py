"""Keep the places of listed names in all files in step with the disk.

A file is searched again once its stamp changes. Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tldash.formats.private_text import find_in_name
from tldash.model.name_search import NameFinder
from tldash.model.records import Problem, Workspace
from tldash.storage import walk
from tldash.workspace.name_check import check_file, make_guard
from tldash.workspace.root import Root


class NameIndex:
    """The places of listed names and contacts in the files of some opened folders."""

    def __init__(self, parts: Sequence[Root], names: NameFinder) -> None:
        self._parts = parts
        self._guard = make_guard(names, Workspace(""))
        self._found: dict[str, tuple[walk.Stamp | None, tuple[Problem, ...]]] = {}
        """Path of a file or folder -> stamp of the file, and the problems."""

    def update(
        self, workspace: Workspace, is_over: Callable[[], bool]
    ) -> tuple[Problem, ...] | None:
        """Search what has changed, and return all places; None if `is_over` came first.

        The next call goes on where this one ended.
        """
        guard = make_guard(self._guard.names, workspace)
        if guard.known != self._guard.known:
            self._guard, self._found = guard, {}
        seen: set[str] = set()
        for part in self._parts:
            stamps = dict(part.stamps)
            stamped = [(part.path_of(folder), None) for folder in part.tree.folders]
            for path, stamp in (*stamped, *stamps.items()):
                seen.add(path)
                known = self._found.get(path)
                if known is not None and known[0] == stamp:
                    continue
                if is_over():
                    return None
                places = [*find_in_name(path, guard)]
                if stamp is not None:
                    with part.source.reader() as reader:
                        places.extend(check_file(part.inside(path), path, reader, guard))
                self._found[path] = stamp, tuple(places)
        self._found = {path: of for path, of in self._found.items() if path in seen}
        return tuple(sorted(one for _, places in self._found.values() for one in places))
