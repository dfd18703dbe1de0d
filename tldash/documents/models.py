"""What people write by hand in YAML: the models that check it and give its JSON Schema.

Every field is optional and every unknown key is kept. `tldash.documents.validate` holds a document
against its model.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from tldash.documents import patterns, scalars
from tldash.model.records import Moment, SessionStatus

Text = Annotated[str, BeforeValidator(scalars.text), WithJsonSchema(patterns.SCALAR)]
Day = Annotated[date, BeforeValidator(scalars.day), WithJsonSchema(patterns.DAY)]
When = Annotated[Moment, BeforeValidator(scalars.moment), WithJsonSchema(patterns.MOMENT)]
Minutes = Annotated[int, BeforeValidator(scalars.minutes), WithJsonSchema(patterns.DURATION)]
Zone = Annotated[str, BeforeValidator(scalars.zone), WithJsonSchema(patterns.ZONE)]
Clock = Annotated[time, BeforeValidator(scalars.clock), WithJsonSchema(patterns.CLOCK)]
SessionWord = Annotated[
    SessionStatus,
    BeforeValidator(scalars.word),
    WithJsonSchema(patterns.one_of_words(*(status.value for status in SessionStatus))),
]
Whole = Annotated[int, BeforeValidator(scalars.whole)]
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
    minutes: Annotated[tuple[Whole, Whole] | None, WithJsonSchema(patterns.MINUTES_RANGE)] = None
    """At least and at most."""
    prompt: Text = ""
    """What to ask or do."""


class StarterDocument(Document):
    """One of the sessions that a series begins with."""

    number: Whole
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
    cadences: dict[Text, Whole | None] = Field(default_factory=dict)
    """Name to days between sessions; null for none."""
