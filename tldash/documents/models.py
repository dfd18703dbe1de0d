"""Pydantic models of hand-written YAML, which validate it and give its JSON Schema.

Nearly every field is optional, and unknown keys are kept. The docstrings of fields become the
descriptions in the schema. `tldash.documents.validate` validates a document with its model.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from tldash.documents import patterns, scalars
from tldash.documents.foreign import FOREIGN_STATUSES
from tldash.model.records import Moment, SessionStatus

Text = Annotated[str, BeforeValidator(scalars.check_text), WithJsonSchema(patterns.SCALAR)]
Day = Annotated[date | None, BeforeValidator(scalars.check_day), WithJsonSchema(patterns.DAY)]
When = Annotated[
    Moment | None, BeforeValidator(scalars.check_moment), WithJsonSchema(patterns.MOMENT)
]
Minutes = Annotated[int, BeforeValidator(scalars.check_minutes), WithJsonSchema(patterns.DURATION)]
Zone = Annotated[str, BeforeValidator(scalars.check_zone), WithJsonSchema(patterns.ZONE)]
Clock = Annotated[time, BeforeValidator(scalars.check_clock), WithJsonSchema(patterns.CLOCK)]
Status = Annotated[
    SessionStatus | None,
    BeforeValidator(scalars.check_status),
    WithJsonSchema(
        patterns.one_of(
            *(status.value for status in SessionStatus), also=tuple(sorted(FOREIGN_STATUSES))
        )
    ),
]
Whole = Annotated[int, BeforeValidator(scalars.check_whole)]
CADENCES = Field(examples=["weekly", "fortnightly", "monthly", "quarterly", "ad hoc"])


class Document(BaseModel):
    """A hand-written mapping. Unknown keys are kept, missing ones are None."""

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
    status: Status | None = None
    """planned, held, cancelled or missed; without it, the future is planned and the past held."""
    title: Text | None = None
    """Title; by default the level-one heading of the Markdown body."""
    skill: Text | None = None
    """Skill of the session: its id or name in the framework."""
    levels: dict[Text, Text] | None = None
    """Levels that both agreed on that day: skill to level, by id or name."""
    levels_self: dict[Text, Text] | None = None
    """Levels that the lead states, in the same form."""
    levels_coach: dict[Text, Text] | None = None
    """Levels that the coach states, in the same form."""
    next: When | None = None
    """When the next session will be."""
    left_out: tuple[Text, ...] | None = None
    """What was left out on purpose at the end: actions, structure, levels, next."""


class YamlSessionDocument(SessionDocument):
    """A session written as one YAML file."""

    agenda: list[Any] | None = None
    """Topics: texts, or mappings with `text` and `done`."""
    topics: list[Any] | None = None
    """The same as `agenda`."""
    actions: list[Any] | None = None
    """Texts in the grammar of task lines, or mappings with `text`, `due`, `done`, `owner`…"""
    notes: Text | None = None
    """Notes, as Markdown."""
    agreements: list[Any] | None = None
    """What both agreed on, a text each."""
    structure: list[Any] | None = None
    """Whether the structure of the sessions works, a line from each person: `Ada: more time`."""


class LeadDocument(Document):
    """The front matter of `lead.md`."""

    name: Text | None = None
    """The lead's name; by default the level-one heading, else the name of the folder."""
    coach: Text | None = None
    """The coach's name."""
    email: Text | None = None
    """The lead's e-mail address."""
    timezone: Zone | None = None
    """IANA name of the zone for times without one."""
    cadence: Annotated[Text | None, CADENCES] = None
    """weekly, fortnightly, monthly, quarterly, ad hoc, or a number of days."""
    started: Day | None = None
    """When the coaching began."""
    status: Annotated[Text | None, Field(examples=["active", "paused", "ended"])] = None
    """active, paused or ended; only active leads can need attention."""


class ConfigDocument(Document):
    """`tldash.yaml`, at the top of a folder of leads."""

    name: Text | None = None
    """Name of the programme."""
    coach: Text | None = None
    """Default coach of all leads."""
    cadence: Annotated[Text | None, CADENCES] = None
    """Default cadence of all leads."""
    timezone: Zone | None = None
    """Default time zone of all leads."""
    people: dict[Text, Text] | None = None
    """Full names of owners: `@name` to full name."""


class LevelDocument(Document):
    """One step of a skill's scale."""

    id: Text
    """The name in files."""
    name: Text | None = None
    """The name on screens; by default the id."""
    description: Text = ""
    """Description of this level."""
    markers: tuple[Text, ...] = ()
    """Observable behaviour at this level."""


class SkillDocument(Document):
    """One skill of a framework."""

    id: Text
    """The name in files: `skill: vision`, `#vision`."""
    name: Text
    """The name on screens."""
    short: Text | None = None
    """Three letters for narrow columns; by default the first three of the name."""
    scale: Literal["stacking", "sliding"] = "stacking"
    """stacking: each level builds on the one before; sliding: a level is a position."""
    summary: Text = ""
    """Summary in one sentence."""
    levels: tuple[LevelDocument, ...] = Field(min_length=1, max_length=9)
    """Lowest first."""
    questions: tuple[Text, ...] = ()
    """Open questions for exploring it."""


class PartDocument(Document):
    """One part of a session's shape."""

    id: Text
    """A short name, unique in its shape."""
    name: Text
    """The name on screens."""
    minutes: Annotated[tuple[Whole, Whole] | None, WithJsonSchema(patterns.MINUTES_RANGE)] = None
    """Minimum and maximum length."""
    focus: (
        Literal[
            "", "goals", "last-actions", "skill", "actions", "structure", "next", "agenda", "review"
        ]
        | None
    ) = None
    """What it is about, which decides what session mode shows; by default its id, if that is one
    of these."""
    purpose: Text = ""
    """What it is for, in a sentence."""
    prompt: Text = ""
    """Question or task for this part."""
    questions: tuple[Text, ...] = ()
    """Further questions to ask in it."""


class ShapeDocument(Document):
    """The parts of a kind of session."""

    id: Text
    """A short name, for `shape:`. The shape `regular` is for all sessions without one."""
    name: Text | None = None
    """The name on screens; by default the id."""
    parts: tuple[PartDocument, ...] = Field(min_length=1)
    """The parts, in order."""


class AfterDocument(Document):
    """The sessions after the last starter."""

    title: Text
    """Topic of the session."""
    purpose: Text = ""
    """Intended result of the session."""
    shape: Text | None = None
    """The id of its shape; by default the regular one."""


class StarterDocument(Document):
    """One of the first sessions of a series."""

    number: Whole
    """Its place, from 1."""
    title: Text
    """Topic of the session."""
    purpose: Text = ""
    """Intended result of the session."""
    shape: Text | None = None
    """The id of its shape; by default the regular one."""


class FrameworkDocument(Document):
    """`framework.yaml`: skills, levels, questions and the shapes of a session."""

    name: Text = "Framework"
    """Name of the framework."""
    levels: Any = None
    """Ids of levels that every skill should have, as a list."""
    skills: tuple[SkillDocument, ...] = Field(min_length=1)
    """Skills in the order of the screens."""
    session: tuple[PartDocument, ...] = ()
    """The parts of a regular session, in order: the same as a shape with the id `regular`."""
    shapes: tuple[ShapeDocument, ...] = ()
    """Shapes of a session, for starters to name."""
    starters: tuple[StarterDocument, ...] = ()
    """The first sessions of a series."""
    after: AfterDocument | None = None
    """What comes after the last starter."""
    cadences: dict[Text, Whole | None] = Field(default_factory=dict)
    """Name to days between sessions; null for none."""
