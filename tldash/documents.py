"""What people write by hand in YAML: the models that check it and give its JSON Schema.

Every field is optional and every unknown key is kept: a file costs what is wrong in it and nothing
more. `check` turns a mapping into a model and a list of faults, dropping only the values that could
not be understood.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from tldash import patterns
from tldash.dates import guess_date, parse_duration, parse_moment, parse_time
from tldash.records import Fix, Moment, SessionStatus, Severity


def _shorten(value: object) -> str:
    text = "a huge number" if _is_huge(value) else str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _is_huge(value: object) -> bool:
    """Whether it has more digits than Python makes text of."""
    return isinstance(value, int) and value.bit_length() > 1000


def _moment(value: object) -> Moment:
    moment = parse_moment(value) if isinstance(value, str) else None
    if moment is None:
        guess = guess_date(_shorten(value))
        raise PydanticCustomError(
            "date",
            "'{found}' is not a date",
            {
                "found": _shorten(value),
                "hint": f"write {guess.isoformat()}"
                if guess
                else "write it as YYYY-MM-DD, with HH:MM after it if there is a time",
            },
        )
    return moment


def _day(value: object) -> date:
    return _moment(value).day


def _clock(value: object) -> time:
    clock = parse_time(value) if isinstance(value, str) else None
    if clock is None:
        raise PydanticCustomError(
            "time",
            "'{found}' is not a time of day",
            {"found": _shorten(value), "hint": "write it as HH:MM"},
        )
    return clock


def _minutes(value: object) -> int:
    minutes = parse_duration(_shorten(value)) if isinstance(value, (int, str)) else None
    if minutes is None:
        raise PydanticCustomError(
            "duration",
            "'{found}' is not a duration",
            {"found": _shorten(value), "hint": "write 45m or 1h 15m"},
        )
    return minutes


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or _is_huge(value):
        raise PydanticCustomError(
            "text", "a text was expected here, not {found}", {"found": kind_of(value), "hint": ""}
        )
    return str(value)


def _zone(value: object) -> str:
    name = _text(value)
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise PydanticCustomError(
            "timezone",
            "'{found}' is no time zone that this machine knows",
            {"found": _shorten(name), "hint": "write an IANA name, such as Europe/Oslo"},
        ) from error
    return name


def _word(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def kind_of(value: object) -> str:
    """The YAML kind of a value, in words."""
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "true or false"),
        (int, "a number"),
        (float, "a number"),
        (str, "a text"),
        (Mapping, "a mapping"),
        (list, "a list"),
        (set, "a set"),
    )
    return next((words for kind, words in kinds if isinstance(value, kind)), "nothing")


Text = Annotated[str, BeforeValidator(_text), WithJsonSchema(patterns.SCALAR)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema(patterns.DAY)]
When = Annotated[Moment, BeforeValidator(_moment), WithJsonSchema(patterns.MOMENT)]
Minutes = Annotated[int, BeforeValidator(_minutes), WithJsonSchema(patterns.DURATION)]
Zone = Annotated[str, BeforeValidator(_zone), WithJsonSchema(patterns.ZONE)]
Clock = Annotated[time, BeforeValidator(_clock), WithJsonSchema(patterns.CLOCK)]
SessionWord = Annotated[
    SessionStatus,
    BeforeValidator(_word),
    WithJsonSchema(patterns.one_of_words(*(status.value for status in SessionStatus))),
]
CADENCES = Field(examples=["weekly", "fortnightly", "monthly", "quarterly", "ad hoc"])


class Document(BaseModel):
    """A hand-written mapping: unknown keys are kept, absent ones are None."""

    model_config = ConfigDict(
        extra="allow", frozen=True, use_attribute_docstrings=True, arbitrary_types_allowed=True
    )


class SessionDocument(Document):
    """The front matter of a Markdown session, or a whole YAML session."""

    date: When | None = None
    """When the session is or was: `2026-11-03` or `2026-11-03 16:00`."""
    time: Clock | None = None
    """The time of day, where `date` has none: `16:00`."""
    duration: Minutes | None = None
    """How long it takes: `45m`, `1h`, or minutes."""
    status: SessionWord | None = None
    """planned, held, cancelled or missed; without it, the future is planned and the past held."""
    title: Text | None = None
    """What the session is called; else the first heading of its Markdown."""
    skill: Text | None = None
    """The skill that was explored, by its id or name in the framework."""
    levels: dict[Text, Text] | None = None
    """What both agreed on that day: skill to level, by id or name."""
    next: When | None = None
    """When the next session will be."""


class YamlSessionDocument(SessionDocument):
    """A session written as one YAML file."""

    agenda: list[Any] | None = None
    """Topics: texts, or mappings with `text` and `done`."""
    topics: list[Any] | None = None
    """The same as `agenda`."""
    actions: list[Any] | None = None
    """Texts in the grammar of task lines, or mappings with `text`, `due`, `done`, `owner`…"""
    notes: Text | None = None
    """What was said, as Markdown."""


class LeadDocument(Document):
    """The front matter of `lead.md`."""

    name: Text | None = None
    """The lead's name; else the first heading, else the folder's name."""
    coach: Text | None = None
    """The coach's name."""
    email: Text | None = None
    """The lead's address."""
    timezone: Zone | None = None
    """An IANA name; the zone of times that are written without one."""
    cadence: Annotated[Text | None, CADENCES] = None
    """weekly, fortnightly, monthly, quarterly, ad hoc, or a number of days."""
    started: Day | None = None
    """When the coaching began."""
    status: Annotated[Text | None, Field(examples=["active", "paused", "ended"])] = None
    """active, paused or ended; who is paused or ended needs nobody's attention."""


