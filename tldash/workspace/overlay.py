"""The viewer's private folders, laid over the shared ones.

A private folder has the names of the shared one: `<private folder>/<lead folder>/<session file>`.
It is a `Root` like any other, so its files are read, written and watched in the same way. Its leads
stay apart from the shared ones (`Workspace.private`).

Whatever would share a private folder refuses it: one inside the other, one repository around both,
a file that is in both. That is checked whenever everything is read.
"""

from __future__ import annotations

import os
import shlex
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Final

from tldash.editing.edits import Edit, Refused, SetField, path_of
from tldash.model.frozen import frozen
from tldash.model.records import (
    PRIVATE,
    Lead,
    Private,
    PrivateLead,
    Problem,
    Severity,
    Workspace,
    is_private,
)
from tldash.model.spelling import fold_text
from tldash.storage.private_folder import find_objection
from tldash.storage.safe_open import is_inside
from tldash.storage.source import DiskSource
from tldash.storage.walk import printable
from tldash.storage.write import WriteRefused
from tldash.workspace.root import Root
from tldash.workspace.writer import Writer

CODE: Final = "private-folder"
READABLE: Final = "private-readable"
UNMATCHED: Final = "private-unmatched"
ELSEWHERE: Final = "name a folder outside of every shared folder and its repository"
_OTHERS: Final = 0o077
"""The permissions of everybody but the owner."""


