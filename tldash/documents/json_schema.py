"""The files' JSON Schemas, so that editors complete and check what people write in YAML.

They are made of the models that `tldash check` uses, so that both say the same. A schema is for the
editor's moment of writing: near misses of keys, skills that the framework does not have and the
metadata inside an action's text are seen by `tldash check` alone.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from tldash.documents import patterns
from tldash.documents.framework import shipped
from tldash.documents.models import (
    ConfigDocument,
    Document,
    FrameworkDocument,
    LeadDocument,
    LevelDocument,
    SkillDocument,
    YamlSessionDocument,
)
from tldash.documents.patterns import Json
from tldash.model.records import Priority, Status

_ANY_SCALAR: Final[Json] = {"type": ["string", "number", "boolean", "null"]}
_SOME_WORDS: Final[Json] = {
    "type": ["string", "number", "boolean"],
    "pattern": "\\S",
    "patternErrorMessage": "Write what is to be done or talked about.",
}
_GIVEN: Final = WithJsonSchema(_ANY_SCALAR)
_DAY: Final = WithJsonSchema(patterns.DAY_OR_NOTHING)
_DAY_OR_YES: Final = WithJsonSchema(patterns.DAY_OR_YES)


def _or_nothing(words: Json) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [*words["anyOf"], {"type": "null"}]})


class ItemDocument(Document):
    """A topic or an action of a YAML session, with its fields by name.

    Items are read from the text itself (`tldash.formats.yaml.session`), which tells the place of
    each; this model gives their schema only.
    """

    text: Annotated[Any, _GIVEN] = None
    """What is to be done or talked about, in the grammar of task lines."""
    action: Annotated[Any, _GIVEN] = None
    """The same as `text`."""
    topic: Annotated[Any, _GIVEN] = None
    """The same as `text`."""
    due: Annotated[Any, _DAY] = None
    """The day by which it is to be done."""
    scheduled: Annotated[Any, _DAY] = None
    """The day on which somebody means to work at it."""
    start: Annotated[Any, _DAY] = None
    """The first day on which it can be begun."""
    created: Annotated[Any, _DAY] = None
    """The day on which it was written down."""
    done: Annotated[Any, _DAY_OR_YES] = None
    """The day on which it was done; or true."""
    cancelled: Annotated[Any, _DAY_OR_YES] = None
    """The day on which it was dropped; or true."""
    status: Annotated[Any, _or_nothing(patterns.one_of_words(*Status, also=("",)))] = None
    """open, in-progress, done or cancelled; without it, the dates of completion say it."""
    owner: Annotated[Any, _GIVEN] = None
    """Who does it, with or without an `@`; else the lead."""
    priority: Annotated[
        Any, _or_nothing(patterns.one_of_words(*Priority, "normal", also=("none", "")))
    ] = None
    """highest, high, medium, low or lowest; normal is the same as none."""
    tags: Annotated[
        Any,
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "array", "items": _ANY_SCALAR},
                    _ANY_SCALAR,
                ]
            }
        ),
    ] = None
    """A list of tags, or tags with blanks or commas between them; with or without their `#`."""
    repeat: Annotated[Any, _GIVEN] = None
    """When it comes again: `every 2 weeks`, or todo.txt's `2w`."""
    id: Annotated[Any, _GIVEN] = None
    """A name by which other actions can refer to it."""
    note: Annotated[Any, _GIVEN] = None
    """More about it."""
    notes: Annotated[Any, _GIVEN] = None
    """The same as `note`."""


_MODELS: Final[dict[str, tuple[type[Document], str]]] = {
    "lead": (LeadDocument, "Lead: the front matter of lead.md"),
    "session": (
        YamlSessionDocument,
        "Session: a YAML session, or the front matter of a Markdown one",
    ),
    "framework": (FrameworkDocument, "Framework: framework.yaml"),
    "config": (ConfigDocument, "Settings: tldash.yaml"),
}
NAMES: Final = ("lead", "session", "skills", "framework", "config")
"""What `schema` can be asked for."""
_SKILL_PARTS: Final = (SkillDocument.__name__, LevelDocument.__name__)
_ITEM_LISTS: Final = ("agenda", "topics", "actions")


def schema(name: str) -> Json:
    """The JSON Schema (2020-12) of one kind of file: one of `NAMES`, or ValueError.

    `session` covers a YAML session and the front matter of a Markdown session. `skills` is the list
    under `skills:` in a framework: `skills.md` itself is Markdown without front matter, and what
    its headings may name comes from that list.
    """
    if name == "skills":
        framework = FrameworkDocument.model_json_schema(schema_generator=_Generator)
        made = framework["properties"]["skills"]
        made["$defs"] = {name: framework["$defs"][name] for name in _SKILL_PARTS}
        title = "Skills: the list of skills in a framework"
    elif name in _MODELS:
        model, title = _MODELS[name]
        made = model.model_json_schema(schema_generator=_Generator)
        _accept_nothing(made)
    else:
        raise ValueError(f"there is no schema '{name}'; there are {', '.join(NAMES)}")
    if name == "session":
        _describe_items(made)
        made["description"] = (
            "A session: all of a YAML file, or the front matter of a Markdown one."
        )
        made["properties"]["skill"]["examples"] = [skill.id for skill in shipped().skills]
    heading = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:tldash:schema:{name}",
        "title": title,
    }
    return heading | {key: value for key, value in made.items() if key not in heading}


def _accept_nothing(made: Json) -> None:
    """Let keys of the top level have no value, and files no keys: neither says anything."""
    for key, value in made["properties"].items():
        if key not in made.get("required", ()) and "type" in value:
            value["type"] = _or_null(value["type"])
    if "required" not in made:
        made["type"] = _or_null(made["type"])


def _or_null(kinds: str | list[str]) -> list[str]:
    listed = [kinds] if isinstance(kinds, str) else kinds
    return listed if "null" in listed else [*listed, "null"]


def _describe_items(made: Json) -> None:
    item = ItemDocument.model_json_schema(schema_generator=_Generator)
    item["description"] = "A topic or an action, with its fields by name."
    item["oneOf"] = [
        {"required": [key], "properties": {key: _SOME_WORDS}} for key in ("text", "action", "topic")
    ]
    made["$defs"] = {"Item": item}
    for key in _ITEM_LISTS:
        made["properties"][key]["items"] = {"anyOf": [_ANY_SCALAR, {"$ref": "#/$defs/Item"}]}


class _Generator(GenerateJsonSchema):
    """Pydantic's schemas, in the words that editors show best.

    No title of a field repeats its name, nothing is offered as a default that says nothing, and
    what may be null is one type among others rather than a choice between two schemas.
    """

    def field_title_should_be_set(self, schema: object) -> bool:
        del schema
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        if "type" in inner:
            return {**inner, "type": _or_null(inner["type"])}
        return {"anyOf": [*inner.get("anyOf", [inner]), {"type": "null"}]}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if not made.get("default"):
            made.pop("default", None)
        return made

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        made.pop("propertyNames", None)
        return made

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        made.pop("title", None)
        return made
