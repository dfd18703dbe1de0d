"""Find lead folders, sessions, skills, notes and settings by their paths alone, unopened.

The rules are those of the manual's page on the file format. A folder that contains neither a
`lead.md` nor dated files, opened by itself, is treated as a lead folder too, so that a single
Markdown file with a task item is enough to start.
"""

from __future__ import annotations

from collections.abc import Iterable

from tldash.model.file_roles import (
    CONFIG_NAMES,
    FRAMEWORK_NAMES,
    SESSIONS_FOLDER,
    FileRole,
    date_in_name,
    is_markdown,
)
from tldash.model.frozen import frozen


@frozen
class Layout:
    """The leads and files of an opened folder."""

    leads: tuple[str, ...]
    """Lead folders relative to the opened folder, sorted. `""` is the opened folder itself."""
    roles: dict[str, FileRole]
    """Path -> role of every file to read."""
    owners: dict[str, str]
    """Path -> lead folder of every file that belongs to a lead."""
    strays: tuple[str, ...]
    """Folders with Markdown that belong to no lead."""
    loose: tuple[str, ...] = ()
    """Markdown files beside the lead folders. Not read."""

    def below(self, label: str) -> Layout:
        """Return the layout with `label` in front of every path."""
        if not label:
            return self

        def under(path: str) -> str:
            return f"{label}/{path}" if path else label

        return Layout(
            tuple(map(under, self.leads)),
            {under(path): role for path, role in self.roles.items()},
            {under(path): under(lead) for path, lead in self.owners.items()},
            tuple(map(under, self.strays)),
            tuple(map(under, self.loose)),
        )


def detect_layout(paths: Iterable[str]) -> Layout:
    """Find the leads of an opened folder and the role of each file.

    A folder is a lead folder if it contains a `lead.md`, or if it contains dated files (directly or
    below `sessions/`) and there is no `lead.md` above or below it. All files below a lead folder
    belong to that lead.

    Args:
        paths: POSIX paths of the files, relative to the opened folder.
    """
    known = sorted(paths)
    parents = list(map(_parent, known))
    named = {
        _parent(path)
        for path in known
        if path[-7:].lower() == "lead.md" and _name(path) == "lead.md"
    }
    dated = set(map(_lead_above, _find_dated(known, parents)))
    above_named = {ancestor for folder in named for ancestor in _ancestors(folder)}
    leads = named | {
        folder
        for folder in dated
        if folder not in above_named and not named & {folder, *_ancestors(folder)}
    }
    leads -= {folder for folder in leads if set(_ancestors(folder)) & leads}
    if not leads and any(is_markdown(path) for path in known):
        leads = {""}

    roles: dict[str, FileRole] = {}
    owners: dict[str, str] = {}
    strays: set[str] = set()
    loose: list[str] = []
    places = {parent: _locate(parent, leads) for parent in set(parents)}
    for path, parent in zip(known, parents, strict=True):
        if path in CONFIG_NAMES:
            roles[path] = FileRole.CONFIG
        elif path in FRAMEWORK_NAMES:
            roles[path] = FileRole.FRAMEWORK
        else:
            folder, role = places[parent]
            if folder is None:
                if is_markdown(path) and "/" in path:
                    strays.add(path.partition("/")[0])
                elif is_markdown(path):
                    loose.append(path)
            elif role := role or _role(path, folder):
                roles[path] = role
                owners[path] = folder
    return Layout(tuple(sorted(leads)), roles, owners, tuple(sorted(strays)), tuple(loose))


def _locate(folder: str, leads: set[str]) -> tuple[str | None, FileRole | None]:
    """Return the lead folder that contains a folder, and the common role of its files, if any."""
    lead = next((f for f in (folder, *_ancestors(folder)) if f in leads), None)
    if lead is None:
        return None, None
    inside = folder[len(lead) + 1 :] if lead else folder
    in_sessions = inside.partition("/")[0].lower() == SESSIONS_FOLDER
    return lead, FileRole.SESSION if in_sessions else None


def _role(path: str, lead: str) -> FileRole | None:
    """Return the role of a file outside the `sessions` folder of its lead."""
    inside = path[len(lead) + 1 :] if lead else path
    if inside.lower() == "lead.md":
        return FileRole.LEAD
    if inside.lower() == "skills.md":
        return FileRole.SKILLS
    if "/" not in inside and date_in_name(inside):
        return FileRole.SESSION
    return FileRole.NOTE if is_markdown(inside) else None


def _find_dated(paths: list[str], parents: list[str]) -> set[str]:
    """Return the folders with dated files. `parents` are the folders of `paths`."""
    folders: set[str] = set()
    for path, parent in zip(paths, parents, strict=True):
        if parent not in folders and date_in_name(path) is not None:
            folders.add(parent)
    return folders


def _lead_above(folder: str) -> str:
    """Return the folder that dated files in this folder turn into a lead folder."""
    above = (f for f in (folder, *_ancestors(folder)) if _name(f) == SESSIONS_FOLDER)
    return next((_parent(sessions) for sessions in above), folder)


def _ancestors(folder: str) -> list[str]:
    found = []
    while folder:
        folder = _parent(folder)
        found.append(folder)
    return found


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _name(path: str) -> str:
    return path.rpartition("/")[2].lower()