class Overlay:
    """The private folders of some shared ones."""

    def __init__(self, wanted: Iterable[tuple[str, str]], shared: Sequence[Root]) -> None:
        """Open the private folders without reading them.

        `wanted` has pairs of a shared folder, or "" for any, and a private one, as written in the
        viewer's settings.
        """
        self._shared = shared
        self._refused: list[Problem] = []
        pairs = [*self._resolve(wanted)]
        self._around = (*(part.path for part in shared), *(path for path, _ in pairs if path))
        covers: dict[Path, list[Root]] = defaultdict(list)
        for part in shared:
            own = [folder for path, folder in pairs if path == part.path]
            usual = [folder for path, folder in pairs if path is None]
            for folder in (*own, *usual)[:1]:
                covers[folder].append(part)
        self._covers: dict[str, list[Root]] = {}
        """Label of each private folder -> the shared folders that it is laid over."""
        parts: list[Root] = []
        for number, (folder, covered) in enumerate(covers.items(), 1):
            label = PRIVATE if number == 1 else f"{PRIVATE}-{number}"
            if why := find_objection(folder, self._around):
                self._refused.append(_problem(folder, f"not used: {why}", ELSEWHERE))
            else:
                parts.append(Root(folder, label, DiskSource(folder)))
                self._covers[label] = covered
        self.parts: Sequence[Root] = tuple(parts)
        self._dropped: dict[str, Problem] = {}
        """By label: why a folder that was opened is no longer used."""
        self._was_there: set[str] = set()
        """Labels of the folders that existed when they were last read."""
        self._joined = Joined((), (), ())
        self._leads: tuple[Lead, ...] = ()
        """The shared leads, as they were last built."""

    @property
    def used(self) -> Sequence[Root]:
        """The private folders that nothing speaks against."""
        return [part for part in self.parts if part.label not in self._dropped]

    def _resolve(self, wanted: Iterable[tuple[str, str]]) -> Iterator[tuple[Path | None, Path]]:
        """Yield the real paths of shared and private folders. A private one need not exist."""
        for shared, folder in wanted:
            own = _absolute(folder)
            if own is None:
                hint = "write a path that begins with / or ~/"
                self._refused.append(
                    _problem(Path(folder), "not used: this is no absolute path", hint)
                )
            elif not shared:
                yield None, own
            elif (real := _absolute(shared)) is not None:
                yield real, own

    def read(self) -> None:
        """Walk the private folders, read what changed, and check again that nothing is shared."""
        files = {
            (stamp.device, stamp.inode): part.path_of(inside)
            for part in self._shared
            for inside, stamp in part.tree.files.items()
        }
        self._dropped.clear()
        for part in self.parts:
            self._sweep(part)
            why = find_objection(part.path, self._around)
            both = [f for s in part.stamps.values() if (f := files.get((s.device, s.inode)))]
            if both and not why:
                why = f"it has the same file as {both[0]}"
            if why:
                self._dropped[part.label] = _problem(part.path, f"not used: {why}", ELSEWHERE)

    def _sweep(self, part: Root) -> None:
        part.known_leads = self._find_leads(part)
        part.sweep()

    def _find_leads(self, part: Root) -> frozenset[str]:
        """Return the folders that are a lead's: those of shared leads, and all at the top."""
        known = {
            covered.inside(lead) if lead != covered.label else ""
            for covered in self._covers[part.label]
            for lead in covered.layout.leads
            if lead != covered.layout.rest
        }
        if "" in known:
            return frozenset(known)
        above = {parent for lead in known for parent in _parents(lead)}
        top = {path.partition("/")[0] for path in part.tree.files if "/" in path}
        return frozenset(known | (top - above))

    def lay_over(self, shared: Workspace) -> Workspace:
        """Return the shared workspace with what is private beside it."""
        for part in self.parts:
            if part.known_leads != self._find_leads(part):
                self._sweep(part)  # other leads are shared now, or other folders are private
            if part.tree.root is not None:
                self._was_there.add(part.label)
        self._leads = shared.leads
        built = [(part, part.build()) for part in self.used]
        self._joined = join(shared, [(part, one, self._covers[part.label]) for part, one in built])
        problems = [*self._refused, *self._dropped.values(), *self._joined.problems]
        for part, one in built:
            problems += [*_find_readable(part), *self._find_gone(part), *self._find_links(part)]
            problems += [p for p in one.problems if p.code != "folder-gone"]
            problems += [p for lead in (*one.leads, *one.unlisted) for p in lead.problems]
        private = Private(self._joined.leads, self._joined.folders, tuple(problems))
        return replace(shared, private=private)

    def _find_gone(self, part: Root) -> Iterator[Problem]:
        if part.label in self._was_there and part.tree.root is None:
            hint = "mount it or put it back; until then nothing private is written"
            yield _problem(part.path, "your private folder is gone", hint)

    def _find_links(self, part: Root) -> Iterator[Problem]:
        """Report links in shared folders that lead into a private one, which they would name."""
        for shared in self._shared:
            for problem in shared.tree.problems:
                target = os.path.realpath(shared.path / problem.path)
                if problem.code == "link-outside" and is_inside(target, str(part.path)):
                    message = "this link leads into your private folder and names it to others"
                    path = shared.path_of(problem.path)
                    yield Problem(path, 1, 1, Severity.ERROR, CODE, message, "remove the link")

    def edit(self, writer: Writer, edit: Edit, batch: str, what: str) -> None:
        """Apply an edit. The first private line about a lead also notes the lead's name.

        By that name the private folder is found again after the shared one is renamed.
        """
        path = path_of(edit)
        self._check_there(path)
        name = self._find_missing_name(path) if is_private(path) else None
        batch = batch or (token_hex(8) if name is not None else "")
        # A private topic that repeats returns to its own file, never to a shared session.
        writer.edit(edit, batch, () if is_private(path) else self._leads, what)
        if name is not None:
            with suppress(Refused, WriteRefused):
                writer.edit(name, batch)

    def _check_there(self, path: str) -> None:
        """Raise Refused if a private folder is gone: a new one may be on another disk."""
        for part in self.parts:
            gone = part.label in self._was_there and not part.path.is_dir()
            if gone and path.partition("/")[0] == part.label:
                raise Refused("gone", "your private folder is gone; mount it or put it back")

    def _find_missing_name(self, path: str) -> SetField | None:
        """Return the edit that notes the name of the lead whose first private file this is."""
        for lead_id, folder in self._joined.folders:
            about = f"{folder}/lead.md"
            if path.startswith(f"{folder}/") and path != about and not self._has_file(about):
                lead = next((one for one in self._leads if one.id == lead_id), None)
                return SetField(about, "name", lead.name, None) if lead is not None else None
        return None

    def _has_file(self, path: str) -> bool:
        label, _, inside = path.partition("/")
        return any(os.path.lexists(p.path / inside) for p in self.parts if p.label == label)


def _absolute(written: str) -> Path | None:
    """Return the real path of a folder; None unless it is written as an absolute one."""
    path = os.path.expanduser(written)  # noqa: PTH111 - Path raises for an unknown user
    with suppress(ValueError, OSError):
        if os.path.isabs(path):  # noqa: PTH117
            return Path(os.path.realpath(path))
    return None


