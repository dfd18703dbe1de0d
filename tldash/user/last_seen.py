"""Remember what the user last saw of each lead, to list what changed since.

Events that the user did not look at are kept for the next visit.

The file is `seen.jsonl` in the user's state folder, never in a shared folder, since it holds the
text of private notes. A lead is identified by the real path of its folder, so it is recognised
whether the folder of all leads or the lead's own folder is opened. Other lines of the file are
ignored. If nothing can be saved, `LastSeen.trouble` says why and no changes are listed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from tldash.activity.detect import detect_events
from tldash.activity.event import ORDER, Event, EventKind
from tldash.activity.match_items import Item, find_closing_day, list_items
from tldash.model.dates import format_iso, parse_moment, pluralize
from tldash.model.frozen import frozen
from tldash.model.records import (
    NO_FIELDS,
    Action,
    Fields,
    Goal,
    ItemKind,
    Lead,
    Marker,
    Moment,
    Priority,
    Session,
    SessionStatus,
    Status,
    Task,
    Workspace,
)
from tldash.storage.state_file import StateFile

VERSION: Final = 1
SIZE_LIMIT: Final = 4 << 20
"""Bytes of the file. Beyond that, the leads seen longest ago are dropped."""
CLOSED_FOR: Final = timedelta(days=90)
"""Items closed longer ago than this are not kept."""

UNSEEN_LIMIT: Final = 500
"""Events of a folder that are kept until the user looks at them."""

_DATES: Final = ("due", "scheduled", "start", "created", "done", "cancelled")
_TEXTS: Final = ("repeat", "id", "owner", "block_id")
_LISTS: Final = ("depends", "tags")
_FIELD_NAMES: Final = tuple(field.name for field in fields_of(Fields))


@frozen
class Snapshot:
    """The leads as last seen, with the ids and paths of the folders open now."""

    workspace: Workspace
    """The leads, without the parts that `events` does not compare."""
    when: datetime
    """When the leads were seen like this."""
    leads: Mapping[str, frozenset[str]]
    """Label of an opened folder -> paths of the leads it contained."""
    unseen: tuple[Event, ...] = ()
    """Earlier events that the user has not looked at."""
    looked: datetime | None = None
    """When the user last looked at all events; `when` if there were none since."""

    def events(self, after: Workspace, now: datetime) -> tuple[Event, ...]:
        """Return the unseen events, and what changed between this snapshot and `after`.

        A lead is new only if its folder was seen without it, and gone only if its folder is still
        open. A lead that was never seen has no events.
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
        found = detect_events(before, replace(after, leads=leads), now, kept_from=kept_from)
        return (*self.unseen, *found)


class _Line(NamedTuple):
    """A line of the file: a lead, a folder with the names of the leads in it, or unseen events."""

    kind: str
    """`lead`, `folder` or `unseen`, whose path is that of the folder."""
    path: str
    """Absolute path of the lead or folder."""
    when: datetime
    body: bytes

    def dump(self) -> bytes:
        head = [VERSION, self.kind, self.path, self.when.isoformat()]
        return _dump_json(head) + b"\t" + self.body