class ConfigDocument(Document):
    """`tldash.yaml`, at the top of a folder of leads."""

    name: Text | None = None
    """What the programme is called."""
    coach: Text | None = None
    """The coach of every lead who names none."""
    cadence: Annotated[Text | None, CADENCES] = None
    """The cadence of every lead who names none."""
    timezone: Zone | None = None
    """The zone of every lead who names none."""
    people: dict[Text, Text] | None = None
    """Who `@name` is, for owners of actions: id to full name."""


class LevelDocument(Document):
    """One step of a skill's scale."""

    id: Text
    """How files name it."""
    name: Text | None = None
    """How screens name it; else the id."""
    description: Text = ""
    """What it looks like at this level."""
    markers: tuple[Text, ...] = ()
    """Signs that one can observe."""


class SkillDocument(Document):
    """One skill of a framework."""

    id: Text
    """How files name it: `skill: vision`, `#vision`."""
    name: Text
    """How screens name it."""
    short: Text | None = None
    """Three letters for narrow columns; else the first three of the name."""
    scale: Literal["stacking", "sliding"] = "stacking"
    """Whether each level builds on the last, or one stands at a position."""
    summary: Text = ""
    """One sentence on what it is."""
    levels: tuple[LevelDocument, ...] = Field(min_length=1, max_length=9)
    """Lowest first."""
    questions: tuple[Text, ...] = ()
    """Open questions for exploring it."""


class PartDocument(Document):
    """One part of a session's shape."""

    id: Text
    """A short name."""
    name: Text
    """How screens name it."""
    minutes: Annotated[tuple[int, int] | None, WithJsonSchema(patterns.MINUTES_RANGE)] = None
    """At least and at most."""
    prompt: Text = ""
    """What to ask or do."""


class StarterDocument(Document):
    """One of the sessions that a series begins with."""

    number: int
    """Its place, from 1."""
    title: Text
    """What it is about."""
    purpose: Text = ""
    """What it should leave behind."""


class FrameworkDocument(Document):
    """`framework.yaml`: skills, levels, questions and the shape of a session."""

    name: Text = "Framework"
    """What the method is called."""
    skills: tuple[SkillDocument, ...] = Field(min_length=1)
    """In the order in which screens show them."""
    session: tuple[PartDocument, ...] = ()
    """The parts of a session, in order."""
    starters: tuple[StarterDocument, ...] = ()
    """The sessions that a series begins with."""
    cadences: dict[Text, int | None] = Field(default_factory=dict)
    """Name to days between sessions; null for none."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A value that was not understood, by its place in the document."""

    where: tuple[str | int, ...]
    severity: Severity
    code: str
    message: str
    hint: str
    fix: Fix | None = None


AnyDocument = TypeVar("AnyDocument", bound=Document)


def check(model: type[AnyDocument], data: object) -> tuple[AnyDocument | None, tuple[Fault, ...]]:
    """Read a loaded YAML document as `model`.

    Values that are not understood are left out and become faults: one by one in a mapping of the
    top level, else the whole top-level value. The model is None only where a value that it cannot
    do without is wrong or missing.
    """
    if data is None:
        data = {}
    if not isinstance(data, dict):
        message = f"a mapping of keys to values was expected here, not {kind_of(data)}"
        return check(model, {})[0], (Fault((), Severity.ERROR, "not-a-mapping", message, ""),)
    kept = {key: value for key, value in data.items() if isinstance(key, str) and value is not None}
    faults = [*_odd_keys(data), *_near_misses(model, kept)]
    try:
        return model.model_validate(kept), tuple(faults)
    except ValidationError as error:
        details = error.errors(include_url=False)
    faults.extend(map(_fault, details))
    for detail in details:
        _leave_out(kept, detail["loc"])
    try:
        return model.model_validate(kept), tuple(faults)
    except ValidationError:
        return None, tuple(faults)


def _leave_out(kept: dict[str, Any], where: tuple[str | int, ...]) -> None:
    top = str(where[0]) if where else ""
    value = kept.get(top)
    if len(where) > 1 and isinstance(value, dict):
        rest = {key: item for key, item in value.items() if _shorten(key) != _shorten(where[1])}
        if len(rest) < len(value):
            kept[top] = rest
            return
    kept.pop(top, None)


def _odd_keys(data: dict[Any, Any]) -> list[Fault]:
    return [
        Fault((), Severity.WARNING, "odd-key", f"the key '{_shorten(key)}' is not a text", "")
        for key in data
        if not isinstance(key, str)
    ]


def _near_misses(model: type[Document], data: dict[str, Any]) -> list[Fault]:
    """Unknown keys are welcome, unless they look like a slip of the pen."""
    known = [name for name in model.model_fields if name not in data]
    faults = []
    for key in data:
        if key in model.model_fields:
            continue
        close = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.75)
        if close:
            faults.append(
                Fault(
                    (key,),
                    Severity.WARNING,
                    "unknown-key",
                    f"'{_shorten(key)}' is not a key of this file",
                    f"did you mean '{close[0]}'?",
                )
            )
    return faults


def _fault(detail: ErrorDetails) -> Fault:
    where = tuple(part for part in detail["loc"] if part != "[key]")
    context = detail.get("ctx", {})
    if "hint" in context:
        return Fault(where, Severity.ERROR, detail["type"], detail["msg"], str(context["hint"]))
    name = str(where[0]) if where else "this"
    message = detail["msg"][0].lower() + detail["msg"][1:]
    if detail["type"] == "enum":
        expected = str(context.get("expected", ""))
        return Fault(
            where,
            Severity.ERROR,
            "value",
            f"'{_shorten(detail['input'])}' is not a {name}",
            f"write {expected.replace(chr(39), '')}",
        )
    return Fault(where, Severity.ERROR, "value", f"{name}: {message}", "")
