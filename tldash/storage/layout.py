"""Find lead folders, sessions, skills, notes and settings by their paths alone, unopened.

The rules are those of the manual's page on the file format. Every Markdown file below the opened
folder belongs to a lead. Files outside of all lead folders belong to the opened folder itself,
which is then shown beside the leads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from tldash.model.file_roles import (
    CONFIG_NAMES,
    FRAMEWORK_NAMES,
    SESSIONS_FOLDER,
    FileRole,
    date_in_name,
    holds_meetings,
    is_container,
    is_markdown,
    is_template,
)
from tldash.model.frozen import frozen

_BY_KIND, _BY_DATE, _BY_MEETING = range(3)
"""How surely a dated file tells whose folder it is in: in `journal/`, directly, in `1on1s/`."""
_MANY: Final = 2
"""Folders with dated files from which on the folder above them is a folder of leads."""


@frozen
class Layout:
    """The leads and files of an opened folder."""

    leads: tuple[str, ...]
    """Lead folders relative to the opened folder, sorted. `""` is the opened folder itself."""
    roles: dict[str, FileRole]
    """Path -> role of every file to read."""
    owners: dict[str, str]
    """Path -> lead folder of every file that belongs to a lead."""
    rest: str | None = None
    """The opened folder, if it is among `leads` only for the files outside the lead folders."""

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
            None if self.rest is None else under(self.rest),
        )


def detect_layout(
    paths: Iterable[str],
    running: Collection[str] = frozenset(),
    known_leads: Collection[str] = frozenset(),
) -> Layout:
    """Find the leads of an opened folder and the role of each file.

    A folder is a lead folder if it contains a `lead.md`, else if it contains dated files. Folders
    that are named for what they hold (`1on1s`, `journal`, `2026`) are skipped: they stand for the
    folder above. All files below a lead folder belong to that lead, apart from those in the folder
    of another `lead.md`.

    Several running files beside each other in a folder such as `1on1s` are about one lead each.
    Such a lead has the path of the file without its ending.

    Args:
        paths: POSIX paths of the files, relative to the opened folder.
        running: Those that hold several sessions below dated headings, which count as dated.
        known_leads: Folders that are a lead's if they hold any file, whatever that is.
    """
    known = sorted(paths)
    parents = list(map(_parent, known))
    about = _find_lead_files(known)
    people = _find_people(running, about, known)
    dated = _find_dated(known, parents, {*running} - people.keys())
    leads, rest = _choose_leads(about, dated, people.values())
    if known_leads:
        above = {folder for parent in set(parents) for folder in (parent, *_ancestors(parent))}
        leads |= above.intersection(known_leads)
    if not rest and not leads and any(map(is_markdown, known)):
        leads = {""}
    roles: dict[str, FileRole] = {}
    owners: dict[str, str] = {}
    places = {parent: _locate(parent, leads) for parent in set(parents)}
    for path, parent in zip(known, parents, strict=True):
        if path in CONFIG_NAMES:
            roles[path] = FileRole.CONFIG
        elif path in FRAMEWORK_NAMES:
            roles[path] = FileRole.FRAMEWORK
        else:
            place = places[parent]
            folder = place.lead or ""
            if about.get(folder) == path:
                role: FileRole | None = FileRole.LEAD
            else:
                role = _role(path, place)
            if role:
                roles[path] = role
                owners[path] = people.get(path, folder)
    has_rest = "" not in leads and "" in owners.values()
    return Layout(
        tuple(sorted({*leads, ""} if has_rest else leads)),
        roles,
        owners,
        "" if has_rest else None,
    )


@frozen
class _Place:
    """What the folder of a file says about it."""

    lead: str | None
    """The lead folder around it; None if it is outside of all."""
    inside: str
    """Its path below the lead folder, or below the opened folder."""
    in_sessions: bool
    """Whether every file in it is a session, also without a date."""
    dates_count: bool
    """Whether dated Markdown in it is a session."""
    yaml_counts: bool
    """Whether dated YAML in it is a session, rather than data."""


def _locate(folder: str, leads: Collection[str]) -> _Place:
    lead = next((f for f in (folder, *_ancestors(folder)) if f in leads), None)
    inside = folder[len(lead) + 1 :] if lead else folder
    names = inside.split("/") if inside else []
    lower = [name.lower() for name in names]
    own = _skip_containers(folder) == (lead or "")
    in_sessions = lower[:1] == [SESSIONS_FOLDER] or (own and SESSIONS_FOLDER in lower)
    if lead is None:
        sure = not names or (own and any(map(holds_meetings, names)))
        return _Place(lead, inside, in_sessions, sure, sure)
    return _Place(lead, inside, in_sessions, True, own)


def _role(path: str, place: _Place) -> FileRole | None:
    """Return the role of a file, other than settings and the `lead.md` of a lead folder."""
    markdown = is_markdown(path)
    if is_template(path):
        return FileRole.NOTE if markdown else None
    if not place.inside and place.lead is not None and _name(path) == "skills.md":
        return FileRole.SKILLS
    if place.in_sessions:
        return FileRole.SESSION
    counts = place.dates_count if markdown else place.yaml_counts
    if counts and date_in_name(path):
        return FileRole.SESSION
    return FileRole.NOTE if markdown else None


def _find_lead_files(paths: Iterable[str]) -> dict[str, str]:
    """Return each folder with a `lead.md`, and the path of that; the one nearest to it counts."""
    found: dict[str, str] = {}
    for path in paths:
        if path[-7:].lower() == "lead.md" and _name(path) == "lead.md" and not is_template(path):
            folder = _skip_containers(_parent(path))
            if folder not in found or path.count("/") < found[folder].count("/"):
                found[folder] = path
    return found


def _find_people(
    running: Collection[str], named: Collection[str], paths: Iterable[str]
) -> dict[str, str]:
    """Return the running files that are about one lead each, and the paths of those leads."""
    beside: dict[str, list[str]] = {}
    for path in sorted(running):
        stem = path.rpartition(".")[0]
        if not is_container(_name(stem)) and any(map(holds_meetings, _parent(path).split("/"))):
            beside.setdefault(_parent(path), []).append(path)
    beside = {
        folder: found
        for folder, found in beside.items()
        if len(found) > 1 and not {folder, *_ancestors(folder)}.intersection(named)
    }
    if beside:
        for path in paths:
            if date_in_name(path) is not None:
                beside.pop(_parent(path), None)
    return {path: path.rpartition(".")[0] for found in beside.values() for path in found}


def _find_dated(
    paths: Iterable[str], parents: Iterable[str], running: Collection[str]
) -> dict[str, int]:
    """Return the folders that dated files stand for, and how surely they do."""
    found: dict[str, int] = {}
    seen: set[str] = set()
    for path, parent in zip(paths, parents, strict=True):
        if parent in seen or (path not in running and date_in_name(path) is None):
            continue
        if is_template(path):
            continue
        seen.add(parent)
        folder = _skip_containers(parent)
        names = parent[len(folder) :].strip("/").split("/") if parent != folder else []
        sure = _BY_MEETING if any(map(holds_meetings, names)) else _BY_KIND if names else _BY_DATE
        found[folder] = max(sure, found.get(folder, sure))
    return found


def _choose_leads(
    named: Collection[str], dated: Mapping[str, int], people: Collection[str]
) -> tuple[set[str], bool]:
    """Return the lead folders, and whether there are any below the opened folder.

    Args:
        named: The folders with a `lead.md`.
        dated: The folders that dated files stand for.
        people: The leads with a running file beside that of others.
    """
    above = {ancestor for folder in (*named, *people) for ancestor in _ancestors(folder)}
    free = {
        folder
        for folder in dated
        if folder and folder not in above and not {folder, *_ancestors(folder)}.intersection(named)
    }
    inner = {folder for folder in free if not free.intersection(_ancestors(folder))}
    if "" in named:
        return set(named), False
    leads = {*named, *people, *inner}
    own = dated.get("")
    if own is None or named or people:
        return leads, bool(leads)
    surest = max((dated[folder] for folder in inner), default=_BY_KIND)
    if surest == _BY_MEETING or surest > own or (len(inner) >= _MANY and own < _BY_MEETING):
        return leads, True
    return {""}, False


def _skip_containers(folder: str) -> str:
    """Return the folder itself, or the one above all folders named for what they hold."""
    while folder:
        above = _parent(folder)
        if not is_container(_name(folder), _name(above)):
            break
        folder = above
    return folder


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