class LastSeen:
    """Load and save what was last seen of the leads in the opened folders.

    Several processes may do so at once; the last one to save wins. Errors of the state folder end
    up in `trouble` and never raise.
    """

    def __init__(self, state_folder: Path, places: Mapping[str, Path]) -> None:
        """`places` maps the label of each opened folder to its path, as `Folders.places` does."""
        self._places = {label: os.path.realpath(path) for label, path in places.items()}
        self._file = StateFile(state_folder / "seen.jsonl")
        self._bodies: dict[str, tuple[Lead, date, bytes]] = {}
        self.trouble = ""
        """Why something could not be saved or read; empty if nothing failed."""

    def load(self) -> Snapshot | None:
        """Return what was last seen; None if these folders were never seen."""
        leads: dict[str, Lead] = {}
        listed: dict[str, frozenset[str]] = {}
        times: list[datetime] = []
        looked: list[datetime] = []
        unseen: list[Event] = []
        for line in filter(None, map(_parse_line, self._read())):
            for label, root in self._places.items():
                inside = _below(root, line.path)
                if inside is None:
                    continue
                path = _joined(label, inside)
                if line.kind == "lead":
                    lead = _parse_lead_line(line.body, path or Path(root).name or "folder", path)
                    if lead is not None:
                        leads[path] = lead
                        times.append(line.when)
                elif line.kind == "unseen" and not inside:
                    looked.append(line.when)
                    unseen += _parse_events(line.body, label)
                elif line.kind == "folder" and not inside:
                    names = _parse_names(line.body)
                    listed[label] = frozenset(_joined(label, name) for name in names)
        if not times:
            return None
        seen = max(times)
        return Snapshot(
            Workspace("", tuple(leads.values())),
            seen,
            listed,
            tuple(unseen),
            min([seen, *looked]),
        )

    def save(
        self,
        workspace: Workspace,
        now: datetime,
        unseen: Sequence[Event] = (),
        looked: datetime | None = None,
    ) -> None:
        """Save these leads as seen now. A folder without leads is left as it was saved before.

        Args:
            workspace: The leads.
            now: The current time.
            unseen: The events that the user has not looked at, the newest last.
            looked: When the user last looked, if there are any.
        """
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
            _Line("folder", self._places[label], now, _dump_json(sorted(names)))
            for label, names in found.items()
        ]
        waiting = [
            _Line("unseen", self._places[label], looked or now, _dump_json(rows))
            for label in found
            if (rows := _dump_events(unseen, label))
        ]
        if mine:
            lines = [*folders, *waiting, *mine.values()]
            self._write(lines, [self._places[label] for label in found])

    def _body(self, where: str, lead: Lead, now: datetime) -> bytes:
        day = _kept_from(now)
        known = self._bodies.get(where)
        if known is None or known[0] is not lead or known[1] != day:
            known = lead, day, _dump_json(dump_lead(lead, day))
            self._bodies[where] = known
        return known[2]

    def _read(self) -> list[bytes]:
        try:
            return self._file.read()
        except OSError as error:
            self._failed(error)
            return []

    def _write(self, mine: list[_Line], roots: list[str]) -> None:
        """Replace every line about these roots or anything below them by these lines."""
        try:
            with self._file.locked():
                ours = {(line.kind, line.path) for line in mine}
                others = [
                    line
                    for line in map(_parse_line, self._file.read_all())
                    if line is not None
                    and (line.kind, line.path) not in ours
                    and not (line.kind == "lead" and _within(roots, line.path))
                    and not (line.kind == "unseen" and line.path in roots)
                ]
                others.sort(key=lambda line: line.when, reverse=True)
                kept, lost = _take_fitting([*mine, *others])
                self._file.replace(kept)
        except OSError as error:
            self._failed(error)
            return
        self.trouble = (
            f"no room to remember what you last saw of {pluralize(lost, 'lead')}" if lost else ""
        )

    def _failed(self, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        self.trouble = f"cannot remember what you last saw: {self._file.path}: {reason}"


def _take_fitting(lines: Iterable[_Line]) -> tuple[list[bytes], int]:
    """Return the first lines that fit, and the number of leads left out."""
    kept: list[bytes] = []
    size = lost = 0
    for line in lines:
        dumped = line.dump()
        if size + len(dumped) < SIZE_LIMIT:
            size += len(dumped) + 1
            kept.append(dumped)
        else:
            lost += line.kind == "lead"
    return kept, lost


def _kept_from(when: datetime) -> date:
    """Return the first closing date of items that are kept."""
    return max(when.date(), date.min + CLOSED_FOR) - CLOSED_FOR


def _below(root: str, path: str) -> str | None:
    """Return the POSIX path relative to `root`, "" for `root` itself, None if outside it."""
    try:
        inside = Path(path).relative_to(root).as_posix()
    except ValueError:
        return None
    return "" if inside == "." else inside


def _joined(label: str, inside: str) -> str:
    return "/".join(part for part in (label, inside) if part)


def _within(roots: Iterable[str], path: str) -> bool:
    return any(_below(root, path) is not None for root in roots)


def _dump_json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _parse_line(data: bytes) -> _Line | None:
    """Parse a line of the file; None if it is not one of ours."""
    head, tab, body = data.partition(b"\t")
    if not tab:
        return None
    match _load_json(head):
        case [version, "lead" | "folder" | "unseen" as kind, str(path), str(when)] if (
            version == VERSION
        ):
            try:
                moment = datetime.fromisoformat(when)
            except ValueError:
                return None
            zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return _Line(kind, path, zoned, body)
    return None


def _load_json(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _parse_names(body: bytes) -> list[str]:
    names = _load_json(body)
    if not isinstance(names, list):
        return []
    return [name for name in names if isinstance(name, str)]


def _dump_events(events: Sequence[Event], label: str) -> list[list[str]]:
    """Return the latest events of a folder, with paths relative to it."""
    own = [one for one in events if not label or one.path.startswith(f"{label}/")]
    return [
        [
            one.kind,
            _inside(one.lead_id, label),
            one.text,
            _inside(one.path, label),
            str(one.line),
            one.detail,
            one.subject,
            format_iso(one.when) if one.when else "",
        ]
        for one in own[-UNSEEN_LIMIT:]
    ]


def _inside(path: str, label: str) -> str:
    return path.removeprefix(label).removeprefix("/") if label else path


def _parse_events(body: bytes, label: str) -> list[Event]:
    """Parse what `_dump_events` returned, without what is no event."""
    found: list[Event] = []
    rows = _load_json(body)
    for row in rows[-UNSEEN_LIMIT:] if isinstance(rows, list) else ():
        match row:
            case [str(kind), str(lead), str(text), str(path), str(line), str(detail), str(of), at]:
                if kind in ORDER and line.isdecimal() and len(line) < 10:
                    when = parse_moment(at) if isinstance(at, str) and at else None
                    ids = _joined(label, lead), _joined(label, path)
                    place = ids[1], int(line)
                    found.append(Event(EventKind(kind), ids[0], text, *place, detail, of, when))
    return found


def _parse_lead_line(body: bytes, lead_id: str, path: str) -> Lead | None:
    try:
        return parse_lead(_load_json(body), lead_id, path)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError):
        return None


def dump_lead(lead: Lead, kept_from: date) -> dict[str, object]:
    """Return a lead as JSON values, with paths relative to its folder.

    Keeps the task items and sessions as far as `Snapshot.events` compares them. Leaves out items
    closed before `kept_from`, since those are nearly all items of a folder.
    """
    places: dict[str, int] = {}
    headings: dict[tuple[str, ...], int] = {}
    days = {session.path: session.at.day for session in lead.sessions}
    items = []
    for item in list_items(lead):
        closed = find_closing_day(item, days) if item.role is not ItemKind.MARKER else None
        if closed is None or closed >= kept_from:
            task = item.task
            items.append(
                [
                    item.role,
                    places.setdefault(task.path, len(places)),
                    headings.setdefault(task.section, len(headings)),
                    task.line,
                    task.status,
                    task.text,
                    _dump_fields(task.fields),
                    task.note,
                ]
            )

    def inside(path: str) -> str:
        """Return a path relative to the lead's, which is a file's without its ending at times."""
        return path[len(lead.path) :].removeprefix("/")

    return {
        "name": lead.name,
        "coach": lead.coach,
        "cadence": lead.cadence_name,
        "status": lead.status,
        "goals": [[goal.text, inside(goal.path), goal.line, goal.status] for goal in lead.goals],
        "sessions": [_dump_session(session, inside(session.path)) for session in lead.sessions],
        "notes": [*map(inside, lead.notes)],
        "paths": [*map(inside, places)],
        "headings": [*headings],
        "items": items,
    }


def _dump_fields(fields: Fields) -> dict[str, object]:
    if fields is NO_FIELDS or fields == NO_FIELDS:
        return {}
    found: dict[str, object] = {}
    for name in _FIELD_NAMES:
        value = getattr(fields, name)
        if value:
            found[name] = value.isoformat() if isinstance(value, date) else value
    return found


def _dump_session(session: Session, inside: str) -> list[object]:
    return [
        inside,
        format_iso(session.at),
        session.status,
        session.title,
        session.skill,
        session.levels,
        format_iso(session.next) if session.next else None,
        session.duration,
        session.has_notes,
        session.body_line,
        session.next_line,
        session.section,
    ]


def parse_lead(data: object, lead_id: str, path: str) -> Lead:
    """Parse what `dump_lead` returned, as a lead with this id and path.

    Raises ValueError, TypeError, KeyError, IndexError or OverflowError for any other data.
    """
    if not isinstance(data, dict):
        raise TypeError("expected a mapping")

    def whole(inside: object) -> str:
        """Return a path below the lead's, or that of the lead's only file."""
        text = _as_text(inside)
        return f"{path}{text}" if not path or text.startswith(".") else f"{path}/{text}"

    paths = [whole(inside) for inside in _as_list(data["paths"])]
    headings = [tuple(map(_as_text, _as_list(heading))) for heading in _as_list(data["headings"])]
    items = [_parse_item(row, lead_id, paths, headings) for row in _as_list(data["items"])]
    topics: dict[str, list[Task]] = {}
    actions: dict[str, list[Action]] = {}
    for item in items:
        if item.role is ItemKind.TOPIC:
            topics.setdefault(item.task.path, []).append(item.task)
        elif isinstance(item.of, Action):
            actions.setdefault(item.task.path, []).append(item.of)
    return Lead(
        lead_id,
        path,
        _as_text(data["name"]),
        _as_text_or_none(data["coach"]),
        cadence_name=_as_text(data["cadence"]),
        status=_as_text_or_none(data["status"]),
        goals=tuple(
            Goal(
                _as_text(text),
                whole(inside),
                _as_number(line),
                *(Status(_as_text(status)) for status in more),
            )
            for text, inside, line, *more in map(_as_list, _as_list(data["goals"]))
        ),
        sessions=tuple(
            _parse_session(row, lead_id, whole(row[0]), number, topics, actions)
            for number, row in enumerate(map(_as_list, _as_list(data["sessions"])), 1)
        ),
        actions=tuple(item.of for item in items if isinstance(item.of, Action)),
        markers=tuple(item.of for item in items if isinstance(item.of, Marker)),
        notes=tuple(whole(inside) for inside in _as_list(data["notes"])),
    )


def _parse_item(row: object, lead: str, paths: list[str], headings: list[tuple[str, ...]]) -> Item:
    role_, place, heading, line, status, text, fields_, note = _as_list(row)
    role = ItemKind(_as_text(role_))
    fields = _parse_fields(fields_)
    task = Task(
        paths[_as_number(place)],
        _as_number(line),
        "",
        _as_text(text),
        Status(_as_text(status)),
        fields,
        headings[_as_number(heading)],
        note=_as_text(note),
    )
    if role is ItemKind.MARKER:
        return Item(role, task, Marker("", None, task))
    if role is ItemKind.ACTION:
        return Item(role, task, Action(lead, task, fields.owner or lead, False, None))
    return Item(role, task)


def _parse_fields(data: object) -> Fields:
    if not isinstance(data, dict):
        raise TypeError("expected fields")
    if not data:
        return NO_FIELDS
    found: dict[str, object] = {}
    for name, value in data.items():
        if name in _DATES:
            found[name] = date.fromisoformat(_as_text(value))
        elif name in _TEXTS:
            found[name] = _as_text(value)
        elif name in _LISTS:
            found[name] = tuple(map(_as_text, _as_list(value)))
        elif name == "priority":
            found[name] = Priority(_as_text(value))
        else:
            raise ValueError(name)
    return Fields(**found)  # type: ignore[arg-type]


def _parse_session(  # noqa: PLR0913, PLR0917 - the session needs the lead's parts
    row: list[object],
    lead: str,
    path: str,
    number: int,
    topics: Mapping[str, Iterable[Task]],
    actions: Mapping[str, Iterable[Action]],
) -> Session:
    _, at, status, title, skill, levels, following, duration, *rest = row
    written, body, next_line, section = rest if len(rest) > 3 else (*rest, "")
    return Session(
        lead,
        path,
        _as_moment(at),
        None if status is None else SessionStatus(_as_text(status)),
        number,
        _as_text(title),
        _as_text_or_none(skill),
        tuple((_as_text(name), _as_text(level)) for name, level in map(_as_list, _as_list(levels))),
        None if following is None else _as_moment(following),
        None if duration is None else _as_number(duration),
        tuple(topics.get(path, ())),
        tuple(actions.get(path, ())),
        written is True,
        _as_number(body),
        _as_number(next_line),
        _as_text(section),
    )


def _as_moment(value: object) -> Moment:
    moment = parse_moment(_as_text(value))
    if moment is None:
        raise ValueError(value)
    return moment


def _as_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _as_text_or_none(value: object) -> str | None:
    return None if value is None else _as_text(value)


def _as_number(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value


def _as_list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value
