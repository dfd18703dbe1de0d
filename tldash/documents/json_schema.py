"""JSON Schemas of the YAML files, with which editors complete and check them.

They are generated from the models that `tldash check` uses. Only `tldash check` reports misspelled
keys, skills that the framework does not have, and problems in the text of an action.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from tldash.documents import patterns
from tldash.documents.framework import load_shipped
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
_SOME_TEXT: Final[Json] = {
    "type": ["string", "number", "boolean"],
    "pattern": "\\S",
    "patternErrorMessage": "Write what is to be done or talked about.",
}
_GIVEN: Final = WithJsonSchema(_ANY_SCALAR)
_DAY: Final = WithJsonSchema(patterns.DAY_OR_NOTHING)
_DAY_OR_YES: Final = WithJsonSchema(patterns.DAY_OR_YES)


def _or_nothing(values: Json) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [*values["anyOf"], {"type": "null"}]})


class ItemDocument(Document):
    """A topic or an action of a YAML session, with its fields by name.

    Only for the schema: `tldash.formats.yaml.session` reads items without a model.
    """

    text: Annotated[Any, _GIVEN] = None
    """Text of the item, in the grammar of task lines."""
    action: Annotated[Any, _GIVEN] = None
    """The same as `text`."""
    topic: Annotated[Any, _GIVEN] = None
    """The same as `text`."""
    due: Annotated[Any, _DAY] = None
    """Due date."""
    scheduled: Annotated[Any, _DAY] = None
    """Day to work on it."""
    start: Annotated[Any, _DAY] = None
    """First day to work on it."""
    created: Annotated[Any, _DAY] = None
    """Day on which it was added."""
    done: Annotated[Any, _DAY_OR_YES] = None
    """Day on which it was done, or true."""
    cancelled: Annotated[Any, _DAY_OR_YES] = None
    """Day on which it was cancelled, or true."""
    status: Annotated[Any, _or_nothing(patterns.one_of(*Status, also=("",)))] = None
    """open, in-progress, done or cancelled; by default it follows from done and cancelled."""
    owner: Annotated[Any, _GIVEN] = None
    """Owner, with or without `@`; by default the lead."""
    priority: Annotated[
        Any, _or_nothing(patterns.one_of(*Priority, "normal", also=("none", "")))
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
    """List of tags, or tags separated by spaces or commas; with or without `#`."""
    repeat: Annotated[Any, _GIVEN] = None
    """Repeat rule: `every 2 weeks`, or `2w` as in todo.txt."""
    id: Annotated[Any, _GIVEN] = None
    """Id for references from other actions."""
    note: Annotated[Any, _GIVEN] = None
    """Note of the item."""
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
"""The kinds of files that have a schema."""
_SKILL_PARTS: Final = (SkillDocument.__name__, LevelDocument.__name__)
_ITEM_LISTS: Final = ("agenda", "topics", "actions")


def build_schema(name: str) -> Json:
    """Return the JSON Schema (2020-12) of one of `NAMES`. Raises ValueError for other names.

    `session` covers a YAML session and the front matter of a Markdown session. `skills` is the list
    under `skills:` in a framework, which has the names that headings in `skills.md` may have.
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
        made["properties"]["skill"]["examples"] = [skill.id for skill in load_shipped().skills]
    heading = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:tldash:schema:{name}",
        "title": title,
    }
    return heading | {key: value for key, value in made.items() if key not in heading}


def _accept_nothing(made: Json) -> None:
    """Allow top-level keys without a value, and files without keys."""
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
        {"required": [key], "properties": {key: _SOME_TEXT}} for key in ("text", "action", "topic")
    ]
    made["$defs"] = {"Item": item}
    for key in _ITEM_LISTS:
        made["properties"][key]["items"] = {"anyOf": [_ANY_SCALAR, {"$ref": "#/$defs/Item"}]}


class _Generator(GenerateJsonSchema):
    """Generates schemas that editors show well.

    No title repeats the name of its field, empty defaults are left out, and null is one of several
    types instead of an alternative schema.
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
