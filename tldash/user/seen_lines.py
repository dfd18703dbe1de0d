"""A lead as JSON and back: as much of it as is needed to tell later what has happened since.

What a file's task items and sessions say is kept, their place in the file only as a line number.
Items closed long ago are left out, because nearly all of a folder's are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields as fields_of
from datetime import date
from typing import Final

from tldash.activity.items import closed_on
from tldash.activity.match_items import Item, ItemKind, list_items
from tldash.model.dates import format_iso, parse_moment
from tldash.model.records import (
    NO_FIELDS,
    Action,
    Fields,
    Goal,
    Lead,
    Marker,
    Moment,
    Priority,
    Session,
    SessionStatus,
    Status,
    Task,
)

DATES: Final = ("due", "scheduled", "start", "created", "done", "cancelled")
TEXTS: Final = ("repeat", "id", "owner", "block_id")
LISTS: Final = ("depends", "tags")
NAMES: Final = tuple(field.name for field in fields_of(Fields))


def lead_out(lead: Lead, kept_from: date) -> dict[str, object]:
    """What is kept of a lead, with paths below its folder. Items closed before that day are not."""
    places: dict[str, int] = {}
    headings: dict[tuple[str, ...], int] = {}
    days = {session.path: session.at.day for session in lead.sessions}
    items = []
    for item in list_items(lead):
        closed = closed_on(item, days) if item.role is not ItemKind.MARKER else None
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
                    _fields_out(task.fields),
                    task.note,
                ]
            )
    inside = len(lead.path) + 1 if lead.path else 0
    return {
        "name": lead.name,
        "coach": lead.coach,
        "cadence": lead.cadence_name,
        "status": lead.status,
        "goals": [[goal.text, goal.path[inside:], goal.line] for goal in lead.goals],
        "sessions": [_session_out(session, inside) for session in lead.sessions],
        "notes": [path[inside:] for path in lead.notes],
        "paths": [path[inside:] for path in places],
        "headings": [*headings],
        "items": items,
    }


def _fields_out(fields: Fields) -> dict[str, object]:
    if fields is NO_FIELDS or fields == NO_FIELDS:
        return {}
    found: dict[str, object] = {}
    for name in NAMES:
        value = getattr(fields, name)
        if value:
            found[name] = value.isoformat() if isinstance(value, date) else value
    return found


def _session_out(session: Session, inside: int) -> list[object]:
    return [
        session.path[inside:],
        format_iso(session.at),
        session.status,
        session.title,
        session.skill,
        session.levels,
        format_iso(session.next) if session.next else None,
        session.duration,
        session.written,
        session.body_line,
        session.next_line,
    ]


def lead_in(data: object, lead_id: str, path: str) -> Lead:
    """The lead that was kept, as it is called and placed now.

    Raises ValueError, TypeError, KeyError, IndexError or OverflowError where the data is not ours.
    """
    if not isinstance(data, dict):
        raise TypeError("a mapping was expected")
    above = f"{path}/" if path else ""
    paths = [above + _text(inside) for inside in _list(data["paths"])]
    headings = [tuple(map(_text, _list(heading))) for heading in _list(data["headings"])]
    items = [_item_in(row, lead_id, paths, headings) for row in _list(data["items"])]
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
        _text(data["name"]),
        _maybe(data["coach"]),
        cadence_name=_text(data["cadence"]),
        status=_maybe(data["status"]),
        goals=tuple(
            Goal(_text(text), above + _text(inside), _number(line))
            for text, inside, line in map(_list, _list(data["goals"]))
        ),
        sessions=tuple(
            _session_in(row, lead_id, above, number, topics, actions)
            for number, row in enumerate(map(_list, _list(data["sessions"])), 1)
        ),
        actions=tuple(item.of for item in items if isinstance(item.of, Action)),
        markers=tuple(item.of for item in items if isinstance(item.of, Marker)),
        notes=tuple(above + _text(inside) for inside in _list(data["notes"])),
    )


def _item_in(row: object, lead: str, paths: list[str], headings: list[tuple[str, ...]]) -> Item:
    role_, place, heading, line, status, text, fields_, note = _list(row)
    role = ItemKind(_text(role_))
    fields = _fields_in(fields_)
    task = Task(
        paths[_number(place)],
        _number(line),
        "",
        _text(text),
        Status(_text(status)),
        fields,
        headings[_number(heading)],
        note=_text(note),
    )
    if role is ItemKind.MARKER:
        return Item(role, task, Marker("", None, task))
    if role is ItemKind.ACTION:
        return Item(role, task, Action(lead, task, fields.owner or lead, False, None))
    return Item(role, task)


def _fields_in(data: object) -> Fields:
    if not isinstance(data, dict):
        raise TypeError("fields were expected")
    if not data:
        return NO_FIELDS
    found: dict[str, object] = {}
    for name, value in data.items():
        if name in DATES:
            found[name] = date.fromisoformat(_text(value))
        elif name in TEXTS:
            found[name] = _text(value)
        elif name in LISTS:
            found[name] = tuple(map(_text, _list(value)))
        elif name == "priority":
            found[name] = Priority(_text(value))
        else:
            raise ValueError(name)
    return Fields(**found)  # type: ignore[arg-type]


def _session_in(  # noqa: PLR0913, PLR0917 - the lead's own parts
    row: list[object],
    lead: str,
    above: str,
    number: int,
    topics: Mapping[str, Iterable[Task]],
    actions: Mapping[str, Iterable[Action]],
) -> Session:
    inside, at, status, title, skill, levels, following, duration, written, body, next_line = row
    path = above + _text(inside)
    return Session(
        lead,
        path,
        _moment(at),
        None if status is None else SessionStatus(_text(status)),
        number,
        _text(title),
        _maybe(skill),
        tuple((_text(name), _text(level)) for name, level in map(_list, _list(levels))),
        None if following is None else _moment(following),
        None if duration is None else _number(duration),
        tuple(topics.get(path, ())),
        tuple(actions.get(path, ())),
        written is True,
        _number(body),
        _number(next_line),
    )


def _moment(value: object) -> Moment:
    moment = parse_moment(_text(value))
    if moment is None:
        raise ValueError(value)
    return moment


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _maybe(value: object) -> str | None:
    return None if value is None else _text(value)


def _number(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value