def share(writer: Writer, removal: Edit, edit: Edit) -> None:
    """Write a private line into a shared file, then remove it from the private one."""
    batch = token_hex(8)
    writer.edit(edit, batch)
    try:
        writer.edit(removal, batch)
    except (Refused, WriteRefused):
        writer.roll_back(batch)
        raise


@frozen
class Joined:
    """Private leads with the shared ones that they belong to."""

    leads: tuple[PrivateLead, ...]
    folders: tuple[tuple[str, str], ...]
    """As `Private.folders`."""
    problems: tuple[Problem, ...]


_Built = tuple[Root, Workspace, Sequence[Root]]
"""A private folder, its workspace, and the shared folders that it is laid over."""


def join(shared: Workspace, private: Sequence[_Built]) -> Joined:
    """Match private leads with shared ones: by the path of their folder, else by their name.

    One that matches no lead, or several, belongs to none, which is a problem.
    """
    found: list[PrivateLead] = []
    folders: dict[str, str] = {}
    problems: list[Problem] = []
    for part, built, covered in private:
        places = _find_places(shared, covered)
        for lead in (*built.leads, *built.unlisted):
            if _is_empty(lead):
                continue
            same = places.get(part.inside(lead.path) if lead.path != part.label else "", [])
            same = same or _find_namesakes(lead, shared, covered)
            of = same[0].id if len(same) == 1 else ""
            found.append(PrivateLead(lead, of))
            if of:
                folders.setdefault(of, lead.path)
            else:
                problems.append(_unmatched(lead, same))
        for inside, leads in places.items():
            for one in leads[:1] if len(leads) == 1 else ():
                folders.setdefault(one.id, f"{part.label}/{inside}" if inside else part.label)
    return Joined(tuple(found), tuple(folders.items()), tuple(problems))


def _find_places(shared: Workspace, covered: Sequence[Root]) -> Mapping[str, list[Lead]]:
    """Return the shared leads by the path of their folder below their opened one."""
    found: dict[str, list[Lead]] = defaultdict(list)
    for root in covered:
        for lead in _leads_of(shared, root):
            found[root.inside(lead.path) if lead.path != root.label else ""].append(lead)
    return found


def _leads_of(shared: Workspace, root: Root) -> Iterator[Lead]:
    """Yield the leads of an opened folder."""
    for lead in shared.leads:
        if not root.label or lead.path == root.label or lead.path.startswith(f"{root.label}/"):
            yield lead


def _find_namesakes(private: Lead, shared: Workspace, covered: Sequence[Root]) -> list[Lead]:
    """Return the shared leads with the name that a private `lead.md` has."""
    if not private.about or private.is_rest:
        return []
    name = fold_text(private.name)
    leads = (lead for root in covered for lead in _leads_of(shared, root))
    return [lead for lead in leads if fold_text(lead.name) == name and not lead.is_rest]


def _is_empty(lead: Lead) -> bool:
    """Return whether there is nothing of a lead but the note of the name."""
    parts = (lead.sessions, lead.actions, lead.goals, lead.notes, lead.markers, lead.others)
    return not any(parts) and not lead.about


def _unmatched(lead: Lead, same: Sequence[Lead]) -> Problem:
    path = lead.about or next(iter(_files(lead)), lead.path)
    if same:
        names = " and ".join(one.id for one in same[:2])
        message = f"private notes of {lead.name} could be about {names}"
        hint = "name a private folder for each shared one in your settings"
    else:
        message = f"private notes of {lead.name} match no lead"
        hint = "go to the lead that they are about and press . a to attach them"
    return Problem(path, 1, 1, Severity.WARNING, UNMATCHED, message, hint)


def _files(lead: Lead) -> Iterator[str]:
    yield from lead.notes
    yield from (session.path for session in lead.sessions)


def _find_readable(part: Root) -> Iterator[Problem]:
    """Report a private folder that others on this machine can read."""
    with suppress(OSError):
        if stat.S_IMODE(part.path.stat().st_mode) & _OTHERS:
            message = "other users of this machine can read your private folder"
            hint = f"run chmod go= {shlex.quote(str(part.path))}"
            yield Problem(str(part.path), 1, 1, Severity.WARNING, READABLE, message, hint)


def _problem(path: Path, message: str, hint: str) -> Problem:
    return Problem(printable(str(path)), 1, 1, Severity.WARNING, CODE, message, hint)


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
