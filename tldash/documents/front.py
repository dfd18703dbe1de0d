"""Values of front matter and settings, as the rest of the program uses them.

`tldash.documents.models` defines what people may write and finds every fault. Importing pydantic
and building its models takes longer than reading a whole folder, though, and few documents have a
fault. So values that are certainly right are converted here, and a document with any other value in
it is checked by its model. Tests compare the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date as day_of_year
from datetime import time as time_of_day
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from tldash.documents.foreign import FOREIGN_KEYS, FOREIGN_STATUSES, other_name
from tldash.model.dates import parse_duration, parse_moment, parse_time
from tldash.model.frozen import frozen
from tldash.model.records import Moment, SessionStatus
from tldash.model.spelling import suggest_spelling

if TYPE_CHECKING:
    from tldash.documents.validate import Fault


class _Doubtful(Exception):
    """A value that a model has to check."""


def _text(value: object) -> str:
    if type(value) is not str:
        raise _Doubtful
    return value


_parse_moment: Final = lru_cache(maxsize=4096)(parse_moment)
_parse_duration: Final = lru_cache(maxsize=1024)(parse_duration)
"""Cached, since many files have the same values."""
_STATUSES: Final = {status.value: status for status in SessionStatus}


def _moment(value: object) -> Moment:
    moment = _parse_moment(_text(value))
    if moment is None:
        raise _Doubtful
    return moment


def _day(value: object) -> day_of_year:
    return _moment(value).day


def _clock(value: object) -> time_of_day:
    clock = parse_time(_text(value))
    if clock is None:
        raise _Doubtful
    return clock


def _minutes(value: object) -> int:
    minutes = _parse_duration(_text(value))
    if minutes is None:
        raise _Doubtful
    return minutes


def _status(value: object) -> SessionStatus | None:
    written = _text(value)
    if written in FOREIGN_STATUSES:
        return None
    status = _STATUSES.get(written)
    if status is None:
        raise _Doubtful
    return status


def _zone(value: object) -> str:
    from zoneinfo import ZoneInfo

    name = _text(value)
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        raise _Doubtful from error
    return name


def _texts(value: object) -> dict[str, str]:
    if type(value) is not dict:
        raise _Doubtful
    return {_text(key): _text(word) for key, word in value.items()}


def _names(value: object) -> tuple[str, ...]:
    if type(value) is not list:
        raise _Doubtful
    return tuple(map(_text, value))


def _list(value: object) -> list[Any]:
    if type(value) is not list:
        raise _Doubtful
    return value


Reader = Callable[[object], object]


@frozen
class SessionFront:
    """The front matter of a Markdown session, or a YAML session; see `SessionDocument`."""

    date: Moment | None = None
    time: time_of_day | None = None
    duration: int | None = None
    status: SessionStatus | None = None
    title: str | None = None
    skill: str | None = None
    levels: dict[str, str] | None = None
    levels_self: dict[str, str] | None = None
    levels_coach: dict[str, str] | None = None
    next: Moment | None = None
    left_out: tuple[str, ...] | None = None
    notes: str | None = None
    """Of a YAML session."""

    READERS: ClassVar[dict[str, Reader]] = {
        "date": _moment,
        "time": _clock,
        "duration": _minutes,
        "status": _status,
        "title": _text,
        "skill": _text,
        "levels": _texts,
        "levels_self": _texts,
        "levels_coach": _texts,
        "next": _moment,
        "left_out": _names,
    }


YAML_READERS: Final[dict[str, Reader]] = {
    **SessionFront.READERS,
    "agenda": _list,
    "topics": _list,
    "actions": _list,
    "notes": _text,
    "agreements": _list,
    "structure": _list,
}


@frozen
class LeadFront:
    """The front matter of `lead.md`; see `LeadDocument`."""

    name: str | None = None
    coach: str | None = None
    email: str | None = None
    timezone: str | None = None
    cadence: str | None = None
    started: day_of_year | None = None
    status: str | None = None

    READERS: ClassVar[dict[str, Reader]] = {
        "name": _text,
        "coach": _text,
        "email": _text,
        "timezone": _zone,
        "cadence": _text,
        "started": _day,
        "status": _text,
    }


@frozen
class ConfigFront:
    """`tldash.yaml`; see `ConfigDocument`."""

    name: str | None = None
    coach: str | None = None
    cadence: str | None = None
    timezone: str | None = None
    people: dict[str, str] | None = None

    READERS: ClassVar[dict[str, Reader]] = {
        "name": _text,
        "coach": _text,
        "cadence": _text,
        "timezone": _zone,
        "people": _texts,
    }


Front = SessionFront | LeadFront | ConfigFront
_NAMES: Final[dict[type[Front], frozenset[str]]] = {
    kind: frozenset(field.name for field in fields(kind))
    for kind in (SessionFront, LeadFront, ConfigFront)
}
AnyFront = TypeVar("AnyFront", SessionFront, LeadFront, ConfigFront)


def parse_front(
    kind: type[AnyFront], data: object, readers: dict[str, Reader] | None = None
) -> tuple[AnyFront, tuple[Fault, ...]]:
    """Convert a loaded YAML document, and return the faults in it.

    `readers` are `YAML_READERS` for a YAML session, else those of the kind.
    """
    readers = readers or kind.READERS
    values = convert_values(data, readers)
    if values is not None:
        names = _NAMES[kind]
        return kind(**{name: value for name, value in values.items() if name in names}), ()
    from tldash.documents import models as documents
    from tldash.documents import validate

    models: dict[type[Front], type[documents.Document]] = {
        SessionFront: documents.SessionDocument,
        LeadFront: documents.LeadDocument,
        ConfigFront: documents.ConfigDocument,
    }
    model = documents.YamlSessionDocument if readers is YAML_READERS else models[kind]
    document, faults = validate.check(model, data)
    names = _NAMES[kind] & set(model.model_fields)
    return kind(**{name: getattr(document, name) for name in names}), faults


def convert_values(data: object, readers: dict[str, Reader]) -> dict[str, Any] | None:
    """Convert the values of the known keys of a document; None if a model has to check it."""
    if type(data) is not dict or len(data) > _MOST_KEYS:
        return None
    values: dict[str, Any] = {}
    try:
        for key, value in data.items():
            reader = readers.get(key)
            if reader is None:
                if type(key) is not str or _is_doubtful(key, tuple(readers)):
                    return None
            elif value is not None:
                values[key] = reader(value)
    except _Doubtful:
        return None
    return values


_MOST_KEYS: Final = 200
"""Keys beyond which a model checks a document: a new unknown key takes 0.1 ms here."""
_LISTS: Final = frozenset({"agenda", "actions"})
"""Keys of a YAML session that are a mistake in the front matter of a Markdown one."""


@lru_cache(maxsize=1024)
def _is_doubtful(key: str, known: tuple[str, ...]) -> bool:
    """Whether there may be a problem with an unknown key.

    A key that resembles none of the known ones resembles none of those that a document lacks.
    """
    if key.casefold() in FOREIGN_KEYS:
        return False
    return (
        key in _LISTS
        or other_name(key) in known
        or any(suggest_spelling(key, [name]) is not None for name in known)
    )
