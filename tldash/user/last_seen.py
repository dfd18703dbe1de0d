"""What this user has seen of each lead, so that the next look can begin with what happened since.

Kept in the user's own state folder and never in a shared one: it holds words of private notes. A
lead is known by where its folder lies, so that what was seen in the folder of all leads is known in
the lead's own too. Whatever else is found in the file is passed over. Where nothing can be kept,
`Seen.trouble` says so, and nobody is told what happened.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from tldash.activity.detect import Event, detect_events
from tldash.model.dates import pluralize
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Workspace
from tldash.storage.state_file import StateFile
from tldash.user.seen_lines import lead_in, lead_out

VERSION: Final = 1
SIZE_LIMIT: Final = 4 << 20
"""Bytes that are kept; beyond, what was seen longest ago is let go."""
CLOSED_FOR: Final = timedelta(days=90)
"""Items that were closed before that are not kept."""


@frozen
class Snapshot:
    """What was seen, in terms of the folders that are open now."""

    workspace: Workspace
    """The leads, as far as they were kept; without what nobody compares."""
    when: datetime
    """When somebody looked last."""
    leads: Mapping[str, frozenset[str]]
    """The paths of the leads that were in each folder that was open, by its label."""

    def events(self, after: Workspace, now: datetime) -> tuple[Event, ...]:
        """What happened since.

        A lead is new only where the folder that it is in was seen without it, and gone only where
        the folder is there; one that was never seen has no events.
        """
        alone = "" in self.leads
        label = {lead.path: "" if alone else lead.path.partition("/")[0] for lead in after.leads}
        known = {lead.path for lead in self.workspace.leads}

        def comparable(lead: Lead) -> bool:
            listed = self.leads.get(label[lead.path])
            return lead.path in known or (listed is not None and lead.path not in listed)

        leads = tuple(lead for lead in after.leads if comparable(lead))
        there = set(label.values())
        gone = {
            path
            for name, listed in self.leads.items()
            for path in listed
            if name in there and path not in label
        }
        before = replace(
            self.workspace,
            leads=tuple(lead for lead in self.workspace.leads if lead.path in {*label, *gone}),
        )
        kept_from = _kept_from(self.when)
        return detect_events(before, replace(after, leads=leads), now, kept_from=kept_from)


class _Line(NamedTuple):
    """A line of the file. `what` is `lead`, or `folder` for the names of the leads in one."""

    what: str
    path: str
    """Of the lead or folder, absolute."""
    when: datetime
    body: bytes

    def dumped(self) -> bytes:
        head = [VERSION, self.what, self.path, self.when.isoformat()]
        return _json(head) + b"\t" + self.body


class Seen:
    """What was seen of the leads in some folders.

    May be used by several processes at once; who saves last is believed. Nothing that is wrong with
    the state folder raises.
    """

    def __init__(self, state_folder: Path, places: Mapping[str, Path]) -> None:
        """`places` is where the open folders lie, by their labels: `Folders.places`."""
        self._places = {label: os.path.realpath(path) for label, path in places.items()}
        self._file = StateFile(state_folder / "seen.jsonl")
        self._bodies: dict[str, tuple[Lead, date, bytes]] = {}
        self.trouble = ""
        """Why something is not remembered; empty where everything is."""

    def load(self) -> Snapshot | None:
        """What was seen the last time; None if these folders were never looked at."""
        leads: dict[str, Lead] = {}
        listed: dict[str, frozenset[str]] = {}
        times: list[datetime] = []
        for line in filter(None, map(_line, self._read())):
            for label, root in self._places.items():
                inside = _below(root, line.path)
                if inside is None:
                    continue
                path = _joined(label, inside)
                if line.what == "lead":
                    lead = _lead(line.body, path or Path(root).name or "folder", path)
                    if lead is not None:
                        leads[path] = lead
                        times.append(line.when)
                elif not inside:
                    names = _names(line.body)
                    listed[label] = frozenset(_joined(label, name) for name in names)
        if not times:
            return None
        return Snapshot(Workspace("", tuple(leads.values())), max(times), listed)

    def save(self, workspace: Workspace, now: datetime) -> None:
        """Remember these leads as they are now. A folder without any is taken for one not there."""
        found: dict[str, set[str]] = {}
        mine: dict[str, _Line] = {}
        for lead in workspace.leads:
            label = lead.path.partition("/")[0] if "" not in self._places else ""
            if label not in self._places:
                continue
            inside = lead.path[len(label) :].strip("/")
            where = str(Path(self._places[label], inside))
            found.setdefault(label, set()).add(inside)
            mine[where] = _Line("lead", where, now, self._body(where, lead, now))
        folders = [
            _Line("folder", self._places[label], now, _json(sorted(names)))
            for label, names in found.items()
        ]
        if mine:
            self._write([*folders, *mine.values()], [self._places[label] for label in found])

    def _body(self, where: str, lead: Lead, now: datetime) -> bytes:
        day = _kept_from(now)
        known = self._bodies.get(where)
        if known is None or known[0] is not lead or known[1] != day:
            known = lead, day, _json(lead_out(lead, day))
            self._bodies[where] = known
        return known[2]

    def _read(self) -> list[bytes]:
        try:
            return self._file.read()
        except OSError as error:
            self._failed(error)
            return []

    def _write(self, mine: list[_Line], roots: list[str]) -> None:
        """Put these lines in the place of all that are about anything below these roots."""
        with self._file.locked():
            ours = {(line.what, line.path) for line in mine}
            others = [
                line
                for line in map(_line, self._read())
                if line is not None
                and (line.what, line.path) not in ours
                and not (line.what == "lead" and _within(roots, line.path))
            ]
            others.sort(key=lambda line: line.when, reverse=True)
            kept, lost = _bounded([*mine, *others])
            try:
                self._file.replace(kept)
            except OSError as error:
                self._failed(error)
                return
        self.trouble = (
            f"there is no room to remember what you have seen of {pluralize(lost, 'lead')}"
            if lost
            else ""
        )

    def _failed(self, error: OSError) -> None:
        words = error.strerror or type(error).__name__
        self.trouble = f"what you have seen is not remembered: {self._file.path}: {words}"


def _bounded(lines: Iterable[_Line]) -> tuple[list[bytes], int]:
    """As many of the lines as there is room for, and of how many leads there are none."""
    kept: list[bytes] = []
    size = lost = 0
    for line in lines:
        dumped = line.dumped()
        if size + len(dumped) < SIZE_LIMIT:
            size += len(dumped) + 1
            kept.append(dumped)
        else:
            lost += line.what == "lead"
    return kept, lost


def _kept_from(when: datetime) -> date:
    """The first of the days on which an item can have been closed and still be kept."""
    return max(when.date(), date.min + CLOSED_FOR) - CLOSED_FOR


def _below(root: str, path: str) -> str | None:
    """The path below `root`, POSIX, empty for `root` itself; None if it lies elsewhere."""
    try:
        inside = Path(path).relative_to(root).as_posix()
    except ValueError:
        return None
    return "" if inside == "." else inside


def _joined(label: str, inside: str) -> str:
    return "/".join(part for part in (label, inside) if part)


def _within(roots: Iterable[str], path: str) -> bool:
    return any(_below(root, path) is not None for root in roots)


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _line(data: bytes) -> _Line | None:
    """A line of the file; None where it is not one of ours."""
    head, tab, body = data.partition(b"\t")
    if not tab:
        return None
    match _loaded(head):
        case [version, "lead" | "folder" as what, str(path), str(when)] if version == VERSION:
            try:
                moment = datetime.fromisoformat(when)
            except ValueError:
                return None
            zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return _Line(what, path, zoned, body)
    return None


def _loaded(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _names(body: bytes) -> list[str]:
    names = _loaded(body)
    if not isinstance(names, list):
        return []
    return [name for name in names if isinstance(name, str)]


def _lead(body: bytes, lead_id: str, path: str) -> Lead | None:
    try:
        return lead_in(_loaded(body), lead_id, path)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError):
        return None
